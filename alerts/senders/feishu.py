"""Feishu and Lark custom bots: an interactive card, signed where the bot has a secret.

<https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot>
"""

import base64
import hashlib
import hmac
import json
from typing import Any

from alerts.answers import by_status, code_of, unclear
from alerts.fit import plain, within
from alerts.message import Message, Part
from alerts.sending import Answer, Delivered, Outcome, Rate, Refused, Request, RetryAt
from contracts.alert import Severity
from detectors.payload import Frame

__all__ = ["Feishu", "signature"]

_BODY_BYTES = 19_000  # 20 KB with the signature
_COLOURS: dict[Severity, str] = {"info": "grey", "notable": "yellow", "high": "orange", "critical": "red"}
_CHANNEL_CODES = frozenset({19021, 19022, 19024, 19001, 19005})  # signature or clock, IP list, keyword, token
_THROTTLED = frozenset({11232, 11233, 11247})
_FRAME = Frame(
    keys=frozenset(
        {
            "msg_type",
            "card",
            "config",
            "wide_screen_mode",
            "header",
            "title",
            "template",
            "elements",
            "tag",
            "content",
            "text",
            "fields",
            "is_short",
            "actions",
            "type",
            "url",
        }
    )
)


def signature(secret: str, timestamp_s: int) -> str:
    """Key and message are the other way round than one expects: the key holds both, the message is empty.

    >>> signature("demo", 1700000000)
    '8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo='
    """
    key = f"{timestamp_s}\n{secret}".encode()
    return base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


class Feishu:
    """See alerts.sending.App."""

    rate = Rate(every_s=0.7, burst=4)
    frame = _FRAME

    def __init__(self, url: str, secret: str = "", prefix: str = "") -> None:
        self._url = url
        self._secret = secret
        self._prefix = prefix

    def render(self, message: Message) -> str:
        """A card of plain text elements: nothing in them is markup or a mention."""
        return within(message, self._body, _BODY_BYTES)

    def _body(self, message: Message) -> str:
        first = message.parts[0]
        elements: list[dict[str, Any]] = []
        for part in message.parts:
            elements += [{"tag": "hr"}, _text(part.headline)] if part is not first else []
            elements += _elements(part)
        if message.link:
            button = {"tag": "button", "type": "primary", "text": _plain(first.link), "url": message.link}
            elements.append({"tag": "action", "actions": [button]})
        card = {
            "config": {"wide_screen_mode": True},
            "header": {"title": _plain(self._headline(first)), "template": _COLOURS[message.severity]},
            "elements": elements,
        }
        return json.dumps({"msg_type": "interactive", "card": card}, ensure_ascii=False)

    def _headline(self, part: Part) -> str:
        return f"{self._prefix} {part.headline}".strip()

    def request(self, body: str, *, id: str, at_ms: int) -> Request:  # noqa: A002, ARG002 - see App
        """Timestamp and signature go into the body."""
        content = json.loads(body)
        if self._secret:
            seconds = at_ms // 1000
            content = {"timestamp": str(seconds), "sign": signature(self._secret, seconds), **content}
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return Request(url=self._url, headers=headers, content=json.dumps(content, ensure_ascii=False).encode())

    def judge(self, answer: Answer) -> Outcome:
        """The code in the body decides, also under HTTP 400."""
        code = code_of(answer, "code", "StatusCode")
        if code in _CHANNEL_CODES:
            return Refused(f"code {code}: signature, clock, keyword or list of addresses")
        if code in _THROTTLED:
            return RetryAt(f"code {code}: too many", after_s=60)
        if (early := by_status(answer)) is not None:
            return early
        if code == 0:
            return Delivered()
        return unclear(answer) if code is None else Refused(f"code {code}", scope="message")


def _elements(part: Part) -> list[dict[str, Any]]:
    elements = [_text(part.lead)] if part.lead else []
    elements += [_text(f"⚑ {note}") for note in part.notes]
    colon = "：" if part.language == "zh" else ": "
    fields = [{"is_short": False, "text": _plain(f"{fact.label}{colon}{fact.value}")} for fact in part.facts]
    elements += [{"tag": "div", "fields": fields}] if fields else []
    elements += [_text(item) for item in part.items]
    return elements + ([{"tag": "note", "elements": [_plain(part.footer)]}] if part.footer else [])


def _text(text: str) -> dict[str, Any]:
    return {"tag": "div", "text": _plain(text)}


def _plain(text: str) -> dict[str, Any]:
    return {"tag": "plain_text", "content": plain(text)}
