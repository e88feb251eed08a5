"""Seeded workloads, the same on every machine: posts of the simulated day, encoded and as frames."""

from functools import lru_cache
from itertools import islice

from contracts.frame import deal, frame_of
from contracts.post import Post, encode_post
from producers.simulation import simulate_day

__all__ = ["frames", "lines", "posts"]

SEED = 42
POSTS_PER_FRAME = 500


@lru_cache(maxsize=2)
def posts(count: int) -> tuple[Post, ...]:
    """Posts of a dense day: mostly chatter, 7 % about children, as Weibo would send them."""
    return tuple(islice(simulate_day(seed=SEED, posts_per_day=max(count, 24_000)), count))


def lines(count: int) -> list[bytes]:
    """The same, one JSON line each."""
    return [encode_post(post) for post in posts(count)]


def frames(count: int, *, partitions: int, posts_per_frame: int = POSTS_PER_FRAME) -> list[tuple[int, bytes]]:
    """The same, dealt to partitions: (partition, frame)."""
    waiting: list[list[bytes]] = [[] for _ in range(partitions)]
    made: list[tuple[int, bytes]] = []
    for partition, item in deal(posts(count), partitions=partitions, mark_ms=1 << 60):
        if isinstance(item, Post):
            waiting[partition].append(encode_post(item))
            if len(waiting[partition]) == posts_per_frame:
                made.append((partition, frame_of(waiting[partition])))
                waiting[partition] = []
    made += [(partition, frame_of(left)) for partition, left in enumerate(waiting) if left]
    return made
