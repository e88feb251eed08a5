"""What `tongsheng alerts explain` says of a channel."""

from typing import Any

import pytest

from alerts.story import Thread
from contracts.alert import Severity
from tests.alert_lines import NOON_MS, alert_settings
from tongsheng.alert_questions import told_of

WAITING = Thread(language="zh", wanted_ms=NOON_MS)
SINCE = "not told yet; something to tell since 2026-03-02T12:00:00+08:00"


@pytest.mark.parametrize(
    ("channel", "severity", "said"),
    {
        "due": ({}, "high", SINCE),
        "quiet": ({"quiet_hours": "11:00-13:00"}, "high", f"{SINCE}, held by its quiet hours or weekend"),
        "piercing": ({"quiet_hours": "11:00-13:00"}, "critical", SINCE),
        "digest": ({"digest": "weekly", "only_digest": True}, "critical", "told in its weekly digest only"),
    }.values(),
)
def test_it_says_what_holds_a_message_back(channel: dict[str, Any], severity: Severity, said: str) -> None:
    """So that nobody looks for a fault where there is none."""
    settings = alert_settings({"name": "duty"} | channel)

    assert told_of(WAITING, severity, "duty", settings, NOON_MS) == said


def test_it_says_that_a_channel_is_gone() -> None:
    """A topic was routed there before the settings were edited."""
    assert told_of(WAITING, "high", "gone", alert_settings(), NOON_MS) == "not told yet; it is gone from the settings"
