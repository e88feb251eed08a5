"""What stands beside a name: words by which a text says that a private person is meant, or that none is.

Reads a plain text and the place of what may be a name, answers yes or no. Touches nothing.
"""

import re

__all__ = [
    "CALLING",
    "follows_age",
    "has_particulars",
    "is_beside_cue",
    "is_child_before",
    "is_closed",
    "is_cued",
    "is_introduced",
    "is_isolated",
    "is_named",
    "is_of_animal",
    "is_on_stage",
    "is_public_by_cue",
    "is_role_before",
    "is_title",
    "names_thing",
]

_CHILDREN = "女孩儿?|男孩儿?|女童|男童|女婴|男婴|(?<!干)女儿|(?<!干)儿子|患儿|幼女|养女|养子|孤儿|孙女|孙子"
_PERSON = (
    f"{_CHILDREN}|孩子|小孩|少年|少女|学生|考生|毕业生|研究生|新生|同学|女生|男生|村民|居民|市民|民警|警察|刑警|城管|记者|家长|父亲|母亲|爸爸|妈妈"
    "|爷爷|奶奶|外婆|外公|舅舅|姑姑|阿姨|叔叔|姐姐|妹妹|哥哥|弟弟|妻子|丈夫|孕妇|农妇|女子|男子|老人|嫌疑人|嫌犯|凶手|死者|伤者|受害人|受害者|被害人|患者"
    "|病人|老师|教师|校长|班主任|幼师|医生|护士|小朋友|网友|业主|司机|保安|店主|好心人|当事人|联系人|被告人?|原告|书记|局长|所长|县长|镇长|村长|主任|经理"
    "|老板|同事|邻居|亲戚|表妹|表姐|表弟|表哥|宝宝|宝贝|人贩子|中介|律师|助理|会计|遗孤|小伙|姑娘|乞丐|秘书|献血者|志愿者|消防员|战士|士兵|工人|快递员"
    "|骑手|店员|职员|员工|住户|租客|房东|保姆|环卫工|清洁工|摊主|商贩|小贩|屠户|车主|机主|失主|队长|班长|组长|科长|乡长|包工头|访民|拆迁户|被拐者|继父|继母|生父|生母|养父|养母|祖父|祖母|姥姥|姥爷|大伯|伯父|大妈|大爷|外甥女?|侄[子女]|校医|保育员|教官|教练员|院童|遇难者|遗属"
)
_NAMING = (
    "叫做?|名叫|取名|名字[是叫]?|姓名|小名|乳名|原名|本名|真名|化名|寻找|寻|人名"
    "|署名|全名|大名|户主|收件人|收款人|姓名是"
)
_BEFORE = re.compile(f'(?:{_PERSON}|{_NAMING}|籍|岁的?|是|叫)[:： “"【(]{{0,2}}$')
_ROLE = re.compile(f'(?:{_NAMING}|{_PERSON})[是:,： “"【(]{{0,2}}$')
_INTRODUCED = re.compile(
    "(?:名叫|名字[是叫:：]|姓名[是:： ]{0,2}|小名|乳名|真名|化名|[我他她它孩童婴女男儿子生人们]叫|寻找|亲爱的)"
    '[:是“" ]{0,2}$'
    f"|(?:{_PERSON}):$"
)
_ANY = re.compile("(?:高|多|流行|常见|热门|好听)的$")  # 常见的名字
_CHILD = re.compile(f"(?:{_CHILDREN})$")
# Where _INTRODUCED or _CHILD may end
CALLING = re.compile(f'(?:叫|名字[是叫]?|姓名|[小乳真化]名|寻找|亲爱的|:)[:是“" ]{{0,2}}|{_CHILDREN}')
_ANIMAL = re.compile("[猫狗犬]|宠物|熊猫|动物")
_YEARS = "[0-9一二三四五六七八九十两]{1,3}(?:周?岁|个月)"
_AGED = re.compile(f"{_YEARS}(?:的|多的)?$")
_PARTICULARS = re.compile(f"[,，、(（ ]{{0,2}}[男女]?[,，、 ]?{_YEARS}|[,， ]{{0,2}}(?:家乡|籍贯|户籍|祖籍|家住)")
_AFTER = re.compile(
    f"[,，、(（ ]{{0,2}}[男女]?[,，、 ]?{_YEARS}|[,，、 ]{{1,2}}[男女][,，、 ]"
    "|(?:先生|女士|女仕|小姐|同学|老师|阿姨|叔叔|医生|护士|校长|家长)|的?(?:父亲|母亲|妈妈|爸爸|父母|家人|妻子|丈夫|儿子|女儿|照片|遗体|家属)"
    "|等[0-9一二三四五六七八九十]?人|[(（][男女,，]|[,， ]{0,2}(?:家乡|籍贯|户籍|祖籍|家住)"
)
_STAGE = re.compile(
    "演唱会|专辑|主演|电影|影片|电视剧|粉丝|新歌|饰演|主角|导演|演员|歌手|明星|偶像|球员|教练|进球|冠军|决赛|奥运|总统|总理|主席|教授|委员|作家|诗人|著名|院士"
    "|跨年|卫视|综艺|选秀|队友|联赛|欧冠|世界杯|ceo|董事长|创始人|古装|剧组|好声音|舞台|帅气|女神|男神|贴吧|唯饭|后援会|男主|女主|红牌|裁判|赛季|首播|歌迷"
)
_OFFICE = re.compile(
    "(?:[省市厅部州司处]长|厅长助理|贪官|研究[所院](?:副?[所院]长)?|发言人|大使|秘书长|工程师|委副主任|委主任|总裁|副?总经理|监制|编剧|制作人|作者|主编|总编|评论员|专栏|艺人"
    "|主持人?|选手|品牌|网红|博主|大师|法师|专家|学者)[ :：#]{0,2}$"
)
_BYLINE = re.compile(
    "(?:by|文/|图/|via|转自|来源)[ :：]?[^,，。)）友]{0,6}$|[(（【][^()（）【】]{0,10}记者[ :：]?$"
    "|[社报网]记者[ :：]?$|(?:讯|电)[ (（]{0,2}记者[ :：]{0,2}$|(?:——|--)[ —-]{0,2}$"
)
_THING = re.compile(
    "大学(?!毕业|期间|时)|盆地|武装|综合征|定律|麻辣烫|酒(?![后驾醉精])|集团|公司|品牌|餐厅|火锅|超市|大桥|机场|导弹|馆|菌|病毒|专家|主义|牌(?![子照位])|奖(?![金学])"
    "|歌友会|家族企业|镇|县|市(?![民场])|省|们|粉丝|的?《"
)
_BREAK = " \t\n,，、。.!！?？;；:：\"”“'’‘()（）【】[]《》<>/|…—-~"
_LOOK_BACK = 8


def follows_age(text: str, start: int) -> bool:
    """Whether an age stands before: 27岁的.

    >>> follows_age("27岁的王小雨", 5)
    True
    """
    return _AGED.search(text, max(start - _LOOK_BACK, 0), start) is not None


def is_role_before(text: str, start: int) -> bool:
    """Whether the words before say whose name follows: 女孩, 名叫, 村民."""
    return _ROLE.search(text, max(start - _LOOK_BACK, 0), start) is not None


def is_introduced(text: str, start: int) -> bool:
    """Whether the words before say what somebody is called: 名叫, 寻找."""
    cue = _INTRODUCED.search(text, max(start - 12, 0), start)
    return cue is not None and _ANY.search(text, max(cue.start() - 3, 0), cue.start()) is None


def is_child_before(text: str, start: int) -> bool:
    """Whether a word for a child stands right before."""
    return _CHILD.search(text, max(start - 3, 0), start) is not None


def is_of_animal(text: str, start: int) -> bool:
    """Whether an animal is called so."""
    return _ANIMAL.search(text, max(start - 2 * _LOOK_BACK, 0), start) is not None


def has_particulars(text: str, end: int) -> bool:
    """Whether an age or a home stands behind: 陈小雨，7岁."""
    return _PARTICULARS.match(text, end) is not None


def is_public_by_cue(text: str, start: int) -> bool:
    """Whether the words before name an office, a stage, or who wrote it."""
    before = max(start - 2 * _LOOK_BACK, 0)
    return _OFFICE.search(text, before, start) is not None or _BYLINE.search(text, before, start) is not None


def is_on_stage(text: str) -> bool:
    """Whether the text is about the stage, sport or government, where most names are those of public life."""
    return _STAGE.search(text) is not None


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
    return _AFTER.match(text, end) is not None or _BEFORE.search(text, max(start - _LOOK_BACK, 0), start) is not None


def is_named(text: str, start: int, end: int) -> bool:
    """As `is_cued`, of what is a word of its own as well: the cue must leave no doubt."""
    closed = is_closed(text, end)
    if _AFTER.match(text, end) or (closed and is_role_before(text, start)):
        return True
    return closed and text[end : end + 1] == ":" and (start == 0 or text[start - 1] in _BREAK)
