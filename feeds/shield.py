"""Around every answer: whose name was called, from which page, how large; and the headers of a strict page."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from feeds.site import Site

__all__ = ["Shield"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_MAX_BODY_BYTES = 16 << 10
_READING = ("GET", "HEAD")
_OPEN_PATHS = ("/healthz", "/readyz")  # an orchestrator asks by address
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, nofollow",
}


class Shield:
    """ASGI middleware around the app; streams pass through it as they come."""

    def __init__(self, app: App, site: Site) -> None:
        self._app = app
        self._site = site
        extra = {"strict-transport-security": "max-age=31536000"} if site.is_secure else {}
        self._headers = [(name.encode(), value.encode()) for name, value in (_HEADERS | extra).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on and add the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                added = (
                    [*self._headers] if b"cache-control" in given else [*self._headers, (b"cache-control", b"no-store")]
                )
                message["headers"] = [*message["headers"], *added]
            await send(message)

        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        status, why = self._fault(scope, headers)
        if not status:
            await self._app(scope, receive, send_on)
            return
        self._site.metrics.refused.labels(str(status)).inc()
        # what a refused body holds is read as no further request
        plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await send_on({"type": "http.response.start", "status": status, "headers": plain})
        await send_on({"type": "http.response.body", "body": f"{why}\n".encode()})

    def _fault(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str]:
        """(status, what is wrong), 0 where nothing is."""
        if "content-length" in headers and "transfer-encoding" in headers:  # a proxy may have understood the other one
            return 400, "the request has two lengths"
        if scope["path"] in _OPEN_PATHS:
            return 0, ""
        if headers.get("host", "").lower() not in self._site.hosts:
            return 421, f"this feed is not called so; open {self._site.address}"
        if self._is_foreign(scope, headers):
            return 403, "this request comes from another site"
        length = headers.get("content-length", "0")
        is_large = "transfer-encoding" in headers or not length.isdecimal() or int(length) > _MAX_BODY_BYTES
        if scope["method"] not in _READING and is_large:
            return 413, f"the request is larger than {_MAX_BODY_BYTES >> 10} KiB"
        return 0, ""

    def _is_foreign(self, scope: Scope, headers: dict[str, str]) -> bool:
        """Whether a page of another site asks."""
        origin = headers.get("origin", "")
        if origin:
            return origin.lower().partition("://")[2] not in self._site.hosts
        is_own = headers.get("sec-fetch-site", "none") in ("same-origin", "none")
        return scope["method"] not in _READING and not is_own
