"""Posts from a file or stream, plain or packed; shape and format are recognised from the content.

Memory is constant whatever the file's size. A damaged record is rejected with its number, and the next one
is read; a packed file that is damaged gives all that can be unpacked, then one rejected piece.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from contracts.clock import Clock
from contracts.errors import SourceError, UnusablePostError
from contracts.post import MAX_LINE_BYTES, UNDECODABLE, Post, encode_post, read_whole, unusable, vet
from contracts.rejection import Reason, Rejected
from producers.author_key import AuthorKeys
from producers.fingerprint import fingerprint, has_grown_from
from producers.formats import formats
from producers.jumps import without_jumps
from producers.picture_addresses import without_addresses
from producers.post_lines import POST_LINES
from producers.recognition import BOM, recognise
from producers.shapes import Lines, Record, Shape
from producers.source import Context, Format, Item, Place
from producers.unpack import STDIN, Content, is_stream, open_bytes

__all__ = ["FileSource"]

Opens = Callable[[Path], IO[bytes] | io.RawIOBase]


class FileSource:
    """One file as a source; its place is a record's number (0 = from the first one).

    Standard input, a FIFO or a device is a stream: it is opened once, read once, and has no place to go on from.
    """

    def __init__(
        self,
        path: Path,
        keys: AuthorKeys,
        *,
        received_ms: int,
        clock: Clock | None = None,
        is_archived: bool = True,
        fetched: Clock | None = None,
        has_raw_keys: bool = False,
        opens: Opens = open_bytes,
    ) -> None:
        """Name the file; nothing is opened yet.

        Args:
            path: of any shape and format that is known.
            keys: hashes author ids.
            received_ms: the run's start; later posts (past the tolerance) are in the future.
            clock: the same for a stream or a file that is followed, which goes on while the clock does.
            is_archived: whether its posts are past; false where a crawler is just writing it, and of every stream.
            fetched: when it was fetched, of an answer that is read as a file.
            has_raw_keys: whether author keys of Post lines are still to be hashed.
            opens: opens it; what is followed is opened otherwise.
        """
        self.is_stream = is_stream(path)
        self.is_empty = False  # known once the format is
        self.name = "standard input" if path == STDIN else str(path)
        self._path = path
        context = Context(
            keys=keys,
            is_archived=is_archived and not self.is_stream,
            fetched=fetched,
            owner=_owner(path),
            has_raw_keys=has_raw_keys,
        )
        self._formats = formats(context)
        self._received_ms = received_ms
        self._clock = clock if self.is_stream or not is_archived else None
        self._opens = opens
        self._shape: Shape | None = None
        self._stream: tuple[IO[bytes] | io.RawIOBase, Content] | None = None  # from its recognition on

    def items(self, start: Place = 0) -> Iterator[Item]:
        """See PostSource.items."""
        return without_jumps(self._items(int(start)), self.name, is_live=self._clock is not None)

    @property
    def version(self) -> str:
        """What a place in it belongs to, to be kept beside it: see `continues`. Of a stream, which has none, ""."""
        if self.is_stream:
            return ""
        if self.recognise().is_appended:
            return fingerprint(self._path)
        found = self._path.stat()
        return f"{found.st_size}-{found.st_mtime_ns}"

    def continues(self, version: str) -> bool:
        """Whether a place of an earlier version is one in this file: lines may have been added, a document is new.

        A place that an earlier release has kept has no version, and is believed.
        """
        if not self.is_stream and self.recognise().is_appended:
            return version == "" or has_grown_from(self._path, version)
        return version == self.version

    def notes(self, *, is_sent: bool = True) -> list[str]:
        """What a person should know of it once it is recognised, as lines; `is_sent` to Kafka, with a cursor."""
        notes = [f"{self.name}: empty"] if self.is_empty else []
        if self._shape is not None and self._shape.form.holds:
            notes.append(f"{self.name}: holds {self._shape.form.holds}, no posts")
        if self.is_stream and is_sent:
            notes.append(
                f"{self.name}: a stream has no cursor; after a stop send it again from its start "
                "(what was sent already counts once)"
            )
        return notes

    def recognise(self) -> Shape:
        """Shape and format that the beginning is in; any, where there is nothing in it.

        Raises:
            SourceError: the file cannot be opened, or nothing of its beginning is known.
        """
        if self._shape is None:
            with self._reading() as content:
                self._shape = self._recognised(content)
        return self._shape

    def _recognised(self, content: Content) -> Shape:
        try:
            found = recognise(content, self._formats, name=self.name)
        except SourceError as error:
            if content.damage:
                raise SourceError(f"{error}; it is also damaged ({content.damage})") from None
            raise
        self.is_empty = found is None and not content.damage
        return found or Lines(POST_LINES)

    def _items(self, start: int) -> Iterator[Item]:
        shape, number = self.recognise(), 0
        if shape.form.holds:
            return
        with self._reading(is_last=True) as content:
            for record in shape.records(content):
                number = record.number
                if number > start:
                    yield from self._read(shape.form, record)
            if content.damage:
                yield from self._damaged(shape.form, number + 1, content)

    @contextmanager
    def _reading(self, *, is_last: bool = False) -> Iterator[Content]:
        """What is in the file; of a stream, what is still to come."""
        try:
            if not self.is_stream:
                with self._opens(self._path) as file:
                    yield Content(file)
                return
            if self._stream is None:
                file = self._opens(self._path)
                self._stream = (file, Content(file))
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

    def _read(self, form: Format, record: Record) -> list[Item]:
        """What one record holds, each with the record's place."""
        received_ms = self._received_ms if self._clock is None else self._clock()
        try:
            parts = _parts(form, record.line)
            if len(parts) == 1 and isinstance(parts[0], Post):
                vet(parts[0], received_ms=received_ms)
                return [Item(parts[0], record.number)]
        except UnusablePostError as error:
            return [Item(self._rejected(error, record.raw, record.number), record.number)]
        return [Item(self._vetted(part, record, received_ms), record.number) for part in parts]

    def _vetted(self, part: Post | UnusablePostError, record: Record, received_ms: int) -> Post | Rejected:
        """One of several; its piece holds this one alone, or the pieces of a line would grow with their square."""
        if isinstance(part, UnusablePostError):
            return self._rejected(part, record.raw, record.number)
        try:
            vet(part, received_ms=received_ms)
        except UnusablePostError as error:
            return self._rejected(error, encode_post(part), record.number)
        return part

    def _damaged(self, form: Format, number: int, content: Content) -> Iterator[Item]:
        """The unfinished line where it is whole after all, and one rejected piece."""
        tail = content.tail
        last = self._read(form, Record(number, tail, tail)) if tail.strip() else []
        is_whole = bool(last) and all(isinstance(item.what, Post) for item in last)
        if is_whole:
            yield from last
        piece = Rejected(
            raw=b"" if is_whole else tail[:MAX_LINE_BYTES],
            reason=Reason.FILE_DAMAGED,
            detail=f"{content.damage}; all that could be read was, fetch the file again for the rest",
            source=self.name,
            offset=number,
        )
        # its place is the last whole line, so that the file, once mended, is read from there on
        yield Item(piece, number if is_whole else number - 1)

    def _rejected(self, error: UnusablePostError, record: bytes, number: int) -> Rejected:
        raw = record if error.raw is None else error.raw
        return Rejected(raw=raw, reason=error.reason, detail=error.detail, source=self.name, offset=number)


def _parts(form: Format, line: bytes | UnusablePostError) -> tuple[Post | UnusablePostError, ...]:
    if isinstance(line, UnusablePostError):
        raise line
    if len(line) > MAX_LINE_BYTES:
        detail = f"over {MAX_LINE_BYTES} bytes, first {MAX_LINE_BYTES} bytes kept"
        raise UnusablePostError(Reason.LINE_TOO_LONG, detail, raw=line[:MAX_LINE_BYTES])
    try:
        # the mark is of the file's beginning, or of one put behind another
        read = read_whole(lambda record: tuple(form.read(record)), line.removeprefix(BOM))
    except UNDECODABLE as error:
        raise unusable(error, line) from error
    return tuple([part if isinstance(part, UnusablePostError) else without_addresses(part) for part in read])


def _owner(path: Path) -> str:
    """Whose posts they are, where only the file's name says it: its own where that is a number, as user ids are."""
    stem = path.name.partition(".")[0]
    return "" if is_stream(path) else stem if stem.isascii() and stem.isdigit() else f"{path.parent.name}/{stem}"
