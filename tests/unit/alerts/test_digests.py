"""Digests come when nothing matched, too; they and the operators hear how the sources are."""

import dataclasses
from typing import Any

from alerts.plan import Plan
from alerts.sources import Heard
from contracts.source_health import SourceHealth
from tests.alert_desk import HOUR_MS, MINUTE_MS, Desk
from tests.alert_lines import NOON_MS, alert_settings, line


def source(**fields: Any) -> SourceHealth:
    """A source that gives its last sign now, and is well."""
    plain: dict[str, Any] = {"name": "hot", "kind": "hot-list", "quiet_limit_s": 60.0}
    return SourceHealth(**plain | dict.fromkeys(("started_ms", "beat_ms", "quiet_ms"), NOON_MS) | fields)


def listened(at_ms: int, **fields: Any) -> Heard:
    return Heard(newest_ms=at_ms, sources=(source(**fields),), at_ms=at_ms)


def test_a_digest_comes_when_nothing_matched_too() -> None:
    """So that silence is known to be silence; the first one after a whole period."""
    desk = Desk(alert_settings({"name": "desk", "digest": "daily", "only_digest": True}))
    nine_ms = NOON_MS + 21 * HOUR_MS

    desk.at(NOON_MS)
    [empty] = desk.at(nine_ms, heard=Heard(newest_ms=nine_ms - MINUTE_MS))
    desk.at(nine_ms + HOUR_MS, line(nine_ms + HOUR_MS))
    [full] = desk.at(nine_ms + 24 * HOUR_MS)

    assert (empty.id, empty.kind, empty.total, empty.heard_ms) == (
        f"digest/{nine_ms}/desk",
        "digest",
        0,
        nine_ms - MINUTE_MS,
    )
    assert [item.topic for item in full.items] == ["5b1c0a9e77d2"]
    assert [alert.kind for alert in desk.told] == ["digest", "digest"]


def test_operators_hear_once_that_a_source_is_silent_and_once_that_it_is_well_again() -> None:
    """Not at every look; and a new process goes on from what was told."""
    desk = Desk(alert_settings({"name": "duty"}, {"name": "ops"}, operators=["ops"]))
    later_ms, well_ms = NOON_MS + MINUTE_MS + 1, NOON_MS + 9 * MINUTE_MS
    still = {"beat_ms": later_ms}

    quiet = desk.at(NOON_MS, heard=listened(NOON_MS))
    silent = desk.at(later_ms, heard=listened(later_ms, **still))
    told = desk.plan._sources
    desk.plan = Plan(sources=told)
    again = desk.at(later_ms + 1, heard=listened(later_ms + 1, **still))
    well = desk.at(well_ms, heard=listened(well_ms, beat_ms=well_ms, quiet_ms=well_ms))

    assert (quiet, again, told) == ([], [], {"hot": NOON_MS})
    assert [(one.channel, one.kind, one.severity, one.source and one.source.state) for one in (*silent, *well)] == [
        ("ops", "notice", "high", "silent"),
        ("ops", "notice", "info", "well"),
    ]
    assert len({one.id for one in (*silent, *well)}) == 2


def test_a_source_is_judged_by_the_moment_it_was_looked_at() -> None:
    """A look of an hour ago, after the machine slept, does not make it stopped; one that failed says nothing."""
    desk = Desk(alert_settings({"name": "ops"}, operators=["ops"]))

    assert desk.at(NOON_MS + HOUR_MS, heard=listened(NOON_MS)) == []
    assert desk.at(NOON_MS + HOUR_MS, heard=Heard()) == []


def test_just_after_a_start_no_source_counts_as_stopped() -> None:
    """Those that read them may be starting, too."""
    desk = Desk(alert_settings({"name": "ops"}, operators=["ops"]))
    later_ms = NOON_MS + HOUR_MS
    heard = listened(later_ms)

    starting = desk.at(later_ms, heard=dataclasses.replace(heard, is_settled=False))
    settled = desk.at(later_ms, heard=heard)

    assert (len(starting), len(settled)) == (0, 1)


def test_without_operators_nothing_counts_as_told() -> None:
    """Whoever is named later hears of what still holds."""
    desk = Desk(alert_settings({"name": "ops"}))
    later_ms = NOON_MS + HOUR_MS

    nobody = desk.at(later_ms, heard=listened(later_ms))
    desk.settings = alert_settings({"name": "ops"}, operators=["ops"])
    [told] = desk.at(later_ms, heard=listened(later_ms))

    assert nobody == []
    assert (told.channel, told.source and told.source.state) == ("ops", "stopped")


def test_a_digest_says_how_the_sources_are() -> None:
    """Nothing matched is told apart from nothing heard."""
    desk = Desk(alert_settings({"name": "desk", "digest": "daily", "only_digest": True}))
    nine_ms = NOON_MS + 21 * HOUR_MS

    desk.at(NOON_MS)
    [empty] = desk.at(nine_ms, heard=listened(nine_ms))

    assert (empty.total, empty.severity, empty.sources) == (0, "high", 1)
    assert [one.state for one in empty.unwell] == ["stopped"]


def test_a_weekly_digest_comes_on_mondays() -> None:
    """It looks back seven days."""
    desk = Desk(alert_settings({"name": "desk", "digest": "weekly", "only_digest": True}))
    day_ms = 24 * HOUR_MS

    told = [alert for day in range(15) for alert in desk.at(NOON_MS + day * day_ms)]

    assert [alert.created_ms for alert in told] == [NOON_MS + 7 * day_ms, NOON_MS + 14 * day_ms]
    assert {end - start for alert in told for start, end in [alert.period_ms]} == {7 * day_ms}
