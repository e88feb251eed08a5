"""Each app gets its own form, within its limits; its answer is understood; nobody is pinged."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from alerts.channels import channel_of
from alerts.delivery import checked, minimal_of
from alerts.http import Http
from alerts.senders import dingtalk, feishu
from alerts.senders.webhook import Webhook
from alerts.sending import Answer, Delivered, Refused, RetryAt
from alerts.texts import template_words
from contracts.alert import Alert, Item
from contracts.errors import SettingsError
from contracts.told import Told
from tests.alert_lines import NOON_MS, SOURCE, TOPIC, UPTAKE, alert_settings, every_alert, line
from tests.alert_sending import APPS, HOSTILE, alert, channel_to, send, settings_of, wording
from tests.apps import SECRETS, AppServer, serving
from tests.services import PATIENCE_S
from tongsheng.wiring import broadcast_guard
from tools.ports import find_free_port


def long_digest() -> Alert:
    title = Told("校园欺凌：" + "视频、" * 8)
    items = [
        Item(topic=TOPIC, title=title, keywords=[], severity="high", state="emerging", authors=number)
        for number in range(100)
    ]
    return alert(kind="digest", line=None, items=items, total=1900, period_ms=(NOON_MS - 86_400_000, NOON_MS))


@pytest.fixture(params=APPS)
def server(request: pytest.FixtureRequest) -> Iterator[AppServer]:
    with serving(request.param) as made:
        yield made


def test_the_app_takes_the_message_and_shows_it_whole(server: AppServer) -> None:
    """Signed as it checks, within what it allows, in both languages, with the link to the console."""
    assert isinstance(send(channel_to(server), wording.message(alert())), Delivered)

    [taken] = server.taken
    for phrase in ("重要", "校园欺凌：视频、中学生", "protection matter", "保护事项", f"/topics/{TOPIC}"):
        assert phrase.lower() in taken.text.lower()


def test_a_message_that_is_too_long_is_shortened_by_whole_pieces(server: AppServer) -> None:
    """The app takes it; its JSON and its UTF-8 are whole, and the headline stands."""
    assert isinstance(send(channel_to(server), wording.message(long_digest())), Delivered)

    [taken] = server.taken
    assert "儿童话题简报：1900 个话题" in taken.text
    assert "\ufffd" not in taken.text


def test_hostile_text_can_ping_nobody(server: AppServer) -> None:
    """Though only released words can stand in an alert, no sender relies on it."""
    hostile = line(title=HOSTILE, keywords=[HOSTILE], reason=HOSTILE, platforms={"weibo": 3})

    assert isinstance(send(channel_to(server), wording.message(alert(line=hostile))), Delivered)

    parsed = parsed_as_markup(server.app, server.taken[0].body)
    for sign in ("<!", "<@", "@all", "@所有人", "<at", "](http://", "http://t.cn", "**粗", "`a`", "<font"):
        assert sign not in parsed, sign


def parsed_as_markup(app: str, body: dict[str, Any]) -> str:
    """What of the message the app parses; its plain text elements and our webhook's data are shown as they stand."""
    found: list[str] = []

    def walk(value: object, *, is_plain: bool) -> None:
        if isinstance(value, dict):
            for part in value.values():
                walk(part, is_plain=is_plain or value.get("type") == "plain_text" or value.get("tag") == "plain_text")
        elif isinstance(value, list):
            for part in value:
                walk(part, is_plain=is_plain)
        elif isinstance(value, str) and not is_plain:
            found.append(value)

    walk(body, is_plain=app == "webhook")
    return "\n".join(found)


JUDGED = {"500": RetryAt, "429": RetryAt, "200-with-error": RetryAt, "refuse": Refused, "redirect": Refused}
NO_SUCH = {("webhook", "200-with-error"), ("webhook", "take-and-cut")}  # there the status alone is the answer


@pytest.mark.parametrize(("app", "deed"), [pair for pair in product(APPS, JUDGED) if pair not in NO_SUCH])
def test_an_answer_is_judged_by_what_it_says(app: str, deed: str) -> None:
    """Not by its status alone."""
    with serving(app) as server:
        server.misbehave(deed)

        outcome = send(channel_to(server), wording.message(alert()))

    assert type(outcome) is JUDGED[deed], outcome
    assert server.asked == 1


def test_the_wait_that_the_app_asks_for_is_kept(server: AppServer) -> None:
    """Retry-After in seconds."""
    server.misbehave("429")

    outcome = send(channel_to(server), wording.message(alert()))

    assert (getattr(outcome, "after_s", None), getattr(outcome, "may_have_arrived", None)) == (1.0, False)


LOST = ["hang", "take-and-cut", "drop"]


@pytest.mark.parametrize(("app", "deed"), [pair for pair in product(APPS, LOST) if pair not in NO_SUCH])
def test_an_answer_that_is_lost_leaves_doubt(app: str, deed: str) -> None:
    """The message may have been shown: it is sent again, and says so."""
    with serving(app) as server:
        server.misbehave(deed)

        outcome = send(channel_to(server, whole_s=1.0 if deed == "hang" else PATIENCE_S), wording.message(alert()))

    assert isinstance(outcome, RetryAt), outcome
    assert outcome.may_have_arrived


def test_a_server_that_is_away_leaves_no_doubt() -> None:
    """Nothing was connected, so nothing can have arrived."""
    gone = AppServer("slack", port=find_free_port())

    outcome = send(channel_to(gone), wording.message(alert()))

    assert isinstance(outcome, RetryAt), outcome
    assert not outcome.may_have_arrived


@pytest.mark.parametrize("app", sorted(SECRETS))
def test_a_wrong_secret_is_refused_and_named(app: str) -> None:
    """It holds for all messages of this channel, so the operator is told."""
    wrong = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQQ==" if app == "webhook" else "wrong"
    with serving(app) as server:
        outcome = send(channel_to(server, secret=wrong), wording.message(alert()))

    assert isinstance(outcome, Refused)
    assert (outcome.scope, server.taken) == ("channel", [])


NO_ADDRESSES = [
    "",
    "hooks.slack.com/x",
    "ftp://x",
    "https://",
    "https://a:b/",
    "https://a b/",
    "https://[::1/",
    "https://x/\n",
]


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_an_address_that_is_none_is_named_at_the_start_and_not_repeated(url: str) -> None:
    """It is a secret, also where it is wrong."""
    settings, http = settings_of("slack"), Http()

    with pytest.raises(SettingsError, match="of duty: this is no address; one begins with https://") as refused:
        channel_of(settings.channel[0], settings, http, url=url, secret="")

    http.close()
    assert url in {"", "https://"} or url not in str(refused.value)


def test_signatures_are_those_of_the_platforms() -> None:
    """Golden vectors: the two build key and message the other way round."""
    assert dingtalk.signature("SECtest", 1700000000000) == "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g="
    assert feishu.signature("demo", 1700000000) == "8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo="


def test_slack_fetches_nothing_that_is_linked() -> None:
    """Unfurling is off."""
    settings = settings_of("slack")
    http = Http()

    body = json.loads(
        channel_of(settings.channel[0], settings, http, url="https://x.example", secret="").render(
            wording.message(alert())
        )
    )

    http.close()
    assert (body["unfurl_links"], body["unfurl_media"]) == (False, False)


@pytest.mark.parametrize(("code", "wait_s"), {130101: 600.0, 410100: 600.0}.items(), ids=["20-a-minute", "throttled"])
def test_dingtalk_that_has_muted_us_is_left_alone_for_ten_minutes(code: int, wait_s: float) -> None:
    """Trying within seconds would only mute us longer."""
    answer = dingtalk.DingTalk("https://x.example").judge(answered(200, {"errcode": code, "errmsg": "send too fast"}))

    assert answer == RetryAt(f"errcode {code}: too many, muted", after_s=wait_s)


def test_risk_control_of_dingtalk_has_no_code() -> None:
    """Its wait is kept."""
    answer = dingtalk.DingTalk("https://x.example").judge(answered(200, {"status": 1111, "wait": 5, "punish": "deny"}))

    assert answer == RetryAt("risk control", after_s=5.0)


def answered(status: int, body: dict[str, object]) -> Any:
    return Answer(status=status, headers={}, body=json.dumps(body).encode())


@pytest.mark.parametrize("kind", [*APPS, "email", "apprise"])
def test_the_last_guard_lets_every_form_pass_and_the_shortest_too(kind: str) -> None:
    """Whole payloads, key by key; or the duty officer would get the shortest message each time, or none."""
    words = [*template_words(), str(UPTAKE["message"])]
    guard = broadcast_guard(console="https://console.example.org", words=words, names=[SOURCE])
    more = {"url": "json://example.org"} if kind == "apprise" else {"sender": "a@example.org", "to": ["b@example.org"]}
    settings = alert_settings({"name": "duty", "kind": kind, "secret": SECRETS["webhook"], "room": "C0", **more})
    http = Http()
    url = {"apprise": "json://example.org", "email": "smtp://example.org"}.get(kind, "https://example.org/x")
    channel = channel_of(settings.channel[0], settings, http, url=url, secret=SECRETS["webhook"])
    http.close()

    messages = [wording.message(one, may_repeat=True) for one in every_alert()]
    blocked = [one.id for one in messages if checked(guard, channel, one, minimal_of(one))[1]]
    blocked_shortest = [one.id for one in messages if checked(guard, channel, minimal_of(one), minimal_of(one))[1]]

    assert (blocked, blocked_shortest) == ([], [])


def test_a_digest_by_webhook_says_whether_its_silence_is_true() -> None:
    """It has no fields for that, so it stands in the words."""
    heard = alert(
        kind="digest",
        line=None,
        items=[],
        total=0,
        period_ms=(NOON_MS - 86_400_000, NOON_MS),
        heard_ms=NOON_MS,
        sources=3,
    )

    text = json.loads(Webhook("https://example.org", f"whsec_{'c2VjcmV0' * 4}").render(wording.message(heard)))["data"][
        "text"
    ]

    assert "数据来源: 3 个均正常，最新内容 0 分钟前" in text["zh"]
    assert "Sources: all 3 are well, the newest post came 0 min ago" in text["en"]
