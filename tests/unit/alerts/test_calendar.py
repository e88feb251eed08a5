"""Quiet hours and the moments of digests, on the clock of a time zone."""

from datetime import datetime
from typing import Any

import pytest

from alerts.calendar import digest_due, is_news, is_quiet
from tests.alert_lines import alert_settings

ZONE = "Asia/Shanghai"


def ms(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp() * 1000)


@pytest.mark.parametrize(
    ("channel", "moment", "expected"),
    {
        "before": ({"quiet_hours": "22:00-07:00"}, "2026-03-02T21:59:59+08:00", False),
        "start": ({"quiet_hours": "22:00-07:00"}, "2026-03-02T22:00:00+08:00", True),
        "after-midnight": ({"quiet_hours": "22:00-07:00"}, "2026-03-03T00:00:00+08:00", True),
        "end": ({"quiet_hours": "22:00-07:00"}, "2026-03-03T07:00:00+08:00", False),
        "within-a-day": ({"quiet_hours": "12:00-13:30"}, "2026-03-03T13:29:00+08:00", True),
        "another-zone": ({"quiet_hours": "12:00-13:30"}, "2026-03-03T05:29:00+00:00", True),
        "saturday": ({"quiet_weekends": True}, "2026-03-07T00:00:00+08:00", True),
        "monday": ({"quiet_weekends": True}, "2026-03-09T00:00:00+08:00", False),
        "never": ({}, "2026-03-07T03:00:00+08:00", False),
    }.values(),
)
def test_quiet_hours_are_half_open_and_may_span_midnight(channel: dict[str, Any], moment: str, expected: bool) -> None:
    """Local time decides."""
    [made] = alert_settings({"name": "duty", **channel}).channel

    assert is_quiet(made, ms(moment), ZONE) == expected


@pytest.mark.parametrize(
    ("channel", "moment", "planned"),
    {
        "daily": ({"digest": "daily"}, "2026-03-04T09:00:00+08:00", "2026-03-04T09:00:00+08:00"),
        "daily-before": ({"digest": "daily"}, "2026-03-04T08:59:59+08:00", "2026-03-03T09:00:00+08:00"),
        "weekly": (
            {"digest": "weekly", "digest_at": "08:30"},
            "2026-03-04T09:00:00+08:00",
            "2026-03-02T08:30:00+08:00",
        ),
        "weekly-before": ({"digest": "weekly"}, "2026-03-02T08:00:00+08:00", "2026-02-23T09:00:00+08:00"),
    }.values(),
)
def test_the_last_planned_moment_of_a_digest_is_found(channel: dict[str, Any], moment: str, planned: str) -> None:
    """Weekly ones are planned for Mondays."""
    [made] = alert_settings({"name": "duty", **channel}).channel

    assert digest_due(made, ms(moment), ZONE) == ms(planned)


def test_days_follow_the_clock_where_it_is_put_forward() -> None:
    """In Berlin on 29 March 2026 nine o'clock is 23 hours after nine o'clock."""
    [made] = alert_settings({"name": "duty", "digest": "daily"}).channel

    before = digest_due(made, ms("2026-03-28T12:00:00+01:00"), "Europe/Berlin")
    after = digest_due(made, ms("2026-03-29T12:00:00+02:00"), "Europe/Berlin")

    assert after - before == 23 * 3_600_000


@pytest.mark.parametrize(
    ("at", "now", "quiet_weekends", "expected"),
    [
        ("2026-03-07T12:00+08:00", "2026-03-09T07:00+08:00", True, True),
        ("2026-03-06T23:00+08:00", "2026-03-09T07:00+08:00", True, True),
        ("2026-03-07T12:00+08:00", "2026-03-09T07:00+08:00", False, False),
        ("2026-03-06T06:00+08:00", "2026-03-09T07:00+08:00", True, False),
        ("2026-03-10T06:00+08:00", "2026-03-11T07:00+08:00", True, False),
        ("2025-03-10T06:00+08:00", "2026-03-09T07:00+08:00", True, False),
    ],
    ids=["saturday", "friday-night", "no-quiet-weekend", "friday-morning", "in-the-week", "an-archive"],
)
def test_what_a_quiet_weekend_held_is_news_on_monday(
    at: str, now: str, *, quiet_weekends: bool, expected: bool
) -> None:
    """It would else be told to nobody; an archive stays silent."""
    [channel] = alert_settings({"name": "duty", "quiet_weekends": quiet_weekends}).channel

    assert is_news(channel, ms(at), ms(now), ZONE) is expected
