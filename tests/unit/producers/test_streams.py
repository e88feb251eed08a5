"""Standard input, FIFOs: opened once, read once, a post as soon as its line is there."""

import os
import threading
from pathlib import Path

import pytest

from contracts.post import Post
from contracts.rejection import Reason
from producers.author_key import AuthorKeys
from producers.files import FileSource
from producers.recognition import BOM
from tests.status_files import NOW_MS, PACKED, WHOLE, names, split, status


@pytest.mark.parametrize("content", [WHOLE, PACKED, BOM + WHOLE], ids=["plain", "gzip", "bom"])
def test_a_stream_is_opened_once_and_loses_nothing(tmp_path: Path, content: bytes) -> None:
    """What was read to recognise the format counts too."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(content))
    writer.start()
    read = FileSource(fifo, AuthorKeys(b"salt"), received_ms=NOW_MS)

    read.recognise()
    posts, rejected = split(read)
    writer.join()

    assert ([post.id for post in posts], rejected) == (names(range(1, 3001)), [])
    assert "no cursor" in read.notes()[0]


def test_a_stream_gives_a_post_before_the_next_is_written(tmp_path: Path) -> None:
    """A live stream is not waited for until a buffer is full."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    read = FileSource(fifo, AuthorKeys(b"salt"), received_ms=NOW_MS)
    opened = os.open(fifo, os.O_RDWR)
    try:
        os.write(opened, status(1) + b"\n")
        first = next(items := read.items())
        os.write(opened, status(2) + b"\n")
        second = next(items)
    finally:
        os.close(opened)

    assert [item.what.id for item in (first, second) if isinstance(item.what, Post)] == names([1, 2])
    assert list(items) == []


def test_a_stream_that_goes_on_for_hours_is_not_in_the_future(tmp_path: Path) -> None:
    """Its lines are received when they are read, not when the run began; a file's when the run began."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(status(1) + b"\n"))
    writer.start()
    began_ms = 1_772_380_818_000 - 3_600_000
    stream = FileSource(fifo, AuthorKeys(b"salt"), received_ms=began_ms, clock=lambda: NOW_MS)
    posts, _ = split(stream)
    writer.join()
    path = tmp_path / "posts"
    path.write_bytes(status(1))
    file = FileSource(path, AuthorKeys(b"salt"), received_ms=began_ms, clock=lambda: NOW_MS)

    assert len(posts) == 1
    assert [piece.reason for piece in split(file)[1]] == [Reason.TIME_IN_FUTURE]
