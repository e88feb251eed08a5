"""Topics that operators merged: shown as one, each still itself, and apart again after a split."""

import asyncio
import re

import pytest
from starlette.testclient import TestClient

from contracts.triage import Triage, status_of
from feeds.board import Entry, absorb
from feeds.desk import Desk
from feeds.live import LiveBoard
from feeds.memory_store import MemoryFeedStore
from feeds.merging import roots_of, together
from feeds.triage import Act, ActError
from tests.feed_lines import AT_MS, MINUTE_MS, entry, line
from tests.feed_site import browser, put, site

NOW_MS = AT_MS + 90 * MINUTE_MS


def merge(into: str) -> Act:
    return Act(name="merge", into=into)


def curve(topic: str, *points: tuple[int, int], state: str = "trending") -> Entry:
    """A topic with (minute, authors) lines."""
    made = None
    for minute, authors in points:
        made = absorb(made, line(topic, at_ms=AT_MS + minute * MINUTE_MS, authors=authors, expected=1.0, state=state))
    assert made is not None
    return made


def board_of(store: MemoryFeedStore) -> LiveBoard:
    board = LiveBoard(store, lambda: NOW_MS)
    asyncio.run(board.step())
    return board


def test_posts_and_people_add_up_and_the_gravest_flag_stands() -> None:
    """The title stays the topic's own; samples of another one are a look of their own."""
    one = entry(
        "a",
        posts=50,
        authors=40,
        platforms={"weibo": 50},
        state="fading",
        samples=["x"],
        regions={"四川": 21},
        top_share=0.6,
    )
    other = entry(
        "b", posts=7, authors=6, platforms={"wechat": 7}, state="trending", flags=["minor-at-risk"], title="别的"
    )

    both = together(one, [other])

    told = both.line
    assert (told.posts, told.authors, told.platforms) == (57, 46, {"wechat": 7, "weibo": 50})
    assert (told.state, told.flags, told.title, told.samples) == ("trending", ["minor-at-risk"], one.line.title, ["x"])
    assert (told.top_share, both.merged) == (None, ("b",))
    assert together(one, []) is one


def test_curves_add_up_where_one_has_no_point_and_a_closed_one_ends() -> None:
    """A line is only written when numbers have moved, so the last one holds."""
    one = curve("a", (0, 10), (10, 20), (30, 5))
    closed = curve("b", (5, 1), (12, 2), state="closed")

    points = together(one, [closed]).points

    assert [((p.at_ms - AT_MS) // MINUTE_MS, p.authors) for p in points] == [
        (0, 10),
        (5, 11),
        (10, 21),
        (12, 22),
        (30, 5),
    ]


def test_a_chain_ends_at_its_last_topic_and_no_ring_hangs() -> None:
    """Two operators on two servers might close one."""
    chain = {"a": Triage(into="b"), "b": Triage(into="c"), "d": Triage(into="gone")}
    ring = {"a": Triage(into="b"), "b": Triage(into="a")}

    assert roots_of(chain, {"a", "b", "c", "d"}) == {"a": "c", "b": "c"}
    assert set(roots_of(ring, {"a", "b"})) == {"a", "b"}


def test_a_later_change_of_a_merged_topic_goes_to_the_one_it_was_merged_into() -> None:
    """Who follows the live events hears of both; after a restart it is the same."""
    store = MemoryFeedStore()
    put(store, entry("a", authors=10), entry("b", authors=5))
    board, desk = board_of(store), Desk(store, lambda: NOW_MS)

    desk.act("b", merge("a"), "lin")
    asyncio.run(board.step())
    before = board.cursor
    put(store, absorb(entry("b", authors=5), line("b", at_ms=AT_MS + MINUTE_MS, authors=95)))
    asyncio.run(board.step())

    assert board.since(before) == ["b", "a"]
    assert board.entries["a"].line.authors == board_of(store).entries["a"].line.authors == 105
    assert board_of(store).since(before) == ["b", "a"]
    assert status_of(board.triage_of("b"), [], NOW_MS) == "merged"


def test_a_split_takes_them_apart_again() -> None:
    """Nothing of either is lost."""
    store = MemoryFeedStore()
    put(store, entry("a", authors=10), entry("b", authors=5))
    board, desk = board_of(store), Desk(store, lambda: NOW_MS)
    desk.act("b", merge("a"), "lin")
    asyncio.run(board.step())

    desk.act("b", Act(name="split"), "wu")
    asyncio.run(board.step())

    assert (board.entries["a"], board.entries["b"]) == (entry("a", authors=10), entry("b", authors=5))
    assert [(found.who, found.act) for found in store.audit("a", 9)] == [("wu", "split"), ("lin", "merge")]


def test_a_topic_whose_other_half_has_left_is_open_again() -> None:
    """It would stand nowhere else."""
    store = MemoryFeedStore()
    put(store, entry("a"), entry("b"))
    board, desk = board_of(store), Desk(store, lambda: NOW_MS)
    desk.act("b", merge("a"), "lin")
    asyncio.run(board.step())
    assert store.put(0, 1, [], ["a"])

    asyncio.run(board.step())

    assert (board.triage_of("b").status, board.triage_of("b").into, set(board.entries)) == ("open", "", {"b"})
    assert board_of(store).triage_of("b").status == "open"


def test_who_put_the_whole_aside_comes_back_to_it_when_a_part_gets_graver() -> None:
    """And not at once: its flags were seen."""
    store = MemoryFeedStore()
    put(store, entry("a"), entry("b", flags=["exposure"]))
    board, desk = board_of(store), Desk(store, lambda: NOW_MS)
    desk.act("b", merge("a"), "lin")
    asyncio.run(board.step())
    seen = board.entries["a"].line.flags
    desk.act("a", Act(name="dismiss", reason="handled"), "lin", seen=seen)
    asyncio.run(board.step())
    aside = status_of(board.triage_of("a"), board.entries["a"].line.flags, NOW_MS)

    put(store, entry("b", at_ms=AT_MS + MINUTE_MS, flags=["minor-at-risk", "exposure"]))
    asyncio.run(board.step())

    assert (seen, aside) == (["exposure"], "dismissed")
    assert status_of(board.triage_of("a"), board.entries["a"].line.flags, NOW_MS) == "open"


@pytest.mark.parametrize("into", ["", "b", "none", "c"], ids=["nothing", "itself", "no-topic", "its-own-part"])
def test_a_topic_cannot_be_merged_into_what_is_none_or_part_of_it(into: str) -> None:
    """A ring of topics would show none of them."""
    store = MemoryFeedStore()
    put(store, entry("a"), entry("b"), entry("c"))
    desk = Desk(store, lambda: NOW_MS)
    desk.act("c", merge("b"), "lin")

    with pytest.raises(ActError, match=r"error\.merge"):
        desk.act("b", merge(into), "lin")


def test_operators_merge_and_split_on_the_pages(client: TestClient) -> None:
    """The wire shows one; its page lists the other, from which it can be split again."""
    page = client.get("/topics/aa0000000001").text
    form = {"csrf": _csrf(page), "act": "merge", "into": "aa0000000003", "revision": "0"}
    assert client.post("/topics/aa0000000001/acts", data=form).status_code == 303

    wire, whole = client.get("/").text, client.get("/topics/aa0000000003").text
    part = client.get("/topics/aa0000000001").text

    assert re.findall(r'data-id="(\w+)"', wire) == ["aa0000000002", "aa0000000003"]
    assert "with 1 merged" in wire
    assert "76" in re.findall(r"<dd>(\d+)</dd>", whole)
    assert 'action="/topics/aa0000000001/acts" class="act split"' in whole
    assert 'href="/topics/aa0000000003"' in part
    assert "Merged into" in part


def test_words_of_what_was_merged_are_muted_and_split_off_nothing() -> None:
    """The page offers what is taken: the detector, which splits, has the two apart."""
    store = MemoryFeedStore()
    put(store, entry("a", threads=[], seam=[]), entry("b", keywords=["校车", "侧翻"], threads=[], seam=[]))
    Desk(store, lambda: NOW_MS).act("b", merge("a"), "lin")
    with browser(site(store)) as client:
        page = client.get("/topics/a").text
        forms = {name: page.partition(f'value="{name}"')[2].partition("</form>")[0] for name in ("divide", "mute")}
        muted = client.post("/topics/a/mutes", data={"csrf": _csrf(page), "words": ["校车", "食堂"], "minutes": 60})
        unknown = client.post("/topics/a/mutes", data={"csrf": _csrf(page), "words": ["王小明"], "minutes": 60})

    assert "侧翻" in page.partition('action="/topics/a/mutes"')[2].partition("</form>")[0]
    assert ("食堂" in forms["divide"], "侧翻" in forms["divide"]) == (True, False)
    assert (muted.status_code, unknown.status_code) == (303, 422)


def test_why_is_told_in_numbers_of_both() -> None:
    """In Chinese, English and a spreadsheet: the reason of one of them would contradict the sum beside it."""
    store = MemoryFeedStore()
    put(
        store,
        entry(
            "a",
            authors=10,
            reason="10 人 10 分钟内提到，平时 1.2 人；微博 8、微信 2",
            reason_in={"en": "10 people in 10 minutes, usually 1.2; Weibo 8, WeChat 2"},
        ),
        entry("b", authors=5),
    )
    Desk(store, lambda: NOW_MS).act("b", merge("a"), "lin")
    with browser(site(store)) as client:
        paths = ("/topics/a", "/feed.json", "/topics.csv", "/api/v1/topics/a")
        zh, feed, table, told = (client.get(path, headers={"accept-language": "zh"}).text for path in paths)
        english = client.get("/topics/a").text

    assert all("15 人 60 分钟内提到，平时 2.4 人；微博 77%、微信 23%" in text for text in (zh, feed, table, told))
    assert "15 people in 60 minutes, usually 2.4; Weibo 77%, WeChat 23%" in english


def _csrf(page: str) -> str:
    found: list[str] = re.findall(r'name="csrf" value="([^"]+)"', page)
    return found[0]


def test_what_was_read_before_an_act_does_not_hide_it() -> None:
    """The board reads on a thread; who acts meanwhile sees the act on the next page, not a moment later."""
    store = MemoryFeedStore()
    put(store, entry("a"))
    board, desk = board_of(store), Desk(store, lambda: NOW_MS)
    put(store, absorb(entry("a"), line("a", at_ms=AT_MS + MINUTE_MS, authors=95)))

    read = board._read(board.cursor)
    board.see("a", desk.act("a", Act(name="confirm"), "lin"))
    board._take(*read)

    assert (board.triage_of("a").status, board.entries["a"].line.authors) == ("confirmed", 95)
