"""Taking a text apart: quick ways that must give what the plain ones do."""

from random import Random
from zlib import crc32

import pytest

from detectors.features import BUCKETS, features, word_bucket

ALPHABET = "孩子上学校老师7岁月大未满，。 !aé\n\t\ud800\uffff"


def _drawn(chance: Random, alphabet: str) -> str:
    return "".join(chance.choice(alphabet) for _ in range(chance.randrange(1, 60)))


@pytest.mark.parametrize("beyond", ["", "😀𠀀"], ids=["basic plane", "with characters beyond it"])
def test_buckets_of_character_pairs_and_triples_are_checksums_of_their_utf_32(beyond: str) -> None:
    """The shipped weights stand where these checksums say, however they are worked out."""
    chance = Random(1)
    for text in [_drawn(chance, ALPHABET + beyond) for _ in range(200)]:
        raw = f"{text}\n\n".encode("utf-32-le", "surrogatepass")
        found = features(text, [])

        assert found.bigrams == [crc32(raw[4 * at : 4 * at + 8]) % BUCKETS for at in range(len(text))]
        assert found.trigrams == [crc32(raw[4 * at : 4 * at + 12]) % BUCKETS for at in range(len(text))]


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        pytest.param("孩子 上学", ["孩子", " ", "上学"], {"孩子": 0, "上学": 3}, id="the text, cut"),
        pytest.param("孩子 上学", ["孩子", "上学"], {"孩子": 0, "上学": 3}, id="words left out"),
        pytest.param("孩子上", ["孩子", "上学", "放学"], {"孩子": 0}, id="words beyond a text cut short"),
        pytest.param("   上学", ["孩子", "上学"], {"上学": 3}, id="a word struck out"),
        pytest.param("学学", ["学", "", "学"], {"学": 1}, id="an empty word between"),
    ],
)
def test_words_have_the_places_where_they_stand(text: str, words: list[str], places: dict[str, int]) -> None:
    """White space is no word, and what does not stand in the text is passed over."""
    found = features(text, words)

    assert {word: place for word, place in zip(found.words, found.word_places, strict=True) if word.strip()} == places
    assert found.categorical == [word_bucket(word) for word in found.words if word.strip()]
