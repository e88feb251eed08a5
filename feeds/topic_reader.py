"""Reads topic lines from Kafka into the store, from the offset that the store holds; Kafka keeps no place for it."""

import logging
import time
from collections.abc import Callable
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from contracts.errors import RetryableError
from contracts.topic import TopicLine
from feeds.reader import BoardWriter, decode_line

__all__ = ["TopicReader"]

log = logging.getLogger(__name__)

_POLL_MS = 500
_RECORDS = 500
_AWAY_S = 2.0


class TopicReader:
    """One a process; of several the fastest writes, the others follow it."""

    def __init__(self, brokers: str, topic: str, writer: BoardWriter) -> None:
        self._brokers = brokers
        self._place = TopicPartition(topic, 0)  # one partition: lines stay in event-time order
        self._writer = writer
        self._is_away = False

    def run(self, stop: Callable[[], bool]) -> None:
        """Until stopped; waits while Kafka or the store is away."""
        while not stop():
            try:
                self._read(stop)
            except (KafkaError, RetryableError) as error:
                if not self._is_away:
                    said = error if isinstance(error, RetryableError) else type(error).__name__
                    log.warning("waiting: %s", said, extra={"event": "feed.waiting"})
                self._is_away = True
                time.sleep(_AWAY_S)

    def _read(self, stop: Callable[[], bool]) -> None:
        """Until another reader was faster, or the store was emptied."""
        consumer = KafkaConsumer(
            bootstrap_servers=self._brokers.split(","),
            enable_auto_commit=False,
            auto_offset_reset="earliest",  # a place that retention has cut off, or of a topic that was made anew
        )
        try:
            consumer.assign([self._place])
            start = self._writer.begin()
            if start < 0:
                consumer.seek_to_beginning(self._place)
            else:
                consumer.seek(self._place, start)
            while not stop():
                records = consumer.poll(timeout_ms=_POLL_MS, max_records=_RECORDS).get(self._place, [])
                self._is_away = False
                is_ours = (
                    self._writer.write(self._lines(records), records[-1].offset + 1)
                    if records
                    else self._writer.is_in_step()
                )
                if not is_ours:
                    return
        finally:
            consumer.close()

    def _lines(self, records: list[Any]) -> list[TopicLine]:
        lines: list[TopicLine] = []
        for record in records:
            try:
                lines += [decode_line(record.value)] if record.value else []
            except ValueError:
                log.warning("a line is unusable", extra={"event": "feed.unusable", "offset": record.offset})
        return lines
