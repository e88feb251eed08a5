"""Weigh whether characters that begin with a family name are a private person's name, by a learned model.

Reads `Sentence`, gives a margin. No clock, no state; its weights are read once, when imported. What it knows are the
characters, how the segmenter cut them, and the words around: learned from public posts in which every name was
replaced by an invented one (tools/train_names.py), so that it holds nobody's. Rivals and numbers: docs/decisions/0021.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from detectors import name_cues as cues
from detectors.name_hints import FAMILY, JOINED, NO_NAME
from detectors.name_lists import COMPOUND, GIVEN, NO_GIVEN, PLACES, PUBLIC, SURNAMES
from detectors.words import Sentence, is_han

__all__ = ["WEIGHTS_FILE", "Candidate", "candidates_of", "features_of", "is_unlikely", "likely_names", "margin_of"]

WEIGHTS_FILE = Path(__file__).parent / "data" / "name_weights.txt"
THRESHOLD = -0.4  # margin from which it is taken for a name, docs/decisions/0021
CHILD_THRESHOLD = -1.3  # the same, in a text in which children or families stand
TOLD_THRESHOLD = -1.8  # the same there, behind a word for a person or an age
STAGE_THRESHOLD = 0.5  # the same, in a text about the stage, sport or government
_UNLIKELY = -2.1  # margin up to which a rule that found it was wrong
_MOST_BY_CONTEXT = 3.0  # what the words around add at most, nearly always: without a chance they are not looked at
_SHORT_NAME, _FULL_NAME = 2, 3  # characters
_OF_MANY = 3  # from so many times on it does not matter how often
_NEAR = 200  # characters around, in which it may stand again


class Candidate(NamedTuple):
    """What may be a name: characters `[start, end)` of the text, which begin at word `first` and end in word `last`."""

    first: int
    last: int
    start: int
    end: int
    family: int  # characters of the family name


def likely_names(sentence: Sentence, found: Collection[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans that are likely names, none of which touches one of those found or another.

    Cost: some 2 microseconds a candidate, of which a post has two or three.
    """
    text = sentence.text
    is_taken = bytearray()
    likely = []
    for candidate in candidates_of(sentence):
        is_taken = is_taken or _marked(len(text), found)
        if 1 in is_taken[candidate.start : candidate.end]:
            continue
        margin = margin_of(sentence, candidate)
        if margin > TOLD_THRESHOLD and margin > _bar_of(text, candidate.start) and _is_nobody_known(text, candidate):
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


def _bar_of(text: str, start: int) -> float:
    """The margin from which what begins here is taken for a name."""
    if not cues.is_of_children(text):
        return STAGE_THRESHOLD if cues.is_on_stage(text) else THRESHOLD
    is_told = cues.is_role_before(text, start) or cues.follows_age(text, start)
    return TOLD_THRESHOLD if is_told else CHILD_THRESHOLD


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


def candidates_of(sentence: Sentence) -> Iterator[Candidate]:
    """Two or three characters (one more behind a compound family name) that begin where a word does."""
    for place, hint in sentence.hinted:
        if hint & FAMILY:
            yield from _beginning_at(sentence, place)
        elif hint & JOINED and place + 1 < len(sentence.words) and len(sentence.words[place + 1]) == 1:
            yield from (one for one in _beginning_at(sentence, place) if one.end == sentence.starts[place + 2])


def _beginning_at(sentence: Sentence, place: int) -> Iterator[Candidate]:
    text, words, starts = sentence.text, sentence.words, sentence.starts
    start = starts[place]
    family = 2 if text[start : start + 2] in COMPOUND else 1
    if family == 1 and text[start] not in SURNAMES:
        return
    last = place
    for end in range(start + family + 1, min(start + family + 2, len(text)) + 1):
        given = text[start + family : end]
        if not is_han(given) or not NO_GIVEN.isdisjoint(given):
            return
        while starts[last + 1] < end:
            last += 1
        if starts[last + 1] == end or sentence.tag_of(words[last]).startswith("?"):
            yield Candidate(place, last, start, end, family)


def margin_of(sentence: Sentence, candidate: Candidate) -> float:
    """How surely it is a private person's name: above 0 it is taken to be one."""
    margin = _BIAS + _SCALE * sum(_WEIGHTS.get(feature, 0) for feature in _shape(sentence, candidate))
    if margin < -_MOST_BY_CONTEXT:
        return margin
    return margin + _SCALE * sum(_WEIGHTS.get(feature, 0) for feature in _context(sentence, candidate))


def features_of(sentence: Sentence, candidate: Candidate) -> list[str]:
    """What the weights are learned from: the characters, the cut, the words around, and what those tell."""
    return [*_shape(sentence, candidate), *_context(sentence, candidate)]


def _shape(sentence: Sentence, candidate: Candidate) -> list[str]:
    first, last, start, end, family = candidate
    text, words, starts = sentence.text, sentence.words, sentence.starts
    name, given = text[start : start + family], text[start + family : end]
    cut = "|".join(
        f"{min(starts[place + 1], end) - max(starts[place], start)}{'+' if starts[place + 1] > end else ''}"
        f"{_kind(sentence, place)}"
        for place in range(first, last + 1)
    )
    features = [f"s={name}", f"cut={cut}", f"given{len(given)}{sum(map(GIVEN.__contains__, given))}"]
    if len(given) > 1:
        features += (f"a={given[0]}", f"b={given[1]}")
        if given[0] == given[1]:
            features.append("doubled")
    else:
        features.append(f"c={given}")
    if len(words[first]) == 1:
        features.append(f"s1={name}")
    if any(text[start : start + size] in PUBLIC for size in (_SHORT_NAME, _FULL_NAME)):
        features.append("public")
    return features


def _context(sentence: Sentence, candidate: Candidate) -> Iterator[str]:
    first, last, start, end, _ = candidate
    text, words, starts = sentence.text, sentence.words, sentence.starts
    yield from _beside(sentence, first - 1, "l")
    yield from _beside(sentence, first - 2, "ll")
    if starts[last + 1] == end:
        yield from _beside(sentence, last + 1, "r")
        yield from _beside(sentence, last + 2, "rr")
    else:
        yield f"rc={text[end]}"
    if first and len(words[first - 1]) > _SHORT_NAME:
        yield f"ls={words[first - 1][-2:]}"
    times = text.count(text[start:end], max(start - _NEAR, 0), end + _NEAR)
    if times > 1:
        yield f"times{min(times, _OF_MANY)}"
    yield from cues.seen_beside(text, start, end)


def _beside(sentence: Sentence, place: int, side: str) -> Iterator[str]:
    """The word beside and its kind; of a name or a word that the dictionary lacks the kind alone."""
    if not 0 <= place < len(sentence.words):
        yield f"{side}=^"
        return
    word, kind = sentence.words[place], _kind(sentence, place)
    if not (kind.startswith(("?", "nr")) and is_han(word)):
        yield f"{side}={word}"
    if len(side) == 1:
        yield f"{side}t={kind}"


def _kind(sentence: Sentence, place: int) -> str:
    tag = sentence.tag_of(sentence.words[place])
    return tag[:3] if tag.startswith(("?", "nr")) else tag[:2]


def _is_nobody_known(text: str, candidate: Candidate) -> bool:
    """Whether it is no place, thing or person of public life, and no form of address."""
    start, end = candidate.start, candidate.end
    name = text[start:end]
    if NO_NAME.search(name) or name in PLACES or cues.names_thing(text, end) or cues.is_title(text, start, end):
        return False
    return not any(text[start : start + size] in PUBLIC for size in (_SHORT_NAME, _FULL_NAME))


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
