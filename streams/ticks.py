"""From the partitions' changes to ticks: what the detector may judge, in event time.

progress   p0 ─────────────●                    tick T is ready when every partition that is not
           p1 ───────────────────●              idle has progressed to T: no change up to T can
           ticks  ┼────┼────┼    ▲ not yet      follow any more
"""

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from detectors.delta import QUANTUM_MS, Delta
from detectors.lifecycle import CLOSE_AFTER_MS
from streams.window_store import Head, WindowStore

__all__ = ["Tick", "Ticks"]

_MINUTE_MS = 60_000
_ENTRIES_PER_READ = 500
# Without a change for so long every topic has closed, so time alone changes nothing more: a gap of years (an
# archive's, or one wrong date at its start) is one step instead of millions.
_QUIET_MS = CLOSE_AFTER_MS + 3_600_000


@dataclass(frozen=True, slots=True)
class Tick:
    """Everything that changed up to `at_ms` since the tick before."""

    at_ms: int
    deltas: list[Delta]


class Ticks:
    """Reads heads and changes from the store; owns nothing in it."""

    def __init__(self, store: WindowStore, *, partitions: int, tick_ms: int, after_ms: int = -1) -> None:
        """Start behind the tick `after_ms` (-1: with the oldest change kept); `tick_ms` is the spacing."""
        self._store = store
        self._partitions = partitions
        self._tick_ms = tick_ms
        self._after_ms = after_ms
        self._changed_ms = after_ms
        self._skip_through_ms = after_ms
        self._cursors = ["0"] * partitions
        self._known_ms = [0] * partitions
        self._pending: deque[Delta] = deque()  # by quantum, then as read

    def ready(self, idle: Collection[int] = ()) -> Iterator[Tick]:
        """The ticks that can be judged now, ascending.

        Args:
            idle: partitions that hold nobody back; what they bring later is judged at the tick after.
        """
        heads = self._store.heads(self._partitions)
        read: list[Delta] = []
        for partition in range(self._partitions):
            read += self._read(partition, heads[partition])
        if read:
            self._pending = deque(sorted([*self._pending, *read], key=lambda delta: delta.quantum_ms))
        awake = [known for partition, known in enumerate(self._known_ms) if partition not in idle]
        yield from self._up_to(min(awake) if awake else max(self._known_ms))

    def _read(self, partition: int, head: Head | None) -> list[Delta]:
        """Read on in one partition; know up to where its changes are complete."""
        if head is None:
            return []
        entries = self._store.deltas(partition, self._cursors[partition], _ENTRIES_PER_READ)
        for entry, _ in entries:
            self._cursors[partition] = entry
        if len(entries) < _ENTRIES_PER_READ:
            self._known_ms[partition] = head.progress_ms
        else:  # more is waiting, and may still bring changes of the last second read
            self._known_ms[partition] = int(entries[-1][0].partition("-")[0]) - QUANTUM_MS
        return [delta for _, deltas in entries for delta in deltas if delta.quantum_ms > self._skip_through_ms]

    def _up_to(self, limit_ms: int) -> Iterator[Tick]:
        """Ticks up to the limit: those with changes, and one a minute for what only time changes."""
        while (at_ms := self._next_ms()) is not None and at_ms <= limit_ms:
            deltas: list[Delta] = []
            while self._pending and self._pending[0].quantum_ms <= at_ms:
                deltas.append(self._pending.popleft())
            self._after_ms = at_ms
            if deltas:
                self._changed_ms = at_ms
            yield Tick(at_ms, deltas)

    def _next_ms(self) -> int | None:
        """The next tick as far as is known; None where nothing is to come."""
        is_awake = self._after_ms >= 0 and self._after_ms - self._changed_ms < _QUIET_MS
        minute_ms = self._on_grid((self._after_ms // _MINUTE_MS + 1) * _MINUTE_MS) if is_awake else None
        if not self._pending:
            return minute_ms
        due_ms = max(self._on_grid(self._pending[0].quantum_ms), self._after_ms + self._tick_ms)
        return due_ms if minute_ms is None else min(due_ms, minute_ms)

    def _on_grid(self, at_ms: int) -> int:
        return -(-at_ms // self._tick_ms) * self._tick_ms
