"""A topic as the fold of its lines."""

import pytest

from feeds.board import MAX_POINTS, absorb, at_ms_of, outlived
from tests.feed_lines import AT_MS, MINUTE_MS, entry, line


def test_a_topic_remembers_its_curve_its_states_and_its_words() -> None:
    """The topic's page shows how it came about, not only how it stands."""
    first = line(authors=9)
    grown = line(at_ms=AT_MS + MINUTE_MS, authors=38, state="trending", keywords=["食堂", "变质"])

    made = absorb(absorb(None, first), grown)

    assert [(point.at_ms, point.authors) for point in made.points] == [(AT_MS, 9), (AT_MS + MINUTE_MS, 38)]
    assert [(moment.at_ms, moment.state) for moment in made.moments] == [
        (AT_MS, "emerging"),
        (AT_MS + MINUTE_MS, "trending"),
    ]
    assert [wording.keywords for wording in made.wordings] == [["食堂", "学生"], ["食堂", "变质"]]
    assert made.line == grown


def test_a_repeated_or_older_line_changes_nothing() -> None:
    """Lines come at least once, and after a restart from some way back."""
    lines = [line(at_ms=AT_MS + minute * MINUTE_MS, authors=minute) for minute in range(4)]
    made = None
    for one in lines:
        made = absorb(made, one)

    again = made
    for one in lines:
        again = absorb(again, one)

    assert again == made


def test_a_second_line_of_one_moment_replaces_the_first() -> None:
    """A deletion may renew a line in the tick that wrote it."""
    made = absorb(entry(authors=9), line(authors=8, samples=[]))

    assert [(point.at_ms, point.authors) for point in made.points] == [(AT_MS, 8)]
    assert made.line.samples == []


def test_a_long_topic_keeps_its_beginning_and_stays_small() -> None:
    """Memory does not grow with a topic's life, and its curve still begins where it began."""
    made = entry()
    for minute in range(1, 3000):
        made = absorb(made, line(at_ms=AT_MS + minute * MINUTE_MS, state=("emerging", "trending")[minute % 2]))

    moments = [point.at_ms for point in made.points]
    assert len(moments) <= MAX_POINTS
    assert moments == sorted(moments)
    assert (moments[0], moments[-1]) == (AT_MS, AT_MS + 2999 * MINUTE_MS)
    assert len(made.moments) == 40
    assert made.moments[0].at_ms == AT_MS


def test_words_in_another_order_are_no_change() -> None:
    """They change places each minute; what was said stays the same."""
    made = absorb(entry(keywords=["食堂", "学生"]), line(at_ms=AT_MS + MINUTE_MS, keywords=["学生", "食堂"]))

    assert len(made.wordings) == 1
    assert made.line.keywords == ["学生", "食堂"]


def test_a_moment_without_a_zone_is_refused() -> None:
    """It would be taken for another moment on another machine."""
    with pytest.raises(ValueError, match="zone"):
        at_ms_of(line(at="2026-03-02T11:58:25"))


def test_topics_leave_when_nothing_was_heard_for_long() -> None:
    """Samples must not stay for ever."""
    entries = [entry("old"), entry("new", at_ms=AT_MS + MINUTE_MS)]

    assert outlived(entries, newest_ms=AT_MS + 3 * MINUTE_MS, keep_ms=2 * MINUTE_MS) == ["old"]
