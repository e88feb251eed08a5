"""Say in one sentence why now, in Chinese or English: numbers and closed vocabularies, never a word of a post."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal, LiteralString

from contracts.platforms import ENGLISH_NAMES, PLATFORMS
from contracts.told import Told, compose, joined, release
from contracts.topic import TopicLine
from detectors.regions import PREFECTURES, PROVINCES, REGIONS, english_name

__all__ = [
    "LANGUAGES",
    "Language",
    "in_other_languages",
    "is_reason",
    "list_name",
    "reason_of_line",
    "reason_of_list",
    "reason_of_posts",
    "reason_of_vanished",
    "with_more",
]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_TEN_THOUSAND = 10_000
_HOUR_MINUTES = 60
_LEAST_SHOWN = 0.1  # one decimal is what is shown
_LEAST_SHARE = 0.005  # whole percents are what is shown
_WORDS = (  # of the templates below
    *("人", "分钟内提到", "平时", "平时不到", "其中", "登上", "曾登上", "从", "第", "位", "位消失", "消失"),
    *("热度", "万", "相关条目", "个", "消失前仍在上升", "people", "in", "minutes", "usually", "under", "was"),
    *("on", "no.", "heat", "entries", "gone", "from", "while", "it", "still", "rising"),
)
_LIST_NAMES = {
    "zh": {"weibo_hot_search": "微博热搜", "": "热搜"},
    "en": {"weibo_hot_search": "Weibo hot search", "": "a hot list"},
}


def reason_of_posts(
    authors: int,
    expected: float,
    window_minutes: int,
    platforms: Mapping[str, int],
    language: Language,
    *,
    regions: Mapping[Told, int] | None = None,
) -> Told:
    """Why a topic of posts is one now.

    Args:
        authors: distinct authors in the window.
        expected: how many are usual.
        window_minutes: length of the window.
        platforms: platform -> how many of them are there. Where it counts something else (posts, or a part of a
            flood) and so does not add up to `authors`, shares are told: no sentence holds numbers of two things.
        language: of the sentence.
        regions: of the same people, that may be told (`detectors.regions.told_regions`); the first is named.

    >>> reason_of_posts(38, 1.2, 10, {"weibo": 30, "wechat": 8}, "zh")
    '38 人 10 分钟内提到，平时 1.2 人；微博 30、微信 8'
    >>> reason_of_posts(38, 1.2, 10, {"weibo": 60, "wechat": 20}, "zh")
    '38 人 10 分钟内提到，平时 1.2 人；微博 75%、微信 25%'
    >>> reason_of_posts(38, 1.2, 10, {"weibo": 60}, "zh")
    '38 人 10 分钟内提到，平时 1.2 人；微博'
    >>> reason_of_posts(38, 0.04, 10, {"weibo": 38}, "zh")
    '38 人 10 分钟内提到，平时不到 0.1 人；微博 38'
    >>> reason_of_posts(38, 1.2, 10, {"weibo": 30, "wechat": 8}, "en")
    '38 people in 10 minutes, usually 1.2; Weibo 30, WeChat 8'
    """
    shares = _shares(authors, platforms, language)
    if language == "en":
        many = compose("{} people in {} minutes, usually ", authors, window_minutes)
        usual = compose("{:.1f}", expected) if expected >= _LEAST_SHOWN else compose("under {}", _LEAST_SHOWN)
        return joined("", (many, usual, *_behind("; ", joined(", ", shares)), *_leading(regions, language)))
    many = compose("{} 人 {} 分钟内提到，平时", authors, window_minutes)
    usual = compose(" {:.1f} 人", expected) if expected >= _LEAST_SHOWN else compose("不到 {} 人", _LEAST_SHOWN)
    return joined("", (many, usual, *_behind("；", joined("、", shares)), *_leading(regions, language)))


def _shares(authors: int, platforms: Mapping[str, int], language: Language) -> list[Told]:
    """Each platform with its number of people, or its share where the numbers are of something else."""
    names = ENGLISH_NAMES if language == "en" else PLATFORMS
    total = sum(platforms.values())
    known = Counter({name: count for name, count in platforms.items() if name in names and count > 0})
    ranked = [(release(names[name], names.values()), count) for name, count in known.most_common()]
    if total == authors:
        return [compose("{} {}", name, count) for name, count in ranked]
    if known.total() == total and len(ranked) == 1:
        return [ranked[0][0]]
    return [compose("{} {:.0%}", name, count / total) for name, count in ranked if count >= _LEAST_SHARE * total]


def reason_of_line(line: TopicLine, language: Language) -> Told | None:
    """Why a topic is one, in this language.

    Its own reason; of topics that were merged, or that an earlier version told, an hour's numbers; None where there
    are none of these.
    """
    if language in line.reason_in:
        return line.reason_in[language]
    if line.reason and any("\u4e00" <= sign <= "\u9fff" for sign in line.reason) == (language == "zh"):
        return line.reason
    if not line.posts and line.audience is None:  # only a hot list has it
        return None
    return reason_of_posts(line.authors, line.expected, _HOUR_MINUTES, line.platforms, language)


def in_other_languages(say: Callable[[Language], Told], language: Language) -> dict[str, Told]:
    """Language -> what is said in it, for all but `language`: `TopicLine.reason_in`.

    >>> in_other_languages(lambda language: reason_of_posts(3, 1.2, 10, {}, language), "zh")
    {'en': '3 people in 10 minutes, usually 1.2'}
    """
    return {other: say(other) for other in LANGUAGES if other != language}


def with_more(reason: Told, more: Told, language: Language) -> Told:
    """Two reasons in one sentence."""
    between = "; " if language == "en" else "；"
    return joined(between, (reason, more))


def is_reason(said: str) -> bool:
    """Whether a sentence is made of nothing but what the reasons here are made of, in either language.

    For one that comes from another process: whoever wrote it may have written anything.

    >>> is_reason("38 人 10 分钟内提到，平时 1.2 人；微博 75%；其中广东广州 21 人"), is_reason("38 人提到陈小雨")
    (True, False)
    """
    return _said().fullmatch(said) is not None


@lru_cache(maxsize=1)
def _said() -> re.Pattern[str]:
    """Words and names of the closed lists, numbers, and the signs between; a test holds it to the templates."""
    lists = [name for names in _LIST_NAMES.values() for name in names.values()]
    regions = [*PROVINCES, *PREFECTURES, *map(english_name, (release(name, REGIONS) for name in REGIONS))]
    closed = (*_WORDS, *lists, *PLATFORMS.values(), *ENGLISH_NAMES.values(), *regions)
    words = "|".join(map(re.escape, sorted(closed, key=len, reverse=True)))
    number = r"(?:[0-9]{1,6}(?:\.[0-9])?|[0-9]{1,3}(?:,[0-9]{3}){1,3})%?"  # and no other one directly behind it
    return re.compile(f"(?:(?:{words})(?![A-Za-z])|{number}(?![0-9.%]|[ ,，、]*[0-9])|[ ,，;；、])*")


def _leading(regions: Mapping[Told, int] | None, language: Language) -> tuple[Told, ...]:
    """Where most of them are.

    >>> from detectors.regions import told_regions
    >>> _leading(told_regions(["广东广州"] * 21), "zh"), _leading(told_regions(["广东广州"] * 21), "en")
    (('；其中广东广州 21 人',), ('; 21 in Guangzhou (Guangdong)',))
    """
    if not regions:
        return ()
    region, count = next(iter(regions.items()))
    if language == "en":
        return (compose("; {} in {}", count, english_name(region)),)
    return (compose("；其中{} {} 人", region, count),)


def _behind(separator: LiteralString, part: Told) -> tuple[Told, ...]:
    return (compose(separator), part) if part else ()


def list_name(name: str, language: Language) -> Told:
    """What a list is called; one that is not known is "a hot list"."""
    names = _LIST_NAMES[language]
    return release(names.get(name, names[""]), names.values())


def reason_of_list(
    name: str, rank: int | None, heat: int | None, *, stands: bool, entries: int, language: Language
) -> Told:
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
    listed = list_name(name, language)
    parts: list[Told] = []
    if language == "en":
        parts.append(compose("") if stands else compose("was "))
        parts.append(compose("on {}", listed) if rank is None else compose("no. {} on {}", rank, listed))
        parts += [compose(", heat {:,}", heat)] if heat else []
        parts += [compose("; {} entries", entries)] if entries > 1 else []
        return joined("", parts)
    parts.append(compose("登上{}", listed) if stands else compose("曾登上{}", listed))
    parts += [compose("第 {} 位", rank)] if rank is not None else []
    parts += [compose("，热度 {}", _amount(heat))] if heat else []
    parts += [compose("；相关条目 {} 个", entries)] if entries > 1 else []
    return joined("", parts)


def reason_of_vanished(name: str, rank: int | None, heat: int | None, *, was_rising: bool, language: Language) -> Told:
    """How a topic from hot lists was taken off them.

    Args:
        name: of the list on which it stood last.
        rank: there, in its last snapshot; None where the list does not tell.
        heat: likewise.
        was_rising: its heat was the highest so far.
        language: of the sentence.

    >>> reason_of_vanished("weibo_hot_search", 3, 483_000, was_rising=True, language="zh")
    '从微博热搜第 3 位消失，热度 48 万，消失前仍在上升'
    >>> reason_of_vanished("weibo_hot_search", 3, 483_000, was_rising=False, language="en")
    'gone from no. 3 on Weibo hot search, heat 483,000'
    """
    listed = list_name(name, language)
    if language == "en":
        parts = [compose("gone from {}", listed) if rank is None else compose("gone from no. {} on {}", rank, listed)]
        parts += [compose(", heat {:,}", heat)] if heat else []
        parts += [compose(", while it was still rising")] if was_rising else []
        return joined("", parts)
    parts = [compose("从{}消失", listed) if rank is None else compose("从{}第 {} 位消失", listed, rank)]
    parts += [compose("，热度 {}", _amount(heat))] if heat else []
    parts += [compose("，消失前仍在上升")] if was_rising else []
    return joined("", parts)


def _amount(number: int) -> Told:
    """As Chinese readers count.

    >>> _amount(483_000), _amount(9_900)
    ('48 万', '9900')
    """
    return compose("{} 万", number // _TEN_THOUSAND) if number >= _TEN_THOUSAND else compose("{}", number)
