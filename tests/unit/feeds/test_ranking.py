"""What an operator sees, in which order."""

from typing import Any

import pytest

from contracts.triage import Triage
from feeds.ranking import Filter, page_of, select
from tests.feed_lines import AT_MS, entry, many


def shown(entries: list[Any], wanted: Filter, triages: dict[str, Triage] | None = None) -> list[str]:
    return [found.line.topic for found in select(entries, triages or {}, wanted, who="lin", now_ms=AT_MS)]


def test_a_child_in_danger_comes_first_then_exposure_then_state_score_and_size() -> None:
    """What presses most is read first, however small it is."""
    entries = [
        entry("small", score=9, authors=10),
        entry("big", score=9, authors=400),
        entry("surprising", score=30, authors=10),
        entry("back-to-usual", score=99, authors=30, expected=29.0),
        entry("older", state="trending", score=99),
        entry("on-a-list", state="fading", score=98, authors=0, expected=0.0),
        entry("fading", state="fading", score=99),
        entry("exposed", state="fading", flags=["exposure"]),
        entry("danger", state="fading", score=4, flags=["minor-at-risk", "exposure"]),
    ]

    assert shown(entries, Filter()) == [
        "danger",
        "exposed",
        "surprising",
        "big",
        "small",
        "older",
        "fading",
        "on-a-list",
        "back-to-usual",
    ]


FILTERS = {
    "category": ({"category": "health"}, ["b"]),
    "state": ({"state": "fading"}, ["b"]),
    "closed-too": ({"state": "all"}, ["a", "b", "c"]),
    "platform": ({"platform": "xhs"}, ["b"]),
    "region": ({"region": "四川成都"}, ["b"]),
    "flag": ({"flag": "exposure"}, ["b"]),
    "words-of-the-title": ({"q": "疫苗 发烧"}, ["b"]),
    "not-all-of-the-words": ({"q": "疫苗 校车"}, []),
    "id": ({"q": "B"}, ["b"]),
    "mine": ({"mine": "1"}, ["a"]),
    "confirmed": ({"triage": "confirmed"}, ["a"]),
    "no-such-choice": ({"state": "whatever", "lang": "en"}, ["a", "b"]),
}


@pytest.mark.parametrize(("given", "expected"), FILTERS.values(), ids=FILTERS)
def test_a_filter_shows_what_it_says(given: dict[str, str], expected: list[str]) -> None:
    """Each field narrows what is shown; an unknown value does not."""
    entries = [
        entry("a", flags=[]),
        entry(
            "b",
            state="fading",
            title="儿童健康：疫苗、发烧",
            keywords=["疫苗", "发烧"],
            categories=["health"],
            platforms={"xhs": 3},
            flags=["exposure"],
            regions={"四川成都": 31},
        ),
        entry("c", state="closed"),
    ]
    triages = {"a": Triage(status="confirmed", assignee="lin")}

    assert sorted(shown(entries, Filter.of(given), triages)) == expected


def test_what_was_put_aside_is_not_shown_unless_asked_for() -> None:
    """Dismissed and muted topics are out of the way, not gone."""
    entries = [entry("a"), entry("b"), entry("c")]
    triages = {
        "a": Triage(status="dismissed", reason="duplicate"),
        "b": Triage(status="muted", muted_until_ms=AT_MS + 1),
        "c": Triage(status="muted", muted_until_ms=AT_MS),
    }

    assert shown(entries, Filter(), triages) == ["c"]
    assert shown(entries, Filter(triage="muted"), triages) == ["b"]
    assert shown(entries, Filter(triage="all"), triages) == ["a", "b", "c"]


def test_an_address_gives_the_filter_back() -> None:
    """A filter is kept in the address: a reload or a link shows the same."""
    wanted = Filter(category="health", state="all", q="疫苗", mine=True)

    assert Filter.of(wanted.parameters()) == wanted
    assert Filter().parameters() == {}


def test_pages_hold_every_topic_once_whatever_comes_in_between() -> None:
    """A cursor is a place in the order."""
    entries = select(many(50), {}, Filter(), who="", now_ms=AT_MS)
    newcomer = entry("newcomer", score=9999)

    first = page_of(entries, after=None, limit=20)
    second = page_of([newcomer, *entries], after=first.after, limit=20)
    third = page_of(entries, after=second.after, limit=20)

    assert [*first.entries, *second.entries, *third.entries] == entries
    assert (first.total, third.after) == (50, None)


@pytest.mark.parametrize("cursor", ["x", "!!!", "bnVsbA", "WzFd"])
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    """It is said, not taken for the beginning."""
    with pytest.raises(ValueError, match="cursor"):
        page_of([entry()], after=cursor, limit=5)
