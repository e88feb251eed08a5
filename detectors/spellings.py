"""Read a text in the other ways in which it may be spelt: characters apart, numbers in words, characters by codes.

Reads a `Plain`, gives another with a way back to the original's places. Touches nothing (docs/decisions/0043, 0051).
"""

import re
from collections.abc import Callable, Collection
from urllib.parse import unquote

from detectors.disguise import NUMERALS, Plain, Reading, fold, plain_of, reading_of
from detectors.signs import sign

__all__ = ["Way", "as_it_stands", "closed_up", "decoded", "read", "ways_of"]

Way = Callable[[Plain], Plain]  # the plain text itself where there is nothing to see through

# Digits in words of Latin letters, pinyin and English: yao san ba, one-three-eight, double zero
_WORDS = {
    **dict.fromkeys(("ling", "zero", "oh"), "0"),
    **dict.fromkeys(("yi", "yao", "one"), "1"),
    **dict.fromkeys(("er", "two"), "2"),
    **dict.fromkeys(("san", "three"), "3"),
    **dict.fromkeys(("si", "four"), "4"),
    **dict.fromkeys(("wu", "five"), "5"),
    **dict.fromkeys(("liu", "six"), "6"),
    **dict.fromkeys(("qi", "seven"), "7"),
    **dict.fromkeys(("ba", "eight"), "8"),
    **dict.fromkeys(("jiu", "nine"), "9"),
}
_TIMES = {"": 1, "double": 2, "triple": 3}
_ANY_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_WORD = f"(?:(?:double|triple)[ -]?)?(?:{_ANY_WORD})"
_DIGIT, _BETWEEN = f"[0-9{NUMERALS}]", "[ .·_,，、/|*~+-]{0,2}"
_EITHER = f"(?:{_WORD}|{_DIGIT})"
_WORDED = re.compile(f"(?<![a-z])(?>{_WORD}|{_DIGIT})(?:{_BETWEEN}(?>{_WORD}|{_DIGIT})){{3,}}+(?![a-z])")
_WORDED_PART = re.compile(f"(?:(?P<times>double|triple)[ -]?)?(?P<word>{_ANY_WORD})")
_LEAST_WORDS, _LEAST_LONG = 3, 8  # so many words make a number by themselves; else with digits between them so long
_WORDED_SIGN = sign(
    f"{_WORD}{_BETWEEN}{_EITHER}{_BETWEEN}{_EITHER}|{_DIGIT}{_BETWEEN}(?:{_WORD}{_BETWEEN}{_DIGIT}|{_DIGIT}{_BETWEEN}{_WORD})"
)
# Characters by their codes: %E5%BC%A0, \u5f20, \x31, U+5F20
_CODE = re.compile(
    r"%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-4](?:%[89ab][0-9a-f]){3}"
    r"|\\{1,2}(?:u(?:\{[0-9a-f]{4,6}\}|[0-9a-f]{4})|x[0-9a-f]{2})|(?<![a-z0-9])u\+[0-9a-f]{4,5}(?![0-9a-f]) ?"
)
_CODE_SIGN = sign(r"%[0-9a-f]{2}|\\(?:u\{?[0-9a-f]{4}|x[0-9a-f]{2})|u\+[0-9a-f]{4}")
_NO_DIGIT = re.compile("[^0-9a-f]")
_LAST_POINT = 0x10FFFF
_LONE = range(0xD800, 0xE000)  # half of a character, which no text may hold

# Characters that stand apart, the same sign or picture between all: 霞.柳.岭.小.学, 陈/小/雨; letters of a word do not
_APART = "[ .·・•_/|*~+-]"
_PICTURE = "[\u2600-\u27bf\u2b50\U0001f000-\U0001faff]"
_IS_APART = re.compile(rf"({_APART}{{1,2}}|{_PICTURE})[^\s.·・•_/|*~+-]\1")
_APART_SIGN = sign(
    f"(?:[^ \t\n]{_APART}{{1,2}}){{3}}[^ \t\n]|[\u4e00-\u9fff][/|_~+][\u4e00-\u9fff][/|_~+][\u4e00-\u9fff]"
    f"|[\u4e00-\u9fff]{_PICTURE}[\u4e00-\u9fff]{_PICTURE}[\u4e00-\u9fff]"
)
_ONE = r"(?:[a-z0-9](?![a-z0-9])|[^\sa-z0-9])"
_STANDING_APART = re.compile(
    rf"(?<![a-z0-9])(?:{_ONE}(?P<a>{_APART}{{1,2}}){_ONE}(?:(?P=a){_ONE}){{2,}}"
    f"|[\u4e00-\u9fff](?P<b>[/|_~+]|{_PICTURE})[\u4e00-\u9fff](?P=b)[\u4e00-\u9fff])"
)


def read(text: str) -> tuple[Plain, Reading]:
    """The plain form of a text, with digits for the Latin words of a number, and how it reads.

    Cost: `fold` and `reading_of`; where numbers are written in words twice.
    """
    folded = fold(text)
    reading = reading_of(folded.text)
    if _WORDED_SIGN not in reading.signs:
        return folded, reading
    spelt = _in_digits(folded)
    return (folded, reading) if spelt is folded else (spelt, reading_of(spelt.text))


def ways_of(plain: Plain, signs: Collection[int]) -> tuple[Way, ...]:
    """In which ways a text of these signs is to be read; none where it says the same in all of them, as most do.

    Links are read before their codes are: these are a part of them.
    """
    if _APART_SIGN not in signs and _CODE_SIGN not in signs:
        return ()
    is_apart = _APART_SIGN in signs and closed_up(plain) is not plain
    is_coded = _CODE_SIGN in signs and decoded(plain) is not plain
    if is_coded:
        return (closed_up, as_it_stands, decoded) if is_apart else (as_it_stands, decoded)
    return (closed_up, as_it_stands) if is_apart else ()


def as_it_stands(plain: Plain) -> Plain:
    """The plain text itself."""
    return plain


def closed_up(plain: Plain) -> Plain:
    """The same without the signs that keep the characters of a word apart.

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
    return _mapped(plain, pieces, kept, done)


def decoded(plain: Plain) -> Plain:
    r"""The same with characters for their codes.

    >>> decoded(fold("叫%E5%BC%A0\\u5c0f")).text
    '叫张小'
    """
    kept: list[int] = []
    pieces: list[str] = []
    done = 0
    for match in _CODE.finditer(plain.text):
        character = _character_of(match[0])
        if character:
            kept += (*range(done, match.start()), match.start())
            pieces += (plain.text[done : match.start()], character)
            done = match.end()
    return _mapped(plain, pieces, kept, done)


def _in_digits(plain: Plain) -> Plain:
    """The same with digits for the Latin words of a number.

    >>> _in_digits(fold("电话yi san ba ling 零 double-one")).text
    '电话1 3 8 0 零 11'
    """
    kept: list[int] = []
    pieces: list[str] = []
    done = 0
    for run in _WORDED.finditer(plain.text):
        words = list(_WORDED_PART.finditer(plain.text, *run.span()))
        if len(words) < _LEAST_WORDS and len(run[0]) - sum(len(word[0]) - 1 for word in words) < _LEAST_LONG:
            continue  # ba1271 is half a plate
        for match in words:
            digits = _WORDS[match["word"]] * _TIMES[match["times"] or ""]
            kept += (*range(done, match.start()), *[match.start()] * len(digits))
            pieces += (plain.text[done : match.start()], digits)
            done = match.end()
    return _mapped(plain, pieces, kept, done)


def _mapped(plain: Plain, pieces: list[str], kept: list[int], done: int) -> Plain:
    """What was read up to `done`, and the rest as it stands; the plain text itself where nothing was replaced.

    Args:
        plain: that was read.
        pieces: what stands there instead.
        kept: of each of their characters the place in `plain`.
        done: where the last of what was replaced ends.
    """
    if not pieces:
        return plain
    kept += range(done, len(plain.text) + 1)
    places = kept if plain.places is None else [plain.places[place] for place in kept]
    return Plain("".join((*pieces, plain.text[done:])), places)


def _character_of(code: str) -> str:
    """What a code stands for, in plain form; "" where that is no visible character, or several."""
    if code[0] == "%":
        character = unquote(code, errors="replace")
    else:
        point = int(_NO_DIGIT.sub("", code), 16)
        character = chr(point) if point <= _LAST_POINT and point not in _LONE else ""
    plain = plain_of(character) if len(character) == 1 else ""
    return plain if len(plain) == 1 and plain.isprintable() and plain != "\ufffd" else ""
