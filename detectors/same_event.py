"""Which topic a new headline belongs to: what all its entries together say.

One pair of headlines often tells too little: a long case is told from many sides, and two cases in like words. So the
likest entries, what most entries hold, and how far the next topic is behind decide together. Pure.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from detectors.likeness import PAIR_WEIGHTS, Weights, likeness, place_of, traits_of
from detectors.profile import Profile
from detectors.rarity import Rarity

__all__ = ["EVENT_WEIGHTS", "Bag", "Candidate", "Evidence", "Words", "weighed"]

# Nats of terms, and of pairs of characters, that a headline shares with all of a topic: below, it is not compared
LEAST_SHARED, LEAST_SPELT = 2.5, 8.0
CORE_ENTRIES = 8  # the first ones, which a headline is compared with: so that a topic cannot drift entry by entry
FEW_ENTRIES = 3  # below it, no term can be said to be the event's own
_ALONE = -5.0  # log odds of the next topic where there is none
_MOST_APART = 3.0
_APART = -1.5  # log odds of a pair, above which they are alike by themselves
_SCALE = 8.0
_FLOOR = 3.0
_RARE = 12  # a long case is told in many words: one that fewer of its entries hold is not the case's own
_SHORT = 20.0  # nats added to a description, so that one of few words is not wholly shared


class Words(NamedTuple):
    """What is known of terms now.

    Attributes:
        weigh: term -> `likeness.telling`.
        is_named: whether it names somebody, something or a place.
        is_of_day: whether it stands in far more of the present events than it used to: "查分" on the day of results.
    """

    weigh: Callable[[str], float]
    is_named: Callable[[str], bool]
    is_of_day: Callable[[str], bool]


class Evidence(NamedTuple):
    """What is weighed of a headline and a topic.

    Attributes:
        top: log odds with the likest entry.
        next: with the second likest; the likest where there is one.
        three: mean of the three likest, the likest repeated where there are fewer.
        cover: share of the title's rarity that the topic's headlines hold, a twelfth of them at least.
        central: of the shared terms, the most telling one x its share of the entries.
        core: the same summed over all shared terms.
        hours: log of 1 + hours since it was last seen.
        apart: how far the topic with the next likest entry is behind, at most 3 nats either way.
        days: log of 1 + terms of the title that are of the day.
        told: what the likest entry shares of neither names, places nor terms of the day: its most telling term.
        described: whether both come with a description.
        category: whether both are of one category.
        person: whether the headline tells of somebody on an occasion that the topic is about too (an exam).
        other: whether the likest entry does.
        text: of the one of the two that tells less in title and description, what is shared; 0 without descriptions.
        size: log of the topic's entries, the first eight at most.
        linked: share of the first eight entries that are like it by themselves; 1 where there are fewer than three.
        retold: of the title's characters, by rarity, what title and description of one entry hold; the most.
        foretold: of the characters of one entry's title what the headline and its description hold; the most.
    """

    top: float
    next: float
    three: float
    cover: float
    central: float
    core: float
    hours: float
    days: float
    told: float
    described: float
    category: float
    person: float
    other: float
    text: float
    size: float
    linked: float
    retold: float
    foretold: float
    apart: float = 0.0


# The first seven as PAIR_WEIGHTS, on the same labels in the order in which the lists came; the others beside them, to
# 673 headlines and eleven whole stretches of the same months, read by hand: docs/decisions/0035
EVENT_WEIGHTS = Weights(
    -3.53,
    Evidence(
        top=0.3,
        next=0.13,
        three=0.23,
        cover=2.01,
        central=1.03,
        core=0.16,
        hours=-0.07,
        days=-0.91,
        told=0.34,
        described=-0.45,
        category=1.02,
        person=-1.62,
        other=-1.1,
        text=1.19,
        size=0.48,
        linked=1.11,
        retold=0.74,
        foretold=1.69,
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
    words: Words,
    pair: Weights = PAIR_WEIGHTS,
    event: Weights = EVENT_WEIGHTS,
) -> list[Candidate]:
    """The topics that have more than common words with the headline, most likely first; ties by the smaller id.

    Cost: a microsecond for a topic with nothing in common, 30 for each entry compared.
    """
    near = [bag for bag in bags if _has_common(profile, bag, rarity, words.weigh)]
    told = [(bag.id, _evidence(profile, bag, rarity=rarity, words=words, pair=pair)) for bag in near]
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


def _evidence(profile: Profile, bag: Bag, *, rarity: Rarity, words: Words, pair: Weights) -> Evidence:
    size, weigh, core = len(bag.profiles), words.weigh, bag.profiles[:CORE_ENTRIES]
    ranked = sorted(
        (
            (-likeness(traits_of(one, profile, hours=bag.hours, rarity=rarity, weigh=weigh), pair), number)
            for number, one in enumerate(core)
        ),
    )
    odds = [-negative for negative, _ in ranked]
    likest = bag.profiles[ranked[0][1]]
    common = profile.terms & bag.terms.keys()
    on_occasion = not profile.occasions.isdisjoint(bag.terms)
    usual = max(1.0, size / _RARE)
    shared = [weigh(term) * bag.terms[term] / size / _SCALE for term in common]
    return Evidence(
        top=odds[0],
        next=odds[min(1, len(odds) - 1)],
        three=math.fsum([*odds[:3], *[odds[0]] * (3 - len(odds[:3]))]) / 3,
        cover=math.fsum(rarity.of_term(term) for term in profile.head if bag.terms.get(term, 0) >= usual)
        / (math.fsum(map(rarity.of_term, profile.head)) + _FLOOR),
        central=max(shared, default=0.0) if size >= FEW_ENTRIES else 0.0,
        core=math.fsum(shared),
        hours=math.log1p(bag.hours),
        days=math.log1p(sum(map(words.is_of_day, profile.head))),
        told=max((_told(term, profile, likest, words) for term in profile.terms & likest.terms), default=0.0),
        described=float(bool(profile.body) and bool(likest.body)),
        category=float(profile.category == likest.category),
        person=float(on_occasion and profile.has_person),
        other=float(on_occasion and likest.has_person),
        text=_text(profile, likest, rarity),
        size=math.log(len(core)),
        linked=sum(value > _APART for value in odds) / len(odds) if len(odds) >= FEW_ENTRIES else 1.0,
        retold=max(_spelt(profile.chars, one.spelt, rarity) for one in core),
        foretold=max(_spelt(one.chars, profile.spelt, rarity) for one in core),
    )


def _spelt(title: AbstractSet[str], told: AbstractSet[str], rarity: Rarity) -> float:
    """Share of a title's characters, by rarity, that another headline holds."""
    whole = math.fsum(map(rarity.of_pair, title))
    return math.fsum(map(rarity.of_pair, title & told)) / (whole + _FLOOR)


def _text(one: Profile, other: Profile, rarity: Rarity) -> float:
    """How far two descriptions are one: headlines of one event often come with the same."""
    if not one.body or not other.body:
        return 0.0
    shared, whole, rest = (
        math.fsum(map(rarity.of_term, terms)) for terms in (one.terms & other.terms, one.terms, other.terms)
    )
    return shared / (min(whole, rest) + _SHORT)


def _told(term: str, one: Profile, other: Profile, words: Words) -> float:
    """How telling a shared term is, in _SCALE nats; nothing where it is a name or of the day."""
    if words.is_named(term) or words.is_of_day(term):
        return 0.0
    return place_of(term, one, other) * words.weigh(term) / _SCALE
