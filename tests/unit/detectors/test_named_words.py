"""Ordinary words that stand where a name does are known by what stands beside them."""

import pytest
import rjieba

from detectors.named_words import beside_child_in, called_in, named_in, of_child_in

NAMED = {
    "an age behind": ("走失女孩半夏，7岁", "半夏"),
    "called so": ("孩子小名叫荔枝，三岁", "荔枝"),
    "sought": ("女孩走失，寻找初夏", "初夏"),
    "missing": ("芒果走失已经三天，孩子的家人很着急", "芒果"),
    "ill": ("芒果确诊白血病，孩子才三岁", "芒果"),
    "harmed": ("心疼，木棉遇害了，才上小学", "木棉"),
    "done to": ("豌豆被继父打了，孩子才五岁", "豌豆"),
    "by the mother": ("幼儿园门口，荔枝妈妈哭了", "荔枝"),
    "prayed for": ("为荔枝祈祷，孩子要活下来", "荔枝"),
    "felt for": ("心疼芒果，孩子被继父打成这样", "芒果"),
    "pitied": ("可怜的芒果，才五岁的孩子", "芒果"),
    "an age this year": ("荔枝今年7岁，孩子患病", "荔枝"),
    "a class-mate": ("还没找到木棉小朋友", "木棉"),
    "a school's canteen": ("航天食堂吃坏肚子，几十个小学生住院", "航天"),
    "where a child goes to school": ("孩子在石油上学，老师打人", "石油"),
}
PLAIN = {
    "a wish": "孩子的梦想是上学",
    "what is bought": "女儿想吃芒果",
    "felt for, as a child": "心疼孩子，可怜的妈妈，为他们祈祷",
    "a profession": "音乐老师教孩子唱歌",
    "nothing": "",
}


@pytest.mark.parametrize(("text", "word"), NAMED.values(), ids=NAMED)
def test_a_word_that_stands_as_a_name_is_known(text: str, word: str) -> None:
    """In this topic it may name a child or a school, and is not shown."""
    assert named_in(rjieba.cut(text)) == {word}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_a_word_used_as_a_word_is_none(text: str) -> None:
    """Titles need them."""
    assert named_in(rjieba.cut(text)) == frozenset()


@pytest.mark.parametrize(("text", "word"), NAMED.values(), ids=NAMED)
def test_few_places_are_a_names_alone(text: str, word: str) -> None:
    """Of a word that people have reviewed only these are believed in one text: most others stand elsewhere, too."""
    is_certain = text.startswith(("走失女孩半夏", "孩子小名叫", "女孩走失，寻找", "荔枝今年"))

    assert called_in(rjieba.cut(text)) == ({word} if is_certain else frozenset())


def test_a_word_alone_behind_a_child_may_be_a_name() -> None:
    """And much else: that is for those who know how many write it so."""
    assert beside_child_in(rjieba.cut("救救孩子帆船，白血病，学生受伤！")) == {"帆船", "受伤"}
    assert beside_child_in(rjieba.cut("孩子的帆船，学生受伤了，孩子妈妈哭了")) == frozenset()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("女童雨伞走失", {"雨伞"}),
        ("学生课桌坠亡家长质疑", {"课桌"}),
        ("全网寻找女孩课桌", {"课桌"}),
        ("钥匙小朋友遇害", {"钥匙"}),
        ("为雨伞祈祷孩子快回来", {"雨伞"}),
        ("女婴水壶被弃医院门口", {"水壶"}),
        ("为高考加油", set[str]()),
        ("女孩的雨伞找到了，学生近照", set[str]()),
    ],
)
def test_what_befalls_a_child_ties_a_word_to_it(text: str, words: set[str]) -> None:
    """Of a thing that is enough in a headline: things hardly stand there."""
    assert of_child_in(rjieba.cut(text)) == words
