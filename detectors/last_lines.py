"""What the last line of a closed topic shows, while a feed may keep it: so that a post is taken out of it, too.

A deletion, or `tongsheng forget`, may come days after the topic has closed. Pure.
"""

import zlib
from collections.abc import Mapping

import msgspec

from contracts.topic import TopicLine
from detectors.topics import Topic

__all__ = ["KEPT_MS", "LastLine", "last_line_of", "without_post"]

KEPT_MS = 14 * 24 * 3_600_000  # the longest that a feed keeps a topic without news: `feed.keep_days`
_decoder = msgspec.msgpack.Decoder(TopicLine)


class LastLine(msgspec.Struct, frozen=True):
    """A line that was told last.

    Attributes:
        closed_ms: event time.
        posts: ids of the posts that it names, or a sample of which it shows.
        packed: the line without samples; some 700 bytes.
    """

    closed_ms: int
    posts: tuple[str, ...]
    packed: bytes


def last_line_of(topic: Topic, at_ms: int) -> LastLine | None:
    """What is kept of a topic that closes at `at_ms`; None where its line shows no post."""
    line = topic.line
    if line is None:
        return None
    shown = {post.post for post in topic.posts.values() if post.sample and post.sample in line.samples}
    shown.update(name for name in line.evidence if name in topic.posts)
    return _packed(line, at_ms, shown) if shown else None


def without_post(kept: Mapping[str, LastLine], post: str) -> dict[str, tuple[LastLine | None, TopicLine]]:
    """Topic -> what is kept of it once a post is forgotten, and its line told again, of those that showed the post.

    The line is the same at the same time, without the post, and without samples, which do not tell whose they are.
    """
    found: dict[str, tuple[LastLine | None, TopicLine]] = {}
    for topic, last in kept.items():
        if post in last.posts:
            line = _decoder.decode(zlib.decompress(last.packed))
            line = msgspec.structs.replace(line, evidence=[name for name in line.evidence if name != post])
            shown = {*line.evidence}.intersection(last.posts)
            found[topic] = (_packed(line, last.closed_ms, shown) if shown else None, line)
    return found


def _packed(line: TopicLine, closed_ms: int, shown: set[str]) -> LastLine:
    bare = msgspec.structs.replace(line, samples=[])
    return LastLine(closed_ms, tuple(sorted(shown)), zlib.compress(msgspec.msgpack.encode(bare)))
