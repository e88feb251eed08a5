"""How pressing a topic is, in four steps; from its flags, its size and what it is about."""

from contracts.alert import Severity
from contracts.alert_settings import AlertsSettings
from contracts.topic import TopicLine

__all__ = ["HARM", "severity_of"]

HARM = frozenset({"abduction", "abuse", "bullying"})  # categories in which somebody harms a child
_PRESSING = frozenset({"exposure", "asked"})  # flags that make a topic high
# What would be kept quiet to children's harm (docs/decisions/0033)
_GRAVE = HARM | {"safety", "health", "nutrition", "justice"}
_HARM_SHARE = 5  # such a topic is high from a fifth of the size


def severity_of(line: TopicLine, settings: AlertsSettings) -> Severity:
    """critical: a child may be in danger now; high: children are exposed, or many speak; notable; info.

    A topic of hot lists has no authors: it is notable, for a list shows only what many read. So is one that was merely
    taken off such a list, that is one editor's act, and no post of it need be gone; unless it is of grave matter.
    """
    if "minor-at-risk" in line.flags:
        return "critical"
    is_harm = not HARM.isdisjoint(line.categories[:1])
    many = settings.high_authors / _HARM_SHARE if is_harm else settings.high_authors
    is_off_list = any(found.cause == "off-list" for found in line.vanishing)
    is_deleted = "vanishing" in line.flags and (not is_off_list or len(line.vanishing) > 1)
    is_kept_quiet = is_off_list and not _GRAVE.isdisjoint(line.categories)
    if is_deleted or is_kept_quiet or not _PRESSING.isdisjoint(line.flags) or line.authors >= many:
        return "high"
    is_listed = line.posts == 0 or is_off_list
    return "notable" if is_harm or is_listed or line.authors >= settings.notable_authors else "info"
