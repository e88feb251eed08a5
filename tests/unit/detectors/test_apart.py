"""Characters that are kept apart, so that no filter finds the word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.apart import closed, hides_words

PIECES = st.sampled_from([*"孩子老师食物ab7", *" .·/-_～😀☆，\n", "老师", "\u200b"])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("幼 儿 园 老 师 扎人", "幼儿园老师扎人", id="spaces"),
        pytest.param("小学食·物·中·毒", "小学食物中毒", id="dots"),
        pytest.param("虐/童/案", "虐童案", id="three-by-a-stroke"),
        pytest.param("食😀物😀中😀毒", "食物中毒", id="emoji"),
        pytest.param("虐*童_事-件", "虐童事件", id="each-by-another"),
        pytest.param("孩- 子- 走- 失", "孩子走失", id="two-signs"),
    ],
)
def test_what_stands_apart_reads_as_one(written: str, read: str) -> None:
    """Whatever keeps them apart, three gaps between single characters are no accident."""
    assert closed(written) == read
    assert hides_words(written)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("男/女 老师/家长", id="pairs"),
        pytest.param("老师 家长 学生 校长", id="words"),
        pytest.param("吃、喝、玩、乐", id="an-enumeration"),
        pytest.param("3.1.5 / 2 - 4 a b c d", id="numbers-and-letters"),
        pytest.param("语 数 英", id="three-by-spaces"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    """Lists of words, numbers and letters are no disguise."""
    assert closed(text) == text


@given(st.lists(PIECES).map("".join))
def test_closing_twice_changes_nothing_more(text: str) -> None:
    """All is closed at once, in whatever order the signs stand, and only where the scan is asked to look again."""
    once = closed(text)

    assert closed(once) == once
    assert once == text or hides_words(text)


def test_an_unseen_character_within_a_word_is_suspect() -> None:
    """It hides a word from whatever compares characters; within an emoji it hides nothing."""
    assert hides_words("幼\u200b儿园")
    assert not hides_words("❤\ufe0f真好 👨\u200d👩\u200d👧")
