"""Files of NanmiCoder/MediaCrawler, posts and comments of Weibo and Xiaohongshu, in CSV, JSON or lines.

Numbers come as strings. `create_time` was eight hours late until the end of July 2026, so `create_date_time` is
believed first; without a zone it is Beijing's. Since July 2026 there is no user id, only `creator_hash`: such authors
do not join with those of other sources. A note may come again in one file: by its id it counts once.
"""

from typing import Any

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import Author, Post, Quoted
from contracts.rejection import Reason
from producers.amounts import amount, listed
from producers.source import Context, Format
from producers.times import time_ms
from producers.weibo_api import region_of

__all__ = ["media_comments_format", "media_weibo_format", "media_xhs_format"]


class _Note(msgspec.Struct, kw_only=True):
    note_id: str | int
    content: str | None = None
    title: str | None = None
    desc: str | None = None
    type: str | None = None
    time: str | int | None = None
    create_time: str | int | None = None
    create_date_time: str | None = None
    liked_count: str | int | None = None
    comments_count: str | int | None = None
    comment_count: str | int | None = None
    shared_count: str | int | None = None
    share_count: str | int | None = None
    image_list: str | list[Any] | None = None
    tag_list: str | None = None
    video_url: str | None = None
    user_id: str | int | None = None
    creator_hash: str | None = None
    followers_count: str | int | None = None
    ip_location: str | None = None


class _Comment(msgspec.Struct, kw_only=True):
    comment_id: str | int
    note_id: str | int
    content: str | None = None
    create_time: str | int | None = None
    create_date_time: str | None = None
    comment_like_count: str | int | None = None
    like_count: str | int | None = None
    pictures: str | list[Any] | None = None
    user_id: str | int | None = None
    creator_hash: str | None = None
    ip_location: str | None = None


_decode = msgspec.json.Decoder(_Note).decode
_decode_comment = msgspec.json.Decoder(_Comment).decode


def media_weibo_format(context: Context) -> Format:
    """Posts of Weibo."""

    def read(line: bytes) -> tuple[Post, ...]:
        note = _decode(line)
        return (_post(note, "weibo", note.content or "", note.create_date_time or note.create_time, context),)

    return Format(
        name="MediaCrawler weibo",
        knows=lambda value: (
            isinstance(value, dict)
            and {"note_id", "content"} <= value.keys()
            and "comment_id" not in value
            and bool({"create_time", "create_date_time"} & value.keys())
        ),
        read=read,
    )


def media_xhs_format(context: Context) -> Format:
    """Notes of Xiaohongshu."""

    def read(line: bytes) -> tuple[Post, ...]:
        note = _decode(line)
        text = "\n".join(part for part in (note.title, note.desc) if part)
        tags = [tag.strip() for tag in (note.tag_list or "").split(",")]
        text += "".join(f" #{tag}#" for tag in tags if tag and f"#{tag}" not in text)
        return (_post(note, "xhs", text, note.time or note.create_time, context),)

    return Format(
        name="MediaCrawler xhs",
        knows=lambda value: isinstance(value, dict) and {"note_id", "title", "desc", "time"} <= value.keys(),
        read=read,
    )


def media_comments_format(context: Context) -> Format:
    """Comments of both; Xiaohongshu's have no `create_date_time`."""

    def read(line: bytes) -> tuple[Post, ...]:
        comment = _decode_comment(line)
        platform = "weibo" if comment.create_date_time is not None else "xhs"
        text = comment.content or ""
        post = Post(
            id=f"{platform}:{comment.comment_id}",
            platform=platform,
            kind="comment",
            at_ms=_at_ms(comment.create_date_time or comment.create_time),
            text=text,
            author=_author(platform, comment, context),
            of=Quoted(id=f"{platform}:{comment.note_id}"),
            pictures=listed(comment.pictures),
            links=text.count("http"),
            likes=amount(comment.comment_like_count or comment.like_count),
            archived=context.is_archived,
        )
        return (post,)

    return Format(
        name="MediaCrawler comments",
        knows=lambda value: isinstance(value, dict) and {"comment_id", "note_id", "content"} <= value.keys(),
        read=read,
    )


def _post(note: _Note, platform: str, text: str, written: object, context: Context) -> Post:
    return Post(
        id=f"{platform}:{note.note_id}",
        platform=platform,
        at_ms=_at_ms(written),
        text=text,
        author=_author(platform, note, context),
        pictures=listed(note.image_list),
        videos=int(note.type == "video" or listed(note.video_url) > 0),
        links=text.count("http"),
        likes=amount(note.liked_count),
        comments=amount(note.comments_count or note.comment_count),
        reposts=amount(note.shared_count or note.share_count),
        archived=context.is_archived,
    )


def _author(platform: str, of: _Note | _Comment, context: Context) -> Author:
    user = of.user_id or (of.creator_hash and f"hash:{of.creator_hash}")
    if not user:
        raise UnusablePostError(Reason.WRONG_SHAPE, "neither user_id nor creator_hash")
    followers = of.followers_count if isinstance(of, _Note) else None
    return Author(
        key=context.keys.of(platform, str(user)),
        followers=None if followers in (None, "") else amount(followers),
        region=region_of(of.ip_location),
    )


def _at_ms(written: object) -> int:
    try:
        return time_ms(written)
    except ValueError as error:
        raise UnusablePostError(Reason.WRONG_SHAPE, f"its time: {error}") from error
