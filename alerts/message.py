"""A message in words, before it takes the form of an app."""

from dataclasses import dataclass

from contracts.alert import Alert, Severity
from contracts.told import Told
from detectors.reasons import Language

__all__ = ["Fact", "Message", "Part"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says."""

    label: Told
    value: Told
    is_curve: bool = False  # the curve in blocks: a picture may stand in its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A message in one language.

    Attributes:
        headline: one line, complete in itself: what a lock screen shows.
        lead: why now, one sentence.
        facts: the most telling first; where an app has no room, the last are left out first.
        notes: guidance, which is never left out.
        items: topics of a summary or digest, the most pressing first.
        link: what the link to the console is called.
        footer: number of the message, and whether it may be a repeat.
    """

    language: Language
    headline: Told
    lead: Told
    facts: tuple[Fact, ...] = ()
    notes: tuple[Told, ...] = ()
    items: tuple[Told, ...] = ()
    link: Told
    footer: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is said, in one language or two.

    Attributes:
        id: of the alert, the idempotency key.
        about: topic id, so that an app may keep what is about one topic together; "" = several or none.
        link: address in the console; "" = none.
        alert: what it was made from, for channels that machines read.
    """

    id: str
    about: str
    severity: Severity
    parts: tuple[Part, ...]
    link: str
    alert: Alert
