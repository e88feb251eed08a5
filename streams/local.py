"""The whole pipeline on one machine: the steps of worker and detector without Kafka between them.

    posts ─▶ hear ─▶ fold ─▶ batch ─▶ store ─▶ ticks ─▶ detector ─▶ lines
    └────── LocalFold ──────┘        └────────── LocalJudge ─────────┘

The posts are dealt to partitions as on Kafka, with the same marks, and folded by the same code; so the topics are
the same. Each half may have a process of its own: a batch is all that passes between them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from contracts.frame import Mark, deal
from contracts.post import Post
from contracts.topic import TopicLine
from detectors.detector import Detector
from detectors.orders import NO_ORDERS, Orders
from streams.ticks import Ticks
from streams.window_store import WindowStore
from streams.windows import Heard, PartitionState, PartitionWindows, WindowRules, Writes

__all__ = ["Batch", "Hears", "LocalFold", "LocalJudge", "LocalPipeline", "Progress"]

BATCH_ITEMS = 2000  # posts and marks between two writes: 4 ms of script for Redis, a few hundred ms of replay


class Hears(Protocol):
    """Turns posts into what is counted: `streams.listen.Listener`."""

    def hear(self, post: Post) -> Heard:
        """What the fold needs of a post."""


@dataclass(slots=True)
class Progress:
    """How far a run has got.

    Attributes:
        posts: posts that came in, repeats and late ones among them.
        relevant: those about children, entries of hot lists among them.
        event_ms: newest event time.
        late: posts that came over ten minutes late and count in no window.
    """

    posts: int = 0
    relevant: int = 0
    event_ms: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written at once.

    Attributes:
        writes: (partition, the `next` that they go on from, writes), of the partitions that went on.
        progress: of the fold, with this batch.
    """

    writes: list[tuple[int, int, Writes]]
    progress: Progress


class LocalFold:
    """The worker's half: posts into batches."""

    def __init__(self, *, listener: Hears, rules: WindowRules, partitions: int, mark_ms: int, pause_ms: int) -> None:
        """Wire it; `mark_ms` and `pause_ms` are the spacing of progress marks in event time: `contracts.frame.deal`."""
        self.progress = Progress()
        self._listener = listener
        self._mark_ms, self._pause_ms = mark_ms, pause_ms
        self._windows = [PartitionWindows(PartitionState(next=0), rules) for _ in range(partitions)]
        self._offsets = [0] * partitions

    def batches(self, posts: Iterable[Post | None]) -> Iterator[Batch]:
        """A batch every BATCH_ITEMS posts and marks, and the rest; `progress` goes on with every post.

        None among the posts gives what came before it at once: a live source says that nothing is waiting.
        """
        since_write = 0
        dealt = deal(posts, partitions=len(self._windows), mark_ms=self._mark_ms, pause_ms=self._pause_ms)
        for partition, item in dealt:
            if item is not None:
                self._fold(self._windows[partition], item)
                self._offsets[partition] += 1
                since_write += 1
            if since_write >= BATCH_ITEMS or (item is None and since_write):
                since_write = 0
                yield self._taken()
        yield self._taken()

    def _fold(self, windows: PartitionWindows, item: Post | Mark) -> None:
        if isinstance(item, Mark):
            windows.mark(item.at_ms)
            return
        heard = self._listener.hear(item)
        progress = self.progress
        progress.posts += 1
        if heard.ranking is not None or (heard.evidence is not None and heard.evidence.is_relevant):
            progress.relevant += 1
        progress.event_ms = max(progress.event_ms, item.at_ms)
        windows.hear(heard)

    def _taken(self) -> Batch:
        writes = [
            (partition, windows.state.next, windows.take(self._offsets[partition]))
            for partition, windows in enumerate(self._windows)
            if windows.state.next < self._offsets[partition]
        ]
        self.progress.late = sum(windows.state.tallies["late"] for windows in self._windows)
        return Batch(writes, self.progress)


class LocalJudge:
    """The detector's half: batches into topic lines."""

    def __init__(
        self,
        *,
        detector: Detector,
        store: WindowStore,
        partitions: int,
        tick_ms: int,
        orders: Callable[[], Orders] = lambda: NO_ORDERS,
    ) -> None:
        """Wire it; the store must be empty. `orders` tells what operators want now."""
        self._detector = detector
        self._orders = orders
        self._store = store
        self._partitions = partitions
        self._ticks = Ticks(store, partitions=partitions, tick_ms=tick_ms)
        for partition in range(partitions):
            store.create(partition, 0)

    @property
    def raised(self) -> int:
        """Topics raised so far."""
        return self._detector.state.raised

    def lines(self, batch: Batch) -> Iterator[TopicLine]:
        """The lines of the ticks that can be judged with this batch."""
        for partition, expected_next, writes in batch.writes:
            self._store.apply(partition, expected_next, writes)
        for tick in self._ticks.ready():
            yield from self._detector.step(tick.at_ms, tick.deltas, self._orders())
        for partition in range(self._partitions):
            self._store.trim(partition, self._detector.state.tick_ms)


class LocalPipeline:
    """Both halves in this process."""

    def __init__(
        self,
        *,
        listener: Hears,
        detector: Detector,
        store: WindowStore,
        rules: WindowRules,
        partitions: int,
        tick_ms: int,
        mark_ms: int,
    ) -> None:
        """Wire the run; see the halves."""
        self._fold = LocalFold(listener=listener, rules=rules, partitions=partitions, mark_ms=mark_ms, pause_ms=tick_ms)
        self._judge = LocalJudge(detector=detector, store=store, partitions=partitions, tick_ms=tick_ms)

    def run(self, posts: Iterable[Post | None]) -> Iterator[TopicLine]:
        """Topic lines as event time goes on."""
        for batch in self._fold.batches(posts):
            yield from self._judge.lines(batch)
