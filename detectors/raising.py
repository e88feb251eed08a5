"""Make a candidate a topic that is told of."""

from detectors.burst import BurstRules
from detectors.counts import Counts
from detectors.grounds import weighed
from detectors.topics import Topic

__all__ = ["set_raised"]


def set_raised(topic: Topic, counts: Counts, *, alarm: float, burst: BurstRules, at_ms: int) -> None:
    """Begin its life, and keep what it is raised on."""
    authors = len(topic.authors())
    topic.raised_ms, topic.raised_authors, topic.state = at_ms, authors, "emerging"
    posts = [post.terms for post in topic.posts.values()]
    topic.grounds = weighed(topic.terms, posts, counts, authors=authors, at_ms=at_ms, alarm=alarm, burst=burst)
