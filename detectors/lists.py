"""Topics from platforms' hot lists: which entries tell of one event, and how it stands.

An entry on a list is a trend already: it raises a topic in the tick of its own snapshot, without warm-up or a
minimum of authors. Pure: the state and the tick's entries decide, in order of their snapshots.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from itertools import islice

from detectors.delta import Ranking
from detectors.lifecycle import CLOSE_AFTER_MS
from detectors.likeness import Profile, likeness, profile_of, telling
from detectors.list_topics import Entry, ListState, ListTopic, is_due, next_state, reopen, told_of, update

__all__ = ["Lists"]

SAME_EVENT = 0.6  # likeness from which two headlines tell of one event (docs/decisions/0006)
CORE_ENTRIES = 6  # the first ones, which later ones are compared with: so that a topic cannot drift entry by entry
FEW_ENTRIES = 3  # below it, no term can be said to be the event's own
REOPEN_MS = 48 * 3_600_000
SETTLED_MS = 60_000  # a snapshot this old has come whole: what it lacks has left the list
MOVED_RANKS = 5  # a line is due when the best rank has changed by as much,
MOVED_HEAT = 0.2  # or the heat by this share
_TWO_MINUTES_MS = 120_000  # the longest that lies between two looks at the states
_HOUR_MS = 3_600_000


class Lists:
    """Follows the entries; changes its state in place."""

    def __init__(self, state: ListState, is_name: Callable[[str], bool]) -> None:
        """Go on from a state; `is_name` says whether a term may name somebody or something."""
        self.state = state
        self._is_name = is_name
        self._of_entry = {entry: topic.id for topic in state.topics.values() for entry in topic.entries}
        self._terms: dict[str, Counter[str]] = {}  # topic -> term -> entries that hold it
        self._crowd: Counter[str] = Counter()  # term -> topics that hold it
        for topic in state.topics.values():
            self._index(topic)

    def hear(
        self, rankings: Iterable[Ranking], snapshots: Iterable[tuple[str, int]], now_ms: int
    ) -> dict[str, list[str]]:
        """Take in a tick's entries.

        Args:
            rankings: in any order.
            snapshots: (list, time) of the snapshots that came, whatever stood on them.
            now_ms: the tick.

        Returns:
            Topic id -> ids of the entries for which a line is due now: it was raised, joined or raised again.
        """
        for name, at_ms in sorted(snapshots):
            newest, _ = self.state.snapshots.get(name, (0, 0))
            if at_ms > newest:
                self.state.snapshots[name] = (at_ms, newest)
        due: dict[str, list[str]] = {}
        for ranking in sorted(rankings, key=lambda ranking: (ranking.at_ms, ranking.id)):
            topic, is_news = self._place(ranking, now_ms)
            if is_news:
                due.setdefault(topic.id, []).append(ranking.id)
        return due

    def age(self, now_ms: int) -> list[str]:
        """Once a minute: states, and which topics (ids) have changed enough for a line."""
        due: list[str] = []
        ages = [now_ms - newest for newest, _ in self.state.snapshots.values()]
        has_news = any(SETTLED_MS <= age < SETTLED_MS + _TWO_MINUTES_MS for age in ages)
        for topic in list(self.state.topics.values()):
            if topic.closed_ms:
                if now_ms - topic.closed_ms >= REOPEN_MS:
                    self._forget(topic)
                continue
            if not (has_news or is_due(topic, now_ms)):
                continue
            standing = self.standing(topic, now_ms)
            state = next_state(topic, standing, now_ms)
            if state != topic.state or _has_moved(topic, standing):
                topic.state, topic.closed_ms = state, now_ms if state == "closed" else 0
                due.append(topic.id)
        return due

    def standing(self, topic: ListTopic, now_ms: int) -> list[Entry]:
        """Its entries that the newest whole snapshot of their list held."""
        settled = {
            name: newest if now_ms - newest >= SETTLED_MS else before
            for name, (newest, before) in self.state.snapshots.items()
        }
        since = now_ms - CLOSE_AFTER_MS  # a list that nobody has read for so long tells nothing of now
        return [
            entry
            for entry in topic.entries.values()
            if entry.ranking.at_ms >= settled.get(entry.ranking.list, 0) and entry.ranking.at_ms > since
        ]

    def _place(self, ranking: Ranking, now_ms: int) -> tuple[ListTopic, bool]:
        """The entry's topic, and whether that is news."""
        owner = self._of_entry.get(ranking.id)
        if owner is not None:
            topic = self.state.topics[owner]
            if update(topic.entries[ranking.id], ranking):
                self._index(topic)
            topic.seen_ms = max(topic.seen_ms, ranking.at_ms)
            return topic, reopen(topic, now_ms)
        profile = profile_of("".join(ranking.title), ranking.head, ranking.body)
        found = self._same_event(profile, ranking.at_ms)
        topic = self._raise(ranking, now_ms) if found is None else found
        self.state.rarity.learn(profile, [entry.profile for entry in topic.entries.values()])
        topic.entries[ranking.id] = Entry(
            ranking=ranking, profile=profile, first_ms=ranking.at_ms, top_rank=ranking.rank, top_heat=ranking.heat
        )
        topic.seen_ms = max(topic.seen_ms, ranking.at_ms)
        self._of_entry[ranking.id] = topic.id
        self._index(topic)
        reopen(topic, now_ms)
        return topic, True

    def _same_event(self, profile: Profile, at_ms: int) -> ListTopic | None:
        """The topic that the headline is most alike, if it is alike enough; ties go to the smaller id."""
        best = min(
            ((-self._likeness(topic, profile, at_ms), topic.id) for topic in self.state.topics.values()),
            default=(0.0, ""),
        )
        return self.state.topics[best[1]] if -best[0] >= SAME_EVENT else None

    def _likeness(self, topic: ListTopic, profile: Profile, at_ms: int) -> float:
        """To the most alike of its first entries."""
        terms = self._terms[topic.id]
        if profile.terms.isdisjoint(terms):
            return 0.0
        size = len(topic.entries)
        held = profile.terms & terms.keys() if size >= FEW_ENTRIES else frozenset()
        shares = {term: terms[term] / size for term in held}
        return max(
            likeness(
                entry.profile,
                profile,
                hours=abs(at_ms - topic.seen_ms) / _HOUR_MS,
                rarity=self.state.rarity,
                weigh=self._weigh,
                shares=shares,
            )
            for entry in islice(topic.entries.values(), CORE_ENTRIES)
        )

    def _weigh(self, term: str) -> float:
        return telling(
            term,
            rarity=self.state.rarity,
            is_name=self._is_name(term),
            crowd=self._crowd[term],
            topics=len(self.state.topics),
        )

    def _index(self, topic: ListTopic) -> None:
        """Know again which terms the topic holds."""
        self._crowd.subtract(self._terms.get(topic.id, Counter()).keys())
        counts = Counter(term for entry in topic.entries.values() for term in entry.profile.terms)
        self._terms[topic.id] = counts
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
        self._terms[name] = Counter()
        return topic

    def _forget(self, topic: ListTopic) -> None:
        del self.state.topics[topic.id]
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
