"""Topic lines as they stand in topics.detected: what is none is passed over, so that no record can stop the alerts."""

import logging
from collections.abc import Callable, Sequence

import msgspec

from contracts.topic import TopicLine

__all__ = ["decoded"]

log = logging.getLogger(__name__)

_line = msgspec.json.Decoder(TopicLine).decode


def decoded(records: Sequence[bytes], recheck: Callable[[TopicLine], TopicLine]) -> list[TopicLine]:
    """The lines among them, in their order; of each record that is none the log says so.

    >>> decoded([b"{}"], lambda line: line)
    []
    """
    return [line for record in records if (line := _decoded(record, recheck)) is not None]


def _decoded(record: bytes, recheck: Callable[[TopicLine], TopicLine]) -> TopicLine | None:
    try:
        return recheck(_line(record))
    except (msgspec.DecodeError, ValueError):
        told = "a record of topics.detected is no topic line"
        log.error(told, extra={"event": "alerts.unreadable"})  # noqa: TRY400 - a traceback would repeat what it says
        return None
