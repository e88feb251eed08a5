"""Files: formats recognised from content, good lines beside bad ones, damage said once."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import SourceError
from contracts.post import MAX_LINE_BYTES, Author, Post, encode_post
from contracts.rejection import Reason, Rejected
from producers.author_key import AuthorKeys
from producers.files import FileSource

NOW_MS = 1_800_000_000_000
STATUS: dict[str, Any] = {
    "created_at": "Mon Mar 02 00:00:18 +0800 2026",
    "id": 123,
    "mid": "5270000924125150",
    "text": "孩子今天打疫苗 http://t.cn/x",
    "user": {"id": 42, "screen_name": "somebody", "followers_count": "107", "location": "广东 深圳"},
}


def source(path: Path, *lines: bytes | dict[str, Any]) -> FileSource:
    encoded = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(encoded) + b"\n")
    return FileSource(path, AuthorKeys(b"a salt of the tests"), received_ms=NOW_MS)


def split(read: FileSource, start: int = 0) -> tuple[list[Post], list[Rejected]]:
    items = [item.what for item in read.items(start)]
    return [i for i in items if isinstance(i, Post)], [i for i in items if isinstance(i, Rejected)]


def test_a_status_of_the_weibo_api_becomes_a_post(tmp_path: Path) -> None:
    """The mid is the id, the user a salted key, the location a province, links a number."""
    (post,), rejected = split(source(tmp_path / "posts", STATUS))

    assert rejected == []
    assert (post.id, post.at_ms, post.links) == ("weibo:5270000924125150", 1_772_380_818_000, 1)
    assert (post.author.followers, post.author.region, len(post.author.key)) == (107, "广东", 16)
    assert post.author.key != "42"
    assert post.archived


@pytest.mark.parametrize("deleted", ["1", 1, True], ids=["text", "number", "boolean"])
def test_a_deleted_original_is_kept_as_deleted(tmp_path: Path, deleted: object) -> None:
    """The outer post counts although its original has no user any more."""
    original = {"id": 7, "text": "此微博已被原作者删除。", "deleted": deleted, "created_at": STATUS["created_at"]}
    (post,), _ = split(source(tmp_path / "posts", {**STATUS, "retweeted_status": original}))

    assert post.of is not None
    assert (post.of.deleted, post.of.author, post.kind) == (True, None, "repost")


def test_an_author_has_one_key_a_salt() -> None:
    """The same user is the same key everywhere, another with another salt or platform."""
    keys = AuthorKeys(b"one")

    assert keys.of("weibo", "42") == AuthorKeys(b"one").of("weibo", "42")
    assert len({keys.of("weibo", "42"), keys.of("tencent", "42"), AuthorKeys(b"two").of("weibo", "42")}) == 3


def test_an_impossible_count_is_unknown(tmp_path: Path) -> None:
    """Neither a count of 5000 digits nor a negative one costs the post."""
    line = json.dumps({**STATUS, "reposts_count": -1, "comments_count": "9" * 5000}).encode()
    (post,), _ = split(source(tmp_path / "posts", line.replace(b'"107"', b"9" * 30)))

    assert (post.reposts, post.comments, post.author.followers) == (0, 0, 0)


def test_our_own_lines_are_known(tmp_path: Path) -> None:
    """What tongsheng wrote, it reads."""
    post = Post(id="weibo:1", platform="weibo", at_ms=1_772_380_818_000, author=Author(key="a1"), text="校车")

    assert [post] == split(source(tmp_path / "posts", encode_post(post)))[0]


def test_bad_lines_are_rejected_with_their_number_and_the_others_count(tmp_path: Path) -> None:
    """Rubbish anywhere, the first line included, loses nothing else."""
    read = source(
        tmp_path / "posts",
        b"\xff\xfe rubbish",
        STATUS,
        b"",
        {**STATUS, "user": None},
        {**STATUS, "created_at": "yesterday"},
        {**STATUS, "created_at": "Mon Xxx 02 00:00:18 +0800 2026"},
        {**STATUS, "created_at": "Mon Mar 02 99:99:99 +0800 2026"},
        b"x" * (MAX_LINE_BYTES + 10),
        {**STATUS, "mid": "2"},
    )

    posts, rejected = split(read)

    assert [post.id for post in posts] == ["weibo:5270000924125150", "weibo:2"]
    shape = Reason.WRONG_SHAPE
    assert [(1, Reason.NOT_UTF8), (4, shape), (5, shape), (6, shape), (7, shape), (8, Reason.LINE_TOO_LONG)] == [
        (piece.offset, piece.reason) for piece in rejected
    ]


def test_a_truncated_gzip_gives_what_is_whole(tmp_path: Path) -> None:
    """All lines before the damage, then one rejected piece that says so."""
    path = tmp_path / "posts.gz"
    lines = b"\n".join(json.dumps({**STATUS, "mid": str(n), "text": f"孩子{n * 7919}"}).encode() for n in range(2000))
    path.write_bytes(gzip.compress(lines)[:-4000])

    posts, rejected = split(FileSource(path, AuthorKeys(b"a salt of the tests"), received_ms=NOW_MS))

    assert len(posts) > 100
    assert Reason.FILE_DAMAGED in {piece.reason for piece in rejected}


def test_reading_goes_on_behind_a_place(tmp_path: Path) -> None:
    """A cursor names a line; the ones up to it are not read again."""
    read = source(tmp_path / "posts", *({**STATUS, "mid": str(n)} for n in range(1, 6)))

    assert [post.id for post in split(read, start=3)[0]] == ["weibo:4", "weibo:5"]


@pytest.mark.parametrize("content", [b'{"title": "a list"}\n', b"hello\n" * 300], ids=["other-json", "text"])
def test_an_unknown_format_is_said_before_anything_is_read(tmp_path: Path, content: bytes) -> None:
    """The message names the file and what is known."""
    path = tmp_path / "posts"
    path.write_bytes(content)

    with pytest.raises(SourceError, match="posts: none of the first"):
        FileSource(path, AuthorKeys(b"salt"), received_ms=NOW_MS).recognise()


@pytest.mark.parametrize("content", [b"", b"\n\n  \n"], ids=["empty", "blank"])
def test_an_empty_file_holds_no_posts(tmp_path: Path, content: bytes) -> None:
    """Nothing is no error."""
    path = tmp_path / "posts"
    path.write_bytes(content)

    assert split(FileSource(path, AuthorKeys(b"salt"), received_ms=NOW_MS)) == ([], [])


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A folder, for instance."""
    with pytest.raises(SourceError, match="cannot be read"):
        FileSource(tmp_path, AuthorKeys(b"salt"), received_ms=NOW_MS).recognise()


def at(day: int, number: int) -> dict[str, Any]:
    return {**STATUS, "mid": str(number), "created_at": f"Mon Mar {day:02d} 00:00:{number:02d} +0800 2026"}


def test_one_wrong_date_does_not_carry_event_time_away(tmp_path: Path) -> None:
    """A post a week ahead of its neighbours is rejected; a gap of days in an archive is not."""
    wrong = source(tmp_path / "wrong", at(2, 1), at(2, 2), at(9, 3), at(2, 4), at(3, 5))
    gap = source(tmp_path / "gap", at(2, 1), at(9, 2), at(9, 3), at(20, 4))

    posts, rejected = split(wrong)
    assert [post.id for post in posts] == ["weibo:1", "weibo:2", "weibo:4", "weibo:5"]
    assert [(piece.offset, piece.reason) for piece in rejected] == [(3, Reason.TIME_ABSURD)]
    assert len(split(gap)[0]) == 4
