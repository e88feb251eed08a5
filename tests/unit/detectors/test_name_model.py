"""What is known by a name's characters and the words around it, where no rule says so."""

import pytest
import rjieba

from detectors.identity import Redactor
from detectors.name_model import WEIGHTS_FILE, candidates_of, features_of, is_unlikely, margin_of

redactor = Redactor(rjieba.cut, rjieba.tag, rjieba.has_word)
read = redactor.reader.read

LIKELY = {
    "a resident": ("该案受害者、本市居民叶苒在家中讲述自己的经历，她有两个孩子", "叶苒"),
    "a dictionary's word behind the name": ("他和女朋友何婷婷一起，驾驶着一辆车", "何婷婷"),
    "cut apart": ("弃婴本是村民邹求生家的孩子", "邹求生"),
}
UNLIKELY = {
    "country": "打伊拉克致使上百万人死亡",
    "family word that the dictionary calls a name": "老婆婆带着五六岁的孙子坐车",
    "wish": "网友纷纷送上祝福。",
    "pair": "69岁老夫妻为女儿过生日",
    "punctuation is no part of a name": "三胞胎宝宝高铁“挂票”，女孩凌晨5点出门",
    "people of a country": "我们上次接机，以为是韩国人",
    "of public life": "粉丝为刘翔加油",
}


@pytest.mark.parametrize(("text", "name"), LIKELY.values(), ids=LIKELY)
def test_a_name_is_known_by_what_stands_around_it(text: str, name: str) -> None:
    """No cue leaves it beyond doubt, and it goes."""
    assert redactor.redact(text).text == text.replace(name, "［姓名］")


@pytest.mark.parametrize("text", UNLIKELY.values(), ids=UNLIKELY)
def test_what_only_looks_like_a_name_stays(text: str) -> None:
    """A rule alone would have taken it out."""
    assert redactor.redact(text).text == text


def test_a_rule_is_doubted_only_where_the_words_speak_against_it() -> None:
    """The same characters behind a word for a child are a name."""
    assert is_unlikely(read("打伊拉克致使"), 1, 4, is_cued=False)
    assert not is_unlikely(read("女孩王小雨说"), 2, 5, is_cued=True)


def test_the_weights_hold_characters_tags_and_ordinary_words_but_no_name() -> None:
    """A word beside a name is a feature only where the dictionary has it and it is no personal name."""
    lines = WEIGHTS_FILE.read_text(encoding="utf-8").splitlines()[1:]
    features = [feature for line in lines for feature in line.split("\t")[1:]]
    beside = [feature.partition("=")[2] for feature in features if feature.split("=")[0] in {"l", "ll", "r", "rr"}]
    han = [word for word in beside if word and all("\u4e00" <= character <= "\u9fff" for character in word)]

    assert len(han) > 1000
    assert [word for word in han if not rjieba.has_word(word)] == []
    assert [word for word in han if next(tag for _, tag in rjieba.tag(word)).startswith("nr")] == []


def test_every_feature_that_is_weighed_is_one_that_a_text_may_have() -> None:
    """What the trainer learned is what is looked up: at least the characters of an ordinary name are known."""
    told, bare = read("学生王小明说"), read("门票王小明说")
    behind_pupil, behind_ticket = (next(one for one in candidates_of(text) if one.end == 5) for text in (told, bare))

    assert {"s=王", "b=明", "l=学生", "cue:role"} <= set(features_of(told, behind_pupil))
    assert margin_of(told, behind_pupil) > margin_of(bare, behind_ticket)
