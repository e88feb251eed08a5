"""A flood of reposts: far more than is kept as evidence, and each counted, on any number of partitions."""

from collections.abc import Iterator
from itertools import takewhile

import pytest

from contracts.post import Author, Post, Quoted
from contracts.topic import TopicLine
from producers.simulation import DAY_START_MS, simulate_day
from tests.pipelines import topics_of

HOUR_MS = 3_600_000
FLOOD_MS = DAY_START_MS + 5 * HOUR_MS
END_MS = FLOOD_MS + HOUR_MS // 2
REPOSTS = 1800
STORY = "幼儿园老师用针扎孩子，多名幼儿身上有伤，家长报警称遭到虐童"


def posts() -> Iterator[Post]:
    """Nearly six quiet hours; then 1800 people repost one original within five minutes, each once, a third twice."""
    yield from takewhile(lambda post: post.at_ms < FLOOD_MS, simulate_day(posts_per_day=6000))
    original = Quoted(id="weibo:1000", text=STORY)
    for n in range(REPOSTS + REPOSTS // 3):
        author = Author(key=f"f{n % REPOSTS}", followers=100)
        at_ms = FLOOD_MS + n * 125
        yield Post(
            id=f"weibo:9{n}", platform="weibo", kind="repost", at_ms=at_ms, author=author, text="转发微博", of=original
        )
    yield Post(id="weibo:end", platform="weibo", at_ms=END_MS, author=Author(key="end"), text="晚安")


@pytest.fixture(scope="module")
def lines() -> list[TopicLine]:
    return topics_of(posts(), partitions=1)


def test_everybody_in_a_flood_is_counted_once(lines: list[TopicLine]) -> None:
    """All but those of the seconds before the topic was known; the estimate's error is a few in a hundred."""
    told = max((line.audience for line in lines if line.audience is not None), key=lambda audience: audience.posts)

    assert 0.93 * REPOSTS < told.authors < 1.07 * REPOSTS
    assert told.posts > 1.25 * REPOSTS
    assert told.followers is not None
    assert 0.85 * 100 * REPOSTS < told.followers < 1.15 * 100 * REPOSTS


def test_the_number_of_partitions_leaves_no_trace(lines: list[TopicLine]) -> None:
    """Which of them are evidence where they are counted depends on it; what is told does not."""
    assert topics_of(posts(), partitions=4) == lines
