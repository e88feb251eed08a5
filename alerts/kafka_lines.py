"""topics.detected and alerts.raised on Kafka; one partition each, so their order is that of event time."""

from collections.abc import Iterator
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from alerts.agent import Batch
from contracts.errors import BrokerAwayError

__all__ = ["KafkaLines", "past_records"]

_POLL_MS = 1000


class KafkaLines:
    """See alerts.agent.Lines; the place is the offset."""

    def __init__(self, brokers: str, topic: str) -> None:
        """Name the topic; connects at the first call."""
        self._brokers = brokers
        self._partition = TopicPartition(topic, 0)
        self._consumer: Any = None
        self._place = -1

    def begin(self) -> int:
        """See Lines.begin."""
        try:
            found = self._connected().beginning_offsets([self._partition])
        except KafkaError as error:
            raise _away(error) from error
        return int(found[self._partition])

    def read(self, place: int, patience_s: float) -> Batch:
        """See Lines.read; a place that is no longer there is moved to the first one that is."""
        try:
            consumer = self._connected()
            if place != self._place:
                consumer.seek(
                    self._partition, max(place, consumer.beginning_offsets([self._partition])[self._partition])
                )
            found = consumer.poll(timeout_ms=round(patience_s * 1000)).get(self._partition, [])
            self._place = int(consumer.position(self._partition))
            end = consumer.highwater(self._partition)  # of the last answer; asking the brokers could take long
        except KafkaError as error:
            self._place = -1
            raise _away(error) from error
        lines = [record.value for record in found if record.value]  # without a value it says that a topic is gone
        return Batch(lines, self._place, self._place + 1 if end is None else int(end))

    def _connected(self) -> Any:
        if self._consumer is None:
            self._consumer = KafkaConsumer(bootstrap_servers=self._brokers.split(","), enable_auto_commit=False)
            self._consumer.assign([self._partition])
        return self._consumer


def past_records(brokers: str, topic: str) -> Iterator[bytes]:
    """Every record of a topic of one partition, oldest first.

    Raises:
        BrokerAwayError: it cannot be read.
    """
    partition = TopicPartition(topic, 0)
    try:
        consumer: Any = KafkaConsumer(bootstrap_servers=brokers.split(","), enable_auto_commit=False)
        try:
            consumer.assign([partition])
            consumer.seek_to_beginning(partition)
            end = consumer.end_offsets([partition])[partition]
            while consumer.position(partition) < end:
                for record in consumer.poll(timeout_ms=_POLL_MS).get(partition, []):
                    yield record.value or b""
        finally:
            consumer.close()
    except KafkaError as error:
        raise _away(error) from error


def _away(error: KafkaError) -> BrokerAwayError:
    return BrokerAwayError(f"topic lines cannot be read: {type(error).__name__}")
