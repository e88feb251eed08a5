"""How alike two headlines are: do they tell of the same event?

Reads profiles (the words of a headline and its description) and how rare words have been, gives 0 to 1. Pure.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

__all__ = ["Profile", "Rarity", "likeness", "profile_of"]

_NAME_GAIN = 1.3  # a name that two headlines share tells more than a verb that is as rare
_MOST_KNOWN = 20_000  # terms whose count is kept: a year or two of one list
_BODY = 0.4  # what a term of the description counts beside one of the title
_CROSS = 0.7  # a term of one's title and the other's description
_LEAST_SHARED = 4.0  # nats of shared terms below which nothing else is looked at: a common word or two

# Learned from 303 pairs of headlines read by hand, rounded (docs/decisions/0006)
_PART, _PHRASE, _TELLING, _MASS, _HOURS, _BIAS = 3.4, 1.0, 3.4, 4.5, -0.6, -13.2
_SCALE = 8.0  # nats of a very rare term: brings the most telling one to about 1
_FLOOR = 3.0  # nats added to what a headline holds: a title of one word is not wholly shared with any that has it


def _read_prior() -> tuple[int, dict[str, int], dict[str, int]]:
    lines = (Path(__file__).parent / "data" / "headlines.txt").read_text(encoding="utf-8").splitlines()
    counts = {item: int(count) for item, count in (line.split() for line in lines if not line.startswith("#"))}
    events = counts.pop("events")
    pairs = {item[1:]: count for item, count in counts.items() if item.startswith("~")}
    return events, {item: count for item, count in counts.items() if not item.startswith("~")}, pairs


_EVENTS, _TERMS, _PAIRS = _read_prior()
_PRIOR_EVENTS = 2000  # what the shipped counts weigh: a list's own history of five months outweighs them
_PRIOR_SCALE = _PRIOR_EVENTS / _EVENTS


class Profile(msgspec.Struct, frozen=True, array_like=True):
    """What a headline is compared by.

    Attributes:
        head: terms and numbers of the title.
        body: those that only the description holds.
        pairs: pairs of neighbouring Han characters of the title, for what the segmenter cuts differently.
        terms: head and body.
    """

    head: frozenset[str]
    body: frozenset[str]
    pairs: frozenset[str]
    terms: frozenset[str]


def profile_of(title: str, head: Iterable[str], body: Iterable[str]) -> Profile:
    """The profile of a headline.

    >>> sorted(profile_of("校车侧翻", ["校车", "侧翻"], []).pairs)
    ['侧翻', '校车', '车侧']
    """
    pairs = (title[at : at + 2] for at in range(len(title) - 1))
    first, rest = frozenset(head), frozenset(body)
    return Profile(first, rest - first, frozenset(filter(_is_han, pairs)), first | rest)


class Rarity(msgspec.Struct, kw_only=True):
    """In how many events terms and pairs have stood: the list's own history over a shipped prior.

    Attributes:
        events: seen so far.
        terms: term -> events that it stood in.
        pairs: pair -> events whose titles it stood in.
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
        _count(self.pairs, profile.pairs.difference(*(other.pairs for other in known)))

    def of_term(self, term: str) -> float:
        """Nats: log of how many events there are to one that holds the term."""
        return self._of(self.terms.get(term, 0) + _PRIOR_SCALE * _TERMS.get(term, 0))

    def of_pair(self, pair: str) -> float:
        """The same of a pair of characters."""
        return self._of(self.pairs.get(pair, 0) + _PRIOR_SCALE * _PAIRS.get(pair, 0))

    def _of(self, count: float) -> float:
        return math.log((self.events + _PRIOR_EVENTS + 1) / (count + 1))


def likeness(one: Profile, other: Profile, *, hours: float, rarity: Rarity, is_name: Callable[[str], bool]) -> float:
    """How likely two headlines tell of the same event, 0 to 1.

        shared = sum over shared terms of rarity x (1 in both titles, 0.7 in one, 0.4 in none) x (1.3 for a name)
        part   = shared / (rarity of all terms of the headline that holds less + 3)
        phrase = the same of the titles' pairs of characters;   telling = heaviest shared term / 8
        1 / (1 + exp(-(3.4 part + phrase + 3.4 telling + 4.5 log(1 + shared) - 0.6 log(1 + hours) - 13.2)))

    Args:
        one: the first.
        other: the second; likeness(a, b) == likeness(b, a).
        hours: between the two, >= 0.
        rarity: how telling a term is.
        is_name: whether a term names somebody or something.

    Cost: half a microsecond for two headlines with nothing in common, else some 30.
    """
    common = one.terms & other.terms
    if not common:
        return 0.0
    weights = [
        _place(term, one, other) * rarity.of_term(term) * (_NAME_GAIN if is_name(term) else 1.0) for term in common
    ]
    shared = math.fsum(weights)  # exact, so that the order of a set leaves no trace
    if shared < _LEAST_SHARED:
        return 0.0
    part = shared / (min(_mass(one, rarity), _mass(other, rarity)) + _FLOOR)
    margin = _PART * part + _PHRASE * _phrase(one, other, rarity) + _TELLING * max(weights) / _SCALE
    margin += _MASS * math.log1p(shared) + _HOURS * math.log1p(hours) + _BIAS
    return 1 / (1 + math.exp(-margin))


def _place(term: str, one: Profile, other: Profile) -> float:
    return (_BODY, _CROSS, 1.0)[(term in one.head) + (term in other.head)]


def _mass(profile: Profile, rarity: Rarity) -> float:
    return math.fsum(map(rarity.of_term, profile.head)) + _BODY * math.fsum(map(rarity.of_term, profile.body))


def _phrase(one: Profile, other: Profile, rarity: Rarity) -> float:
    shared, *masses = (
        math.fsum(map(rarity.of_pair, pairs)) for pairs in (one.pairs & other.pairs, one.pairs, other.pairs)
    )
    return shared / (min(masses) + _FLOOR)


def _count(counts: dict[str, int], items: Iterable[str]) -> None:
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    if len(counts) > _MOST_KNOWN:
        for item in [item for item, count in counts.items() if count == 1]:
            del counts[item]


def _is_han(pair: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in pair)
