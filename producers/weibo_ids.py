"""One id for one Weibo post: its decimal mid, also where a source gives the base-62 bid of its address.

From the right, seven decimal digits of the mid are four of the bid: 35 0175648 5200075 = z 0JH2 lOMb.
"""

import re

__all__ = ["mid_of"]

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = {digit: value for value, digit in enumerate(_DIGITS)}
_BID = re.compile(r"[0-9A-Za-z]{8,11}")
_BLOCK_BID = 4
_BLOCK_MID = 7


def mid_of(known: object) -> str:
    r"""The mid as text; what is neither mid nor bid stays as it is, "" for nothing.

    Text of digits alone is a mid: the bids of posts begin with a letter until far in the future.

    >>> mid_of("z0JH2lOMb"), mid_of(" 4454572602912349\t"), mid_of(None)
    ('3501756485200075', '4454572602912349', '')
    """
    text = "" if known is None else str(known).strip()
    if text.isdigit() or not _BID.fullmatch(text):
        return text
    first = len(text) % _BLOCK_BID or _BLOCK_BID
    blocks = [text[:first], *(text[at : at + _BLOCK_BID] for at in range(first, len(text), _BLOCK_BID))]
    values = [_value(block) for block in blocks]
    if any(value >= 10**_BLOCK_MID for value in values):
        return text  # no bid: a block of one stays below
    return "".join([str(values[0]), *(f"{value:07d}" for value in values[1:])])


def _value(block: str) -> int:
    value = 0
    for digit in block:
        value = value * len(_DIGITS) + _VALUES[digit]
    return value
