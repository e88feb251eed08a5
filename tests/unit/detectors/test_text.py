"""What a post's text looks like after `clean`."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import text as module
from detectors.text import CleanText, clean

# Pieces out of which hostile and sloppy posts are made; plain text() would hardly ever hit a mark.
PIECES = [
    *(
        "@",
        "＠",
        "//@",
        "||",
        ":",
        "：",
        "[",
        "]",
        "［",
        "］",
        "#",
        "＃",
        "<",
        "＜",
        ">",
        "<a ",
        "</b>",
        "&",
        "＆",
        "&amp;",
    ),
    *(
        "&lt;",
        "&#35;",
        "&#x40;",
        "http",
        "https://",
        "ＨＴＴＰ",
        "t.cn/",
        "www.",
        "a@b.cn",
        " ",
        "\u3000",
        "\n",
        "\u200b",
    ),
    *(
        "\u202e",
        "\ud800",
        "İ",
        "\U0001d407",
        "薴",
        "乾隆",
        "反覆",
        "打壞",
        "儿童",
        "兒童",
        "转发微博",
        "回复",
        "孩·子·老·师",
        "-",
        "全文",
        "哈",
        "。",
        "7",
    ),
]
posts = st.text() | st.lists(st.sampled_from(PIECES) | st.characters()).map("".join)


@given(posts)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    """Whatever the text, its own words are already in plain form and hold no handle, link or hashtag mark."""
    own = clean(text).own

    assert own == clean(own).own
    assert not {"@", "#"} & set(own)
    assert "http" not in own


@given(posts)
def test_any_text_cleans_to_utf_8(text: str) -> None:
    """Nothing that comes out trips an encoder further down the pipeline."""
    cleaned = clean(text)
    words = "".join((cleaned.own, cleaned.chain, *cleaned.hashtags))

    assert words.encode().decode() == words


def test_an_empty_post_is_an_empty_text() -> None:
    """An empty post is an empty text, not an error."""
    assert CleanText("", "", (), 0, 0, 0) == clean("")


@pytest.mark.parametrize(
    ("text", "own"),
    [
        pytest.param("今天去幼儿园", "今天去幼儿园", id="plain"),
        pytest.param("留守兒童營養午餐", "留守儿童营养午餐", id="traditional"),
        pytest.param("反覆瞭解", "反复了解", id="traditional-in-phrases-only"),
        pytest.param("乾隆打壞了碗", "乾隆打坏了碗", id="traditional-that-stays"),
        pytest.param("ＡＢＣ，１２！", "abc,12!", id="full-width"),
        pytest.param("①月㈱", "①月㈱", id="numbers-and-words-in-a-sign-stay"),
        pytest.param("App好用", "app好用", id="upper-case"),
        pytest.param("拐\u200b卖\u202e儿\ufe0f童\ufeff", "拐卖儿童", id="invisible"),
        pytest.param("拐\ud800卖", "拐卖", id="lone-surrogate"),
        pytest.param("⼉童\uf9dd", "儿童利", id="radicals-and-compatibility-ideographs"),
        pytest.param(" 孩子 \n\t 走失\u3000了 ", "孩子 走失 了", id="white-space"),
        pytest.param("孩子<br/>走失<a href='x'>了</a>", "孩子 走失 了", id="tags"),
        pytest.param("A&nbsp;B&amp;amp;lt;b&gt;&#20799;", "a b 儿", id="entities"),
        pytest.param("3<5 并且 5>3", "3 5 并且 5 3", id="no-tag"),
        pytest.param(f"&#{'9' * 5000};", f"{'9' * 5000};", id="entity-past-the-integer-limit"),
    ],
)
def test_text_is_brought_into_one_form(text: str, own: str) -> None:
    """One script, width, case and spacing, whatever the platform delivered."""
    assert clean(text).own == own


@pytest.mark.parametrize(
    "text",
    [
        "转发微博",
        "轉發微博。",
        " 转发 ",
        "Repost",
        "分享图片",
        "展开全文",
        "全文",
        "转发微博[哈哈]",
        "转发微博//@小王:急",
    ],
    ids=lambda text: f"case{sum(map(ord, text))}",
)
def test_words_the_platform_wrote_are_nobodys_own(text: str) -> None:
    """A bare repost says nothing of its own."""
    assert clean(text).own == ""


def test_boilerplate_within_a_sentence_stays() -> None:
    """Only a text that is boilerplate as a whole is dropped."""
    assert clean("请转发微博寻人").own == "请转发微博寻人"


@pytest.mark.parametrize(
    ("text", "own", "chain"),
    [
        pytest.param("心疼//@小王:孩子还小//@妈妈：轉發微博//@李:急", "心疼", "孩子还小 急", id="weibo"),
        pytest.param("心疼 || @xiaowang: 孩子还小", "心疼", "孩子还小", id="tencent"),
        pytest.param("//@小王:孩子还小", "", "孩子还小", id="no-own-words"),
        pytest.param("心疼//@小", "心疼", "", id="cut-off-by-the-length-limit"),
        pytest.param("看http://t.cn/Ab//@小王:http://t.cn/Cd 好", "看", "好", id="links-beside-it"),
    ],
)
def test_own_words_end_where_the_chain_begins(text: str, own: str, chain: str) -> None:
    """What others said before is kept apart, without their names."""
    cleaned = clean(text)

    assert (own, chain) == (cleaned.own, cleaned.chain)


@pytest.mark.parametrize(
    ("text", "own", "hashtags"),
    [
        pytest.param("#校园欺凌#太可怕", "校园欺凌 太可怕", ("校园欺凌",), id="words-stay"),
        pytest.param("＃兒童節＃快乐", "儿童节 快乐", ("儿童节",), id="full-width-and-traditional"),
        pytest.param("#a b# #c# #a b#", "a b c a b", ("a b", "c"), id="first-seen-order-distinct"),
        pytest.param("好//@小王:#寻亲#", "好", ("寻亲",), id="from-the-chain"),
        pytest.param("#寻亲[超话]#", "寻亲", ("寻亲",), id="super-topic"),
        pytest.param("C# 很难", "c 很难", (), id="one-mark-is-none"),
        pytest.param("## #  #", "", (), id="empty"),
    ],
)
def test_hashtags_are_listed_and_their_words_stay(text: str, own: str, hashtags: tuple[str, ...]) -> None:
    """A topic counts as topic, and its words as words."""
    cleaned = clean(text)

    assert (own, hashtags) == (cleaned.own, cleaned.hashtags)


@pytest.mark.parametrize(
    ("text", "own", "counts"),
    [
        pytest.param("好可怜[泪][泪]", "好可怜", (2, 0, 0), id="emoticons"),
        pytest.param("【寻人】［急］", "【寻人】［急］", (0, 0, 0), id="headlines-are-words"),
        pytest.param("[一二三四五六七八九]", "[一二三四五六七八九]", (0, 0, 0), id="too-long-for-an-emoticon"),
        pytest.param("@小王 ＠li-na_1 快看", "快看", (0, 2, 0), id="handles"),
        pytest.param("回复@小王:是的", "是的", (0, 1, 0), id="reply"),
        pytest.param("写信到 zhao.yi@example.cn 吧", "写信到 吧", (0, 0, 0), id="mail-is-no-handle"),
        pytest.param("看https://a.cn/x?y=1&z=2，快", "看 ,快", (0, 0, 1), id="link"),
        pytest.param("看t.cn/Ab1和WWW.a.com吧", "看 和 吧", (0, 0, 2), id="links-without-scheme"),
        pytest.param("体温37.5/38.2度", "体温37.5/38.2度", (0, 0, 0), id="numbers-are-no-link"),
        pytest.param("看 http", "看", (0, 0, 1), id="link-cut-off"),
        pytest.param("急//@小王:[泪]@小李 http://t.cn/a", "急", (0, 0, 0), id="the-chains-are-not-counted"),
    ],
)
def test_marks_are_counted_and_leave(text: str, own: str, counts: tuple[int, int, int]) -> None:
    """Emoticons, handles and links of the own words are numbers, not words."""
    cleaned = clean(text)

    assert (own, counts) == (cleaned.own, (cleaned.emoticons, cleaned.handles, cleaned.links))


@pytest.mark.parametrize(
    "mark", ["[", "@", "//@", "//@a:", "#", "<a ", "&amp;", "a.", "回复"], ids=lambda m: m.encode().hex()
)
def test_a_megabyte_of_marks_is_cleaned(mark: str) -> None:
    """Endless marks are text like any other: no recursion, no error, and nothing grows."""
    assert len(clean(mark * (1_000_000 // len(mark))).own) <= 1_000_000


def test_no_pattern_can_take_more_than_linear_time() -> None:
    """Every repeat is bounded or possessive, so that no input makes a pattern look back without end."""
    patterns = [value for value in vars(module).values() if isinstance(value, re.Pattern)]

    assert len(patterns) >= 10
    assert [pattern.pattern for pattern in patterns if any(_endless_repeats(pattern))] == []


def _endless_repeats(pattern: re.Pattern[str]) -> Iterator[object]:
    parser: Any = vars(re)["_parser"]
    return _endless_in(parser.parse(pattern.pattern), parser)


def _endless_in(node: Any, parser: Any) -> Iterator[object]:
    if isinstance(node, tuple | list | parser.SubPattern):
        if (
            isinstance(node, tuple)
            and node[0] in (parser.MAX_REPEAT, parser.MIN_REPEAT)
            and node[1][1] == parser.MAXREPEAT
        ):
            yield node
        for part in node:
            yield from _endless_in(part, parser)
