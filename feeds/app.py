"""The feed as one ASGI app."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from contracts.errors import RetryableError
from feeds import api, doors, events, health_page, mutes_page, topic_page, wire_page
from feeds.page import goto, page
from feeds.shield import Shield
from feeds.site import COOKIE, HERE, AsViewer, RefusedError, Site, TheSite
from feeds.texts import Catalogue, language_of

__all__ = ["build_app"]

_ROUTERS = [part.router for part in (api, events, wire_page, topic_page, mutes_page, health_page, doors)]
_UNUSABLE = {404: "error.path", 405: "error.method"}
_NAME = re.compile("[a-z_]{1,40}")
_PLACES = 4


def build_app(site: Site) -> FastAPI:
    """All routes of the feed around these parts."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with suppress(RetryableError):  # what is in the store is there before the first page is asked for
            await site.board.step()
        following = asyncio.create_task(site.board.follow(), name="feed-follow")
        try:
            yield
        finally:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    app = FastAPI(
        title="tongsheng feed",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # both would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # it would lead to http, whatever the proxy in front speaks
        lifespan=lifespan,
    )
    app.state.site = site
    _add_scheme(app)
    for router in _ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _add_health(app)
    _add_heads(app)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(RetryableError, _away)
    app.add_exception_handler(RequestValidationError, _unusable)
    app.add_exception_handler(HTTPException, _unusable)
    app.add_middleware(Shield, site=site)
    return app


def _add_scheme(app: FastAPI) -> None:
    """How a program says who it is, in the description of the API."""
    described = app.openapi

    def with_scheme() -> dict[str, Any]:
        found = described()
        schemes = {"token": {"type": "http", "scheme": "bearer"}, "password": {"type": "http", "scheme": "basic"}}
        found.setdefault("components", {})["securitySchemes"] = schemes
        found["security"] = [{name: []} for name in schemes]
        return found

    app.openapi = with_scheme  # type: ignore[method-assign]  # FastAPI's own way to change it


def _add_heads(app: FastAPI) -> None:
    """What can be had can be asked about: the server leaves the body out. Live events would have no end."""
    known = [*app.routes, *(route for router in _ROUTERS for route in router.routes)]
    for route in known:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.path != events.PATH:
            app.add_api_route(
                route.path,
                route.endpoint,
                methods=["HEAD"],
                include_in_schema=False,
                response_model=route.response_model,
            )


def _add_health(app: FastAPI) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @app.get("/readyz", include_in_schema=False)
    async def readyz(site: TheSite) -> PlainTextResponse:
        ready = site.board.is_ready
        return PlainTextResponse("ready\n" if ready else "the store is away\n", status_code=200 if ready else 503)

    @app.get("/metrics", include_in_schema=False)
    async def metrics(site: TheSite, visitor: AsViewer) -> Response:
        del visitor
        health = await asyncio.to_thread(site.health) if site.health is not None else None
        text = site.metrics.text(site.board, site.guard.blocked, health)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    return _answer(request, error.status, error.key)


async def _away(request: Request, error: Exception) -> Response:
    del error
    return _answer(request, 503, "error.503")


async def _unusable(request: Request, error: Exception) -> Response:
    """What FastAPI refuses by itself; its own answer would repeat what was sent."""
    if isinstance(error, HTTPException):
        return _answer(request, error.status_code, _UNUSABLE.get(error.status_code, "error.form"))
    if not request.url.path.startswith("/api/"):
        return _answer(request, 422, "error.form")
    assert isinstance(error, RequestValidationError)
    places = [
        part for found in error.errors() for part in found["loc"] if isinstance(part, str) and _NAME.fullmatch(part)
    ]
    return _answer(request, 422, "error.value", ", ".join(dict.fromkeys(places[:_PLACES])))


def _answer(request: Request, status: int, key: str, *values: str) -> Response:
    """One line for a program, a page for a person; who must sign in is brought there."""
    site: Site = request.app.state.site
    site.metrics.refused.labels(str(status)).inc()
    chosen = request.query_params.get("lang") or request.cookies.get("lang", "")
    t = Catalogue(language_of(chosen, request.headers.get("accept-language", "")))
    headers = {"retry-after": "30"} if status in (429, 503) else {}
    is_person = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
    is_script = "sec-fetch-mode" in request.headers  # of a page: its browser would ask for a password
    if status == HTTPStatus.UNAUTHORIZED and not (is_person or is_script):
        headers["www-authenticate"] = 'Basic realm="tongsheng"'
    if not is_person:
        return JSONResponse({"error": key.removeprefix("error."), "message": t(key, *values)}, status, headers)
    if status == HTTPStatus.UNAUTHORIZED:
        answer = RedirectResponse(f"/login?{goto(request)}", status_code=303)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=site.is_secure)
        return answer
    answer_page = page(request, site, t, "error.html", {"status": status, "fault": t(key)}, status=status)
    answer_page.headers.update(headers)
    return answer_page
