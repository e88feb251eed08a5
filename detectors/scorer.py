"""How surprising terms are, and from which score on one alone raises a topic.

The port by which other scores can stand in the detector's place for comparison (benchmarks/peers.py), and our own.
"""

from collections.abc import Mapping
from typing import Protocol

from detectors.burst import BurstRules, alarm_bans
from detectors.counts import WINDOWS_MINUTES, Counts

__all__ = ["BurstScorer", "Scorer"]

_LOW_GAP_BANS = 1.0  # terms gather from a decade below the alarm on, so that the first line says more than a word


class Scorer(Protocol):
    """Judges terms by the counts alone; asked at every tick."""

    def scores(self, counts: Counts, terms: Mapping[str, int], *, least: float) -> dict[str, float]:
        """Term -> score > 0; terms that are no surprise are left out, and may be below `least`.

        Args:
            counts: of all terms.
            terms: that have changed -> earliest minute changed (epoch minutes).
            least: what scores less is not asked for.
        """

    def alarm(self, counts: Counts) -> float:
        """The score from which one term raises a topic."""

    def low(self, alarm: float) -> float:
        """The score from which a term joins a topic or opens a candidate."""


class BurstScorer:
    """Bans of the negative-binomial bound (docs/decisions/0004); the alarm follows from the false topics promised."""

    def __init__(self, rules: BurstRules, *, false_topics_per_day: float) -> None:
        self._rules = rules
        self._false_topics_per_day = false_topics_per_day

    def scores(self, counts: Counts, terms: Mapping[str, int], *, least: float) -> dict[str, float]:
        """Bans of each term's most surprising window."""
        return counts.scores(terms, self._rules, least=least)

    def alarm(self, counts: Counts) -> float:
        """Bans that keep the promise at today's number of looks."""
        return alarm_bans(
            looks_per_day=counts.looks_per_day(),
            windows=len(WINDOWS_MINUTES),
            false_topics_per_day=self._false_topics_per_day,
        )

    def low(self, alarm: float) -> float:
        """A decade below."""
        return alarm - _LOW_GAP_BANS
