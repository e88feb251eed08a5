"""Watch one live source: what it gives, what it says, how long it is quiet. From any thread; cheap for each post."""

import copy
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from contracts.clock import Clock
from contracts.post import Post
from contracts.rejection import Rejected
from contracts.source_health import Fault, FaultKind, SourceHealth
from producers.quiet import learn, limit_s, watch
from producers.source import Item, Place, PostSource

__all__ = ["Monitor", "MonitoredSource"]

_MOMENT_MS = 1000  # what comes within it is one moment: a poll's entries make no pauses between them


class Monitor:
    """The health of one source, as a Watch that also hears its items."""

    def __init__(self, name: str, kind: str, *, clock: Clock, answer_limit_s: float = 0.0) -> None:
        """Begin to watch.

        Args:
            name: of the source; told to operators.
            kind: of the source.
            clock: wall clock.
            answer_limit_s: how long a source that is asked may be without an answer, 0 for others.
        """
        now_ms = clock()
        self._clock = clock
        self._lock = threading.Lock()
        self._health = SourceHealth(
            name=name,
            kind=kind,
            started_ms=now_ms,
            beat_ms=now_ms,
            quiet_ms=now_ms,
            unanswered_ms=now_ms,
            answer_limit_s=answer_limit_s,
        )
        self._moment_ms = (
            0  # the last one in this process, 0 before the first: a stop of ours is no pause of the source's
        )
        self._handed_ms = 0  # since when an item waits to be taken, 0 where none does

    @property
    def name(self) -> str:
        """Of the source."""
        return self._health.name

    def go_on_from(self, kept: SourceHealth) -> None:
        """Take over what an earlier process learned; the time in between counts for nothing."""
        with self._lock:
            now = self._health
            away_ms = now.started_ms - kept.beat_ms
            self._health = msgspec.structs.replace(
                kept,
                kind=now.kind,
                started_ms=now.started_ms,
                beat_ms=now.beat_ms,
                quiet_ms=kept.quiet_ms + away_ms,
                unanswered_ms=kept.unanswered_ms + away_ms,
                answer_limit_s=now.answer_limit_s,
            )

    def item(self, what: Post | Rejected) -> None:
        """It gave something."""
        now_ms, health = self._clock(), self._health
        with self._lock:
            if now_ms - self._moment_ms >= _MOMENT_MS:
                self._moment(now_ms)
            health.item_ms = health.quiet_ms = now_ms
            if not health.answer_limit_s:
                health.answer_ms = now_ms
            if isinstance(what, Post):
                health.posts += 1
                health.event_ms = max(health.event_ms, what.at_ms)
                health.lag_ms = max(now_ms - what.at_ms, 0)
            else:
                health.rejected += 1

    def answered(self) -> None:
        """See Watch."""
        with self._lock:
            self._health.answer_ms = self._health.unanswered_ms = self._clock()

    def fault(self, kind: FaultKind, code: int = 0) -> None:
        """See Watch."""
        with self._lock:
            self._health.fault = Fault(kind, code, self._clock())
            self._health.faults += 1

    def handed(self) -> None:
        """An item is out; until the next one is asked for, the source is not to blame for its silence."""
        self._handed_ms = self._clock()

    def taken(self) -> None:
        """It goes on."""
        with self._lock:
            now_ms = self._clock()
            if now_ms - self._handed_ms >= _MOMENT_MS:
                self._pass_over(now_ms)
            self._handed_ms = 0

    def beat(self) -> SourceHealth:
        """How it is now; called every few seconds for as long as somebody reads the source."""
        with self._lock:
            now_ms, health = self._clock(), self._health
            if self._handed_ms and now_ms - self._handed_ms >= _MOMENT_MS:
                self._pass_over(now_ms)
                self._handed_ms = now_ms
            else:
                watch(health.rhythm, max(now_ms - health.beat_ms, 0) / 1000)
            health.beat_ms = now_ms
            health.quiet_limit_s = health.quiet_limit_s or limit_s(health.rhythm, health.quiet_ms)
            return copy.deepcopy(health)

    def _moment(self, now_ms: int) -> None:
        """Learn the pause that ends now, and how long the one that begins may last."""
        health = self._health
        if self._moment_ms:
            learn(health.rhythm, begun_ms=health.quiet_ms, pause_s=max(now_ms - health.quiet_ms, _MOMENT_MS) / 1000)
        self._moment_ms = now_ms
        health.quiet_limit_s = limit_s(health.rhythm, now_ms)

    def _pass_over(self, now_ms: int) -> None:
        """Leave out the time in which nobody asked."""
        held_ms, health = now_ms - self._handed_ms, self._health
        health.quiet_ms = min(health.quiet_ms + held_ms, now_ms)
        health.unanswered_ms = min(health.unanswered_ms + held_ms, now_ms)


@dataclass(frozen=True, slots=True)
class MonitoredSource:
    """A source whose monitor hears all that it gives."""

    source: PostSource
    monitor: Monitor

    @property
    def name(self) -> str:
        """Of the source."""
        return self.source.name

    def items(self, start: Place = 0) -> Iterator[Item | None]:
        """See PostSource.items."""
        for item in self.source.items(start):
            if item is not None:
                self.monitor.item(item.what)
            self.monitor.handed()
            yield item
            self.monitor.taken()
