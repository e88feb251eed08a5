"""What the tests of the apps and of mail send: an alert in words, hostile text, and how it is sent."""

from alerts.channels import channel_of
from alerts.http import Http
from alerts.message import Message
from alerts.sending import Channel
from alerts.words import Wording
from contracts.alert import Alert
from contracts.alert_settings import AlertsSettings
from tests.alert_lines import NOON_MS, SOURCE, alert_settings, line, topic_alert
from tests.apps import SECRETS, AppServer
from tests.services import PATIENCE_S
from tongsheng.wiring import now_ms

__all__ = ["APPS", "HOSTILE", "alert", "channel_to", "send", "settings_of", "wording"]

APPS = ["slack", "slack-bot", "feishu", "dingtalk", "wecom", "mattermost", "mattermost-bot", "webhook"]
wording = Wording(console="https://console.example.org", zone="Asia/Shanghai", sources=[SOURCE])
# What must not ping, link or show as markup anywhere, also where title and keywords should carry it.
HOSTILE = (
    "<!channel> <!here> <@U012AB3CD> @all @所有人 <at id=all></at> "
    "[点此](http://t.cn/x) **粗** `a` <font color=red>&amp;"
)


def alert(**changes: object) -> Alert:
    """Of a topic whose posts show who a child is, and no more."""
    plain = {
        "line": line(posts=52, authors=38, flags=["exposure"]),
        "changes": ["opened", "exposure"],
        "curve": [(NOON_MS - 600_000, 4), (NOON_MS - 300_000, 9), (NOON_MS, 38)],
    }
    return topic_alert(**(plain | changes))


def settings_of(app: str) -> AlertsSettings:
    signed = {"secret": SECRETS[app]} if app in SECRETS else {}
    signed |= {"room": "C0"} if app.endswith("-bot") else {}
    return alert_settings({"name": "duty", "kind": app, "url": "https://example.org/x", **signed})


def channel_to(server: AppServer, *, whole_s: float = PATIENCE_S, secret: str | None = None) -> Channel:
    settings = settings_of(server.app)
    http = Http(["127.0.0.1"], whole_s=whole_s)
    given = SECRETS.get(server.app, "") if secret is None else secret
    return channel_of(settings.channel[0], settings, http, url=server.url, secret=given)


def send(channel: Channel, message: Message) -> object:
    outcome = channel.send(channel.render(message), message, now_ms())
    for http in (getattr(part, "_http", None) for part in (channel, *vars(channel).values())):
        if http is not None:
            http.close()
    return outcome
