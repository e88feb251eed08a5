"""Topics from platforms' hot lists: which entries tell of one event, and how it stands.

An entry on a list is a trend already: it raises a topic in the tick of its own snapshot, without warm-up or a
minimum of authors. A headline that belongs to two topics makes them one. Pure: the state and the tick's entries decide,
in order of their snapshots.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from detectors.delta import Ranking
from detectors.lifecycle import CLOSE_AFTER_MS
from detectors.likeness import PAIR_WEIGHTS, Weights, telling
from detectors.list_grounds import tie_of
from detectors.list_topics import (
    Entry,
    ListState,
    ListTopic,
    absorb,
    is_due,
    leave,
    next_state,
    reopen,
    return_to_list,
    told_of,
    update,
)
from detectors.profile import Profile, profile_of
from detectors.same_event import EVENT_WEIGHTS, Bag, Candidate, Words, topic_stage, weighed
from detectors.vanishing import Gone, has_vanished, marked

__all__ = ["Heard", "Lists", "Names"]

# Log odds from which a headline joins a topic, and from which it ties the next likely topic to that one as well
# (docs/decisions/0040, 0045)
SAME_EVENT, SAME_TOPIC = 0.25, 0.75
_TIED = 3  # topics next to the likest, at most, that one headline may tie to it
REOPEN_MS = 48 * 3_600_000
SETTLED_MS = 60_000  # a snapshot this old has come whole: what it lacks has left the list
MOVED_RANKS = 5  # a line is due when the best rank has changed by as much,
MOVED_HEAT = 0.2  # or the heat by this share
_TWO_MINUTES_MS = 120_000  # the longest that lies between two looks at the states
_HOUR_MS = 3_600_000


class Names(Protocol):
    """What the dictionary knows of a term: `detectors.broadcast.Broadcast`."""

    def is_name(self, term: str) -> bool:
        """Whether it may name somebody or something."""
        ...

    def is_region(self, term: str) -> bool:
        """Whether it names a region, a city or a country."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What a tick's entries have changed.

    Attributes:
        due: topic id -> ids of the entries for which a line is due now: it was raised, joined or raised again.
        ended: topics that turned out to be another one's event, with the entries they had.
    """

    due: dict[str, list[str]] = field(default_factory=dict)
    ended: list[ListTopic] = field(default_factory=list)


class Lists:
    """Follows the entries; changes its state in place."""

    def __init__(
        self, state: ListState, names: Names, *, pair: Weights = PAIR_WEIGHTS, event: Weights = EVENT_WEIGHTS
    ) -> None:
        """Go on from a state; the weights are others only while they are being fitted."""
        self.state = state
        self._names = names
        self._weights = (pair, event)
        self._of_entry = {entry: topic.id for topic in state.topics.values() for entry in topic.entries}
        self._terms: dict[str, Counter[str]] = {}  # topic -> term -> entries that hold it
        self._pairs: dict[str, set[str]] = {}  # topic -> pairs of characters of its titles
        self._stages: dict[str, str] = {}  # topic -> stage of the exam, or hazard, that it tells of
        self._crowd: Counter[str] = Counter()  # term -> topics that hold it
        for topic in state.topics.values():
            self._index(topic)

    def hear(self, rankings: Iterable[Ranking], snapshots: Iterable[tuple[str, int, int]], now_ms: int) -> Heard:
        """Take in a tick's entries.

        Args:
            rankings: in any order.
            snapshots: (list, time, lowest place) of the snapshots that came, whatever stood on them.
            now_ms: the tick.
        """
        for name, at_ms, places in sorted(snapshots):
            newest, _ = self.state.snapshots.get(name, (0, 0))
            if at_ms > newest:
                self.state.snapshots[name] = (at_ms, newest)
                self.state.places[name] = places
            elif at_ms == newest:  # the same one, in two parts
                self.state.places[name] = max(places, self.state.places.get(name, 0))
        heard = Heard()
        for ranking in sorted(rankings, key=lambda ranking: (ranking.at_ms, ranking.id)):
            if ranking.id in self._of_entry:
                self._see_again(ranking, heard, now_ms)
            else:
                self._place(ranking, heard, now_ms)
        return heard

    def age(self, now_ms: int) -> list[str]:
        """Once a minute: states, and which topics (ids) have changed enough for a line."""
        due: list[str] = []
        ages = [now_ms - newest for newest, _ in self.state.snapshots.values()]
        has_news = any(SETTLED_MS <= age < SETTLED_MS + _TWO_MINUTES_MS for age in ages)
        for topic in list(self.state.topics.values()):
            if topic.gone is not None and topic.gone.is_watched and self._vanishes(topic, topic.gone, now_ms):
                due.append(topic.id)
            if topic.closed_ms:
                if now_ms - topic.closed_ms >= REOPEN_MS:
                    self._forget(topic)
                continue
            if not (has_news or is_due(topic, now_ms)):
                continue
            standing = self.standing(topic, now_ms)
            if not standing and (settled := self._lacking(topic, now_ms)):
                leave(topic, settled, self.state.places)
            state = next_state(topic, standing, now_ms)
            if state != topic.state or _has_moved(topic, standing):
                topic.state, topic.closed_ms = state, now_ms if state == "closed" else 0
                due.append(topic.id)
        return list(dict.fromkeys(due))

    def standing(self, topic: ListTopic, now_ms: int) -> list[Entry]:
        """Its entries that the newest whole snapshot of their list held."""
        settled = self._settled(now_ms)
        since = now_ms - CLOSE_AFTER_MS  # a list that nobody has read for so long tells nothing of now
        return [
            entry
            for entry in topic.entries.values()
            if entry.ranking.at_ms >= settled.get(entry.ranking.list, 0) and entry.ranking.at_ms > since
        ]

    def _settled(self, now_ms: int) -> dict[str, int]:
        """List -> time of its newest snapshot that has come whole."""
        return {
            name: newest if now_ms - newest >= SETTLED_MS else before
            for name, (newest, before) in self.state.snapshots.items()
        }

    def _lacking(self, topic: ListTopic, now_ms: int) -> int:
        """The whole snapshot of the list on which it stood last that lacks it; 0 where there is none yet."""
        settled = self._settled(now_ms)
        last = [entry.ranking.list for entry in topic.entries.values() if entry.ranking.at_ms == topic.seen_ms]
        return min((at_ms for name in last if (at_ms := settled.get(name, 0)) > topic.seen_ms), default=0)

    def _vanishes(self, topic: ListTopic, gone: Gone, now_ms: int) -> bool:
        """Flag it where the time has come."""
        last = [entry.ranking.list for entry in topic.entries.values() if entry.ranking.at_ms == gone.last_ms]
        settled = self._settled(now_ms)
        if not has_vanished(gone, min((settled.get(name, 0) for name in last), default=0)):
            return False
        gone.vanished_ms = now_ms
        return True

    def rename(self, topic: ListTopic, name: str) -> None:
        """Give a topic another id."""
        self.state.topics[name] = self.state.topics.pop(topic.id)
        self._terms[name] = self._terms.pop(topic.id)
        self._pairs[name] = self._pairs.pop(topic.id)
        self._stages[name] = self._stages.pop(topic.id)
        self._of_entry.update(dict.fromkeys(topic.entries, name))
        topic.id = name

    def candidates(self, ranking: Ranking) -> list[Candidate]:
        """The topics that an entry may belong to, most likely first."""
        return self._candidates(self.profile_of(ranking), ranking.at_ms)

    def _see_again(self, ranking: Ranking, heard: Heard, now_ms: int) -> None:
        """An entry that is known: its place and heat, and a second look where it comes with its first description."""
        topic = self.state.topics[self._of_entry[ranking.id]]
        entry = topic.entries[ranking.id]
        has_more = update(entry, ranking)
        is_back = return_to_list(topic, ranking.at_ms)
        topic.seen_ms = max(topic.seen_ms, ranking.at_ms)
        if reopen(topic, now_ms) or is_back:
            heard.due.setdefault(topic.id, []).append(ranking.id)
        if has_more:
            profile = self.profile_of(ranking)
            found, is_single = self._candidates(profile, ranking.at_ms), len(topic.entries) == 1
            may_tie = [other for other in found if is_single or other.stage == self._stages[topic.id]]
            found = [other for other in may_tie if other.id != topic.id]
            entry.profile = profile
            self._index(topic)
            least = SAME_EVENT if is_single else SAME_TOPIC
            if found and found[0].margin >= least:
                entry.ties.append(tie_of(found[0], self._weights[1]))
                self._tie(topic, found[0].id, ranking.id, heard, now_ms)

    def _place(self, ranking: Ranking, heard: Heard, now_ms: int) -> None:
        """A new entry: into the topic it most likely belongs to, else one of its own."""
        profile = self.profile_of(ranking)
        found = self._candidates(profile, ranking.at_ms)
        joins = bool(found) and found[0].margin >= SAME_EVENT
        topic = self.state.topics[found[0].id] if joins else self._raise(ranking, now_ms)
        self.state.rarity.learn(profile, [entry.profile for entry in topic.entries.values()])
        topic.entries[ranking.id] = Entry(
            ranking=ranking,
            profile=profile,
            first_ms=ranking.at_ms,
            top_rank=ranking.rank,
            top_heat=ranking.heat,
            marks=marked([], ranking.at_ms, ranking.heat, ranking.rank),
            ties=[tie_of(found[0], self._weights[1])] if joins else [],
        )
        return_to_list(topic, ranking.at_ms)
        topic.seen_ms = max(topic.seen_ms, ranking.at_ms)
        self._of_entry[ranking.id] = topic.id
        self._index(topic)
        reopen(topic, now_ms)
        heard.due.setdefault(topic.id, []).append(ranking.id)
        for other in found[1 : 1 + _TIED] if joins else ():
            if other.margin >= SAME_TOPIC and other.stage == found[0].stage:
                topic.entries[ranking.id].ties.append(tie_of(other, self._weights[1]))
                topic = self._tie(topic, other.id, ranking.id, heard, now_ms)

    def _tie(self, topic: ListTopic, other: str, entry: str, heard: Heard, now_ms: int) -> ListTopic:
        """Make two topics one; the elder, or the one of which posts tell, stays, and tells it at once."""
        two = (topic, self.state.topics[other])
        if all(topic.has_posts for topic in two):
            return topic  # two topics of posts: those who follow posts would have merged them
        elder, younger = sorted(two, key=lambda topic: (not topic.has_posts, topic.first_ms, topic.id))
        news = [*heard.due.pop(elder.id, ()), *heard.due.pop(younger.id, ())]
        del self.state.topics[younger.id]
        self._crowd.subtract(self._terms.pop(younger.id).keys())
        del self._pairs[younger.id], self._stages[younger.id]
        absorb(elder, younger)
        self._of_entry.update(dict.fromkeys(younger.entries, elder.id))
        self._index(elder)
        reopen(elder, now_ms)
        heard.due[elder.id] = list(dict.fromkeys([entry, *news]))
        heard.ended.append(younger)
        return elder

    def profile_of(self, ranking: Ranking) -> Profile:
        """What an entry is compared by."""
        title, names, categories = "".join(ranking.title), self._names, ranking.categories
        return profile_of(title, ranking.head, ranking.body, names.is_region, names.is_name, categories=categories)

    def _candidates(self, profile: Profile, at_ms: int) -> list[Candidate]:
        pair, event = self._weights
        return weighed(
            profile,
            [self._bag(topic, at_ms) for topic in self.state.topics.values()],
            rarity=self.state.rarity,
            words=Words(self.weigh, self._is_named, self._crowd.__getitem__),
            pair=pair,
            event=event,
        )

    def _bag(self, topic: ListTopic, at_ms: int) -> Bag:
        return Bag(
            id=topic.id,
            profiles=[entry.profile for entry in topic.entries.values()],
            terms=self._terms[topic.id],
            pairs=self._pairs[topic.id],
            hours=abs(at_ms - topic.seen_ms) / _HOUR_MS,
            stage=self._stages[topic.id],
        )

    def weigh(self, term: str) -> float:
        """How much a term tells of one event now: `likeness.telling`."""
        return telling(
            term,
            rarity=self.state.rarity,
            is_name=self._names.is_name(term),
            crowd=self._crowd[term],
            topics=len(self.state.topics),
        )

    def _is_named(self, term: str) -> bool:
        return self._names.is_name(term) or self._names.is_region(term)

    def _index(self, topic: ListTopic) -> None:
        """Know again which terms the topic holds."""
        self._crowd.subtract(self._terms.get(topic.id, Counter()).keys())
        counts = Counter(term for entry in topic.entries.values() for term in entry.profile.terms)
        self._terms[topic.id] = counts
        self._pairs[topic.id] = {pair for entry in topic.entries.values() for pair in entry.profile.pairs}
        self._stages[topic.id] = topic_stage([entry.profile for entry in topic.entries.values()])
        self._crowd.update(counts.keys())

    def _raise(self, ranking: Ranking, now_ms: int) -> ListTopic:
        name = blake2b(f"{ranking.id}@{ranking.at_ms}".encode(), digest_size=6).hexdigest()
        topic = ListTopic(
            id=name,
            entries={},
            first_ms=ranking.at_ms,
            raised_ms=now_ms,
            raised_heat=ranking.heat or 0,
            seen_ms=ranking.at_ms,
        )
        self.state.topics[name] = topic
        self._terms[name], self._pairs[name], self._stages[name] = Counter(), set(), ""
        return topic

    def _forget(self, topic: ListTopic) -> None:
        del self.state.topics[topic.id], self._pairs[topic.id], self._stages[topic.id]
        for term in self._terms.pop(topic.id):
            self._crowd[term] -= 1
            if not self._crowd[term]:
                del self._crowd[term]
        for entry in topic.entries:
            self._of_entry.pop(entry, None)


def _has_moved(topic: ListTopic, standing: Sequence[Entry]) -> bool:
    """Whether rank or heat differ much from what was told last."""
    (told_rank, told_heat), (rank, heat) = topic.told, told_of(standing)
    return bool(standing) and (
        abs(rank - told_rank) >= MOVED_RANKS or abs(heat - told_heat) > MOVED_HEAT * max(told_heat, 1)
    )
