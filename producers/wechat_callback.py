"""The callback of a WeChat official account: messages that people send to it, and nobody else sees.

They are told in confidence: of kind "message", counted and never sampled (streams/listen.py); the sender's OpenID and
the message's id are hashed under the deployment's salt. WeChat waits five seconds and then asks again, three times in
all, so the answer is "success" when the message is with Kafka, else "not yet" after four seconds, "busy" at once. One
that comes again while it waits here waits on for the same answer; it counts once, by its id. So nobody is told that a
message has arrived which a stop could still lose.
"""

from collections import OrderedDict
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse

from contracts.clock import Clock
from contracts.errors import UnusablePostError
from contracts.post import Author, Post, encode_post, vet
from contracts.rejection import Rejected
from contracts.source_health import FaultKind
from producers.author_key import AuthorKeys
from producers.picture_addresses import without_addresses
from producers.serving import Batch, Inbox, safe
from producers.source import UNWATCHED, Watch
from producers.webhook import read_body
from producers.wechat_crypto import WechatCipher, is_signed

__all__ = ["message_of", "wechat_app"]

PLATFORM = "wechat"
_MOST_BYTES = 64 << 10  # a text message has at most 2048 bytes
_ACK_S = 4.0
_REMEMBERED = 10_000  # messages; WeChat asks three times within seconds
_SUCCESS = PlainTextResponse("success")


def wechat_app(
    name: str,
    inbox: Inbox,
    *,
    path: str,
    token: str,
    cipher: WechatCipher | None,
    keys: AuthorKeys,
    clock: Clock,
    ack_s: float = _ACK_S,
    watch: Watch = UNWATCHED,
) -> FastAPI:
    """The app of one account; with a cipher only encrypted messages are believed (安全模式, 兼容模式).

    `watch` hears of the callers that it refuses.
    """
    app = FastAPI(openapi_url=None)
    lately = _Lately(inbox, ack_s)

    @app.get(path)
    async def handshake(
        signature: str = "", timestamp: str = "", nonce: str = "", echostr: str = ""
    ) -> PlainTextResponse:
        if not is_signed(signature, token, timestamp, nonce):
            watch.fault(FaultKind.SIGNATURE, 403)
            return PlainTextResponse("wrong signature", 403)
        return PlainTextResponse(echostr)

    @app.post(path)
    async def message(request: Request) -> PlainTextResponse:
        body = await read_body(request, _MOST_BYTES)
        if body is None:
            return PlainTextResponse("too long", 413)
        try:
            found = _opened(body, dict(request.query_params), token, cipher)
            post = message_of(found, keys)
        except PermissionError:
            watch.fault(FaultKind.SIGNATURE, 403)
            return PlainTextResponse("wrong signature", 403)
        except ValueError:
            watch.fault(FaultKind.UNREADABLE, 400)
            return PlainTextResponse("no message of WeChat", 400)
        fault = "" if post is None else await lately.take(post.id, _vetted(post, clock(), name))
        if fault:
            watch.fault(FaultKind.BUSY, 503)
        return PlainTextResponse(fault, 503) if fault else _SUCCESS

    return app


class _Lately:
    """The messages that came lately, by id."""

    def __init__(self, inbox: Inbox, ack_s: float) -> None:
        self._inbox = inbox
        self._ack_s = ack_s
        self._batches: OrderedDict[str, Batch] = OrderedDict()

    async def take(self, name: str, what: Post | Rejected) -> str:
        """Hand it on where it is new; "" once it is with Kafka, else why it is not."""
        batch = self._batches.get(name) or self._inbox.put([what])
        if batch is None:
            return "busy"
        self._batches[name] = batch
        if len(self._batches) > _REMEMBERED:
            self._batches.popitem(last=False)
        if not await safe(batch, self._ack_s):
            return "not yet"
        batch.found = ()  # only its id is remembered
        return ""


def _opened(body: bytes, query: dict[str, str], token: str, cipher: WechatCipher | None) -> Element:
    """The message's XML once its signature is right.

    Raises:
        PermissionError: it is not.
        ValueError: it is no XML, or not encrypted for us.
    """
    signed = token, query.get("timestamp", ""), query.get("nonce", "")
    if cipher is None:
        if not is_signed(query.get("signature", ""), *signed):
            raise PermissionError
        return _xml(body)
    encrypted = _xml(body).findtext("Encrypt") or ""
    if not encrypted or not is_signed(query.get("msg_signature", ""), *signed, encrypted):
        raise PermissionError
    return _xml(cipher.decrypt(encrypted))


def _xml(text: bytes) -> Element:
    try:
        found: Element = defusedxml.ElementTree.fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError) as error:
        raise ValueError("no XML") from error
    return found


def message_of(xml: Element, keys: AuthorKeys) -> Post | None:
    """The message as a post; None for an event (somebody follows, a menu is touched), which nobody wrote.

    Raises:
        ValueError: it has no sender, time or id.
    """
    found = {part.tag: (part.text or "") for part in xml}
    kind = found.get("MsgType", "")
    if kind == "event":
        return None
    sender, created, name = found.get("FromUserName", ""), found.get("CreateTime", ""), found.get("MsgId", "")
    if not sender or not name or not created.isascii() or not created.isdigit():
        raise ValueError("no sender, time or id")
    post = Post(
        id=f"{PLATFORM}:message-{keys.of('wechat-message', name)}",
        platform=PLATFORM,
        kind="message",
        at_ms=int(created) * 1000,
        text=_text(kind, found),
        author=Author(key=keys.of(PLATFORM, f"openid:{sender}")),
        pictures=int(kind == "image"),
        videos=int(kind in ("video", "shortvideo")),
        links=int(kind == "link"),
    )
    return without_addresses(post)


def _text(kind: str, found: dict[str, str]) -> str:
    """What a person said; a place on a map is left out, for it may be where a child is."""
    if kind == "text":
        return found.get("Content", "")
    if kind == "voice":
        return found.get("Recognition", "")
    if kind == "link":
        return "\n".join(part for part in (found.get("Title", ""), found.get("Description", "")) if part)
    return ""


def _vetted(post: Post, received_ms: int, name: str) -> Post | Rejected:
    try:
        vet(post, received_ms=received_ms)
    except UnusablePostError as error:
        return Rejected(raw=encode_post(post), reason=error.reason, detail=error.detail, source=name, offset=0)
    return post
