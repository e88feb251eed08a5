"""What some posts say, as a profile, and how alike two are. Pure."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from detectors.delta import Evidence

__all__ = ["Profile", "Weigh", "cosine", "group_by_conversation", "profile"]

_NEWEST = 60  # posts that are compared: a flood says the same thing a thousand times

Weigh = Callable[[str], float]
Profile = dict[str, float]


def profile(posts: Iterable[Evidence], weigh: Weigh) -> Profile:
    """Term -> share of the newest posts that hold it x how telling it is; terms of a single post left out."""
    newest = list(posts)[-_NEWEST:]
    held = Counter(chain.from_iterable(post.terms for post in newest))
    return {term: count / len(newest) * weigh(term) for term, count in sorted(held.items()) if count > 1}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How alike two profiles are, 0 to 1."""
    shared = sum(weight * other[term] for term, weight in one.items() if term in other)
    lengths = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return shared / lengths if lengths else 0.0


def group_by_conversation(posts: Iterable[Evidence]) -> dict[str, Sequence[Evidence]]:
    """Conversation -> its posts: they stay together, whatever is parted."""
    groups: dict[str, list[Evidence]] = {}
    for post in posts:
        groups.setdefault(post.conversation, []).append(post)
    return dict(groups)
