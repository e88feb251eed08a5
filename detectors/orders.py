"""What operators have told the detector, as one tick is judged: an input of the step, as posts are."""

from dataclasses import dataclass

from contracts.split import Split
from detectors.mutes import NOTHING, Muted

__all__ = ["NO_ORDERS", "Orders"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What is in force.

    Attributes:
        muted: what raises no topic.
        splits: what was split, and what of it was undone; in order of time.
    """

    muted: Muted = NOTHING
    splits: tuple[Split, ...] = ()


NO_ORDERS = Orders()
