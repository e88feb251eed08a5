"""What bots of apps share: they speak with a token, may thread what is about one topic, and may show a picture."""

import logging
from collections.abc import Callable
from typing import Any

from alerts.answers import json_of
from alerts.http import Http, RefusedAddressError, UnansweredError
from alerts.message import Message
from alerts.sending import Answer, App, Outcome, Rate, Refused, Request, RetryAt
from alerts.story import URGENT
from contracts.alert_settings import ChannelSettings
from detectors.payload import Format, Frame

__all__ = ["PICTURE_NAME", "Bot", "Caller", "is_pressing", "threaded"]

log = logging.getLogger(__name__)

PICTURE_NAME = "curve.png"


def is_pressing(message: Message) -> bool:
    """Whether a later message must be seen by those who do not look into threads."""
    return not URGENT.isdisjoint(message.alert.changes)


def threaded(post: Callable[[str], Outcome], thread: str) -> Outcome:
    """Post into the thread; where the app refuses that, for it may be gone, outside of it: nothing was posted yet."""
    outcome = post(thread)
    if thread and isinstance(outcome, Refused) and outcome.scope == "message":
        return post("")
    return outcome


class Caller:
    """One app's API with a token, which goes to that app's own address and nowhere else."""

    def __init__(self, http: Http, url: str, token: str) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._token = token

    def ask(self, path: str, content: bytes, kind: str, judge: Callable[[Answer], Outcome]) -> Outcome:
        """One request of which the outcome counts."""
        try:
            return judge(self._post(self._url + path, content, kind, with_token=True))
        except RefusedAddressError as error:
            return Refused(str(error))
        except UnansweredError as error:
            return RetryAt(str(error), may_have_arrived=error.may_have_arrived)

    def try_(self, path: str, content: bytes, kind: str) -> dict[str, Any]:
        """One request that nothing depends on: its JSON; {} where there is none."""
        return self._quietly(self._url + path, content, kind, with_token=True) or {}

    def give(self, url: str, content: bytes, kind: str) -> bool:
        """Bytes to an address that the app named, without the token; whether they were taken."""
        return self._quietly(url, content, kind, with_token=False) is not None

    def _quietly(self, url: str, content: bytes, kind: str, *, with_token: bool) -> dict[str, Any] | None:
        try:
            answer = self._post(url, content, kind, with_token=with_token)
        except (RefusedAddressError, UnansweredError) as error:
            why = str(error)
        else:
            if answer.status < 300:  # noqa: PLR2004 - taken
                return json_of(answer) or {}
            why = f"HTTP {answer.status}"
        log.info("a picture was not taken: %s", why, extra={"event": "alert.picture"})
        return None

    def _post(self, url: str, content: bytes, kind: str, *, with_token: bool) -> Answer:
        headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {self._token}"} if with_token else {})
        return self._http.post(Request(url=url, headers=headers, content=content))


class Bot:
    """What every bot is made of; it says what the app's webhook would say. See alerts.sending.Channel."""

    form: Format = "json"

    def __init__(self, channel: ChannelSettings, api: Caller, zone: str, said_as: App) -> None:
        """Wire it.

        Args:
            channel: its settings.
            api: of the app.
            zone: time zone of its pictures.
            said_as: the webhook whose form messages take.
        """
        self.name = channel.name
        self.rate: Rate = said_as.rate
        self.frame: Frame = said_as.frame
        self._room = channel.room
        self._api = api
        self._zone = zone
        self._said_as = said_as

    def render(self, message: Message) -> str:
        """See Channel.render."""
        return self._said_as.render(message)
