"""Posts from a file of JSON lines, plain or gzip; the format is recognised from the content.

Memory is constant whatever the file's size. A damaged line is rejected with its number, and the next one
is read; a gzip file that ends early gives all that could be unpacked, then one rejected piece.
"""

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

import msgspec

from contracts.errors import SourceError, UnusablePostError
from contracts.post import MAX_LINE_BYTES, UNDECODABLE, Post, encode_post, unusable, vet
from contracts.rejection import Reason, Rejected
from producers.author_key import AuthorKeys
from producers.hot_list import HOT_LISTS
from producers.post_lines import POST_LINES
from producers.source import Format, Item
from producers.weibo_api import weibo_api_format

__all__ = ["FileSource", "formats"]

_GZIP_MAGIC = b"\x1f\x8b"
_LINES_TO_RECOGNISE = 200
_JUMP_MS = 24 * 3_600_000


def formats(keys: AuthorKeys) -> tuple[Format, ...]:
    """All known formats, the most particular first."""
    return (POST_LINES, HOT_LISTS, weibo_api_format(keys))


class FileSource:
    """One file as a source; its place is a line number (0 = from the first line)."""

    def __init__(self, path: Path, keys: AuthorKeys, *, received_ms: int) -> None:
        """Name the file; nothing is opened yet.

        Args:
            path: .jsonl, plain or gzip.
            keys: hashes author ids.
            received_ms: the run's start; later posts (past the tolerance) are in the future.
        """
        self.name = str(path)
        self._path = path
        self._formats = formats(keys)
        self._received_ms = received_ms

    def items(self, start: int = 0) -> Iterator[Item]:
        """See PostSource.items."""
        return without_jumps(self._items(start), self.name)

    def _items(self, start: int) -> Iterator[Item]:
        form = self.recognise()
        for number, line in self._lines():
            if number > start and (line is None or not line.isspace()):
                yield from self._read(form, number, line)

    def recognise(self) -> Format:
        """The format that the first lines are in.

        Raises:
            SourceError: the file cannot be opened, or no line of its beginning is known.
        """
        seen = 0
        for _, line in islice(self._lines(), _LINES_TO_RECOGNISE):
            if line is None:
                break
            seen += not line.isspace()
            try:
                value = msgspec.json.decode(line)
            except (ValueError, RecursionError):
                continue
            for form in self._formats:
                if form.knows(value):
                    return form
        if not seen:
            return POST_LINES  # an empty file holds no posts in any format
        raise SourceError(_unknown(self.name, self._formats))

    def _lines(self) -> Iterator[tuple[int, bytes | None]]:
        """(number from 1, line without its end; None where the file is damaged and ends).

        A line over the limit comes cut, as one line.
        """
        number = 0
        try:
            with self._open() as file:
                while line := file.readline(MAX_LINE_BYTES + 2):
                    number += 1
                    if len(line) > MAX_LINE_BYTES + 1 and not line.endswith(b"\n"):
                        _skip_line(file)
                    yield number, line.rstrip(b"\r\n") or b" "
        except (EOFError, zlib.error, gzip.BadGzipFile):
            yield number + 1, None
        except OSError as error:
            raise SourceError(f"{self.name}: cannot be read ({error.strerror or type(error).__name__})") from error

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        with self._path.open("rb") as file:
            if file.peek(2)[:2] != _GZIP_MAGIC:
                yield file
                return
            with gzip.GzipFile(fileobj=file) as unpacked, io.BufferedReader(unpacked, 1 << 18) as buffered:
                yield buffered

    def _read(self, form: Format, number: int, line: bytes | None) -> Iterator[Item]:
        """What one line holds, each with the line's place."""
        try:
            found = _parts(form, line)
        except UnusablePostError as error:
            yield self._rejected(error, line or b"", number)
            return
        for part in found:
            if isinstance(part, UnusablePostError):
                yield self._rejected(part, part.raw or line or b"", number)
                continue
            try:
                vet(part, received_ms=self._received_ms)
            except UnusablePostError as error:
                # of a line with many posts only the one that is meant, or the pieces would grow with their square
                yield self._rejected(error, line if line and len(found) == 1 else encode_post(part), number)
            else:
                yield Item(part, number)

    def _rejected(self, error: UnusablePostError, raw: bytes, number: int) -> Item:
        piece = Rejected(raw=raw, reason=error.reason, detail=error.detail, source=self.name, offset=number)
        return Item(piece, number)


def _parts(form: Format, line: bytes | None) -> tuple[Post | UnusablePostError, ...]:
    if line is None:
        raise UnusablePostError(Reason.FILE_DAMAGED, "the file ends early or is corrupt; fetch it again")
    if len(line) > MAX_LINE_BYTES:
        raise UnusablePostError(Reason.LINE_TOO_LONG, f"over {MAX_LINE_BYTES} bytes")
    try:
        return tuple(form.read(line))
    except UNDECODABLE as error:
        raise unusable(error, line) from error


def without_jumps(items: Iterable[Item], source: str) -> Iterator[Item]:
    """Reject a post whose time is over a day ahead of the posts on both sides of it.

    One wrong date would otherwise carry event time away, and every post behind it would come late. A gap of
    days in an archive is no jump: there the next post is ahead too.
    """
    newest_ms = 0
    held: list[Item] = []  # posts of one place that are far ahead, and what was rejected behind them
    for item in items:
        post = item.what if isinstance(item.what, Post) else None
        if held and (post is None or item.place == held[0].place):
            held.append(item)
            continue
        if post is None:
            yield item
            continue
        if held:
            ahead_ms = max(other.what.at_ms for other in held if isinstance(other.what, Post))
            is_jump = post.at_ms < ahead_ms - _JUMP_MS
            newest_ms = newest_ms if is_jump else ahead_ms
            yield from (_jumped(other, source) if is_jump else other for other in held)
            held = []
        if newest_ms and post.at_ms > newest_ms + _JUMP_MS:
            held = [item]
            continue
        newest_ms = max(newest_ms, post.at_ms)
        yield item
    yield from held


def _jumped(item: Item, source: str) -> Item:
    if not isinstance(item.what, Post):
        return item
    detail = "over a day ahead of the posts around it"
    piece = Rejected(
        raw=encode_post(item.what), reason=Reason.TIME_ABSURD, detail=detail, source=source, offset=item.place
    )
    return Item(piece, item.place)


def _skip_line(file: IO[bytes]) -> None:
    while (rest := file.readline(1 << 20)) and not rest.endswith(b"\n"):
        pass


def _unknown(name: str, known: Sequence[Format]) -> str:
    return (
        f"{name}: none of the first {_LINES_TO_RECOGNISE} lines is of a known format "
        f"({', '.join(form.name for form in known)}); expected JSON, one object a line"
    )
