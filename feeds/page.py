"""One page: a template filled in the operator's language and theme."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from detectors.moments import BEIJING
from feeds.access import Role, Visitor
from feeds.plain import plain
from feeds.site import InLanguage, Site, TheSite, needing, templates
from feeds.texts import Catalogue
from feeds.triage import AuditEvent

__all__ = ["Asking", "ByAdmin", "ByOperator", "ByViewer", "goto", "local_place", "page", "words_of"]

_pages = templates()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a page, of which feed, in which language."""

    request: Request
    site: Site
    visitor: Visitor
    t: Catalogue

    def page(self, name: str, shown: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
        """The page for this visitor."""
        return page(self.request, self.site, self.t, name, shown, visitor=self.visitor, status=status)


def _asking(role: Role) -> Callable[..., Asking]:
    visitor_of = needing(role)

    def asking(request: Request, site: TheSite, t: InLanguage) -> Asking:
        return Asking(request, site, visitor_of(request), t)

    return asking


ByViewer = Annotated[Asking, Depends(_asking("viewer"))]
ByOperator = Annotated[Asking, Depends(_asking("operator"))]
ByAdmin = Annotated[Asking, Depends(_asking("admin"))]


def page(
    request: Request,
    site: Site,
    t: Catalogue,
    name: str,
    shown: Mapping[str, Any],
    *,
    visitor: Visitor | None = None,
    status: int = 200,
) -> HTMLResponse:
    """A page in the operator's language and theme."""
    theme = request.cookies.get("theme", "")
    html = _pages.get_template(name).render(
        t=t,
        visitor=visitor,
        here=goto(request),
        theme=theme if theme in ("dark", "light") else "",
        is_open=site.gate.is_open,
        **shown,
    )
    return HTMLResponse(html, status_code=status)


def goto(request: Request) -> str:
    """Where the visitor is, as the parameter that leads back; of a form, the page that it stands on."""
    query = f"?{request.url.query}" if request.url.query else ""
    here = f"{request.url.path}{query}" if request.method == "GET" else request.url.path.rpartition("/")[0] or "/"
    return urlencode({"goto": here})


def local_place(goto: str) -> str:
    """A place of this site, and no other."""
    is_ours = goto.startswith("/") and not goto.startswith(("//", "/\\")) and goto.isprintable()
    return goto if is_ours else "/"


def words_of(event: AuditEvent, t: Catalogue) -> dict[str, str]:
    """An event of the audit log in words."""
    detail = event.detail
    if event.act == "dismiss":
        detail = t(f"reason.{detail}")
    elif event.act == "mute":
        detail = t(f"minutes.{detail}")
    elif event.act == "mute-words":
        minutes, _, words = detail.partition(" ")
        detail = f"{'、'.join(words.split())} ({t(f'minutes.{minutes}')})"
    elif event.act == "unmute-words":
        detail = "、".join(detail.split())
    elif event.act in ("divide", "rejoin"):
        other, _, words = detail.partition(" ")
        detail = f"{event.topic} → {other}" + (f" ({'、'.join(words.split())})" if words else "")
    elif event.act in ("merge", "split"):
        detail = f"{event.topic} → {detail}"
    at = datetime.fromtimestamp(event.at_ms / 1000, tz=BEIJING)
    return {
        "at": f"{at:%Y-%m-%d %H:%M:%S}",
        "who": event.who,
        "act": t(f"act.{event.act}"),
        "topic": event.topic,
        "detail": plain(detail, 500),
    }
