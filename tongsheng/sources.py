"""The sources that a person can name on the command line."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.post import Post
from contracts.rejection import Rejected
from contracts.settings import Settings
from contracts.source_settings import SourceSettings
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from producers.files import FileSource
from producers.in_order import in_order
from producers.monitor import Monitor
from producers.pauses import Paused
from producers.simulation import simulate_day
from producers.source import Item, Place, PostSource
from producers.unpack import is_stream
from tongsheng import wiring
from tongsheng.display import Numbers

__all__ = [
    "LiveSources",
    "live_sources",
    "posts_of_files",
    "posts_of_sources",
    "simulated_source",
    "sources_of_files",
    "sources_of_run",
]


class _SimulatedDay:
    """The simulated day of the demo as a source; its place is the number of posts sent."""

    name = "simulated day"

    def items(self, start: Place = 0) -> Iterator[Item]:
        """See PostSource.items."""
        for place, post in enumerate(simulate_day(), start=1):
            if place > int(start):
                yield Item(post, place)


def simulated_source() -> PostSource:
    """The simulated day."""
    return _SimulatedDay()


def sources_of_files(files: Sequence[Path], settings: Settings) -> list[PostSource]:
    """Files as sources, each recognised before anything is sent.

    Raises:
        SourceError: a file cannot be read or its format is unknown.
        SettingsError: there is no salt.
    """
    keys = wiring.author_keys(settings)
    sources = [_file_source(file, keys) for file in files]
    for source in sources:
        source.recognise()
    return list(sources)


def _file_source(file: Path, keys: AuthorKeys) -> FileSource:
    """A file by its full path, under which its cursor lies; a stream by its name, which must not be resolved."""
    path = file if is_stream(file) else file.resolve()
    return FileSource(path, keys, received_ms=wiring.now_ms(), clock=wiring.now_ms)


def posts_of_files(
    paths: Iterable[Path], keys: AuthorKeys, *, has_pauses: bool = False
) -> Callable[[Numbers, Callable[[Rejected], None]], Iterator[Post | None]]:
    """The posts of files, one after the other; what is unusable is counted and kept.

    With `has_pauses` a stream gives a None whenever it falls silent, so that what came is counted now; without it the
    answer hangs on nothing but what is in it.

    Raises:
        SourceError: when called, a file cannot be read or its format is unknown; before anything is counted.
    """
    sources = [FileSource(path, keys, received_ms=wiring.now_ms(), clock=wiring.now_ms) for path in paths]
    for source in sources:
        source.recognise()

    def posts(numbers: Numbers, reject: Callable[[Rejected], None]) -> Iterator[Post | None]:
        for source in sources:
            numbers.notes += source.notes(is_sent=False)
            read: PostSource = Paused(source) if has_pauses and source.is_stream else source
            for item in read.items():
                if item is None:
                    yield None
                elif isinstance(item.what, Post):
                    yield item.what
                else:
                    numbers.rejected[item.what.reason.value] += 1
                    reject(item.what)

    return posts


@dataclass(frozen=True, slots=True)
class LiveSources:
    """Sources that go on until `stopping` is set, and what watches their health."""

    sources: list[PostSource]
    stopping: threading.Event
    monitors: list[Monitor]


def live_sources(entries: Sequence[SourceSettings], growing: Sequence[Path], settings: Settings) -> LiveSources:
    """The [[source]] entries, and the files that grow.

    Raises:
        SettingsError: there is no salt, or a secret of a source cannot be read.
    """
    return _live(entries, growing, wiring.author_keys(settings))


def _live(entries: Sequence[SourceSettings], growing: Sequence[Path], keys: AuthorKeys) -> LiveSources:
    stopping = threading.Event()
    if not entries and not growing:
        return LiveSources([], stopping, [])
    from tongsheng.live import followed, live_source  # noqa: PLC0415 - a web server and client, which few runs need

    made = [live_source(entry, keys, stopping) for entry in entries]
    made += [followed(path, keys, stopping) for path in growing]
    return LiveSources([live.source for live in made], stopping, [live.monitor for live in made])


def sources_of_run(entries: Sequence[SourceSettings], growing: Sequence[Path], settings: Settings) -> LiveSources:
    """The same of a run on one machine, which may be without a salt.

    Raises:
        SettingsError: a secret of a source cannot be read.
    """
    has_salt = settings.privacy.salt is not None or settings.privacy.salt_file is not None
    return _live(entries, growing, wiring.author_keys(settings) if has_salt else AuthorKeys(ARCHIVE_SALT))


def posts_of_sources(
    files: Sequence[Path], live: LiveSources, *, is_sorted: bool, has_pauses: bool
) -> Callable[[Numbers, Callable[[Rejected], None]], Iterator[Post | None]]:
    """The posts of a run: of the files, as `posts_of_files` has them, then of the live sources until it is stopped.

    Raises:
        SourceError: when called, a file cannot be read or its format is unknown; before anything is counted.
    """
    past = posts_of_files(files, AuthorKeys(ARCHIVE_SALT), has_pauses=has_pauses)

    def posts(numbers: Numbers, reject: Callable[[Rejected], None]) -> Iterator[Post | None]:
        def count(piece: Rejected) -> None:
            numbers.rejected[piece.reason.value] += 1
            reject(piece)

        yield from in_order(past(numbers, reject)) if is_sorted else past(numbers, reject)
        if live.sources:
            from tongsheng.live import posts_of_live  # noqa: PLC0415 - same

            yield from posts_of_live(live.sources, live.stopping, count)

    return posts
