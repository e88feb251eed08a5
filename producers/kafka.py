"""Send posts to Kafka in frames, and unusable input to the rejected posts.

kafka-python spends its time per record, so posts are packed: up to `frame_posts`, `frame_bytes` or
`frame_s` into one record. Every record is awaited (idempotent, acks=all); a source's cursor only moves
behind what the brokers have acknowledged.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaAdminClient, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, TopicAlreadyExistsError

from contracts.errors import BrokerAwayError, SettingsError
from contracts.frame import PROGRESS_HEADER, Mark, frame_of
from contracts.post import Post, encode_post
from contracts.rejection import Rejected
from contracts.topics import MAX_RECORD_BYTES, TopicSpec

__all__ = ["FrameRules", "FrameSender", "RejectedSender", "connect_producer", "ensure_topics", "retention_of"]

log = logging.getLogger(__name__)

_ACK_TIMEOUT_S = 120
_RETENTION = ("cleanup.policy", "retention.ms", "segment.ms", "max.compaction.lag.ms")
_TOPIC_TIMEOUT_S = 15
_PATIENCE_S = 30.0  # with brokers that may be starting just now
_TOLD_AFTER_S = 2.0  # that they are waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRules:
    """When a frame is closed, and how many may wait for their acknowledgement."""

    posts: int = 500
    bytes: int = 256 << 10
    seconds: float = 0.05
    in_flight: int = 200


@dataclass(slots=True)
class _Frame:
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    opened_s: float = 0.0


def connect_producer(brokers: str) -> Any:
    """An idempotent producer that waits for all in-sync replicas.

    Raises:
        BrokerAwayError: no broker answers.
    """
    try:
        return KafkaProducer(
            bootstrap_servers=brokers.split(","),
            acks="all",
            enable_idempotence=True,
            linger_ms=5,
            batch_size=1 << 20,
            max_request_size=MAX_RECORD_BYTES,
            allow_auto_create_topics=False,
        )
    except KafkaError as error:
        raise BrokerAwayError(f"no Kafka broker answers at {brokers}: {type(error).__name__}") from error


def ensure_topics(brokers: str, specs: Iterable[TopicSpec], *, patience_s: float = _PATIENCE_S) -> None:
    """Create the topics that do not exist yet, each as its spec says; give those that do the spec's retention.

    A topic that an earlier version made for ever would otherwise keep for ever what may identify somebody.

    Raises:
        BrokerAwayError: no broker answers within `patience_s`; that it is waited for is logged after two seconds.
        SettingsError: posts.collected exists with another number of partitions than the settings say.
    """
    admin = _admin(brokers, patience_s)
    try:
        for spec in specs:
            _ensure(admin, spec)
    finally:
        admin.close()


def _admin(brokers: str, patience_s: float) -> Any:
    first_s = min(_TOLD_AFTER_S, patience_s / 2)
    for wait_s in (first_s, patience_s - first_s):
        try:
            return KafkaAdminClient(bootstrap_servers=brokers.split(","), bootstrap_timeout_ms=round(wait_s * 1000))
        except KafkaError as error:
            cause = error
        if wait_s is first_s:
            log.warning("waiting: no Kafka broker answers at %s", brokers, extra={"event": "kafka.waiting"})
    raise BrokerAwayError(f"no Kafka broker answers at {brokers}: {type(cause).__name__}") from cause


def _ensure(admin: Any, spec: TopicSpec) -> None:
    wanted = {
        spec.name: {
            "num_partitions": spec.partitions,
            "replication_factor": spec.replication,
            "configs": spec.config,
        }
    }
    try:
        admin.create_topics(wanted, wait_for_metadata=True)
    except TopicAlreadyExistsError:
        found = _partitions_of(admin, spec.name)
        if found != spec.partitions:
            raise SettingsError(
                "kafka.partitions", f"topic {spec.name} has {found} partitions, the settings say {spec.partitions}"
            ) from None
        _keep_no_longer(admin, spec)


def _keep_no_longer(admin: Any, spec: TopicSpec) -> None:
    """Alter what is kept, and how long, where that is not as stated; say so where the broker does not allow it."""
    told = {"event": "topic.altered", "topic": spec.name}
    try:
        others = retention_of(admin, [spec])[spec.name]
        if not others:
            return
        stated = {name: spec.config[name] for name in others}
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, spec.name, stated)])
    except KafkaError:
        log.warning("a topic's retention is not as stated and the broker does not let it be altered", extra=told)
        return
    log.info("a topic's retention was altered to what is stated", extra=told)


def retention_of(admin: Any, specs: Sequence[TopicSpec]) -> dict[str, dict[str, str]]:
    """What of each existing topic's retention is not as its spec says: topic -> setting -> value at the broker."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, spec.name, dict.fromkeys(_RETENTION, "")) for spec in specs]
    described = admin.describe_configs(resources, config_filter="all")["topic"]
    return {
        spec.name: {
            name: found["value"]
            for name, found in described[spec.name].items()
            if name in spec.config and found["value"] != spec.config[name]
        }
        for spec in specs
    }


def _partitions_of(admin: Any, topic: str) -> int:
    """Partitions of a topic; one that another stage is just making has none yet, so ask again for a while."""
    deadline_s = time.monotonic() + _TOPIC_TIMEOUT_S
    while True:
        found = len(admin.describe_topics([topic])[0]["partitions"])
        if found or time.monotonic() > deadline_s:
            return found
        time.sleep(0.1)


class FrameSender:
    """Packs dealt posts into frames per partition and sends them."""

    def __init__(self, producer: Any, topic: str, *, partitions: int, rules: FrameRules) -> None:
        """Wire the sender.

        Args:
            producer: as of `connect_producer`.
            topic: posts.collected with its prefix.
            partitions: of the topic.
            rules: when frames close.
        """
        self._producer = producer
        self._topic = topic
        self._rules = rules
        self._frames = [_Frame() for _ in range(partitions)]
        self._waiting: deque[Any] = deque()
        self.records = 0
        self.acknowledged = 0

    def send(self, partition: int, item: Post | Mark) -> None:
        """Take one item of `contracts.frame.deal`; blocks while too many frames are unacknowledged.

        Raises:
            BrokerAwayError: a frame was not acknowledged in time; go on from the cursor.
        """
        if isinstance(item, Mark):
            self._close(partition, item.at_ms)
            return
        frame = self._frames[partition]
        line = encode_post(item)
        if frame.lines and frame.size + len(line) > self._rules.bytes:
            self._close(partition, None)
        if not frame.lines:
            frame.opened_s = time.monotonic()
        frame.lines.append(line)
        frame.size += len(line) + 1
        if len(frame.lines) >= self._rules.posts:
            self._close(partition, None)

    def close_old(self) -> None:
        """Send the frames that have been open for longer than the rules allow; call it often."""
        limit_s = time.monotonic() - self._rules.seconds
        for partition, frame in enumerate(self._frames):
            if frame.lines and frame.opened_s <= limit_s:
                self._close(partition, None)

    def flush(self) -> None:
        """Send everything and wait until it is acknowledged."""
        for partition, frame in enumerate(self._frames):
            if frame.lines:
                self._close(partition, None)
        self._await(0)

    def _close(self, partition: int, progress_ms: int | None) -> None:
        frame = self._frames[partition]
        headers = [] if progress_ms is None else [(PROGRESS_HEADER, str(progress_ms).encode())]
        try:
            future = self._producer.send(self._topic, frame_of(frame.lines), headers=headers, partition=partition)
        except KafkaError as error:
            raise BrokerAwayError(f"Kafka takes no frames: {type(error).__name__}") from error
        self._waiting.append(future)
        self.records += 1
        frame.lines, frame.size = [], 0
        self._await(self._rules.in_flight)

    def _await(self, most: int) -> None:
        while self._waiting and (len(self._waiting) > most or self._waiting[0].is_done):
            try:
                self._waiting[0].get(timeout=_ACK_TIMEOUT_S)
            except KafkaError as error:
                raise BrokerAwayError(f"a frame was not acknowledged: {type(error).__name__}") from error
            self._waiting.popleft()
            self.acknowledged += 1


class RejectedSender:
    """Sends unusable input to posts.rejected: original bytes, with reason, source and offset as headers."""

    def __init__(self, producer: Callable[[], Any], topic: str) -> None:
        """Name the topic; `producer` is called at the first rejected piece, so that most workers need none."""
        self._connect = producer
        self._topic = topic
        self._producer: Any = None

    def __call__(self, rejected: Sequence[Rejected]) -> None:
        """Send all and wait until they are acknowledged.

        Raises:
            BrokerAwayError: not all were acknowledged; sending them again may repeat some.
        """
        if self._producer is None:
            self._producer = self._connect()
        try:
            futures = [
                self._producer.send(self._topic, piece.raw[: MAX_RECORD_BYTES // 2], headers=_headers(piece))
                for piece in rejected
            ]
            for future in futures:
                future.get(timeout=_ACK_TIMEOUT_S)
        except KafkaError as error:
            raise BrokerAwayError(f"rejected posts were not acknowledged: {type(error).__name__}") from error

    def close(self) -> None:
        """Let go of the connection."""
        if self._producer is not None:
            self._producer.close()


def _headers(piece: Rejected) -> list[tuple[str, bytes]]:
    return [
        ("reason", piece.reason.value.encode()),
        ("detail", piece.detail.encode(errors="replace")),
        ("source", piece.source.encode(errors="replace")),
        ("offset", str(piece.offset).encode()),
        ("lines", str(piece.lines).encode()),
    ]
