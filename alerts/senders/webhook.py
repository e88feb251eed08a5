"""A webhook of your own, by Standard Webhooks (github.com/standard-webhooks).

`webhook-id` is the same on every attempt: who remembers the ids gets each alert once.
"""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from alerts.answers import SUCCESS, by_status
from alerts.fit import plain, within
from alerts.message import Message, Part
from alerts.sending import Answer, Delivered, Outcome, Rate, Refused, Request
from contracts.errors import SettingsError
from contracts.platforms import PLATFORMS
from detectors.payload import Frame
from detectors.reasons import LANGUAGES

__all__ = ["Webhook", "signature"]

_BODY_BYTES = 20_000
_SECRET_PREFIX = "whsec_"  # noqa: S105 - what stands before a secret
_LEAST_KEY_BYTES = 16
_OF_MESSAGE = ("type", "data", "kind", "severity", "changes", "number", "link", "text", "topic", *LANGUAGES)
_OF_TOPIC = (
    "id",
    "state",
    "title",
    "keywords",
    "categories",
    "posts",
    "authors",
    "expected",
    "reach_thousands",
    "platforms",
    "flags",
    "since",
    "at",
    "at_ms",
    "curve",
)
_FRAME = Frame(keys=frozenset((*_OF_MESSAGE, *_OF_TOPIC, *PLATFORMS)), technical=frozenset({"at_ms"}))


def signature(key: bytes, id: str, timestamp_s: int, body: bytes) -> str:  # noqa: A002 - as the standard calls it
    """The header's value, as the standard has it.

    >>> key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    >>> signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{id}.{timestamp_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Webhook:
    """See alerts.sending.App."""

    rate = Rate(every_s=0.1, burst=20)
    frame = _FRAME

    def __init__(self, url: str, secret: str, prefix: str = "") -> None:
        """Take the address and the secret, "whsec_" and base64.

        Raises:
            SettingsError: the secret is none.
        """
        self._url = url
        self._prefix = prefix
        self._key = _key_of(secret)

    def render(self, message: Message) -> str:
        """What a machine needs, and the same words as people get."""
        return within(message, self._body, _BODY_BYTES)

    def _body(self, message: Message) -> str:
        alert = message.alert
        line = alert.line
        data: dict[str, Any] = {
            "kind": alert.kind,
            "severity": alert.severity,
            "changes": alert.changes,
            "number": alert.number,
            "link": message.link,
            "text": {
                part.language: _text(
                    part.headline, part.lead, *part.notes, *_untold(message, part), *part.items, part.footer
                )
                for part in message.parts
            },
        }
        if line is not None:
            data["topic"] = {
                "id": line.topic,
                "state": line.state,
                "title": line.title,
                "keywords": line.keywords,
                "categories": line.categories,
                "posts": line.posts,
                "authors": line.authors,
                "expected": line.expected,
                "reach_thousands": None if line.reach is None else line.reach // 1000,
                "platforms": line.platforms,
                "flags": line.flags,
                "since": line.since,
                "at": line.at,
                "curve": [{"at_ms": at_ms, "authors": authors} for at_ms, authors in alert.curve],
            }
        return json.dumps({"type": f"alert.{alert.kind}", "data": data}, ensure_ascii=False)

    def request(self, body: str, *, id: str, at_ms: int) -> Request:  # noqa: A002 - see App
        """Signed for this attempt."""
        seconds, content = at_ms // 1000, body.encode()
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signature(self._key, id, seconds, content),
        }
        return Request(url=self._url, headers=headers, content=content)

    def judge(self, answer: Answer) -> Outcome:
        """Any 2xx is yes; the body is not read."""
        early = by_status(answer)
        if early is not None:
            return early
        return Delivered() if answer.status in SUCCESS else Refused(f"HTTP {answer.status}", scope="message")


def _key_of(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_SECRET_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if len(key) < _LEAST_KEY_BYTES:
        raise SettingsError(
            "alerts.channel.secret", f"of a webhook: write {_SECRET_PREFIX} and 24 to 64 bytes in base64"
        )
    return key


def _untold(message: Message, part: Part) -> list[str]:
    """Facts for which there is no field: whether the sources of a digest are well."""
    return [] if message.about else [f"{fact.label}: {fact.value}" for fact in part.facts]


def _text(*lines: str) -> str:
    return "\n".join(plain(line) for line in lines if line)
