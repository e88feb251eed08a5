"""Files of dataabc/weibo-search: CSV of 17 to 21 columns, appended to by each run.

Counts come as "1.2万" and "100万+", times without a zone (Beijing's), pictures joined by commas or as a Python list.
A retweeted original is a row of its own before the retweet, which names it by `retweet_id`: its text is
remembered for the retweets that follow. The same id comes again with other keywords and later runs.
"""

from collections import OrderedDict
from typing import Any

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import Author, Post, Quoted
from contracts.rejection import Reason
from producers.amounts import amount, listed
from producers.source import Context, Format
from producers.times import time_ms
from producers.weibo_api import PLATFORM, region_of
from producers.weibo_ids import mid_of

__all__ = ["weibo_search_format"]

_REMEMBERED = 200  # originals; a retweet follows its own at once, repeats of it a page later
_UNVERIFIED = ("", "普通用户")


class _Row(msgspec.Struct, kw_only=True):
    id: str
    bid: str = ""
    user_id: str = ""
    text: str = msgspec.field(name="微博正文", default="")
    reposts: str = msgspec.field(name="转发数", default="")
    comments: str = msgspec.field(name="评论数", default="")
    likes: str = msgspec.field(name="点赞数", default="")
    written: str = msgspec.field(name="发布时间", default="")
    pictures: str = msgspec.field(name="微博图片url", default="")
    video: str = msgspec.field(name="微博视频url", default="")
    retweet_id: str = ""
    ip: str = ""
    user_authentication: str = ""


_decode = msgspec.json.Decoder(_Row).decode


def weibo_search_format(context: Context) -> Format:
    """Posts."""
    originals: OrderedDict[str, Quoted] = OrderedDict()

    def read(line: bytes) -> tuple[Post, ...]:
        post = _post(_decode(line), originals, context)
        if post.kind == "post":
            originals[post.id] = Quoted(id=post.id, text=post.text, author=post.author)
            if len(originals) > _REMEMBERED:
                originals.popitem(last=False)
        return (post,)

    return Format(
        name="weibo-search posts",
        knows=lambda value: isinstance(value, dict) and {"id", "user_id", "微博正文", "发布时间"} <= value.keys(),
        read=read,
        row=_fitted,
    )


def _fitted(header: list[str], row: list[str]) -> dict[str, Any] | None:
    """By name; rows of a newer version under an older header have columns more at the end."""
    columns = len(header)
    return dict(zip(header, row, strict=False)) if columns - 1 <= len(row) <= columns + 4 else None


def _post(row: _Row, originals: OrderedDict[str, Quoted], context: Context) -> Post:
    known = mid_of(row.id) or mid_of(row.bid)
    if not known or not row.user_id.strip():
        raise UnusablePostError(Reason.WRONG_SHAPE, "no id, or no user_id")
    original = f"{PLATFORM}:{mid_of(row.retweet_id)}" if row.retweet_id.strip() else ""
    try:
        at_ms = time_ms(row.written)
    except ValueError as error:
        raise UnusablePostError(Reason.WRONG_SHAPE, f"发布时间: {error}") from error
    return Post(
        id=f"{PLATFORM}:{known}",
        platform=PLATFORM,
        kind="repost" if original else "post",
        at_ms=at_ms,
        text=row.text,
        author=Author(
            key=context.keys.of(PLATFORM, row.user_id.strip()),
            verified=row.user_authentication not in _UNVERIFIED if row.user_authentication else None,
            region=region_of(row.ip),
        ),
        of=originals.get(original, Quoted(id=original)) if original else None,
        pictures=listed(row.pictures),
        videos=listed(row.video),
        links=row.text.count("http"),
        likes=amount(row.likes),
        comments=amount(row.comments),
        reposts=amount(row.reposts),
        archived=context.is_archived,
    )
