"""Weighing passages by sums gives what weighing each by itself would."""

import math
import re
from array import array
from itertools import combinations
from random import Random

import pytest

from detectors.features import BUCKETS, MAX_CHARS, features, word_bucket
from detectors.passages import SENSE_BUCKETS, SENSE_POWER, Weigher

SCALE, SENSE_SCALE, BIAS = 0.25, 0.5, -1.5
TEXT = "某地7岁男童 上学路上走失，8个月大的妹妹在家。孩子未满18，家长很着急"
WORDS = re.findall("[0-9]+|[一-龥]{1,2}| |[，。]", TEXT)


def _table(kind: str, top: int, size: int) -> "array[int]":
    """Numbers as far from 0 as they can be, and a third of them 0."""
    chance = Random(top)
    values = array(kind, [chance.choice([-top, 0, top, chance.randint(-top, top)]) for _ in range(1021)])
    return (values * (size // len(values) + 1))[:size]


WEIGHTS, SENSES = _table("h", 32767, BUCKETS), _table("b", 127, SENSE_BUCKETS)


def _margin(text: str, words: list[str], start: int, end: int) -> float:
    """One passage by itself."""
    found = features(text, words)
    inside = [
        word_bucket(word)
        for word, place in zip(found.words, found.word_places, strict=True)
        if start <= place < end and word.strip()
    ]
    ages = [age for age, place in zip(found.ages, found.age_places, strict=True) if start <= place < end]
    buckets = [*found.bigrams[start:end], *found.trigrams[start:end], *inside, *ages]
    senses = [SENSES[bucket] for bucket in inside if SENSES[bucket]]
    sense = SENSE_SCALE * sum(senses) / len(senses) ** SENSE_POWER if senses else 0.0
    return SCALE * sum(WEIGHTS[bucket] for bucket in buckets) / math.sqrt(len(buckets)) + sense + BIAS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(TEXT, WORDS, id="a post"),
        pytest.param("孩", ["孩"], id="one character"),
        pytest.param(TEXT, [], id="no words"),
        pytest.param(
            "七岁" * (MAX_CHARS // 2), ["七", "岁"] * (MAX_CHARS // 2), id="as many words and ages as there can be"
        ),
    ],
)
def test_each_passage_weighs_what_it_would_by_itself(text: str, words: list[str]) -> None:
    """Sums of weights of any size and sign do not run into each other."""
    cuts = sorted({0, 1, len(text) // 3, 2 * len(text) // 3, len(text)})
    weigher = Weigher(WEIGHTS, SENSES, SCALE, SENSE_SCALE, BIAS)

    for _ in range(2):  # words met for the first time, and remembered ones
        margin_of = weigher.margins(features(text, words), cuts)
        for start, end in combinations(cuts, 2):
            assert margin_of(start, end) == _margin(text, words, start, end)
