"""Bring a post's text into one plain form and set its marks (hashtags, handles, links …) apart.

Reads a str, gives `CleanText`. Touches nothing: no clock, no network, no state.

Every pattern's repeats are bounded or possessive, so that hostile input costs linear time
(tests/unit/detectors/test_text.py walks the patterns).
"""

import html
import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct
from opencc import OpenCC

from detectors.apart import closed

__all__ = ["FOLDS", "SIMPLIFIED", "CleanText", "clean", "spoken"]


class CleanText(Struct, frozen=True):
    """A post's text in plain form.

    Attributes:
        own: the author's own words, before the first "//@name:"; simplified, lower case, single spaces.
            Hashtags keep their words in place; handles, links and emoticons became a space.
        chain: what stands behind the first "//@name:", names removed, in the same form; "" without a chain.
        hashtags: "#…#" topics of own words and chain, without the marks, first-seen order, distinct.
        emoticons: Weibo codes such as [泪] among the own words.
        handles: @name mentions among the own words.
        links: web addresses among the own words.
    """

    own: str
    chain: str
    hashtags: tuple[str, ...]
    emoticons: int
    handles: int
    links: int


# What platforms write when the author wrote nothing.
_BOILERPLATE = frozenset({
    "转发微博", "转发", "转发此微博", "快转微博", "repost", "reposted", "转",
    "分享图片", "分享视频", "图片评论", "展开全文", "展开", "全文",
})  # fmt: skip
_CLOSING = " .。!~…"  # "转发微博。" is still boilerplate

_LATIN = "0123456789abcdefghijklmnopqrstuvwxyz"
_ASTRAL = 0x10000  # the first code point past the basic plane
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))  # inclusive
_IN_PHRASES = "藉覆瞭甦"  # rewritten in phrases only, as in 反覆 and 瞭解

# Invisible: controls but white space, soft hyphen, joiners, bidi marks, Hangul fillers, variation
# selectors, tags, lone surrogates (which no UTF-8 library takes).
_INVISIBLE = (
    (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C),
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0x3164, 0x3164), (0xD800, 0xDFFF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0xE0000, 0xE0FFF),
)  # fmt: skip
_BLANK = ((0x3C, 0x3C), (0x3E, 0x3E), (0x2800, 0x2800), (0xE000, 0xF8FF), (0xFFFC, 0xFFFD))  # < >, private use
# NFKC only where it swaps one character for one that reads the same: radicals, compatibility ideographs,
# small forms, mathematical letters, full-width ASCII. Not ① or ㈱, which it would make digits and words of.
_SAME = ((0x2E80, 0x2FD5), (0xF900, 0xFAFF), (0xFE50, 0xFE6B), (0x1D400, 0x1D7FF), (0xFF01, 0xFF5E))
_KEPT = "［］"  # as "[" and "]" they would make emoticons of what an author bracketed


def _within(ranges: tuple[tuple[int, int], ...]) -> Iterator[str]:
    return (chr(point) for first, last in ranges for point in range(first, last + 1))


def _folding() -> dict[int, str]:
    """Character -> what stands for it; "" drops it."""
    table = dict.fromkeys(_within(_INVISIBLE), "") | dict.fromkeys(_within(_BLANK), " ")
    for character in _within(_SAME):
        plain = unicodedata.normalize("NFKC", character)
        if plain != character and len(plain) == 1 and character not in _KEPT:
            table[character] = table.get(plain, plain)  # "＜" ends where "<" ends
    return {ord(character): plain for character, plain in table.items()}


def _simplified_by(converter: OpenCC) -> dict[int, str]:
    """Code point -> simplified character, of each that the converter rewrites where it stands alone."""
    characters = list(_within(_HAN))
    converted: list[str] = converter.convert("\n".join(characters)).split("\n")
    return {ord(old): new for old, new in zip(characters, converted, strict=True) if old != new}


def _class_of(points: set[int]) -> str:
    """A regular expression's class. All astral characters at once: `re` would try them one by one."""
    basic = (chr(point) for point in sorted(points) if point < _ASTRAL)
    astral = "\U00010000-\U0010ffff" if max(points) >= _ASTRAL else ""
    return f"[{''.join(map(re.escape, basic))}{astral}]"


_to_simplified = OpenCC("t2s")
SIMPLIFIED = _simplified_by(_to_simplified)
FOLDS = _folding()
_CHANGED = {*SIMPLIFIED, *map(ord, _IN_PHRASES)}  # a text without any of them needs no conversion
_UNCHANGED = set(range(0x4E00, 0xA000)) - _CHANGED | set(map(ord, f"{_LATIN} 、。“”‘’《》…—~!?,:;()*^_-"))

_TRADITIONAL = re.compile(_class_of(_CHANGED))
_PLAIN = re.compile(f"{_class_of(_UNCHANGED)}*+")  # only white space to collapse: half of all posts
_FOLDED = re.compile(f"{_class_of(set(FOLDS))}++")

_ENTITY = re.compile(r"&(?:amp;){0,3}(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,7});")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:[\s/][^<>]{0,2000})?>|<!--[^<>]{0,2000}-->")
_CHAIN = re.compile(r"(?://|\|\|)\s{0,2}@[\w-]{0,30}\s{0,2}:?")  # Weibo "//@name:", Tencent "|| @name:"
_URL = r"[a-z0-9/:.?=&%_~+-]{0,2000}"
_LINK = re.compile(rf"https?{_URL}|www\.{_URL}|(?<![a-z0-9.-])(?:[a-z0-9-]{{1,30}}\.){{1,3}}[a-z]{{2,6}}/{_URL}")
_MAIL = re.compile(r"(?<![a-z0-9._+-])[a-z0-9._+-]{1,40}@[a-z0-9-]{1,30}(?:\.[a-z0-9-]{1,20}){1,4}")
_HANDLE = re.compile(r"(?:回复 ?)?@[\w-]{1,30}:?")
_EMOTICON = re.compile(r"\[[^\[\]\s]{1,8}\]")
_HASHTAG = re.compile(r"#([^#]{1,60})#")


def clean(text: str) -> CleanText:
    """Normalise a post's text; called once a post.

    Traditional characters become simplified, full-width ASCII half-width, Latin lower case; invisible
    characters go, HTML tags and entities are resolved, white space is collapsed, characters kept apart (食·物·中·毒)
    are brought together. Text that a platform wrote for the author ("转发微博") counts as none.

    Args:
        text: any str, lone surrogates included.

    Returns:
        Its plain form. `clean(clean(text).own).own == clean(text).own`, which holds no "@" and no "http".

    Cost: O(len(text)), also on hostile input.

    >>> clean("＃校園欺凌＃ 太可怕了[泪] http://t.cn/A6x//@小王:轉發微博")
    CleanText(own='校园欺凌 太可怕了', chain='', hashtags=('校园欺凌',), emoticons=1, handles=0, links=1)
    """
    if _PLAIN.fullmatch(text) and "http" not in text:
        return CleanText(_tidied(text), "", (), 0, 0, 0)
    own, *others = _CHAIN.split(_normalised(text))
    mine = _without_marks(own)
    if not others:
        return mine
    theirs = [_without_marks(other) for other in others if other and not other.isspace()]
    tags = dict.fromkeys((*mine.hashtags, *(tag for part in theirs for tag in part.hashtags)))
    chain = " ".join(part.own for part in theirs if part.own)
    return CleanText(mine.own, chain, tuple(tags), mine.emoticons, mine.handles, mine.links)


def spoken(text: str) -> str:
    """The author's own words in the plain form, with hashtags, handles and quotation marks in place.

    >>> spoken("@聯合國兒童基金會 你們怎麼看？//@小王:轉發微博")
    '@联合国儿童基金会 你们怎么看?'
    """
    return " ".join(_CHAIN.split(_normalised(text), maxsplit=1)[0].split())


def _normalised(text: str) -> str:
    """One script, one width, one case; the marks still in place."""
    if "<" in text or "&" in text:
        text = _TAG.sub(" ", _ENTITY.sub(_character, text))
    text = _FOLDED.sub(_folded, text).lower()
    return _simplified(text) if _TRADITIONAL.search(text) else text


def _character(entity: re.Match[str]) -> str:
    """The character an HTML entity stands for, also when it was escaped again ("&amp;lt;")."""
    return html.unescape(f"&{entity[1]};")


def _folded(run: re.Match[str]) -> str:
    return run[0].translate(FOLDS)


def _simplified(text: str) -> str:
    """Convert, again where something is left: OpenCC turns 薴 into 苧 and only that into 苎."""
    once = _converted(text)
    return _converted(once) if _TRADITIONAL.search(once) else once


def _converted(text: str) -> str:
    """Simplify; 坏 (bad) goes in as 壞, because OpenCC reads 打坏 as traditional and makes it 打坯 (clay)."""
    simplified: str = _to_simplified.convert(text.replace("坏", "壞"))
    return simplified


def _without_marks(text: str) -> CleanText:
    """Set the marks of one person's words apart; each becomes a space, so that no new mark can arise."""
    links = handles = emoticons = 0
    if "/" in text or "http" in text or "www." in text:
        text, links = _LINK.subn(" ", text)
    if "@" in text:
        text, handles = _HANDLE.subn(" ", _MAIL.sub(" ", text))
    if "[" in text:
        text, emoticons = _EMOTICON.subn(" ", text)
    text = text.replace("@", " ").replace("&", " ")
    tags = _hashtags(text) if "#" in text else ()
    return CleanText(_tidied(text.replace("#", " ")), "", tags, emoticons, handles, links)


def _hashtags(text: str) -> tuple[str, ...]:
    topics = (" ".join(topic.split()) for topic in _HASHTAG.findall(text))
    return tuple(dict.fromkeys(topic for topic in topics if topic))


def _tidied(text: str) -> str:
    """Collapse white space, bring together what stands apart; nothing is left of boilerplate."""
    words = closed(" ".join(text.split()))
    return "" if words.strip(_CLOSING) in _BOILERPLATE else words
