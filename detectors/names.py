"""Find names of private persons among a text's words.

Reads `Sentence`, gives spans. Touches nothing but the lists beside it. A word is taken for a name when it begins with
a family name and the dictionary lacks it, or when something near it says that a name stands there (女儿, 寻找, 7岁 …).
People of public life stay where nothing says that a private namesake is meant. What it finds and misses:
docs/decisions/0010.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

from detectors.numbers import Span
from detectors.words import Sentence, is_han

__all__ = ["SURNAMES", "find_names"]


def _list(name: str) -> str:
    return (Path(__file__).parent / "data" / name).read_text(encoding="utf-8")


def _words_of(section: str) -> frozenset[str]:
    return frozenset(word for line in section.splitlines() if not line.startswith("#") for word in line.split())


SURNAMES, _COMPOUND, _COMMON = (_words_of(part.partition("\n")[2]) for part in _list("surnames.txt").split("\n# ")[1:])
_PUBLIC = _words_of(_list("public_figures.txt"))
_NO_GIVEN = frozenset(_list("no_given_name.txt").partition("\n")[2]) - {"\n"}
_SHORT_NAME, _FULL_NAME, _MAX_NAME = 2, 3, 4  # characters: 王芳, 陈小雨, 欧阳慕云
_CALLED_LENGTHS = range(2, _MAX_NAME + 1)
_FIRST = SURNAMES | {family[0] for family in _COMPOUND}

_PERSON = (
    "女儿|儿子|孩子|小孩|男孩儿?|女孩儿?|女童|男童|女婴|男婴|少年|少女|学生|同学|女生|男生|村民|居民|市民|民警|警察|刑警|城管|记者|家长|父亲|母亲|爸爸|妈妈"
    "|爷爷|奶奶|外婆|外公|舅舅|姑姑|阿姨|叔叔|姐姐|妹妹|哥哥|弟弟|妻子|丈夫|孕妇|农妇|女子|男子|老人|嫌疑人|嫌犯|凶手|死者|伤者|受害人|受害者|被害人|患者|患儿"
    "|病人|老师|教师|校长|班主任|幼师|医生|护士|小朋友|网友|业主|司机|保安|店主|好心人|当事人|联系人|被告人?|原告|书记|局长|所长|县长|镇长|村长|主任|经理"
    "|老板|同事|邻居|亲戚|表妹|表姐|表弟|表哥|宝宝|宝贝|人贩子|中介|律师|助理|会计|幼女|养女|养子|孤儿|遗孤|小伙|姑娘|乞丐"
)
_NAMING = "叫做?|名叫|取名|名字[是叫]?|姓名|小名|乳名|原名|本名|真名|化名|寻找|寻|人名|署名|户主|收件人|收款人|姓名是"
_BEFORE = re.compile(f'(?:{_PERSON}|{_NAMING}|籍|岁的?|是|叫)[:： “"【(]{{0,2}}$')
_NAMED = re.compile(f'(?:{_NAMING}|{_PERSON})[是:,： “"【(]{{0,2}}$')
_CALLED = re.compile(
    '(?:名叫|名字[是叫:：]|姓名[是:： ]{0,2}|小名|乳名|真名|化名|[我他她它孩童婴女男儿子生人们]叫|寻找)[:是“" ]{0,2}$'
    f"|(?:{_PERSON}):$"
)
_CALLING = re.compile('(?:叫|名字[是叫]?|姓名|[小乳真化]名|寻找|:)[:是“" ]{0,2}')  # where _CALLED may end
_AFTER = re.compile(
    "[,，、(（ ]{0,2}[男女]?[,，、 ]?[0-9一二三四五六七八九十两]{1,3}(?:周?岁|个月)"
    "|(?:先生|女士|女仕|小姐|同学|老师|阿姨|叔叔|医生|护士|校长|家长)|的?(?:父亲|母亲|妈妈|爸爸|父母|家人|妻子|丈夫|儿子|女儿|照片|遗体|家属)"
    "|等[0-9一二三四五六七八九十]人|[(（][男女,，]"
)
# Words that do not begin or go on a name: 某 hides one already
_NO_NAME = re.compile(
    "某|柯基|黄焖|^小学|[先女小]生$|老师|同学|教练|孩|家$|姐$|哥$|叔$|父$|母$|妈|爸|航$|村$|镇$|县$|路$"
)
_STAGE = re.compile(
    "演唱会|专辑|主演|电影|影片|电视剧|粉丝|新歌|饰演|主角|导演|演员|歌手|明星|偶像|球员|教练|进球|冠军|决赛|奥运|总统|总理|主席|教授|委员|作家|诗人|著名|院士"
    "|跨年|卫视|综艺|选秀|队友|联赛|欧冠|世界杯|ceo|董事长|创始人|古装|剧组|好声音|舞台|帅气|女神|男神|贴吧|唯饭|后援会|男主|女主"
)
_AGE = re.compile("[,，、(（ ]{0,2}[男女]?[,，、 ]?[0-9一二三四五六七八九十两]{1,3}(?:周?岁|个月)")
_BYLINE = re.compile("(?:by|文/|via)[ :：]?$")
_COUNTING = "一二两三四五六七八九十几这那每合半多0123456789"
_ANIMAL = re.compile("[猫狗犬]|宠物|熊猫|动物")
_BREAK = " \t\n,，、。.!！?？;；:：\"”“'’‘()（）【】[]《》<>/|…—-~"
_SPACED = re.compile(
    "([\u4e00-\u9fff])[ .·_*-]{1,2}([\u4e00-\u9fff])(?:[ .·_*-]{1,2}([\u4e00-\u9fff])|(?![\u4e00-\u9fff]))"
)
_SPACED_COMPOUND = re.compile("([\u4e00-\u9fff])[ .·_*-]{1,2}([\u4e00-\u9fff])(?:[ .·_*-]{1,2}[\u4e00-\u9fff]){1,2}")
_DOTTED = re.compile("[\u4e00-\u9fff]{1,7}[·•・][\u4e00-\u9fff]{1,7}")
_BEHIND_DOT = re.compile("[·•・][\u4e00-\u9fff]{1,5}")
_DOUBLED = re.compile("(?:女儿|儿子|闺女|宝贝|小女)(?P<n>([\u4e00-\u9fff])\\2)")
_LOOK_BACK = 8


def find_names(sentence: Sentence) -> Iterator[Span]:
    """Spans of names, and of every other place where a name found stands. Cost: some 10 microseconds a post."""
    found = dict.fromkeys((*_among_words(sentence), *_called(sentence), *_spelt_out(sentence.text)))
    yield from (Span(start, end, "name") for start, end in found)
    for name in {sentence.text[start:end] for start, end in found}:
        yield from _again(sentence, name)


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
    for place in [place for place, word in enumerate(sentence.words) if word[0] in _FIRST or len(word) == _MAX_NAME]:
        is_first = sentence.words[place][0] in _FIRST
        candidate = _candidate(sentence, place) if is_first else _hidden_behind(sentence, place)
        if candidate is None:
            continue
        start, end, is_sure = candidate
        if _is_private(sentence.text, start, end, is_sure=is_sure):
            yield start, end


def _called(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """What somebody is called, family name or none: 女孩叫蓉蓉, 校长：达洼."""
    for sign in _CALLING.finditer(sentence.text):
        end = sign.end()
        place = bisect_left(sentence.starts, end)
        if sentence.starts[place] == end < len(sentence.text) and _is_called(sentence, place):
            further = _BEHIND_DOT.match(sentence.text, sentence.starts[place + 1])
            yield sentence.starts[place], further.end() if further else sentence.starts[place + 1]


def _is_private(text: str, start: int, end: int, *, is_sure: bool) -> bool:
    """Whether what may be a name here is one, and of a private person."""
    name = text[start:end]
    if _NO_NAME.search(name):
        return False
    if any(text[start : start + size] in _PUBLIC for size in range(2, _MAX_NAME + 1)):
        return _NAMED.search(text, max(start - _LOOK_BACK, 0), start) is not None and _AGE.match(text, end) is not None
    if not is_sure:
        return _is_named(text, start, end)
    if _is_cued(text, start, end):
        return True
    is_bare = _STAGE.search(text) is None and _BYLINE.search(text, max(start - 4, 0), start) is None
    return is_bare and not _is_title(text, start, end)


def _is_title(text: str, start: int, end: int) -> bool:
    """Whether it stands in the title of a work, or is a part of a foreign name: 《麦兜响当当》, 罗曼·罗兰."""
    opened = text.rfind("《", max(start - 20, 0), start)
    return (
        text[end : end + 1] == "·" or text[start - 1 : start] == "·" or (opened >= 0 and "》" not in text[opened:start])
    )


def _candidate(sentence: Sentence, place: int) -> tuple[int, int, bool] | None:
    """(start, end, whether the word alone says that it is a name) of what may be one here."""
    words, starts = sentence.words, sentence.starts
    word = words[place]
    if len(word) > 1 and word not in _COMPOUND:
        is_name = (word[0] in SURNAMES or word[:2] in _COMPOUND) and len(word) <= _MAX_NAME and is_han(word)
        return _of_word(sentence, place) if is_name else None
    following = words[place + 1] if place + 1 < len(words) and (word in SURNAMES or word in _COMPOUND) else ""
    if len(following) not in (1, 2) or not is_han(following) or not _NO_GIVEN.isdisjoint(following):
        return None
    if word in _COMPOUND:  # 欧阳 慕云
        return starts[place], starts[place + 2], True
    return _of_single(sentence, place, following)


def _of_single(sentence: Sentence, place: int, following: str) -> tuple[int, int, bool] | None:
    """As `_candidate`, of a family name that stands as a word of its own."""
    words, starts = sentence.words, sentence.starts
    word = words[place]
    if len(following) > 1:  # 颜 艳红
        if word in _COMMON and following[0] in SURNAMES:  # 和 姚笛: the next word is one for itself
            return None
        return starts[place], starts[place + 2], word not in _COMMON and _is_given(sentence.tag_of(following))
    further = words[place + 2] if place + 2 < len(words) else ""
    is_three = len(further) == 1 and is_han(further) and further not in _NO_GIVEN
    return starts[place], starts[place + 3 if is_three else place + 2], False


def _of_word(sentence: Sentence, place: int) -> tuple[int, int, bool] | None:
    """As `_candidate`, of a word that begins with a family name."""
    word, start = sentence.words[place], sentence.starts[place]
    tag = sentence.tag_of(word)
    if not tag.startswith("?"):
        if not tag.startswith("nr") or len(word) == _MAX_NAME:
            return None
        is_plain = word[0] not in _COMMON and _NO_GIVEN.isdisjoint(word[1:]) and word[0] != word[1]
        is_sure = is_plain and _NAMED.search(sentence.text, max(start - _LOOK_BACK, 0), start) is not None
        return start, start + len(word), is_sure
    family = 2 if word[:2] in _COMPOUND else 1
    size = min(len(word), family + 2)
    while size > family and word[size - 1] in _NO_GIVEN:
        size -= 1
    if size == family or not _NO_GIVEN.isdisjoint(word[family:size]):
        return None
    end = start + size
    if size == len(word) == _SHORT_NAME and _ends_with_single(sentence, place):  # 黄傲 雪
        end += 1
    is_long = end - start > _SHORT_NAME
    is_sure = tag.startswith(("?nr", "?ns", "?nz") if is_long else "?nr") and (is_long or word[0] not in _COMMON)
    if word[0] == "张" and start > 0 and sentence.text[start - 1] in _COUNTING:  # 合张影
        return None
    return start, end, is_sure or (_is_isolated(sentence.text, start, end) and tag.startswith("?nr"))


def _is_isolated(text: str, start: int, end: int) -> bool:
    """Whether it stands between marks of punctuation, or a speaker's colon follows."""
    is_open = start == 0 or (text[start - 1] in _BREAK and text[start - 1] not in "—-")
    return is_open and (end == len(text) or text[end] in _BREAK)


def _hidden_behind(sentence: Sentence, place: int) -> tuple[int, int, bool] | None:
    """A name that the segmenter joined with the character before it: 人高敬德."""
    word, start = sentence.words[place], sentence.starts[place]
    if word[1] in SURNAMES and word[1] not in _COMMON and sentence.tag_of(word).startswith("?nr"):
        return start + 1, start + len(word), True
    return None


def _ends_with_single(sentence: Sentence, place: int) -> bool:
    """Whether one more character of a name stands between the word and the next mark of punctuation."""
    words = sentence.words
    if place + 1 >= len(words) or len(words[place + 1]) > 1 or not is_han(words[place + 1]):
        return False
    single, start = words[place + 1], sentence.starts[place]
    is_closed = place + 2 == len(words) or words[place + 2][0] in _BREAK
    if not is_closed and _NAMED.search(sentence.text, max(start - _LOOK_BACK, 0), start) is None:
        return False
    return single not in _NO_GIVEN and sentence.tag_of(single)[:1] not in "pcudfyrmq"


def _is_given(tag: str) -> bool:
    """Whether the two characters behind a family name may be a given name for their own sake."""
    return tag.startswith(("nr", "nz", "?nr", "?nz"))


def _is_cued(text: str, start: int, end: int) -> bool:
    """Whether the words around say that somebody private stands here."""
    if _AFTER.match(text, end) or (start == 0 and _is_isolated(text, start, end)):
        return True
    return _BEFORE.search(text, max(start - _LOOK_BACK, 0), start) is not None


def _is_named(text: str, start: int, end: int) -> bool:
    """As `_is_cued`, of what is a word of its own as well: the cue must leave no doubt."""
    is_closed = end == len(text) or text[end] in _BREAK
    if _AFTER.match(text, end) or (is_closed and _NAMED.search(text, max(start - _LOOK_BACK, 0), start)):
        return True
    return is_closed and text[end : end + 1] == ":" and (start == 0 or text[start - 1] in _BREAK)


def _is_called(sentence: Sentence, place: int) -> bool:
    """Whether the word behind such a cue is a name: unknown to the dictionary, doubled, or a child's 小."""
    word, start = sentence.words[place], sentence.starts[place]
    if len(word) not in _CALLED_LENGTHS or not is_han(word) or word in _PUBLIC or _NO_NAME.search(word):
        return False
    tag = sentence.tag_of(word)
    if not (tag.startswith(("?", "nr")) or word[0] == word[-1] or word[0] in "小阿"):
        return False
    if _CALLED.search(sentence.text, max(start - 12, 0), start) is None:
        return False
    return _ANIMAL.search(sentence.text, max(start - 2 * _LOOK_BACK, 0), start) is None


def _spelt_out(text: str) -> Iterator[tuple[int, int]]:
    """Names with something between their characters: 王 小 明, 王.小.明; 阿依古丽·买买提 behind a cue."""
    for match in _SPACED_COMPOUND.finditer(text):
        if match[1] + match[2] in _COMPOUND:
            yield match.span()
    for match in _SPACED.finditer(text):
        if match[1] not in SURNAMES or not _NO_GIVEN.isdisjoint(match[2] + (match[3] or "")):
            continue
        is_alone = match.start() == 0 or not "\u4e00" <= text[match.start() - 1] <= "\u9fff"
        if (is_alone and match[3]) or _is_cued(text, *match.span()):
            yield match.span()
    for match in _DOUBLED.finditer(text):
        if match[2] not in _NO_GIVEN and match[2] not in "天常刚偷慢好渐乖偏仅":
            yield match.span("n")
    for match in _DOTTED.finditer(text) if "·" in text or "•" in text or "・" in text else ():
        if _BEFORE.search(text, max(match.start() - _LOOK_BACK, 0), match.start()) or _AFTER.match(text, match.end()):
            yield match.span()
