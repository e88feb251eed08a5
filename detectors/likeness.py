"""How alike two headlines are: do they tell of the same event?

Reads profiles (the words of a headline and its description) and how rare words have been, gives the log of the odds.
Pure.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

from detectors.profile import FACTS, Profile
from detectors.rarity import Rarity

__all__ = ["PAIR_WEIGHTS", "Traits", "Weights", "likeness", "telling", "traits_of"]

_NAME_GAIN = 1.6  # a name that two headlines share tells more than a verb that is as rare
_BODY = 0.5  # what a term of the description counts beside one of the title
_CROSS = 0.8  # a term of one's title and the other's description
# Nats of shared terms, and of pairs of characters, below which nothing else is looked at: a common word. Pairs tell
# where a name is made of stop words or cut in another way.
_LEAST_SHARED, _LEAST_SPELT = 2.0, 8.0
_UNLIKE = -5.0  # log odds of such a pair
_SCALE = 8.0  # nats of a very rare term: brings it to about 1
_FLOOR = 3.0  # nats added to what a headline holds: a title of one word is not wholly shared with any that has it
_PHRASES = 20.0  # nats of pairs of characters: brings a phrase of four to about 1
_LONG = 6  # terms of a title
_HALF_DAY_H = 12.0


class Traits(NamedTuple):
    """What is weighed of two headlines, each about 0 to 1.

    Attributes:
        first, second: the heaviest shared terms; a term weighs `telling` x (1 in both titles, 0.8 in one, 0.5 in none).
        shared: all shared terms.
        part: of the headline that holds less, what is shared.
        phrase: pairs of characters that both titles hold, by rarity.
        short: terms of the shorter title.
        hours: log of 1 + hours since the event was last seen.
        half_day: whether that is more than twelve.
        same_place: whether both name the same place.
        places, ages, children, schools: whether both tell of such, and of different ones (`profile.FACTS`).
    """

    first: float
    second: float
    shared: float
    part: float
    phrase: float
    short: float
    hours: float
    half_day: float
    same_place: float
    places: float
    ages: float
    children: float
    schools: float


class Weights(NamedTuple):
    """A logistic function of some numbers."""

    bias: float
    of: tuple[float, ...]

    def log_odds(self, numbers: tuple[float, ...]) -> float:
        """Bias + sum of weight x number."""
        return self.bias + math.fsum(weight * number for weight, number in zip(self.of, numbers, strict=True))


# tools/fit_likeness.py, from 2 085 pairs of headlines of May 2024 to January 2025, read by hand: docs/decisions/0006
PAIR_WEIGHTS = Weights(
    -3.38,
    Traits(
        first=1.73,
        second=1.94,
        shared=0.66,
        part=2.5,
        phrase=1.43,
        short=0.89,
        hours=-0.44,
        half_day=-0.73,
        same_place=0.66,
        places=-1.3,
        ages=-1.85,
        children=-3.35,
        schools=-0.6,
    ),
)


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


def likeness(traits: Traits | None, weights: Weights = PAIR_WEIGHTS) -> float:
    """Log odds that two headlines tell of the same event; next to none where they share a common word or nothing."""
    return _UNLIKE if traits is None else weights.log_odds(traits)


def traits_of(
    one: Profile, other: Profile, *, hours: float, rarity: Rarity, weigh: Callable[[str], float]
) -> Traits | None:
    """What two headlines have in common; None where that is a common word or nothing.

    Args:
        one: a headline of the event.
        other: the new one.
        hours: since the event was last seen, >= 0.
        rarity: of terms and pairs over the past.
        weigh: term -> `telling`.

    Cost: half a microsecond for two headlines with nothing in common, else some 30.
    """
    common = one.terms & other.terms
    weights = {term: _place_of(term, one, other) * weigh(term) for term in common}
    shared = math.fsum(weights.values())  # exact, so that the order of a set leaves no trace
    phrase = math.fsum(map(rarity.of_pair, one.pairs & other.pairs))
    if shared < _LEAST_SHARED and phrase < _LEAST_SPELT:
        return None
    second, first = sorted([0.0, 0.0, *weights.values()])[-2:]
    clash = {
        kind: float(bool(a) and bool(b) and a.isdisjoint(b))
        for kind, a, b in zip(FACTS, one.facts, other.facts, strict=True)
    }
    return Traits(
        first=first / _SCALE,
        second=second / _SCALE,
        shared=shared / _SCALE,
        part=shared / (min(_mass(one, rarity), _mass(other, rarity)) + _FLOOR),
        phrase=phrase / _PHRASES,
        short=min(len(one.head), len(other.head)) / _LONG,
        hours=math.log1p(hours),
        half_day=float(hours > _HALF_DAY_H),
        same_place=float(not one.facts[0].isdisjoint(other.facts[0])),
        places=clash["places"],
        ages=clash["ages"],
        children=clash["children"],
        schools=clash["schools"],
    )


def _place_of(term: str, one: Profile, other: Profile) -> float:
    """What a shared term counts by where it stands: 1 in both titles, 0.8 in one, 0.5 in none."""
    return (_BODY, _CROSS, 1.0)[(term in one.head) + (term in other.head)]


def _mass(profile: Profile, rarity: Rarity) -> float:
    return math.fsum(map(rarity.of_term, profile.head)) + _BODY * math.fsum(map(rarity.of_term, profile.body))
