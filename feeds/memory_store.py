"""The feed's store in memory, for tests and nothing else: it obeys the same contract suite as the one on Redis."""

from collections.abc import Iterable, Sequence

from contracts.mute import Mute, mute_of_topic
from contracts.split import Split, in_time
from contracts.triage import Triage
from feeds.board import Entry
from feeds.feed_store import BEGINNING, Changes, MergeError, oldest_split_ms
from feeds.merging import roots_of
from feeds.triage import AuditEvent

__all__ = ["MemoryFeedStore"]


class MemoryFeedStore:
    """See FeedStore."""

    def __init__(self) -> None:
        self._next = -1
        self._topics: dict[str, Entry] = {}
        self._triages: dict[str, Triage] = {}
        self._events: list[AuditEvent] = []
        self._changes: list[str] = []
        self._mutes: dict[str, Mute] = {}
        self._splits: dict[str, Split] = {}

    def next(self) -> int:
        """See FeedStore.next."""
        return self._next

    def put(self, expected_next: int, new_next: int, entries: Iterable[Entry], gone: Sequence[str]) -> bool:
        """See FeedStore.put."""
        if expected_next != self._next:
            return False
        self._next = new_next
        for entry in entries:
            self._topics[entry.line.topic] = entry
            self._changes.append(entry.line.topic)
        for name in gone:
            self._topics.pop(name, None)
            self._triages.pop(name, None)
            self._changes.append(name)
        return True

    def topics(self) -> dict[str, Entry]:
        """See FeedStore.topics."""
        return dict(self._topics)

    def some(self, names: Sequence[str]) -> dict[str, tuple[Entry, Triage]]:
        """See FeedStore.some."""
        known = [name for name in names if name in self._topics]
        return {name: (self._topics[name], self._triages.get(name, Triage())) for name in known}

    def triages(self) -> dict[str, Triage]:
        """See FeedStore.triages."""
        return dict(self._triages)

    def act(
        self,
        topic: str,
        before: Triage,
        after: Triage,
        *events: AuditEvent,
        mute: Mute | None = None,
        split: Split | None = None,
    ) -> bool:
        """See FeedStore.act."""
        if self._triages.get(topic, Triage()) != before:
            return False
        into = after.into if after.into != before.into else ""
        root = roots_of(self._triages, self._topics).get(into, into)
        if into and (into not in self._topics or topic in (into, root)):
            raise MergeError(into)
        self._triages[topic] = after
        if not after.is_settled_like(before):
            self._mutes.pop(mute_of_topic(topic), None)
        if mute is not None:
            self._mutes[mute.id] = mute
        if split is not None:
            self._splits = {known.id: known for known in self._splits.values() if known.at_ms > oldest_split_ms(split)}
            self._splits[split.id] = split
        self._changes.append(topic)
        self._events += events
        return True

    def splits(self) -> list[Split]:
        """See FeedStore.splits."""
        return sorted(self._splits.values(), key=in_time)

    def mutes(self) -> list[Mute]:
        """See FeedStore.mutes."""
        return list(self._mutes.values())

    def change_mutes(self, event: AuditEvent | None, *, add: Sequence[Mute] = (), end: Sequence[str] = ()) -> None:
        """See FeedStore.change_mutes."""
        for name in end:
            self._mutes.pop(name, None)
        self._mutes |= {mute.id: mute for mute in add}
        self._events += [event] if event is not None else []

    def note(self, event: AuditEvent) -> None:
        """See FeedStore.note."""
        self._events.append(event)

    def audit(self, topic: str | None, limit: int) -> list[AuditEvent]:
        """See FeedStore.audit."""
        return [event for event in reversed(self._events) if topic is None or _is_of(event, topic)][:limit]

    def log(self, before: str, limit: int) -> list[tuple[str, AuditEvent]]:
        """See FeedStore.log. Places count from 1."""
        end = int(before.partition("-")[0]) - 1 if before else len(self._events)
        return [(f"{place}-0", self._events[place - 1]) for place in range(end, 0, -1)][:limit]

    def changes(self, after: str, limit: int) -> Changes:
        """See FeedStore.changes. Ids count from 1."""
        place = int(after.partition("-")[0])
        found = [(f"{number}-0", name) for number, name in enumerate(self._changes, start=1) if number > place]
        return Changes(topics=found[:limit], is_whole=place <= len(self._changes))

    def last_change(self) -> str:
        """See FeedStore.last_change."""
        return f"{len(self._changes)}-0" if self._changes else BEGINNING


def _is_of(event: AuditEvent, topic: str) -> bool:
    other = event.detail.partition(" ")[0] if event.act in ("merge", "split", "divide", "rejoin") else ""
    return topic in (event.topic, other)
