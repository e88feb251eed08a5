"""Live sources against a site on loopback: what is new, once; what fails, told; what is kept, enough to go on."""

import json
import logging
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import stamina

from contracts.errors import SourceAwayError, SourceError
from contracts.post import Post
from contracts.rejection import Rejected
from contracts.source_health import FaultKind
from producers.fetching import Fetcher, FetchRules
from producers.live_feeds import FeedsPoll
from producers.live_folder import DropFolder
from producers.live_weibo import HotListPoll, TimelinePoll
from producers.polling import PolledSource, State
from producers.source import Item
from tests.reading import KEYS
from tests.services import PATIENCE_S
from tests.site import Reply, Site

NOW_MS = 1_772_416_800_000  # 2026-03-02T10:00:00+08:00


@pytest.fixture(autouse=True)
def _at_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


def clock() -> int:
    return NOW_MS


def fetcher(**headers: str) -> Fetcher:
    rules = FetchRules(requests_per_hour=1000, timeout_s=PATIENCE_S, max_bytes=1 << 20, allow_private=True)
    return Fetcher(rules, clock=clock, headers=headers)


def ids(found: list[Post | Rejected]) -> list[str]:
    return [what.id for what in found if isinstance(what, Post)]


def as_reply(value: object, **headers: str) -> Reply:
    return Reply(json.dumps(value).encode(), headers=headers)


HOT = {"ok": 1, "data": {"realtime": [{"word": "孩子上学", "num": 9, "realpos": 1}, {"word": "广告", "is_ad": 1}]}}
BAND = {"ok": 1, "data": {"band_list": [{"word": "校车", "num": 9, "realpos": 1}]}}
CARDS = {"ok": 1, "data": {"cards": [{"card_group": [
    {"desc": "置顶", "scheme": "x"}, {"desc": "校餐", "desc_extr": "剧集 1234"},
    {"desc": "广告", "desc_extr": 1, "promotion": {}},
]}]}}  # fmt: skip


# ---- Weibo's hot search


def hot_poll(site: Site) -> HotListPoll:
    addresses = [site.address(path) for path in ("/a", "/b", "/c")]
    return HotListPoll("hot", fetcher(), addresses, keys=KEYS, clock=clock)


def test_a_snapshot_is_taken_when_it_is_fetched(site: Site) -> None:
    """Live, so not archived; what has not changed is not taken again."""
    site.replies["/a"] = [as_reply(HOT, ETag='"1"'), Reply(status=304)]
    poll = hot_poll(site)

    found, state = poll({})
    again, _ = poll(state)

    (post,) = found
    assert isinstance(post, Post)
    assert (post.id, post.at_ms, post.rank, post.archived) == ("weibo_hot_search:孩子上学", NOW_MS, 1, False)
    assert again == []


FALLS: dict[str, tuple[dict[str, Reply], list[str]]] = {
    "second": ({"/a": Reply(status=403), "/b": as_reply(BAND)}, ["weibo_hot_search:校车"]),
    "third": (
        {"/a": Reply(b"<html>login</html>"), "/b": as_reply({"ok": -100}), "/c": as_reply(CARDS)},
        ["weibo_hot_search:校餐"],
    ),
}


@pytest.mark.parametrize(("replies", "expected"), FALLS.values(), ids=FALLS.keys())
def test_the_next_address_is_asked_when_one_fails(site: Site, replies: dict[str, Reply], expected: list[str]) -> None:
    """By a refusal, the page of a login, or an answer without entries; m.weibo.cn has the heat in a text."""
    site.replies |= {path: [reply] for path, reply in replies.items()}

    found, _ = hot_poll(site)({})

    assert ids(found) == expected
    assert isinstance(found[0], Post)
    assert found[0].heat in (9, 1234)


LOGINS: dict[str, tuple[Reply, str, int]] = {
    "page": (Reply(b"\n<html><title>Sina Visitor System</title></html>"), "a page, most likely that of the login", 0),
    "not-signed-in": (
        as_reply({"ok": -100, "url": "https://login.example/?key=1"}),
        "error -100: it wants a login",
        -100,
    ),
}


@pytest.mark.parametrize(("reply", "said", "code"), LOGINS.values(), ids=LOGINS.keys())
def test_a_cookie_that_has_expired_is_told_as_that(site: Site, reply: Reply, said: str, code: int) -> None:
    """With Weibo's own number where it gives one, never with the address that it sends to."""
    site.replies |= {path: [reply] for path in ("/a", "/b", "/c")}

    with pytest.raises(SourceAwayError, match=said) as raised:
        hot_poll(site)({})

    assert (raised.value.kind, raised.value.code) == (FaultKind.LOGIN, code)
    assert "example" not in str(raised.value)


def test_when_all_addresses_fail_each_is_told(site: Site) -> None:
    """By its number, never by its address."""
    with pytest.raises(SourceAwayError, match=r"address 1: 404.*address 2: 404.*address 3: 404"):
        hot_poll(site)({})


# ---- feeds


def feed(*items: dict[str, Any]) -> dict[str, Any]:
    return {"version": "https://jsonfeed.org/version/1.1", "items": list(items)}


def item(number: int, at: str = "2026-03-02T01:58:00Z") -> dict[str, Any]:
    link = f"https://a.example/{number}"
    return {"id": link, "url": link, "title": f"孩子{number}", "content_html": "x", "date_published": at}


def feeds_poll(site: Site, *paths: str) -> FeedsPoll:
    addresses = [site.address(path) for path in paths]
    return FeedsPoll("feeds", fetcher(), addresses, keys=KEYS, clock=clock, history_hours=24)


def test_an_item_is_taken_once(site: Site) -> None:
    """Also after a restart: the state knows it; only what is new comes."""
    site.replies["/f"] = [
        as_reply(feed(item(1), item(2)), ETag='"1"'),
        as_reply(feed(item(3), item(2))),
        Reply(status=304),
    ]

    first, state = feeds_poll(site, "/f")({})
    second, state = feeds_poll(site, "/f")(json.loads(json.dumps(state)))
    third, kept = feeds_poll(site, "/f")(state)

    assert (len(first), len(second), third) == (2, 1, [])
    assert site.asked[1].headers["if-none-match"] == '"1"'
    assert kept == state


def test_an_item_seen_late_counts_when_it_is_seen(site: Site) -> None:
    """Its own minute takes nothing in any more; what is older than the history is passed over."""
    old = item(3, "2026-02-27T00:00:00Z")
    site.replies["/f"] = [as_reply(feed(item(1), item(2, "2026-03-02T00:00:00Z"), old))]

    found, _ = feeds_poll(site, "/f")({})

    assert [what.at_ms for what in found if isinstance(what, Post)] == [NOW_MS - 120_000, NOW_MS]


def test_a_feed_that_fails_does_not_hold_back_the_others(site: Site) -> None:
    """All of them failing is told."""
    site.replies["/g"] = [as_reply(feed(item(1)))]

    found, state = feeds_poll(site, "/f", "/g")({})

    assert len(found) == 1
    assert len(state) == 2
    with pytest.raises(SourceAwayError, match="address 1: 404"):
        feeds_poll(site, "/f")({})


# ---- Sina API


def status(number: int) -> dict[str, Any]:
    return {
        "created_at": "Mon Mar 02 09:59:00 +0800 2026",
        "id": number,
        "mid": str(number),
        "text": "孩子",
        "user": {"id": 4},
    }


def timeline_poll(site: Site) -> TimelinePoll:
    asks = fetcher(Authorization="OAuth2 hunter2")
    return TimelinePoll("api", asks, site.address("/2/statuses/home_timeline.json"), keys=KEYS, clock=clock)


PATH = "/2/statuses/home_timeline.json"


def test_statuses_come_from_where_the_last_poll_ended(site: Site) -> None:
    """The highest id is the next since_id; the token is a header, in no address."""
    site.replies[PATH] = [as_reply({"statuses": [status(8), status(7)]}), as_reply({"statuses": [status(9)]})]

    first, state = timeline_poll(site)({})
    second, state = timeline_poll(site)(state)

    assert (ids(first), ids(second), state) == (["weibo:8", "weibo:7"], ["weibo:9"], {"since_id": 9})
    assert "since_id=8" in site.asked[1].path
    assert {asked.headers["authorization"] for asked in site.asked} == {"OAuth2 hunter2"}
    assert "hunter2" not in "".join(asked.path for asked in site.asked)


def test_all_pages_are_read_before_the_place_moves(site: Site) -> None:
    """Pages are newest first: one that is missed would never come again."""
    pages = [
        [status(n) for n in range(300, 200, -1)],
        [status(n) for n in range(200, 110, -1)],
        [status(n) for n in range(110, 105, -1)],
    ]
    site.replies[PATH] = [as_reply({"statuses": page}) for page in pages]

    found, state = timeline_poll(site)({"since_id": 105})

    assert sorted(ids(found)) == sorted(f"weibo:{n}" for n in range(106, 301))
    assert state == {"since_id": 300}


REFUSALS = {"quota": ("10023", "quota", 3600.0), "token": (21327, "token", 3600.0), "other": ("10017", "10017", 0.0)}


@pytest.mark.parametrize("http", [200, 400, 403])
@pytest.mark.parametrize(("code", "said", "again_s"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_of_the_api_is_told(site: Site, code: object, said: str, again_s: float, http: int) -> None:
    """With its number, whatever HTTP's status is; a used-up quota waits for the next clock hour."""
    body = json.dumps({"request": "/2/x", "error_code": code, "error": "..."}).encode()
    site.replies[PATH] = [Reply(body, status=http)]

    with pytest.raises(SourceAwayError, match=said) as refused:
        timeline_poll(site)({})

    assert refused.value.retry_after_s == again_s


def test_a_refusal_that_the_api_does_not_explain_is_told_by_its_status(site: Site) -> None:
    """A page of a proxy before it, for instance."""
    site.replies[PATH] = [Reply(b"<html>no</html>", status=403)]

    with pytest.raises(SourceAwayError, match="403: it refuses"):
        timeline_poll(site)({})


# ---- polling


def drain(source: PolledSource, start: str | int = 0, most: int = 100) -> list[Item | None]:
    return [item for item, _ in zip(source.items(start), range(most), strict=False)]


def counted(waits: list[float], most: int) -> Callable[[float], bool]:
    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) >= most

    return wait


def test_a_place_moves_behind_each_poll(tmp_path: Path) -> None:
    """Each ends with a None; started from a place, the poll gets its state."""

    def poll(state: State) -> tuple[list[Post | Rejected], State]:
        return [], {"n": state.get("n", 0) + 1}

    seen: list[State] = []

    def spy(state: State) -> tuple[list[Post | Rejected], State]:
        seen.append(state)
        return poll(state)

    assert drain(PolledSource("x", spy, every_s=1, wait=counted([], 2)), json.dumps({"n": 4})) == [None, None]
    assert seen == [{"n": 4}, {"n": 5}]


def test_a_source_that_is_away_is_left_alone_longer_and_longer(caplog: pytest.LogCaptureFixture) -> None:
    """Up to an hour and more where it asks for that; then it is polled as before. Each time a line says why."""
    faults = count()

    def poll(_: State) -> tuple[list[Post | Rejected], State]:
        if next(faults) < 4:
            raise SourceAwayError("432: it refuses", retry_after_s=900 if next(faults) == 3 else 0)
        return [], {}

    waits: list[float] = []
    with caplog.at_level(logging.WARNING):
        drain(PolledSource("x", poll, every_s=60, wait=counted(waits, 4)))

    assert [round(wait / 60) for wait in waits[2:]] == [1, 1]
    assert 108 <= waits[0] <= 132
    assert 810 <= waits[1] <= 990
    assert [record.__dict__["reason"] for record in caplog.records] == ["432: it refuses"] * 2


# ---- a drop folder


def line(number: int) -> str:
    return json.dumps({**status(number), "mid": str(number)}) + "\n"


def drop(folder: Path, waits: int = 1) -> DropFolder:
    return DropFolder("drop", folder, keys=KEYS, clock=lambda: NOW_MS * 2, settle_s=0, wait=counted([], waits))


def test_files_are_read_once_and_moved(tmp_path: Path) -> None:
    """The oldest first; what is still being written is left, what nobody knows goes to failed/ with its beginning."""
    (tmp_path / "a.jsonl").write_text(line(1) + line(2), encoding="utf-8")
    (tmp_path / "b.jsonl.part").write_text(line(3), encoding="utf-8")
    (tmp_path / "c.txt").write_text("hello\n", encoding="utf-8")

    items = list(drop(tmp_path).items())

    found = [item.what for item in items if item is not None]
    assert ids(found) == ["weibo:1", "weibo:2"]
    assert [what.reason.value for what in found if isinstance(what, Rejected)] == ["unknown_format"]
    assert [str(path.relative_to(tmp_path)) for path in sorted(tmp_path.rglob("*.*"))] == [
        "b.jsonl.part",
        "done/a.jsonl",
        "failed/c.txt",
    ]
    assert list(drop(tmp_path).items()) == []


def test_a_stop_in_the_middle_of_a_file_goes_on_there(tmp_path: Path) -> None:
    """The place holds file and record; a file of that name with other content is begun at its start."""
    (tmp_path / "a.jsonl").write_text("".join(map(line, range(1, 6))), encoding="utf-8")
    first = drop(tmp_path).items()
    places = [item.place for item in (next(first), next(first)) if item is not None]
    del first

    rest = [item.what for item in drop(tmp_path).items(places[1]) if item is not None]
    (tmp_path / "a.jsonl").write_text(line(9), encoding="utf-8")
    other = [item.what for item in drop(tmp_path).items(places[1]) if item is not None]

    assert (ids(rest), ids(other)) == (["weibo:3", "weibo:4", "weibo:5"], ["weibo:9"])
    assert len(list((tmp_path / "done").iterdir())) == 2


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """It is not made: a wrong path would wait for ever."""
    with pytest.raises(SourceError, match="cannot be read"):
        list(drop(tmp_path / "nowhere").items())
