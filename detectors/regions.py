"""The regions that may be told: provinces and prefectures, nothing finer.

Reads what a platform says of where somebody is ("广东 广州", "发布于 广东", "广东省广州市天河区"), gives a name of
a closed list or none. Touches nothing but the list beside it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from contracts.told import Told, release

__all__ = [
    "MIN_AUTHORS",
    "PREFECTURES",
    "PROVINCES",
    "REGIONS",
    "english_name",
    "province_in",
    "province_of",
    "region_of",
    "told_regions",
]

MIN_AUTHORS = 20  # of fewer a neighbour might know whom they are
_AMBIGUOUS = frozenset({"吉林", "朝阳", "海南", "中山"})  # a province and a prefecture, or a district elsewhere, too
_REMEMBERED = 1 << 14
_KIND = re.compile(r"^(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?[\s·,，-]*")


def _lines() -> list[list[tuple[str, str]]]:
    """Of each province: its name, then those of its prefectures, in Chinese and in English."""
    text = (Path(__file__).parent / "data" / "regions.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    pairs = [[name.partition("=") for name in line] for line in lines]
    return [[(chinese, english.replace("_", " ")) for chinese, _, english in line] for line in pairs]


_LINES = [[chinese for chinese, _ in line] for line in _lines()]
PROVINCES = tuple(names[0] for names in _LINES)
PREFECTURES = {f"{names[0]}{name}": (names[0], name) for names in _LINES for name in names[1:]}
"""Province and prefecture in one word, as a line tells it -> the two."""

_OF_PROVINCE = {names[0]: tuple(names[1:]) for names in _LINES}
_ALONE = {name: names[0] for names in _LINES for name in names[1:] if name not in _AMBIGUOUS}
REGIONS = frozenset((*PROVINCES, *PREFECTURES))


def _english() -> dict[str, str]:
    """Region of either level -> "Guangdong", "Guangzhou (Guangdong)": some prefectures of two provinces sound alike."""
    named: dict[str, str] = {}
    for line in _lines():
        (province, called), *prefectures = line
        named[province] = called
        named.update({f"{province}{name}": f"{english} ({called})" for name, english in prefectures})
    return named


_ENGLISH = _english()


@lru_cache(maxsize=_REMEMBERED)
def region_of(told: str) -> str | None:
    """The region that a platform's words mean, as `PROVINCES` or `PREFECTURES` has it; None where they name none.

    >>> region_of("广东 广州"), region_of("发布于 广东"), region_of("北京 海淀区"), region_of("海外 美国")
    ('广东广州', '广东', '北京', None)
    """
    words = told.removeprefix("发布于").removeprefix("IP属地").strip(" ：:").removeprefix("中国").strip()
    for province in PROVINCES:
        if words.startswith(province):
            rest = _KIND.sub("", words[len(province) :])
            found = next((name for name in _OF_PROVINCE[province] if rest.startswith(name)), "")
            return province + found
    return next((_ALONE[name] + name for name in (words[:4], words[:3], words[:2]) if name in _ALONE), None)


def province_of(region: str) -> str:
    """The province of a region of either level."""
    return PREFECTURES[region][0] if region in PREFECTURES else region


def province_in(word: str) -> str | None:
    """The province that a word names, or in which the prefecture lies that it names; None for any other word.

    >>> province_in("陕西"), province_in("西安市"), province_in("朝阳")
    ('陕西', '陕西', None)
    """
    return word if word in PROVINCES else _ALONE.get(word) or _ALONE.get(word.removesuffix("市"))


def english_name(region: Told) -> Told:
    """As atlases write it, a prefecture with its province; what is no region of the list stays as it is.

    >>> english_name(release("陕西西安", PREFECTURES))
    "Xi'an (Shaanxi)"
    """
    return release(_ENGLISH[region], _ENGLISH.values()) if region in _ENGLISH else region


def told_regions(authors: Iterable[str]) -> dict[Told, int]:
    """Which regions of a topic may be told, most authors first.

    Args:
        authors: the region of each distinct author of whom one is known, of either level.

    Returns:
        Region -> distinct authors, each told once. Those of a prefecture with fewer than MIN_AUTHORS stand for their
        province, with all others of it whose prefecture is not told; of a province with fewer nothing is told.

    >>> told_regions(["广东广州"] * 20 + ["广东深圳"] * 12 + ["广东"] * 9 + ["河北唐山"] * 19)
    {'广东': 21, '广东广州': 20}
    """
    told: Counter[str] = Counter()
    for region, count in Counter(region for region in authors if region in REGIONS).items():
        told[region if count >= MIN_AUTHORS else province_of(region)] += count
    ranked = sorted(told.items(), key=lambda item: (-item[1], item[0]))
    return {release(region, REGIONS): count for region, count in ranked if count >= MIN_AUTHORS}
