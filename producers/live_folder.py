"""A folder that something puts files into: each is read once, then moved to `done/`, or to `failed/` if unknown.

The place holds the file, what it was when it was begun, and the record: a stop in the middle goes on there.
"""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from contracts.clock import Clock
from contracts.errors import SourceError
from contracts.rejection import Reason, Rejected
from producers.author_key import AuthorKeys
from producers.files import FileSource
from producers.source import Item, Place

__all__ = ["DropFolder"]

log = logging.getLogger(__name__)

_POLL_S = 1.0
_KEPT_BYTES = 2048
_UNFINISHED = (".part", ".tmp", ".crdownload", ".new", ".swp")


class DropFolder:
    """The folder as a source."""

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        keys: AuthorKeys,
        clock: Clock,
        settle_s: float,
        wait: Callable[[float], bool],
    ) -> None:
        """Wire it; `wait` waits so many seconds and is true when the source is to end."""
        self.name = name
        self._folder = folder
        self._keys = keys
        self._clock = clock
        self._settle_ms = settle_s * 1000
        self._wait = wait

    def items(self, start: Place = 0) -> Iterator[Item | None]:
        """See PostSource.items.

        Raises:
            SourceError: the folder is not there, or files cannot be moved within it.
        """
        begun = json.loads(start) if isinstance(start, str) else {}
        while True:
            for path in self._ready():
                yield from self._file(path, begun)
                begun = {}
            if self._wait(_POLL_S):
                return

    def _ready(self) -> list[Path]:
        """Files that have not changed for a while, the oldest first."""
        try:
            found = [(path.stat().st_mtime_ns, path) for path in self._folder.iterdir() if path.is_file()]
        except OSError as error:
            raise SourceError(f"{self.name}: {self._folder} cannot be read ({error.strerror})") from None
        latest_ns = (self._clock() - self._settle_ms) * 1_000_000
        return [
            path
            for changed_ns, path in sorted(found)
            if changed_ns <= latest_ns and not path.name.startswith(".") and path.suffix not in _UNFINISHED
        ]

    def _file(self, path: Path, begun: dict[str, object]) -> Iterator[Item | None]:
        stat = path.stat()
        told = {"file": path.name, "version": f"{stat.st_size}-{stat.st_mtime_ns}"}
        is_begun = {key: begun.get(key) for key in told} == told
        start = begun.get("place", 0) if is_begun else 0
        source = FileSource(path, self._keys, received_ms=self._clock(), clock=self._clock, is_archived=False)
        try:
            for item in source.items(start if isinstance(start, int) else 0):
                yield Item(item.what, json.dumps({**told, "place": item.place}))
            target = "done"
        except SourceError as error:
            log.warning("file not read", extra={"event": "source.file", "source": self.name, "reason": str(error)})
            with path.open("rb") as file:
                raw = file.read(_KEPT_BYTES)
            detail = "no known format; the file is in failed/"
            piece = Rejected(raw=raw, reason=Reason.UNKNOWN_FORMAT, detail=detail, source=self.name, offset=0)
            yield Item(piece, json.dumps({**told, "place": 0}))
            target = "failed"
        yield None  # all of it is safe now
        self._move(path, target)

    def _move(self, path: Path, target: str) -> None:
        folder = self._folder / target
        try:
            folder.mkdir(exist_ok=True)
            free = folder / path.name
            if free.exists():
                free = folder / f"{path.name}.{path.stat().st_mtime_ns}"
            path.replace(free)
        except OSError as error:
            raise SourceError(f"{self.name}: {path.name} cannot be moved to {folder} ({error.strerror})") from None
