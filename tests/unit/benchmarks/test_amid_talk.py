"""The streams on which scores are compared."""

from collections import Counter

import pytest

from benchmarks.amid_talk import ASKED, LISTENERS, amid_talk
from benchmarks.hard_stream import TALK
from benchmarks.streams import HOUR_MS, Story, Stream
from contracts.post import Author, Post

START_MS = 1_772_380_800_000
STORIES = {str(number): Story(START_MS, START_MS, about_children=True) for number in range(4)}
POSTS = [
    Post(
        id=f"weibo:{number % 5}.{number}",
        platform="weibo",
        at_ms=START_MS + number * HOUR_MS // 4,
        text="校车",
        author=Author(key=str(number % 37)),
    )
    for number in range(400)
]


AUTHORS = {post.id: post.author.key for post in POSTS}


def story_of(post: str) -> str | None:
    name = post.removeprefix("weibo:").partition(".")[0]
    return name if name in STORIES else None


def first_stream(talk: int) -> list[Post]:
    return list(next(amid_talk(Stream("week", lambda: POSTS, story_of, STORIES), talk=talk)).posts())


def name_before(post: Post) -> str:
    """The id of the post that it was made of."""
    return post.id.replace(f"{TALK}.", "").partition("~")[0]


def test_each_story_is_once_an_event_and_once_talk() -> None:
    """As an event it keeps its times; as talk its hours of day alone, and whatever is raised on it is false."""
    streams = list(amid_talk(Stream("week", lambda: POSTS, story_of, STORIES)))
    events = [{post for post in stream.posts() if f":{TALK}." not in post.id} for stream in streams]
    talk = [[post for post in stream.posts() if f":{TALK}." in post.id] for stream in streams]
    times = {post.id: post.at_ms for post in POSTS}

    assert [set(stream.stories) for stream in streams] == [{"0", "2", TALK}] * len(ASKED) + [{"1", "3", TALK}] * len(
        ASKED
    )
    assert {story_of(post.id) for part in events[: len(ASKED)] for post in part} == {"0", "2", None}
    assert all(stream.story_of(post.id) == TALK for stream, posts in zip(streams, talk, strict=True) for post in posts)
    assert all(times[post.id] == post.at_ms for part in events for post in part)
    moved = [(post.at_ms - times[post.id.replace(f"{TALK}.", "")]) for part in talk for post in part]
    assert len(set(moved)) > len(moved) / 2
    assert all(abs((change + HOUR_MS) % (24 * HOUR_MS) - HOUR_MS) < HOUR_MS for change in moved)


def test_each_listener_hears_its_own_quarter() -> None:
    """No post is heard by two, and each hears in order of time."""
    streams = list(amid_talk(Stream("week", lambda: POSTS, story_of, STORIES)))[: len(ASKED)]
    heard = [list(stream.posts()) for stream in streams]
    names = [post.id for part in heard for post in part]

    assert len(set(names)) == len(names)
    assert all(0.5 < len(part) * LISTENERS / len(POSTS) < 1.5 for part in heard)
    assert all(part == sorted(part, key=lambda post: post.at_ms) for part in heard)


@pytest.mark.parametrize("talk", [1, 2, 4, 6, 8, 16])
def test_talk_outnumbers_events_as_often_as_asked(talk: int) -> None:
    """The events are the same quarter whatever the talk, and what is talked is of the other stories."""
    posts = first_stream(talk)
    events = [post for post in posts if f":{TALK}." not in post.id]
    of_talk = [post for post in posts if f":{TALK}." in post.id]
    said = sum(story_of(post.id) in {"1", "3"} for post in POSTS)

    assert events == [post for post in first_stream(1) if f":{TALK}." not in post.id]
    assert {story_of(name_before(post)) for post in of_talk} == {"1", "3"}
    assert 0.75 < len(of_talk) / (said * talk / LISTENERS) < 1.25
    assert posts == sorted(posts, key=lambda post: post.at_ms)


def test_talk_laid_over_itself_is_said_by_others_at_the_same_hours_of_other_days() -> None:
    """Each post once a layer; who wrote two posts in a layer is one author there, and nobody of another layer."""
    before = {post.id: post.at_ms for post in POSTS}
    posts = [post for post in first_stream(8) if f":{TALK}." in post.id]
    times: dict[str, list[int]] = {}
    for post in posts:
        times.setdefault(name_before(post), []).append(post.at_ms)
    layers = {post.id: post.author.key.partition("~")[2] for post in posts}

    assert len({post.id for post in posts}) == len(posts)
    assert set(Counter(map(name_before, posts)).values()) == {2}
    assert sorted(Counter(layers.values()).values()) == [len(posts) / 2] * 2
    assert all(post.author.key.partition("~")[0] == AUTHORS[name_before(post)] for post in posts)
    assert all(at_ms % (24 * HOUR_MS) // HOUR_MS == before[name] % (24 * HOUR_MS) // HOUR_MS
               for name, both in times.items() for at_ms in both)  # fmt: skip
    assert sum(one != other for one, other in times.values()) > len(times) / 2


def test_the_same_stream_each_time_and_less_talk_is_a_part_of_more() -> None:
    """So that settings differ in nothing but how much talk there is."""
    eight = first_stream(8)

    assert eight == first_stream(8)
    assert {(post.id, post.at_ms) for post in first_stream(1)} < {(post.id, post.at_ms) for post in eight}
