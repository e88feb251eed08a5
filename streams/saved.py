"""States saved to the compacted topic windows.saved, against an emptied Redis.

A state is cut into chunks; two generations take turns, so that a save that is cut short leaves the one
before whole. What is saved holds counts, author keys, post ids and hashed terms; never text.

    key            value
    NAME/G/I       chunk I of generation G (0 or 1)
    NAME           which generation is whole: {"generation", "chunks", "bytes", "crc"}; written last
"""

import zlib
from collections.abc import Callable
from typing import Any

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from contracts.errors import BrokerAwayError

__all__ = ["SavedStates"]

CHUNK_BYTES = 512 << 10
_TIMEOUT_S = 60
_POLL_MS = 2000


class _Manifest(msgspec.Struct, frozen=True):
    generation: int
    chunks: int
    bytes: int
    crc: int


_decode_manifest = msgspec.json.Decoder(_Manifest).decode


class SavedStates:
    """Saves and loads named states on Kafka."""

    def __init__(self, brokers: str, topic: str, producer: Callable[[], Any]) -> None:
        """Name the topic; `producer` is called at the first save."""
        self._brokers = brokers
        self._topic = topic
        self._connect = producer
        self._producer: Any = None
        self._generations: dict[str, int] = {}

    def save(self, name: str, state: bytes) -> None:
        """Save a state and wait until all of it is acknowledged.

        Raises:
            BrokerAwayError: the state saved before is still whole.
        """
        if name not in self._generations:
            self._generations[name] = self._generation(name)
        generation = 1 - self._generations[name]
        packed = zlib.compress(state, level=1)
        chunks = [packed[at : at + CHUNK_BYTES] for at in range(0, len(packed), CHUNK_BYTES)]
        manifest = _Manifest(generation, len(chunks), len(packed), zlib.crc32(packed))
        try:
            if self._producer is None:
                self._producer = self._connect()
            self._send([(f"{name}/{generation}/{index}", chunk) for index, chunk in enumerate(chunks)])
            self._send([(name, msgspec.json.encode(manifest))])
        except KafkaError as error:
            raise BrokerAwayError(f"a state was not saved: {type(error).__name__}") from error
        self._generations[name] = generation

    def load(self, name: str) -> bytes | None:
        """The state last saved whole under this name, or None.

        Raises:
            BrokerAwayError: the topic cannot be read.
        """
        records = self._records(name)
        if name not in records:
            return None
        manifest = _decode_manifest(records[name])
        wanted = [f"{name}/{manifest.generation}/{index}" for index in range(manifest.chunks)]
        packed = b"".join(records.get(key, b"") for key in wanted)
        if (len(packed), zlib.crc32(packed)) != (manifest.bytes, manifest.crc):
            return None  # the log was cut; the posts are replayed instead
        return zlib.decompress(packed)

    def _generation(self, name: str) -> int:
        manifest = self._records(name).get(name)
        return 1 if manifest is None else _decode_manifest(manifest).generation

    def _send(self, pairs: list[tuple[str, bytes]]) -> None:
        futures = [self._producer.send(self._topic, value, key=key.encode(), partition=0) for key, value in pairs]
        for future in futures:
            future.get(timeout=_TIMEOUT_S)

    def _records(self, name: str) -> dict[str, bytes]:
        """Newest value of each key of this name. Reads the whole topic: it is compacted, and read at starts only."""
        found: dict[str, bytes] = {}
        partition = TopicPartition(self._topic, 0)
        try:
            consumer = KafkaConsumer(bootstrap_servers=self._brokers.split(","), enable_auto_commit=False)
            try:
                consumer.assign([partition])
                consumer.seek_to_beginning(partition)
                end = consumer.end_offsets([partition])[partition]
                while consumer.position(partition) < end:
                    for record in consumer.poll(timeout_ms=_POLL_MS).get(partition, []):
                        key = (record.key or b"").decode()
                        if key == name or key.startswith(name + "/"):
                            found[key] = record.value or b""
            finally:
                consumer.close()
        except KafkaError as error:
            raise BrokerAwayError(f"saved states cannot be read: {type(error).__name__}") from error
        return found
