"""Small servers on loopback that speak the protocols of the apps: they check signatures and hold to the limits.

What an app would not take, its server refuses as the app does; what it takes, it remembers. `misbehave` makes it answer
otherwise for the next requests.
"""

import base64
import hashlib
import hmac
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["MISDEEDS", "SECRETS", "AppServer", "Taken", "serving"]

SECRETS = {
    "feishu": "demo",
    "dingtalk": "SECtest",
    "slack-bot": "xoxb-t0ken",
    "mattermost-bot": "t0ken",
    "webhook": "whsec_" + base64.b64encode(b"0123456789abcdef").decode(),
}
_LIMITS = {"feishu": 20_480, "dingtalk": 20_000, "slack": 200_000, "mattermost": 16_383, "webhook": 20_480}
_SKEW_S = {"feishu": 3600, "dingtalk": 3600, "webhook": 300}

Reply = tuple[int, dict[str, str], bytes]
Handle = Callable[["AppServer", dict[str, str], str, bytes], Reply]


@dataclass(frozen=True)
class Taken:
    """One message that the app showed to its people."""

    body: dict[str, Any]
    headers: dict[str, str]
    at_s: float

    @property
    def text(self) -> str:
        """Every string in it, a line each."""
        return "\n".join(strings(self.body))


@dataclass
class AppServer:
    """One app; `url` is its webhook."""

    app: str
    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    pictures: list[tuple[str, bytes]] = field(default_factory=list)  # (thread or id, PNG), of bots
    uploads: dict[str, bytes] = field(default_factory=dict)
    roots: set[str] = field(default_factory=set)  # messages that a thread can begin at
    takes_no_files: bool = False
    asked: int = 0
    misdeeds: deque[Callable[[BaseHTTPRequestHandler, "AppServer", bytes], bool]] = field(default_factory=deque)
    lock: threading.Lock = field(default_factory=threading.Lock)
    clock_s: Callable[[], float] = time.time

    @property
    def url(self) -> str:
        path = {
            "slack-bot": "/api",
            "mattermost-bot": "/",
            "dingtalk": "/robot/send?access_token=t0ken",
            "wecom": "/cgi-bin/webhook/send?key=k3y",
        }
        return f"http://127.0.0.1:{self.port}{path.get(self.app, '/services/T0/B0/s3cret')}"

    def misbehave(self, *deeds: str, times: int = 1) -> None:
        """Do this with the next requests instead; each is a key of MISDEEDS."""
        with self.lock:
            self.misdeeds.extend(MISDEEDS[deed] for _ in range(times) for deed in deeds)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Be quiet."""

    def do_POST(self) -> None:
        app: AppServer = self.server.app  # type: ignore[attr-defined]  # set in serving()
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        is_file = "/files" in self.path or "/upload/" in self.path
        with app.lock:
            app.asked += not is_file
            deed = app.misdeeds.popleft() if app.misdeeds and not is_file else None
            if is_file and app.takes_no_files:
                deed = fail
        if deed is not None and deed(self, app, body):
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.reply(*HANDLERS[app.app](app, headers, self.path, body))

    def reply(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def take(app: AppServer, headers: dict[str, str], body: bytes) -> None:
    with app.lock:
        app.taken.append(Taken(json.loads(body), headers, app.clock_s()))


def said(content: dict[str, Any]) -> Reply:
    return 200, {"Content-Type": "application/json"}, json.dumps(content).encode()


def slack(app: AppServer, headers: dict[str, str], path: str, body: bytes) -> Reply:
    message = json.loads(body)
    blocks = message.get("blocks", [])
    sizes = [len(block["text"]["text"]) <= 3000 for block in blocks if block["type"] == "section" and "text" in block]
    sizes += [len(block["text"]["text"]) <= 150 for block in blocks if block["type"] == "header"]
    sizes += [len(block.get("fields", [])) <= 10 for block in blocks]
    sizes += [len(entry["text"]) <= 2000 for block in blocks for entry in block.get("fields", [])]
    if not message.get("text"):
        return 400, {}, b"no_text"
    if len(blocks) > 50 or not all(sizes) or any(text == "" for text in strings(blocks)):
        return 400, {}, b"invalid_blocks"
    take(app, headers, body)
    return 200, {}, b"ok"


def feishu(app: AppServer, headers: dict[str, str], path: str, body: bytes) -> Reply:
    message = json.loads(body)
    if len(body) > _LIMITS["feishu"] or message.get("msg_type") != "interactive":
        return 400, {}, json.dumps({"code": 9499, "msg": "Bad Request"}).encode()
    stamp = message.get("timestamp", "0")
    key = f"{stamp}\n{SECRETS['feishu']}".encode()
    expected = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    if message.get("sign") != expected or abs(app.clock_s() - int(stamp)) > _SKEW_S["feishu"]:
        return said({"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"})
    take(app, headers, body)
    return said({"code": 0, "msg": "success", "data": {}, "StatusCode": 0, "StatusMessage": "success"})


def dingtalk(app: AppServer, headers: dict[str, str], path: str, body: bytes) -> Reply:
    query = parse_qs(urlsplit(path).query)
    stamp = query.get("timestamp", ["0"])[0]
    text = f"{stamp}\n{SECRETS['dingtalk']}".encode()
    expected = base64.b64encode(hmac.new(SECRETS["dingtalk"].encode(), text, hashlib.sha256).digest()).decode()
    if query.get("access_token") != ["t0ken"]:
        return said({"errcode": 300001, "errmsg": "token is not exist"})
    if query.get("sign") != [expected] or abs(app.clock_s() * 1000 - int(stamp)) > _SKEW_S["dingtalk"] * 1000:
        return said({"errcode": 310000, "errmsg": "sign not match"})
    if len(body) > _LIMITS["dingtalk"]:
        return said({"errcode": 40035, "errmsg": "message too long, exceed 20000 bytes"})
    take(app, headers, body)
    return said({"errcode": 0, "errmsg": "ok"})


def wecom(app: AppServer, headers: dict[str, str], path: str, body: bytes) -> Reply:
    if parse_qs(urlsplit(path).query).get("key") != ["k3y"]:
        return said({"errcode": 93000, "errmsg": "invalid webhook url"})
    if len(json.loads(body)["markdown"]["content"].encode()) > 4096:
        return said({"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"})
    take(app, headers, body)
    return said({"errcode": 0, "errmsg": "ok"})


def mattermost(app: AppServer, headers: dict[str, str], path: str, body: bytes) -> Reply:
    if len(body) > _LIMITS["mattermost"]:
        return 400, {}, b"too long"
    take(app, headers, body)
    return 200, {}, b"ok"


def webhook(app: AppServer, headers: dict[str, str], path: str, body: bytes) -> Reply:
    stamp = headers.get("webhook-timestamp", "0")
    key = base64.b64decode(SECRETS["webhook"].removeprefix("whsec_"))
    signed = f"{headers.get('webhook-id')}.{stamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    if not hmac.compare_digest(headers.get("webhook-signature", ""), expected):
        return 401, {}, b""
    if abs(app.clock_s() - int(stamp)) > _SKEW_S["webhook"] or len(body) > _LIMITS["webhook"]:
        return 400, {}, b""
    take(app, headers, body)
    return 204, {}, b""


def slack_bot(app: AppServer, headers: dict[str, str], path: str, body: bytes) -> Reply:
    if path.startswith("/upload/"):
        app.uploads[path.removeprefix("/upload/")] = body
        return (400, {}, b"a token where none belongs") if "authorization" in headers else (200, {}, b"OK")
    if headers.get("authorization") != f"Bearer {SECRETS['slack-bot']}":
        return said({"ok": False, "error": "invalid_auth"})
    if path == "/api/files.getUploadURLExternal":
        name = f"F{len(app.uploads)}"
        app.uploads[name] = b""
        size = int(parse_qs(body.decode())["length"][0])
        return said({"ok": size > 0, "file_id": name, "upload_url": f"http://127.0.0.1:{app.port}/upload/{name}"})
    message = json.loads(body)
    if path == "/api/files.completeUploadExternal":
        app.pictures.append((message["thread_ts"], app.uploads[message["files"][0]["id"]]))
        return said({"ok": True, "files": message["files"]})
    return slack_post(app, headers, message, body)


def slack_post(app: AppServer, headers: dict[str, str], message: dict[str, Any], body: bytes) -> Reply:
    word = "" if message.get("channel") == "C0" else "channel_not_found"
    if "thread_ts" in message and message["thread_ts"] not in app.roots:
        word = "thread_not_found"
    if not word:
        status, _, answer = slack(app, headers, "", body)
        word = "" if status == 200 else answer.decode()
    if word:
        return said({"ok": False, "error": word})
    place = f"1700000000.{len(app.taken):06}"
    app.roots.add(place)
    return said({"ok": True, "channel": "C0", "ts": place})


def mattermost_bot(app: AppServer, headers: dict[str, str], path: str, body: bytes) -> Reply:
    if headers.get("authorization") != f"Bearer {SECRETS['mattermost-bot']}":
        return 401, {}, b"{}"
    if path.startswith("/api/v4/files?"):
        name = f"{len(app.uploads):026}"
        app.uploads[name] = body
        return 201, {}, json.dumps({"file_infos": [{"id": name}]}).encode()
    message = json.loads(body)
    if len(body) > _LIMITS["mattermost"] or message["root_id"] not in {*app.roots, ""}:
        return 400, {}, json.dumps({"id": "api.post.create_post.root_id.app_error", "status_code": 400}).encode()
    take(app, headers, body)
    place = f"{len(app.taken):026}"
    app.roots.add(place)
    app.pictures += [(place, app.uploads[name]) for name in message["file_ids"]]
    return 201, {}, json.dumps({"id": place, "root_id": message["root_id"]}).encode()


HANDLERS: dict[str, Handle] = {
    "slack": slack,
    "slack-bot": slack_bot,
    "mattermost-bot": mattermost_bot,
    "feishu": feishu,
    "dingtalk": dingtalk,
    "wecom": wecom,
    "mattermost": mattermost,
    "webhook": webhook,
}


def fail(handler: Any, app: AppServer, body: bytes) -> bool:
    handler.reply(500, {}, b"oops")
    return True


def throttle(handler: Any, app: AppServer, body: bytes) -> bool:
    handler.reply(429, {"Retry-After": "1"}, b"rate_limited")
    return True


def throttle_in_the_body(handler: Any, app: AppServer, body: bytes) -> bool:
    """200 with an error."""
    replies: dict[str, dict[str, object]] = {
        "slack-bot": {"ok": False, "error": "internal_error"},
        "feishu": {"code": 11232, "msg": "too many request"},
        "dingtalk": {"errcode": -1, "errmsg": "system busy"},
        "wecom": {"errcode": -1, "errmsg": "system busy"},
    }
    handler.reply(200, {}, json.dumps(replies[app.app]).encode() if app.app in replies else b"server_error")
    return True


def refuse(handler: Any, app: AppServer, body: bytes) -> bool:
    """Its robot was removed."""
    replies: dict[str, dict[str, object]] = {
        "slack-bot": {"ok": False, "error": "account_inactive"},
        "feishu": {"code": 19001, "msg": "incoming webhook access token invalid"},
        "dingtalk": {"errcode": 300001, "errmsg": "token is not exist"},
        "wecom": {"errcode": 93000, "errmsg": "invalid webhook url"},
    }
    if app.app in replies:
        handler.reply(200, {}, json.dumps(replies[app.app]).encode())
    else:
        handler.reply(404, {}, b"channel_not_found")
    return True


def redirect(handler: Any, app: AppServer, body: bytes) -> bool:
    handler.reply(302, {"Location": app.url}, b"")
    return True


def hang(handler: Any, app: AppServer, body: bytes) -> bool:
    """Take the request and say nothing, until the client goes away."""
    handler.connection.settimeout(30)
    handler.connection.recv(1)
    handler.close_connection = True
    return True


def take_and_cut(handler: Any, app: AppServer, body: bytes) -> bool:
    """Show the message, and lose the answer halfway."""
    take(app, {}, body)
    handler.send_response(200)
    handler.send_header("Content-Length", "400")
    handler.end_headers()
    handler.wfile.write(b"{")
    handler.wfile.flush()
    handler.close_connection = True
    return True


def drop(handler: Any, app: AppServer, body: bytes) -> bool:
    """Read the request and close."""
    handler.close_connection = True
    return True


MISDEEDS: dict[str, Callable[[Any, AppServer, bytes], bool]] = {
    "500": fail,
    "429": throttle,
    "200-with-error": throttle_in_the_body,
    "refuse": refuse,
    "redirect": redirect,
    "hang": hang,
    "take-and-cut": take_and_cut,
    "drop": drop,
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what some tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed wants a socket


@contextmanager
def serving(app: str) -> Iterator[AppServer]:
    """The app's server, while the block runs."""
    server = _Server(("127.0.0.1", 0), _Handler)
    made = AppServer(app, port=server.server_address[1])
    server.app = made  # type: ignore[attr-defined]  # read in do_POST
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
