"""A Mattermost bot account: one thread a topic, the curve as a picture in the message.

<https://developers.mattermost.com/api-documentation/>
"""

import json
import re
from http import HTTPStatus
from typing import Any

from alerts.answers import by_status, json_of, unclear
from alerts.http import Http
from alerts.message import Message
from alerts.picture import picture
from alerts.senders.bots import PICTURE_NAME, Bot, Caller, is_pressing, threaded
from alerts.senders.mattermost import Mattermost
from alerts.sending import Answer, Delivered, Outcome, Refused
from contracts.alert_settings import ChannelSettings

__all__ = ["MattermostBot"]

_PLACE = re.compile("[a-z0-9]{26}")


class MattermostBot(Bot):
    """See alerts.sending.Channel."""

    def __init__(self, channel: ChannelSettings, http: Http, *, url: str, token: str, zone: str) -> None:
        """Take its settings; `url` is that of the server."""
        super().__init__(channel, Caller(http, url, token), zone, Mattermost("", channel.prefix))

    def send(self, body: str, message: Message, at_ms: int, *, thread: str = "") -> Outcome:  # noqa: ARG002 - unsigned
        """See Channel.send; what presses is posted outside of its thread, where nobody can miss it."""
        said = json.loads(body)
        files = self._uploaded(message) if said["attachments"][0]["fields"] else []  # not beside the shortest form

        def post(thread: str) -> Outcome:
            told: dict[str, Any] = {
                "channel_id": self._room,
                "message": said["text"],
                "props": {"attachments": said["attachments"]},
                "root_id": thread,
                "file_ids": files,
            }
            content = json.dumps(told, ensure_ascii=False).encode()
            return self._api.ask("/api/v4/posts", content, "application/json", lambda one: _judge(one, thread))

        return threaded(post, "" if is_pressing(message) else thread)

    def follow(self, message: Message, place: str) -> None:
        """Nothing: the picture is a part of the message."""

    def _uploaded(self, message: Message) -> list[str]:
        """Id of the picture; [] where there is none, or it was not taken."""
        png = picture(message.alert.curve, self._zone)
        if not png:
            return []
        path = f"/api/v4/files?channel_id={self._room}&filename={PICTURE_NAME}"
        infos = self._api.try_(path, png, "image/png").get("file_infos")
        found = infos[0].get("id") if isinstance(infos, list) and infos and isinstance(infos[0], dict) else None
        return [found] if isinstance(found, str) else []


def _judge(answer: Answer, thread: str) -> Outcome:
    """201 with the post that was made; 400 where it is wrong, for instance its thread is gone."""
    if (early := by_status(answer)) is not None:
        return early
    if answer.status == HTTPStatus.BAD_REQUEST:
        return Refused("HTTP 400: the post is not taken", scope="message")
    place = (json_of(answer) or {}).get("id")
    if answer.status == HTTPStatus.CREATED and isinstance(place, str) and _PLACE.fullmatch(place):
        return Delivered(thread or place)
    return unclear(answer)
