"""[alerts]: who is told what, when and where; [[alerts.route]] and [[alerts.channel]] are its tables."""

import difflib
import re
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from contracts.alert import AlertLanguage, Severity
from contracts.topic import Flag

__all__ = ["AlertsSettings", "ChannelSettings", "RouteSettings"]

Category = Literal[
    "abduction",
    "abuse",
    "bullying",
    "safety",
    "health",
    "nutrition",
    "education",
    "poverty",
    "online",
    "justice",
    "family",
    "other",
]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,39}$")]
_MAIL = re.compile(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,250}")
_HOURS = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChannelSettings(_Table):
    """[[alerts.channel]]: one place that alerts go to."""

    name: Name = Field(description="how routes call it: small letters and hyphens")
    kind: Literal[
        "slack",
        "slack-bot",
        "feishu",
        "dingtalk",
        "wecom",
        "mattermost",
        "mattermost-bot",
        "webhook",
        "email",
        "apprise",
    ] = Field(description="the app; bots thread and show pictures; lark is feishu; apprise: others, as best effort")
    url: SecretStr | None = Field(
        None,
        description="the app's webhook address, a secret; of e-mail smtp(s)://user:password@host:port; "
        "of mattermost-bot the server's; slack-bot needs none",
    )
    url_file: Path | None = Field(None, description="file that holds it, instead of `url`")
    secret: SecretStr | None = Field(
        None, description="signing secret of feishu, dingtalk, webhook (whsec_...); token of a bot"
    )
    secret_file: Path | None = Field(None, description="file that holds it, instead of `secret`")
    room: str = Field("", pattern=r"^[A-Za-z0-9]{0,64}$", description="of a bot: id of the channel that it posts to")
    prefix: str = Field("", max_length=40, description="put before each message: the keyword that a robot demands")
    sender: str = Field("", max_length=200, description="of e-mail: the address it comes from")
    to: list[str] = Field([], max_length=50, description="of e-mail: who gets it")
    quiet_hours: str = Field("", description='held until it ends, told then in a summary; for example "22:00-07:00"')
    quiet_weekends: bool = Field(default=False, description="true: Saturday and Sunday are quiet too")
    pierces: Severity = Field("critical", description="from this severity on, quiet hours do not hold back")
    digest: Literal["none", "daily", "weekly"] = Field(
        "none", description="a list of all that matched; Mondays if weekly"
    )
    digest_at: str = Field("09:00", pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="when the digest is sent")
    only_digest: bool = Field(default=False, description="true: nothing but the digest")

    @field_validator("sender", "to")
    @classmethod
    def _mail_addresses(cls, given: str | list[str]) -> str | list[str]:
        for one in [given] if isinstance(given, str) else given:
            if one and not (one.isprintable() and _MAIL.fullmatch(parseaddr(one)[1])):
                raise ValueError("an e-mail address looks like duty@example.org, or 童声 <alerts@example.org>")
        return given

    @field_validator("quiet_hours")
    @classmethod
    def _two_times(cls, hours: str) -> str:
        if hours and not _HOURS.fullmatch(hours):
            raise ValueError('write for example "22:00-07:00", local time of alerts.timezone')
        return hours

    @model_validator(mode="after")
    def _whole(self) -> Self:
        has_address = self.url is not None or self.url_file is not None
        if (self.url is not None and self.url_file is not None) or not (has_address or self.kind == "slack-bot"):
            raise ValueError("give url or url_file, one of them")
        if self.secret is not None and self.secret_file is not None:
            raise ValueError("give secret or secret_file, not both")
        if self.kind == "email" and not (self.sender and self.to):
            raise ValueError("an e-mail channel needs sender and to")
        has_secret = self.secret is not None or self.secret_file is not None
        if self.kind == "webhook" and not has_secret:
            raise ValueError("a webhook channel needs secret or secret_file, to sign what it sends")
        if self.kind in ("slack-bot", "mattermost-bot") and not (has_secret and self.room):
            raise ValueError("a bot needs room, the id of its channel, and its token as secret or secret_file")
        if self.only_digest and self.digest == "none":
            raise ValueError("only_digest = true needs digest = daily or weekly")
        return self


class RouteSettings(_Table):
    """[[alerts.route]]: which topics go to which channels; all conditions given must hold."""

    name: Name = Field(description="how `tongsheng alerts test` calls it")
    channels: list[Name] = Field(min_length=1, description="names of [[alerts.channel]] tables")
    language: AlertLanguage = Field("zh", description="zh, en or both")
    categories: list[Category] = Field([], description="any of these; empty = all")
    severity: Severity = Field("info", description="at least this")
    platforms: list[str] = Field([], description="posts on any of these; empty = all")
    regions: list[str] = Field([], description="people of any of these provinces or prefectures; empty = all")
    flags: list[Flag] = Field([], description="any of these; empty = all")
    min_authors: int = Field(0, ge=0, description="distinct authors of the last hour")
    keywords: list[str] = Field([], description="any of these in title or keywords; empty = all")


class AlertsSettings(_Table):
    """[alerts]: who is told what, when and where."""

    timezone: str = Field("Asia/Shanghai", description="of times in messages, quiet hours and digests")
    notable_authors: int = Field(50, ge=1, description="from so many distinct authors an hour a topic is notable")
    high_authors: int = Field(
        500, ge=1, description="from so many it is high; a fifth suffices where children are harmed"
    )
    gather_s: int = Field(120, ge=0, le=3600, description="what changes within this time is told in one message")
    state_minutes: int = Field(30, ge=0, le=1440, description="least time between messages that only tell a new state")
    most_at_once: int = Field(5, ge=1, le=50, description="single messages to a channel at once; the rest in a summary")
    stale_minutes: int = Field(30, ge=5, le=1440, description="what is told later than this comes in a summary")
    expire_minutes: int = Field(
        60, ge=5, le=1440, description="what a channel did not take this long goes to a summary"
    )
    archives: bool = Field(
        default=False, description="true: topics of archives that are replayed (files, not streams) are told, too"
    )
    operators: list[Name] = Field([], description="channels told of trouble with channels, and of blocked alerts")
    allow_hosts: list[str] = Field(
        [], description="hosts that may have a private address or no TLS; others must be public and https"
    )
    channel: list[ChannelSettings] = Field([], description="see [[alerts.channel]]")
    route: list[RouteSettings] = Field([], description="see [[alerts.route]]")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("there is no such time zone; write for example Asia/Shanghai") from None
        return name

    @model_validator(mode="before")
    @classmethod
    def _console_has_moved(cls, given: Any) -> Any:
        if isinstance(given, dict) and "console" in given:
            raise ValueError(
                "console is now feed.public_url: write its address there, under [feed]; messages link to it"
            )
        return given

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        known = [channel.name for channel in self.channel]
        for what, names in (("channel", known), ("route", [route.name for route in self.route])):
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice:
                raise ValueError(f"two {what}s are called {twice}; give each its own name")
        wanted = [(f"route {route.name}", name) for route in self.route for name in route.channels]
        for where, name in [*wanted, *(("operators", name) for name in self.operators)]:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {near[0]}?" if near else f"; known: {', '.join(known) or 'none'}"
                raise ValueError(f"{where}: there is no channel {name}{hint}")
        if self.high_authors < self.notable_authors:
            raise ValueError("high_authors is below notable_authors")
        return self
