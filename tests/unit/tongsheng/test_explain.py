"""Why a topic of an archive was raised."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.errors import SettingsError
from contracts.settings import Settings
from detectors.explain import Explanation
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from producers.files import FileSource
from tests.pipelines import topics_of
from tests.status_files import split
from tongsheng.explain import explain_archive, show

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
FIRST, LATER = "实验小学食堂学生集体食物中毒", "教育局回应小学食堂学生食物中毒"
ANOTHER = "幼儿园老师针扎孩子被刑拘"


def snapshot(hour: int, *titles: str) -> bytes:
    entries = [{"rank": rank, "title": title, "hot": 900_000} for rank, title in enumerate(titles, start=1)]
    at = (BEGIN + timedelta(hours=hour)).isoformat()
    return json.dumps({"at": at, "list": "weibo_hot_search", "entries": entries}).encode() + b"\n"


def test_a_topic_of_lists_is_explained_to_its_last_entry(tmp_path: Path) -> None:
    """Also those that joined after it had closed, a day later, until it can no longer go on under its id."""
    shown = {hour: [FIRST] for hour in range(3)} | {26: [ANOTHER]} | {hour: [LATER] for hour in range(30, 33)}

    explanation = explained(tmp_path, {hour: shown.get(hour, []) for hour in range(40)})

    assert [hour_of(entry.first_ms) for entry in explanation.entries] == [0, 30]
    assert (explanation.since, hour_of(explanation.raised_ms)) == ("2026-03-02T08:00:00+08:00", 30)


def test_entries_beyond_those_that_a_line_tells_are_not_called_withheld(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line tells twelve; of the others nothing is known here of what may be told."""
    monkeypatch.setenv("COLUMNS", "160")
    more = "原因 后续 通报 视频 现场 家长 校长 食材 医院 调查 结果 赔偿 道歉"
    titles = [FIRST, *(FIRST + word for word in more.split())]

    explanation = explained(tmp_path, {hour: titles[: 7 * (hour + 1)] for hour in range(3)})
    show(explanation, {})

    shown = capsys.readouterr().out
    assert len(explanation.entries) == len(titles)
    assert shown.count("further entry") == len(titles) - 12
    assert "last raised 2026-03-02" in shown


def test_a_topic_that_a_damaged_file_may_have_held_is_said_so(tmp_path: Path) -> None:
    """Not found, and why it may be."""
    path = tmp_path / "lists.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(snapshot(hour, FIRST) for hour in range(40)))[:-20])

    with pytest.raises(SettingsError, match=r"00ff is not raised .*lists.jsonl.gz is damaged: it ends early"):
        explain_archive("00ff", [path], Settings())


def explained(folder: Path, shown: dict[int, list[str]]) -> Explanation:
    """The first topic of the snapshots of these hours, each of them with a headline that is about no child."""
    path = folder / "lists.jsonl"
    path.write_bytes(b"".join(snapshot(hour, "今日大风降温", *titles) for hour, titles in shown.items()))
    received_ms = int((BEGIN + timedelta(days=3)).timestamp() * 1000)
    posts, _ = split(FileSource(path, AuthorKeys(ARCHIVE_SALT), received_ms=received_ms))
    return explain_archive(topics_of(posts)[0].topic, [path], Settings())


def hour_of(at_ms: int) -> int:
    return (at_ms - int(BEGIN.timestamp() * 1000)) // 3_600_000
