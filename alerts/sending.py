"""What the sending of a message can come to, and what every app has to be able to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from alerts.message import Message
from detectors.payload import Format, Frame

__all__ = ["Answer", "App", "Channel", "Delivered", "Outcome", "Rate", "Refused", "Request", "RetryAt"]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The app said that it has the message.

    Attributes:
        place: where the thread of its topic begins, in the app's own words; "" where it does not say.
    """

    place: str = ""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """The app did not take it now; the same message may be taken later.

    Attributes:
        why: for the log; nothing of the message, nothing of the address.
        after_s: how long it asks to wait; None = as we see fit.
        may_have_arrived: whether the app may have shown it although we have no answer that says so.
    """

    why: str
    after_s: float | None = None
    may_have_arrived: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The same message will not be taken again as things stand; a person has to look.

    Attributes:
        why: for the log and the operator.
        scope: "channel": address, secret or robot are wrong, so it holds for all messages; "message": this one only.
    """

    why: str
    scope: Literal["channel", "message"] = "channel"


Outcome = Delivered | RetryAt | Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How fast messages may come: `burst` at once, one more every `every_s` seconds."""

    every_s: float
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an HTTP server answered; the body is cut at `http.MAX_ANSWER_BYTES`.

    Attributes:
        is_whole: false where the connection ended before the body did.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One POST."""

    url: str
    headers: Mapping[str, str]
    content: bytes


class App(Protocol):
    """What an app with a webhook wants; pure."""

    rate: Rate
    frame: Frame  # the keys of its body, for the last guard

    def render(self, message: Message) -> str:
        """The body before it is signed, within the app's limits."""
        ...

    def request(self, body: str, *, id: str, at_ms: int) -> Request:  # noqa: A002 - as Standard Webhooks calls it
        """The body, signed."""
        ...

    def judge(self, answer: Answer) -> Outcome:
        """What the answer means."""
        ...


class Channel(Protocol):
    """One place that messages go to."""

    name: str
    rate: Rate
    form: Format
    frame: Frame

    def render(self, message: Message) -> str:
        """All that will be sent, so that the last guard can read it: of this form, with the keys of this frame."""
        ...

    def send(self, body: str, message: Message, at_ms: int, *, thread: str = "") -> Outcome:
        """Send what `render` gave; raises nothing for what the network or the app may do.

        Args:
            body: as rendered and checked.
            message: what it was made of.
            at_ms: wall clock, for signatures.
            thread: `Delivered.place` of an earlier message on the same topic, for apps that have threads.
        """
        ...

    def follow(self, message: Message, place: str) -> None:
        """As best effort, after the outcome is noted: the picture of the curve, where the body cannot hold it."""
        ...
