"""Topic lines for the tests of the feed; every word is invented or reviewed."""

from typing import Any

import msgspec

from contracts.topic import TopicLine
from detectors.report import iso
from feeds.board import Entry, absorb

__all__ = ["AT_MS", "GROUNDS", "HOSTILE", "LISTED", "MINUTE_MS", "PARTS", "entry", "line", "many"]

AT_MS = 1_772_380_800_000
MINUTE_MS = 60_000

GROUNDS = {
    "at": iso(AT_MS - 9 * MINUTE_MS),
    "alarm": 4.3,
    "posts": 11,
    "authors": 8,
    "terms": [
        ["食堂", False, 12.31, 10, 8, 0.04, 11],
        ["", True, 9.5, 10, 6, 0.01, 7],
        ["", False, 7.75, 60, 8, 0.12, 8],
        ["", False, 7.75, 60, 8, 0.12, 8],
        ["学生", False, 3.6, 60, 9, 1.4, 9],
    ],
    "others": 3,
}
LISTED: list[Any] = [  # entries of hot lists that a topic rests on
    ["食堂饭菜发霉", "weibo_hot_search", iso(AT_MS - 9 * MINUTE_MS), 7, 483_000, 212, []],
    [
        "",
        "another_list",
        iso(AT_MS - 5 * MINUTE_MS),
        None,
        None,
        140,
        [[1.62, {"start": -2.97, "words": 4.03, "numbers": 0.56}], [0.91, {"start": -2.97, "words": 3.88}]],
    ],
]
PARTS: dict[str, Any] = {  # of a topic by which it may be split
    "threads": [["~AbCdEfGhIjK_", 9, 7, ["食堂"]], ["~0123456789-a", 4, 4, []]],
    "seam": [
        [["食堂", "午餐"], ["~AbCdEfGhIjK_"], 20, 18],
        [["疫苗"], ["~0123456789-a", "~zzzzzzzzzzzz"], 12, 11],
    ],
}
# what somebody might write in the hope that a page runs it, turns it round or breaks over it
HOSTILE = {
    "script": "<script>document.title='gone'</script>",
    "image": "<img src=x onerror=\"document.title='gone'\">",
    "attribute": '" onmouseover="document.title=\'gone\'" x="',
    "svg": "<svg/onload=document.title='gone'>",
    "entity": "&lt;script&gt;document.title='gone'&lt;/script&gt;",
    "template": "{{ 7 * 7 }}{% raw %}${7*7}",
    "javascript-link": "javascript:document.title='gone'",
    "closing": "</title></script></style><h1>gone</h1>",
    "bidi": "学生\u202e\u2066生学\u2069\u202c校车",
    "zero-width": "学\u200b\u200c\u200d\u2060\ufeff生",
    "control": "学生\x00\x08\x1b[31m校车\r\n",
    "combining": "学" + "\u0301" * 200,
    "long-word": "校" * 3000,
    "long-latin": "a" * 3000,
}


def line(topic: str = "aa11bb22cc33", *, at_ms: int = AT_MS, **changes: Any) -> TopicLine:
    """A topic line; `changes` are fields of it."""
    fields: dict[str, Any] = {
        "at": iso(at_ms),
        "topic": topic,
        "state": "emerging",
        "title": "食品营养：食堂、学生",
        "keywords": ["食堂", "学生"],
        "categories": ["nutrition", "education"],
        "posts": 52,
        "authors": 38,
        "expected": 1.2,
        "score": 18.25,
        "reach": 120_400,
        "platforms": {"weibo": 40, "wechat": 12},
        "usual": {"weibo": 0.9, "wechat": 0.3},
        "since": iso(AT_MS - 11 * MINUTE_MS),
        "flags": [],
        "evidence": ["weibo:4454572602912349"],
        "samples": ["食堂的饭菜变质了，孩子吃了肚子疼"],
        "grounds": GROUNDS,
        **PARTS,
        "reason": "38 人 10 分钟内提到，平时 1.2 人；微博 29、微信 9",
    }
    return msgspec.convert(fields | changes, TopicLine)


def entry(topic: str = "aa11bb22cc33", **changes: Any) -> Entry:
    """A topic of one line."""
    return absorb(None, line(topic, **changes))


def many(count: int) -> list[Entry]:
    """So many topics, each with an hour of lines; every seventh fading, the first few flagged."""
    titles = ("食品营养：食堂、学生", "儿童安全：校车、学生、受伤", "校园欺凌：初中、视频", "儿童健康：疫苗、发烧")
    categories = (["nutrition", "education"], ["safety"], ["bullying", "online"], ["health"])
    found = []
    for number in range(count):
        made: Entry | None = None
        for minute in range(0, 60, 2):
            authors = 4 + (minute * (number % 13 + 2)) // 6
            state = "emerging" if minute < 20 else "trending" if number % 7 else "fading"
            made = absorb(
                made,
                line(
                    f"{number:012x}",
                    at_ms=AT_MS + (minute + number % 30) * MINUTE_MS,
                    title=titles[number % 4],
                    categories=categories[number % 4],
                    state=state,
                    authors=authors,
                    posts=authors + minute // 3,
                    platforms={"weibo": authors, "wechat": minute // 3 + 1},
                    usual={"weibo": (1.0 + number % 9) * 0.7, "wechat": (1.0 + number % 9) * 0.3},
                    expected=1.0 + number % 9,
                    score=6 + number % 40 + minute / 10,
                    since=iso(AT_MS - (number % 300) * MINUTE_MS),
                    flags=["minor-at-risk"] if number == 3 else ["exposure"] if number in (5, 9) else [],
                ),
            )
        assert made is not None
        found.append(made)
    return found
