"""Topics from platforms' hot lists: which entries tell of one event, and how it stands.

    raised ──▶ emerging ──30 min, more entries or heat x 1.5──▶ trending ──off its lists──▶ fading ──6 h──▶ closed
                  ▲                                                ▲────stands again────────┘              │
                  └──────────────────────────────── an entry of it within 48 h ────────────────────────────┘

An entry on a list is a trend already: it raises a topic in the tick of its own snapshot, without warm-up or a
minimum of authors. Pure: the state and the tick's entries decide, in order of their snapshots.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b

import msgspec

from contracts.topic import State, TopicLine
from detectors.delta import Ranking
from detectors.likeness import Profile, Rarity, likeness, profile_of
from detectors.lifecycle import CLOSE_AFTER_MS, SUSTAINED_MS

__all__ = ["Entry", "ListState", "ListTopic", "Lists"]

SAME_EVENT = 0.6  # likeness from which two headlines tell of one event (docs/decisions/0006)
CORE_ENTRIES = 6  # the first ones, which later ones are compared with: so that a topic cannot drift entry by entry
REOPEN_MS = 48 * 3_600_000
SETTLED_MS = 60_000  # a snapshot this old has come whole: what it lacks has left the list
GROWN = 1.5  # times its heat when raised
MOVED_RANKS = 5  # a line is due when the best rank has changed by as much,
MOVED_HEAT = 0.2  # or the heat by this share
_HOUR_MS = 3_600_000


class Entry(msgspec.Struct, kw_only=True):
    """An entry of a list, as it stood last.

    Attributes:
        ranking: of the newest snapshot that held it.
        profile: by which it is compared.
        first_ms: the first snapshot that held it.
        top_rank, top_heat: the best it reached, None where the list does not tell.
    """

    ranking: Ranking
    profile: Profile
    first_ms: int
    top_rank: int | None
    top_heat: int | None


class ListTopic(msgspec.Struct, kw_only=True):
    """An event that stands, or has stood, on lists.

    Attributes:
        id: stable for life, opaque.
        entries: entry id -> entry, in the order in which they joined.
        first_ms: its first entry's first snapshot.
        raised_ms: event time at which it was raised, or raised again.
        raised_heat: its heat then.
        seen_ms: newest snapshot that held one of its entries.
        state: as told last.
        closed_ms: 0 while it lives.
        line: told last, None before; `told` is (best rank, heat) then.
    """

    id: str
    entries: dict[str, Entry]
    first_ms: int
    raised_ms: int
    raised_heat: int = 0
    seen_ms: int
    state: State = "emerging"
    closed_ms: int = 0
    line: TopicLine | None = None
    told: tuple[int, int] = (0, 0)

    def core(self) -> list[Profile]:
        """What others are compared with."""
        return [entry.profile for entry in list(self.entries.values())[:CORE_ENTRIES]]


class ListState(msgspec.Struct, kw_only=True):
    """All that is remembered of lists.

    Attributes:
        topics: id -> topic, those closed within 48 hours included.
        rarity: how telling terms are.
        snapshots: list -> time of its newest snapshot.
    """

    topics: dict[str, ListTopic] = {}
    rarity: Rarity = msgspec.field(default_factory=Rarity)
    snapshots: dict[str, int] = {}


class Lists:
    """Follows the entries; changes its state in place."""

    def __init__(self, state: ListState, is_name: Callable[[str], bool]) -> None:
        """Go on from a state; `is_name` says whether a term may name somebody or something."""
        self.state = state
        self._is_name = is_name
        self._of_entry = {entry: topic.id for topic in state.topics.values() for entry in topic.entries}

    def hear(self, rankings: Iterable[Ranking], snapshots: Iterable[tuple[str, int]], now_ms: int) -> dict[str, list[str]]:
        """Take in a tick's entries.

        Args:
            rankings: in any order.
            snapshots: (list, time) of the snapshots that came, whatever stood on them.
            now_ms: the tick.

        Returns:
            Topic id -> ids of the entries for which a line is due now: it was raised, joined or raised again.
        """
        for name, at_ms in snapshots:
            self.state.snapshots[name] = max(at_ms, self.state.snapshots.get(name, 0))
        due: dict[str, list[str]] = {}
        for ranking in sorted(rankings, key=lambda ranking: (ranking.at_ms, ranking.id)):
            topic, is_news = self._place(ranking, now_ms)
            if is_news:
                due.setdefault(topic.id, []).append(ranking.id)
        return due

    def age(self, now_ms: int) -> list[str]:
        """Once a minute: states, and which topics (ids) have changed enough for a line."""
        due: list[str] = []
        for topic in list(self.state.topics.values()):
            if topic.closed_ms:
                if now_ms - topic.closed_ms >= REOPEN_MS:
                    self._forget(topic)
                continue
            state = next_state(topic, self.standing(topic, now_ms), now_ms)
            if state != topic.state or has_moved(topic, self.standing(topic, now_ms)):
                topic.state, topic.closed_ms = state, now_ms if state == "closed" else 0
                due.append(topic.id)
        return due

    def standing(self, topic: ListTopic, now_ms: int) -> list[Entry]:
        """Its entries that the newest whole snapshot of their list held."""
        settled = {name: at_ms for name, at_ms in self.state.snapshots.items() if now_ms - at_ms >= SETTLED_MS}
        return [
            entry
            for entry in topic.entries.values()
            if entry.ranking.at_ms >= settled.get(entry.ranking.list, 0) and now_ms - entry.ranking.at_ms < CLOSE_AFTER_MS
        ]

    def _place(self, ranking: Ranking, now_ms: int) -> tuple[ListTopic, bool]:
        """The entry's topic, and whether that is news."""
        owner = self._of_entry.get(ranking.id)
        if owner is not None:
            topic = self.state.topics[owner]
            _update(topic.entries[ranking.id], ranking)
            topic.seen_ms = max(topic.seen_ms, ranking.at_ms)
            return topic, _reopen(topic, now_ms)
        profile = profile_of("".join(ranking.title), ranking.head, ranking.body)
        found = self._same_event(profile, ranking.at_ms)
        topic = self._raise(ranking, now_ms) if found is None else found
        self.state.rarity.learn(profile, [entry.profile for entry in topic.entries.values()])
        topic.entries[ranking.id] = Entry(
            ranking=ranking, profile=profile, first_ms=ranking.at_ms, top_rank=ranking.rank, top_heat=ranking.heat
        )
        topic.seen_ms = max(topic.seen_ms, ranking.at_ms)
        self._of_entry[ranking.id] = topic.id
        _reopen(topic, now_ms)
        return topic, True

    def _same_event(self, profile: Profile, at_ms: int) -> ListTopic | None:
        """The topic that the headline is most alike, if it is alike enough; ties go to the smaller id."""
        best = min(
            ((-self._likeness(topic, profile, at_ms), topic.id) for topic in self.state.topics.values()),
            default=(0.0, ""),
        )
        return self.state.topics[best[1]] if -best[0] >= SAME_EVENT else None

    def _likeness(self, topic: ListTopic, profile: Profile, at_ms: int) -> float:
        return max(
            likeness(
                entry.profile,
                profile,
                hours=abs(at_ms - entry.first_ms) / _HOUR_MS,
                rarity=self.state.rarity,
                is_name=self._is_name,
            )
            for entry in list(topic.entries.values())[:CORE_ENTRIES]
        )

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
        return topic

    def _forget(self, topic: ListTopic) -> None:
        del self.state.topics[topic.id]
        for entry in topic.entries:
            self._of_entry.pop(entry, None)


def next_state(topic: ListTopic, standing: Sequence[Entry], now_ms: int) -> State:
    """The state that an open topic is in now."""
    if now_ms - topic.seen_ms >= CLOSE_AFTER_MS:
        return "closed"
    if not standing:
        return "fading"
    if topic.state != "emerging":
        return "trending"
    has_grown = _stand(standing)[1] >= GROWN * topic.raised_heat > 0 or len(standing) > 1
    return "trending" if has_grown or now_ms - topic.raised_ms >= SUSTAINED_MS else "emerging"


def has_moved(topic: ListTopic, standing: Sequence[Entry]) -> bool:
    """Whether rank or heat differ much from what was told last."""
    (told_rank, told_heat), (rank, heat) = topic.told, _stand(standing)
    return bool(standing) and (
        abs(rank - told_rank) >= MOVED_RANKS or abs(heat - told_heat) > MOVED_HEAT * max(told_heat, 1)
    )


def told_of(standing: Sequence[Entry]) -> tuple[int, int]:
    """What a line tells of the lists, to be kept as `ListTopic.told`."""
    return _stand(standing)


def _stand(standing: Sequence[Entry]) -> tuple[int, int]:
    """(best rank, highest heat), 0 where no list tells."""
    ranks = [entry.ranking.rank for entry in standing if entry.ranking.rank is not None]
    return min(ranks, default=0), max((entry.ranking.heat or 0 for entry in standing), default=0)


def _reopen(topic: ListTopic, now_ms: int) -> bool:
    if not topic.closed_ms:
        return False
    topic.closed_ms, topic.state, topic.raised_ms = 0, "emerging", now_ms
    topic.raised_heat = max(entry.ranking.heat or 0 for entry in topic.entries.values())
    return True


def _update(entry: Entry, ranking: Ranking) -> None:
    """Take a newer snapshot's place and heat; and its description, where there was none."""
    if ranking.at_ms < entry.ranking.at_ms:
        return
    entry.ranking = ranking
    if ranking.rank is not None:
        entry.top_rank = min(ranking.rank, entry.top_rank or ranking.rank)
    if ranking.heat is not None:
        entry.top_heat = max(ranking.heat, entry.top_heat or 0)
    if not entry.profile.body and ranking.body:
        entry.profile = profile_of("".join(ranking.title), ranking.head, ranking.body)
