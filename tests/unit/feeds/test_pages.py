"""What operators read: the wire, a topic, the audit log."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

import feeds
from feeds.memory_store import MemoryFeedStore
from feeds.site import Site
from feeds.triage import AuditEvent
from feeds.wording import TEXTS
from tests.alert_lines import AUDIENCE
from tests.feed_lines import AT_MS, GROUNDS, HOSTILE, LISTED, MINUTE_MS, entry
from tests.feed_site import browser, put, site

TOPIC = "/topics/aa0000000001"
FOLDER = Path(feeds.__file__).parent


def csrf_of(text: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def test_the_wire_shows_the_most_pressing_first_and_no_sample(client: TestClient) -> None:
    """A child in danger, then exposure, then the rest; never a post's text."""
    page = client.get("/").text

    assert re.findall(r'data-id="(\w+)"', page) == ["aa0000000002", "aa0000000003", "aa0000000001"]
    assert "child at risk" in page
    assert "变质" not in page


def test_the_wire_is_chinese_or_english(client: TestClient) -> None:
    """By the browser's language, by a choice that is remembered."""
    assert "当前话题" in client.get("/", headers={"accept-language": "zh-CN,en;q=0.5"}).text
    assert "Live topics" in client.get("/").text

    chosen = client.get("/look/lang/zh?goto=/%3Fq%3Da")

    assert (chosen.status_code, chosen.headers["location"]) == (303, "/?q=a")
    client.cookies.set("lang", "zh")
    assert "当前话题" in client.get("/").text


def test_an_empty_wire_says_that_it_listens() -> None:
    """Nothing to see is not an error."""
    with browser(site(MemoryFeedStore())) as client:
        assert "No topics now" in client.get("/").text
        assert "No topic matches" in client.get("/?q=x").text


def test_a_filter_stays_in_the_address(client: TestClient) -> None:
    """A link shows a colleague the same."""
    page = client.get("/?category=safety&state=all").text

    assert re.findall(r'data-id="(\w+)"', page) == ["aa0000000002"]
    assert '<option value="safety" selected>' in page
    assert 'href="/feed.atom?state=all&amp;category=safety"' in page


def test_a_topic_page_says_why_how_much_and_what_to_bear_in_mind(client: TestClient) -> None:
    """Numbers, reason, guidance, curve; the samples only on request."""
    page = client.get("/topics/aa0000000003").text

    assert "38 people in 60 minutes, usually 1.2" in page
    assert "Protection matter" in page
    assert "12 posts by 9 people spread it" in page
    assert "6 people asked in the last hour, usually 0.2" in page
    assert "since 00:00: of 1,400 posts of 24 hours 12 are deleted or blocked, usually 0.8" in page
    assert "to take and post pictures: 21 people in the last hour, 9 in the hour before" in page
    assert "40% of them show children&#39;s pictures or identities · begun by a verified account" in page
    assert "they used more than those that stand: 校长" in page
    assert page.index('"flag asked"') < page.index('"flag exposure"')
    for said in (
        "不拍街头儿童",
        "21 for, 9 against, 30 neither",
        "mostly for it since about 00:00 (03-01 23:50 to 00:10)",
    ):
        assert said in page
    assert "off the hot list since 03-01 09:00; entries on it then: 2" in page
    for said in ("33,900", "1,200 people, 33,900 reached at most", "10 people, unknown reached at most", "86%"):
        assert said in page
    assert '<polyline class="authors"' in page
    assert "变质" not in page


def test_regions_are_shown_and_can_be_filtered() -> None:
    """Where a line has them."""
    store = MemoryFeedStore()
    put(store, entry("aa0000000001", regions={"四川成都": 31}), entry("aa0000000002"))
    with browser(site(store)) as client:
        page, wire = client.get(TOPIC).text, client.get("/?region=四川成都").text

    assert "四川成都" in page
    assert re.findall(r'data-id="(\w+)"', wire) == ["aa0000000001"]
    assert '<option value="四川成都" selected>' in wire


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", "近一小时最活跃三个账号的帖子占比"), ("en", "posts of the three busiest accounts")],
)
def test_a_topic_page_says_how_much_of_it_few_accounts_wrote(language: str, told: str) -> None:
    """A topic of thirty posts may be three people."""
    store = MemoryFeedStore()
    put(store, entry("aa0000000001", top_share=0.63, audience=AUDIENCE))
    with browser(site(store)) as client:
        page = client.get(f"{TOPIC}?lang={language}").text
        topic = client.get(f"/api/v1{TOPIC}").json()

    assert re.search(f"{told}[^<]*</dt><dd>63%", page)
    assert topic["top_share"] == 0.63


def test_looking_at_samples_is_logged_before_they_are_seen(client: TestClient, store: MemoryFeedStore) -> None:
    """Whoever saw a text about a child stands in the audit log."""
    csrf = csrf_of(client.get(TOPIC).text)

    refused = client.post(f"{TOPIC}/samples", data={"csrf": "x"})
    looked = client.post(f"{TOPIC}/samples", data={"csrf": csrf})

    assert (refused.status_code, looked.status_code) == (403, 200)
    assert "变质" in looked.text
    assert "weibo:4454572602912349" not in looked.text
    assert [(event.who, event.act, event.topic) for event in store.audit(None, 9)] == [
        ("local", "looked", "aa0000000001")
    ]
    assert "looked at samples" in client.get("/audit").text


def test_the_audit_log_can_be_read_to_its_beginning(client: TestClient, store: MemoryFeedStore) -> None:
    """On its page and by the API; what is no place in it is said."""
    for number in range(501):
        store.note(AuditEvent(at_ms=number, who=f"who-{number}", act="looked"))
    newest = client.get("/audit").text
    path = re.findall(r'href="(/audit\?before=[0-9-]+)"', newest)
    oldest = client.get(path[0]).text
    first = client.get("/api/v1/audit?limit=400").json()
    rest = client.get(f"/api/v1/audit?before={first[-1]['id']}").json()
    wrong = client.get("/api/v1/audit?before=0-0", headers={"accept": "application/json"})

    assert ("who-0<" in newest, "who-0<" in oldest, "who-1<" in oldest, "before=" in oldest) == (
        False,
        True,
        False,
        False,
    )
    assert [told["at_ms"] for told in first + rest] == list(range(500, -1, -1))
    assert (wrong.status_code, wrong.json()["error"]) == (400, "cursor")


def test_an_act_shows_on_the_page_that_follows_it(client: TestClient) -> None:
    """Read your own writes: status, who, and the trail."""
    page = client.get(TOPIC).text

    answer = client.post(
        f"{TOPIC}/acts", data={"csrf": csrf_of(page), "act": "dismiss", "reason": "duplicate", "revision": "0"}
    )
    after = client.get(answer.headers["location"]).text

    assert answer.status_code == 303
    assert "done: Dismiss" in after
    assert re.search(r"<strong>local</strong> Dismiss: duplicate", after)
    assert 'data-id="aa0000000001"' not in client.get("/").text
    assert 'data-id="aa0000000001"' in client.get("/?triage=dismissed").text


def test_the_slower_of_two_operators_is_told_and_sees_what_was_done(client: TestClient) -> None:
    """Nothing is overwritten unseen."""
    csrf = csrf_of(client.get(TOPIC).text)
    client.post(f"{TOPIC}/acts", data={"csrf": csrf, "act": "confirm", "revision": "0"})

    answer = client.post(f"{TOPIC}/acts", data={"csrf": csrf, "act": "dismiss", "reason": "duplicate", "revision": "0"})

    assert answer.status_code == 409
    assert "Somebody else has just acted on it" in answer.text
    assert '<strong class="status">confirmed</strong>' in answer.text


def test_an_unusable_act_is_said_above_the_topic(client: TestClient) -> None:
    """With what to do; nothing that was sent is repeated."""
    csrf = csrf_of(client.get(TOPIC).text)

    answer = client.post(f"{TOPIC}/acts", data={"csrf": csrf, "act": "note", "text": "  "})
    unknown = client.post(f"{TOPIC}/acts", data={"csrf": csrf, "act": "<b>explode</b>"})

    assert (answer.status_code, "A note has 1 to 500 characters" in answer.text) == (422, True)
    assert (unknown.status_code, "explode" in unknown.text) == (422, False)


def test_a_topic_that_is_gone_is_a_page_that_says_so(client: TestClient) -> None:
    """An old link is no defect."""
    answer = client.get("/topics/000000000000")

    assert answer.status_code == 404
    assert "has left the feed" in answer.text


class Shown(HTMLParser):
    """What a browser would make of a page: its tags, their attributes, its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ["食堂 12.3 8 in 10 min 0.04 11", "reposts of one post 9.5", "a term withheld × 2 7.8 8 in 60 min"]),
        ("zh", ["食堂 12.3 8（10 分钟） 0.04 11", "同一原帖及其转发 9.5", "不显示的词 × 2 7.8 8（60 分钟）"]),
    ],
)
def test_a_topic_shows_term_by_term_why_it_was_raised(client: TestClient, language: str, told: list[str]) -> None:
    """Scores and counts of that moment; what may not be told is counted; programs get the same."""
    page = client.get(f"{TOPIC}?lang={language}").text
    shown = " ".join(re.sub("<[^>]*>", " ", page[page.index('id="grounds"') :]).split())
    grounds = client.get(f"/api/v1{TOPIC}").json()["grounds"]

    assert all(row in shown for row in told)
    assert (grounds["terms"][0], grounds["others"]) == (["食堂", False, 12.31, 10, 8, 0.04, 11], 3)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            [
                "食堂饭菜发霉 Weibo hot search no. 7 483,000 212 % a topic of its own",
                "+1.6 start -3.0, words +4.0, numb",
            ],
        ),
        (
            "zh",
            [
                "食堂饭菜发霉 微博热搜 第 7 位 483,000 212 % 自成话题",
                "不显示的标题 热搜 140 % +1.6 起点 -3.0、用词 +4.0、数字",
            ],
        ),
    ],
)
def test_a_topic_of_hot_lists_shows_entry_by_entry_why_it_is_one(language: str, told: list[str]) -> None:
    """The judge's score of each, and what tied it to those before it; a title that may not be told is withheld."""
    store = MemoryFeedStore()
    put(store, entry("aa0000000001", listed=LISTED))
    with browser(site(store)) as client:
        page = client.get(f"{TOPIC}?lang={language}").text
        listed = client.get(f"/api/v1{TOPIC}").json()["listed"]
    shown = " ".join(re.sub("<[^>]*>", " ", page[page.index('id="listed"') :]).split())

    assert all(row in shown for row in told)
    assert listed == LISTED


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_only_ever_text(store: MemoryFeedStore, open_site: Site, hostile: str) -> None:
    """In a title, a word, a reason, a sample, a note, a name: no tag, no attribute, no turned or endless line."""
    place = store.next()
    put(store, entry("aa0000000001", at_ms=AT_MS, title="学生", samples=["x"]))
    with browser(open_site) as client:
        plain = [Shown(client.get(path).text) for path in ("/", TOPIC, "/audit")]
    changed = entry(
        "aa0000000001",
        at_ms=AT_MS + MINUTE_MS,
        title=hostile,
        keywords=[hostile],
        reason=hostile,
        samples=[hostile],
        grounds=GROUNDS | {"terms": [[hostile, False, 9.0, 10, 8, 0.1, 8]]},
        listed=[[hostile, hostile, hostile, 1, 2, 120, [[1.0, {"words": 4.0, hostile: 2.0}]]]],
    )
    assert store.put(place + 1, place + 2, [changed], [])

    with browser(site(store)) as client:
        csrf = csrf_of(client.get(TOPIC).text)
        client.post(f"{TOPIC}/acts", data={"csrf": csrf, "act": "note", "text": hostile[:500]})
        client.post(f"{TOPIC}/acts", data={"csrf": csrf, "act": "assign", "to": hostile[:30]})
        pages = [client.get(path).text for path in ("/", TOPIC, "/audit", f"/?{urlencode({'q': hostile[:90]})}")]
        pages.append(client.post(f"{TOPIC}/samples", data={"csrf": csrf}).text)
        told = client.get("/api/v1/topics", headers={"accept": "application/json"})

    known = {tag for shown in plain for tag in shown.tags} | {"blockquote", "ol", "li", "strong", "table", "p"}
    known |= {"tr", "td", "th", "thead", "tbody"}
    for page in map(Shown, pages):
        assert set(page.tags) <= known
        assert not [name for name in page.attributes if name.startswith("on")]
        assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200d\u2060\ufeff\x00-\x08\x1b]", page.text)
        assert max(map(len, page.text.split()), default=0) <= 1300
    assert told.headers["content-type"] == "application/json"


def test_every_text_is_there_in_both_languages_and_used() -> None:
    """No key is missing on a page, none is left over."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*") if path.suffix in (".py", ".html"))
    asked = set(re.findall(r"""\bt\(f?["']([a-z0-9.-]+)["'{]""", code))
    asked |= set(re.findall(r'"((?:error|health\.trouble|keys)\.(?!html)[a-z]+)"', code))
    composed = {"flag", "state", "triage", "filter", "any", "reason", "minutes", "act", "error", "source"}

    assert {key for key in asked if not key.endswith(".")} - set(TEXTS) == set()
    begun = tuple(key for key in asked if key.endswith("."))
    left = {key for key in TEXTS if key not in asked and not key.startswith(begun)}
    assert {key for key in left if key.split(".")[0] not in composed} == set()
    assert [key for key, (zh, en) in TEXTS.items() if zh.count("{}") != en.count("{}") or not zh or not en] == []
