"""Numbers of the alerts for Prometheus; labels are names of channels and closed vocabularies, never a word.

Written by the loop and by the threads that send, read by the server of `tongsheng alert` (docs/alerts.md lists them).
"""

from collections.abc import Collection, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from alerts.courier import Health
from alerts.sending import Delivered, Outcome, Refused
from alerts.store import Entry

__all__ = ["AlertMetrics"]

_BUCKETS_S = (1, 2, 5, 10, 30, 60, 300, 900, 3600)


class AlertMetrics:
    """One registry a process; may be used by several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        here = self.registry
        by_channel = ["channel"]
        self._delivered = Counter("alerts_delivered", "messages that an app took", ["channel", "kind"], registry=here)
        self._retried = Counter("alerts_retried", "attempts after which a message waits", by_channel, registry=here)
        self._refused = Counter("alerts_refused", "attempts refused for good", ["channel", "scope"], registry=here)
        self._blocked = Counter("alerts_blocked", "messages that the last guard kept in", by_channel, registry=here)
        self._dropped = Counter("alerts_dropped", "messages that will never be sent", by_channel, registry=here)
        self._took = Histogram(
            "alerts_delivery_seconds", "from due to delivered", by_channel, buckets=_BUCKETS_S, registry=here
        )
        self._waiting = Gauge("alerts_outbox", "messages that wait or are being sent", by_channel, registry=here)
        self._oldest = Gauge("alerts_outbox_oldest_seconds", "age of the oldest of them", by_channel, registry=here)
        self._open = Gauge("alerts_breaker_open", "1 while a channel fails again and again", by_channel, registry=here)
        self._active = Gauge("alerts_active", "1 where this process sends, 0 where it stands by", registry=here)
        self._round = Gauge("alerts_round_timestamp_seconds", "wall clock of the last sign of life", registry=here)
        self._round_s = 0.0

    def lived(self, now_ms: int, *, is_active: bool) -> None:
        """A round of the loop ended well, or a look at the lease."""
        self._round_s = now_ms / 1000
        self._round.set(self._round_s)
        self._active.set(is_active)

    def last_round_s(self) -> float:
        """Wall clock (epoch s) of the last sign of life; 0 before the first."""
        return self._round_s

    def saw_outbox(
        self,
        channels: Collection[str],
        waiting: Mapping[str, Sequence[Entry]],
        health: Mapping[str, Health],
        now_ms: int,
    ) -> None:
        """What waits, and how the channels are; those that have nothing waiting are there too, as 0."""
        for name in channels:
            entries = waiting.get(name, ())
            oldest_ms = min((entry.alert.created_ms for entry in entries), default=now_ms)
            self._waiting.labels(name).set(len(entries))
            self._oldest.labels(name).set(max(now_ms - oldest_ms, 0) / 1000)
            self._open.labels(name).set(name in health and health[name].is_open)
            for counter in (self._retried, self._blocked, self._dropped, self._took):
                counter.labels(
                    name
                )  # there from the start, as 0: of a series that begins with 1 nobody sees an increase

    def tried(self, entry: Entry, outcome: Outcome, now_ms: int, *, is_blocked: bool) -> None:
        """An attempt ended."""
        alert = entry.alert
        if is_blocked:
            self._blocked.labels(alert.channel).inc()
        if isinstance(outcome, Delivered):
            self._delivered.labels(alert.channel, alert.kind).inc()
            self._took.labels(alert.channel).observe(max(now_ms - alert.created_ms, 0) / 1000)
        elif isinstance(outcome, Refused):
            self._refused.labels(alert.channel, outcome.scope).inc()
            if outcome.scope == "message" and entry.is_minimal:
                self._dropped.labels(alert.channel).inc()
        else:
            self._retried.labels(alert.channel).inc()

    def dropped(self, channel: str, messages: int) -> None:
        """The settings know the channel no longer: its numbers go, but that they were dropped stays."""
        self._dropped.labels(channel).inc(messages)
        for gauge in (self._waiting, self._oldest, self._open):
            gauge.remove(channel)
