"""What a headline is compared by: its words, its pairs of characters, and who, how old and where."""

from collections.abc import Callable, Iterable

import msgspec

__all__ = ["FACTS", "Profile", "profile_of"]

FACTS = ("places", "ages", "children", "schools")  # two headlines that tell of different ones seldom tell of one event

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


def _kinds(table: dict[str, str]) -> dict[str, str]:
    return {word: kind for kind, words in table.items() for word in words.split()}


_CHILD_OF, _SCHOOL_OF = _kinds(_CHILDREN), _kinds(_SCHOOLS)


class Profile(msgspec.Struct, frozen=True, array_like=True):
    """What a headline is compared by.

    Attributes:
        head: terms and numbers of the title.
        body: those that only the description holds.
        pairs: pairs of neighbouring Han characters of the title, for what the segmenter cuts differently.
        terms: head and body.
        facts: what it tells of each of FACTS: places and ages of title and description, children and schools of
            the title; empty where it does not tell.
    """

    head: frozenset[str]
    body: frozenset[str]
    pairs: frozenset[str]
    terms: frozenset[str]
    facts: tuple[frozenset[str], ...]


def profile_of(title: str, head: Iterable[str], body: Iterable[str], is_place: Callable[[str], bool]) -> Profile:
    """The profile of a headline; `is_place` says whether a term names a region, city or country.

    >>> profile = profile_of("男童校车侧翻", ["男童", "校车", "侧翻"], ["5岁"], lambda _: False)
    >>> sorted(profile.pairs)
    ['侧翻', '校车', '男童', '童校', '车侧']
    >>> [sorted(facts) for facts in profile.facts]
    [[], ['5岁'], ['boy'], []]
    """
    pairs = (title[at : at + 2] for at in range(len(title) - 1))
    first, rest = frozenset(head), frozenset(body)
    terms = first | rest
    facts = (
        frozenset(filter(is_place, terms)),
        frozenset(term for term in terms if term.endswith("岁")),
        frozenset(_CHILD_OF[term] for term in first if term in _CHILD_OF),
        frozenset(_SCHOOL_OF[term] for term in first if term in _SCHOOL_OF),
    )
    return Profile(first, rest - first, frozenset(filter(_is_han, pairs)), terms, facts)


def _is_han(pair: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in pair)
