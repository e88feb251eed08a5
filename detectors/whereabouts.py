"""Find where a child is to be found: schools and classes, addresses finer than a district, wards and beds.

Reads `Sentence` and its text with spelt digits, gives spans. Touches nothing but the word lists beside it.
What names a province, city, district or county stays; what follows it goes.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

from msgspec.structs import replace

from detectors.disguise import Reading
from detectors.name_lists import PLACES
from detectors.numbers import Span
from detectors.signs import Sparse
from detectors.words import Sentence, is_han

__all__ = ["find_places", "hint_of"]


def _sections(name: str) -> list[str]:
    """The word lists of a file beside this module, as text, in order."""
    return (Path(__file__).parent / "data" / name).read_text(encoding="utf-8").split("\n# ")[1:]


def _words_of(section: str) -> list[str]:
    return section.partition("\n")[2].split()


_LISTS = [_words_of(section) for section in _sections("whereabouts.txt")]
_SCHOOLS, _STREETS, _ROADS, _HOUSES = map(tuple, _LISTS[:4])
_LANDMARKS, _SHOPS, _CHAINS, _GENERIC, _WIDE, _NATIONAL = map(frozenset, _LISTS[4:])
_, _MIDDLES, _SORTS, _ = (frozenset(_words_of(section)) for section in _sections("places.txt"))
_ENDS = (*_SCHOOLS, *_STREETS, *_HOUSES)
_SUFFIX = re.compile(f"(?:{'|'.join(sorted(_ENDS, key=len, reverse=True))})$")
_NUMBERED = re.compile("(?:第?[一二三四五六七八九十0-9]{1,3}[中小]|附[中小]|完小|实[小中])$")
_DISTRICT = re.compile("[省市区县州盟旗]$")
_KINDS_OF_ONE_CHARACTER = frozenset(street for street in _STREETS if len(street) == 1)
_CHILD = re.compile(
    "[孩童婴幼弟爸]|妹妹|孕妇|母女|母子|宝宝|女儿|儿子|学生|中学|小学|妈妈|家长|少年|少女|未成年|小朋友|女生|父母"
)
_OF_SCHOOLS = ("小学", "中学", "幼儿园")  # what stands before these is a name, be it an ordinary word: 芦花小学
PLACE, WITHIN = 16, 64  # what `hint_of` says of a word, beside those of `detectors.name_hints`
_OF_PLACES = PLACE | WITHIN
# A kind of school at the head of a word: 小学老师 is one to the dictionary
_WITHIN = re.compile("(?:小学|中学|初中|高中)(?:老师|教师|校长|校园|同学|学生|女生|男生)$")
_WINDOW = 8  # words before a place that tell what it is called
_PEOPLE = re.compile("孩|童$|儿$|生$|娃|婴|父|母|爸|妈|家长|老师|朋友")  # 男孩 幼儿园 is no kindergarten's name
_NO_SCHOOL = re.compile("(?:一中考|一小[时公部家]|二小时|高中[考状])")  # 绵阳 一中 考生: cut in the wrong place
_MAX_NAME_WORDS = 3
_NEAR_HOME = 14  # characters between "lives in" and the place

_UNIT = "(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|层|组|队|户)"
_TAIL = re.compile(rf"[ ,，]?(?:[a-z]?[0-9]{{1,5}}(?:-[0-9]{{1,4}})?{_UNIT}){{1,6}}(?:附近|门口|对面|旁边)?")
_NUMERALS = "0-9一二三四五六七八九十百零"
_HOUSE = Sparse(
    "(?:路|街|大道|巷|胡同)[0-9一二三四五六七八九十百零]",
    "(?:(?![省市区县在到住去])[\u4e00-\u9fff]){2,4}(?:路|街|大道|巷|胡同)"
    f"(?:[0-9]{{1,5}}(?:(?:号|弄)(?!线)(?:[a-z]?[0-9]{{1,5}}{_UNIT}){{0,4}}|-[0-9]{{1,5}}号?)|[{_NUMERALS}]{{2,6}}号(?:[{_NUMERALS}]{{1,3}}[楼层])?)",
)
_ROOMS = Sparse(
    "[0-9一二三四五六七八九十](?:号楼|栋|幢|座|单元|弄)[a-z]?[0-9]",
    "(?:[a-z]?[0-9]{1,4}|[一二三四五六七八九十]{1,3})(?:号楼|栋|幢|座|单元|弄)"
    "(?:[a-z]?[0-9]{1,5}(?:单元|室|号|楼|层|户)?){1,4}",
)
# A flat by its numbers alone, and what it belongs to: 翠湖名邸3-1-502, 云溪国际b座1203; no date
_FLAT = Sparse(
    "[0-9]-[0-9]{1,2}-[0-9]{3}|[a-z]座[0-9]{3}",
    "(?:(?![省市区县在到住去])[\u4e00-\u9fff]){2,6}(?:[0-9]{1,2}-[0-9]{1,2}-(?!(?:19|20)[0-9]{2})[0-9]{3,4}(?![0-9-])室?"
    "|[a-z]座[0-9]{3,4}(?![0-9])室?)",
)
_WARD = Sparse(
    "[0-9](?:号|楼|层)?(?:病房|病床|病区|床)|住院部[0-9]|(?:病房|病区|[np]?icu|科)[一二三四五六七八九十]{1,3}号?床",
    "(?:住院部|病房|病区|[np]?icu|(?:新生|小)?[内外儿产妇骨][一二三四五]?科|重症室?)?[0-9]{1,4}(?:号|楼|层)?(?:病房|病床|病区|床(?![被单垫棉套])位?)"
    "(?:[0-9]{1,3}(?:号床|床|号))?|住院部[0-9]{1,2}[楼层]"
    "|(?:病房|病区|[np]?icu|科)[一二三四五六七八九十]{1,3}号?床",
)
_STATED = Sparse(
    "(?:地址|住址|现居|户籍地?|老家)[: 是在]|[家现]住",
    "(?:(?:地址|住址|现居|户籍地?|老家)[: 是在]{1,3}|[家现]住[: 在]{0,3})"
    "(?:[\u4e00-\u9fff]{1,7}?(?:省|市|自治区|自治州|(?<![小社园校街])区|县|旗|盟)){0,4}"
    "(?!http|www)(?P<n>[\u4e00-\u9fff0-9a-z()-]{2,40})",
)
# What stands behind a district down to a village or estate is a postal address: 兴宁镇麦碧村, whoever lives there
_POSTAL = Sparse(
    "[市区县旗州][\u4e00-\u9fff]{1,6}(?:镇|乡|街道|苏木|办事处)[\u4e00-\u9fff]+(?:村|屯|寨|嘎查|社区)",
    "(?<=[市区县旗州])(?:[\u4e00-\u9fff]{1,6}?(?:镇|乡|街道|苏木|办事处)){1,2}[\u4e00-\u9fff]{1,5}?"
    "(?:村|屯|寨|嘎查|社区)(?![民委干官里落镇])(?:[\u4e00-\u9fff]{1,4}?(?:屯|组|寨|村))?",
)
# Part of an estate or campus: 云溪花园8栋
_BLOCK = Sparse("[0-9](?:号楼|栋|幢)", "[0-9]{1,3}(?:号楼|栋|幢)")
_CLASS = Sparse(
    "[0-9][)]?班|[初高][0-9]年?级?[(][0-9]",
    "(?:[初高]?[0-9]年级|[初高][0-9]|小学[0-9]年级?|[0-9]年|[大中小](?=[(]?[0-9]))[(]?[0-9]{1,2}[)]?班"
    "|[0-9][(][0-9]{1,2}[)]班"
    "|[初高][0-9]年?级?[(][0-9]{1,2}[)]",
)
# A school for short, where somebody goes to school or comes from it: 在六中读书, 实小的学生, ［学校］附小
_SHORT = "(?:第?[一二三四五六七八九十]{1,3}[中小]|第[0-9]{1,3}[中小]|附[中小]|实[中小]|完小|外国语)"
_ATTENDED = "(?:上学|读书|念书|就读|上课|住校|寄宿|任教|毕业|[初高][一二三]|[一二三四五六]年级)"
_SCHOLARS = "(?:[男女]?学生|[男女]生|女孩|男孩|孩子|老师|教师|校长|班主任|同学)"
_FOR_SHORT = Sparse(
    f"(?:[在到去读于自县市区镇乡\ufdd0]|考上)的?{_SHORT}|{_SHORT}的?{_SCHOLARS}|{_SHORT}{_ATTENDED}",
    f"(?:(?<=[在到去读于自])|(?<=考上))(?:[县市区镇乡])?{_SHORT}(?={_ATTENDED}|的?{_SCHOLARS}|[,，。!！ ]|\\Z)"
    f"|(?<=[县市区镇乡\ufdd0]){_SHORT}(?={_ATTENDED}|的?{_SCHOLARS})|(?<=\ufdd0的){_SHORT}|(?<=\ufdd0)附[中小](?![时心学])"
    f"|(?:(?<![\u4e00-\u9fff])|(?<=的)){_SHORT}(?=的{_SCHOLARS}|{_ATTENDED})",
)
_NUMBERED_SCHOOL = Sparse(
    "第[0-9一二三四五六七八九十]{1,3}(?:实验)?(?:小学|中学|初中|高中|幼儿园)",
    "第[0-9一二三四五六七八九十]{1,3}(?:实验)?(?:小学|初级中学|高级中学|中学|初中|高中|幼儿园)",
)
# A village whose name is an ordinary word, where something happened to somebody: 在灯塔村被拐走
_VILLAGE = Sparse(
    "在[\u4e00-\u9fff]{1,3}村(?:被|遭|走失|失踪|失联|出事)",
    "(?<=在)(?![本全该同邻农乡山渔新城外某各整])[\u4e00-\u9fff]{1,3}村(?=被|遭|走失|失踪|失联|出事)",
)
_PATTERNS = (
    (_CLASS, "school"),
    (_NUMBERED_SCHOOL, "school"),
    (_VILLAGE, "address"),
    (_FOR_SHORT, "school"),
    (_WARD, "address"),
    (_ROOMS, "address"),
    (_HOUSE, "address"),
    (_FLAT, "address"),
    (_POSTAL, "address"),
)
_OF_PATTERNS = frozenset((_STATED.sign, _BLOCK.sign, *(sparse.sign for sparse, _ in _PATTERNS)))


def hint_of(word: str) -> int:
    """PLACE where the word ends a place's name, or tells what stands beside one; WITHIN where a kind leads it."""
    if word in _LANDMARKS or word.endswith(_ENDS):
        return PLACE
    return WITHIN if _WITHIN.match(word) else 0


def find_places(sentence: Sentence, reading: Reading) -> Iterator[Span]:
    """Spans of schools, classes, addresses, wards; `reading` is of the sentence's text."""
    digits = reading.digits
    if not _OF_PATTERNS.isdisjoint(reading.signs):
        yield from _by_pattern(sentence, reading)
    for place, hint in sentence.hinted:
        if not hint & _OF_PLACES:
            continue
        if hint & WITHIN:
            yield from _named(*_parted(sentence, place), digits)
            continue
        word = sentence.words[place]
        if word in _LANDMARKS:
            yield from _near(sentence, place)
        elif word.endswith(_ENDS):
            yield from _named(sentence, place, digits)


def _parted(sentence: Sentence, place: int) -> tuple[Sentence, int]:
    """The words up to one that begins with a kind of school, that kind a word of its own; and its place among them."""
    first = max(place - _WINDOW, 0)
    kind, start = sentence.words[place][:2], sentence.starts[place]
    words = [*sentence.words[first:place], kind]
    starts = [*sentence.starts[first : place + 1], start + len(kind)]
    return replace(sentence, words=words, starts=starts), place - first


def _by_pattern(sentence: Sentence, reading: Reading) -> Iterator[Span]:
    text, digits, signs = sentence.text, reading.digits, reading.signs
    for sparse, kind in _PATTERNS:
        for match in sparse.found_in(digits, signs):
            yield Span(*match.span(), kind)
    for match in _STATED.found_in(text, signs):
        if _DISTRICT.search(match["n"]) is None:
            yield Span(*match.span("n"), "address")
    yield from _blocks(sentence, signs)


def _blocks(sentence: Sentence, signs: Collection[int]) -> Iterator[Span]:
    """A numbered house behind the name of what it belongs to: 学院8栋, but not 盖了8栋."""
    for block in _BLOCK.found_in(sentence.text, signs):
        place = bisect_left(sentence.starts, block.start())
        before = sentence.words[place - 1] if place and sentence.starts[place] == block.start() else ""
        if len(before) > 1 and is_han(before) and sentence.tag_of(before).startswith(("n", "?n")):
            yield Span(sentence.starts[place - 1], block.end(), "address")


def _named(sentence: Sentence, place: int, digits: str) -> Iterator[Span]:
    """The school, street, village or house of which the word is the end."""
    word, end = sentence.words[place], sentence.starts[place + 1]
    suffix = _SUFFIX.search(word)
    if suffix is None or not is_han(word) or _NO_SCHOOL.match(sentence.text, max(end - 2, 0)):
        return
    is_school = suffix[0] in _SCHOOLS
    tail = None if is_school else _TAIL.match(digits, end)
    is_telling = tail is not None or is_school or _is_of_child(sentence.whole)
    if not is_telling and not _is_of_home(sentence.whole):
        return  # a hospital or a village tells where a child is, not where a festival was
    start = _start_of_name(sentence, place, suffix.start())
    if start is None or not (is_telling or _is_home(sentence.text, start)):
        return
    if tail is None and suffix[0] in _ROADS and not _is_in_town(sentence, start):
        return  # many a town has a road of that name
    end = tail.end() if tail else end
    yield Span(start, end, "school" if is_school else "address")
    if is_school:  # where a child is five days a week is finer than any street
        yield Span(start, end, "address")


@lru_cache(maxsize=1)  # asked for each place of a text
def _is_of_child(text: str) -> bool:
    """Whether a child or a parent stands in it."""
    return _CHILD.search(text) is not None


@lru_cache(maxsize=1)  # likewise
def _is_of_home(text: str) -> bool:
    """Whether somebody is said to live somewhere."""
    return "住" in text


def _is_home(text: str, start: int) -> bool:
    """Whether somebody is said to live there."""
    return "住" in text[max(start - _NEAR_HOME, 0) : start]


def _start_of_name(sentence: Sentence, place: int, own: int) -> int | None:
    """Where the name begins that the word at `place` ends, `own` characters of which stand before the kind.

    None where nothing tells which one of the kind it is: 希望小学, 一所学校, 北京的医院.
    """
    word, start = sentence.words[place], sentence.starts[place]
    if word in _GENERIC and own:
        return None
    tag = sentence.tag_of(word)
    if own > 1 and word[:own] not in _MIDDLES and _DISTRICT.search(word[:own]) is None:
        is_action = sentence.tag_of(word[:own])[:1] in "vadrpcmu"  # 求学路 is a figure of speech
        is_in_town = place > 0 and sentence.tag_of(sentence.words[place - 1]).startswith("ns")
        is_named = tag.startswith(("ns", "nt", "nz", "nr", "?n")) or (tag == "n" and is_in_town)
        is_named = is_named and not is_action
        return start if is_named and word[:own] not in _SORTS else None
    if own == 1 and tag.startswith("?n"):
        return _start_of_common(sentence, place - 1) if place else None
    if own == 1:
        return start if tag.startswith("ns") else None
    return _start_before(sentence, place)


def _start_before(sentence: Sentence, place: int) -> int | None:
    """As `_start_of_name`, where the name stands in the words before."""
    words, starts = sentence.words, sentence.starts
    word = words[place]
    first = place
    is_numbered = _NUMBERED.search(word) is not None
    has_middle = is_numbered or any(word.startswith(middle) for middle in _MIDDLES)
    while first > 0 and words[first - 1] in _MIDDLES:
        first, has_middle = first - 1, True
    before = first - 1
    if before < 0 or not is_han(words[before]) or words[before] in _SORTS:
        return None
    named = words[before]
    tag = sentence.tag_of(named)
    found: int | None = None
    if tag.startswith(("ns", "?ns")) and (has_middle or _DISTRICT.search(named)):
        found = starts[first] if has_middle or word not in _KINDS_OF_ONE_CHARACTER else None
    elif tag.startswith("ns"):
        is_narrow = word not in _NATIONAL or (before > 0 and sentence.tag_of(words[before - 1]).startswith("ns"))
        found = starts[before] if named not in _WIDE and is_narrow else None
    elif tag.startswith(("?n", "nz", "nr")) and len(named) > 1:
        found = starts[before]
    elif is_numbered and tag.startswith(("n", "?n")):
        found = starts[first] if _DISTRICT.search(named) else starts[before]
    elif word not in _HOUSES:
        found = _start_of_common(sentence, before, word)
    return found


def _is_in_town(sentence: Sentence, start: int) -> bool:
    """Whether a town or district is named before."""
    place = bisect_left(sentence.starts, start)
    return any(sentence.tag_of(word).startswith(("ns", "?ns")) for word in sentence.words[max(place - 2, 0) : place])


def _start_of_common(sentence: Sentence, before: int, kind: str = "") -> int | None:
    """Where a name of ordinary or unknown words begins: 新沂市 棋盘 中学, 贡马 乡 小学, 松云 岭 小学."""
    starts = sentence.starts
    first, is_odd = before, False
    while first >= 0 and before - first < _MAX_NAME_WORDS and _may_name(sentence, first):
        is_odd = is_odd or not _is_common(sentence, first) or (first == before and kind in _OF_SCHOOLS)
        first -= 1
    is_behind_area = first >= 0 and _is_area(sentence, first)
    size = starts[before + 1] - starts[first + 1]
    return starts[first + 1] if first < before and size > 1 and (is_odd or is_behind_area) else None


def _may_name(sentence: Sentence, place: int) -> bool:
    word = sentence.words[place]
    tag = sentence.tag_of(word)
    if word == " ":
        return True
    is_noun = tag.startswith(("n", "?", "g", "a", "z", "j")) and not tag.startswith(("ns", "?d", "?m", "?u"))
    return is_noun and is_han(word) and word not in _SORTS and _PEOPLE.search(word) is None


def _is_common(sentence: Sentence, place: int) -> bool:
    word = sentence.words[place]
    return len(word) > 1 and sentence.tag_of(word) in {"n", "a", "an", "ng", "z"}


def _is_area(sentence: Sentence, place: int) -> bool:
    word = sentence.words[place]
    return sentence.tag_of(word).startswith(("ns", "?ns")) and _DISTRICT.search(word) is not None


def _near(sentence: Sentence, place: int) -> Iterator[Span]:
    """A landmark: the named house before 附近 or 门口."""
    words, starts = sentence.words, sentence.starts
    first, is_named, is_chain = place, False, False
    while first > 0 and place - first <= _MAX_NAME_WORDS and is_han(words[first - 1]):
        word, tag = words[first - 1], sentence.tag_of(words[first - 1])
        if tag.startswith("ns") or not (tag.startswith(("n", "?n", "s")) or word in _SHOPS):
            break
        is_named = is_named or (tag.startswith(("?n", "nz", "nt")) and word not in _CHAINS)
        is_chain = is_chain or word in _CHAINS
        first -= 1
    if not is_named and not is_chain and 0 < first < place and _is_of_child(sentence.whole):
        town = words[first - 1]  # 云岭 乡政府 旁边: of a small place, not of a city
        if is_han(town) and town not in _WIDE and town not in PLACES and _DISTRICT.search(town) is None:
            first, is_named = first - 1, sentence.tag_of(town).startswith(("ns", "?n"))
    is_in_town = first > 0 and sentence.tag_of(words[first - 1 - (words[first - 1] == ")")]).startswith(("ns", "?ns"))
    if is_named or (is_chain and is_in_town):
        yield Span(starts[first], starts[place + 1], "address")
