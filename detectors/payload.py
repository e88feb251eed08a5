"""Take a finished payload apart into what people or machines could read in it: what the last guard reads.

Reads the bytes of a JSON body, a page, a feed or an e-mail, gives strings. Touches nothing. What cannot be taken apart,
or has a part that is not known, is refused: the guard fails closed.
"""

import email
import email.policy
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

import msgspec

__all__ = ["NO_FRAME", "Format", "Frame", "UnreadableError", "strings_of"]

Format = Literal["text", "json", "html", "atom", "email"]

_MARKUP = frozenset({
    "utf-8",
    "utf8",
    "text/html",
    "text/plain",
    "application/atom+xml",
    "application/json",
    "http://www.w3.org/2005/Atom",
    "http://www.w3.org/1999/xhtml",
})  # fmt: skip
_TECHNICAL = re.compile("1[0-9]{9}|1[0-9]{12}|[A-Za-z0-9+/_-]{40,128}={0,2}")  # seconds, milliseconds, a signature
_MAIL_HEADERS = frozenset({"from", "to", "cc", "reply-to", "subject", "list-id"})
_MAIL_TECHNICAL = frozenset({
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "content-language",
    "auto-submitted",
    "precedence",
    "references",
    "in-reply-to",
})  # fmt: skip


class UnreadableError(ValueError):
    """The payload cannot be taken apart, or holds a part that nobody has named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the code that builds a payload puts around what it tells.

    Attributes:
        keys: of JSON objects; another one is refused.
        technical: those of them under which a time (seconds or ms) or a signature stands, which is not read.
        addresses: of an e-mail: its sender and receivers, as configured.
    """

    keys: frozenset[str] = frozenset()
    technical: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()


NO_FRAME = Frame()


def strings_of(body: str | bytes, form: Format, frame: Frame) -> list[str]:
    """Everything in it that could carry words, numbers or links.

    Raises:
        UnreadableError: it is not what it should be, or a key, header or part of it is not known.

    >>> strings_of('{"text": "儿童安全", "count": 38}', "json", Frame(keys=frozenset({"text", "count"})))
    ['儿童安全', '38']
    >>> strings_of('<p title="校车">看</p>', "html", Frame())
    ['校车', '看']
    """
    try:
        if form == "email":
            return list(_of_mail(body.encode() if isinstance(body, str) else body, frame))
        text = body if isinstance(body, str) else body.decode()
        if form == "json":
            return list(_of_json(msgspec.json.decode(text), frame))
    except (msgspec.DecodeError, UnicodeError, RecursionError, LookupError) as error:
        raise UnreadableError(f"no {form}: {type(error).__name__}") from error
    return [text] if form == "text" else _of_markup(text)


def _of_json(value: object, frame: Frame, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in frame.keys:
                raise UnreadableError("a key that is not known")
            yield from _of_json(part, frame, name)
    elif isinstance(value, list):
        for part in value:
            yield from _of_json(part, frame, key)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        told = str(value)
        if key not in frame.technical or _TECHNICAL.fullmatch(told) is None:
            yield told


class _Reader(HTMLParser):
    """Collects texts, comments, declarations and the values of attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Collection[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's
        self.found += [value for _, value in attrs if value and value.lower() not in _MARKUP and value not in _MARKUP]

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def unknown_decl(self, data: str) -> None:
        """As of CDATA."""
        self.found.append(data.removeprefix("CDATA["))

    def handle_pi(self, data: str) -> None:
        if data.rstrip("?") not in ('xml version="1.0" encoding="utf-8"', 'xml version="1.0" encoding="UTF-8"'):
            self.found.append(data)


def _of_markup(text: str) -> list[str]:
    """Each on its own, and the texts joined as they are read: <b>138</b><b>0013</b><b>8000</b> is one number."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    found = [part for part in reader.found if part.strip()]
    return found if len(found) <= 1 or _is_apart(text) else [*found, "".join(found)]


def _is_apart(text: str) -> bool:
    """Whether every tag stands for a break, so that what follows it is not read on."""
    return re.search(r"</?(?:b|i|em|strong|span|a|u|code|font|small|sub|sup)\b", text, re.IGNORECASE) is None


def _of_mail(body: bytes, frame: Frame) -> Iterator[str]:
    message = email.message_from_bytes(body, policy=email.policy.default)
    for part in message.walk():
        for name, value in part.items():
            if name.lower() in _MAIL_TECHNICAL:
                continue
            if name.lower() not in _MAIL_HEADERS:
                raise UnreadableError("a header that is not known")
            told = str(value)
            for address in frame.addresses:
                told = told.replace(address, " ")
            yield told
        if part.get_content_maintype() == "multipart":
            continue
        kind = part.get_content_type()
        if kind not in ("text/plain", "text/html"):
            raise UnreadableError("a part that is no text")
        content = part.get_content()
        yield from _of_markup(content) if kind == "text/html" else [content]
