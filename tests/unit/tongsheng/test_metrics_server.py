"""/metrics and /healthz of a stage without pages."""

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from contracts.errors import SettingsError
from contracts.settings import MetricsSettings
from tongsheng.metrics_server import LONGEST_ROUND_S, serving_metrics
from tongsheng.wiring import now_ms
from tools.ports import find_free_port


def test_they_say_how_the_stage_is() -> None:
    """Its numbers; that it lives; and that it does not, when it has been silent for too long."""
    registry, last = CollectorRegistry(), [now_ms() / 1000]
    Counter("seen", "what was seen", registry=registry).inc(3)
    settings = MetricsSettings(port=find_free_port())

    with serving_metrics(settings, registry, lambda: last[0]) as port, httpx.Client(trust_env=False) as client:
        numbers = client.get(f"http://127.0.0.1:{port}/metrics")
        well = client.get(f"http://127.0.0.1:{port}/healthz")
        last[0] -= LONGEST_ROUND_S
        hanging = client.get(f"http://127.0.0.1:{port}/healthz")
        other = client.get(f"http://127.0.0.1:{port}/")

    assert "seen_total 3.0" in numbers.text
    assert [answer.status_code for answer in (numbers, well, hanging, other)] == [200, 200, 503, 404]


def test_a_port_that_is_taken_is_named() -> None:
    """With the setting to change."""
    settings = MetricsSettings(port=find_free_port())

    with (
        serving_metrics(settings, CollectorRegistry(), lambda: 0.0) as port,
        pytest.raises(SettingsError, match=f"metrics.port: 127.0.0.1:{port} cannot be listened on"),
        serving_metrics(settings, CollectorRegistry(), lambda: 0.0),
    ):
        pass


def test_without_a_port_nothing_listens() -> None:
    """As it is by default."""
    with serving_metrics(MetricsSettings(), CollectorRegistry(), lambda: 0.0) as port:
        assert port == 0
