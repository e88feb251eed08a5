"""How alike two headlines are: do they tell of the same event?

Reads profiles (the words of a headline and its description) and how rare words have been, gives 0 to 1. Pure.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

__all__ = ["Profile", "Rarity", "likeness", "profile_of", "telling"]

_NAME_GAIN = 1.6  # a name that two headlines share tells more than a verb that is as rare
_MOST_KNOWN = 20_000  # terms whose count is kept: a year or two of one list
_BODY = 0.5  # what a term of the description counts beside one of the title
_CROSS = 0.8  # a term of one's title and the other's description
_LEAST_SHARED = 3.0  # nats of shared terms below which nothing else is looked at: a common word or two
_SCALE = 8.0  # nats of a very rare term: brings it to about 1
_FLOOR = 3.0  # nats added to what a headline holds: a title of one word is not wholly shared with any that has it
# Learned from 510 pairs of headlines read by hand, rounded (docs/decisions/0006)
_PART, _PHRASE, _SECOND, _THIRD, _CENTRAL, _HOURS, _BIAS = 4.2, 5.3, 3.7, 2.7, 1.6, -0.7, -2.6


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


def telling(term: str, *, rarity: Rarity, is_name: bool, crowd: int, topics: int) -> float:
    """How much a term tells of one event, in nats.

    A word in which many of the present events are told ("考生" in exam week) tells little, however rare it was
    over the year; a name is a name.

    Args:
        term: of a title or description.
        rarity: over the past.
        is_name: whether it names somebody or something.
        crowd: present events that it stands in.
        topics: present events.
    """
    if is_name:
        return _NAME_GAIN * rarity.of_term(term)
    return rarity.of_term(term) * max(0.0, 1 - math.log(max(crowd, 1)) / math.log(max(topics / 2, 3)))


def likeness(
    one: Profile,
    other: Profile,
    *,
    hours: float,
    rarity: Rarity,
    weigh: Callable[[str], float],
    shares: Mapping[str, float],
) -> float:
    """How likely two headlines tell of the same event, 0 to 1.

        weight  = telling of a shared term x (1 in both titles, 0.8 in one, 0.5 in none)
        part    = sum of weights / (rarity of all terms of the headline that holds less + 3)
        phrase  = the same of the titles' pairs of characters
        second, third = the weights next to the heaviest / 8
        central = max over terms of weight x its share of the event / 8
        margin  = 4.2 part + 5.3 phrase + 3.7 second + 2.7 third + 1.6 central - 0.7 log(1 + hours) - 2.6
        likeness = 1 / (1 + exp(-margin))

    Args:
        one: a headline of the event.
        other: the new one.
        hours: since the event was last seen, >= 0.
        rarity: of terms and pairs over the past.
        weigh: term -> `telling`.
        shares: term -> share of the event's headlines that hold it; empty while there are few.

    Cost: half a microsecond for two headlines with nothing in common, else some 30.
    """
    common = one.terms & other.terms
    if not common:
        return 0.0
    weights = {term: _place(term, one, other) * weigh(term) for term in common}
    shared = math.fsum(weights.values())  # exact, so that the order of a set leaves no trace
    if shared < _LEAST_SHARED:
        return 0.0
    part = shared / (min(_mass(one, rarity), _mass(other, rarity)) + _FLOOR)
    third, second, _ = sorted([0.0, 0.0, *weights.values()])[-3:]
    central = max(weight * shares.get(term, 0.0) for term, weight in weights.items())
    margin = _PART * part + _PHRASE * _phrase(one, other, rarity) + _HOURS * math.log1p(hours) + _BIAS
    margin += (_SECOND * second + _THIRD * third + _CENTRAL * central) / _SCALE
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
