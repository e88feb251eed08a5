"""Files of dataabc/weibo-crawler: posts and comments, CSV of all its generations and JSON.

Traps of its CSV, whose columns go by name: an id ends in a tab; the author stands in the file's name alone; rows of
originals are shorter than a header with retweet columns, and the last columns of retweets are missing; with its
language model on, a cell more stands before the last ones; files of April to November 2025 lack the header of one
column, so that every cell from 位置 on stands one too far right. A count of 1000000 is the cap "100万+".
"""

import re
from typing import Any

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import Author, Post, Quoted
from contracts.rejection import Reason
from producers.amounts import amount, listed
from producers.source import Context, Format
from producers.times import time_ms
from producers.weibo_api import PLATFORM
from producers.weibo_ids import mid_of

__all__ = ["crawler_comments_format", "crawler_format", "crawler_users_format"]

_COLUMNS = {
    "id": "id",
    "bid": "bid",
    "正文": "text",
    "原始图片url": "pics",
    "视频url": "video_url",
    "日期": "created_at",
    "完整日期": "full_created_at",
    "点赞数": "attitudes_count",
    "评论数": "comments_count",
    "转发数": "reposts_count",
    "源用户id": "user_id",
}
_OF = "源微博"  # before each column of the original
_LIVE_PHOTO = "Live Photo视频url"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?")
_BOOLEAN = re.compile(r"True|False|是|否")
# columns whose cells show where a row has slipped by one, in the header's order
_ANCHORS = (
    ("日期", _DATE),
    ("完整日期", _DATE),
    ("是否原创", _BOOLEAN),
    ("源微博日期", _DATE),
    ("源微博完整日期", _DATE),
)


class _Crawled(msgspec.Struct, kw_only=True):
    id: int | str | None = None
    bid: str | None = None
    user_id: int | str | None = None
    text: str | None = None
    pics: str | list[Any] | None = None
    video_url: str | None = None
    links: list[Any] | None = None
    location: str | None = None
    created_at: str | None = None
    full_created_at: str | None = None
    attitudes_count: int | str | None = None
    comments_count: int | str | None = None
    reposts_count: int | str | None = None
    retweet: "_Crawled | None" = None


class _Comment(msgspec.Struct, kw_only=True):
    id: int | str
    weibo_id: int | str
    created_at: str | int
    user_screen_name: str
    text: str | None = None
    pic_url: str | list[Any] | None = None
    like_count: int | str | None = None


_decode = msgspec.json.Decoder(_Crawled).decode
_decode_comment = msgspec.json.Decoder(_Comment).decode


def crawler_format(context: Context) -> Format:
    """Posts."""
    return Format(
        name="weibo-crawler posts",
        knows=_knows,
        read=lambda line: (_post(_decode(line), context),),
        row=_fitted,
    )


def crawler_comments_format(context: Context) -> Format:
    """Comments, whose authors are known by their screen names only."""
    return Format(
        name="weibo-crawler comments",
        knows=lambda value: (
            isinstance(value, dict) and {"id", "weibo_id", "created_at", "user_screen_name", "text"} <= value.keys()
        ),
        read=lambda line: (_comment(_decode_comment(line), context),),
    )


def crawler_users_format(_: Context) -> Format:
    """Its users.csv, which holds no posts."""
    return Format(
        name="weibo-crawler users",
        knows=lambda value: isinstance(value, dict) and {"用户id", "昵称"} <= value.keys() and "正文" not in value,
        read=lambda _: (),
        holds="users",
    )


def _knows(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    return {"id", "bid", "正文", "日期"} <= value.keys() or {"user_id", "bid", "text", "created_at"} <= value.keys()


def _fitted(header: list[str], row: list[str]) -> dict[str, Any] | None:
    """The row under its header once what has slipped is put back; None where no date stands where one must."""
    if "正文" not in header:  # JSON's names
        return dict(zip(header, row, strict=True)) if len(row) == len(header) else None
    cells = row + [""] * (len(header) - len(row))
    for column, like in _ANCHORS:
        at = header.index(column) if column in header else -1
        if at < 0 or like.fullmatch(cells[at]) or at + 1 >= len(cells) or not like.fullmatch(cells[at + 1]):
            continue
        slipped = header.index("位置") if column == "日期" and _LIVE_PHOTO not in header and "位置" in header else at
        del cells[slipped]
    named = dict(zip(header, cells, strict=False))
    if not _DATE.fullmatch(named["日期"]):
        return None
    record: dict[str, Any] = {_COLUMNS[name]: cell for name, cell in named.items() if name in _COLUMNS}
    record["user_id"] = None
    if named.get("源微博id", "").strip():
        original = {_COLUMNS[name]: named.get(_OF + name, "") for name in _COLUMNS if not name.startswith("源")}
        record["retweet"] = original | {"user_id": named.get("源用户id", "")}
    return record


def _post(crawled: _Crawled, context: Context) -> Post:
    author = str(crawled.user_id or "").strip() or context.owner or "its file's only author"
    quoted = crawled.retweet
    text = crawled.text or ""
    return Post(
        id=_post_id(crawled),
        platform=PLATFORM,
        kind="post" if quoted is None else "repost",
        at_ms=_at_ms(crawled.full_created_at or crawled.created_at, context),
        text=text,
        author=Author(key=context.keys.of(PLATFORM, author)),
        of=None if quoted is None else _quoted(quoted, context),
        pictures=listed(crawled.pics),
        videos=listed(crawled.video_url),
        links=max(text.count("http"), len(crawled.links or ())),
        likes=amount(crawled.attitudes_count),
        comments=amount(crawled.comments_count),
        reposts=amount(crawled.reposts_count),
        archived=context.is_archived,
    )


def _quoted(original: _Crawled, context: Context) -> Quoted:
    user = str(original.user_id or "").strip()
    author = Author(key=context.keys.of(PLATFORM, user)) if user else None
    return Quoted(id=_post_id(original), text=original.text or "", author=author)


def _comment(comment: _Comment, context: Context) -> Post:
    text = comment.text or ""
    return Post(
        id=f"{PLATFORM}:{str(comment.id).strip()}",
        platform=PLATFORM,
        kind="comment",
        at_ms=_at_ms(comment.created_at, context),
        text=text,
        author=Author(key=context.keys.of(PLATFORM, f"name:{comment.user_screen_name}")),
        of=Quoted(id=f"{PLATFORM}:{mid_of(comment.weibo_id)}"),
        pictures=listed(comment.pic_url),
        links=text.count("http"),
        likes=amount(comment.like_count),
        archived=context.is_archived,
    )


def _post_id(crawled: _Crawled) -> str:
    known = mid_of(crawled.id) or mid_of(crawled.bid)
    if not known:
        raise UnusablePostError(Reason.WRONG_SHAPE, "no id")
    return f"{PLATFORM}:{known}"


def _at_ms(written: str | int | None, context: Context) -> int:
    try:
        return time_ms(written, read_ms=context.read_ms())
    except ValueError as error:
        raise UnusablePostError(Reason.WRONG_SHAPE, f"its date: {error}") from error
