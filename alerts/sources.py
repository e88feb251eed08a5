"""Whether silence means that nothing was said: how the live sources are, told to operators and in digests; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.alert import Alert
from contracts.alert_settings import AlertsSettings
from contracts.source_health import SourceHealth, SourceNotice, source_notices

__all__ = ["Heard", "notices_of_sources", "of_digest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What comes in.

    Attributes:
        newest_ms: event time of the newest post of any source; 0 = unknown.
        sources: of those that are read live, how each is; None where nobody could say.
        at_ms: wall clock, epoch ms, when this was looked up.
        is_settled: false just after a start, when those that read the sources may be starting, too.
    """

    newest_ms: int = 0
    sources: tuple[SourceHealth, ...] | None = None
    at_ms: int = 0
    is_settled: bool = True


def notices_of_sources(
    told: Mapping[str, int], heard: Heard, settings: AlertsSettings
) -> tuple[Mapping[str, int], list[Alert]]:
    """(what operators know then, what they are told now): once when a source is no longer well, once when it is again.

    Without operators nothing counts as told: whoever is named later hears of it.
    """
    if heard.sources is None or not heard.is_settled or not settings.operators:
        return told, []
    after, found = source_notices(told, heard.sources, heard.at_ms)
    return after, [_notice(notice, channel, heard.at_ms) for notice in found for channel in settings.operators]


def _notice(notice: SourceNotice, channel: str, now_ms: int) -> Alert:
    return Alert(
        id=f"notice/source/{notice.name}/{notice.since_ms}/{notice.state}/{channel}",
        channel=channel,
        kind="notice",
        language="both",
        created_ms=now_ms,
        severity="info" if notice.state == "well" else "high",
        cause="source",
        subject=notice.name,
        source=notice,
    )


def of_digest(heard: Heard) -> dict[str, Any]:
    """The fields of a digest that say how the sources are."""
    known = [source for source in heard.sources or () if source.started_ms]
    verdicts = [(source, source.verdict(heard.at_ms)) for source in known]
    unwell = [
        SourceNotice(
            name=source.name,
            kind=source.kind,
            state=verdict.state,
            since_ms=verdict.since_ms,
            at_ms=heard.at_ms,
            fault=source.fault if verdict.state == "away" else None,
        )
        for source, verdict in verdicts
        if not verdict.is_well
    ]
    learning = sum(verdict.state == "learning" for _, verdict in verdicts)
    unread = len(heard.sources or ()) - len(known)
    return {
        "heard_ms": heard.newest_ms,
        "sources": len(known),
        "learning": learning,
        "unread": unread,
        "unwell": unwell,
    }
