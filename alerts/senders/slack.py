"""Slack incoming webhooks: Block Kit (docs.slack.dev, "Sending messages using incoming webhooks")."""

import json
from http import HTTPStatus
from typing import Any

from alerts.answers import by_status, unclear
from alerts.fit import fitted, plain, widened
from alerts.message import Message, Part
from alerts.sending import Answer, Delivered, Outcome, Rate, Refused, Request, RetryAt
from detectors.payload import Frame

__all__ = ["Slack"]

_SECTION_CHARS = 3000
_HEADER_CHARS = 150
_FIELD_CHARS = 2000
_FIELDS = 10
_BLOCKS = 50
_CHANNEL_WORDS = frozenset(
    {
        "invalid_token",
        "no_service",
        "no_service_id",
        "no_active_hooks",
        "no_team",
        "team_disabled",
        "channel_not_found",
        "channel_is_archived",
        "action_prohibited",
        "posting_to_general_channel_denied",
        "user_not_found",
    }
)

_FRAME = Frame(
    keys=frozenset(
        {"text", "blocks", "type", "emoji", "fields", "verbatim", "elements", "unfurl_links", "unfurl_media"}
    )
)


class Slack:
    """See alerts.sending.App."""

    rate = Rate(every_s=1.1, burst=3)
    frame = _FRAME

    def __init__(self, url: str, prefix: str = "") -> None:
        self._url = url
        self._prefix = prefix

    def render(self, message: Message) -> str:
        """Blocks of plain text; only our own labels are bold. No unfurling: Slack would fetch what links point to."""
        message = fitted(message, lambda one: _fits(self._body(one)))
        return json.dumps(self._body(message), ensure_ascii=False)

    def _body(self, message: Message) -> dict[str, Any]:
        blocks = [block for part in message.parts for block in self._blocks(part, message.link)]
        first = f"{self._prefix} {message.parts[0].headline} {message.parts[0].lead}".strip()
        return {"text": _escaped(widened(first)), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}

    def _blocks(self, part: Part, link: str) -> list[dict[str, Any]]:
        headline = f"{self._prefix} {part.headline}".strip()
        blocks: list[dict[str, Any]] = [{"type": "header", "text": _plain_text(headline)}]
        blocks += [{"type": "section", "text": _plain_text(part.lead)}] if part.lead else []
        blocks += [{"type": "section", "text": _plain_text(f"⚑ {plain(note)}")} for note in part.notes]
        fields = [_mrkdwn(f"*{_safe(fact.label)}*\n{_safe(fact.value)}") for fact in part.facts]
        for start in range(0, len(fields), _FIELDS):
            blocks.append({"type": "section", "fields": fields[start : start + _FIELDS]})
        blocks += [{"type": "section", "text": _plain_text("\n".join(map(plain, part.items)))}] if part.items else []
        footer = [_mrkdwn(f"<{_escaped(link)}|{_safe(part.link)}>")] if link else []
        footer += [_plain_text(part.footer)] if part.footer else []
        return [*blocks, {"type": "context", "elements": footer}] if footer else blocks

    def request(self, body: str, *, id: str, at_ms: int) -> Request:  # noqa: A002, ARG002 - see App
        """Not signed: the address is the secret."""
        return Request(url=self._url, headers={"Content-Type": "application/json"}, content=body.encode())

    def judge(self, answer: Answer) -> Outcome:
        """The word in the body decides."""
        word = answer.body.decode(errors="replace").strip()
        if word in _CHANNEL_WORDS:
            return Refused(word)
        if (early := by_status(answer)) is not None:
            return early
        if answer.status == HTTPStatus.OK and word == "ok" and answer.is_whole:
            return Delivered()
        if answer.status == HTTPStatus.BAD_REQUEST:
            return Refused("invalid payload", scope="message")
        return RetryAt("rate limited", after_s=30) if word == "rate_limited" else unclear(answer)


def _fits(body: dict[str, Any]) -> bool:
    blocks = body["blocks"]
    sections = [block["text"]["text"] for block in blocks if block["type"] == "section" and "text" in block]
    headers = [block["text"]["text"] for block in blocks if block["type"] == "header"]
    fields = [field["text"] for block in blocks for field in block.get("fields", [])]
    return (
        len(blocks) <= _BLOCKS
        and all(len(text) <= _SECTION_CHARS for text in (body["text"], *sections))
        and all(len(text) <= _HEADER_CHARS for text in headers)
        and all(len(text) <= _FIELD_CHARS for text in fields)
    )


def _plain_text(text: str) -> dict[str, Any]:
    """Nothing in it is markup, a mention or an emoji name."""
    lines = "\n".join(map(plain, text.split("\n")))
    return {"type": "plain_text", "text": lines, "emoji": False}


def _mrkdwn(text: str) -> dict[str, Any]:
    """Verbatim: no names of channels and people are looked for in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _safe(text: str) -> str:
    return _escaped(widened(text))


def _escaped(text: str) -> str:
    """The three signs that Slack gives a meaning.

    >>> _escaped("<!channel> & co")
    '&lt;!channel&gt; &amp; co'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
