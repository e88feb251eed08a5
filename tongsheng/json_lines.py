"""JSON lines with "text" in, the same lines with something added out: `tongsheng classify` and `tongsheng redact`."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from contracts.errors import SourceError
from contracts.post import MAX_LINE_BYTES
from producers.lines import cut_lines
from producers.unpack import STDIN, Content, open_bytes
from tongsheng.logs import escape

__all__ = ["Change", "Row", "Tally", "filter_file", "filter_lines"]

SHOWN_BAD_LINES = 20  # told one by one; the summary counts all of them

Row = dict[str, Any]
Change = Callable[[Row], bool]  # adds to the line's object; true where it is one of those the summary counts


@dataclass(slots=True)
class Tally:
    """How many lines there were, were found to be what was asked for, and could not be used.

    Attributes:
        damage: what is wrong with a packed file, all of which that could be unpacked counts; empty where nothing is.
    """

    lines: int = 0
    found: int = 0
    bad: int = 0
    damage: str = ""

    def summary(self, what: str) -> str:
        """One line for a person; `what` says what was found."""
        lines = "1 line" if self.lines == 1 else f"{self.lines} lines"
        return f"{lines}: {self.found} {what}, {self.bad} not usable"


def filter_file(path: Path | None, change: Change) -> Tally:
    """Change a file's lines, or standard input's without one, and write them to standard output.

    Plain or packed, as all commands read; memory is constant, however long a line is. A reader that goes away
    (`| head`) ends it quietly, as any filter. On a terminal, which they would steer, control characters are spelled
    out as JSON does.

    Raises:
        SourceError: the file cannot be read.
    """
    tally = Tally()
    encode = _encoded_plainly if sys.stdout.isatty() else _encoded
    try:
        with open_bytes(path or STDIN) as file:
            content = Content(file)
            filter_lines(_lines(content), sys.stdout.buffer, change, tally, tell=_tell, encode=encode)
            tally.damage = content.damage
    except BrokenPipeError:
        # Python flushes standard output once more when it ends, and would complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise SourceError(f"{path or 'standard input'}: {error.strerror or type(error).__name__}") from None
    return tally


def _lines(content: Content) -> Iterator[bytes]:
    """Each line; the last one, too, where it has no end, if it is no piece before some damage."""
    tail: list[bytes] = []
    for _, line in cut_lines(content, tail):
        yield line
    if not content.damage:
        yield from tail


def filter_lines(
    lines: Iterable[bytes],
    out: BinaryIO,
    change: Change,
    tally: Tally,
    *,
    tell: Callable[[str], None],
    encode: Callable[[Row], bytes],
) -> None:
    """Change each line and write it; a line that cannot be used is told with its number and left out.

    Each line goes out at once, since somebody may be waiting for it at the other end of a pipe.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        tally.lines += 1
        try:
            row = _row(line)
        except ValueError as error:
            tally.bad += 1
            if tally.bad <= SHOWN_BAD_LINES:
                tell(f"line {number}: {error}; left out")
            continue
        tally.found += change(row)
        out.write(encode(row))
        out.flush()


def _row(line: bytes) -> Row:
    """The line's object.

    Raises:
        ValueError: it is none, or has no text; says so.
    """
    if len(line) > MAX_LINE_BYTES:
        raise ValueError(f"it is longer than {MAX_LINE_BYTES} bytes")
    try:
        row = _decode(line)
    except (ValueError, RecursionError):
        raise ValueError('this is no JSON; write {"text": "..."}') from None
    if not isinstance(row, dict):
        raise ValueError('this is no JSON object; write {"text": "..."}')  # noqa: TRY004 - of the data, not of a type
    if "text" not in row:
        raise ValueError('it has no "text"; call the one to be read so')
    if not isinstance(row["text"], str):
        raise ValueError('its "text" is no string')  # noqa: TRY004 - same
    return row


def _decode(line: bytes) -> Any:
    """The quick way; the library's own takes what that does not: halves of characters, NaN, UTF-16."""
    try:
        return msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return json.loads(line)


def _encoded(row: Row) -> bytes:
    """UTF-8; with escapes where the line held half a character that UTF-8 cannot say."""
    try:
        return msgspec.json.encode(row) + b"\n"
    except UnicodeEncodeError:
        return f"{json.dumps(row)}\n".encode()


def _encoded_plainly(row: Row) -> bytes:
    """The same JSON without a character that a terminal would obey: ESC, U+009B, the marks that turn text around."""
    text = _encoded(row).decode().removesuffix("\n")
    return f"{''.join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)}\n".encode()


def _tell(message: str) -> None:
    print(escape(f"tongsheng: {message}"), file=sys.stderr)  # noqa: T201 - a command's answer to a person
