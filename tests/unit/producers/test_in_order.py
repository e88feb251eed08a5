"""Sorting: any order in, event-time order out, more than memory holds."""

import random

from contracts.post import Author, Post
from producers.in_order import in_order

AT_MS = 1_772_380_818_000


def post(number: int, at_ms: int) -> Post:
    return Post(id=f"weibo:{number}", platform="weibo", at_ms=at_ms, author=Author(key="a"), text="孩子\n")


def test_posts_come_out_by_time() -> None:
    """Over many pieces; those of one time in the order in which they came."""
    moments = [AT_MS + random.Random(7).randrange(500) for _ in range(2000)]
    posts = [post(number, at_ms) for number, at_ms in enumerate(moments)]

    found = list(in_order(posts, piece_bytes=9000))

    assert found == sorted(posts, key=lambda post: post.at_ms)


def test_nothing_in_nothing_out() -> None:
    """No file at all, for instance."""
    assert list(in_order([])) == []
