"""What may be shown: reviewed words, and ordinary words of many; never a name."""

import re
from pathlib import Path

import pytest
import rjieba

import detectors.broadcast as broadcast_module
from detectors.broadcast import Broadcast, reviewed_words
from streams.segment import load_segmenter

BROADCAST = Broadcast({"校园欺凌", "随手拍"}, rjieba.tag, str)


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
    "a word that is a name": "文静",
    "a word that is a name in a hashtag": "#文静回家#",
    "a foreign name that the dictionary calls a noun": "#露西回家#",
    "family name and word side by side": "#寻找高明亮#",
    "the same without marks": "高明亮",
    "pet name with 小": "小涵",
    "pet name of the village": "#狗蛋走失#",
    "school for short": "#实验附小食堂#",
    "school by its number": "#城关二小食物中毒#",
    "school of the county": "#县一中跳楼#",
    "school abbreviated": "北附小",
    "brigade": "#团结大队#",
    "hamlet": "#杏花岭#",
    "house": "#三号楼女孩#",
    "digits in numerals": "#电话幺三八零零#",
    "initials": "wxm",
    "id with letters": "#加微abc123#",
    "what schools are called": "育才",
    "what kindergartens are called": "花朵",
    "what children are called": "梦想",
}


@pytest.mark.parametrize("term", PRIVATE.values(), ids=PRIVATE.keys())
def test_what_may_point_at_a_child_is_never_shown(term: str) -> None:
    """However many use it: a child's name may itself be the trending word."""
    assert not BROADCAST.may_show(term, 100_000)


def test_a_hashtag_of_reviewed_words_is_shown_from_the_first_author() -> None:
    """Words of one character may join them; a word that nobody has reviewed may not stand among them."""
    broadcast = Broadcast(
        {"随手拍", "解救", "儿童", "小学", "食堂"}, lambda term: [(word, "n") for word in CUTS[term]], str
    )

    assert broadcast.may_show("#随手拍解救儿童#", 1)
    assert broadcast.may_show("#食堂的儿童#", 1)
    assert not broadcast.may_show("#解救禾禾#", 1)
    assert not broadcast.may_show("#儿童小学食堂#", 1)  # a word before a kind of place names it


CUTS = {
    "随手拍解救儿童": ["随手拍", "解救", "儿童"],
    "食堂的儿童": ["食堂", "的", "儿童"],
    "解救禾禾": ["解救", "禾禾"],
    "儿童小学食堂": ["儿童", "小学", "食堂"],
}


@pytest.mark.parametrize("name", ["禾禾", "苗禾禾", "芦小禾", "田小雨"])
@pytest.mark.parametrize("cue", ["叫", "名叫", "女孩", "男孩", "小朋友"])
def test_a_name_behind_a_cue_is_never_shown(cue: str, name: str) -> None:
    """However the segmenter cuts it, no piece that is no dictionary word, or a name of it, may be shown."""
    words = load_segmenter("rjieba").cut(f"这个{cue}{name}，今年七岁")

    assert [word for word in words if word in name and len(word) > 1 and SHIPPED.may_show(word, 100_000)] == []


SHIPPED = Broadcast(
    reviewed_words(),
    lambda term: [(word, kind if rjieba.has_word(word) else "x") for word, kind in rjieba.tag(term)],
    str,
)


def test_the_reviewed_words_are_plain_words_of_two_to_eight_characters() -> None:
    """No digit, no Latin letter; none twice; sorted under each heading."""
    lines = Path(broadcast_module.__file__).with_name("data").joinpath("reviewed.txt").read_text("utf-8").splitlines()
    listed = [word for line in lines if not line.startswith("#") for word in line.split()]

    headings = reviewed_words()
    assert len(listed) == len(set(listed)) == len(headings) > 2500
    assert [word for word in listed if not re.fullmatch("[\u4e00-\u9fff]{2,8}", word)] == []
    for heading in set(headings.values()):
        under = [word for word in listed if headings[word] == heading]
        assert under == sorted(under)


NO_REGIONS = {"城中村", "天桥", "山区", "山村", "池塘", "台风", "滑坡"}  # the dictionary takes them for names


def test_no_region_is_reviewed() -> None:
    """Where something happened is told by region codes from twenty authors on, never by a word in a title."""
    tagged = {word: [kind for _, kind in rjieba.tag(word)] for word in reviewed_words()}

    assert [word for word, kinds in tagged.items() if kinds == ["ns"] and word not in NO_REGIONS] == []


def test_a_headline_does_not_join_a_family_name_with_a_word_that_may_be_a_name() -> None:
    """和 and 向 join words, and people are called so."""
    assert not BROADCAST.may_show_headline(["校园欺凌", "和", "明亮"])


def test_hours_and_ordinary_words_are_no_schools() -> None:
    """八小时 is no eighth primary school."""
    assert BROADCAST.may_show("#八小时睡眠#", 20)


def test_a_reviewed_word_that_stands_as_a_childs_name_is_in_doubt() -> None:
    """糖果 is reviewed, for sweets; where 糖果 is missing a child is called so. Other reviewed words may."""
    broadcast = Broadcast(reviewed_words(), rjieba.tag, str)

    assert broadcast.is_past_doubt("走失")
    assert broadcast.may_show("糖果", 1)
    assert not broadcast.is_past_doubt("糖果")
    assert broadcast.named(["糖果", "走失"]) == {"糖果"}
    assert broadcast.named(["报警", "走失", "，", "女孩", "，", "7", "岁"]) == frozenset()
    assert broadcast.may_show_headline(["儿童", "走失"])
    assert not broadcast.may_show_headline(["糖果", "走失"])


def test_a_headline_in_which_a_reviewed_word_is_nothing_but_a_name_does_not_tell_it() -> None:
    """课桌 is reviewed, for the desk; a girl called so has a name, and an age."""
    broadcast = Broadcast(reviewed_words(), rjieba.tag, str)

    assert broadcast.named(["女孩", "名叫", "课桌", "，", "失踪"]) == {"课桌"}
    assert not broadcast.may_show_headline(["女孩", "课桌", "，", "7", "岁", "走失"])
    assert broadcast.may_show_headline(["学生", "的", "课桌"])
    assert broadcast.named(["救救", "孩子", "帆船"]) == {"帆船"}
    assert broadcast.named(["孩子", "课桌"]) == frozenset()
    assert broadcast.named(["女童", "课桌", "走失"]) == {"课桌"}
    assert broadcast.named(["男童", "报警", "走失"]) == frozenset()
    assert broadcast.named(["男孩", "爬山", "失联"]) == frozenset()


@pytest.mark.parametrize("word", ["小石头", "小月亮", "小土豆", "小豆包"])
def test_a_word_that_small_children_are_called_by_is_not_shown(word: str) -> None:
    """However many use it."""
    assert not BROADCAST.may_show(word, 1000)
