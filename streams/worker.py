"""Fold Kafka records into the window store: what one worker process does with its partitions.

Knows nothing of Faust. Redis owns the offset: a batch is folded from the state at `next` and written only
where that `next` still stands, so repeats, zombies and crashes change how far the state has got, never
whether it is right.
"""

import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

import msgspec

from contracts.errors import FailStopError, UnusablePostError
from contracts.frame import lines_of
from contracts.post import decode_post, vet
from contracts.rejection import Reason, Rejected
from streams.listen import Listener
from streams.refusals import Refusals
from streams.window_store import Dump, WindowStore, without_samples
from streams.windows import PartitionState, PartitionWindows, WindowRules, Writes

__all__ = ["Record", "States", "WorkerPartitions"]

log = logging.getLogger(__name__)

_MINUTE_MS = 60_000
_GONE_KNOWN = 10_000  # ids of posts that are gone and scrubbed; 1 MB a partition
POSTS_PER_WRITE = 5000  # a script of some 20 ms for the store, and what is folded again after a crash


_encode_dump = msgspec.msgpack.Encoder().encode
_decode_dump = msgspec.msgpack.Decoder(Dump).decode


class States(Protocol):
    """Named states, saved outside the store; may raise BrokerAwayError."""

    def save(self, name: str, state: bytes) -> None:
        """Save a state, whole or not at all."""
        ...

    def load(self, name: str) -> bytes | None:
        """The state last saved, or None."""
        ...


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One Kafka record of posts.collected.

    Attributes:
        offset: its place in the partition.
        received_ms: when the broker appended it.
        progress_ms: the sender's progress mark behind its posts, None without one.
        value: the frame.
    """

    offset: int
    received_ms: int
    progress_ms: int | None
    value: bytes


class WorkerPartitions:
    """The partitions that this process folds; one call at a time, whatever thread it comes from."""

    def __init__(
        self,
        *,
        store: WindowStore,
        listener: Listener,
        rules: WindowRules,
        reject: Callable[[Sequence[Rejected]], None],
        saved: States,
        save_due: Callable[[str, int], bool],
        source: str,
    ) -> None:
        """Wire the fold.

        Args:
            store: where the state lives.
            listener: post -> what is counted.
            rules: lateness and keeping.
            reject: sends unusable input away and returns when it is safe; called before the fold is written.
            saved: where whole partitions are saved, against an emptied store.
            save_due: whether a state (name, event time in ms) is to be saved now.
            source: the Kafka topic's name, for the rejected posts.
        """
        self._store = store
        self._listener = listener
        self._rules = rules
        self._reject = reject
        self._saved = saved
        self._save_due = save_due
        self._source = source
        self._open: dict[int, PartitionWindows] = {}
        self._counted: Counter[int] = Counter()
        self._rejected: Counter[str] = Counter()
        self._forgotten: defaultdict[int, set[str]] = defaultdict(set)
        self._gone: defaultdict[int, set[str]] = defaultdict(set)
        self._scrubbed: dict[int, int] = {}  # partition -> the minute of its progress in which it was scrubbed last
        self._lock = threading.Lock()  # an assignment may come while a batch is being folded

    def open(self, partition: int, *, earliest: int) -> int:
        """Load a partition's state, or start it; called for each assignment.

        Args:
            partition: the one assigned.
            earliest: the oldest offset that Kafka still has.

        Returns:
            The offset to read on from.
        """
        with self._lock:
            return self._load(partition, earliest)

    def _load(self, partition: int, earliest: int) -> int:
        state = self._store.load(partition, self._rules) or self._recover(partition, earliest)
        if state.next < earliest:
            log.error(
                "Kafka no longer holds records that were not yet counted",
                extra={"event": "records.lost", "partition": partition, "records": earliest - state.next},
            )
            state = self._skip(partition, state, earliest)
        self._open[partition] = PartitionWindows(state, self._rules)
        return state.next

    def _recover(self, partition: int, earliest: int) -> PartitionState:
        """The store knows nothing: bring back what was saved last, else begin with the oldest record."""
        packed = self._saved.load(_name(partition))
        if packed is not None:
            self._store.restore(partition, _decode_dump(packed))
            log.warning(
                "a saved state was brought back; the posts since are counted again",
                extra={"event": "partition.restored", "partition": partition},
            )
        self._store.create(partition, earliest)
        return self._store.load(partition, self._rules) or PartitionState(next=earliest)

    def fold(self, partition: int, records: Sequence[Record]) -> int:
        """Fold records, in offset order, and write them.

        Returns:
            Posts folded, repeats and late ones among them.

        Raises:
            StoreAwayError: nothing of what is not yet written is lost; call again with the same records.
            FailStopError: the state is not what this process believed.
        """
        posts = 0
        with self._lock:
            for batch in _batches(records):
                posts += self._fold_batch(partition, batch)
        return posts

    def _fold_batch(self, partition: int, records: Sequence[Record]) -> int:
        windows = self._windows(partition)
        expected_next = windows.state.next
        fresh = _due(partition, records, expected_next)
        if not fresh:
            return 0
        del self._open[partition]  # half-folded until it is written: a failure below loads it anew
        posts = 0
        rejected: list[Rejected] = []
        for record in fresh:
            posts += self._fold_record(windows, partition, record, rejected)
        if rejected:
            self._reject(rejected)
            for piece in rejected:
                self._rejected[piece.reason.value] += piece.lines
        self._counted[partition] += posts
        writes = windows.take(fresh[-1].offset + 1)
        if self._store.apply(partition, expected_next, writes):
            self._open[partition] = windows
            self._scrub(partition, writes)
            if self._save_due(_name(partition), windows.state.progress_ms):
                self._save(partition)
        return posts

    def _scrub(self, partition: int, writes: Writes) -> None:
        """Take forgotten posts out of the changes, a minute's together; a crash leaves it to the trimming."""
        names = self._forgotten[partition]
        names.update(name for delta in writes.deltas for name in delta.forgotten)
        known = self._gone[partition]
        for name in [name for delta in writes.deltas for name in delta.gone if name not in known]:
            if len(known) >= _GONE_KNOWN:
                known.clear()
            known.add(name)  # a post that is gone is told of by each repost of it
            names.add(name)
        minute = writes.progress_ms // _MINUTE_MS
        if names and minute > self._scrubbed.get(partition, 0):
            self._store.scrub(partition, names)
            self._scrubbed[partition] = minute
            names.clear()

    def progress(self) -> dict[str, int]:
        """Posts folded and lines rejected, by reason, since the last call, and the next offset of each partition."""
        with self._lock:
            posts, reasons = self._counted.total(), sorted(self._rejected.items())
            told = {"posts": posts, "rejected": self._rejected.total()}
            told |= {f"rejected_{reason}": lines for reason, lines in reasons}
            self._counted.clear()
            self._rejected.clear()
            return told | {f"next_{p}": windows.state.next for p, windows in sorted(self._open.items())}

    def _save(self, partition: int) -> None:
        dump = self._store.dump(partition, self._rules)
        if dump is not None:
            self._saved.save(_name(partition), _encode_dump(without_samples(dump)))

    def _windows(self, partition: int) -> PartitionWindows:
        windows = self._open.get(partition)
        if windows is None:
            state = self._store.load(partition, self._rules)
            if state is None:
                raise FailStopError(f"partition {partition}: the store holds nothing of it any more")
            windows = self._open[partition] = PartitionWindows(state, self._rules)
        return windows

    def _fold_record(self, windows: PartitionWindows, partition: int, record: Record, rejected: list[Rejected]) -> int:
        refusals = Refusals(source=f"{self._source}-{partition}", offset=record.offset)
        lines = lines_of(record.value)
        if not lines and record.progress_ms is None:
            refusals.refuse(record.value, Reason.EMPTY_FRAME, "a record without a post")
        posts = 0
        for line in lines:
            try:
                post = decode_post(line)
                vet(post, received_ms=record.received_ms)
            except UnusablePostError as error:
                refusals.refuse(line, error.reason, error.detail)
                continue
            windows.hear(self._listener.hear(post))
            posts += 1
        rejected += refusals.pieces()
        if record.progress_ms is not None and record.progress_ms <= record.received_ms + _MARK_TOLERANCE_MS:
            windows.mark(record.progress_ms)
        return posts

    def _skip(self, partition: int, state: PartitionState, earliest: int) -> PartitionState:
        windows = PartitionWindows(state, self._rules)
        self._store.apply(partition, state.next, windows.take(earliest))
        return state


def _name(partition: int) -> str:
    return f"partition/{partition}"


_MARK_TOLERANCE_MS = 120_000  # a mark closes its minute, so it may be a little ahead; one of next year may not


def _due(partition: int, records: Sequence[Record], next_offset: int) -> list[Record]:
    """The records from `next_offset` on, each once.

    Across a rebalance one batch may hold what Faust had buffered and what it reads behind the new place: repeats among
    them are left out. A gap anywhere means that posts were lost on the way: a message whose handing on the rebalance
    cancels still counts as read there (0.15.3, transport/consumer.py, around suspend_flow).

    Raises:
        FailStopError: an offset is missing; the restart reads on from the stored one.
    """
    due: list[Record] = []
    for record in records:
        wanted = next_offset + len(due)
        if record.offset > wanted:
            raise FailStopError(f"partition {partition}: offset {record.offset} came where {wanted} was due")
        if record.offset == wanted:
            due.append(record)
    return due


def _batches(records: Sequence[Record]) -> Iterator[list[Record]]:
    """Split so that each write holds about POSTS_PER_WRITE posts (counted as lines)."""
    batch: list[Record] = []
    lines = 0
    for record in records:
        batch.append(record)
        lines += record.value.count(b"\n") + 1
        if lines >= POSTS_PER_WRITE:
            yield batch
            batch, lines = [], 0
    if batch:
        yield batch
