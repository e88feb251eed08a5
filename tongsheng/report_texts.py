"""Every word of the situation report, Chinese and English; numbers and what may be told go into the braces."""

from typing import LiteralString

from detectors.reasons import Language

__all__ = ["MONTHS", "TEXTS"]

MONTHS: tuple[LiteralString, ...] = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

_BOTH: dict[str, tuple[LiteralString, LiteralString]] = {
    "title.day": ("儿童话题日报", "Children's topics of the day"),
    "title.week": ("儿童话题周报", "Children's topics of the week"),
    "date": ("{}（北京时间）", "{} (Beijing time)"),
    "period": ("{} 至 {}（北京时间）", "{} to {} (Beijing time)"),
    "moment": ("{1}月{0}日 {3}", "{0} {2} {3}"),  # no 3/2: a day or a month first, and a number to the guard
    "sum": ("话题 {} 个", "topics: {}"),
    "sum.people": ("参与人数最多的话题 {} 人", "most people on one topic: {}"),
    "sum.reach": ("至多触达 {} 人", "at most {} people reached by one topic"),
    "topics": ("话题", "Topics"),
    "topic": ("话题", "topic"),
    "found": ("发现", "found"),
    "peak": ("每小时峰值", "peak an hour"),
    "people": ("24 小时人数", "in 24 h"),
    "reach": ("至多触达", "reach up to"),
    "curve": ("走势", "curve"),
    "flags": ("标记", "flags"),
    "more": ("另有 {} 个话题", "and {} more topics"),
    "more.items": ("另有 {} 条", "and {} more"),
    "unknown": ("未知", "unknown"),
    "protection": ("保护事项", "Protection"),
    "protection.exposed": (
        "{}：1 小时 {} 条、{} 人发布图片或身份信息",
        "{}: {} posts of {} people in an hour show pictures or identities",
    ),
    "asked": ("有人问我们", "Questions to us"),
    "asked.told": (
        "{}：1 小时 {} 人问我们怎么看，平时 {:.1f} 人",
        "{}: {} people asked in an hour what we say, usually {:.1f}",
    ),
    "own": ("{}：我们的账号发布 {} 次，{} 人转述", "{}: our accounts spoke {} times, {} people handed it on"),
    "uptake": ("我们的倡议", "Our messages"),
    "uptake.told": (
        "{}（{}，表态最多的一小时）：原创 {} 人赞同、{} 人相反、{} 人未表态；转发 {} 人赞同、{} 人相反",
        "{} ({}, busiest hour): in their own words {} for, {} against, {} neither; reposts {} for, {} against",
    ),
    "turn.for": ("约 {} 起赞同占多数", "mostly for it since about {}"),
    "turn.against": ("约 {} 起相反占多数", "mostly against it since about {}"),
    "turn.band": ("最早 {}，最晚 {}", "{} at the earliest, {} at the latest"),
    "vanished": ("消失的内容", "What vanished"),
    "vanished.told": (
        "{}：{} 起，{} 条中 {} 条已消失",
        "{}: since {}, {} of which {} are gone",
    ),
    "vanished.words": ("多含：{}", "they shared: {}"),
    "campaign": ("行动号召", "Calls to action"),
    "campaign.told": (
        "{}：1 小时 {} 人号召{}，其中 {:.0%} 涉及儿童图片或身份信息",
        "{}: {} people in an hour called for it ({}); {:.0%} of them expose children",
    ),
    "alerts": ("已发警报", "What was alerted"),
    "alerts.told": ("{} {}（{} 个通道）", "{} {} (channels: {})"),
    "alerts.unknown": ("警报记录不在此处", "No record of alerts is at hand here"),
    "none": ("没有", "none"),
    "flag.asked": ("有人问我们", "asked"),
    "flag.minor-at-risk": ("孩子有危险", "child at risk"),
    "flag.exposure": ("身份外泄", "exposure"),
    "flag.vanishing": ("正在消失", "vanishing"),
    "flag.campaign": ("行动号召", "call to action"),
    "comma": ("、", ", "),
    "semicolon": ("；", "; "),
    "note": (
        "话题说明很多人在谈论，不说明所谈属实。触达按不同作者的粉丝相加，并扣除随机重合，是上限。",
        "That many say it does not make it true. Reach: followers of distinct authors less chance overlap, at most.",
    ),
    "blocked": ("内容未通过安全检查，请见控制台", "The content did not pass the last guard: see the console"),
}

TEXTS: dict[Language, dict[str, LiteralString]] = {
    "zh": {key: zh for key, (zh, _) in _BOTH.items()},
    "en": {key: en for key, (_, en) in _BOTH.items()},
}
