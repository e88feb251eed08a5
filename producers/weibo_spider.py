"""Lines of nghuyong/WeiboSpider: posts, comments, users; files of all kinds share a folder.

Times have no zone (Beijing's). Posts of one user come without their user, whose id then stands in `url`. What a
retweet quotes is known by its id alone.
"""

import re
from typing import Any

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import Author, Post, Quoted
from contracts.rejection import Reason
from producers.amounts import amount
from producers.source import Context, Format
from producers.times import time_ms
from producers.weibo_api import PLATFORM, region_of
from producers.weibo_ids import mid_of

__all__ = ["spider_comments_format", "spider_format", "spider_users_format"]

_USER = re.compile(r"weibo\.com/(?:u/)?(\d{4,15})/")


class _User(msgspec.Struct):
    id: str | int | None = msgspec.field(name="_id", default=None)
    verified: bool | None = None
    followers_count: int | None = None


class _Tweet(msgspec.Struct, kw_only=True):
    id: str | int | None = msgspec.field(name="_id", default=None)
    mblogid: str | None = None
    created_at: str | int | None = None
    ip_location: str | None = None
    content: str | None = None
    reposts_count: int | str | None = None
    comments_count: int | str | None = None
    attitudes_count: int | str | None = None
    pic_urls: list[Any] | None = None
    pic_num: int | None = None
    is_retweet: bool | None = None
    retweet_id: str | int | None = None
    video: Any = None
    user: _User | None = None
    url: str = ""


class _Comment(msgspec.Struct, kw_only=True):
    id: str | int = msgspec.field(name="_id")
    created_at: str | int | None = None
    like_counts: int | str | None = None
    ip_location: str | None = None
    content: str | None = None
    comment_user: _User


_decode = msgspec.json.Decoder(_Tweet).decode
_decode_comment = msgspec.json.Decoder(_Comment).decode


def spider_format(context: Context) -> Format:
    """Posts."""
    return Format(
        name="WeiboSpider posts",
        knows=lambda value: (
            isinstance(value, dict) and {"_id", "content", "created_at"} <= value.keys() and "comment_user" not in value
        ),
        read=lambda line: (_post(_decode(line), context),),
    )


def spider_comments_format(context: Context) -> Format:
    """Comments."""
    return Format(
        name="WeiboSpider comments",
        knows=lambda value: isinstance(value, dict) and {"_id", "content", "comment_user"} <= value.keys(),
        read=lambda line: (_comment(_decode_comment(line), context),),
    )


def spider_users_format(_: Context) -> Format:
    """Users: no posts."""
    return Format(
        name="WeiboSpider users",
        knows=lambda value: (
            isinstance(value, dict) and {"_id", "nick_name"} <= value.keys() and not {"content", "user"} & value.keys()
        ),
        read=lambda _: (),
        holds="users",
    )


def _post(tweet: _Tweet, context: Context) -> Post:
    known = mid_of(tweet.id) or mid_of(tweet.mblogid)
    found = _USER.search(tweet.url)
    user = tweet.user.id if tweet.user is not None and tweet.user.id else (found and found[1])
    if not known or not user:
        raise UnusablePostError(Reason.WRONG_SHAPE, "no id, or no user")
    text = tweet.content or ""
    return Post(
        id=f"{PLATFORM}:{known}",
        platform=PLATFORM,
        kind="repost" if tweet.is_retweet or tweet.retweet_id else "post",
        at_ms=_at_ms(tweet.created_at),
        text=text,
        author=Author(
            key=context.keys.of(PLATFORM, str(user)),
            followers=tweet.user.followers_count if tweet.user else None,
            verified=tweet.user.verified if tweet.user else None,
            region=region_of(tweet.ip_location),
        ),
        of=Quoted(id=f"{PLATFORM}:{mid_of(tweet.retweet_id)}") if tweet.retweet_id else None,
        pictures=max(tweet.pic_num or 0, len(tweet.pic_urls or ())),
        videos=int(bool(tweet.video)),
        links=text.count("http"),
        likes=amount(tweet.attitudes_count),
        comments=amount(tweet.comments_count),
        reposts=amount(tweet.reposts_count),
        archived=context.is_archived,
    )


def _comment(comment: _Comment, context: Context) -> Post:
    if not comment.comment_user.id:
        raise UnusablePostError(Reason.WRONG_SHAPE, "no user")
    text = comment.content or ""
    return Post(
        id=f"{PLATFORM}:{comment.id}",
        platform=PLATFORM,
        kind="comment",
        at_ms=_at_ms(comment.created_at),
        text=text,
        author=Author(
            key=context.keys.of(PLATFORM, str(comment.comment_user.id)),
            verified=comment.comment_user.verified,
            region=region_of(comment.ip_location),
        ),
        links=text.count("http"),
        likes=amount(comment.like_counts),
        archived=context.is_archived,
    )


def _at_ms(written: object) -> int:
    try:
        return time_ms(written)
    except ValueError as error:
        raise UnusablePostError(Reason.WRONG_SHAPE, f"created_at: {error}") from error
