"""What is known of topics from hot lists, and the states they pass through.

raised ──▶ emerging ──30 min, more entries or heat x 1.5──▶ trending ──off its lists──▶ fading ──6 h──▶ closed
▲                                                ▲────stands again────────┘              │
└──────────────────────────────── an entry of it within 48 h ────────────────────────────┘
"""

from collections.abc import Mapping, Sequence

import msgspec

from contracts.topic import State, Tie, TopicLine
from detectors.delta import Ranking
from detectors.lifecycle import CLOSE_AFTER_MS, SUSTAINED_MS
from detectors.profile import Profile
from detectors.rarity import Rarity
from detectors.vanishing import Gone, Leaver, Marks, left, marked

__all__ = [
    "Entry",
    "ListState",
    "ListTopic",
    "absorb",
    "is_due",
    "leave",
    "next_state",
    "reopen",
    "return_to_list",
    "told_of",
    "update",
]

GROWN = 1.5  # times its heat when raised


class Entry(msgspec.Struct, kw_only=True):
    """An entry of a list, as it stood last.

    Attributes:
        ranking: of the newest snapshot that held it.
        profile: by which it is compared.
        first_ms: the first snapshot that held it.
        top_rank, top_heat: the best it reached, None where the list does not tell.
        marks: its heat over the hours.
        ties: to the topic that it joined first, then to those that it made one with that.
    """

    ranking: Ranking
    profile: Profile
    first_ms: int
    top_rank: int | None
    top_heat: int | None
    marks: Marks = []
    ties: list[Tie] = []


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
        has_posts: a topic of posts of the same id tells of it (detectors/bonds.py).
        gone: how it left its lists, None while anything of it stands.
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
    has_posts: bool = False
    gone: Gone | None = None

    def title_words(self) -> set[str]:
        """Terms of its titles."""
        return {term for entry in self.entries.values() for term in entry.profile.head}

    def words(self) -> dict[str, float]:
        """Term -> how much it counts: the titles' 1, those of a description only a half."""
        words = {term: 0.5 for entry in self.entries.values() for term in entry.profile.body}
        return words | {term: 1.0 for entry in self.entries.values() for term in entry.profile.head}


class ListState(msgspec.Struct, kw_only=True):
    """All that is remembered of lists.

    Attributes:
        topics: id -> topic, those closed within 48 hours included.
        rarity: how telling terms are.
        snapshots: list -> times of its newest snapshot and of the one before, 0 where there is none.
        places: list -> how many places its newest snapshot had, 0 where it tells none.
    """

    topics: dict[str, ListTopic] = {}
    rarity: Rarity = msgspec.field(default_factory=Rarity)
    snapshots: dict[str, tuple[int, int]] = {}
    places: dict[str, int] = {}


def next_state(topic: ListTopic, standing: Sequence[Entry], now_ms: int) -> State:
    """The state that an open topic is in now."""
    if now_ms - topic.seen_ms >= CLOSE_AFTER_MS:
        return "closed"
    if not standing:
        return "fading"
    if topic.state != "emerging":
        return "trending"
    has_grown = told_of(standing)[1] >= GROWN * topic.raised_heat > 0 or len(standing) > 1
    return "trending" if has_grown or now_ms - topic.raised_ms >= SUSTAINED_MS else "emerging"


def is_due(topic: ListTopic, now_ms: int) -> bool:
    """Whether time alone may change the state: it has been gone, or new, for long enough."""
    is_sustained = topic.state == "emerging" and now_ms - topic.raised_ms >= SUSTAINED_MS
    return is_sustained or now_ms - topic.seen_ms >= CLOSE_AFTER_MS


def told_of(standing: Sequence[Entry]) -> tuple[int, int]:
    """(best rank, highest heat) of entries, 0 where no list tells; kept as `ListTopic.told`."""
    ranks = [entry.ranking.rank for entry in standing if entry.ranking.rank is not None]
    return min(ranks, default=0), max((entry.ranking.heat or 0 for entry in standing), default=0)


def reopen(topic: ListTopic, now_ms: int) -> bool:
    """Take up a closed topic again; false where it had not closed."""
    if not topic.closed_ms:
        return False
    topic.closed_ms, topic.state, topic.raised_ms = 0, "emerging", now_ms
    topic.raised_heat = max(entry.ranking.heat or 0 for entry in topic.entries.values())
    return True


def absorb(topic: ListTopic, other: ListTopic) -> None:
    """Take over the entries of a topic that turns out to be the same event; the other one is left as it was."""
    topic.entries = {**topic.entries, **other.entries}
    topic.seen_ms = max(topic.seen_ms, other.seen_ms)
    topic.raised_heat = max(topic.raised_heat, other.raised_heat)
    topic.gone = None  # a new entry made the two one: it stands


def leave(topic: ListTopic, settled_ms: int, places: Mapping[str, int]) -> None:
    """Note how it left: nothing of it stands in its list's newest whole snapshot, of `settled_ms`.

    `places` are those of ListState.
    """
    if topic.gone is None:
        last = [entry for entry in topic.entries.values() if entry.ranking.at_ms == topic.seen_ms]
        leavers = [
            Leaver(
                rank=entry.ranking.rank,
                heat=entry.ranking.heat,
                top_heat=entry.top_heat,
                first_ms=entry.first_ms,
                marks=entry.marks,
                places=places.get(entry.ranking.list, 0),
            )
            for entry in last
        ]
        topic.gone = left(leavers, topic.seen_ms, settled_ms)


def return_to_list(topic: ListTopic, at_ms: int) -> bool:
    """An entry of it stands in a snapshot; true when it had been flagged as vanished."""
    had_vanished = topic.gone is not None and topic.gone.vanished_ms > 0
    if topic.gone is not None and at_ms > topic.gone.last_ms:
        topic.gone = None
    return had_vanished and topic.gone is None


def update(entry: Entry, ranking: Ranking) -> bool:
    """Take a newer snapshot's place and heat; true when it brings a description where the profile has none."""
    if ranking.at_ms < entry.ranking.at_ms:
        return False
    entry.ranking = ranking
    entry.marks = marked(entry.marks, ranking.at_ms, ranking.heat, ranking.rank)
    if ranking.rank is not None:
        entry.top_rank = min(ranking.rank, entry.top_rank or ranking.rank)
    if ranking.heat is not None:
        entry.top_heat = max(ranking.heat, entry.top_heat or 0)
    return bool(ranking.body) and not entry.profile.body
