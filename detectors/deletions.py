"""Whether more of a topic's posts vanish than usual, and what those say that the others do not. Pure.

A deletion lowers no count: the post was said. It is counted beside them, in the ten minutes in which it was found, and
held against how many of as many posts are usually found gone. One original that much of the topic quotes is enough.

    gone      校长 校长 公章 …          shared more by those that are gone than by those that stand: log odds,
    standing  家长 学校 家长 校长 …     half a post added to each count (Haldane)
"""

from collections import Counter
from collections.abc import Callable, Iterable

from contracts.told import Told, release
from detectors.burst import BurstRules
from detectors.delta import CONVERSATION, Evidence
from detectors.own import GONE
from detectors.topics import Lost, Topic
from detectors.usual import Usual

__all__ = ["is_vanishing", "lose", "lost_words"]

_LEAST_POSTS = 3  # gone: one author who thought better of it is no news
_BANS, _KEPT_BANS = 3.0, 1.5
_CARRIED, _CARRIED_POSTS = 0.25, 8  # an original that so much of the hour quoted, in so many posts
_MEMORY_MS = 24 * 3_600_000
_LEAST_USES = 3
_TIMES = 2.0
_WORDS = 5
_RULES = BurstRules()


def lose(topic: Topic, post: Evidence | None, conversation: str, now_ms: int) -> None:
    """Note that a post of the topic is gone.

    Args:
        topic: whose post it was; before the post is taken out of it.
        post: what was known of it, None where only its reposts were.
        conversation: mark of its id, which its reposts have as their conversation.
        now_ms: when it was found gone.
    """
    lost = topic.lost = topic.lost or Lost(first_ms=now_ms)
    topic.tally.note(GONE, now_ms)
    quoting = [other for other in topic.posts.values() if other.conversation == conversation]
    if len(quoting) >= _CARRIED_POSTS:
        lost.carried = max(lost.carried, len(quoting) / len(topic.posts))
    known = post or next((other for other in quoting if not other.is_own), None)
    if known is not None:
        lost.posts += 1
        for term in known.terms:
            if not term.startswith(CONVERSATION):
                lost.terms[term] = lost.terms.get(term, 0) + 1


def is_vanishing(topic: Topic, usual: Usual, now_ms: int) -> bool:
    """Whether the topic is to be flagged; it stays so while any of the 24 hours is known. Cost: microseconds."""
    lost = topic.lost
    if lost is None:
        return False
    gone = topic.tally.marked(GONE, now_ms - _MEMORY_MS)
    if not gone:
        return False
    posts = topic.tally.posts()
    bans = usual.surprise(GONE, gone, posts, now_ms, _RULES) if gone >= _LEAST_POSTS else 0.0
    found = lost.carried >= _CARRIED or bans >= (_KEPT_BANS if lost.flagged_ms else _BANS)
    if found and not lost.flagged_ms:
        lost.flagged_ms = now_ms
    return found


def lost_words(topic: Topic, may_show: Callable[[str], bool], weigh: Callable[[str], float]) -> list[Told]:
    """The words that the lost posts shared more than those that stand, most telling first.

    Args:
        topic: with something lost.
        may_show: whether a term may be broadcast.
        weigh: how telling a term is; breaks ties.
    """
    lost = topic.lost
    if lost is None or lost.posts < _LEAST_USES:
        return []
    standing = Counter(term for post in topic.posts.values() for term in post.terms)
    ratios = {
        term: (count + 0.5) / (lost.posts + 1) / ((standing[term] + 0.5) / (len(topic.posts) + 1))
        for term, count in lost.terms.items()
        if count >= _LEAST_USES and term not in topic.withheld and "#" not in term
    }
    telling = sorted((-ratio, -weigh(term), term) for term, ratio in ratios.items() if ratio >= _TIMES)
    shown = [term for _, _, term in telling if may_show(term)]
    return _released(shown[:_WORDS])


def _released(terms: Iterable[str]) -> list[Told]:
    terms = list(terms)
    return [release(term, terms) for term in terms]
