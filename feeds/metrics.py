"""Numbers of the feed for Prometheus; labels are bounded, never a word or a name."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from feeds.live import LiveBoard
from feeds.triage import status_of

__all__ = ["Metrics"]

_STATES = ("emerging", "trending", "fading", "closed")


class Metrics:
    """One registry a server."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.acts = Counter("feed_acts_total", "acts of operators", ["act"], registry=self._registry)
        self.looks = Counter("feed_looks_total", "looks at samples", registry=self._registry)
        self.refused = Counter("feed_refused_total", "requests refused", ["status"], registry=self._registry)
        self.listeners = Gauge("feed_listeners", "browsers that follow the live events", registry=self._registry)
        self._topics = Gauge("feed_topics", "topics on the board", ["state"], registry=self._registry)
        self._open = Gauge("feed_topics_open", "topics nobody has decided on", registry=self._registry)
        self._newest = Gauge("feed_newest_event_seconds", "event time of the newest line", registry=self._registry)
        self._ready = Gauge("feed_ready", "1 while the store answers", registry=self._registry)
        self._blocked = Gauge("feed_guard_blocked", "texts that the last guard kept in", registry=self._registry)

    def text(self, board: LiveBoard, blocked: int) -> bytes:
        """All of them, in Prometheus's text form."""
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
