"""Shapes of files: packed in three ways, documents and tables of any size, damage said once, constant memory."""

import gzip
import json
import lzma
import os
import sys
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.rejection import Reason
from producers.files import FileSource
from producers.recognition import BOM
from tests.reading import KEYS, NOW_MS, as_csv, as_json, read_content, read_file

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def status(number: int) -> dict[str, Any]:
    return {
        "created_at": "Mon Mar 02 00:00:18 +0800 2026",
        "mid": str(number),
        "text": f"孩子{number * 7919}",
        "user": {"id": 42},
    }


def names(numbers: range) -> list[str]:
    return [f"weibo:{number}" for number in numbers]


HEADER = "id,bid,user_id,用户昵称,微博正文,转发数,发布时间"


def row(number: int, text: str = "孩子") -> list[object]:
    return [number, "", 42, "乙", f"{text}{number * 7919}", 0, "2026-03-02 00:00"]


MANY = range(1, 2001)
SHAPES: dict[str, str] = {
    "lines": as_json(*map(status, MANY)),
    "array": json.dumps([status(number) for number in MANY]),
    "pretty": json.dumps([status(number) for number in MANY], indent=2, ensure_ascii=False),
    "envelope": json.dumps({"total_number": 2000, "statuses": [status(number) for number in MANY]}),
    "table": as_csv(HEADER, *(row(number, "一\n二") for number in MANY)),
}
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gz": gzip.compress,
    "xz": lzma.compress,
    "zst": zstd.compress,
}


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS.keys())
@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES.keys())
def test_every_shape_is_read_from_every_packing(tmp_path: Path, content: str, pack: Callable[[bytes], bytes]) -> None:
    """Recognised from the content alone, whatever the file is called; a byte-order mark may stand before it."""
    posts, rejected = read_content(tmp_path / "data.bin", pack(BOM * (content[0] != "\ufeff") + content.encode()))

    assert ([post.id for post in posts], rejected) == (names(MANY), [])


@pytest.mark.parametrize("kind", ["gz", "xz", "zst"])
def test_two_packed_files_put_together_are_one(tmp_path: Path, kind: str) -> None:
    """As `cat` makes them."""
    content = SHAPES["lines"].encode()

    posts, rejected = read_content(tmp_path / "x", PACKERS[kind](content[:9999]) + PACKERS[kind](content[9999:]))

    assert ([post.id for post in posts], rejected) == (names(MANY), [])


@pytest.mark.parametrize("kind", ["gz", "xz", "zst"])
@pytest.mark.parametrize("shape", ["lines", "table"])
def test_a_packed_file_that_ends_early_gives_what_is_whole(tmp_path: Path, kind: str, shape: str) -> None:
    """A crawler that was killed, a download that broke off: every whole record counts, the rest is one piece."""
    many = range(1, 9001)
    content = as_json(*map(status, many)) if shape == "lines" else as_csv(HEADER, *map(row, many))
    packed = PACKERS[kind](content.encode())

    posts, rejected = read_content(tmp_path / "x", packed[: len(packed) * 9 // 10])

    assert len(posts) > 3000
    assert [piece.reason for piece in rejected] == [Reason.FILE_DAMAGED]
    assert "ends early" in rejected[0].detail


@pytest.mark.parametrize("kind", ["xz", "zst"])
def test_a_corrupt_packed_file_gives_what_came_before(tmp_path: Path, kind: str) -> None:
    """And says once what is wrong."""
    packed = bytearray(PACKERS[kind](as_json(*map(status, range(1, 20_001))).encode()))
    place = len(packed) * 3 // 4
    packed[place : place + 200] = bytes(200)

    posts, rejected = read_content(tmp_path / "x", bytes(packed))

    assert len(posts) > 1000
    assert [piece.reason for piece in rejected] == [Reason.FILE_DAMAGED]


@pytest.mark.parametrize("kind", ["array", "envelope"])
def test_a_document_that_breaks_off_gives_what_is_whole(tmp_path: Path, kind: str) -> None:
    """Crawlers write their JSON anew at each run: a reader may come in the middle."""
    content = SHAPES[kind]

    posts, (piece,) = read_content(tmp_path / "x", content[: len(content) // 2])

    assert [post.id for post in posts] == names(range(1, len(posts) + 1))
    assert len(posts) > 900
    assert (piece.reason, piece.offset) == (Reason.FILE_DAMAGED, len(posts) + 1)


def test_a_document_written_anew_is_read_from_its_start(tmp_path: Path) -> None:
    """A place in it belongs to the file as it was."""
    path = tmp_path / "x.json"
    path.write_text(SHAPES["array"], encoding="utf-8")
    before = FileSource(path, KEYS, received_ms=NOW_MS).version
    path.write_text(json.dumps([status(5), status(6)]), encoding="utf-8")

    assert not FileSource(path, KEYS, received_ms=NOW_MS).continues(before)


@pytest.mark.parametrize("shape", ["lines", "table"])
def test_a_place_in_lines_is_kept_while_they_only_grow(tmp_path: Path, shape: str) -> None:
    """A file of that name that is another one, or is shorter, is read from its start."""
    path = tmp_path / "x"

    def source(content: str) -> FileSource:
        path.write_text(content, encoding="utf-8")
        return FileSource(path, KEYS, received_ms=NOW_MS)

    whole = SHAPES[shape]
    half = whole[: whole.index("\n", len(whole) // 2) + 1]
    before = source(half).version

    assert source(half).continues(before)
    assert source(whole).continues(before)
    assert not source(half[: half.rindex("\n", 0, -1) + 1]).continues(before)
    assert not source(half[:-40] + "x" + half[-39:] + whole[len(half) :]).continues(before)
    assert source(half).continues("")


@pytest.mark.parametrize("shape", ["array", "table"])
def test_a_place_names_a_record(tmp_path: Path, shape: str) -> None:
    """What stands up to it is not read again."""
    path = tmp_path / "x"
    path.write_text(SHAPES[shape], encoding="utf-8")
    items = list(FileSource(path, KEYS, received_ms=NOW_MS).items())

    again, _ = read_file(path, start=int(items[1499].place))

    assert [post.id for post in again] == names(range(1501, 2001))


def test_a_row_cut_by_a_kill_costs_only_itself_and_its_neighbour(tmp_path: Path) -> None:
    """A quotation mark that is never closed does not swallow the file."""
    content = (
        as_csv(HEADER, row(1), row(2)) + '3,"",42,"乙' + as_csv(HEADER, *map(row, range(4, 40))).removeprefix("\ufeff")
    )

    posts, rejected = read_content(tmp_path / "x.csv", content)

    assert {post.id for post in posts} >= {"weibo:1", "weibo:2", *names(range(5, 40))}
    assert 1 <= len(rejected) <= 2


def test_a_row_that_is_no_utf8_or_has_cells_of_another_number_is_rejected(tmp_path: Path) -> None:
    """With its bytes and its line; the rows around it count."""
    content = (
        as_csv(HEADER, row(1)).encode()
        + b"2,\xff\xfe,42,x,y,0,2026-03-02 00:00\n3,short\n"
        + b"4,,42,x,y,0,2026-03-02 00:00\n"
    )

    posts, rejected = read_content(tmp_path / "x.csv", content)

    assert [post.id for post in posts] == ["weibo:1", "weibo:4"]
    assert [(piece.reason, piece.offset) for piece in rejected] == [(Reason.NOT_UTF8, 3), (Reason.WRONG_SHAPE, 4)]


def big(shape: str, path: Path) -> None:
    """Some 18 MB on disk; its records are no post, so that the posts themselves take no memory."""
    record = json.dumps({**status(1), "user": None, "text": "x" * 9000})
    with path.open("w", encoding="utf-8") as file:
        if shape == "array":
            file.write("[" + json.dumps(status(1)) + "".join(f",\n{record}" for _ in range(2000)) + "]")
        elif shape == "envelope-in-one-line":
            file.write('{"statuses":[' + json.dumps(status(1)) + f",{record}" * 2000 + "]}")
        elif shape == "table":
            file.write(as_csv(HEADER, row(1)) + ('1,,,x,"' + ("x" * 99 + "\n") * 90 + '",0,y\n') * 2000)
        else:
            item = "<item><title>" + "x" * 9000 + "</title><link>https://a.example/1</link></item>\n"
            file.write('<rss version="2.0"><channel>' + item * 2000 + "</channel></rss>")


@pytest.mark.parametrize("shape", ["array", "envelope-in-one-line", "table", "feed"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, shape: str) -> None:
    """One record at a time is held."""
    path = tmp_path / "big"
    big(shape, path)
    tracemalloc.start()
    try:
        seen = sum(1 for _ in FileSource(path, KEYS, received_ms=NOW_MS).items())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert seen > 1999
    assert peak < 9_000_000


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS.keys())
@pytest.mark.parametrize("content", SHAPES.values(), ids=SHAPES.keys())
def test_every_shape_comes_through_a_pipe(tmp_path: Path, content: str, pack: Callable[[bytes], bytes]) -> None:
    """Which can be read only once: what was looked at to recognise it counts too."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(pack(content.encode())))
    writer.start()

    posts, rejected = read_file(fifo)
    writer.join()

    assert ([post.id for post in posts], rejected) == (names(MANY), [])
