"""Topic lines for the tests of alerts: invented, and complete where nothing else is said."""

from itertools import product
from typing import Any, get_args

import msgspec

from contracts.alert import SEVERITIES, Alert, Change, Item, NoticeCause, Peak
from contracts.alert_settings import AlertsSettings
from contracts.platforms import PLATFORMS
from contracts.settings import read_settings
from contracts.source_health import Fault, FaultKind, SourceNotice, SourceState
from contracts.topic import FLAGS, State, TopicLine
from detectors.categories import CATEGORIES
from detectors.report import iso

__all__ = [
    "AUDIENCE",
    "CAMPAIGN",
    "NOON_MS",
    "SOURCE",
    "TOPIC",
    "UPTAKE",
    "VANISHED",
    "alert_settings",
    "every_alert",
    "line",
    "topic_alert",
]

NOON_MS = 1_772_424_000_000  # Monday 2026-03-02, 12:00 in Beijing
TOPIC = "5b1c0a9e77d2"
SOURCE = "weibo-hot-2"  # letters and digits in one word: the last guard has to know it
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
    "reason": "12 人 10 分钟内提到，平时 1.2 人；微博 10、微信 2",
}


AUDIENCE = {
    "authors": 1210,
    "people": 33_900,
    "followers": 34_000,
    "told": 0.86,
    "posts": 1400,
    "own": 1,
    "echoes": 40,
    "platforms": {"weibo": [1200, 33_900], "wechat": [10, None]},
}


CAMPAIGN = {
    "action": "photograph",
    "name": "",
    "callers": 21,
    "before": 9,
    "total": 40,
    "since": iso(NOON_MS),
    "starter": "public",
    "exposed": 0.4,
}

VANISHED = {
    "cause": "deleted",
    "count": 12,
    "of": 1400,
    "since": iso(NOON_MS),
    "expected": 0.8,
    "words": ["校长"],
}

UPTAKE = {
    "message": "不拍街头儿童",
    "voices": [21, 9, 30],
    "reposts": [3, 80, 100],
    "low": 0.52,
    "high": 0.83,
    "turn": {
        "to": "for",
        "at": "2026-03-02T11:40:00+08:00",
        "earliest": "2026-03-02T11:30:00+08:00",
        "latest": "2026-03-02T11:50:00+08:00",
    },
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


CURVE = [(NOON_MS - 900_000, 2), (NOON_MS - 600_000, 4), (NOON_MS - 300_000, 9), (NOON_MS, 38)]


def topic_alert(**changes: object) -> Alert:
    plain = Alert(
        id=f"{TOPIC}/1/duty",
        channel="duty",
        kind="topic",
        language="both",
        created_ms=NOON_MS,
        severity="high",
        line=line(
            posts=52,
            authors=38,
            flags=["asked", "exposure"],
            exposure={"posts": 9, "authors": 7, "reach": 1, "since": "x"},
            asked={"authors": 6, "expected": 0.21, "since": "x"},
            audience=AUDIENCE,
            uptake=[UPTAKE],
            vanishing=[VANISHED],
            campaign=CAMPAIGN,
            regions={"广东广州": 24, "河北": 21},
        ),
        number=1,
        changes=["opened", "asked", "exposure"],
        curve=CURVE,
        peak=Peak(38, NOON_MS),
    )
    return msgspec.structs.replace(plain, **changes)


def every_alert() -> list[Alert]:
    """All wordings that there are."""
    states: tuple[State, ...] = get_args(State)
    changes: tuple[Change, ...] = get_args(Change)
    told = [
        topic_alert(
            severity=severity,
            changes=[change],
            number=4,
            line=line(
                state=state, flags=list(FLAGS), categories=list(CATEGORIES), platforms=dict.fromkeys(PLATFORMS, 12345),
                authors=1234, posts=4321, expected=0.01,
            ),
        )
        for severity, change, state in product(SEVERITIES, changes, states)
    ]  # fmt: skip
    items = [
        Item(topic=TOPIC, title=line().title, keywords=line().keywords, severity="high", state=state, authors=authors)
        for state in states
        for authors in (0, 77)
    ]
    several = [
        topic_alert(
            kind=kind, line=None, items=items, total=30, period_ms=(NOON_MS - 86_400_000, NOON_MS), heard_ms=heard
        )
        for kind in ("summary", "digest")
        for heard in (0, 1, NOON_MS)
    ]
    causes = [cause for cause in get_args(NoticeCause) if cause != "source"]
    notices = [topic_alert(kind="notice", line=None, cause=cause, subject="duty-officer") for cause in causes]
    notices += [topic_alert(kind="notice", line=None, cause="source", source=source) for source in every_source()]
    digests = [
        topic_alert(kind="digest", line=None, period_ms=(NOON_MS - 86_400_000, NOON_MS), **fields)
        for fields in (
            {"heard_ms": NOON_MS, "sources": 3},
            {"heard_ms": NOON_MS, "sources": 3, "learning": 1, "unread": 1},
            {"sources": 40, "unwell": every_source()},
        )
    ]
    return [*told, *several, *notices, *digests, topic_alert(kind="sample")]


def every_source() -> list[SourceNotice]:
    """All that can be said of a source, of one that the settings name and of one that they do not."""
    states: tuple[SourceState, ...] = get_args(SourceState)
    plain = SourceNotice(name=SOURCE, kind="feed", state="silent", since_ms=NOON_MS - 7_200_000, at_ms=NOON_MS)
    replace = msgspec.structs.replace
    found = [replace(plain, state=state, name=name) for state in states for name in (SOURCE, "follow-3f9a1c")]
    return found + [replace(plain, state="away", fault=Fault(kind, 10023, NOON_MS)) for kind in FaultKind]
