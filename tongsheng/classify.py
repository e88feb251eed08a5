"""`tongsheng classify`: lines with "text" in, the same lines with "predicted" out.

Reads JSON lines, writes JSON lines; asks the model and the lexicon that the stream
asks, without the cue scan, which only saves the stream's time.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from contracts.errors import SourceError
from contracts.settings import Settings
from streams.listen import Judged, Listener
from tongsheng.logs import escape
from tongsheng.wiring import listener

__all__ = ["Tally", "classify_file", "classify_lines"]

SHOWN_BAD_LINES = 20  # told one by one; the summary counts all of them


@dataclass(slots=True)
class Tally:
    """How many lines there were, were about children, and could not be used."""

    lines: int = 0
    child: int = 0
    bad: int = 0

    def summary(self) -> str:
        """One line for a person."""
        return f"{self.lines} lines: {self.child} about children, {self.bad} not usable"


def classify_file(path: Path | None, settings: Settings) -> Tally:
    """Classify a file's lines, or standard input's without one, to standard output.

    A reader that goes away (`| head`) ends it quietly, as any filter.

    Raises:
        SourceError: the file cannot be read.
    """
    judge = listener(settings)
    tally = Tally()
    try:
        if path is None:
            classify_lines(sys.stdin.buffer, sys.stdout.buffer, judge, tally, tell=_tell)
        else:
            with path.open("rb") as lines:
                classify_lines(lines, sys.stdout.buffer, judge, tally, tell=_tell)
    except BrokenPipeError:
        # Python flushes standard output once more when it ends, and would complain
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise SourceError(f"{path or 'standard input'}: {error.strerror or type(error).__name__}") from None
    return tally


def classify_lines(
    lines: Iterable[bytes], out: BinaryIO, judge: Listener, tally: Tally, *, tell: Callable[[str], None]
) -> None:
    """Classify each line and write it; a line that cannot be used is told with its number and left out.

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
        judged = judge.judge(row["text"])
        row["predicted"] = _predicted(judged)
        tally.child += judged.is_child
        out.write(_encoded(row))
        out.flush()


def _row(line: bytes) -> dict[str, Any]:
    """The line's object.

    Raises:
        ValueError: it is none, or has no text; says so.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("this is no JSON") from None
    if not isinstance(row, dict):
        raise ValueError('this is no JSON object; write {"text": "..."}')  # noqa: TRY004 - of the data, not of a type
    if "text" not in row:
        raise ValueError('it has no "text"')
    if not isinstance(row["text"], str):
        raise ValueError('its "text" is no string')  # noqa: TRY004 - same
    return row


def _predicted(judged: Judged) -> dict[str, Any]:
    found = judged.judgement
    return {
        "child": judged.is_child,
        "score": round(found.score, 4),
        "categories": list(found.categories) if judged.is_child else [],
        "lexicon": {"version": found.lexicon, "rule": found.rule},
    }


def _encoded(row: dict[str, Any]) -> bytes:
    """UTF-8; with escapes where the line held half a character that UTF-8 cannot say."""
    text = json.dumps(row, ensure_ascii=False)
    try:
        return f"{text}\n".encode()
    except UnicodeEncodeError:
        return f"{json.dumps(row)}\n".encode()


def _tell(message: str) -> None:
    print(escape(f"tongsheng: {message}"), file=sys.stderr)  # noqa: T201 - a command's answer to a person
