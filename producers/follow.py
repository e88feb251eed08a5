"""Read a file that a crawler is still writing: at its end, wait for more."""

import io
import os
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["open_growing"]

_POLL_S = 0.2


class _Growing(io.RawIOBase):
    """The file; it ends when another file stands in its place or it has been cut, and is then to be opened anew."""

    def __init__(self, path: Path, is_stopping: Callable[[], bool]) -> None:
        self._path = path
        self._file = path.open("rb", buffering=0)
        self._is_stopping = is_stopping
        self._position = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while True:
            chunk = self._file.read(size) or b""
            self._position += len(chunk)
            if chunk or self._is_stopping() or self._is_replaced():
                return chunk
            time.sleep(_POLL_S)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _is_replaced(self) -> bool:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False  # between two names; the next one comes, or somebody ends this
        opened = os.fstat(self._file.fileno())
        return found.st_ino != opened.st_ino or found.st_size < self._position


def open_growing(is_stopping: Callable[[], bool] = lambda: False) -> Callable[[Path], io.RawIOBase]:
    """What opens a file to follow it; its line without an end is waited for, not read as a damaged one."""
    return lambda path: _Growing(path, is_stopping)
