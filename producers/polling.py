"""Ask a source again and again: jitter, back-off, a state that moves only behind what is acknowledged."""

import json
import logging
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from contracts.errors import SourceAwayError
from contracts.post import Post
from contracts.rejection import Rejected
from producers.source import UNWATCHED, Item, Place, Watch

__all__ = ["Poll", "PolledSource", "State", "all_away"]

log = logging.getLogger(__name__)

State = dict[str, Any]  # what a poll remembers; JSON, in the cursor

_JITTER = 0.1
_MOST_BACK_OFF = 6  # doublings; of a minute, an hour


class Poll(Protocol):
    """One way to ask."""

    def __call__(self, state: State, /) -> tuple[list[Post | Rejected], State]:
        """What is new since the state, and the state behind it.

        Raises:
            SourceAwayError: it does not answer, or refuses.
        """
        ...


class PolledSource:
    """A source that is asked every so often; its place is the state behind a poll."""

    def __init__(
        self, name: str, poll: Poll, *, every_s: float, wait: Callable[[float], bool], watch: Watch = UNWATCHED
    ) -> None:
        """Wire it.

        Args:
            name: of the source.
            poll: asks once.
            every_s: seconds between two polls, give or take a tenth so that many deployments do not ask at once.
            wait: waits so many seconds; true when the source is to end.
            watch: hears of each answer, and of each refusal.
        """
        self.name = name
        self._poll = poll
        self._every_s = every_s
        self._wait = wait
        self._watch = watch

    def items(self, start: Place = 0) -> Iterator[Item | None]:
        """See PostSource.items; each poll ends with a None."""
        state: State = json.loads(start) if isinstance(start, str) else {}
        failures = 0
        while True:
            pause_s = self._every_s
            try:
                found, state = self._poll(state)
            except SourceAwayError as error:
                failures += 1
                self._watch.fault(error.kind, error.code)
                pause_s = max(self._every_s * 2 ** min(failures, _MOST_BACK_OFF), error.retry_after_s)
                log.warning(
                    "source does not give anything",
                    extra={
                        "event": "source.away",
                        "source": self.name,
                        "reason": str(error),
                        "again_s": round(pause_s),
                    },
                )
            else:
                failures = 0
                self._watch.answered()
                place = json.dumps(state)
                yield from (Item(what, place) for what in found)
                yield None
            jitter = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, keeps no secret
            if self._wait(pause_s * jitter):
                return


def all_away(faults: Sequence[tuple[int, SourceAwayError]]) -> SourceAwayError:
    """What is said where none of a source's addresses gives anything; each by its place, from 1, for it may hold a key.

    The first one's kind stands for all, since it is the one that is asked first.
    """
    said = "; ".join(f"address {place}: {fault}" for place, fault in faults)
    _, first = faults[0]
    again_s = max(fault.retry_after_s for _, fault in faults)
    return SourceAwayError(said, retry_after_s=again_s, kind=first.kind, code=first.code)
