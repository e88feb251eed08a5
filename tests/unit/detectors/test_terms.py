"""Which words of a post are counted."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import terms as module
from detectors.terms import MAX_TERMS, is_place, terms_of


def test_terms_are_distinct_and_in_the_order_first_seen() -> None:
    """A post counts once under a term, however often it says it."""
    assert terms_of(["校车", "超载", "校车", "孩子", "超载"], []) == ("校车", "超载", "孩子")


@pytest.mark.parametrize(
    "word", ["校车", "t恤", "hpv疫苗", "三聚氰胺", "六一", "kfc", "minecraft", "𠮷野家"], ids=ascii
)
def test_words_with_a_han_character_or_latin_words_count(word: str) -> None:
    """Words of two characters and more, in Chinese, Latin or mixed."""
    assert (word,) == terms_of([word], [])


@pytest.mark.parametrize(
    "word",
    [
        *("娃", "a", "", "!!", "……", "😂😂", "テスト", "校车。", "x" * 21, "校" * 21, "o_o"),
        *("今天", "转发", "哈哈", "有木有", "求扩散", "我们", "the"),
    ],
    ids=ascii,
)
def test_other_words_do_not(word: str) -> None:
    """Single characters, punctuation, other scripts, endless words and stop words are no terms."""
    assert terms_of([word], []) == ()


@pytest.mark.parametrize(
    "word",
    ["13800138000", "mp3", "3班", "３班", "②班", "٣校", "४校", "Ⅳ班", "½班", "二〇一三", "一三八零零一三八", "𝟙校"],
    ids=ascii,
)
def test_no_word_with_a_digit_of_any_script_counts(word: str) -> None:
    """Phone numbers and ids never become terms, however they are written."""
    assert terms_of([word], []) == ()


@given(st.lists(st.text(st.characters(categories=["L", "N"]), max_size=8), max_size=80))
def test_whatever_the_words_the_promises_hold(words: list[str]) -> None:
    """Distinct, bounded in number, without a digit, from the words alone."""
    terms = terms_of(words, [])

    assert len(set(terms)) == len(terms) <= MAX_TERMS
    assert set(terms) <= set(words)
    assert not any(character.isdigit() for term in terms for character in term)


@pytest.mark.parametrize("hashtag", ["寻亲", "2026高考", "开学第一课 直播", "a" * 30], ids=ascii)
def test_a_hashtag_is_one_term_between_its_marks(hashtag: str) -> None:
    """A topic is told from the same word in a sentence."""
    assert (f"#{hashtag}#",) == terms_of([], [hashtag])


@pytest.mark.parametrize(
    "hashtag", ["寻", "校" * 31, "电话13800138000", "138-0013-8000", "1 3 8 0 0", "①②③④⑤", "１２３４５"], ids=ascii
)
def test_a_hashtag_with_a_number_or_without_length_is_none(hashtag: str) -> None:
    """Five digits in a row, with separators or without, may be somebody's number."""
    assert terms_of([], [hashtag]) == ()


def test_a_long_text_does_not_push_its_hashtags_out() -> None:
    """Sixty terms a post; hashtags stand first."""
    words = [chr(0x4E00 + index) + "校" for index in range(200)]

    terms = terms_of(words, ["寻亲"])

    assert len(terms) == MAX_TERMS
    assert terms[0] == "#寻亲#"


def test_the_stop_words_are_distinct_words_of_the_cleaned_form() -> None:
    """An entry which no word of a post can equal would be dead weight."""
    lines = Path(module.__file__).with_name("data").joinpath("stopwords.txt").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]

    assert len(set(words)) == len(words)
    assert [word for word in words if len(word) < 2 or word != word.lower()] == []


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["在", "芦花", "小学", "门口"], "芦花小学"),
        (["芦花", "中心", "小学"], "芦花中心小学"),
        (["白桦", "第二", "人民", "医院"], "白桦第二人民医院"),
        (["云岭", "村"], "云岭村"),
        (["春晓", "路"], "春晓路"),
    ],
    ids=ascii,
)
def test_a_word_before_a_kind_of_place_counts_joined_with_it_as_well(words: list[str], place: str) -> None:
    """芦花 is an ordinary word; only the joined term tells that it names a school here."""
    terms = terms_of(words, [])

    assert place in terms
    assert is_place(place)
    assert set(terms) >= {word for word in words if len(word) > 1 and word not in {"门口", "第二"}}


@pytest.mark.parametrize(
    "words",
    [
        ["农村", "小学"],
        ["民办", "幼儿园"],
        ["希望", "小学"],
        ["芦花", "，", "小学"],
        ["芦花", " ", "小学"],
        ["的", "小学"],
        ["小学"],
        ["人民", "医院"],
        ["我们", "学校"],
        ["13", "小学"],
        ["good", "小学"],
    ],
    ids=ascii,
)
def test_a_sort_of_place_names_none(words: list[str]) -> None:
    """What stands apart, says which sort, or is no Han word is joined with nothing."""
    assert not any(is_place(term) for term in terms_of(words, []))


def test_a_place_is_no_longer_than_a_term() -> None:
    """Twenty characters, as any word."""
    assert terms_of(["芦" * 8, *["中心"] * 6, "小学"], []) == ("芦" * 8, "中心", "小学")
