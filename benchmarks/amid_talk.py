"""The stream on which scores are compared: thin events amid everyday talk about children (docs/decisions/0042).

stories of even number ──────────────── as they were ─┐
stories of odd number ─── scattered: everyday talk ───┴─ by a hash of the post ─▶ four listeners
                      (and with the parts exchanged)                             eight streams
"""

from collections.abc import Callable, Iterator
from functools import partial
from zlib import crc32

from benchmarks.hard_stream import TALK, scattered
from benchmarks.streams import Story, Stream
from contracts.post import Post

__all__ = ["ASKED", "LISTENERS", "amid_talk"]

LISTENERS = 4  # who hear a part each
ASKED = (2, 3)  # the other two were looked at while our score was tuned (docs/decisions/0042)
_PARTS = 2


def amid_talk(stream: Stream) -> Iterator[Stream]:
    """Four streams of one whose stories have numbers; its posts are read once and kept."""
    posts = list(stream.posts())
    for part in range(_PARTS):
        is_talk = partial(_is_of_part, stream.story_of, 1 - part)
        talk = scattered(post for post in posts if is_talk(post))
        events = [post for post in posts if not is_talk(post)]
        both = sorted([*events, *talk], key=lambda post: post.at_ms)
        stories = {name: story for name, story in stream.stories.items() if int(name) % _PARTS == part}
        for listener in ASKED:
            yield Stream(
                f"{stream.name}, amid talk",
                partial(_heard_by, both, listener),
                partial(_story_of, stream.story_of),
                {**stories, TALK: Story(0, None, about_children=False)},
            )


def _is_of_part(story_of: Callable[[str], str | None], part: int, post: Post) -> bool:
    story = story_of(post.id)
    return story is not None and int(story) % _PARTS == part


def _heard_by(posts: list[Post], listener: int) -> Iterator[Post]:
    return (post for post in posts if crc32(post.id.encode()) % LISTENERS == listener)


def _story_of(story_of: Callable[[str], str | None], post: str) -> str | None:
    return TALK if f":{TALK}." in post else story_of(post)
