"""What operators put aside on the feed is told no more, but for what is graver."""

from typing import Any

import pytest

from contracts.triage import Status, Triage
from tests.alert_desk import HOUR_MS, MINUTE_MS, Desk
from tests.alert_lines import NOON_MS, TOPIC, alert_settings, line


def _decided(status: Status, **fields: Any) -> dict[str, Triage]:
    return {TOPIC: Triage(status=status, by="lin", at_ms=NOON_MS, revision=1, **fields)}


@pytest.mark.parametrize(
    "decided",
    [
        pytest.param(_decided("dismissed", reason="duplicate"), id="dismissed"),
        pytest.param(_decided("muted", muted_until_ms=NOON_MS + 9 * HOUR_MS), id="muted"),
        pytest.param(_decided("merged", into="0a0a0a0a0a0a"), id="merged"),
    ],
)
def test_what_operators_put_aside_is_told_no_more(decided: dict[str, Triage]) -> None:
    """Neither that it grew nor that it ended; also what had not been told before."""
    desk = Desk()
    desk.at(NOON_MS, line(authors=12))

    grown = desk.at(NOON_MS + HOUR_MS, line(NOON_MS + HOUR_MS, authors=90), decided=decided)
    ended = desk.at(NOON_MS + 2 * HOUR_MS, line(NOON_MS + 2 * HOUR_MS, state="closed"), decided=decided)

    assert (grown, ended, Desk().at(NOON_MS, line(), decided=decided)) == ([], [], [])


@pytest.mark.parametrize("status", ["dismissed", "muted", "merged"])
def test_a_graver_flag_is_told_of_what_was_put_aside(status: Status) -> None:
    """Nobody can silence a child in danger; the same flag again is no news."""
    desk = Desk()
    decided = _decided(status, muted_until_ms=NOON_MS + 9 * HOUR_MS, flags=("exposure",))
    seen = desk.at(NOON_MS, line(flags=["exposure"]), decided=decided)

    [graver] = desk.at(NOON_MS + 1000, line(NOON_MS + 1000, flags=["minor-at-risk"]), decided=decided)

    assert seen == []
    assert graver.severity == "critical"
    assert "minor-at-risk" in graver.changes


def test_a_flag_of_a_merged_topic_is_not_told_twice() -> None:
    """The topic that it was merged into has told of it."""
    desk, into = Desk(), "0a0a0a0a0a0a"
    desk.at(NOON_MS, line(topic=into, flags=["exposure"]))

    told = desk.at(NOON_MS + 1000, line(NOON_MS + 1000, flags=["exposure"]), decided=_decided("merged", into=into))

    assert told == []


def test_what_happened_during_a_mute_is_told_when_it_ends() -> None:
    """The mute is for a time, not for ever."""
    desk = Desk()
    decided = _decided("muted", muted_until_ms=NOON_MS + HOUR_MS)
    desk.at(NOON_MS, line(authors=12))
    desk.at(NOON_MS + 50 * MINUTE_MS, line(NOON_MS + 50 * MINUTE_MS, authors=90), decided=decided)

    [grown] = desk.at(NOON_MS + HOUR_MS, decided=decided)

    assert "grown" in grown.changes


@pytest.mark.parametrize(
    ("decided", "named"),
    [
        pytest.param(_decided("dismissed", reason="handled"), 1, id="handled"),
        pytest.param(_decided("dismissed", reason="false-alarm"), 0, id="false-alarm"),
        pytest.param(_decided("merged", into="0a0a0a0a0a0a"), 0, id="merged"),
        pytest.param(_decided("muted", muted_until_ms=NOON_MS + 99 * HOUR_MS), 0, id="muted"),
        pytest.param(_decided("muted", muted_until_ms=NOON_MS + HOUR_MS), 1, id="no-longer-muted"),
    ],
)
def test_a_digest_names_what_was_dealt_with_and_not_what_was_none(decided: dict[str, Triage], named: int) -> None:
    """An operator who dismissed a false alarm does not read of it the next morning."""
    desk = Desk(alert_settings({"name": "desk", "digest": "daily", "only_digest": True}))
    morning_ms = NOON_MS + 21 * HOUR_MS
    desk.at(NOON_MS, line(), decided=decided)

    [digest] = [alert for alert in desk.at(morning_ms, decided=decided) if alert.kind == "digest"]

    assert digest.total == named
