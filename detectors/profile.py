"""What a headline is compared by: its words, its pairs of characters, and who, how old and where."""

import re
from collections.abc import Callable, Iterable

import msgspec

from detectors.occasions import stage_of
from detectors.regions import province_in
from detectors.veil import HIDDEN

__all__ = ["FACTS", "Profile", "profile_of"]

FACTS = ("places", "ages", "children", "schools")  # two headlines that tell of different ones seldom tell of one event


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What many headlines of one day are about, each of them another event's
_OCCASIONS = _words(
    "高考 中考 考生 高考生 一本 一本线 本科线 一分一段 录取 考场 考完 查分 出分 成绩 高考成绩 分数线 志愿 志愿填报"
    " 开学 开学第一天 开学第一课 寒假 暑假 两会 全国两会 代表 委员 人大代表 全国人大代表 政协委员 全国政协委员"
    " 建议 提案 六一 六一节 儿童节 六一儿童节 国际儿童节 中秋 中秋节 元宵节 元旦 国庆 国庆节"
    " 圣诞 圣诞节 大年初一 春节 除夕 端午 端午节 母亲节 父亲节 教师节 清明 七夕 台风 停课 地震"
)
# Who a headline tells of where it tells of somebody, and not of the occasion itself
_PEOPLE = _words(
    "女生 男生 女孩 男孩 小孩哥 小孩姐 儿子 女儿 弟弟 哥哥 姐姐 妹妹 妈妈 爸爸 父亲 母亲 父母 家长 奶奶 爷爷 外婆 外公"
    " 学生 同学 同桌 学霸 考生 高考生 老师 班主任 校长 男子 女子 小伙"
)
_NUMBER = re.compile("[0-9]+(?:[.][0-9]+)?[^0-9 ]?")  # with the character behind it, which is what it counts
_PROPOSAL = "建议"
_REPLY = re.compile("回应|通报|发声|后续|致歉|道歉|调查|立案|处理|介入|核实")
_SCORE, _MARKS = re.compile("(?<![0-9])[2-7][0-9]{2}(?![0-9年万元米岁人名天])"), "分"
_SPEAKING = frozenset("曾称说")  # what somebody said or once did: a side of a case that has other headlines

_CHILDREN = {
    "boy": "男孩 男生 男童 儿子 男婴 小孩哥 哥哥 弟弟 孙子 小男孩 兄弟",
    "girl": "女孩 女生 女童 女儿 女婴 小孩姐 姐姐 妹妹 孙女 小女孩 少女 姐妹",
}
_SCHOOLS = {
    "baby": "婴儿 新生儿 宝宝 男婴 女婴",
    "kindergarten": "幼儿园 幼师 幼儿 园长",
    "primary": "小学 小学生",
    "junior": "初中 初中生 中考 初三",
    "senior": "高中 高中生 高考 高三 高一 高二",
    "university": "大学 大学生 高校 研究生",
}


_PARENTS = {"father": "父亲 爸爸 爸 继父", "mother": "母亲 妈妈 妈 继母"}
_TIMES = {"winter": "寒假 冬季 冬令营", "summer": "暑假 暑期 夏季 夏令营", "spring": "春季 春假", "autumn": "秋季 秋假"}


def _kinds(table: dict[str, str]) -> dict[str, str]:
    return {word: kind for kind, words in table.items() for word in words.split()}


_CHILD_OF, _SCHOOL_OF = _kinds(_CHILDREN), _kinds(_SCHOOLS)
_PARENT_OF, _TIME_OF = _kinds(_PARENTS), _kinds(_TIMES)
_PARTICULAR = frozenset((*_CHILD_OF, *_SCHOOL_OF, *_PARENT_OF, *_TIME_OF))


class Profile(msgspec.Struct, frozen=True, array_like=True):
    """What a headline is compared by.

    Attributes:
        head: terms and numbers of the title.
        body: those that only the description holds.
        pairs: pairs of neighbouring Han characters of the title, for what the segmenter cuts differently.
        terms: head and body.
        facts: what it tells of each of FACTS: places and ages of title and description, children and schools of
            the title; empty where it does not tell.
        categories: of the relevance judgement, a space between two; "" where there is none.
        occasions: exams, feast days, sessions and the like that title or description names.
        chars: Han characters of the title: two words for one thing often share one (坠楼, 坠亡).
        spelt: those and the terms'.
        has_person: whether the title tells of somebody: a mother, a pupil, a name.
        numbers: of the title, with the character behind each: "14岁", "2名".
        provinces: that title or description names, or whose prefectures.
        ending: the last two characters of the title.
        tells_saying: whether the title tells what somebody said, or once did.
        scores: of an exam, that the title tells.
        proposes: whether the title is somebody's proposal.
        stage: of the national exam that the title tells of or stands beside, or a storm or quake: `occasions.stage_of`.
        is_alone: whether it tells of somebody there.
        replies: whether the title tells of an answer, an inquiry or what came of something.
        particulars: what the title tells of where, how old, which child, school, parent and season, in this order.
        rest: its other terms.
    """

    head: frozenset[str]
    body: frozenset[str]
    pairs: frozenset[str]
    terms: frozenset[str]
    facts: tuple[frozenset[str], ...]
    categories: str = ""
    occasions: frozenset[str] = frozenset()
    has_person: bool = False
    chars: frozenset[str] = frozenset()
    spelt: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()
    ending: str = ""
    tells_saying: bool = False
    scores: frozenset[str] = frozenset()
    proposes: bool = False
    stage: str = ""
    is_alone: bool = False
    replies: bool = False
    particulars: tuple[frozenset[str], ...] = ()
    rest: frozenset[str] = frozenset()

    def is_the_like(self, other: "Profile") -> bool:
        """Whether both titles tell the same in the same words, of another place, child, school, parent or season.

        >>> def told(*words):
        ...     return profile_of("".join(words), words, [], {"湖南", "甘肃"}.__contains__, lambda _: False)
        >>> told("湖南", "校车", "侧翻").is_the_like(told("甘肃", "校车", "侧翻"))
        True
        >>> told("湖南", "校车", "侧翻").is_the_like(told("校车", "侧翻"))
        False
        """
        if not self.rest or self.rest != other.rest:
            return False
        pairs = zip(self.particulars, other.particulars, strict=True)
        return any(mine and theirs and mine.isdisjoint(theirs) for mine, theirs in pairs)

    def shares_person(self, other: "Profile") -> bool:
        """Whether both name one private person: somebody who is hidden by the same word."""
        return any(term.startswith(HIDDEN) for term in self.terms & other.terms)


def profile_of(
    title: str,
    head: Iterable[str],
    body: Iterable[str],
    is_place: Callable[[str], bool],
    is_name: Callable[[str], bool],
    *,
    categories: Iterable[str] = (),
) -> Profile:
    """The profile of a headline.

    Args:
        title: as it stands on the list.
        head: its terms and numbers.
        body: those of the description.
        is_place: whether a term names a region, city or country.
        is_name: whether it may name somebody or something.
        categories: of the relevance judgement.

    >>> profile = profile_of("男童校车侧翻", ["男童", "校车", "侧翻"], ["5岁"], lambda _: False, lambda _: False)
    >>> sorted(profile.pairs)
    ['侧翻', '校车', '男童', '童校', '车侧']
    >>> [sorted(facts) for facts in profile.facts]
    [[], ['5岁'], ['boy'], []]
    """
    pairs = (title[at : at + 2] for at in range(len(title) - 1))
    first, rest = frozenset(head), frozenset(body)
    terms = first | rest
    chars = frozenset(filter(_is_han, title))
    facts = (
        frozenset(filter(is_place, terms)),
        frozenset(filter(_is_age, terms)),
        frozenset(_CHILD_OF[term] for term in first if term in _CHILD_OF),
        frozenset(_SCHOOL_OF[term] for term in first if term in _SCHOOL_OF),
    )
    particulars = (
        frozenset(filter(is_place, first - _PARTICULAR)),  # the dictionary takes 中考 for one
        frozenset(filter(_is_age, first)),
        *(frozenset(of[term] for term in first if term in of) for of in (_CHILD_OF, _SCHOOL_OF, _PARENT_OF, _TIME_OF)),
    )
    stage, is_alone = stage_of(title, terms, filter(is_name, first))
    return Profile(
        head=first,
        body=rest - first,
        pairs=frozenset(filter(_is_han, pairs)),
        terms=terms,
        facts=facts,
        categories=" ".join(categories),
        occasions=terms & _OCCASIONS,
        has_person=not first.isdisjoint(_PEOPLE) or any(map(is_name, first)),
        chars=chars,
        spelt=chars.union(filter(_is_han, "".join(terms))),
        numbers=frozenset(_NUMBER.findall(title)),
        provinces=frozenset(filter(None, map(province_in, terms))),
        ending=title[-2:],
        tells_saying=not _SPEAKING.isdisjoint(title),
        scores=frozenset(_SCORE.findall(title)) if is_alone or _MARKS in title else frozenset(),
        proposes=_PROPOSAL in first,
        stage=stage,
        is_alone=is_alone,
        replies=_REPLY.search(title) is not None,
        particulars=particulars,
        rest=frozenset(term for term in first if not (is_place(term) or _is_age(term) or term in _PARTICULAR)),
    )


def _is_age(term: str) -> bool:
    return term.endswith("岁")


def _is_han(text: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in text)
