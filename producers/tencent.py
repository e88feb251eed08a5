"""Archives of Tencent Weibo, whose service has ended: posts as its API gave them.

Traps: `source` is not the client but the quoted post; numbers may be strings; a private message (type 3) is no post and
is left out; `text` is HTML and `origtext` plain; `time` stands for `timestamp` and `tweetid` for `id` in places.
`hasnext` is passed over: its meaning differs by interface.
"""

from typing import Any

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import Author, Post, Quoted
from contracts.rejection import Reason
from producers.amounts import amount
from producers.markup import read_markup
from producers.source import Context, Format
from producers.times import time_ms
from producers.weibo_api import region_of

__all__ = ["tencent_format"]

PLATFORM = "tencent"
_RETWEET, _PRIVATE = 2, 3
_COMMENTS = (4, 5, 7)  # reply, empty reply, comment
_DELETED = (1, 3, 4)  # by the system, by its author, with its root


class _Tweet(msgspec.Struct, kw_only=True):
    id: str | int | None = None
    tweetid: str | int | None = None
    text: str | None = None
    origtext: str | None = None
    count: str | int | None = None
    mcount: str | int | None = None
    image: Any = None
    video: Any = None
    name: str | None = None
    openid: str | None = None
    type: str | int | None = None
    status: str | int | None = None
    timestamp: str | int | None = None
    time: str | int | None = None
    location: str | None = None
    isvip: str | int | bool | None = None
    source: Any = None


_decode = msgspec.json.Decoder(_Tweet).decode


def tencent_format(context: Context) -> Format:
    """Posts; a private message gives none."""

    def read(line: bytes) -> tuple[Post, ...]:
        tweet = _decode(line)
        return () if amount(tweet.type) == _PRIVATE else (_post(tweet, context),)

    return Format(name="Tencent Weibo", knows=_knows, read=read)


def _knows(value: object) -> bool:
    return (
        isinstance(value, dict)
        and bool({"id", "tweetid"} & value.keys())
        and bool({"timestamp", "time"} & value.keys())
        and ("origtext" in value or {"text", "mcount", "nick"} <= value.keys())
    )


def _post(tweet: _Tweet, context: Context) -> Post:
    author = _author(tweet, context)
    if author is None:
        raise UnusablePostError(Reason.WRONG_SHAPE, "no account")
    kind = amount(tweet.type)
    original = msgspec.convert(tweet.source, _Tweet) if isinstance(tweet.source, dict) else None
    text = _text(tweet)
    return Post(
        id=_post_id(tweet),
        platform=PLATFORM,
        kind="comment" if kind in _COMMENTS else "repost" if original is not None or kind == _RETWEET else "post",
        at_ms=_at_ms(tweet),
        text=text,
        author=author,
        of=None if original is None else _quoted(original, context),
        pictures=_pictures(tweet.image),
        videos=int(bool(tweet.video)),
        links=text.count("http"),
        comments=amount(tweet.mcount),
        reposts=amount(tweet.count),
        deleted=amount(tweet.status) in _DELETED,
        archived=context.is_archived,
    )


def _quoted(tweet: _Tweet, context: Context) -> Quoted:
    deleted = amount(tweet.status) in _DELETED
    return Quoted(id=_post_id(tweet), text=_text(tweet), author=_author(tweet, context), deleted=deleted)


def _author(tweet: _Tweet, context: Context) -> Author | None:
    account = tweet.name or tweet.openid
    if not account:
        return None
    verified = None if tweet.isvip is None else bool(amount(tweet.isvip))
    return Author(key=context.keys.of(PLATFORM, account), verified=verified, region=region_of(tweet.location))


def _text(tweet: _Tweet) -> str:
    return tweet.origtext or read_markup(tweet.text or "").text


def _pictures(image: object) -> int:
    found = image.get("info") if isinstance(image, dict) else image
    return len(found) if isinstance(found, list) else 0


def _post_id(tweet: _Tweet) -> str:
    known = str(tweet.id or tweet.tweetid or "").strip()
    if not known:
        raise UnusablePostError(Reason.WRONG_SHAPE, "no id")
    return f"{PLATFORM}:{known}"


def _at_ms(tweet: _Tweet) -> int:
    try:
        return time_ms(tweet.timestamp or tweet.time)
    except ValueError as error:
        raise UnusablePostError(Reason.WRONG_SHAPE, f"timestamp: {error}") from error
