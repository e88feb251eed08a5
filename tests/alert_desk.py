"""A plan of alerts that the tests step by the clock."""

from typing import Any

from alerts.plan import Plan, Step
from contracts.alert import Alert
from contracts.alert_settings import AlertsSettings
from contracts.topic import TopicLine
from tests.alert_lines import alert_settings, line

__all__ = ["HOUR_MS", "MINUTE_MS", "Desk"]

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


class Desk:
    """A plan, and what it has had told so far."""

    def __init__(self, settings: AlertsSettings | None = None) -> None:
        self.plan = Plan()
        self.settings = settings or alert_settings()
        self.told: list[Alert] = []

    def at(self, now_ms: int, *lines: TopicLine, **options: Any) -> list[Alert]:
        step: Step = self.plan.step(lines, now_ms=now_ms, settings=self.settings, **options)
        self.told += step.alerts
        return step.alerts

    def every_minute(self, start_ms: int, end_ms: int, **fields: Any) -> list[Alert]:
        """A line a minute with these fields, told as it comes."""
        return [
            alert for at_ms in range(start_ms, end_ms, MINUTE_MS) for alert in self.at(at_ms, line(at_ms, **fields))
        ]
