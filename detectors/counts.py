"""The detector's memory of counts: the last hour by the minute, everything before as a decayed baseline.

    ───────────── baseline ─────────────┤── 60 minutes of ring ──┤ now
      S1 (term), B (all posts), decayed    guard band: a burst must not raise the bar it is judged by

Forward decay (Cormode et al., ICDE 2009): a bucket of minute b enters with weight 2^((b - landmark) / half-life)
and is read divided by the weight of now, so that an absent term costs nothing.
"""

import math
from collections.abc import Iterable, Mapping

import msgspec

from detectors.burst import BurstRules, most_bans, tail_bans
from detectors.delta import CONVERSATION
from detectors.rhythm import Rhythm

__all__ = ["RING_MINUTES", "WINDOWS_MINUTES", "Counts", "earliest"]

RING_MINUTES = 60
WINDOWS_MINUTES = (10, 60)
_MINUTES_PER_HOUR = 60
_MINUTES_PER_DAY = 1440
_LATE_MINUTES = 2  # behind the newest minute; what comes in order may still belong to the minute before it
_REBASE_HALF_LIVES = 40  # weights reach 2^40, far from where doubles lose an added 1
_MAX_HALF_LIVES = 1000  # a gap of years; doubles end at 2^1024, and everything before it is forgotten anyway
_FORGOTTEN = 0.02  # decayed uses below which a term is as good as never seen (the prior alone is 0.5)


class Counts(msgspec.Struct, kw_only=True):
    """Counts of all terms.

    Attributes:
        half_life_minutes: of the baseline.
        landmark: epoch minute at which a bucket weighs 1.
        first, newest: first and newest minute seen (epoch minutes), -1 before.
        ring: minute -> term -> distinct authors, of the ring's minutes.
        windows: window length (minutes) -> term -> distinct authors in it, kept in step with the ring.
        posts: minute -> posts seen, of the ring's minutes.
        seen: window length -> posts seen in it, kept in step with `posts`.
        past_authors: term -> decayed authors, weighted from the landmark.
        past_posts: decayed posts, weighted from the landmark.
        borrowed: of these, how many a prior brought: in them words were counted, but none of today's conversations.
        looks: day (epoch days) -> distinct uses, of the last two days.
        rhythm: what is usual at an hour of the day.
    """

    half_life_minutes: float
    landmark: int = -1
    first: int = -1
    newest: int = -1
    ring: dict[int, dict[str, int]] = {}
    windows: dict[int, dict[str, int]] = {}
    posts: dict[int, int] = {}
    seen: dict[int, int] = {}
    past_authors: dict[str, float] = {}
    past_posts: float = 0.0
    borrowed: float = 0.0
    looks: dict[int, int] = {}
    rhythm: Rhythm = msgspec.field(default_factory=Rhythm)

    @property
    def knows_conversations(self) -> bool:
        """Whether conversations have been counted for a whole day: a prior, a day long here, brings none."""
        return not self.borrowed or self.newest - self.first >= 2 * _MINUTES_PER_DAY

    def add(self, posts: dict[int, int], authors: dict[int, dict[str, int]]) -> dict[str, int]:
        """Add a delta's changes.

        Returns:
            The terms whose count of the last hour changed -> earliest minute in which one was added or taken back.
        """
        touched: dict[str, int] = {}
        oldest = self.newest - RING_MINUTES
        for minute, count in posts.items():
            if minute > oldest:
                self._see(minute, count)
            else:
                self.past_posts += count * self.weight(minute)
        for minute, changes in authors.items():
            if minute <= oldest:  # later than the ring: straight to the baseline
                self._remember(minute, changes.items())
                continue
            self._change(minute, changes)
            touched = earliest(touched, dict.fromkeys(changes, minute))
            self._look(minute, sum([change for change in changes.values() if change > 0]))
        return touched

    def roll(self, minute: int) -> None:
        """Make `minute` the newest one; what leaves the ring enters the baseline."""
        if self.first < 0:
            self.first = self.landmark = minute
        if minute <= self.newest:
            return
        if self.newest >= 0 and minute // _MINUTES_PER_HOUR > self.newest // _MINUTES_PER_HOUR:
            self._remember_hour(self.newest // _MINUTES_PER_HOUR)
        before, self.newest = self.newest, minute
        for window in WINDOWS_MINUTES:
            self._leave(window, before - window, minute - window)
        for gone in sorted(old for old in self.ring if old <= minute - RING_MINUTES):
            self._remember(gone, self.ring.pop(gone).items())
        for gone in sorted(old for old in self.posts if old <= minute - RING_MINUTES):
            self.past_posts += self.posts.pop(gone) * self.weight(gone)
        if (minute - self.landmark) > _REBASE_HALF_LIVES * self.half_life_minutes:
            self._rebase(minute)

    def authors(self, term: str, window_minutes: int) -> int:
        """Distinct authors of the term in the last minutes (one of WINDOWS_MINUTES), the newest included."""
        return self.windows[window_minutes].get(term, 0) if window_minutes in self.windows else 0

    def uses(self, terms: Iterable[str], window_minutes: int) -> int:
        """`authors` of several terms, added up."""
        counts = self.windows.get(window_minutes, {})
        return sum([counts.get(term, 0) for term in terms])

    def posts_seen(self, window_minutes: int) -> int:
        """Posts of any kind in the last minutes, the newest included."""
        return self.seen.get(window_minutes, 0)

    def surprisal(self, term: str, rules: BurstRules) -> float:
        """How telling a term is: the log of how rare it has been among posts, at least 0."""
        weight = 2.0 ** ((self.newest - self.landmark) / self.half_life_minutes)
        past = self.past_posts / weight + rules.prior_posts
        return max(math.log(past / (self.past_authors.get(term, 0.0) / weight + rules.prior_authors)), 0.0)

    def expected(self, term: str, window_minutes: int, rules: BurstRules) -> float:
        """Distinct authors that the term's own past, or its habit at this hour, predicts for the window."""
        past_authors, past_posts = self._past(term)
        posts = max(self.posts_seen(window_minutes), 1)
        mean = (rules.prior_authors + past_authors) / (past_posts + rules.prior_posts) * posts
        return max(mean, self._usual(term, window_minutes, posts))

    def scores(self, terms: Mapping[str, int], rules: BurstRules, *, least: float = 0.0) -> dict[str, float]:
        """Term -> bans of its most surprising window; terms that score 0, or less than `least`, are left out.

        Windows end now. Where posts came late, the short windows that have just become fuller are looked at again:
        so a source that is some minutes behind the others hides nothing.

            ─────┼── late ─┼─────────┼── now       newest change at `late`: windows that end from there on
                 ├─────────┤ ... ├─────────┤

        Args:
            terms: term -> earliest minute changed, as of `add`.
            rules: prior and spread.
            least: bans.
        """
        weight = self.weight(self.newest)
        since_ever = self.past_posts / weight + rules.prior_posts
        since_start = (self.past_posts - self.borrowed) / weight + rules.prior_posts
        scores: dict[str, float] = {}
        hour = self.windows.get(RING_MINUTES, {})
        # the hour first: it mostly surprises more, and then the bound shows that the short window need not be weighed
        windows = [(window, self.seen[window], self.windows.get(window, {})) for window in sorted(self.seen)[::-1]]
        latest = self.newest - _LATE_MINUTES
        for term, changed in terms.items():
            if hour.get(term, 0) < rules.min_authors:
                continue
            shape = rules.prior_authors + self.past_authors.get(term, 0.0) / weight
            rate = shape / (since_start if term.startswith(CONVERSATION) else since_ever)
            size = 1.0 / (1.0 / shape + rules.kappa)
            best = 0.0
            for window, posts, counts in windows:
                authors = counts.get(term, 0)
                if authors < rules.min_authors:
                    continue
                needed = best or least  # what this window must surprise by to count
                mean = rate * (posts or 1)
                if authors > mean and (not best or most_bans(authors, mean) >= needed):
                    best = max(best, self._surprise(term, window, authors, posts, rate, size, needed))
            if changed <= latest:
                best = max(best, self._late_surprise(term, changed, rate, size, rules.min_authors, least))
            if best > 0 and best >= least:
                scores[term] = best
        return scores

    def surprise(self, term: str, window_minutes: int, rules: BurstRules, authors: int | None = None) -> float:
        """Bans of one window of one term; of so many authors in place of all that use it where they are given."""
        authors = self.authors(term, window_minutes) if authors is None else authors
        if authors < rules.min_authors:
            return 0.0
        past_authors, past_posts = self._past(term)
        shape = rules.prior_authors + past_authors
        rate, size = shape / (past_posts + rules.prior_posts), 1.0 / (1.0 / shape + rules.kappa)
        return self._surprise(term, window_minutes, authors, self.posts_seen(window_minutes), rate, size, 0.0)

    def weight(self, minute: int) -> float:
        """What a use in this minute weighs, against 1 at the landmark."""
        half_lives = (minute - self.landmark) / self.half_life_minutes
        return float(2.0 ** min(half_lives, _MAX_HALF_LIVES))

    def looks_per_day(self) -> float:
        """Distinct uses a day: of the last whole day, or of the part of the first one scaled up."""
        today = self.newest // _MINUTES_PER_DAY
        if today - 1 in self.looks and self.newest - self.first >= _MINUTES_PER_DAY:
            return float(max(self.looks[today - 1], self.looks.get(today, 0)))
        minutes = max(self.newest - self.first, RING_MINUTES)
        return sum(self.looks.values()) / minutes * _MINUTES_PER_DAY

    def _past(self, term: str) -> tuple[float, float]:
        """(authors of the term, posts in which they would have been counted), decayed until now."""
        weight = self.weight(self.newest)
        posts = self.past_posts - (self.borrowed if term.startswith(CONVERSATION) else 0.0)
        return self.past_authors.get(term, 0.0) / weight, posts / weight

    def _surprise(  # noqa: PLR0917 - the innermost step, asked millions of times an hour
        self, term: str, window: int, authors: int, posts: int, rate: float, size: float, least: float
    ) -> float:
        """Bans of one window (`surprise_bans`, taken apart); 0 below `least`.

        A habit only lowers them, so it is looked up for what may count.

        Args:
            term: used by no fewer than the least authors.
            window: its length, minutes.
            authors: of the term in it.
            posts: seen in it.
            rate: uses a post that the term's past makes usual.
            size: r of its negative binomial.
            least: bans.
        """
        mean = rate * (posts or 1)
        bans = tail_bans(authors, mean, size)
        if bans <= 0 or bans < least:
            return 0.0
        usual = self._usual(term, window, posts)
        return bans if usual <= mean else tail_bans(authors, usual, size)

    def _late_surprise(  # noqa: PLR0917 - same
        self, term: str, changed: int, rate: float, size: float, min_authors: int, least: float
    ) -> float:
        """Bans of the best short window that holds the minute `changed` and ends before now."""
        window = WINDOWS_MINUTES[0]
        best = 0.0
        for end in range(changed, min(changed + window, self.newest)):
            minutes = range(end - window + 1, end + 1)
            authors = sum(bucket.get(term, 0) for minute in minutes if (bucket := self.ring.get(minute)))
            if authors < min_authors:
                continue
            posts = sum(self.posts.get(minute, 0) for minute in minutes)
            best = max(best, self._surprise(term, window, authors, posts, rate, size, least))
        return best

    def _usual(self, term: str, window_minutes: int, posts: int) -> float:
        hour = self.newest // _MINUTES_PER_HOUR
        return self.rhythm.usual(term, hour, posts=posts, window_minutes=window_minutes)

    def _remember_hour(self, hour: int) -> None:
        """Hand the clock hour that has just ended to the rhythm; what comes late into it is left out."""
        is_whole = self.newest % _MINUTES_PER_HOUR == _MINUTES_PER_HOUR - 1  # then the last 60 minutes are that hour
        authors = self.windows.get(RING_MINUTES, {}) if is_whole else self._authors_of(hour)
        posts = sum(count for minute, count in self.posts.items() if minute // _MINUTES_PER_HOUR == hour)
        self.rhythm.remember(hour, authors, posts)

    def _authors_of(self, hour: int) -> dict[str, int]:
        """Term -> distinct uses in a clock hour, as far as it is in the ring."""
        authors: dict[str, int] = {}
        for minute in [minute for minute in self.ring if minute // _MINUTES_PER_HOUR == hour]:
            for term, count in self.ring[minute].items():
                authors[term] = authors.get(term, 0) + count
        return authors

    def _see(self, minute: int, posts: int) -> None:
        self.posts[minute] = self.posts.get(minute, 0) + posts
        for window in WINDOWS_MINUTES:
            if minute > self.newest - window:
                self.seen[window] = self.seen.get(window, 0) + posts

    def _change(self, minute: int, changes: dict[str, int]) -> None:
        bucket = self.ring.setdefault(minute, {})
        for term, change in changes.items():
            bucket[term] = bucket.get(term, 0) + change
        for window in WINDOWS_MINUTES:
            if minute > self.newest - window:
                counts = self.windows.setdefault(window, {})
                for term, change in changes.items():
                    counts[term] = counts.get(term, 0) + change

    def _leave(self, window: int, after: int, through: int) -> None:
        """Take the minutes in (after, through] out of a window."""
        gone = sum(posts for minute, posts in self.posts.items() if after < minute <= through)
        self.seen[window] = self.seen.get(window, 0) - gone
        counts = self.windows.setdefault(window, {})
        for minute in [minute for minute in self.ring if after < minute <= through]:
            for term, count in self.ring[minute].items():
                left = counts.get(term, 0) - count  # none: a late post has moved its author's first use away
                if left:
                    counts[term] = left
                else:
                    counts.pop(term, None)

    def _look(self, minute: int, uses: int) -> None:
        day = minute // _MINUTES_PER_DAY
        self.looks[day] = self.looks.get(day, 0) + uses
        for old in [old for old in self.looks if old < day - 1]:
            del self.looks[old]

    def _remember(self, minute: int, counts: Iterable[tuple[str, int]]) -> None:
        weight = self.weight(minute)
        past = self.past_authors
        for term, count in counts:
            past[term] = past.get(term, 0.0) + count * weight

    def _rebase(self, minute: int) -> None:
        weight = self.weight(minute)
        self.past_posts /= weight
        self.borrowed /= weight
        self.past_authors = {t: s / weight for t, s in self.past_authors.items() if s / weight >= _FORGOTTEN}
        self.landmark = minute


def earliest(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """Term -> the earliest minute of the two; takes over what it is given."""
    if not one:
        return other
    for term, minute in other.items():
        one[term] = min(minute, one.get(term, minute))
    return one
