"""The memory of what was said of a word stays small."""

from detectors.remembered import LONGEST, Remembered


def test_each_word_is_asked_for_once() -> None:
    """That is what the memory is for."""
    asked: list[str] = []

    def size_of(word: str) -> int:
        asked.append(word)
        return len(word)

    sizes = Remembered(size_of, most=10)

    assert [sizes["小学"], sizes["小学"], sizes["幼儿园"]] == [2, 2, 3]
    assert asked == ["小学", "幼儿园"]


def test_neither_many_words_nor_long_ones_fill_it() -> None:
    """A flood of rubbish takes no memory, and every answer stays right."""
    sizes = Remembered(len, most=10)

    for size in range(2 * LONGEST):
        assert sizes["字" * size] == size
        assert len(sizes) <= 10
        assert not sizes or max(map(len, sizes)) <= LONGEST
