"""What is usual at this hour of the day: greetings, the school run, the evening's homework.

Reads the counts of whole clock hours, gives what to expect. Touches nothing: no clock, no state but its own.

    day 1  ▁▁▁▁▁▁▆▂▁▁▁▁      a term's habit at an hour, from its last seven days at that hour: the second highest
    day 2  ▁▁▁▁▁▁▅▂▁▁▁▁      of them, or half of the highest where that is more. So yesterday's burst is half a habit,
    day 3  ▁▁▁▁▁▁?           and a day off (a Sunday without school) breaks none
"""

from collections.abc import Sequence

import msgspec

__all__ = ["Rhythm"]

DAYS = 7
MIN_AUTHORS = 3  # below it an hour is too quiet to be a habit; keeps the memory to a few terms in a hundred
_HOURS_PER_DAY = 24
_MINUTES_PER_HOUR = 60


class Rhythm(msgspec.Struct, kw_only=True):
    """Authors of each term by clock hour, of the last seven days.

    Attributes:
        authors: term -> hour of the day (UTC) -> day (epoch days) -> distinct uses in that hour.
        posts: hour of the day -> day -> posts of any kind.
    """

    authors: dict[str, dict[int, dict[int, int]]] = {}
    posts: dict[int, dict[int, int]] = {}

    def remember(self, hour: int, authors: dict[str, int], posts: int) -> None:
        """Take in a whole clock hour (epoch hours). Cost: O(terms), once an hour."""
        day, of_day = divmod(hour, _HOURS_PER_DAY)
        if posts:
            self.posts.setdefault(of_day, {})[day] = posts
        for term, count in authors.items():
            if count >= MIN_AUTHORS:
                self.authors.setdefault(term, {}).setdefault(of_day, {})[day] = count
        if of_day == 0:
            self._forget(day - DAYS)

    def shifted(self, days: int) -> "Rhythm":
        """The same habits, so many days later."""
        return Rhythm(
            authors={
                term: {of_day: _later(seen, days) for of_day, seen in hours.items()}
                for term, hours in self.authors.items()
            },
            posts={of_day: _later(seen, days) for of_day, seen in self.posts.items()},
        )

    def usual(self, term: str, hour: int, *, posts: int, window_minutes: int) -> float:
        """Uses that are usual in a window of this clock hour (epoch hours) or the next, 0 without a habit.

            max over both hours of max(share x posts, authors an hour x window / 60)

        The next hour too, since a habit of "about seven" begins before the clock strikes; the bare number too,
        since those who greet each morning do so however little else is said that day.
        """
        hours = self.authors.get(term)
        if hours is None:
            return 0.0
        return max(self._usual(hours, at, posts, window_minutes) for at in (hour, hour + 1))

    def _usual(self, hours: dict[int, dict[int, int]], hour: int, posts: int, window_minutes: int) -> float:
        today, of_day = divmod(hour, _HOURS_PER_DAY)
        seen = self.posts.get(of_day, {})
        days = hours.get(of_day, {})
        past = [day for day in days if today - DAYS <= day < today and day in seen]
        if not past:
            return 0.0
        share = _habit([days[day] / seen[day] for day in past])
        count = _habit([days[day] for day in past])
        return max(share * posts, count * window_minutes / _MINUTES_PER_HOUR)

    def _forget(self, through: int) -> None:
        self.posts = {of_day: left for of_day, days in self.posts.items() if (left := _since(days, through))}
        for term, hours in list(self.authors.items()):
            kept = {of_day: left for of_day, days in hours.items() if (left := _since(days, through))}
            if kept:
                self.authors[term] = kept
            else:
                del self.authors[term]


def _since(days: dict[int, int], through: int) -> dict[int, int]:
    return {day: count for day, count in days.items() if day > through}


def _later(days: dict[int, int], by: int) -> dict[int, int]:
    return {day + by: count for day, count in days.items()}


def _habit(days: Sequence[float]) -> float:
    """See the head of this module; docs/decisions/0007 has the rivals."""
    highest, *others = sorted(days, reverse=True)
    return max([highest / 2, *others[:1]])
