"""deploy/prometheus and deploy/grafana against the numbers that there are."""

import json
import re
from pathlib import Path
from typing import Any

from prometheus_client import generate_latest

from alerts.metrics import AlertMetrics
from feeds.metrics import Metrics
from feeds.triage import ACTS

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "tongsheng.rules.yml"
NAME = re.compile(r"\b(?:feed|pipeline|alerts)_\w+")
SUFFIXES = ("", "_total", "_bucket", "_sum", "_count")


def known() -> set[str]:
    """Names of all series, as Prometheus has them."""
    registries = (Metrics()._registry, AlertMetrics().registry)
    return {family.name + suffix for registry in registries for family in registry.collect() for suffix in SUFFIXES}


def expressions(board: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def test_the_board_shows_numbers_that_there_are_and_no_panel_lies_on_another() -> None:
    """Grafana shows a panel without data where a name is wrong, and says nothing."""
    board = json.loads((DEPLOY / "grafana" / "tongsheng.json").read_text(encoding="utf-8"))
    places = [
        (x, y)
        for panel in board["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    asked = {name for expression in expressions(board) for name in NAME.findall(expression)}

    assert asked - known() == set()
    assert len(places) == len(set(places))
    assert max(x for x, _ in places) < 24
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert all(panel["datasource"]["uid"] == "${source}" for panel in board["panels"])


def test_what_is_counted_is_there_before_it_happens() -> None:
    """Prometheus sees no increase of a series that begins with 1: the guard's first block would page nobody."""
    feed, alerts = Metrics(), AlertMetrics()
    alerts.saw_outbox(["duty"], {}, {}, 0)

    told = {registry: generate_latest(registry).decode() for registry in (feed._registry, alerts.registry)}

    for act in (*ACTS, "mute-words", "unmute-words"):
        assert f'feed_acts_total{{act="{act}"}} 0.0' in told[feed._registry]
    assert 'feed_refused_total{status="403"} 0.0' in told[feed._registry]
    for name in ("blocked_total", "retried_total", "dropped_total", "delivery_seconds_count"):
        assert f'alerts_{name}{{channel="duty"}} 0.0' in told[alerts.registry]


def test_the_rules_ask_for_numbers_that_there_are_and_say_what_to_do() -> None:
    """A rule on a name that is wrong never fires."""
    text = RULES.read_text(encoding="utf-8")
    rules = text.split("- alert: ")[1:]

    asked = set(NAME.findall("\n".join(re.findall(r"expr: (.*)", text))))

    assert len(rules) > 10
    assert asked - known() == set()
    assert all(re.search(r"severity: (page|ticket)", rule) for rule in rules)
    assert all("summary: " in rule and "action: " in rule for rule in rules)
