"""The process that sends alerts: one is active by a lease, the others stand by.

```
topics.detected, {feed}:triage ──▶ plan.step ──▶ one write: stories, outbox, place ──▶ delivery ──▶ apps
                                                                                         └──▶ alerts.raised
```

Lines may come twice and the process may end anywhere: it goes on from what is in Redis. In an emptied Redis it starts
with what alerts.raised tells of the past, so that nothing is told anew.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from alerts.delivery import Delivery, Setup
from alerts.lines import decoded
from alerts.metrics import AlertMetrics
from alerts.plan import Plan, Step
from alerts.sources import Heard
from alerts.store import AlertStore
from contracts.alert import Known, Raised
from contracts.clock import Clock
from contracts.errors import BrokerAwayError, FailStopError, RetryableError, StoreAwayError
from contracts.triage import Triage

__all__ = ["AlertLoop", "Batch", "Leased", "Lines"]

log = logging.getLogger(__name__)

_POLL_S = 0.2
_BUSY_POLL_S = 0.02  # while alerts wait: each round begins at most one attempt a channel
_HEARD_S = 60.0
_DECIDED_S = 1.0
_NOTE_AGAIN_S = 30.0

_record = msgspec.json.Decoder(Raised).decode


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines from one place on.

    Attributes:
        lines: as they stand in topics.detected, in its order.
        next: place behind them.
        end: place behind the newest line that there is.
    """

    lines: Sequence[bytes]
    next: int
    end: int


class Lines(Protocol):
    """Where topic lines come from; may raise BrokerAwayError."""

    def begin(self) -> int:
        """The first place that can be read."""
        ...

    def read(self, place: int, patience_s: float) -> Batch:
        """The lines from this place on; waits so long for the first one."""
        ...


class Leased(Protocol):
    """See streams.lease.Lease."""

    def take(self, owner: str, length_ms: int) -> int:
        """The fencing number, 0 while another process holds it."""
        ...

    def release(self, owner: str) -> None:
        """Let another take over."""
        ...


class AlertLoop:
    """Leases, plans, commits, delivers; `run` returns when `stop` says so."""

    def __init__(
        self,
        *,
        owner: str,
        lease: Leased,
        lease_ms: int,
        store: AlertStore,
        lines: Lines,
        past: Callable[[], Iterable[bytes]],
        publish: Callable[[Sequence[bytes]], None],
        setup: Callable[[], Setup],
        clock: Clock,
        heard: Callable[[], Heard],
        metrics: AlertMetrics,
    ) -> None:
        """Wire the loop.

        Args:
            owner: unique name of this process.
            lease: of the stage.
            lease_ms: after this long without a sign of life another process takes over.
            store: the alerts' keys.
            lines: topics.detected.
            past: all records of alerts.raised, asked for when the store is empty.
            publish: sends records to alerts.raised and returns when they are acknowledged.
            setup: settings as of now.
            clock: wall time.
            heard: what comes in.
            metrics: what it counts.
        """
        self._owner = owner
        self._lease = lease
        self._lease_ms = lease_ms
        self._store = store
        self._lines = lines
        self._past = past
        self._publish = publish
        self._setup = setup
        self._clock = clock
        self._look_up = heard
        self._metrics = metrics
        self._heard = Heard()
        self._heard_at_s = float("-inf")
        self._decided: dict[str, Triage] = {}
        self._decided_at_s = float("-inf")
        self._is_away = False
        self._note_at_s = 0.0
        self.waiting = 0  # alerts in the outbox, as of the last round

    def run(self, stop: Callable[[], bool]) -> None:
        """Stand by until the lease is free, then send alerts until stopped.

        Raises:
            FailStopError: the lease was lost or the store emptied; start again.
        """
        while not stop():
            try:
                fence = self._lease.take(self._owner, self._lease_ms)
                self._metrics.lived(self._clock(), is_active=bool(fence))
                if fence:
                    log.info("sending alerts", extra={"event": "alerts.active", "fence": fence})
                    self._serve(fence, stop)
                    self._lease.release(self._owner)
                    return
            except RetryableError as error:
                self._metrics.lived(self._clock(), is_active=False)
                log.warning("waiting: %s", error, extra={"event": "alerts.waiting"})
            time.sleep(_POLL_S)

    def _serve(self, fence: int, stop: Callable[[], bool]) -> None:
        place, plan = self._recover()
        delivery = Delivery(self._store, self._clock, self._metrics)
        try:
            while not stop():
                if self._lease.take(self._owner, self._lease_ms) != fence:
                    raise FailStopError("another process sends the alerts")
                batch = self._read(place)
                setup = self._setup()
                now_ms = self._clock()
                step = plan.step(
                    decoded(batch.lines, setup.recheck),
                    now_ms=now_ms,
                    settings=setup.settings,
                    is_caught_up=batch.next >= batch.end,
                    heard=self._listened(),
                    decided=self._decisions(),
                )
                if batch.next != place or step != Step():
                    self._commit(fence, place, batch.next, step, now_ms)
                    place = batch.next
                self.waiting = delivery.tick(fence, setup)
                self._note()
                self._metrics.lived(self._clock(), is_active=True)
        finally:
            delivery.close()

    def _read(self, place: int) -> Batch:
        """New lines; while Kafka is away there are none, and what is in the outbox still goes out."""
        try:
            batch = self._lines.read(place, _BUSY_POLL_S if self.waiting else _POLL_S)
        except BrokerAwayError as error:
            self._say_away(error)
            time.sleep(_POLL_S)
            return Batch((), place, place + 1)
        self._is_away = False
        return batch

    def _say_away(self, error: BrokerAwayError) -> None:
        if not self._is_away:
            log.warning("waiting: %s", error, extra={"event": "alerts.waiting"})
        self._is_away = True

    def _recover(self) -> tuple[int, Plan]:
        """The state in Redis, or what alerts.raised tells of it."""
        loaded = self._store.load()
        if loaded.next is None:
            sent: dict[str, int] = {}
            known: dict[str, dict[str, Known]] = defaultdict(dict)
            places: dict[tuple[str, str], str] = {}
            for packed in self._past():
                record = _record(packed)
                sent[record.id] = record.at_ms
                for topic, told in record.told.items():
                    known[topic][record.channel] = told
                    if record.place:
                        places[record.channel, topic] = record.place
            self._store.restore(sent, known, places, self._lines.begin())
            loaded = self._store.load()
            log.info("starting anew", extra={"event": "alerts.restored", "delivered": len(sent)})
        return loaded.next or 0, Plan(loaded.stories, loaded.digests, loaded.known, loaded.sources)

    def _commit(self, fence: int, place: int, new_place: int, step: Step, now_ms: int) -> None:
        """Write the step; while Redis is away nothing goes on, for the plan is ahead of it."""
        while True:
            try:
                self._store.commit(fence, place, new_place, step, now_ms)
            except StoreAwayError as error:
                self._metrics.lived(self._clock(), is_active=True)
                log.warning("waiting: %s", error, extra={"event": "alerts.waiting"})
                time.sleep(_POLL_S)
            else:
                return

    def _note(self) -> None:
        """Publish what was delivered; where Kafka does not take it, again after a while."""
        while time.monotonic() >= self._note_at_s and (records := self._store.raised()):
            try:
                self._publish([record for _, record in records])
            except BrokerAwayError as error:
                self._say_away(error)
                self._note_at_s = time.monotonic() + _NOTE_AGAIN_S
                return
            self._store.published([entry for entry, _ in records])

    def _listened(self) -> Heard:
        """What comes in, looked up once a minute."""
        if time.monotonic() - self._heard_at_s > _HEARD_S:
            self._heard, self._heard_at_s = self._look_up(), time.monotonic()
        return self._heard

    def _decisions(self) -> dict[str, Triage]:
        """What operators have decided, looked up once a second."""
        if time.monotonic() - self._decided_at_s > _DECIDED_S:
            self._decided, self._decided_at_s = self._store.decided(), time.monotonic()
        return self._decided
