"""Muted words: which there are, and the forms that mute and end them."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from contracts.mute import Mute
from detectors.moments import BEIJING
from feeds.api import muted, unmuted
from feeds.page import Asking, ByOperator, ByViewer
from feeds.plain import plain
from feeds.site import RefusedError, check_form

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


class WordsForm(BaseModel):
    """The form on a topic's page."""

    csrf: str = ""
    words: list[Annotated[str, Field(max_length=60)]] = Field(default=[], max_length=20)
    minutes: int = 0


@router.get("/mutes")
async def mutes(asking: ByViewer) -> Response:
    """Those in force."""
    return await _page(asking)


@router.post("/topics/{topic}/mutes")
async def mute_words(topic: str, asking: ByOperator, form: Annotated[WordsForm, Form()]) -> Response:
    """Mute words of a topic, and show what is muted."""
    check_form(asking.visitor, form.csrf)
    try:
        await muted(asking.site, topic, form.words, form.minutes, asking.visitor.name)
    except RefusedError as error:
        if error.key == "error.404":
            raise
        return await _page(asking, fault=error)
    return RedirectResponse("/mutes", status_code=303)


@router.post("/mutes/end")
async def end_mute(
    asking: ByOperator,
    id: Annotated[str, Form(max_length=600)] = "",  # noqa: A002 - the field's name
    csrf: Annotated[str, Form()] = "",
) -> Response:
    """End a mute before its time, and show what is left."""
    check_form(asking.visitor, csrf)
    try:
        await unmuted(asking.site, id, asking.visitor.name)
    except RefusedError as error:
        return await _page(asking, fault=error)
    return RedirectResponse("/mutes", status_code=303)


async def _page(asking: Asking, *, fault: RefusedError | None = None) -> Response:
    found = await asyncio.to_thread(asking.site.desk.mutes)
    shown = {"mutes": [_shown(mute, asking) for mute in found], "fault": asking.t(fault.key) if fault else ""}
    return asking.page("mutes.html", shown, status=fault.status if fault else 200)


def _shown(mute: Mute, asking: Asking) -> dict[str, str]:
    t, entries = asking.t, asking.site.board.entries
    words = "、".join(plain(word, 40) for word in mute.words)
    if mute.of_topic in entries:
        words = t("mutes.topic", plain(entries[mute.of_topic].line.title, 60))
    why = t("mutes.with-topic") if mute.of_topic else t("mutes.by-hand")
    until = datetime.fromtimestamp(mute.until_ms / 1000, tz=BEIJING)
    return {
        "id": mute.id,
        "words": words or mute.topic,
        "until": f"{until:%Y-%m-%d %H:%M}",
        "by": mute.by,
        "topic": mute.topic,
        "why": t(f"reason.{mute.reason}") if mute.reason else why,
    }
