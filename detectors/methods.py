"""Which words tell how or where somebody kills or harms themself: no title hands these on.

To read of a method may move somebody who is near it (WHO, "Preventing suicide: a resource for media professionals",
2023). The list beside this was read one by one; it holds for topics of suicide, or of a child in danger, only: 农药
alone is about food. Pure.
"""

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

__all__ = ["is_method", "is_of_suicide"]

_LINES = (Path(__file__).parent / "data" / "suicide_methods.txt").read_text(encoding="utf-8").splitlines()
_METHODS = tuple(word for line in _LINES if not line.startswith("#") for word in line.split())
_SUICIDE = ("自杀", "轻生", "自残", "自尽", "寻死", "寻短见", "殉情", "约死", "自伤", "自缢", "割腕", "烧炭")


def is_of_suicide(terms: Collection[str]) -> bool:
    """Whether any of a topic's terms is a word for suicide or self-harm, or holds one.

    >>> is_of_suicide(["初中生", "学生自杀"]), is_of_suicide(["农药", "蔬菜"])
    (True, False)
    """
    return any(word in term for term in terms for word in _SUICIDE)


@lru_cache(maxsize=1 << 12)
def is_method(term: str) -> bool:
    """Whether the term tells a method or its place.

    >>> is_method("跳楼自杀"), is_method("自杀")
    (True, False)
    """
    return any(method in term for method in _METHODS)
