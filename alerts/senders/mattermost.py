"""Mattermost incoming webhooks (developers.mattermost.com/integrate/webhooks/incoming)."""

import json
from http import HTTPStatus
from typing import Any

from alerts.answers import by_status, unclear
from alerts.fit import plain, widened, within
from alerts.message import Message, Part
from alerts.sending import Answer, Delivered, Outcome, Rate, Refused, Request
from contracts.alert import Severity
from detectors.payload import Frame

__all__ = ["Mattermost"]

_BODY_BYTES = 16_000
# of letters only: the last guard takes letters and digits in one word for an account
_COLOURS: dict[Severity, str] = {"info": "#cccccc", "notable": "#ffeeaa", "high": "#ffccaa", "critical": "#ffaaaa"}

_FRAME = Frame(
    keys=frozenset({"text", "attachments", "fallback", "color", "title", "fields", "short", "value", "footer"})
)


class Mattermost:
    """See alerts.sending.App."""

    rate = Rate(every_s=0.5, burst=5)
    frame = _FRAME

    def __init__(self, url: str, prefix: str = "") -> None:
        self._url = url
        self._prefix = prefix

    def render(self, message: Message) -> str:
        """A line that pushes show, and an attachment for each language."""
        return within(message, self._body, _BODY_BYTES)

    def _body(self, message: Message) -> str:
        text = widened(f"{self._prefix} {message.parts[0].headline}".strip())
        attachments = [_attachment(part, message) for part in message.parts]
        return json.dumps({"text": text, "attachments": attachments}, ensure_ascii=False)

    def request(self, body: str, *, id: str, at_ms: int) -> Request:  # noqa: A002, ARG002 - see App
        """Not signed: the address is the secret."""
        return Request(url=self._url, headers={"Content-Type": "application/json"}, content=body.encode())

    def judge(self, answer: Answer) -> Outcome:
        """200 with "ok"; errors have a status."""
        if (early := by_status(answer)) is not None:
            return early
        if answer.status == HTTPStatus.BAD_REQUEST:
            return Refused("HTTP 400: invalid payload", scope="message")
        is_ok = answer.status == HTTPStatus.OK and answer.body.strip() == b"ok" and answer.is_whole
        return Delivered() if is_ok else unclear(answer)


def _attachment(part: Part, message: Message) -> dict[str, Any]:
    """The first one's headline stands above it, where pushes show it."""
    is_first = part is message.parts[0]
    lines = [part.lead, *(f"⚑ {note}" for note in part.notes), *part.items]
    told = [widened(line) for line in lines if line]
    told += [f"[{widened(part.link)}]({message.link})"] if message.link else []
    return {
        "fallback": widened(part.headline),
        "color": _COLOURS[message.severity],
        "title": "" if is_first else widened(part.headline),
        "text": "\n".join(told),
        "fields": [{"short": True, "title": plain(fact.label), "value": widened(fact.value)} for fact in part.facts],
        "footer": widened(part.footer),
    }
