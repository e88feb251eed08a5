"""The feed for programs: `/api/v1`, described at `/api/v1/openapi.json`; and Atom, JSON Feed and CSV per filter."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.mute import Mute
from contracts.triage import Triage, status_of
from feeds.desk import NoTopicError
from feeds.plain import plain
from feeds.ranking import CHOICES, Filter, page_of
from feeds.site import AsAdmin, AsOperator, AsViewer, InLanguage, RefusedError, Site, TheSite, check_program
from feeds.syndication import atom, csv_table, items_of, json_feed
from feeds.triage import MAX_NOTE, Act, ActError, ActName, AuditEvent, StaleActError
from feeds.view import public_topic

__all__ = ["ActFields", "done", "log_page", "looked", "muted", "router", "unmuted"]

router = APIRouter()
_V1 = "/api/v1"
_SYNDICATED = 100


class Topics(BaseModel):
    """A page of topics; `after` is the cursor of the next one, null at the end."""

    topics: list[dict[str, Any]]
    after: str | None
    total: int
    newest_ms: int


class ActFields(BaseModel):
    """An act; `revision` of the triage that was seen guards against a colleague's act in between."""

    act: ActName
    reason: str = Field("", max_length=40)
    minutes: int = 0
    to: str = Field("", max_length=200)
    into: str = Field("", max_length=40)
    words: list[Annotated[str, Field(max_length=60)]] = Field([], max_length=20)
    conversations: list[Annotated[str, Field(max_length=60)]] = Field([], max_length=40)
    text: str = Field("", max_length=4 * MAX_NOTE)
    revision: int | None = None

    def asked(self) -> Act:
        """The act."""
        fields = self.model_dump(include=set(ActFields.model_fields) - {"act", "words", "conversations"})
        return Act(name=self.act, words=tuple(self.words), conversations=tuple(self.conversations), **fields)


class ActBody(ActFields):
    """An act as JSON: a field that there is not is said."""

    model_config = ConfigDict(extra="forbid")


class WordsBody(BaseModel):
    """Words to mute together, of those that the topic has shown, and for how many minutes."""

    model_config = ConfigDict(extra="forbid")

    words: list[Annotated[str, Field(max_length=60)]] = Field(max_length=20)
    minutes: int


class EndBody(BaseModel):
    """Which mute to end."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(max_length=600)


class Samples(BaseModel):
    """Redacted texts and post ids: for operators, never to be passed on."""

    samples: list[str]
    evidence: list[str]


@router.get(f"{_V1}/topics")
async def topics(
    request: Request,
    site: TheSite,
    visitor: AsViewer,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: str = "",
) -> Topics:
    """Topics of a filter (state, category, platform, region, flag, triage, q, mine), the most pressing first."""
    try:
        page = page_of(site.board.select(Filter.of(request.query_params), visitor.name), after=after, limit=limit)
    except ValueError:
        raise RefusedError(400, "error.cursor") from None
    return Topics(
        topics=[_told(site, entry.line.topic) for entry in page.entries],
        after=page.after,
        total=page.total,
        newest_ms=site.board.newest_ms,
    )


@router.get(f"{_V1}/topics/{{topic}}")
async def topic_by_id(topic: str, site: TheSite, visitor: AsViewer) -> dict[str, Any]:
    """One topic, with its curve: [epoch ms, posts, people, usual, {platform: posts}, {platform: usual}] a point."""
    del visitor
    told = _told(site, topic)
    entry = site.board.entries[topic]
    curve = [[p.at_ms, p.posts, p.authors, p.expected, p.platforms, p.usual] for p in entry.points]
    return told | {"curve": curve, "states": [[m.at_ms, m.state] for m in entry.moments]}


@router.post(f"{_V1}/topics/{{topic}}/acts")
async def act(request: Request, topic: str, body: ActBody, site: TheSite, visitor: AsOperator) -> dict[str, Any]:
    """Confirm, dismiss, mute, merge into another topic, split from it again, assign, note or reopen.

    `divide` splits off, as a topic of its own, what says some words or belongs to some conversations of this one;
    `rejoin` undoes that.
    """
    check_program(request, site, visitor)
    await done(site, topic, body.asked(), visitor.name)
    return _told(site, topic)


@router.post(f"{_V1}/topics/{{topic}}/samples")
async def samples(request: Request, topic: str, site: TheSite, visitor: AsOperator) -> Samples:
    """Look at the redacted samples; the look is in the audit log."""
    check_program(request, site, visitor)
    texts, evidence = await looked(site, topic, visitor.name)
    return Samples(samples=texts, evidence=evidence)


@router.get(f"{_V1}/topics/{{topic}}/audit")
async def trail(topic: str, site: TheSite, visitor: AsOperator) -> list[dict[str, Any]]:
    """What was done about a topic, newest first."""
    del visitor
    return [_event(event) for event in await asyncio.to_thread(site.desk.trail, topic)]


@router.get(f"{_V1}/audit")
async def audit(
    site: TheSite, visitor: AsAdmin, limit: Annotated[int, Query(ge=1, le=1000)] = 200, before: str = ""
) -> list[dict[str, Any]]:
    """What everybody did, newest first; `before` = the id of the last one goes on, until a page is empty."""
    del visitor
    found = await log_page(site, before, limit)
    return [{"id": place} | _event(event) for place, event in found]


@router.get(f"{_V1}/mutes")
async def mutes(site: TheSite, visitor: AsViewer) -> list[dict[str, Any]]:
    """Words that raise no topics now: by whom, until when, from which topic."""
    del visitor
    return [_mute(mute) for mute in await asyncio.to_thread(site.desk.mutes)]


@router.post(f"{_V1}/topics/{{topic}}/mutes")
async def mute_words(
    request: Request, topic: str, body: WordsBody, site: TheSite, visitor: AsOperator
) -> dict[str, Any]:
    """Mute words of a topic: together they raise no topic in any detector, within seconds, until the time is up."""
    check_program(request, site, visitor)
    return _mute(await muted(site, topic, body.words, body.minutes, visitor.name))


@router.post(f"{_V1}/mutes/end")
async def end_mute(request: Request, body: EndBody, site: TheSite, visitor: AsOperator) -> list[dict[str, Any]]:
    """End a mute before its time; those that are left."""
    check_program(request, site, visitor)
    await unmuted(site, body.id, visitor.name)
    return [_mute(mute) for mute in await asyncio.to_thread(site.desk.mutes)]


@router.get("/feed.{form}")
async def syndicated(
    request: Request, form: Literal["atom", "json"], site: TheSite, visitor: AsViewer, t: InLanguage
) -> Response:
    """The topics of a filter as Atom or JSON Feed; a reader sends the token as a password."""
    wanted = Filter.of(request.query_params)
    entries = site.board.select(wanted, visitor.name)[:_SYNDICATED]
    items = items_of(entries, t=t, guard=site.guard, address=site.address, own=site.guidance)
    named = {name: value for name, value in wanted.parameters().items() if name in CHOICES}  # nobody's own words
    self_url = f"{site.address}/feed.{form}" + (f"?{urlencode(named)}" if named else "")
    if form == "atom":
        body = atom(items, title=t("site"), address=site.address, self_url=self_url, guard=site.guard)
    else:
        body = json_feed(items, title=t("site"), address=site.address, self_url=self_url, guard=site.guard)
    return _unless_known(request, body, "application/atom+xml" if form == "atom" else "application/feed+json")


@router.get("/topics.csv")
async def exported(request: Request, site: TheSite, visitor: AsViewer) -> Response:
    """The topics of a filter for a spreadsheet; the export is in the audit log."""
    board, now_ms = site.board, site.clock()
    entries = board.select(Filter.of(request.query_params), visitor.name)
    pairs = [(entry, status_of(board.triage_of(entry.line.topic), entry.line.flags, now_ms)) for entry in entries]
    if request.method == "GET":
        await asyncio.to_thread(site.desk.note, visitor.name, "exported", f"{len(pairs)} topics")
    headers = {"content-disposition": 'attachment; filename="topics.csv"'}
    return Response(csv_table(pairs, guard=site.guard), media_type="text/csv; charset=utf-8", headers=headers)


async def log_page(site: Site, before: str, limit: int) -> list[tuple[str, AuditEvent]]:
    """A page of the audit log.

    Raises:
        RefusedError: `before` is no place in it.
    """
    try:
        return await asyncio.to_thread(site.desk.log, before, limit)
    except ValueError:
        raise RefusedError(400, "error.cursor") from None


async def done(site: Site, topic: str, wanted: Act, who: str) -> Triage:
    """Do an act, and know of it at once.

    Raises:
        RefusedError: there is no such topic, the act lacks something, or somebody else was faster.
    """
    try:
        shown = site.board.entries.get(topic)
        seen = shown.line.flags if shown is not None else ()
        after = await asyncio.to_thread(site.desk.act, topic, wanted, who, seen=seen)
    except NoTopicError:
        raise RefusedError(404) from None
    except StaleActError as error:
        raise RefusedError(409, str(error)) from None
    except ActError as error:
        raise RefusedError(422, str(error)) from None
    site.board.see(topic, after)
    site.metrics.acts.labels(wanted.name).inc()
    return after


async def muted(site: Site, topic: str, words: Sequence[str], minutes: int, who: str) -> Mute:
    """Mute words of a topic.

    Raises:
        RefusedError: there is no such topic, or they cannot be muted.
    """
    try:
        shown = site.board.entries.get(topic)
        merged = shown.merged if shown is not None else ()
        made = await asyncio.to_thread(site.desk.mute_words, topic, words, minutes, who, merged=merged)
    except NoTopicError:
        raise RefusedError(404) from None
    except ActError as error:
        raise RefusedError(422, str(error)) from None
    site.metrics.acts.labels("mute-words").inc()
    return made


async def unmuted(site: Site, name: str, who: str) -> None:
    """End a mute.

    Raises:
        RefusedError: there is none of that id.
    """
    try:
        await asyncio.to_thread(site.desk.end_mute, name, who)
    except ActError as error:
        raise RefusedError(404, str(error)) from None
    site.metrics.acts.labels("unmute-words").inc()


async def looked(site: Site, topic: str, who: str) -> tuple[list[str], list[str]]:
    """Samples and post ids, once the look is in the audit log.

    Raises:
        RefusedError: there is no such topic.
    """
    try:
        entry = await asyncio.to_thread(site.desk.look, topic, who)
    except NoTopicError:
        raise RefusedError(404) from None
    site.metrics.looks.inc()
    return [plain(text) for text in entry.line.samples], [plain(name, 80) for name in entry.line.evidence]


def _unless_known(request: Request, body: bytes, media_type: str) -> Response:
    """The body, or 304 without it for a reader that has this very one."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # a reader may keep it, for it may be told to everyone, but asks each time whether it still may have it
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "accept-language, authorization, cookie"}
    known = {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _told(site: Site, topic: str) -> dict[str, Any]:
    entry = site.board.entries.get(topic)
    if entry is None:
        raise RefusedError(404)
    return public_topic(entry, site.board.triage_of(topic), now_ms=site.clock())


def _mute(mute: Mute) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(mute)
    return told | {"words": [plain(word, 40) for word in mute.words]}


def _event(event: AuditEvent) -> dict[str, Any]:
    detail = plain(event.detail, MAX_NOTE)
    return {"at_ms": event.at_ms, "who": event.who, "act": event.act, "topic": event.topic, "detail": detail}
