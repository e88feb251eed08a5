"""Names that begin with no Chinese family name."""

import pytest
import rjieba

from detectors.identity import Redactor

redact = Redactor(rjieba.cut, rjieba.tag, rjieba.has_word).redact

NAMES = {
    "Uyghur": ("艾买提·吐尔逊今年上三年级", "［姓名］今年上三年级"),
    "Uyghur without a dot": ("古丽米热今天没来上课", "［姓名］今天没来上课"),
    "Tibetan": ("8岁的扎西卓玛家在玉树", "8岁的［姓名］家在玉树"),
    "Yi": ("该校学生阿呷日黑被打", "该校学生［姓名］被打"),
    "pseudonym": ("女高中生露露（化名）举报", "女高中生［姓名］（化名）举报"),
    "pseudonym of a party": ("小兰（女方，化名）的孩子", "［姓名］（女方，化名）的孩子"),
    "of an age, as a player is called": ("儿子高翔，7岁，走失", "儿子［姓名］，7岁，走失"),
    "of an age, in a notice": ("寻人启事：高翔，男，7岁", "寻人启事：［姓名］，男，7岁"),
    "behind a label, as a player is called": ("姓名：李娜，患白血病", "姓名：［姓名］，患白血病"),
    "doubled, cut apart": ("为苗禾禾发声，女童", "为［姓名］发声，女童"),
    "doubled, in a hashtag": ("#苗禾禾加油# 白血病孩子", "#［姓名］加油# 白血病孩子"),
    "doubled, of a rare family": ("母晓晓被生父打，孩子才六岁", "［姓名］被生父打，孩子才六岁"),
    "pet name": ("小女儿“天赐”过5岁生日", "小女儿“［姓名］”过5岁生日"),
}
OTHERS = {
    "one part alone": "买买提家的羊肉串",
    "parts apart": "欢迎来扎西岛卓玛拉康",
    "an act in quotation marks": "他的儿子“失踪”了",
    "a star": "苏菲·玛索的新片",
    "words side by side": "孩子平安安全到家",
    "a word of its own": "金灿灿的奖杯，小学生",
}


@pytest.mark.parametrize(("text", "redacted"), NAMES.values(), ids=NAMES)
def test_names_of_other_peoples_and_pet_names_go(text: str, redacted: str) -> None:
    """They are found by their parts, by the dot, or by what the text says of them."""
    assert redact(text).text == redacted


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_what_resembles_them_stays(text: str) -> None:
    """One part of such a name is a shop, a place or a dish as often."""
    assert redact(text).text == text
