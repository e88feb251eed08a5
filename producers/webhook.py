"""POST /posts: signed batches of posts from a program of the organisation's own.

    X-Tongsheng-Timestamp: 1772416800                                         seconds, within five minutes of now
    X-Tongsheng-Signature: sha256=HMAC-SHA256(secret, timestamp "." body)     hexadecimal

The body is anything that a file may hold: Post lines, or what a crawler wrote. Of Post lines `author.key` is taken for
the platform's user id (or any lasting name of a person) and hashed here, so that no raw id reaches Kafka.

202 with numbers once all is with Kafka · 400 no known format · 401 signature or time wrong · 413 too long ·
429 too many requests wait, send it again · 503 Kafka did not take it in time, send it again (what counted counts once)
"""

import hmac
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from contracts.clock import Clock
from contracts.errors import SourceAwayError
from contracts.post import Post
from contracts.rejection import Rejected
from contracts.source_health import FaultKind
from producers.answers import read_answer
from producers.author_key import AuthorKeys
from producers.serving import Batch, Inbox, safe
from producers.source import UNWATCHED, Watch

__all__ = ["SIGNATURE", "TIMESTAMP", "sign", "webhook_app"]

TIMESTAMP = "X-Tongsheng-Timestamp"
SIGNATURE = "X-Tongsheng-Signature"
_TOLERANCE_S = 300
_ACK_S = 30.0
_AGAIN_S = 2


def sign(secret: bytes, timestamp: str, body: bytes) -> str:
    """The signature header's value.

    >>> sign(b"secret", "1772416800", b"{}")[:14]
    'sha256=805a950'
    """
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, "sha256").hexdigest()


def webhook_app(
    name: str,
    inbox: Inbox,
    *,
    secret: bytes,
    max_bytes: int,
    keys: AuthorKeys,
    clock: Clock,
    ack_s: float = _ACK_S,
    watch: Watch = UNWATCHED,
) -> FastAPI:
    """The app that answers POST /posts, and nothing else; `watch` hears of those that it refuses."""
    app = FastAPI(openapi_url=None)

    @app.post("/posts")
    async def posts(request: Request) -> JSONResponse:
        body = await read_body(request, max_bytes)
        if body is None:
            watch.fault(FaultKind.TOO_LONG, 413)
            return _said(413, f"a request is at most {max_bytes >> 10} KiB: send several")
        if fault := _fault(request, body, secret, clock() // 1000):
            watch.fault(FaultKind.SIGNATURE, 401)
            return _said(401, fault)
        try:
            found = read_answer(body, name=name, keys=keys, fetched=clock, has_raw_keys=True)
        except SourceAwayError:
            watch.fault(FaultKind.UNREADABLE, 400)
            return _said(400, "the body is in no known format: send Post lines, one JSON object a line")
        return await _taken(inbox.put(found), found)

    async def _taken(batch: Batch | None, found: Sequence[Post | Rejected]) -> JSONResponse:
        if batch is None:
            watch.fault(FaultKind.BUSY, 429)
            return _said(429, "too many requests wait: send it again", again_s=_AGAIN_S)
        if not await safe(batch, ack_s):
            watch.fault(FaultKind.BUSY, 503)
            return _said(503, "not with Kafka yet: send it again", again_s=_AGAIN_S)
        accepted = sum(isinstance(what, Post) for what in found)
        return JSONResponse({"accepted": accepted, "rejected": len(found) - accepted}, 202)

    return app


def _fault(request: Request, body: bytes, secret: bytes, now_s: int) -> str:
    """What is wrong with its signature or time, "" where nothing is."""
    timestamp = request.headers.get(TIMESTAMP, "")
    given = request.headers.get(SIGNATURE, "")
    if not hmac.compare_digest(sign(secret, timestamp, body).encode(), given.encode(errors="replace")):
        return f"the signature is wrong: {SIGNATURE} is sha256=HMAC(secret, {TIMESTAMP} '.' body)"
    if not timestamp.isascii() or not timestamp.isdigit() or abs(int(timestamp) - now_s) > _TOLERANCE_S:
        return f"{TIMESTAMP} is not within {_TOLERANCE_S} s of now: set the clock by NTP"
    return ""


async def read_body(request: Request, max_bytes: int) -> bytes | None:
    """The whole body, None where it is longer than allowed; no more than that is taken in."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            return None
    return bytes(body)


def _said(status: int, words: str, *, again_s: int = 0) -> JSONResponse:
    return JSONResponse({"error": words}, status, headers={"Retry-After": str(again_s)} if again_s else None)
