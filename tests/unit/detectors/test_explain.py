"""Why a topic was raised, in numbers; and that what may not be shown is counted but never named."""

import re

import pytest
import rjieba

from contracts.topic import TopicLine
from detectors.broadcast import Broadcast
from detectors.delta import CONVERSATION, Delta, Evidence, Ranking, quantum_of
from detectors.detector import Detector
from detectors.reasons import LANGUAGES, Language, reason_of_line
from detectors.rules import DetectRules
from streams.detect_store import decode_state, encode_state

START_MS = 1_772_380_800_000
HOUR_MS, MINUTE_MS, TICK_MS = 3_600_000, 60_000, 5000


def raised(language: Language = "zh") -> tuple[Detector, TopicLine]:
    """A day of unrelated chatter, then eight people repost one thing: the bus (released) and a name (not)."""
    detector = Detector(DetectRules(language=language), Broadcast({"校车", "侧翻"}, rjieba.tag, str))
    lines: list[TopicLine] = []
    for minute in range(25 * 60):
        at_ms = START_MS + minute * MINUTE_MS
        lines += detector.step(at_ms + TICK_MS, [Delta(quantum_of(at_ms), {at_ms // MINUTE_MS: 10}, {}, [])])
    at_ms = START_MS + 25 * HOUR_MS
    terms = ("校车", "侧翻", "苗禾禾", f"{CONVERSATION}weibo:1")
    for number in range(8):
        minute = at_ms // MINUTE_MS
        post = Evidence(f"weibo:{number}", f"a{number}", at_ms, "weibo", 10, "weibo:1", terms, ("safety",))
        lines += detector.step(
            at_ms + TICK_MS, [Delta(quantum_of(at_ms), {minute: 10}, {minute: dict.fromkeys(terms, 1)}, [post])]
        )
        at_ms += TICK_MS
    assert len({line.topic for line in lines}) == 1
    return detector, lines[-1]


def test_every_term_is_told_with_its_scores_and_names_stay_out() -> None:
    """Four terms, two of them named; the reposts are one term, a child's name is only counted."""
    detector, line = raised()

    found = detector.explain(line.topic)

    assert found is not None
    assert (found.title, found.reason) == (line.title, line.reason)
    assert sorted(term.term for term in found.terms) == ["", "", "侧翻", "校车"]
    assert [term.is_conversation for term in found.terms].count(True) == 1
    assert "苗禾禾" not in repr(found)
    assert all(term.best_bans >= found.low_bans for term in found.terms)
    assert max(term.best_bans for term in found.terms) >= found.alarm_bans
    for term in found.terms:
        assert [window.minutes for window in term.windows] == [10, 60]
        assert all(window.authors == 8 and 0 < window.expected < 1 < window.bans for window in term.windows)


def test_a_line_tells_what_its_topic_was_raised_on() -> None:
    """As it stood then, on each later line, through a snapshot; a name is counted and never told."""
    detector, line = raised()

    detector = Detector(
        DetectRules(), Broadcast({"校车", "侧翻"}, rjieba.tag, str), decode_state(encode_state(detector.snapshot()))
    )
    later = detector.step(detector.state.tick_ms + 40 * MINUTE_MS, [])[-1]

    grounds = line.grounds
    assert grounds is not None
    assert (later.grounds, grounds.others) == (grounds, 0)
    assert (grounds.posts, grounds.authors) == (5, 5)
    assert sorted((found.term, found.is_conversation) for found in grounds.terms) == [
        ("", False),
        ("", True),
        ("侧翻", False),
        ("校车", False),
    ]
    for found in grounds.terms:
        assert (found.authors, found.posts, found.minutes) == (5, 5, 10)
        assert found.expected < 1 < grounds.alarm <= found.score
    assert "苗禾禾" not in repr(later)


@pytest.mark.parametrize(
    ("language", "beginning"), [("zh", "8 人 10 分钟内提到，平时"), ("en", "8 people in 10 minutes, usually")]
)
def test_the_reason_names_the_most_surprising_window(language: Language, beginning: str) -> None:
    """Within ten minutes it is rarer than within the hour."""
    detector, line = raised(language)
    at_ms = detector.state.tick_ms + MINUTE_MS

    lines = detector.step(at_ms, [])

    told = lines[-1] if lines else line
    assert told.reason.startswith(beginning)
    assert [*told.reason_in] == [other for other in LANGUAGES if other != language]


def test_each_language_tells_the_same_numbers() -> None:
    """Of the same people in the same minutes: not of the hour, where fewer would be surprising."""
    _, line = raised()
    chinese, english = (re.findall(r"\d[\d.]*", str(reason_of_line(line, language))) for language in LANGUAGES)

    assert chinese == english == ["5", "10", "0.1", "5"]
    assert str(reason_of_line(line, "en")).startswith("5 people in 10 minutes, usually under 0.1")


def test_an_unknown_topic_has_no_explanation() -> None:
    """Nor has one that has not been raised."""
    detector, _ = raised()

    assert detector.explain("0000") is None


def test_a_topic_from_lists_is_told_by_its_places() -> None:
    """Rank and heat now and at best; of a title that may name somebody only what may be told."""
    detector = Detector(DetectRules(), Broadcast({"校车", "侧翻"}, rjieba.tag, str))
    entry = Ranking(
        "l:1",
        START_MS,
        "weibo",
        "weibo_hot_search",
        7,
        90_000,
        ("苗禾禾", "校车", "侧翻"),
        ("校车", "侧翻"),
        (),
        ("safety",),
        relevance=170,
    )

    (line,) = detector.step(
        START_MS + TICK_MS, [Delta(quantum_of(START_MS), {}, {}, [], [entry], {"weibo_hot_search": START_MS})]
    )
    found = detector.explain(line.topic)

    assert found is not None
    (place,) = found.entries
    assert (place.title, place.rank, place.top_rank, place.heat, place.stands) == ("校车侧翻", 7, 7, 90_000, True)
    assert (place.relevance, place.ties, line.listed[0].relevance) == (170, (), 170)
    assert "苗禾禾" not in repr(line.listed)
    assert "苗禾禾" not in repr(found)
