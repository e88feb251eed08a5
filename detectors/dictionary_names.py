"""Find names that are ordinary words or foreign ones: only what stands beside 橘子 tells that a child is called so.

Reads `Sentence`, gives places. Touches nothing. Only where hardly anything but a name can stand is one believed, for
ordinary words are what texts are made of (docs/decisions/0051).
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator

from detectors.name_cues import has_children, is_of_animal, is_on_stage
from detectors.name_lists import CHILDREN, NAMING, PERSONS, PUBLIC
from detectors.signs import Sparse
from detectors.words import Sentence

__all__ = ["DICTIONARY_NAMES", "find_dictionary_names"]

_HAN = "[\u4e00-\u9fff]"
_NUMBER = "[0-9一二两三四五六七八九十]{1,3}"
_AGE = f"(?:{_NUMBER}(?:周?岁|个月)|{_NUMBER}个?半?月大)"
_MARK, _CHILD = "[,，、(（]", "|".join(sorted(CHILDREN, key=len, reverse=True))
_SEX = "[男女](?:[孩童生婴]儿?)?"
# 小名橘子，五岁; 女儿叫橘子，; 孩子名字是春风
_NAMED_ITSELF = "(?:小名|乳名|大名|全名|真名|名叫|取名|起名|名字)"  # without looks around
_NAMED = (
    "(?:小名|乳名|大名|全名|真名|(?<![馆书店校片剧歌地网品队班社])名叫|取名|起名"
    "|(?<![高多行见门听]的)名字(?=就?[叫是为]|[:：]))"
)
_SAID = f'(?:{_NAMED}(?:就?叫做?|是|为)?|(?:{_CHILD}|孩子|小孩|宝宝)叫)[:： ]?[“"「]?'
_CALLED = Sparse(
    f'{_SAID.replace(_NAMED, _NAMED_ITSELF)}{_HAN}{{2,3}}(?:{_MARK}|[。！!？?；;”"」今走失被的 \n]|$)',
    f'{_SAID}(?P<n>{_HAN}{{2,3}})(?=[,，、。！!？?；;”"」(（ ]|今年|走失|失踪|被[拐打虐抱]|的[女男孩]|\\Z)',
)
# 女孩橘子，5岁; ，橘子，女，6岁; 橘子今年七岁
# What stands behind the word; and before it, where nothing else does
_AGED = Sparse(
    f"(?:{_MARK}(?:{_SEX}{_MARK}{{1,2}})?|今年才?(?:刚满)?){_AGE}",
    f"(?:{_MARK}{{1,2}}(?:(?P<sex>{_SEX}){_MARK}{{1,2}})?|今年才?(?:刚满)?){_AGE}(?!的)",
)
_BEFORE_AGED = re.compile("(?:^|[^\u4e00-\u9fffa-z0-9]|[找寻]|[女男][孩童婴生]|女儿|儿子|孩子|宝宝)$")
# 6岁的橘子走失
_LOST = Sparse(f"岁的?{_HAN}{{2,3}}(?:走失|失踪|失联|被拐)", f"岁的?(?P<n>{_HAN}{{2,3}})(?=走失|失踪|失联|被拐)")
# 女儿叫Emily Zhang, as it is folded
_FOREIGN = Sparse(
    f"{_SAID.replace(_NAMED, _NAMED_ITSELF)}[a-z]{{2}}",
    f"{_SAID}(?P<n>[a-z]{{2,15}}(?: [a-z]{{2,15}})?)(?![a-z0-9@._/-])",
)
# Finder, and the first letters of the tags of words that are names there
_NOUNS, _ANY = ("n", "?n", "z", "a"), ("n", "?", "a", "z", "i", "l", "t", "s", "g", "v", "b", "d")
_FINDERS = ((_CALLED, _ANY), (_LOST, _NOUNS))
_NO_NOUNS = ("ns", "?ns", "nt", "ad", "vd", "vn")
DICTIONARY_NAMES = frozenset(
    (_FOREIGN.sign, _AGED.sign, *(finder.sign for finder, _ in _FINDERS))
)  # there are none without

_LOOK_BACK, _SIZES = 2, (2, 3)  # characters before a word; of a name
_PRONOUNS = frozenset("我们 你们 他们 她们 咱们 大家 自己 本人 这些 那些 有人 家人 家属 亲人 什么 这个 那个".split())  # noqa: SIM905 - it stays readable
_NO_NAMES = CHILDREN | PERSONS | NAMING | _PRONOUNS
# What a child is, has on, or has: 红色，7岁; 白血病，5岁; 二年级，8岁
_NO_NAME = re.compile(
    "某|^[一二两三四五六七八九十几半数多]|[病症癌瘤人班级园市县区省州村镇乡校岁色服衣裤裙鞋帽米斤型制籍族家户生女男孩童婴儿时日天月年号]$"
    "|^(?:今年|身高|体重|时年|年仅|年龄|现年|当时|目前|现在|其中|据说|听说|体育|性别|走失|失踪|失联|被拐|确诊|不幸|可怜|姓名)"
)


def find_dictionary_names(sentence: Sentence, signs: Collection[int]) -> Iterator[tuple[int, int]]:
    """Spans of such names, in a text of these signs."""
    if is_on_stage(sentence.whole):
        return
    for match in _FOREIGN.found_in(sentence.text, signs):
        if not is_of_animal(sentence.text, match.start("n")):
            yield match.span("n")
    for finder, tags in _FINDERS:
        for match in finder.found_in(sentence.text, signs):
            start, end = match.span("n")
            if _is_word(sentence, start, end, tags) and not is_of_animal(sentence.text, start):
                yield start, end
    for start, end in _aged(sentence, signs):
        if not is_of_animal(sentence.text, start):
            yield start, end


def _aged(sentence: Sentence, signs: Collection[int]) -> Iterator[tuple[int, int]]:
    """A noun by itself before an age: 女孩，橘子，5岁."""
    text, starts = sentence.text, sentence.starts
    for match in _AGED.found_in(text, signs):
        end = match.start()
        place = bisect_left(starts, end) - 1
        if place < 0 or not (match["sex"] or has_children(sentence.whole)):
            continue
        start = starts[place]
        is_apart = _BEFORE_AGED.search(text, max(start - _LOOK_BACK, 0), start) is not None
        if is_apart and end - start in _SIZES and _is_word(sentence, start, end, _NOUNS):
            yield start, end


def _is_word(sentence: Sentence, start: int, end: int, tags: tuple[str, ...]) -> bool:
    """Whether one word of the dictionary, that may be a name, stands there."""
    place = bisect_left(sentence.starts, start)
    if sentence.starts[place] != start or sentence.starts[place + 1] != end:
        return False
    word = sentence.words[place]
    tag = sentence.tag_of(word)
    may_be_name = word not in _NO_NAMES and word not in PUBLIC and _NO_NAME.search(word) is None
    return may_be_name and tag.startswith(tags) and not tag.startswith(_NO_NOUNS)
