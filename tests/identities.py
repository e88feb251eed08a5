"""Invented identifiers of every kind and disguise, in sentences that people write. Seeded; nobody's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

__all__ = ["DISGUISES", "KINDS", "RARE_DISGUISES", "Planted", "given_name", "plant", "planted_posts"]


@dataclass(frozen=True, slots=True)
class Planted:
    """One identifier in one sentence.

    Attributes:
        kind: of KINDS.
        disguise: of DISGUISES.
        identifier: as it stands in the text.
        bare: what it says without the disguise.
        text: the sentence.
    """

    kind: str
    disguise: str
    identifier: str
    bare: str
    text: str


_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘袁董余苏叶吕魏蒋杜沈姜范傅钟卢汪戴崔任陆廖姚"
)
_GIVEN = (
    "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超霞平刚桂英华玉兰红梅鑫宇浩轩梓涵"
    "欣怡雨桐子睿晨曦佳琪思远嘉诺俊熙诗婷雅萱博文煜城志豪晓彤"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _digits(random: Random, count: int) -> str:
    return "".join(random.choices("0123456789", k=count))


def given_name(random: Random) -> str:
    """A family name and one or two characters."""
    return random.choice(_SURNAMES) + "".join(random.choices(_GIVEN, k=random.choice((1, 2, 2, 2))))


def _mobile(random: Random) -> str:
    return "1" + random.choice("3456789") + _digits(random, 9)


def _landline(random: Random) -> str:
    return random.choice(("010", "021", "0571", "0755", "0991")) + random.choice("2345678") + _digits(random, 7)


def _birth(random: Random) -> str:
    return f"{random.randint(1970, 2020)}{random.randint(1, 12):02}{random.randint(1, 28):02}"


def _id_18(random: Random) -> str:
    body = random.choice(("110105", "330203", "410184", "510107", "620102")) + _birth(random) + _digits(random, 3)
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11]


def _id_15(random: Random) -> str:
    return random.choice(("110105", "330203", "410184")) + _birth(random)[2:] + _digits(random, 3)


def _bank(random: Random) -> str:
    body = random.choice(("622202", "621700", "456351")) + _digits(random, 12)
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in body[::-2])
    return body + str(-(doubled + sum(int(digit) for digit in body[-2::-2])) % 10)


def _plate(random: Random) -> str:
    return random.choice("京沪粤浙川豫") + random.choice("ABCDE") + random.choice("ABCDEFGH") + _digits(random, 4)


def _latin(random: Random) -> str:
    return (
        random.choice("abcdefghklmnpqrstuwxyz")
        + "".join(random.choices("abcdefghkmnpqrstuwxyz", k=5))
        + _digits(random, 3)
    )


def _address(random: Random) -> str:
    street = "".join(random.choices("云霞柳松翠湖", k=2)) + random.choice("岭溪塘")
    return f"{street}路{random.randint(11, 999)}号{random.randint(1, 30)}栋{random.randint(101, 2909)}室"


def _school(random: Random) -> str:
    return (
        "".join(random.choices("云霞柳松翠湖", k=2))
        + random.choice(("岭", "溪", "塘"))
        + random.choice(("小学", "中学", "幼儿园"))
    )


_Maker = Callable[[Random], str]
# kind -> (maker, sentences with {} for the identifier, whether digits may be disguised)
KINDS: dict[str, tuple[_Maker, tuple[str, ...], bool]] = {
    "phone": (
        _mobile,
        ("孩子走失了，看到请打{}，万分感谢", "联系电话：{}，求扩散", "谁家的小朋友，妈妈手机{}"),
        True,
    ),
    "landline": (_landline, ("幼儿园值班室电话{}，有线索请联系", "有消息请打 {} 找王老师"), True),
    "id_card": (_id_18, ("孩子的身份证号是{}，挂失", "捡到一张学生身份证 {} 请转发"), True),
    "id_15": (_id_15, ("孩子户口本上的旧号{}，哪位失主", "证件{}掉在学校门口"), True),
    "passport": (
        lambda random: "E" + random.choice("ABC") + _digits(random, 7),
        ("学生的护照{}丢了", "捡到儿童护照：{}"),
        False,
    ),
    "exam_ticket": (
        lambda random: _digits(random, 12),
        ("捡到高考准考证，准考证号{}，别耽误孩子", "考生号：{}，快来领"),
        True,
    ),
    "student": (
        lambda random: "G" + _id_18(random)[:17] + "3",
        ("孩子的学籍号{}被贴出来了", "学号：{} 的同学快来拿"),
        False,
    ),
    "plate": (_plate, ("抱走孩子的车是{}，大家留意", "车牌{}，撞了小学生就跑"), False),
    "qq": (
        lambda random: random.choice("123456789") + _digits(random, 8),
        ("找孩子的家长加QQ{}", "有线索加扣扣：{}"),
        True,
    ),
    "wechat": (_latin, ("孩子妈妈的微信号：{}", "知情人请加微信{}"), False),
    "email": (
        lambda random: f"{_latin(random)}@{random.choice(('qq', '163', 'sina'))}.com",
        ("照片请发到 {} 帮孩子", "孩子的资料发{}"),
        False,
    ),
    "bank_card": (_bank, ("给患病孩子捐款，农行卡号{}", "救救孩子，账号：{}"), True),
    "handle": (
        lambda random: "@" + "".join(random.choices(_GIVEN, k=4)),
        ("孩子找到了 {} 谢谢", "求扩散 {} 帮帮孩子"),
        False,
    ),
    "link": (lambda random: f"http://t.cn/{_latin(random)}", ("孩子的照片在{} 请转发", "详情 {} 救救孩子"), False),
    "address": (_address, ("孩子家住{}，天天挨打", "女孩最后出现在{}，求线索"), False),
    "school": (_school, ("{}的老师打学生", "孩子在{}被同学欺负"), False),
    "name": (given_name, ("寻找女儿{}，7岁", "男孩名叫{}，走失三天", "学生{}被打伤", "{}，8岁，昨天走失"), False),
}  # fmt: skip

_CIRCLED = dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True))
_SPELT = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_WIDE = {digit: chr(ord(digit) + 0xFEE0) for digit in "0123456789"}


def _spaced(text: str, between: str) -> str:
    return between.join(text)


DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "wide": lambda text: "".join(_WIDE.get(character, character) for character in text),
    "circled": lambda text: "".join(_CIRCLED.get(character, character) for character in text),
    "spelt": lambda text: "".join(_SPELT.get(character, character) for character in text),
    "spaced": lambda text: _spaced(text, " "),
    "dotted": lambda text: _spaced(text, "."),
    "slashed": lambda text: _spaced(text, "/"),
    "dashed": lambda text: f"{text[:3]}-{text[3:7]}-{text[7:]}",
    "unseen": lambda text: _spaced(text, "\u200b"),
    "mixed": lambda text: "".join((_WIDE, _CIRCLED, _SPELT)[place % 3].get(c, c) for place, c in enumerate(text)),
}


_PINYIN = dict(zip("0123456789", "ling yi er san si wu liu qi ba jiu".split(), strict=True))  # noqa: SIM905 - it reads so
_ENGLISH = dict(zip("0123456789", "zero one two three four five six seven eight nine".split(), strict=True))  # noqa: SIM905 - as well
# Two at once, and such as are seldom: not in `planted_posts`, whose texts are compared from version to version
RARE_DISGUISES: dict[str, Callable[[str], str]] = {
    "wide and dotted": lambda text: _spaced(DISGUISES["wide"](text), "．"),
    "mixed and spaced": lambda text: _spaced(DISGUISES["mixed"](text), " "),
    "mixed and dashed": lambda text: DISGUISES["dashed"](DISGUISES["mixed"](text)),
    "spelt and unseen": lambda text: _spaced(DISGUISES["spelt"](text), "\u200b"),
    "pinyin": lambda text: " ".join(_PINYIN.get(character, character) for character in text),
    "pinyin in one": lambda text: "".join(_PINYIN.get(character, character) for character in text),
    "english": lambda text: "-".join(_ENGLISH.get(character, character) for character in text),
    "words and digits": lambda text: " ".join(
        (_PINYIN, _SPELT, _ENGLISH, _WIDE)[place % 4].get(c, c) for place, c in enumerate(text)
    ),
    "percent codes": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "escapes": lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
}
OF_WORDS = ("plain", "unseen", "spaced", "dotted", "slashed")  # disguises of what is not of digits alone


def plant(random: Random, kind: str, disguise: str) -> Planted:
    """One identifier in a sentence."""
    make, sentences, _ = KINDS[kind]
    bare = make(random)
    identifier = DISGUISES[disguise](bare)
    return Planted(kind, disguise, identifier, bare, random.choice(sentences).format(identifier))


def planted_posts(seed: int, count: int) -> Iterator[Planted]:
    """`count` of them, kinds and disguises in turn."""
    random = Random(seed)
    turns = [(kind, disguise) for kind in KINDS for disguise in (DISGUISES if KINDS[kind][2] else OF_WORDS)]
    for place in range(count):
        yield plant(random, *turns[place % len(turns)])
