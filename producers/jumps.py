"""Refuse wrong dates that would carry event time away: every post behind them would come late."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from contracts.post import Post, encode_post
from contracts.rejection import Reason, Rejected
from producers.source import Item, Place

__all__ = ["without_jumps"]

_HOUR_MS = 3_600_000
_LAST = 100  # posts by which a source is known to be in order of time
_BEHIND = 2  # of them, that may stand an hour behind the newest


@dataclass(frozen=True, slots=True)
class _Rule:
    """How far ahead a post is held back, and by how many records behind it that is decided."""

    ahead_ms: int
    records: int


_FAR = _Rule(24 * _HOUR_MS, 1)
_ORDERED = _Rule(_HOUR_MS, 20)


def without_jumps(items: Iterable[Item], source: str, *, is_live: bool = False) -> Iterator[Item]:
    """Reject posts whose time is far ahead of the posts on both sides of them.

    ┼ 10:00 ┼ 10:01 ┼ 18:02 ┼ 18:02 ┼ 10:02 ┼ 10:03 …      two of another time zone

    Over a day ahead in any source, by the record behind it. In one that has been in order of time, over an hour ahead,
    by the twenty behind it: most of them go on where it was. A gap of an archive is no jump: there the next posts are
    ahead too, and ten of them tell. Where posts come as they are written nothing waits so long.

    Args:
        items: of one source, in its order, which stays.
        source: its name, for the rejected pieces.
        is_live: whether its posts come as they are written.
    """
    newest_ms = 0
    order: deque[bool] = deque(maxlen=_LAST)  # of the last posts, which stood an hour behind the newest
    held: _Held | None = None
    for item in items:
        if held is not None:
            held.add(item)
            if held.is_decided:
                yield from held.released(source)
                newest_ms, held = held.newest_ms, None
            continue
        post = item.what if isinstance(item.what, Post) else None
        if post is not None:
            if newest_ms and post.at_ms > newest_ms + _HOUR_MS:
                rule = _ORDERED if not is_live and len(order) == _LAST and sum(order) <= _BEHIND else _FAR
                if post.at_ms > newest_ms + rule.ahead_ms:
                    held = _Held(item, post, newest_ms, rule)
                    continue
            order.append(post.at_ms < newest_ms - _HOUR_MS)
            newest_ms = max(newest_ms, post.at_ms)
        yield item
    if held is not None:
        yield from held.released(source)


class _Held:
    """A post that is far ahead, and all that stands behind it until that is decided."""

    def __init__(self, item: Item, post: Post, newest_ms: int, rule: _Rule) -> None:
        self.newest_ms = newest_ms  # event time before it; once it is decided, behind all that is released
        self._items = [item]
        self._place = item.place
        self._ahead_ms = post.at_ms
        self._rule = rule
        self._is_back: dict[Place, bool] = {}  # record behind it -> whether it goes on where the source was

    def add(self, item: Item) -> None:
        self._items.append(item)
        if not isinstance(item.what, Post):
            return
        if item.place == self._place:
            self._ahead_ms = max(self._ahead_ms, item.what.at_ms)
        else:
            self._is_back.setdefault(item.place, self._is_behind(item.what))

    @property
    def is_decided(self) -> bool:
        back, needed = sum(self._is_back.values()), (self._rule.records + 1) // 2
        return back >= needed or len(self._is_back) - back >= needed

    def released(self, source: str) -> Iterator[Item]:
        """All of it in its order, what jumped as rejected pieces."""
        back = sum(self._is_back.values())
        is_jump = 2 * back > len(self._is_back)
        for item in self._items:
            if not isinstance(item.what, Post):
                yield item
            elif is_jump and not self._is_behind(item.what):
                yield _jumped(item, item.what, source)
            else:
                self.newest_ms = max(self.newest_ms, item.what.at_ms)
                yield item

    def _is_behind(self, post: Post) -> bool:
        return post.at_ms < self._ahead_ms - self._rule.ahead_ms


def _jumped(item: Item, post: Post, source: str) -> Item:
    detail = "far ahead of the posts around it: of another time zone, or a wrong date"
    offset = item.place if isinstance(item.place, int) else 0
    piece = Rejected(raw=encode_post(post), reason=Reason.TIME_ABSURD, detail=detail, source=source, offset=offset)
    return Item(piece, item.place)
