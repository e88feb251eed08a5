"""Score how surprising a term's latest window is, against its own past and the volume of all posts.

Reads counts, gives bans (-log10 of a chance bound). Touches nothing: no clock, no state.
"""

import math
from dataclasses import dataclass

__all__ = ["BurstRules", "alarm_bans", "most_bans", "surprise_bans", "tail_bans"]

_NATS_PER_BAN = math.log(10)
_ROUNDING = 1e-9  # bans; more than the last digits of either bound differ by
LOOKS_PER_DAY_FLOOR = 100_000.0  # below it the first hours of a small stream would set a careless threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class BurstRules:
    """The prior and the spread of the score (docs/decisions/0004).

    Attributes:
        prior_authors: a0 of the Gamma prior: uses of a term never seen before.
        prior_posts: b0, posts; small, or frequent terms' rates would be shrunk and the null rate rise 50-fold.
        kappa: extra-Poisson variance of ordinary chatter, in units of the squared mean.
        min_authors: below this a window is too quiet to judge.
    """

    prior_authors: float = 0.5
    prior_posts: float = 500.0
    kappa: float = 0.5
    min_authors: int = 3


def surprise_bans(
    authors: int, *, past_authors: float, past_posts: float, posts: int, rules: BurstRules, usual: float = 0.0
) -> float:
    """Chernoff bound of the negative-binomial tail, as bans: 3.0 = at most once per 1000 quiet windows.

        a = a0 + past_authors;  mu = max(a / (past_posts + b0) * posts, usual);  r = 1 / (1/a + kappa)
        score = [k ln(k (r+mu) / (mu (r+k))) + r ln((r+mu) / (r+k))] / ln 10   if k > mu else 0

    Args:
        authors: k, distinct authors that used the term in the window.
        past_authors: the same, decayed, before the window's guard band; >= 0.
        past_posts: decayed posts seen before the guard band; >= 0.
        posts: posts seen in the window, relevant or not: a faster crawler or the evening is no trend.
        rules: prior and spread.
        usual: uses that are usual in such a window at this hour of the day (detectors.rhythm), 0 without a habit.

    Returns:
        0 <= score < inf; 0 below `min_authors`.

    False alarms: P(K >= k) <= 10^-score for a term whose authors are Gamma-Poisson around its own past.
    Source: Gamma-Poisson surveillance (Farrington; R `surveillance`). Cost: O(1).

    >>> round(surprise_bans(5, past_authors=0, past_posts=52_000, posts=1000, rules=BurstRules()), 1)
    7.6
    """
    if authors < rules.min_authors:
        return 0.0
    shape = rules.prior_authors + past_authors
    mean = max(shape / (past_posts + rules.prior_posts) * max(posts, 1), usual)
    return tail_bans(authors, mean, 1.0 / (1.0 / shape + rules.kappa))


def tail_bans(authors: int, mean: float, size: float) -> float:
    """The bound itself, of k authors where a negative binomial of mean mu and size r is usual; 0 up to the mean."""
    if authors <= mean:
        return 0.0
    gain = authors * math.log(authors * (size + mean) / (mean * (size + authors)))
    return (gain + size * math.log((size + mean) / (size + authors))) / _NATS_PER_BAN


def most_bans(authors: int, mean: float) -> float:
    """What `surprise_bans` is at most, for authors > mean > 0: the bound without any spread, one logarithm.

    The negative binomial's exponent grows with r and tends to Poisson's, k ln(k / mu) - k + mu.

    >>> round(most_bans(5, 0.0095), 1), round(most_bans(3, 1.0), 2)
    (11.4, 0.56)
    """
    return (authors * math.log(authors / mean) - authors + mean) / _NATS_PER_BAN + _ROUNDING


def alarm_bans(*, looks_per_day: float, windows: int, false_topics_per_day: float) -> float:
    """The score from which one term alone raises a topic: a promise, not a taste.

    A new crossing can only happen when a term is used, so by linearity of expectation looks x windows x
    10^-score bounds the false topics of a day, however dependent terms and windows are.

    Args:
        looks_per_day: distinct (term, author, hour) uses a day, measured.
        windows: how many window lengths are looked at.
        false_topics_per_day: what the operator tolerates, > 0.

    >>> round(alarm_bans(looks_per_day=100_000, windows=2, false_topics_per_day=10), 2)
    4.3
    """
    looks = max(looks_per_day, LOOKS_PER_DAY_FLOOR)
    return math.log10(windows * looks / false_topics_per_day)
