"""Alert: what one channel is to be told; and the record of it on `alerts.raised`, once it was told.

An alert waits in the outbox as it stands here and is put into an app's form just before it is sent. It holds nothing
that may not leave: no samples, no evidence.
"""

from typing import Literal

import msgspec

from contracts.source_health import SourceNotice
from contracts.told import Told
from contracts.topic import FLAGS, Flag, State, TopicLine

__all__ = [
    "SEVERITIES",
    "Alert",
    "AlertLanguage",
    "Change",
    "Curve",
    "Item",
    "Kind",
    "Known",
    "NoticeCause",
    "Peak",
    "Raised",
    "Severity",
    "bare",
    "rank",
]

Severity = Literal["info", "notable", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("info", "notable", "high", "critical")  # the least first

# What made us speak: the first time, or what has changed since we last spoke of the topic on this channel.
Change = Literal[
    "opened", "asked", "minor-at-risk", "exposure", "vanishing", "campaign", "severity", "grown", "state", "closed"
]

Kind = Literal["topic", "summary", "digest", "notice", "sample"]
NoticeCause = Literal["refused", "away", "back", "payload", "blocked", "source"]
AlertLanguage = Literal["zh", "en", "both"]

Curve = list[tuple[int, int]]  # (epoch ms, authors of the hour before), oldest first


class Peak(msgspec.Struct, frozen=True, array_like=True):
    """Most distinct authors in an hour, and when (event time, epoch ms)."""

    authors: int
    at_ms: int


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One topic in a summary or digest; `number` and `flags` as in Known."""

    topic: str
    title: Told
    keywords: list[Told]
    severity: Severity
    state: State
    authors: int
    number: int = 1
    flags: list[Flag] = []


class Alert(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One message to one channel.

    Attributes:
        id: idempotency key, made of topic, number of the message on this topic and channel, and channel.
        channel: its name in the settings.
        created_ms: wall clock, epoch ms, when it became due.
        line: the topic as it stood, without samples and evidence; None where it is about several.
        number: 1 for the first message of this topic on this channel.
        severity: of the topic; the highest of several.
        changes: why we speak, the most pressing first.
        items: of a summary or digest, the most pressing first; at most ITEMS of `total`.
        period_ms: of a summary or digest, [start, end).
        heard_ms: of a digest: event time of the newest post of any source; 0 = unknown.
        sources, learning, unread: of a digest: how many live sources there are, how many of them are too new to be
            judged, and how many more the settings name that nobody has read yet.
        unwell: of a digest: those that are not well.
        cause, subject: of a notice to the operators: what is the matter with which channel, or source.
        source: of a notice on a source: how it is.
    """

    id: str
    channel: str
    kind: Kind
    language: AlertLanguage
    created_ms: int
    severity: Severity
    line: TopicLine | None = None
    number: int = 0
    changes: list[Change] = []
    curve: Curve = []
    peak: Peak | None = None
    items: list[Item] = []
    total: int = 0
    period_ms: tuple[int, int] = (0, 0)
    heard_ms: int = 0
    sources: int = 0
    learning: int = 0
    unread: int = 0
    unwell: list[SourceNotice] = []
    cause: NoticeCause | None = None
    subject: str = ""
    source: SourceNotice | None = None


class Raised(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A record on `alerts.raised` (contract): one alert was delivered to one channel.

    Attributes:
        id: of the alert.
        at_ms: when the app took it, wall clock, epoch ms.
        told: topic -> what this channel knows of it since: enough to go on from if the store is lost.
        place: where the topic's thread begins in the app; "" where it has none.
    """

    id: str
    at_ms: int
    channel: str
    kind: Kind
    told: "dict[str, Known]" = {}
    place: str = ""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel was last told of a topic.

    Attributes:
        number: messages on it so far, a place in a summary among them.
        at_ms: wall clock, epoch ms, when that was decided.
        severity: the highest told.
        authors: the size told.
        flags: all told so far.
    """

    number: int
    at_ms: int
    state: State
    severity: Severity
    authors: int
    flags: list[Flag]


def rank(severity: Severity) -> int:
    """0 for the least.

    >>> rank("info") < rank("critical")
    True
    """
    return SEVERITIES.index(severity)


def bare(line: TopicLine) -> TopicLine:
    """The line without what only operators may see."""
    flags: list[Flag] = [flag for flag in FLAGS if flag in line.flags]
    return msgspec.structs.replace(line, samples=[], evidence=[], flags=flags)
