"""Find names of private persons among a text's words.

Reads `Sentence`, gives spans. Touches nothing but the lists beside it. A word is taken for a name when it begins with
a family name and the dictionary lacks it, or when something near it says that a name stands there (女儿, 寻找, 7岁 …:
`detectors.name_cues`). People of public life stay where nothing says that a private namesake is meant. What it finds
and misses: docs/decisions/0010, 0014.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from itertools import islice

from detectors import name_cues as cues
from detectors.dictionary_names import DICTIONARY_NAMES, find_dictionary_names
from detectors.name_hints import CALLED, FAMILY, FUNCTION, HIDING, JOINED, NO_NAME, PET
from detectors.name_lists import COMMON, COMPOUND, GIVEN, NO_GIVEN, PLACES, SURNAMES
from detectors.name_model import MOST_TRIES, is_unlikely, likely_names
from detectors.numbers import Span
from detectors.sightings import sighted
from detectors.spelt_names import SPELT_OUT, find_spelt_out
from detectors.uncommon_names import find_uncommon
from detectors.words import Sentence, is_han

__all__ = ["find_by_rule", "find_names"]

_SHORT_NAME, _FULL_NAME, _MAX_NAME = 2, 3, 4  # characters: 王芳, 陈小雨, 欧阳慕云
_COUNTING = "一二两三四五六七八九十几这那每合半多0123456789"
_BEHIND_DOT = re.compile("[·•・][\u4e00-\u9fff]{1,5}")


def find_names(sentence: Sentence, signs: Collection[int]) -> Iterator[Span]:
    """Spans of names, and of every other place where a name found stands; `signs` are those of the sentence's text."""
    text = sentence.text
    found = dict.fromkeys(find_by_rule(sentence, signs))
    found.update(dict.fromkeys(likely_names(sentence, found)))
    if not found:
        return
    found = dict.fromkeys(_with_third(sentence, start, end) for start, end in found)
    yield from (Span(start, end, "name") for start, end in found)
    for name in {text[start:end] for start, end in found}:
        yield from _again(sentence, name)


def _with_third(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The same with the character that the segmenter cut off: 王梓 萱."""
    place = bisect_left(sentence.starts, end)
    if end - start != _SHORT_NAME or sentence.starts[place] != end or place == len(sentence.words):
        return start, end
    third = sentence.words[place]
    is_given = (
        len(third) == 1
        and is_han(third)
        and third not in NO_GIVEN
        and third not in "男女"
        and sentence.tag_of(third)[:1] in "n?gz"
    )
    return (start, end + 1) if is_given and sentence.text[start] in SURNAMES else (start, end)


def find_by_rule(sentence: Sentence, signs: Collection[int]) -> Iterator[tuple[int, int]]:
    """Spans of the names that a rule knows; what is left `detectors.name_model` weighs."""
    known: dict[str, tuple[int, ...]] = {}
    likely: dict[str, bool] = {}
    tried: dict[str, int] = {}
    for start, end in _among_words(sentence):
        if not _is_known_elsewhere(sentence, start, end, known):
            name = sentence.text[start:end]
            # it is a name wherever it stands once it is likely in one place
            if not likely.get(name) and tried.get(name, 0) < MOST_TRIES:
                tried[name] = tried.get(name, 0) + 1
                is_cued = cues.is_beside_cue(sentence.text, start, end)
                is_apart = sentence.text[end : end + 1] in {",", "，", "(", "（", "、"}
                is_beyond_doubt = is_apart and len(name) == _FULL_NAME and cues.has_particulars(sentence.text, end)
                likely[name] = is_beyond_doubt or not is_unlikely(sentence, start, end, is_cued=is_cued)
            if likely[name]:
                yield start, end
    yield from _called(sentence)
    if sighted(sentence.text).people:
        yield from _across_words(sentence)
    if not SPELT_OUT.isdisjoint(signs):
        yield from find_spelt_out(sentence.text, signs)
    yield from find_uncommon(sentence, signs)
    if not DICTIONARY_NAMES.isdisjoint(signs):
        yield from find_dictionary_names(sentence, signs)


def _is_known_elsewhere(sentence: Sentence, start: int, end: int, known: dict[str, tuple[int, ...]]) -> bool:
    """Whether the text says at another place that it is somebody of public life: an officer, an author.

    `known` remembers where it says so of each name: a name may stand in a text ten thousand times.
    """
    text, name = sentence.text, sentence.text[start:end]
    if name not in known:
        known[name] = tuple(islice(_known_places(sentence.whole, name), 2))
    return any(place != sentence.offset + start for place in known[name]) and not cues.is_beside_cue(text, start, end)


def _known_places(text: str, name: str) -> Iterator[int]:
    """Where the text says that the name is one of public life; -1 for a place that says so of itself as well."""
    place = text.find(name)
    while place >= 0:
        if text.startswith("《", place + len(name)):
            yield -1
        elif cues.is_public_by_cue(text, place):
            yield place
        place = text.find(name, place + 1)


def _again(sentence: Sentence, name: str) -> Iterator[Span]:
    """Where a name found stands again, and the given name alone: 张小东 is also 小东."""
    given = name[1:] if len(name) == _FULL_NAME and name[0] in SURNAMES else ""
    is_word = given != "" and not sentence.tag_of(given).startswith(("?", "nr"))
    for form in (name,) if not given or is_word else (name, given):
        start = sentence.text.find(form)
        while start >= 0:
            yield Span(start, start + len(form), "name")
            start = sentence.text.find(form, start + len(form))


def _among_words(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Words that begin with a family name, or hide one behind their first character."""
    for place, hint in sentence.hinted:
        if not hint & (FAMILY | JOINED | HIDING):
            continue
        if hint & FAMILY:
            candidate = _candidate(sentence, place)
        else:
            candidate = _joined(sentence, place) if hint & JOINED else _hidden_behind(sentence, place)
        if candidate is None:
            continue
        start, end, is_sure = candidate
        if _is_private(sentence, start, end, is_sure=is_sure):
            yield start, end


def _called(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """What somebody is called, family name or none: 女孩叫蓉蓉, 校长：达洼, 男孩丹尼尔."""
    text = sentence.text
    is_of_children, seen = cues.is_of_children(sentence.whole), sighted(text)
    for place, hint in sentence.hinted:
        if not hint & CALLED:
            continue
        start = sentence.starts[place]
        if hint & PET and is_of_children:
            yield start, sentence.starts[place + 1]
            continue
        is_introduced = cues.is_introduced(text, start) and not cues.is_of_animal(text, start)
        is_told = start in seen.child_ends and _is_of_child(sentence, place)
        is_behind_person = is_of_children and start in seen.person_ends and _is_given_alone(sentence, place)
        if is_introduced or is_told or is_behind_person:
            further = _BEHIND_DOT.match(text, sentence.starts[place + 1])
            yield start, further.end() if further else sentence.starts[place + 1]


def _across_words(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Behind a word for a person that the segmenter did not see: 肇事车 主王 云岗."""
    text, starts = sentence.text, sentence.starts
    for start in sighted(text).people:
        if start == len(text) or text[start] not in SURNAMES or starts[bisect_left(starts, start)] == start:
            continue
        given = text[start + 1 : start + _FULL_NAME]
        if len(given) == _SHORT_NAME and is_han(given) and NO_GIVEN.isdisjoint(given) and not GIVEN.isdisjoint(given):
            yield start, start + _FULL_NAME


def _is_private(sentence: Sentence, start: int, end: int, *, is_sure: bool) -> bool:
    """Whether what may be a name here is one, and of a private person."""
    text = sentence.text
    is_named = is_sure or cues.is_named(text, start, end)
    has_age = cues.follows_age(text, start) or cues.has_particulars(text, end)
    if not (is_named or has_age) or NO_NAME.search(text[start:end]) or cues.names_thing(text, end):
        return False
    if cues.is_public_name(text, start, end):
        return has_age and not cues.is_on_stage(sentence.whole)
    if not is_sure:
        return is_named
    if cues.is_public_by_cue(text, start):
        return False
    return cues.is_cued(text, start, end) or not (cues.is_on_stage(sentence.whole) or cues.is_title(text, start, end))


def _candidate(sentence: Sentence, place: int) -> tuple[int, int, bool] | None:
    """(start, end, whether the word alone says that it is a name) of what may be one here."""
    words, starts = sentence.words, sentence.starts
    word = words[place]
    if len(word) > 1 and word not in COMPOUND:
        is_name = word[0] in SURNAMES or word[:2] in COMPOUND
        return (_joined(sentence, place) or _of_word(sentence, place)) if is_name else None
    following = words[place + 1] if place + 1 < len(words) else ""
    if len(following) not in (1, 2) or not NO_GIVEN.isdisjoint(following) or not is_han(following):
        return None
    if word in COMPOUND:  # 欧阳 慕云, 欧阳 若 兮
        further = words[place + 2] if place + 2 < len(words) else ""
        is_longer = len(following) == len(further) == 1 and following in GIVEN and further in GIVEN
        return starts[place], starts[place + 3 if is_longer else place + 2], True
    return _joined(sentence, place) or _of_single(sentence, place, following)


def _joined(sentence: Sentence, place: int) -> tuple[int, int, bool] | None:
    """As `_candidate`, of a name that the segmenter cut apart, behind a word for a person: 继父 詹 国庆."""
    word, start = sentence.words[place], sentence.starts[place]
    if place + 1 == len(sentence.words) or len(word) > _SHORT_NAME or word[0] not in SURNAMES:
        return None
    if not cues.is_role_before(sentence.text, start):
        return None
    tag, further = sentence.tag_of(word), sentence.words[place + 1]
    if len(word) == 1:
        is_name = tag[:1] not in FUNCTION and (len(further) == _SHORT_NAME or sentence.starts[place + 2] < start + 3)
    elif len(further) == 1:
        is_name = tag.startswith(("?", "nr", "nz")) or sentence.tag_of(further)[:1] in ("?", "g", "n")
    else:
        is_name = tag.startswith(("?", "nr", "nz")) and sentence.tag_of(further).startswith("?")
    given = sentence.text[start + 1 : start + _FULL_NAME]
    is_given = len(given) == _SHORT_NAME and is_han(given)
    if not is_name or not is_given or GIVEN.isdisjoint(given) or not NO_GIVEN.isdisjoint(given):
        return None
    return start, start + _FULL_NAME, True


def _of_single(sentence: Sentence, place: int, following: str) -> tuple[int, int, bool] | None:
    """As `_candidate`, of a family name that stands as a word of its own."""
    words, starts = sentence.words, sentence.starts
    word, start = words[place], starts[place]
    is_common = word in COMMON
    is_given = len(following) > 1 and (_is_given(sentence.tag_of(following)) or following[0] == following[-1])
    is_told = is_given and (cues.follows_age(sentence.text, start) or cues.is_role_before(sentence.text, start))
    is_link = is_common and sentence.tag_of(word)[:1] in FUNCTION
    if is_common and following[0] in SURNAMES and (is_link or not is_told):  # 和 姚笛: the next word is one for itself
        return None
    if is_link and len(following) > 1 and not is_given:  # 都 希望
        return None
    if len(following) > 1:  # 颜 艳红
        return start, starts[place + 2], is_told or (_is_given(sentence.tag_of(following)) and not is_common)
    if is_common and sentence.tag_of(following)[:1] in FUNCTION:  # 都 会 和 家人
        return None
    further = words[place + 2] if place + 2 < len(words) else ""
    is_three = len(further) == 1 and is_han(further) and further not in NO_GIVEN
    is_three = is_three and not (is_common and sentence.tag_of(further)[:1] in FUNCTION)
    return start, starts[place + 3 if is_three else place + 2], False


def _of_word(sentence: Sentence, place: int) -> tuple[int, int, bool] | None:
    """As `_candidate`, of a word that begins with a family name."""
    word, start = sentence.words[place], sentence.starts[place]
    tag = sentence.tag_of(word)
    if not tag.startswith("?"):
        return _of_known(sentence, place) if tag.startswith("nr") and len(word) < _MAX_NAME else None
    family = 2 if word[:2] in COMPOUND else 1
    size = min(len(word), family + 2)
    while size > family and word[size - 1] in NO_GIVEN:
        size -= 1
    if size == family or not NO_GIVEN.isdisjoint(word[family:size]):
        return None
    end = start + size
    if size == len(word) == _SHORT_NAME and _ends_with_single(sentence, place):  # 黄傲 雪
        return start, end + 1, tag.startswith("?nr") and _is_surely(sentence, place, end + 1)
    if word[:_SHORT_NAME] in PLACES or word[:_FULL_NAME] in PLACES:  # 唐山仅
        return None
    if word[0] == "张" and start > 0 and sentence.text[start - 1] in _COUNTING:  # 合张影
        return None
    return start, end, _is_surely(sentence, place, end)


def _is_surely(sentence: Sentence, place: int, end: int) -> bool:
    """Whether a word that the dictionary lacks is a name for its own sake, up to `end`."""
    word, start, text = sentence.words[place], sentence.starts[place], sentence.text
    tag, is_common = sentence.tag_of(word), word[0] in COMMON
    if end - start > _SHORT_NAME:
        is_told = not is_common and (cues.is_role_before(text, start) or cues.follows_age(text, start))
        is_likely = not is_common or not GIVEN.isdisjoint(text[start + 1 : end])
        return (is_likely and tag.startswith(("?nr", "?ns", "?nz"))) or is_told
    if not tag.startswith("?nr"):
        return False
    if is_common and not (cues.is_isolated(text, start, end) or cues.follows_age(text, start)):
        return False
    return word[1] in GIVEN or cues.is_named(text, start, end)


def _of_known(sentence: Sentence, place: int) -> tuple[int, int, bool] | None:
    """As `_candidate`, of a personal name of the dictionary: most are there for they are of public life."""
    word, start, text = sentence.words[place], sentence.starts[place], sentence.text
    end = start + len(word)
    is_foreign = sentence.tag_of(word) == "nrt"  # 伊拉克, 霍华德
    is_plain = not is_foreign and word[0] not in COMMON and NO_GIVEN.isdisjoint(word[1:]) and word[0] != word[1]
    is_told = cues.is_role_before(text, start) or cues.follows_age(text, start)
    is_sure = is_plain and (is_told or (len(word) == _FULL_NAME and GIVEN.issuperset(word[1:])))
    return (start, end, is_sure) if is_sure or is_told or cues.has_particulars(text, end) else None


def _hidden_behind(sentence: Sentence, place: int) -> tuple[int, int, bool] | None:
    """A name that the segmenter joined with the character before it: 人高敬德."""
    word, start = sentence.words[place], sentence.starts[place]
    is_family = word[1] in SURNAMES and (word[1] not in COMMON or GIVEN.issuperset(word[2:]))
    if is_family and sentence.tag_of(word).startswith("?nr"):
        return start + 1, start + len(word), True
    return None


def _ends_with_single(sentence: Sentence, place: int) -> bool:
    """Whether one more character of a name stands between the word and the next mark of punctuation."""
    words = sentence.words
    if place + 1 >= len(words) or len(words[place + 1]) > 1 or not is_han(words[place + 1]):
        return False
    single, start = words[place + 1], sentence.starts[place]
    if not cues.is_closed(sentence.text, sentence.starts[place + 2]) and not cues.is_role_before(sentence.text, start):
        return False
    return single not in NO_GIVEN and sentence.tag_of(single)[:1] not in f"{FUNCTION}q"


def _is_given(tag: str) -> bool:
    """Whether the two characters behind a family name may be a given name for their own sake."""
    return tag.startswith(("nr", "nz", "?nr", "?nz"))


def _is_given_alone(sentence: Sentence, place: int) -> bool:
    """Whether the word, right behind one for a person, is a given name: 同学诗涵."""
    word = sentence.words[place]
    return len(word) == _SHORT_NAME and GIVEN.issuperset(word) and sentence.tag_of(word).startswith("?n")


def _is_of_child(sentence: Sentence, place: int) -> bool:
    """Whether the word, right behind one for a child, is the child's name: 男孩丹尼尔, 女孩芊芊."""
    word = sentence.words[place]
    tag = sentence.tag_of(word)
    is_long = len(word) >= _FULL_NAME or word[0] == word[-1]
    return tag.startswith("?nr") or (tag.startswith("nr") and is_long)
