"""Topic lines as they stand in topics.detected: what is none is passed over, so that no record can stop the alerts."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec

from contracts.topic import TopicLine

__all__ = ["decoded"]

log = logging.getLogger(__name__)

_line = msgspec.json.Decoder(TopicLine).decode


def decoded(records: Sequence[bytes]) -> list[TopicLine]:
    """The lines among them, in their order; of each record that is none the log says so.

    >>> decoded([b"{}"])
    []
    """
    return [line for record in records if (line := _decoded(record)) is not None]


def _decoded(record: bytes) -> TopicLine | None:
    try:
        line = _line(record)
        for moment in _moments(line):
            _check(moment)
    except (msgspec.DecodeError, ValueError):
        log.exception("a record of topics.detected is no topic line", extra={"event": "alerts.unreadable"})
        return None
    return line


def _moments(line: TopicLine) -> Iterator[str]:
    """All that messages tell; a text that is no moment would stop what renders them, again after each start."""
    yield from (line.at, line.since)
    yield from (found.since for found in line.vanishing)
    yield from _turns(line)
    if line.campaign is not None:
        yield line.campaign.since


def _turns(line: TopicLine) -> Iterable[str]:
    return (uptake.turn.at for uptake in line.uptake if uptake.turn is not None)


def _check(moment: str) -> None:
    """See that it is one, with its zone.

    Raises:
        ValueError: it is none.
    """
    if datetime.fromisoformat(moment).utcoffset() is None:
        raise ValueError("moment: it has no zone")
