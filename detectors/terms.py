"""Choose the countable terms of a post.

Reads the words of `Segmenter.cut` and the hashtags of `CleanText`, gives terms. Touches nothing but the
stop words shipped beside it.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

__all__ = ["MAX_TERMS", "is_place", "terms_of"]

MAX_TERMS = 60  # a long article must not weigh on the window store like hundreds of posts
MAX_CACHED = 1 << 16  # verdicts kept: most words of a day recur

_STOP_WORD_LINES = (Path(__file__).parent / "data" / "stopwords.txt").read_text(encoding="utf-8").splitlines()
_STOP_WORDS = frozenset(word for line in _STOP_WORD_LINES if not line.startswith("#") for word in line.split())

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_WORD = re.compile(rf"(?=.{{0,19}}[{_HAN}])[\w-]{{2,20}}|[a-z]{{2,20}}")  # 2-20 characters, one of them Han; or Latin
_SPELT = re.compile("[零一二三四五六七八九十百千万亿两廿幺壹贰叁肆伍陆柒捌玖拾]{3}")  # a number in words: 一三八


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Behind another word these make the name of one school, hospital, village or street of it.
_KINDS = _words(
    "小学 中学 高中 初中 幼儿园 学校 学院 大学 分校 附小 附中 一小 二小 一中 二中 三中 四中 五中 六中 七中 "
    "八中 中心小学 "
    "实验小学 实验中学 实验学校 希望小学 职高 职校 技校 托儿所 早教中心 培训班 书院 福利院 孤儿院 敬老院 医院 "
    "卫生院 诊所 "
    "村 镇 乡 县 屯 寨 庄 路 街 巷 大道 胡同 小区 社区 花园 家园 公寓 新村 河 水库 桥 大桥 站 广场 大厦"
)
# They may stand between a name and its kind (芦花 中心 小学) and name nothing alone.
_MIDDLES = _words(
    "中心 实验 希望 第一 第二 第三 人民 儿童 妇幼 妇幼保健 中医 附属 双语 国际 外国语 艺术 职业 技术 完全 中心小学"
)
# Before a kind they tell which sort of school or place, not which one.
_SORTS = _words(
    "农村 乡村 山村 山区 城市 县城 乡镇 城镇 城乡 公立 公办 民办 私立 寄宿 寄宿制 重点 普通 贵族 民族 打工子弟 "
    "特殊教育 特教 聋哑 "
    "专科 综合 全国 全省 全市 各地 当地 附近 一些 部分 很多 许多 所有 大量 一所 两所 一家 多家 贫困 偏远 灾区 "
    "某某 以及 还有 "
    "孩子 学生 老师 家长 女儿 儿子 小学 初中 高中 中学 大学 幼儿园 学校 医院 "
    "回应 通报 送往 送到 送入 送去 前往 赶往 进入 走进 涉事 所在 就读 三甲 二甲 民营 培训 高档 县级 高铁 上学 "
    "回家 辟谣 举报 "
)
_NAMELESS = _STOP_WORDS | _MIDDLES | _SORTS
_NAME = re.compile(rf"[{_HAN}]{{2,8}}")

_TAG_CHARS = range(2, 31)
_MAX_RUN = 4  # digits in a row a hashtag may hold: a year, not a phone number


def terms_of(words: Sequence[str], hashtags: Sequence[str]) -> tuple[str, ...]:
    """The distinct terms a post is counted under; called once a post.

    A word counts when it has 2-20 characters, one of them Han, or is 2-20 Latin letters; when it is no stop
    word; and when it holds no digit of any script, so that no phone number or id ever becomes a term. A
    hashtag of 2-30 characters counts as one term "#…#" unless it holds five digits in a row.

    A word directly before a kind of place (芦花 小学) counts joined with it as well, so that whoever shows terms
    knows that the word names one place.

    Args:
        words: of the cleaned text, punctuation and white space among them, in order.
        hashtags: cleaned, without their marks.

    Returns:
        At most MAX_TERMS: hashtags and places first, so that a long text does not push them out, then words,
        each in the order first seen.

    Cost: one cached look-up a word.

    >>> terms_of(["今天", "校园欺凌", "的", "13800138000", "校园欺凌"], ["开学第一课"])
    ('#开学第一课#', '校园欺凌')
    """
    tags = (f"#{hashtag}#" for hashtag in hashtags if _is_topic(hashtag))
    places = () if _KINDS.isdisjoint(words) else _places_of(words)
    found = dict.fromkeys((*tags, *places, *filter(_is_term, words)))
    return tuple(found)[:MAX_TERMS]


@lru_cache(maxsize=MAX_CACHED)
def is_place(term: str) -> bool:
    """Whether a term may be the name of one school, hospital, village or street.

    >>> is_place("芦花小学"), is_place("小学"), is_place("农村小学")
    (True, False, False)
    """
    kind = next((kind for size in range(4, 0, -1) if (kind := term[-size:]) in _KINDS), "")
    return len(term) > len(kind) > 0 and term[: -len(kind)] not in _NAMELESS


def _places_of(words: Sequence[str]) -> list[str]:
    places = [_place_at(words, end) for end, word in enumerate(words) if word in _KINDS]
    return [place for place in places if place]


def _place_at(words: Sequence[str], end: int) -> str:
    """The place that the kind at `end` ends, with its name; "" where no name stands before it."""
    start = end - 1
    while start > 0 and words[start] in _MIDDLES:
        start -= 1
    if start < 0 or not _is_name(words[start]):
        return ""
    place = "".join(words[start : end + 1])
    return place if _is_term(place) else ""


@lru_cache(maxsize=MAX_CACHED)
def _is_name(word: str) -> bool:
    """Whether a word before a kind of place may name it."""
    return _NAME.fullmatch(word) is not None and word not in _NAMELESS


@lru_cache(maxsize=MAX_CACHED)
def _is_term(word: str) -> bool:
    if _WORD.fullmatch(word) is None or word in _STOP_WORDS:
        return False
    return _SPELT.search(word) is None and not any(map(_is_digit, word))


@lru_cache(maxsize=MAX_CACHED)
def _is_topic(hashtag: str) -> bool:
    return len(hashtag) in _TAG_CHARS and _longest_run(hashtag) <= _MAX_RUN


def _longest_run(hashtag: str) -> int:
    """Digits in a row; separators do not break a row: 138-0013-8000 is one number."""
    longest = run = 0
    for character in hashtag:
        if character not in " -_./":
            run = run + 1 if _is_digit(character) else 0
            longest = max(longest, run)
    return longest


def _is_digit(character: str) -> bool:
    """Any number of any script (٣, ①, Ⅳ, 〇) but the Han numerals, which ordinary words are made of."""
    return unicodedata.category(character).startswith("N")
