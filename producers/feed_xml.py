"""Items of an RSS or Atom document, one at a time, as plain objects; entities off.

    {"feed": "…", "title", "link", "id", "html", "date", "author", "categories": […], "enclosures": […types…]}

Namespaces are passed over (`content:encoded` is `encoded`). A document in GBK is read by what its head declares,
since the XML parser itself knows UTF-8 and UTF-16 only.
"""

import codecs
import re
from collections.abc import Iterator
from typing import Any, Protocol
from xml.etree.ElementTree import Element, ParseError, XMLParser

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, iterparse

__all__ = ["FeedError", "feed_items"]

_ITEMS = {"item", "entry"}
_HEAD_BYTES = 200
_ENCODING = re.compile(rb"<\?xml[^>]{0,150}encoding=[\"']([A-Za-z0-9._-]{1,20})[\"']")
_CHINESE = {"gbk", "gb2312", "gb18030", "big5"}
_FIELDS = {
    "title": "title",
    "guid": "id",
    "id": "id",
    "description": "html",
    "summary": "html",
    "pubDate": "date",
    "published": "date",
    "date": "date",
    "creator": "author",
}
_ARTICLES = {"encoded", "content"}  # the whole text, where the description is its beginning


class FeedError(ValueError):
    """The document is no XML, ends early, or declares entities."""


class _File(Protocol):
    def read(self, size: int = -1) -> bytes: ...


def feed_items(file: _File) -> Iterator[dict[str, Any]]:
    """The items in order.

    Raises:
        FeedError: behind the items that came before the fault.
    """
    title = ""
    depth: list[Element] = []
    try:
        for event, element in iterparse(_Decoded(file), events=("start", "end"), parser=_parser()):
            if event == "start":
                depth.append(element)
                continue
            depth.pop()
            name = _name(element)
            if name in _ITEMS:
                yield _item(element, title)
                element.clear()
                if depth:
                    depth[-1].remove(element)  # else the emptied items would stay, and with them memory would grow
            elif name == "title" and not any(_name(above) in _ITEMS for above in depth):
                title = title or _text(element)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:  # the last: unknown encodings
        raise FeedError(_said(error)) from error


def _parser() -> XMLParser:
    parser: XMLParser = DefusedXMLParser(forbid_dtd=False, forbid_entities=True, forbid_external=True)
    return parser


def _said(error: Exception) -> str:
    if isinstance(error, ParseError):
        return f"its XML is broken at line {error.position[0]}"
    if isinstance(error, DefusedXmlException):
        return "its XML declares entities, which are not read"
    return "its text is not in the encoding it declares"


class _Decoded:
    """The file in UTF-8, where its head declares a Chinese encoding."""

    def __init__(self, file: _File) -> None:
        self._file = file
        self._decoder: codecs.IncrementalDecoder | None = None
        self._is_begun = False

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        if not self._is_begun:
            self._is_begun = True
            found = _ENCODING.match(chunk[:_HEAD_BYTES])
            if found is not None and found[1].decode().lower() in _CHINESE:
                name = found[1].decode().lower()
                self._decoder = codecs.getincrementaldecoder("gb18030" if name.startswith("gb") else name)()
                chunk = chunk.replace(found[1], b"utf-8", 1)
        if self._decoder is None:
            return chunk
        text = self._decoder.decode(chunk, final=not chunk)
        while chunk and not text:  # half a character alone must not look like the end
            chunk = self._file.read(size)
            text = self._decoder.decode(chunk, final=not chunk)
        return text.encode()


def _item(element: Element, feed: str) -> dict[str, Any]:
    found: dict[str, Any] = {"feed": feed, "categories": [], "enclosures": []}
    article = ""
    for part in element:
        name = _name(part)
        if name == "link":
            found.setdefault("link", part.get("href") or _text(part))
        elif name == "category":
            found["categories"].append(part.get("term") or _text(part))
        elif name == "author":
            found["author"] = next((_text(inner) for inner in part if _name(inner) == "name"), _text(part))
        elif name == "enclosure":
            found["enclosures"].append(part.get("type") or "")
        elif name in _ARTICLES:
            article = article or _text(part)
        elif name == "updated":
            found["updated"] = _text(part)
        elif name in _FIELDS:
            found[_FIELDS[name]] = found.get(_FIELDS[name]) or _text(part)
    found["html"] = article or found.get("html", "")
    found["date"] = found.get("date") or found.pop("updated", "")
    return found


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()
