"""The bytes of a file or stream, plain or packed by gzip, xz or zstd; all that can be unpacked comes out.

GzipFile drops what it has unpacked when it meets damage, and io.BufferedReader above it more: here the unpackers are
fed by hand. Where gzip stops it is fed again by the byte, so that nothing before the damage is lost; xz and zstd are
fed 4 KiB at a time, and keep to themselves what the piece with the damage held.
"""

import io
import lzma
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["STDIN", "Content", "is_packed", "is_stream", "open_bytes"]

STDIN = Path("/dev/stdin")

_STDIN_NAMES = frozenset(map(Path, ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")))
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_BITS = 31  # zlib's window bits for a gzip header and its check sum
_XZ_MAGIC = b"\xfd7zXZ\x00"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_XZ_MEMORY = 256 << 20  # of the largest dictionary that is taken; `xz -9` needs 65 MiB
_PACKED_BYTES = 1 << 16  # read at once
_FED_BYTES = 1 << 12
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


def is_packed(path: Path) -> bool:
    """Whether a file begins as one that gzip, xz or zstd has packed; false where it cannot be read."""
    try:
        with path.open("rb") as file:
            first = file.read(len(_XZ_MAGIC))
    except OSError:
        return False  # opening it says why
    return first.startswith((_GZIP_MAGIC, _XZ_MAGIC, _ZSTD_MAGIC))


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


class _Unpacker(Protocol):
    """What lzma's and zstd's decompressors share."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Content:
    """What is in one file, unpacked: looked at from its beginning as often as needed, then read once.

    Attributes:
        damage: once all is read, what is wrong with the file; empty where nothing is.
        tail: the unfinished record before the damage.
    """

    def __init__(self, file: IO[bytes] | io.RawIOBase) -> None:
        """Read from `file`, which the caller closes; reading raises OSError."""
        self.damage = ""
        self.tail = b""
        self._file = file
        self._ahead: list[bytes] = []
        self._chunks = self._unpacked()

    def peek(self) -> Iterator[bytes]:
        """Pieces from the beginning, which reading then gives again; to be used up before that starts."""
        yield from tuple(self._ahead)
        for chunk in self._chunks:
            self._ahead.append(chunk)
            yield chunk

    def __iter__(self) -> Iterator[bytes]:
        ahead, self._ahead = self._ahead, []
        yield from ahead
        del ahead
        yield from self._chunks

    def _read(self) -> bytes:
        return self._file.read(_PACKED_BYTES) or b""

    def _unpacked(self) -> Iterator[bytes]:
        first = self._read()
        while _may_be_packed(first) and (more := self._read()):
            first += more
        if first.startswith(_GZIP_MAGIC):
            yield from self._gzip(first)
        elif first.startswith(_XZ_MAGIC):
            yield from self._members(first, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY), "xz")
        elif first.startswith(_ZSTD_MAGIC):
            yield from self._members(first, zstd.ZstdDecompressor, "zstd")
        else:
            while first:
                yield first
                first = self._read()

    def _gzip(self, packed: bytes) -> Iterator[bytes]:
        """Member after member, zeros between and behind them."""
        while packed:
            if not packed.startswith(_GZIP_MAGIC):
                self.damage = "what follows the packed part is no gzip"
                return
            member = zlib.decompressobj(_GZIP_BITS)
            yield from self._gzip_member(member, packed)
            if self.damage:
                return
            packed = member.unused_data.lstrip(b"\0")
            while len(packed) < len(_GZIP_MAGIC) and (more := self._read()):
                packed = (packed + more).lstrip(b"\0")

    def _gzip_member(self, member: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
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
                packed = self._read()
                if not packed:
                    self.damage = "it ends early"
                    return

    def _members(self, packed: bytes, make: Callable[[], _Unpacker], kind: str) -> Iterator[bytes]:
        """Member after member of xz or zstd, as `cat a.zst b.zst` makes them."""
        while packed or (packed := self._read()):
            member = make()
            while not member.eof:
                if member.needs_input and not packed and not (packed := self._read()):
                    self.damage = "it ends early"
                    return
                fed, packed = (packed[:_FED_BYTES], packed[_FED_BYTES:]) if member.needs_input else (b"", packed)
                try:
                    yield member.decompress(fed, _UNPACKED_BYTES)
                except (lzma.LZMAError, zstd.ZstdError, EOFError):
                    self.damage = f"it is corrupt, or what follows the packed part is no {kind}"
                    return
            packed = member.unused_data + packed
            if kind == "xz":
                packed = packed.lstrip(b"\0")  # the format pads its streams


def _may_be_packed(first: bytes) -> bool:
    """Whether more bytes are needed to say; a live stream may give few at a time."""
    return any(magic != first and magic.startswith(first) for magic in (_GZIP_MAGIC, _XZ_MAGIC, _ZSTD_MAGIC))


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
