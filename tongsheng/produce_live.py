"""`tongsheng produce` of live sources: each on a thread, one Kafka client, until stopped or one cannot go on."""

import logging
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from contracts import topics
from contracts.settings import Settings
from producers.cursor import Cursor, Cursors, RedisCursor
from producers.kafka import FrameSender, RejectedSender, connect_producer, ensure_topics
from producers.produce import Sent, produce
from producers.source import PostSource
from streams.window_store import connect
from tongsheng import wiring
from tongsheng.source_health import HealthKeeper
from tongsheng.sources import LiveSources
from tongsheng.stages import frame_rules

__all__ = ["live_cursor", "produce_live"]

log = logging.getLogger(__name__)

_PROGRESS_S = 60.0
_LOOK_S = 0.5
_END_S = 20.0  # for what is under way once the end is asked for


def produce_live(live: LiveSources, settings: Settings, *, restart: bool = False) -> Counter[str]:
    """Send until SIGTERM or Ctrl-C, or until all have ended; returns what was sent: "posts", and reasons of rejection.

    Raises:
        PipelineError: a source cannot go on, or Kafka or Redis is away; the others have then ended too.
    """
    stopping = live.stopping
    ensure_topics(settings.kafka.brokers, wiring.specs(settings).values())
    producer = connect_producer(settings.kafka.brokers)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    threads = [_Producing(source, producer, settings, stopping, restart=restart) for source in live.sources]
    url, key_prefix = settings.redis.url.get_secret_value(), settings.redis.key_prefix
    try:
        with HealthKeeper(live.monitors, url, key_prefix):
            for thread in threads:
                thread.start()
            _watch(threads, stopping)
    finally:
        stopping.set()
        for thread in threads:
            thread.join(_END_S)
        with suppress(OSError):
            producer.close(timeout=_END_S)
    for thread in threads:
        if thread.error is not None:
            raise thread.error
    return sum((thread.tally() for thread in threads), Counter())


def live_cursor(source: PostSource, settings: Settings) -> Cursors:
    """In Redis, or in a file where the settings say so."""
    topic = wiring.specs(settings)[topics.POSTS_COLLECTED].name
    if settings.produce.live_cursors == "file":
        return Cursor(settings.produce.cursor_folder, f"[[source]] {source.name}", topic=topic)
    client = connect(settings.redis.url.get_secret_value())
    return RedisCursor(client, source.name, topic=topic, key_prefix=settings.redis.key_prefix)


def _watch(threads: Sequence["_Producing"], stopping: threading.Event) -> None:
    next_s = time.monotonic() + _PROGRESS_S
    while not stopping.wait(_LOOK_S) and any(thread.is_alive() for thread in threads):
        if any(thread.error is not None for thread in threads):
            return
        if time.monotonic() >= next_s:
            next_s += _PROGRESS_S
            for thread in threads:
                log.info("sent", extra={"event": "produce.progress", "source": thread.name, **thread.tally()})


class _Producing(threading.Thread):
    """One source on its way to Kafka."""

    def __init__(
        self, source: PostSource, producer: Any, settings: Settings, stopping: threading.Event, *, restart: bool
    ) -> None:
        super().__init__(name=source.name, daemon=True)
        self.error: BaseException | None = None
        self._sent = Sent()
        self._source = source
        self._producer = producer
        self._settings = settings
        self._stopping = stopping
        self._restart = restart

    def tally(self) -> Counter[str]:
        """Posts, and rejected pieces by reason."""
        return Counter({"posts": self._sent.posts}) + self._sent.rejected

    def run(self) -> None:
        """Until the source ends; an error is kept, for the main thread to raise."""
        try:
            self._produce()
        except BaseException as error:  # noqa: BLE001 - handed to the main thread
            self.error = error
            self._stopping.set()

    def _produce(self) -> None:
        settings, specs = self._settings, wiring.specs(self._settings)
        cursor = live_cursor(self._source, settings)
        if self._restart:
            cursor.forget()
        produce(
            self._source,
            sender=FrameSender(
                self._producer,
                specs[topics.POSTS_COLLECTED].name,
                partitions=settings.kafka.partitions,
                rules=frame_rules(settings),
            ),
            reject=RejectedSender(lambda: self._producer, specs[topics.POSTS_REJECTED].name),
            cursor=cursor,
            partitions=settings.kafka.partitions,
            mark_ms=settings.produce.mark_s * 1000,
            pause_ms=settings.detect.tick_s * 1000,
            on_progress=self._keep,
            clock_s=time.monotonic,
        )

    def _keep(self, sent: Sent) -> None:
        self._sent = sent
