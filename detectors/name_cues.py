"""What stands beside a name: words by which a text says that a private person is meant, or that none is.

Reads a plain text and the place of what may be a name, answers yes or no. Touches nothing.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import compress

from detectors.name_lists import GIVEN, PUBLIC
from detectors.sightings import sighted
from detectors.words import Sentence, has_any, led

__all__ = [
    "follows_age",
    "has_children",
    "has_particulars",
    "is_beside_cue",
    "is_closed",
    "is_cued",
    "is_introduced",
    "is_isolated",
    "is_named",
    "is_of_animal",
    "is_of_children",
    "is_on_stage",
    "is_public_by_cue",
    "is_public_name",
    "is_role_before",
    "is_title",
    "names_thing",
    "seen_beside",
]

_MARKS = ':： “"【('  # at most two of them between a cue and the name
_ROLE_MARKS = f"{_MARKS}是,"
_MAX_NAME = 4  # characters
_INTRODUCED = re.compile(
    "(?:名叫|名字[是叫:：]|姓名[是:： ]{0,2}|小名|乳名|真名|化名|[我他她它孩童婴女男儿子生人们]叫"
    "|有(?:一?[个位名])?叫|寻找|亲爱的)"
    '[:是“" ]{0,2}$'
)
_INTRODUCING = '叫是名找的:“" '  # last characters of the above
_ANY = re.compile("(?:高|多|流行|常见|热门|好听)的$")  # 常见的名字
_ANIMAL = re.compile("[猫狗犬]|宠物|熊猫|动物")
_YEARS = "[0-9一二三四五六七八九十两]{1,3}(?:周?岁|个月)"
_YEARS_FIRST = "0-9一二三四五六七八九十两"
_AGED = re.compile(f"{_YEARS}(?:的|多的)?$")
_AGE_ENDS = "岁月的"  # last characters of the above
_HOME = "[,， ]{0,2}(?:家乡|籍贯|户籍|祖籍|家住)"
_AGE_BEHIND = f"[,，、(（ ]{{0,2}}[男女]?[,，、 ]?{_YEARS}"
_PARTICULARS = re.compile(led(f",，、(（ 男女家籍户祖{_YEARS_FIRST}", f"{_AGE_BEHIND}|{_HOME}"))
_AFTER = re.compile(
    led(
        f",，、(（ 男女先小同老阿叔医护校家的父母妈爸妻丈儿照遗等籍户祖{_YEARS_FIRST}",
        f"{_AGE_BEHIND}|{_HOME}|[,，、 ]{{1,2}}[男女][,，、 ]"
        "|(?:先生|女士|女仕|小姐|同学|小朋友|老师|阿姨|叔叔|医生|护士|校长|家长)|的?(?:父亲|母亲|妈妈|爸爸|父母|家人|妻子|丈夫|儿子|女儿|照片|遗体|家属)"
        "|等[0-9一二三四五六七八九十]?人|[(（][男女,，]",
    )
)
_OFFICE = re.compile(
    "(?:[省市厅部州司处]长|厅长助理|贪官|研究[所院](?:副?[所院]长)?|发言人|大使|秘书长|工程师|委副主任|委主任|总裁|副?总经理|监制|编剧|制作人|作者|主编|总编|评论员|专栏|艺人"
    "|主持人?|选手|品牌|网红|博主|大师|法师|专家|学者|教授|院士|研究员|艺术家|宗师|传承人|创始人"
    "|(?:成就|诺贝尔[^,，。]{0,4}|金像|金鸡|百花|奥斯卡)奖(?:获得者|得主))[ :：#]{0,2}$"
)
_OFFICE_ENDS = frozenset("长理官院所人使师任裁制剧者编员栏持手牌红主家授士 :：#")  # without one of these there is none
_BYLINE_SIGNS = ("by", "文/", "图/", "via", "转自", "来源", "记者", "——", "--")
_BYLINE = re.compile(
    "(?:by|文/|图/|via|转自|来源)[ :：]?[^,，。)）友]{0,6}$|[(（【][^()（）【】]{0,10}记者[ :：]?$"
    "|[社报网]记者[ :：]?$|(?:讯|电)[ (（]{0,2}记者[ :：]{0,2}$|(?:——|--)[ —-]{0,2}$"
)
_THING = re.compile(
    led(
        "大盆武综定麻酒集公品餐火超隧立水机导馆菌病专主牌奖歌家镇县市省们粉的《",
        "大学(?!毕业|期间|时)|盆地|武装|综合征|定律|麻辣烫|酒(?![后驾醉精])|集团|公司|品牌|餐厅|火锅|超市|大桥|隧道|立交|大坝|水库|机场|导弹|馆|菌|病毒|专家|主义|牌(?![子照位])|奖(?![金学])"
        "|歌友会|家族企业|镇|县|市(?![民场])|省|们|粉丝|的?《",
    )
)
_ADDRESSED = re.compile(led("某先女父母妻家氏", "某|先生|女士|[父母妻家氏](?![长人家庭里亲])"))
_BREAK = " \t\n,，、。.!！?？;；:：\"”“'’‘()（）【】[]《》<>/|…—-~"
_LOOK_BACK = 8
_SIGNS = ("cue:role", "cue:age", "cue:after", "cue:office", "cue:open", "cue:closed", "cue:kin")


def follows_age(text: str, start: int) -> bool:
    """Whether an age stands before: 27岁的.

    >>> follows_age("27岁的王小雨", 4)
    True
    """
    is_possible = start > 0 and text[start - 1] in _AGE_ENDS
    return is_possible and _AGED.search(text, max(start - _LOOK_BACK, 0), start) is not None


def is_role_before(text: str, start: int) -> bool:
    """Whether the words before say whose name follows: 女孩, 名叫, 村民."""
    return _stands_before(text, start, sighted(text).role_ends, _ROLE_MARKS)


def _stands_before(text: str, start: int, ends: set[int], marks: str) -> bool:
    """Whether one of the words ends at `start`, or at most two marks before it."""
    if start in ends:
        return True
    if start == 0 or not ends or text[start - 1] not in marks:
        return False
    return start - 1 in ends or (start > 1 and text[start - 2] in marks and start - 2 in ends)


def is_introduced(text: str, start: int) -> bool:
    """Whether the words before say what somebody is called: 名叫, 寻找."""
    if start == 0 or text[start - 1] not in _INTRODUCING:
        return False
    if text[start - 1] == ":" and start - 1 in sighted(text).person_ends:
        return True
    cue = _INTRODUCED.search(text, max(start - 12, 0), start)
    return cue is not None and _ANY.search(text, max(cue.start() - 3, 0), cue.start()) is None


def is_of_animal(text: str, start: int) -> bool:
    """Whether an animal is called so."""
    return _ANIMAL.search(text, max(start - 2 * _LOOK_BACK, 0), start) is not None


def has_particulars(text: str, end: int) -> bool:
    """Whether an age or a home stands behind: 陈小雨，7岁."""
    return _PARTICULARS.match(text, end) is not None


def is_public_by_cue(text: str, start: int) -> bool:
    """Whether the words before name an office, a stage, or who wrote it."""
    before = text[max(start - 2 * _LOOK_BACK, 0) : start]
    if before[-1:] in _OFFICE_ENDS and _OFFICE.search(before) is not None:
        return True
    return has_any(before, _BYLINE_SIGNS) and _BYLINE.search(before) is not None


def is_on_stage(text: str) -> bool:
    """Whether the text is about the stage, sport or government, where most names are those of public life."""
    return sighted(text).is_on_stage


@lru_cache(maxsize=1)
def _addressed(text: str) -> frozenset[str]:
    """Family names by which the text speaks of somebody: 李某, 王女士, 张父."""
    return frozenset(text[match.start() - 1] for match in _ADDRESSED.finditer(text))


def has_children(text: str) -> bool:
    """Whether children or families stand in the text."""
    return sighted(text).is_of_children


def is_of_children(text: str) -> bool:
    """Whether the text is about children or families, and not about the stage."""
    return has_children(text) and not is_on_stage(text)


def is_public_name(text: str, start: int, end: int) -> bool:
    """Whether it is the name of somebody of public life, or the beginning of one, or one and the next word: 余华说.

    余华英 is somebody else: 英 stands in given names.
    """
    if any(text[start : start + size] in PUBLIC for size in range(end - start, _MAX_NAME + 1)):
        return True
    return any(text[start:short] in PUBLIC and text[short] not in GIVEN for short in range(start + 2, end))


def names_thing(text: str, end: int) -> bool:
    """Whether what follows makes it the name of a thing: 杜伦 in 杜伦大学."""
    return _THING.match(text, end) is not None


def is_title(text: str, start: int, end: int) -> bool:
    """Whether it stands in the title of a work, or is a part of a foreign name: 《麦兜响当当》, 罗曼·罗兰."""
    opened = text.rfind("《", max(start - 20, 0), start)
    return (
        text[end : end + 1] == "·" or text[start - 1 : start] == "·" or (opened >= 0 and "》" not in text[opened:start])
    )


def is_isolated(text: str, start: int, end: int) -> bool:
    """Whether it stands between marks of punctuation, or a speaker's colon follows."""
    is_open = start == 0 or (text[start - 1] in _BREAK and text[start - 1] not in "—-")
    return is_open and is_closed(text, end)


def is_closed(text: str, end: int) -> bool:
    """Whether nothing or a mark of punctuation follows."""
    return end == len(text) or text[end] in _BREAK


def is_cued(text: str, start: int, end: int) -> bool:
    """Whether the words around say that somebody private stands here."""
    return is_beside_cue(text, start, end) or (start == 0 and is_isolated(text, start, end))


def is_beside_cue(text: str, start: int, end: int) -> bool:
    """As `is_cued`, by words and not by its place alone."""
    return _AFTER.match(text, end) is not None or _stands_before(text, start, sighted(text).cue_ends, _MARKS)


def is_named(text: str, start: int, end: int) -> bool:
    """As `is_cued`, of what is a word of its own as well: the cue must leave no doubt."""
    closed = is_closed(text, end)
    if _AFTER.match(text, end) or (closed and is_role_before(text, start)):
        return True
    return closed and text[end : end + 1] == ":" and (start == 0 or text[start - 1] in _BREAK)


def seen_beside(sentence: Sentence, start: int, end: int) -> Iterable[str]:
    """Each kind of sign that stands beside it, by a name of its own: what `name_model` weighs."""
    text = sentence.text
    return compress(
        _SIGNS,
        (
            is_role_before(text, start),
            follows_age(text, start),
            _AFTER.match(text, end) is not None,
            is_public_by_cue(text, start),
            start == 0 or text[start - 1] in _BREAK,
            is_closed(text, end),
            text[start] in _addressed(sentence.whole),
        ),
    )
