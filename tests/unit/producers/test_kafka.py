"""What is said where no broker answers."""

import logging

import pytest

from contracts.errors import BrokerAwayError
from producers.kafka import ensure_topics
from tools.ports import find_free_port


def test_who_waits_for_a_broker_is_told_before_it_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    """Half a minute without a word looks like a command that hangs."""
    brokers = f"127.0.0.1:{find_free_port()}"
    caplog.set_level(logging.WARNING, "producers.kafka")

    with pytest.raises(BrokerAwayError, match=f"no Kafka broker answers at {brokers}: "):
        ensure_topics(brokers, [], patience_s=0.2)

    assert [record.message for record in caplog.records if record.name == "producers.kafka"] == [
        f"waiting: no Kafka broker answers at {brokers}"
    ]
