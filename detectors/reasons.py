"""Say in one sentence why now, in Chinese or English: numbers and closed vocabularies, never a word of a post."""

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from contracts.platforms import ENGLISH_NAMES, PLATFORMS

__all__ = ["Language", "reason_of_list", "reason_of_posts"]

Language = Literal["zh", "en"]

_TEN_THOUSAND = 10_000
_LEAST_SHOWN = 0.1  # one decimal is what is shown
_LIST_NAMES = {
    "zh": {"weibo_hot_search": "微博热搜"},
    "en": {"weibo_hot_search": "Weibo hot search"},
}


def reason_of_posts(
    authors: int, expected: float, window_minutes: int, platforms: Mapping[str, int], language: Language
) -> str:
    """Why a topic of posts is one now.

    Args:
        authors: distinct authors of its most surprising term in the window.
        expected: how many are usual.
        window_minutes: length of the window.
        platforms: platform -> posts of the last hour.
        language: of the sentence.

    >>> reason_of_posts(38, 1.2, 10, {"weibo": 30, "wechat": 8}, "zh")
    '38 人 10 分钟内提到，平时 1.2 人；微博 30、微信 8'
    >>> reason_of_posts(38, 1.2, 10, {"weibo": 30, "wechat": 8}, "en")
    '38 people in 10 minutes, usually 1.2; Weibo 30, WeChat 8'
    """
    ranked = Counter(platforms).most_common()
    if language == "en":
        usual = f"{expected:.1f}" if expected >= _LEAST_SHOWN else f"under {_LEAST_SHOWN}"
        shares = ", ".join(f"{ENGLISH_NAMES.get(name, name)} {count}" for name, count in ranked)
        return f"{authors} people in {window_minutes} minutes, usually {usual}" + (f"; {shares}" if shares else "")
    usual = f"{expected:.1f}" if expected >= _LEAST_SHOWN else f"不到 {_LEAST_SHOWN}"
    shares = "、".join(f"{PLATFORMS.get(name, name)} {count}" for name, count in ranked)
    return f"{authors} 人 {window_minutes} 分钟内提到，平时 {usual} 人" + (f"；{shares}" if shares else "")


def reason_of_list(
    name: str, rank: int | None, heat: int | None, *, stands: bool, entries: int, language: Language
) -> str:
    """Why a topic from hot lists is one now: the best place of its entries.

    Args:
        name: of the list.
        rank: now where it stands, else at best; None where the list does not tell.
        heat: likewise.
        stands: whether any entry stands on a list now.
        entries: how many belong to the topic.
        language: of the sentence.

    >>> reason_of_list("weibo_hot_search", 3, 483_000, stands=True, entries=2, language="zh")
    '登上微博热搜第 3 位，热度 48 万；相关条目 2 个'
    >>> reason_of_list("weibo_hot_search", 3, 483_000, stands=False, entries=1, language="en")
    'was no. 3 on Weibo hot search, heat 483,000'
    """
    listed = _LIST_NAMES[language].get(name, name)
    if language == "en":
        place = f"no. {rank} on {listed}" if rank is not None else f"on {listed}"
        told = f"{'' if stands else 'was '}{place}" + (f", heat {heat:,}" if heat else "")
        return told + (f"; {entries} entries" if entries > 1 else "")
    told = f"{'登上' if stands else '曾登上'}{listed}" + (f"第 {rank} 位" if rank is not None else "")
    told += f"，热度 {_amount(heat)}" if heat else ""
    return told + (f"；相关条目 {entries} 个" if entries > 1 else "")


def _amount(number: int) -> str:
    """As Chinese readers count.

    >>> _amount(483_000), _amount(9_900)
    ('48 万', '9900')
    """
    return f"{number // _TEN_THOUSAND} 万" if number >= _TEN_THOUSAND else str(number)
