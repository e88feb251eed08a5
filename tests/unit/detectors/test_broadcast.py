"""What may be shown: reviewed words, and ordinary words of many; never a name."""

import pytest
import rjieba

from detectors.broadcast import Broadcast, headline, reviewed_words
from detectors.categories import CATEGORIES

BROADCAST = Broadcast({"校园欺凌", "随手拍"}, rjieba.tag)


@pytest.mark.parametrize("term", ["校园欺凌", "随手拍"], ids=["reviewed", "reviewed-too"])
def test_a_reviewed_term_is_shown_from_the_first_author(term: str) -> None:
    """People have released it."""
    assert BROADCAST.may_show(term, 1)


def test_an_ordinary_word_needs_twenty_authors() -> None:
    """Below twenty a word may still point at one child's surroundings."""
    assert not BROADCAST.may_show("食堂", 19)
    assert BROADCAST.may_show("食堂", 20)


PRIVATE = {
    "name": "张小明",
    "nickname": "王某某",
    "pet-name": "思思",
    "place": "青河县",
    "school": "白桦中学",
    "village": "云岭村",
    "digits": "三年2班",
    "latin": "QQ",
    "conversation": "@weibo:1",
    "hashtag-with-name": "#寻找苗禾禾#",
    "empty": "",
}


@pytest.mark.parametrize("term", PRIVATE.values(), ids=PRIVATE.keys())
def test_what_may_point_at_a_child_is_never_shown(term: str) -> None:
    """However many use it: a child's name may itself be the trending word."""
    assert not BROADCAST.may_show(term, 100_000)


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_title_has_six_to_thirty_characters(category: str) -> None:
    """Whatever the terms, the headline keeps its length."""
    for terms in ([], ["疫苗"], ["疫苗"] * 9, [f"词语{n}很长很长很长" for n in "甲乙丙丁戊"], ["长" * 40]):
        assert 6 <= len(headline(category, terms, since="23:59")) <= 30


def test_a_title_does_not_say_a_word_twice() -> None:
    """A word that stands in a longer one before it is left out."""
    assert headline("bullying", ["中学生视频", "视频", "食堂"], since="08:00") == "校园欺凌：中学生视频、食堂"


def test_the_name_of_a_school_is_not_shown_by_its_first_word() -> None:
    """芦花 (reed flower) is a dictionary word; where posts speak of 芦花小学, it is that school."""
    assert BROADCAST.may_show("芦花", 100)
    assert BROADCAST.part_of_a_name("芦花", ["芦花小学"])
    assert not BROADCAST.part_of_a_name("食堂", ["芦花小学"])
    assert not BROADCAST.part_of_a_name("校园欺凌", ["校园欺凌小学"])


def test_reviewed_words_are_single_chinese_words() -> None:
    """Two to eight characters, no digit, no letter, each once: nothing that quotes anybody."""
    words = reviewed_words()

    assert [word for word in words if not (2 <= len(word) <= 8 and all("一" <= sign <= "鿿" for sign in word))] == []
    assert len(set(words)) == len(words) > 2000
