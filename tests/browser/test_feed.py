"""The feed as operators see it: live, by keyboard, on a phone, in both languages, for everybody."""

import re
from collections.abc import Callable

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from feeds.board import Entry, absorb
from feeds.feed_store import RedisFeedStore
from feeds.triage import Act
from tests.feed_lines import AT_MS, GROUNDS, HOSTILE, MINUTE_MS, entry, line
from tests.feed_site import TOKENS, put, serving, site
from tools.ports import find_free_port

Open = Callable[..., Page]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
NOW_MS = AT_MS + 90 * MINUTE_MS
MERGED = "/topics/000000000002"
TOPIC = "/topics/000000000003"  # the one with a child in danger


def grown(topic: Entry, **changes: object) -> Entry:
    """The topic with one more line."""
    told = msgspec.to_builtins(topic.line) | {"at": line(at_ms=NOW_MS).at} | changes
    return absorb(topic, msgspec.convert(told, type(topic.line)))


def violations(page: Page) -> list[str]:
    """What axe finds wrong: rule and place."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]


PAGES = ("/", "/?q=nothing", TOPIC, MERGED, f"{TOPIC}?done=confirm", "/mutes", "/health", "/audit", "/topics/none")
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark-chinese": {"color_scheme": "dark", "locale": "zh-CN"},
    "phone": {"color_scheme": "light", **PHONE},
    "phone-dark": {"color_scheme": "dark", **PHONE},
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_every_page_is_accessible(feed: str, store: RedisFeedStore, open_page: Open, look: dict[str, object]) -> None:
    """WCAG 2.2 AA as far as axe can see: contrast, names, roles, sizes, languages; in both themes."""
    desk = site(store).desk
    desk.act("000000000006", Act(name="merge", into=MERGED.removeprefix("/topics/")), "wu")
    desk.mute_words("000000000001", ["食堂", "学生"], 480, "wu")
    page = open_page(feed, **look)

    found = {path: (page.goto(feed + path), violations(page))[1] for path in PAGES}

    assert found == {path: [] for path in PAGES}


def test_the_sign_in_and_the_samples_are_accessible(store: RedisFeedStore, open_page: Open) -> None:
    """Also with a wrong token; and an operator gets from there to a sample."""
    port = find_free_port()
    with serving(site(store, has_tokens=True, port=port), port) as address:
        page = open_page(address + TOPIC)
        at_login = violations(page)
        page.get_by_label("Access token").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text("This is no valid token")
        at_fault = violations(page)
        page.get_by_label("Access token").fill(TOKENS["lin"][1])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Show samples").click()
        expect(page.get_by_text("食堂的饭菜变质了")).to_be_visible()
        with_samples = violations(page)
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_label("Access token")).to_be_visible()

    assert (at_login, at_fault, with_samples) == ([], [], [])
    assert [(event.who, event.act) for event in store.audit(None, 9)] == [
        ("lin", "signed-out"),
        ("lin", "looked"),
        ("lin", "signed-in"),
    ]


def test_news_arrive_without_moving_what_is_being_read(feed: str, store: RedisFeedStore, open_page: Open) -> None:
    """Numbers change where they stand; what is new waits behind a button."""
    page = open_page(feed)
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    row = page.locator(".item").nth(5)
    name = row.get_attribute("data-id")
    assert name is not None
    row.get_by_role("link").focus()
    before = row.bounding_box()

    put(store, grown(store.topics()[name], authors=4321), entry("ffffffffffff", flags=["minor-at-risk"], score=99))

    expect(row.locator("[data-f=people]")).to_have_text("4,321")
    expect(page.get_by_role("button", name="Show new topics (1)")).to_be_visible()
    assert row.bounding_box() == before
    assert row.get_by_role("link").evaluate("link => link === document.activeElement")
    page.keyboard.press("n")
    expect(page.locator(".item").first).to_have_attribute("data-id", "ffffffffffff")


def test_the_keyboard_does_what_the_mouse_does(feed: str, store: RedisFeedStore, open_page: Open) -> None:
    """j, k, c, d, m, /, ? and Enter."""
    page = open_page(feed)
    names = [item.get_attribute("data-id") for item in page.locator(".item").all()]

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("c")
    expect(page.locator(".item").first.locator("[data-f=status_name]")).to_have_text("confirmed")
    page.keyboard.press("j")
    page.keyboard.press("d")
    page.get_by_label("Reason").select_option("duplicate")
    page.locator("#dismiss button[value=do]").click()
    expect(page.locator(".item").nth(1)).to_have_class("item trending flagged gone")
    page.keyboard.press("m")
    page.locator("#mute button[value=do]").click()
    expect(page.locator(".item").nth(2)).to_have_class("item trending flagged gone")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("j")
    expect(page.get_by_role("searchbox")).to_have_value("j")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{feed}/topics/*")

    done = {name: (triage.status, triage.reason) for name, triage in store.triages().items()}
    assert done == {names[0]: ("confirmed", ""), names[1]: ("dismissed", "duplicate"), names[2]: ("muted", "")}


def test_the_keys_are_listed_and_the_list_is_accessible(feed: str, open_page: Open) -> None:
    """By ? and by a button; Escape closes it."""
    page = open_page(feed)

    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_two_operators_see_each_others_acts(store: RedisFeedStore, open_page: Open) -> None:
    """Without a reload, on the wire and on a topic's page, where a begun form stays; the slower overwrites nothing."""
    port = find_free_port()
    made = site(store, has_tokens=True, port=port)
    with serving(made, port) as address:
        pages = {}
        for name in ("lin", "wu"):
            pages[name] = open_page(f"{address}/login")
            pages[name].get_by_label("Access token").fill(TOKENS[name][1])
            pages[name].keyboard.press("Enter")
            expect(pages[name].get_by_text("live", exact=True)).to_be_visible()
        topic = pages["lin"].locator(".item").first.get_attribute("data-id")
        open_too = open_page(f"{address}/login")
        open_too.get_by_label("Access token").fill(TOKENS["wu"][1])
        open_too.keyboard.press("Enter")
        open_too.locator(".item h2 a").first.click()
        open_too.get_by_label("Reason").select_option("duplicate")
        idle = pages["lin"].context.new_page()
        idle.goto(open_too.url)

        pages["lin"].keyboard.press("j")
        pages["lin"].keyboard.press("c")

        seen = pages["wu"].locator(f'[data-id="{topic}"] [data-f=status_name]')
        expect(seen).to_have_text("confirmed")
        expect(idle.locator("strong.status")).to_have_text("confirmed")
        expect(idle.get_by_role("button", name="Confirm")).to_have_count(0)
        expect(idle.locator(".trail")).to_contain_text("lin")
        expect(open_too.locator("strong.status")).to_have_text("confirmed")
        expect(open_too.get_by_label("Reason")).to_have_value("duplicate")
        open_too.get_by_role("button", name="Dismiss").click()
        expect(open_too.get_by_role("alert")).to_contain_text("Somebody else has just acted on it")
        expect(open_too.locator("strong.status")).to_have_text("confirmed")
    assert [triage.by for triage in store.triages().values()] == ["lin"]


def test_after_a_restart_the_page_goes_on_where_it_was(store: RedisFeedStore, open_page: Open) -> None:
    """What came while the server was away is shown, without a reload; nothing else moves."""
    port = find_free_port()
    with serving(site(store, port=port), port) as address:
        page = open_page(address)
        expect(page.get_by_text("live", exact=True)).to_be_visible()
        first = page.locator(".item").first
        name = first.get_attribute("data-id")
        assert name is not None
    expect(page.get_by_text("reconnecting…")).to_be_visible()
    put(store, grown(store.topics()[name], authors=777), entry("eeeeeeeeeeee"))

    with serving(site(store, port=port), port):
        expect(first.locator("[data-f=people]")).to_have_text("777", timeout=15_000)
        expect(page.get_by_role("button", name="Show new topics (1)")).to_be_visible()
        page.goto("about:blank")


def test_a_proxys_error_while_the_server_restarts_ends_no_page(
    feed: str, store: RedisFeedStore, open_page: Open
) -> None:
    """Where 502 is answered instead of events, the browser gives up for good; the page does not, nor out of a cache."""
    page = open_page(f"{feed}/mutes")
    page.route("**/events*", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    page.goto(feed)
    expect(page.get_by_text("reconnecting…")).to_be_visible()
    first = page.locator(".item").first
    name = first.get_attribute("data-id")
    assert name is not None
    put(store, grown(store.topics()[name], authors=777))

    page.unroute("**/events*")

    expect(first.locator("[data-f=people]")).to_have_text("777", timeout=15_000)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    put(store, grown(store.topics()[name], authors=888))
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(first.locator("[data-f=people]")).to_have_text("888")


def test_many_tabs_open_at_once_and_the_one_that_is_looked_at_is_live(
    feed: str, store: RedisFeedStore, open_page: Open
) -> None:
    """A browser keeps six connections to a place: the seventh tab would wait for ever for one of the others to end."""
    wire = open_page(feed)
    expect(wire.get_by_text("live", exact=True)).to_be_visible()
    first = wire.locator(".item").first
    name = first.get_attribute("data-id")
    assert name is not None
    seen(wire, is_hidden=True)
    for _ in range(7):
        tab = wire.context.new_page()
        tab.goto(feed + TOPIC)
        expect(tab.get_by_role("heading", level=1)).to_be_visible()
        seen(tab, is_hidden=True)
    put(store, grown(store.topics()[name], authors=777))

    seen(wire, is_hidden=False)

    expect(first.locator("[data-f=people]")).to_have_text("777")


def seen(page: Page, *, is_hidden: bool) -> None:
    """As when another tab comes before it, or goes; a browser without a screen shows all of them."""
    page.evaluate(
        """is => {
            Object.defineProperty(document, "hidden", { value: is, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        is_hidden,
    )


def test_a_topics_page_follows_its_topic_and_leaves_what_is_written_alone(
    feed: str, store: RedisFeedStore, open_page: Open
) -> None:
    """Numbers, title and flags change; a note that is being written stays, and what was opened is so after a reload."""
    page = open_page(feed + TOPIC)
    note = page.get_by_placeholder("Note")
    note.fill("asked the school board")
    page.get_by_text("The numbers as a table").click()
    name = TOPIC.removeprefix("/topics/")

    put(store, grown(store.topics()[name], authors=4321, flags=["minor-at-risk"], title="儿童安全：校车、侧翻"))

    expect(page.get_by_role("heading", level=1)).to_contain_text("儿童安全：校车、侧翻")
    expect(page.locator("dd").first).to_have_text("4,321")
    expect(page.get_by_role("heading", name="Bear in mind")).to_be_visible()
    expect(page.get_by_role("table").first).to_be_visible()
    expect(note).to_have_value("asked the school board")
    page.reload()
    expect(page.get_by_role("table").first).to_be_visible()


def test_topics_are_merged_and_words_muted_by_hand(feed: str, store: RedisFeedStore, open_page: Open) -> None:
    """From one page to the next, as an operator does it; another server's wire hears of both."""
    watching = open_page(feed)
    expect(watching.get_by_text("live", exact=True)).to_be_visible()
    page = open_page(feed + TOPIC)
    name = TOPIC.removeprefix("/topics/")
    into = page.locator("#into option").nth(2).get_attribute("value")

    page.locator("#into").select_option(into)
    page.get_by_role("button", name="Merge into").click()
    expect(page.locator("strong.status")).to_have_text("merged")
    expect(watching.locator(f'[data-id="{name}"]')).to_have_class(re.compile("gone"))
    page.get_by_text("Merged into").get_by_role("link").click()
    page.get_by_role("button", name="Split").click()
    expect(page.locator("strong.status")).to_have_text("open")
    page.locator("[aria-labelledby=mute-words]").get_by_label("食堂").check()
    page.get_by_role("button", name="Mute words").click()
    expect(page.get_by_role("row", name="食堂")).to_be_visible()
    page.get_by_role("button", name="End: 食堂").click()

    expect(page.get_by_text("No words or topics are muted now")).to_be_visible()
    acts = [event.act for event in store.audit(None, 9)]
    assert acts == ["unmute-words", "mute-words", "split", "merge"]


@pytest.mark.parametrize("look", [LOOKS["light"], LOOKS["phone-dark"]], ids=["light", "phone-dark"])
def test_a_topic_is_split_and_made_one_again_by_hand(
    feed: str, store: RedisFeedStore, open_page: Open, look: dict[str, object]
) -> None:
    """The slower of two is told; the new topic's line makes its link without a reload; every step is accessible."""
    name = TOPIC.removeprefix("/topics/")
    page, slower = open_page(feed + TOPIC, **look), open_page(feed + TOPIC)
    found = []
    for one in (page, slower):
        one.get_by_text("Split this topic").click()
    found += violations(page)
    page.get_by_label("疫苗").check()
    page.locator(".parts").get_by_role("button", name="Split off").click()
    slower.get_by_role("button", name=re.compile("Split off.*疫苗")).click()
    expect(slower.get_by_role("alert")).to_contain_text("Somebody else has just acted on it")
    expect(page.get_by_text("waiting for the detector")).to_be_visible()
    [split] = store.splits()

    put(store, grown(store.topics()[name], authors=31), entry(split.id, at_ms=NOW_MS, title="儿童健康：疫苗、发烧"))
    page.get_by_role("link", name="儿童健康：疫苗、发烧").first.click()
    expect(page.get_by_text("Split off by local")).to_be_visible()
    found += violations(page)
    page.get_by_role("button", name="Undo the split").click()

    expect(page.get_by_role("button", name="Undo the split")).to_have_count(0)
    assert ([split.words, found], [known.is_undone for known in store.splits()]) == ([("疫苗",), []], [True])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_topic_that_was_dismissed_elsewhere_is_crossed_out(feed: str, store: RedisFeedStore, open_page: Open) -> None:
    """It stays in its place until the list is loaded again."""
    page = open_page(feed)
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    item = page.locator(".item").nth(4)
    name = item.get_attribute("data-id")
    assert name is not None
    made = site(store)

    made.desk.act(name, Act(name="dismiss", reason="no-news"), "wu")

    expect(item).to_have_class("item trending gone")


@pytest.mark.parametrize("path", ["/", MERGED, "/audit", "/mutes", "/health"])
def test_a_phone_shows_everything_without_scrolling_sideways(feed: str, open_page: Open, path: str) -> None:
    """At 320 CSS pixels, which is also 400 % zoom."""
    page = open_page(feed + path, viewport={"width": 320, "height": 640})

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize(
    ("locale", "heading", "lang"), [("zh-CN", "当前话题", "zh-Hans"), ("en-GB", "Live topics", "en")]
)
def test_the_page_speaks_the_browsers_language_and_can_be_switched(
    feed: str, open_page: Open, locale: str, heading: str, lang: str
) -> None:
    """The choice is remembered."""
    page = open_page(f"{feed}/?category=health", locale=locale)

    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert page.locator("html").get_attribute("lang") == lang
    page.get_by_role("link", name="English" if locale == "zh-CN" else "中文").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)
    assert page.url == f"{feed}/?category=health"


def test_the_theme_can_be_chosen(feed: str, open_page: Open) -> None:
    """Against the system's, and it stays."""
    page = open_page(feed, color_scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")

    page.get_by_role("link", name="Dark").click()
    page.goto(feed)

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def worded(text: str) -> dict[str, object]:
    return GROUNDS | {"terms": [[text, False, 9.0, 10, 8, 0.1, 8]]}


def test_hostile_text_does_nothing_in_a_browser(feed: str, store: RedisFeedStore, open_page: Open) -> None:
    """Loaded with the page and arriving live: the page's title stays, nothing overflows, nothing runs."""
    hostile = [
        entry(f"bad{number:09x}", title=text, keywords=[text, text], reason=text, samples=[text], grounds=worded(text))
        for number, text in enumerate(HOSTILE.values())
    ]
    page = open_page(feed, viewport={"width": 360, "height": 740})
    expect(page.get_by_text("live", exact=True)).to_be_visible()
    put(store, *hostile)
    expect(page.get_by_role("button", name=f"Show new topics ({len(hostile)})")).to_be_visible()

    page.get_by_role("button", name=f"Show new topics ({len(hostile)})").click()
    expect(page.locator(".item")).to_have_count(12 + len(hostile))
    put(store, *[grown(bad, authors=1000 + number) for number, bad in enumerate(hostile)])
    expect(page.locator(f'[data-id="{hostile[0].line.topic}"] [data-f=people]')).to_have_text("1,000")
    titles, widths = [page.title()], [page.evaluate("document.documentElement.scrollWidth")]
    for bad in hostile:
        page.goto(f"{feed}/topics/{bad.line.topic}")
        page.get_by_role("button", name="Show samples").click()
        expect(page.locator("blockquote")).to_have_count(1)
        page.wait_for_load_state("load")
        widths.append(page.evaluate("document.documentElement.scrollWidth"))
        titles.append(page.title())

    assert "gone" not in titles
    assert max(widths) <= 360
    assert page.evaluate("document.querySelectorAll('img, iframe, object, main script').length") == 0
