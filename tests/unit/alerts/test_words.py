"""An alert in words: what a duty officer has to know, in Chinese and English, and nothing that the guard blocks."""

import dataclasses

import msgspec
import pytest

from alerts.message import Message
from alerts.texts import TEXTS, template_words
from alerts.words import Wording
from contracts.alert import Item, Peak
from contracts.source_health import Fault, FaultKind, SourceNotice
from contracts.topic import Flag
from detectors.categories import ENGLISH_LABELS
from detectors.guidance import guidance
from detectors.report import iso
from tests.alert_lines import NOON_MS, SOURCE, TOPIC, UPTAKE, every_alert, line, topic_alert
from tongsheng.wiring import broadcast_guard

CONSOLE = "https://console.example.org"
wording = Wording(console=CONSOLE, zone="Asia/Shanghai", sources=[SOURCE])


def said(message: Message) -> str:
    """All that is said, a line each."""
    lines: list[str] = []
    for part in message.parts:
        facts = [f"{fact.label} {fact.value}" for fact in part.facts]
        lines += [part.headline, part.lead, *facts, *part.notes, *part.items, part.link, part.footer]
    return "\n".join(lines)


def test_an_alert_says_what_how_much_how_fast_since_when_where_and_why() -> None:
    """In both languages, in an order in which the first lines are enough."""
    text = said(wording.message(topic_alert()))

    for phrase in (
        "🟠 【重要】新话题、有人问我们怎么看｜校园欺凌：视频、中学生",
        "提问 近 1 小时 6 人问我们怎么看，平时 0.2 人\n号召",
        "消失 3 月 2 日 12:00 起，1400 条中 12 条已被删除或屏蔽，平时 0.8 条；多含：校长\n倡议",
        "12 人 10 分钟内提到，平时 1.2 人；微博 10、微信 2",
        "规模 近 1 小时 38 人、52 条，平时 1.2 人，32 倍",
        "速度 10 分钟内增加 34 人",
        "走势 ▁▁▂█",
        "类别 儿童教育（《儿童权利公约》第 28、29、31 条）",
        "始于 3 月 2 日 11:52",
        "平台 微博 12、微信 2",
        "倡议 不拍街头儿童：近 1 小时原创 21 人赞同、9 人相反、30 人未表态；转发 3 人赞同、80 人相反",
        "；约 3 月 2 日 11:40 起赞同占多数",
        "reposts 3 for, 80 against; mostly for it since about 2 Mar 11:40 UTC+8",
        "触达 24 小时 1210 人参与，至多触达 3.4 万 人（86% 的内容可知粉丝数）；我们的账号发布 1 次，40 人转述",
        "保护事项：不转发图片和姓名",
        f"🟠 high · new topic, people ask us: {ENGLISH_LABELS['education']} · 校园欺凌：视频、中学生",
        "38 people in 60 minutes, usually 1.2; Weibo 86%, WeChat 14%",
        "Size 38 people, 52 posts in the last hour; usually 1.2, 32 times as many",
        "Pace 34 more people in 10 minutes",
        "Since 2 Mar 11:52 UTC+8",
        "地区 广东广州 24、河北 21",
        "Regions Guangzhou (Guangdong) 24, Hebei 21",
        f"Category {ENGLISH_LABELS['education']} (CRC 28, 29, 31)",
        "Questions 6 people asked in the last hour what we say, usually 0.2",
        "号召 拍照上传，近 1 小时 21 人号召，前 1 小时 9 人，3 月 2 日 12:00 起",
        "；其中 40% 涉及儿童图片或身份信息；由认证账号发起",
        "Called for taking and posting pictures: 21 people in the last hour, 9 in the hour before",
        "since 2 Mar 12:00 UTC+8; 40% of them expose children",
        "Vanished since 2 Mar 12:00 UTC+8, 1400 posts of which 12 are deleted or blocked, usually 0.8",
        "blocked, usually 0.8; they shared: 校长",
        "Reach 1,210 people in 24 hours, who reach 33,900 at most (86% of the posts tell followers)",
        "Protection matter: do not pass on pictures or names",
    ):
        assert phrase in text, phrase


def test_it_links_to_the_topic_in_the_console_and_nowhere_else() -> None:
    """Without a console there is no link at all."""
    assert wording.message(topic_alert()).link == f"{CONSOLE}/topics/{TOPIC}"
    assert Wording(zone="Asia/Shanghai").message(topic_alert()).link == ""


@pytest.mark.parametrize(
    ("zone", "zh", "en"),
    [
        ("Asia/Shanghai", "始于 3 月 2 日 11:52\n", "Since 2 Mar 11:52 UTC+8\n"),
        ("Asia/Kolkata", "始于 3 月 2 日 09:22 UTC+5:30\n", "Since 2 Mar 09:22 UTC+5:30\n"),
        ("America/New_York", "始于 3 月 1 日 22:52 UTC−5\n", "Since 1 Mar 22:52 UTC−5\n"),
    ],
)
def test_a_time_says_of_which_zone_it_is(zone: str, zh: str, en: str) -> None:
    """In Chinese, Beijing's is meant where nothing is said; and the last guard takes no offset for an account."""
    message = Wording(zone=zone).message(topic_alert())

    text = said(message)

    assert zh in text
    assert en in text
    assert broadcast_guard(console="", words=template_words()).check(text, [message.about]) == ()


def test_guidance_begins_with_danger() -> None:
    """A child in danger goes before a question, in what an officer reads first."""
    flagged = line(flags=["asked", "minor-at-risk", "exposure", "vanishing", "campaign"])

    notes = Wording(zone="Asia/Shanghai").message(topic_alert(line=flagged, language="en")).parts[0].notes

    order: list[Flag] = ["minor-at-risk", "exposure", "vanishing", "asked", "campaign"]
    assert list(notes) == [guidance(flag, "en") for flag in order]


def test_a_closing_line_tells_the_peak() -> None:
    """And how long it lasted."""
    closed = line(NOON_MS + 5 * 3_600_000, state="closed", authors=0)

    text = said(wording.message(topic_alert(line=closed, changes=["closed"], peak=Peak(45, NOON_MS))))

    assert "峰值 45 人（3 月 2 日 12:00），持续 5 小时 8 分" in text
    assert "Peak 45 people in an hour (2 Mar 12:00 UTC+8), lasted 5 h 8 min" in text


def test_a_topic_of_hot_lists_claims_no_numbers_of_people() -> None:
    """It has its place on the list as its reason."""
    listed = line(posts=0, authors=0, expected=0, platforms={}, reach=None, reason="登上微博热搜第 3 位，热度 48 万")

    text = said(wording.message(topic_alert(line=listed, curve=[])))

    assert "登上微博热搜第 3 位，热度 48 万" in text
    assert "on a hot list" in text
    assert "规模" not in text


def test_what_was_taken_off_a_hot_list_says_so() -> None:
    """Also after its end, in both languages, and never that it stands there."""
    off_list = {"cause": "off-list", "count": 1, "of": 1, "since": iso(NOON_MS)}
    taken = line(
        state="closed", posts=0, authors=0, platforms={}, flags=["vanishing"], vanishing=[off_list],
        reason="从微博热搜第 3 位消失，热度 48 万，消失前仍在上升",
    )  # fmt: skip

    text = said(wording.message(topic_alert(line=taken, changes=["vanishing"])))

    assert "从微博热搜第 3 位消失，热度 48 万，消失前仍在上升\n" in text
    assert "消失 3 月 2 日 12:00 起从热榜消失，消失前仍在上升" in text
    assert "Vanished taken off a hot list since 2 Mar 12:00 UTC+8, while it was still rising" in text
    assert "on a hot list\n" not in text


def test_a_topic_of_fewer_people_than_usual_claims_no_multiple() -> None:
    """As at its end."""
    text = said(wording.message(topic_alert(line=line(state="closed", authors=0, posts=3), changes=["closed"])))

    assert "规模 近 1 小时 0 人、3 条，平时 1.2 人\n" in text
    assert "Size 0 people, 3 posts in the last hour; usually 1.2\n" in text


def test_a_summary_says_why_a_topic_is_severe() -> None:
    """By what presses most of it."""
    flagged = Item(
        topic=TOPIC, title=line().title, keywords=line().keywords, severity="critical", state="trending", authors=77,
        flags=["asked", "minor-at-risk"],
    )  # fmt: skip

    text = said(wording.message(topic_alert(kind="summary", line=None, items=[flagged], total=1)))

    assert "🔴 校园欺凌：视频、中学生（未成年人可能有危险，热议中，峰值 77 人）" in text
    assert "🔴 校园欺凌：视频、中学生 (a child may be in danger, trending, peak 77 people)" in text


def test_what_may_be_a_repeat_says_so() -> None:
    """The reader need not wonder why it came twice."""
    text = said(wording.message(topic_alert(), may_repeat=True))

    assert "可能重复：此前发送未获确认" in text


def test_an_empty_digest_says_whether_silence_means_silence() -> None:
    """Sources that are well, that are silent, and that nobody knows of are three things."""
    digest = topic_alert(
        kind="digest", line=None, changes=[], period_ms=(NOON_MS - 86_400_000, NOON_MS), severity="info"
    )

    well = said(wording.message(msgspec.structs.replace(digest, heard_ms=NOON_MS - 120_000)))
    silent = said(wording.message(msgspec.structs.replace(digest, heard_ms=NOON_MS - 7_200_000)))
    unknown = said(wording.message(digest))

    assert "没有符合条件的话题" in well
    assert "数据来源 接入正常，最新内容 2 分钟前" in well
    assert "Sources: nothing has come since 2 Mar 10:00 UTC+8; check the sources" in silent
    assert "数据来源状态未知" in unknown


def test_a_digest_names_the_sources_that_are_not_well() -> None:
    """With what they said, and since when; and how far the silence of new ones can be trusted."""
    away = SourceNotice(
        name=SOURCE, kind="feed", state="away", since_ms=NOON_MS, at_ms=NOON_MS, fault=Fault(FaultKind.QUOTA, 429, 0)
    )
    unnamed = SourceNotice(name="anything-13800138000", kind="follow", state="silent", since_ms=NOON_MS, at_ms=NOON_MS)
    digest = topic_alert(kind="digest", line=None, period_ms=(NOON_MS - 86_400_000, NOON_MS), heard_ms=NOON_MS)

    unwell = said(wording.message(msgspec.structs.replace(digest, sources=3, unwell=[away, unnamed])))
    learning = said(wording.message(msgspec.structs.replace(digest, sources=3, learning=1, unread=2)))

    assert f"{SOURCE}（429: 配额用尽或请求过多，自 3 月 2 日 12:00）、follow（没有新内容" in unwell
    assert "儿童话题简报：没有话题，但数据来源可能异常" in unwell
    assert "2 of 3 sources are not well, so no topics does not mean that nobody speaks" in unwell
    assert "13800138000" not in unwell
    assert "3 个均正常，最新内容 0 分钟前（其中 1 个观察不足两天" in learning
    assert "；另有 2 个从未读取" in learning


def test_the_last_guard_lets_every_wording_pass() -> None:
    """Or the duty officer would get the shortest message each time."""
    guard = broadcast_guard(console=CONSOLE, words=[*template_words(), str(UPTAKE["message"])], names=[SOURCE])
    blocked = {}
    for alert in every_alert():
        message = wording.message(alert, may_repeat=True)
        if faults := guard.check(said(message), [message.about]):
            blocked[said(message)] = faults

    assert blocked == {}


def test_both_languages_have_every_text() -> None:
    """With the same number of places in each template."""
    apart = [
        field.name
        for field in dataclasses.fields(TEXTS["zh"])
        if isinstance(getattr(TEXTS["zh"], field.name), str)
        and getattr(TEXTS["zh"], field.name).count("{") != getattr(TEXTS["en"], field.name).count("{")
    ]

    assert apart == []
    assert [key for key in ("changes", "states", "severities", "causes") if differs(key)] == []


def differs(key: str) -> bool:
    return set(getattr(TEXTS["zh"], key)) != set(getattr(TEXTS["en"], key))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_language_is_one_part(language: str) -> None:
    """And both are two, Chinese first."""
    assert [part.language for part in wording.message(topic_alert(language=language)).parts] == [language]
    assert [part.language for part in wording.message(topic_alert()).parts] == ["zh", "en"]
