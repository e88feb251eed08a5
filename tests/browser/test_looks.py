"""The feed for everybody: accessible, on a phone, in both languages and themes, whatever the texts hold."""

import pytest
from playwright.sync_api import expect

from feeds.feed_store import RedisFeedStore
from feeds.triage import Act
from tests.feed_lines import GROUNDS, HOSTILE, entry
from tests.feed_looks import LOOKS, MERGED, TOPIC, Open, grown, violations
from tests.feed_site import TOKENS, put, serving, site
from tools.ports import find_free_port

PAGES = ("/", "/?q=nothing", TOPIC, MERGED, f"{TOPIC}?done=confirm", "/mutes", "/health", "/audit", "/topics/none")


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
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
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
