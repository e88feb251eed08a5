"""Which channels a topic goes to."""

from typing import Any

import pytest

from alerts.routes import conditions, selected
from alerts.severity import severity_of
from tests.alert_lines import CAMPAIGN, VANISHED, alert_settings, line

REGIONAL = line(regions={"广东广州": 24}, categories=["nutrition"], flags=["exposure"], authors=60)


@pytest.mark.parametrize(
    ("wanted", "is_taken"),
    {
        "everything": ({}, True),
        "category": ({"categories": ["nutrition", "abuse"]}, True),
        "another-category": ({"categories": ["abuse"]}, False),
        "severity": ({"severity": "high"}, True),
        "higher-severity": ({"severity": "critical"}, False),
        "platform": ({"platforms": ["wechat"]}, True),
        "another-platform": ({"platforms": ["xhs"]}, False),
        "prefecture": ({"regions": ["广东广州"]}, True),
        "its-province": ({"regions": ["广东"]}, True),
        "another-province": ({"regions": ["湖南"]}, False),
        "flag": ({"flags": ["exposure"]}, True),
        "another-flag": ({"flags": ["minor-at-risk"]}, False),
        "size": ({"min_authors": 60}, True),
        "greater-size": ({"min_authors": 61}, False),
        "keyword": ({"keywords": ["中学"]}, True),
        "another-keyword": ({"keywords": ["奶粉"]}, False),
        "all-but-one": ({"categories": ["nutrition"], "flags": ["exposure"], "min_authors": 61}, False),
    }.values(),
)
def test_a_route_takes_what_meets_all_its_conditions(wanted: dict[str, Any], is_taken: bool) -> None:
    """Each kind of condition decides, and one that fails is enough."""
    settings = alert_settings(route=[{"name": "only", "channels": ["duty"], **wanted}])

    assert bool(selected(settings, REGIONAL, severity_of(REGIONAL, settings))) == is_taken


def test_the_first_route_to_a_channel_decides_its_language() -> None:
    """A channel gets a topic once, whatever number of routes lead there."""
    routes = [
        {"name": "a", "channels": ["duty"], "language": "both"},
        {"name": "b", "channels": ["duty"], "language": "en"},
    ]

    assert selected(alert_settings(route=routes), line(), "info") == {"duty": "both"}


def test_it_can_be_said_why_a_route_does_not_take_a_topic() -> None:
    """With what was wanted and what was found; only what the route asks for."""
    settings = alert_settings(route=[{"name": "a", "channels": ["duty"], "min_authors": 90, "severity": "notable"}])

    [severity, size] = conditions(settings.route[0], REGIONAL, "high")

    assert (severity.key, severity.holds) == ("severity", True)
    assert (size.key, size.wanted, size.found, size.holds) == ("min_authors", "90", "60", False)


@pytest.mark.parametrize(
    ("fields", "severity"),
    {
        "small": ({}, "info"),
        "fifty-people": ({"authors": 50}, "notable"),
        "five-hundred-people": ({"authors": 500}, "high"),
        "bullying": ({"categories": ["bullying"]}, "notable"),
        "bullying-that-a-hundred-speak-of": ({"categories": ["bullying"], "authors": 100}, "high"),
        "exposure": ({"flags": ["exposure"]}, "high"),
        "asked": ({"flags": ["asked"]}, "high"),
        "deleted": ({"flags": ["vanishing"], "vanishing": [VANISHED]}, "high"),
        "off-a-hot-list": (
            {"flags": ["vanishing"], "vanishing": [VANISHED | {"cause": "off-list"}], "categories": ["family"]},
            "notable",
        ),
        "grave-matter-off-a-hot-list": (
            {
                "flags": ["vanishing"],
                "vanishing": [VANISHED | {"cause": "off-list"}],
                "categories": ["education", "abuse"],
            },
            "high",
        ),
        "deleted-and-off-a-list": (
            {"flags": ["vanishing"], "vanishing": [VANISHED, VANISHED | {"cause": "off-list"}]},
            "high",
        ),
        "campaign": ({"flags": ["campaign"], "campaign": CAMPAIGN}, "info"),
        "danger": ({"flags": ["minor-at-risk", "exposure"]}, "critical"),
        "hot-list": ({"posts": 0, "authors": 0}, "notable"),
    }.values(),
)
def test_severity_follows_from_flags_size_and_category(fields: dict[str, Any], severity: str) -> None:
    """As docs/alerts.md tables it."""
    assert severity_of(line(**fields), alert_settings()) == severity
