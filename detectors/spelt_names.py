"""Find names that no segmenter sees as words: spaced out, dotted, doubled, written in pinyin.

Reads a plain text, gives places. Touches nothing.
"""

import re
from collections.abc import Iterator

from detectors import name_cues as cues
from detectors.name_lists import COMPOUND, GIVEN, NO_GIVEN, PUBLIC, SURNAMES
from detectors.words import has_any

__all__ = ["find_spelt_out"]

_GAP = re.compile("[ .·_*-]{1,2}[\u4e00-\u9fff](?:[ .·_*-]|(?![\u4e00-\u9fff]))")
_SPACED = re.compile(
    "([\u4e00-\u9fff])[ .·_*-]{1,2}([\u4e00-\u9fff])(?:[ .·_*-]{1,2}([\u4e00-\u9fff])|(?![\u4e00-\u9fff]))"
)
_SPACED_COMPOUND = re.compile("([\u4e00-\u9fff])[ .·_*-]{1,2}([\u4e00-\u9fff])(?:[ .·_*-]{1,2}[\u4e00-\u9fff]){1,2}")
_DOTTED = re.compile("[\u4e00-\u9fff]{1,7}[·•・][\u4e00-\u9fff]{1,7}")
_DOUBLED = re.compile("(?:女儿|儿子|闺女|宝贝|小女|岁的?)(?P<n>([\u4e00-\u9fff])\\2)")
_NOT_DOUBLED = "天常刚偷慢好渐乖偏仅爸妈爷奶哥姐弟妹宝娃公婆叔姑舅姥"  # 女儿天天迟到, 三岁的宝宝
_NUMERALS = frozenset("一二三四五六七八九十")  # 九•十 is a date
_SHORT = 2  # characters
# Cut in the wrong place: 她 叫戚 美玲
_CALLED = re.compile("(?:叫|全名|大名|姓名|名字)[:是]?(?P<n>[\u4e00-\u9fff]{2,3})(?=[,，。!！、;；? (（]|$)")
# 姓陈，名晓语; and an odd sign behind the family name: 寻找陈(小雨)
_FAMILY_APART = re.compile("姓([\u4e00-\u9fff])[,， ]{0,2}名(?:字)?叫?([\u4e00-\u9fff]{1,2})(?=[,，。 (（、]|$)")
_ODD_SIGN = re.compile(
    "(?:寻找|名叫|叫|姓名[:：]?|全名)"
    "(?P<n>([\u4e00-\u9fff])[^\u4e00-\u9fff0-9a-z,，。:：、;!！?？ \n]{1,2}([\u4e00-\u9fff]{1,2})[)）]?)"
    "(?=[,，。! (（、]|$)"
)
_SEEKING = ("寻", "叫", "名")
_DOUBLING, _CALLING = ("女", "儿", "宝", "岁"), ("叫", "名")  # signs without which a pattern finds nothing
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
_LATIN = re.compile("[a-z][a-z' _-]{2,24}")
_PINYIN = re.compile(f"(?:{_FAMILIES})[ _-]?{_SYLLABLE}(?:[ '_-]?{_SYLLABLE})?(?![a-z0-9@._/-])")


def find_spelt_out(text: str) -> Iterator[tuple[int, int]]:
    """Names with something between their characters or in Latin ones: 王 小 明, 王.小.明, Wang Li behind a cue."""
    yield from _spaced(text)
    for match in _DOUBLED.finditer(text) if has_any(text, _DOUBLING) else ():
        if match[2] not in NO_GIVEN and match[2] not in _NOT_DOUBLED:
            yield match.span("n")
    for match in _CALLED.finditer(text) if has_any(text, _CALLING) else ():
        name = match["n"]
        is_given = NO_GIVEN.isdisjoint(name[1:]) and (len(name) > _SHORT or name[1] in GIVEN)
        if name[0] in SURNAMES and is_given and name not in PUBLIC:
            yield match.span("n")
    for match in _DOTTED.finditer(text) if "·" in text or "•" in text or "・" in text else ():
        if cues.is_beside_cue(text, *match.span()):
            yield match.span()
    yield from _parted(text)
    yield from _in_pinyin(text)


def _parted(text: str) -> Iterator[tuple[int, int]]:
    for match in _FAMILY_APART.finditer(text) if "姓" in text else ():
        if match[1] in SURNAMES and NO_GIVEN.isdisjoint(match[2]):
            yield match.start(1), match.end(2)
    for match in _ODD_SIGN.finditer(text) if has_any(text, _SEEKING) else ():
        if match[2] in SURNAMES and NO_GIVEN.isdisjoint(match[3]):
            yield match.span("n")


def _in_pinyin(text: str) -> Iterator[tuple[int, int]]:
    for word in _LATIN.finditer(text):
        start, end = word.span()
        if start and text[start - 1] in _INSIDE:
            continue
        if cues.is_role_before(text, start) or cues.has_particulars(text, end):
            spelt = _PINYIN.match(text, start)
            if spelt is not None:
                yield spelt.span()


def _spaced(text: str) -> Iterator[tuple[int, int]]:
    if _GAP.search(text) is None:
        return
    for match in _SPACED_COMPOUND.finditer(text):
        if match[1] + match[2] in COMPOUND:
            yield match.span()
    for match in _SPACED.finditer(text):
        if (
            match[1] not in SURNAMES
            or not _NUMERALS.isdisjoint(match[0])
            or not NO_GIVEN.isdisjoint(match[2] + (match[3] or ""))
        ):
            continue
        is_alone = match.start() == 0 or not "\u4e00" <= text[match.start() - 1] <= "\u9fff"
        if (is_alone and match[3]) or cues.is_cued(text, *match.span()):
            yield match.span()
