"""All the other apps that apprise knows, as best effort: text only, and only "sent" or "not sent" comes back."""

import importlib
from types import ModuleType

from alerts.fit import widened
from alerts.message import Message, Part
from alerts.sending import Delivered, Outcome, Rate, RetryAt
from contracts.errors import SettingsError
from detectors.payload import NO_FRAME, Format

__all__ = ["Others"]


class Others:
    """See alerts.sending.Channel. It is apprise that connects: addresses are not checked, limits are its own."""

    rate = Rate(every_s=5.0, burst=1)
    form: Format = "text"
    frame = NO_FRAME

    def __init__(self, name: str, url: str) -> None:
        """Take an apprise address.

        Raises:
            SettingsError: apprise is not installed, or does not know such an address.
        """
        self.name = name
        self._apprise = _apprise()
        self._url = url
        if not self._apprise.Apprise().add(url):
            raise SettingsError("alerts.channel.url", f"of {name}: apprise knows no such address")

    def render(self, message: Message) -> str:
        """Plain lines."""
        return "\n\n".join(_text(part, message.link) for part in message.parts)

    def follow(self, message: Message, place: str) -> None:
        """Nothing: text only."""

    def send(self, body: str, message: Message, at_ms: int, *, thread: str = "") -> Outcome:  # noqa: ARG002 - see Channel
        """See Channel.send."""
        made = self._apprise.Apprise()
        made.add(self._url)
        title, _, text = body.partition("\n")
        is_sent = made.notify(title=title, body=text)
        return Delivered() if is_sent else RetryAt("apprise could not send it", may_have_arrived=True)


def _apprise() -> ModuleType:
    try:
        return importlib.import_module("apprise")
    except ImportError:
        raise SettingsError(
            "alerts.channel.kind", "apprise is not installed; install tongsheng with its extra: tongsheng[apprise]"
        ) from None


def _text(part: Part, link: str) -> str:
    lines = [part.headline, part.lead, *(f"⚑ {note}" for note in part.notes)]
    lines += [*(f"{fact.label}: {fact.value}" for fact in part.facts), *part.items, part.footer]
    said = "\n".join(widened(line) for line in lines if line)
    return f"{said}\n{link}" if link else said
