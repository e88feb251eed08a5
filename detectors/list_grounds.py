"""Why a topic of hot lists is one, entry by entry: how the judge scored each, and what tied it to those before it.

`same_event` weighs some twenty pieces of evidence. Here they are summed by what they are about, so that a person can
read them; the sums add up to the log odds that decided.
"""

from collections.abc import Mapping

from contracts.topic import Tie
from detectors.likeness import Weights
from detectors.reasons import Language
from detectors.same_event import EVENT_WEIGHTS, OF_STAGE, Candidate

__all__ = ["KINDS", "parts_told", "tie_of"]

# Kind of evidence -> as it is told in Chinese and English
KINDS = {
    "start": ("起点", "start"),
    "words": ("用词", "words"),
    "numbers": ("数字", "numbers"),
    "child": ("年龄与孩子", "age and child"),
    "place": ("地点", "place"),
    "occasion": ("同场考试", "exam day"),
    "kind": ("类别", "kind"),
    "rule": ("同一阶段或灾害", "one stage or disaster"),
}
# Pieces of evidence that are not about the words, by which headlines are compared
_OF: Mapping[str, str] = {
    "numbers": "numbers",
    "miscounted": "numbers",
    "otherwise": "child",
    "elsewhere": "place",
    "person": "occasion",
    "other": "occasion",
    "saying": "kind",
    "categories": "kind",
    "proposals": "kind",
    "reply": "kind",
    "scores": "numbers",
}
_LEAST_TOLD = 0.05  # one decimal is what is told


def tie_of(candidate: Candidate, weights: Weights = EVENT_WEIGHTS) -> Tie:
    """What the decision to put a headline into a topic rested on.

    Returns:
        The parts that count for anything, in the order of KINDS: "start" is what any two headlines begin with (most are
        of two events), "child" whether they contradict each other there, "occasion" whether they tell of persons on one
        exam day, "kind" their categories, and whether they are sayings, answers or proposals. "rule" alone where both
        tell of one stage of an exam or of one disaster: then nothing is weighed.
    """
    if candidate.margin == OF_STAGE:
        return Tie(candidate.margin, {"rule": candidate.margin})
    sums = dict.fromkeys(KINDS, 0.0)
    sums["start"] = weights.bias
    for name, weight, value in zip(candidate.evidence._fields, weights.of, candidate.evidence, strict=True):
        sums[_OF.get(name, "words")] += weight * value
    return Tie(
        round(candidate.margin, 2), {kind: told for kind, value in sums.items() if (told := round(value, 2)) != 0}
    )


def parts_told(tie: Tie, language: Language) -> str:
    """The parts in words, none that a reader would take for nothing, or that another version names.

    >>> parts_told(Tie(1.6, {"start": -2.97, "words": 4.01, "numbers": 0.56, "place": -0.01}), "zh")
    '起点 -3.0、用词 +4.0、数字 +0.6'
    """
    at = 1 if language == "en" else 0
    told = [
        f"{KINDS[kind][at]} {part:+.1f}"
        for kind, part in tie.parts.items()
        if abs(part) >= _LEAST_TOLD and kind in KINDS
    ]
    return (", " if at else "、").join(told)
