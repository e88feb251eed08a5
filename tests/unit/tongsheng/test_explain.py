"""Why a topic of an archive was raised."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contracts.settings import Settings
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from producers.files import FileSource
from tests.pipelines import topics_of
from tests.status_files import split
from tongsheng.explain import explain_archive

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
FIRST, LATER = "实验小学食堂学生集体食物中毒", "教育局回应小学食堂学生食物中毒"
ANOTHER = "幼儿园老师针扎孩子被刑拘"


def snapshot(hour: int, *titles: str) -> bytes:
    entries = [{"rank": rank, "title": title, "hot": 900_000} for rank, title in enumerate(titles, start=1)]
    at = (BEGIN + timedelta(hours=hour)).isoformat()
    return json.dumps({"at": at, "list": "weibo_hot_search", "entries": entries}).encode() + b"\n"


def test_a_topic_of_lists_is_explained_to_its_last_entry(tmp_path: Path) -> None:
    """Also those that joined after it had closed, a day later, until it can no longer go on under its id."""
    path = tmp_path / "lists.jsonl"
    shown = {hour: [FIRST] for hour in range(3)} | {26: [ANOTHER]} | {hour: [LATER] for hour in range(30, 33)}
    path.write_bytes(b"".join(snapshot(hour, "今日大风降温", *shown.get(hour, [])) for hour in range(40)))
    received_ms = int((BEGIN + timedelta(days=3)).timestamp() * 1000)
    posts, _ = split(FileSource(path, AuthorKeys(ARCHIVE_SALT), received_ms=received_ms))
    topic = topics_of(posts)[0].topic

    explanation = explain_archive(topic, [path], Settings())

    hours = [(entry.first_ms - int(BEGIN.timestamp() * 1000)) // 3_600_000 for entry in explanation.entries]
    assert hours == [0, 30]
