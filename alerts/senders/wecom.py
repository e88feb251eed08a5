"""WeCom group robots: markdown of at most 4096 bytes (developer.work.weixin.qq.com/document/path/99110)."""

import json

from alerts.answers import by_status, code_of, unclear
from alerts.fit import within
from alerts.message import Message
from alerts.senders.markdown import markdown
from alerts.sending import Answer, Delivered, Outcome, Rate, Refused, Request, RetryAt
from detectors.payload import Frame

__all__ = ["WeCom"]

_MARKDOWN_BYTES = 4096
_THROTTLED = 45009
_THROTTLED_S = 65.0
_TOO_LONG = 40058
_BUSY = -1

_FRAME = Frame(keys=frozenset({"msgtype", "markdown", "content"}))


class WeCom:
    """See alerts.sending.App."""

    rate = Rate(every_s=3.5, burst=2)
    frame = _FRAME

    def __init__(self, url: str, prefix: str = "") -> None:
        self._url = url
        self._prefix = prefix

    def render(self, message: Message) -> str:
        """Markdown; nobody is mentioned."""
        content = {
            "msgtype": "markdown",
            "markdown": {"content": within(message, self._markdown, _MARKDOWN_BYTES)},
        }
        return json.dumps(content, ensure_ascii=False)

    def _markdown(self, message: Message) -> str:
        return markdown(message, prefix=self._prefix, heading="### ", bullet="", newline="\n")

    def request(self, body: str, *, id: str, at_ms: int) -> Request:  # noqa: A002, ARG002 - see App
        """Not signed: the address holds the key."""
        return Request(url=self._url, headers={"Content-Type": "application/json"}, content=body.encode())

    def judge(self, answer: Answer) -> Outcome:
        """The code in the body decides; the status is 200 whatever happened."""
        if (early := by_status(answer)) is not None:
            return early
        code = code_of(answer, "errcode")
        return unclear(answer) if code is None else _by_code(code)


def _by_code(code: int) -> Outcome:
    if code == 0:
        return Delivered()
    if code == _THROTTLED:
        return RetryAt(f"errcode {code}: too many", after_s=_THROTTLED_S)
    if code == _BUSY:
        return RetryAt("errcode -1: busy")
    if code == _TOO_LONG:
        return Refused(f"errcode {code}: too long", scope="message")
    return Refused(f"errcode {code}: see the robot's address")
