"""Find names that begin with no Chinese family name: of other peoples, pet names, what a text calls a pseudonym.

Reads `Sentence`, gives places. Touches nothing.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator

from detectors.name_cues import is_of_children
from detectors.name_lists import CHILDREN, COMMON, GIVEN, NO_GIVEN, PUBLIC, SURNAMES
from detectors.sightings import sighted
from detectors.signs import Sparse
from detectors.words import Sentence, is_han

__all__ = ["find_uncommon"]


_DOTS = "·•・"
_PSEUDONYM = Sparse(
    "[(（](?:[男女][\u4e00-\u9fff]?[,，、 ])?(?:均?为?化名|应?要求化名|小名|乳名)",
    r"([\u4e00-\u9fff]{1,4})[(（](?:[男女][\u4e00-\u9fff]?[,，、 ])?(?:均?为?化名|应?要求化名|小名|乳名)",
)
_KIN = "|".join(
    sorted(CHILDREN | {"小女儿", "大女儿", "小儿子", "大儿子", "女娃", "男娃", "宝宝", "孩子"}, key=len, reverse=True)
)
_QUOTED = Sparse(f'(?:{_KIN})[“"「‘][\u4e00-\u9fff]{{2,3}}[”"」’]', f'(?:{_KIN})[“"「‘]([\u4e00-\u9fff]{{2,3}})[”"」’]')
# The name of a child beside an age, also one that somebody of public life has: 儿子高翔，7岁
_OF_AGED = "(?:女儿|儿子|孩子|女孩|男孩|女童|男童|闺女|弟弟|妹妹|(?:寻人启事|失踪儿童|走失儿童|患儿)[: ]{0,2})"
_AGE = "[,，、(（ ]{1,2}(?:[男女][,，、 ]{0,2})?[0-9一二两三四五六七八九十]{1,3}(?:周?岁|个月)"
_AGED = Sparse(f"{_OF_AGED}[\u4e00-\u9fff]{{2,3}}{_AGE}", f"{_OF_AGED}(?P<n>[\u4e00-\u9fff]{{2,3}}){_AGE}")
_LEAST, _MOST = 2, 4  # characters of a pseudonym
_DOUBLED = Sparse("|".join(given * 2 for given in sorted(GIVEN)), f"([{re.escape(''.join(GIVEN))}])\\1")


def find_uncommon(sentence: Sentence, signs: Collection[int]) -> Iterator[tuple[int, int]]:
    """Spans of such names, in a text of these signs."""
    yield from _composed(sentence)
    if _DOUBLED.sign in signs and is_of_children(sentence.whole):
        yield from _doubled(sentence)
    if _AGED.sign in signs:
        yield from _aged(sentence)
    if _PSEUDONYM.sign in signs:
        yield from _pseudonyms(sentence)
    if _QUOTED.sign in signs:
        yield from _pet_names(sentence)


def _composed(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Two parts in a row are a name (扎西卓玛), and so is one beside a dot; one is a place or a thing as often."""
    text = sentence.text
    start = end = parts = 0
    found = sighted(text).parts
    if not found:
        return
    for begin, stop in (*found, (len(text) + 2, 0)):
        if parts and begin - end <= 1 and (begin == end or text[end] in _DOTS):
            end, parts = stop, parts + 1
            continue
        whole = _with_dots(sentence, start, end) if parts else (start, end)
        if parts > 1 or whole != (start, end):
            yield whole
        start, end, parts = begin, stop, 1


def _with_dots(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The same with the words beyond the dots on either side."""
    text, starts = sentence.text, sentence.starts
    if end + 1 < len(text) and text[end] in _DOTS:
        place = bisect_left(starts, end + 1)
        if starts[place] == end + 1 and is_han(sentence.words[place]):
            end = starts[place + 1]
    if start > 1 and text[start - 1] in _DOTS:
        place = bisect_left(starts, start - 1)
        if starts[place] == start - 1 and is_han(sentence.words[place - 1]):
            start = starts[place - 1]
    return start, end


def _doubled(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """A family name and a doubled character, cut apart (为苗 禾 禾 发声) or taken for a name (母晓晓)."""
    starts = sentence.starts
    for match in _DOUBLED.pattern.finditer(sentence.text):
        start, end = match.start() - 1, match.end()
        if start < 0 or not is_han(sentence.text[start]):
            continue
        last = bisect_left(starts, end)
        first = bisect_left(starts, start + 1) - 1
        if starts[last] != end or sentence.text[start] == sentence.text[start - 1 : start]:
            continue  # 平安 安全, 华华丽丽
        words = sentence.words[first:last]
        tags = list(map(sentence.tag_of, words))
        is_apart = all(len(word) == 1 or tag.startswith("?") for word, tag in zip(words, tags, strict=True))
        family = sentence.text[start]
        is_family = family in SURNAMES and family not in COMMON and len(words) > 1
        if is_apart and (is_family or (len(words) == 1 and starts[first] == start and tags[0].startswith("?nr"))):
            yield start, end


def _aged(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """A family and a given name, which the dictionary has for a name or not at all, between a child and an age."""
    for match in _AGED.pattern.finditer(sentence.text):
        name = match["n"]
        if name[0] in SURNAMES and GIVEN.issuperset(name[1:]) and sentence.tag_of(name).startswith(("nr", "?")):
            yield match.span("n")


def _pseudonyms(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """What stands before 化名 in brackets: the word, or the two before where the first is a single character."""
    for match in _PSEUDONYM.pattern.finditer(sentence.text):
        end = match.end(1)
        last = bisect_left(sentence.starts, end)
        if sentence.starts[last] != end:
            continue
        first = last - 1
        if end - sentence.starts[first] < _LEAST and first > 0:
            first -= 1
        start = sentence.starts[first]
        if match.start(1) <= start and _LEAST <= end - start <= _MOST:
            yield start, end


def _pet_names(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """A noun in quotation marks behind a word for a child: 小女儿“天赐”; what it does stands there as well."""
    for match in _QUOTED.pattern.finditer(sentence.text):
        word = match[1]
        tag = sentence.tag_of(word)
        if tag.startswith(("n", "?n", "z")) and NO_GIVEN.isdisjoint(word) and word not in PUBLIC:
            yield match.span(1)
