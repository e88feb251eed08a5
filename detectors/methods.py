"""Which words tell how or where somebody kills or harms themself: no title hands these on.

To read of a method may move somebody who is near it (WHO, "Preventing suicide: a resource for media professionals",
2023). The list beside this was read one by one; it holds for topics of suicide, or of a child in danger, only: 农药
alone is about food. Some words tell both at once, that it is a suicide and how: 割腕. Pure.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from detectors.word_lists import words_in

__all__ = ["is_method", "is_of_suicide"]

_METHODS = words_in("suicide_methods.txt")
# "跳河" is of suicide as well, but where somebody jumps in to save a child
_SUICIDE = re.compile(
    "自杀|轻生|自残|自尽|寻死|寻短见|殉情|约死|自伤|遗书|绝笔|结束(?:自己)?生命|不想活|活不下去|[想要]死了"
    "|自缢|上吊|吊死|割腕|割脉|自刎|服毒|吞药|自焚|卧轨|跳轨|跳楼(?!价|机|大)|跳崖|跳桥|投[河江湖海井水](?:自|身|$)"
    "|跳[河江海湖井塘](?!.{0,4}[救捞])|从.{0,8}(?:楼|桥|天台|窗).{0,4}(?:跳|跃)|跳下.{0,3}[楼桥]"
)
_HEATING = re.compile("取暖|火锅|烤|烧烤|中毒|冬[天季]|安全")  # 烧炭 is an accident beside these


def is_of_suicide(texts: Iterable[str]) -> bool:
    """Whether any of a topic's terms, or headlines, tells of suicide or self-harm.

    >>> is_of_suicide(["初中生", "学生自杀"]), is_of_suicide(["农药", "蔬菜"]), is_of_suicide(["男子跳河救出儿童"])
    (True, False, False)
    """
    texts = list(texts)
    if any(_SUICIDE.search(text) for text in texts):
        return True
    return any("烧炭" in text for text in texts) and not any(_HEATING.search(text) for text in texts)


@lru_cache(maxsize=1 << 12)
def is_method(term: str) -> bool:
    """Whether the term tells a method or its place.

    >>> is_method("跳楼自杀"), is_method("自杀")
    (True, False)
    """
    return any(method in term for method in _METHODS)
