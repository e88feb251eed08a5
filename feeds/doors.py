"""In and out: signing in with a token, signing out, language and theme; and the audit log, for admins."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from feeds.api import log_page
from feeds.page import ByAdmin, ByViewer, local_place, page, words_of
from feeds.site import COOKIE, InLanguage, RefusedError, TheSite, check_form

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_YEAR_S = 365 * 24 * 3600
_LOOKS = {"lang": ("zh", "en"), "theme": ("dark", "light")}
_EVENTS = 500


@router.get("/audit")
async def audit(asking: ByAdmin) -> Response:
    """What everybody did, newest first."""
    before = asking.request.query_params.get("before", "")
    found = await log_page(asking.site, before, _EVENTS)
    shown = {
        "events": [words_of(event, asking.t) for _, event in found],
        "is_first": not before,
        "next": found[-1][0] if len(found) == _EVENTS else "",
    }
    return asking.page("audit.html", shown)


@router.get("/login")
async def login(request: Request, site: TheSite, t: InLanguage) -> Response:
    """Where a token is asked for."""
    if site.gate.is_open:
        return RedirectResponse("/", status_code=303)
    fault = t("error.proxy") if site.proxies.networks else ""
    shown = {"goto": local_place(request.query_params.get("goto", "")), "fault": fault}
    return page(request, site, t, "login.html", shown)


@router.post("/login")
async def sign_in(
    request: Request,
    site: TheSite,
    t: InLanguage,
    token: Annotated[str, Form(max_length=500)] = "",
    goto: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """A session for a token."""
    site.limiter.check("sign-in", site.proxies.address(request))
    found = site.gate.sign_in(token.strip())
    if found is None:
        shown = {"goto": local_place(goto), "fault": t("error.token")}
        return page(request, site, t, "login.html", shown, status=401)
    name, cookie = found
    await asyncio.to_thread(site.desk.note, name, "signed-in")
    answer = RedirectResponse(local_place(goto), status_code=303)
    # lax: who follows an alert's link from a chat is signed in; what changes something needs the form's own token
    answer.set_cookie(
        COOKIE, cookie, max_age=site.session_s, httponly=True, samesite="lax", secure=site.is_secure, path="/"
    )
    return answer


@router.post("/logout")
async def sign_out(asking: ByViewer, csrf: Annotated[str, Form()] = "") -> Response:
    """Forget the session in this browser."""
    check_form(asking.visitor, csrf)
    await asyncio.to_thread(asking.site.desk.note, asking.visitor.name, "signed-out")
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=asking.site.is_secure)
    return answer


@router.get("/look/{what}/{value}")
async def choose(request: Request, what: str, value: str, site: TheSite) -> Response:
    """Remember a language or a theme in this browser, and go back to where one was."""
    if value not in _LOOKS.get(what, ()):
        raise RefusedError(404)
    answer = RedirectResponse(local_place(request.query_params.get("goto", "")), status_code=303)
    answer.set_cookie(what, value, max_age=_YEAR_S, samesite="strict", httponly=True, secure=site.is_secure, path="/")
    return answer
