"""The feed as operators work with it: live, by keyboard, two at a time, over restarts."""

import re

import pytest
from playwright.sync_api import Page, expect

from feeds.feed_store import RedisFeedStore
from feeds.triage import Act
from tests.feed_lines import entry
from tests.feed_looks import LOOKS, NOW_MS, TOPIC, Open, grown, violations
from tests.feed_site import TOKENS, put, serving, site
from tools.ports import find_free_port


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
    expect(
        page.locator(".item").nth(2).get_by_role("link")
    ).to_be_focused()  # the act's answer may come behind the event
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
        expect(first.locator("[data-f=people]")).to_have_text("777")
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

    expect(first.locator("[data-f=people]")).to_have_text("777")
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
    page.wait_for_url(f"{feed}{TOPIC}?done=split")  # the topic that it was merged into is open, too
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


@pytest.mark.parametrize("look", [LOOKS["phone"], LOOKS["dark-chinese"]], ids=["phone", "dark-chinese"])
def test_a_topic_that_was_dismissed_elsewhere_is_crossed_out(
    feed: str, store: RedisFeedStore, open_page: Open, look: dict[str, object]
) -> None:
    """It stays in its place until the list is loaded again, and can be read."""
    page = open_page(feed, **look)
    live = page.locator(".live")
    expect(live).to_have_text(live.get_attribute("data-live") or "never")
    item = page.locator(".item").nth(4)
    name = item.get_attribute("data-id")
    assert name is not None
    made = site(store)

    made.desk.act(name, Act(name="dismiss", reason="no-news"), "wu")

    expect(item).to_have_class("item trending gone")
    assert violations(page) == []
