"""Lines of a file or stream, plain or gzip, each with its number; all that can be unpacked comes out.

GzipFile drops what it has unpacked when it meets damage, and io.BufferedReader above it more: here zlib is fed by
hand, and where it stops it is fed again by the byte, so that nothing before the damage is lost.
"""

import os
import stat
import sys
import zlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from contracts.post import MAX_LINE_BYTES

__all__ = ["STDIN", "LineReader", "is_stream", "open_bytes"]

STDIN = Path("/dev/stdin")

_STDIN_NAMES = frozenset(map(Path, ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")))
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_BITS = 31  # zlib's window bits for a gzip header and its check sum
_PACKED_BYTES = 1 << 16  # read at once
_UNPACKED_BYTES = 1 << 20  # unpacked at once, however small a bomb is packed


def is_stream(path: Path) -> bool:
    """Whether it can be read only once: standard input, a FIFO, a device."""
    if path in _STDIN_NAMES:
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # opening it says why
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def open_bytes(path: Path) -> IO[bytes]:
    """The file, unbuffered: a read of a pipe then gives what is there and does not wait for more.

    Raises:
        OSError: it cannot be opened.
    """
    if path not in _STDIN_NAMES:
        return path.open("rb", buffering=0)
    if sys.stdin is None:
        raise OSError(0, "it is closed")
    return os.fdopen(0, "rb", buffering=0, closefd=False)  # opened by name, it would begin anew


class LineReader:
    """Iterates over (number from 1, line without its end); a line over MAX_LINE_BYTES comes cut, yet longer than that.

    Attributes:
        damage: once all is read, what is wrong with the packed file; empty where nothing is.
        tail: the unfinished line before the damage.
    """

    def __init__(self, file: IO[bytes]) -> None:
        """Read from `file`, which the caller closes; reading raises OSError."""
        self.damage = ""
        self.tail = b""
        self._file = file
        self._ahead: deque[tuple[int, bytes]] = deque()
        self._lines = self._cut()

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        while self._ahead:
            yield self._ahead.popleft()
        yield from self._lines

    def peek(self) -> Iterator[tuple[int, bytes]]:
        """Lines of the beginning, which iteration then gives again; to be used up before it starts."""
        for line in self._lines:
            self._ahead.append(line)
            yield line

    def _cut(self) -> Iterator[tuple[int, bytes]]:
        number, rest = 0, b""
        for chunk in self._chunks():
            first, *others = chunk.split(b"\n")
            # what is over the limit by a byte is known to be too long: the rest of the line is passed over
            rest += first[: MAX_LINE_BYTES + 2 - len(rest)]
            for other in others:
                number += 1
                yield number, rest[:-1] if rest.endswith(b"\r") else rest
                rest = other
        if rest and self.damage:
            self.tail = rest
        elif rest:
            yield number + 1, rest

    def _chunks(self) -> Iterator[bytes]:
        first = self._file.read(_PACKED_BYTES)
        while len(first) < len(_GZIP_MAGIC) and (more := self._file.read(_PACKED_BYTES)):
            first += more
        if first.startswith(_GZIP_MAGIC):
            yield from self._unpacked(first)
            return
        while first:
            yield first
            first = self._file.read(_PACKED_BYTES)

    def _unpacked(self, packed: bytes) -> Iterator[bytes]:
        """Member after member, zeros between and behind them."""
        while packed:
            if not packed.startswith(_GZIP_MAGIC):
                self.damage = "what follows the packed part is no gzip"
                return
            member = zlib.decompressobj(_GZIP_BITS)
            yield from self._member(member, packed)
            if self.damage:
                return
            packed = member.unused_data.lstrip(b"\0")
            while len(packed) < len(_GZIP_MAGIC) and (more := self._file.read(_PACKED_BYTES)):
                packed = (packed + more).lstrip(b"\0")

    def _member(self, member: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
        while not member.eof:
            before = member.copy()
            try:
                unpacked = member.decompress(packed, _UNPACKED_BYTES)
            except zlib.error:
                yield from _by_the_byte(before, packed)
                self.damage = "it is corrupt"
                return
            yield unpacked
            packed = member.unconsumed_tail
            if not packed and len(unpacked) < _UNPACKED_BYTES and not member.eof:
                packed = self._file.read(_PACKED_BYTES)
                if not packed:
                    self.damage = "it ends early"
                    return


def _by_the_byte(member: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    """What comes out before the error; zlib keeps to itself what a call unpacked before it failed."""
    unpacked = bytearray()
    try:
        for byte in packed:
            piece = member.decompress(bytes((byte,)), 1)
            while piece:
                unpacked += piece
                piece = member.decompress(member.unconsumed_tail, 1)
    except zlib.error:
        pass
    yield bytes(unpacked)
