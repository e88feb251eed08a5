"""Sources that others call: an HTTP server whose requests are answered once what they brought is with Kafka.

A request is one *batch*. It waits in a short queue for the thread that sends; when the queue is full the request is
sent away (429), which is the back-pressure. The sender asks for the next item only when everything before the None is
acknowledged (see PostSource): that is when the batch is done.
"""

import asyncio
import logging
import queue
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import uvicorn
from fastapi import FastAPI

from contracts.errors import SourceError
from contracts.post import Post
from contracts.rejection import Rejected
from producers.source import Item, Place

__all__ = ["Batch", "Inbox", "ServedSource", "safe"]

log = logging.getLogger(__name__)

_LOOK_S = 0.5
_STOP_S = 5.0


@dataclass(slots=True)
class Batch:
    """What one request brought, and whether it is safe."""

    found: Sequence[Post | Rejected]
    done: asyncio.Event
    loop: asyncio.AbstractEventLoop

    def finish(self) -> None:
        """From the sending thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.done.set)


class Inbox:
    """Where requests leave their batches."""

    def __init__(self, waiting: int) -> None:
        self._queue: queue.Queue[Batch] = queue.Queue(maxsize=waiting)

    def put(self, found: Sequence[Post | Rejected]) -> Batch | None:
        """The batch as it waits; None where too many do. To be called on the server's loop."""
        batch = Batch(found, asyncio.Event(), asyncio.get_running_loop())
        try:
            self._queue.put_nowait(batch)
        except queue.Full:
            return None
        return batch

    def take(self, timeout_s: float) -> Batch | None:
        """The next one, None where none comes within the time."""
        try:
            return self._queue.get(timeout=timeout_s)
        except queue.Empty:
            return None


async def safe(batch: Batch, timeout_s: float) -> bool:
    """Whether the batch is with Kafka within the time."""
    try:
        await asyncio.wait_for(batch.done.wait(), timeout_s)
    except TimeoutError:
        return False
    return True


class ServedSource:
    """An app as a source; it has no place: what was not acknowledged, its sender sends again."""

    def __init__(self, name: str, app: FastAPI, inbox: Inbox, *, listen: str, is_stopping: Callable[[], bool]) -> None:
        """Wire it; `listen` is address:port, port 0 takes a free one (see `port`)."""
        self.name = name
        self.port = 0
        self._app = app
        self._inbox = inbox
        self._listen = listen
        self._is_stopping = is_stopping

    def items(self, start: Place = 0) -> Iterator[Item | None]:
        """See PostSource.items.

        Raises:
            SourceError: the port cannot be listened on, or the server ended.
        """
        with _Serving(self._app, self._bound()) as serving:
            log.info("listening", extra={"event": "source.listen", "source": self.name, "port": self.port})
            while not self._is_stopping():
                if not serving.is_alive():
                    raise SourceError(f"{self.name}: its server has ended")
                batch = self._inbox.take(_LOOK_S)
                if batch is None:
                    continue
                yield from (Item(what, start) for what in batch.found)
                yield None
                batch.finish()

    def _bound(self) -> socket.socket:
        host, _, port = self._listen.rpartition(":")
        host = host.strip("[]")
        try:
            bound = socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except (OSError, OverflowError) as error:
            said = getattr(error, "strerror", None) or "no such address or port"
            raise SourceError(f"{self.name}: cannot listen on {self._listen} ({said})") from None
        self.port = bound.getsockname()[1]
        return bound


@dataclass(slots=True)
class _Serving:
    """uvicorn on a thread, for as long as the block lasts."""

    app: FastAPI
    bound: socket.socket
    _server: uvicorn.Server = field(init=False)
    _thread: threading.Thread = field(init=False)

    def __enter__(self) -> Self:
        config = uvicorn.Config(
            self.app, log_config=None, access_log=False, server_header=False, timeout_keep_alive=10, lifespan="off"
        )
        self._server = uvicorn.Server(config)
        run = self._server.run
        self._thread = threading.Thread(target=run, kwargs={"sockets": [self.bound]}, name="server", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=_STOP_S)
        self.bound.close()

    def is_alive(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive()
