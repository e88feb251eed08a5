"""How a crawler hands posts over: mostly in order, some late, some twice.

event time   1   2   3   4   5
handed over  1   3   4   2   5   3       2 is late, 3 comes twice
"""

import heapq
from collections.abc import Iterable, Iterator

from contracts.post import Post
from producers.simulation.grammar import Draw
from producers.simulation.scene import MINUTE_MS

__all__ = ["deliver"]

_SHARE_LATE = 0.003
_LATE_MS = (MINUTE_MS // 2, 8 * MINUTE_MS)
_SHARE_TOO_LATE = 0.0005
_TOO_LATE_MS = (15 * MINUTE_MS, 45 * MINUTE_MS)  # past the pipeline's ten minutes even in a quiet night
_SHARE_TWICE = 0.002
_TWICE_MS = (1_000, 5 * MINUTE_MS)


def deliver(posts: Iterable[Post], *, draw: Draw) -> Iterator[Post]:
    """Hand `posts`, ordered by event time, over in order of arrival; each at least once.

    Cost: memory for the posts under way only, some dozens at 24 000 posts a day.
    """
    under_way: list[tuple[int, int, Post]] = []  # (arrives_ms, number to break ties, post)
    for number, post in enumerate(posts):
        while under_way and under_way[0][0] <= post.at_ms:
            yield heapq.heappop(under_way)[2]
        is_held, wait_ms = _fate(draw)
        if wait_ms:
            heapq.heappush(under_way, (post.at_ms + wait_ms, number, post))
        if not is_held:
            yield post
    while under_way:
        yield heapq.heappop(under_way)[2]


def _fate(draw: Draw) -> tuple[bool, int]:
    """(held back?, milliseconds until it comes, or comes again; 0 = now and never again)."""
    luck = draw()
    if luck < _SHARE_LATE:
        return True, _between(_LATE_MS, draw)
    if luck < _SHARE_LATE + _SHARE_TOO_LATE:
        return True, _between(_TOO_LATE_MS, draw)
    if luck < _SHARE_LATE + _SHARE_TOO_LATE + _SHARE_TWICE:
        return False, _between(_TWICE_MS, draw)
    return False, 0


def _between(limits_ms: tuple[int, int], draw: Draw) -> int:
    return limits_ms[0] + int(draw() * (limits_ms[1] - limits_ms[0]))
