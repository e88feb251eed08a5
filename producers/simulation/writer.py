"""Posts with ids and counts that look like the platforms'."""

from collections.abc import Iterator
from itertools import cycle
from typing import Literal

from contracts.post import Author, Post, Quoted
from producers.simulation.grammar import Draw

__all__ = ["Kind", "Writer", "quote"]

Kind = Literal["post", "repost", "comment", "article"]

_ID_SHIFT_MS = 3_497_619_200_000  # makes ids of 2026 begin with 52, as Weibo's do

_SHARE_WITH_PICTURES = 0.35
_SHARE_WITH_VIDEO = 0.05


class Writer:
    """Puts posts together for one part of the day.

    An id is the event time and a serial of three digits. Parts have disjoint serials, so that ids are
    unique while a part writes fewer posts a millisecond than it has serials.
    """

    def __init__(self, *, serials: range, draw: Draw) -> None:
        self._serials: Iterator[int] = cycle(serials)
        self._draw = draw

    def write(
        self,
        text: str,
        *,
        at_ms: int,
        author: Author,
        platform: str = "weibo",
        kind: Kind = "post",
        of: Quoted | None = None,
    ) -> Post:
        """One post; pictures and video only where nothing is quoted."""
        draw = self._draw
        media = draw() if of is None else 1.0
        return Post(
            id=f"{platform}:{at_ms + _ID_SHIFT_MS}{next(self._serials):03}",
            platform=platform,
            kind=kind,
            at_ms=at_ms,
            author=author,
            text=text,
            of=of,
            pictures=1 + int(draw() * 9) if media < _SHARE_WITH_PICTURES else 0,
            videos=1 if media > 1.0 - _SHARE_WITH_VIDEO and of is None else 0,
            links=text.count("http://"),
            likes=_few(draw),
            comments=_few(draw),
            reposts=_few(draw),
        )


def quote(post: Post) -> Quoted:
    """The post as others carry it along."""
    return Quoted(id=post.id, text=post.text, author=post.author)


def _few(draw: Draw) -> int:
    """Mostly zero, seldom hundreds."""
    return int(0.4 / (draw() + 0.001))
