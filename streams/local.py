"""The whole pipeline in one process: the steps of worker and detector without Kafka between them.

The posts are dealt to as many partitions as on Kafka, with the same marks, and folded by the same code; so
the topics are the same.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from contracts.frame import Mark, deal
from contracts.post import Post
from contracts.topic import TopicLine
from detectors.detector import Detector
from streams.listen import Listener
from streams.ticks import Ticks
from streams.window_store import WindowStore
from streams.windows import PartitionState, PartitionWindows, WindowRules

__all__ = ["LocalPipeline", "Progress"]

BATCH_ITEMS = 2000  # posts and marks between two writes: 4 ms of script for Redis, a few hundred ms of replay


@dataclass(slots=True)
class Progress:
    """How far a run has got.

    Attributes:
        posts: posts that came in, repeats and late ones among them.
        relevant: those about children, entries of hot lists among them.
        event_ms: newest event time.
        topics: raised so far.
        late: posts that came over ten minutes late and count in no window.
    """

    posts: int = 0
    relevant: int = 0
    event_ms: int = 0
    topics: int = 0
    late: int = 0


class LocalPipeline:
    """Folds posts into a window store and steps a detector over it."""

    def __init__(
        self,
        *,
        listener: Listener,
        detector: Detector,
        store: WindowStore,
        rules: WindowRules,
        partitions: int,
        tick_ms: int,
        mark_ms: int,
    ) -> None:
        """Wire the run; the store must be empty. `mark_ms` is the spacing of progress marks in event time."""
        self.progress = Progress()
        self._listener = listener
        self._detector = detector
        self._store = store
        self._deal: Callable[[Iterable[Post]], Iterator[tuple[int, Post | Mark]]] = lambda posts: deal(
            posts, partitions=partitions, mark_ms=mark_ms
        )
        self._windows = [PartitionWindows(PartitionState(next=0), rules) for _ in range(partitions)]
        self._ticks = Ticks(store, partitions=partitions, tick_ms=tick_ms)
        for partition in range(partitions):
            store.create(partition, 0)

    def run(self, posts: Iterable[Post]) -> Iterator[TopicLine]:
        """Topic lines as event time goes on; `progress` is true between any two of them."""
        offsets = [0] * len(self._windows)
        since_write = 0
        for partition, item in self._deal(posts):
            self._fold(self._windows[partition], item)
            offsets[partition] += 1
            since_write += 1
            if since_write >= BATCH_ITEMS:
                since_write = 0
                yield from self._judge(offsets)
        yield from self._judge(offsets)

    def _fold(self, windows: PartitionWindows, item: Post | Mark) -> None:
        if isinstance(item, Mark):
            windows.mark(item.at_ms)
            return
        heard = self._listener.hear(item)
        self.progress.posts += 1
        self.progress.relevant += heard.evidence is not None or heard.ranking is not None
        self.progress.event_ms = max(self.progress.event_ms, item.at_ms)
        windows.hear(heard)

    def _judge(self, offsets: list[int]) -> Iterator[TopicLine]:
        for partition, windows in enumerate(self._windows):
            expected_next = windows.state.next
            if expected_next < offsets[partition]:
                self._store.apply(partition, expected_next, windows.take(offsets[partition]))
        self.progress.late = sum(windows.state.tallies["late"] for windows in self._windows)
        for tick in self._ticks.ready():
            lines = self._detector.step(tick.at_ms, tick.deltas)
            self.progress.topics = self._detector.state.raised
            yield from lines
        for partition in range(len(self._windows)):
            self._store.trim(partition, self._detector.state.tick_ms)
