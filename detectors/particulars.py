"""Find what leads to a child though it is no identifier by itself: the day of birth, and a point on the map.

Reads a plain text with spelt digits, gives spans. Touches nothing.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from detectors.numbers import Span
from detectors.signs import Sparse

__all__ = ["find_particulars"]

# When a child was born leads to a child as well as a number does, the year left out or not
_YEAR = "(?:19|20)[0-9]{2}"
_MONTH_AND_DAY = (  # 5月12日; 八月十五, of the lunar year as well
    "(?:1[0-2]|0?[1-9]) ?月 ?(?:3[01]|[12][0-9]|0?[1-9]) ?[日号]"
    "|(?:农历|阴历)?[0-9正冬腊十一二三四五六七八九]{1,2}月[0-9初十廿一二三四五六七八九]{1,3}[日号]?"
)
_WHOLE = f"{_YEAR}(?: ?年 ?[0-9]{{1,2}} ?月 ?[0-9]{{1,2}} ?[日号]|[./-][0-9]{{1,2}}[./-][0-9]{{1,2}})"
_DAY = f"(?:{_WHOLE}|{_MONTH_AND_DAY})"
_IN_FOUR = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"  # digits
_SAID_BORN = "(?:出生|生于|生日|生辰)(?:日期|时间|年月日?)?[:： 是为在于]{0,3}"
_BORN = (
    Sparse(
        "(?:月 ?[0-9初十廿一二三四五六七八九]{1,3} ?[日号]?|[./-][0-9]{1,2}) ?的?(?:出生|生)|[0-9]{4}的?生日",
        f"(?P<n>{_DAY}|(?<![0-9]){_IN_FOUR}(?=的?生日(?!快乐)))"
        "(?= ?的?(?:出生|生(?:日(?!快乐)|[，。,.、;:!()（） \\n的人]|\\Z)))",
    ),
    Sparse(
        f"{_SAID_BORN}(?:农历|阴历)?[0-9正冬腊十一二三四五六七八九]",
        f"(?:出生|(?<![先学女男医发产考师新])生于|生日|生辰)(?:日期|时间|年月日?)?[:： 是为在于]{{0,3}}"
        f"(?P<n>{_DAY}|(?:1[0-2]|0?[1-9])[./-](?:3[01]|[12][0-9]|0?[1-9])(?![0-9./-])|{_IN_FOUR}(?![0-9年]))",
    ),
)
# Where on the map: 31.230416,121.473701; 北纬31°13′49″. A degree alone is as large as a province
_DEGREES = "[0-9]{1,3}\\.[0-9]{3,9}"
_PLACED = (
    Sparse(
        r"[0-9]\.[0-9]{3,9}[^0-9\n]{1,9}[0-9]{1,3}\.[0-9]{3}",
        rf"(?<![0-9.])(?P<a>{_DEGREES})[^0-9\n]{{1,9}}(?P<b>{_DEGREES})(?![0-9.%])",
    ),
    Sparse(
        "[0-9]{1,3} ?[°度] ?[0-9]{1,2} ?['’′分]",
        "(?:[北东南西][纬经] ?|[nsew] ?)?[0-9]{1,3} ?[°度] ?[0-9]{1,2}(?:\\.[0-9]{1,6})? ?['’′分]"
        "(?: ?[0-9]{1,2}(?:\\.[0-9]{1,6})? ?[\"”″秒'’′]{1,2})? ?(?:[nsew](?![a-z]))?",
    ),
    Sparse(
        "(?:[纬经]度?|lat(?:itude)?|lo?ng(?:itude)?)[:： =是为]{0,3}[0-9]{1,3}\\.[0-9]{3}",
        "(?:[北东南西]?[纬经]度?|lat(?:itude)?|lo?ng(?:itude)?)[:： =是为]{0,3}(?P<n>[0-9]{1,3}\\.[0-9]{3,9})",
    ),
)
_LATITUDES, _LONGITUDES = range(3, 55), range(73, 136)  # of China
_OF_PARTICULARS = frozenset(sparse.sign for sparse in (*_BORN, *_PLACED))


def find_particulars(digits: str, signs: Collection[int]) -> Iterable[Span]:
    """Days of birth and points on the map, in a text of these signs.

    >>> from detectors.signs import signs_in
    >>> text = "生日5月12日，在31.230416,121.473701走失"
    >>> list(find_particulars(text, signs_in(text)))
    [Span(start=2, end=7, kind='number'), Span(start=9, end=29, kind='address')]
    """
    return () if _OF_PARTICULARS.isdisjoint(signs) else _found(digits, signs)


def _found(digits: str, signs: Collection[int]) -> Iterator[Span]:
    for sparse in _BORN:
        for match in sparse.found_in(digits, signs):
            yield Span(*match.span("n"), "number")
    for sparse in _PLACED:
        for match in sparse.found_in(digits, signs):
            if _is_in_china(match):
                yield Span(*match.span("n" if "n" in match.re.groupindex else 0), "address")


def _is_in_china(match: re.Match[str]) -> bool:
    """Whether two decimal numbers may be a latitude and a longitude; what is written in degrees is one."""
    if "a" not in match.re.groupindex:
        return True
    degrees = sorted(int(match[name].split(".")[0]) for name in "ab")
    return degrees[0] in _LATITUDES and degrees[1] in _LONGITUDES
