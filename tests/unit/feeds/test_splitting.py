"""Topics that operators split: by words and conversations that lines told; on both pages, undone, in the audit log."""

import re

import pytest

from feeds.desk import Desk
from feeds.memory_store import MemoryFeedStore
from feeds.site import Site
from feeds.triage import Act, ActError, StaleActError
from tests.feed_lines import HOSTILE, entry
from tests.feed_site import TOKENS, browser, put, site

NOW_MS = 1_772_380_800_000
OLD = "aa0000000001"
HTTP = {"accept": "application/json"}


@pytest.fixture
def store() -> MemoryFeedStore:
    made = MemoryFeedStore()
    put(made, entry(OLD), entry("aa0000000002", state="closed"))
    return made


@pytest.fixture
def desk(store: MemoryFeedStore) -> Desk:
    return Desk(store, lambda: NOW_MS)


def divide(**chosen: object) -> Act:
    return Act(name="divide", **{"words": ("疫苗",)} | chosen)  # type: ignore[arg-type]  # fields of many types


def test_a_split_has_an_author_a_new_id_and_a_line_in_both_audit_trails(desk: Desk, store: MemoryFeedStore) -> None:
    """What is undone is no longer told of, and not forgotten: the detector must hear of it."""
    desk.act(OLD, divide(conversations=("~0123456789-a",)), "lin")
    [split] = desk.splits(OLD)
    there = desk.splits(split.id)
    desk.act(OLD, Act(name="rejoin", into=split.id), "wu")

    assert re.fullmatch("[0-9a-f]{12}", split.id)
    assert (split.topic, split.words, split.conversations) == (OLD, ("疫苗",), ("~0123456789-a",))
    assert (split.by, split.at_ms, there) == ("lin", NOW_MS, [split])
    assert (desk.splits(OLD), [found.is_undone for found in store.splits()]) == ([], [True])
    assert [(event.who, event.act, event.detail) for event in desk.trail(split.id)] == [
        ("wu", "rejoin", f"{split.id} 疫苗"),
        ("lin", "divide", f"{split.id} 疫苗"),
    ]


UNUSABLE = {
    "a-word-that-no-line-showed": (OLD, {"words": ("王小明",)}, "error.divide"),
    "nothing": (OLD, {"words": ()}, "error.divide"),
    "no-mark": (OLD, {"conversations": ("王小明",)}, "error.divide"),
    "a-closed-topic": ("aa0000000002", {"words": ("食堂",)}, "error.closed"),
}


@pytest.mark.parametrize(("topic", "chosen", "error"), UNUSABLE.values(), ids=UNUSABLE)
def test_only_what_a_topic_told_splits_it(
    desk: Desk, store: MemoryFeedStore, topic: str, chosen: dict[str, object], error: str
) -> None:
    """Somebody's name would be kept, and shown to everybody."""
    with pytest.raises(ActError, match=error):
        desk.act(topic, divide(**chosen), "lin")
    assert store.splits() == []


def test_of_two_operators_who_split_at_once_the_slower_is_told(desk: Desk, store: MemoryFeedStore) -> None:
    """Else there would be two new topics of the same posts."""
    desk.act(OLD, divide(revision=0), "lin")

    with pytest.raises(StaleActError):
        desk.act(OLD, divide(revision=0), "wu")
    with pytest.raises(ActError, match=r"error\.rejoin"):
        desk.act(OLD, Act(name="rejoin", into="ffffffffffff"), "wu")
    assert [split.by for split in store.splits()] == ["lin"]


def test_a_topic_is_split_on_its_page_and_both_pages_tell_of_it(store: MemoryFeedStore, open_site: Site) -> None:
    """Where it parts most easily is shown with what each side says; a word that may not be told is not named."""
    with browser(open_site) as client:
        page = client.get(f"/topics/{OLD}").text
        csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
        form = {"csrf": csrf, "act": "divide", "revision": "0", "words": ["疫苗"], "conversations": ["~0123456789-a"]}
        done = client.post(f"/topics/{OLD}/acts", data=form)
        stale = client.post(f"/topics/{OLD}/acts", data=form)
        [split] = store.splits()
        waiting = client.get(f"/topics/{OLD}").text
    put(store, entry(split.id, title="儿童健康：疫苗"))
    with browser(site(store)) as client:
        first, second = client.get(f"/topics/{OLD}").text, client.get(f"/topics/{split.id}").text
        back = {"csrf": csrf, "act": "rejoin", "revision": "1", "into": split.id}
        csrf = re.findall(r'name="csrf" value="([^"]+)"', first)[0]
        undone = client.post(f"/topics/{OLD}/acts", data=back | {"csrf": csrf})
        after, log = client.get(f"/topics/{OLD}").text, client.get("/audit").text

    assert "食堂、午餐" in page
    assert "posts: 12, people: 11" in page
    assert "nothing of its own that may be told" in page
    assert (done.status_code, stale.status_code, undone.status_code) == (303, 409, 303)
    assert "waiting for the detector" in waiting
    assert f'href="/topics/{split.id}" lang="zh-Hans">儿童健康：疫苗' in first
    assert f'href="/topics/{OLD}"' in second
    assert 'value="rejoin"' in second
    assert 'value="rejoin"' not in after
    assert f"{OLD} → {split.id} (疫苗)" in log


def test_who_may_not_act_may_not_split(store: MemoryFeedStore) -> None:
    """By form or by program; without the form's own token nobody may."""
    body = {"act": "divide", "words": ["食堂"]}
    with browser(site(store, has_tokens=True)) as client:

        def as_(name: str) -> dict[str, str]:
            return HTTP | {"authorization": f"Bearer {TOKENS[name][1]}"}

        refused = client.post(f"/api/v1/topics/{OLD}/acts", json=body, headers=as_("vera"))
        seen = client.get(f"/topics/{OLD}", headers=as_("vera") | {"accept": "text/html"}).text
        nobody = client.post(f"/api/v1/topics/{OLD}/acts", json=body, headers=HTTP)
        done = client.post(f"/api/v1/topics/{OLD}/acts", json=body, headers=as_("lin"))
        gone = client.post("/api/v1/topics/ffffffffffff/acts", json=body, headers=as_("lin"))
    with browser(site(store)) as client:
        forged = client.post(f"/topics/{OLD}/acts", data={"csrf": "x", "act": "divide", "words": ["食堂"]})

    statuses = [answer.status_code for answer in (refused, nobody, done, gone, forged)]
    assert statuses == [403, 401, 200, 404, 403]
    assert "Split" not in seen
    assert len(store.splits()) == 1


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_of_its_parts_are_only_ever_text(hostile: str) -> None:
    """On the page, in the form's values, in what is sent back."""
    store = MemoryFeedStore()
    parts = {"threads": [["~a", 3, 3, [hostile]]], "seam": [[[hostile], ["~a"], 3, 3], [["食堂"], [hostile], 3, 3]]}
    put(store, entry(OLD, **parts))
    with browser(site(store)) as client:
        page = client.get(f"/topics/{OLD}").text
        csrf = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
        form = {"csrf": csrf, "act": "divide", "words": [hostile], "conversations": [hostile]}
        answer = client.post(f"/topics/{OLD}/acts", data=form)

    section = page[page.index('aria-labelledby="split"') : page.index('aria-labelledby="mute-words"')]
    assert not re.search("<(script|img|h1|svg)", section)
    assert 'onmouseover="' not in section
    assert answer.status_code in (413, 422)
    assert store.splits() == []
