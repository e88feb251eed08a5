"""Topics for other programs: Atom, JSON Feed and CSV. This is the broadcast circle: no sample, no post id.

What is broadcast is composed of what may be told, and read twice by the last guard: each topic, of which only a minimal
line is told where it does not pass, and then the whole body as it leaves.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from xml.etree import ElementTree as ET

import msgspec

from detectors.guard import Guard
from detectors.guidance import guidance
from detectors.minimal import minimal_alert
from detectors.payload import Frame
from detectors.reasons import reason_of_line
from feeds.board import Entry
from feeds.plain import plain
from feeds.texts import Catalogue, category_name, platform_name

__all__ = ["atom", "csv_table", "items_of", "json_feed"]

_ATOM = "http://www.w3.org/2005/Atom"
_FORMULA = "=+-@\t\r＝＋－＠|%"
_COLUMNS = ("topic", "state", "title", "keywords", "categories", "posts", "authors", "expected", "score", "reach")
_KEYS = ("title", "home_page_url", "feed_url", "items", "id", "url", "content_text", "tags")
_FRAME = Frame(keys=frozenset((*_KEYS, "date_published", "date_modified")))
_NEVER = "2000-01-01T00:00:00+08:00"  # of a feed without entries; the guard knows moments of this century
_JSON_FEED = "https://jsonfeed.org/version/1.1"
_MORE = ("platforms", "flags", "since", "at", "reason", "triage")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One topic as it leaves."""

    id: str
    url: str
    title: str
    summary: str
    categories: list[str]
    since: str
    at: str


_NONE: Sequence[Item] = ()


def items_of(
    entries: Iterable[Entry], *, t: Catalogue, guard: Guard, address: str, own: Mapping[tuple[str, str], str]
) -> list[Item]:
    """The topics, each past the guard; what it blocks is replaced by the topic's address.

    Args:
        entries: in order.
        t: texts of the language.
        guard: knows `address` as the console's.
        address: of this feed, without a slash at its end.
        own: the organisation's wording of guidance (`GuidanceSettings.own`).
    """
    return [_item(entry, t, guard, address, own) for entry in entries]


def atom(items: Sequence[Item], *, title: str, address: str, self_url: str, guard: Guard) -> bytes:
    """An Atom 1.0 feed (RFC 4287); without entries where the guard finds anything in the whole."""
    body, empty = (_atom(found, title, address, address if found is _NONE else self_url) for found in (items, _NONE))
    return guard.passed(body, empty, _ids(items), form="atom", place="feeds.atom").text.encode()


def json_feed(items: Sequence[Item], *, title: str, address: str, self_url: str, guard: Guard) -> bytes:
    """A JSON Feed 1.1; without items where the guard finds anything in the whole."""
    body, empty = (_json(found, title, address, address if found is _NONE else self_url) for found in (items, _NONE))
    passed = guard.passed(body, empty, _ids(items), form="json", frame=_FRAME, place="feeds.json").text
    # the guard knows no link but ours: what says which format this is goes in behind it
    return msgspec.json.encode({"version": _JSON_FEED} | msgspec.json.decode(passed or "{}"))


def _ids(items: Iterable[Item]) -> list[str]:
    return [item.id for item in items]


def _atom(items: Sequence[Item], title: str, address: str, self_url: str) -> str:
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _text(feed, "id", f"{address}/")
    _text(feed, "title", title)
    _text(feed, "updated", max((item.at for item in items), default=_NEVER))
    ET.SubElement(feed, f"{{{_ATOM}}}link", {"rel": "self", "href": self_url})
    _text(ET.SubElement(feed, f"{{{_ATOM}}}author"), "name", "tongsheng")
    for item in items:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _text(entry, "id", item.url)
        _text(entry, "title", item.title)
        _text(entry, "updated", item.at)
        _text(entry, "published", item.since)
        ET.SubElement(entry, f"{{{_ATOM}}}link", {"href": item.url})
        _text(entry, "summary", item.summary)
        for category in item.categories:
            ET.SubElement(entry, f"{{{_ATOM}}}category", {"term": category})
    return '<?xml version="1.0" encoding="utf-8"?>' + ET.tostring(feed, encoding="unicode")


def _json(items: Sequence[Item], title: str, address: str, self_url: str) -> str:
    return msgspec.json.encode(
        {
            "title": title,
            "home_page_url": f"{address}/",
            "feed_url": self_url,
            "items": [
                {
                    "id": item.url,
                    "url": item.url,
                    "title": item.title,
                    "content_text": item.summary,
                    "tags": item.categories,
                    "date_published": item.since,
                    "date_modified": item.at,
                }
                for item in items
            ],
        }
    ).decode()


def csv_table(entries: Iterable[tuple[Entry, str]], *, guard: Guard) -> bytes:
    """Topics and what was decided about them, for a spreadsheet: UTF-8 with its mark, every cell quoted.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*_COLUMNS, *_MORE])
    for entry, status in entries:
        cells = _cells(entry, status)
        line = entry.line
        told = "\n".join((line.title, *line.keywords, cells["reason"]))
        if guard.passed(told, "", place="feeds.csv").faults:
            cells |= {"title": "", "keywords": "", "reason": ""}
        writer.writerow([_safe(cells[name]) for name in (*_COLUMNS, *_MORE)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _item(entry: Entry, t: Catalogue, guard: Guard, address: str, own: Mapping[tuple[str, str], str]) -> Item:
    line = entry.line
    url = f"{address}/topics/{line.topic}"
    flags = "".join(f"[{t(f'flag.{flag}')}] " for flag in line.flags)
    platforms = ", ".join(f"{platform_name(name, t.language)} {count}" for name, count in line.platforms.items())
    title = f"{flags}{plain(line.title, 60)}"
    reason = plain(reason_of_line(line, t.language) or line.reason)
    summary = f"{t(f'state.{line.state}')}: {reason}" + ("" if line.posts else f" ({platforms})")  # else it names them
    summary = " · ".join((summary, *(guidance(flag, t.language, own) for flag in line.flags)))
    minimal = minimal_alert(line.categories[0], line.flags, t.language)
    # also the sentences of other languages: where the guard finds something, nothing of the line is believed
    told = "\n".join((title, summary, line.reason, *line.reason_in.values()))
    passed = guard.passed(told, minimal, place="feeds.item")
    if passed.faults:
        title = summary = passed.text
    return Item(
        id=line.topic,
        url=url,
        title=title,
        summary=summary,
        categories=[category_name(category, t.language) for category in line.categories],
        since=line.since,
        at=line.at,
    )


def _cells(entry: Entry, status: str) -> dict[str, str]:
    line = entry.line
    cells = {name: str(getattr(line, name)) for name in ("topic", "state", "posts", "authors", "expected", "score")}
    return cells | {
        "title": plain(line.title, 60),
        "keywords": plain(" ".join(line.keywords)),
        "categories": " ".join(line.categories),
        "reach": "" if line.reach is None else str(line.reach),
        "platforms": " ".join(f"{name}={count}" for name, count in line.platforms.items()),
        "flags": " ".join(line.flags),
        "since": line.since,
        "at": line.at,
        "reason": plain(line.reason or reason_of_line(line, "zh") or ""),
        "triage": status,
    }


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" \u00a0\u3000").startswith(tuple(_FORMULA)) else cell


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = text
