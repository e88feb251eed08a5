"""Dealing posts to partitions, frames, and Kafka's own partitioner."""

from aiokafka.partitioner import murmur2 as kafka_murmur2
from hypothesis import given
from hypothesis import strategies as st

from contracts.frame import Mark, deal, frame_of, lines_of, murmur2, partition_of
from contracts.post import Author, Post

MINUTE_MS = 60_000
START_MS = 1_772_380_800_000


def post(at_ms: int, author: str = "a1") -> Post:
    return Post(id=f"weibo:{at_ms}", platform="weibo", at_ms=at_ms, author=Author(key=author))


@given(st.binary(max_size=64))
def test_murmur2_is_kafkas(data: bytes) -> None:
    """A post keyed by its author through any Kafka client lands on the partition we would choose."""
    assert kafka_murmur2(data) & 0xFFFFFFFF == murmur2(data)


def test_an_author_stays_on_one_partition() -> None:
    """Copies of a post meet, and authors add up over partitions."""
    dealt = list(deal([post(START_MS), post(START_MS + 1)], partitions=8, mark_ms=MINUTE_MS))
    found = {partition for partition, item in dealt if isinstance(item, Post)}

    assert {partition_of("a1", 8)} == found


def test_each_partition_is_told_when_a_minute_is_over() -> None:
    """Marks stand before the first post of the new minute, and one closes the source."""
    dealt = list(deal([post(START_MS), post(START_MS + MINUTE_MS)], partitions=2, mark_ms=MINUTE_MS))

    kinds = ["mark" if isinstance(item, Mark) else "post" for _, item in dealt]
    marks = [(partition, item.at_ms - START_MS) for partition, item in dealt if isinstance(item, Mark)]
    assert kinds == ["post", "mark", "mark", "post", "mark", "mark"]
    assert marks == [(0, MINUTE_MS), (1, MINUTE_MS), (0, 2 * MINUTE_MS), (1, 2 * MINUTE_MS)]


def test_an_old_post_moves_no_mark() -> None:
    """A post from before goes out without a mark."""
    dealt = list(deal([post(START_MS + 90_000), post(START_MS)], partitions=1, mark_ms=MINUTE_MS))

    assert [Post, Post, Mark] == [type(item) for _, item in dealt]


def test_no_posts_give_no_marks() -> None:
    """An empty source says nothing about time."""
    assert list(deal([], partitions=4, mark_ms=MINUTE_MS)) == []


def test_blank_lines_of_a_frame_are_no_posts() -> None:
    """Frames may end in newlines, or hold carriage returns between posts."""
    assert lines_of(b"\n{}\n\r\n[]\n") == [b"{}", b"[]"]
    assert lines_of(b"") == []
    assert frame_of([b"{}", b"[]"]) == b"{}\n[]"


def test_a_post_behind_newer_ones_stands_behind_a_mark_of_the_newest_time() -> None:
    """Where its partition does not know the second yet; so its change belongs to that second everywhere."""
    keys = [f"{number:016x}" for number in range(64)]
    one, other = keys[0], next(key for key in keys if partition_of(key, 2) != partition_of(keys[0], 2))
    posts = [post(START_MS + 5000, one), post(START_MS, other), post(START_MS + 1, other), post(START_MS, one)]

    dealt = list(deal(posts, partitions=2, mark_ms=MINUTE_MS))

    assert [Post, Mark, Post, Post, Post, Mark, Mark] == [type(item) for _, item in dealt]
    assert dealt[1] == (partition_of(other, 2), Mark(START_MS + 5000))


def test_a_pause_closes_the_tick_of_the_newest_post() -> None:
    """Once; a pause before the first post, or without a newer one, says nothing, and nobody asks it of a file."""
    posts = [None, post(START_MS + 1000), None, None, post(START_MS + 2000), None, post(START_MS + 5000), None]
    dealt = list(deal(posts, partitions=2, mark_ms=MINUTE_MS, pause_ms=5000))
    without = list(deal(posts, partitions=2, mark_ms=MINUTE_MS))

    marks = [(partition, item.at_ms - START_MS) for partition, item in dealt if isinstance(item, Mark)]
    ends = [(0, MINUTE_MS), (1, MINUTE_MS)]
    assert marks == [(0, 5000), (1, 5000), (0, 10_000), (1, 10_000), *ends]
    assert [type(item) for _, item in dealt[:4]] == [type(None), Post, Mark, Mark]
    assert [item.at_ms - START_MS for _, item in without if isinstance(item, Mark)] == [MINUTE_MS, MINUTE_MS]
