"""What many headlines of one day are about: a stage of the national exam, or somebody there; a storm, a quake.

The rules are those of docs/one-event.md: each stage is one event, whatever places and days are told of, and what
somebody meets with there is another; a storm is one with all whom it befalls. How often they are right:
docs/decisions/0045. Pure.
"""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from detectors.name_lists import PUBLIC, SURNAMES
from detectors.regions import PROVINCES, province_in
from detectors.veil import HIDDEN

__all__ = ["is_of_hazard", "stage_of"]

_EXAM = "高考"
_ITSELF, _ADMISSION, _RESULTS = "exam", "exam:admission", "exam:results"  # the papers: "exam:maths" and so on
_LONG = 12  # characters, above which nobody can tell by the exam's name alone whether it tells of the exam itself
_SHORT_PAPER = 10  # characters of a headline that tells of a paper and does not name the exam
_FULL_NAME = 3  # characters

_HAZARDS = {"storm": "台风", "quake": "地震 强震"}
_SUBJECTS = {  # of school -> what it and its papers are called, a space between two
    "maths": "数学",
    "english": "英语",
    "physics": "物理",
    "history": "历史",
    "geography": "地理",
    "chemistry": "化学",
    "biology": "生物",
    "politics": "政治",
    "languages": "日语 俄语 小语种",
    "sciences": "理综",
    "arts": "文综",
    "chinese": "语文 作文 默写 文言文 阅读理解",  # last: other papers have essays, too
}


def _any(*words: str) -> re.Pattern[str]:
    """Finds any of some words (or patterns), a space between two."""
    return re.compile("|".join(" ".join(words).split()))


_OTHER_EXAM = _any(
    "中考 小升初 考研 考公 公务员 国考 教资 四六级 成人高考 统考 学考 行测",
    "韩国 日本 新加坡 印度 加沙 志愿者",
)
_SIGNS = _any(
    "考生 考场 送考 查分 出分 分数线 本科线 一本 二本 一段线 特控线 一分一段 准考证 本科[历物]",
    "报志愿 填志愿 志愿填报 选专业",
)
_OF_ADMISSION = _any("志愿 录取 报考 招生 调剂 滑档 投档 通知书 专业")
_OF_LINES = _any("录取线 录取分数 录取控制")
_OF_RESULTS = _any(
    "录取线 分数 分线 本科线 一本 二本 一段线 特控线 本科[历物] [历物][史理]类 一分一段 查分 出分 成绩",
    "最高分 屏蔽 状元 上线[0-9] [0-9]多?分(?!钟) 高考发布会",
)
_OF_PAPER = _any("卷 难 简单 题 答案 听力 续写 默写 作文 考完 破防")
_VERSION = _any("卷 默写 压轴", *PROVINCES)  # of a paper
_WISH = _any("祝 加油 寄语 快乐")
# Said of all whom it concerns, or to them, whoever says it
_OF_ALL = _any(
    "^致 送给 所有 全国 各地 多地 提醒 温馨 注意 切记 务必 拜托 麻烦 [0-9]{3,}万 人数 如何 怎么 什么 为何",
    "指南 问答 教育部 你 吗$ 不建议 更重要 多少年 年前 回忆 每年 期间 试卷 应援 收官 原来 那些 谁懂 名场面",
    "后劲 记忆 心情 状态 反应 焦虑",
)
_ADVICE = _any("建议 推荐 说")
_PRIVATE = (
    "儿子 女儿 妈 爸 父亲 母亲 爷 奶 姥 婆 舅 姑 叔 姨 哥 姐 弟 妹 外公 孙[子女] 夫[妻妇] 一家 陌生",
    "[男女](?:生|孩|子|童|儿)",
)
_OF_PRIVATE = _any(*_PRIVATE)
_OF_SOMEBODY = _any(
    *_PRIVATE,
    "情侣 师娘 校长 老师 班主任 大爷 小伙 [他她](?!们|人) 学霸 (?<!多)少年 宿舍 全班 同桌 胞胎 亲戚 职高生",
    "当事人 网红 [0-9]岁 [一两三四几分]名?考生 ^.{0,2}高?考生(?![物们\\s]|出考场) 第一[个批名] 首个",
    "回应 获刑 刑拘 被抓 起诉 押中 押题 救人 喊话 被质疑 事件 得知 缺席 [没未]参加 [Aa][Ii] 豆包 [Dd]eep",
)
_KNOWN = _any(*sorted(PUBLIC))


def stage_of(title: str, terms: AbstractSet[str], names: Iterable[str]) -> tuple[str, bool]:
    """(stage or hazard that a headline tells of or stands beside, "" where none, whether of somebody at the exam).

    Args:
        title: as it stands on the list.
        terms: of title and description.
        names: terms of the title that may name somebody or something.

    >>> stage_of("某省高考分数线公布", {"高考", "分数线"}, ())
    ('exam:results', False)
    >>> stage_of("女生高考查分后大哭", {"高考", "查分"}, ())
    ('exam:results', True)
    """
    stage = _stage(title, terms)
    if not stage:
        return next(
            (name for name, words in _HAZARDS.items() if any(word in title for word in words.split())), ""
        ), False
    if _WISH.search(title) or _OF_ALL.search(title):
        return stage, _OF_PRIVATE.search(title) is not None
    # A paper's headlines name those whom the essay is about, advice the one who gives it
    names_others = stage not in {_ITSELF, _ADMISSION, _RESULTS} or _ADVICE.search(title) is not None
    if _OF_SOMEBODY.search(title) or (not names_others and _names_somebody(title, names)):
        return stage, True
    return ("" if stage == _ITSELF and len(title) > _LONG else stage), False


def is_of_hazard(stage: str) -> bool:
    """Whether it is a storm or a quake, and not a stage of the exam."""
    return stage in _HAZARDS


def _stage(title: str, terms: AbstractSet[str]) -> str:
    if _OTHER_EXAM.search(title):
        return ""
    subject = _first(_SUBJECTS, title)
    is_told = any(_EXAM in term for term in terms)
    is_paper = len(title) <= _SHORT_PAPER and _VERSION.search(title) is not None
    if not (_EXAM in title or _SIGNS.search(title) or (subject and (is_told or is_paper))):
        return ""
    has_results = _OF_RESULTS.search(title) is not None
    if _OF_ADMISSION.search(title) and not _OF_LINES.search(title):
        return _ADMISSION
    if _WISH.search(title) and not has_results:
        return _ITSELF
    if subject and (_OF_PAPER.search(title) or not has_results):
        return f"{_ITSELF}:{subject}"
    return _RESULTS if has_results else _ITSELF


def _names_somebody(title: str, names: Iterable[str]) -> bool:
    if HIDDEN in title or _KNOWN.search(title):
        return True
    full = (name for name in names if name[0] in SURNAMES and _EXAM not in name and not province_in(name))
    return any(len(name) == _FULL_NAME or (len(name) < _FULL_NAME and title.startswith(name)) for name in full)


def _first(table: dict[str, str], title: str) -> str:
    """The first name of a table of which the title holds a word; "" where it holds none."""
    return next((name for name, words in table.items() if any(word in title for word in words.split())), "")
