"""Lines that somebody else may have written: no name, place or number of anybody comes out of them again."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from contracts.settings import read_settings
from contracts.topic import TopicLine
from detectors.reasons import LANGUAGES, is_reason, reason_of_list, reason_of_posts, reason_of_vanished
from detectors.recheck import Recheck
from detectors.regions import PREFECTURES, PROVINCES, told_regions
from detectors.report import iso
from detectors.titles import headline
from tests.alert_lines import AUDIENCE, CAMPAIGN, UPTAKE, VANISHED
from tests.feed_lines import AT_MS, GROUNDS, PARTS, line
from tongsheng import wiring

SETTINGS = read_settings(
    {"organisation": {"message": [{"name": UPTAKE["message"], "phrases_for": ["不拍"], "phrases_against": ["拍照"]}]}},
    {},
)
WHOLE = line(
    audience=AUDIENCE,
    campaign=CAMPAIGN,
    vanishing=[VANISHED],
    uptake=[UPTAKE],
    regions={"广东": 44, "广东广州": 21},
    flags=["vanishing", "campaign"],
)
PLANTED = (
    *("苗禾禾", "女童苗禾禾", "高明亮", "小雨", "文静", "芦花小学", "殴打育才中学生", "幸福路", "糖果走失", "寻找糖果"),
    *(
        "13800138000",
        "一三八零零一三八零零零",
        "微信abc12345",
        "chenxiaoyu",
        "Miao Hehe",
        "@苗禾禾",
        "https://t.cn/A6x",
    ),
    *("⼩⾬", "苗\u200b禾禾", "مریم", "ばら", "Мария"),
)


@pytest.fixture(scope="module")
def recheck() -> Any:
    """As the stages have it."""
    return wiring.recheck(SETTINGS)


def test_a_line_of_the_detector_stays_as_it_is(recheck: Recheck) -> None:
    """The very object: whoever tells it compares no further."""
    assert recheck(WHOLE) is WHOLE


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_a_line_does_not_come_out(planted: str, recheck: Recheck) -> None:
    """In no field; the topic itself stays, told in numbers."""
    forged = msgspec.convert(
        msgspec.to_builtins(WHOLE)
        | {
            "title": f"食品营养：{planted}",
            "keywords": ["食堂", planted],
            "categories": [planted, "nutrition"],
            "reason": f"38 人 10 分钟内提到{planted}",
            "reason_in": {"en": f"38 people {planted}", planted: "38 people"},
            "listed": [[planted, "weibo_hot_search", iso(AT_MS), 3, 9, 60, [[1.6, {planted: 1.6, "words": 4.0}]]]],
            "platforms": {"weibo": 3, planted: 2},
            "usual": {planted: 2.0},
            "regions": {planted: 40, "广东": 44, "广东广州": 3},
            "audience": AUDIENCE | {"platforms": {planted: [3, 3]}},
            "campaign": CAMPAIGN | {"name": f"#{planted}#"},
            "vanishing": [VANISHED | {"words": [planted, "校长"]}],
            "uptake": [UPTAKE | {"message": planted}],
            "grounds": GROUNDS | {"terms": [[planted, False, 12.3, 10, 8, 0.04, 11]]},
            "threads": [["~AbCdEfGhIjK_", 9, 7, [planted]]],
            "seam": [[[planted], ["~AbCdEfGhIjK_"], 20, 18]],
            "flags": ["exposure"],
            "samples": [planted],
        },
        TopicLine,
    )

    believed = recheck(forged)

    assert planted not in msgspec.json.encode(believed).decode()
    assert believed.title == headline("nutrition", (), since_ms=AT_MS - 11 * 60_000, authors=38)
    assert (believed.keywords, believed.categories) == (["食堂"], ["nutrition"])
    assert (believed.regions, believed.vanishing[0].words) == ({"广东": 44}, ["校长"])


def test_the_log_says_once_of_which_topic(recheck: Recheck, caplog: pytest.LogCaptureFixture) -> None:
    """Never what was left out."""
    for minute in range(3):
        recheck(line("f0f0f0f0f0f0", at_ms=AT_MS + minute * 60_000, title="食品营养：苗禾禾"))

    assert [record.getMessage() for record in caplog.records if "苗" in record.getMessage()] == []
    assert len(caplog.records) == 1


def test_a_field_that_is_new_is_thought_of() -> None:
    """Whoever adds one to the line says here that it is read again above, or that it holds no words that are told."""
    read = {
        "title",
        "keywords",
        "categories",
        "reason",
        "reason_in",
        "platforms",
        "usual",
        "regions",
        "audience",
        "uptake",
    }
    read |= {"campaign", "vanishing", "grounds", "listed", "threads", "seam", "samples", "topic", "at", "since"}
    closed = {"state", "flags", "posts", "authors", "expected", "score", "reach", "exposure", "asked", "archived"}
    closed |= {"top_share"}
    for_operators = {"evidence"}

    assert read | closed | for_operators == set(TopicLine.__struct_fields__)


@pytest.mark.parametrize(
    "title",
    [
        "食品营养：新词，见控制台（00:00 起，9 人）",
        "食品营养：食堂（23:59 起）",
        "儿童安全：儿子和奶奶、爸爸急救",
        "儿童安全：校车侧翻、学生",
        "幼童被毒打",
    ],
)
def test_every_kind_of_title_stays(title: str, recheck: Recheck) -> None:
    """Those of posts, of hot lists, of a single word and of none."""
    assert recheck(line(title=title)).title == title


@pytest.mark.parametrize(
    "change",
    [
        {"topic": "miao-hehe"},
        {"since": "苗禾禾"},
        {"at": "2026-03-02T11:58:25"},
        {"campaign": CAMPAIGN | {"since": "x"}},
    ],
    ids=str,
)
def test_an_id_or_a_moment_that_is_none_makes_it_no_line(change: dict[str, Any], recheck: Recheck) -> None:
    """Both are told as they stand; the error does not repeat them."""
    with pytest.raises(ValueError, match=r"^(topic: no id|moment: none)") as caught:
        recheck(line(**change))

    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "change",
    [
        {"authors": 13800138000},
        {"posts": -5},
        {"reach": 13800138000},
        {"expected": float("inf")},
        {"score": float("nan")},
        {"platforms": {"weibo": 65432109}},
    ],
    ids=str,
)
def test_a_count_that_nothing_has_makes_it_no_line(change: dict[str, Any], recheck: Recheck) -> None:
    """A spreadsheet would tell it: it may be somebody's number."""
    with pytest.raises(ValueError, match=r"^counts: "):
        recheck(replace(line(), **change))


def test_a_share_is_told_in_whole_percents(recheck: Recheck) -> None:
    """More digits could be a number of somebody's."""
    assert [recheck(line(top_share=share)).top_share for share in (0.13800138, 7.0, None)] == [0.14, 1.0, None]


def test_parts_that_operators_see_are_read_too(recheck: Recheck) -> None:
    """At most so many samples, none longer than the detector's."""
    shown = recheck(line(samples=["食堂" * 200] * 9, **PARTS))

    assert [len(sample) for sample in shown.samples] == [140, 140, 140]


def test_every_reason_of_ours_is_known() -> None:
    """In both languages, with every region and list."""
    shares = [{}, {"weibo": 30, "wechat": 8}, {"weibo": 300, "xhs": 100, "elsewhere": 3}]
    told = [told_regions([region] * 21) for region in (*PROVINCES, *PREFECTURES)]
    said = [
        *(
            reason_of_posts(38, expected, 10, platforms, language, regions=regions)
            for language in LANGUAGES
            for expected in (0.04, 1.2)
            for platforms in shares
            for regions in (None, *told)
        ),
        *(
            reason
            for language in LANGUAGES
            for name in ("weibo_hot_search", "another")
            for rank in (None, 3)
            for heat in (None, 9_900, 483_000)
            for is_so in (False, True)
            for reason in (
                reason_of_list(name, rank, heat, stands=is_so, entries=2, language=language),
                reason_of_vanished(name, rank, heat, was_rising=is_so, language=language),
            )
        ),
    ]

    assert [reason for reason in said if not is_reason(reason)] == []
