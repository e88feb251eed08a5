"""What an appeal is weighed by, and that it is weighed as it was learned."""

import pytest

from detectors.appeals import WEIGHTS_FILE, features_of, margin_of
from detectors.features import MAX_CHARS

MAX_BYTES = 100_000


def _weights() -> tuple[float, float, dict[str, int]]:
    head, *lines = WEIGHTS_FILE.read_text(encoding="utf-8").splitlines()
    scale, bias = map(float, head.split())
    rows = [line.split("\t") for line in lines]
    return scale, bias, {name: int(weight) for weight, *names in rows for name in names}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("求转，三岁男孩在车站走失，这是照片", ["name", "address"], id="appeal"),
        pytest.param("今天女儿第一次自己走路上学", [], id="everyday"),
        pytest.param("转", ["phone"], id="one character"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_a_text_is_weighed_by_the_features_that_the_weights_were_learned_from(text: str, found: list[str]) -> None:
    """One pass of the automaton gives what the sum over the features gives."""
    scale, bias, weights = _weights()
    features = features_of(text, found)

    expected = bias + scale * sum(share * weights.get(name, 0) for name, share in features.items())

    assert margin_of(text, found) == pytest.approx(expected)


def test_a_number_counts_as_a_number_whichever_it_is() -> None:
    """A telephone number that stood in a training text is no sign."""
    assert features_of("电话139", []) == features_of("电话246", [])


def test_the_end_of_an_article_is_not_read() -> None:
    """The cost of a post is bounded."""
    article = "孩子" * MAX_CHARS

    assert margin_of(article, []) == margin_of(article + "求扩散，这是照片", [])


def test_weights_are_small_whole_numbers_in_a_small_file() -> None:
    """They fit a byte each, so that the file stays one that a person can read."""
    _, _, weights = _weights()

    assert max(map(abs, weights.values())) == 127
    assert WEIGHTS_FILE.stat().st_size < MAX_BYTES
