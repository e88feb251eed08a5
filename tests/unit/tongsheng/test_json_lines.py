"""JSON lines through a filter, whatever stands in the file."""

import gzip
from pathlib import Path

import pytest

from contracts.post import MAX_LINE_BYTES
from tongsheng.json_lines import Row, filter_file

LINES = b'{"text": "\xe5\xad\xa9\xe5\xad\x90"}\n{"text": "b"}'


def count_all(row: Row) -> bool:
    """Finds every line."""
    return bool(row)


@pytest.mark.parametrize("content", [LINES, gzip.compress(LINES)], ids=["plain", "gzip"])
def test_a_packed_file_is_read_as_a_plain_one(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], content: bytes
) -> None:
    """As by every other command; the last line needs no end."""
    path = tmp_path / "posts"
    path.write_bytes(content)

    tally = filter_file(path, count_all)

    assert (tally.lines, tally.found, tally.bad, tally.damage) == (2, 2, 0, "")
    assert capfdbinary.readouterr().out.splitlines() == [b'{"text":"\xe5\xad\xa9\xe5\xad\x90"}', b'{"text":"b"}']


def test_what_stands_before_the_damage_counts(tmp_path: Path) -> None:
    """A file that was cut off while it was copied gives its whole lines, and says what is wrong with it."""
    path = tmp_path / "posts.gz"
    path.write_bytes(gzip.compress(LINES)[:-10])

    tally = filter_file(path, count_all)

    assert (tally.lines, tally.found, tally.bad, tally.damage) == (1, 1, 0, "it ends early")


def test_a_line_without_end_is_left_out_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What is too long for a post is not kept in memory, is told in a line, and the next one counts."""
    path = tmp_path / "posts"
    path.write_bytes(b'{"text": "' + b"x" * (3 * MAX_LINE_BYTES) + b'"}\n' + LINES)

    tally = filter_file(path, count_all)

    assert (tally.lines, tally.found, tally.bad) == (3, 2, 1)
    assert "line 1: it is longer than 1048576 bytes; left out" in capfd.readouterr().err
