"""Both engines cut alike: what was learned or reviewed with one holds with the other."""

from pathlib import Path

import pytest

from detectors.text import clean
from streams import segment
from streams.segment import JiebaSegmenter, RjiebaSegmenter, Segmenter, read_user_dictionary

LEAST_AGREEMENT = 0.97  # they differ on Latin words joined by "_", "-" or "."
CARRIERS = ["{}", "关于{}的消息", "今天又看到{}了", "请大家关注{},转给家长", "孩子{}怎么办", "我们学校{}", "反对{}!"]
WORDS = read_user_dictionary(Path(segment.__file__).with_name("data") / "words.txt")


@pytest.fixture(scope="module")
def rjieba() -> Segmenter:
    return RjiebaSegmenter(WORDS)


@pytest.fixture(scope="module")
def jieba() -> Segmenter:
    return JiebaSegmenter(WORDS)


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    lines = (Path(__file__).parent / "data" / "corpus.txt").read_text(encoding="utf-8").splitlines()
    return [clean(line).own for line in lines if not line.startswith("# ")]


def test_the_corpus_is_large_enough_to_tell(sentences: list[str]) -> None:
    """At least 200 distinct sentences, each with something to cut."""
    assert len(set(sentences)) == len(sentences) >= 200
    assert all(len(sentence) > 3 for sentence in sentences)


def test_the_engines_cut_nearly_all_sentences_alike(sentences: list[str], rjieba: Segmenter, jieba: Segmenter) -> None:
    """Either engine may run a deployment; the terms counted stay the same."""
    alike = sum(rjieba.cut(sentence) == jieba.cut(sentence) for sentence in sentences)

    assert alike / len(sentences) >= LEAST_AGREEMENT


def test_they_differ_only_about_latin_words(sentences: list[str], rjieba: Segmenter, jieba: Segmenter) -> None:
    """Where they do not agree, they agree on every word with a Han character."""
    for sentence in sentences:
        reference = [word for word in jieba.cut(sentence) if not word.isascii()]
        assert reference == [word for word in rjieba.cut(sentence) if not word.isascii()]


@pytest.mark.parametrize("engine", ["rjieba", "jieba"])
def test_every_domain_word_survives_whole(engine: str, request: pytest.FixtureRequest) -> None:
    """Alone and within a sentence, each bundled word is one word."""
    segmenter: Segmenter = request.getfixturevalue(engine)

    split = [(w, c) for w in WORDS for c in CARRIERS if w not in segmenter.cut(c.format(w))]

    assert split == []


def test_both_engines_are_given_the_same_frequencies() -> None:
    """The same words weigh the same in both, also words the dictionary has and pairs of its commonest."""
    words = [*WORDS, "儿童", "学校", "的了", "孩子们"]

    compiled, reference = RjiebaSegmenter(words)._engine, JiebaSegmenter(words)._engine

    # suggest_freq of a word that is there gives its frequency, or one more where it rounds
    assert [w for w in words if compiled.suggest_freq(w) - reference.FREQ[w] not in {0, 1}] == []


def test_the_bundled_words_are_in_the_form_of_cleaned_text() -> None:
    """A word in another form would never be met."""
    assert 300 <= len(WORDS) <= 600
    assert [word for word in WORDS if clean(word).own != word] == []
