"""Mail arrives in the thread of its topic; what its server says, or does not, is understood."""

import contextlib
import email
import socket
import threading
import time
from collections.abc import Iterator
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.channels import channel_of
from alerts.http import Http
from alerts.senders.email import Email
from alerts.sending import Channel, Delivered, Refused, RetryAt
from tests.alert_lines import TOPIC, alert_settings, line
from tests.alert_sending import HOSTILE, alert, send, wording
from tests.services import PATIENCE_S
from tools.ports import find_free_port


class Mailbox:
    """A mail server's people."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refusal = ""
        self.farewell = "221 Bye"

    async def handle_QUIT(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        return self.farewell

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusal:
            return self.refusal
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, Channel]]:
    handler = Mailbox()
    port = find_free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=PATIENCE_S)
    controller.start()
    settings = alert_settings(
        {
            "name": "mail",
            "kind": "email",
            "url": "smtp://x",
            "sender": "alerts@example.org",
            "to": ["duty@example.org"],
        },
        allow_hosts=["127.0.0.1"],
    )
    http = Http()
    yield handler, channel_of(settings.channel[0], settings, http, url=f"smtp://127.0.0.1:{port}", secret="")
    http.close()
    controller.stop()


def test_mail_arrives_with_text_and_html_in_the_thread_of_its_topic(mailbox: tuple[Mailbox, Channel]) -> None:
    """The id is the same on every attempt; what comes on one topic refers to it."""
    handler, channel = mailbox
    hostile = alert(line=line(title=HOSTILE))

    assert [send(channel, wording.message(one)) for one in (alert(), hostile)] == [Delivered(), Delivered()]

    first, second = (email.message_from_bytes(one.original_content or b"", policy=default) for one in handler.taken)
    assert first["Message-ID"] == f"<{TOPIC}.1.duty@example.org>"
    assert first["References"] == f"<{TOPIC}@example.org>"
    assert "【重要】新话题、儿童信息正被扩散｜校园欺凌：视频、中学生" in first["Subject"]
    html_part = second.get_body(("html",))
    assert html_part is not None
    assert '<a href="http://t.cn' not in html_part.get_content()
    assert "<font color" not in html_part.get_content()


def test_mail_shows_the_curve_as_a_picture_in_its_place(mailbox: tuple[Mailbox, Channel]) -> None:
    """Both languages refer to one picture, which travels with the mail; readers of plain text get blocks."""
    handler, channel = mailbox

    assert send(channel, wording.message(alert())) == Delivered()

    made = email.message_from_bytes(handler.taken[0].original_content or b"", policy=default)
    [drawn] = [part for part in made.walk() if part.get_content_type() == "image/png"]
    html_part, text_part = made.get_body(("html",)), made.get_body(("plain",))
    assert html_part is not None
    assert text_part is not None
    assert html_part.get_content().count(f'src="cid:{drawn["Content-ID"].strip("<>")}" alt="▁▂█"') == 2
    assert drawn.get_content()[:4] == b"\x89PNG"
    assert "▁▂█" in text_part.get_content()


@pytest.mark.parametrize(
    ("refusal", "expected"), {"451 later": RetryAt("SMTP 451"), "554 no": Refused("SMTP 554")}.items()
)
def test_what_a_mail_server_says_is_understood(
    mailbox: tuple[Mailbox, Channel], refusal: str, expected: object
) -> None:
    """4xx is for now, 5xx for good."""
    handler, channel = mailbox
    handler.refusal = refusal

    assert send(channel, wording.message(alert())) == expected


def test_mail_is_not_sent_in_the_clear(mailbox: tuple[Mailbox, Channel]) -> None:
    """Unless the host is allowed by name; a private one is not even asked."""
    _, channel = mailbox
    settings = alert_settings(
        {"name": "mail", "kind": "email", "url": "smtp://x", "sender": "a@example.org", "to": ["b@example.org"]}
    )
    http = Http()
    port = channel._url.port  # type: ignore[attr-defined]  # of Email
    strict = channel_of(settings.channel[0], settings, http, url=f"smtp://127.0.0.1:{port}", secret="")
    http.close()

    outcome = send(strict, wording.message(alert()))

    assert isinstance(outcome, Refused)
    assert "not a public one" in outcome.why


def test_a_mail_that_was_taken_is_delivered_however_the_server_parts(mailbox: tuple[Mailbox, Channel]) -> None:
    """Else it would be sent again."""
    handler, channel = mailbox
    handler.farewell = "451 not now"

    assert send(channel, wording.message(alert())) == Delivered()


def test_a_mail_server_that_trickles_is_ended() -> None:
    """Each byte of its greeting comes in time; all of them together do not."""

    def greet(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"220 ")
            while True:
                connection.sendall(b"x")
                time.sleep(0.01)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=greet, args=(listening,))
        thread.start()
        url = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        mail = Email("mail", url, sender="a@example.org", to=["b@example.org"], allowed=["127.0.0.1"], whole_s=0.3)
        outcome = send(mail, wording.message(alert()))
        thread.join()

    assert isinstance(outcome, RetryAt)
