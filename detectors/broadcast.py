"""Which terms may be shown to anyone: an allow-list, because a child's name may itself be the trending word.

A term is shown when people reviewed it, or when at least 20 distinct authors use it and every word of it is
an ordinary one of the dictionary: no personal name, place, organisation, number or foreign string.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from detectors.name_lists import CHILDREN, GIVEN, PERSONS, SURNAMES
from detectors.named_words import (
    behind_child_in,
    behind_surname_in,
    beside_child_in,
    called_in,
    named_in,
    of_child_in,
)
from detectors.terms import names_of_places_in
from detectors.word_lists import words_in

__all__ = ["JOINING", "MIN_AUTHORS", "POINTING", "Broadcast", "reviewed_words"]

MIN_AUTHORS = 20

# jieba part-of-speech tags of words that name nobody and nothing in particular: common nouns, verbs,
# adjectives and their mixtures, idioms, set phrases
_ORDINARY = ("n", "v", "vn", "vi", "a", "an", "ad", "i", "l", "b", "j", "t", "s", "d", "vd", "ng", "vg", "ag", "z")
# a word that is ordinary alone and behind another one names one school, street or village
POINTING = re.compile(
    "..(小学|中学|学校|学院|幼儿园|附中|[一二三四五六七八九十]中|医院|村|路|街|巷|小区|社区|镇|乡|县|河|桥|站)"
)
# how schools, villages and houses are called for short: 附小, 县一中, 团结大队; in a term that nobody has reviewed
_SHORT_FOR_PLACE = re.compile(
    "附[小中]|[实完][小中]|[一二三四五六七八九十][小中](?![时组心期间年学说孩])|(?:..|[一二三四五六七八九十])(?:大队|屯|寨|岭|庄|湾|组|弄|号楼|栋)"
)
_FAMILY_AND_GIVEN = (2, 3)  # characters
_MAX_WORD = 12  # characters
_MOST_JOINED = 40
_MOST_REPEATED = 1 << 14  # remembered
_DATA = Path(__file__).parent / "data"
# words of the dictionary that children are called as often; any 小 or 阿 with one or two characters is one, too
_PET_NAMES = frozenset("天赐 露西 大卫 查理 浩然 家乐 狗蛋 铁蛋 狗剩 栓子 石头 柱子 虎子".split())  # noqa: SIM905 - it stays readable
_PROPER = frozenset(words_in("proper_words.txt"))
_DOUBLED = re.compile(r"(.)\1")  # 思思, 乐乐: how small children are called, whatever the dictionary says

# under the headings of things, and what a child does or where: 男孩爬山失联 is no child called so
_ACTS = frozenset(
    (
        *("放学", "上学", "开学", "离校", "爬山", "骑车", "迷路", "晒太阳", "打人", "生病", "患病", "投票", "睡梦中"),
        *("校园", "校园内", "学校", "全校", "餐厅", "训练营", "尸体", "脑子", "成绩", "作业", "高考", "考试", "志愿"),
    )
)

# how words of one character join others in a headline; any other may be a piece of somebody's name
JOINING = frozenset("的了着过被把在是不和与及对向从为让使给将已再又也都就还很最更称说后前中内外上下个名岁次因由等")
_NAMING = ("nr", "nz", "nt", "x")  # first letters of the tags of names, and of words the dictionary lacks

_REGION = "ns"

Tag = Callable[[str], Iterable[tuple[str, str]]]


class Broadcast:
    """Decides term by term; knows no post."""

    def __init__(self, reviewed: Iterable[str], tag: Tag, mark: Callable[[str], str]) -> None:
        """Take the reviewed lexicon, a part-of-speech tagger (jieba's tags), and how words are marked.

        Args:
            reviewed: terms that people have read and released.
            tag: term -> its words with their tags.
            mark: `Veil.mark` under the key of those who counted the posts.
        """
        self.mark = mark
        self._reviewed = frozenset(reviewed)
        self._tag = tag
        self._ordinary: dict[str, bool] = {}
        self._names: dict[str, bool] = {}
        self._places: dict[str, bool] = {}
        self._tags: dict[str, bool] = {}
        self._repeated: dict[str, bool] = {}

    def may_show(self, term: str, authors: int) -> bool:
        """Whether the term may be broadcast, given how many distinct authors use it now."""
        if self.is_reviewed(term):
            return True
        return authors >= MIN_AUTHORS and self._is_ordinary(term)

    def is_reviewed(self, term: str) -> bool:
        """Whether people have released the term, or each word of the hashtag."""
        if not term.startswith("#"):
            return term in self._reviewed
        known = self._tags.get(term)
        if known is None:
            words = [word for word, _ in self._tag(term.strip("#"))]
            known = self._tags[term] = POINTING.search(term) is None and all(
                word in self._reviewed or word in JOINING for word in words
            )
        return known

    def is_past_doubt(self, term: str) -> bool:
        """Whether the term is reviewed and nobody's name; 糖果 is reviewed, and a missing child may be called so.

        Any other is withheld from a topic of which a post shows it to be a name.
        """
        return self.is_reviewed(term) and term.strip("#") not in _PROPER

    def may_show_headline(self, words: Sequence[str]) -> bool:
        """Whether a hot list's title may stand as it is: each of its words is reviewed, ordinary or joins others.

        That a list shows it to everyone is no leave: it may name a child.
        """
        if self._may_name(words) or self.named(words):
            return False
        return POINTING.search("".join(words)) is None and all(
            word in JOINING or word.isspace() or (len(word) > 1 and self.may_show(word, MIN_AUTHORS)) for word in words
        )

    def may_repeat(self, said: str) -> bool:
        """Whether words that another process has joined may be told again, judged by themselves.

        Each is reviewed, ordinary or joins others, together they name nobody and no place, and none that children are
        called by stands there as a name does. How many people use them only their posts could tell.

        Cost: up to a millisecond the first time.
        """
        known = self._repeated.get(said)
        if known is None:
            known = self._repeated[said] = self.is_reviewed(said) or self._judge_again(said)
            if len(self._repeated) > _MOST_REPEATED:
                del self._repeated[next(iter(self._repeated))]
        return known

    def _judge_again(self, said: str) -> bool:
        if len(said) > _MOST_JOINED or POINTING.search(said) or not self._is_joined(said, self._may_stand):
            return False
        words = [word for word, _ in self._tag(said)]
        if not _PROPER.isdisjoint(named_in(words)):
            return False
        return self._is_joined(said, self._is_known) or not self._may_name(words)

    def _may_stand(self, word: str) -> bool:
        return word in JOINING if len(word) == 1 else self.may_show(word, MIN_AUTHORS)

    def _is_known(self, word: str) -> bool:
        return word in JOINING if len(word) == 1 else word in self._reviewed

    @staticmethod
    def _is_joined(said: str, may_stand: Callable[[str], bool]) -> bool:
        """Whether it can be cut into words that may stand there."""
        reached = [True] + [False] * len(said)
        for end in range(1, len(said) + 1):
            starts = (start for start in range(max(end - _MAX_WORD, 0), end) if reached[start])
            reached[end] = any(may_stand(said[start:end]) for start in starts)
        return reached[-1] and len(said) > 1

    def named(self, words: Sequence[str]) -> frozenset[str]:
        """Those of a text's words that stand there as somebody's name does, and may be one.

        Of words that people have reviewed only such as stand there as nothing but a name does.
        """
        named = {word for word in named_in(words) if not self.is_past_doubt(word)}
        unread = (word for word in beside_child_in(words) if not self.is_reviewed(word) and self._is_noun(word))
        things = (word for word in of_child_in(words) if word in _things() and self._is_noun(word))
        return called_in(words).union(named, unread, things)

    def named_in_headline(self, words: Sequence[str]) -> frozenset[str]:
        """Those of a headline's words that may name a child, or a school or home of children, for where they stand.

        A headline is one text, and its words are told as if many had used them: so more is withheld of it than of
        posts, where what stands behind a word for a child differs from post to post.
        """
        children = (word for word in behind_child_in(words) if not self.is_past_doubt(word) and self._is_noun(word))
        places = (word for word in names_of_places_in(words) if word not in _people() and self._is_noun(word))
        people = (word for word in behind_surname_in(words) if not self.is_past_doubt(word))
        return self.named(words).union(children, places, people)

    def _is_noun(self, word: str) -> bool:
        return all(kind.startswith("n") for _, kind in self._tag(word))

    def is_name(self, term: str) -> bool:
        """Whether the term may name somebody or something: it tells more than an ordinary word as rare."""
        known = self._names.get(term)
        if known is None:
            tags = () if term in self._reviewed else self._tag(term.strip("#"))
            known = self._names[term] = any(kind.startswith(_NAMING) for word, kind in tags if not word.isdigit())
        return known

    def is_region(self, term: str) -> bool:
        """Whether the dictionary knows the term, or a word of it, as a region, a city or a country."""
        known = self._places.get(term)
        if known is None:
            known = self._places[term] = any(kind.startswith(_REGION) for _, kind in self._tag(term.strip("#")))
        return known

    def _is_ordinary(self, term: str) -> bool:
        known = self._ordinary.get(term)
        if known is None:
            known = self._ordinary[term] = self._judge(term.strip("#"))
        return known

    def _judge(self, term: str) -> bool:
        if not term or not all("\u4e00" <= character <= "\u9fff" for character in term):
            return False
        words = list(self._tag(term))
        if POINTING.search(term) or _SHORT_FOR_PLACE.search(term) or _DOUBLED.search(term):
            return False
        if self._may_name([word for word, _ in words]):
            return False
        return all(kind in _ORDINARY for _, kind in words)

    def _may_name(self, words: Sequence[str]) -> bool:
        """Whether a word that nobody has reviewed, or two side by side, may be what somebody is called.

        文静, 天赐 and 露西 are words of the dictionary and names of children; 高 明亮 is a person where both stand
        together.
        """
        if any(_is_like_name(word) for word in words if word not in self._reviewed):
            return True
        return any(one in SURNAMES and GIVEN.issuperset(other) for one, other in pairwise(words))


def _is_like_name(word: str) -> bool:
    """Whether its characters are common in given names, alone or behind a family name, or children are called so."""
    if word in _PET_NAMES or word in _PROPER or (len(word) in _FAMILY_AND_GIVEN and word[0] in "小阿"):
        return True
    given = word[1:] if len(word) in _FAMILY_AND_GIVEN and word[0] in SURNAMES else word
    return len(word) in _FAMILY_AND_GIVEN and (GIVEN.issuperset(word) or GIVEN.issuperset(given))


@lru_cache(maxsize=1)
def _things() -> frozenset[str]:
    """Reviewed words for things, of which a child may be called so."""
    things = (word for word, heading in reviewed_words().items() if heading.startswith(("General: p", "School")))
    return frozenset(things).difference(_ACTS)


@lru_cache(maxsize=1)
def _people() -> frozenset[str]:
    """Reviewed words for people: 女童 names no 小区."""
    people = (word for word, heading in reviewed_words().items() if heading.startswith("Children"))
    return frozenset(people).union(CHILDREN, PERSONS)


def reviewed_words() -> dict[str, str]:
    """The reviewed words shipped beside this module, word -> the heading it stands under. Cost: a millisecond."""
    heading, words = "", {}
    for line in (_DATA / "reviewed.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.removeprefix("#").strip()
        else:
            words.update(dict.fromkeys(line.split(), heading))
    return words
