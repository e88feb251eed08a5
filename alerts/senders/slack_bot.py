"""A Slack app's bot: one thread a topic, the curve as a picture in it (docs.slack.dev: chat.postMessage, files).

Needs the scopes chat:write and files:write, and to be a member of the room.
"""

import json
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from alerts.answers import by_status, json_of, unclear
from alerts.http import Http
from alerts.message import Message
from alerts.picture import picture
from alerts.senders.bots import PICTURE_NAME, Bot, Caller, is_pressing, threaded
from alerts.senders.slack import Slack
from alerts.sending import Answer, Delivered, Outcome, Refused, RetryAt
from contracts.alert_settings import ChannelSettings

__all__ = ["SlackBot"]

_API = "https://slack.com/api"
_JSON = "application/json; charset=utf-8"
_FORM = "application/x-www-form-urlencoded"
_PLACE = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
_LATER = frozenset({"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "request_timeout"})
_IN_DOUBT = frozenset({"internal_error", "fatal_error"})
_OF_MESSAGE = frozenset({
    "blocks_too_long",
    "cannot_reply_to_message",
    "invalid_arguments",
    "invalid_blocks",
    "invalid_blocks_format",
    "message_not_found",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
    "thread_not_found",
    "too_many_attachments",
})  # fmt: skip
_HINTS = {
    "channel_not_found": "check its room, and invite the bot there",
    "not_in_channel": "invite the bot to its room",
    "is_archived": "its room is archived",
    "missing_scope": "the bot needs chat:write and files:write",
    "invalid_auth": "check its token",
    "token_revoked": "it needs a new token",
    "account_inactive": "the bot was removed",
}


class SlackBot(Bot):
    """See alerts.sending.Channel."""

    def __init__(self, channel: ChannelSettings, http: Http, *, url: str, token: str, zone: str) -> None:
        """Take its settings; `url` is Slack's own where it is ""."""
        super().__init__(channel, Caller(http, url or _API, token), zone, Slack("", channel.prefix))

    def send(self, body: str, message: Message, at_ms: int, *, thread: str = "") -> Outcome:  # noqa: ARG002 - unsigned
        """See Channel.send; what presses is shown in the room besides its thread."""

        def post(thread: str) -> Outcome:
            told: dict[str, Any] = {"channel": self._room, **json.loads(body)}
            if thread:
                told |= {"thread_ts": thread, "reply_broadcast": is_pressing(message)}
            content = json.dumps(told, ensure_ascii=False).encode()
            return self._api.ask("/chat.postMessage", content, _JSON, lambda answer: _judge(answer, thread))

        return threaded(post, thread)

    def follow(self, message: Message, place: str) -> None:
        """The picture, into the thread: Slack takes files in three steps."""
        png = picture(message.alert.curve, self._zone)
        if not png:
            return
        asked = urlencode({"filename": PICTURE_NAME, "length": len(png)}).encode()
        given = self._api.try_("/files.getUploadURLExternal", asked, _FORM)
        url, name = given.get("upload_url"), given.get("file_id")
        if isinstance(url, str) and isinstance(name, str) and self._api.give(url, png, "image/png"):
            shared = {"files": [{"id": name}], "channel_id": self._room, "thread_ts": place}
            self._api.try_("/files.completeUploadExternal", json.dumps(shared).encode(), _JSON)


def _judge(answer: Answer, thread: str) -> Outcome:
    """The word in the body decides; Slack answers 200 also to what it refuses."""
    if (early := by_status(answer)) is not None:
        return early
    found = json_of(answer) or {}
    if found.get("ok") is True and answer.status == HTTPStatus.OK:
        place = str(found.get("ts", ""))
        return Delivered(thread or (place if _PLACE.fullmatch(place) else ""))
    word = found.get("error")
    if not isinstance(word, str):
        return unclear(answer)
    return _by_word(word if re.fullmatch("[a-z_]{1,60}", word) else "an error")


def _by_word(word: str) -> Outcome:
    if word in _LATER:
        return RetryAt(word, after_s=30)
    if word in _IN_DOUBT:
        return RetryAt(word, may_have_arrived=True)
    if word in _OF_MESSAGE:
        return Refused(word, scope="message")
    return Refused(f"{word}: {_HINTS[word]}" if word in _HINTS else word)
