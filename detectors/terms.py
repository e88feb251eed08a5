"""Choose the countable terms of a post.

Reads the words of `Segmenter.cut` and the hashtags of `CleanText`, gives terms. Touches nothing but the
stop words shipped beside it.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from detectors.word_lists import words_in

__all__ = [
    "MAX_TERMS",
    "alone",
    "denied_in",
    "is_place",
    "joints_of",
    "names_of_places_in",
    "runs_of",
    "tells_sort",
    "terms_of",
]

MAX_TERMS = 60  # a long article must not weigh on the window store like hundreds of posts
MAX_CACHED = 1 << 16  # verdicts kept: most words of a day recur

_STOP_WORDS, _DENYING = frozenset(words_in("stopwords.txt")), frozenset(words_in("denying.txt"))
_TURNING = _DENYING.union(words_in("turning.txt"))
_UNFINISHED = frozenset(words_in("unfinished.txt"))

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_WORD = re.compile(rf"(?=.{{0,19}}[{_HAN}])[\w-]{{2,20}}|[a-z]{{2,20}}")  # 2-20 characters, one of them Han; or Latin
_SPELT = re.compile("[零一二三四五六七八九十百千万亿两廿幺壹贰叁肆伍陆柒捌玖拾]{3}")  # a number in words: 一三八

_PLACE_LINES = (Path(__file__).parent / "data" / "places.txt").read_text(encoding="utf-8").split("\n# ")
_KINDS, _MIDDLES, _SORTS, _CAMPS = (frozenset(section.partition("\n")[2].split()) for section in _PLACE_LINES[1:])
_NAMELESS = _STOP_WORDS | _MIDDLES | _SORTS
_NAME = re.compile(rf"[{_HAN}]{{2,8}}")

_LEADING = frozenset("被把对向从让使给将")  # before those by or to whom something was done

_TAG_CHARS = range(2, 31)
_MAX_RUN = 4  # digits in a row a hashtag may hold: a year, not a phone number


def terms_of(words: Sequence[str], hashtags: Sequence[str]) -> tuple[str, ...]:
    """The distinct terms a post is counted under; called once a post.

    A word counts when it has 2-20 characters, one of them Han, or is 2-20 Latin letters; when it is no stop
    word; and when it holds no digit of any script, so that no phone number or id ever becomes a term. A
    hashtag of 2-30 characters counts as one term "#…#" unless it holds five digits in a row.

    A word directly before a kind of place (芦花 小学) counts joined with it as well, so that whoever shows terms
    knows that the word names one place.

    Args:
        words: of the cleaned text, punctuation and white space among them, in order.
        hashtags: cleaned, without their marks.

    Returns:
        At most MAX_TERMS: hashtags and places first, so that a long text does not push them out, then words,
        each in the order first seen.

    Cost: one cached look-up a word.

    >>> terms_of(["今天", "校园欺凌", "的", "13800138000", "校园欺凌"], ["开学第一课"])
    ('#开学第一课#', '校园欺凌')
    """
    tags = (f"#{hashtag}#" for hashtag in hashtags if _is_topic(hashtag))
    places = () if _KINDS.isdisjoint(words) else _places_of(words)
    found = dict.fromkeys((*tags, *places, *filter(_is_term, words)))
    return tuple(found)[:MAX_TERMS]


def joints_of(words: Sequence[str], terms: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Which terms stand side by side, as places in `terms`, wherever both are words of the text.

    Nothing stands between them, and directly before them nothing that turns their sense ("被", "没有", "否认"), not
    once in the text: a title may then say them in one breath.

    Cost: one look-up a word.

    >>> words = ["幼童", "惨遭", "毒打", "，", "老师", "没有", "殴打", "学生"]
    >>> joints_of(words, ("幼童", "惨遭", "毒打", "殴打", "学生"))
    ((0, 1), (1, 2))
    """
    place = {term: number for number, term in enumerate(terms)}
    found: dict[tuple[int, int], bool] = {}
    for before, one, other in zip(("", *words), words, words[1:], strict=False):
        if one in place and other in place and one != other:
            pair = (place[one], place[other])
            found[pair] = found.get(pair, True) and _TURNING.isdisjoint((before, one, other))
    return tuple(pair for pair, is_plain in found.items() if is_plain)


def runs_of(words: Sequence[str], shown: Collection[str], joining: Collection[str]) -> list[tuple[str, ...]]:
    """The stretches of a headline that may be told as they stand there.

    A stretch is made of shown words and the characters that join them, and begins and ends with a shown word. Where
    what stands before it, not shown, turns its sense, its words stay apart. So does, where a word that is not shown
    stands between, by or to whom something was done ("学生被同桌" of "学生被同桌用热汤烫伤"), and behind an earlier
    stretch of the clause what seems to suffer ("邻居被拘留" of "打伤三名邻居被拘留", "水车被判" of "推下水车被判").
    What is denied is not told where the denial is not ("认罪" of "拒不认罪"), nor a word that waits for the next one of
    its clause where that one is not ("带上" of "离家出走带上存折").

    >>> runs_of(["学生", "被", "同桌", "用", "热汤", "烫伤"], {"学生", "同桌", "热汤", "烫伤"}, {"被"})
    [('学生',), ('同桌',), ('热汤', '烫伤')]
    >>> runs_of(["打伤", "三名", "邻居", "被", "拘留"], {"打伤", "邻居", "拘留"}, {"被"})
    [('打伤',), ('邻居',), ('拘留',)]
    >>> runs_of(["抛向", "大", "货车", "被判", "死刑"], {"抛向", "货车", "被判", "死刑"}, {"被"})
    [('抛向',), ('货车',), ('被判', '死刑')]
    >>> runs_of(["校方", "否认", "学生", "中毒", "，", "女童", "被", "拐走"], {"学生", "中毒", "女童", "拐走"}, {"被"})
    [('学生',), ('中毒',), ('女童', '被', '拐走')]
    >>> runs_of(["凶手", "拒不", "认罪", "，", "女生", "未", "到场"], {"凶手", "认罪", "女生", "到场"}, {"未"})
    [('凶手',), ('女生', '未', '到场')]
    >>> runs_of(["离家出走", "带上", "存折", "，", "行李", "带上"], {"离家出走", "带上", "行李"}, {"被"})
    [('离家出走',), ('行李', '带上')]
    """
    runs: list[tuple[str, ...]] = []
    run: list[str] = []
    before, is_begun = "", False
    for word in (*words, ""):
        if (word in shown and (run or before not in _DENYING)) or (run and word in joining):
            run.append(word)
            continue
        is_cut = word[:1].isalnum()  # by a word; a mark ends the clause, and cuts nothing off
        told = _stretches(_trimmed(run, shown), shown, before=before, is_cut=is_cut, is_begun=is_begun)
        runs += told
        run, before, is_begun = [], word, is_cut and (is_begun or bool(told))
    return runs


def _stretches(
    run: list[str], shown: Collection[str], *, before: str, is_cut: bool, is_begun: bool
) -> list[tuple[str, ...]]:
    """What of a stretch may stand together; `is_begun` says that an earlier one stands in its clause."""
    apart: list[tuple[str, ...]] = []
    while is_cut and run and run[-1] in _UNFINISHED:
        run = _trimmed(run[:-1], shown)
    if is_cut and len(run) > 1 and run[-2] in _LEADING:
        run, apart = _trimmed(run[:-2], shown), [(run[-1],)]
    if before in _TURNING:
        return [*alone(run, shown), *apart]
    if is_begun and len(run) > 1 and run[1].startswith("被"):
        return [(run[0],), tuple(run[2:] if run[1] == "被" else run[1:]), *apart]
    return [*([tuple(run)] if run else []), *apart]


def alone(run: Sequence[str], shown: Collection[str]) -> list[tuple[str, ...]]:
    """The shown words of a stretch, each by itself; none that is denied there.

    >>> alone(["女生", "未", "到场"], {"女生", "到场"})
    [('女生',)]
    """
    return [(word,) for before, word in zip(("", *run), run, strict=False) if word in shown and before not in _DENYING]


def denied_in(words: Sequence[str]) -> frozenset[str]:
    """The words of a headline that it denies.

    >>> denied_in(["凶手", "拒不", "认罪"])
    frozenset({'认罪'})
    """
    return frozenset(word for before, word in pairwise(words) if before in _DENYING)


@lru_cache(maxsize=MAX_CACHED)
def is_place(term: str) -> bool:
    """Whether a term may be the name of one school, hospital, village or street.

    >>> is_place("芦花小学"), is_place("小学"), is_place("农村小学")
    (True, False, False)
    """
    kind = next((kind for size in range(4, 0, -1) if (kind := term[-size:]) in _KINDS), "")
    return len(kind) > 0 and len(term) >= len(kind) + 2 and term[: -len(kind)] not in _NAMELESS


def names_of_places_in(words: Sequence[str]) -> frozenset[str]:
    """The words of a headline that name one school, home, camp, village or estate: what stands before its kind.

    >>> sorted(names_of_places_in(["杏花", "福利院", "虐童", "，", "矿山", "儿童", "夏令营", "，", "农村", "小学"]))
    ['杏花', '矿山']
    """
    ends = (end for end, word in enumerate(words) if word in _KINDS or word in _CAMPS)
    return frozenset(words[start] for end in ends if (start := _name_before(words, end)) >= 0)


def tells_sort(word: str) -> bool:
    """Whether a word says which sort of place, and names and is none.

    >>> tells_sort("农村"), tells_sort("学校"), tells_sort("芦花")
    (True, False, False)
    """
    return word in _SORTS and word not in _KINDS


def _places_of(words: Sequence[str]) -> list[str]:
    places = [_place_at(words, end) for end, word in enumerate(words) if word in _KINDS]
    return [place for place in places if place]


def _place_at(words: Sequence[str], end: int) -> str:
    """The place that the kind at `end` ends, with its name; "" where no name stands before it."""
    start = _name_before(words, end)
    place = "".join(words[start : end + 1]) if start >= 0 else ""
    return place if _is_term(place) else ""


def _name_before(words: Sequence[str], end: int) -> int:
    """Where the word stands that names the place whose kind stands at `end`; -1 where none does."""
    start = end - 1
    while start > 0 and words[start] in _MIDDLES:
        start -= 1
    return start if start >= 0 and _is_name(words[start]) else -1


@lru_cache(maxsize=MAX_CACHED)
def _is_name(word: str) -> bool:
    """Whether a word before a kind of place may name it."""
    return _NAME.fullmatch(word) is not None and word not in _NAMELESS


@lru_cache(maxsize=MAX_CACHED)
def _is_term(word: str) -> bool:
    if _WORD.fullmatch(word) is None or word in _STOP_WORDS:
        return False
    return _SPELT.search(word) is None and not any(map(_is_digit, word))


def _trimmed(run: list[str], shown: Collection[str]) -> list[str]:
    """Up to its last shown word."""
    return run[: max((place for place, word in enumerate(run, 1) if word in shown), default=0)]


@lru_cache(maxsize=MAX_CACHED)
def _is_topic(hashtag: str) -> bool:
    return len(hashtag) in _TAG_CHARS and _longest_run(hashtag) <= _MAX_RUN


def _longest_run(hashtag: str) -> int:
    """Digits in a row; separators do not break a row: 138-0013-8000 is one number."""
    longest = run = 0
    for character in hashtag:
        if character not in " -_./":
            run = run + 1 if _is_digit(character) else 0
            longest = max(longest, run)
    return longest


def _is_digit(character: str) -> bool:
    """Any number of any script (٣, ①, Ⅳ, 〇) but the Han numerals, which ordinary words are made of."""
    return unicodedata.category(character).startswith("N")
