"""Topic lines for the tests of alerts: invented, and complete where nothing else is said."""

from typing import Any

import msgspec

from contracts.alert_settings import AlertsSettings
from contracts.settings import read_settings
from contracts.topic import TopicLine
from detectors.report import iso

__all__ = ["NOON_MS", "TOPIC", "alert_settings", "line"]

NOON_MS = 1_772_424_000_000  # Monday 2026-03-02, 12:00 in Beijing
TOPIC = "5b1c0a9e77d2"
_PLAIN = {
    "topic": TOPIC,
    "state": "emerging",
    "title": "校园欺凌：视频、中学生",
    "keywords": ["视频", "中学生"],
    "categories": ["education"],
    "posts": 14,
    "authors": 12,
    "expected": 1.2,
    "score": 6.5,
    "reach": 34_000,
    "platforms": {"weibo": 12, "wechat": 2},
    "flags": [],
    "evidence": ["weibo:4454572602912349"],
    "samples": ["a redacted text that only operators may see"],
    "reason": "12 人 10 分钟内提到，平时 1.2 人；微博 12、微信 2",
}


def line(at_ms: int = NOON_MS, **changes: Any) -> TopicLine:
    """A line of this event time, with these fields."""
    fields = _PLAIN | {"at": iso(at_ms), "since": iso(NOON_MS - 8 * 60_000)} | changes
    return msgspec.convert(fields, TopicLine)


def alert_settings(*channels: dict[str, Any], **changes: Any) -> AlertsSettings:
    """Settings with these channels (a Slack called duty where there are none) and a route to all of them."""
    made = [{"kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/x"} | channel for channel in channels]
    made = made or [{"name": "duty", "kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/x"}]
    table = {"channel": made, "route": [{"name": "all", "channels": [channel["name"] for channel in made]}]}
    return read_settings({"alerts": table | changes}, {}).alerts
