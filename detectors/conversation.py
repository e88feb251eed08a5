"""Is a topic about children? Judged by what its posts say or quote, and by what people answer.

Reads the evidence of one topic, gives a probability. Touches nothing.

A text alone leaves doubt: an idol may be called a child, and a story of a named boy may hold no child word. What
people answer settles it: under a story about children, many comments speak of children too.
"""

import math
from collections.abc import Collection

from detectors.delta import CHILD_COMMENT, NO_COMMENT, Evidence

__all__ = ["child_probability"]

# Logistic regression on 1503 real conversations; docs/decisions/0007
TEXT_WEIGHT = 0.86
COMMENT_WEIGHT = 0.91
OFFSET = 3.8
PRIOR_HITS, PRIOR_COMMENTS = 0.25, 10.0  # what is assumed before anybody has answered


def child_probability(posts: Collection[Evidence]) -> float:
    """Probability that a topic with these posts is about children.

        logit = TEXT_WEIGHT x mean(logit(score)) + COMMENT_WEIGHT x ln((hits + 0.25) / (comments + 10)) + OFFSET

    Args:
        posts: its evidence of the last hour, at least one.

    Returns:
        0 < p < 1. Cost: O(posts).
    """
    text = sum(_logit(post.score) for post in posts) / len(posts)
    comments = sum(post.comment != NO_COMMENT for post in posts)
    hits = sum(post.comment == CHILD_COMMENT for post in posts)
    answer = math.log((hits + PRIOR_HITS) / (comments + PRIOR_COMMENTS))
    return 1.0 / (1.0 + math.exp(-(TEXT_WEIGHT * text + COMMENT_WEIGHT * answer + OFFSET)))


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))
