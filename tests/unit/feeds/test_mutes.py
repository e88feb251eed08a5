"""Words that operators mute: from a topic's own words only, for a time, by somebody, in the audit log."""

import re

import pytest
from starlette.testclient import TestClient

from feeds.desk import Desk
from feeds.memory_store import MemoryFeedStore
from feeds.site import Site
from feeds.triage import MUTING_MINUTES, Act, ActError
from tests.feed_lines import entry
from tests.feed_site import put

NOW_MS, MINUTE_MS = 1_772_380_800_000, 60_000
HTTP = {"accept": "application/json"}


@pytest.fixture
def store() -> MemoryFeedStore:
    made = MemoryFeedStore()
    put(made, entry("aa0000000001"), entry("aa0000000002", flags=["minor-at-risk"]))
    return made


@pytest.fixture
def desk(store: MemoryFeedStore) -> Desk:
    return Desk(store, lambda: NOW_MS)


def test_a_mute_has_an_author_an_end_and_a_line_in_the_audit_log(desk: Desk, store: MemoryFeedStore) -> None:
    """The same words once more only move its end."""
    desk.mute_words("aa0000000001", ["食堂"], 60, "lin")
    made = desk.mute_words("aa0000000001", ["食堂"], 480, "wu")

    assert desk.mutes() == [made]
    assert (made.words, made.by, made.until_ms) == (("食堂",), "wu", NOW_MS + 480 * MINUTE_MS)
    assert [(event.who, event.act, event.detail) for event in store.audit("aa0000000001", 9)] == [
        ("wu", "mute-words", "480 食堂"),
        ("lin", "mute-words", "60 食堂"),
    ]


UNUSABLE = {
    "a-word-that-no-line-showed": (["王小明"], 60),
    "none": ([], 60),
    "too-many": (["食堂"] * 1 + [f"词{n}" for n in range(9)], 60),
    "any-time": (["食堂"], 61),
}


@pytest.mark.parametrize(("words", "minutes"), UNUSABLE.values(), ids=UNUSABLE)
def test_only_a_topics_own_words_are_muted(desk: Desk, words: list[str], minutes: int) -> None:
    """Somebody's name would be kept, and shown to everybody."""
    with pytest.raises(ActError, match=r"error\.(words|minutes)"):
        desk.mute_words("aa0000000001", words, minutes, "lin")
    assert desk.mutes() == []


@pytest.mark.parametrize("reason", ["not-about-children", "advertising", "false-alarm"])
def test_what_was_no_topic_is_muted_with_its_dismissal(desk: Desk, reason: str, store: MemoryFeedStore) -> None:
    """All its words together, for a week; another decision ends it."""
    desk.act("aa0000000001", Act(name="dismiss", reason=reason), "lin")
    [mute] = desk.mutes()
    desk.act("aa0000000001", Act(name="assign", to="wu"), "wu")
    still = desk.mutes()
    desk.act("aa0000000001", Act(name="reopen"), "wu")

    assert (mute.words, mute.reason, mute.by) == (("食堂", "学生"), reason, "lin")
    assert mute.until_ms == NOW_MS + MUTING_MINUTES * MINUTE_MS
    assert (still, desk.mutes()) == ([mute], [])
    assert [event.act for event in store.audit(None, 9)] == ["reopen", "assign", "mute-words", "dismiss"]


@pytest.mark.parametrize(
    ("topic", "reason"), [("aa0000000001", "duplicate"), ("aa0000000002", "false-alarm")], ids=["duplicate", "flagged"]
)
def test_other_dismissals_mute_nothing(desk: Desk, topic: str, reason: str) -> None:
    """What is known already may go on to be news, and a child in danger always is."""
    desk.act(topic, Act(name="dismiss", reason=reason), "lin")

    assert desk.mutes() == []


def test_words_are_muted_and_freed_on_the_pages_and_by_programs(client: TestClient, open_site: Site) -> None:
    """Each asks for the form's own token; what is wrong is said."""
    page = client.get("/topics/aa0000000001").text
    csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    muted = client.post("/topics/aa0000000001/mutes", data={"csrf": csrf, "words": ["食堂"], "minutes": "60"})
    shown = client.get("/mutes").text
    forged = client.post("/topics/aa0000000001/mutes", data={"csrf": "x", "words": ["食堂"], "minutes": "60"})
    none = client.post("/topics/aa0000000001/mutes", data={"csrf": csrf, "minutes": "60"})
    body = {"words": ["学生", "食堂"], "minutes": 480}
    by_program = client.post("/api/v1/topics/aa0000000001/mutes", json=body, headers=HTTP | {"x-csrf": csrf})
    [first, second] = client.get("/api/v1/mutes", headers=HTTP).json()
    ended = client.post("/mutes/end", data={"csrf": csrf, "id": first["id"]})
    again = client.post("/mutes/end", data={"csrf": csrf, "id": first["id"]})
    left = client.post("/api/v1/mutes/end", json={"id": second["id"]}, headers=HTTP | {"x-csrf": csrf})

    assert (muted.status_code, muted.headers["location"]) == (303, "/mutes")
    assert '<th scope="row" lang="zh-Hans">食堂</th>' in shown
    assert (forged.status_code, none.status_code, by_program.status_code) == (403, 422, 200)
    assert "Choose words of this topic" in none.text
    assert (first["words"], second["words"], first["by"]) == (["食堂"], ["学生", "食堂"], "local")
    assert (ended.status_code, again.status_code, left.json()) == (303, 404, [])
    assert [event.act for event in open_site.desk.trail(None)][:2] == ["unmute-words", "unmute-words"]
    assert "muted words" in client.get("/audit").text
