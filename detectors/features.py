"""Take a text apart for the relevance judge: hashed features, and where they stand.

Reads normalised text and its words, gives bucket numbers and places. Touches nothing: no clock, no state.
"""

import re
import sys
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from operator import itemgetter, xor
from typing import NamedTuple
from zlib import crc32

__all__ = ["BUCKETS", "MAX_CHARS", "Features", "ages", "calmed", "features", "first_clause", "is_blank", "word_bucket"]

BUCKETS = 1 << 20  # some 600 000 features of the training texts share them; docs/decisions/0003
MAX_CHARS = 1000  # of an article; its headline and lead tell what it is about, and bound the cost
CLAUSE_CHARS = 18  # the first clauses are joined up to this length: about a headline
AGE_WEIGHT = 2  # a stated age counts as two features; docs/decisions/0003
_MASK = BUCKETS - 1
_NATIVE = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"

# "7岁", "十七周岁", "8个月大"; "未满18岁", "16岁以下" and, where 岁 is left out, "未满18"
_AGE = re.compile(
    "(?=[未不0-9一二两三四五六七八九十])"  # else `re` tries each way at each character
    "(?:(未满|不满|未到|不到|不足)?([0-9]{1,3}|[一二两三四五六七八九十]{1,3})多?周?(岁|个?月大)(?:及?(以下|以内))?"
    "|未满(1[0-9])(?![0-9个月天年元人]))"
)
_AGE_GROUPS = ((7, "0-6"), (14, "7-13"), (18, "14-17"), (26, "18-25"))  # (first age beyond, name)
_BEYOND = [beyond for beyond, _ in _AGE_GROUPS]
_NAMES = [*(name for _, name in _AGE_GROUPS), "26-"]
_REPEATED = re.compile(r"([^0-9a-z\s])\1{3,}")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_CLAUSE = re.compile("[^，。！？；：、,.!?; 】』」”）)]*[，。！？；：、,.!?; 】』」”）)]*")


class Features(NamedTuple):
    """What a text holds, by kind; buckets are below BUCKETS.

    Attributes:
        bigrams: a bucket a character, the last reaching past the end.
        trigrams: the same.
        words: in order; white space among them is no feature.
        word_places: where in the text each word begins, rising.
        ages: a bucket AGE_WEIGHT times for each stated age.
        age_places: where each begins, rising.
    """

    bigrams: list[int]
    trigrams: list[int]
    words: Sequence[str]
    word_places: list[int]
    ages: list[int]
    age_places: list[int]

    @property
    def all(self) -> list[int]:
        """All buckets; what the judge of "about children" reads."""
        return self.bigrams + self.trigrams + self.categorical

    @property
    def categorical(self) -> list[int]:
        """Words and ages: what the judge of categories reads, whose few buckets hold the senses of words too."""
        return [word_bucket(word) for word in self.words if not is_blank(word)] + self.ages


def calmed(text: str, words: Sequence[str]) -> tuple[str, Sequence[str]]:
    """Text and words, where a sign or character that stands four times or more in a row stands twice.

    Whoever cries or laughs at length says the same as who does so once; counted each time it would outweigh the rest.

    >>> calmed("孩子受伤呜呜呜呜呜", ["孩子", "受伤", "呜呜", "呜呜", "呜"])
    ('孩子受伤呜呜', ['孩子', '受伤', '呜呜'])
    """
    calm = _REPEATED.sub(r"\1\1", text)
    if calm == text:
        return text, words
    kept: list[str] = []
    for word in (_REPEATED.sub(r"\1\1", word) for word in words):
        goes_on = len({*word}) == 1 and bool(kept) and {*kept[-1]} == {*word}
        kept += [] if goes_on else [word]
    return calm, kept


def features(text: str, words: Sequence[str]) -> Features:
    """Hash what a text holds.

    Args:
        text: normalised, 1 to MAX_CHARS characters.
        words: the text cut, in order; what does not stand in the text is passed over.

    Cost: O(len(text)), some 20 µs for 140 characters. Source: feature hashing (Weinberger et al. 2009).
    """
    stated = [(crc32(group.encode(), 2) & _MASK, place) for place, group in ages(text) for _ in range(AGE_WEIGHT)]
    age_buckets, age_places = [age for age, _ in stated], [place for _, place in stated]
    return Features(*_grams(text), *_placed(text, words), age_buckets, age_places)


def _placed(text: str, words: Sequence[str]) -> tuple[Sequence[str], list[int]]:
    """The words that stand in the text, and where; mostly they are the text, cut."""
    if "".join(words) == text:
        places = list(accumulate(map(len, words), initial=0))
        del places[-1]
        return words, places
    placed, places, at = [], [], 0
    for word in words:
        place = -1 if is_blank(word) else text.find(word, at)
        if place >= 0:  # else beyond MAX_CHARS, or changed by the caller
            placed.append(word)
            places.append(place)
            at = place + len(word)
    return placed, places


def is_blank(word: str) -> bool:
    """Whether it is white space, or nothing."""
    return not word or word.isspace()


def _grams(text: str) -> tuple[list[int], list[int]]:
    """Buckets of the bigrams and trigrams that begin at each character: checksums of their UTF-32.

    A checksum is linear: it is the exclusive or of what each character adds to it at its place, three look-ups in place
    of two checksums. Characters beyond the basic plane are in no table.
    """
    ended = f"{text}\n\n"
    try:
        return _summed(ended)
    except IndexError:
        raw = ended.encode("utf-32-le", "surrogatepass")
        ends = range(0, 4 * len(text), 4)
        return [crc32(raw[i : i + 8]) & _MASK for i in ends], [crc32(raw[i : i + 12]) & _MASK for i in ends]


def _summed(ended: str) -> tuple[list[int], list[int]]:
    """Of a text with two line ends behind it.

    Raises:
        IndexError: a character is beyond the basic plane.
    """
    before, last, first = _shares()
    of_each = itemgetter(*memoryview(ended.encode(_NATIVE, "surrogatepass")).cast("i"))
    bigrams = list(map(xor, of_each(before), of_each(last)[1:]))
    trigrams = list(map(xor, of_each(first), bigrams[1:]))
    del bigrams[-1]
    return bigrams, trigrams


@cache
def _shares() -> tuple["array[int]", "array[int]", "array[int]"]:
    """What each character of the basic plane adds as last but one, as last, and as the first of three.

    Zero bytes have a checksum too: it is in the first table, and the third changes it for that of a trigram's length.
    """
    two, three = crc32(bytes(8)), crc32(bytes(12))
    return _share(4, 4, two), _share(8, 0, 0), _share(0, 8, two ^ three)


def _share(before: int, after: int, constant: int) -> "array[int]":
    """Of a character between so many zero bytes; worked out for either of its own two bytes, which add up likewise."""
    zero = crc32(bytes(before + 4 + after))
    low, high = (
        [
            (crc32(bytes(before) + (byte << shift).to_bytes(4, "little") + bytes(after)) ^ zero) & _MASK
            for byte in range(256)
        ]
        for shift in (0, 8)
    )
    high = [of_high ^ constant & _MASK for of_high in high]
    return array("i", [of_high ^ of_low for of_high in high for of_low in low])


def word_bucket(word: str) -> int:
    """Where a word's weight and sense stand."""
    return crc32(word.encode("utf-8", "surrogatepass"), 1) & _MASK


def ages(text: str) -> Iterator[tuple[int, str]]:
    """Where an age is stated, and its group: what tells a girl of 7 from a woman of 27."""
    if "岁" not in text and "月大" not in text and "未满" not in text:
        return
    for match in _AGE.finditer(text):
        below, digits, unit, or_less, bare = match.groups()
        if unit and unit != "岁":
            yield match.start(), "months"
            continue
        age = _number(digits or bare) - bool(below or or_less or bare)
        yield match.start(), _NAMES[bisect_right(_BEYOND, age)]


def _number(digits: str) -> int:
    """Arabic or Chinese digits up to 99.

    >>> _number("十七"), _number("两"), _number("35")
    (17, 2, 35)
    """
    if digits.isdigit():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (_DIGITS.get(tens[:1], 1) * 10 if ten else 0) + _DIGITS.get(ones[:1], 0)


def first_clause(text: str) -> int:
    """Where the first clause ends: the first pause after CLAUSE_CHARS characters, len(text) without one.

    >>> first_clause("某地小学明天停课。教育局通知说，因为台风将至，全市中小学明天停课。")
    23
    """
    if len(text) <= CLAUSE_CHARS:
        return len(text)
    for match in _CLAUSE.finditer(text):
        if match.end() >= CLAUSE_CHARS:
            return match.end()
    return len(text)
