"""Weigh whether a post hands on who one vulnerable child is, or asks others to.

Reads a text and the kinds of identifiers found in it, gives a margin. No clock, no state; its weights are read once,
when imported. Learned from invented posts alone (tools/train_exposure.py), so each weight may be read and shown;
rivals and numbers: docs/decisions/0011.
"""

import math
from collections.abc import Collection
from pathlib import Path

from ahocorasick_rs import AhoCorasick, Implementation

from detectors.features import MAX_CHARS, ages

__all__ = ["WEIGHTS_FILE", "features_of", "margin_of"]

WEIGHTS_FILE = Path(__file__).parent / "data" / "appeals.txt"
TRAIT_SHARE = 0.15  # of a trait beside a run's 0.05 to 0.2; 0.25 and more are worse
_LONGEST_RUN = 3  # characters
MIN_CHARS = 7  # a shorter text counts as if it had so many, or a single word decided

# What an appeal does and what is none, by the words that show it; a trait counts once, however often it is shown
_TRAITS = {
    "picture": ("图", "照片", "近照", "视频", "拍", "录像", "监控"),
    "spread": ("转", "扩", "接力", "传一", "热评", "热门", "都来看"),
    "search": ("寻", "找", "认识", "认得", "见过", "谁家", "线索", "看到", "见到", "认领", "辨认", "下落", "留意"),
    "child": (
        "孩", "童", "婴", "娃", "小姑娘", "小家伙", "女儿", "儿子", "侄", "外甥", "孙子", "孙女", "弟弟", "妹妹",
        "宝宝", "闺女", "少女", "少年", "男生", "女生",
    ),
    "help": ("求", "救", "捐", "帮", "急", "拜托"),
    "against": (
        "不要转", "不要再转", "别转", "别再转", "勿转", "停止转", "不要拍", "别拍", "勿拍", "不要传", "别传", "勿传",
        "别再传", "不要再传", "停止传", "别再发", "别发", "请删", "已删", "撤回", "谣言", "辟谣", "不实", "假的",
        "已找到", "找到了", "骗", "隐私", "打码",
    ),
    "place": ("车站", "医院", "小区", "广场", "附近", "路口", "公园", "学校"),
    "lost": (
        "走失", "失踪", "失联", "走丢", "走散", "丢了", "不见", "没回家", "未归", "离家", "拐", "抱走", "抢走", "被盗",
        "骗走",
    ),
    "street": (
        "乞讨", "讨钱", "要饭", "要钱", "卖艺", "卖唱", "流浪", "弃", "捡",
        "派出所", "救助站", "福利院", "乞丐",
    ),
    "hurt": (
        "打", "虐", "烫", "烧", "伤", "疤", "血", "绑", "拴", "扇", "踢", "性侵", "猥亵", "欺凌", "霸凌", "扒", "跪",
    ),
    "ill": (
        "病", "癌", "瘤", "移植", "手术", "化疗", "血型", "血小板", "配型", "icu", "筹", "医药费", "医疗费", "万元",
    ),
    "object": (
        "准考证", "学生证", "身份证", "饭卡", "钱包", "书包", "手表", "手机丢", "失主", "考生", "考点", "猫", "狗",
        "抽奖", "投票", "团购", "转让", "奖",
    ),
    "warning": (
        "提醒", "注意", "当心", "小心", "警惕", "骗子", "冒充", "手法", "最近", "近期", "告诉身边", "转告", "妈妈们",
        "看好孩子", "千万", "防",
    ),
    "news": (
        "报道", "记者", "警方", "通报", "刑拘", "判", "法院", "案", "嫌", "凶手", "被告", "据悉", "日前", "近日",
        "发布", "新闻", "官方", "获救", "身亡", "去世", "遇难", "天堂", "教育局",
    ),
    "culprit": (
        "真凶", "凶手", "嫌疑", "嫌犯", "归案", "落网", "自首", "顶罪", "指认", "人贩子", "被抓获", "曝光", "扒出",
    ),
    "organs": ("内脏", "器官", "眼角膜", "被摘", "被挖", "肾没", "断气"),
    "adult": (
        "老婆", "妻子", "爱人", "怀孕", "孕妇", "产妇", "产后", "大出血", "妊娠", "母子", "早产", "我爸", "我妈",
        "老人", "母亲走失", "父亲走失", "奶奶走失", "爷爷走失",
    ),
    "advice": ("怎么办", "请教", "支招", "要不要", "该不该", "想问", "有没有懂", "求推荐", "经验", "出主意", "听听"),
    "ended": (
        "团聚", "认出", "比中", "重逢", "接回", "那年", "当年", "如今", "后来", "终于", "找回", "自己回来", "没事",
        "后怕", "谢谢",
    ),
    "tips": ("教大家", "亲测", "检查一下", "分享", "记住", "马上检查", "家里有"),
    "many": ("孩子们", "儿童们", "家长们", "各位家长", "全国", "多名", "名孩子", "名学生", "名儿童"),
}  # fmt: skip
_TELLS_WHO = frozenset({"name", "phone", "address", "school", "id_card", "plate", "qq", "wechat"})
_ZERO = str.maketrans("123456789", "000000000")  # which number it is says nothing, that there is one does


def features_of(text: str, found: Collection[str]) -> dict[str, float]:
    """Each feature and how much it counts; what the weights are learned from.

    Runs of one, two and three characters, begin and end marked, digits as 0, count 1 / sqrt(3 * characters) each, so
    that long posts weigh no more than short ones; what holds of the whole text (traits, stated ages, kinds of
    identifiers) counts TRAIT_SHARE, and is named by more than three characters.

    >>> sorted(feature for feature in features_of("转3", ["name"]) if len(feature) > 2)
    ['^转0', 'found:any', 'found:name', 'trait:spread', '转0$']
    """
    marked = _marked(text)
    runs = {marked[at : at + size] for size in (1, 2, 3) for at in range(len(marked) + 1 - size)}
    traits = [trait for trait, words in _TRAITS.items() if any(word in marked for word in words)]
    names = [f"trait:{trait}" for trait in traits] + _stated(marked, found)
    return dict.fromkeys(runs, _share(marked)) | dict.fromkeys(names, TRAIT_SHARE)


def margin_of(text: str, found: Collection[str]) -> float:
    """How surely it does: above 0 it is taken to.

    margin = bias + scale * sum of weight * share, over what `features_of` tells

    Args:
        text: cleaned, about children.
        found: kinds of identifiers in it (`detectors.identity.KINDS`).

    Cost: O(len(text)), one pass of an automaton for all runs and words; beyond MAX_CHARS nothing is read.
    """
    marked = _marked(text)
    hits = {hit[0] for hit in _AUTOMATON.find_matches_as_indexes(marked, overlapping=True)}
    runs = sum(map(_RUN_WEIGHTS.__getitem__, hits))
    traits = {trait for trait in map(_TRAIT_NAMES.__getitem__, hits) if trait}
    traits.update(_stated(marked, found))
    return _BIAS + _SCALE * (_share(marked) * runs + TRAIT_SHARE * sum(_WEIGHTS.get(trait, 0) for trait in traits))


def _marked(text: str) -> str:
    return f"^{text[:MAX_CHARS].translate(_ZERO)}$"


def _share(marked: str) -> float:
    return 1 / math.sqrt(3 * max(len(marked), MIN_CHARS))


def _stated(marked: str, found: Collection[str]) -> list[str]:
    """Ages and identifiers, of which somebody else has told."""
    names = [f"age:{group}" for group in {group for _, group in ages(marked)}]
    names += [f"found:{kind}" for kind in found]
    return names if _TELLS_WHO.isdisjoint(found) else [*names, "found:any"]


def _read(path: Path) -> tuple[float, float, dict[str, int]]:
    """Scale, bias and weights of the lines "scale bias", then "weight feature feature ...", tabs between."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    scale, bias = map(float, head.split())
    weights = {}
    for line in lines:
        weight, *features = line.split("\t")
        weights.update(dict.fromkeys(features, int(weight)))
    return scale, bias, weights


_SCALE, _BIAS, _WEIGHTS = _read(WEIGHTS_FILE)
_TRAIT_OF = {word: f"trait:{trait}" for trait, words in _TRAITS.items() for word in words}
_PATTERNS = tuple(dict.fromkeys((*(name for name in _WEIGHTS if len(name) <= _LONGEST_RUN), *_TRAIT_OF)))
_RUN_WEIGHTS = [_WEIGHTS.get(pattern, 0) if len(pattern) <= _LONGEST_RUN else 0 for pattern in _PATTERNS]
_TRAIT_NAMES = [_TRAIT_OF.get(pattern) for pattern in _PATTERNS]
_AUTOMATON = AhoCorasick(_PATTERNS, implementation=Implementation.ContiguousNFA)
