"""The webhook and the WeChat callback over real sockets: signatures, answers behind the acknowledgement, push-back."""

import base64
import hashlib
import inspect
import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from fastapi import FastAPI

from contracts.errors import SourceError
from contracts.post import Author, Post, encode_post
from contracts.rejection import Rejected
from producers.serving import Inbox, ServedSource
from producers.webhook import SIGNATURE, TIMESTAMP, sign, webhook_app
from producers.wechat_callback import wechat_app
from producers.wechat_crypto import WechatCipher
from tests.reading import KEYS
from tests.services import PATIENCE_S, poll_until

NOW_MS = 1_772_416_800_000
NOW_S = str(NOW_MS // 1000)
BRIEFLY_S = 0.5
SECRET = b"sixteen characters and more"


@dataclass
class Served:
    """A source that is read on a thread, as `produce` would; `hold` keeps Kafka from acknowledging."""

    client: httpx.Client
    found: queue.Queue[Post | Rejected] = field(default_factory=queue.Queue)
    hold: threading.Event = field(default_factory=threading.Event)

    def posts(self) -> list[Post | Rejected]:
        return [self.found.get_nowait() for _ in range(self.found.qsize())]


@contextmanager
def serving(app: FastAPI, inbox: Inbox) -> Iterator[Served]:
    stopping = threading.Event()
    source = ServedSource("hook", app, inbox, listen="127.0.0.1:0", is_stopping=stopping.is_set)
    with httpx.Client(timeout=PATIENCE_S, trust_env=False) as client:
        served = Served(client)
        served.hold.set()

        def read() -> None:
            for item in source.items():
                if item is None:
                    served.hold.wait(PATIENCE_S)
                else:
                    served.found.put(item.what)

        thread = threading.Thread(target=read)
        thread.start()
        poll_until(lambda: source.port > 0, what="the source listens")
        client.base_url = httpx.URL(f"http://127.0.0.1:{source.port}")
        try:
            yield served
        finally:
            served.hold.set()
            stopping.set()
            thread.join(PATIENCE_S)


@contextmanager
def webhook(ack_s: float) -> Iterator[Served]:
    inbox = Inbox(1)
    app = webhook_app("hook", inbox, secret=SECRET, max_bytes=10_000, keys=KEYS, clock=lambda: NOW_MS, ack_s=ack_s)
    with serving(app, inbox) as served:
        yield served


@pytest.fixture
def hook() -> Iterator[Served]:
    with webhook(PATIENCE_S) as served:
        yield served


@pytest.fixture
def hasty_hook() -> Iterator[Served]:
    """It waits for an acknowledgement so briefly that a test need not."""
    with webhook(BRIEFLY_S) as served:
        yield served


def post(number: int) -> Post:
    return Post(id=f"weibo:{number}", platform="weibo", at_ms=NOW_MS, author=Author(key="42"), text="孩子")


def lines(*numbers: int) -> bytes:
    return b"\n".join(encode_post(post(number)) for number in numbers)


def send(
    served: Served, body: bytes, *, timestamp: str = NOW_S, secret: bytes = SECRET, signature: str = ""
) -> httpx.Response:
    headers = {TIMESTAMP: timestamp, SIGNATURE: signature or sign(secret, timestamp, body)}
    return served.client.post("/posts", content=body, headers=headers)


def test_a_signed_batch_is_taken_and_counted(hook: Served) -> None:
    """User ids of Post lines are hashed on arrival, as of every other source; what is bad is rejected beside them."""
    answer = send(hook, lines(1, 2) + b"\nrubbish")

    assert (answer.status_code, answer.json()) == (202, {"accepted": 2, "rejected": 1})
    first, second, bad = hook.posts()
    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert isinstance(bad, Rejected)
    assert first.author.key == KEYS.of("weibo", "42")


def test_what_a_crawler_wrote_is_taken_as_it_is(hook: Served) -> None:
    """An array of Weibo's statuses, for instance; its author has the key that a file would give."""
    status = {"created_at": "Mon Mar 02 09:59:00 +0800 2026", "mid": "7", "text": "孩子", "user": {"id": 42}}

    answer = send(hook, json.dumps([status]).encode())

    assert answer.status_code == 202
    (found,) = hook.posts()
    assert isinstance(found, Post)
    assert (found.id, found.author.key, found.archived) == ("weibo:7", KEYS.of("weibo", "42"), False)


REFUSED = {
    "wrong-secret": ({"secret": b"another secret of this size"}, 401),
    "no-signature": ({"signature": "x"}, 401),
    "old": ({"timestamp": str(NOW_MS // 1000 - 301)}, 401),
    "ahead": ({"timestamp": str(NOW_MS // 1000 + 301)}, 401),
    "no-time": ({"timestamp": "now"}, 401),
}


@pytest.mark.parametrize(("how", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_signed_now_is_refused(hook: Served, how: dict[str, str], status: int) -> None:
    """A wrong secret, an old request sent again; nothing of it is kept, the secret stands in no answer."""
    answer = send(hook, lines(1), **how)  # type: ignore[arg-type]  # of several types by name

    assert answer.status_code == status
    assert SECRET.decode() not in answer.text
    assert hook.posts() == []


def test_a_changed_body_is_refused(hook: Served) -> None:
    """The signature is over time and body."""
    assert send(hook, lines(1), signature=sign(SECRET, NOW_S, lines(2))).status_code == 401


@pytest.mark.parametrize(("body", "status"), [(b"x" * 10_001, 413), (b"hello\n", 400)], ids=["long", "unknown"])
def test_a_body_that_cannot_be_used_is_told(hook: Served, body: bytes, status: int) -> None:
    """Too long, or in no known format."""
    assert send(hook, body).status_code == status


def test_nothing_but_posts_is_answered(hook: Served) -> None:
    """No list of what there is, no documentation."""
    assert [hook.client.get(path).status_code for path in ("/", "/posts", "/docs", "/openapi.json")] == [
        404,
        405,
        404,
        404,
    ]


def test_the_answer_waits_for_the_acknowledgement_and_the_queue_is_short(hasty_hook: Served) -> None:
    """503 while Kafka does not take it, 429 once one more waits; sent again later it is taken."""
    hook = hasty_hook
    hook.hold.clear()

    first = send(hook, lines(1))  # taken by the sender, never acknowledged
    poll_until(lambda: hook.found.qsize() == 1, what="the sender has it")
    second = send(hook, lines(2))  # waits in the queue
    third = send(hook, lines(3))
    hook.hold.set()

    assert (first.status_code, second.status_code, third.status_code) == (503, 503, 429)
    assert int(third.headers["Retry-After"]) > 0
    poll_until(lambda: send(hook, lines(3)).status_code == 202, what="it is taken")


def test_a_port_that_is_taken_is_named(hook: Served) -> None:
    """At the start, with the source's name."""
    taken = f"127.0.0.1:{hook.client.base_url.port}"

    with pytest.raises(SourceError, match="hook: cannot listen on"):
        next(iter(ServedSource("hook", FastAPI(), Inbox(1), listen=taken, is_stopping=lambda: False).items()))


# ---- WeChat

TOKEN, APP_ID = "a-token-of-ours", "wx1234567890abcdef"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
XML = (
    "<xml><ToUserName>us</ToUserName><FromUserName>open-42</FromUserName><CreateTime>{at}</CreateTime>"
    "<MsgType>{kind}</MsgType>{more}<MsgId>{name}</MsgId></xml>"
)


def xml(*, kind: str = "text", more: str = "<Content><![CDATA[孩子走失了]]></Content>", name: str = "777") -> bytes:
    return XML.format(at=NOW_S, kind=kind, more=more, name=name).encode()


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def encrypted(message: bytes, app_id: str = APP_ID) -> str:
    """As WeChat does it."""
    key = base64.b64decode(AES_KEY + "=")
    plain = bytes(16) + len(message).to_bytes(4, "big") + message + app_id.encode()
    padding = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes((padding,)) * padding) + encryptor.finalize()).decode()


@contextmanager
def wechat(cipher: WechatCipher | None, ack_s: float = PATIENCE_S) -> Iterator[Served]:
    inbox = Inbox(1)
    app = wechat_app(
        "tips", inbox, path="/wechat", token=TOKEN, cipher=cipher, keys=KEYS, clock=lambda: NOW_MS, ack_s=ack_s
    )  # fmt: skip
    with serving(app, inbox) as served:
        yield served


@pytest.fixture
def plain() -> Iterator[Served]:
    with wechat(None) as served:
        yield served


@pytest.fixture
def safe_mode() -> Iterator[Served]:
    with wechat(WechatCipher(AES_KEY, APP_ID)) as served:
        yield served


def signed(**more: str) -> dict[str, str]:
    return {"timestamp": NOW_S, "nonce": "n", "signature": signature(TOKEN, NOW_S, "n"), **more}


def test_the_handshake_echoes_what_is_signed(plain: Served) -> None:
    """And nothing else."""
    good = plain.client.get("/wechat", params=signed(echostr="12345"))
    bad = plain.client.get("/wechat", params={**signed(echostr="12345"), "nonce": "m"})

    assert (good.status_code, good.text) == (200, "12345")
    assert (bad.status_code, "12345" in bad.text) == (403, False)


def test_a_plain_message_is_taken_and_tells_nobody(plain: Served) -> None:
    """Its id and sender are hashed; of kind message, which is never sampled."""
    answer = plain.client.post("/wechat", params=signed(), content=xml())

    assert (answer.status_code, answer.text) == (200, "success")
    (found,) = plain.posts()
    assert isinstance(found, Post)
    assert (found.kind, found.text, found.at_ms, found.platform) == ("message", "孩子走失了", NOW_MS, "wechat")
    assert "777" not in found.id
    assert "open-42" not in found.author.key


def test_a_message_that_comes_again_is_taken_once(plain: Served) -> None:
    """WeChat asks three times; each is answered with success."""
    answers = [plain.client.post("/wechat", params=signed(), content=xml()) for _ in range(3)]

    assert {answer.text for answer in answers} == {"success"}
    assert len(plain.posts()) == 1


KINDS = {
    "voice": ("<Recognition>我的孩子</Recognition>", "我的孩子", (0, 0, 0)),
    "image": ("<PicUrl>http://a/1</PicUrl>", "", (1, 0, 0)),
    "video": ("<MediaId>1</MediaId>", "", (0, 1, 0)),
    "link": ("<Title>校车</Title><Description>说明</Description><Url>http://a</Url>", "校车\n说明", (0, 0, 1)),
    "location": ("<Location_X>23.1</Location_X><Label>某街某号</Label>", "", (0, 0, 0)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_message_is_read(plain: Served, kind: str) -> None:
    """A picture is a number, a place on a map is left out: it may be where a child is."""
    more, text, numbers = KINDS[kind]

    plain.client.post("/wechat", params=signed(), content=xml(kind=kind, more=more))

    (found,) = plain.posts()
    assert isinstance(found, Post)
    assert (found.text, (found.pictures, found.videos, found.links)) == (text, numbers)


def test_an_event_is_answered_and_no_post(plain: Served) -> None:
    """Somebody follows the account: nobody wrote anything."""
    event = xml(kind="event", more="<Event>subscribe</Event>", name="")

    assert plain.client.post("/wechat", params=signed(), content=event).text == "success"
    assert plain.posts() == []


HOSTILE = {
    "wrong-signature": (xml(), {"signature": "0" * 40}, 403),
    "no-xml": (b"hello", {}, 400),
    "entities": (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml>&a;</xml>', {}, 400),
    "no-sender": (b"<xml><MsgType>text</MsgType><MsgId>1</MsgId></xml>", {}, 400),
    "long": (b"x" * 70_000, {}, 413),
}


@pytest.mark.parametrize(("body", "query", "status"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_wechat_did_not_send_is_refused(plain: Served, body: bytes, query: dict[str, str], status: int) -> None:
    """Without a word of the token."""
    answer = plain.client.post("/wechat", params=signed(**query), content=body)

    assert (answer.status_code, plain.posts()) == (status, [])
    assert TOKEN not in answer.text


def in_safe_mode(secret: str) -> tuple[dict[str, str], bytes]:
    query = {
        "timestamp": NOW_S,
        "nonce": "n",
        "encrypt_type": "aes",
        "msg_signature": signature(TOKEN, NOW_S, "n", secret),
    }
    return query, f"<xml><ToUserName>us</ToUserName><Encrypt><![CDATA[{secret}]]></Encrypt></xml>".encode()


def test_an_encrypted_message_is_taken(safe_mode: Served) -> None:
    """The signature is over the encrypted text."""
    query, body = in_safe_mode(encrypted(xml()))

    answer = safe_mode.client.post("/wechat", params=query, content=body)

    (found,) = safe_mode.posts()
    assert answer.text == "success"
    assert isinstance(found, Post)
    assert found.text == "孩子走失了"


def test_what_is_encrypted_for_another_account_is_refused(safe_mode: Served) -> None:
    """As is a plain message, a changed one, and padding that is none: all with the same words."""
    other = in_safe_mode(encrypted(xml(), "wx-another"))
    rubbish = in_safe_mode(base64.b64encode(bytes(64)).decode())
    short = in_safe_mode("AAAA")
    query, body = in_safe_mode(encrypted(xml()))

    answers = [
        safe_mode.client.post("/wechat", params=params, content=content)
        for params, content in (
            other,
            rubbish,
            short,
            (signed(), xml()),
            (query, body.replace(b"<Encrypt>", b"<Encrypt>A")),
        )
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 403, 403]
    assert len({answer.text for answer in answers[:3]}) == 1
    assert safe_mode.posts() == []


def test_a_message_that_is_not_safe_yet_is_not_called_taken() -> None:
    """Kafka that does not answer makes nobody wait for it; asked again, it is answered for once it is there."""

    def sent(name: str) -> str:
        return served.client.post("/wechat", params=signed(), content=xml(name=name)).text

    with wechat(None, BRIEFLY_S) as served:
        served.hold.clear()
        early = [sent("1")]
        poll_until(lambda: served.found.qsize() == 1, what="the sender has it")
        early += [sent(name) for name in ("2", "3", "1")]
        served.hold.set()
        for name in ("1", "2"):
            poll_until(lambda name=name: sent(name) == "success", what=f"{name} is safe")  # type: ignore[misc]  # bound at once

    assert early == ["not yet", "not yet", "busy", "not yet"]
    assert len(served.posts()) == 2


def test_wechat_is_answered_before_it_gives_up() -> None:
    """After five seconds it tells the person that the account is out of order."""
    assert inspect.signature(wechat_app).parameters["ack_s"].default < 5


@pytest.mark.parametrize("key", ["short", "!" * 43, ""])
def test_a_wrong_key_is_refused_at_the_start(key: str) -> None:
    """Without a word of it."""
    with pytest.raises(ValueError, match="EncodingAESKey"):
        WechatCipher(key, APP_ID)
