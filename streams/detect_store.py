"""What the detector keeps in Redis: lease, tick, outbox and snapshot.

| key             | type   | what                                                        |
|-----------------|--------|-------------------------------------------------------------|
| {detect}:lease  | string | the active detector, expires when it falls silent           |
| {detect}:fence  | string | fencing number, grows with every change of owner            |
| {detect}:tick   | string | last tick whose lines are in the outbox or were sent        |
| {detect}:outbox | stream | lines not yet acknowledged by Kafka                         |
| {detect}:state  | string | msgpack of the detector's state after some tick             |
| {detect}:muted  | list   | msgpack of a Note: from which tick on which orders stood     |
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import redis

from contracts.errors import FailStopError
from contracts.store_errors import store_errors
from contracts.topic import TopicLine, encode_line
from detectors.state import DetectorState
from streams.lease import Lease
from streams.orders import Note

__all__ = ["DetectStore", "decode_state", "encode_state"]

_NOTES_KEPT = 1000  # each is a change of what is muted or split, days of them
_TAKEN_OVER = "another detector has taken over, or the store was emptied"
STATE_TTL_S = 7 * 24 * 3600  # as long as the state on Kafka: what a dismantled deployment leaves behind goes

encode_state = msgspec.msgpack.Encoder().encode
decode_state = msgspec.msgpack.Decoder(DetectorState).decode
_notes: "msgspec.msgpack.Decoder[Note]" = msgspec.msgpack.Decoder(Note)


class DetectStore:
    """The detector's keys. Every method may raise StoreAwayError."""

    def __init__(self, client: "redis.Redis", *, key_prefix: str = "") -> None:
        self._client: Any = client  # redis-py types every answer as "awaitable or not"
        self._prefix = key_prefix
        self._lease = Lease(client, "detect", key_prefix=key_prefix)
        here = Path(__file__).parent
        self._commit = self._client.register_script((here / "commit.lua").read_text())
        self._hear = self._client.register_script((here / "hear.lua").read_text())

    def key(self, name: str) -> str:
        """A key's full name; see the table above."""
        return f"{self._prefix}{{detect}}:{name}"

    def lease(self, owner: str, length_ms: int) -> int:
        """Take or renew the lease; the fencing number, or 0 while another detector holds it."""
        return self._lease.take(owner, length_ms)

    def release(self, owner: str) -> None:
        """Let a standby take over at once."""
        self._lease.release(owner)

    def commit(self, fence: int, tick_ms: int, lines: Sequence[TopicLine]) -> bool:
        """Write a step; False when it had been written before.

        Raises:
            FailStopError: another detector has taken over, or Redis lost its data.
        """
        arguments: list[Any] = [fence, tick_ms]
        for line in lines:
            arguments += [line.topic, encode_line(line)]
        keys = [self.key("fence"), self.key("tick"), self.key("outbox")]
        with store_errors():
            answer = self._commit(keys=keys, args=arguments)
        if answer < 0:
            raise FailStopError(_TAKEN_OVER)
        return bool(answer)

    def committed_ms(self) -> int:
        """See streams.orders.OrderNotes."""
        with store_errors():
            stored = self._client.get(self.key("tick"))
        return -1 if stored is None else int(stored)

    def heard(self) -> list[Note]:
        """See streams.orders.OrderNotes."""
        with store_errors():
            found = self._client.lrange(self.key("muted"), 0, -1)
        return [_notes.decode(packed) for packed in found]

    def hear(self, fence: int, note: Note) -> None:
        """See streams.orders.OrderNotes.

        Raises:
            FailStopError: another detector has taken over, or Redis lost its data.
        """
        arguments: list[Any] = [fence, msgspec.msgpack.encode(note), _NOTES_KEPT, STATE_TTL_S]
        with store_errors():
            answer = self._hear(keys=[self.key("fence"), self.key("muted")], args=arguments)
        if answer < 0:
            raise FailStopError(_TAKEN_OVER)

    def outbox(self, limit: int = 500) -> list[tuple[str, bytes, bytes]]:
        """(entry, topic id, line), oldest first."""
        with store_errors():
            entries = self._client.xrange(self.key("outbox"), count=limit)
        return [(entry.decode(), fields[b"topic"], fields[b"line"]) for entry, fields in entries]

    def sent(self, entries: Sequence[str]) -> None:
        """Forget lines that Kafka has acknowledged."""
        if entries:
            with store_errors():
                self._client.xdel(self.key("outbox"), *entries)

    def check(self, fence: int) -> None:
        """Make sure that this detector is still the one.

        Raises:
            FailStopError: another has taken over, or Redis lost its data.
        """
        with store_errors():
            stored = self._client.get(self.key("fence"))
        if stored is None or int(stored) != fence:
            raise FailStopError(_TAKEN_OVER)

    def keep(self, state: DetectorState) -> None:
        """Keep the state, to go on from after a restart."""
        with store_errors():
            self._client.set(self.key("state"), encode_state(state), ex=STATE_TTL_S)

    def kept(self) -> DetectorState | None:
        """The state last kept, or None."""
        with store_errors():
            packed = self._client.get(self.key("state"))
        return None if packed is None else decode_state(packed)
