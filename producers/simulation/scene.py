"""What the parts of one simulated day share: its date, its size, its people, its chance."""

from dataclasses import dataclass
from random import Random

from producers.simulation.people import People

__all__ = ["DAY_MS", "HOUR_MS", "MINUTE_MS", "Scene"]

MINUTE_MS = 60_000
HOUR_MS = 3_600_000
DAY_MS = 86_400_000

_USUAL_POSTS = 24_000  # a day for which the stories' sizes are stated
_MOST_SCALE = 3.0  # a busier platform talks more about other things, not ever more about one
_BEIJING_MS = 8 * HOUR_MS
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One day.

    Attributes:
        seed: of the whole simulation.
        day: 0 for its first day.
        start_ms: event time of the day's first midnight.
        posts: wanted in the day, about.
    """

    seed: int
    day: int
    start_ms: int
    posts: int
    people: People

    @property
    def end_ms(self) -> int:
        """Event time of the next midnight, exclusive."""
        return self.start_ms + DAY_MS

    @property
    def scale(self) -> float:
        """By how much stories and spam are larger than on the usual day."""
        return min(_MOST_SCALE, self.posts / _USUAL_POSTS)

    @property
    def is_school_day(self) -> bool:
        """Monday to Friday in Beijing."""
        return ((self.start_ms + _BEIJING_MS) // DAY_MS + _EPOCH_WEEKDAY) % 7 < _SATURDAY

    def chance(self, part: str) -> Random:
        """The part's own random source: drawing more in one part changes no other."""
        return Random(f"{self.seed}/{self.day}/{part}")
