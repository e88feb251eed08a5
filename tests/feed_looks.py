"""What the browser's tests share: how a page may look, what axe finds in it, and a topic that goes on."""

from collections.abc import Callable

import msgspec
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from feeds.board import Entry, absorb
from tests.feed_lines import AT_MS, MINUTE_MS, line

__all__ = ["LOOKS", "MERGED", "NOW_MS", "TOPIC", "Open", "grown", "violations"]

Open = Callable[..., Page]

NOW_MS = AT_MS + 90 * MINUTE_MS
MERGED = "/topics/000000000002"
TOPIC = "/topics/000000000003"  # the one with a child in danger
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark-chinese": {"color_scheme": "dark", "locale": "zh-CN"},
    "phone": {"color_scheme": "light", **_PHONE},
    "phone-dark": {"color_scheme": "dark", **_PHONE},
}


def grown(topic: Entry, **changes: object) -> Entry:
    """The topic with one more line."""
    told = msgspec.to_builtins(topic.line) | {"at": line(at_ms=NOW_MS).at} | changes
    return absorb(topic, msgspec.convert(told, type(topic.line)))


def violations(page: Page) -> list[str]:
    """What axe finds wrong: rule and place."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": _WCAG}}).response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]
