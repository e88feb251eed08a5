"""The field's scores behind the port of our own (detectors.scorer), for comparison under one relevance and grouping.

All look at the last 60 minutes. Those with an expectation take it from the same decayed past as ours, by exposure;
SigniTrend and C2 keep their own by the clock hour. Alarms are not in bans: `benchmarks.detection` sweeps them.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from detectors.burst import LOOKS_PER_DAY_FLOOR, BurstRules
from detectors.counts import RING_MINUTES, WINDOWS_MINUTES, Counts
from detectors.rules import DAY_MS, DetectRules
from detectors.scorer import BurstScorer

__all__ = ["PEERS", "Entrant", "Naive", "Peer", "eta", "poisson_bans"]

MIN_AUTHORS = 3  # of a term, as ours
_LOW_SHARE = 0.75  # of the alarm, from which a term joins: about what ours has
_MINUTES_PER_HOUR = 60


class Peer:
    """A score of (authors now, expected); others override `scores`."""

    def __init__(self, alarm: float, score: Callable[[int, float], float]) -> None:
        self._alarm = alarm
        self._score = score

    def scores(self, counts: Counts, terms: Mapping[str, int], *, least: float) -> dict[str, float]:
        """Term -> score, from `least` on."""
        weight, posts = counts.weight(counts.newest), counts.posts_seen(RING_MINUTES)
        share = posts / (counts.past_posts / weight + _RULES.prior_posts)
        found = {}
        for term in terms:
            authors = counts.authors(term, RING_MINUTES)
            if authors >= MIN_AUTHORS:
                expected = (_RULES.prior_authors + counts.past_authors.get(term, 0.0) / weight) * share
                found[term] = self._score(authors, expected)
        return {term: score for term, score in found.items() if score >= least}

    def alarm(self, counts: Counts) -> float:  # noqa: ARG002 - of the port
        """As given."""
        return self._alarm

    def low(self, alarm: float) -> float:
        """A share of the alarm."""
        return _LOW_SHARE * alarm

    def learn(self, counts: Counts) -> None:
        """Called at the end of each clock hour, before the counts move on."""


class Ours(Peer):
    """Our score at a given alarm, instead of the one that follows from the promise."""

    def __init__(self, alarm: float) -> None:
        super().__init__(alarm, lambda _, __: 0.0)
        self._burst = BurstScorer(_RULES, false_topics_per_day=1.0)

    def scores(self, counts: Counts, terms: Mapping[str, int], *, least: float) -> dict[str, float]:
        """As in production."""
        return self._burst.scores(counts, terms, least=least)

    def low(self, alarm: float) -> float:
        """As in production."""
        return self._burst.low(alarm)


class SigniTrend(Peer):
    """(x - max(mean, bias)) / (deviation + bias), mean and deviation exponentially weighted by the hour.

    Source: Schubert, Weiler, Kriegel, KDD 2014; half-life a day.
    """

    _BIAS, _ALPHA = 1.0, 1 - 0.5 ** (1 / 24)

    def __init__(self, alarm: float) -> None:
        super().__init__(alarm, lambda _, __: 0.0)
        self._known: dict[str, tuple[float, float, int]] = {}  # term -> mean, variance, hour of the last update

    def scores(self, counts: Counts, terms: Mapping[str, int], *, least: float) -> dict[str, float]:
        """Standard deviations above the mean."""
        hour, found = counts.newest // _MINUTES_PER_HOUR, {}
        for term in terms:
            mean, variance = self._at(term, hour)
            authors = counts.authors(term, RING_MINUTES)
            if authors >= MIN_AUTHORS:
                found[term] = (authors - max(mean, self._BIAS)) / (math.sqrt(variance) + self._BIAS)
        return {term: score for term, score in found.items() if score >= least}

    def learn(self, counts: Counts) -> None:
        """One epoch."""
        hour = counts.newest // _MINUTES_PER_HOUR
        for term, authors in counts.windows.get(RING_MINUTES, {}).items():
            mean, variance = self._at(term, hour)
            change = authors - mean
            self._known[term] = (
                mean + self._ALPHA * change,
                (1 - self._ALPHA) * (variance + self._ALPHA * change * change),
                hour + 1,
            )

    def _at(self, term: str, hour: int) -> tuple[float, float]:
        """Mean and variance after the empty hours since the last update."""
        mean, variance, last = self._known.get(term, (0.0, 0.0, hour))
        kept = (1 - self._ALPHA) ** max(hour - last, 0)
        return mean * kept, kept * variance + mean * mean * kept * (1 - kept)


class C2(Peer):
    """(x - mean) / deviation of seven hours, of which the last two are left out. Source: EARS C2 (Hutwagner 2003)."""

    _HOURS, _GUARD, _LEAST = 7, 2, 0.5  # deviation below which a quiet term would divide by nothing

    def __init__(self, alarm: float) -> None:
        super().__init__(alarm, lambda _, __: 0.0)
        self._hours: deque[dict[str, int]] = deque(maxlen=self._HOURS + self._GUARD)

    def scores(self, counts: Counts, terms: Mapping[str, int], *, least: float) -> dict[str, float]:
        """Standard deviations above the mean."""
        past = list(self._hours)[: -self._GUARD]
        found = {}
        for term in terms:
            authors = counts.authors(term, RING_MINUTES)
            if authors < MIN_AUTHORS or not past:
                continue
            seen = [hour.get(term, 0) for hour in past]
            mean = sum(seen) / len(seen)
            deviation = math.sqrt(sum((count - mean) ** 2 for count in seen) / max(len(seen) - 1, 1))
            found[term] = (authors - mean) / max(deviation, self._LEAST)
        return {term: score for term, score in found.items() if score >= least}

    def learn(self, counts: Counts) -> None:
        """One hour."""
        self._hours.append(dict(counts.windows.get(RING_MINUTES, {})))


class Naive(Peer):
    """How many authors use the term in an hour, whatever is usual."""

    def __init__(self, alarm: float) -> None:
        super().__init__(alarm, lambda authors, _: float(authors))


def eta(authors: int, expected: float) -> float:
    """Distance from the expectation in half-widths of its confidence interval (0.99, Wilson-Hilferty).

    Source: Gnip-Trend-Detection (Hendrickson et al.).
    """
    upper = expected + 1
    bound = upper * (1 - 1 / (9 * upper) + _Z / (3 * math.sqrt(upper))) ** 3
    return (authors - expected) / (bound - expected)


def poisson_bans(authors: int, expected: float) -> float:
    """-log10 P(X >= authors) of a Poisson count.

    >>> round(poisson_bans(3, 1.0), 3)
    1.095
    """
    if authors <= expected:
        return 0.0
    term = total = 1.0
    for more in range(1, 200):
        term *= expected / (authors + more)
        total += term
    log = authors * math.log(expected) - expected - math.lgamma(authors + 1) + math.log(total)
    return -log / math.log(10)


def _chi_squared(authors: int, expected: float) -> float:
    """(x - e)^2 / e with e >= 1, as Mastodon's trends have it."""
    usual = max(expected, 1.0)
    return (authors - usual) ** 2 / usual if authors > usual else 0.0


_RULES = BurstRules()
_Z = 2.576
_NEVER_MS = 1 << 60
LEAST_ALARM = 2.31  # bans: a thousand false topics a day, the most that the settings take


def _as_peers(_: float) -> DetectRules:
    """A peer's source asks for no authors of a topic, but grouping for three posts."""
    return DetectRules(min_authors=MIN_AUTHORS, warmup_ms=DAY_MS, line_every_ms=_NEVER_MS)


def _as_ours(alarm: float) -> DetectRules:
    """What the operator sets to have this alarm on a stream of this size, all else by default."""
    allowed = len(WINDOWS_MINUTES) * LOOKS_PER_DAY_FLOOR / 10**alarm
    return DetectRules(false_topics_per_day=allowed, warmup_ms=DAY_MS, line_every_ms=_NEVER_MS)


@dataclass(frozen=True, slots=True)
class Entrant:
    """A score as it is compared.

    Attributes:
        made: with an alarm.
        alarms: lowest and highest that are tried.
        rules: of the detector behind it, by the alarm.
    """

    made: Callable[[float], Peer]
    alarms: tuple[float, float]
    rules: Callable[[float], DetectRules] = _as_peers


PEERS: dict[str, Entrant] = {
    "tongsheng": Entrant(Ours, (LEAST_ALARM, 9.0), _as_ours),
    "Gnip eta": Entrant(lambda alarm: Peer(alarm, eta), (0.3, 10.0)),
    "Poisson": Entrant(lambda alarm: Peer(alarm, poisson_bans), (2.0, 40.0)),
    "SigniTrend": Entrant(SigniTrend, (1.0, 30.0)),
    "EARS C2": Entrant(C2, (1.5, 80.0)),
    "chi²": Entrant(lambda alarm: Peer(alarm, _chi_squared), (1.0, 1000.0)),
    "naive": Entrant(Naive, (3.0, 100.0)),
}
