"""Make a candidate a topic that is told of."""

from detectors.burst import BurstRules
from detectors.counts import WINDOWS_MINUTES, Counts
from detectors.evidence import EvidenceIndex
from detectors.grounds import weighed
from detectors.topics import Topic

__all__ = ["bursts_by_itself", "set_raised"]

_MINUTE_MS = 60_000
_OWN_SHARE = 0.5  # of a term's posts, in the window in which it bursts, that are the candidate's


def bursts_by_itself(
    topic: Topic, counts: Counts, evidence: EvidenceIndex, *, alarm: float, burst: BurstRules, at_ms: int
) -> bool:
    """Whether a term that reaches the alarm does so by the candidate's own posts, for the most part.

    A word that an event shares with everyday talk ("孩子") bursts with it. What other candidates leave of its hour is
    that talk, and no topic however many join it (docs/decisions/0052).

    Cost: some 50 microseconds a term that reaches the alarm; asked once all else speaks for raising.
    """

    def is_own(term: str) -> bool:
        minutes = max(WINDOWS_MINUTES, key=lambda minutes: counts.surprise(term, minutes, burst))
        recent = [post for post in evidence.of_term(term) if post.at_ms > at_ms - minutes * _MINUTE_MS]
        return sum(post.post in topic.posts for post in recent) >= _OWN_SHARE * len(recent)

    return any(is_own(term) for term, score in topic.terms.items() if score >= alarm)


def set_raised(topic: Topic, counts: Counts, *, alarm: float, burst: BurstRules, at_ms: int) -> None:
    """Begin its life, and keep what it is raised on."""
    authors = len(topic.authors())
    topic.raised_ms, topic.raised_authors, topic.state = at_ms, authors, "emerging"
    posts = [post.terms for post in topic.posts.values()]
    topic.grounds = weighed(topic.terms, posts, counts, authors=authors, at_ms=at_ms, alarm=alarm, burst=burst)
