"""How rare words have been on hot lists: in how many events a term or a pair of characters has stood."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from detectors.profile import Profile

__all__ = ["Rarity"]

_MOST_KNOWN = 20_000  # terms whose count is kept: a year or two of one list


def _read_prior() -> tuple[int, dict[str, int], dict[str, int]]:
    lines = (Path(__file__).parent / "data" / "headlines.txt").read_text(encoding="utf-8").splitlines()
    counts = {item: int(count) for item, count in (line.split() for line in lines if not line.startswith("#"))}
    events = counts.pop("events")
    pairs = {item[1:]: count for item, count in counts.items() if item.startswith("~")}
    return events, {item: count for item, count in counts.items() if not item.startswith("~")}, pairs


_EVENTS, _TERMS, _PAIRS = _read_prior()
_PRIOR_EVENTS = 2000  # what the shipped counts weigh: a list's own history of five months outweighs them
_PRIOR_SCALE = _PRIOR_EVENTS / _EVENTS


class Rarity(msgspec.Struct, kw_only=True):
    """In how many events terms and pairs have stood: the list's own history over a shipped prior.

    Attributes:
        events: seen so far.
        terms: term -> events that it stood in.
        pairs: pair of characters, or one -> events whose titles it stood in.
    """

    events: int = 0
    terms: dict[str, int] = {}
    pairs: dict[str, int] = {}

    def learn(self, profile: Profile, known: Sequence[Profile]) -> None:
        """Count what a headline brings that its event's known headlines did not hold.

        Counting by event and not by headline keeps a much-told event's own names rare.
        """
        self.events += not known
        _count(self.terms, profile.terms.difference(*(other.terms for other in known)))
        spelt = (profile.pairs | profile.chars).difference(*(other.pairs | other.chars for other in known))
        _count(self.pairs, spelt)

    def of_term(self, term: str) -> float:
        """Nats: log of how many events there are to one that holds the term."""
        return self._of(self.terms.get(term, 0) + _PRIOR_SCALE * _TERMS.get(term, 0))

    def of_pair(self, pair: str) -> float:
        """The same of a pair of characters, or of one."""
        return self._of(self.pairs.get(pair, 0) + _PRIOR_SCALE * _PAIRS.get(pair, 0))

    def _of(self, count: float) -> float:
        return math.log((self.events + _PRIOR_EVENTS + 1) / (count + 1))


def _count(counts: dict[str, int], items: Iterable[str]) -> None:
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    if len(counts) > _MOST_KNOWN:
        for item in [item for item, count in counts.items() if count == 1]:
            del counts[item]
