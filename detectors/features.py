"""Take a text apart for the relevance judge: hashed features, and the clauses they stand in.

Reads normalised text and its words, gives bucket numbers and spans. Touches nothing: no clock, no state.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from zlib import crc32

__all__ = ["BUCKETS", "MAX_CHARS", "clauses", "features"]

BUCKETS = 1 << 18  # some 600 000 features of the training texts share them
MAX_CHARS = 1000  # of an article; its headline and lead tell what it is about, and bound the cost
CLAUSE_CHARS = 18  # clauses are joined up to this length: about a headline, which the model knows best
AGE_WEIGHT = 2  # a stated age counts as two features; docs/decisions/0003

_AGE = re.compile("([0-9]{1,3}|[一二两三四五六七八九十]{1,3})多?周?(岁|个?月大)")
_AGE_GROUPS = ((7, "0-6"), (14, "7-13"), (18, "14-17"), (26, "18-25"))  # (first age beyond, name)
_BEYOND = [beyond for beyond, _ in _AGE_GROUPS]
_NAMES = [*(name for _, name in _AGE_GROUPS), "26-"]
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_CLAUSE = re.compile("[^，。！？；：、,.!?; 】』」”）)]*[，。！？；：、,.!?; 】』」”）)]*")


def features(text: str, words: Sequence[str]) -> tuple[list[int], list[int]]:
    """Hash what a text holds.

    Args:
        text: normalised, 1 to MAX_CHARS characters.
        words: the text cut, in order.

    Returns:
        Buckets below BUCKETS: one a bigram, one a trigram (each of len(text), the last ones reaching past the
        end), then one a word, AGE_WEIGHT a stated age; and the places in the text of those after the trigrams.

    Cost: O(len(text)), some 60 µs for 140 characters. Source: feature hashing (Weinberger et al. 2009).
    """
    mask = BUCKETS - 1
    raw = f"{text}\n\n".encode("utf-32-le", "surrogatepass")
    ends = range(0, 4 * len(text), 4)
    buckets = [crc32(raw[i : i + 8]) & mask for i in ends]
    buckets += [crc32(raw[i : i + 12]) & mask for i in ends]
    places = []
    at = 0
    for word in words:
        found = text.find(word, at)
        if found < 0 or word.isspace():
            continue  # beyond MAX_CHARS, or changed by the caller
        buckets.append(crc32(word.encode("utf-8", "surrogatepass"), 1) & mask)
        places.append(found)
        at = found + len(word)
    for place, group in _ages(text):
        buckets += [crc32(group.encode(), 2) & mask] * AGE_WEIGHT
        places += [place] * AGE_WEIGHT
    return buckets, places


def _ages(text: str) -> Iterator[tuple[int, str]]:
    """Where an age is stated, and its group: what tells a girl of 7 from a woman of 27."""
    if "岁" not in text and "月大" not in text:
        return
    for match in _AGE.finditer(text):
        if match[2] != "岁":
            yield match.start(), "months"
            continue
        yield match.start(), _NAMES[bisect_right(_BEYOND, _number(match[1]))]


def _number(digits: str) -> int:
    """Arabic or Chinese digits up to 99.

    >>> _number("十七"), _number("两"), _number("35")
    (17, 2, 35)
    """
    if digits.isdigit():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (_DIGITS.get(tens[:1], 1) * 10 if ten else 0) + _DIGITS.get(ones[:1], 0)


def clauses(text: str) -> list[tuple[int, int]]:
    """Half-open spans that tile the text, each of at least CLAUSE_CHARS unless the text is shorter."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _CLAUSE.finditer(text):
        if match.end() - start >= CLAUSE_CHARS:
            spans.append((start, match.end()))
            start = match.end()
    if start < len(text):
        last = spans.pop()[0] if spans and len(text) - start < CLAUSE_CHARS // 2 else start
        spans.append((last, len(text)))
    return spans
