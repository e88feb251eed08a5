"""The detector's process: one is active by a lease, the others stand by.

Its state is the fold of the windows' changes up to a tick, kept in Redis now and then and, less often, on
Kafka; after a restart it goes on from there and repeats the ticks since, whose lines are already in the
outbox and are not written again. Changes are let go only behind a state that is on Kafka, so that an
emptied Redis can be brought back. Lines go outbox -> Kafka, each at least once.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from contracts.errors import RetryableError
from contracts.topic import TopicLine
from detectors.detector import Detector
from detectors.state import DetectorState, without_samples
from streams.detect_store import DetectStore, decode_state, encode_state
from streams.orders import TickOrders
from streams.ticks import Ticks
from streams.window_store import WindowStore
from streams.worker import States

__all__ = ["DetectLoop", "DetectTiming", "Publish"]

log = logging.getLogger(__name__)

# sends (topic id, line) pairs and returns when Kafka has acknowledged them
Publish = Callable[[Sequence[tuple[bytes, bytes]]], None]

NAME = "detector"
_POLL_S = 0.2
_TOLD_EVERY_S = 10.0  # that it waits


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectTiming:
    """Spacing of ticks (event time), and wall-clock patience; `keep_s` is how often the state goes to Redis."""

    tick_ms: int = 5000
    lease_s: float = 10.0
    idle_s: float = 30.0
    keep_s: float = 15.0


class DetectLoop:
    """Leases, steps, saves, publishes; `run` returns when `stop` says so."""

    def __init__(
        self,
        *,
        owner: str,
        windows: WindowStore,
        store: DetectStore,
        saved: States,
        save_due: Callable[[str, int], bool],
        publish: Publish,
        make_detector: Callable[[DetectorState | None], Detector],
        ends: Callable[[], Sequence[int]],
        orders: TickOrders,
        partitions: int,
        timing: DetectTiming,
    ) -> None:
        """Wire the loop.

        Args:
            owner: unique name of this process.
            windows: what the workers write; only its deltas are trimmed here.
            store: the detector's own keys.
            saved: where the state is saved, against an emptied store.
            save_due: whether a state (name, event time in ms) is to be saved now.
            publish: sends lines to topics.detected.
            make_detector: a detector going on from a saved state, or an empty one.
            ends: offset behind the last record of each partition, as Kafka has it now.
            orders: what operators have muted and split, tick by tick.
            partitions: of posts.collected.
            timing: see DetectTiming.
        """
        self._owner = owner
        self._windows = windows
        self._store = store
        self._saved = saved
        self._save_due = save_due
        self._publish = publish
        self._make_detector = make_detector
        self._ends = ends
        self._orders = orders
        self._partitions = partitions
        self._timing = timing
        self._moved: dict[int, tuple[int, float]] = {}
        self._states: dict[str, str] = {}  # of the topics told of since the start

    def run(self, stop: Callable[[], bool]) -> None:
        """Stand by until the lease is free, then detect until stopped.

        Raises:
            FailStopError: the lease was lost or the store emptied; start again.
        """
        told_s = -_TOLD_EVERY_S
        while not stop():
            try:
                fence = self._store.lease(self._owner, round(self._timing.lease_s * 1000))
                if fence:
                    log.info("detecting", extra={"event": "detector.active", "fence": fence})
                    self._detect(fence, stop)
                    self._store.release(self._owner)
                    return
            except RetryableError as error:
                if time.monotonic() >= told_s + _TOLD_EVERY_S:
                    told_s = time.monotonic()
                    log.warning("waiting: %s", error, extra={"event": "detector.waiting"})
            time.sleep(_POLL_S)

    def _detect(self, fence: int, stop: Callable[[], bool]) -> None:
        detector = self._make_detector(self._recover())
        ticks = Ticks(
            self._windows,
            partitions=self._partitions,
            tick_ms=self._timing.tick_ms,
            after_ms=detector.state.tick_ms,
        )
        self._orders.begin(fence)
        self._moved.clear()
        kept_s = renewed_s = time.monotonic()
        while not stop():
            stepped = False
            self._store.check(fence)  # in an emptied store, changes would come again behind the place we read at
            for tick in ticks.ready(self._idle()):
                lines = detector.step(tick.at_ms, tick.deltas, self._orders.at(tick.at_ms))
                if lines:
                    self._store.commit(fence, tick.at_ms, lines)
                    self._tell(lines)
                stepped = True
                renewed_s = self._renew(renewed_s)
            self._send()
            renewed_s = self._renew(renewed_s)
            if time.monotonic() - kept_s > self._timing.keep_s:
                self._keep(fence, detector)
                kept_s = time.monotonic()
            if not stepped:
                time.sleep(_POLL_S)
        self._keep(fence, detector)

    def _tell(self, lines: Sequence[TopicLine]) -> None:
        """Log each change of a topic's state: what it is called may be broadcast."""
        for line in lines:
            if self._states.get(line.topic) != line.state:
                self._states[line.topic] = line.state
                log.info(
                    "topic %s is %s: %s",
                    line.topic,
                    line.state,
                    line.title,
                    extra={"event": "topic.state", "at": line.at, "own_id": line.topic},
                )
            if line.state == "closed":
                del self._states[line.topic]

    def _renew(self, renewed_s: float) -> float:
        """Renew the lease in its first third; losing it is noticed by the next commit's fence."""
        if time.monotonic() - renewed_s < self._timing.lease_s / 3:
            return renewed_s
        self._store.lease(self._owner, round(self._timing.lease_s * 1000))
        return time.monotonic()

    def _recover(self) -> DetectorState | None:
        """The state kept in Redis, else the one saved on Kafka, else none."""
        kept = self._store.kept()
        if kept is not None:
            return kept
        packed = self._saved.load(NAME)
        return None if packed is None else decode_state(packed)

    def _keep(self, fence: int, detector: Detector) -> None:
        """Keep the state in Redis; when it is time, save it on Kafka and let go of the changes that it holds."""
        state = detector.snapshot()
        if state.tick_ms < 0:
            return
        self._store.commit(fence, state.tick_ms, [])  # refused when another detector has taken over
        self._store.keep(state)
        if self._save_due(NAME, state.tick_ms):
            self._saved.save(NAME, encode_state(without_samples(state)))
            for partition in range(self._partitions):
                self._windows.trim(partition, state.tick_ms)

    def _send(self) -> None:
        while entries := self._store.outbox():
            self._publish([(topic, line) for _, topic, line in entries])
            self._store.sent([entry for entry, _, _ in entries])

    def _idle(self) -> frozenset[int]:
        """Partitions fully counted that have brought nothing for `idle_s`: they hold nobody back.

        A partition whose worker is down is not idle: it has records that nobody has counted yet.
        """
        now_s = time.monotonic()
        quiet: list[int] = []
        heads = self._windows.heads(self._partitions)
        for partition, head in enumerate(heads):
            next_offset = 0 if head is None else head.next
            known = self._moved.get(partition)
            if known is None or known[0] != next_offset:
                self._moved[partition] = (next_offset, now_s)
            elif now_s - known[1] > self._timing.idle_s:
                quiet.append(partition)
        if not quiet:
            return frozenset()
        ends = self._ends()
        return frozenset(partition for partition in quiet if self._moved[partition][0] >= ends[partition])
