"""Bots thread what is about one topic, show its curve, and hide nothing that presses in a thread."""

from collections.abc import Iterator
from typing import Any

import pytest

from alerts.channels import channel_of
from alerts.http import Http
from alerts.sending import Channel, Delivered, Outcome, RetryAt
from alerts.words import Wording
from contracts.alert import Alert, Change
from tests.alert_lines import alert_settings, topic_alert
from tests.apps import SECRETS, AppServer, serving
from tests.services import PATIENCE_S
from tongsheng.wiring import now_ms

BOTS = ["slack-bot", "mattermost-bot"]
Bot = tuple[AppServer, Channel]
wording = Wording(console="https://console.example.org", zone="Asia/Shanghai")


@pytest.fixture(params=BOTS)
def bot(request: pytest.FixtureRequest) -> Iterator[Bot]:
    app = request.param
    settings = alert_settings({"name": "duty", "kind": app, "secret": SECRETS[app], "room": "C0"})
    http = Http(["127.0.0.1"], whole_s=PATIENCE_S)
    with serving(app) as server:
        yield server, channel_of(settings.channel[0], settings, http, url=server.url, secret=SECRETS[app])
    http.close()


def send(channel: Channel, alert: Alert, thread: str = "") -> Outcome:
    message = wording.message(alert)
    outcome = channel.send(channel.render(message), message, now_ms(), thread=thread)
    if isinstance(outcome, Delivered):
        channel.follow(message, outcome.place)
    return outcome


def later(*changes: Change) -> Alert:
    return topic_alert(number=2, changes=list(changes))


def root_of(message: dict[str, Any]) -> str:
    return str(message.get("thread_ts") or message.get("root_id") or "")


def test_what_comes_later_on_a_topic_goes_into_its_thread(bot: Bot) -> None:
    """And the thread stays the first message's."""
    server, channel = bot
    first = send(channel, topic_alert())
    assert isinstance(first, Delivered)

    second = send(channel, later("grown"), first.place)

    assert second == first
    assert [root_of(taken.body) for taken in server.taken] == ["", first.place]


def test_what_presses_is_seen_outside_of_the_thread_too(bot: Bot) -> None:
    """Slack shows a reply in the room besides; Mattermost cannot, so there it is posted in the room."""
    server, channel = bot
    first = send(channel, topic_alert())
    assert isinstance(first, Delivered)

    send(channel, later("minor-at-risk"), first.place)

    shown = server.taken[1].body
    assert shown.get("reply_broadcast") is True or root_of(shown) == ""


def test_the_curve_is_shown_as_a_picture(bot: Bot) -> None:
    """A PNG; the blocks stand in the text all the same."""
    server, channel = bot

    outcome = send(channel, topic_alert())

    [(place, png)] = server.pictures
    assert isinstance(outcome, Delivered)
    assert (place, png[:4]) == (outcome.place, b"\x89PNG")
    assert "▁▁▂█" in server.taken[0].text


def test_a_picture_that_is_not_taken_holds_up_no_message(bot: Bot) -> None:
    """It is best effort."""
    server, channel = bot
    server.takes_no_files = True

    assert isinstance(send(channel, topic_alert()), Delivered)
    assert (len(server.taken), server.pictures) == (1, [])


def test_a_thread_that_is_gone_begins_anew(bot: Bot) -> None:
    """Somebody deleted its first message."""
    server, channel = bot
    gone = send(channel, topic_alert())
    assert isinstance(gone, Delivered)
    server.roots.clear()

    outcome = send(channel, later("grown"), gone.place)

    assert isinstance(outcome, Delivered)
    assert outcome.place != gone.place
    assert [root_of(taken.body) for taken in server.taken] == ["", ""]


@pytest.mark.parametrize("answer", ["hang", "take-and-cut"])
def test_an_answer_that_is_lost_is_no_reason_to_post_beside_the_thread(bot: Bot, answer: str) -> None:
    """It may have arrived: it is sent again later, marked, and not twice at once."""
    server, channel = bot
    channel_http = Http(["127.0.0.1"], whole_s=1.0 if answer == "hang" else PATIENCE_S)
    for part in vars(channel).values():
        if hasattr(part, "_http"):
            part._http = channel_http
    server.misbehave(answer)

    outcome = send(channel, later("grown"), next(iter(server.roots), ""))

    channel_http.close()
    assert isinstance(outcome, RetryAt)
    assert (outcome.may_have_arrived, server.asked) == (True, 1)
