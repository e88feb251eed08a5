"""Snapshots of a hot list: an object a line, each with the list's entries at one moment.

    {"at": "2026-03-02T10:00:00+08:00", "list": "weibo_hot_search",
     "entries": [{"rank": 1, "title": "…", "hot": 360671, "category": "社会", "desc": "…", "ads": false}, …]}

Each entry becomes one post of kind "ranking". Its id is list and title, never the rank, which changes from hour to
hour: a later snapshot of the same title is an update. Advertisements are left out. An entry that is absurd is
rejected on its own, and the rest of its snapshot counts.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from contracts.errors import UnusablePostError
from contracts.platforms import PLATFORMS
from contracts.post import UNDECODABLE, Author, Post, read_whole, unusable, vet
from contracts.rejection import Reason
from producers.amounts import amount
from producers.source import Context, Format

__all__ = ["Entry", "hot_list_format", "ranking"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_Count = Annotated[int, msgspec.Meta(ge=0, le=1 << 53)]


class _Snapshot(msgspec.Struct, rename={"name": "list"}):
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]{1,40}\Z")]
    entries: list[msgspec.Raw]


class Entry(msgspec.Struct, kw_only=True):
    """One place of a list: its rank as the platform counts, its heat, whether it was paid for.

    Rank and heat may be missing, or stand there as people write numbers ("3", "48.3万").
    """

    title: str
    rank: _Count | str | None = None
    hot: _Count | str | None = None
    desc: str | None = None
    ads: bool | None = None


_decode_snapshot = msgspec.json.Decoder(_Snapshot).decode
_decode_entry = msgspec.json.Decoder(Entry).decode


def _knows(value: object) -> bool:
    return isinstance(value, dict) and {"at", "list"} <= set(value) and isinstance(value.get("entries"), list)


def hot_list_format(context: Context) -> Format:
    """The format; a snapshot holds its own time."""

    def read(line: bytes) -> Iterator[Post | UnusablePostError]:
        snapshot = _decode_snapshot(line)
        if snapshot.name.partition("_")[0] not in PLATFORMS:
            known = ", ".join(PLATFORMS)
            raise UnusablePostError(Reason.WRONG_SHAPE, f"list: its name does not begin with one of {known}")
        at_ms = (snapshot.at - _EPOCH) // timedelta(milliseconds=1)
        found = (_ranked(bytes(raw), snapshot.name, at_ms, context) for raw in snapshot.entries)
        return (part for part in found if part is not None)

    return Format(name="hot-list snapshots", knows=_knows, read=read)


def _ranked(raw: bytes, name: str, at_ms: int, context: Context) -> Post | UnusablePostError | None:
    """One entry as a post, or why it is none; None for an advertisement."""
    try:
        entry = read_whole(_decode_entry, raw)
        if entry.ads:
            return None
        post = ranking(name, at_ms, entry, context)
        vet(post, received_ms=at_ms)  # here, where the entry's own bytes are at hand for the rejected piece
    except UNDECODABLE as error:
        refused = unusable(error, raw)
        return UnusablePostError(refused.reason, refused.detail, raw=raw)
    except UnusablePostError as error:
        return UnusablePostError(error.reason, error.detail, raw=raw)
    return post


def ranking(name: str, at_ms: int, entry: Entry, context: Context) -> Post:
    """One entry of a list at one moment, as a post.

    Raises:
        UnusablePostError: there is no title, or rank or heat is no number.
    """
    title = " ".join(entry.title.split())
    if not title:
        raise UnusablePostError(Reason.WRONG_SHAPE, "title: there is none")
    described = (entry.desc or "").strip()
    return Post(
        id=f"{name}:{title}",
        platform=name.partition("_")[0],
        kind="ranking",
        at_ms=at_ms,
        author=Author(key=f"list:{name}"),
        text=title if described in ("", title) else f"{title}\n{described}",
        rank=_number(entry.rank, "rank"),
        heat=_number(entry.hot, "hot"),
        archived=context.is_archived,
    )


def _number(told: int | str | None, field: str) -> int | None:
    if not isinstance(told, str):
        return told
    if not told[:1].isdecimal():
        raise UnusablePostError(Reason.WRONG_SHAPE, f"{field}: no number")
    return amount(told)
