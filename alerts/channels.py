"""Channels as the settings name them: an app, its address, its secret."""

from collections.abc import Callable
from urllib.parse import urlsplit

from alerts.http import Http, RefusedAddressError, UnansweredError
from alerts.message import Message
from alerts.senders.dingtalk import DingTalk
from alerts.senders.email import Email
from alerts.senders.feishu import Feishu
from alerts.senders.mattermost import Mattermost
from alerts.senders.mattermost_bot import MattermostBot
from alerts.senders.others import Others
from alerts.senders.slack import Slack
from alerts.senders.slack_bot import SlackBot
from alerts.senders.webhook import Webhook
from alerts.senders.wecom import WeCom
from alerts.sending import App, Channel, Outcome, Rate, Refused, RetryAt
from contracts.alert_settings import AlertsSettings, ChannelSettings
from contracts.errors import SettingsError
from detectors.payload import Format, Frame

__all__ = ["HttpChannel", "channel_of"]


class HttpChannel:
    """An app behind one POST; see alerts.sending.Channel."""

    def __init__(self, name: str, app: App, http: Http) -> None:
        self.name = name
        self.rate: Rate = app.rate
        self.form: Format = "json"
        self.frame: Frame = app.frame
        self._app = app
        self._http = http

    def render(self, message: Message) -> str:
        """See Channel.render."""
        return self._app.render(message)

    def follow(self, message: Message, place: str) -> None:
        """Nothing: a webhook takes no files."""

    def send(self, body: str, message: Message, at_ms: int, *, thread: str = "") -> Outcome:  # noqa: ARG002 - has none
        """See Channel.send."""
        try:
            answer = self._http.post(self._app.request(body, id=message.id, at_ms=at_ms))
        except RefusedAddressError as error:
            return Refused(str(error))
        except UnansweredError as error:
            return RetryAt(str(error), may_have_arrived=error.may_have_arrived)
        return self._app.judge(answer)


def channel_of(channel: ChannelSettings, settings: AlertsSettings, http: Http, *, url: str, secret: str) -> Channel:
    """The channel that can be sent to.

    Args:
        channel: as named in the settings.
        settings: allowed hosts and the time zone.
        http: shared by all.
        url: its address, read by whoever reads files.
        secret: likewise; "" = none.

    Raises:
        SettingsError: secret or address cannot be used.
    """
    if channel.kind != "apprise":
        _check_address(channel, url)
    if channel.kind == "email":
        return Email(
            channel.name,
            url,
            sender=channel.sender,
            to=channel.to,
            allowed=settings.allow_hosts,
            zone=settings.timezone,
        )
    if channel.kind == "slack-bot":
        return SlackBot(channel, http, url=url, token=secret, zone=settings.timezone)
    if channel.kind == "mattermost-bot":
        return MattermostBot(channel, http, url=url, token=secret, zone=settings.timezone)
    if channel.kind == "apprise":
        return Others(channel.name, url)
    makers: dict[str, Callable[[], App]] = {
        "slack": lambda: Slack(url, channel.prefix),
        "feishu": lambda: Feishu(url, secret, channel.prefix),
        "dingtalk": lambda: DingTalk(url, secret, channel.prefix),
        "wecom": lambda: WeCom(url, channel.prefix),
        "mattermost": lambda: Mattermost(url, channel.prefix),
        "webhook": lambda: Webhook(url, secret),
    }
    return HttpChannel(channel.name, makers[channel.kind](), http)


_SCHEMES = {"email": ("smtp", "smtps"), "": ("https", "http")}


def _check_address(channel: ChannelSettings, url: str) -> None:
    """See that it is one at all; where it leads is seen each time that something is sent there.

    Raises:
        SettingsError: it is none; it is not repeated, for it is a secret.
    """
    if channel.kind == "slack-bot" and not url:
        return
    schemes = _SCHEMES.get(channel.kind, _SCHEMES[""])
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        bool(parts.hostname and parts.hostname.encode("idna"))
    except ValueError:
        is_one = False
    if not is_one or not url.isprintable() or " " in url:
        raise SettingsError(
            "alerts.channel.url",
            f"of {channel.name}: this is no address; one begins with {schemes[0]}:// and has a host",
        )
