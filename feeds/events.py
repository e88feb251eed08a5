"""Live events: what changed, as server-sent events that go on where a browser left off.

id: 1772380800000-3        the store's number of the change: survives restarts, the same on every server
event: topic | gone | reset
data: {"id": …}            the list's line of the topic, in the browser's language

What several browsers hear alike is made, and packed, once: a gzip stream may consist of blocks that refer to nothing
before them, so the same block goes to each (docs/decisions/0018).
"""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from feeds.ranking import Filter, matches
from feeds.site import AsViewer, InLanguage, Site, TheSite
from feeds.texts import Catalogue

__all__ = ["PATH", "router"]

router = APIRouter()

PATH = "/events"

_PLACE = re.compile("[0-9]{1,20}-[0-9]{1,20}")
_HEARTBEAT_S = 15.0
_LONGEST_S = 3600.0  # then the browser asks anew, and is looked at anew: its sign-in may have ended
_TOGETHER_S = 0.25  # changes of so long travel together, at the same moments to all: a line a topic
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # RFC 1952: deflate, no name, no time


@router.get(PATH, include_in_schema=False)
async def events(request: Request, site: TheSite, visitor: AsViewer, t: InLanguage) -> StreamingResponse:
    """Follow the topics of a filter; `Last-Event-ID`, or `after` in the address, says where to go on."""
    after = request.headers.get("last-event-id") or request.query_params.get("after") or site.board.cursor
    listener = _Listener(site, Filter.of(request.query_params), visitor.name, t)
    headers = {"x-accel-buffering": "no", "vary": "accept-encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return StreamingResponse(listener.stream(_place(after)), media_type="text/event-stream", headers=headers)
    headers["content-encoding"] = "gzip"
    return StreamingResponse(listener.packed(_place(after)), media_type="text/event-stream", headers=headers)


def _place(given: str) -> str:
    """As given, where it has the form of a place; else the beginning, which nobody can go on from."""
    return given if _PLACE.fullmatch(given) else "0-1"


def _block(text: str) -> bytes:
    """Deflated, ending at a byte, without reference to anything before: it may follow any other such block."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(text.encode()) + packer.flush(zlib.Z_FULL_FLUSH)


@dataclass(frozen=True, slots=True)
class _Listener:
    """What one browser wants to hear."""

    site: Site
    wanted: Filter
    who: str
    t: Catalogue

    async def packed(self, after: str) -> AsyncIterator[bytes]:
        """The same as `stream`, as gzip."""
        yield _GZIP_HEAD
        async for text in self.stream(after):
            yield self.site.shared.packed(text, _block)

    async def stream(self, after: str) -> AsyncIterator[str]:
        """Everything from that place on, until the browser or the feed goes, or for an hour."""
        board, clock = self.site.board, asyncio.get_running_loop().time
        end_s = clock() + _LONGEST_S
        self.site.metrics.listeners.inc()
        try:
            yield f"retry: 2000\nid: {after}\n\n"
            while not board.is_closed and clock() < end_s:
                changed, cursor = board.since(after), board.cursor
                if changed is None:
                    yield f"id: {cursor}\nevent: reset\ndata: {{}}\n\n"
                elif changed:
                    yield self._said(changed, after, cursor)
                after = cursor
                if await board.wait(after, _HEARTBEAT_S):
                    await asyncio.sleep(_TOGETHER_S - clock() % _TOGETHER_S)
                else:
                    yield ": still here\n\n"
        finally:
            self.site.metrics.listeners.dec()

    def _said(self, changed: list[str], after: str, cursor: str) -> str:
        """An event a topic; the place goes with the last one: whoever is cut off before it gets all of them again."""

        def make() -> str:
            parts = [self._event(topic) for topic in changed]
            return "\n".join([*parts[:-1], f"id: {cursor}\n{parts[-1]}"]) + "\n"

        who = self.who if self.wanted.mine else ""
        return self.site.shared.news((self.wanted, who, self.t.language, after, cursor), make)

    def _event(self, topic: str) -> str:
        board, now_ms = self.site.board, self.site.clock()
        entry, triage = board.entries.get(topic), board.triage_of(topic)
        if entry is None or not matches(entry, triage, self.wanted, who=self.who, now_ms=now_ms):
            return f"event: gone\ndata: {msgspec.json.encode({'id': topic}).decode()}\n"
        row = self.site.shared.row(entry, triage, t=self.t, newest_ms=board.newest_ms, now_ms=now_ms)
        return f"event: topic\ndata: {msgspec.json.encode(row).decode()}\n"
