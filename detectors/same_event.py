"""Which topic a new headline belongs to: what all its entries together say.

One pair of headlines often tells too little: a long case is told from many sides, and two cases in like words. So the
likest entries, what contradicts and how far the words for one thing are alike decide together. Pure.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from detectors.likeness import PAIR_WEIGHTS, Weights, likeness, traits_of
from detectors.occasions import is_of_hazard
from detectors.profile import Profile
from detectors.rarity import Rarity

__all__ = ["EVENT_WEIGHTS", "Bag", "Candidate", "Evidence", "Words", "topic_stage", "weighed"]

# Nats of terms, and of pairs of characters, that a headline shares with all of a topic: below, it is not compared
LEAST_SHARED, LEAST_SPELT = 2.5, 8.0
CORE_ENTRIES = 8  # the first ones, which a headline is compared with: so that a topic cannot drift entry by entry
FEW_ENTRIES = 3  # below it, nothing can be said of how many of them are alike
OF_STAGE = 9.0  # log odds that a rule gives or takes: beyond whatever is weighed
_APART = -1.5  # log odds of a pair, above which they are alike by themselves
_FLOOR = 3.0  # nats added to what a title holds: one of one word is not wholly shared with any that has it
_LONG = 6  # terms of a title
_MANY = 20  # topics


class Words(NamedTuple):
    """What is known of terms now.

    Attributes:
        weigh: term -> `likeness.telling`.
        is_named: whether it names somebody, something or a place.
        crowd: term -> present topics that hold it.
    """

    weigh: Callable[[str], float]
    is_named: Callable[[str], bool]
    crowd: Callable[[str], int]


class Evidence(NamedTuple):
    """What is weighed of a headline and a topic.

    Attributes:
        top: log odds with the likest entry.
        next: with the second likest; the likest where there is one.
        person: whether the headline tells of somebody on an occasion that the topic is about too (an exam).
        other: whether the likest entry does.
        size: log of the topic's entries, the first eight at most.
        linked: share of the first eight entries that are like it by themselves; 1 where there are fewer than three.
        retold: of the title's characters, by rarity, what title and description of one entry hold; the most.
        foretold: of the characters of one entry's title what the headline and its description hold; the most.
        numbers: whether headline and likest entry tell one number of the same thing ("14岁").
        miscounted: whether they count the same thing, each in other numbers.
        otherwise: of age, child (boy, girl) and school, in how many the two contradict each other, times `foretold`: in
            like words it is said of another child, in unlike ones the two may be two sides of a story.
        elsewhere: whether headline and topic name provinces, and none in common.
        names: whether all terms that the two titles share are names and places: two stories of one person.
        unshared: whether the two titles share no term.
        short: terms of the shorter of the two titles, by six.
        ending: whether the two titles end in the same two characters.
        saying: whether the headline tells what somebody said, or once did.
        categories: of the two's categories, the share that both have.
        proposals: whether headline and likest entry are both somebody's proposal: each is an event of its own.
        private: share of the first eight entries that name a private person (a hidden word) whom the headline names.
        crowd: log of 1 + topics that hold that term, of those the headline's title shares with another's, which the
            fewest hold; of one in which many are told, where they share none.
        reply: whether the headline tells of an answer or an inquiry, which has something before it.
        bare: whether the headline comes without a description.
        scores: 1 where the first eight entries tell a score of an exam that the headline tells of somebody, -1 where
            they tell only others.
    """

    top: float
    next: float
    person: float
    other: float
    size: float
    linked: float
    retold: float
    foretold: float
    numbers: float
    miscounted: float
    otherwise: float
    elsewhere: float
    names: float
    unshared: float
    short: float
    ending: float
    saying: float
    categories: float
    proposals: float
    private: float
    crowd: float
    reply: float
    bare: float
    scores: float


# tools/fit_likeness.py prints them: docs/decisions/0045
EVENT_WEIGHTS = Weights(
    -3.85,
    Evidence(
        top=0.37,
        next=0.23,
        person=-1.24,
        other=-0.84,
        size=0.72,
        linked=0.73,
        retold=3.28,
        foretold=4.01,
        numbers=1.12,
        miscounted=-0.87,
        otherwise=-1.94,
        elsewhere=-1.87,
        names=-0.62,
        unshared=0.4,
        short=-1.05,
        ending=-1.32,
        saying=0.98,
        categories=1.11,
        proposals=-3.62,
        private=1.61,
        crowd=0.25,
        reply=0.73,
        bare=0.37,
        scores=1.8,
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
        stage: `topic_stage` of its entries.
    """

    id: str
    profiles: Sequence[Profile]
    terms: Mapping[str, int]
    pairs: AbstractSet[str]
    hours: float
    stage: str = ""


class Candidate(NamedTuple):
    """A topic that a headline may belong to.

    Attributes:
        margin: log odds.
        id: of the topic.
        evidence: what they rest on, where no rule decides.
        stage: of the topic (`Bag.stage`).
    """

    margin: float
    id: str
    evidence: Evidence
    stage: str = ""


def topic_stage(profiles: Sequence[Profile]) -> str:
    """The stage of the exam, or the hazard, that half of a topic's first entries tell of; "" where there is none."""
    core = profiles[:CORE_ENTRIES]
    stages = [one.stage for one in core if one.stage and not one.is_alone]
    return next((stage for stage in stages if 2 * stages.count(stage) >= len(core)), "")


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
    found = []
    for bag in bags:
        rule = _by_rule(profile, bag)
        if rule == OF_STAGE or _has_common(profile, bag, rarity, words.weigh):
            evidence = _evidence(profile, bag, rarity=rarity, words=words, pair=pair)
            found.append(Candidate(rule or event.log_odds(evidence), bag.id, evidence, bag.stage))
    return sorted(found, key=lambda candidate: (-candidate.margin, candidate.id))


def _has_common(profile: Profile, bag: Bag, rarity: Rarity, weigh: Callable[[str], float]) -> bool:
    if math.fsum(map(weigh, profile.terms & bag.terms.keys())) >= LEAST_SHARED:
        return True
    return math.fsum(map(rarity.of_pair, profile.pairs & bag.pairs)) >= LEAST_SPELT


def _evidence(profile: Profile, bag: Bag, *, rarity: Rarity, words: Words, pair: Weights) -> Evidence:
    core = bag.profiles[:CORE_ENTRIES]
    ranked = sorted(
        (-likeness(traits_of(one, profile, hours=bag.hours, rarity=rarity, weigh=words.weigh), pair), number)
        for number, one in enumerate(core)
    )
    odds, nearest = [-negative for negative, _ in ranked], ranked[0][1]
    likest = core[nearest]
    shared = profile.head & likest.head
    foretold = max(_spelt(one.chars, profile.spelt, rarity) for one in core)
    heads = frozenset[str]().union(*(one.head for one in core))
    on_occasion = not profile.occasions.isdisjoint(bag.terms)
    return Evidence(
        top=odds[0],
        next=odds[min(1, len(odds) - 1)],
        person=float(on_occasion and profile.has_person),
        other=float(on_occasion and likest.has_person),
        size=math.log(len(core)),
        linked=sum(value > _APART for value in odds) / len(odds) if len(odds) >= FEW_ENTRIES else 1.0,
        retold=max(_spelt(profile.chars, one.spelt, rarity) for one in core),
        foretold=foretold,
        numbers=float(not profile.numbers.isdisjoint(likest.numbers)),
        miscounted=float(_counts_otherwise(profile, likest)),
        otherwise=_contradictions(profile, likest) * foretold,
        elsewhere=float(_is_elsewhere(profile, bag.profiles)),
        names=float(bool(shared) and all(map(words.is_named, shared))),
        unshared=float(not shared),
        short=min(len(profile.head), len(likest.head)) / _LONG,
        ending=float(profile.ending == likest.ending),
        saying=float(profile.tells_saying),
        categories=_overlap(profile.categories.split(), likest.categories.split()),
        proposals=float(profile.proposes and likest.proposes),
        private=sum(map(profile.shares_person, core)) / len(core),
        crowd=math.log1p(min(map(words.crowd, profile.head & heads), default=_MANY)),
        reply=float(profile.replies),
        bare=float(not profile.body),
        scores=_scores(profile, core),
    )


def _spelt(title: AbstractSet[str], told: AbstractSet[str], rarity: Rarity) -> float:
    """Share of a title's characters, by rarity, that another headline holds."""
    whole = math.fsum(map(rarity.of_pair, title))
    return math.fsum(map(rarity.of_pair, title & told)) / (whole + _FLOOR)


def _counts_otherwise(one: Profile, other: Profile) -> bool:
    counted = {number[-1] for number in one.numbers} & {number[-1] for number in other.numbers}
    return bool(counted) and one.numbers.isdisjoint(other.numbers)


def _contradictions(one: Profile, other: Profile) -> int:
    """How many of `profile.FACTS` but places are told of both, and differ."""
    facts = zip(one.facts[1:], other.facts[1:], strict=True)
    return sum(bool(mine) and bool(theirs) and mine.isdisjoint(theirs) for mine, theirs in facts)


def _is_elsewhere(profile: Profile, entries: Sequence[Profile]) -> bool:
    places = frozenset[str]().union(*(entry.provinces for entry in entries)) if profile.provinces else frozenset()
    return bool(places) and profile.provinces.isdisjoint(places)


def _by_rule(profile: Profile, bag: Bag) -> float:
    """Log odds by docs/one-event.md, whatever the words; 0 where no rule decides.

    To a stage of the exam belongs what tells of it, and nothing else; to a storm or a quake, what names it. The like
    elsewhere, or of another child, is another event (`Profile.is_the_like`).
    """
    own = "" if profile.is_alone else profile.stage
    if own and own == bag.stage and not (is_of_hazard(own) and _is_elsewhere(profile, bag.profiles)):
        return OF_STAGE
    if own != bag.stage and not all(not one or is_of_hazard(one) for one in (own, bag.stage)):
        return -OF_STAGE
    return -OF_STAGE if any(map(profile.is_the_like, bag.profiles[:CORE_ENTRIES])) else 0.0


def _scores(profile: Profile, entries: Sequence[Profile]) -> float:
    told = frozenset[str]().union(*(one.scores for one in entries)) if profile.scores else frozenset()
    return 0.0 if not told else -1.0 if told.isdisjoint(profile.scores) else 1.0


def _overlap(one: Sequence[str], other: Sequence[str]) -> float:
    return len({*one} & {*other}) / max(1, len({*one} | {*other}))
