"""The streams on which scores are compared."""

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
        author=Author(key=str(number)),
    )
    for number in range(400)
]


def story_of(post: str) -> str | None:
    name = post.removeprefix("weibo:").partition(".")[0]
    return name if name in STORIES else None


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
