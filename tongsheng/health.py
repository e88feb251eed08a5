"""Look up how the pipeline is: in Redis what its stages keep there, in Kafka how far it has got."""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import redis
from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import CoordinatorNotAvailableError, GroupIdNotFoundError, KafkaError

from alerts.store import AlertStore
from alerts.store import Entry as Outboxed
from contracts import topics
from contracts.errors import RetryableError
from contracts.settings import Settings
from feeds.health import AlertsHealth, ChannelHealth, DetectorHealth, Health, PartitionHealth, WorkerHealth
from streams.detect_store import DetectStore
from streams.window_store import RedisWindowStore, connect
from tongsheng import wiring
from tongsheng.source_health import stored_health

__all__ = ["HealthReader"]

log = logging.getLogger(__name__)

_FRESH_S = 5.0  # two who look at once ask once
_KAFKA_MS = 5000
_ID_CHARS = 6


class HealthReader:
    """Looks when it is asked, at most every five seconds; from any thread. What is away is told as away."""

    def __init__(self, settings: Settings, url: str, *, has_kafka: bool) -> None:
        """Name the places.

        Args:
            settings: of the deployment.
            url: of Redis, or of the embedded Valkey.
            has_kafka: whether posts come through Kafka; not in a run on one machine, where there are no other stages.
        """
        self._settings = settings
        self._has_kafka = has_kafka
        client: Any = connect(url)
        self._client = client
        prefix = settings.redis.key_prefix
        self._windows = RedisWindowStore(client, key_prefix=prefix)
        self._detect = DetectStore(client, key_prefix=prefix)
        self._alerts = AlertStore(client, key_prefix=prefix)
        self._sources = stored_health(settings, url)
        self._admin: Any = None
        self._lock = threading.Lock()
        self._known: Health | None = None
        self._until_s = 0.0

    def __call__(self) -> Health:
        """How it is now."""
        with self._lock:
            if self._known is None or time.monotonic() >= self._until_s:
                self._known = self._look()
                self._until_s = time.monotonic() + _FRESH_S
            return self._known

    def _look(self) -> Health:
        now_ms = wiring.now_ms()
        counted = self._ask(self._counted) if self._has_kafka else None
        ends: dict[int, int] = {}
        rejected, workers = None, None
        if counted is not None:
            ends, rejected, workers = counted
        has_kafka = None if not self._has_kafka else counted is not None
        try:
            heads = self._windows.heads(self._settings.kafka.partitions)
            return Health(
                at_ms=now_ms,
                has_kafka=has_kafka,
                sources=self._sources(),
                partitions=[
                    PartitionHealth(
                        number=number,
                        progress_ms=0 if head is None else head.progress_ms,
                        waiting=max(ends[number] - (0 if head is None else head.next), 0) if number in ends else None,
                    )
                    for number, head in enumerate(heads)
                ],
                workers=workers,
                rejected=rejected,
                late=sum(self._late(number) for number in range(len(heads))),
                detector=self._detector() if self._has_kafka else None,
                alerts=self._sending() if self._tells else None,
                channels=self._channels() if self._tells else (),
            )
        except (redis.RedisError, RetryableError):
            return Health(at_ms=now_ms, has_store=False, has_kafka=has_kafka, rejected=rejected, workers=workers)

    @property
    def _tells(self) -> bool:
        return self._has_kafka and bool(self._settings.alerts.channel)

    def _late(self, partition: int) -> int:
        return int(self._client.hget(self._windows.key(partition, "head"), "late") or 0)

    def _detector(self) -> DetectorHealth:
        owner = self._client.get(self._detect.key("lease"))
        outbox = self._client.xlen(self._detect.key("outbox"))
        return DetectorHealth(owner=(owner or b"").decode(), tick_ms=self._detect.committed_ms(), outbox=outbox)

    def _sending(self) -> AlertsHealth:
        owner = self._client.get(self._alerts.key("lease"))
        newest = self._client.zrevrange(self._alerts.key("sent"), 0, 0, withscores=True)
        return AlertsHealth(owner=(owner or b"").decode(), sent_ms=int(newest[0][1]) if newest else 0)

    def _channels(self) -> list[ChannelHealth]:
        waiting: dict[str, list[Outboxed]] = defaultdict(list)
        for entry in self._alerts.outbox():
            waiting[entry.alert.channel].append(entry)
        return [
            ChannelHealth(
                name=channel.name,
                waiting=len(waiting[channel.name]),
                oldest_ms=min((entry.alert.created_ms for entry in waiting[channel.name]), default=0),
                attempts=max((entry.attempts for entry in waiting[channel.name]), default=0),
            )
            for channel in self._settings.alerts.channel
        ]

    def _counted(self, admin: Any) -> tuple[dict[int, int], int, list[WorkerHealth] | None]:
        """(end of each partition of the posts, rejected pieces that are kept, workers)."""
        specs = wiring.specs(self._settings)
        posts, rejected = specs[topics.POSTS_COLLECTED], specs[topics.POSTS_REJECTED]
        places = [TopicPartition(posts.name, number) for number in range(posts.partitions)]
        refused = [TopicPartition(rejected.name, number) for number in range(rejected.partitions)]
        ends = admin.list_partition_offsets(dict.fromkeys([*places, *refused], OffsetSpec.LATEST), timeout_ms=_KAFKA_MS)
        begins = admin.list_partition_offsets(dict.fromkeys(refused, OffsetSpec.EARLIEST), timeout_ms=_KAFKA_MS)
        return (
            {place.partition: ends[place].offset for place in places},
            sum(ends[place].offset - begins[place].offset for place in refused),
            self._workers(admin, posts.name),
        )

    def _workers(self, admin: Any, topic: str) -> list[WorkerHealth] | None:
        group = f"{self._settings.kafka.topic_prefix}tongsheng-worker"
        try:
            members = admin.describe_groups([group])[group].get("members", [])
        except GroupIdNotFoundError:
            return []
        except CoordinatorNotAvailableError:  # a cluster that has never had a group makes its topic for them now
            return None
        return [_worker(member, topic) for member in members]

    def _ask(self, question: Callable[[Any], Any]) -> Any:
        """What Kafka answers; None where it does not."""
        try:
            if self._admin is None:
                brokers = self._settings.kafka.brokers.split(",")
                self._admin = KafkaAdminClient(
                    bootstrap_servers=brokers, bootstrap_timeout_ms=_KAFKA_MS, request_timeout_ms=_KAFKA_MS
                )
            return question(self._admin)
        except (KafkaError, ValueError, KeyError) as error:
            log.debug("Kafka does not say: %s", type(error).__name__)
            admin, self._admin = self._admin, None
            if admin is not None:
                admin.close()
            return None


def _worker(member: dict[str, Any], topic: str) -> WorkerHealth:
    """One of the members that Kafka tells of; the end of its id tells those of one machine apart."""
    dealt = (member.get("member_assignment") or {}).get("assigned_partitions", [])
    mine = [number for one in dealt if one["topic"] == topic for number in one["partitions"]]
    return WorkerHealth(
        name=member["member_id"][-_ID_CHARS:], host=member["client_host"].strip("/"), partitions=tuple(sorted(mine))
    )
