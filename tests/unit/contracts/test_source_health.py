"""How a source is, and what operators are told of it: once when it falls silent, once when it speaks again."""

import msgspec
import pytest

from contracts.source_health import (
    STOPPED_MS,
    Fault,
    FaultKind,
    SourceHealth,
    SourceNotice,
    SourceState,
    source_notices,
)

NOW_MS = 1_772_416_800_000
MINUTE_MS = 60_000
AWAY = Fault(FaultKind.CRAWLER, 432, NOW_MS - MINUTE_MS)


def source(**changes: object) -> SourceHealth:
    """One that gave something a minute ago, may be quiet for ten and unanswered for five."""
    minute_ago = NOW_MS - MINUTE_MS
    made = SourceHealth(
        name="weibo-hot",
        kind="weibo-hot-list",
        started_ms=NOW_MS - 90 * MINUTE_MS,
        beat_ms=NOW_MS,
        item_ms=minute_ago,
        quiet_ms=minute_ago,
        quiet_limit_s=600,
        unanswered_ms=minute_ago,
        answer_limit_s=300,
    )
    return msgspec.structs.replace(made, **changes)


STATES: dict[str, tuple[dict[str, object], SourceState, int]] = {
    "well": ({}, "well", 90),
    "learning": ({"quiet_limit_s": 0, "quiet_ms": 0}, "learning", 90),
    "silent": ({"quiet_ms": NOW_MS - 11 * MINUTE_MS}, "silent", 11),
    "away": ({"unanswered_ms": NOW_MS - 6 * MINUTE_MS, "quiet_ms": NOW_MS - 11 * MINUTE_MS}, "away", 6),
    "never answered": ({"fault": AWAY}, "away", 1),
    "failed once": ({"fault": AWAY, "answer_ms": NOW_MS - MINUTE_MS}, "well", 90),
    "not asked": ({"unanswered_ms": 0, "answer_limit_s": 0}, "well", 90),
    "stopped": ({"beat_ms": NOW_MS - STOPPED_MS - 1, "unanswered_ms": 0}, "stopped", 3),
}


@pytest.mark.parametrize(("changes", "state", "minutes"), STATES.values(), ids=STATES.keys())
def test_a_source_is_in_one_state(changes: dict[str, object], state: SourceState, minutes: int) -> None:
    """Nobody reading it goes before no answer, and that before silence."""
    verdict = source(**changes).verdict(NOW_MS)

    assert (verdict.state, (NOW_MS - verdict.since_ms) // MINUTE_MS) == (state, minutes)
    assert verdict.is_well == (state in ("well", "learning"))


def test_a_silence_is_told_once_and_so_is_its_end() -> None:
    """Also where it goes on as another fault; both notices say since when."""
    away = source(unanswered_ms=NOW_MS - 6 * MINUTE_MS, fault=AWAY)
    stopped = source(beat_ms=NOW_MS - STOPPED_MS - 1)
    since_ms = NOW_MS - 6 * MINUTE_MS

    told, first = source_notices({}, [away], NOW_MS)
    told, second = source_notices(told, [stopped], NOW_MS)
    told, third = source_notices(told, [source()], NOW_MS)
    told, fourth = source_notices(told, [source()], NOW_MS)

    ended = SourceNotice(name="weibo-hot", kind="weibo-hot-list", state="well", since_ms=since_ms, at_ms=NOW_MS)
    assert first == [msgspec.structs.replace(ended, state="away", fault=AWAY)]
    assert second == []
    assert third == [ended]
    assert (told, fourth) == ({}, [])


def test_a_source_that_is_gone_or_was_never_read_is_not_told() -> None:
    """Removing it from the settings is meant."""
    never = source(started_ms=0, beat_ms=0)

    assert source_notices({"weibo-hot": 1}, [], NOW_MS) == ({}, [])
    assert source_notices({}, [never], NOW_MS) == ({}, [])


@pytest.mark.parametrize("kind", FaultKind)
def test_each_fault_has_words_in_both_languages(kind: FaultKind) -> None:
    """With the platform's number before them."""
    fault = Fault(kind, 403, 0)

    assert fault.said("zh").startswith("403: ")
    assert fault.said("en").startswith("403: ")
    assert fault.said("en").isascii()
    assert not fault.said("zh").isascii()
