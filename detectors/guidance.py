"""One line of guidance for each flag, from the Convention on the Rights of the Child."""

from collections.abc import Mapping
from typing import LiteralString

from contracts.told import Told, compose, release
from contracts.topic import Flag
from detectors.reasons import Language

__all__ = ["guidance"]

_TEXTS: dict[tuple[Flag, Language], LiteralString] = {
    ("asked", "zh"): "公众在问你们怎么看：请尽快决定是否回应、如何回应。",
    ("asked", "en"): "People ask what you say: decide whether and how to answer, before others do it for you.",
    (
        "campaign",
        "zh",
    ): "有人在号召公众行动：先判断对孩子是利是弊，再决定支持、提醒或给出更安全的做法（《儿童权利公约》第 3 条）。",
    ("campaign", "en"): "People are called on to act: weigh what it does to children, then support it, warn, "
    "or offer a safer way (CRC 3).",
    ("minor-at-risk", "zh"): "可能有未成年人正处于危险：立即报警 110 并联系平台（《儿童权利公约》第 6、19 条）。",
    ("minor-at-risk", "en"): "A child may be in danger now: call 110 and the platform at once (CRC 6, 19).",
    ("exposure", "zh"): "保护事项：不转发图片和姓名，呼吁公众停止传播，线索交给警方（《儿童权利公约》第 16、35 条）。",
    ("exposure", "en"): "Protection matter: do not pass on pictures or names; "
    "ask people to stop sharing, tell the police (CRC 16, 35).",
    (
        "vanishing",
        "zh",
    ): "内容正在消失：请尽快留存公开来源并持续关注，热度下降不等于事情已经解决（《儿童权利公约》第 13、17 条）。",
    ("vanishing", "en"): "It is being taken down: note public sources now and keep watching; "
    "silence does not mean that it is settled (CRC 13, 17).",
}


def guidance(flag: Flag, language: Language, own: Mapping[tuple[str, str], str] | None = None) -> Told:
    """What a duty officer should bear in mind.

    Args:
        flag: of a topic.
        language: of the line.
        own: (flag, language) -> the organisation's wording, which wins (`GuidanceSettings.own`).

    >>> guidance("exposure", "en")
    'Protection matter: do not pass on pictures or names; ask people to stop sharing, tell the police (CRC 16, 35).'
    """
    if own and (flag, language) in own:
        return release(own[flag, language], own.values())
    return compose(_TEXTS[flag, language])
