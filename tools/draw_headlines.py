"""Draw merges and near-misses of `detectors.lists` at random, for people to judge without knowing which is which.

    python -m tools.draw_headlines SNAPSHOTS OUT --weeks 2025-W07,2025-W08 --seed 1

SNAPSHOTS: hot lists (producers/hot_list.py). The lists are followed from beginning to end; what is drawn are headlines
that came in those weeks. Writes OUT.txt, a shuffled list of headlines, each with earlier ones of one topic: tell of
each line whether the headline is of their event, by docs/one-event.md; and OUT.key, "number kind" of each, to be
opened afterwards.

merge: the headline ended in a topic that had headlines before it. Shown: the topic's likest earlier headline, its first
and its newest. Right when it is the event of most of them.

near-miss: the headline was left alone, that is it ended in none of the topics that there were, though the detector had
compared it with some: they were seen in the 48 hours before and share more than common words. Shown: the likest of
these, with the same three. Right when it is another event.

like: of all topics seen in the 48 hours before, the likest one is at least LIKE like the headline, which ended
elsewhere. Two thirds of the headlines that have so like a topic ended in it, so these are the hardest of all.
Shown and judged as near-misses are.

Likeness is the cosine of the terms of headline and topic's likest headline by rarity, a term of a description counting
half. It knows nothing of what the detector weighs, so that a better detector does not draw harder near-misses.
"""

import argparse
import math
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from detectors.delta import Ranking
from detectors.list_topics import ListState, ListTopic
from detectors.lists import REOPEN_MS, Heard, Lists
from detectors.profile import Profile
from detectors.rarity import Rarity
from tools.hot_lists import Ticks, names, newcomers, read_ticks

LIKE = 0.15
KINDS = ("merge", "near", "like")
CHINA = timezone(timedelta(hours=8))


class Drawn(NamedTuple):
    """A headline with earlier ones: the likest, the first and the newest of their topic.

    Attributes:
        kind: one of KINDS.
    """

    kind: str
    headline: Ranking
    earlier: tuple[Ranking, ...]


class Met(NamedTuple):
    """A new headline, and each topic that it met: the topic's id, and how like and which its likest headlines are.

    Attributes:
        compared: ids of those that the detector compared it with.
    """

    headline: Ranking
    topics: list[tuple[float, str, tuple[Ranking, ...]]]
    compared: frozenset[str]


class Followed(Lists):
    """Lists that remember where they put each headline, and which topic became part of which."""

    def __init__(self) -> None:
        super().__init__(ListState(), names())
        self._put: dict[tuple[str, int], str] = {}
        self._became: dict[str, str] = {}

    def end_of(self, topic: str) -> str:
        """What a topic is in the end."""
        while topic in self._became:
            topic = self._became[topic]
        return topic

    def own_of(self, headline: Ranking) -> str:
        """The topic in which a headline ends."""
        return self.end_of(self._put[headline.id, headline.at_ms])

    def _place(self, ranking: Ranking, heard: Heard, now_ms: int) -> None:
        super()._place(ranking, heard, now_ms)
        self._put[ranking.id, ranking.at_ms] = self._of_entry[ranking.id]

    def _tie(self, topic: ListTopic, other: str, entry: str, heard: Heard, now_ms: int) -> ListTopic:
        kept = super()._tie(topic, other, entry, heard, now_ms)
        self._became.update({name: kept.id for name in (topic.id, other) if name != kept.id})
        return kept


def cosine(one: Profile, other: Profile, rarity: Rarity) -> float:
    """How alike two headlines are by their terms, 0 to 1."""

    def weight(term: str, profile: Profile) -> float:
        return rarity.of_term(term) * (1.0 if term in profile.head else 0.5)

    def size(profile: Profile) -> float:
        return math.sqrt(math.fsum(weight(term, profile) ** 2 for term in profile.terms)) or 1.0

    shared = math.fsum(weight(term, one) * weight(term, other) for term in one.terms & other.terms)
    return shared / size(one) / size(other)


def met_by(ranking: Ranking, lists: Lists) -> list[tuple[float, str, tuple[Ranking, ...]]]:
    """The topics that it could join, likest first."""
    profile, found = lists.profile_of(ranking), []
    for topic in lists.state.topics.values():
        if ranking.at_ms - topic.seen_ms <= REOPEN_MS:
            entries = list(topic.entries.values())
            like = [cosine(profile, entry.profile, lists.state.rarity) for entry in entries]
            likest = entries[like.index(max(like))]
            shown = dict.fromkeys(entry.ranking for entry in (likest, entries[0], entries[-1]))
            found.append((max(like), topic.id, tuple(shown)))
    return sorted(found, key=lambda topic: (-topic[0], topic[1]))


def population(ticks: Ticks) -> list[Drawn]:
    """All of every kind."""
    lists, drawn = Followed(), []
    for met in [
        Met(ranking, met_by(ranking, lists), frozenset(found.id for found in lists.candidates(ranking)))
        for ranking in newcomers(ticks, lists)
    ]:
        own = lists.own_of(met.headline)
        is_mine = [lists.end_of(topic) == own for _, topic, _ in met.topics]
        shown = {"merge": next((topic for topic, mine in zip(met.topics, is_mine, strict=True) if mine), None)}
        if not any(is_mine):
            shown["near"] = next((topic for topic in met.topics if topic[1] in met.compared), None)
        if met.topics and met.topics[0][0] >= LIKE and not is_mine[0]:
            shown["like"] = met.topics[0]
        drawn += [Drawn(kind, met.headline, topic[2]) for kind, topic in shown.items() if topic is not None]
    return drawn


def week_of(ranking: Ranking) -> str:
    """ISO week in China: 2025-W07."""
    return f"{datetime.fromtimestamp(ranking.at_ms / 1000, UTC).astimezone(CHINA):%G-W%V}"


def told(drawn: Drawn, descriptions: int) -> str:
    """A line to judge: the day, the headline with its description's terms, and the earlier ones."""

    def one(ranking: Ranking) -> str:
        return "".join(ranking.title) + (f" ({' '.join(ranking.body[:descriptions])})" if ranking.body else "")

    day = datetime.fromtimestamp(drawn.headline.at_ms / 1000, UTC).astimezone(CHINA)
    return f"{day:%m-%d %H} {one(drawn.headline)} ## {' / '.join(map(one, drawn.earlier))}"


def main() -> None:
    """Write the two files."""
    parser = argparse.ArgumentParser(prog="python -m tools.draw_headlines", description=__doc__)
    parser.add_argument("snapshots", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--weeks", default="", help="ISO weeks, a comma between; all where none is given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument("--kinds", default=",".join(KINDS), help="which to draw, a comma between; default: all")
    parser.add_argument("--terms", type=int, default=12, help="of a description that are shown")
    asked = parser.parse_args()
    weeks = asked.weeks.split(",") if asked.weeks else []
    found = [one for one in population(read_ticks(asked.snapshots)) if not weeks or week_of(one.headline) in weeks]
    lines = sample(found, asked.each, random.Random(asked.seed), asked.kinds.split(","))
    texts = (f"{number} {told(one, asked.terms)}\n" for number, one in enumerate(lines))
    asked.out.with_suffix(".txt").write_text("".join(texts), encoding="utf-8")
    keys = (f"{number} {one.kind}\n" for number, one in enumerate(lines))
    asked.out.with_suffix(".key").write_text("".join(keys), encoding="utf-8")
    kinds = [one.kind for one in found]
    print(", ".join(f"{kind} {kinds.count(kind)}" for kind in KINDS) + f"; drawn {len(lines)}")


def sample(found: Sequence[Drawn], each: int, chance: random.Random, kinds: Sequence[str] = KINDS) -> list[Drawn]:
    """So many of each kind, or all where there are fewer, shuffled together."""
    drawn: list[Drawn] = []
    for kind in kinds:
        of_kind = [one for one in found if one.kind == kind]
        drawn += chance.sample(of_kind, min(each, len(of_kind)))
    chance.shuffle(drawn)
    return drawn


if __name__ == "__main__":
    main()
