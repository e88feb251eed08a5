"""The last guard: what passes, what is blocked, and that it fails closed."""

from datetime import UTC, datetime

import pytest
import rjieba

from detectors.categories import LABELS
from detectors.disguise import fold
from detectors.guard import Guard
from detectors.guidance import guidance
from detectors.reasons import reason_of_list, reason_of_posts
from detectors.regions import told_regions
from detectors.titles import headline
from tests.identities import planted_posts

CONSOLE = "https://console.example.org"
guard = Guard(console=CONSOLE)


def test_every_template_of_ours_passes() -> None:
    """Titles, reasons and guidance in both languages, with the numbers that they hold."""
    told = [
        *(headline(category, [], since_ms=1_772_380_800_000, authors=1234) for category in LABELS),
        *(
            reason_of_posts(1234, 0.01, 10, {"weibo": 1200, "wechat": 34}, language, regions=regions)
            for language in ("zh", "en")
            for regions in ({}, told_regions(["广东广州"] * 20), told_regions(["西藏"] * 20))
        ),
        *(
            reason_of_list(name, 3, 4_830_000, stands=stands, entries=2, language=language)
            for name in ("weibo_hot_search", "苗禾禾")
            for stands in (True, False)
            for language in ("zh", "en")
        ),
        *(guidance(flag, language) for flag in ("exposure", "minor-at-risk") for language in ("zh", "en")),
        f"{CONSOLE}/topics/5b1c",
        datetime(2026, 3, 2, 11, 58, tzinfo=UTC).isoformat(),
    ]

    assert {text: guard.check(text) for text in told if guard.check(text)} == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    {
        "number": ("儿童安全 13800138000", "number"),
        "spaced-number": ("1 3 8 0 0 1 3 8 0 0 0", "number"),
        "wide-number": ("１３８００１３８０００", "number"),
        "spelt-number": ("一三八零零一三八零零零", "number"),
        "post-id": ("evidence weibo:4454572602912349", "id"),
        "handle": ("thanks @someone", "handle"),
        "channel-ping": ("＠所有人", "handle"),
        "link": ("see http://t.cn/zYabcd", "link"),
        "link-like-the-console": (f"{CONSOLE}.evil.example/x", "link"),
        "picture": ("a.example.com/1.jpg www.example.com/1.jpg", "link"),
        "name": ("儿童安全：苗禾禾", "words"),
        "hidden-name": ("儿童安全：苗\u200b禾\u200b禾", "words"),
        "number-in-lines": ("138\n0013\n8000", "number"),
        "number-in-words": ("138 people 0013 people 8000", "number"),
        "number-with-commas": ("138,0013,8000", "number"),
        "number-as-an-amount": ("13,800,138,000", "number"),
        "number-as-a-host": ("138.001.380.00", "number"),
        "number-as-a-moment": ("2013-80-01t38:00", "number"),
        "id-in-groups": ("110105|20150302|0012", "number"),
        "number-like-our-ids": ("1380013800ab", "id"),
        "bytes": ("e88b97e7a6be", "id"),
        "small-at": ("﹫someone", "handle"),
        "hidden-at": ("@\u200bsomeone", "handle"),
        "bare-link": ("b23.tv/abcdef", "link"),
        "host": ("weibo.com", "link"),
        "wide-link": ("ｈｔｔｐ：／／t.cn", "link"),
        "host-by-number": ("1.2.3.4/a", "link"),
        "encoded-name": ("%E8%8B%97%E7%A6%BE", "words"),
        "encoded-twice": ("%25E8%258B%2597", "words"),
        "encoded-in-a-link": (f"{CONSOLE}/?q=%E8%8B%97%E7%A6%BE", "words"),
        "escaped-name": (r"\xe8\x8b\x97", "words"),
        "uyghur-name": ("ئايگۈل", "words"),
        "tibetan-name": ("བཀྲ་ཤིས", "words"),
        "cyrillic-name": ("Айгуль", "words"),
        "hangul": ("묘화", "words"),
        "kana": ("ナエ", "words"),
        "bopomofo": ("ㄇㄧㄠ", "words"),
    }.values(),
)
def test_what_may_not_leave_is_blocked(text: str, fault: str) -> None:
    """The minimal text leaves instead, and it is counted."""
    own = Guard(console=CONSOLE)
    passed = own.passed(text, "儿童安全：新词，见控制台")

    assert fault in passed.faults
    assert passed.text == "儿童安全：新词，见控制台"
    assert own.blocked == 1


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T11:58:25+08:00",
        "26 Nov 21:53 UTC+8",
        "483,000 people, 1,400,000,000 at most",
        "38 people in 10 minutes, usually 0.1",
        f"{CONSOLE}/topics/5b1c0a9e77d2",
        f"{CONSOLE}/feed.atom?state=emerging&q=%E8%B5%B0%E5%A4%B1",
        "▁▂▅█ café 100 %",
    ],
)
def test_what_we_tell_is_no_fault(text: str) -> None:
    """Moments, amounts, links to topics, a search for a reviewed word."""
    assert guard.check(text) == ()


def test_no_planted_identifier_passes() -> None:
    """Every kind and disguise, within a message of ours; a name or place of reviewed words alone would."""
    known = Guard(
        is_ordinary=lambda word: rjieba.has_word(word) and not rjieba.tag(word)[0][1].startswith(("nr", "ns"))
    )
    slipped = [
        post.identifier
        for post in planted_posts(seed=9, count=3000)
        if not known.check(f"儿童安全：校车 {post.identifier}（38 人）") and len(fold(post.bare).text) > 2
    ]

    assert slipped == []


def test_wording_longer_than_any_word_passes() -> None:
    """Names that an organisation gives, of any length; nothing beside them."""
    name = "不要拍摄街头乞讨儿童的照片并保护他们的隐私"

    assert Guard(words=[name]).check(name) == ()
    assert Guard(words=[name]).check(f"{name}苗禾禾") == ("words",)


def test_it_fails_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it cannot read does not leave, nor does a minimal text that is no better."""
    own = Guard()
    assert own.passed("苗禾禾", "苗禾禾").text == ""

    def broken(_: str, __: object = ()) -> tuple[()]:
        raise RuntimeError

    monkeypatch.setattr(own, "check", broken)
    broken_down = own.passed("38 people", "minimal")

    assert (broken_down.text, broken_down.faults, own.blocked) == ("", ("unreadable",), 2)
