"""See through what hides an identifier: width, script, case, circled and spelt digits, characters nobody sees.

Reads a str, gives its plain form with a way back to the original's places. Touches nothing.
"""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable

from msgspec import Struct

from detectors.signs import sign, signs_in
from detectors.text import FOLDS, SIMPLIFIED

__all__ = ["Plain", "Reading", "closed_up", "fold", "reading_of", "spell_digits", "stands_apart"]


class Plain(Struct, frozen=True):
    """A text without its disguises.

    Attributes:
        text: simplified, half-width, lower case; every digit of every script is one of 0-9; nothing invisible.
        places: place in `text` -> place in the original, one more at the end; None where they are the same.
    """

    text: str
    places: list[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, end > start, stands in the original."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end]  # and what is invisible behind it


def _digits() -> dict[int, str]:
    """Every character that means one digit, whatever it looks like: ３ ③ ❸ ⒊ ³ ٣, and those of two (⑫)."""
    found: dict[int, str] = {}
    for point in (*range(0xB2, 0x3400), *range(0xA620, 0xABFA), *range(0xFF10, 0xFF1A), *range(0x104A0, 0x1FBFA)):
        value = unicodedata.numeric(chr(point), -1.0)
        is_sign = unicodedata.category(chr(point)) in {"Nd", "No"}
        if is_sign and value == int(value) and 0 <= value <= _LARGEST_SIGN:
            found[point] = str(int(value))
    return found


_LARGEST_SIGN = 20  # ⑳; what counts higher is no digit of a number
_ASTRAL = 0x10000  # the first code point past the basic plane
_UPPER = {ord(letter): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_KEYCAP = {0x20E3: ""}
_ACCENTS = dict.fromkeys(range(0x300, 0x370), "")  # signs over a character, of which Chinese has none
_LOWERED = {point: plain.lower() for point, plain in FOLDS.items()}
_TABLE = SIMPLIFIED | _UPPER | _LOWERED | _digits() | _KEYCAP | _ACCENTS
_MOVING = {point: plain for point, plain in _TABLE.items() if len(plain) != 1}
_NUMERALS = ("〇零○洞", "一壹幺弌", "二贰两弍", "三叁弎", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
_SPELT = {ord(sign): str(digit) for digit, signs in enumerate(_NUMERALS) for sign in signs}
_SIGNS = "".join(map(chr, _SPELT))
_BESIDE = f"[0-9{_SIGNS}年级班o ,.·_*#()（）、，/\t–—…|~+^•-]"
_SPELT_RUN = re.compile(f"[{_SIGNS}o](?={_BESIDE})")  # most numerals are words
_ROUND = re.compile(r"(?<=[0-9])o{1,8}(?![a-z])")  # a zero among digits; in "2go" it is a letter
_STROKE = re.compile("(?<=[0-9])[li](?=[0-9])")  # a one among digits
_SPELT_SIGN, _STROKE_SIGN = sign(f"[{_SIGNS}o]{_BESIDE}"), sign("[0-9][li][0-9]")
_PUNCTUATION = tuple((mark, _TABLE[ord(mark)]) for mark in "，！？：；（）")  # what nearly every text has
_ENTITY = "&#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});"


# Characters that stand apart, the same sign between all of them: 霞.柳.岭.小.学, 陈/小/雨; letters of a word do not
_APART = "[ .·・•_/|*~+-]"
_IS_APART = re.compile(rf"({_APART}{{1,2}})[^\s.·・•_/|*~+-]\1")
_APART_SIGN = sign(
    f"(?:[^ \t\n]{_APART}{{1,2}}){{3}}[^ \t\n]|[\u4e00-\u9fff][/|_~+][\u4e00-\u9fff][/|_~+][\u4e00-\u9fff]"
)
_ONE = r"(?:[a-z0-9](?![a-z0-9])|[^\sa-z0-9])"
_STANDING_APART = re.compile(
    rf"(?<![a-z0-9])(?:{_ONE}(?P<a>{_APART}{{1,2}}){_ONE}(?:(?P=a){_ONE}){{2,}}"
    "|[\u4e00-\u9fff](?P<b>[/|_~+])[\u4e00-\u9fff](?P=b)[\u4e00-\u9fff])"
)


def _class_of(points: Iterable[int]) -> str:
    """A regular expression's class. All astral characters at once: `re` would try them one by one."""
    basic = "".join(re.escape(chr(point)) for point in sorted(points) if point < _ASTRAL)
    return f"[{basic}\U00010000-\U0010ffff]"


_MOVES = re.compile(f"{_class_of(_MOVING)}|{_ENTITY}")  # what does not become one character
_CHANGES = re.compile(f"{_class_of(_TABLE)}++")


def fold(text: str) -> Plain:
    r"""The plain form. Cost: O(len(text)), some 10 microseconds for 140 characters.

    >>> fold("Ｔｅｌ：①３\u200b捌").text
    'tel:13捌'
    """
    for mark, plain in _PUNCTUATION:
        text = text.replace(mark, plain)
    if _CHANGES.search(text) is None and "&#" not in text:
        return Plain(text, None)
    moved = [match.span() for match in _MOVES.finditer(text)]
    if not moved:
        return Plain(_in_place(text), None)
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for start, end in moved:
        plain = _plain_of(text[start:end])
        pieces += (_in_place(text[done:start]), plain)
        places.extend(range(done, start))
        places.extend([start] * len(plain))
        done = end
    places.extend(range(done, len(text) + 1))
    return Plain("".join((*pieces, _in_place(text[done:]))), places)


def closed_up(plain: Plain) -> Plain:
    """The same without the signs that keep the characters of a word apart (docs/decisions/0043).

    >>> closed_up(fold("在霞.柳.岭.小.学上课")).text
    '在霞柳岭小学上课'
    """
    text = plain.text
    if _IS_APART.search(text) is None:
        return plain
    kept: list[int] = []
    pieces: list[str] = []
    done = 0
    for match in _STANDING_APART.finditer(text):
        start, end = match.span()
        step = len(match["a"] or match["b"]) + 1
        kept += (*range(done, start), *range(start, end, step))
        pieces += (text[done:start], match[0][::step])
        done = end
    if not pieces:
        return plain
    kept += range(done, len(text) + 1)
    places = kept if plain.places is None else [plain.places[place] for place in kept]
    return Plain("".join((*pieces, text[done:])), places)


def stands_apart(plain: Plain, signs: Collection[int]) -> bool:
    """Whether there is anything to close up in a folded text of these signs."""
    return _APART_SIGN in signs and closed_up(plain) is not plain


def _in_place(text: str) -> str:
    """Its plain form, where each character has one; most texts hold few that change."""
    return _CHANGES.sub(lambda run: run[0].translate(_TABLE), text)


def _plain_of(sign: str) -> str:
    """Of one character, or of a numeric HTML entity (&#49;) the character that it stands for."""
    character = (html.unescape(sign)[:1] or " ") if len(sign) > 1 else sign
    return _TABLE.get(ord(character), character)


def spell_digits(plain: str) -> str:
    """The same length, with the digits that are written as words: 幺三捌零 is 1380, and so is 138o.

    >>> spell_digits("138oo138ooo")
    '13800138000'
    """
    spelt = plain
    if _SPELT_RUN.search(plain) is not None:
        spelt = plain.translate(_SPELT)
        if "o" in spelt:
            spelt = _ROUND.sub(lambda run: "0" * len(run[0]), spelt)
    return _STROKE.sub("1", spelt) if "l" in spelt or "i" in spelt else spelt


class Reading(Struct, frozen=True):
    """A plain text as the finders read it.

    Attributes:
        plain: a text without disguises.
        digits: the same with spelt digits.
        signs: what stands in either (`detectors.signs`).
    """

    plain: str
    digits: str
    signs: Collection[int]


def reading_of(plain: str) -> Reading:
    """Cost: one pass; where digits are spelt two."""
    signs = signs_in(plain)
    if _SPELT_SIGN not in signs and _STROKE_SIGN not in signs:
        return Reading(plain, plain, signs)
    digits = spell_digits(plain)
    return Reading(plain, digits, signs if digits == plain else {*signs, *signs_in(digits)})
