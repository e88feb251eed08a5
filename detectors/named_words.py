"""Find ordinary words that stand where a name does: a child may be called 梦想, and a school 育才.

Reads the words of `Segmenter.cut`, gives those of them; whoever shows terms then knows that this topic's posts use the
word as a name (docs/decisions/0037). Touches nothing.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from detectors.name_lists import CHILDREN, COMMON, COMPOUND, PERSONS, SURNAMES
from detectors.word_lists import words_in

__all__ = ["behind_child_in", "behind_surname_in", "beside_child_in", "called_in", "named_in", "of_child_in"]

_CALLING = frozenset(
    ("叫", "名叫", "叫做", "取名", "小名", "乳名", "全名", "大名", "学名", "寻找", "寻", "找寻", "姓名"),
)
# behind the name of a child or a school, and hardly ever behind a word that is none
_OF_CHILD = frozenset(
    (
        *("同学", "小朋友", "小姑娘", "小宝贝", "走失", "失踪", "失联", "被拐", "回家", "快回来", "平安"),
        *("安息", "挺住", "走好", "加油", "遇害", "遇难", "身亡", "坠楼", "溺亡", "去世", "离世", "跳楼", "轻生"),
        *("确诊", "病危", "病重", "被", "被害", "遭", "惨遭", "妈妈", "爸爸", "家属"),
    )
)
_OF_SCHOOL = frozenset(
    ("食堂", "校方", "校长", "校区", "师生", "学子", "校友", "分校", "家长会", "校门", "校门口"),
)
_AT = frozenset(("在", "到", "去", "从", "进", "来", "位于"))
_ATTENDING = frozenset(("上学", "读书", "念书", "就读", "上课", "任教", "毕业", "读", "上", "寄宿", "住校", "出事"))
# What is felt for somebody: 心疼X, 救救X, 可怜的X, 为X祈祷
_FELT = frozenset(("心疼", "救救", "抱抱"))
_PITY = frozenset(("可怜", "可爱", "勇敢", "坚强"))
_WISHED = frozenset(("祈祷", "祈福", "祝福", "加油", "揪心"))
_MARKS = frozenset(",，、(（ ")
_CLOSING = frozenset((*'。.!！?？;；,，、()（） :："”“', ""))
_AGE = re.compile("[0-9一二三四五六七八九十两]{1,3}(?:周?岁|个月)?")
_CHILD = CHILDREN | {"孩子", "小孩", "小朋友", "同学", "学生", "女生", "男生", "宝宝", "宝贝", "少年", "少女", "闺女"}
_FATES = frozenset(("已", "已经", "获救", "找到", "脱险", "坠亡", "溺水"))
_SOUGHT = frozenset(("寻找", "找", "走失", "失踪", "失联", "救救", "寻人"))
_PRONOUNS = frozenset(  # and words that count, which name nobody, either
    ("他们", "她们", "它们", "我们", "你们", "咱们", "大家", "自己", "人家", "这些", "那些", "所有", "每个")
)
_NO_NICKNAMES = frozenset(words_in("of_children.txt"))
_DIMINUTIVES = ("小", "阿")
_BEFORE_GIVEN = SURNAMES - COMMON  # a word alone, these are hardly anything else
_NO_NAMES = CHILDREN | PERSONS | _OF_CHILD | _OF_SCHOOL | _PRONOUNS
_ENDS_AGE = re.compile("(?:[0-9一二三四五六七八九十两]{0,3}(?:周?岁半?|个月))")
_GIVEN = 2  # characters; one alone is never told
_WORD = re.compile("[\u4e00-\u9fff]{2,3}")


def named_in(words: Sequence[str]) -> frozenset[str]:
    """The words of two or three characters that stand as a name does, at least once.

    Cost: some look-ups a word.

    >>> sorted(named_in(["女孩", "梦想", "，", "7", "岁", "，", "在", "育才", "上学"]))
    ['梦想', '育才']
    >>> sorted(named_in(["为", "糖果", "祈祷", "，", "可怜", "的", "粽子"]))
    ['粽子', '糖果']
    >>> named_in(["孩子", "的", "梦想", "是", "上学"])
    frozenset()
    """
    padded = ("", "", *words, "", "", "")
    return frozenset(
        word
        for place, word in enumerate(words)
        if _may_be_name(word)
        and (
            _is_named(padded[place + 1], padded[place + 3 : place + 6])
            or _is_felt_for(padded[place : place + 2], padded[place + 3])
        )
    )


def called_in(words: Sequence[str]) -> frozenset[str]:
    """Those that hardly anything but a name stands like: somebody is called so, or has an age. All are in `named_in`.

    >>> sorted(called_in(["女孩", "课桌", "，", "7", "岁", "，", "小名", "叫", "橡皮", "，", "考试", "失踪"]))
    ['橡皮', '课桌']
    """
    padded = ("", *words, "", "", "")
    return frozenset(
        word
        for place, word in enumerate(words)
        if _may_be_name(word) and _is_called(padded[place], padded[place + 2 : place + 5])
    )


def beside_child_in(words: Sequence[str]) -> frozenset[str]:
    """Those that stand alone behind a word for a child, where a name may stand and much else: 救救孩子帆船，.

    >>> sorted(beside_child_in(["救救", "孩子", "帆船", "，", "白血病"])), beside_child_in(["孩子", "受伤", "了"])
    (['帆船'], frozenset())
    """
    padded = ("", *words, "")
    return frozenset(
        word
        for place, word in enumerate(words)
        if padded[place] in _CHILD and padded[place + 2] in _CLOSING and _may_be_name(word)
    )


def behind_child_in(words: Sequence[str]) -> frozenset[str]:
    """Those directly behind a word for a child, or an age, whatever follows: 留守儿童花卷的一天, 8岁年糕获救, 小陀螺.

    As many a thing stands there as a name does; those that hardly ever are one are left out (`data/of_children.txt`).

    >>> sorted(behind_child_in(["8", "岁", "年糕", "获救", "，", "留守儿童", "花卷", "的", "右眼"]))
    ['年糕', '花卷']
    """
    return frozenset(
        word
        for before, word in pairwise(words)
        if (_is_child(before) or before in _DIMINUTIVES or _ENDS_AGE.fullmatch(before))
        and _may_be_name(word)
        and word not in _NO_NICKNAMES
    )


def behind_surname_in(words: Sequence[str]) -> frozenset[str]:
    """Those directly behind a family name that stands alone, with a family name of two characters itself.

    >>> sorted(behind_surname_in(["张", "晨钟", "回应", "，", "轩辕", "友好", "获救"]))
    ['友好', '晨钟', '轩辕']
    """
    behind = [(before, word) for before, word in pairwise(words) if _may_be_name(word)]
    given = {word for before, word in behind if before in _BEFORE_GIVEN and len(word) == _GIVEN}
    return frozenset(given.union(*(both for both in behind if both[0] in COMPOUND)))


def of_child_in(words: Sequence[str]) -> frozenset[str]:
    """Those that what befalls a child, or is felt for one, ties to a child: 女童雨伞走失, 雨伞小朋友, 为雨伞祈祷.

    A thing hardly stands there; what was done, and where, does: 男童校外走失.

    >>> sorted(of_child_in(["女童", "雨伞", "已", "找到", "，", "为", "课桌", "祈祷", "，", "雨伞", "丢", "了"]))
    ['课桌', '雨伞']
    """
    padded = ("", "", *words, "")
    is_sought = not _SOUGHT.isdisjoint(words)
    return frozenset(
        word
        for place, word in enumerate(words)
        if _may_be_name(word) and _is_of_child(padded[place : place + 2], padded[place + 3], is_sought=is_sought)
    )


def _is_child(word: str) -> bool:
    """Also 留守儿童; 儿童 alone tells what sort of thing follows."""
    return word in _CHILD or word[-2:] in _CHILD or (word != "儿童" and word.endswith("儿童"))


def _is_of_child(before: Sequence[str], after: str, *, is_sought: bool) -> bool:
    if before[1] in _CHILD:
        return after in _OF_CHILD or after in _FATES or after[:1] == "被" or (is_sought and after in _CLOSING)
    return after == "小朋友" or (_is_felt_for(before, after) and after != "加油")


def _may_be_name(word: str) -> bool:
    return word not in _NO_NAMES and _WORD.fullmatch(word) is not None


def _is_felt_for(before: Sequence[str], after: str) -> bool:
    """Whether it stands where somebody does whom the writer feels for."""
    is_pitied = before[1] == "的" and before[0] in _PITY
    return before[1] in _FELT or is_pitied or (before[1] == "为" and after in _WISHED)


def _is_named(before: str, after: Sequence[str]) -> bool:
    if after[0] in _OF_CHILD or after[0] in _OF_SCHOOL:
        return True
    if before in _AT and after[0] in _ATTENDING:
        return True
    return _is_called(before, after) or (before in CHILDREN and after[0] in _CLOSING)


def _is_called(before: str, after: Sequence[str]) -> bool:
    return _is_aged(after) or (before in _CALLING and (after[0] in _CLOSING or after[0] in {"的", "被", "在", "今年"}))


def _is_aged(after: Sequence[str]) -> bool:
    """Whether an age stands behind a mark: ，7岁; 今年7岁."""
    if (after[0] not in _MARKS and after[0] != "今年") or _AGE.fullmatch(after[1]) is None:
        return False
    return "岁" in after[1] or after[2].startswith(("岁", "周岁", "个月"))
