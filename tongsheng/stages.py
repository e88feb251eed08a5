"""The stages of a Kafka deployment: produce, worker, detect."""

import logging
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from contracts import topics
from contracts.errors import BrokerAwayError, SettingsError, UnusablePostError
from contracts.post import EARLIEST_AT_MS, FORGETTING, Author, Post, encode_post, vet
from contracts.settings import Settings
from producers.cursor import Cursor, Cursors, NoCursor
from producers.files import FileSource
from producers.kafka import FrameRules, FrameSender, RejectedSender, connect_producer, ensure_topics
from producers.pauses import Paused
from producers.produce import Sent, produce
from producers.source import PostSource
from streams.detect import DetectLoop, DetectTiming
from streams.detect_store import DetectStore
from streams.orders import OrderPoll, TickOrders
from streams.saved import SavedStates
from streams.window_store import RedisWindowStore, connect
from streams.worker import WorkerPartitions
from tongsheng import wiring
from tongsheng.display import Display, Numbers

__all__ = ["detect", "frame_rules", "produce_sources", "work"]

log = logging.getLogger(__name__)

_REPLAY_SAVE_S = 20.0
_PROGRESS_S = 60.0
_FORGET_PATIENCE_S = 6.0  # somebody sits and waits


def produce_sources(sources: Sequence[PostSource], settings: Settings, *, restart: bool = False) -> Display:
    """Send each source from where it stopped; returns the display, for its summary."""
    brokers = settings.kafka.brokers
    specs = wiring.specs(settings)
    ensure_topics(brokers, specs.values())
    producer = connect_producer(brokers)
    topic = specs[topics.POSTS_COLLECTED].name
    numbers = Numbers(rejected_go_to=specs[topics.POSTS_REJECTED].name)
    display = Display(numbers, title="tongsheng produce → " + topic, is_judging=False)
    try:
        with display.running():
            for source in sources:
                if restart:
                    _cursor(source, settings).forget()
                _produce(source, producer, settings, display)
    finally:
        producer.close()
    return display


@contextmanager
def _stopping(cursor: Cursors) -> Iterator[threading.Event]:
    """Set at the first SIGTERM or Ctrl-C, so that the place is kept; the second ends at once.

    A stream has no place to keep, and reading it may wait for ever: the first ends it.
    """
    stopping = threading.Event()
    if isinstance(cursor, NoCursor):
        yield stopping
        return
    numbers = (signal.SIGTERM, signal.SIGINT)

    def stop(*_: object) -> None:
        stopping.set()
        for number in numbers:
            signal.signal(number, signal.default_int_handler)

    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield stopping
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _produce(source: PostSource, producer: Any, settings: Settings, display: Display) -> None:
    """Send one source; KeyboardInterrupt once its place is kept, where it was told to stop."""
    specs, numbers = wiring.specs(settings), display.numbers
    posts_before, rejected_before = numbers.posts, numbers.rejected.copy()
    if isinstance(source, FileSource):
        numbers.notes += source.notes()

    def on_progress(sent: Sent) -> None:
        numbers.posts, numbers.rejected = posts_before + sent.posts, rejected_before + sent.rejected
        numbers.event_ms = sent.event_ms
        display.refresh()

    topic, cursor = specs[topics.POSTS_COLLECTED].name, _cursor(source, settings)
    with _stopping(cursor) as stopping:
        sent = produce(
            Paused(source) if isinstance(cursor, NoCursor) else source,
            sender=FrameSender(producer, topic, partitions=settings.kafka.partitions, rules=frame_rules(settings)),
            reject=RejectedSender(lambda: producer, specs[topics.POSTS_REJECTED].name),
            cursor=cursor,
            partitions=settings.kafka.partitions,
            mark_ms=settings.produce.mark_s * 1000,
            on_progress=on_progress,
            clock_s=time.monotonic,
            is_stopping=stopping.is_set,
        )
    if stopping.is_set():
        log.info("stopped; the next run goes on here", extra={"event": "produce.stopped", "place": sent.place})
        raise KeyboardInterrupt
    if isinstance(cursor, Cursor):
        numbers.notes += _told_of(cursor, sent, source.name)


def _told_of(cursor: Cursor, sent: Sent, name: str) -> list[str]:
    """What somebody who sends a source again should know of its place."""
    if cursor.is_of_another:
        return [f"{name}: not what was sent under this name before; sent from its start"]
    if sent.place and not sent.posts and not sent.rejected:
        return [f"{name}: all of it was sent before; `produce --restart` sends it again from its start"]
    return []


def frame_rules(settings: Settings) -> FrameRules:
    """How posts are packed."""
    made = settings.produce
    return FrameRules(
        posts=made.frame_posts,
        bytes=made.frame_kib << 10,
        seconds=made.frame_ms / 1000,
        in_flight=made.in_flight_frames,
    )


def _cursor(source: PostSource, settings: Settings) -> Cursors:
    if isinstance(source, FileSource) and source.is_stream:
        return NoCursor()
    topic = wiring.specs(settings)[topics.POSTS_COLLECTED].name
    folder = settings.produce.cursor_folder
    if not isinstance(source, FileSource):
        return Cursor(folder, source.name, topic=topic)
    return Cursor(folder, source.name, topic=topic, version=source.version, continues=source.continues)


def work(settings: Settings) -> None:
    """Count posts until stopped; any number of workers share the partitions."""
    from streams.app import build_app  # noqa: PLC0415 - Faust takes a second to import, which no other command pays
    from streams.stopping import PromptWorker  # noqa: PLC0415 - same

    brokers, prefix = settings.kafka.brokers, settings.kafka.topic_prefix
    specs = wiring.specs(settings)
    listener = wiring.listener(settings, wiring.deployment_veil(settings))  # a fault of the settings is told at once
    ensure_topics(brokers, specs.values())
    store = RedisWindowStore(connect(settings.redis.url.get_secret_value()), key_prefix=settings.redis.key_prefix)
    topic = specs[topics.POSTS_COLLECTED].name
    folds = WorkerPartitions(
        store=store,
        listener=listener,
        rules=wiring.window_rules(settings),
        reject=RejectedSender(lambda: connect_producer(brokers), specs[topics.POSTS_REJECTED].name),
        saved=_saved(settings, lambda: connect_producer(brokers)),
        save_due=_SaveDue(settings.windows.save_minutes),
        source=topic,
    )
    with tempfile.TemporaryDirectory(prefix="tongsheng-worker-") as folder:
        app = build_app(
            folds=folds,
            app_id=f"{prefix}tongsheng-worker",
            brokers=brokers,
            topic=topic,
            session_timeout_s=settings.kafka.session_timeout_s,
            data_folder=folder,
        )
        log.info("worker starts", extra={"event": "worker.start", "topic": topic})
        threading.Thread(target=_log_progress, args=(folds,), name="progress", daemon=True).start()
        # quiet: no banner of its own
        PromptWorker(app, loglevel="WARNING", override_logging=False, quiet=True).execute_from_commandline()


def _log_progress(folds: WorkerPartitions) -> None:
    """A line a minute while there is something to count; ends with the process."""
    while True:
        time.sleep(_PROGRESS_S)
        progress = folds.progress()
        if progress["posts"] or progress["rejected"]:
            log.info("counted", extra={"event": "worker.progress", **progress})


def detect(settings: Settings) -> None:
    """Detect until stopped; one detector is active, the others stand by."""
    brokers = settings.kafka.brokers
    specs = wiring.specs(settings)
    veil = wiring.deployment_veil(settings)
    ensure_topics(brokers, specs.values())
    client = connect(settings.redis.url.get_secret_value())
    producer = connect_producer(brokers)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    prefix = settings.redis.key_prefix
    store = DetectStore(client, key_prefix=prefix)
    loop = DetectLoop(
        owner=wiring.process_name(),
        windows=RedisWindowStore(client, key_prefix=prefix),
        store=store,
        saved=_saved(settings, lambda: producer),
        save_due=_SaveDue(settings.windows.save_minutes),
        publish=lambda lines: _publish(producer, specs[topics.TOPICS_DETECTED].name, lines),
        make_detector=lambda state: wiring.make_detector(settings, veil, state),
        ends=_Ends(brokers, specs[topics.POSTS_COLLECTED].name, settings.kafka.partitions),
        orders=TickOrders(store, OrderPoll(client, now_ms=wiring.now_ms, clock_s=time.monotonic, key_prefix=prefix)),
        partitions=settings.kafka.partitions,
        timing=DetectTiming(
            tick_ms=settings.detect.tick_s * 1000,
            lease_s=float(settings.detect.lease_s),
            idle_s=float(settings.detect.idle_s),
        ),
    )
    try:
        loop.run(stopping.is_set)
    finally:
        producer.close()


def forget(settings: Settings, name: str) -> None:
    """Have every stage forget a post: workers and detector drop what they keep of it when they read this.

    Raises:
        SettingsError: the id is none.
        BrokerAwayError: Kafka did not acknowledge it.
    """
    told = Post(id=name, platform="other", at_ms=EARLIEST_AT_MS, author=Author(key=FORGETTING), deleted=True)
    try:
        vet(told, received_ms=wiring.now_ms())
    except UnusablePostError as error:
        raise SettingsError("POST_ID", f"{error.detail}") from None
    specs = wiring.specs(settings)
    try:
        ensure_topics(settings.kafka.brokers, specs.values(), patience_s=_FORGET_PATIENCE_S)
    except BrokerAwayError as error:
        raise BrokerAwayError(f"nothing was asked for, run this again once Kafka is there: {error}") from error
    producer = connect_producer(settings.kafka.brokers)
    try:
        topic, packed = specs[topics.POSTS_COLLECTED].name, encode_post(told)
        sent = [producer.send(topic, packed, partition=number) for number in range(settings.kafka.partitions)]
        for request in sent:  # to each, for nobody knows whose post it is
            request.get(timeout=60)
    except KafkaError as error:
        raise BrokerAwayError(f"the request was not acknowledged: {type(error).__name__}") from error
    finally:
        producer.close()


def _saved(settings: Settings, producer: Callable[[], Any]) -> SavedStates:
    return SavedStates(settings.kafka.brokers, wiring.specs(settings)[topics.WINDOWS_SAVED].name, producer)


class _SaveDue:
    """Every so many minutes of wall time; a fast replay also every so many of event time, but not all the time."""

    def __init__(self, minutes: int) -> None:
        self._interval_s = minutes * 60.0
        self._last: dict[str, tuple[float, int]] = {}

    def __call__(self, name: str, event_ms: int) -> bool:
        now_s = time.monotonic()
        last_s, last_ms = self._last.setdefault(name, (now_s, event_ms))
        is_replay_due = event_ms - last_ms >= self._interval_s * 1000 and now_s - last_s >= _REPLAY_SAVE_S
        if now_s - last_s < self._interval_s and not is_replay_due:
            return False
        self._last[name] = (now_s, event_ms)
        return True


class _Ends:
    """Offsets behind the last records of a topic, asked of the brokers at each call."""

    def __init__(self, brokers: str, topic: str, partitions: int) -> None:
        self._brokers = brokers
        self._partitions = [TopicPartition(topic, partition) for partition in range(partitions)]
        self._consumer: Any = None

    def __call__(self) -> list[int]:
        try:
            if self._consumer is None:
                self._consumer = KafkaConsumer(bootstrap_servers=self._brokers.split(","))
            found = self._consumer.end_offsets(self._partitions)
        except KafkaError as error:
            raise BrokerAwayError(f"Kafka does not say where its partitions end: {type(error).__name__}") from error
        return [found[partition] for partition in self._partitions]


def _publish(producer: Any, topic: str, lines: Sequence[tuple[bytes, bytes]]) -> None:
    try:
        futures = [producer.send(topic, line, key=key, partition=0) for key, line in lines]
        for future in futures:
            future.get(timeout=60)
    except KafkaError as error:
        raise BrokerAwayError(f"topic lines were not acknowledged: {type(error).__name__}") from error
