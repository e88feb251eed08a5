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
from collections.abc import Sequence
from copy import copy
from pathlib import Path

from ahocorasick_rs import AhoCorasick, Implementation
from msgspec import Struct

from contracts.errors import SettingsError
from detectors.apart import hides_words
from detectors.categories import CATEGORIES
from detectors.category_rank import CATEGORY_BUCKETS, MAX_CATEGORIES, PAIR, PAIR_BUCKETS, CategoryRank
from detectors.features import BUCKETS, MAX_CHARS, Features, calmed, features, first_clause
from detectors.lexicon import NO_RULES, Lexicon, Verdict
from detectors.passages import SENSE_BUCKETS, Weigher
from detectors.text import clean

__all__ = [
    "CUES_FILE",
    "HEADER",
    "MAGIC",
    "MODEL_FILE",
    "Judgement",
    "Relevance",
]

MODEL_FILE = "relevance.bin"
CUES_FILE = "cues.txt"
SHORT_CHARS = 100  # below it a text may be a headline and what follows it
HEADLINE_SHARE = 0.33  # of such a text's weight that its first clause has
LEAD_CHARS = 60  # of a longer text its lead is weighed by itself, and its most telling passage
PASSAGE_CHARS, PASSAGE_STEP = 40, 20  # docs/decisions/0036

MAGIC = b"TSRV\x04\x00\x00\x00"  # file kind and version
# magic, crc32 of the tables, which follow the header compressed by zlib, buckets, category buckets, categories,
# scales of weights and senses and bias of the child model, slope and offset of the calibration, threshold
HEADER = struct.Struct("<8sIIIIffffff")
_RETRAIN = "restore it from the release, or train it anew with tools/train_relevance.py"


class Judgement(Struct, frozen=True):
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

    __slots__ = ("_cue_list", "_cues", "_offset", "_rank", "_slope", "_weigher", "lexicon", "threshold")

    def __init__(
        self, model: bytes, cues: Sequence[str], *, lexicon: Lexicon = NO_RULES, name: str = MODEL_FILE
    ) -> None:
        """Take the model file's bytes and the cues.

        Raises:
            SettingsError: naming `name`, when the bytes are no whole model of this version.
        """
        header, tables = _checked(model, name)
        *scales, self._slope, self._offset, self.threshold = header
        senses_at, rest_at = 2 * BUCKETS, 2 * BUCKETS + SENSE_BUCKETS
        weights, senses = _numbers("h", tables[:senses_at]), _numbers("b", tables[senses_at:rest_at])
        self._weigher = Weigher(weights, senses, *scales)
        self._rank = CategoryRank(tables[rest_at:])
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

        A word whose characters are kept apart counts (`detectors.apart`). How many it turns away and misses:
        docs/decisions/0003. Cost: O(len(text)), 0.6 µs for 12 characters.
        """
        return self._scan(text) or (hides_words(text) and self._scan(_legible(text)))

    def _scan(self, text: str) -> bool:
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
        text, words = calmed(text, words)
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
        text, words = calmed(text, words)
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
        size, head = len(text), first_clause(text)
        is_long = size > LEAD_CHARS and has_lead
        steps = range(0, size, PASSAGE_STEP) if is_long else ()
        margin_of = self._weigher.margins(found, sorted({0, *steps, head, size}))
        margin = margin_of(0, size)
        if head < size < SHORT_CHARS:
            margin += HEADLINE_SHARE * (margin_of(0, head) - margin)
        if is_long:
            lead = margin_of(0, LEAD_CHARS)
            lead += HEADLINE_SHARE * (margin_of(0, min(head, LEAD_CHARS)) - lead)
            starts = range(0, size - PASSAGE_STEP, PASSAGE_STEP)
            passage = max([margin_of(start, min(start + PASSAGE_CHARS, size)) for start in starts])
            margin = (margin + lead + passage) / 3
        return _probability(self._slope * margin + self._offset)


def _legible(text: str) -> str:
    """All of a raw text in plain form."""
    cleaned = clean(text)
    return f"{cleaned.own} {cleaned.chain}"


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


def _numbers(code: str, raw: bytes) -> "array[int]":
    """Little-endian signed integers."""
    numbers = array(code)
    numbers.frombytes(raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
