"""The score: its values, its bound, and the promise of the threshold."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.burst import BurstRules, alarm_bans, most_bans, surprise_bans

RULES = BurstRules()


@pytest.mark.parametrize(("authors", "bans"), [(3, 4.4), (4, 5.9), (5, 7.6)], ids=["three", "four", "five"])
def test_a_brand_new_term_scores_by_its_authors_alone(authors: int, bans: float) -> None:
    """With a past 52 times the window, each further author of an unseen word adds almost two bans."""
    score = surprise_bans(authors, past_authors=0, past_posts=52_000, posts=1000, rules=RULES)

    assert score == pytest.approx(bans, abs=0.3)


def test_quiet_and_usual_windows_score_nothing() -> None:
    """Two authors are too few to judge; the usual number of authors is no surprise."""
    assert surprise_bans(2, past_authors=0, past_posts=1e6, posts=100, rules=RULES) == 0
    assert surprise_bans(10, past_authors=1000, past_posts=100_000, posts=1100, rules=RULES) == 0


@given(st.integers(3, 10**5), st.floats(0, 1e5), st.floats(0, 1e7), st.integers(1, 10**6), st.floats(0, 5))
def test_what_is_left_out_unlooked_at_could_not_have_counted(
    authors: int, past: float, posts: float, seen: int, kappa: float
) -> None:
    """The cheap bound is never below the score, whatever the spread."""
    rules = BurstRules(kappa=kappa)
    mean = (rules.prior_authors + past) / (posts + rules.prior_posts) * seen

    score = surprise_bans(authors, past_authors=past, past_posts=posts, posts=seen, rules=rules)

    assert score == 0 if authors <= mean else score <= most_bans(authors, mean)


@given(st.integers(3, 10**6), st.floats(0, 1e6), st.floats(0, 1e9), st.integers(0, 10**7))
def test_the_score_is_finite_and_never_negative(authors: int, past: float, posts: float, seen: int) -> None:
    """No counts make the logarithms fail."""
    score = surprise_bans(authors, past_authors=past, past_posts=posts, posts=seen, rules=RULES)

    assert 0 <= score < math.inf


@given(st.integers(3, 1000), st.floats(0, 1000), st.integers(1, 10_000))
def test_more_authors_are_never_less_surprising(authors: int, past: float, posts: int) -> None:
    """The score grows with the authors, all else equal."""
    less, more = (
        surprise_bans(count, past_authors=past, past_posts=50_000, posts=posts, rules=RULES)
        for count in (authors, authors + 1)
    )

    assert less <= more + 1e-9


def test_the_bound_holds_for_gamma_poisson_chatter() -> None:
    """Of 20 000 windows drawn from the very model, at most one in a hundred scores two bans."""
    chance = random.Random(5)
    past_authors, past_posts, posts = 40.0, 40_000.0, 5000
    shape = RULES.prior_authors + past_authors
    size = 1 / (1 / shape + RULES.kappa)
    mean = shape / (past_posts + RULES.prior_posts) * posts

    def draw() -> int:
        rate, count, left = chance.gammavariate(size, mean / size), 0, 0.0
        while (left := left + chance.expovariate(1.0)) < rate:
            count += 1
        return count

    scores = [
        surprise_bans(draw(), past_authors=past_authors, past_posts=past_posts, posts=posts, rules=RULES)
        for _ in range(20_000)
    ]
    assert sum(score >= 2 for score in scores) / len(scores) <= 0.01


def test_the_alarm_follows_from_the_budget() -> None:
    """Ten times fewer false topics cost one ban; a tiny stream is not taken for its word."""
    ten = alarm_bans(looks_per_day=1e6, windows=2, false_topics_per_day=10)

    assert alarm_bans(looks_per_day=1e6, windows=2, false_topics_per_day=1) == pytest.approx(ten + 1)
    assert alarm_bans(looks_per_day=5, windows=2, false_topics_per_day=10) == pytest.approx(math.log10(2e4))
