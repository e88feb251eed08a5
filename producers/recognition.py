"""Recognise the format of lines by their content; where there is none, say what they look like and what to do."""

from collections.abc import Iterable, Sequence

import msgspec

from contracts.errors import SourceError
from producers.source import Format

__all__ = ["BOM", "recognise"]

BOM = b"\xef\xbb\xbf"
_MOST_LINES = 5000  # not blank; a file may begin with a few hundred lines of junk and then be good
_MOST_BYTES = 4 << 20
_LOOKED_AT_BYTES = 1 << 16
_NULS = 0.2  # share of NUL bytes; UTF-16 of ASCII text has a half, of Chinese JSON still a third
_COLUMNS = 3

_PACKERS = {
    b"PK\x03\x04": "a zip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
    b"BZh": "packed with bzip2",
    b"\xfd7zXZ": "packed with xz",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
}


def recognise(lines: Iterable[tuple[int, bytes]], known: Sequence[Format], *, name: str) -> Format | None:
    """The format of the first line that is of one.

    Args:
        lines: the beginning; no more of it is taken than needed.
        known: the formats, the most particular first.
        name: of the source, for the message.

    Returns:
        None where there are only blank lines.

    Raises:
        SourceError: no line of the first 5000, or of the first 4 MiB, is of a known format.
    """
    beginning = b""
    seen = size = 0
    for _, line in lines:
        if not line or line.isspace():
            continue
        if (form := _format_of(line, known)) is not None:
            return form
        seen, size = seen + 1, size + len(line)
        if len(beginning) < _LOOKED_AT_BYTES:
            beginning += line[:_LOOKED_AT_BYTES] + b"\n"
        if seen >= _MOST_LINES or size >= _MOST_BYTES:
            break
    if not seen:
        return None
    names = ", ".join(form.name for form in known)
    hint = _looks_like(beginning, is_whole=seen < _MOST_LINES and size < _MOST_BYTES)
    raise SourceError(f"{name}: none of the first {seen} lines is of a known format ({names}); {hint}")


def _format_of(line: bytes, known: Sequence[Format]) -> Format | None:
    value = _json(line.removeprefix(BOM))
    return next((form for form in known if form.knows(value)), None)


def _json(text: bytes) -> object:
    """The value, None where there is none (as for null: neither is of any format)."""
    try:
        return msgspec.json.decode(text)
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
        return "it is one JSON array: give one object a line, for example by jq -c '.[]'"
    if text.startswith(b"{") and _json(first) is None and (first.strip() == b"{" or (is_whole and _json(text))):
        return "it is JSON over many lines: give one object a line, for example by jq -c ."
    if text.startswith(b"{"):
        return "its JSON is of another kind"
    if text.startswith(b"<"):
        return "it looks like XML or HTML; expected JSON, one object a line"
    if max(first.count(b","), first.count(b"\t"), first.count(b";")) >= _COLUMNS - 1:
        return "it looks like a table (CSV): give one JSON object a line, with the column names as keys"
    return "expected JSON, one object a line"


def _is_in(text: bytes, encoding: str) -> bool:
    """Whether it is text in this encoding; the end, which may be cut within a character, is left out."""
    try:
        text[: text.rfind(b"\n") + 1].decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
