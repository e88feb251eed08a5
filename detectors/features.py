"""Take a text apart for the relevance judge: hashed features, and where they stand.

Reads normalised text and its words, gives bucket numbers and places. Touches nothing: no clock, no state.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

__all__ = ["BUCKETS", "MAX_CHARS", "Features", "ages", "features", "first_clause", "word_bucket"]

BUCKETS = 1 << 20  # some 600 000 features of the training texts share them; docs/decisions/0003
MAX_CHARS = 1000  # of an article; its headline and lead tell what it is about, and bound the cost
CLAUSE_CHARS = 18  # the first clauses are joined up to this length: about a headline
AGE_WEIGHT = 2  # a stated age counts as two features; docs/decisions/0003

# "7岁", "十七周岁", "8个月大"; "未满18岁", "16岁以下" and, where 岁 is left out, "未满18"
_AGE = re.compile(
    "(未满|不满|未到|不到|不足)?([0-9]{1,3}|[一二两三四五六七八九十]{1,3})多?周?(岁|个?月大)(?:及?(以下|以内))?"
    "|未满(1[0-9])(?![0-9个月天年元人])"
)
_AGE_GROUPS = ((7, "0-6"), (14, "7-13"), (18, "14-17"), (26, "18-25"))  # (first age beyond, name)
_BEYOND = [beyond for beyond, _ in _AGE_GROUPS]
_NAMES = [*(name for _, name in _AGE_GROUPS), "26-"]
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_CLAUSE = re.compile("[^，。！？；：、,.!?; 】』」”）)]*[，。！？；：、,.!?; 】』」”）)]*")


@dataclass(frozen=True, slots=True)
class Features:
    """Buckets, each below BUCKETS, by kind.

    Attributes:
        bigrams: one a character, the last reaching past the end.
        trigrams: the same.
        words: one a word, in order.
        word_places: where in the text each word begins, rising.
        ages: AGE_WEIGHT for each stated age.
        age_places: where each begins, rising.
    """

    bigrams: list[int]
    trigrams: list[int]
    words: list[int]
    word_places: list[int]
    ages: list[int]
    age_places: list[int]

    @property
    def all(self) -> list[int]:
        """All buckets; what the judge of "about children" reads."""
        return self.bigrams + self.trigrams + self.words + self.ages

    @property
    def categorical(self) -> list[int]:
        """Words and ages: what the judge of categories reads, whose few buckets hold the senses of words too."""
        return self.words + self.ages


def features(text: str, words: Sequence[str]) -> Features:
    """Hash what a text holds.

    Args:
        text: normalised, 1 to MAX_CHARS characters.
        words: the text cut, in order; what does not stand in the text is passed over.

    Cost: O(len(text)), some 50 µs for 140 characters. Source: feature hashing (Weinberger et al. 2009).
    """
    mask = BUCKETS - 1
    raw = f"{text}\n\n".encode("utf-32-le", "surrogatepass")
    ends = range(0, 4 * len(text), 4)
    found = Features(
        [crc32(raw[i : i + 8]) & mask for i in ends], [crc32(raw[i : i + 12]) & mask for i in ends], [], [], [], []
    )
    at = 0
    for word in words:
        place = text.find(word, at)
        if place < 0 or word.isspace():
            continue  # beyond MAX_CHARS, or changed by the caller
        found.words.append(word_bucket(word))
        found.word_places.append(place)
        at = place + len(word)
    for place, group in ages(text):
        found.ages.extend([crc32(group.encode(), 2) & mask] * AGE_WEIGHT)
        found.age_places.extend([place] * AGE_WEIGHT)
    return found


def word_bucket(word: str) -> int:
    """Where a word's weight and sense stand."""
    return crc32(word.encode("utf-8", "surrogatepass"), 1) & BUCKETS - 1


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
    for match in _CLAUSE.finditer(text):
        if match.end() >= CLAUSE_CHARS:
            return match.end()
    return len(text)
