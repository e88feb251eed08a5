"""Other apps through apprise, as best effort."""

from collections.abc import Iterator

import pytest

from alerts.channels import channel_of
from alerts.http import Http
from alerts.sending import Channel, Delivered, RetryAt
from contracts.errors import SettingsError
from tests.alert_lines import alert_settings, line
from tests.alert_sending import HOSTILE, alert, send, wording
from tests.apps import AppServer, serving


@pytest.fixture
def through_apprise() -> Iterator[tuple[AppServer, Channel]]:
    with serving("mattermost") as server:
        settings = alert_settings({"name": "other", "kind": "apprise", "url": "json://x"})
        http = Http()
        url = f"json://127.0.0.1:{server.port}/"
        yield server, channel_of(settings.channel[0], settings, http, url=url, secret="")
        http.close()


def test_apprise_sends_to_the_other_apps(through_apprise: tuple[AppServer, Channel]) -> None:
    """Plain text, nothing in it markup; "not sent" is tried again."""
    server, channel = through_apprise
    server.misbehave("500")
    message = wording.message(alert(line=line(title=HOSTILE, flags=["exposure"])))

    outcomes = [send(channel, message), send(channel, message)]

    assert [type(outcome) for outcome in outcomes] == [RetryAt, Delivered]
    assert "<!channel>" not in server.taken[0].text
    assert "保护事项" in server.taken[0].text


def test_an_address_that_apprise_does_not_know_is_named_at_the_start() -> None:
    """Without the address: it is a secret."""
    settings = alert_settings({"name": "other", "kind": "apprise", "url": "nosuch://s3cret"})
    http = Http()

    with pytest.raises(SettingsError, match="apprise knows no such address") as refused:
        channel_of(settings.channel[0], settings, http, url="nosuch://s3cret", secret="")

    http.close()
    assert "s3cret" not in str(refused.value)
