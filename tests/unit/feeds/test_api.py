"""The feed for programs: JSON, Atom, JSON Feed, CSV, health."""

import csv
import io
import json
import zlib
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from detectors.guidance import guidance
from detectors.minimal import minimal_alert
from feeds.events import _GZIP_HEAD, _block, _Listener
from feeds.memory_store import MemoryFeedStore
from feeds.ranking import Filter
from feeds.site import Site
from feeds.syndication import atom, items_of, json_feed
from feeds.texts import Catalogue
from tests.feed_lines import entry, many
from tests.feed_site import browser, put, site

HTTP = {"accept": "application/json"}
V1 = "/api/v1/topics"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_topics_come_in_pages_that_a_cursor_goes_on_from() -> None:
    """Each once, in the order of the wire."""
    store = MemoryFeedStore()
    put(store, *many(25))
    with browser(site(store)) as client:
        first = client.get(f"{V1}?limit=20", headers=HTTP).json()
        second = client.get(f"{V1}?limit=20&after={first['after']}", headers=HTTP).json()
        wrong = client.get(f"{V1}?after=nonsense", headers=HTTP)

    names = [told["topic"] for told in first["topics"] + second["topics"]]
    assert (len(names), len(set(names)), first["total"], second["after"]) == (25, 25, 25, None)
    assert (wrong.status_code, wrong.json()["error"]) == (400, "cursor")


def test_a_topic_is_told_without_its_samples(client: TestClient) -> None:
    """They are a look of their own, and in the audit log."""
    told = client.get(f"{V1}/aa0000000001", headers=HTTP)

    assert told.json()["title"] == "食品营养：食堂、学生"
    point = [1_772_380_800_000, 52, 38, 1.2, {"weibo": 40, "wechat": 12}, {"weibo": 0.9, "wechat": 0.3}]
    assert told.json()["curve"] == [point]
    assert "变质" not in told.text
    assert "weibo:4454572602912349" not in told.text


def test_acts_are_done_and_told(client: TestClient, open_site: Site, store: MemoryFeedStore) -> None:
    """With the csrf token of the page, as its script sends it."""
    visitor = open_site.gate.visitor(cookie="", token="")
    assert visitor is not None
    headers = HTTP | {"x-csrf": visitor.csrf}

    done = client.post(f"{V1}/aa0000000001/acts", json={"act": "mute", "minutes": 60, "revision": 0}, headers=headers)
    stale = client.post(f"{V1}/aa0000000001/acts", json={"act": "confirm", "revision": 0}, headers=headers)
    wrong = client.post(f"{V1}/aa0000000001/acts", json={"act": "mute", "minutes": 5}, headers=headers)
    gone = client.post(f"{V1}/none/acts", json={"act": "confirm"}, headers=headers)
    unknown = client.post(f"{V1}/aa0000000001/acts", json={"act": "confirm", "x": 1}, headers=headers)

    assert done.json()["triage"]["status"] == "muted"
    assert [answer.status_code for answer in (stale, wrong, gone, unknown)] == [409, 422, 404, 422]
    assert [event.act for event in store.audit("aa0000000001", 9)] == ["mute"]


@pytest.mark.parametrize(
    "path", ["/", "/topics/aa0000000001", "/feed.atom", "/feed.json", "/topics.csv", V1, "/healthz", "/metrics"]
)
def test_what_can_be_had_can_be_asked_about(client: TestClient, open_site: Site, path: str) -> None:
    """HEAD gives the headers of GET and no body; and an export that nobody got is not logged as one."""
    head = client.head(path)
    before = [event.act for event in open_site.desk.trail(None)]
    got = client.get(path)

    assert (head.status_code, head.content, before) == (200, b"", [])
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param({"method": "GET", "url": f"{V1}?limit=nine"}, (422, "value", "limit"), id="parameter"),
        pytest.param({"method": "POST", "url": f"{V1}/a/acts", "json": {"act": "x"}}, (422, "value", "act"), id="body"),
        pytest.param({"method": "GET", "url": "/api/v1/topic"}, (404, "path", "nothing at this address"), id="address"),
        pytest.param({"method": "PUT", "url": V1}, (405, "method", "does not take that method"), id="method"),
    ],
)
def test_a_program_is_told_what_is_wrong_with_its_request(
    client: TestClient, open_site: Site, asked: dict[str, Any], said: tuple[int, str, str]
) -> None:
    """In a line; what was sent is not repeated."""
    visitor = open_site.gate.visitor(cookie="", token="")
    assert visitor is not None

    answer = client.request(**asked, headers=HTTP | {"x-csrf": visitor.csrf, "accept-language": "en"})

    status, error, part = said
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert part in answer.json()["message"]
    assert "nine" not in answer.text


def test_samples_are_given_to_who_asks_for_them_and_logged(client: TestClient, open_site: Site) -> None:
    """Also to programs."""
    visitor = open_site.gate.visitor(cookie="", token="")
    assert visitor is not None

    told = client.post(f"{V1}/aa0000000001/samples", headers=HTTP | {"x-csrf": visitor.csrf}).json()
    trail = client.get(f"{V1}/aa0000000001/audit", headers=HTTP).json()

    assert told == {"samples": ["食堂的饭菜变质了，孩子吃了肚子疼"], "evidence": ["weibo:4454572602912349"]}
    assert [(event["who"], event["act"]) for event in trail] == [("local", "looked")]


def test_the_api_describes_itself(client: TestClient) -> None:
    """OpenAPI, with every path of it and no other."""
    described = client.get("/api/v1/openapi.json").json()
    paths = described["paths"]

    assert described["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
    assert {"token": []} in described["security"]
    assert {V1, f"{V1}/{{topic}}", f"{V1}/{{topic}}/acts", f"{V1}/{{topic}}/samples"} <= set(paths)
    assert not [path for path in paths if path in ("/", "/login", "/events")]


def test_atom_and_json_feed_tell_what_may_be_told(client: TestClient) -> None:
    """Title, reason, state and flags of the filter's topics; no sample, no post id."""
    atom = client.get("/feed.atom?state=all")
    told = client.get("/feed.json?category=safety")

    entries = ET.fromstring(atom.text).findall(f"{ATOM}entry")
    titles = [found.findtext(f"{ATOM}title") for found in entries]
    assert titles[0] == "[child at risk] 儿童安全：校车、学生、受伤"
    assert entries[0].findtext(f"{ATOM}id") == "http://127.0.0.1:8017/topics/aa0000000002"
    assert [item["title"] for item in told.json()["items"]] == ["[child at risk] 儿童安全：校车、学生、受伤"]
    assert "变质" not in atom.text + told.text
    assert "4454572602912349" not in atom.text + told.text


def test_a_feed_is_in_one_language(client: TestClient) -> None:
    """Also why a topic is one; where it stands is said once."""
    english, chinese = (
        client.get("/feed.json?category=safety", headers={"accept-language": language}).json()["items"][0][
            "content_text"
        ]
        for language in ("en", "zh")
    )

    assert english.split(" · ")[0] == "emerging: 38 people in 60 minutes, usually 1.2; Weibo 77%, WeChat 23%"
    assert chinese.split(" · ")[0] == "新出现: 38 人 10 分钟内提到，平时 1.2 人；微博 29、微信 9"


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.json"])
def test_a_reader_that_has_it_is_not_sent_it_again(client: TestClient, path: str) -> None:
    """By its ETag, until something changes; it asks each time, for its token may have been taken away."""
    first = client.get(path)
    tag = {"if-none-match": f'"other", W/{first.headers["etag"]}'}
    same, head, other = (
        client.get(path, headers=tag),
        client.head(path, headers=tag),
        client.get(f"{path}?state=closed"),
    )

    assert [answer.status_code for answer in (first, same, head, other)] == [200, 304, 304, 200]
    assert (same.content, same.headers["etag"]) == (b"", first.headers["etag"])
    assert same.headers["cache-control"] == first.headers["cache-control"] == "private, no-cache"
    assert client.get(f"{path}?state=closed", headers=tag).status_code == 200


LEAKS = {
    "a-name": {"title": "寻找苗禾禾"},
    "a-number": {"reason": "打 13800138000"},
    "a-link": {"reason": "see http://t.cn/abc"},
    "a-handle": {"title": "学生@小明妈妈"},
    "a-link-in-the-other-language": {"reason_in": {"en": "see http://t.cn/abc"}},
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_should_not_be_in_a_line_does_not_leave_as_a_feed(leak: dict[str, Any], language: str) -> None:
    """The last guard reads each item; the topic is told with its address alone."""
    store = MemoryFeedStore()
    put(store, entry("aa0000000001", **leak))
    with browser(site(store)) as client:
        out = [client.get(path, headers={"accept-language": language}).text for path in ("/feed.atom", "/feed.json")]
        table = client.get("/topics.csv").text

    for text in (*out, table):
        assert not [value for value in leak.values() if isinstance(value, str) and value in text]
        assert "t.cn" not in text
        assert "aa0000000001" in text
    minimal = minimal_alert("nutrition", [], "zh" if language == "zh" else "en")
    assert all(minimal in text for text in out)
    assert len(ET.fromstring(out[0]).findall(f"{ATOM}entry")) == len(json.loads(out[1])["items"]) == 1


def test_the_whole_body_is_read_once_more(client: TestClient, open_site: Site) -> None:
    """Should something get in beside the topics, none of them leaves with it; what is asked for does not get in."""
    asked = [client.get(f"/feed.{form}?flag=exposure&x=13800138000").text for form in ("atom", "json")]
    before, text = open_site.guard.blocked, Catalogue("en")
    entries = open_site.board.entries.values()
    items = items_of(entries, t=text, guard=open_site.guard, address=open_site.address, own={})
    leaky = {"title": text("site"), "address": open_site.address, "self_url": f"{open_site.address}/13800138000"}
    told = [make(items, guard=open_site.guard, **leaky).decode() for make in (atom, json_feed)]

    assert "13800138000" not in "".join((*asked, *told))
    assert ["食堂" in body for body in (*asked, *told)] == [True, True, False, False]
    assert (before, open_site.guard.blocked) == (0, 2)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_may_be_told_passes_the_guard(client: TestClient, open_site: Site, language: str) -> None:
    """The words that the feed itself puts round a title are known to it."""
    for path in ("/feed.atom?state=all", "/feed.json?state=all&q=学", "/topics.csv"):
        client.get(path, headers={"accept-language": language})

    assert open_site.guard.blocked == 0


def test_a_feed_tells_the_guidance_of_flags() -> None:
    """In the organisation's own words where there are any."""
    store = MemoryFeedStore()
    put(store, entry(flags=["minor-at-risk", "exposure"]))
    made = replace(site(store), guidance={("exposure", "en"): "Do not pass it on."})
    with browser(made) as client:
        told = [client.get(f"/feed.{form}", headers={"accept-language": "en"}).text for form in ("atom", "json")]

    for text in told:
        assert f"{guidance('minor-at-risk', 'en')} · Do not pass it on." in text


def test_a_spreadsheet_runs_nothing_of_what_it_opens() -> None:
    """A cell that begins like a formula begins with an apostrophe; the export is logged."""
    store = MemoryFeedStore()
    put(store, entry("=1+1", title="学生", keywords=["学生"], reason="", flags=["exposure"]), entry("\u3000＝2"))
    with browser(site(store)) as client:
        answer = client.get("/topics.csv")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer.headers["content-disposition"].startswith("attachment")
    assert sorted(row[0] for row in rows[1:]) == ["'=1+1", "'\u3000＝2"]
    assert "变质" not in answer.text
    assert [event.act for event in store.audit(None, 9)] == ["exported"]


def test_metrics_hold_numbers_only(client: TestClient) -> None:
    """Labels are of closed sets."""
    text = client.get("/metrics", headers=HTTP).text

    assert 'feed_topics{state="emerging"} 2.0' in text
    assert "feed_ready 1.0" in text
    assert "食" not in text
    assert "local" not in text


def test_a_browser_that_was_away_gets_what_it_missed(client: TestClient, open_site: Site) -> None:
    """`since` gives each topic once, oldest change first, or says that it is too long ago."""
    board = open_site.board
    client.get("/readyz")

    assert board.since("1-0") == ["aa0000000002", "aa0000000003"]
    assert board.since(board.cursor) == []
    assert board.since("77-7") is None


@pytest.mark.parametrize(
    "query", ["q=13800138000", "region=%E5%9B%9B%E5%B7%9D", "category=justice", "q=a%40b.cn&lang=en"]
)
def test_a_filter_that_nothing_matches_is_an_empty_feed_and_no_alarm(
    client: TestClient, open_site: Site, query: str
) -> None:
    """What somebody searched for is not repeated in what leaves."""
    atom, told = client.get(f"/feed.atom?{query}"), client.get(f"/feed.json?{query}")

    assert (atom.status_code, told.json()["items"], open_site.guard.blocked) == (200, [], 0)
    assert "138" not in atom.text + told.text
    assert ET.fromstring(atom.text).find(f"{ATOM}entry") is None


def test_live_events_are_packed_once_for_all_who_take_gzip() -> None:
    """A browser that came later gets the same blocks behind its own head."""
    texts = ["id: 1-0\n\n", "data: " + "食堂" * 500 + "\n\n", ": still here\n\n"]
    blocks = [_block(text) for text in texts]

    for first in (0, 1):
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        came = [unpack.decompress(part).decode() for part in (_GZIP_HEAD, *blocks[first:])]
        assert came == ["", *texts[first:]]  # each whole as soon as it is there
    assert len(blocks[1]) < 100


def test_rows_of_the_live_events_are_json_lines(open_site: Site) -> None:
    """Whatever stands in a title, an event stays one line."""
    open_site.board.entries["x"] = entry("x", title="a\n\ndata: b\r\u2028c")
    said = _Listener(open_site, Filter(), "local", Catalogue("en"))._event("x")

    assert [part.partition(": ")[0] for part in said.strip().split("\n")] == ["event", "data"]
    assert json.loads(said.split("data: ", 1)[1])["title"] == "a  data: b c"
