"""Find names that no segmenter sees as words: spaced out, dotted, doubled, written in pinyin.

Reads a plain text, gives places. Touches nothing.
"""

import re
from collections.abc import Collection, Iterator

from detectors import name_cues as cues
from detectors.name_lists import COMPOUND, GIVEN, NO_GIVEN, PUBLIC, SURNAMES
from detectors.signs import Sparse

__all__ = ["SPELT_OUT", "find_spelt_out"]

_HAN = "[\u4e00-\u9fff]"
_GAP = f"{_HAN}[ .·_*-]{{1,2}}{_HAN}(?:[^\u4e00-\u9fff]|$)"
_SPACED = Sparse(_GAP, f"({_HAN})[ .·_*-]{{1,2}}({_HAN})(?:[ .·_*-]{{1,2}}({_HAN})|(?!{_HAN}))")
_SPACED_COMPOUND = Sparse(_GAP, f"({_HAN})[ .·_*-]{{1,2}}({_HAN})(?:[ .·_*-]{{1,2}}{_HAN}){{1,2}}")
_DOTTED = Sparse(f"{_HAN}[·•・]{_HAN}", f"{_HAN}{{1,7}}[·•・]{_HAN}{{1,7}}")
_OF_CHILD = "(?:女儿|儿子|闺女|宝贝|小女|岁的?)"
_DOUBLED = Sparse(f"{_OF_CHILD}{_HAN}{{2}}", rf"{_OF_CHILD}(?P<n>({_HAN})\2)")
_NOT_DOUBLED = "天常刚偷慢好渐乖偏仅爸妈爷奶哥姐弟妹宝娃公婆叔姑舅姥"  # 女儿天天迟到, 三岁的宝宝
_NUMERALS = frozenset("一二三四五六七八九十")  # 九•十 is a date
_SHORT = 2  # characters
# Cut in the wrong place: 她 叫戚 美玲
_CALLING = "(?:叫|全名|大名|姓名|名字)[:是]?"
_CALLED = Sparse(
    f"{_CALLING}{_HAN}{{2,3}}(?:[,，。!！、;；? (（\\n]|$)",  # `re` has an end before the last line break, too
    f"{_CALLING}(?P<n>{_HAN}{{2,3}})(?=[,，。!！、;；? (（]|$)",
)
# 姓陈，名晓语; and an odd sign behind the family name: 寻找陈(小雨)
_FAMILY_APART = Sparse(
    f"姓{_HAN}[,， ]{{0,2}}名", f"姓({_HAN})[,， ]{{0,2}}名(?:字)?叫?({_HAN}{{1,2}})(?=[,，。 (（、]|$)"
)
_SEEKING, _ODD = "(?:寻找|名叫|叫|姓名[:：]?|全名)", "[^\u4e00-\u9fff0-9a-z,，。:：、;!！?？ \\n]{1,2}"
_ODD_SIGN = Sparse(
    f"{_SEEKING}{_HAN}{_ODD}{_HAN}",
    f"{_SEEKING}(?P<n>({_HAN}){_ODD}({_HAN}{{1,2}})[)）]?)(?=[,，。! (（、]|$)",
)
_FAMILIES = (
    "wang|li|zhang|liu|chen|yang|zhao|huang|zhou|wu|xu|sun|hu|zhu|gao|lin|he|guo|ma|luo|liang|song|zheng|xie|han|tang|feng"
    "|yu|dong|xiao|cheng|cao|yuan|deng|fu|shen|zeng|peng|lv|su|lu|jiang|cai|jia|ding|wei|xue|ye|yan|pan|du|dai|xia|zhong"
    "|tian|ren|fan|fang|shi|yao|tan|liao|zou|xiong|jin|hao|kong|bai|cui|kang|mao|qiu|qin|gu|hou|shao|meng|long|wan|duan"
    "|qian|ouyang|sima"
)
_SYLLABLE = (
    "(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:[iu]?ang|[iu]ong|[iuv]?an|[aeiuv]n|[aeio]ng|[iu]?a[io]?|u?[eo]i?|[iu]e|iu|ou|er|ui|[aeiouv])"
)
_INSIDE = "/.@:_-0123456789"  # before a part of a link or an account
_PINYIN = f"(?:{_FAMILIES})[ _-]?{_SYLLABLE}(?:[ '_-]?{_SYLLABLE})?"
_IN_PINYIN = Sparse(f"{_PINYIN}(?:[^a-z0-9@._/-]|$)", f"{_PINYIN}(?![a-z0-9@._/-])")
_LATIN = re.compile("[a-z][a-z' _-]{2,24}")
SPELT_OUT = frozenset(  # the signs without which there are none
    sparse.sign for sparse in (_SPACED, _DOTTED, _DOUBLED, _CALLED, _FAMILY_APART, _ODD_SIGN, _IN_PINYIN)
)


def find_spelt_out(text: str, signs: Collection[int]) -> Iterator[tuple[int, int]]:
    """Names with something between their characters or in Latin ones: 王 小 明, 王.小.明, Wang Li behind a cue."""
    yield from _spaced(text, signs)
    for match in _DOUBLED.found_in(text, signs):
        if match[2] not in NO_GIVEN and match[2] not in _NOT_DOUBLED:
            yield match.span("n")
    for match in _CALLED.found_in(text, signs):
        name = match["n"]
        is_given = NO_GIVEN.isdisjoint(name[1:]) and (len(name) > _SHORT or name[1] in GIVEN)
        if name[0] in SURNAMES and is_given and (name not in PUBLIC or ":" in match[0]):
            yield match.span("n")  # 姓名：李娜 is a namesake
    for match in _DOTTED.found_in(text, signs):
        if cues.is_beside_cue(text, *match.span()):
            yield match.span()
    yield from _parted(text, signs)
    yield from _in_pinyin(text, signs)


def _parted(text: str, signs: Collection[int]) -> Iterator[tuple[int, int]]:
    for match in _FAMILY_APART.found_in(text, signs):
        if match[1] in SURNAMES and NO_GIVEN.isdisjoint(match[2]):
            yield match.start(1), match.end(2)
    for match in _ODD_SIGN.found_in(text, signs):
        if match[2] in SURNAMES and NO_GIVEN.isdisjoint(match[3]):
            yield match.span("n")


def _in_pinyin(text: str, signs: Collection[int]) -> Iterator[tuple[int, int]]:
    for word in _LATIN.finditer(text) if _IN_PINYIN.sign in signs else ():
        start, end = word.span()
        if start and text[start - 1] in _INSIDE:
            continue
        if cues.is_role_before(text, start) or cues.has_particulars(text, end):
            spelt = _IN_PINYIN.pattern.match(text, start)
            if spelt is not None:
                yield spelt.span()


def _spaced(text: str, signs: Collection[int]) -> Iterator[tuple[int, int]]:
    for match in _SPACED_COMPOUND.found_in(text, signs):
        if match[1] + match[2] in COMPOUND:
            yield match.span()
    for match in _SPACED.found_in(text, signs):
        if (
            match[1] not in SURNAMES
            or not _NUMERALS.isdisjoint(match[0])
            or not NO_GIVEN.isdisjoint(match[2] + (match[3] or ""))
        ):
            continue
        is_alone = match.start() == 0 or not "\u4e00" <= text[match.start() - 1] <= "\u9fff"
        if (is_alone and match[3]) or cues.is_cued(text, *match.span()):
            yield match.span()
