"""The streams on which scores are compared: thin events amid everyday talk about children (docs/decisions/0042, 0050).

stories of even number ──── as they were ──── a quarter of them ─────────┐
stories of odd number ──── scattered: everyday talk ──── `talk` quarters ─┴─▶ four listeners
                      (and with the parts exchanged)                          eight streams
"""

from collections.abc import Callable, Iterator
from functools import partial
from heapq import merge
from zlib import crc32

import msgspec

from benchmarks.hard_stream import TALK, scattered
from benchmarks.streams import Story, Stream
from contracts.post import Post

__all__ = ["ASKED", "LISTENERS", "amid_talk"]

LISTENERS = 4  # who hear a part of the events each
ASKED = (2, 3)  # the other two were looked at while our score was tuned (docs/decisions/0042)
_PARTS = 2


def amid_talk(stream: Stream, *, talk: int = 1, listeners: tuple[int, ...] = ASKED) -> Iterator[Stream]:
    """Streams of one whose stories have numbers, two a listener; its posts are read once and kept.

    Args:
        stream: of stories that are numbers.
        talk: quarters of it that each listener hears, where of the events it hears one. Beyond four the talk is laid
            over itself: scattered anew, said by others.
        listeners: whose streams.
    """
    posts = list(stream.posts())
    for part in range(_PARTS):
        is_talk = partial(_is_of_part, stream.story_of, 1 - part)
        said = [post for post in posts if is_talk(post)]
        layers = [_layer(said, number) for number in range(-(-talk // LISTENERS))]
        events = [post for post in posts if not is_talk(post)]
        stories = {name: story for name, story in stream.stories.items() if int(name) % _PARTS == part}
        for listener in listeners:
            yield Stream(
                f"{stream.name}, amid talk {talk} : 1",
                partial(_heard_by, events, layers, listener, talk),
                partial(_story_of, stream.story_of),
                {**stories, TALK: Story(0, None, about_children=False)},
            )


def _is_of_part(story_of: Callable[[str], str | None], part: int, post: Post) -> bool:
    story = story_of(post.id)
    return story is not None and int(story) % _PARTS == part


def _layer(said: list[Post], number: int) -> list[Post]:
    """The talk of one scattering; from the second on other people say it, in posts of their own."""
    posts = scattered(said, seed=number + 1)
    return [_by_another(post, number) for post in posts] if number else posts


def _by_another(post: Post, number: int) -> Post:
    author = msgspec.structs.replace(post.author, key=f"{post.author.key}~{number}")
    return msgspec.structs.replace(post, id=f"{post.id}~{number}", author=author)


def _heard_by(events: list[Post], layers: list[list[Post]], listener: int, talk: int) -> Iterator[Post]:
    """Quarter by quarter, its own first."""
    heard = [[post for post in events if _quarter_of(post) == listener]]
    for number, layer in enumerate(layers):
        quarters = {(listener + more) % LISTENERS for more in range(min(talk - number * LISTENERS, LISTENERS))}
        heard.append([post for post in layer if _quarter_of(post) in quarters])
    return merge(*heard, key=lambda post: post.at_ms)


def _quarter_of(post: Post) -> int:
    return crc32(post.id.encode()) % LISTENERS


def _story_of(story_of: Callable[[str], str | None], post: str) -> str | None:
    return TALK if f":{TALK}." in post else story_of(post)
