"""What a word may be for those who look for names, whatever stands around it: asked once a word, and remembered.

Reads a word and its tag, gives bits. Touches nothing.
"""

import re
from collections.abc import Callable

from detectors.name_lists import COMPOUND, GIVEN, NO_GIVEN, PUBLIC, SURNAMES
from detectors.words import is_han

__all__ = ["CALLED", "FAMILY", "FUNCTION", "HIDING", "JOINED", "NO_NAME", "PET", "hint_of"]

# What `hint_of` says of a word: it begins with a family name and may be one; it may with the next; a name may be
# hidden behind its first character; it may be what somebody is called; children are called so (16 is a place's)
FAMILY, JOINED, HIDING, CALLED, PET = 1, 2, 4, 8, 32

# Words that do not begin or go on a name: 某 hides one already
NO_NAME = re.compile(
    "某|霸凌|博士$|师傅$|首长$|官宣|夫[妻妇]$|国人$|助理$|网$|^..?之$|道$|^姜[蓉末丝片汁]|^苏超|柯基|黄焖|宝贝|朋友|艾玛|全马|[学校园院馆坝]$|^小学|[先女小]生$|女士$|姓$|阿姨|阿婆|老伯$|门$|[感暴区]$|耐克|[上都]爱|老师|同学|教练|孩|家$|姐$|哥$|叔$|爷$|总$|公$|妹$|父$|母$|妈|爸|[国南东深川海厦春祥]航$|村$|镇$|县$|路$"
)
FUNCTION = "pcudfyrm"  # first letters of the tags of words that hold a sentence together
# Doubled or with 阿, and no name: 宝宝, 伯伯, 齐齐
_NO_PET_NAMES = frozenset(
    (
        *(
            "宝宝",
            "卡卡",
            "拉拉",
            "伯伯",
            "云云",
            "森森",
            "霍霍",
            "熊熊",
            "冉冉",
            "齐齐",
            "赫赫",
            "朗朗",
            "青青",
            "丁丁",
            "香香",
            "思思",
        ),
        *("阿姨", "阿娘", "阿婆", "阿妹", "阿妈", "阿爷", "阿叔", "阿伯", "阿嬷", "阿飞", "小卡", "小鹏"),
    )
)
_SHORT_NAME, _MAX_NAME = 2, 4  # characters
_FIRST = SURNAMES | {family[0] for family in COMPOUND}


def hint_of(word: str, tag_of: Callable[[str], str]) -> int:
    """What the word may be here, whatever stands around it: FAMILY, HIDING, CALLED, or neither."""
    if not is_han(word) or len(word) > _MAX_NAME:
        return 0
    hint = CALLED if _may_be_called(word, tag_of) else 0
    hint |= PET if hint and _is_pet_name(word, tag_of) else 0
    if word[0] in _FIRST:
        is_name = len(word) == 1 or word in COMPOUND or tag_of(word).startswith(("?", "nr"))
        return hint | (FAMILY if is_name else _joined_hint(word, tag_of))
    return hint | (HIDING if len(word) == _MAX_NAME and tag_of(word).startswith("?nr") else 0)


def _is_pet_name(word: str, tag_of: Callable[[str], str]) -> bool:
    """Whether children are called so: 丽丽, 阿萍, 小羽; not 小李, which is a form of address."""
    if len(word) != _SHORT_NAME or word[1] not in GIVEN or (word[0] != word[1] and word[0] not in "阿小"):
        return False
    if word[0] == "小" and word[1] in SURNAMES:
        return False
    tag = tag_of(word)
    is_name = tag in {"nr", "?nr"} if word[0] == word[1] else tag == "?nr"
    return is_name and word not in _NO_PET_NAMES


def _joined_hint(word: str, tag_of: Callable[[str], str]) -> int:
    """JOINED or 0 for a word of the dictionary: with an odd character behind it, it may be cut from a name."""
    is_short = len(word) == _SHORT_NAME and word[0] in SURNAMES and word[1] not in NO_GIVEN
    return JOINED if is_short and tag_of(word)[:1] not in FUNCTION else 0


def _may_be_called(word: str, tag_of: Callable[[str], str]) -> bool:
    """Whether a word behind such a cue is a name: unknown to the dictionary, doubled, or a child's 小."""
    if len(word) < _SHORT_NAME or word in PUBLIC or not NO_GIVEN.isdisjoint(word[1:]) or NO_NAME.search(word):
        return False
    return word[0] == word[-1] or word[0] in "小阿" or tag_of(word).startswith(("?", "nr"))
