"""The board as this process knows it: a copy in memory that follows the store's changes.

store ──changes──▶ LiveBoard ──▶ pages, API, live events      (asked of memory; the store is read five times a second)
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from contracts.errors import RetryableError
from feeds.board import Entry
from feeds.feed_store import BEGINNING, Changes, FeedStore
from feeds.ranking import Filter, select
from feeds.triage import Triage

__all__ = ["LiveBoard"]

log = logging.getLogger(__name__)

_POLL_S = 0.2
_AWAY_S = 1.0
_READ = 2000
_KEPT = 10_000
_UNTOUCHED = Triage()


class LiveBoard:
    """Owned by one event loop; only `_read` runs on other threads."""

    def __init__(self, store: FeedStore, clock: Callable[[], int]) -> None:
        self.entries: dict[str, Entry] = {}
        self.triages: dict[str, Triage] = {}
        self.cursor = BEGINNING
        self.newest_ms = 0
        self.is_ready = False
        self.clock = clock
        self._store = store
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
        self.entries = await asyncio.to_thread(self._store.topics)
        self.triages = await asyncio.to_thread(self._store.triages)
        self._recent = deque(changes.topics, maxlen=_KEPT)
        self.cursor = changes.topics[-1][0] if changes.topics else BEGINNING
        self.newest_ms = max((entry.points[-1].at_ms for entry in self.entries.values()), default=0)
        self.is_ready = True
        await self._tell()

    def _read(self, cursor: str) -> tuple[Changes, dict[str, tuple[Entry, Triage]]]:
        changes = self._store.changes(cursor, _READ)
        return changes, self._store.some(list({topic for _, topic in changes.topics}))

    def _take(self, changes: Changes, found: dict[str, tuple[Entry, Triage]]) -> None:
        for number, topic in changes.topics:
            self._recent.append((number, topic))
            self.cursor = number
            if topic not in found:
                self.entries.pop(topic, None)
                self.triages.pop(topic, None)
                continue
            self.entries[topic], self.triages[topic] = found[topic]
            self.newest_ms = max(self.newest_ms, self.entries[topic].points[-1].at_ms)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()
