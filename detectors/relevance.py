"""Judge whether a text is about children under 18, and under which categories.

Reads texts and the learned files of `detectors/data/`, gives `Judgement`. No clock, no network, no state.

A text passes two gates: `has_cue`, one automaton pass over the raw text, turns most posts away; `judge` weighs
the rest with a linear model over hashed words, character bi- and trigrams and stated ages, beside the mean sense
of its words, learned from texts nobody labelled. The operator's lexicon (`detectors.lexicon`) overrules both.
Rivals and numbers: docs/decisions/0003. Trained by tools/train_relevance.py.
"""

import math
import struct
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from ahocorasick_rs import AhoCorasick, Implementation

from contracts.errors import SettingsError
from detectors.categories import CATEGORIES
from detectors.features import BUCKETS, MAX_CHARS, Features, features, first_clause
from detectors.lexicon import NO_RULES, Lexicon, Verdict

__all__ = [
    "CATEGORY_BUCKETS",
    "CUES_FILE",
    "HEADER",
    "MAGIC",
    "MODEL_FILE",
    "PAIR",
    "PAIR_BUCKETS",
    "SENSE_BUCKETS",
    "SENSE_POWER",
    "Judgement",
    "Relevance",
]

MODEL_FILE = "relevance.bin"
CUES_FILE = "cues.txt"
SENSE_BUCKETS = 1 << 20  # for 60 000 words with a sense, int8 each: so wide that a word without one seldom meets one
CATEGORY_BUCKETS = 1 << 18  # of words, of each category's model; int8 each
PAIR_BUCKETS = 1 << 15  # of character bigrams, the same
MAX_CATEGORIES = 3
SECOND_CATEGORY_FROM = 0.0  # margin from which a category beside the first is told
SENSE_POWER = 0.75  # the words' senses are added and divided by this power of their number; docs/decisions/0003
SHORT_CHARS = 100  # below it a text may be a headline and what follows it
HEADLINE_SHARE = 0.33  # of such a text's weight that its first clause has
LEAD_CHARS = 60  # of a longer text its lead is weighed by itself, and its most telling passage
PASSAGE_CHARS, PASSAGE_STEP = 40, 20  # docs/decisions/0036

MAGIC = b"TSRV\x04\x00\x00\x00"  # file kind and version
# magic, crc32 of the tables, which follow the header compressed by zlib, buckets, category buckets, categories,
# scales of weights and senses and bias of the child model, slope and offset of the calibration, threshold
HEADER = struct.Struct("<8sIIIIffffff")
PAIR = struct.Struct("<ff")  # scale and bias of a category, in the order of CATEGORIES
_LANE = 3  # bytes a category has in a bucket's packed number: room for 65 000 weights of up to 255
_RAISE = 128  # added to each packed weight, so that no lane borrows from the next
_RETRAIN = "restore it from the release, or train it anew with tools/train_relevance.py"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one text is about.

    Attributes:
        score: probability that the text is about children, 0 to 1, calibrated on a stream of which about
            7 % are; 1 or 0 where a rule of the lexicon decided.
        categories: ids of `detectors.categories`, most central first, at most 3; () below the threshold.
        rule: the lexicon's rule that decided, as it was written; "" where the model did.
        lexicon: version of the lexicon that was asked; "" without one.
    """

    score: float
    categories: tuple[str, ...]
    rule: str = ""
    lexicon: str = ""


class Relevance:
    """The learned judge; immutable, made once a process and once more for each edit of the lexicon.

    Attributes:
        threshold: the score from which a text counts as about children.
        lexicon: the rules that overrule the model.
    """

    __slots__ = (
        "_bias", "_categories", "_cue_list", "_cues", "_offset", "_packed", "_scale", "_sense_scale", "_senses",
        "_slope", "_weights", "lexicon", "threshold",
    )  # fmt: skip

    def __init__(
        self, model: bytes, cues: Sequence[str], *, lexicon: Lexicon = NO_RULES, name: str = MODEL_FILE
    ) -> None:
        """Take the model file's bytes and the cues.

        Raises:
            SettingsError: naming `name`, when the bytes are no whole model of this version.
        """
        header, tables = _checked(model, name)
        self._scale, self._sense_scale, self._bias, self._slope, self._offset, self.threshold = header
        senses_at = 2 * BUCKETS
        self._weights = _numbers("h", tables[:senses_at])
        self._senses = _numbers("b", tables[senses_at : senses_at + SENSE_BUCKETS])
        self._categories, self._packed = _category_models(tables[senses_at + SENSE_BUCKETS :])
        self._cue_list = tuple(cues)
        self._take(lexicon)

    def _take(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._cues = AhoCorasick([*self._cue_list, *lexicon.cues], implementation=Implementation.DFA)

    @classmethod
    def load(cls, folder: Path | None = None, *, lexicon: Lexicon = NO_RULES) -> "Relevance":
        """Read the judge's files; those of the release without a folder.

        Raises:
            SettingsError: a file is missing, damaged or of another version; says which and what to do.
        """
        folder = folder or Path(__file__).parent / "data"
        model, cues = _read(folder / MODEL_FILE), _read(folder / CUES_FILE)
        checked = _checked_cues(cues, str(folder / CUES_FILE))
        return cls(model, checked, lexicon=lexicon, name=str(folder / MODEL_FILE))

    def with_lexicon(self, lexicon: Lexicon) -> "Relevance":
        """The same model under other rules. Cost: some 10 ms, for the automaton."""
        other = copy(self)
        other._take(lexicon)  # noqa: SLF001 - of its own class, before anybody else sees it
        return other

    def has_cue(self, text: str) -> bool:
        """Whether a raw text holds a word without which it is hardly about children; asked of every post.

        How many it turns away and misses: docs/decisions/0003. Cost: O(len(text)), 0.3 µs for 12 characters.
        """
        try:
            return bool(self._cues.find_matches_as_indexes(text))
        except UnicodeEncodeError:  # a lone surrogate, which the automaton does not take
            return bool(self._cues.find_matches_as_indexes(text.encode("utf-8", "replace").decode()))

    def judge(self, text: str, words: Sequence[str], *, has_lead: bool = True) -> Judgement:
        """Weigh one text; asked of the few that hold a cue, of an original once.

        score = 1 / (1 + exp(-(slope * margin + offset)))

        Args:
            text: `detectors.text.clean(...).own`.
            words: the text cut, in order; words left out cost a little accuracy and nothing else.
            has_lead: whether its beginning is that of the matter; not so where a remark stands before what it answers.

        Cost: O(len(text)), see docs/decisions/0003; beyond MAX_CHARS nothing is read.
        """
        text = text[:MAX_CHARS]
        verdict = self.lexicon.verdict(text)
        if not text or (verdict is not None and verdict.kind == "never"):
            return Judgement(0.0, (), verdict.rule if verdict else "", self.lexicon.version)
        if verdict is not None and verdict.kind == "only-with":
            return self._without(verdict, text, words, has_lead=has_lead)
        found = features(text, words)
        if verdict is not None:
            ranked = self._rank(found)
            first = (verdict.category,) if verdict.category else ()
            categories = tuple(dict.fromkeys((*first, *ranked)))[:MAX_CATEGORIES]
            return Judgement(1.0, categories, verdict.rule, self.lexicon.version)
        score = self._score(text, found, has_lead=has_lead)
        return Judgement(score, self._rank(found) if score >= self.threshold else (), "", self.lexicon.version)

    def _without(self, verdict: Verdict, text: str, words: Sequence[str], *, has_lead: bool) -> Judgement:
        """As if the ambiguous terms were not there; the rule is named where they alone carried the text."""
        left = verdict.strike(text)
        found = features(left, words)
        score = self._score(left, found, has_lead=has_lead)
        if score >= self.threshold and self.has_cue(left):
            return Judgement(score, self._rank(found), "", self.lexicon.version)
        decided = self._score(text, features(text, words), has_lead=has_lead) >= self.threshold
        score = 0.0 if decided else score
        return Judgement(min(score, self.threshold / 2), (), verdict.rule if decided else "", self.lexicon.version)

    def _score(self, text: str, found: Features, *, has_lead: bool) -> float:
        """Of a short text of several clauses, the first is weighed once more: it may be a headline.

        A text of more than LEAD_CHARS is read three times, and the mean of the three counts: the whole, its lead, and
        the passage that tells most. One sentence says that a child was hurt, five others what the police say.

            |----- lead -----|--------- the rest ---------|
            |------ 40 ------|
                    |------ 40 ------|
                            |------ 40 ------| ...
        """
        size, head, sums = len(text), first_clause(text), self._sums(found)
        margin = sums.margin(0, size)
        if size < SHORT_CHARS:
            margin += HEADLINE_SHARE * (sums.margin(0, head) - margin)
        if size > LEAD_CHARS and has_lead:
            lead = sums.margin(0, LEAD_CHARS)
            lead += HEADLINE_SHARE * (sums.margin(0, min(head, LEAD_CHARS)) - lead)
            starts = range(0, size - PASSAGE_STEP, PASSAGE_STEP)
            passage = max([sums.margin(start, min(start + PASSAGE_CHARS, size)) for start in starts])
            margin = (margin + lead + passage) / 3
        return _probability(self._slope * margin + self._offset)

    def _sums(self, found: Features) -> "_Sums":
        weights, senses, mask = self._weights, self._senses, SENSE_BUCKETS - 1
        words = [senses[bucket & mask] for bucket in found.words]
        return _Sums(
            found,
            _running([weights[two] + weights[three] for two, three in zip(found.bigrams, found.trigrams, strict=True)]),
            _running([weights[bucket] for bucket in found.words]),
            _running([weights[bucket] for bucket in found.ages]),
            _running(words),
            _running([1 if sense else 0 for sense in words]),
            (self._scale, self._sense_scale, self._bias),
        )

    def _rank(self, found: Features) -> tuple[str, ...]:
        """The most likely category, then others that are likely by themselves: words and bigrams weigh alike."""
        words, bigrams = self._packed
        sums = zip(_lane_sums(words, found.categorical), _lane_sums(bigrams, found.bigrams), strict=True)
        margins = [
            (scale * (of_words + of_bigrams) + bias, category)
            for (category, scale, bias), (of_words, of_bigrams) in zip(self._categories, sums, strict=True)
        ]
        first, *others = sorted(margins, reverse=True)[:MAX_CATEGORIES]
        return (first[1], *(category for margin, category in others if margin >= SECOND_CATEGORY_FROM))


@dataclass(frozen=True, slots=True)
class _Sums:
    """Running sums of a text's weights, so that each passage of it is weighed by two look-ups a kind.

    Attributes:
        found: where words and ages begin.
        characters, words, ages: of the weights of bigrams with trigrams, of words, of ages.
        senses, known: of the words' senses, and of how many words have one.
        scales: of weights and senses, and the bias.
    """

    found: Features
    characters: list[int]
    words: list[int]
    ages: list[int]
    senses: list[int]
    known: list[int]
    scales: tuple[float, float, float]

    def margin(self, start: int, end: int) -> float:
        """Weight of the characters [start, end): what begins there, and the mean sense of its words."""
        places, ages = self.found.word_places, self.found.age_places
        first, last = bisect_left(places, start), bisect_left(places, end)
        total = self.characters[end] - self.characters[start] + self.words[last] - self.words[first]
        count = 2 * (end - start) + last - first
        if ages:
            young, old = bisect_left(ages, start), bisect_left(ages, end)
            total += self.ages[old] - self.ages[young]
            count += old - young
        scale, sense_scale, bias = self.scales
        known = self.known[last] - self.known[first]
        sense = sense_scale * (self.senses[last] - self.senses[first]) / known**SENSE_POWER if known else 0.0
        return scale * total / math.sqrt(count) + sense + bias


def _running(weights: list[int]) -> list[int]:
    return [0, *accumulate(weights)]


def _lane_sums(packed: Sequence[int], buckets: Sequence[int]) -> list[float]:
    """Sum of each category's weights over the buckets, divided by the root of their number.

    Each bucket's weights for all categories stand in one number, a lane of three bytes each, so that one
    sum over the features sums all categories.
    """
    mask = len(packed) - 1
    total = sum(packed[bucket & mask] for bucket in buckets)
    lanes = total.to_bytes(_LANE * len(CATEGORIES), "little")
    raised, root = _RAISE * len(buckets), math.sqrt(max(1, len(buckets)))
    return [(int.from_bytes(lanes[at : at + _LANE], "little") - raised) / root for at in range(0, len(lanes), _LANE)]


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


def _checked(model: bytes, name: str) -> tuple[tuple[float, float, float, float, float, float], bytes]:
    """Scales, bias, slope, offset and threshold, and the tables, once the bytes are known to be whole."""
    if model[: len(MAGIC)] != MAGIC:
        raise SettingsError(name, f"is no relevance model of this version: {_RETRAIN}")
    if len(model) < HEADER.size:
        raise SettingsError(name, f"ends after {len(model)} bytes: {_RETRAIN}")
    _, checksum, *shape, scale, sense_scale, bias, slope, offset, threshold = HEADER.unpack_from(model)
    size = 2 * BUCKETS + SENSE_BUCKETS + len(CATEGORIES) * (PAIR.size + CATEGORY_BUCKETS + PAIR_BUCKETS)
    try:
        tables = zlib.decompressobj().decompress(model[HEADER.size :], size + 1)
    except zlib.error:
        tables = b""
    if len(tables) != size or checksum != zlib.crc32(tables) or shape != [BUCKETS, CATEGORY_BUCKETS, len(CATEGORIES)]:
        raise SettingsError(name, f"is damaged (checksum): {_RETRAIN}")
    return (scale, sense_scale, bias, slope, offset, threshold), tables


def _category_models(raw: bytes) -> tuple[tuple[tuple[str, float, float], ...], tuple[list[int], list[int]]]:
    """Name, scale and bias of each category; and each bucket's weights for all of them, of words and of bigrams."""
    models = tuple((category, *PAIR.unpack_from(raw, place * PAIR.size)) for place, category in enumerate(CATEGORIES))
    tables = raw[len(CATEGORIES) * PAIR.size :].translate(bytes((value + _RAISE) % 256 for value in range(256)))
    split = CATEGORY_BUCKETS * len(CATEGORIES)
    return models, (_packed(tables[:split]), _packed(tables[split:]))


def _packed(tables: bytes) -> list[int]:
    """A byte a category, bucket after bucket, as one number a bucket."""
    spread = bytearray(_LANE * len(tables))
    spread[::_LANE] = tables
    lanes, width = bytes(spread), _LANE * len(CATEGORIES)
    empty = bytes((_RAISE, 0, 0)) * len(CATEGORIES)
    nothing = int.from_bytes(empty, "little")  # most buckets: they share one number
    rows = (lanes[at : at + width] for at in range(0, len(lanes), width))
    return [nothing if row == empty else int.from_bytes(row, "little") for row in rows]


def _numbers(code: str, raw: bytes) -> "array[int]":
    """Little-endian signed integers."""
    numbers = array(code)
    numbers.frombytes(raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
