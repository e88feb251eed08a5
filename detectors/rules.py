"""What the operator decides about detection."""

from dataclasses import dataclass, field

from detectors.burst import BurstRules
from detectors.reasons import Language
from detectors.stance import Message

__all__ = ["DAY_MS", "DetectRules"]

DAY_MS = 24 * 3_600_000
_FEW_FALSE_TOPICS = 5.0  # a day: up to it the first day raises nothing, for its habits alone would break the promise


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectRules:
    """What the operator decides, with what holds where nothing is said.

    Attributes:
        false_topics_per_day: that chance alone may raise.
        warmup_ms: event time after the first post in which nothing is raised, unless a prior is loaded.
        min_authors: distinct authors a topic needs.
        half_life_minutes: of the baseline.
        burst: prior and spread of the score.
        language: of the reasons.
        line_every_ms: event time between two lines that tell no more than that counts have moved.
        messages: of the organisation, whose uptake is followed.
    """

    false_topics_per_day: float = 10.0
    warmup_ms: int = 3 * 3_600_000
    min_authors: int = 5
    half_life_minutes: float = 2160.0
    burst: BurstRules = field(default_factory=BurstRules)
    language: Language = "zh"
    line_every_ms: int = 60_000
    messages: tuple[Message, ...] = ()

    @property
    def quiet_ms(self) -> int:
        """Event time after the first post in which nothing is raised."""
        return max(self.warmup_ms, DAY_MS if self.false_topics_per_day <= _FEW_FALSE_TOPICS else 0)
