"""The situation report: what it tells, what it never does, and what it says of files that are none."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contracts.errors import PipelineError
from contracts.settings import GuidanceSettings, Settings
from contracts.topic import TopicLine, encode_line
from detectors.guidance import guidance
from detectors.reasons import LANGUAGES, Language
from tests.alert_lines import AUDIENCE, CAMPAIGN, UPTAKE, VANISHED
from tests.feed_lines import AT_MS, HOSTILE, MINUTE_MS, entry, line
from tongsheng.commands.report import report as command
from tongsheng.report import gathered, pdf_of
from tongsheng.report_writer import Report, guard_of, render
from tongsheng.situation import Alerted, of_entries, of_lines, situation_of

DAY_MS = 24 * 60 * MINUTE_MS
SETTINGS = Settings.model_validate(
    {"organisation": {"message": [{"name": "不拍街头儿童", "phrases_for": ["保护隐私"]}]}}
)
AFTER: dict[str, Any] = {
    "flags": ["asked", "vanishing", "campaign"],
    "asked": {"authors": 6, "expected": 0.21, "since": "2026-03-02T00:00:00+08:00"},
    "audience": AUDIENCE,
    "uptake": [UPTAKE],
    "vanishing": [VANISHED],
    "campaign": CAMPAIGN,
}


def lines() -> list[TopicLine]:
    """A topic that grows and in which everything happens, a plain one, and one of the day before."""
    grows = [line("aa0000000001", at_ms=AT_MS + n * 10 * MINUTE_MS, authors=10 + n, **AFTER) for n in range(6)]
    return [*grows, line("aa0000000002", at_ms=AT_MS), line("aa0000000003", at_ms=AT_MS - DAY_MS)]


def report_of(
    found: list[TopicLine], language: Language = "zh", *, days: int = 1, alerts: list[Alerted] | None = None
) -> Report:
    start_ms, end_ms = AT_MS + DAY_MS - days * DAY_MS, AT_MS + DAY_MS
    return render(
        situation_of(of_lines(found, start_ms, end_ms), alerts, start_ms, end_ms), language, guard_of(SETTINGS)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_tells_what_came_after_the_alerts_and_passes_the_guard(language: Language) -> None:
    """Curve, peak, reach, questions, messages, what vanished, calls, alerts: in HTML and Markdown alike."""
    alerts = [Alerted(AT_MS + 5 * MINUTE_MS, ("aa0000000001",), 2), Alerted(AT_MS - DAY_MS, ("aa0000000003",), 1)]
    made = report_of(lines(), language, alerts=alerts)
    phrases = {
        "zh": (
            "话题 2 个",
            "至多触达 33,900 人",
            "1 小时 6 人问我们怎么看",
            "我们的账号发布 1 次，40 人转述",
            "原创 21 人赞同、9 人相反",
            "1,400 条中 12 条已消失；多含：校长",
            "21 人号召拍照上传",
            "00:05 食品营养：食堂、学生（2 个通道）",
        ),
        "en": (
            "topics: 2",
            "at most 33,900 people",
            "6 people asked",
            "our accounts spoke 1 times",
            "in their own words 21 for, 9 against",
            "1,400 of which 12 are gone; they shared: 校长",
            "21 people in an hour called for it (taking and posting pictures)",
            "00:05 食品营养：食堂、学生 (channels: 2)",
        ),
    }

    assert made.blocked == 0
    for phrase in (*phrases[language], "15 (00:50)", "▆"):
        assert phrase in made.html, phrase
        assert phrase in made.markdown, phrase


def test_a_week_holds_the_day_before() -> None:
    """And says so in its title."""
    assert "话题 3 个" in report_of(lines(), days=7).markdown
    assert "儿童话题周报" in report_of(lines(), days=7).markdown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("authors", [9, 213, 4321, 1_234_567])
def test_dates_and_amounts_of_a_week_are_no_number_to_the_guard(language: Language, authors: int) -> None:
    """A peak stands beside its moment; together they must not look like a telephone's digits."""
    made = report_of([line("aa0000000001", at_ms=AT_MS, authors=authors, **AFTER)], language, days=7)

    assert made.blocked == 0
    assert f"{authors:,} ({'3月2日' if language == 'zh' else '2 Mar'} 00:00)" in made.markdown


def test_when_a_topic_of_the_day_before_was_found_is_told_with_its_date() -> None:
    """It was not found at midnight, when the report's day began."""
    made = report_of([line("aa0000000001", at_ms=AT_MS + day * DAY_MS) for day in (-1, 0)])

    assert "| 3月1日 00:00 |" in made.markdown


def test_what_the_feed_keeps_gives_the_same_page() -> None:
    """Its curve and its newest line; topics without a point in the period are left out."""
    start_ms, end_ms = AT_MS, AT_MS + DAY_MS
    kept = [entry("aa0000000001", at_ms=AT_MS + MINUTE_MS, **AFTER), entry("aa0000000003", at_ms=AT_MS - DAY_MS)]
    situation = situation_of(of_entries(kept, start_ms, end_ms), None, start_ms, end_ms)

    assert [subject.line.topic for subject in situation.subjects] == ["aa0000000001"]
    assert "38 (00:01)" in render(situation, "en", guard_of(SETTINGS)).html


def test_no_sample_no_post_id_and_no_link_is_in_it() -> None:
    """What operators may see does not leave."""
    made = report_of(lines())

    for text in (made.html, made.markdown):
        assert "变质" not in text
        assert "4454572602912349" not in text
        assert "http" not in text
        assert "topics/" not in text


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_what_may_not_be_told_is_left_out_and_the_rest_stays(hostile: str) -> None:
    """A title that nobody could have made, from a file that somebody wrote."""
    made = report_of([*lines(), line("aa0000000009", at_ms=AT_MS, title=hostile or "x")])
    tags = set(re.findall(r"<(\w+)", made.html))

    assert "食品营养：食堂、学生" in made.html
    assert "script" not in tags
    assert "svg" not in tags
    assert "h1>gone" not in made.html


def test_a_name_or_a_number_blocks_its_topic() -> None:
    """The guard reads each topic by itself."""
    made = report_of([*lines(), line("aa0000000009", at_ms=AT_MS, title="学生 13800138000")])

    assert made.blocked == 1
    assert "13800138000" not in made.html + made.markdown
    assert "内容未通过安全检查" in made.html


def test_an_empty_day_is_a_report_too() -> None:
    """Nothing happened: that is what it says."""
    made = report_of([], alerts=[])

    assert "话题 0 个" in made.html
    assert "没有" in made.markdown


def test_the_command_writes_a_page_and_markdown_in_both_languages(tmp_path: Path) -> None:
    """Of the newest line's day, where none is given."""
    topics = tmp_path / "topics.jsonl"
    topics.write_bytes(b"\n".join(map(encode_line, lines())))

    done = CliRunner().invoke(command, [str(topics), "--out", str(tmp_path / "reports")], catch_exceptions=False)

    assert done.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == [
        f"report-2026-03-02-day-{language}.{kind}" for language in ("en", "zh") for kind in ("html", "md")
    ]


@pytest.mark.parametrize(
    "content", [b"", b"{}\n", b"not json", b"\xff\xfe", b'{"at": "x"}' * 1000, b"[" * 100_000], ids=range(6)
)
def test_a_file_that_holds_no_topic_lines_is_named_in_one_line(tmp_path: Path, content: bytes) -> None:
    """With what to do; no traceback."""
    path = tmp_path / "topics.jsonl"
    path.write_bytes(content)

    with pytest.raises(PipelineError) as refused:
        gathered([path], SETTINGS, days=1, last=date(2026, 3, 2))

    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_it_fits_on_one_page_of_a4(tmp_path: Path) -> None:
    """With as many topics and items as it ever shows, in the longer language."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        pytest.skip("no Chromium: install it (Debian: apt-get install chromium)")
    many = [line(f"{n:012x}", at_ms=AT_MS + n * MINUTE_MS, authors=50 + n, **AFTER) for n in range(30)]
    alerts = [Alerted(AT_MS + n * MINUTE_MS, (f"{n:012x}",), 2) for n in range(30)]
    page = tmp_path / "report.html"
    page.write_text(report_of(many, "en", alerts=alerts).html, encoding="utf-8")

    printed = pdf_of(page).read_bytes()

    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_exposure_is_told_as_a_matter_of_protection(language: Language) -> None:
    """With counts, and with guidance in the organisation's own words where there are any."""
    spread = {"posts": 7, "authors": 6, "reach": 700, "since": "2026-03-02T00:00:00+08:00"}
    found = [line(flags=["minor-at-risk", "exposure"], exposure=spread)]
    own = {("exposure", "zh"): "请勿转发，拨打 12355。", ("exposure", "en"): "Do not pass it on, call 12355."}
    settings = SETTINGS.model_copy(update={"guidance": GuidanceSettings(exposure_zh=own["exposure", "zh"])})
    situation = situation_of(of_lines(found, AT_MS, AT_MS + DAY_MS), None, AT_MS, AT_MS + DAY_MS)

    made = render(situation, language, guard_of(settings), own)

    counts = {"zh": "1 小时 7 条、6 人", "en": "7 posts of 6 people"}[language]
    for text in (made.html, made.markdown):
        assert own["exposure", language] in text
        assert counts in text
        assert text.index(guidance("minor-at-risk", language)) < text.index(own["exposure", language])
    assert made.blocked == 0
