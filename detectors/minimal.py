"""The alert that leaves where the full one may not: what kind of topic, how pressing, and where to look."""

from collections.abc import Collection

from contracts.told import Told, compose, joined, release
from contracts.topic import Flag
from detectors.categories import ENGLISH_LABELS, LABELS
from detectors.reasons import Language

__all__ = ["minimal_alert"]


def minimal_alert(category: str, flags: Collection[Flag], language: Language) -> Told:
    """A line of closed vocabularies only: no number of the topic, no word of it, no link.

    Args:
        category: of the topic, the first; one that is not known is told as `other`.
        flags: of the topic; a child in danger is told first.
        language: of the line.

    >>> minimal_alert("abduction", ["minor-at-risk"], "zh")
    '可能有未成年人正处于危险；拐卖失踪：新词，见控制台'
    >>> minimal_alert("safety", [], "en")
    'Child safety: a new topic, see the console'
    """
    category = category if category in LABELS else "other"
    is_pressing = "minor-at-risk" in flags
    if language == "en":
        first = [compose("A child may be in danger now; ")] if is_pressing else []
        label = release(ENGLISH_LABELS[category], ENGLISH_LABELS.values())
        return joined("", (*first, compose("{}: a new topic, see the console", label)))
    first = [compose("可能有未成年人正处于危险；")] if is_pressing else []
    return joined("", (*first, compose("{}：新词，见控制台", release(LABELS[category], LABELS.values()))))
