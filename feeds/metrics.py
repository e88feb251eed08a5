"""Numbers of the feed for Prometheus; labels are bounded, never a word or a name."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from contracts.triage import status_of
from feeds.health import Health, troubles
from feeds.live import LiveBoard
from feeds.triage import ACTS

__all__ = ["Metrics"]

_REFUSALS = (400, 401, 403, 404, 405, 409, 413, 421, 422, 429, 503)
_STATES = ("emerging", "trending", "fading", "closed")


class Metrics:
    """One registry a server."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.acts = Counter("feed_acts_total", "acts of operators", ["act"], registry=self._registry)
        self.looks = Counter("feed_looks_total", "looks at samples", registry=self._registry)
        self.refused = Counter("feed_refused_total", "requests refused", ["status"], registry=self._registry)
        for act in (*ACTS, "mute-words", "unmute-words"):  # of a series that begins with 1 nobody sees an increase
            self.acts.labels(act)
        for status in _REFUSALS:
            self.refused.labels(str(status))
        self.listeners = Gauge("feed_listeners", "browsers that follow the live events", registry=self._registry)
        self._topics = Gauge("feed_topics", "topics on the board", ["state"], registry=self._registry)
        self._open = Gauge("feed_topics_open", "topics nobody has decided on", registry=self._registry)
        self._newest = Gauge("feed_newest_event_seconds", "event time of the newest line", registry=self._registry)
        self._ready = Gauge("feed_ready", "1 while the store answers", registry=self._registry)
        self._pipeline = _Pipeline(self._registry)
        self._blocked = Gauge("feed_guard_blocked", "texts that the last guard kept in", registry=self._registry)

    def text(self, board: LiveBoard, blocked: int, health: Health | None) -> bytes:
        """All of them, in Prometheus's text form."""
        if health is not None:
            self._pipeline.take(health)
        entries = list(board.entries.values())
        for state in _STATES:
            self._topics.labels(state).set(sum(entry.line.state == state for entry in entries))
        now_ms = board.clock()
        live = [entry.line for entry in entries if entry.line.state != "closed"]
        self._open.set(sum(status_of(board.triage_of(line.topic), line.flags, now_ms) == "open" for line in live))
        self._newest.set(board.newest_ms / 1000)
        self._ready.set(board.is_ready)
        self._blocked.set(blocked)
        return generate_latest(self._registry)


class _Pipeline:
    """The stages before the feed, as it looks them up; what is away has no number rather than an old one."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, what: str, label: str = "") -> Gauge:
            return Gauge(f"pipeline_{name}", what, [label] if label else [], registry=registry)

        self._store = gauge("store_up", "1 while Redis answers")
        self._kafka = gauge("kafka_up", "1 while Kafka answers")
        self._workers = gauge("workers", "workers that Kafka knows")
        self._rejected = gauge("rejected_posts", "pieces on posts.rejected, kept for a day")
        self._late = gauge("late_posts", "posts that came too late to be counted")
        self._detector = gauge("detector_active", "1 while a detector is active")
        self._tick = gauge("detector_tick_seconds", "event time up to which topics are judged")
        self._outbox = gauge("detector_outbox", "topic lines that Kafka has not taken yet")
        self._troubles = gauge("troubles", "what needs somebody, as /health lists it")
        self._progress = gauge("partition_progress_seconds", "event time up to which it is counted", "partition")
        self._waiting = gauge("partition_waiting_records", "records that nobody has counted yet", "partition")
        self._source = gauge("source_well", "1 while a source gives what it is used to give", "source")
        self._item = gauge("source_item_seconds", "wall clock of its last post", "source")

    def take(self, health: Health) -> None:
        """Show these."""
        for gauge in (self._progress, self._waiting, self._source, self._item):
            gauge.clear()
        self._store.set(health.has_store)
        self._kafka.set(health.has_kafka is not False)
        self._workers.set(len(health.workers or ()))
        self._rejected.set(health.rejected or 0)
        self._late.set(health.late)
        self._troubles.set(len(troubles(health)))
        if health.detector is not None:
            self._detector.set(bool(health.detector.owner))
            self._tick.set(health.detector.tick_ms / 1000)
            self._outbox.set(health.detector.outbox)
        for partition in health.partitions:
            self._progress.labels(str(partition.number)).set(partition.progress_ms / 1000)
            if partition.waiting is not None:
                self._waiting.labels(str(partition.number)).set(partition.waiting)
        for source in [source for source in health.sources if source.started_ms]:
            self._source.labels(source.name).set(source.verdict(health.at_ms).is_well)
            self._item.labels(source.name).set(source.item_ms / 1000)
