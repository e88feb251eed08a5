"""The wire: all topics of a filter, the most pressing first."""

from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from feeds.live import LiveBoard
from feeds.page import ByViewer
from feeds.plain import plain
from feeds.ranking import CHOICES, Filter, page_of
from feeds.site import RefusedError
from feeds.texts import Catalogue, category_name, platform_name, reasons_offered
from feeds.triage import MUTE_MINUTES
from feeds.view import clock_time

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_ON_A_PAGE = 500

Choices = list[tuple[str, str, list[tuple[str, str]]]]


@router.get("/")
async def wire(asking: ByViewer) -> Response:
    """All topics of the filter in the address."""
    board, t, asked = asking.site.board, asking.t, asking.request.query_params
    wanted, now_ms = Filter.of(asked), asking.site.clock()
    try:
        found = page_of(board.select(wanted, asking.visitor.name), after=asked.get("from"), limit=_ON_A_PAGE)
    except ValueError:
        raise RefusedError(400, "error.cursor") from None
    rows = [
        asking.site.shared.row(entry, board.triage_of(entry.line.topic), t=t, newest_ms=board.newest_ms, now_ms=now_ms)
        for entry in found.entries
    ]
    shown = {
        "rows": rows,
        "total": found.total,
        "newest": clock_time(board.newest_ms, board.newest_ms) if board.newest_ms else "–",
        "wanted": wanted,
        "query": urlencode(wanted.parameters()),
        "cursor": board.cursor,
        "next": urlencode(wanted.parameters() | {"from": found.after}) if found.after else "",
        "is_first": "from" not in asked,
        "choices": _choices(board, t),
        "reasons": reasons_offered(t),
        "minutes": MUTE_MINUTES,
    }
    return asking.page("wire.html", shown)


def _choices(board: LiveBoard, t: Catalogue) -> Choices:
    """(name, what stands for "any", [(value, shown)]) of each filter; platforms and regions that there are now."""
    platforms = {name for entry in board.entries.values() for name in entry.line.platforms}
    made: Choices = []
    for name, values in CHOICES.items():
        known = [value for value in values if name != "platform" or value in platforms]
        default = t(f"any.{name}") if name in ("state", "triage") else t("any")
        made.append((name, default, [(value, _shown(name, t)(value)) for value in known]))
    regions = sorted({region for entry in board.entries.values() for region in entry.line.regions})
    if regions:
        made.append(("region", t("any"), [(region, plain(region, 40)) for region in regions]))
    return made


def _shown(name: str, t: Catalogue) -> Callable[[str], str]:
    if name == "category":
        return lambda value: category_name(value, t.language)
    if name == "platform":
        return lambda value: platform_name(value, t.language)
    return lambda value: t(f"{name}.{value}")
