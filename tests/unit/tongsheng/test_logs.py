"""No log line tells who somebody is, whoever wrote it."""

import io
import json
import logging
import threading

import pytest

from contracts.settings import LogSettings
from tongsheng import wiring
from tongsheng.logs import set_up_logging

log = logging.getLogger("tongsheng.tests")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What logging writes; the handlers of the test run come back afterwards."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    set_up_logging(LogSettings(format="json"), wiring.log_guard())
    return stream


def test_lines_of_a_day_pass(written: io.StringIO) -> None:
    """Offsets, addresses, times, topics' titles."""
    log.info("partitions assigned", extra={"event": "worker.assigned", "offsets": {0: 123456789}})
    log.warning("waiting: %s", "Redis at 192.168.100.200:6379 is away", extra={"at": "2026-03-02T11:58:25+08:00"})
    reason = "38 人 10 分钟内提到，平时 1.2 人；微博 30、微信 8"
    own = {"own_id": "498123456789"}
    log.info("topic %s: %s (%s)", "498123456789", "儿童安全：校车、侧翻", reason, extra=own)
    rows = [json.loads(line) for line in written.getvalue().splitlines()]

    assert [row.get("event") for row in rows] == ["worker.assigned", None, None]
    assert rows[0]["offsets"] == {"0": 123456789}
    assert "校车" in rows[2]["message"]


def test_a_line_that_holds_an_identifier_is_withheld_and_says_so(written: io.StringIO) -> None:
    """In the message, beside it, or in what a library was given; the count tells how many."""
    log.warning("cannot use 寻找女儿苗禾禾")
    log.warning("cannot use it", extra={"field": {"value": "call 138 0013 8000"}})
    log.error("failed for %r", b"@someone")
    rows = [json.loads(line) for line in written.getvalue().splitlines()]

    assert [row["event"] for row in rows] == ["guard.blocked"] * 3
    assert [row["found"] for row in rows] == ["words", "number", "handle"]
    assert [row["blocked"] for row in rows] == [1, 2, 3]
    assert rows[0]["place"].startswith("test_logs.py:")
    assert "禾" not in written.getvalue()
    assert "8000" not in written.getvalue()


def test_a_client_that_is_cut_off_complains_once_in_a_while(written: io.StringIO) -> None:
    """Aiokafka's complaints, each by its wording; what others say always passes."""
    client, ours = logging.getLogger("aiokafka"), logging.getLogger("tongsheng.tests")
    for node in range(20):
        client.error("Unable connect to node with id %s", node)
        client.error("Unable to update metadata from %s", [node])
        ours.warning("waiting: %s", "Kafka is away")
    rows = [json.loads(line)["message"] for line in written.getvalue().splitlines()]

    assert [row for row in rows if "Unable" in row] == [
        "Unable connect to node with id 0",
        "Unable to update metadata from [0]",
    ]
    assert rows.count("waiting: Kafka is away") == 20


def test_a_thread_that_ends_by_an_error_is_told_in_a_line(written: io.StringIO) -> None:
    """No traceback, which would show values; the kind of error and its place."""

    def fail() -> None:
        raise ValueError("13812345678")

    thread = threading.Thread(target=fail, name="consumer")
    thread.start()
    thread.join()

    [line] = written.getvalue().splitlines()
    told = json.loads(line)
    assert (told["event"], told["thread_name"]) == ("thread.ended", "consumer")
    assert told["cause"].startswith("ValueError at test_logs.py:")
