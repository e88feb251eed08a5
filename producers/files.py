"""Posts from a file or stream of JSON lines, plain or gzip; the format is recognised from the content.

Memory is constant whatever the file's size. A damaged line is rejected with its number, and the next one
is read; a gzip file that is damaged gives all that can be unpacked, then one rejected piece.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from contracts.clock import Clock
from contracts.errors import SourceError, UnusablePostError
from contracts.post import MAX_LINE_BYTES, UNDECODABLE, Post, encode_post, unusable, vet
from contracts.rejection import Reason, Rejected
from producers.author_key import AuthorKeys
from producers.hot_list import HOT_LISTS
from producers.jumps import without_jumps
from producers.lines import STDIN, LineReader, is_stream, open_bytes
from producers.post_lines import POST_LINES
from producers.recognition import BOM, recognise
from producers.source import Format, Item
from producers.weibo_api import weibo_api_format

__all__ = ["FileSource", "formats"]


def formats(keys: AuthorKeys) -> tuple[Format, ...]:
    """All known formats, the most particular first."""
    return (POST_LINES, HOT_LISTS, weibo_api_format(keys))


class FileSource:
    """One file as a source; its place is a line number (0 = from the first line).

    Standard input, a FIFO or a device is a stream: it is opened once, read once, and has no place to go on from.
    """

    def __init__(self, path: Path, keys: AuthorKeys, *, received_ms: int, clock: Clock | None = None) -> None:
        """Name the file; nothing is opened yet.

        Args:
            path: JSON lines, plain or gzip.
            keys: hashes author ids.
            received_ms: the run's start; later posts (past the tolerance) are in the future.
            clock: the same for a stream, which goes on while the clock does.
        """
        self.is_stream = is_stream(path)
        self.is_empty = False  # known once the format is
        self.name = "standard input" if path == STDIN else str(path)
        self._path = path
        self._formats = formats(keys)
        self._received_ms = received_ms
        self._clock = clock if self.is_stream else None
        self._form: Format | None = None
        self._stream: tuple[IO[bytes], LineReader] | None = None  # from its recognition on

    def items(self, start: int = 0) -> Iterator[Item]:
        """See PostSource.items."""
        return without_jumps(self._items(start), self.name)

    def notes(self, *, is_sent: bool = True) -> list[str]:
        """What a person should know of it once it is recognised, as lines; `is_sent` to Kafka, with a cursor."""
        notes = [f"{self.name}: empty"] if self.is_empty else []
        if self.is_stream and is_sent:
            notes.append(
                f"{self.name}: a stream has no cursor; after a stop send it again from its start "
                "(what was sent already counts once)"
            )
        return notes

    def recognise(self) -> Format:
        """The format that the beginning is in; any, where there is nothing in it.

        Raises:
            SourceError: the file cannot be opened, or no line of its beginning is known.
        """
        if self._form is None:
            with self._reading() as lines:
                self._form = self._recognised(lines)
        return self._form

    def _recognised(self, lines: LineReader) -> Format:
        try:
            found = recognise(lines.peek(), self._formats, name=self.name)
            if found is None and lines.tail:
                return _any_of(lines.tail, self._formats)
        except SourceError as error:
            if lines.damage:
                raise SourceError(f"{error}; it is also damaged ({lines.damage})") from None
            raise
        self.is_empty = found is None and not lines.damage
        return found or POST_LINES

    def _items(self, start: int) -> Iterator[Item]:
        form, number = self.recognise(), 0
        with self._reading(is_last=True) as lines:
            for number, line in lines:
                if number > start and line and not line.isspace():
                    yield from self._read(form, number, line)
            if lines.damage:
                yield from self._damaged(form, number + 1, lines)

    @contextmanager
    def _reading(self, *, is_last: bool = False) -> Iterator[LineReader]:
        """The lines of the file; of a stream, those that are still to come."""
        try:
            if not self.is_stream:
                with open_bytes(self._path) as file:
                    yield LineReader(file)
                return
            if self._stream is None:
                file = open_bytes(self._path)
                self._stream = (file, LineReader(file))
            try:
                yield self._stream[1]
            except SourceError:
                is_last = True
                raise
            finally:
                if is_last:
                    self._stream[0].close()
        except OSError as error:
            raise SourceError(f"{self.name}: cannot be read ({error.strerror or type(error).__name__})") from error

    def _read(self, form: Format, number: int, line: bytes) -> list[Item]:
        """What one line holds, each with the line's place."""
        received_ms = self._received_ms if self._clock is None else self._clock()
        try:
            parts = _parts(form, line)
            if len(parts) != 1 or isinstance(parts[0], UnusablePostError):
                return [Item(self._vetted(part, line, number, received_ms), number) for part in parts]
            vet(parts[0], received_ms=received_ms)
        except UnusablePostError as error:
            return [Item(self._rejected(error, line, number), number)]
        return [Item(parts[0], number)]

    def _vetted(self, part: Post | UnusablePostError, line: bytes, number: int, received_ms: int) -> Post | Rejected:
        """One of several; its piece holds this one alone, or the pieces of a line would grow with their square."""
        if isinstance(part, UnusablePostError):
            return self._rejected(part, line, number)
        try:
            vet(part, received_ms=received_ms)
        except UnusablePostError as error:
            return self._rejected(error, encode_post(part), number)
        return part

    def _damaged(self, form: Format, number: int, lines: LineReader) -> Iterator[Item]:
        """The unfinished line where it is whole after all, and one rejected piece."""
        last = self._read(form, number, lines.tail) if lines.tail.strip() else []
        is_whole = bool(last) and all(isinstance(item.what, Post) for item in last)
        if is_whole:
            yield from last
        piece = Rejected(
            raw=b"" if is_whole else lines.tail,
            reason=Reason.FILE_DAMAGED,
            detail=f"{lines.damage}; all that could be unpacked was read, fetch the file again for the rest",
            source=self.name,
            offset=number,
        )
        # its place is the last whole line, so that the file, once mended, is read from there on
        yield Item(piece, number if is_whole else number - 1)

    def _rejected(self, error: UnusablePostError, line: bytes, number: int) -> Rejected:
        raw = line if error.raw is None else error.raw
        return Rejected(raw=raw, reason=error.reason, detail=error.detail, source=self.name, offset=number)


def _parts(form: Format, line: bytes) -> tuple[Post | UnusablePostError, ...]:
    if len(line) > MAX_LINE_BYTES:
        detail = f"over {MAX_LINE_BYTES} bytes, first {MAX_LINE_BYTES} bytes kept"
        raise UnusablePostError(Reason.LINE_TOO_LONG, detail, raw=line[:MAX_LINE_BYTES])
    try:
        return tuple(form.read(line))
    except UNDECODABLE as error:
        if line.startswith(BOM):  # of the file's beginning, or of one that was put behind another
            return _parts(form, line.removeprefix(BOM))
        raise unusable(error, line) from error


def _any_of(tail: bytes, known: Iterable[Format]) -> Format:
    """The format of what a damaged file leaves of its only line; any, where that is too little."""
    try:
        return recognise([(1, tail)], tuple(known), name="") or POST_LINES
    except SourceError:
        return POST_LINES
