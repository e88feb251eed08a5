"""The board as this process knows it: a copy in memory that follows the store's changes.

store ──changes──▶ LiveBoard ──▶ pages, API, live events      (asked of memory; the store is read five times a second)
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable

import msgspec

from contracts.errors import RetryableError
from contracts.triage import Triage
from feeds.board import Entry
from feeds.feed_store import BEGINNING, Changes, FeedStore
from feeds.merging import roots_of, together
from feeds.ranking import Filter, select

__all__ = ["LiveBoard"]

log = logging.getLogger(__name__)

_POLL_S = 0.2
_AWAY_S = 1.0
_READ = 2000
_KEPT = 10_000
_UNTOUCHED = Triage()


class LiveBoard:
    """Owned by one event loop; only `_read` runs on other threads.

    Attributes:
        entries: topics as they are shown, with what was merged into them.
        triages: what was decided about them; a topic whose merged one has left is open again.
        cursor: number of the newest change taken in.
        newest_ms: event time of the newest line.
        is_ready: whether the store answers.
    """

    def __init__(self, store: FeedStore, clock: Callable[[], int]) -> None:
        self.entries: dict[str, Entry] = {}
        self.triages: dict[str, Triage] = {}
        self.cursor = BEGINNING
        self.newest_ms = 0
        self.is_ready = False
        self.clock = clock
        self._store = store
        self._alone: dict[str, Entry] = {}  # without what was merged into them
        self._roots: dict[str, str] = {}
        self._recent: deque[tuple[str, str]] = deque(maxlen=_KEPT)
        self._news = asyncio.Condition()
        self._is_closed = False
        self._closing: asyncio.Future[None] | None = None

    async def follow(self) -> None:
        """Until cancelled; while the store is away the board stands still and says that it is not ready."""
        while True:
            try:
                pause = 0.0 if await self.step() else _POLL_S
            except RetryableError as error:
                if self.is_ready:
                    log.warning("the feed stands still: %s", error, extra={"event": "feed.away"})
                self.is_ready = False
                pause = _AWAY_S
            await asyncio.sleep(pause)

    async def step(self) -> bool:
        """Take in what has changed; whether there may be more at once."""
        if not self.is_ready:
            await self._load()
        changes, found = await asyncio.to_thread(self._read, self.cursor)
        if not changes.is_whole:
            self.is_ready = False
            return True
        self._take(changes, found)
        if changes.topics:
            await self._tell()
        return len(changes.topics) == _READ

    def see(self, topic: str, triage: Triage) -> None:
        """An act of this process: known at once, whoever asks next."""
        if topic in self.entries:
            self.triages[topic] = triage
            self._arrange([topic])

    def triage_of(self, topic: str) -> Triage:
        """What was decided about a topic."""
        return self.triages.get(topic, _UNTOUCHED)

    def select(self, wanted: Filter, who: str) -> list[Entry]:
        """The wanted topics, the most pressing first."""
        return select(self.entries.values(), self.triages, wanted, who=who, now_ms=self.clock())

    def since(self, after: str) -> list[str] | None:
        """Topics that changed behind this place, each once; None where it is too long ago: load everything."""
        if after == self.cursor:
            return []
        changed: dict[str, None] = {}
        for number, topic in reversed(self._recent):
            if number == after:
                return list(reversed(changed))
            changed.setdefault(topic)
        return list(reversed(changed)) if after == BEGINNING and len(self._recent) < _KEPT else None

    async def wait(self, after: str, timeout_s: float) -> bool:
        """Until something has changed behind this place; False when time is up or the feed ends."""
        try:
            async with asyncio.timeout(timeout_s), self._news:
                await self._news.wait_for(lambda: self.cursor != after or self._is_closed)
        except TimeoutError:
            return False
        return not self._is_closed

    @property
    def is_closed(self) -> bool:
        """Whether those who wait should go."""
        return self._is_closed

    def close(self) -> None:
        """Let go of everybody who waits; on the event loop."""
        self._is_closed = True
        self._closing = asyncio.ensure_future(self._tell())

    async def _load(self) -> None:
        """Everything anew: changes first, so that what changes meanwhile is read again, not missed."""
        changes = await asyncio.to_thread(self._store.changes, BEGINNING, _KEPT)
        self._alone = await asyncio.to_thread(self._store.topics)
        self.triages = await asyncio.to_thread(self._store.triages)
        self.cursor = changes.topics[-1][0] if changes.topics else BEGINNING
        self.newest_ms = max((entry.points[-1].at_ms for entry in self._alone.values()), default=0)
        self.entries = dict(self._alone)
        self._arrange(self._alone)
        moved = ((number, self._roots.get(topic, topic)) for number, topic in changes.topics)
        self._recent = deque((change for pair in zip(changes.topics, moved, strict=True) for change in pair), _KEPT)
        self.is_ready = True
        await self._tell()

    def _read(self, cursor: str) -> tuple[Changes, dict[str, tuple[Entry, Triage]]]:
        changes = self._store.changes(cursor, _READ)
        return changes, self._store.some(list({topic for _, topic in changes.topics}))

    def _take(self, changes: Changes, found: dict[str, tuple[Entry, Triage]]) -> None:
        for topic in {topic for _, topic in changes.topics}:
            if topic not in found:
                self._alone.pop(topic, None)
                self.triages.pop(topic, None)
                continue
            self._alone[topic], triage = found[topic]
            if triage.revision >= self.triage_of(topic).revision:  # else an act of this process came behind the reading
                self.triages[topic] = triage
            self.newest_ms = max(self.newest_ms, self._alone[topic].points[-1].at_ms)
        moved = self._arrange(dict.fromkeys(topic for _, topic in changes.topics))
        for number, topic in changes.topics:
            self._recent.append((number, topic))
            self.cursor = number
        self._recent.extend((self.cursor, topic) for topic in moved)

    def _arrange(self, changed: Iterable[str]) -> list[str]:
        """Show these topics as they are now; the other ones that this changes."""
        before, changed = self._roots, list(changed)
        if any(topic in before or self.triage_of(topic).into or topic not in self._alone for topic in changed):
            self._roots = roots_of(self.triages, self._alone)
            for name, triage in self.triages.items():
                if triage.into and name not in self._roots:
                    self.triages[name] = msgspec.structs.replace(triage, status="open", into="")
        roots = [root[topic] for topic in changed for root in (before, self._roots) if topic in root]
        lost = [topic for topic, root in before.items() if root not in self._alone]
        together_now = list(dict.fromkeys((*changed, *roots, *lost)))
        parts: dict[str, list[Entry]] = {}
        for topic, root in self._roots.items():
            parts.setdefault(root, []).append(self._alone[topic])
        for topic in together_now:
            if topic in self._alone:
                self.entries[topic] = together(self._alone[topic], parts.get(topic, ()))
            else:
                self.entries.pop(topic, None)
        return together_now[len(changed) :]

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()
