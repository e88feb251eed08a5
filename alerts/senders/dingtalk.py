"""DingTalk custom robots: markdown, signed (open.dingtalk.com/document/robots/custom-robot-access).

The answer is HTTP 200 whatever happened; who sends over 20 messages a minute is muted for ten minutes.
"""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

from alerts.answers import by_status, code_of, json_of, unclear, wait_s
from alerts.fit import plain, widened, within
from alerts.message import Message
from alerts.senders.markdown import markdown
from alerts.sending import Answer, Delivered, Outcome, Rate, Refused, Request, RetryAt
from detectors.payload import Frame

__all__ = ["DingTalk", "signature"]

_BODY_BYTES = 20_000
_MUTED_S = 600.0
_THROTTLED = frozenset({130101, 410100})
_MESSAGE_CODES = frozenset({40035, 43002, 43004, 400105})
_BUSY = -1
_FRAME = Frame(keys=frozenset({"msgtype", "markdown", "title", "text", "at", "isAtAll"}))


def signature(secret: str, timestamp_ms: int) -> str:
    """Before it is encoded for the address, which is done once.

    >>> signature("SECtest", 1700000000000)
    'aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g='
    """
    text = f"{timestamp_ms}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()


class DingTalk:
    """See alerts.sending.App."""

    rate = Rate(every_s=3.5, burst=2)
    frame = _FRAME

    def __init__(self, url: str, secret: str = "", prefix: str = "") -> None:
        self._url = url
        self._secret = secret
        self._prefix = prefix

    def render(self, message: Message) -> str:
        """Markdown; nobody is mentioned."""
        return within(message, self._body, _BODY_BYTES)

    def _body(self, message: Message) -> str:
        title = f"{plain(self._prefix)} {widened(message.parts[0].headline)}".strip()
        text = markdown(message, prefix=self._prefix, heading="#### ", bullet="- ", newline="\n\n")
        content = {"msgtype": "markdown", "markdown": {"title": title, "text": text}, "at": {"isAtAll": False}}
        return json.dumps(content, ensure_ascii=False)

    def request(self, body: str, *, id: str, at_ms: int) -> Request:  # noqa: A002, ARG002 - see App
        """Timestamp and signature go into the address."""
        url = self._url
        if self._secret:
            signed = urlencode({"timestamp": at_ms, "sign": signature(self._secret, at_ms)})
            url = f"{url}{'&' if '?' in url else '?'}{signed}"
        return Request(url=url, headers={"Content-Type": "application/json; charset=utf-8"}, content=body.encode())

    def judge(self, answer: Answer) -> Outcome:
        """The code decides; a body without one is a refusal by risk control, or nothing that we know."""
        if (early := by_status(answer)) is not None:
            return early
        code = code_of(answer, "errcode")
        if code is not None:
            return _by_code(code)
        found = json_of(answer) or {}
        if "punish" in found:
            return RetryAt("risk control", after_s=wait_s(found.get("wait")) or _MUTED_S)
        return unclear(answer)


def _by_code(code: int) -> Outcome:
    if code == 0:
        return Delivered()
    if code in _THROTTLED:
        return RetryAt(f"errcode {code}: too many, muted", after_s=_MUTED_S)
    if code == _BUSY:
        return RetryAt("errcode -1: busy")
    if code in _MESSAGE_CODES:
        return Refused(f"errcode {code}", scope="message")
    return Refused(f"errcode {code}: signature, clock, keyword, token or list of addresses")
