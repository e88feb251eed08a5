"""Redaction for the console: what is taken out, what stays, and that hostile text costs no more than its length."""

import re
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
import rjieba
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detectors import name_cues, numbers
from detectors.disguise import fold, spell_digits
from detectors.identity import KINDS, Redactor
from detectors.spellings import read
from tests.identities import DISGUISES, RARE_DISGUISES, planted_posts
from tests.identities import KINDS as PLANTED

redactor = Redactor(rjieba.cut, rjieba.tag, rjieba.has_word)

TAKEN_OUT = {
    "mobile": ("孩子走失，电话13800138000，谢谢", "孩子走失，电话［电话］，谢谢", ["phone"]),
    "two-mobiles": ("打13800138000，13900139000，找李先生", "打［电话］，［电话］，找李先生", ["phone"]),
    "country-code": ("call +86 138 0013 8000", "call +［电话］", ["phone"]),
    "landline": ("值班室 0571-8765 4321", "值班室 ［电话］", ["phone"]),
    "letters-for-zeros": ("加我138oo138ooo", "加我［电话］", ["phone"]),
    "html-entities": ("电话&#49;&#51;&#56;0013 8000", "电话［电话］", ["phone"]),
    "letters-for-ones": ("138l3800l38", "［电话］", ["phone"]),
    "commas": ("电话：一三八，零零一三，八零零零", "电话：［电话］", ["phone"]),
    "keycaps": ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "［电话］", ["phone"]),
    "email-in-words": ("mama2010 at qq dot com", "［邮箱］", ["email"]),
    "house-number": ("住在浦东新区张杨路500弄20号1202", "住在浦东新区［地址］", ["address"]),
    "compound-family-name": ("失踪儿童：欧阳慕云，男，9岁", "失踪儿童：［姓名］，男，9岁", ["name"]),
    "name-with-a-dot": ("女孩名叫阿依古丽·买买提", "女孩名叫［姓名］", ["name"]),
    "doubled-name": ("我女儿朵朵被打了", "我女儿［姓名］被打了", ["name"]),
    "dotted-name": ("陈.小.雨快回家", "［姓名］快回家", ["name"]),
    "spaced-compound-name": ("尉 迟 雪 莲 被拐走了，孩子才七岁", "［姓名］ 被拐走了，孩子才七岁", ["name"]),
    "id": ("身份证11010519491231002X", "身份证［证件号］", ["id_card"]),
    "id-last-digits": ("身份证尾号是 002X", "身份证尾号是 ［证件号］", ["id_card"]),
    "passport": ("护照E12345678遗失", "护照［护照号］遗失", ["passport"]),
    "phone-over-lines": ("电话138\n0013\n8000", "电话［电话］", ["phone"]),
    "id-over-lines": ("身份证110101\n20150307\n7512", "身份证［证件号］", ["id_card"]),
    "born": ("小宝2019年3月12日生，走失", "小宝［号码］生，走失", ["number"]),
    "day-of-birth": ("出生日期：2012-05-06，女", "出生日期：［号码］，女", ["number"]),
    "house-on-a-road": ("孩子住幸福路12号", "孩子住［地址］", ["address"]),
    "house-behind-a-dash": ("女孩在建设大道120-3号", "女孩在［地址］", ["address"]),
    "date-that-may-be-a-birthday": ("小宝 20130408 在云溪", "小宝 ［号码］ 在云溪", ["number"]),
    "born-without-a-year": ("女儿5月12日出生，走失", "女儿［号码］出生，走失", ["number"]),
    "birthday": ("她生日是5月12号", "她生日是［号码］", ["number"]),
    "birthday-in-figures": ("生日：5.12，妹妹0512的生日", "生日：［号码］，妹妹［号码］的生日", ["number"]),
    "birthday-of-the-moon": ("农历八月十五生的", "［号码］生的", ["number"]),
    "on-the-map": ("孩子在31.230416,121.473701被带走", "孩子在［地址］被带走", ["address"]),
    "on-the-map-in-degrees": ("在北纬31°13'49\"东经121°28'25\"附近", "在［地址］附近", ["address"]),
    "on-the-map-in-words": ("纬度31.2304 经度：121.4737", "纬度［地址］", ["address"]),
    "pinyin-digits": ("电话yao san ba ling ling yi san ba líng líng líng", "电话［电话］", ["phone"]),
    "pinyin-in-one": ("联系yisanbalinglingyisanbalinglingling", "联系［电话］", ["phone"]),
    "english-digits": ("call One-three-eight double zero 一 three 8 triple zero", "call ［电话］", ["phone"]),
    "look-alike-letters": ("联系1三8ο〇13８Ｏ0零，l38ОО13捌OOO", "联系［电话］，［电话］", ["phone"]),
    "percent-codes": (
        "孩子叫%E5%BC%A0%E5%B0%8F%E9%9B%A8，七岁，电话%31%33%38%30%30%31%33%38%30%30%30",
        "孩子叫［姓名］，七岁，电话［电话］",
        ["phone", "name"],
    ),
    "percent-code-in-a-link": ("看http://a.cn/%E5%BC%A0%E5%B0%8F%E9%9B%A8 的图", "看［链接］ 的图", ["link"]),
    "escaped": ("\\u5f20\\u5c0f\\u96e8走失，女孩", "［姓名］走失，女孩", ["name"]),
    "pictures-between": ("女孩张🌸小🌸雨，7岁", "女孩［姓名］，7岁", ["name"]),
    "teacher-of-a-school": ("霞柳岭小学老师打人", "［学校］老师打人", ["address", "school"]),
    "school-for-short": (
        "女孩在六中读书，弟弟是县实小的学生",
        "女孩在［学校］读书，弟弟是县［学校］的学生",
        ["school"],
    ),
    "numbered-school": ("市第三实验小学的老师打人", "市［学校］的老师打人", ["school"]),
    "village": ("孩子在灯塔村被拐走", "孩子在［地址］被拐走", ["address"]),
    "word-as-pet-name": ("孩子小名橘子，今年五岁", "孩子小名［姓名］，今年五岁", ["name"]),
    "word-as-name-beside-an-age": ("走失女孩，橘子，女，5岁", "走失女孩，［姓名］，女，5岁", ["name"]),
    "foreign-name": ("女儿叫Emily Zhang，走失三天", "女儿叫［姓名］，走失三天", ["name"]),
    "word-as-name-behind-an-age": ("6岁的橘子失踪", "6岁的［姓名］失踪", ["name"]),
    "exam-ticket": ("捡到准考证 号码：204101311", "捡到准考证 号码：［考号］", ["exam_ticket"]),
    "plate": ("车牌京A·12345，抱走女孩", "车牌［车牌］，抱走女孩", ["plate"]),
    "qq": ("领养加QQ3407008", "领养加QQ［QQ号］", ["qq"]),
    "wechat": ("微信ID:ZuoYeBen", "微信ID:［微信号］", ["wechat"]),
    "wechat-behind-words": ("微信 扫描二维码或搜索lets9394", "微信 扫描二维码或搜索［微信号］", ["wechat"]),
    "email": ("发到 someone.else@example.com", "发到 ［邮箱］", ["email"]),
    "bank-card": ("卡号6222 0200 1111 2222 333", "卡号［卡号］", ["bank_card"]),
    "handle": ("＠小王的妈妈 看看", "［用户］ 看看", ["handle"]),
    "handle-apart": ("@小王的妈妈 @ 云岭阿姨 看看", "［用户］ ［用户］ 看看", ["handle"]),
    "link": ("照片http://t.cn/zYabcd0 在此", "照片［链接］ 在此", ["link"]),
    "bare-link": ("看 example.com/a/1.jpg 的图", "看 ［链接］ 的图", ["link"]),
    "address": ("孩子家住朝阳区樱花东街5号院3号楼2单元501室", "孩子家住朝阳区［地址］", ["address"]),
    "class": ("初二(3)班的女生被打", "［学校］的女生被打", ["school"]),
    "school": ("县里的芦花小学出事了，孩子中毒", "县里的［学校］出事了，孩子中毒", ["address", "school"]),
    "ward": ("患儿住院部12楼3床", "患儿［地址］", ["address"]),
    "name": ("寻找女儿陈小雨，7岁", "寻找女儿［姓名］，7岁", ["name"]),
    "name-whose-end-is-cut-off": ("王梓萱遭继父毒打，孩子才五岁", "［姓名］遭继父毒打，孩子才五岁", ["name"]),
    "name-under-signs": ("苗\u0301禾禾 女童走失", "［姓名］ 女童走失", ["name"]),
    "ward-in-words": ("PICU三床的患儿没人管", "［地址］的患儿没人管", ["address"]),
    "ward-by-its-number": ("孩子在新生儿科8床", "孩子在［地址］", ["address"]),
    "name-again": ("学生孙梓涵被打，梓涵的妈妈报警", "学生［姓名］被打，［姓名］的妈妈报警", ["name"]),
    "name-without-family-name": ("女孩名叫蓉蓉，三岁", "女孩名叫［姓名］，三岁", ["name"]),
    "spaced-name": ("孩子叫孙 梓 涵", "孩子叫［姓名］", ["name"]),
    "spaced-plate": ("京 A 1 2 3 4 5 抱走孩子", "［车牌］ 抱走孩子", ["plate"]),
    "pinyin-name": ("孩子叫Zhang Xiaoyu，走失", "孩子叫［姓名］，走失", ["name"]),
    "village-without-a-child": ("青溪市松云镇柳塘村人", "青溪市［地址］人", ["address"]),
    "block-of-a-campus": ("松云学院8栋的阳台", "松云［地址］的阳台", ["address"]),
    "estate-lived-in": ("谁认识住在云溪新苑的人", "谁认识住在［地址］的人", ["address"]),
    "name-seen-behind-a-name": ("寻找赖军思任红娜在哭", "寻找［姓名］［姓名］在哭", ["name"]),
    "private-namesake": ("41岁的王刚找到了父亲", "41岁的［姓名］找到了父亲", ["name"]),
    "behind-an-age": ("27岁的黄潇潇说", "27岁的［姓名］说", ["name"]),
    "pet-name-behind-an-age": ("11岁的妮妮肚子疼", "11岁的［姓名］肚子疼", ["name"]),
    "joined-with-what-follows": ("女城管郑媛媛管遭人肉", "女城管［姓名］管遭人肉", ["name"]),
    "family-name-that-is-a-word": ("献血者金向东说", "献血者［姓名］说", ["name"]),
    "endearment": ("亲爱的小皓博，安息", "亲爱的［姓名］，安息", ["name"]),
    "nickname-of-a-child": ("17岁的小羽被送进医院，她是学生", "17岁的［姓名］被送进医院，她是学生", ["name"]),
    "doubled-name-behind-a-girl": ("女孩芊芊手上起了水泡", "女孩［姓名］手上起了水泡", ["name"]),
    "rarer-family-name": ("姐姐叫卿嫣然，今年7岁", "姐姐叫［姓名］，今年7岁", ["name"]),
    "family-name-apart": ("姓陈，名晓语，7岁，走失", "姓［姓名］，7岁，走失", ["name"]),
    "sign-within-a-name": ("寻找陈🌂小雨，7岁", "寻找［姓名］，7岁", ["name"]),
    "longer-than-somebody-famous": ("被告人余华英把孩子卖了", "被告人［姓名］把孩子卖了", ["name"]),
    "phone-parted-by-words": ("孩子走失，打139转1234转5678", "孩子走失，打［电话］", ["phone"]),
    "phone-in-brackets": ("孩子走失，打【139】【1234】【5678】", "孩子走失，打【［电话］】", ["phone"]),
    "phone-parted-by-emoji": ("打1😊3😊9😊1😊2😊3😊4😊5😊6😊7😊8", "打［电话］", ["phone"]),
    "wechat-by-another-word": ("找到孩子请绿泡泡：xyz2013abc", "找到孩子请绿泡泡：［微信号］", ["wechat"]),
    "wechat-half-in-pinyin": ("加wei信 xyz2013abc", "加wei信 ［微信号］", ["wechat"]),
    "group": ("进群340700，都是家长", "进群［QQ号］，都是家长", ["qq"]),
    "plate-in-words": ("面包车是沪牌A12345", "面包车是［车牌］", ["plate"]),
    "flat-by-numbers": ("孩子丢在翠湖名邸3-1-502室", "孩子丢在［地址］", ["address"]),
    "house-number-in-words": ("孩子在松云路一百二十八号", "孩子在［地址］", ["address"]),
    "traditional": ("尋找女兒陳小雨，7歲", "尋找女兒［姓名］，7歲", ["name"]),
}


@pytest.mark.parametrize(("text", "redacted", "found"), TAKEN_OUT.values(), ids=TAKEN_OUT)
def test_what_leads_to_a_person_is_taken_out(text: str, redacted: str, found: list[str]) -> None:
    """And what stands around it stays as it was written."""
    answer = redactor.redact(text)

    assert [answer.text, list(answer.found)] == [redacted, found]


@pytest.mark.parametrize(
    "text",
    [
        "孩子有危险请打110、12355或12345",
        "转发并@ 三位好友，别乱@ 人",
        "心理援助热线400-161-9995",
        "捐款1000000元，来了1500000人",
        "2013年4月8日 20:30，第130408号文件",
        "温家宝总理看望孩子们",
        "张某和李某某打了学生",
        "希望小学的孩子上中学",
        "微信 android 版更新了",
        "一五一十地说，三三两两的孩子",
        "今天天气真好，孩子们去公园玩",
        "2013年1月1日生产的奶粉，2019年3月12日生效的规定，老先生于2012年6月14日讲课",
        "比分3-2，第1.5节",
        "笑死23333333333，祝1314520",
        "唐山大地震，宁夏吴忠的男孩",
        "5岁男孩幼儿园里抓伤同伴",
        "绵阳一中考生想考北大",
        "郭沫若先生写诗",
        "新华社记者梁小旭 摄",
        "——柳松云，于2011年",
        "儿子和孙子都希望他回家",
        "最常见的名字：梓涵",
        "群里500000人都是家长",
        "看看人家的富二代孩子",
        "孩子名字就行，最好听的名字：春风，女儿穿红色外套，7岁",
        "一名女孩患白血病，5岁，确诊一个月，如今，8岁的她康复",
        "震中位于北纬30.11度，东经102.80度，孩子们已转移",
        "金秀贤0216生日快乐，祝儿子生日快乐",
        "优惠20%31元起，孩子价格3.14159 和 2.71828",
        "小狗名叫Tom，儿子叫它起床",
        "one two three four，孩子们学英语，ba la la 小魔仙",
        "孩子上初中二年级，一小时后到，第六中心小组",
        "健健康康，幸幸福福的孩子",
        "评剧终身成就奖获得者沈云笙病逝",
        "",
    ],
    ids=lambda text: text[:6] or "empty",
)
def test_what_leads_to_nobody_stays(text: str) -> None:
    """Helplines above all: a child in danger may need them."""
    assert redactor.redact(text).text == text


def test_ten_thousand_planted_identifiers_are_found() -> None:
    """Numbers and accounts in every disguise without exception; names and places at the rates that are documented."""
    missed: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    for post in planted_posts(seed=4, count=10_000):
        planted[post.kind] += 1
        plain = fold(redactor.redact(post.text).text).text
        told = plain if post.kind in {"name", "address", "school", "handle", "link"} else spell_digits(plain)
        missed[post.kind] += post.bare.lower()[:4] in told or post.identifier in told
    rates = {kind: missed[kind] / planted[kind] for kind in planted}

    assert {kind for kind, rate in rates.items() if rate > 0} <= {"name", "address", "school"}
    assert max(rates.values()) <= 0.1


@pytest.mark.parametrize("disguise", RARE_DISGUISES)
def test_two_disguises_at_once_and_rare_ones_are_seen_through(disguise: str) -> None:
    """Of each kind that is made of digits; what is left of one tells less than half of it."""
    chance = Random(7)
    for kind in ("phone", "id_card", "bank_card", "qq"):
        make, sentences, _ = PLANTED[kind]
        for _ in range(25):
            bare = make(chance)
            text = chance.choice(sentences).format(RARE_DISGUISES[disguise](bare))
            left = "".join(re.findall("[0-9]", spell_digits(read(redactor.redact(text).text)[0].text)))

            assert len(left) < len(bare) / 2, text


@given(st.text(alphabet=st.sampled_from("陈小雨女儿叫13８⑨零一.-@ ab：:，。/［］电话姓名QQ号路室\u200b"), max_size=60))
def test_redacting_again_changes_nothing(text: str) -> None:
    """Whatever the tokens stand beside."""
    once = redactor.redact(text)

    assert redactor.redact(once.text).text == once.text


@given(st.text(max_size=80))
def test_any_text_is_taken(text: str) -> None:
    """Lone surrogates, astral characters, controls; what was not found stays untouched."""
    answer = redactor.redact(text)

    assert (answer.text == text) == (not answer.found)
    assert set(answer.found) <= set(KINDS)


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "a.",
        "@",
        "微信",
        "小",
        "1-",
        "http://",
        "［电话］1",
        "孙 ",
        "\u200b1",
        "路1号",
        "。1",
        "陈小雨",
        "镇",
    ],
)
def test_a_megabyte_of_hostile_text_is_read_in_linear_time(unit: str) -> None:
    """A quadratic pattern would take hours."""
    redactor.redact(unit * (1_000_000 // len(unit)))


@pytest.mark.parametrize(
    "unit",
    [
        "yi ",
        "double",
        "one1",
        "%E5",
        "%E5%BC%A0",
        "\\u5f20",
        "小🌸",
        "小学老师",
        "在六中",
        "第三",
        "在村村",
        "1.2345,",
        "1°1'",
        "生日1月1",
        "小名橘子",
        "小名ab ",
        "橘子，7岁",
        "岁的橘子走失",
    ],
)
@pytest.mark.timeout(60)
def test_hostile_text_for_younger_patterns_is_read_in_linear_time(unit: str) -> None:
    """A tenth of the above: what is quadratic takes minutes for so much, too."""
    redactor.redact(unit * (100_000 // len(unit)))


def _led() -> Iterator[tuple[str, str]]:
    """Patterns that look first how they may begin, `detectors.words.led`: (the look, the rest)."""
    patterns = [sparse.pattern.pattern for _, sparse in (*numbers._NET, *numbers._CUED)]
    patterns += [getattr(name_cues, name).pattern for name in ("_PARTICULARS", "_AFTER", "_THING", "_ADDRESSED")]
    for pattern in patterns:
        led = re.match(r"(\(\?=\[[^]]+]\))(.*)", pattern, re.DOTALL)
        if led:
            yield led[1], led[2]


LED = dict(_led())


@pytest.mark.parametrize("look", LED)
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
def test_what_a_pattern_looks_for_first_is_how_it_begins(look: str, data: st.DataObject) -> None:
    """The list of first characters lacks none: each alternative is found with it as without."""
    text = data.draw(st.from_regex(LED[look], fullmatch=True))

    assert re.match(look, text), text


def test_the_disguises_of_the_generator_are_disguises() -> None:
    """Else the test above would test nothing."""
    assert {name for name, disguise in DISGUISES.items() if disguise("13800138000") == "13800138000"} == {"plain"}


SPACED_OUT = {
    "e-mail": ("照片请发到 f u r t g n 7 0 6 @ 1 6 3 . c o m", "照片请发到 ［邮箱］", "email"),
    "link": ("详情 h.t.t.p.:././.t...c.n./.f.x.s.z", "详情 ［链接］", "link"),
    "passport": ("学生的护照E C 9 1 6 4 1 6 0丢了", "学生的护照［护照号］丢了", "passport"),
    "plate": ("车牌粤.D.G.1.9.6.8，撞了小学生就跑", "车牌［车牌］，撞了小学生就跑", "plate"),
    "plate-spelt": ("车牌豫ED７⓪五０，撞了小学生就跑", "车牌［车牌］，撞了小学生就跑", "plate"),
    "plate-dashed": ("抱走孩子的车是豫AG-4869，大家留意", "抱走孩子的车是［车牌］，大家留意", "plate"),
    "account": ("加我 w_x_q_7_7_1_2 给你看", "加我 ［微信号］ 给你看", "wechat"),
}


@pytest.mark.parametrize(("text", "redacted", "kind"), SPACED_OUT.values(), ids=SPACED_OUT)
def test_accounts_with_a_mark_between_all_characters_are_seen_through(text: str, redacted: str, kind: str) -> None:
    """Whoever hides an account so means to be found."""
    answer = redactor.redact(text)

    assert (answer.text, answer.found) == (redacted, (kind,))


@pytest.mark.parametrize("text", ["A B C D E F G", "U.S.A.", "1 2 3 4 5 6", "v s o p", "a-b-c"])
def test_letters_that_stand_apart_are_no_account(text: str) -> None:
    """Neither the alphabet nor an abbreviation leads to anybody."""
    assert redactor.redact(text).text == text
