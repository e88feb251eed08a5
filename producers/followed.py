"""A file that a crawler is still writing, as a source that goes on when another file takes its place."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from contracts.clock import Clock
from contracts.errors import SourceError
from producers.author_key import AuthorKeys
from producers.files import FileSource
from producers.follow import open_growing
from producers.source import Item, Place
from producers.unpack import is_packed

__all__ = ["FollowedFile"]


class FollowedFile:
    """`tail -F` of one file; its place holds which file it was, so that a rotated one is begun at its start."""

    def __init__(self, path: Path, keys: AuthorKeys, *, clock: Clock, is_stopping: Callable[[], bool]) -> None:
        """Name the file; what is in it already comes first."""
        self.name = str(path)
        self._path = path
        self._keys = keys
        self._clock = clock
        self._is_stopping = is_stopping

    def items(self, start: Place = 0) -> Iterator[Item]:
        """See PostSource.items.

        Raises:
            SourceError: it cannot be opened, its format is unknown, or it is packed: what a packer still holds back is
                no part of the file yet, so that nothing would come of it for hours.
        """
        known = json.loads(start) if isinstance(start, str) else {}
        while not self._is_stopping():
            file = self._path.stat().st_ino if self._path.exists() else 0
            if is_packed(self._path):
                raise SourceError(
                    f"{self.name}: it is packed, and only plain files can be followed; read it without --follow, "
                    "or let the crawler write it plain"
                )
            begun = known.get("place", 0) if known.get("file") == file else 0
            known = {}
            source = FileSource(
                self._path,
                self._keys,
                received_ms=self._clock(),
                clock=self._clock,
                is_archived=False,
                opens=open_growing(self._is_stopping),
            )
            for item in source.items(begun):
                yield Item(item.what, json.dumps({"file": file, "place": item.place}))
