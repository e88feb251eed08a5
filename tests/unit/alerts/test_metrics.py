"""Numbers for Prometheus: what came of each attempt, and what waits; never a word of a topic."""

import pytest
from prometheus_client import generate_latest

from alerts.courier import BREAK_AFTER, Health
from alerts.metrics import AlertMetrics
from alerts.sending import Delivered, Outcome, Refused, RetryAt
from alerts.store import Entry
from tests.alert_lines import NOON_MS, topic_alert

ENTRY = Entry(alert=topic_alert())


def value(metrics: AlertMetrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, {"channel": "duty"} | labels)


OUTCOMES: dict[str, tuple[Outcome, str, dict[str, str]]] = {
    "delivered": (Delivered(), "alerts_delivered_total", {"kind": "topic"}),
    "retried": (RetryAt("HTTP 500"), "alerts_retried_total", {}),
    "permanent": (Refused("no_service"), "alerts_refused_total", {"scope": "channel"}),
    "permanent-for-this-message": (Refused("too long", scope="message"), "alerts_refused_total", {"scope": "message"}),
}


@pytest.mark.parametrize(("outcome", "name", "labels"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_each_outcome_is_counted_once(outcome: Outcome, name: str, labels: dict[str, str]) -> None:
    """Under its own name."""
    metrics = AlertMetrics()

    metrics.tried(ENTRY, outcome, NOON_MS + 2500, is_blocked=False)

    assert value(metrics, name, **labels) == 1
    assert value(metrics, "alerts_blocked_total") is None


def test_what_the_guard_kept_in_is_counted_though_the_shortest_form_went() -> None:
    """Both happened."""
    metrics = AlertMetrics()

    metrics.tried(ENTRY, Delivered(), NOON_MS, is_blocked=True)

    assert value(metrics, "alerts_blocked_total") == value(metrics, "alerts_delivered_total", kind="topic") == 1


def test_the_outbox_and_its_age_are_shown_also_when_nothing_waits() -> None:
    """An empty outbox is 0 and not a gap; a breaker that is open shows."""
    metrics, health = AlertMetrics(), Health(failures=BREAK_AFTER)

    metrics.saw_outbox(["duty", "desk"], {"duty": [ENTRY, ENTRY]}, {"duty": health}, NOON_MS + 90_000)

    names = ("alerts_outbox", "alerts_outbox_oldest_seconds", "alerts_breaker_open")
    assert [value(metrics, name) for name in names] == [2, 90, 1]
    assert [value(metrics, name, channel="desk") for name in names] == [0, 0, 0]


def test_nothing_of_a_topic_stands_in_them() -> None:
    """They are read by machines that are not ours."""
    metrics = AlertMetrics()

    metrics.tried(ENTRY, Delivered(), NOON_MS, is_blocked=False)

    assert ENTRY.alert.line is not None
    shown = generate_latest(metrics.registry).decode()
    assert not [word for word in (*ENTRY.alert.line.keywords, ENTRY.alert.line.topic) if word in shown]
