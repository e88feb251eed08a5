"""What is usual at this hour of the day: greetings, the school run, the evening's homework.

Reads the counts of whole clock hours, gives what to expect. Touches nothing: no clock, no state but its own.

    day 1  ▁▁▁▁▁▁▆▂▁▁▁▁      a term's habit at an hour, from its last seven days at that hour: the second highest
    day 2  ▁▁▁▁▁▁▅▂▁▁▁▁      of them, or half of the highest where that is more. So yesterday's burst is half a habit,
    day 3  ▁▁▁▁▁▁?           and a day off (a Sunday without school) breaks none
"""

from collections.abc import Mapping, Sequence

import msgspec

__all__ = ["Rhythm"]

DAYS = 7
MIN_AUTHORS = 3  # below it an hour is too quiet to be a habit; keeps the memory to a few terms in a hundred
_HOURS_PER_DAY = 24
_MINUTES_PER_HOUR = 60


class Rhythm(msgspec.Struct, kw_only=True, dict=True):
    """Authors of each term by clock hour (epoch hours), of the last seven days.

    Attributes:
        authors: clock hour -> term -> distinct uses in it.
        posts: clock hour -> posts of any kind.
    """

    authors: dict[int, dict[str, int]] = {}
    posts: dict[int, int] = {}

    def __post_init__(self) -> None:
        """Habits of one clock hour do not change within it, so they are worked out once; not part of the state."""
        self._hour = -1
        self._habits: dict[str, tuple[float, float]] = {}

    def remember(self, hour: int, authors: Mapping[str, int], posts: int) -> None:
        """Take in a whole clock hour. Cost: 0.1 microseconds a term, once an hour: a dictionary an hour, not a term."""
        if not posts:
            return
        self._hour = -1
        self.posts[hour] = posts
        self.authors[hour] = {term: count for term, count in authors.items() if count >= MIN_AUTHORS}
        for old in [old for old in self.posts if old <= hour - DAYS * _HOURS_PER_DAY]:
            del self.posts[old], self.authors[old]

    def shifted(self, days: int) -> "Rhythm":
        """The same habits, so many days later."""
        later = days * _HOURS_PER_DAY
        return Rhythm(
            authors={hour + later: terms for hour, terms in self.authors.items()},
            posts={hour + later: posts for hour, posts in self.posts.items()},
        )

    def usual(self, term: str, hour: int, *, posts: int, window_minutes: int) -> float:
        """Uses that are usual in a window of this clock hour or the next, 0 without a habit.

            max over both hours of max(share x posts, authors an hour x window / 60)

        The next hour too, since a habit of "about seven" begins before the clock strikes; the bare number too,
        since those who greet each morning do so however little else is said that day.
        """
        if hour != self._hour:
            self._hour, self._habits = hour, {}
        habit = self._habits.get(term)
        if habit is None:
            (share, count), (next_share, next_count) = self._habit_at(term, hour), self._habit_at(term, hour + 1)
            habit = self._habits[term] = max(share, next_share), max(count, next_count) / _MINUTES_PER_HOUR
        return max(habit[0] * posts, habit[1] * window_minutes)

    def _habit_at(self, term: str, hour: int) -> tuple[float, float]:
        """(share of posts, authors an hour) that are usual at this hour of the day, from the days before."""
        shares: list[float] = []
        counts: list[float] = []
        for past in range(hour - DAYS * _HOURS_PER_DAY, hour, _HOURS_PER_DAY):
            if (terms := self.authors.get(past)) and (count := terms.get(term)):
                shares.append(count / self.posts[past])
                counts.append(count)
        return (_habit(shares), _habit(counts)) if counts else (0.0, 0.0)


def _habit(days: Sequence[float]) -> float:
    """See the head of this module; docs/decisions/0007 has the rivals."""
    highest, *others = sorted(days, reverse=True)
    return max([highest / 2, *others[:1]])
