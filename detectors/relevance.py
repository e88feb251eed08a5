"""Judge whether a text is about children under 18, and under which categories.

Reads texts and the learned files of `detectors/data/`, gives `Judgement`. No clock, no network, no state.

A text passes two gates: `has_cue`, one automaton pass over the raw text, turns most posts away; `judge` weighs
the rest with a linear model over hashed words, character bi- and trigrams and stated ages. A long post is weighed
whole and by its two most telling clauses, since a child's story often fills one sentence of five.
Rivals and numbers: docs/decisions/0003. Trained by tools/train_relevance.py.
"""

import math
import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import add
from pathlib import Path
from zlib import crc32

from ahocorasick_rs import AhoCorasick, Implementation

from contracts.errors import SettingsError
from detectors.categories import CATEGORIES
from detectors.features import BUCKETS, MAX_CHARS, clauses, features

__all__ = ["CATEGORY_BUCKETS", "CUES_FILE", "HEADER", "MAGIC", "MODEL_FILE", "PAIR", "Judgement", "Relevance"]

MODEL_FILE = "relevance.bin"
CUES_FILE = "cues.txt"
CATEGORY_BUCKETS = 1 << 16  # of each category's model; int8 each
MAX_CATEGORIES = 3
SECOND_CATEGORY_FROM = 0.5  # probability from which a category beside the first is told

MAGIC = b"TSRV\x01\x00\x00\x00"  # file kind and version
# magic, crc32 of all that follows the header, buckets, category buckets, categories,
# scale and bias of the child model, slope and offset of the calibration, threshold
HEADER = struct.Struct("<8sIIIIfffff")
PAIR = struct.Struct("<ff")  # scale and bias of a category, in the order of CATEGORIES
_RETRAIN = "restore it from the release, or train it anew with tools/train_relevance.py"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one text is about.

    Attributes:
        score: probability that the text is about children, 0 to 1, calibrated on a stream of which about
            7 % are.
        categories: ids of `detectors.categories`, most central first, at most 3; () below the threshold.
    """

    score: float
    categories: tuple[str, ...]


class Relevance:
    """The learned judge; immutable, made once a process.

    Attributes:
        threshold: the score from which a text counts as about children.
    """

    __slots__ = ("_bias", "_categories", "_cues", "_offset", "_scale", "_slope", "_weights", "threshold")

    def __init__(self, model: bytes, cues: Sequence[str], *, name: str = MODEL_FILE) -> None:
        """Take the model file's bytes and the cues.

        Raises:
            SettingsError: naming `name`, when the bytes are no whole model of this version.
        """
        header = _checked_header(model, name)
        self._scale, self._bias, self._slope, self._offset, self.threshold = header
        self._weights = _numbers("h", model[HEADER.size : HEADER.size + 2 * BUCKETS])
        self._categories = tuple(_category_models(model[HEADER.size + 2 * BUCKETS :]))
        self._cues = AhoCorasick(cues, implementation=Implementation.DFA)

    @classmethod
    def load(cls, folder: Path | None = None) -> "Relevance":
        """Read the judge's files; those of the release without a folder.

        Raises:
            SettingsError: a file is missing, damaged or of another version; says which and what to do.
        """
        folder = folder or Path(__file__).parent / "data"
        model, cues = _read(folder / MODEL_FILE), _read(folder / CUES_FILE)
        return cls(model, _checked_cues(cues, str(folder / CUES_FILE)), name=str(folder / MODEL_FILE))

    def has_cue(self, text: str) -> bool:
        """Whether a raw text holds a word without which it is hardly about children; asked of every post.

        Missed none of 126 accepted posts and 2 % of accepted headlines, so rankings are judged without it
        (docs/decisions/0003). Cost: O(len(text)), 0.3 µs for 12 characters.
        """
        try:
            return bool(self._cues.find_matches_as_indexes(text))
        except UnicodeEncodeError:  # a lone surrogate, which the automaton does not take
            return bool(self._cues.find_matches_as_indexes(text.encode("utf-8", "replace").decode()))

    def judge(self, text: str, words: Sequence[str]) -> Judgement:
        """Weigh one text; asked of the few that hold a cue, of an original once.

        score = 1 / (1 + exp(-(slope * (whole + top two clauses) / 2 + offset)))

        Args:
            text: `detectors.text.clean(...).own`.
            words: the text cut, in order; words left out cost a little accuracy and nothing else.

        Cost: O(len(text)), for 140 characters about 100 µs, 340 µs when accepted and ranked by category;
        beyond MAX_CHARS nothing is read.
        """
        text = text[:MAX_CHARS]
        if not text:
            return Judgement(0.0, ())
        buckets, places = features(text, words)
        margin = self._slope * self._margin(text, buckets, places) + self._offset
        score = _probability(margin)
        return Judgement(score, self._rank(buckets) if score >= self.threshold else ())

    def _margin(self, text: str, buckets: list[int], places: list[int]) -> float:
        """The mean of the whole text's weight and that of its two heaviest clauses."""
        weights = [self._weights[bucket] for bucket in buckets]
        size = len(text)
        at = list(map(add, weights[:size], weights[size : 2 * size]))
        for place, weight in zip(places, weights[2 * size :], strict=True):
            at[place] += weight
        density = len(buckets) / size  # features a character
        top = sorted(sum(at[a:b]) / math.sqrt((b - a) * density) for a, b in clauses(text))[-2:]
        whole = sum(weights) / math.sqrt(len(buckets))
        margin: float = self._scale * (whole + sum(top) / len(top)) / 2 + self._bias
        return margin

    def _rank(self, buckets: list[int]) -> tuple[str, ...]:
        """The most likely category, then others that are likely by themselves."""
        mask, root = CATEGORY_BUCKETS - 1, math.sqrt(len(buckets))
        small = [bucket & mask for bucket in buckets]
        margins = [
            (scale * sum(map(weights.__getitem__, small)) / root + bias, category)
            for category, scale, bias, weights in self._categories
        ]
        first, *others = sorted(margins, reverse=True)[:MAX_CATEGORIES]
        return (first[1], *(category for margin, category in others if _probability(margin) >= SECOND_CATEGORY_FROM))


def _probability(margin: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, margin))))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(str(path), f"cannot be read ({error.strerror}): {_RETRAIN}") from error


def _checked_cues(raw: bytes, name: str) -> list[str]:
    try:
        cues = raw.decode().split()
    except UnicodeDecodeError as error:
        raise SettingsError(name, f"is no UTF-8: {_RETRAIN}") from error
    if not cues:
        raise SettingsError(name, f"holds no cue: {_RETRAIN}")
    return cues


def _checked_header(model: bytes, name: str) -> tuple[float, float, float, float, float]:
    """Scale, bias, slope, offset and threshold, once the bytes are known to be whole."""
    if model[: len(MAGIC)] != MAGIC:
        raise SettingsError(name, f"is no relevance model of this version: {_RETRAIN}")
    size = HEADER.size + 2 * BUCKETS + len(CATEGORIES) * (PAIR.size + CATEGORY_BUCKETS)
    if len(model) != size:
        raise SettingsError(name, f"has {len(model)} bytes instead of {size}: {_RETRAIN}")
    _, checksum, *shape, scale, bias, slope, offset, threshold = HEADER.unpack_from(model)
    if checksum != crc32(model[HEADER.size :]) or shape != [BUCKETS, CATEGORY_BUCKETS, len(CATEGORIES)]:
        raise SettingsError(name, f"is damaged (checksum): {_RETRAIN}")
    return scale, bias, slope, offset, threshold


def _category_models(raw: bytes) -> Iterator[tuple[str, float, float, "array[int]"]]:
    tables = raw[len(CATEGORIES) * PAIR.size :]
    for place, category in enumerate(CATEGORIES):
        scale, bias = PAIR.unpack_from(raw, place * PAIR.size)
        table = tables[place * CATEGORY_BUCKETS : (place + 1) * CATEGORY_BUCKETS]
        yield category, scale, bias, _numbers("b", table)


def _numbers(code: str, raw: bytes) -> "array[int]":
    """Little-endian signed integers."""
    numbers = array(code)
    numbers.frombytes(raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
