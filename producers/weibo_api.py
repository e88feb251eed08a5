"""Sina Weibo open API v2 statuses, one JSON object a line: in practice the format of archives.

Traps: `mid` is the id (older `id`s are others), numbers and ids come as strings too, `created_at` is in
English whatever the locale, a deleted original says so in `deleted` ("1", 1 or true) and may have no user.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import UNDECODABLE, Author, Post, Quoted
from contracts.rejection import Reason
from detectors.regions import region_of
from producers.author_key import AuthorKeys
from producers.source import Format

__all__ = ["created_at_ms", "weibo_api_format"]

PLATFORM = "weibo"
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_CREATED_AT_CHARS = 30
_COUNT_DIGITS = 15  # below the 2^53 that a Post may hold
_REMEMBERED_ORIGINALS = 1 << 12
_MAX_REMEMBERED_BYTES = 1 << 14  # a longer one is rare, and read each time: some 64 MiB bound what is remembered
_NO_ORIGINAL = (b"", b"null")


class _User(msgspec.Struct):
    id: int | str | None = None
    idstr: str | None = None
    followers_count: int | str | None = None
    verified: bool | None = None
    location: str | None = None


class _Fields(msgspec.Struct, kw_only=True):
    created_at: str | None = None
    id: int | str | None = None
    idstr: str | None = None
    mid: int | str | None = None
    text: str = ""
    user: _User | None = None
    pic_num: int | None = None
    pic_urls: list[Any] | None = None
    reposts_count: int | str | None = None
    comments_count: int | str | None = None
    attitudes_count: int | str | None = None
    deleted: bool | int | str | None = None


class _Status(_Fields, kw_only=True):
    retweeted_status: "_Status | None" = None


class _Outer(_Fields, kw_only=True):
    """A status whose original is left undecoded: an archive's reposts of one original repeat it byte for byte."""

    retweeted_status: msgspec.Raw = msgspec.Raw(b"")


_decode = msgspec.json.Decoder(_Status).decode
_decode_outer = msgspec.json.Decoder(_Outer).decode


def weibo_api_format(keys: AuthorKeys) -> Format:
    """The format, with the hashing of its authors."""

    @lru_cache(maxsize=_REMEMBERED_ORIGINALS)
    def original(encoded: bytes) -> Quoted:
        return _quoted(_decode(encoded), keys)

    def read(line: bytes) -> tuple[Post]:
        try:
            return (_read_quickly(line, keys, original),)
        except (UnusablePostError, *UNDECODABLE):
            return (_read(line, keys),)  # says what is wrong with it, by its place in the whole

    return Format(name="Weibo API v2 statuses", knows=_knows, read=read)


@lru_cache(maxsize=4096)
def _midnight_ms(month: str, day: str, year: str) -> int:
    return int(datetime(int(year), _MONTHS[month], int(day), tzinfo=UTC).timestamp() * 1000)


@lru_cache(maxsize=64)
def _zone_s(zone: str) -> int:
    return (int(zone[1:3]) * 60 + int(zone[3:5])) * (-60 if zone[0] == "-" else 60)


def created_at_ms(text: str) -> int:
    """Epoch ms of "Fri Sep 16 08:26:05 +0800 2011".

    Raises:
        ValueError: it is not of that form.

    >>> created_at_ms("Mon Mar 02 00:00:18 +0800 2026")
    1772380818000
    """
    if len(text) != _CREATED_AT_CHARS:
        raise ValueError("created_at is not like 'Fri Sep 16 08:26:05 +0800 2011'")
    clock = time.fromisoformat(text[11:19])
    clock_s = clock.hour * 3600 + clock.minute * 60 + clock.second
    return _midnight_ms(text[4:7], text[8:10], text[26:30]) + (clock_s - _zone_s(text[20:25])) * 1000


def _knows(value: object) -> bool:
    return isinstance(value, dict) and "created_at" in value and "text" in value and bool({"id", "mid"} & set(value))


def _read(line: bytes, keys: AuthorKeys) -> Post:
    status = _decode(line)
    quoted = status.retweeted_status
    return _post(status, keys, lambda: None if quoted is None else _quoted(quoted, keys))


def _read_quickly(line: bytes, keys: AuthorKeys, original: Callable[[bytes], Quoted]) -> Post:
    """As `_read`, with the original of a repost read once."""
    status = _decode_outer(line)
    quoted = bytes(status.retweeted_status)
    if quoted in _NO_ORIGINAL:
        return _post(status, keys, lambda: None)
    if len(quoted) > _MAX_REMEMBERED_BYTES:
        return _read(line, keys)
    return _post(status, keys, lambda: original(quoted))


def _post(status: _Fields, keys: AuthorKeys, quoted: Callable[[], Quoted | None]) -> Post:
    author = _author(status.user, keys)
    if author is None:
        raise UnusablePostError(Reason.WRONG_SHAPE, "no user with an id")
    post_id, at_ms, of = _post_id(status), _at_ms(status), quoted()
    return Post(
        id=post_id,
        platform=PLATFORM,
        kind="post" if of is None else "repost",
        at_ms=at_ms,
        text=status.text,
        author=author,
        of=of,
        pictures=max(status.pic_num or 0, len(status.pic_urls or ())),
        links=status.text.count("http"),
        likes=_count(status.attitudes_count),
        comments=_count(status.comments_count),
        reposts=_count(status.reposts_count),
        deleted=_is_deleted(status),
        archived=True,
    )


def _post_id(status: _Fields) -> str:
    known = status.mid or status.idstr or status.id
    if not known:
        raise UnusablePostError(Reason.WRONG_SHAPE, "no id")
    return f"{PLATFORM}:{known}"


def _at_ms(status: _Fields) -> int:
    try:
        return created_at_ms(status.created_at or "")
    except (ValueError, KeyError) as error:
        raise UnusablePostError(Reason.WRONG_SHAPE, "created_at is no time of the Weibo API") from error


def _author(user: _User | None, keys: AuthorKeys) -> Author | None:
    known = None if user is None else (user.idstr or user.id)
    if user is None or not known:
        return None
    followers = None if user.followers_count is None else _count(user.followers_count)
    region = region_of(user.location or "")
    return Author(key=keys.of(PLATFORM, str(known)), followers=followers, verified=user.verified, region=region)


def _quoted(status: _Fields, keys: AuthorKeys) -> Quoted:
    return Quoted(id=_post_id(status), text=status.text, author=_author(status.user, keys), deleted=_is_deleted(status))


def _count(value: int | str | None) -> int:
    """Counts come as numbers or strings; what is no possible count is as good as unknown. A few are negative."""
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) <= _COUNT_DIGITS else 0
    return value if value is not None and 0 <= value < 10**_COUNT_DIGITS else 0


def _is_deleted(status: _Fields) -> bool:
    return status.deleted in ("1", 1, True)
