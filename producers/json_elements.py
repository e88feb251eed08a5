"""The elements of one array within a JSON document of any size, each as its own bytes, without parsing them.

    {"total": 2, "data": {"info": [ {…}, {…} ]}}        path ("data", "info")
                                    └─┘  └─┘             what is given

Only brackets and strings are followed. So an element that no parser takes (bytes that are no UTF-8, numbers or brackets
without end) costs itself alone, and its original bytes are there to be kept.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from contracts.post import MAX_LINE_BYTES

__all__ = ["BrokenJsonError", "elements"]

# Each takes in all it can, and never goes back: linear time. Behind the first stands a bracket, or a string whose end
# is not there yet; behind the second the end of the string, or a backslash alone; behind the third the scalar's end.
_UP_TO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+', re.DOTALL)
_IN_STRING = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_SCALAR = re.compile(rb"[^\s,\]}]*+")
_NOT_SPACE = re.compile(rb"\S")
_MOST_KEY_BYTES = 1 << 12


class BrokenJsonError(ValueError):
    """The document is no JSON from some place on, ends early, or holds no such array; `rest` is what broke off."""

    def __init__(self, rest: bytes = b"") -> None:
        super().__init__("the document breaks off")
        self.rest = rest


def elements(chunks: Iterable[bytes], path: Sequence[str]) -> Iterator[bytes]:
    """The array's elements; one over MAX_LINE_BYTES comes cut, yet longer than that. What follows the array is left.

    Args:
        chunks: the document.
        path: keys that lead to the array; none where the document is the array.

    Raises:
        BrokenJsonError: behind the elements that came before the fault.

    >>> list(elements([b'{"a": 1, "b": [{"c": "]"}, 2]}'], ["b"]))
    [b'{"c": "]"}', b'2']
    """
    scan = _Scan(chunks)
    for key in path:
        scan.enter(key)
    scan.expect(b"[")
    if scan.peek() == b"]":
        return
    while True:
        yield scan.value(kept=MAX_LINE_BYTES + 1)
        if scan.take() == b"]":
            return


class _Scan:
    """A place in the document; what lies before it is forgotten."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._at = 0

    def enter(self, key: str) -> None:
        """Go to the value of a key of the object that begins here."""
        self.expect(b"{")
        if self.peek() == b"}":
            raise BrokenJsonError
        while True:
            found = self.value(kept=_MOST_KEY_BYTES)
            self.expect(b":")
            if _decoded(found) == key:
                return
            self.peek()
            self.value(kept=0)
            if self.take() == b"}":
                raise BrokenJsonError

    def peek(self) -> bytes:
        """The next byte that is no space."""
        while (found := _NOT_SPACE.search(self._buffer, self._at)) is None:
            self._more()
        self._at = found.start()
        return found[0]

    def expect(self, byte: bytes) -> None:
        """Take just this byte."""
        if self.peek() != byte:
            raise BrokenJsonError
        self._at += 1

    def take(self) -> bytes:
        """Take what stands behind a value: a comma or the end of what holds it."""
        found = self.peek()
        if found not in (b",", b"]", b"}"):
            raise BrokenJsonError
        self._at += 1
        return found

    def value(self, *, kept: int) -> bytes:
        """Take one value of any kind; no more than the first bytes of it are kept."""
        first = self.peek()
        if first in (b",", b":", b"]", b"}"):
            raise BrokenJsonError
        taken = _Taken(kept)
        if first == b'"':
            self._string(taken)
        elif first in (b"{", b"["):
            self._nested(taken)
        else:
            self._pass(_SCALAR, taken)
        return bytes(taken.bytes)

    def _nested(self, taken: "_Taken") -> None:
        depth = 0
        while True:
            mark = self._pass(_UP_TO_BRACKET, taken)
            if mark == b'"':
                self._string(taken)
                continue
            taken.add(mark)
            self._at += 1
            depth += 1 if mark in (b"{", b"[") else -1
            if depth == 0:
                return

    def _string(self, taken: "_Taken") -> None:
        taken.add(b'"')
        self._at += 1
        while self._pass(_IN_STRING, taken) != b'"':  # a backslash, whose next byte is still to come
            self._more(taken)
        taken.add(b'"')
        self._at += 1

    def _pass(self, run: re.Pattern[bytes], taken: "_Taken") -> bytes:
        """Take a run of bytes; gives the byte behind it."""
        while True:
            found = run.match(self._buffer, self._at)
            end = self._at if found is None else found.end()
            taken.add(self._buffer[self._at : end])
            self._at = end
            if end < len(self._buffer):
                return self._buffer[end : end + 1]
            self._more(taken)

    def _more(self, taken: "_Taken | None" = None) -> None:
        chunk = next(self._chunks, None)
        if chunk is None:
            raise BrokenJsonError(b"" if taken is None else bytes(taken.bytes))
        self._buffer = self._buffer[self._at :] + chunk
        self._at = 0


class _Taken:
    """The beginning of what is passed over."""

    def __init__(self, kept: int) -> None:
        self.bytes = bytearray()
        self._kept = kept

    def add(self, piece: bytes) -> None:
        """Keep what still fits."""
        free = self._kept - len(self.bytes)
        if free > 0:
            self.bytes += piece[:free]


def _decoded(key: bytes) -> object:
    try:
        return msgspec.json.decode(key)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
