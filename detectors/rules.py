"""What the operator decides about detection."""

from dataclasses import dataclass, field

from detectors.burst import BurstRules
from detectors.reasons import Language
from detectors.stance import Message

__all__ = ["DAY_MS", "DetectRules", "authors_needed"]

DAY_MS = 24 * 3_600_000
# From so many allowed a day on, so many authors make a topic. Fewer people are earlier, and more often a text that is
# not about children after all: docs/decisions/0042
_AUTHORS = ((50.0, 3), (25.0, 4), (0.0, 5))
_FEW_FALSE_TOPICS = 5.0  # a day: up to it the first day raises nothing, for its habits alone would break the promise


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectRules:
    """What the operator decides, with what holds where nothing is said.

    Attributes:
        false_topics_per_day: that chance alone may raise.
        warmup_ms: event time after the first post in which nothing is raised, unless a prior is loaded.
        min_authors: distinct authors a topic needs, None = as many as `authors_needed` says.
        half_life_minutes: of the baseline.
        burst: prior and spread of the score.
        language: of the reasons.
        line_every_ms: event time between two lines that tell no more than that counts have moved.
        messages: of the organisation, whose uptake is followed.
    """

    false_topics_per_day: float = 10.0
    warmup_ms: int = 3 * 3_600_000
    min_authors: int | None = None
    half_life_minutes: float = 2160.0
    burst: BurstRules = field(default_factory=BurstRules)
    language: Language = "zh"
    line_every_ms: int = 60_000
    messages: tuple[Message, ...] = ()

    @property
    def authors(self) -> int:
        """Distinct authors a topic needs."""
        return self.min_authors or authors_needed(self.false_topics_per_day)

    @property
    def quiet_ms(self) -> int:
        """Event time after the first post in which nothing is raised."""
        return max(self.warmup_ms, DAY_MS if self.false_topics_per_day <= _FEW_FALSE_TOPICS else 0)


def authors_needed(false_topics_per_day: float) -> int:
    """Distinct authors that make a topic, by how many false ones a day are allowed.

    >>> authors_needed(10), authors_needed(25), authors_needed(100)
    (5, 4, 3)
    """
    return next(authors for allowed, authors in _AUTHORS if false_topics_per_day >= allowed)
