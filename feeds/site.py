"""What the pages, the API and the live events share: the parts of the feed, who is asking, in which language."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from detectors.guard import Guard
from feeds.access import Gate, Role, Visitor
from feeds.desk import Desk
from feeds.health import Health
from feeds.live import LiveBoard
from feeds.metrics import Metrics
from feeds.proxy import NobodyError, Proxies
from feeds.shared import Shared
from feeds.texts import Catalogue, language_of

__all__ = [
    "COOKIE",
    "AsAdmin",
    "AsOperator",
    "AsViewer",
    "InLanguage",
    "Limiter",
    "RefusedError",
    "Site",
    "TheSite",
    "check_form",
    "check_program",
    "needing",
    "templates",
]

HERE = Path(__file__).parent
COOKIE = "session"
_SIGN_INS_A_MINUTE = 10


class RefusedError(Exception):
    """A request that is answered with a status and the text of that key."""

    def __init__(self, status: int, key: str = "") -> None:
        super().__init__(key)
        self.status = status
        self.key = key or f"error.{status}"


class Limiter:
    """How often somebody may ask; counted in this process."""

    def __init__(self, requests_per_minute: int) -> None:
        self._windows = FixedWindowRateLimiter(MemoryStorage())
        self._rates = {
            "request": RateLimitItemPerMinute(requests_per_minute),
            "sign-in": RateLimitItemPerMinute(_SIGN_INS_A_MINUTE),
        }

    def check(self, what: str, who: str) -> None:
        """Count one.

        Raises:
            RefusedError: it is one too many.
        """
        if not self._windows.hit(self._rates[what], what, who):
            raise RefusedError(429)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The feed's parts.

    Attributes:
        address: of the feed, as links have it; no slash at its end.
        hosts: Host headers that are answered; a page of somebody else's name that points here gets none.
        guidance: the organisation's own wording of flags (`GuidanceSettings.own`).
        session_s: how long a cookie lasts.
        proxies: that sign people in before they come here.
        health: looks up how the pipeline is; blocks, so it is asked on another thread. None in tests of other things.
    """

    board: LiveBoard
    desk: Desk
    gate: Gate
    guard: Guard
    limiter: Limiter
    metrics: Metrics
    clock: Callable[[], int]
    address: str
    hosts: frozenset[str]
    guidance: Mapping[tuple[str, str], str]
    session_s: int
    health: Callable[[], Health] | None = None
    proxies: Proxies = field(default_factory=Proxies)
    shared: Shared = field(default_factory=Shared)

    @property
    def is_secure(self) -> bool:
        """Whether cookies may travel over TLS only."""
        return self.address.startswith("https://")


def site_of(request: Request) -> Site:
    """The parts of the app that is asked."""
    site: Site = request.app.state.site
    return site


TheSite = Annotated[Site, Depends(site_of)]


def _language(request: Request) -> Catalogue:
    chosen = request.query_params.get("lang") or request.cookies.get("lang", "")
    return Catalogue(language_of(chosen, request.headers.get("accept-language", "")))


InLanguage = Annotated[Catalogue, Depends(_language)]


def needing(role: Role) -> Callable[[Request], Visitor]:
    """Who is asking, with this role or one above."""

    def visitor(request: Request) -> Visitor:
        site = site_of(request)
        try:
            found = site.proxies.visitor(request)
        except NobodyError:
            site.limiter.check("request", f"address {site.proxies.address(request)}")
            raise RefusedError(403, "error.group") from None
        found = found or site.gate.visitor(cookie=request.cookies.get(COOKIE, ""), token=_token(request))
        site.limiter.check("request", found.name if found else f"address {site.proxies.address(request)}")
        if found is None:
            raise RefusedError(401)
        if not found.may(role):
            raise RefusedError(403)
        if request.method not in ("GET", "HEAD") and "x-csrf" in request.headers:
            check_form(found, request.headers["x-csrf"])
        return found

    return visitor


AsViewer = Annotated[Visitor, Depends(needing("viewer"))]
AsOperator = Annotated[Visitor, Depends(needing("operator"))]
AsAdmin = Annotated[Visitor, Depends(needing("admin"))]


def check_form(visitor: Visitor, csrf: str) -> None:
    """Whether the form is one of our pages, not of another site that the operator visits.

    Raises:
        RefusedError: it is not.
    """
    if visitor.csrf and not hmac.compare_digest(visitor.csrf.encode(), csrf.encode()):
        raise RefusedError(403, "error.form")


def check_program(request: Request, site: Site, visitor: Visitor) -> None:
    """Whether a request without a form comes from our script, or from a program that no other site can steer.

    Raises:
        RefusedError: a browser may have been made to send it.
    """
    is_browser = "origin" in request.headers or "sec-fetch-site" in request.headers
    is_local_program = site.gate.is_open and not is_browser
    if visitor.csrf and "x-csrf" not in request.headers and not is_local_program:
        raise RefusedError(403, "error.form")


def _token(request: Request) -> str:
    """From `Authorization: Bearer token`, or Basic with it as the password, which feed readers can send."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def templates() -> Environment:
    """The pages; every value is escaped, and one that is missing is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["version"] = _version()
    return made


def _version() -> str:
    """Of the script and the style, so that a browser never mixes old with new."""
    files = sorted((HERE / "static").iterdir())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:10]
