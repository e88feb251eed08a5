"""Rank the categories of a text that is about children: one linear model each, all summed at once.

Reads features, gives categories. No clock, no network, no state but what it remembers of words.
"""

import math
import struct
from collections.abc import Sequence

from detectors.categories import CATEGORIES
from detectors.features import Features, is_blank, word_bucket
from detectors.remembered import Remembered

__all__ = ["CATEGORY_BUCKETS", "MAX_CATEGORIES", "PAIR", "PAIR_BUCKETS", "CategoryRank"]

CATEGORY_BUCKETS = 1 << 18  # of words, of each category's model; int8 each
PAIR_BUCKETS = 1 << 15  # of character bigrams, the same
MAX_CATEGORIES = 3
PAIR = struct.Struct("<ff")  # scale and bias of a category, in the order of CATEGORIES

_SECOND_FROM = 0.0  # margin from which a category beside the first is told
_REMEMBERED = 1 << 15  # words
_LANES = struct.Struct(f"<{len(CATEGORIES)}I")  # of a bucket's packed number, one a category
_RAISE = 128  # added to each packed weight, so that no lane borrows from the next


class CategoryRank:
    """The models' tables; immutable but for its memory.

    Each bucket's weights for all categories stand in one number, a lane of four bytes each, so that one sum over
    the features sums all categories.
    """

    def __init__(self, raw: bytes) -> None:
        """Take the model file's part: a PAIR for each category, then a byte a category, bucket after bucket."""
        heads = PAIR.size * len(CATEGORIES)
        self._models = list(zip(CATEGORIES, PAIR.iter_unpack(raw[:heads]), strict=True))
        tables = raw[heads:].translate(bytes((value + _RAISE) % 256 for value in range(256)))
        split = CATEGORY_BUCKETS * len(CATEGORIES)
        self._of_words, self._of_bigrams = _packed(tables[:split]), _packed(tables[split:])
        self._numbers = Remembered(self._number, most=_REMEMBERED)

    def _number(self, word: str) -> int:
        """A word's packed weights; 0 is no word's, for all lanes are raised."""
        return 0 if is_blank(word) else self._of_words[word_bucket(word) & (CATEGORY_BUCKETS - 1)]

    def __call__(self, found: Features) -> tuple[str, ...]:
        """The most likely category, then others that are likely by themselves: words and bigrams weigh alike.

        margin = scale * (sum of words' weights / sqrt(words) + sum of bigrams' weights / sqrt(bigrams)) + bias
        """
        words = [number for word in found.words if (number := self._numbers[word])]
        words += [self._of_words[age & (CATEGORY_BUCKETS - 1)] for age in found.ages]
        bigrams = [self._of_bigrams[bigram & (PAIR_BUCKETS - 1)] for bigram in found.bigrams]
        sums = zip(self._models, _sums(words), _sums(bigrams), strict=True)
        margins = [
            (scale * (of_words + of_bigrams) + bias, category)
            for (category, (scale, bias)), of_words, of_bigrams in sums
        ]
        first, *others = sorted(margins, reverse=True)[:MAX_CATEGORIES]
        return (first[1], *(category for margin, category in others if margin >= _SECOND_FROM))


def _sums(packed: Sequence[int]) -> list[float]:
    """Sum of each category's weights, divided by the root of their number."""
    raised, root = _RAISE * len(packed), math.sqrt(max(1, len(packed)))
    return [(lane - raised) / root for lane in _LANES.unpack(sum(packed).to_bytes(_LANES.size, "little"))]


def _packed(tables: bytes) -> list[int]:
    """A byte a category, bucket after bucket, as one number a bucket."""
    lanes = bytearray(4 * len(tables))
    lanes[::4] = tables
    empty = _LANES.pack(*[_RAISE] * len(CATEGORIES))
    nothing = int.from_bytes(empty, "little")  # most buckets: they share one number
    rows = (lanes[at : at + _LANES.size] for at in range(0, len(lanes), _LANES.size))
    return [nothing if row == empty else int.from_bytes(row, "little") for row in rows]
