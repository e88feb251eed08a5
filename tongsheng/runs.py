"""Runs of the whole pipeline on one machine: backtest, run and demo."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from contracts.errors import SettingsError
from contracts.post import Post
from contracts.rejection import Rejected
from contracts.settings import Settings
from contracts.topic import TopicLine, encode_line
from detectors.detector import Detector
from detectors.prior import encode_prior, prior_of
from producers.author_key import AuthorKeys
from producers.files import FileSource
from streams.local import LocalPipeline
from streams.memory_store import MemoryWindowStore
from streams.window_store import RedisWindowStore, WindowStore, connect
from tongsheng import wiring
from tongsheng.display import Display, Numbers
from tongsheng.rejects import RejectedFile

__all__ = ["Run", "local_pipeline", "posts_of_files", "run_locally"]

_POSTS_PER_REFRESH = 500
_COLLECT = (200_000, 20, 100)  # hundreds of thousands of live objects and few cycles: by default a fifth of the time


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run reads and writes.

    Attributes:
        posts: given the numbers and where rejected pieces go, the posts in order.
        out: file for topic lines, or None.
        rejected: file for what could not be used; None where nothing can be.
        is_embedded: windows on an embedded Valkey, as `run` has them; else in memory.
        save_prior: file for what was usual in this input, or None.
        title: heading of the live page.
    """

    posts: Callable[[Numbers, Callable[[Rejected], None]], Iterable[Post]]
    out: Path | None
    rejected: Path | None
    is_embedded: bool
    title: str
    save_prior: Path | None = None


def posts_of_files(
    paths: Iterable[Path], keys: AuthorKeys
) -> Callable[[Numbers, Callable[[Rejected], None]], Iterator[Post]]:
    """The posts of files, one after the other; what is unusable is counted and kept.

    Raises:
        SourceError: when called, a file cannot be read or its format is unknown; before anything is counted.
    """
    sources = [FileSource(path, keys, received_ms=wiring.now_ms(), clock=wiring.now_ms) for path in paths]
    for source in sources:
        source.recognise()

    def posts(numbers: Numbers, reject: Callable[[Rejected], None]) -> Iterator[Post]:
        for source in sources:
            numbers.notes += source.notes(is_sent=False)
            for item in source.items():
                if isinstance(item.what, Post):
                    yield item.what
                else:
                    numbers.rejected[item.what.reason.value] += 1
                    reject(item.what)

    return posts


def run_locally(run: Run, settings: Settings) -> Display:
    """Run to the end of the input; returns the display, for its summary."""
    gc.set_threshold(*_COLLECT)
    with ExitStack() as stack:
        detector = wiring.make_detector(settings, wiring.local_veil(settings))
        pipeline = local_pipeline(settings, _store(run, settings, stack), detector)
        numbers = Numbers(rejected_go_to=str(run.rejected or ""))
        display = Display(numbers, title=run.title)
        rejected = _ignore if run.rejected is None else stack.enter_context(RejectedFile(run.rejected))
        out = None if run.out is None else stack.enter_context(_Out(run.out))

        def refresh() -> None:
            progress = pipeline.progress
            numbers.posts, numbers.relevant = progress.posts, progress.relevant
            numbers.event_ms, numbers.topics, numbers.late = progress.event_ms, progress.topics, progress.late
            display.refresh()

        with display.running():
            for line in pipeline.run(_watched(run.posts(numbers, rejected), refresh)):
                display.topic(line)
                if out is not None:
                    out.write(line)
            refresh()
        if run.save_prior is not None:
            _save_prior(run.save_prior, detector)
    return display


def _save_prior(path: Path, detector: Detector) -> None:
    """Whole or not at all, readable by its owner only: it holds words that people wrote.

    Raises:
        SettingsError: it cannot be written.
    """
    new = path.with_name(path.name + ".new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(encode_prior(prior_of(detector.state.counts)))
        new.replace(path)
    except OSError as error:
        raise SettingsError("--save-prior", f"{path} cannot be written ({error.strerror})") from None


def _ignore(_: Rejected) -> None:
    """Where nothing can be rejected, nothing is kept."""


def _watched(posts: Iterable[Post], refresh: Callable[[], None]) -> Iterator[Post]:
    for count, post in enumerate(posts):
        yield post
        if count % _POSTS_PER_REFRESH == 0:
            refresh()


def local_pipeline(settings: Settings, store: WindowStore, detector: Detector) -> LocalPipeline:
    """The whole pipeline in this process, on an empty store."""
    return LocalPipeline(
        listener=wiring.listener(settings, wiring.local_veil(settings)),
        detector=detector,
        store=store,
        rules=wiring.window_rules(settings),
        partitions=settings.kafka.partitions,
        tick_ms=settings.detect.tick_s * 1000,
        mark_ms=settings.produce.mark_s * 1000,
    )


def _store(run: Run, settings: Settings, stack: ExitStack) -> WindowStore:
    if not run.is_embedded:
        return MemoryWindowStore()
    url = stack.enter_context(wiring.embedded_valkey())
    return RedisWindowStore(connect(url), key_prefix=settings.redis.key_prefix)


class _Out:
    """The file of topic lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._said():
            self._file = path.open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._said():
            self._file.close()

    def write(self, line: TopicLine) -> None:
        """One line.

        Raises:
            SettingsError: it cannot be written, for instance because the disk is full.
        """
        with self._said():
            self._file.write(encode_line(line) + b"\n")

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SettingsError("--out", f"{self._path} cannot be written ({error.strerror})") from None
