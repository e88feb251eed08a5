"""Counts as platforms write them: 123, "1,234", "1.2万", "100万+", "赞"; and how many things a list holds."""

import re

__all__ = ["amount", "listed"]

_DIGITS = 15  # below the 2^53 that a Post may hold
_UNITS = {"": 1, "万": 10_000, "w": 10_000, "亿": 100_000_000, "k": 1000, "千": 1000}
_WRITTEN = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,4})?) ?([万亿千wk]?)\+?", re.IGNORECASE)


def amount(value: object) -> int:
    """The count; 0 for what is none: the word for liking where nobody did, a negative, an absurd one.

    "100万+" is the cap that the platform shows, so that the count is at least a million.

    >>> [amount(value) for value in (7, "7", "1.2万", "100万+", "3亿", "赞", None, -1)]
    [7, 7, 12000, 1000000, 300000000, 0, 0, 0]
    """
    if value is None:
        return 0
    if isinstance(value, str):
        if value.isascii() and value.isdigit():
            return int(value) if len(value) <= _DIGITS else 0
        found = _WRITTEN.fullmatch(value.strip().replace(",", ""))
        value = round(float(found[1]) * _UNITS[found[2].lower()]) if found else 0
    if isinstance(value, float):
        value = int(value) if value == value and abs(value) < 10**_DIGITS else 0  # noqa: PLR0124 - no NaN
    return value if isinstance(value, int) and 0 <= value < 10**_DIGITS else 0


def listed(value: object) -> int:
    """How many things a list holds, or its text: joined by commas, as older crawlers' Python list, or "无" for none.

    >>> listed("https://a/1.jpg,https://a/2.jpg"), listed("['https://a/1.jpg']"), listed(["a"]), listed("")
    (2, 1, 1, 0)
    """
    if isinstance(value, list):
        return len(value)
    parts = value.strip("[] ").replace(";", ",").split(",") if isinstance(value, str) else ()
    return sum(part.strip(" '\"") not in ("", "无", "None") for part in parts)
