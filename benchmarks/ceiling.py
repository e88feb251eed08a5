"""How well any score could do behind the shared judge and grouping: nobody raises a story before they let it.

Grouping asks for three posts of one term within the hour, counting asks that they are of three authors, and the judge
that they are about children, taken together. When that is so first is the earliest moment.
"""

from collections import defaultdict

from benchmarks.marks import Held, hold
from benchmarks.peers import MIN_AUTHORS
from benchmarks.streams import HOUR_MS, Stream, Ticks
from detectors.delta import Evidence
from detectors.topics import Topic

__all__ = ["ceiling"]


def ceiling(stream: Stream, ticks: Ticks, *, after_ms: int, days: float) -> Held:
    """Every story raised at its earliest moment, those that have none left out; nothing false."""
    worth = hold([], stream, after_ms=after_ms, days=days).worth
    heard: dict[str, list[Evidence]] = {name: [] for name in worth}
    for _, deltas in ticks:
        for delta in deltas:
            for post in delta.evidence:
                name = stream.story_of(post.post)
                if name in heard and post.at_ms >= after_ms:
                    heard[name].append(post)
    found = {name: at_ms for name, posts in heard.items() if (at_ms := _earliest(posts)) is not None}
    times = {name: [at_ms] for name, at_ms in found.items()}
    return Held(days, len(times), 0, (0, 0), times, worth)


def _earliest(posts: list[Evidence]) -> int | None:
    """When they first are what is asked for; None where they never are."""
    topic = Topic(id="", born_ms=0, first_ms=0, active_ms=0)
    for post in sorted(posts, key=lambda post: (post.at_ms, post.post)):
        topic.posts = {name: old for name, old in topic.posts.items() if old.at_ms > post.at_ms - HOUR_MS}
        topic.posts[post.post] = post
        authors: defaultdict[str, set[str]] = defaultdict(set)
        for old in topic.posts.values():
            for term in old.said:
                authors[term].add(old.author)
        if max(map(len, authors.values()), default=0) >= MIN_AUTHORS and topic.is_about_children():
            return post.at_ms
    return None
