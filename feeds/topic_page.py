"""The page of one topic: its curve, why it was raised, what was decided, and the forms to decide."""

import asyncio
from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from contracts.topic import TopicLine, Uptake, Vanished
from contracts.triage import Triage, status_of
from detectors.guidance import guidance
from detectors.reasons import reason_of_line
from feeds import parting
from feeds.api import ActFields, done, looked
from feeds.board import Entry, moment_ms
from feeds.curve import HEIGHT, PANEL_HEIGHT, PANEL_WIDTH, WIDTH, curve_of, shares
from feeds.grounds import listed_of, rows_of
from feeds.live import LiveBoard
from feeds.page import Asking, ByOperator, ByViewer, words_of
from feeds.plain import plain
from feeds.ranking import Filter
from feeds.site import RefusedError, check_form
from feeds.texts import Catalogue, category_name, platform_name, reasons_offered
from feeds.triage import ACTS, MUTE_MINUTES
from feeds.view import clock_time, keywords_in_common, row_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_RELATED = 5
_IN_COMMON = 2
_OTHERS = 30
_TABLE_ROWS = 60
_REGIONS = 8


class ActForm(ActFields):
    """The fields of a form; each act uses its own."""

    csrf: str = ""


@router.get("/topics/{topic}")
async def topic(topic: str, asking: ByViewer) -> Response:
    """One topic."""
    return await _page(asking, topic)


@router.post("/topics/{topic}/samples")
async def topic_samples(topic: str, asking: ByOperator, csrf: Annotated[str, Form()] = "") -> Response:
    """The same page with the redacted samples; the look is in the audit log."""
    check_form(asking.visitor, csrf)
    samples, _ = await looked(asking.site, topic, asking.visitor.name)
    return await _page(asking, topic, samples=samples)


@router.post("/topics/{topic}/acts")
async def topic_act(topic: str, asking: ByOperator, form: Annotated[ActForm, Form()]) -> Response:
    """Do an act and show the topic again; where it cannot be done, say so above it."""
    check_form(asking.visitor, form.csrf)
    try:
        await done(asking.site, topic, form.asked(), asking.visitor.name)
    except RefusedError as error:
        if error.key == "error.404":
            raise
        return await _page(asking, topic, fault=error)
    return RedirectResponse(f"/topics/{topic}?done={form.act}", status_code=303)


async def _page(
    asking: Asking, topic: str, *, samples: list[str] | None = None, fault: RefusedError | None = None
) -> Response:
    site, t, board = asking.site, asking.t, asking.site.board
    entry, triage = board.entries.get(topic), board.triage_of(topic)
    if entry is None:
        raise RefusedError(404)
    now_ms = site.clock()
    trail = await asyncio.to_thread(site.desk.trail, topic) if asking.visitor.may("operator") else []
    splits = await asyncio.to_thread(site.desk.splits, topic)
    status = status_of(triage, entry.line.flags, now_ms)
    related = _related(board.entries.values(), entry)
    done_act = asking.request.query_params.get("done", "")
    shown = {
        "row": row_of(entry, triage, t=t, newest_ms=board.newest_ms, now_ms=now_ms),
        "samples": samples,
        "triage": triage,
        "status_name": t(f"triage.{status}"),
        "is_muted": status == "muted",
        "is_regraded": status == "open" and triage.status in ("dismissed", "muted") and triage.muted_until_ms > now_ms,
        "trail": [words_of(event, t) for event in trail],
        "into": _into(board, triage),
        "merged": [(*_titled(board, name), board.triage_of(name).revision) for name in entry.merged],
        "splits": parting.made_of(splits, topic, board.entries, now_ms),
        "revisions": {split.topic: board.triage_of(split.topic).revision for split in splits},
        "sides": parting.sides_of(entry.line, t),
        "threads": parting.threads_of(entry.line, t),
        "split_words": parting.words_of(entry),
        "related": related,
        "others": _others(asking, entry, related) if asking.visitor.may("operator") else [],
        "reasons": reasons_offered(t),
        "minutes": MUTE_MINUTES,
        "fault": t(fault.key) if fault else "",
        "done": t("done", t(f"act.{done_act}")) if done_act in ACTS else "",
        "cursor": board.cursor,
        **_told(asking, entry),
    }
    return asking.page("topic.html", shown, status=fault.status if fault else 200)


def _told(asking: Asking, entry: Entry) -> dict[str, Any]:
    """What the topic's lines say."""
    t, line, newest_ms = asking.t, entry.line, asking.site.board.newest_ms
    curve = curve_of(entry)
    return {
        "line": line,
        "reason": plain(reason_of_line(line, t.language) or line.reason),
        "keywords": [plain(word, 40) for word in line.keywords],
        "categories": [category_name(category, t.language) for category in line.categories],
        "platforms": [(platform_name(name, t.language), name, line.platforms.get(name, 0)) for name in curve.panels],
        "reached": _reached(line, t),
        "began": "" if line.campaign is None else clock_time(moment_ms(line.campaign.since), newest_ms),
        "vanished": [_vanished(found, newest_ms) for found in line.vanishing if found.cause == "deleted"],
        "uptakes": [_uptake(entry, uptake, newest_ms) for uptake in line.uptake],
        "grounds": [] if line.grounds is None else rows_of(line.grounds, t),
        "listed": listed_of(line.listed, t),
        "raised_ms": 0 if line.grounds is None else moment_ms(line.grounds.at),
        "regions": sorted(line.regions.items(), key=lambda pair: (-pair[1], pair[0]))[:_REGIONS],
        "guidance": [
            (flag, t(f"flag.{flag}"), guidance(flag, t.language, asking.site.guidance)) for flag in line.flags
        ],
        "off_lists": [
            t("topic.vanished.off-list", clock_time(moment_ms(gone.since), newest_ms), gone.count)
            for gone in line.vanishing
            if gone.cause == "off-list"
        ],
        "curve": curve,
        "panel_width": PANEL_WIDTH,
        "panel_height": PANEL_HEIGHT,
        "width": WIDTH,
        "height": HEIGHT,
        "clock": lambda at_ms: clock_time(at_ms, newest_ms),
        "points": list(reversed(entry.points[-_TABLE_ROWS:])),
        "wordings": _wordings(entry, newest_ms),
    }


def _wordings(entry: Entry, newest_ms: int) -> list[tuple[str, str, list[str], list[str]]]:
    """(moment, title where it is another one, words that came, words that went), the newest first."""
    found: list[tuple[str, str, list[str], list[str]]] = []
    title, words = "", list[str]()
    for said in entry.wordings:
        came = [plain(word, 40) for word in said.keywords if word not in words]
        went = [plain(word, 40) for word in words if word not in said.keywords]
        shown = plain(said.title, 60) if said.title != title else ""
        found.append((clock_time(said.at_ms, newest_ms), shown, came, went))
        title, words = said.title, said.keywords
    return found[::-1]


def _titled(board: LiveBoard, name: str) -> tuple[str, str]:
    return name, plain(board.entries[name].line.title, 60)


def _into(board: LiveBoard, triage: Triage) -> tuple[str, str] | None:
    """The topic that it was merged into: (id, title)."""
    return _titled(board, triage.into) if triage.into in board.entries else None


def _others(asking: Asking, entry: Entry, related: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What it may be merged into: related topics first, then the most pressing ones of the wire."""
    found = asking.site.board.select(Filter(), asking.visitor.name)[:_OTHERS]
    rest = [(other.line.topic, plain(other.line.title, 60)) for other in found if other is not entry]
    return list(dict.fromkeys([*related, *rest]))


def _vanished(found: Vanished, newest_ms: int) -> dict[str, object]:
    """How many posts are gone, since when, and what they shared."""
    return {
        "since": clock_time(moment_ms(found.since), newest_ms),
        "of": found.of,
        "count": found.count,
        "expected": found.expected or 0.0,
        "words": [plain(word, 40) for word in found.words],
    }


def _uptake(entry: Entry, uptake: Uptake, newest_ms: int) -> dict[str, object]:
    """How one message fares: counts, share with its interval, when it turned, its curve."""
    voices, reposts, turn = uptake.voices, uptake.reposts, uptake.turn
    moments = () if turn is None else (turn.at, turn.earliest, turn.latest)
    has_share = voices.agree + voices.oppose > 0
    return {
        "name": plain(uptake.message, 60),
        "voices": (voices.agree, voices.oppose, voices.neither),
        "reposts": (reposts.agree, reposts.oppose, reposts.neither),
        "share": (f"{uptake.low:.0%}", f"{uptake.high:.0%}") if has_share else (),
        "to": "" if turn is None else turn.to,
        "turned": [clock_time(moment_ms(moment), newest_ms) for moment in moments],
        "lines": shares(entry.points, uptake.message),
    }


def _reached(line: TopicLine, t: Catalogue) -> list[tuple[str, int, int | None]]:
    """(platform, people who speak, people reached at most), the greatest first."""
    platforms = {} if line.audience is None else line.audience.platforms
    ranked = sorted(platforms.items(), key=lambda pair: (-pair[1].authors, pair[0]))
    return [(platform_name(name, t.language), there.authors, there.people) for name, there in ranked]


def _related(entries: Iterable[Entry], entry: Entry) -> list[tuple[str, str]]:
    """Live topics that share keywords, the closest first: (id, title)."""
    others = (other for other in entries if other is not entry and other.line.state != "closed")
    near = [(keywords_in_common(entry, other), other.line) for other in others]
    closest = sorted((-shared, line.topic, line) for shared, line in near if shared >= _IN_COMMON)
    return [(name, plain(line.title, 60)) for _, name, line in closest[:_RELATED]]
