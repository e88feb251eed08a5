"""How the pipeline is, on one page: what needs somebody, then sources, counting, judging, telling."""

import asyncio
from datetime import datetime
from typing import Any

import msgspec
from fastapi import APIRouter
from fastapi.responses import Response

from contracts.source_health import SourceHealth
from detectors.moments import BEIJING
from feeds.health import Health, is_behind, troubles
from feeds.page import ByViewer
from feeds.plain import plain
from feeds.site import AsViewer, RefusedError, Site, TheSite
from feeds.texts import Catalogue
from feeds.view import age

__all__ = ["looked_up", "router"]

router = APIRouter()


@router.get("/health", include_in_schema=False)
async def health_page(asking: ByViewer) -> Response:
    """The page."""
    found, t = await looked_up(asking.site), asking.t
    board = asking.site.board

    def ago(at_ms: int) -> str:
        return age(found.at_ms - at_ms, t) if at_ms > 0 else "–"

    shown = {
        "health": found,
        "troubles": [t(key, plain(what, 60)) for key, what in _troubles(found, asking.site)],
        "sources": [_source(source, found.at_ms, t) for source in found.sources],
        "partitions": [(one, ago(one.progress_ms), is_behind(one, found.at_ms)) for one in found.partitions],
        "newest": ago(board.newest_ms),
        "topics": len(board.entries),
        "ago": ago,
        "at": f"{datetime.fromtimestamp(found.at_ms / 1000, tz=BEIJING):%H:%M:%S}",
    }
    return asking.page("health.html", shown)


@router.get("/api/v1/health")
async def health(site: TheSite, visitor: AsViewer) -> dict[str, Any]:
    """Sources, partitions, workers, detector and channels; `troubles` names what needs somebody."""
    del visitor
    found = await looked_up(site)
    told: dict[str, Any] = msgspec.to_builtins(found)
    sources = [
        {
            "name": source.name,
            "kind": source.kind,
            "state": source.verdict(found.at_ms).state,
            "since_ms": source.verdict(found.at_ms).since_ms,
            "item_ms": source.item_ms,
            "lag_ms": source.lag_ms,
            "posts": source.posts,
            "rejected": source.rejected,
            "faults": source.faults,
        }
        for source in found.sources
    ]
    problems = [{"what": key.removeprefix("health.trouble."), "which": which} for key, which in _troubles(found, site)]
    return told | {"sources": sources, "troubles": problems}


async def looked_up(site: Site) -> Health:
    """How it is.

    Raises:
        RefusedError: nobody can look it up here.
    """
    if site.health is None:
        raise RefusedError(404)
    return await asyncio.to_thread(site.health)


def _troubles(found: Health, site: Site) -> list[tuple[str, str]]:
    own = [] if site.board.is_ready or not found.has_store else [("health.trouble.board", "")]
    return [*own, *troubles(found)]


def _source(source: SourceHealth, now_ms: int, t: Catalogue) -> dict[str, Any]:
    verdict = source.verdict(now_ms)
    fault = source.fault
    is_read = bool(source.started_ms)
    return {
        "name": plain(source.name, 60),
        "kind": source.kind,
        "state": t(f"source.{verdict.state}") if is_read else t("source.unread"),
        "is_well": verdict.is_well or not is_read,
        "since": age(now_ms - verdict.since_ms, t) if is_read else "–",
        "last": age(now_ms - source.item_ms, t) if source.item_ms else "–",
        "lag": age(source.lag_ms, t) if source.item_ms else "–",
        "posts": f"{source.posts:,}",
        "rejected": f"{source.rejected:,}",
        "fault": "" if fault is None else t("source.fault", fault.said(t.language), age(now_ms - fault.at_ms, t)),
    }
