"""Files: formats recognised from content, good lines beside bad ones, damage said once."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contracts.errors import SourceError
from contracts.post import MAX_LINE_BYTES, Author, Post, Quoted, encode_post
from contracts.rejection import Reason
from producers.author_key import AuthorKeys
from producers.files import FileSource
from producers.recognition import BOM
from tests.status_files import NOW_MS, STATUS, WHOLE, names, read_bytes, source, split, status


def test_a_status_of_the_weibo_api_becomes_a_post(tmp_path: Path) -> None:
    """The mid is the id, the user a salted key, the location a province and prefecture, links a number."""
    (post,), rejected = split(source(tmp_path / "posts", STATUS))

    assert rejected == []
    assert (post.id, post.at_ms, post.links) == ("weibo:5270000924125150", 1_772_380_818_000, 1)
    assert (post.author.followers, post.author.region, len(post.author.key)) == (107, "广东深圳", 16)
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
    author = Author(key="a72b0df3508a6ac0")
    post = Post(id="weibo:1", platform="weibo", at_ms=1_772_380_818_000, author=author, text="校车")

    archived = msgspec.structs.replace(post, archived=True)
    assert [archived] == split(source(tmp_path / "posts", encode_post(post)))[0]


def test_a_user_id_in_our_own_lines_is_hashed(tmp_path: Path) -> None:
    """A script may have written the platform's: no id goes on, of the author or of the original's, in any format."""
    quoted = Quoted(id="weibo:2", text="校车", author=Author(key="9988776656"))
    author = Author(key="9988776655")
    post = Post(id="weibo:1", platform="weibo", at_ms=1_772_380_818_000, author=author, text="转发", of=quoted)

    (found,), _ = split(source(tmp_path / "posts", encode_post(post)))

    assert b"99887766" not in encode_post(found)
    assert found.of is not None
    assert found.of.author != found.author


PICTURES = (
    "http://wx1.sinaimg.cn/large/006a.jpg",
    "https://example.org/kid/PHOTO.PNG?x=1",
    "wx2.sinaimg.cn/mw690/0a1",
    "https://mmbiz.qpic.cn/mmbiz_jpg/abc/640",
    "http://a.example.com/v.mp4",
)


@pytest.mark.parametrize("address", PICTURES)
def test_no_address_of_a_picture_goes_on(tmp_path: Path, address: str) -> None:
    """Nor of one that somebody wrote into the text, or into the original's; other links stay for the redactor."""
    original = {"id": 7, "text": f"孩子走失 {address}", "user": {"id": 8}, "created_at": STATUS["created_at"]}
    line = {**STATUS, "text": f"求扩散{address}，http://t.cn/A6x", "retweeted_status": original}

    (post,), _ = split(source(tmp_path / "posts", line))

    assert address.encode() not in encode_post(post)
    assert "http://t.cn/A6x" in post.text


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


@pytest.mark.parametrize("size", [-1, 0, 1, 2, 3], ids="{:+}-bytes".format)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["lf", "crlf"])
def test_a_line_may_have_just_the_limit(tmp_path: Path, size: int, end: bytes) -> None:
    """The limit is in bytes without the line's end; one byte more is too long, and the next line is read."""
    line = status(1)
    long = line[:-1] + b" " * (MAX_LINE_BYTES + size - len(line)) + b"}"

    posts, rejected, _ = read_bytes(tmp_path / "posts", long + end + status(2) + end)

    assert posts == (names([1, 2]) if size <= 0 else names([2]))
    assert [piece.reason for piece in rejected] == ([] if size <= 0 else [Reason.LINE_TOO_LONG])


JUNK = {
    "blank": (b"\n" * 9000, 0),
    "words": (b"hello\n" * 600, 600),
    "json-of-another-kind": (b'{"title": "a list"}\n' * 600, 600),
    "binary": (b"\x00\xff\n" * 600, 600),
}


@pytest.mark.parametrize(("junk", "count"), JUNK.values(), ids=JUNK.keys())
def test_a_file_that_begins_with_junk_is_recognised(tmp_path: Path, junk: bytes, count: int) -> None:
    """Hundreds of bad lines are rejected, and the good ones behind them count; blank lines are nothing."""
    posts, rejected, _ = read_bytes(tmp_path / "posts", junk + status(1) + b"\n")

    assert (posts, len(rejected)) == (names([1]), count)


UNKNOWN = {
    "utf16": (WHOLE[:9000].decode().encode("utf-16"), "looks like UTF-16"),
    "utf16-without-mark": (WHOLE[:9000].decode().encode("utf-16-le"), "looks like UTF-16"),
    "gbk": ('{"标题": "孩子"}\n'.encode("gbk") * 3, "looks like GBK"),
    "array-of-another-kind": (b'[{"title": "x"}]', "JSON array of another kind"),
    "pretty-of-another-kind": (b'{\n "title": "x"\n}\n', "JSON document of another kind"),
    "csv-of-another-kind": ("\ufefftitle,bid,正文\n1,x,孩子\n".encode(), "looks like a table"),
    "xml-of-another-kind": (b"<?xml version='1.0'?>\n<html/>\n", "XML"),
    "zip": (b"PK\x03\x04" + bytes(range(256)), "zip archive"),
    "other-json": (b'{"title": "x"}\n', "of another kind"),
}


@pytest.mark.parametrize(("content", "hint"), UNKNOWN.values(), ids=UNKNOWN.keys())
@pytest.mark.parametrize("is_packed", [False, True], ids=["plain", "gzip"])
def test_what_is_not_read_is_told_what_it_looks_like(
    tmp_path: Path, content: bytes, hint: str, is_packed: bool
) -> None:
    """One line that says what to do, and nothing of what stands in the file."""
    with pytest.raises(SourceError) as refused:
        read_bytes(tmp_path / "posts", gzip.compress(content) if is_packed else content)

    assert hint in str(refused.value)
    assert "孩子" not in str(refused.value)


def test_a_byte_order_mark_costs_no_post(tmp_path: Path) -> None:
    """Neither at the beginning, nor where a file with one was put behind another."""
    posts, rejected, _ = read_bytes(
        tmp_path / "posts", b"\n".join([BOM + status(1), status(2), BOM + status(3), BOM + b"rubbish"])
    )

    assert posts == names([1, 2, 3])
    assert [(piece.reason, piece.raw) for piece in rejected] == [(Reason.NOT_JSON, BOM + b"rubbish")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_byte_order_mark_costs_no_post_of_our_own_lines(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """An editor on Windows puts one there."""
    own = [encode_post(Post(id=f"weibo:{n}", platform="weibo", at_ms=NOW_MS, author=Author(key="a"))) for n in (1, 2)]

    posts, rejected, _ = read_bytes(tmp_path / "posts", pack(BOM + b"\n".join(own)))

    assert (posts, rejected) == (names([1, 2]), [])


@pytest.mark.parametrize("content", [b"", b"\n \n", gzip.compress(b"")], ids=["empty", "blank", "packed"])
def test_an_empty_file_is_called_empty(tmp_path: Path, content: bytes) -> None:
    """It is no error, and the person hears of it."""
    posts, rejected, read = read_bytes(tmp_path / "posts", content)

    assert (posts, rejected) == ([], [])
    assert read.notes() == [f"{tmp_path / 'posts'}: empty"]


def test_a_file_that_vanishes_is_named(tmp_path: Path) -> None:
    """Between two looks at it, for instance."""
    read = source(tmp_path / "posts", STATUS)
    read.recognise()
    (tmp_path / "posts").unlink()

    with pytest.raises(SourceError, match=r"posts: cannot be read \(No such file"):
        list(read.items())


def test_half_an_emoji_costs_no_post(tmp_path: Path) -> None:
    """Where a platform cut a text in the middle of a character, in its own answers or in our lines."""
    author = Author(key="a72b0df3508a6ac0")
    own = encode_post(Post(id="weibo:1", platform="weibo", at_ms=NOW_MS, author=author, text="孩子!"))
    for line in ({**STATUS, "text": "孩子\ud83d"}, own.replace(b"!", b"\\ud83d")):
        (post,), rejected = split(source(tmp_path / "posts", line))

        assert rejected == []
        assert post.text == "孩子\ufffd"
