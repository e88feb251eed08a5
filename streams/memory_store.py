"""The window store in this process's memory: for a backtest, which starts empty and ends with its file."""

from collections import defaultdict, deque
from collections.abc import Collection

from contracts.errors import FailStopError
from detectors.delta import Delta
from streams.scrub import without
from streams.window_store import Dump, Head, open_hours
from streams.windows import PartitionState, WindowRules, Writes

__all__ = ["MemoryWindowStore"]

_MINUTE_MS = 60_000


class MemoryWindowStore:
    """Keeps what RedisWindowStore keeps, in dictionaries; the same contract."""

    def __init__(self) -> None:
        self._heads: dict[int, Writes | PartitionState] = {}
        self._minutes: defaultdict[int, dict[int, dict[str, int]]] = defaultdict(dict)
        self._keys: defaultdict[int, dict[int, set[bytes]]] = defaultdict(dict)
        self._uses: defaultdict[int, dict[int, dict[str, bytes]]] = defaultdict(dict)
        self._deltas: defaultdict[int, deque[tuple[str, list[Delta]]]] = defaultdict(deque)

    def load(self, partition: int, rules: WindowRules) -> PartitionState | None:
        """See WindowStore.load."""
        head = self._heads.get(partition)
        if head is None:
            return None
        late_ms = head.progress_ms - rules.lateness_minutes * _MINUTE_MS
        open_minutes = [m for m in head.minutes if (m + 1) * _MINUTE_MS > late_ms]
        hours = open_hours(head.minutes, late_ms)
        return PartitionState(
            next=head.next,
            progress_ms=head.progress_ms,
            minutes=list(head.minutes),
            keys={m: set(self._keys[partition].get(m, ())) for m in open_minutes},
            authors={m: dict(self._minutes[partition].get(m, {})) for m in open_minutes},
            uses={h: dict(self._uses[partition].get(h, {})) for h in hours},
            tallies=dict(head.tallies),
        )

    def create(self, partition: int, next_offset: int) -> None:
        """See WindowStore.create."""
        self._heads.setdefault(partition, PartitionState(next=next_offset))

    def apply(self, partition: int, expected_next: int, writes: Writes) -> bool:
        """See WindowStore.apply."""
        head = self._heads.get(partition)
        if head is None or head.next < expected_next:
            raise FailStopError(f"partition {partition}: the store does not hold offset {expected_next}")
        if head.next > expected_next:
            return False
        self._heads[partition] = writes
        for minute, keys in writes.keys.items():
            self._keys[partition].setdefault(minute, set()).update(keys)
        for minute, counts in writes.authors.items():
            self._minutes[partition].setdefault(minute, {}).update(counts)
        for hour, uses in writes.uses.items():
            self._uses[partition].setdefault(hour, {}).update(uses)
        if writes.deltas:
            entry = f"{writes.deltas[-1].quantum_ms}-{writes.next}"
            self._deltas[partition].append((entry, writes.deltas))
        self._forget(partition, writes)
        return True

    def heads(self, partitions: int) -> list[Head | None]:
        """See WindowStore.heads."""
        found = [self._heads.get(partition) for partition in range(partitions)]
        return [None if head is None else Head(head.next, head.progress_ms) for head in found]

    def deltas(self, partition: int, after: str, limit: int) -> list[tuple[str, list[Delta]]]:
        """See WindowStore.deltas."""
        wanted = [entry for entry in self._deltas[partition] if _order(entry[0]) > _order(after)]
        return wanted[:limit]

    def trim(self, partition: int, through_quantum_ms: int) -> None:
        """See WindowStore.trim."""
        kept = self._deltas[partition]
        while kept and _order(kept[0][0])[0] <= through_quantum_ms:
            kept.popleft()

    def scrub(self, partition: int, names: Collection[str]) -> None:
        """See WindowStore.scrub."""
        self._deltas[partition] = deque((entry, without(deltas, names)) for entry, deltas in self._deltas[partition])

    def minute(self, partition: int, minute: int) -> dict[str, int]:
        """See WindowStore.minute."""
        return dict(self._minutes[partition].get(minute, {}))

    def dump(self, partition: int, rules: WindowRules) -> Dump | None:
        """See WindowStore.dump."""
        state = self.load(partition, rules)
        if state is None:
            return None
        minutes = {minute: self.minute(partition, minute) for minute in state.minutes}
        return Dump(state=state, minutes=minutes, deltas=list(self._deltas[partition]))

    def restore(self, partition: int, dump: Dump) -> None:
        """See WindowStore.restore."""
        if partition in self._heads:
            return
        self._heads[partition] = dump.state
        self._minutes[partition] = {minute: dict(counts) for minute, counts in dump.minutes.items()}
        self._keys[partition] = {minute: set(keys) for minute, keys in dump.state.keys.items()}
        self._uses[partition] = {hour: dict(uses) for hour, uses in dump.state.uses.items()}
        self._deltas[partition] = deque(dump.deltas)

    def _forget(self, partition: int, writes: Writes) -> None:
        for minute in writes.closed_minutes:
            self._keys[partition].pop(minute, None)
        for hour in writes.closed_hours:
            self._uses[partition].pop(hour, None)
        for minute in writes.dropped_minutes:
            self._minutes[partition].pop(minute, None)


def _order(entry: str) -> tuple[int, int]:
    quantum, _, offset = entry.partition("-")
    return int(quantum), int(offset or 0)
