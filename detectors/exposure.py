"""Know a post that spreads a vulnerable child's picture or identity, and one about a child in danger now.

Reads a text about children and what the redactor found in it; gives signs. Pure. "Please share this photo of the
missing girl" is meant well and makes her a target (UNICEF's ethical guidelines for reporting on children; Minors
Protection Law, article 103); so it is told as a matter of protection. Measured in docs/decisions/0011, 0014.
"""

import re
from collections.abc import Collection
from typing import Literal

__all__ = ["AT_RISK", "EXPOSURE", "Sign", "signs_of"]

Sign = Literal["exposure", "minor-at-risk"]
EXPOSURE: Sign = "exposure"
AT_RISK: Sign = "minor-at-risk"

_CHILD = re.compile(
    "孩子|小孩|孩童|儿童|男童|女童|男孩|女孩|婴儿|幼儿|宝宝|女儿|儿子|学生|未成年|少女|少年|小朋友|弃婴|孤儿"
    "|[0-9一二三四五六七八九十]{1,2}多?岁"
)
# Words of distress: a child that is lost, begging, taken, hurt, ill or in need
_VULNERABLE = re.compile(
    "走失|失踪|失联|丢失|丢了|走丢|走散|不见了|找不到|找了|离家|没回家|家在哪|谁家|拐|被人从|抱走|抢走|带走|人贩|派出所|求救|救|报警"
    "|乞讨|要饭|流浪|弃婴|被弃|遗弃|捡到|捡.{0,6}吃|孤儿|饿|冻|虐|后妈|殴|毒打|性侵|侵犯|猥亵|强奸|轮奸|被.{0,5}[打踢扎掐欺]|[打踢扎]"
    "[断成伤得死]|针眼|血|烫|烧伤|开水|疤|残|拴|锁|关在|欺凌|霸凌|患|病|绝症|瘤|癌|骨髓|移植|化疗|脑瘫|车祸|重伤|昏迷|手术|医疗费"
    "|医药费|艰辛|倾家荡产|可怜|哭|绑|推倒|破了|被骗|骗来|扒衣|扒光|被同学|被老师|被城管|急需|欠费|等钱|没到家|讨钱|残疾|垃圾桶|结石|罚站|断了|逼着|挨打|疯了"
    "|冻疮|桥洞|丢|逼|跪|压断|失火|没了|纸箱|掐|摸|背砖|打工"
)
_PICTURE = re.compile(
    "照片|近照|有图|图片|图中|图里|这张图|图为|如图|附图|有图|上图|看图|见图|配图|的图[,，]|视频|监控截图|实拍|随手拍|拍下|拍了?照|截图|长相"
    "|就是(?:这个|那个)|这就是"
)
_SPREAD = re.compile(
    "扩散|求转|转告|转给|快转|[,，。!！ ]转[!！吧。]*$"
    "|大家转|转这|转疯|评评理|伸把手|伸出援手|求记者|给我打电话|有没有人愿意|见过吗|帮[他她]回家|能帮就帮|帮.{0,3}转|请.{0,4}转|转发(?:一?下|帮|寻|救|求|的|）|\\)|让)"
    "|求.{0,4}转发|转起来|转一?转|多转|一起转|转出去|转一次|接力|随手转|人肉|曝光|都来看|寻人|寻子|知情者|有线索|有消息|提供线索"
    "|[见看]到.{0,8}(?:联系|打电话|报警)|联系电话|联系人|私信我|求助|请大家关注|让他的?家人|重谢|帮.{0,4}(?:找|寻)"
    "|有人认识|谁认识|认识这|求捐|望.{0,4}(?:妈妈|父母|家人|好心人)"
)
# Weaker: in news they mean nothing
_ASK = re.compile("转(?!氨|学|院|账)|传一下|联系|私信|看[到见]|认识|目击|好心人|援手|捐|说法|公道|帮帮|大家看|亲人")
# One child, whom somebody could know again; children in general are nobody
_ONE = re.compile(
    "女孩|男孩|闺女|[这个两的]娃|这个残疾儿童|孩子才|孩子叫|孙子|孙女|小姑娘|我学生|[女男]生|谁家的?[娃孩]|[他她]叫|这孩子|这娃|姐姐|哥哥|弟弟|表弟|表妹|妹妹|孩子[,，]妈妈|走失儿童|女童|男童|女婴|男婴|女儿|儿子|侄女|侄子|外甥|小弟|姐弟|这个.{0,4}孩子|那个.{0,8}孩子|孩子不见|小孩乞讨|乞讨的?(?:儿童|孩子|小孩)|[男女]生是|宝宝先天"
    "|[,，][男女][,，]|[0-9一二两三四五六七八九十]{1,2}个?多?岁|岁半"
)
_DESCRIBED = re.compile(
    "身高|身穿|穿着?.{1,6}[色衣裤服]|校服|红领巾|马尾|短发|长发|胎记|六指|眼镜|外套|口音|讲.{1,3}话|监控"
)
_IDENTITY = frozenset({"name", "phone", "address", "school", "id_card", "plate", "qq", "wechat"})
# Told about, not spread
_STORY = re.compile("报道|记者|讯[】）)]|电（|据悉|据报|警方通报|警方获悉|法院|检察|判处|刑拘|案件|网友|新闻|电影|调查")
_NEWS = re.compile("近日|日前|通报|发布|官方|[去离逝]世|康复|出院|医院传来|一个普通|[0-9]月[0-9]{1,2}日")
# Against spreading, or about what was spread in error
_AGAINST = re.compile(
    "投票|抽奖|报名|招募|领养|锦鲤|好评|优惠|代购|(?:不要|别再?|请勿|停止|拒绝)(?:再)?(?:转|传|拍|发)|隐私|二次伤害|谣言|辟谣|不实|假消息|虚假|骗局|不靠谱|核实一下"
)

_DANGER = re.compile(
    "相约自杀|约死|自杀群|直播自杀|直播自残|想自杀|要自杀|要跳楼|准备跳|站在楼顶|轻生|遗书|割腕|吞药|不想活|活不下去"
    "|正在(?:被|遭)?(?:打|虐|殴|强|拖)|正被(?:打|虐|殴)|被绑架|被劫持|刚刚?被(?:拐|抢|抱|绑|拖)|被锁在车|困在车"
)
_NOW = re.compile(
    "现在|正在|此刻|刚刚|刚才|马上|立刻|快报警|快救|救救|谁能|紧急|十万火急|直播中|今晚|今天|急[！!，,]|速"
)
_PAST = re.compile(
    "去年|前年|当年|年前|已(?:经)?(?:获救|找到|被捕|抓获|身亡|死亡)|警方通报|判处|宣判|电影|小说|剧情"
    "|剧中|回忆|纪念|讲座|预防"
)


def signs_of(text: str, found: Collection[str]) -> tuple[Sign, ...]:
    """What the post does besides telling.

    Args:
        text: cleaned, about children.
        found: kinds of identifiers in it (`detectors.identity.KINDS`).

    >>> signs_of("求扩散，女孩在超市附近被人拐走，这是照片", ["address"])
    ('exposure',)
    >>> signs_of("快报警！有学生在群里说今晚要跳楼", [])
    ('minor-at-risk',)
    """
    signs: list[Sign] = []
    if _is_in_danger(text):
        signs.append(AT_RISK)
    if _VULNERABLE.search(text) and _spreads(text, found):
        signs.append(EXPOSURE)
    return tuple(signs)


def _spreads(text: str, found: Collection[str]) -> bool:
    """Whether it hands on a picture or who the child is, or asks others to."""
    if _ONE.search(text) is None or _AGAINST.search(text) is not None:
        return False
    has_picture, tells_who = _PICTURE.search(text) is not None, not _IDENTITY.isdisjoint(found)
    is_known_by = has_picture or tells_who or _DESCRIBED.search(text) is not None
    if _SPREAD.search(text) is not None:
        return is_known_by
    if _STORY.search(text) is not None:
        return False
    return (has_picture and tells_who) or (is_known_by and _ASK.search(text) is not None and _NEWS.search(text) is None)


def _is_in_danger(text: str) -> bool:
    danger = _DANGER.search(text)
    if danger is None or _PAST.search(text) or _CHILD.search(text) is None:
        return False
    return _NOW.search(text) is not None
