"""The fold's half of a backtest in a process of its own: it reads, hears and folds while this one judges.

    files ─▶ read ─▶ hear ─▶ fold ─▶ batch ══ pipe ══▶ store ─▶ ticks ─▶ detector ─▶ lines
    └────────── the fold's process ──────────┘        └────────── this process ──────────┘

Batches and rejected pieces travel in order, so that a run in two processes gives the bytes of a run in one. The pipe
holds a few batches: that is the back-pressure, and memory stays constant. docs/decisions/0012.
"""

import fcntl
import gc
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from contracts.errors import DefectError, PipelineError, ProcessEndedError
from contracts.rejection import Rejected
from contracts.settings import Settings
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from streams.local import Batch
from tongsheng import wiring
from tongsheng.display import Numbers
from tongsheng.logs import cause_of, set_up_logging
from tongsheng.sources import posts_of_files

__all__ = ["FoldProcess", "collect_rarely", "fold_process"]

_PIPE_BYTES = 1 << 20  # some ten batches: neither half waits for the other at each of them
_COLLECT = (200_000, 20, 100)  # hundreds of thousands of live objects and few cycles: by default a fifth of the time


@dataclass(frozen=True, slots=True)
class _Folded:
    """A batch as msgpack: ten times as fast as the pickle that carries it."""

    encoded: bytes


@dataclass(frozen=True, slots=True)
class _Refused:
    """One rejected piece."""

    piece: Rejected


@dataclass(frozen=True, slots=True)
class _Failed:
    """The fold cannot go on; the message is for a person."""

    message: str
    is_defect: bool = False


@dataclass(frozen=True, slots=True)
class _Ended:
    """All is sent; a process that ends without this word was killed."""

    notes: list[str]


_Message = _Folded | _Refused | _Failed | _Ended
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Batch).decode


def collect_rarely() -> None:
    """Let Python look for cyclic garbage less often; what is loaded by now is never looked at again."""
    gc.freeze()
    gc.set_threshold(*_COLLECT)


@dataclass(frozen=True, slots=True)
class FoldProcess:
    """The other process, as this one sees it."""

    _process: multiprocessing.process.BaseProcess
    _receiving: Connection

    def batches(self, numbers: Numbers, reject: Callable[[Rejected], None]) -> Iterator[Batch]:
        """What it folds, in order; rejected pieces are counted and handed to `reject`.

        Raises:
            PipelineError: it cannot go on; a DefectError where that is our fault.
            ProcessEndedError: it was killed.
        """
        while True:
            match self._message():
                case _Folded(encoded):
                    batch = _decode(encoded)
                    for _, _, writes in batch.writes:
                        for delta in writes.deltas:
                            delta.intern()
                    yield batch
                case _Refused(piece):
                    numbers.rejected[piece.reason.value] += 1
                    reject(piece)
                case _Failed(message, is_defect):
                    raise DefectError(message) if is_defect else PipelineError(message)
                case _Ended(notes):
                    numbers.notes += notes
                    return

    def _message(self) -> _Message:
        try:
            message: _Message = self._receiving.recv()
        except (EOFError, OSError):
            self._process.join()
            code = self._process.exitcode or 0
            how = f"by signal {-code} ({signal.Signals(-code).name})" if code < 0 else f"with code {code}"
            raise ProcessEndedError(
                f"the process that reads the posts was ended {how}; if nobody stopped it, memory may have run out: "
                "run this again"
            ) from None
        return message


@contextmanager
def fold_process(files: Sequence[Path], settings: Settings, *, partitions: int) -> Iterator[FoldProcess]:
    """Start it; it ends with the block, however that ends.

    It is a new interpreter, so that it holds no copy of this one's locks, threads and pipes.
    """
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    with suppress(OSError, AttributeError):  # a system without, or a user who has too many of them: it is only slower
        fcntl.fcntl(sending.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    process = context.Process(target=_fold, args=(sending, files, settings, partitions), daemon=True)
    with _deaf_to_interrupts():
        process.start()
    sending.close()
    try:
        yield FoldProcess(process, receiving)
    finally:
        receiving.close()
        process.terminate()
        process.join()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """A process started here never sees Ctrl-C, which reaches the whole group: this one ends it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _fold(sending: Connection, files: Sequence[Path], settings: Settings, partitions: int) -> None:
    """The other process: everything it has to say goes through the pipe."""
    with suppress(BrokenPipeError):  # nobody listens any more
        try:
            sending.send(_Ended(_send_all(sending.send, files, settings, partitions)))
        except PipelineError as error:
            sending.send(_Failed(str(error)))
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - the one place here: a traceback would show what must not be seen
            sending.send(_Failed(f"unexpected error, please report it: {cause_of(error)}", is_defect=True))


def _send_all(
    send: Callable[[_Message], None], files: Sequence[Path], settings: Settings, partitions: int
) -> list[str]:
    """Read to the end; returns the notes for a person."""
    set_up_logging(settings.log, wiring.log_guard())
    numbers = Numbers()
    fold = wiring.local_fold(settings, partitions=partitions)
    collect_rarely()
    posts = posts_of_files(files, AuthorKeys(ARCHIVE_SALT))
    for batch in fold.batches(posts(numbers, lambda piece: send(_Refused(piece)))):
        writes = [(partition, before, writes.for_detector()) for partition, before, writes in batch.writes]
        send(_Folded(_encode(replace(batch, writes=writes))))
    return numbers.notes
