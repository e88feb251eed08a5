"""The sources that a person can name on the command line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from contracts.post import Post
from contracts.rejection import Rejected
from contracts.settings import Settings
from producers.author_key import AuthorKeys
from producers.files import FileSource
from producers.simulation import simulate_day
from producers.source import Item, PostSource
from producers.unpack import is_stream
from tongsheng import wiring
from tongsheng.display import Numbers

__all__ = ["posts_of_files", "simulated_source", "sources_of_files"]


class _SimulatedDay:
    """The simulated day of the demo as a source; its place is the number of posts sent."""

    name = "simulated day"

    def items(self, start: int = 0) -> Iterator[Item]:
        """See PostSource.items."""
        for place, post in enumerate(simulate_day(), start=1):
            if place > start:
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
