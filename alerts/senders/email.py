"""E-mail by SMTP: plain text and HTML, threaded by topic."""

import html
import json
import re
import smtplib
import socket
import ssl
from collections.abc import Collection, Sequence
from contextlib import ExitStack, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from alerts.calendar import local
from alerts.deadline import Deadline
from alerts.fit import plain
from alerts.http import RefusedAddressError, checked_address
from alerts.message import Fact, Message, Part
from alerts.picture import WIDTH, picture
from alerts.sending import Delivered, Outcome, Rate, Refused, RetryAt
from detectors.payload import Format, Frame

__all__ = ["Email"]

_TIMEOUT_S = 15.0  # of each answer
_WHOLE_S = 60.0
_PORTS = {"smtp": 587, "smtps": 465}
_TEMPORARY = range(400, 500)
_PICTURE = "cid:curve"  # until it is addressed


class Email:
    """See alerts.sending.Channel."""

    rate = Rate(every_s=2.0, burst=5)
    form: Format = "json"
    frame = Frame(keys=frozenset({"subject", "text", "html"}))

    def __init__(
        self,
        name: str,
        url: str,
        *,
        sender: str,
        to: Sequence[str],
        allowed: Collection[str] = (),
        zone: str = "UTC",
        whole_s: float = _WHOLE_S,
    ) -> None:
        """Name server, sender and receivers.

        Args:
            name: of the channel.
            url: smtp://user:password@host:port, which starts TLS, or smtps://.
            sender: From; its domain ends the message ids.
            to: receivers, who see each other.
            allowed: hosts that may have a private address and no TLS.
            zone: of the Date.
            whole_s: seconds that sending may take in all.
        """
        self.name = name
        self._url = urlsplit(url)
        self._sender = sender
        self._to = list(to)
        self._allowed = frozenset(allowed)
        self._zone = zone
        self._whole_s = whole_s

    def render(self, message: Message) -> str:
        """Subject, text and HTML as JSON; addresses and ids are put on when it is sent."""
        said = {
            "subject": plain(message.parts[0].headline),
            "text": "\n\n".join(_text(part, message.link) for part in message.parts),
            "html": "".join(_html(part, message.link) for part in message.parts),
        }
        return json.dumps(said, ensure_ascii=False)

    def follow(self, message: Message, place: str) -> None:
        """Nothing: the picture is a part of the message."""

    def send(self, body: str, message: Message, at_ms: int, *, thread: str = "") -> Outcome:  # noqa: ARG002 - by topic
        """See Channel.send."""
        try:
            return self._deliver(self._addressed(json.loads(body), message, at_ms))
        except RefusedAddressError as error:
            return Refused(str(error))
        except smtplib.SMTPResponseException as error:
            what = f"SMTP {error.smtp_code}"
            return RetryAt(what) if error.smtp_code in _TEMPORARY else Refused(what)
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({code for code, _ in error.recipients.values()})
            what = f"no receiver was taken (SMTP {', '.join(map(str, codes))})"
            return RetryAt(what) if all(code in _TEMPORARY for code in codes) else Refused(what)
        except ssl.SSLCertVerificationError:
            return Refused("its certificate is not valid")
        except (smtplib.SMTPException, OSError) as error:
            return RetryAt(type(error).__name__, may_have_arrived=isinstance(error, smtplib.SMTPServerDisconnected))

    def _addressed(self, said: dict[str, str], message: Message, at_ms: int) -> EmailMessage:
        """The message with its heads.

        The id is that of the alert on every attempt: servers and readers that know it show it once.
        """
        domain = re.sub(r"[^A-Za-z0-9.-]", "", self._sender.rpartition("@")[2]) or "localhost"
        made = EmailMessage(policy=SMTP)
        made["From"], made["To"] = self._sender, ", ".join(self._to)
        made["Subject"] = said["subject"]
        made["Date"] = format_datetime(local(at_ms, self._zone))
        made["Message-ID"] = f"<{_id(message.id)}@{domain}>"
        if message.about:
            made["References"] = f"<{_id(message.about)}@{domain}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(said["text"])
        drawn = f"curve.{_id(message.id)}@{domain}"  # a name of its own, for readers keep pictures by it
        page = said["html"].replace(_PICTURE, f"cid:{drawn}")
        made.add_alternative(f"<!doctype html><meta charset=utf-8>{page}", subtype="html")
        if page != said["html"]:
            self._draw(made, message, drawn)
        return made

    def _draw(self, made: EmailMessage, message: Message, name: str) -> None:
        *_, page = made.iter_parts()
        png = picture(message.alert.curve, self._zone)
        page.add_related(png, "image", "png", cid=f"<{name}>", filename="curve.png", disposition="inline")

    def _deliver(self, made: EmailMessage) -> Outcome:
        host = self._url.hostname or ""
        port = self._url.port or _PORTS[self._url.scheme]
        context = ssl.create_default_context()
        address = checked_address(host, port, self._allowed)
        with Deadline(self._whole_s) as deadline, ExitStack() as stack:
            if self._url.scheme == "smtps":
                server: smtplib.SMTP = _CheckedTls(address, host, port, deadline, context)
            else:
                server = _Checked(address, host, port, deadline)
            stack.enter_context(server)
            server.ehlo()
            if self._url.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
                deadline.watch(server.sock)
                server.ehlo()
            elif self._url.scheme == "smtp" and host not in self._allowed:
                return Refused("it offers no TLS; use smtps://, or allow it by name in alerts.allow_hosts")
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            server.send_message(made)
            with suppress(smtplib.SMTPException, OSError):  # the mail is taken, however the server says good-bye
                server.quit()
        return Delivered()


class _Checked(smtplib.SMTP):
    """Connects to an address that was checked, and within a deadline; the name stays for the certificate."""

    def __init__(self, address: str, host: str, port: int, deadline: Deadline) -> None:
        self._address = address
        self._deadline = deadline
        super().__init__(host, port, timeout=_TIMEOUT_S)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - smtplib's signature
        made = socket.create_connection((self._address, port), timeout)
        self._deadline.watch(made)  # the greeting is read before the constructor ends
        return made


class _CheckedTls(smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""

    def __init__(self, address: str, host: str, port: int, deadline: Deadline, context: ssl.SSLContext) -> None:
        self._address = address
        self._deadline = deadline
        super().__init__(host, port, timeout=_TIMEOUT_S, context=context)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain_socket = socket.create_connection((self._address, port), timeout)
        self._deadline.watch(plain_socket)
        made = self.context.wrap_socket(plain_socket, server_hostname=host)
        self._deadline.watch(made)
        return made


def _id(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", ".", text)


def _text(part: Part, link: str) -> str:
    lines = [part.headline, "", part.lead, *(f"⚑ {note}" for note in part.notes)]
    lines += [f"{fact.label}: {fact.value}" for fact in part.facts]
    lines += [f"- {item}" for item in part.items]
    lines += [f"{part.link}: {link}"] if link else []
    return "\n".join(plain(line) for line in [*lines, part.footer])


def _html(part: Part, link: str) -> str:
    rows = "".join(f"<tr valign=top><th align=left nowrap>{_safe(fact.label)}<td>{_value(fact)}" for fact in part.facts)
    items = "".join(f"<li>{_safe(item)}" for item in part.items)
    notes = "".join(f"<p><b>⚑ {_safe(note)}</b>" for note in part.notes)
    opened = f'<p><a href="{html.escape(link)}">{_safe(part.link)}</a>' if link else ""
    table = f"<table cellpadding=4>{rows}</table>" if rows else ""
    listed = f"<ul>{items}</ul>" if items else ""
    footer = f"<p><small>{_safe(part.footer)}</small>" if part.footer else ""
    return f"<h3>{_safe(part.headline)}</h3><p>{_safe(part.lead)}</p>{notes}{table}{listed}{opened}{footer}"


def _value(fact: Fact) -> str:
    """The curve as a picture, with its blocks for those who see none."""
    if not fact.is_curve:
        return _safe(fact.value)
    return f'<img src="{_PICTURE}" alt="{_safe(fact.value)}" width={WIDTH // 2} style="max-width:100%">'


def _safe(text: str) -> str:
    return html.escape(plain(text))
