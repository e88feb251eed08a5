"""All wording of alerts, Chinese and English; numbers and released terms go into the braces.

The last guard lets no other Chinese out than this, the reviewed vocabulary and the terms released for a topic.
"""

import re
from dataclasses import dataclass, fields
from typing import Literal, LiteralString

from contracts.alert import Change, NoticeCause, Severity
from contracts.source_health import Fault, FaultKind, SourceState
from contracts.topic import Action, Starter, State
from detectors.reasons import Language

__all__ = ["MARKS", "TEXTS", "Texts", "template_words"]

MARKS: dict[Severity, LiteralString] = {"info": "⚪", "notable": "🟡", "high": "🟠", "critical": "🔴"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The wording of one language."""

    changes: dict[Change, LiteralString]
    states: dict[State, LiteralString]
    severities: dict[Severity, LiteralString]
    causes: dict[NoticeCause, LiteralString]
    headline: LiteralString
    lead_closed: LiteralString
    span: LiteralString
    span_short: LiteralString
    lead_listed: LiteralString
    severity: LiteralString
    state: LiteralString
    size: LiteralString
    size_of: LiteralString
    size_over: LiteralString
    size_usual: LiteralString
    size_new: LiteralString
    pace: LiteralString
    pace_up: LiteralString
    pace_down: LiteralString
    since: LiteralString
    moment: LiteralString
    zone: LiteralString
    platforms: LiteralString
    regions: LiteralString
    share: LiteralString
    asked: LiteralString
    asked_of: LiteralString
    uptake: LiteralString
    uptake_of: LiteralString
    uptake_turned: dict[Literal["for", "against"], LiteralString]
    campaign: LiteralString
    campaign_of: LiteralString
    actions: dict[Action, LiteralString]
    starters: dict[Starter, LiteralString]
    vanished: LiteralString
    vanished_of: LiteralString
    vanished_words: LiteralString
    off_list: LiteralString
    reach: LiteralString
    reach_of: LiteralString
    reach_unknown: LiteralString
    reach_own: LiteralString
    category: LiteralString
    articles: LiteralString
    exposure: LiteralString
    exposure_of: LiteralString
    terms: LiteralString
    curve: LiteralString
    comma: LiteralString
    console: LiteralString
    number: LiteralString
    repeat: LiteralString
    sample: LiteralString
    summary: LiteralString
    digest: LiteralString
    period: LiteralString
    item: LiteralString
    item_listed: LiteralString
    item_flagged: LiteralString
    more: LiteralString
    digest_nothing: LiteralString
    digest_doubt: LiteralString
    sources: LiteralString
    sources_all: LiteralString
    sources_some: LiteralString
    sources_learning: LiteralString
    sources_unread: LiteralString
    sources_unwell: LiteralString
    source_states: dict[SourceState, LiteralString]
    source_since: LiteralString
    source_notice: LiteralString
    minimal_notice: LiteralString
    sources_well: LiteralString
    sources_silent: LiteralString
    sources_unknown: LiteralString
    notice: LiteralString
    minimal: LiteralString


ZH = Texts(
    changes={
        "opened": "新话题",
        "asked": "有人问我们怎么看",
        "minor-at-risk": "未成年人可能有危险",
        "exposure": "儿童信息正被扩散",
        "vanishing": "内容正在消失",
        "campaign": "有人号召行动",
        "severity": "级别上升",
        "grown": "规模扩大",
        "state": "状态变化",
        "closed": "话题平息",
    },
    states={"emerging": "新出现", "trending": "热议中", "fading": "正在降温", "closed": "已平息"},
    severities={"info": "一般", "notable": "关注", "high": "重要", "critical": "紧急"},
    causes={
        "refused": "应用拒绝接收，请检查地址、密钥和机器人设置",
        "away": "暂时无法送达，恢复后补发摘要",
        "payload": "应用不接受这条消息的格式，请报告此问题",
        "blocked": "一条消息未通过安全检查，已改发最简消息，请报告此问题",
        "back": "恢复正常，积压的消息正在补发",
        "source": "",
    },
    headline="{} 【{}】{}｜{}",
    lead_closed="峰值 {} 人（{}），持续 {}",
    span="{} 小时 {} 分",
    span_short="{} 分钟",
    lead_listed="登上热榜",
    severity="级别",
    state="状态",
    size="规模",
    size_of="近 1 小时 {} 人、{} 条",
    size_over="，平时 {} 人，{} 倍",
    size_usual="，平时 {} 人",
    size_new="，平时几乎没有",
    pace="速度",
    pace_up="{} 分钟内增加 {} 人",
    pace_down="{} 分钟内减少 {} 人",
    since="始于",
    moment="{} 月 {} 日 {:02}:{:02}{}",
    zone=" UTC{}",
    platforms="平台",
    regions="地区",
    share="{} {}",
    asked="提问",
    asked_of="近 1 小时 {} 人问我们怎么看，平时 {:.1f} 人",
    uptake="倡议",
    uptake_of="{}：近 1 小时原创 {} 人赞同、{} 人相反、{} 人未表态；转发 {} 人赞同、{} 人相反",
    uptake_turned={"for": "；约 {} 起赞同占多数", "against": "；约 {} 起相反占多数"},
    campaign="号召",
    campaign_of="{}，近 1 小时 {} 人号召，前 1 小时 {} 人，{} 起；其中 {}% 涉及儿童图片或身份信息",
    actions={
        "photograph": "拍照上传",
        "stop": "停止传播",
        "join": "参与行动",
        "give": "捐助",
        "report": "报警举报",
        "share": "转发扩散",
    },
    starters={"own": "；由我们的账号发起", "public": "；由认证账号发起"},
    vanished="消失",
    vanished_of="{} 起，{} 条中 {} 条已被删除或屏蔽，平时 {:.1f} 条",
    vanished_words="；多含：{}",
    off_list="{} 起从热榜消失，消失前仍在上升",
    reach="触达",
    reach_of="24 小时 {} 人参与，至多触达 {} 人（{}% 的内容可知粉丝数）",
    reach_unknown="24 小时 {} 人参与，粉丝数未知",
    reach_own="；我们的账号发布 {} 次，{} 人转述",
    category="类别",
    articles="{}（《儿童权利公约》第 {} 条）",
    exposure="扩散",
    exposure_of="{} 条、{} 人发布图片或身份信息",
    terms="关键词",
    curve="走势",
    comma="、",
    console="在控制台查看",
    number="编号 {} · 第 {} 条",
    repeat="可能重复：此前发送未获确认",
    sample="测试消息，内容为虚构",
    summary="{} 个话题汇总",
    digest="儿童话题简报：{} 个话题",
    period="{} 至 {}",
    item="{} {}（{}，峰值 {} 人）",
    item_listed="{} {}（{}，热榜）",
    item_flagged="{}，{}",
    more="另有 {} 个，见控制台",
    digest_nothing="儿童话题简报：没有符合条件的话题",
    digest_doubt="儿童话题简报：没有话题，但数据来源可能异常",
    sources="数据来源",
    sources_all="{} 个均正常，",
    sources_some="接入正常，",
    sources_learning="（其中 {} 个观察不足两天，其沉默尚不能说明问题）",
    sources_unread="；另有 {} 个从未读取",
    sources_unwell="{} 个数据来源中有 {} 个异常，没有话题不等于没有人谈论：{}",
    source_states={
        "well": "恢复正常",
        "learning": "观察不足两天",
        "silent": "没有新内容，间隔超过同时段以往最长",
        "away": "无法访问",
        "stopped": "采集进程已停止，或无法连接 Redis",
    },
    source_since="{}（{}，自 {}）",
    source_notice="数据来源 {}：{}",
    minimal_notice="有一条运行通知被拦下，请查看日志",
    sources_well="最新内容 {} 分钟前",
    sources_silent="{} 起没有新内容，请检查数据来源",
    sources_unknown="数据来源状态未知，请运行 doctor 检查",
    notice="通道 {}：{}",
    minimal="有新的儿童话题，请见控制台",
)

EN = Texts(
    changes={
        "opened": "new topic",
        "asked": "people ask us",
        "minor-at-risk": "a child may be in danger",
        "exposure": "children are exposed",
        "vanishing": "posts are vanishing",
        "campaign": "people are called on to act",
        "severity": "more pressing",
        "grown": "much larger",
        "state": "state changed",
        "closed": "over",
    },
    states={"emerging": "emerging", "trending": "trending", "fading": "fading", "closed": "closed"},
    severities={"info": "info", "notable": "notable", "high": "high", "critical": "critical"},
    causes={
        "refused": "the app refuses our messages; check its address, its secret and the robot's settings",
        "away": "it cannot be reached; a summary follows when it can",
        "payload": "the app does not take the form of a message; please report it",
        "blocked": "a message did not pass the last guard, the shortest one went instead; please report it",
        "back": "it takes messages again; what waited is being sent",
        "source": "",
    },
    headline="{} {} · {}: {}",
    lead_closed="Peak {} people in an hour ({}), lasted {}",
    span="{} h {} min",
    span_short="{} min",
    lead_listed="on a hot list",
    severity="Severity",
    state="State",
    size="Size",
    size_of="{} people, {} posts in the last hour",
    size_over="; usually {}, {} times as many",
    size_usual="; usually {}",
    size_new="; usually almost none",
    pace="Pace",
    pace_up="{1} more people in {0} minutes",
    pace_down="{1} fewer people in {0} minutes",
    since="Since",
    moment="{1} {0} {2:02}:{3:02}{4}",
    zone=" UTC{}",
    platforms="Platforms",
    regions="Regions",
    share="{} {}",
    asked="Questions",
    asked_of="{} people asked in the last hour what we say, usually {:.1f}",
    uptake="Message",
    uptake_of="{}: in the last hour, in their own words, {} for, {} against, {} neither; reposts {} for, {} against",
    uptake_turned={"for": "; mostly for it since about {}", "against": "; mostly against it since about {}"},
    campaign="Called for",
    campaign_of="{}: {} people in the last hour, {} in the hour before, since {}; {}% of them expose children",
    actions={
        "photograph": "taking and posting pictures",
        "stop": "no longer spreading",
        "join": "joining in",
        "give": "giving",
        "report": "reporting to police or platform",
        "share": "passing on",
    },
    starters={"own": "; begun by our account", "public": "; begun by a verified account"},
    vanished="Vanished",
    vanished_of="since {}, {} posts of which {} are deleted or blocked, usually {:.1f}",
    vanished_words="; they shared: {}",
    off_list="taken off a hot list since {}, while it was still rising",
    reach="Reach",
    reach_of="{} people in 24 hours, who reach {} at most ({}% of the posts tell followers)",
    reach_unknown="{} people in 24 hours; how many follow them is not known",
    reach_own="; posts of our accounts: {}, handed on by {} people",
    category="Category",
    articles="{} (CRC {})",
    exposure="Spread",
    exposure_of="{} posts by {} people show pictures or identities",
    terms="Keywords",
    curve="Curve",
    comma=", ",
    console="Open in the console",
    number="No. {} · message {}",
    repeat="Possibly a repeat: an earlier sending was not confirmed",
    sample="Test message, its content is invented",
    summary="{} topics in one summary",
    digest="Child topics: {} in this digest",
    period="{} to {}",
    item="{} {} ({}, peak {} people)",
    item_listed="{} {} ({}, hot list)",
    item_flagged="{}, {}",
    more="and {} more, see the console",
    digest_nothing="Child topics: nothing matched",
    digest_doubt="Child topics: none, but the sources may not be well",
    sources="Sources",
    sources_all="all {} are well, ",
    sources_some="posts are coming in, ",
    sources_learning=" ({} of them watched for less than two days, so that their silence says nothing yet)",
    sources_unread="; {} more have never been read",
    sources_unwell="{1} of {0} sources are not well, so no topics does not mean that nobody speaks: {2}",
    source_states={
        "well": "well again",
        "learning": "watched for less than two days",
        "silent": "nothing new for longer than ever at this hour",
        "away": "cannot be reached",
        "stopped": "its process has ended, or cannot reach Redis",
    },
    source_since="{} ({}, since {})",
    source_notice="Source {}: {}",
    minimal_notice="a notice did not pass the last guard, see the log",
    sources_well="the newest post came {} min ago",
    sources_silent="nothing has come since {}; check the sources",
    sources_unknown="not known whether they are well; run doctor",
    notice="Channel {}: {}",
    minimal="There is a new child topic, see the console",
)

TEXTS: dict[Language, Texts] = {"zh": ZH, "en": EN}


def template_words() -> frozenset[str]:
    """Every run of Chinese of the templates, and of what is said of sources, for the last guard."""
    said: list[str] = [Fault(kind, 0, 0).said("zh") for kind in FaultKind]
    for field in fields(Texts):
        value = getattr(ZH, field.name)
        said += value.values() if isinstance(value, dict) else [value]
    return frozenset(run for text in said for run in re.findall("[\u4e00-\u9fff]+", text))
