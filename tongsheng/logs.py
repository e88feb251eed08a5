"""Set up logging for one process: text or JSON lines on standard error, control characters escaped."""

import json
import logging
import sys
import threading
from typing import Any

import stamina

from contracts.settings import LogSettings
from detectors.guard import Guard, Passed

__all__ = ["cause_of", "escape", "set_up_logging"]

_PLAIN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}
_OWN_ID = "own_id"  # extra of a line: an id of ours in its message, which the guard need not read
_WITHHELD = "a log line was withheld: it may tell who somebody is; please report it with its place"
_COMPLAINTS_APART_S = 10.0
# These log keys and values of messages below INFO, addresses that are secrets and lifecycle noise at INFO.
_QUIET = ("faust", "aiokafka", "mode", "asyncio", "jieba", "httpx", "httpcore", "stamina", "uvicorn", "apprise")


class _Seldom(logging.Filter):
    """Lets each complaint of aiokafka's through once in 10 s: while a broker is away there are 50 a second."""

    def __init__(self) -> None:
        super().__init__()
        self._due_s: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is time to say this again; told apart by logger and wording before numbers are filled in."""
        complaint = (record.name, str(record.msg))
        if not record.name.startswith("aiokafka"):
            return True
        is_due = record.created >= self._due_s.get(complaint, 0.0)
        if is_due:
            self._due_s[complaint] = record.created + _COMPLAINTS_APART_S
        return is_due


class _GuardedFormatter(logging.Formatter):
    """Lets no line out that may tell who somebody is; says instead that it did not, and which event it was."""

    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self._guard = guard

    def format(self, record: logging.LogRecord) -> str:
        """The line, or one that says what was wrong with it."""
        passed = self._guard.passed(_said(record), _WITHHELD)
        return self.formatted(_withheld(record, passed, self._guard.blocked) if passed.faults else record)

    def formatted(self, record: logging.LogRecord) -> str:
        """The line as it would be."""
        raise NotImplementedError


class _TextFormatter(_GuardedFormatter):
    def formatted(self, record: logging.LogRecord) -> str:
        extra = "".join(f" {name}={value}" for name, value in _extra(record).items())
        line = f"{self.formatTime(record)} {record.levelname:<7} {record.getMessage()}{extra}"
        if record.exc_info:
            line += f" ({cause_of(record.exc_info[1])})"
        return escape(line)


class _JsonFormatter(_GuardedFormatter):
    def formatted(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            fields["cause"] = cause_of(record.exc_info[1])
        return json.dumps(fields, ensure_ascii=False, default=str)


def set_up_logging(settings: LogSettings, guard: Guard) -> None:
    """Send all logging to standard error in the chosen form, past the last guard; libraries only from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter(guard) if settings.format == "json" else _TextFormatter(guard))
    handler.addFilter(_Seldom())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    # the client logs each refused connection as an error; what matters of it we say ourselves, once
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    logging.getLogger("aiokafka.consumer.group_coordinator").addFilter(_is_news)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    stamina.instrumentation.set_on_retry_hooks([])  # what comes of the retries we say ourselves, once
    threading.excepthook = _tell_of_thread


def _tell_of_thread(ended: threading.ExceptHookArgs) -> None:
    """A line in place of the traceback that Python prints when a thread ends by an error."""
    name = ended.thread.name if ended.thread else "unknown"
    told = {"event": "thread.ended", "thread_name": name, "cause": cause_of(ended.exc_value)}
    logging.getLogger(__name__).error("a thread has ended by an error", extra=told)


def _said(record: logging.LogRecord) -> str:
    """What of a line is words: the message and the strings beside it. Counts and offsets lead to nobody."""
    said = f"{record.getMessage()}\n{_strings(list(_extra(record).values()))}"
    return said.replace(str(getattr(record, _OWN_ID, "")) or "\n", " ")


def _strings(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(_strings(part) for pair in value.items() for part in pair)
    return "\n".join(map(_strings, value)) if isinstance(value, list | tuple | set | frozenset) else ""


def _withheld(record: logging.LogRecord, passed: Passed, blocked: int) -> logging.LogRecord:
    """A line in the place of one that was blocked: it names the code that wrote it, for somebody has to mend that."""
    told = logging.LogRecord(record.name, logging.ERROR, record.pathname, record.lineno, _WITHHELD, None, None)
    told.event, told.blocked, told.found = "guard.blocked", blocked, " ".join(passed.faults)
    told.place = f"{record.filename}:{record.lineno}"
    return told


def _is_news(record: logging.LogRecord) -> bool:
    """A group that is just being made has no coordinator for a second; the client calls that an error each time."""
    return "GroupCoordinatorNotAvailable" not in record.getMessage()


def _extra(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in record.__dict__.items() if name not in _PLAIN | {"taskName", _OWN_ID}}


def cause_of(error: BaseException | None) -> str:
    """The error's kind and place: enough to find it, and never a value that a traceback would print."""
    if error is None:
        return "unknown"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = "" if trace is None else f" at {trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
    return f"{type(error).__name__}{place}"


def escape(line: str) -> str:
    """The line with control characters spelled out, so that no name or text can steer a terminal."""
    return "".join(c if c.isprintable() or c == " " else repr(c)[1:-1] for c in line)
