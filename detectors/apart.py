"""Chinese words whose characters are kept apart, so that no filter finds them: 食·物·中·毒, 食 物 中 毒.

People write so of what is taken down, and of that this project is to hear. Reads a str, gives the text as it would be
read aloud. Touches nothing. Identifiers, of which every character counts, have a rule of their own
(`detectors.spellings`); this one knows Chinese characters alone, so that no number or link changes.
"""

import re

__all__ = ["SIGNS", "closed", "hides_words"]

SIGNS = " .·・•_/|*~+-　．＿／｜＊～＋－"  # the last nine before they are folded
_HAN = "[\u4e00-\u9fff]"
_UNSEEN = "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"  # most in use
_BETWEEN = f"[{re.escape(SIGNS)}\u2190-\u2bff\U0001f000-\U0001faff]"  # arrows, shapes and emoji, too
# Three gaps between single characters, of whatever signs; two where they are signs that stand in no list
_RUN = re.compile(f"{_HAN}(?:(?:{_BETWEEN}{{1,2}}{_HAN}){{3,}}|([/|_~+*]){_HAN}\\1{_HAN})")
_NO_HAN = re.compile("[^\u4e00-\u9fff]+")
# Begin with what is rare in a text, which `re` seeks ten times as fast as a Chinese character
_MAY_BE_APART = re.compile(f"{_BETWEEN}{{1,2}}{_HAN}{_BETWEEN}{{1,2}}{_HAN}")
_MAY_BE_UNSEEN = re.compile(f"[{_UNSEEN}](?<={_HAN}.)")


def hides_words(text: str) -> bool:
    """Whether a raw text may read otherwise once it is cleaned; asked of every post that holds no cue.

    Cost: one pass, 0.3 microseconds for 12 characters.
    """
    return _MAY_BE_APART.search(text) is not None or _MAY_BE_UNSEEN.search(text) is not None


def closed(text: str) -> str:
    """The same without the signs that keep characters apart; closing it again changes nothing.

    >>> closed("幼·儿·园·老师 扎 孩 子 了")
    '幼儿园老师扎孩子了'
    """
    if _MAY_BE_APART.search(text) is None:
        return text
    return _RUN.sub(lambda run: _NO_HAN.sub("", run[0]), text)
