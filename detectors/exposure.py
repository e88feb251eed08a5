"""Know a post that spreads a vulnerable child's picture or identity, and one about a child in danger now.

Reads a text about children and what the redactor found in it; gives signs. Pure. "Please share this photo of the
missing girl" is meant well and makes her a target (UNICEF's ethical guidelines for reporting on children; Minors
Protection Law, article 103); so it is told as a matter of protection. Measured in docs/decisions/0011, 0014.
"""

import re
from collections.abc import Collection
from typing import Literal

from detectors.appeals import margin_of

__all__ = ["AT_RISK", "EXPOSURE", "Sign", "headline_signs", "signs_of"]

Sign = Literal["exposure", "minor-at-risk"]
EXPOSURE: Sign = "exposure"
AT_RISK: Sign = "minor-at-risk"

_CHILD = re.compile(
    "孩子|小孩|孩童|儿童|男童|女童|男孩|女孩|[男女]生|[初高]中生|小姑娘|婴儿|幼儿|宝宝|女儿|儿子|学生|未成年|少女|少年|小朋友|弃婴|孤儿"
    "|[0-9一二三四五六七八九十]{1,2}多?岁"
)
_DANGER = re.compile(
    "相约.{0,4}(?:自杀|轻生)|约死|自杀群|直播自杀|直播自残|想自杀|要自杀|要跳楼|准备跳|站在楼顶|轻生|遗书|割腕|吞药|不想活|活不下去"
    "|正在(?:被|遭)?(?:打|虐|殴|强|拖)|正被(?:打|虐|殴)|被绑架|被劫持|刚刚?被(?:拐|抢|抱|绑|拖)|被拖上|拿刀追|被锁在车|困在车"
    "|[吃吞]了?(?:一整?瓶|很多|大量)?(?:安眠药|老鼠药)|喝了?(?:农药|百草枯)|[抱拖拽]上了?(?:一辆)?面包车"
)
_NOW = re.compile(
    "现在|还在|正在|此刻|刚刚|刚才|马上|立刻|快报警|快救|救救|谁能|紧急|十万火急|直播中|[营施搜]?救(?:援)?中|对峙"
    "|今晚|今天|急[！!，,]|(?<![高迅急飞火加超时车网减光音])速(?![度生食冻录成溶率])"
)
_PAST = re.compile(
    "去年|前年|当年|年前|(?<![求快])解救(?:了|出|一)|(?:成功|已|被|获)解救|已(?:经)?(?:获救|找到|被捕|抓获|身亡|死亡)|警方通报|判处|宣判|电影|小说|剧情"
    "|剧中|回忆|纪念|讲座|预防|怎么自救|粉丝"
)
# A scheme that is warned of, and stolen organs: no one child is meant, and nobody is sought
_SCHEME = re.compile("(?:最近|近期|近来|新的?)[^。!！]{0,12}(?:骗子|骗术|骗局|骗法|手法|招数)")
_WARNED = re.compile("告诉|转告|注意|当心|小心|提防|警惕")
_ORGANS = re.compile("(?:内脏|器官|眼角膜|[双两]?肾)[^。!！]{0,6}(?:被?[挖摘割取]|没了|没有了)")
_SOUGHT = re.compile("走失|失踪|寻找|寻人|照片[见在如是]|这是|[如见]图|图[中为是一]|下图|联系")


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
    if _spreads(text, found):
        signs.append(EXPOSURE)
    return tuple(signs)


def headline_signs(title: str, whole: str) -> tuple[Sign, ...]:
    """What an entry of a hot list says of a child; a list spreads no picture.

    Args:
        title: cleaned; the danger has to stand in it, for news tell of much else.
        whole: the same with its description.

    >>> headline_signs("女孩要跳楼", "女孩要跳楼。消防紧急救援")
    ('minor-at-risk',)
    >>> headline_signs("女孩获救", "女孩获救。她曾要跳楼，消防紧急救援")
    ()
    """
    return (AT_RISK,) if _DANGER.search(title) is not None and _is_in_danger(whole) else ()


def _spreads(text: str, found: Collection[str]) -> bool:
    """Whether it hands on a vulnerable child's picture or who the child is, or asks others to.

    Who found an admission ticket looks for a child who has lost nothing else; a warning and a rumour mean no one child.
    """
    return "准考证" not in text and margin_of(text, found) > 0 and not _means_nobody(text)


def _means_nobody(text: str) -> bool:
    if _SOUGHT.search(text) is not None:
        return False
    is_warning = _SCHEME.search(text) is not None and _WARNED.search(text) is not None
    return is_warning or _ORGANS.search(text) is not None


def _is_in_danger(text: str) -> bool:
    danger = _DANGER.search(text)
    if danger is None or _PAST.search(text) or _CHILD.search(text) is None:
        return False
    return _NOW.search(text) is not None
