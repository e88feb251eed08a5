"""Which channels a topic goes to: every condition of a route must hold; of several routes the first one decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from contracts.alert import AlertLanguage, Severity, rank
from contracts.alert_settings import AlertsSettings, RouteSettings
from contracts.topic import TopicLine

__all__ = ["Condition", "conditions", "selected"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a route, for one topic.

    Attributes:
        key: of the setting.
        wanted, found: as a person reads them.
        holds: whether the topic meets it.
    """

    key: str
    wanted: str
    found: str
    holds: bool


def conditions(route: RouteSettings, line: TopicLine, severity: Severity) -> list[Condition]:
    """The conditions that the route sets; none where it takes everything."""
    told = [line.title, *line.keywords]
    found = [
        _any("categories", route.categories, line.categories),
        _any("platforms", route.platforms, line.platforms),
        _any("flags", route.flags, line.flags),
        _regions(route.regions, line.regions),
        Condition(
            "keywords",
            ", ".join(route.keywords),
            ", ".join(line.keywords),
            not route.keywords or any(word in text for word in route.keywords for text in told),
        ),
        Condition("severity", route.severity, severity, rank(severity) >= rank(route.severity)),
        Condition("min_authors", str(route.min_authors), str(line.authors), line.authors >= route.min_authors),
    ]
    return [condition for condition in found if condition.key in route.model_fields_set]


def _any(key: str, wanted: Sequence[str], found: Collection[str]) -> Condition:
    return Condition(key, ", ".join(wanted), ", ".join(found), not wanted or not set(wanted).isdisjoint(found))


def _regions(wanted: Sequence[str], found: Collection[str]) -> Condition:
    """A province stands for its prefectures: 广东 is met by 广东广州."""
    holds = not wanted or any(region.startswith(name) for name in wanted for region in found)
    return Condition("regions", ", ".join(wanted), ", ".join(found), holds)


def selected(settings: AlertsSettings, line: TopicLine, severity: Severity) -> dict[str, AlertLanguage]:
    """Channel -> language in which it is told."""
    chosen: dict[str, AlertLanguage] = {}
    for route in settings.route:
        if all(condition.holds for condition in conditions(route, line, severity)):
            for name in route.channels:
                chosen.setdefault(name, route.language)
    return chosen
