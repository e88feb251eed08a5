"""Lines into the store, a batch at a time."""

import logging

import msgspec
import pytest

from contracts.topic import TopicLine
from feeds.memory_store import MemoryFeedStore
from feeds.reader import BoardWriter
from tests.feed_lines import line


def refuse(told: TopicLine) -> TopicLine:
    """What the last guard does with a line that is none."""
    if told.topic == "t-forged":
        raise ValueError("topic: no id of a topic")
    return told


def test_a_line_that_is_refused_is_logged_without_its_words_and_loses_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever looks for a topic that does not come finds out why."""
    good = line()
    forged = msgspec.structs.replace(good, topic="t-forged", title="某某被拐")
    store = MemoryFeedStore()
    writer = BoardWriter(store, 7, refuse)
    writer.begin()

    with caplog.at_level(logging.WARNING):
        assert writer.write([forged, good], 2)

    assert [*store.topics()] == [good.topic]
    [told] = caplog.records
    assert (told.getMessage(), vars(told)["event"]) == (
        "a line is unusable: topic: no id of a topic",
        "feed.unusable",
    )
