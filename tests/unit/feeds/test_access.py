"""Who may see and do what."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from contracts.errors import SettingsError
from contracts.settings import read_settings
from feeds.access import TokenGate, read_tokens
from feeds.memory_store import MemoryFeedStore
from tests.feed_site import TOKENS, browser, site

TOPIC = "/topics/aa0000000001"
HTTP = {"accept": "application/json"}


def bearer(name: str) -> dict[str, str]:
    return HTTP | {"authorization": f"Bearer {TOKENS[name][1]}"}


def signed_in(client: TestClient, name: str) -> str:
    """Signs in; the csrf token of the pages."""
    answer = client.post("/login", data={"token": TOKENS[name][1], "goto": "/"})
    assert answer.status_code == 303
    client.cookies.set("session", answer.cookies["session"])
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "path", ["/", TOPIC, "/audit", "/events", "/api/v1/topics", "/feed.atom", "/topics.csv", "/metrics"]
)
def test_a_stranger_sees_nothing(guarded: TestClient, path: str) -> None:
    """Each page leads to the sign-in; each program gets a 401."""
    page, program = guarded.get(path), guarded.get(path, headers=HTTP)

    assert (page.status_code, program.status_code) in ((303, 401), (401, 401))
    assert "食堂" not in page.text + program.text


def test_a_session_is_a_cookie_that_scripts_and_other_sites_cannot_use(guarded: TestClient) -> None:
    """HttpOnly, SameSite; and it opens the feed."""
    answer = guarded.post("/login", data={"token": TOKENS["lin"][1], "goto": TOPIC})

    assert (answer.status_code, answer.headers["location"]) == (303, TOPIC)
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(answer.headers["set-cookie"].split("; "))
    guarded.cookies.set("session", answer.cookies["session"])
    assert guarded.get(TOPIC).status_code == 200


def test_behind_https_cookies_are_secure(store: MemoryFeedStore) -> None:
    """They never travel in the clear."""
    made = site(store, has_tokens=True, host="0.0.0.0", public_url="https://feed.example.org")
    with browser(made) as client:
        client.base_url = "https://feed.example.org"
        answer = client.post("/login", data={"token": TOKENS["lin"][1]})

    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize("goto", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_sign_in_leads_nowhere_else(guarded: TestClient, goto: str) -> None:
    """A link to the sign-in cannot bring an operator to another site."""
    answer = guarded.post("/login", data={"token": TOKENS["lin"][1], "goto": goto})

    assert answer.headers["location"] == "/"


def test_a_wrong_token_is_refused_and_guessing_is_slow(guarded: TestClient) -> None:
    """Ten tries a minute."""
    answers = [guarded.post("/login", data={"token": f"guess-{number}"}).status_code for number in range(11)]

    assert answers == [401] * 10 + [429]


def test_a_cookie_that_somebody_made_opens_nothing(guarded: TestClient) -> None:
    """It is signed."""
    guarded.cookies.set("session", "WyJhZGEiLCJ4Il0.aaaa.bbbb")

    assert guarded.get("/").status_code == 303


def test_a_session_ends_with_the_tokens_it_was_made_under() -> None:
    """Whoever leaves is out as soon as the file has changed."""
    old = TokenGate(read_tokens("lin operator 0123456789-0123456789", "t"), session_s=60)
    new = TokenGate(read_tokens("lin operator 9876543210-9876543210", "t"), session_s=60)
    found = old.sign_in("0123456789-0123456789")
    assert found is not None

    seen = old.visitor(cookie=found[1], token="")

    assert seen is not None
    assert (seen.name, seen.role) == ("lin", "operator")
    assert new.visitor(cookie=found[1], token="") is None
    assert (
        TokenGate(read_tokens("lin operator 0123456789-0123456789", "t"), session_s=-1).visitor(
            cookie=found[1], token=""
        )
        is None
    )


ROLES: dict[str, tuple[str, str, dict[str, Any], dict[str, int]]] = {
    "topics": ("GET", "/api/v1/topics", {}, {"vera": 200, "lin": 200, "ada": 200}),
    "act": ("POST", "/api/v1/topics/aa0000000001/acts", {"act": "confirm"}, {"vera": 403, "lin": 200, "ada": 200}),
    "samples": ("POST", "/api/v1/topics/aa0000000001/samples", {}, {"vera": 403, "lin": 200, "ada": 200}),
    "trail": ("GET", "/api/v1/topics/aa0000000001/audit", {}, {"vera": 403, "lin": 200, "ada": 200}),
    "audit": ("GET", "/api/v1/audit", {}, {"vera": 403, "lin": 403, "ada": 200}),
}


@pytest.mark.parametrize(("method", "path", "body", "expected"), ROLES.values(), ids=ROLES)
def test_each_role_may_do_its_own(
    guarded: TestClient, method: str, path: str, body: dict[str, Any], expected: dict[str, int]
) -> None:
    """Viewers see numbers, operators samples and triage, admins the audit log."""
    send: dict[str, Any] = {"json": body} if body else {}

    answers = {name: guarded.request(method, path, headers=bearer(name), **send).status_code for name in expected}

    assert answers == expected


def test_a_feed_reader_may_send_its_token_as_a_password(guarded: TestClient) -> None:
    """Most know no other way."""
    assert guarded.get("/feed.atom", auth=("anything", TOKENS["vera"][1])).status_code == 200


def test_a_form_of_another_site_changes_nothing(guarded: TestClient, store: MemoryFeedStore) -> None:
    """The cookie alone is not enough: the page's own token has to come along."""
    csrf = signed_in(guarded, "lin")
    acts = f"{TOPIC}/acts"

    without = guarded.post(acts, data={"act": "confirm"})
    wrong = guarded.post(acts, data={"act": "confirm", "csrf": csrf[::-1]})
    program = guarded.post(f"/api/v1{acts}", json={"act": "confirm"})
    elsewhere = guarded.post(acts, data={"act": "confirm", "csrf": csrf}, headers={"origin": "https://evil.example"})
    assert [answer.status_code for answer in (without, wrong, program, elsewhere)] == [403] * 4
    assert store.triages() == {}
    assert guarded.post(acts, data={"act": "confirm", "csrf": csrf}).status_code == 303
    assert store.triages()["aa0000000001"].by == "lin"


def test_on_this_machine_a_program_may_act_and_another_site_may_not(client: TestClient) -> None:
    """`tongsheng watch` has no page to take a csrf token from; a browser says where a request comes from."""
    acts = f"/api/v1{TOPIC}/acts"
    body = {"act": "confirm"}

    answers = [
        client.post(acts, json=body, headers=headers).status_code
        for headers in ({}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"})
    ]

    assert answers == [200, 403, 403, 403]


HOSTS = {"another-name": "evil.example", "another-port": "127.0.0.1:1", "none": ""}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_a_name_that_is_not_ours_gets_no_answer(client: TestClient, host: str) -> None:
    """A page of another site, whose name is made to point at this machine, reads nothing (DNS rebinding)."""
    assert client.get("/", headers={"host": host}).status_code == 421


def test_health_is_told_to_whoever_asks(guarded: TestClient) -> None:
    """An orchestrator asks by address, and learns nothing else."""
    assert guarded.get("/healthz", headers={"host": "10.0.0.7:8017"}).text == "ok\n"
    assert guarded.get("/readyz", headers={"host": "10.0.0.7:8017"}).status_code in (200, 503)


def test_a_large_request_is_refused(client: TestClient) -> None:
    """Nothing that an operator sends is large."""
    assert client.post(f"{TOPIC}/acts", data={"text": "x" * 20_000}).status_code == 413


def test_a_request_of_two_lengths_ends_its_connection(client: TestClient) -> None:
    """Else a proxy that goes by the other length would take its rest for somebody else's request."""
    answer = client.get("/healthz", headers={"content-length": "0", "transfer-encoding": "chunked"})

    assert (answer.status_code, answer.headers["connection"]) == (400, "close")


def test_requests_have_a_ceiling(store: MemoryFeedStore) -> None:
    """One client cannot take the feed away from the others."""
    with browser(site(store, requests_per_minute=30)) as client:
        answers = [client.get("/api/v1/topics", headers=HTTP) for _ in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert answers[-1].headers["retry-after"] == "30"


def test_every_page_forbids_what_it_does_not_need(client: TestClient) -> None:
    """No script, style, picture or frame of anybody else; nothing inline."""
    for path in ("/", TOPIC, "/audit", "/static/feed.js", "/topics/none"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]

        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'")
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.search(r"<[^>]+ (style|on\w+)=|<style|<script(?! src=\"/static/)|https?://(?!127)", answer.text)


SETTINGS = {
    "open-without-tokens": ({"host": "0.0.0.0"}, "tokens_file"),
    "open-without-an-address": ({"host": "0.0.0.0", "tokens_file": "t"}, "public_url"),
    "in-the-clear": ({"public_url": "http://feed.example.org"}, "https"),
    "both": ({"tokens": "a", "tokens_file": "t"}, "not both"),
}


@pytest.mark.parametrize(("table", "said"), SETTINGS.values(), ids=SETTINGS)
def test_a_feed_that_others_could_reach_without_a_token_does_not_start(table: dict[str, str], said: str) -> None:
    """The message says what to set."""
    with pytest.raises(SettingsError, match=said):
        read_settings({"feed": table}, {})


TOKEN_LINES = {
    "role": "lin boss 0123456789-0123456789",
    "short": "lin operator secret",
    "twice": "lin operator 0123456789-0123456789\nlin viewer 9876543210-9876543210",
    "extra": "lin operator 0123456789-0123456789 x",
    "none": "# nobody\n\n",
}


@pytest.mark.parametrize("lines", TOKEN_LINES.values(), ids=TOKEN_LINES)
def test_unusable_token_lines_are_named_without_the_token(lines: str) -> None:
    """The message goes to a terminal or a log."""
    with pytest.raises(SettingsError) as caught:
        read_tokens(lines, "feed.tokens_file")

    assert "feed.tokens_file" in str(caught.value)
    assert "0123456789" not in str(caught.value)
    assert "secret" not in str(caught.value)


PROXY = "10.0.0.9"
MAIL, GROUPS = "x-forwarded-email", "x-forwarded-groups"
PROXIED: dict[str, Any] = {
    "proxy_addresses": ["10.0.0.8/30"],
    "proxy_roles": {"duty": "operator", "everyone": "viewer"},
}


def behind(store: MemoryFeedStore, peer: str = PROXY, *, has_tokens: bool = False, **changes: Any) -> TestClient:
    """A browser whose requests come to the feed from this address."""
    made = site(store, has_tokens=has_tokens, **PROXIED, **changes)
    app = browser(made).app
    return TestClient(app, base_url="http://127.0.0.1:8017", client=(peer, 4711), follow_redirects=False)


def test_whom_the_proxy_has_signed_in_comes_in_with_the_role_of_their_groups(store: MemoryFeedStore) -> None:
    """The highest of them; the audit log has their name, and the form's own token is asked for all the same."""
    said = {MAIL: "lin@example.org", GROUPS: "everyone, duty", "accept": "text/html"}
    with behind(store) as client:
        page = client.get(TOPIC, headers=said)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found is not None
        forged = client.post(f"{TOPIC}/acts", data={"act": "confirm", "csrf": "x"}, headers=said)
        done = client.post(f"{TOPIC}/acts", data={"act": "confirm", "csrf": found[1]}, headers=said)
        other = client.post(
            f"{TOPIC}/acts", data={"act": "confirm", "csrf": found[1]}, headers=said | {MAIL: "wu@example.org"}
        )
        viewer = client.post(f"/api/v1{TOPIC}/samples", headers={MAIL: "wu@example.org", GROUPS: "everyone"})

    assert "lin@example.org" in page.text
    assert [answer.status_code for answer in (page, forged, done, other, viewer)] == [200, 403, 303, 403, 403]
    assert store.triages()["aa0000000001"].by == "lin@example.org"


STRANGERS: dict[str, tuple[str, list[tuple[str, str]], int]] = {
    "from-another-address": ("10.0.0.12", [(MAIL, "lin@example.org"), (GROUPS, "duty")], 401),
    "forwarded-for-the-proxy": (
        "203.0.113.5",
        [(MAIL, "lin@example.org"), (GROUPS, "duty"), ("x-forwarded-for", PROXY), ("forwarded", f"for={PROXY}")],
        401,
    ),
    "nobody": (PROXY, [], 401),
    "no-group": (PROXY, [(MAIL, "lin@example.org")], 403),
    "another-group": (PROXY, [(MAIL, "lin@example.org"), (GROUPS, "dutyfree,guests")], 403),
    "two-names": (PROXY, [(MAIL, "lin@example.org"), (MAIL, "ada@example.org"), (GROUPS, "duty")], 403),
    "two-lists-of-groups": (PROXY, [(MAIL, "lin@example.org"), (GROUPS, "none"), (GROUPS, "duty")], 403),
    "a-name-that-is-none": (PROXY, [(MAIL, "<b>lin"), (GROUPS, "duty")], 403),
    "an-empty-name": (PROXY, [(MAIL, ""), (GROUPS, "duty")], 403),
}


@pytest.mark.parametrize(("peer", "headers", "status"), STRANGERS.values(), ids=STRANGERS)
def test_what_anybody_can_write_into_a_header_opens_nothing(
    store: MemoryFeedStore, peer: str, headers: list[tuple[str, str]], status: int
) -> None:
    """Only the proxy's own connection counts, and only what it says once."""
    with behind(store, peer) as client:
        answer = client.get("/api/v1/topics", headers=headers)

    assert answer.status_code == status
    assert "食堂" not in answer.text


def test_programs_come_through_the_proxy_with_their_token(store: MemoryFeedStore) -> None:
    """Where it lets them pass; whom it has signed in is not somebody else by a token."""
    with behind(store, has_tokens=True) as client:
        program = client.get("/api/v1/topics", headers=bearer("vera"))
        both = client.get("/api/v1/audit", headers=bearer("ada") | {MAIL: "lin@example.org", GROUPS: "duty"})

    assert (program.status_code, both.status_code) == (200, 403)


def test_behind_a_proxy_guessing_is_limited_by_who_guesses(store: MemoryFeedStore) -> None:
    """By the last address that the proxy added, whatever the guesser wrote before it."""
    with behind(store, has_tokens=True) as client:

        def tried(forwarded: str) -> int:
            return client.post("/login", data={"token": "x"}, headers={"x-forwarded-for": forwarded}).status_code

        guesses = [tried(f"198.51.100.{number}, 203.0.113.5, {PROXY}") for number in range(11)]
        somebody_else = tried("203.0.113.6")

    assert (guesses, somebody_else) == ([401] * 10 + [429], 401)


@pytest.mark.parametrize(
    "table",
    [
        {"proxy_addresses": ["0.0.0.0/0"], "proxy_roles": {"a": "viewer"}},
        {"proxy_addresses": ["::/0"], "proxy_roles": {"a": "viewer"}},
        {"proxy_addresses": ["proxy.example.org"], "proxy_roles": {"a": "viewer"}},
        {"proxy_addresses": ["10.0.0.1"]},
        {"proxy_roles": {"a": "viewer"}},
        {"proxy_addresses": ["10.0.0.1"], "proxy_roles": {"a": "root"}},
        {"proxy_addresses": ["10.0.0.1"], "proxy_roles": {"a": "admin"}, "proxy_user_header": "X-User: x"},
    ],
    ids=str,
)
def test_a_proxy_that_everybody_could_be_is_refused(table: dict[str, Any]) -> None:
    """And half of what it needs, too."""
    with pytest.raises(SettingsError, match="feed"):
        read_settings({"feed": table}, {})


def test_a_page_whose_sign_in_has_ended_makes_no_browser_ask_for_a_password(guarded: TestClient) -> None:
    """What its script gets is for the page to tell; a feed reader is asked for one."""
    path, script = "/api/v1/topics", {"sec-fetch-mode": "cors", "accept": "*/*"}
    told = [guarded.get(path, headers=headers) for headers in (script, {"accept": "*/*"})]

    assert [answer.status_code for answer in told] == [401, 401]
    assert [answer.headers.get("www-authenticate") for answer in told] == [None, 'Basic realm="tongsheng"']


def test_live_events_end_so_that_who_may_no_longer_see_them_is_asked(
    guarded: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser opens them again by itself, where it was; a sign-in that has ended meanwhile ends them."""
    headers = {"authorization": f"Bearer {TOKENS['vera'][1]}", "last-event-id": "0-0"}
    monkeypatch.setattr("feeds.events._LONGEST_S", 0.05)
    monkeypatch.setattr("feeds.events._HEARTBEAT_S", 0.1)

    answer = guarded.get("/events", headers=headers)  # without an end this would not come back

    assert answer.text.startswith("retry: 2000\nid: 0-0\n\nevent: topic\n")
    assert guarded.get("/events", headers=HTTP).status_code == 401
