"""Whether people ask, in a topic, what the organisation says: more of them than usual. Pure."""

from contracts.topic import Asked
from detectors.burst import BurstRules
from detectors.moments import iso
from detectors.own import ASKED
from detectors.topics import Topic
from detectors.usual import SINCE_MS, Usual

__all__ = ["asked_of"]

_LEAST_AUTHORS = 3  # one person's question is that person's
_BANS = 3.0  # of a hundred topics a day, each looked at anew some ten times, chance flags one at most
_KEPT_BANS = 1.5  # once flagged: so that a topic on the edge does not flicker
_RULES = BurstRules()


def asked_of(topic: Topic, usual: Usual, now_ms: int) -> Asked | None:
    """Who asks now, and how many usually would; None where it is no more than usual.

    Notes in the topic when it was so first. Cost: microseconds.
    """
    authors = topic.tally.marked(ASKED, now_ms - SINCE_MS)
    if authors < _LEAST_AUTHORS:
        return None
    posts = topic.tally.posts(now_ms - SINCE_MS)
    bans = usual.surprise(ASKED, authors, posts, now_ms, _RULES)
    if bans < (_KEPT_BANS if topic.asked_ms else _BANS):
        return None
    topic.asked_ms = topic.asked_ms or now_ms
    expected = usual.expected(ASKED, posts, now_ms, _RULES)
    return Asked(authors=authors, expected=round(expected, 2), since=iso(topic.asked_ms))
