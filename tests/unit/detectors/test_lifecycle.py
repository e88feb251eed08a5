"""A raised topic goes through its states, and stays in none that its numbers have left."""

import pytest

from detectors.lifecycle import CLOSE_AFTER_MS, advance, next_state
from detectors.topics import Topic

MINUTE_MS = 60_000
RAISED_MS = 100 * MINUTE_MS


def raised(state: str = "emerging") -> Topic:
    """A topic raised with twelve authors."""
    topic = Topic(id="t", born_ms=RAISED_MS, first_ms=RAISED_MS, active_ms=RAISED_MS)
    topic.raised_ms, topic.raised_authors, topic.state = RAISED_MS, 12, state  # type: ignore[assignment]  # one of the four
    return topic


@pytest.mark.parametrize(
    ("state", "minutes", "pace", "authors", "expected"),  # usual are seven
    [
        ("emerging", 5, 1.0, 12, "emerging"),
        ("emerging", 5, 1.3, 36, "trending"),  # three times its size, and growing
        ("emerging", 5, 1.3, 35, "emerging"),
        ("emerging", 30, 1.0, 12, "trending"),  # sustained
        ("trending", 60, 0.59, 40, "fading"),
        ("trending", 60, 0.61, 40, "trending"),
        ("trending", 60, 6.0, 7, "fading"),  # its words go on in other talk, its people have gone
        ("trending", 60, 6.0, 8, "trending"),
        ("fading", 90, 1.1, 12, "fading"),
        ("fading", 90, 1.3, 12, "trending"),  # it comes back
        ("fading", 90, 1.3, 7, "fading"),
    ],
)
def test_a_state_follows_from_pace_and_people(
    state: str, minutes: int, pace: float, authors: int, expected: str
) -> None:
    """At the edges of each rule."""
    now_ms = RAISED_MS + minutes * MINUTE_MS
    topic = raised(state)
    topic.active_ms = now_ms

    assert next_state(topic, now_ms=now_ms, pace=pace, authors=authors, usual=7.0) == expected


def test_a_topic_fades_when_two_thirds_of_its_people_have_gone() -> None:
    """Also where none were to be expected."""
    topic = raised("trending")

    assert [next_state(topic, now_ms=RAISED_MS, pace=2.0, authors=n, usual=0.1) for n in (4, 5)] == [
        "fading",
        "trending",
    ]


def test_a_topic_on_an_edge_does_not_flicker() -> None:
    """A state is left in the second minute in a row only."""
    topic = raised("trending")
    paces = [0.5, 0.7, 0.5, 0.5]

    changes = [
        advance(topic, now_ms=RAISED_MS + minute * MINUTE_MS, pace=pace, authors=12, usual=0.1)
        for minute, pace in enumerate(paces)
    ]

    assert (changes, topic.state) == ([False, False, False, True], "fading")


def test_a_topic_without_a_burst_for_six_hours_closes_at_once() -> None:
    """Whatever is still said."""
    topic = raised("trending")

    assert advance(topic, now_ms=RAISED_MS + CLOSE_AFTER_MS, pace=1.0, authors=12, usual=0.1)
    assert topic.state == "closed"
