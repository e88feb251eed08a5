"""Patterns that are asked only where their sign stands: no sign keeps a pattern from what it would find."""

from collections.abc import Iterator
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors import dictionary_names, numbers, particulars, spellings, spelt_names, uncommon_names, whereabouts
from detectors.disguise import fold, reading_of, spell_digits
from detectors.signs import Sparse, sign, signs_in
from detectors.spellings import closed_up, decoded, read, ways_of
from tests.identities import planted_posts


def _sparse_of(module: ModuleType) -> Iterator[tuple[str, Sparse]]:
    """Those of a module by name, whether they stand alone or in a table."""
    for name, value in vars(module).items():
        rows = value if isinstance(value, tuple) else [value]
        for place, row in enumerate(rows):
            parts = row if isinstance(row, tuple) else (row,)
            yield from ((f"{name}-{place}", part) for part in parts if isinstance(part, Sparse))


SPARSE = {
    f"{module.__name__}{name}": sparse
    for module in (numbers, particulars, whereabouts, spelt_names, uncommon_names, dictionary_names)
    for name, sparse in _sparse_of(module)
}

# A text for each alternative of a sign, folded; what stands around it may be anything
FOUND = """
2019年3月12日生|2019-3-12出生|生于2019年3月12日|生日:2019.3.12|儿子于洋,7岁|寻人启事:高翔,男,七岁
1 3 8 0 0|139转1234转5678|1a3a8a0a0a1a3a8a0a0a1|准考证号是b12345|身份证:110101|idcard 12x|尾号 6222
扣扣是12345678|qq:12345678|q群 1234567|群号123456789|薇:12345678|vx 12345678|微信是12345678|通行证 c1234567
单号:sf12345678|手机是13800138000|tel 13800138000|a@b.com|a b (at) c dot cn|a at b.cn|http://x|https : / /x
www.x|example . com|t 。cn/ab|@小雨|@ 小雨|抖音号:xiaoyu|支付宝:小雨|b站id小雨|微信abcdefg|加v: abcdefg
卫星号 abcdefg|绿泡泡 id:abcdefg|京a12345|沪牌照 b 1 2 3 4 5|粤字·b·12345|e12345678|x123456(7)|a 1 @ 1 . c
a.b.c.d.e.f|3班|初一3班|三年级(2)班|3年(2)班|高1年级(2)|10号病床|住院部3楼|icu三床|5楼病房|内科十二号床
a12栋3单元|二幢301|3弄5号|中山路5号|天平街五十二号|建设大道12号|临湖国际b座1203|翠湖名邸3-1-502|兴宁镇
云溪县兴宁镇麦碧村|江口市城关街道办事处滨河社区|地址:云溪|家住云溪|老家在云溪|户籍地是云溪|住址 云溪|现居:云溪
8栋|12号楼|3幢|陈 小 雨|陈小.雨,|欧 阳 若 兮|陈·小雨|岁的苗苗|女儿禾禾|叫戚美玲|名字是陈小雨,|全名:陈雨、
姓陈,名晓语|寻找陈"雨|姓名:陈<小雨>|wang li|zhang xiao-yu |ouyang na,|小禾(化名)|陈雨（女,化名|小雨(小名
女儿“天赐”|小雨雨来
5月12日出生|八月十五生的|0512的生日|三月八日生日|生日:5.12|出生于3月8日|生于正月初三|生日是0512|阴历三月初八生
31.230416,121.473701|39.9042° n, 116.4074|31°13'49"n|31度13分|纬度31.23|lat:31.2304|lng 121.47|东经是121.4737
在六中读书|考上附小,|来自县一中的学生|实小的老师|去第18中上学|\ufdd0附小|\ufdd0的一小|的三中毕业
在灯塔村被拐走|在石桥沟村走失|市第三实验小学的老师|第18中学|第二高中
小名叫emily,|女儿叫emily zhang走失|名叫tom
小名橘子,|女儿叫橘子|名字是春风。|名叫橘子走失|女孩,橘子,5岁|橘子,女,6岁|橘子今年七岁|找橘子,女孩,8岁|6岁的橘子走失|儿子橘子（3个月
"""
TEXTS = [text for line in FOUND.split("\n") for text in line.split("|") if text]


@pytest.mark.parametrize("name", SPARSE)
def test_where_a_pattern_finds_something_its_sign_stands(name: str) -> None:
    """Alone, at an end, within other words; and in everything that the generator of identifiers makes."""
    sparse = SPARSE[name]
    planted = [fold(post.text).text for post in planted_posts(3, 600)]
    around = [f"{before}{text}{after}" for text in TEXTS for before in ("", "请 ") for after in ("", "，", " 小", "\n")]
    matched = [text for text in (*planted, *around) if sparse.pattern.search(text)]

    assert matched
    assert [text for text in matched if sparse.sign not in signs_in(text)] == []


@pytest.mark.parametrize("name", [name for name in SPARSE if "numbers" in name])
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_a_pattern_of_numbers_finds_has_its_sign(name: str, data: st.DataObject) -> None:
    """Drawn from the pattern itself."""
    text = data.draw(st.from_regex(SPARSE[name].pattern, alphabet=st.characters(exclude_categories=["Cs"])))

    assert SPARSE[name].sign in signs_in(text), text


@given(st.text(alphabet=st.sampled_from("〇一壹23oil 年级班.-/、ab"), max_size=20))
def test_a_text_without_the_signs_has_no_digits_to_spell(text: str) -> None:
    """Spelling them is a second pass."""
    assert reading_of(text).digits == spell_digits(text)


@given(st.text(alphabet=st.sampled_from("陈小雨ab1 ./|-、，\n🌸"), max_size=20))
def test_a_text_without_the_sign_has_nothing_to_close_up(text: str) -> None:
    """Whatever stands apart has it."""
    folded = fold(text)

    assert (closed_up in ways_of(folded, signs_in(folded.text))) == (closed_up(folded) is not folded)


@given(st.lists(st.sampled_from(["yi", "san", "double ", "one", "3", "八", " ", "-", "，", "x"]), max_size=12))
def test_a_text_without_the_sign_has_no_words_for_digits(parts: list[str]) -> None:
    """Nor is it read twice."""
    text = "".join(parts)

    assert read(text)[0].text == spellings._in_digits(fold(text)).text


@given(
    st.lists(st.sampled_from(["%", "e5", "%E5%BC%A0", "%31", "\\", "u5f20", "x31", "U+5F20", "张", " "]), max_size=8)
)
def test_a_text_without_the_sign_has_no_codes(parts: list[str]) -> None:
    """Whatever they stand beside."""
    folded = fold("".join(parts))

    assert (decoded in ways_of(folded, signs_in(folded.text))) == (decoded(folded) is not folded)


def test_a_sign_named_too_late_is_refused() -> None:
    """It would never be seen, and its pattern never asked."""
    signs_in("小雨")

    with pytest.raises(RuntimeError, match="before the first text"):
        sign("a pattern that nobody named")


def test_every_finder_of_identifiers_names_its_signs() -> None:
    """Else the tests above would test little."""
    assert len(SPARSE) > 25
