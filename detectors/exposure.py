"""Know a post that spreads a vulnerable child's picture or identity, and one about a child in danger now.

Reads a text about children and what the redactor found in it; gives signs. Pure. "Please share this photo of the
missing girl" is meant well and makes her a target (UNICEF's ethical guidelines for reporting on children; Minors
Protection Law, article 103); so it is told as a matter of protection. Measured in docs/decisions/0011.
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
_VULNERABLE = re.compile(
    "走失|失踪|丢失|走丢|被拐|拐走|拐卖|拐骗|抱走|抢走|人贩子|乞讨|要饭|流浪|弃婴|被弃|遗弃|虐待|虐童"
    "|被打|殴打|性侵|猥亵|强奸|轮奸|受虐"
    "|烫伤|烧伤|白血病|重病|绝症|肿瘤|脑瘫|车祸|重伤|昏迷|手术费|医疗费|艰辛|捡.{0,6}吃"
)
_PICTURE = re.compile(
    "照片|图片|图中|图为|如图|附图|有图|上图|看图|配图|视频里|监控截图|实拍|随手拍|拍下|截图|长相|就是这个"
)
_SPREAD = re.compile(
    "扩散|求转|帮.{0,3}转|请.{0,4}转|转发(?:一?下|帮|寻|救|的|）|\\))|转起来|转一?转|多转|转一次|接力"
    "|随手转|知情者|有线索|提供线索|见到.{0,8}联系"
    "|联系电话|求助|请大家关注|让他的?家人|帮.{0,4}(?:找|寻)"
)
_IDENTITY = frozenset({"name", "phone", "address", "school", "id_card", "qq", "wechat"})
_STORY = re.compile(
    "报道|记者|讯[】）)]|电（|据悉|据报|警方通报|法院|检察|判处|刑拘|案件|网友|新闻"
)  # told about, not spread

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
    has_picture, asks = _PICTURE.search(text) is not None, _SPREAD.search(text) is not None
    tells_who = not _IDENTITY.isdisjoint(found)
    if asks:
        return has_picture or tells_who
    return has_picture and tells_who and _STORY.search(text) is None


def _is_in_danger(text: str) -> bool:
    danger = _DANGER.search(text)
    if danger is None or _PAST.search(text) or _CHILD.search(text) is None:
        return False
    return _NOW.search(text) is not None
