"""The shapes that files have: lines of JSON, one JSON document, a table, a feed. Each gives records, as JSON.

A record is (number, JSON bytes, original bytes). Whatever the file's size, one record at a time is held. Numbers
are lines (of a table: the record's last line) or, in documents, elements; they are places for the cursor.
"""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, Self

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import MAX_LINE_BYTES
from contracts.rejection import Reason
from producers.feed_xml import FeedError, feed_items
from producers.json_elements import BrokenJsonError, elements
from producers.lines import cut_lines
from producers.source import Format
from producers.unpack import Content

__all__ = ["BOM", "Document", "Feed", "Lines", "Record", "Shape", "Table", "Whole", "without_bom"]

BOM = b"\xef\xbb\xbf"
_LOOKED_AT_LINES = 50
_AGAIN_BYTES = 1 << 24  # of a table that may be read a second time, beside as much as has been read


class Record(msgspec.Struct, frozen=True, gc=False):
    """One record: its number, itself as JSON or why there is none, and the bytes to keep where it cannot be used."""

    number: int
    line: bytes | UnusablePostError
    raw: bytes


class Shape(Protocol):
    """How records lie in a file; in one that only grows a place stays true."""

    @property
    def form(self) -> Format:
        """Of the records."""
        ...

    @property
    def is_appended(self) -> bool:
        """Whether such a file only grows."""
        ...

    def records(self, content: Content) -> Iterator[Record]:
        """The records in order. What follows some damage is left out; `content.damage` then says what is wrong."""
        ...


@dataclass(frozen=True, slots=True)
class Lines:
    """An object a line; blank lines count as lines only."""

    form: Format
    is_appended: bool = True

    def records(self, content: Content) -> Iterator[Record]:
        """See Shape."""
        tail: list[bytes] = []
        number = 0
        for number, line in cut_lines(content, tail):
            if line and not line.isspace():
                yield Record(number, line, line)
        for rest in tail:
            if content.damage:
                content.tail = rest
            else:
                yield Record(number + 1, rest, rest)


@dataclass(frozen=True, slots=True)
class Whole:
    """A document that is one record, up to the length of a line."""

    form: Format
    is_appended: bool = False

    def records(self, content: Content) -> Iterator[Record]:
        """See Shape."""
        text = bytearray()
        for chunk in content:
            if len(text) <= MAX_LINE_BYTES:
                text += chunk
        yield Record(1, bytes(text), bytes(text))


@dataclass(frozen=True, slots=True)
class Document:
    """A document whose records are the elements of one array.

    Attributes:
        path: keys that lead to it; none of a bare array.
    """

    form: Format
    path: tuple[str, ...]
    is_appended: bool = False

    def records(self, content: Content) -> Iterator[Record]:
        """See Shape. What stands behind the array, such as "out of memery" behind the document, is passed over."""
        number = 0
        try:
            for number, line in enumerate(elements(without_bom(iter(content)), self.path), start=1):
                yield Record(number, line, line)
        except BrokenJsonError as error:
            content.damage = content.damage or f"its JSON breaks off behind element {number}"
            content.tail = error.rest


@dataclass(frozen=True, slots=True)
class Table:
    """Comma-separated values under a header, which may stand again further down; fields may hold line ends."""

    form: Format
    is_appended: bool = True

    def records(self, content: Content) -> Iterator[Record]:
        """See Shape. A row that does not fit its header is the format's to mend, else it is refused."""
        rows = Rows(content)
        header = next(rows, None)
        for number, row, raw in rows:
            if header is None or not row or row == header[1]:
                continue
            line = self._line(header[1], row, raw)
            is_misfit = isinstance(line, UnusablePostError) and line.reason is Reason.WRONG_SHAPE
            if is_misfit and self._swallowed(header[1], raw) and rows.take_back():
                yield Record(number - raw.count(b"\n"), line, raw.split(b"\n", 1)[0])
            else:
                yield Record(number, line, raw)

    def _swallowed(self, header: list[str], raw: bytes) -> bool:
        """Whether a row that does not fit holds a line that is a whole row: one that a kill has cut took it in."""
        alone = csv.reader(line.decode(errors="replace") for line in raw.split(b"\n")[1:_LOOKED_AT_LINES])
        try:
            return any(row == header or self.form.row(header, row) is not None for row in alone)
        except csv.Error:
            return True

    def _line(self, header: list[str], row: list[str], raw: bytes) -> bytes | UnusablePostError:
        if len(raw) > MAX_LINE_BYTES:
            return UnusablePostError(Reason.LINE_TOO_LONG, f"over {MAX_LINE_BYTES} bytes")
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            return UnusablePostError(Reason.NOT_UTF8, f"byte {error.start}")
        fitted = self.form.row(header, row)
        if fitted is None:
            return UnusablePostError(Reason.WRONG_SHAPE, f"{len(row)} cells under {len(header)} column names")
        return msgspec.json.encode(fitted)


@dataclass(frozen=True, slots=True)
class Feed:
    """RSS or Atom, item by item."""

    form: Format
    is_appended: bool = False

    def records(self, content: Content) -> Iterator[Record]:
        """See Shape."""
        number = 0
        try:
            for number, item in enumerate(feed_items(Readable(content)), start=1):
                line = msgspec.json.encode(item)
                yield Record(number, line, line)
        except FeedError as error:
            content.damage = content.damage or f"{error}, behind item {number}"


class Rows:
    """The rows of a table: (number of its last line, cells, its bytes); what is no UTF-8 stands as surrogates."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._tail: list[bytes] = []
        self._lines = cut_lines(without_bom(iter(content)), self._tail)
        self._again: deque[bytes] = deque()  # lines taken back, to be read anew
        self._taken: list[bytes] = []
        self._number = 0
        self._is_over = False
        self._read_bytes = self._again_bytes = 0
        self._reader = csv.reader(self._texts())

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> tuple[int, list[str], bytes]:
        self._taken.clear()
        try:
            row = next(self._reader)
        except csv.Error:  # a quotation mark that is not closed within 128 Ki characters
            row = [""]
        raw = b"\n".join(self._taken)
        if self._is_over and self._content.damage:  # which has cut it
            self._content.tail = raw
            raise StopIteration
        if row:
            row[0] = row[0].removeprefix("\ufeff")  # of a table that was put behind another
        return self._number, row, raw

    def take_back(self) -> bool:
        """Read the lines of the last row anew, but for its first: a row cut by a kill opens a quotation that it does
        not close, and would swallow the rows behind it. False where it has one line, or where that were endless work.
        """  # noqa: D205 - one thought
        again = self._taken[1:]
        size = sum(map(len, again))
        if not again or self._again_bytes + size > _AGAIN_BYTES + self._read_bytes:
            return False
        self._again_bytes += size
        self._again.extendleft(reversed(again))
        self._number -= len(again)
        self._reader = csv.reader(self._texts())
        return True

    def _texts(self) -> Iterator[str]:
        while True:
            if self._again:
                line = self._again.popleft()
            elif (read := next(self._lines, None)) is not None:
                line = read[1]
                self._read_bytes += len(line)
            elif self._tail:
                line = self._tail.pop()
                self._is_over = True
            else:
                self._is_over = True
                return
            self._number += 1
            self._taken.append(line)
            yield line.decode(errors="surrogateescape") + "\n"


class Readable:
    """Pieces of bytes as a file to read."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, b"" at the end; a negative size reads all."""
        if size < 0:
            return self._rest + b"".join(self._chunks)
        while not self._rest and (more := next(self._chunks, None)) is not None:
            self._rest = more
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken


def without_bom(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces without the byte-order mark at their beginning."""
    first = b""
    for chunk in chunks:
        first += chunk
        if len(first) >= len(BOM) or not BOM.startswith(first):
            break
    yield first.removeprefix(BOM)
    yield from chunks
