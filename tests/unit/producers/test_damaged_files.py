"""Packed files: whatever is damaged, all that can be unpacked counts, and memory stays small."""

import gzip
import tracemalloc
import zlib
from pathlib import Path

import pytest

from contracts.post import MAX_LINE_BYTES
from contracts.rejection import Reason
from producers.author_key import AuthorKeys
from producers.files import FileSource
from tests.status_files import NOW_MS, PACKED, WHOLE, names, read_bytes, split, status


def test_all_lines_before_a_cut_count(tmp_path: Path) -> None:
    """Wherever a gzip file is cut: each line that zlib can still unpack is a post, then one piece says the rest."""
    for size in range(len(PACKED) // 7, len(PACKED), len(PACKED) // 7):
        unpacked = zlib.decompressobj(31).decompress(PACKED[:size])

        posts, rejected, _ = read_bytes(tmp_path / "posts.gz", PACKED[:size])

        assert posts == names(range(1, unpacked.count(b"\n") + 1))
        assert [piece.reason for piece in rejected] == [Reason.FILE_DAMAGED]
        assert rejected[0].raw == unpacked[unpacked.rfind(b"\n") + 1 :]
        assert rejected[0].offset == len(posts) + 1
        assert "ends early" in rejected[0].detail


@pytest.mark.parametrize("turned", [2, 20, 40, 60, 80, 99], ids="at-{}-percent".format)
def test_all_lines_before_a_turned_bit_count(tmp_path: Path, turned: int) -> None:
    """Nothing that comes out before the damage is lost with the buffer that it came in."""
    damaged = bytearray(PACKED)
    place = len(PACKED) * turned // 100
    damaged[place] ^= 0x55
    before = zlib.decompressobj(31).decompress(PACKED[:place]).count(b"\n")

    posts, rejected, _ = read_bytes(tmp_path / "posts.gz", bytes(damaged))

    assert posts[:before] == names(range(1, before + 1))
    assert rejected[-1].reason is Reason.FILE_DAMAGED
    assert [piece.reason for piece in rejected].count(Reason.FILE_DAMAGED) == 1


def test_a_wrong_check_sum_costs_no_line(tmp_path: Path) -> None:
    """The last bytes of a gzip file are its check sum: all lines are out when they turn out wrong."""
    posts, (piece,), _ = read_bytes(tmp_path / "posts.gz", PACKED[:-8] + b"\0" * 8)

    assert posts == names(range(1, 3001))
    assert piece.reason is Reason.FILE_DAMAGED


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["without-line-end", "with-line-end"])
def test_lines_before_trailing_garbage_count(tmp_path: Path, end: bytes) -> None:
    """What follows a good gzip file is damage; the last line before it is whole."""
    content = gzip.compress(WHOLE.rstrip() + end)

    posts, rejected, _ = read_bytes(tmp_path / "posts.gz", content + b"garbage" * 100)

    assert posts == names(range(1, 3001))
    assert [(piece.reason, piece.raw) for piece in rejected] == [(Reason.FILE_DAMAGED, b"")]


@pytest.mark.parametrize("between", [b"", b"\0" * 1000], ids=["at-once", "after-zeros"])
def test_a_gzip_of_several_parts_is_read_whole(tmp_path: Path, between: bytes) -> None:
    """`cat a.gz b.gz` is a gzip file, also where a line goes over the seam; zeros may pad it."""
    cut = len(WHOLE) // 2

    posts, rejected, _ = read_bytes(
        tmp_path / "posts.gz", gzip.compress(WHOLE[:cut]) + between + gzip.compress(WHOLE[cut:]) + between
    )

    assert (posts, rejected) == (names(range(1, 3001)), [])


def test_damage_within_the_first_lines_is_called_damage(tmp_path: Path) -> None:
    """Not an unknown format: the format is known by what came out."""
    content = gzip.compress(b"\n".join(status(number) for number in range(1, 100)))

    posts, rejected, _ = read_bytes(tmp_path / "posts.gz", content[: len(content) // 2])

    assert posts == names(range(1, len(posts) + 1))
    assert len(posts) > 10
    assert [piece.reason for piece in rejected] == [Reason.FILE_DAMAGED]


@pytest.mark.parametrize("size", [2, 5, 10, 11], ids="{}-bytes".format)
def test_a_gzip_of_a_few_bytes_is_one_rejected_piece(tmp_path: Path, size: int) -> None:
    """Where nothing can be unpacked there is one piece that says so, and it is not called empty."""
    posts, rejected, read = read_bytes(tmp_path / "posts.gz", PACKED[:size])

    assert (posts, [piece.reason for piece in rejected]) == ([], [Reason.FILE_DAMAGED])
    assert read.notes() == []


def test_a_damaged_file_that_is_fetched_again_goes_on_without_a_gap(tmp_path: Path) -> None:
    """The place of the damage is the last whole line, so that the next line is read once it is there."""
    path = tmp_path / "posts.gz"
    path.write_bytes(PACKED[: len(PACKED) // 2])
    read = FileSource(path, AuthorKeys(b"salt"), received_ms=NOW_MS)
    items = list(read.items())
    path.write_bytes(PACKED)

    again, rejected = split(read, start=int(items[-1].place))

    assert rejected == []
    assert len(items) - 1 + len(again) == 3000


def test_a_bomb_is_unpacked_piece_by_piece(tmp_path: Path) -> None:
    """A line of 200 MB, packed to 200 kB, is one rejected piece, and memory stays small."""
    path = tmp_path / "posts.gz"
    path.write_bytes(gzip.compress(status(1) + b"\n" + b"x" * 200_000_000 + b"\n" + status(2)))
    tracemalloc.start()
    try:
        posts, (piece,) = split(FileSource(path, AuthorKeys(b"salt"), received_ms=NOW_MS))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert [post.id for post in posts] == names([1, 2])
    assert piece.reason is Reason.LINE_TOO_LONG
    assert len(piece.raw) == MAX_LINE_BYTES
    assert f"first {MAX_LINE_BYTES} bytes kept" in piece.detail
    assert peak < 20_000_000


def test_a_first_line_that_is_too_long_costs_no_other(tmp_path: Path) -> None:
    """A picture of 20 MB that was written into the first record is refused alone."""
    path = tmp_path / "posts.jsonl"
    path.write_bytes(b'{"picture": "' + b"A" * 20_000_000 + b'"}\n' + status(1) + b"\n" + status(2) + b"\n")

    posts, (piece,) = split(FileSource(path, AuthorKeys(b"salt"), received_ms=NOW_MS))

    assert [post.id for post in posts] == names([1, 2])
    assert (piece.reason, piece.offset) == (Reason.LINE_TOO_LONG, 1)
