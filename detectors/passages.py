"""Weigh passages of one text by the linear model of "about children": each at the cost of a subtraction.

Reads features and where they stand, gives margins. No clock, no network, no state but what it remembers of words.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate, islice
from operator import add, itemgetter

from detectors.features import Features, is_blank, word_bucket
from detectors.remembered import Remembered

__all__ = ["SENSE_BUCKETS", "SENSE_POWER", "Weigher"]

SENSE_BUCKETS = 1 << 20  # for 60 000 words with a sense, int8 each: so wide that a word without one seldom meets one
SENSE_POWER = 0.75  # the words' senses are added and divided by this power of their number; docs/decisions/0003
_REMEMBERED = 1 << 16  # words

# Four sums in one number, from the lowest bit: how many words and ages, how many words with a sense, senses, weights.
# Room for the 2000 words and ages that MAX_CHARS can hold at most; weights stand last, for they are below 0 too.
_KNOWN_AT, _SENSE_AT, _WEIGHT_AT = 11, 22, 42
_COUNT, _SENSE = (1 << 11) - 1, (1 << 20) - 1
_RAISE = 128  # added to each sense, so that none is below 0


class Weigher:
    """The model's tables; immutable but for its memory."""

    def __init__(
        self, weights: Sequence[int], senses: Sequence[int], scale: float, sense_scale: float, bias: float
    ) -> None:
        """Take a weight for each bucket, a sense for each bucket of words, and what one of either is worth."""
        self._weights = weights
        self._senses = senses
        self._scale, self._sense_scale, self._bias = scale, sense_scale, bias
        self._numbers = Remembered(self._number, most=_REMEMBERED)

    def _number(self, word: str) -> int:
        """What a word adds to the four sums."""
        if is_blank(word):
            return 0
        bucket = word_bucket(word)
        sense = self._senses[bucket & (SENSE_BUCKETS - 1)]
        return _added(self._weights[bucket]) + (sense << _SENSE_AT) + (bool(sense) << _KNOWN_AT)

    def margins(self, found: Features, cuts: Sequence[int]) -> Callable[[int, int], float]:
        """What the characters [start, end) weigh: what begins there, and the mean sense of its words.

        scale * sum of weights / sqrt(features) + scale of senses * sum of senses / (words with one)^SENSE_POWER + bias

        Args:
            found: of a text.
            cuts: where passages begin and end, rising, the first 0 and the last the text's length.

        Returns:
            (start, end) -> margin; both among the cuts.
        """
        sums = self._sums(found, cuts)
        scale, sense_scale, bias = self._scale, self._sense_scale, self._bias

        def margin(start: int, end: int) -> float:
            total = sums[end] - sums[start]
            count, known = total & _COUNT, total >> _KNOWN_AT & _COUNT
            senses = (total >> _SENSE_AT & _SENSE) - _RAISE * count
            sense = sense_scale * senses / known**SENSE_POWER if known else 0.0
            return scale * (total >> _WEIGHT_AT) / math.sqrt(2 * (end - start) + count) + sense + bias

        return margin

    def _sums(self, found: Features, cuts: Sequence[int]) -> dict[int, int]:
        """Cut -> the four sums of what begins before it."""
        weights = itemgetter(*found.bigrams, *found.trigrams)(self._weights)
        of_characters = list(accumulate(map(add, weights, islice(weights, len(found.bigrams), None)), initial=0))
        of_words = list(accumulate(map(self._numbers.__getitem__, found.words), initial=0))
        places = found.word_places
        sums = {cut: (of_characters[cut] << _WEIGHT_AT) + of_words[bisect_left(places, cut)] for cut in cuts}
        if found.ages:
            of_ages = list(accumulate([_added(self._weights[age]) for age in found.ages], initial=0))
            for cut in cuts:
                sums[cut] += of_ages[bisect_left(found.age_places, cut)]
        return sums


def _added(weight: int) -> int:
    """What a word or an age without a sense adds."""
    return (weight << _WEIGHT_AT) + (_RAISE << _SENSE_AT) + 1
