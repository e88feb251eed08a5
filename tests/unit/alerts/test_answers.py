"""What a server may answer: whatever it is, it is a yes only where the app says yes, and never ends the process."""

from collections.abc import Callable
from itertools import product

import pytest

from alerts.answers import by_status
from alerts.senders import mattermost_bot, slack_bot
from alerts.senders.dingtalk import DingTalk
from alerts.senders.feishu import Feishu
from alerts.senders.mattermost import Mattermost
from alerts.senders.slack import Slack
from alerts.senders.wecom import WeCom
from alerts.sending import Answer, Delivered, Outcome, RetryAt

URL = "https://example.org/x"
JUDGES: dict[str, Callable[[Answer], Outcome]] = {
    "slack": Slack(URL).judge,
    "slack-bot": lambda answer: slack_bot._judge(answer, ""),
    "feishu": Feishu(URL).judge,
    "dingtalk": DingTalk(URL).judge,
    "wecom": WeCom(URL).judge,
    "mattermost": Mattermost(URL).judge,
    "mattermost-bot": lambda answer: mattermost_bot._judge(answer, ""),
}
NO_YES = [
    b"", b"OK", b"null", b"[]", b"1", b"\xff\xfe", b"[" * 60_000, b'{"a":' * 10_000, b"x" * 65_536,
    b'{"code":[]}', b'{"code":"0"}', b'{"code":false}', b'{"code":1e999}', b'{"code":' + b"9" * 5000 + b"}",
    b'{"errcode":false}', b'{"errcode":"0"}', b'{"errcode":null}', b'{"ok":1}', b'{"ok":false,"error":[]}',
    b'{"id":"x"}', b'{"punish":1,"wait":1e999}', b'{"punish":1,"wait":NaN}', b'{"punish":1,"wait":-5}',
]  # fmt: skip
YES = [b"ok", b'{"ok":true,"ts":"1.2"}', b'{"code":0}', b'{"errcode":0}', b'{"id":"' + b"a" * 26 + b'"}']


def answered(status: int, body: bytes, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status=status, headers=headers or {}, body=body)


@pytest.mark.parametrize("app", JUDGES)
def test_what_is_no_yes_counts_as_none(app: str) -> None:
    """And any wait that it asks for is one that a clock can keep."""
    for body, status in product(NO_YES, (200, 201, 400, 418, 500)):
        outcome = JUDGES[app](answered(status, body))
        assert not isinstance(outcome, Delivered), (status, body[:40])
        if isinstance(outcome, RetryAt) and outcome.after_s is not None:
            assert 0 < outcome.after_s <= 3600


@pytest.mark.parametrize("app", JUDGES)
def test_a_yes_counts_under_the_status_of_a_yes_only(app: str) -> None:
    """A body that says yes under 400 says two things."""
    outcomes = {status: [JUDGES[app](answered(status, body)) for body in YES] for status in (200, 201, 400, 413)}

    well = {status for status, found in outcomes.items() if any(isinstance(one, Delivered) for one in found)}

    assert well == {201 if app == "mattermost-bot" else 200}


WAITS = {
    "seconds": ({"Retry-After": "30"}, 30.0),
    "a-date": ({"retry-after": "Wed, 21 Oct 2015 07:28:10 GMT", "date": "Wed, 21 Oct 2015 07:28:00 GMT"}, 10.0),
    "a-date-without-its-own": ({"retry-after": "Wed, 21 Oct 2015 07:28:10 GMT"}, None),
    "far-too-long": ({"retry-after": "9" * 400}, 3600.0),
    "no-date": ({"retry-after": "Wed, 99 Foo", "date": "x"}, None),
    "year-9999": ({"retry-after": "Fri, 31 Dec 9999 23:59:59 -2359", "date": "Wed, 21 Oct 2015 07:28:00 GMT"}, 3600),
}  # fmt: skip


@pytest.mark.parametrize(("headers", "wait_s"), WAITS.values(), ids=WAITS.keys())
def test_a_wait_is_kept_within_reason(headers: dict[str, str], wait_s: float | None) -> None:
    """An hour at most."""
    assert by_status(answered(429, b"", headers)) == RetryAt("HTTP 429", after_s=wait_s)
