"""Every error of the pipeline, as a tree.

PipelineError
├─ RetryableError            the world is away: back off, keep the offset
│   ├─ BrokerAwayError
│   ├─ SourceAwayError       a live source does not answer, or refuses: ask again later
│   ├─ StoreAwayError
│   └─ ProcessEndedError
├─ DefectError               a defect of ours that another process met: exit 70
├─ FailStopError             our picture of the state is wrong: stop, the restart reads it anew
├─ UnusablePostError(reason) our input is bad: dead-letter with the reason, go on
├─ SourceError               a file or source cannot be read at all: exit 2, say which and why
└─ SettingsError(field)      start-up only: exit 2, say which field and what would be right
"""

from contracts.rejection import Reason
from contracts.source_health import FaultKind

__all__ = [
    "BrokerAwayError",
    "DefectError",
    "FailStopError",
    "PipelineError",
    "ProcessEndedError",
    "RetryableError",
    "SettingsError",
    "SourceAwayError",
    "SourceError",
    "StoreAwayError",
    "UnusablePostError",
]


class PipelineError(Exception):
    """Something in the pipeline went wrong."""


class RetryableError(PipelineError):
    """The world is away; the same call may succeed later."""


class BrokerAwayError(RetryableError):
    """Kafka does not answer. Operator: check that the brokers are up and reachable."""


class SourceAwayError(RetryableError):
    """A live source does not answer or refuses. Operator: the message says in its words what it wants.

    Attributes:
        retry_after_s: how long it asks to be left alone, 0 where it does not say.
        kind: what it said, of the closed set.
        code: the platform's own number, 0 where it gave none.
    """

    def __init__(
        self, message: str, *, retry_after_s: float = 0.0, kind: FaultKind = FaultKind.OTHER, code: int = 0
    ) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.kind = kind
        self.code = code


class StoreAwayError(RetryableError):
    """Redis does not answer or is full. Operator: check that it is up and below maxmemory."""


class ProcessEndedError(RetryableError):
    """A process that works for this one has ended too early. Operator: the message says how; run it again."""


class DefectError(PipelineError):
    """A process that works for this one met a defect of ours. Operator: please report the place that it names."""


class FailStopError(PipelineError):
    """The stored state is not what this process believed. Operator: restart it; it reads the state anew."""


class SourceError(PipelineError):
    """A file or source cannot be read. Operator: the message names it and says what to do."""


class SettingsError(PipelineError):
    """A setting is wrong: the message names the field and what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class UnusablePostError(PipelineError):
    """One post cannot be used; it goes to the rejected posts with its reason."""

    def __init__(self, reason: Reason, detail: str = "", *, raw: bytes | None = None) -> None:
        """Say why; `raw` is the unusable part, where it is not the whole line."""
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
        self.raw = raw
