"""How often posts about children are marked, as a rule: what a topic's own share is held against.

├──────────── 7 days of hours ────────────┤─ now and the hour before ─┤
  marked, posts: what is usual              left out, so that a topic does not raise the bar it is judged by
"""

from collections.abc import Mapping

import msgspec

from detectors.burst import BurstRules, surprise_bans

__all__ = ["SINCE_MS", "Usual"]

SINCE_MS = 3_600_000  # what is judged: the slots that end within the last hour
_HOUR_MS = 3_600_000
_HOURS = 7 * 24
_GUARD_HOURS = 2
_ALL = ""  # the mark that every post has
_ON = "on:"  # of a platform: posts that the detector took as evidence, of a flood its first ones only
_HALF = 0.5  # posts that each platform has to begin with: one that is new is not impossible


class Usual(msgspec.Struct, kw_only=True, dict=True):
    """Counts by the hour; `hours`: epoch hour -> mark -> posts, "" = all posts about children."""

    hours: dict[int, dict[str, int]] = {}

    def __post_init__(self) -> None:
        """What platforms had in the hours up to one is added up once an hour; not part of the state."""
        self._until = -1
        self._had: dict[str, int] | None = None  # None where there are no such hours

    def add(self, marks: Mapping[int, Mapping[str, int]]) -> None:
        """Take posts about children in, as `Delta.marks` counts them."""
        for hour, found in marks.items():
            counts = self._counts_of(hour)
            for mark, count in found.items():
                counts[mark] = counts.get(mark, 0) + count

    def note(self, mark: str, at_ms: int) -> None:
        """Count one use of a mark that no post carries."""
        counts = self._counts_of(at_ms // _HOUR_MS)
        counts[mark] = counts.get(mark, 0) + 1

    def note_platform(self, platform: str, at_ms: int) -> None:
        """Count a post about children on its platform."""
        self.note(_ON + platform, at_ms)

    def platforms(self, now_ms: int) -> dict[str, float]:
        """Platform -> its share of the posts about children, before the last two hours; of a new stream until now.

        Cost: some microseconds, and once an hour some for each hour kept.
        """
        newest = now_ms // _HOUR_MS - _GUARD_HOURS
        if newest != self._until:
            past = [hour for hour in self.hours if hour <= newest]
            self._until, self._had = newest, self._added(past) if past else None
        since = self._added([hour for hour in self.hours if hour > newest])
        had = since if self._had is None else self._had
        seen = {name: had.get(name, 0) + _HALF for name in sorted({*had, *since})}
        total = sum(seen.values())
        return {name.removeprefix(_ON): count / total for name, count in seen.items()}

    def _added(self, hours: list[int]) -> dict[str, int]:
        """Platform, as it is marked -> posts in these hours."""
        had: dict[str, int] = {}
        for hour in hours:
            for mark, count in self.hours[hour].items():
                if mark.startswith(_ON):
                    had[mark] = had.get(mark, 0) + count
        return had

    def _counts_of(self, hour: int) -> dict[str, int]:
        """Of an hour that goes on, to be changed."""
        if hour <= self._until:
            self._until = -1
        return self.hours.setdefault(hour, {})

    def roll(self, now_ms: int) -> None:
        """Let go of what is over seven days old; once a minute."""
        for hour in [hour for hour in self.hours if hour < now_ms // _HOUR_MS - _HOURS]:
            del self.hours[hour]
            self._until = -1

    def past(self, mark: str, now_ms: int) -> tuple[int, int]:
        """(marked, all) of the hours before the last two."""
        newest = now_ms // _HOUR_MS - _GUARD_HOURS
        counts = [counts for hour, counts in self.hours.items() if hour <= newest]
        return sum(of.get(mark, 0) for of in counts), sum(of.get(_ALL, 0) for of in counts)

    def expected(self, mark: str, posts: int, now_ms: int, rules: BurstRules) -> float:
        """How many of so many posts about children are marked as a rule."""
        marked, seen = self.past(mark, now_ms)
        return (rules.prior_authors + marked) / (rules.prior_posts + seen) * posts

    def surprise(self, mark: str, marked: int, posts: int, now_ms: int, rules: BurstRules) -> float:
        """Bans of so many marked among so many posts (`detectors.burst.surprise_bans`)."""
        past, seen = self.past(mark, now_ms)
        return surprise_bans(marked, past_authors=past, past_posts=seen, posts=posts, rules=rules)
