"""Weigh whether characters that begin with a family name are a private person's name, by a learned model.

Reads `Sentence`, gives a margin. No clock, no state; its weights are read once, when imported. What it knows are the
characters, how the segmenter cut them, and the words around: learned from public posts in which every name was
replaced by an invented one (tools/train_names.py), so that it holds nobody's. Rivals and numbers: docs/decisions/0021.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

from msgspec import Struct

from detectors import name_cues as cues
from detectors.name_hints import FAMILY, JOINED, NO_NAME
from detectors.name_lists import COMPOUND, GIVEN, NO_GIVEN, PLACES, PUBLIC, SURNAMES
from detectors.words import Sentence, is_han

__all__ = [
    "MOST_TRIES",
    "WEIGHTS_FILE",
    "Candidate",
    "candidates_of",
    "features_of",
    "is_unlikely",
    "likely_names",
    "margin_of",
]

WEIGHTS_FILE = Path(__file__).parent / "data" / "name_weights.txt"
THRESHOLD = -0.4  # margin from which it is taken for a name, docs/decisions/0021
CHILD_THRESHOLD = -1.3  # the same, in a text in which children or families stand
TOLD_THRESHOLD = -1.8  # the same there, behind a word for a person or an age
STAGE_THRESHOLD = 0.5  # the same, in a text about the stage, sport or government
BOTH_THRESHOLD = -0.1  # the same, where such a text is about children or families as well
BOTH_TOLD_THRESHOLD = -1.0  # the same there, behind a word for a person or an age
_UNLIKELY = -2.4  # margin up to which a rule that found it was wrong
_MOST_BY_CONTEXT = 2.4  # what the words around add at most, nearly always: with less chance they are not looked at
_LEAST_BY_SHAPE = -3.5  # margin by characters and cut alone, below which nothing around makes it a name
_SHORT_NAME, _FULL_NAME = 2, 3  # characters
_OF_MANY = 3  # from so many times on it does not matter how often
_REMEMBERED = 1 << 15  # beginnings of names, by the words they are cut into
MOST_TRIES = 30  # places of one text in which the same name is weighed: one may stand there ten thousand times
_NEAR = 200  # characters around, in which it may stand again


class Candidate(Struct, frozen=True):
    """What may be a name: characters `[start, end)` of the text, which begin at word `first` and end in word `last`."""

    first: int
    last: int
    start: int
    end: int
    family: int  # characters of the family name
    margin: float  # by its characters and how it was cut, alone


def likely_names(sentence: Sentence, found: Collection[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans that are likely names, none of which touches one of those found or another.

    Cost: some 2 microseconds a candidate, of which a post has two or three.
    """
    text = sentence.text
    is_taken = bytearray()
    likely = []
    tried: dict[str, int] = {}
    usual, told = _bars_of(sentence.whole)
    for candidate in candidates_of(sentence, least=max(told - _MOST_BY_CONTEXT, _LEAST_BY_SHAPE)):
        is_taken = is_taken or _marked(len(text), found)
        name = text[candidate.start : candidate.end]
        if 1 in is_taken[candidate.start : candidate.end] or tried.get(name) == MOST_TRIES:
            continue
        bar = told if told == usual or _is_told(text, candidate.start) else usual
        if candidate.margin < bar - _MOST_BY_CONTEXT:
            continue
        tried[name] = tried.get(name, 0) + 1
        margin = margin_of(sentence, candidate)
        if margin > bar and _is_nobody_known(text, candidate):
            likely.append((-margin, candidate.start, candidate.end))
    for _, start, end in sorted(likely):
        if 1 not in is_taken[start:end]:
            is_taken[start:end] = b"\1" * (end - start)
            yield start, end


def _marked(size: int, spans: Collection[tuple[int, int]]) -> bytearray:
    """A byte a character, 1 within one of the spans."""
    marked = bytearray(size)
    for start, end in spans:
        marked[start:end] = b"\1" * (end - start)
    return marked


def _bars_of(text: str) -> tuple[float, float]:
    """The margins from which what may be a name in it is taken for one: usually, and behind who is meant."""
    is_on_stage = cues.is_on_stage(text)
    if not cues.has_children(text):
        bar = STAGE_THRESHOLD if is_on_stage else THRESHOLD
        return bar, bar
    return (BOTH_THRESHOLD, BOTH_TOLD_THRESHOLD) if is_on_stage else (CHILD_THRESHOLD, TOLD_THRESHOLD)


def _is_told(text: str, start: int) -> bool:
    """Whether a word for a person or an age stands before."""
    return cues.is_role_before(text, start) or cues.follows_age(text, start)


def is_unlikely(sentence: Sentence, start: int, end: int, *, is_cued: bool) -> bool:
    """Whether what a rule took for a name is most probably none: a country, a brand, somebody of public life.

    Where a word beside it says that somebody private stands there (`is_cued`) only a word of the dictionary is doubted
    (五六岁的孙子), and none that is the name of somebody of public life, which others have as well.
    """
    text = sentence.text
    place = bisect_left(sentence.starts, start)
    if sentence.starts[place] != start or end - start > _FULL_NAME:
        return False
    if is_cued and (sentence.tag_of(sentence.words[place]).startswith("?") or text[start:end] in PUBLIC):
        return False
    candidates = (one for one in _beginning_at(sentence, place) if one.end == end)
    return any(margin_of(sentence, candidate) < _UNLIKELY for candidate in candidates)


def candidates_of(sentence: Sentence, least: float = -math.inf) -> Iterator[Candidate]:
    """Two or three characters (one more behind a compound family name) that begin where a word does.

    What has a margin below `least` by its characters and the cut alone is left out.
    """
    words = sentence.words
    for place, hint in sentence.hinted:
        if hint & FAMILY or (hint & JOINED and place + 1 < len(words) and len(words[place + 1]) == 1):
            yield from _beginning_at(sentence, place, is_joined=not hint & FAMILY, least=least)


def _beginning_at(
    sentence: Sentence, place: int, *, is_joined: bool = False, least: float = -math.inf
) -> Iterator[Candidate]:
    words, start = sentence.words, sentence.starts[place]
    for count, size, family, margin in _shapes(sentence.tag_of, is_joined, *words[place : place + _FULL_NAME]):
        if margin >= least:
            yield Candidate(place, place + count - 1, start, start + size, family, margin)


@lru_cache(maxsize=_REMEMBERED)
def _shapes(tag_of: Callable[[str], str], is_joined: bool, *words: str) -> tuple[tuple[int, int, int, float], ...]:  # noqa: FBT001 - a key
    """What may be a name at the beginning of the words: (words, characters, those of the family name, margin).

    A word that the dictionary has (`is_joined`) is looked at only with the single character behind it.
    """
    text = "".join(words)
    family = 2 if text[:2] in COMPOUND else 1
    if family == 1 and text[0] not in SURNAMES:
        return ()
    found = []
    for size in (family + 1, family + 2):
        given = text[family:size]
        if len(text) < size or not is_han(given) or not NO_GIVEN.isdisjoint(given):
            break
        sizes = list(accumulate(map(len, words)))
        count = next(place for place, reached in enumerate(sizes, start=1) if reached >= size)
        may_end = sizes[count - 1] == size or tag_of(words[count - 1]).startswith("?")
        if may_end and (not is_joined or (size == _FULL_NAME == sizes[1])):
            features = _shape(tag_of, words[:count], size, family)
            found.append((count, size, family, _BIAS + _SCALE * sum(_WEIGHTS.get(feature, 0) for feature in features)))
    return tuple(found)


def margin_of(sentence: Sentence, candidate: Candidate) -> float:
    """How surely it is a private person's name: above 0 it is taken to be one."""
    if candidate.margin < _LEAST_BY_SHAPE:
        return candidate.margin
    weights = _WEIGHTS
    return candidate.margin + _SCALE * sum([weights[sign] for sign in _context(sentence, candidate) if sign in weights])


def features_of(sentence: Sentence, candidate: Candidate) -> list[str]:
    """What the weights are learned from: the characters, the cut, the words around, and what those tell."""
    words = sentence.words[candidate.first : candidate.last + 1]
    shape = _shape(sentence.tag_of, words, candidate.end - candidate.start, candidate.family)
    return [*shape, *_context(sentence, candidate)]


def _shape(tag_of: Callable[[str], str], words: Sequence[str], size: int, family: int) -> list[str]:
    """Of the first `size` characters of the words, the last of which may reach further."""
    text = "".join(words)
    name, given = text[:family], text[family:size]
    cut = [f"{len(word)}{_kind(tag_of(word))}" for word in words]
    if len(text) > size:
        cut[-1] = f"{len(words[-1]) - (len(text) - size)}+{_kind(tag_of(words[-1]))}"
    features = [f"s={name}", f"cut={'|'.join(cut)}", f"given{len(given)}{sum(map(GIVEN.__contains__, given))}"]
    if len(given) > 1:
        features += (f"a={given[0]}", f"b={given[1]}", f"given={_kind(tag_of(given))}")
        if given[0] == given[1]:
            features.append("doubled")
    else:
        features.append(f"c={given}")
    if len(words[0]) == 1:
        features.append(f"s1={name}")
    is_longer = size > _SHORT_NAME and text[_SHORT_NAME] in GIVEN  # 余华英 is not 余华
    if text[:_FULL_NAME] in PUBLIC or (text[:_SHORT_NAME] in PUBLIC and not is_longer):
        features.append("public")
    return features


def _context(sentence: Sentence, candidate: Candidate) -> list[str]:
    first, last, start, end = candidate.first, candidate.last, candidate.start, candidate.end
    text, words, starts = sentence.text, sentence.words, sentence.starts
    features = [f"lc={text[start - 1]}" if start else "lc=^", f"rc={text[end]}" if end < len(text) else "rc=^"]
    features += _beside(sentence, first - 1, "l")
    features += _beside(sentence, first - 2, "ll")
    if starts[last + 1] == end:
        features += _beside(sentence, last + 1, "r")
        features += _beside(sentence, last + 2, "rr")
    else:
        features.append("within")
    if first and len(words[first - 1]) > _SHORT_NAME:
        features.append(f"ls={words[first - 1][-2:]}")
    name, at = text[start:end], sentence.offset + start
    times = sentence.whole.count(name, max(at - _NEAR, 0), at + len(name) + _NEAR)
    if times > 1:
        features.append(f"times{min(times, _OF_MANY)}")
    features += cues.seen_beside(sentence, start, end)
    return features


def _beside(sentence: Sentence, place: int, side: str) -> tuple[str, ...]:
    """The word beside and its kind; of a name or a word that the dictionary lacks the kind alone."""
    if not 0 <= place < len(sentence.words):
        return (f"{side}=^",)
    word = sentence.words[place]
    kind = _kind(sentence.tag_of(word))
    is_open = kind.startswith(("?", "nr")) and is_han(word)
    if len(side) > 1:
        return () if is_open else (f"{side}={word}",)
    return (f"{side}t={kind}",) if is_open else (f"{side}={word}", f"{side}t={kind}")


@cache
def _kind(tag: str) -> str:
    """The part of a tag that tells something."""
    return tag[:3] if tag.startswith(("?", "nr")) else tag[:2]


def _is_nobody_known(text: str, candidate: Candidate) -> bool:
    """Whether it is no place, thing or person of public life, and no form of address."""
    start, end = candidate.start, candidate.end
    name = text[start:end]
    if NO_NAME.search(name) or name in PLACES or cues.names_thing(text, end) or cues.is_title(text, start, end):
        return False
    is_doubled = start > 0 and text[start - 1] == text[start] and name[-1] == name[-2]  # 幸幸福福
    return not is_doubled and not cues.is_public_name(text, start, end)


def _read(path: Path) -> tuple[float, float, dict[str, int]]:
    """Scale, bias and weights of the lines "scale bias", then "weight feature feature ...", tabs between."""
    head, *lines = path.read_text(encoding="utf-8").split("\n")
    scale, bias = map(float, head.split())
    weights: dict[str, int] = {}
    for line in filter(None, lines):
        weight, *features = line.split("\t")
        weights.update(dict.fromkeys(features, int(weight)))
    return scale, bias, weights


_SCALE, _BIAS, _WEIGHTS = _read(WEIGHTS_FILE)
