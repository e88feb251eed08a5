"""The peers' scores at numbers worked out by hand, and how topics are held against stories."""

import math

import pytest

from benchmarks.marks import hold, marks_of
from benchmarks.peers import eta, poisson_bans
from benchmarks.streams import Story, Stream
from contracts.told import release
from contracts.topic import TopicLine

HOUR_MS = 3_600_000


def test_poisson_bans_are_the_exact_tail() -> None:
    """1 - e^-1 (1 + 1 + 1/2) for three or more where one is expected."""
    assert poisson_bans(3, 1.0) == pytest.approx(-math.log10(1 - math.exp(-1) * 2.5), rel=1e-9)
    assert poisson_bans(1, 1.0) == 0


def test_eta_is_one_at_the_edge_of_the_interval() -> None:
    """The upper end of the 0.99 interval of an expected 10 is 21.40 (half of chi-squared's, 22 degrees, 0.995)."""
    assert eta(20, 10.0) == pytest.approx(10 / 11.40, rel=0.002)


def line(topic: str, at: str, *evidence: str, title: str = "") -> TopicLine:
    return TopicLine(
        at=at, topic=topic, state="emerging", title=release(title, {title}), keywords=[], categories=[], posts=1,
        authors=1, expected=0, score=0, reach=None, platforms={}, since=at, flags=[],
        evidence=list(evidence), samples=[], reason=release("", {""}),
    )  # fmt: skip


def test_topics_are_held_against_stories() -> None:
    """One story in time, one late, one missed, two topics of the first; one false, one mixed, one that counts not."""
    many_ms = 10 * HOUR_MS
    stories = {
        "a": Story(HOUR_MS, many_ms, about_children=True),
        "b": Story(HOUR_MS, many_ms, about_children=True),
        "c": Story(HOUR_MS, many_ms, about_children=True),
        "first-day": Story(0, HOUR_MS, about_children=True),
        "other": Story(HOUR_MS, many_ms, about_children=False),
        "unsure": Story(HOUR_MS, many_ms, about_children=True, is_unsure=True),
    }
    stream = Stream("", list, lambda post: post.partition("-")[0] if post in POSTS else None, stories)
    alerts = [
        line("1", "1970-01-01T09:00:00+00:00", "a-1", "a-2"),
        line("2", "1970-01-01T11:00:00+00:00", "a-1"),
        line("3", "1970-01-01T11:00:00+00:00", "b-1"),
        line("4", "1970-01-01T09:00:00+00:00", "other-1"),
        line("5", "1970-01-01T09:00:00+00:00", "a-1", "b-1", "c-1"),
        line("6", "1970-01-01T09:00:00+00:00", "unsure-1"),
    ]

    marks = marks_of([hold(alerts, stream, after_ms=HOUR_MS, days=2)], alarm=1)

    assert marks.recall == pytest.approx(1 / 3)
    assert marks.precision == pytest.approx(3 / 5)
    assert marks.fragments == pytest.approx(3 / 2)
    assert marks.lead_minutes == pytest.approx(0)
    assert marks.false_per_day == pytest.approx(1)
    assert (marks.heard, marks.worth, marks.false) == (1, 3, 2)


def test_a_half_of_the_stories_is_marked_by_itself() -> None:
    """What was tuned on one half is read off the other: no alert and no story of the other counts."""
    stories = {name: Story(0, 10 * HOUR_MS, about_children=name != "1") for name in ("1", "2", "3")}
    stream = Stream("", list, lambda post: post.partition("-")[0], stories)
    alerts = [line(name, "1970-01-01T09:00:00+00:00", f"{name}-1") for name in stories]

    even = marks_of([hold(alerts, stream, after_ms=0, days=1, chosen=lambda name: name == "2")], alarm=1)

    assert (even.heard, even.worth, even.false, even.precision) == (1, 1, 0, 1.0)


POSTS = {"a-1", "a-2", "b-1", "c-1", "other-1", "unsure-1"}


def test_a_title_is_worded_when_it_holds_a_labelled_word_whole() -> None:
    """Of the alerts of child stories that have such words: one of two here; a part of a word is not it."""
    words = frozenset({"校车", "侧翻事故"})
    stories = {"a": Story(0, HOUR_MS, about_children=True, words=words), "b": Story(0, HOUR_MS, about_children=True)}
    stream = Stream("", list, lambda post: post.partition("-")[0], stories)
    alerts = [
        line("1", "1970-01-01T00:30:00+00:00", "a-1", title="儿童安全：校车、受伤"),
        line("2", "1970-01-01T00:40:00+00:00", "a-2", title="儿童安全：侧翻、受伤"),
        line("3", "1970-01-01T00:40:00+00:00", "b-1", title="儿童安全：受伤"),
    ]

    assert marks_of([hold(alerts, stream, after_ms=0, days=1)], alarm=1).worded == 0.5
    assert math.isnan(marks_of([hold(alerts[2:], stream, after_ms=0, days=1)], alarm=1).worded)
