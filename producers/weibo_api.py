"""Weibo's own JSON: statuses of the open API v2 (in practice archives), of weibo.com/ajax and of m.weibo.cn.

Traps: `mid` is the id (older `id`s are others), numbers and ids come as strings too, `created_at` is in
English whatever the locale, a deleted original says so in `deleted` ("1", 1 or true) and may have no user.
The newer interfaces say `text_raw`, `mblogid` or `bid`, and `region_name`; m.weibo.cn wraps each in a card's `mblog`
and gives HTML. A card without one is an advertisement or a heading, and no post.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import UNDECODABLE, Author, Post, Quoted
from contracts.rejection import Reason
from detectors import regions
from producers.amounts import amount
from producers.author_key import AuthorKeys
from producers.markup import read_markup
from producers.source import Context, Format
from producers.times import api_time_ms, time_ms
from producers.weibo_ids import mid_of

__all__ = ["PLATFORM", "region_of", "weibo_api_format", "weibo_cards_format", "weibo_user_format"]

PLATFORM = "weibo"
_REMEMBERED_ORIGINALS = 1 << 12
_MAX_REMEMBERED_BYTES = 1 << 14  # a longer one is rare, and read each time: some 64 MiB bound what is remembered
_NO_ORIGINAL = (b"", b"null")


class _User(msgspec.Struct, gc=False):
    id: int | str | None = None
    idstr: str | None = None
    followers_count: int | str | None = None
    verified: bool | None = None
    location: str | None = None


class _Page(msgspec.Struct, gc=False):
    type: Any = None
    object_type: Any = None


class _Fields(msgspec.Struct, kw_only=True, gc=False):
    created_at: str | None = None
    id: int | str | None = None
    idstr: str | None = None
    mid: int | str | None = None
    mblogid: str | None = None
    bid: str | None = None
    text: str = ""
    text_raw: str | None = None
    user: _User | None = None
    pic_num: int | None = None
    pic_urls: list[Any] | None = None
    reposts_count: int | str | None = None
    comments_count: int | str | None = None
    attitudes_count: int | str | None = None
    deleted: bool | int | str | None = None
    region_name: str | None = None
    page_info: _Page | None = None


class _Status(_Fields, kw_only=True, gc=False):
    retweeted_status: "_Status | None" = None


class _Outer(_Fields, kw_only=True, gc=False):
    """A status whose original is left undecoded: an archive's reposts of one original repeat it byte for byte."""

    retweeted_status: msgspec.Raw = msgspec.Raw(b"")


class _Card(msgspec.Struct):
    mblog: _Status | None = None
    card_group: list["_Card"] | None = None


class _Shown(msgspec.Struct):
    """A user with the last status; the status itself is without its user."""

    id: int | str
    status: _Status
    idstr: str | None = None
    followers_count: int | str | None = None
    verified: bool | None = None
    location: str | None = None


_decode = msgspec.json.Decoder(_Status).decode
_decode_outer = msgspec.json.Decoder(_Outer).decode
_decode_card = msgspec.json.Decoder(_Card).decode
_decode_shown = msgspec.json.Decoder(_Shown).decode


def weibo_api_format(context: Context) -> Format:
    """Statuses as they are; the original of reposts is read once."""

    @lru_cache(maxsize=_REMEMBERED_ORIGINALS)
    def original(encoded: bytes) -> Quoted:
        return _quoted(_decode(encoded), context.keys)

    def read_quickly(line: bytes) -> Post:
        status = _decode_outer(line)
        encoded = bytes(status.retweeted_status)
        if len(encoded) > _MAX_REMEMBERED_BYTES:
            return _whole(_decode(line), context)
        return _post(status, None if encoded in _NO_ORIGINAL else original(encoded), context)

    def read(line: bytes) -> tuple[Post]:
        try:
            return (read_quickly(line),)
        except (UnusablePostError, *UNDECODABLE):
            return (_whole(_decode(line), context),)  # says what is wrong with it, by its place in the whole

    return Format(name="Weibo API statuses", knows=_knows, read=read)


def weibo_cards_format(context: Context) -> Format:
    """Cards of m.weibo.cn."""

    def knows(value: object) -> bool:
        if not isinstance(value, dict):
            return False
        group = value.get("card_group")
        return _knows(value.get("mblog")) or (isinstance(group, list) and any(map(knows, group)))

    def posts(card: _Card) -> Iterator[Post | UnusablePostError]:
        if card.mblog is not None:
            try:
                yield _whole(card.mblog, context)
            except UnusablePostError as error:
                yield error
        for inner in card.card_group or ():
            yield from posts(inner)

    return Format(name="m.weibo.cn cards", knows=knows, read=lambda line: posts(_decode_card(line)))


def weibo_user_format(context: Context) -> Format:
    """Users with their last status, as users/show gives them."""

    def read(line: bytes) -> tuple[Post, ...]:
        shown = _decode_shown(line)
        shown.status.user = _User(shown.id, shown.idstr, shown.followers_count, shown.verified, shown.location)
        return (_whole(shown.status, context),)

    return Format(
        name="Weibo API users",
        knows=lambda value: isinstance(value, dict) and "screen_name" in value and _knows(value.get("status")),
        read=read,
    )


def region_of(text: str | None) -> str | None:
    """The region that may be told of "发布于 北京", "来自河南", "IP属地：北京"; None where it is none of China's."""
    return regions.region_of((text or "").removeprefix("来自").strip())


def _knows(value: object) -> bool:
    return (
        isinstance(value, dict)
        and "created_at" in value
        and ("text" in value or "text_raw" in value)
        and bool({"id", "mid", "mblogid", "bid"} & value.keys())
    )


def _whole(status: _Status, context: Context) -> Post:
    quoted = status.retweeted_status
    return _post(status, None if quoted is None else _quoted(quoted, context.keys), context)


def _post(status: _Fields, of: Quoted | None, context: Context) -> Post:
    author = _author(status.user, context.keys)
    if author is None:
        raise UnusablePostError(Reason.WRONG_SHAPE, "no user with an id")
    if status.region_name:
        author = msgspec.structs.replace(author, region=region_of(status.region_name))
    text = _text(status)
    return Post(
        id=_post_id(status),
        platform=PLATFORM,
        kind="post" if of is None else "repost",
        at_ms=_at_ms(status, context),
        text=text,
        author=author,
        of=of,
        pictures=max(status.pic_num or 0, len(status.pic_urls or ())),
        videos=0 if status.page_info is None else int("video" in (status.page_info.type, status.page_info.object_type)),
        links=text.count("http"),
        likes=amount(status.attitudes_count),
        comments=amount(status.comments_count),
        reposts=amount(status.reposts_count),
        deleted=_is_deleted(status),
        archived=context.is_archived,
    )


def _post_id(status: _Fields) -> str:
    known = status.mid or status.idstr or status.id or mid_of(status.mblogid or status.bid)
    if not known:
        raise UnusablePostError(Reason.WRONG_SHAPE, "no id")
    return f"{PLATFORM}:{known}"


def _at_ms(status: _Fields, context: Context) -> int:
    created_at = status.created_at or ""
    try:
        return api_time_ms(created_at)
    except (ValueError, KeyError):
        pass
    try:
        return time_ms(created_at, read_ms=context.read_ms())
    except ValueError as error:
        raise UnusablePostError(Reason.WRONG_SHAPE, "created_at is no time of the Weibo API") from error


def _text(status: _Fields) -> str:
    """Plain text; m.weibo.cn alone gives HTML, and is known by its bid."""
    if status.text_raw is not None:
        return status.text_raw
    return read_markup(status.text).text if status.bid is not None or status.mblogid is not None else status.text


def _author(user: _User | None, keys: AuthorKeys) -> Author | None:
    known = None if user is None else (user.idstr or user.id)
    if user is None or not known:
        return None
    followers = None if user.followers_count is None else amount(user.followers_count)
    region = regions.region_of(user.location or "")
    return Author(key=keys.of(PLATFORM, str(known)), followers=followers, verified=user.verified, region=region)


def _quoted(status: _Fields, keys: AuthorKeys) -> Quoted:
    return Quoted(
        id=_post_id(status), text=_text(status), author=_author(status.user, keys), deleted=_is_deleted(status)
    )


def _is_deleted(status: _Fields) -> bool:
    return status.deleted in ("1", 1, True)
