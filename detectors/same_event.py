"""Which topic a new headline belongs to: what all its entries together say.

One pair of headlines often tells too little: a long case is told from many sides, and two cases in like words. So the
likest entries, what most entries hold, and how far the next topic is behind decide together. Pure.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from detectors.likeness import PAIR_WEIGHTS, Weights, likeness, traits_of
from detectors.profile import Profile
from detectors.rarity import Rarity

__all__ = ["EVENT_WEIGHTS", "Bag", "Candidate", "Evidence", "weighed"]

# Nats of terms, and of pairs of characters, that a headline shares with all of a topic: below, it is not compared
LEAST_SHARED, LEAST_SPELT = 2.5, 8.0
CORE_ENTRIES = 8  # the first ones, which a headline is compared with: so that a topic cannot drift entry by entry
FEW_ENTRIES = 3  # below it, no term can be said to be the event's own
_ALONE = -5.0  # log odds of the next topic where there is none
_MOST_APART = 3.0
_SCALE = 8.0
_FLOOR = 3.0


class Evidence(NamedTuple):
    """What is weighed of a headline and a topic.

    Attributes:
        top: log odds with the likest entry.
        next: with the second likest; the likest where there is one.
        three: mean of the three likest, the likest repeated where there are fewer.
        cover: share of the title's rarity that the topic's headlines hold.
        central: of the shared terms, the most telling one x its share of the entries.
        core: the same summed over all shared terms.
        hours: log of 1 + hours since it was last seen.
        apart: how far the topic with the next likest entry is behind, at most 3 nats either way.
    """

    top: float
    next: float
    three: float
    cover: float
    central: float
    core: float
    hours: float
    apart: float = 0.0


# As PAIR_WEIGHTS: fitted on the same labels, in the order in which the lists came
EVENT_WEIGHTS = Weights(
    -1.21,
    Evidence(
        top=0.32,
        next=0.14,
        three=0.25,
        cover=2.15,
        central=1.1,
        core=0.17,
        hours=-0.08,
        apart=0.11,
    ),
)


class Bag(NamedTuple):
    """A topic as it is compared.

    Attributes:
        id: of the topic.
        profiles: of its entries, in the order in which they joined.
        terms: term -> entries that hold it.
        pairs: pairs of characters of its titles.
        hours: since it was last seen.
    """

    id: str
    profiles: Sequence[Profile]
    terms: Mapping[str, int]
    pairs: AbstractSet[str]
    hours: float


class Candidate(NamedTuple):
    """A topic that a headline may belong to: log odds, and what they rest on."""

    margin: float
    id: str
    evidence: Evidence


def weighed(
    profile: Profile,
    bags: Sequence[Bag],
    *,
    rarity: Rarity,
    weigh: Callable[[str], float],
    pair: Weights = PAIR_WEIGHTS,
    event: Weights = EVENT_WEIGHTS,
) -> list[Candidate]:
    """The topics that have more than common words with the headline, most likely first; ties by the smaller id.

    Cost: a microsecond for a topic with nothing in common, 30 for each entry compared.
    """
    near = [bag for bag in bags if _has_common(profile, bag, rarity, weigh)]
    told = [(bag.id, _evidence(profile, bag, rarity=rarity, weigh=weigh, pair=pair)) for bag in near]
    tops = sorted((evidence.top for _, evidence in told), reverse=True)
    found: list[Candidate] = []
    for name, evidence in told:
        rival = tops[0] if evidence.top < tops[0] else tops[1] if len(tops) > 1 else _ALONE
        apart = max(-_MOST_APART, min(_MOST_APART, evidence.top - rival))
        whole = evidence._replace(apart=apart)
        found.append(Candidate(event.log_odds(whole), name, whole))
    return sorted(found, key=lambda candidate: (-candidate.margin, candidate.id))


def _has_common(profile: Profile, bag: Bag, rarity: Rarity, weigh: Callable[[str], float]) -> bool:
    if math.fsum(map(weigh, profile.terms & bag.terms.keys())) >= LEAST_SHARED:
        return True
    return math.fsum(map(rarity.of_pair, profile.pairs & bag.pairs)) >= LEAST_SPELT


def _evidence(profile: Profile, bag: Bag, *, rarity: Rarity, weigh: Callable[[str], float], pair: Weights) -> Evidence:
    size = len(bag.profiles)
    core = bag.profiles[:CORE_ENTRIES]
    odds = sorted(
        (likeness(traits_of(one, profile, hours=bag.hours, rarity=rarity, weigh=weigh), pair) for one in core),
        reverse=True,
    )
    shared = [weigh(term) * bag.terms[term] / size / _SCALE for term in profile.terms & bag.terms.keys()]
    return Evidence(
        top=odds[0],
        next=odds[min(1, len(odds) - 1)],
        three=math.fsum([*odds[:3], *[odds[0]] * (3 - len(odds[:3]))]) / 3,
        cover=math.fsum(map(rarity.of_term, profile.head & bag.terms.keys()))
        / (math.fsum(map(rarity.of_term, profile.head)) + _FLOOR),
        central=max(shared, default=0.0) if size >= FEW_ENTRIES else 0.0,
        core=math.fsum(shared),
        hours=math.log1p(bag.hours),
    )
