"""Runs of the whole pipeline on one machine: backtest, run and demo."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from contracts.errors import SettingsError
from contracts.post import Post
from contracts.rejection import Rejected
from contracts.settings import Settings
from contracts.topic import TopicLine, encode_line
from detectors.detector import Detector
from detectors.prior import encode_prior, lack_of, prior_of
from producers.monitor import Monitor
from producers.unpack import is_stream
from streams.local import Batch, LocalJudge, LocalPipeline, Progress
from streams.memory_store import MemoryWindowStore
from streams.orders import OrderPoll
from streams.window_store import RedisWindowStore, WindowStore, connect
from tongsheng import wiring
from tongsheng.display import Display, Numbers
from tongsheng.fold_process import collect_rarely, fold_process
from tongsheng.rejects import RejectedFile
from tongsheng.source_health import HealthKeeper

if TYPE_CHECKING:
    from tongsheng.feeding import EmbeddedFeed

__all__ = ["WORTH_BYTES", "Run", "local_pipeline", "run_locally"]

WORTH_BYTES = 8 << 20  # of files, from which a second process saves clearly more than the second that it takes to start
_POSTS_PER_REFRESH = 500
_PARTITIONS = 1  # in memory: their number changes no topic (tests/timeline), and each brings its own changes a second

_Reject = Callable[[Rejected], None]
_Batches = Callable[[Numbers, _Reject, Callable[[Progress], None]], Iterator[Batch]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run reads and writes.

    Attributes:
        posts: given the numbers and where rejected pieces go, the posts in order; None where nothing is waiting.
        monitors: of the live sources among them.
        files: those that `posts` reads as they are; none where they come from elsewhere or in another order.
        tell: hears every topic line: where alerts come from.
        out: file for topic lines, or None.
        rejected: file for what could not be used; None where nothing can be.
        redis_url: of the embedded Valkey that the windows are on, as `run` has them; None = in memory.
        save_prior: file for what was usual in this input, or None.
        title: heading of the live page.
        has_feed: whether operators may look on in a browser; of embedded runs only.
    """

    posts: Callable[[Numbers, _Reject], Iterable[Post | None]]
    out: Path | None
    rejected: Path | None
    redis_url: str | None
    title: str
    save_prior: Path | None = None
    monitors: Sequence[Monitor] = ()
    files: Sequence[Path] = ()
    tell: Callable[[TopicLine], None] = lambda _: None
    has_feed: bool = False


_TOO_SHORT = (
    "too short to raise topics from posts: what is usual must be known first (detect.warmup_hours, 24 hours where "
    "false_topics_per_day is 5 or less), or be learned from an archive with --save-prior and loaded by [detect] prior"
)


def run_locally(run: Run, settings: Settings) -> Display:
    """Run to the end of the input; returns the display, for its summary."""
    with ExitStack() as stack:
        url = run.redis_url
        partitions = _PARTITIONS if url is None else settings.kafka.partitions
        batches = _folding(run, settings, partitions, stack)
        detector = wiring.make_detector(settings, wiring.local_veil(settings))
        judge = _judge(run, settings, url, detector, partitions)
        if url is not None:
            stack.enter_context(HealthKeeper(run.monitors, url, settings.redis.key_prefix))
        feed = _feed(run, settings, url, stack)
        numbers = Numbers(rejected_go_to=str(run.rejected or ""))
        display = Display(numbers, title=run.title)
        rejected = _ignore if run.rejected is None else stack.enter_context(RejectedFile(run.rejected))
        out = None if run.out is None else stack.enter_context(_Out(run.out))
        prior = None if run.save_prior is None else stack.enter_context(_PriorFile(run.save_prior))

        def refresh(progress: Progress) -> None:
            numbers.posts, numbers.relevant = progress.posts, progress.relevant
            numbers.event_ms, numbers.topics, numbers.late = progress.event_ms, judge.raised, progress.late
            display.refresh()

        collect_rarely()
        with display.running():
            for batch in batches(numbers, rejected, refresh):
                for line in judge.lines(batch):
                    if out is not None:  # first: whatever was shown is in the file
                        out.write(line)
                    display.topic(line)
                    run.tell(line)
                    if feed is not None:
                        feed.show(line)
                if out is not None:
                    out.flush()
                refresh(batch.progress)
        if prior is not None:
            prior.save(detector)
        numbers.notes += [_TOO_SHORT] if numbers.posts and detector.warms_up else []
        if feed is not None:
            feed.stay()
    return display


def _folding(run: Run, settings: Settings, partitions: int, stack: ExitStack) -> _Batches:
    """Folds the posts into batches: in a process of its own, which loads while this one does, or in this one."""
    if _is_worth_two(run):
        other = stack.enter_context(fold_process(run.files, settings, partitions=partitions))
        return lambda numbers, reject, _: other.batches(numbers, reject)
    fold = wiring.local_fold(settings, partitions=partitions)

    def batches(numbers: Numbers, reject: _Reject, refresh: Callable[[Progress], None]) -> Iterator[Batch]:
        return fold.batches(_watched(run.posts(numbers, reject), lambda: refresh(fold.progress)))

    return batches


def _is_worth_two(run: Run) -> bool:
    """Whether files are large enough, and a second core is there; a stream stays with the process that opened it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    is_here = run.redis_url is None and not any(is_stream(path) for path in run.files)
    return is_here and cores > 1 and sum(path.stat().st_size for path in run.files) >= WORTH_BYTES


def _ignore(_: Rejected) -> None:
    """Where nothing can be rejected, nothing is kept."""


def _watched(posts: Iterable[Post | None], refresh: Callable[[], None]) -> Iterator[Post | None]:
    for count, post in enumerate(posts):
        yield post
        if count % _POSTS_PER_REFRESH == 0 or post is None:
            refresh()


def local_pipeline(
    settings: Settings,
    store: WindowStore,
    detector: Detector,
    *,
    partitions: int = _PARTITIONS,
    tick_ms: int | None = None,
) -> LocalPipeline:
    """The whole pipeline in this process, on an empty store; ticks as in the settings where nothing else is said."""
    return LocalPipeline(
        listener=wiring.listener(settings, wiring.local_veil(settings)),
        detector=detector,
        store=store,
        rules=wiring.window_rules(settings),
        partitions=partitions,
        tick_ms=settings.detect.tick_s * 1000 if tick_ms is None else tick_ms,
        mark_ms=settings.produce.mark_s * 1000,
    )


def _judge(run: Run, settings: Settings, url: str | None, detector: Detector, partitions: int) -> LocalJudge:
    """Under what operators mute and split, where there are any: a backtest knows none."""
    tick_ms = settings.detect.tick_s * 1000
    store = _store(settings, url)
    if url is None or not run.has_feed:
        return LocalJudge(detector=detector, store=store, partitions=partitions, tick_ms=tick_ms)
    orders = OrderPoll(connect(url), now_ms=wiring.now_ms, clock_s=time.monotonic, key_prefix=settings.redis.key_prefix)
    return LocalJudge(detector=detector, store=store, partitions=partitions, tick_ms=tick_ms, orders=orders)


def _store(settings: Settings, url: str | None) -> WindowStore:
    """On the embedded Valkey at this address, else in memory."""
    return MemoryWindowStore() if url is None else RedisWindowStore(connect(url), key_prefix=settings.redis.key_prefix)


def _feed(run: Run, settings: Settings, url: str | None, stack: ExitStack) -> "EmbeddedFeed | None":
    if url is None or not run.has_feed:
        return None
    from tongsheng.feeding import embedded_feed  # noqa: PLC0415 - half a second that a backtest should not wait

    return stack.enter_context(embedded_feed(settings, url))


class _Out:
    """The file of topic lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with _said("--out", path):
            self._file = path.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with _said("--out", self._path):
            self._file.close()

    def write(self, line: TopicLine) -> None:
        """One line.

        Raises:
            SettingsError: it cannot be written, for instance because the disk is full.
        """
        with _said("--out", self._path):
            self._file.write(encode_line(line) + b"\n")

    def flush(self) -> None:
        """What was written stands in the file, for whoever follows it, and after a kill.

        Raises:
            SettingsError: as of `write`.
        """
        with _said("--out", self._path):
            self._file.flush()


class _PriorFile:
    """The file of what was usual: whole or not at all, readable by its owner only, for it holds words of people.

    Opened before the run, which may take hours, so that one that cannot be written is told there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new = path.with_name(path.name + ".new")
        with _said("--save-prior", path):
            self._file = os.fdopen(os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with _said("--save-prior", self._path):
            self._new.unlink(missing_ok=True)
            self._file.close()

    def save(self, detector: Detector) -> None:
        """What the detector knows now.

        Raises:
            SettingsError: the archive is too small to tell what is usual, or the file cannot be written, for instance
                because the disk is full.
        """
        prior = prior_of(detector.state.counts)
        if lack := lack_of(prior):
            raise SettingsError(
                "--save-prior", f"this archive tells too little of what is usual: {lack}; nothing saved"
            )
        with _said("--save-prior", self._path):
            self._file.write(encode_prior(prior))
            self._file.flush()
            self._new.replace(self._path)


@contextmanager
def _said(option: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingsError(option, f"{path} cannot be written ({error.strerror})") from None
