"""What stands in topics.detected: one record that is no line costs no other one."""

import json
from typing import Any

import pytest

from alerts.lines import decoded
from contracts.settings import read_settings
from contracts.topic import encode_line
from tests.alert_lines import CAMPAIGN, UPTAKE, VANISHED, line
from tongsheng import wiring

RECHECK = wiring.recheck(read_settings({}, {}))
TURN = {"to": "for", "earliest": "x", "latest": "x"}


def record(**changes: Any) -> bytes:
    return json.dumps(json.loads(encode_line(line())) | changes).encode()


@pytest.mark.parametrize(
    "damaged",
    {
        "nothing": b"",
        "no-object": b"[1]",
        "no-text": b"\xff\xfe",
        "other-fields": b'{"topic": "x"}',
        "unknown-flag": record(flags=["zzz"]),
        "id-that-speaks": record(topic="chen-xiaoyu"),
        "no-moment": record(at="yesterday"),
        "no-zone": record(at="2026-03-02T11:58:25"),
        "no-start": record(since=""),
        "no-start-of-a-call": record(campaign=CAMPAIGN | {"since": "x"}),
        "no-moment-of-vanishing": record(vanishing=[VANISHED | {"since": "x"}]),
        "no-moment-of-a-turn": record(uptake=[UPTAKE | {"turn": TURN | {"at": "x"}}]),
    }.values(),
)
def test_a_record_that_is_no_line_is_passed_over_and_said(damaged: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """It would else end the process, which reads it again after each start."""
    whole = line()

    assert decoded([encode_line(whole), damaged, encode_line(whole)], RECHECK) == [whole, whole]
    assert "a record of topics.detected is no topic line" in caplog.text
