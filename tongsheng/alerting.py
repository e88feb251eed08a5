"""The alerts stage, and the alerts of a run on one machine."""

import logging
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import redis
from kafka.errors import KafkaError

from alerts.agent import AlertLoop, Batch
from alerts.kafka_lines import KafkaLines, past_records
from alerts.metrics import AlertMetrics
from alerts.sources import Heard
from alerts.store import AlertStore
from alerts.story import epoch_ms
from contracts import topics
from contracts.errors import BrokerAwayError, PipelineError
from contracts.settings import Settings
from contracts.source_health import STOPPED_MS, SourceHealth
from contracts.topic import TopicLine, encode_line
from producers.kafka import connect_producer, ensure_topics
from producers.monitor import Monitor
from streams.lease import Lease
from streams.window_store import RedisWindowStore, connect
from tongsheng import wiring
from tongsheng.live_alerts import LiveAlerts, has_listeners
from tongsheng.metrics_server import serving_metrics
from tongsheng.source_health import stored_health

__all__ = ["local_alerts", "send_alerts"]

log = logging.getLogger(__name__)

_ACK_S = 3.0  # shorter than the lease
_SETTLE_S = STOPPED_MS / 1000  # after a common restart, sources have not given a sign yet
_DRAIN_S = 60.0  # how long the end of a run waits for its alerts


def send_alerts(settings: Settings, path: Path | None) -> None:
    """Send alerts until stopped; one process is active, the others stand by.

    Raises:
        SettingsError: there is no channel or no route.
    """
    has_listeners(settings)
    brokers = settings.kafka.brokers
    specs = wiring.specs(settings)
    ensure_topics(brokers, specs.values())
    producer = connect_producer(brokers)
    raised = specs[topics.ALERTS_RAISED].name
    client = connect(settings.redis.url.get_secret_value())
    metrics, read_health = AlertMetrics(), stored_health(settings)
    started_s = time.monotonic()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    loop = AlertLoop(
        owner=wiring.process_name(),
        lease=Lease(client, "alerts", key_prefix=settings.redis.key_prefix),
        lease_ms=settings.detect.lease_s * 1000,
        store=AlertStore(client, key_prefix=settings.redis.key_prefix),
        lines=KafkaLines(brokers, specs[topics.TOPICS_DETECTED].name),
        past=lambda: past_records(brokers, raised),
        publish=lambda records: _publish(producer, raised, records),
        setup=LiveAlerts(path),
        clock=wiring.now_ms,
        heard=lambda: replace(
            _heard(settings, read_health, client), is_settled=time.monotonic() - started_s > _SETTLE_S
        ),
        metrics=metrics,
    )
    try:
        with serving_metrics(settings.metrics, metrics.registry, metrics.last_round_s):
            loop.run(stopping.is_set)
    finally:
        producer.close()


def _publish(producer: Any, topic: str, records: Sequence[bytes]) -> None:
    try:
        for future in [producer.send(topic, record, partition=0) for record in records]:
            future.get(timeout=_ACK_S)
    except KafkaError as error:
        raise BrokerAwayError(f"alerts raised were not acknowledged: {type(error).__name__}") from error


def _heard(settings: Settings, read_health: Callable[[], list[SourceHealth]], client: "redis.Redis") -> Heard:
    """Up to when posts are counted, and how the live sources are; as unknown where Redis does not say."""
    try:
        heads = RedisWindowStore(client, key_prefix=settings.redis.key_prefix).heads(settings.kafka.partitions)
        sources = tuple(read_health())
    except (PipelineError, redis.RedisError):
        return Heard()
    newest_ms = max((head.progress_ms for head in heads if head is not None), default=0)
    return Heard(newest_ms=newest_ms, sources=sources, at_ms=wiring.now_ms())


class _QueuedLines:
    """Lines of this process; the place is how many there were. See alerts.agent.Lines.

    While the run works through what is old, it has not caught up: it is told of in one summary when it has.
    """

    def __init__(self, stale_ms: int) -> None:
        """Take how old a line may be that is not old, in ms."""
        self._queue: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._stale_ms = stale_ms
        self._read = 0
        self._put = 0
        self._settled = 0
        self._newest_ms = 0
        self._last_rounds = 0
        self.is_ended = False

    def put(self, line: TopicLine) -> None:
        """One more line."""
        self._put += 1
        self._newest_ms = epoch_ms(line.at)
        self._queue.put(encode_line(line))

    @property
    def is_settled(self) -> bool:
        """Whether every line was read and, after the end, a whole round was made."""
        return self._settled == self._put and self._last_rounds > 1

    def begin(self) -> int:
        """See Lines.begin."""
        return 0

    def read(self, place: int, patience_s: float) -> Batch:
        """See Lines.read."""
        self._last_rounds += self.is_ended
        self._settled = place  # the loop comes back with a place only once it has committed it
        found: list[bytes] = []
        try:
            found.append(self._queue.get(timeout=patience_s))
            while not self._queue.empty():
                found.append(self._queue.get_nowait())
        except queue.Empty:
            pass
        self._read += len(found)
        is_old = wiring.now_ms() - self._newest_ms > self._stale_ms and not self.is_ended
        return Batch(found, self._read, self._read + self._queue.qsize() + is_old)


@contextmanager
def local_alerts(
    settings: Settings, path: Path | None, redis_url: str, monitors: Sequence[Monitor] = ()
) -> Iterator[Callable[[TopicLine], None]]:
    """Send the alerts of a run on one machine; yields where its lines go. Its end waits until all are delivered.

    `redis_url` is of the run's Valkey, where its feed keeps what operators decide; `monitors` watch its live sources.
    Nothing is sent where the settings name no channel or no route.
    """
    if not settings.alerts.channel or not settings.alerts.route:
        yield _ignore
        return
    lines = _QueuedLines(settings.alerts.stale_minutes * 60_000)
    with _serving(_local_loop(settings, path, redis_url, lines, monitors), lines):
        yield lines.put


def _local_loop(
    settings: Settings, path: Path | None, redis_url: str, lines: _QueuedLines, monitors: Sequence[Monitor]
) -> AlertLoop:
    client = connect(redis_url)

    def heard() -> Heard:
        now_ms = wiring.now_ms()  # the run itself reads what there is
        return Heard(newest_ms=now_ms, sources=tuple(monitor.beat() for monitor in monitors), at_ms=now_ms)

    return AlertLoop(
        owner=wiring.process_name(),
        lease=Lease(client, "alerts", key_prefix=settings.redis.key_prefix),
        lease_ms=settings.detect.lease_s * 1000,
        store=AlertStore(client, key_prefix=settings.redis.key_prefix),
        lines=lines,
        past=lambda: (),
        publish=lambda _: None,
        setup=LiveAlerts(path),
        clock=wiring.now_ms,
        heard=heard,
        metrics=AlertMetrics(),
    )


@contextmanager
def _serving(loop: AlertLoop, lines: _QueuedLines) -> Iterator[None]:
    """Run the loop on a thread; at the end of the block until nothing waits, but not for ever."""
    deadline_s = float("inf")

    def is_over() -> bool:
        is_done = lines.is_ended and lines.is_settled and loop.waiting == 0
        return is_done or time.monotonic() > deadline_s

    thread = threading.Thread(target=loop.run, args=(is_over,), name="alerts")
    thread.start()
    try:
        yield
    finally:
        deadline_s = time.monotonic() + _DRAIN_S
        lines.is_ended = True
        thread.join()
        if loop.waiting:
            log.warning("%d alerts were not delivered", loop.waiting, extra={"event": "alerts.left"})


def _ignore(_: TopicLine) -> None:
    """Where there is no channel nothing is told."""
