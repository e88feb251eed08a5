"""Where the windows live: Redis (or Valkey), and in memory for a backtest; one contract suite runs both.

Keys (p = partition; they share the hash tag {posts:p}, so that a cluster spreads partitions):

| key                     | type   | what                                             | goes                  |
|-------------------------|--------|--------------------------------------------------|-----------------------|
| {posts:p}:head          | hash   | next, progress_ms, minutes, posts, late, repeats | never                 |
| {posts:p}:authors:M     | hash   | term -> distinct authors in minute M; * = posts  | after keep_minutes    |
| {posts:p}:keys:M        | string | 8 bytes a post of open minute M                  | when M closes         |
| {posts:p}:uses:H        | hash   | author -> packed uses in open hour H             | when H closes         |
| {posts:p}:deltas        | stream | id = quantum-next; d = msgpack list of Delta     | once the detector saved |

The worker that owns the partition is the only writer (fenced by `next`), the detector trims the deltas.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec
import redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.retry import Retry

from contracts.errors import FailStopError
from contracts.store_errors import store_errors
from detectors.delta import Delta, unsampled
from streams.scrub import scrub_stream
from streams.windows import PartitionState, WindowRules, Writes

__all__ = ["Dump", "Head", "RedisWindowStore", "WindowStore", "connect", "open_hours", "without_samples"]

KEY_BYTES = 8
_TTL_S = 48 * 3600  # twice the posts' retention: clears what a dismantled deployment leaves behind
_MINUTE_MS = 60_000
_ALL = 1 << 30
_TALLIES = ("posts", "late", "repeats")

_encode_deltas = msgspec.msgpack.Encoder().encode
_decode_deltas = msgspec.msgpack.Decoder(list[Delta]).decode


@dataclass(frozen=True, slots=True)
class Head:
    """How far a partition has got: next offset and event-time progress."""

    next: int
    progress_ms: int


class Dump(msgspec.Struct, kw_only=True):
    """All that the store holds of a partition.

    Attributes:
        state: as `load` gives it.
        minutes: every kept minute -> its counts.
        deltas: (entry id, changes) not yet trimmed.
    """

    state: PartitionState
    minutes: dict[int, dict[str, int]]
    deltas: list[tuple[str, list[Delta]]]


def without_samples(dump: Dump) -> Dump:
    """The dump as it is saved on Kafka: without what people read."""
    deltas = [(entry, list(map(_without_samples, found))) for entry, found in dump.deltas]
    return msgspec.structs.replace(dump, deltas=deltas)


def _without_samples(delta: Delta) -> Delta:
    return msgspec.structs.replace(delta, evidence=list(map(unsampled, delta.evidence)))


class WindowStore(Protocol):
    """What workers and the detector need of the store. Every method may raise StoreAwayError."""

    def load(self, partition: int, rules: WindowRules) -> PartitionState | None:
        """The state to go on from, or None where the store knows nothing of the partition."""
        ...

    def create(self, partition: int, next_offset: int) -> None:
        """Start an unknown partition at this offset; changes nothing where it is known."""
        ...

    def apply(self, partition: int, expected_next: int, writes: Writes) -> bool:
        """Write one batch if the stored `next` is the expected one.

        Returns:
            True when written; False when the store is ahead (this batch is in already, or another worker
            got further): load anew.

        Raises:
            FailStopError: the store is behind or empty: it lost data; stop, the restart seeks back.
        """
        ...

    def heads(self, partitions: int) -> list[Head | None]:
        """How far each partition has got."""
        ...

    def deltas(self, partition: int, after: str, limit: int) -> list[tuple[str, list[Delta]]]:
        """Changes behind entry id `after` ("0" = from the first kept), oldest first."""
        ...

    def trim(self, partition: int, through_quantum_ms: int) -> None:
        """Forget changes up to and including this quantum."""
        ...

    def scrub(self, partition: int, names: Collection[str]) -> None:
        """Take these posts out of the changes that are kept."""
        ...

    def minute(self, partition: int, minute: int) -> dict[str, int]:
        """Counts of one kept minute: term -> distinct authors, EXPOSURE -> posts."""
        ...

    def dump(self, partition: int, rules: WindowRules) -> Dump | None:
        """All that the store holds of a partition, to be saved elsewhere; None where it knows nothing."""
        ...

    def restore(self, partition: int, dump: Dump) -> None:
        """Bring back a partition that the store has lost; changes nothing where it is known."""
        ...


def connect(url: str) -> "redis.Redis":
    """A client that retries for about a second and then says that the store is away."""
    retry = Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.5), 3)
    return redis.Redis.from_url(url, retry=retry, socket_timeout=10, socket_connect_timeout=5)


class RedisWindowStore:
    """The store on Redis >= 7 or Valkey."""

    def __init__(self, client: "redis.Redis", *, key_prefix: str = "") -> None:
        self._client: Any = client  # redis-py types every answer as "awaitable or not"
        self._prefix = key_prefix
        self._apply = self._client.register_script((Path(__file__).parent / "apply.lua").read_text())

    def key(self, partition: int, *parts: object) -> str:
        """The key's full name; see the table above."""
        return ":".join([f"{self._prefix}{{posts:{partition}}}", *map(str, parts)])

    def load(self, partition: int, rules: WindowRules) -> PartitionState | None:
        """See WindowStore.load. Reads head, then open minutes and hours."""
        with store_errors():
            head = self._client.hgetall(self.key(partition, "head"))
            if not head:
                return None
            state = _state_of(head)
            late_ms = state.progress_ms - rules.lateness_minutes * _MINUTE_MS
            for minute in [m for m in state.minutes if (m + 1) * _MINUTE_MS > late_ms]:
                state.keys[minute] = _split(self._client.get(self.key(partition, "keys", minute)) or b"")
                state.authors[minute] = self.minute(partition, minute)
            for hour in open_hours(state.minutes, late_ms):
                uses = self._client.hgetall(self.key(partition, "uses", hour))
                state.uses[hour] = {author.decode(): packed for author, packed in uses.items()}
            return state

    def create(self, partition: int, next_offset: int) -> None:
        """See WindowStore.create."""
        with store_errors():
            self._client.hsetnx(self.key(partition, "head"), "next", next_offset)

    def apply(self, partition: int, expected_next: int, writes: Writes) -> bool:
        """See WindowStore.apply. One script call: about 4 ms for a batch of 10 000 count changes."""
        keys, arguments = self._plan(partition, writes)
        with store_errors():
            answer = self._apply(keys=keys, args=[expected_next, _TTL_S, *arguments])
        if answer == 1:
            return True
        stored = int(answer) if answer else None
        if stored is not None and stored > expected_next:
            return False
        raise FailStopError(
            f"partition {partition}: the store holds {'nothing' if stored is None else f'offset {stored}'} "
            f"where offset {expected_next} was written"
        )

    def heads(self, partitions: int) -> list[Head | None]:
        """See WindowStore.heads. One round trip."""
        with store_errors():
            pipeline = self._client.pipeline(transaction=False)
            for partition in range(partitions):
                pipeline.hmget(self.key(partition, "head"), "next", "progress_ms")
            found = pipeline.execute()
        return [Head(int(n), int(ms or 0)) if n is not None else None for n, ms in found]

    def deltas(self, partition: int, after: str, limit: int) -> list[tuple[str, list[Delta]]]:
        """See WindowStore.deltas."""
        with store_errors():
            entries = self._client.xrange(self.key(partition, "deltas"), min=f"({after}", count=limit)
        return [(entry.decode(), _decode_deltas(fields[b"d"])) for entry, fields in entries]

    def trim(self, partition: int, through_quantum_ms: int) -> None:
        """See WindowStore.trim."""
        with store_errors():
            self._client.xtrim(self.key(partition, "deltas"), minid=str(through_quantum_ms + 1), approximate=False)

    def scrub(self, partition: int, names: Collection[str]) -> None:
        """See WindowStore.scrub."""
        with store_errors():
            scrub_stream(self._client, self.key(partition, "deltas"), names, _TTL_S)

    def minute(self, partition: int, minute: int) -> dict[str, int]:
        """See WindowStore.minute."""
        with store_errors():
            counts = self._client.hgetall(self.key(partition, "authors", minute))
        return {term.decode(): int(count) for term, count in counts.items()}

    def dump(self, partition: int, rules: WindowRules) -> Dump | None:
        """See WindowStore.dump. Only its one writer may call it: a writer in between would tear it."""
        state = self.load(partition, rules)
        if state is None:
            return None
        minutes = {minute: self.minute(partition, minute) for minute in state.minutes}
        return Dump(state=state, minutes=minutes, deltas=self.deltas(partition, "0", _ALL))

    def restore(self, partition: int, dump: Dump) -> None:
        """See WindowStore.restore. The head comes last: until then the partition is unknown."""
        state = dump.state
        with store_errors():
            if self._client.exists(self.key(partition, "head")):
                return
            pipeline = self._client.pipeline(transaction=True)
            for minute, counts in dump.minutes.items():
                if counts:
                    pipeline.hset(self.key(partition, "authors", minute), mapping=counts)
            for minute, keys in state.keys.items():
                pipeline.set(self.key(partition, "keys", minute), b"".join(sorted(keys)))
            for hour, uses in state.uses.items():
                if uses:
                    pipeline.hset(self.key(partition, "uses", hour), mapping=uses)
            pipeline.delete(self.key(partition, "deltas"))
            for entry, deltas in dump.deltas:
                pipeline.xadd(self.key(partition, "deltas"), {"d": _encode_deltas(deltas)}, id=entry)
            fields = _head_fields(state)
            pipeline.hset(self.key(partition, "head"), mapping=dict(zip(fields[::2], fields[1::2], strict=True)))
            pipeline.execute()

    def _plan(self, partition: int, writes: Writes) -> tuple[list[str], list[Any]]:
        """Keys and arguments of apply.lua for one batch."""
        keys: list[str] = []
        arguments: list[Any] = []

        def add(key: str, operation: str, values: Sequence[Any]) -> None:
            keys.append(key)
            arguments.extend((operation, len(values), *values))

        add(self.key(partition, "head"), "H", _head_fields(writes))
        for minute, posts in writes.keys.items():
            add(self.key(partition, "keys", minute), "A", [b"".join(posts)])
        for minute, counts in writes.authors.items():
            add(self.key(partition, "authors", minute), "H", _pairs(counts.items()))
        for hour, uses in writes.uses.items():
            add(self.key(partition, "uses", hour), "H", _pairs(uses.items()))
        if writes.deltas:
            entry = f"{writes.deltas[-1].quantum_ms}-{writes.next}"
            add(self.key(partition, "deltas"), "X", [entry, _encode_deltas(writes.deltas)])
        for kind, gone in (
            ("keys", writes.closed_minutes),
            ("uses", writes.closed_hours),
            ("authors", writes.dropped_minutes),
        ):
            for number in gone:
                add(self.key(partition, kind, number), "D", [])
        return keys, arguments


def open_hours(minutes: Iterable[int], late_ms: int) -> list[int]:
    """The hours of these minutes in which something may still count; their minutes may all have closed."""
    return sorted({minute // 60 for minute in minutes if (minute // 60 + 1) * 60 * _MINUTE_MS > late_ms})


def _head_fields(writes: Writes | PartitionState) -> list[Any]:
    minutes = ",".join(map(str, writes.minutes))
    fields: list[Any] = ["next", writes.next, "progress_ms", writes.progress_ms, "minutes", minutes]
    for name in _TALLIES:
        fields += [name, writes.tallies[name]]
    return fields


def _state_of(head: dict[bytes, bytes]) -> PartitionState:
    minutes = head.get(b"minutes", b"").decode()
    return PartitionState(
        next=int(head[b"next"]),
        progress_ms=int(head.get(b"progress_ms", 0)),
        minutes=[int(minute) for minute in minutes.split(",") if minute],
        tallies={name: int(head.get(name.encode(), 0)) for name in _TALLIES},
    )


def _pairs(items: Iterable[tuple[Any, Any]]) -> list[Any]:
    return [value for pair in items for value in pair]


def _split(packed: bytes) -> set[bytes]:
    return {packed[at : at + KEY_BYTES] for at in range(0, len(packed), KEY_BYTES)}
