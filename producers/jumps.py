"""Refuse a wrong date that would carry event time away."""

from collections.abc import Iterable, Iterator

from contracts.post import Post, encode_post
from contracts.rejection import Reason, Rejected
from producers.source import Item

__all__ = ["without_jumps"]

_JUMP_MS = 24 * 3_600_000


def without_jumps(items: Iterable[Item], source: str) -> Iterator[Item]:
    """Reject a post whose time is over a day ahead of the posts on both sides of it.

    One wrong date would otherwise carry event time away, and every post behind it would come late. A gap of
    days in an archive is no jump: there the next post is ahead too.
    """
    newest_ms = 0
    held: list[Item] = []  # posts of one place that are far ahead, and what was rejected behind them
    for item in items:
        post = item.what if isinstance(item.what, Post) else None
        if held and (post is None or item.place == held[0].place):
            held.append(item)
            continue
        if post is None:
            yield item
            continue
        if held:
            ahead_ms = max(other.what.at_ms for other in held if isinstance(other.what, Post))
            is_jump = post.at_ms < ahead_ms - _JUMP_MS
            newest_ms = newest_ms if is_jump else ahead_ms
            yield from (_jumped(other, source) if is_jump else other for other in held)
            held = []
        if post.at_ms > newest_ms:
            if newest_ms and post.at_ms > newest_ms + _JUMP_MS:
                held = [item]
                continue
            newest_ms = post.at_ms
        yield item
    yield from held


def _jumped(item: Item, source: str) -> Item:
    if not isinstance(item.what, Post):
        return item
    detail = "over a day ahead of the posts around it"
    raw, offset = encode_post(item.what), item.place if isinstance(item.place, int) else 0
    piece = Rejected(raw=raw, reason=Reason.TIME_ABSURD, detail=detail, source=source, offset=offset)
    return Item(piece, item.place)
