"""Recognise shape and format of a file by its content; where they are unknown, say what it looks like, what to do."""

import csv
from collections.abc import Iterator, Sequence

import msgspec

from contracts.errors import SourceError
from contracts.post import MAX_LINE_BYTES, read_whole
from producers.envelopes import PATHS
from producers.json_elements import BrokenJsonError, elements
from producers.lines import cut_lines
from producers.shapes import BOM, Document, Feed, Lines, Shape, Table, Whole, without_bom
from producers.source import Format
from producers.unpack import Content

__all__ = ["BOM", "recognise"]

_MOST_LINES = 5000  # not blank; a file may begin with a few hundred lines of junk and then be good
_MOST_BYTES = 4 << 20
_MOST_BYTES_WITH_LONG_LINES = 64 << 20  # a line that is too long is refused alone, wherever it stands
_LOOKED_AT_BYTES = 1 << 16
_LOOKED_AT_ELEMENTS = 50  # of an array; the first may be an advertisement or a user
_NULS = 0.2  # share of NUL bytes; UTF-16 of ASCII text has a half, of Chinese JSON still a third
_COLUMNS = 3

_PACKERS = {
    b"PK\x03\x04": "a zip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
    b"BZh": "packed with bzip2",
}


def recognise(content: Content, known: Sequence[Format], *, name: str) -> Shape | None:
    """Shape and format, by the first record that is of a known one.

    Args:
        content: of the file; no more of its beginning is taken than needed.
        known: the formats, the most particular first.
        name: of the source, for the message.

    Returns:
        None where there are only blank lines.

    Raises:
        SourceError: no line of the first 5000, or of the first 4 MiB, is of a known format, and neither is the
            document or table that it may be instead. Lines that are too long count one MiB each, up to 64 MiB in all.
    """
    first = next((line for _, line in _lines(content, known) if line and not line.isspace()), b"")
    start = first.removeprefix(BOM).lstrip()
    found: Shape | None = None
    if start.startswith(b"<"):
        found = _feed(content, known)
    elif start.startswith(b"[") or (start.startswith(b"{") and _json(first.removeprefix(BOM)) is None):
        found = _document(content, known)
    elif start and not start.startswith(b"{"):
        found = _table(first, known)
    return found or _lines_of(content, known, name)


def _lines(content: Content, known: Sequence[Format], most_bytes: int = _MOST_BYTES) -> Iterator[tuple[int, bytes]]:
    """Lines of the beginning, the last one cut where that ends; behind some damage only what is whole after all.

    A document of any size may stand in one line.
    """
    tail: list[bytes] = []
    number = 0
    for number, line in cut_lines(_beginning(content, most_bytes), tail):
        yield number, line
    for rest in tail:
        if not content.damage or any(form.knows(_json(rest)) for form in known):
            yield number + 1, rest


def _beginning(content: Content, most_bytes: int = _MOST_BYTES) -> Iterator[bytes]:
    size = 0
    for chunk in content.peek():
        yield chunk
        size += len(chunk)
        if size >= most_bytes:
            return


def _feed(content: Content, known: Sequence[Format]) -> Shape | None:
    start = b""
    for chunk in _beginning(content):
        start += chunk
        if len(start) >= _LOOKED_AT_BYTES or any(root in start for root in (b"<item", b"<entry")):
            break
    if not any(root in start for root in (b"<rss", b"<feed", b"<rdf:RDF", b"<RDF")):
        return None
    return next((Feed(form) for form in known if form.knows({"feed": "", "html": ""})), None)


def _table(first: bytes, known: Sequence[Format]) -> Shape | None:
    """By the column names alone."""
    try:
        header = next(csv.reader([first.removeprefix(BOM).decode()]), [])
    except (UnicodeDecodeError, csv.Error):
        return None
    if len(header) < _COLUMNS:
        return None
    return next((Table(form) for form in known if form.knows(dict.fromkeys(header, ""))), None)


def _document(content: Content, known: Sequence[Format]) -> Shape | None:
    for path in PATHS:
        form = _form_at(content, path, known)
        if form is not None:
            return Document(form, path)
    text = b""
    for chunk in content.peek():
        text += chunk
        if len(text) > MAX_LINE_BYTES:
            return None
    form = _format_of(text, known)
    return None if form is None else Whole(form)


def _form_at(content: Content, path: Sequence[str], known: Sequence[Format]) -> Format | None:
    """The format of the elements at a path, None where there is no such array."""
    try:
        for number, element in enumerate(elements(without_bom(_beginning(content)), path)):
            form = _format_of(element, known)
            if form is not None or number >= _LOOKED_AT_ELEMENTS:
                return form
    except BrokenJsonError:
        pass  # it ends early, at the latest where the beginning does
    return None


def _lines_of(content: Content, known: Sequence[Format], name: str) -> Shape | None:
    beginning = b""
    seen = size = 0
    for _, line in _lines(content, known, _MOST_BYTES_WITH_LONG_LINES):
        if not line or line.isspace():
            continue
        if (form := _format_of(line, known)) is not None:
            return Lines(form)
        seen, size = seen + 1, size + len(line)
        if len(beginning) < _LOOKED_AT_BYTES:
            beginning += line[:_LOOKED_AT_BYTES] + b"\n"
        if seen >= _MOST_LINES or size >= _MOST_BYTES:
            break
    if not seen:
        return None
    names = ", ".join(dict.fromkeys(form.name for form in known))
    hint = _looks_like(beginning, is_whole=seen < _MOST_LINES and size < _MOST_BYTES)
    raise SourceError(f"{name}: none of the first {seen} lines is of a known format ({names}); {hint}")


def _format_of(line: bytes, known: Sequence[Format]) -> Format | None:
    value = _json(line.removeprefix(BOM))
    return next((form for form in known if form.knows(value)), None)


def _json(text: bytes) -> object:
    """The value, None where there is none (as for null: neither is of any format)."""
    try:
        return read_whole(msgspec.json.decode, text)
    except (ValueError, RecursionError):
        return None


def _looks_like(beginning: bytes, *, is_whole: bool) -> str:
    """What to do, for one who does not know what the file is."""
    for magic, packed in _PACKERS.items():
        if beginning.startswith(magic):
            return f"it looks like {packed}: unpack it first"
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")) or beginning.count(0) > _NULS * len(beginning):
        return "it looks like UTF-16: save it as UTF-8, for example by iconv -f UTF-16 -t UTF-8"
    text = beginning.removeprefix(BOM).lstrip()
    if not _is_in(text, "utf-8"):
        if _is_in(text, "gb18030"):
            return "it looks like GBK (GB18030): save it as UTF-8, for example by iconv -f GB18030 -t UTF-8"
        return "its bytes are no text in UTF-8; expected JSON, one object a line"
    return _looks_like_text(text, is_whole=is_whole)


def _looks_like_text(text: bytes, *, is_whole: bool) -> str:
    first = text.split(b"\n", 1)[0]
    if text.startswith(b"["):
        return "it is a JSON array of another kind"
    if text.startswith(b"{") and _json(first) is None and (first.strip() == b"{" or (is_whole and _json(text))):
        return "it is a JSON document of another kind"
    if text.startswith(b"{"):
        return "its JSON is of another kind"
    if text.startswith(b"<"):
        return "it looks like XML or HTML, and is no RSS or Atom feed"
    if max(first.count(b","), first.count(b"\t"), first.count(b";")) >= _COLUMNS - 1:
        return "it looks like a table (CSV) with other columns: docs/sources.md lists those that are known"
    return "expected JSON, one object a line"


def _is_in(text: bytes, encoding: str) -> bool:
    """Whether it is text in this encoding; the end, which may be cut within a character, is left out."""
    try:
        text[: text.rfind(b"\n") + 1].decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
