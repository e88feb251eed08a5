"""What operators decide about a topic: pure, one act at a time.

    (triage, act, who, when) ──▶ decide ──▶ (triage, audit event)

A topic that somebody has dismissed or muted comes back by itself when it is flagged more gravely than they saw.
"""

from collections.abc import Collection
from typing import Literal, get_args

import msgspec

from contracts.topic import FLAGS

__all__ = [
    "ACTS",
    "MAX_NOTE",
    "MUTE_MINUTES",
    "REASONS",
    "Act",
    "ActError",
    "ActName",
    "AuditEvent",
    "StaleActError",
    "Status",
    "Triage",
    "decide",
    "status_of",
]

ActName = Literal["confirm", "dismiss", "mute", "assign", "note", "reopen"]
ACTS: tuple[ActName, ...] = get_args(ActName)
Status = Literal["open", "confirmed", "dismissed", "muted"]
REASONS = ("not-about-children", "no-news", "duplicate", "advertising", "false-alarm", "handled", "other")
MUTE_MINUTES = (60, 480, 1440, 10_080)
MAX_NOTE = 500
_MAX_NAME = 40
_MINUTE_MS = 60_000


class ActError(ValueError):
    """An act that cannot be done; `args[0]` is the name of the text that says why."""


class StaleActError(ActError):
    """Somebody else has acted on the topic since this operator saw it."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator asks for.

    Attributes:
        name: of ACTS.
        reason: of REASONS, to dismiss.
        minutes: of MUTE_MINUTES, to mute.
        to: operator, to assign; "" = to nobody.
        text: of a note.
        revision: of the triage that the operator saw; None = whatever it is now.
    """

    name: ActName
    reason: str = ""
    minutes: int = 0
    to: str = ""
    text: str = ""
    revision: int | None = None


class Triage(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about a topic.

    Attributes:
        status: as of the last deciding act; muting ends by itself (`status_of`).
        reason: for which it was dismissed.
        muted_until_ms: wall clock, 0 where it is not muted.
        assignee: operator, "" where nobody is.
        by, at_ms: of the last deciding act, wall clock.
        flags: of the topic at that moment.
        notes: how many there are.
        revision: grows by one with each act.
    """

    status: Status = "open"
    reason: str = ""
    muted_until_ms: int = 0
    assignee: str = ""
    by: str = ""
    at_ms: int = 0
    flags: tuple[str, ...] = ()
    notes: int = 0
    revision: int = 0


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the audit log: who did what when. `act` is of ACTS, or looked, signed-in, signed-out, exported."""

    at_ms: int
    who: str
    act: str
    topic: str = ""
    detail: str = ""


def decide(
    triage: Triage, act: Act, *, topic: str, flags: Collection[str], who: str, at_ms: int
) -> tuple[Triage, AuditEvent]:
    """Do one act.

    Args:
        triage: as it is now.
        act: to do.
        topic: its id.
        flags: of the topic now.
        who: operator's name.
        at_ms: wall clock.

    Raises:
        StaleActError: the operator saw another revision; notes are added all the same.
        ActError: the act lacks what it needs.
    """
    if act.name != "note" and act.revision is not None and act.revision != triage.revision:
        raise StaleActError("error.stale")
    changes, detail = _changes(triage, act, at_ms)
    if act.name in ("confirm", "dismiss", "mute", "reopen"):
        changes |= {"by": who, "at_ms": at_ms, "flags": tuple(flags)}
    decided = msgspec.structs.replace(triage, **changes, revision=triage.revision + 1)
    return decided, AuditEvent(at_ms=at_ms, who=who, act=act.name, topic=topic, detail=detail)


def status_of(triage: Triage, flags: Collection[str], now_ms: int) -> Status:
    """What the topic is now: muting ends, and a graver flag than was seen reopens what was put aside.

    >>> status_of(Triage(status="dismissed"), ["minor-at-risk"], 0)
    'open'
    """
    if triage.status == "muted" and now_ms >= triage.muted_until_ms:
        return "open"
    if triage.status in ("dismissed", "muted") and any(flag in flags and flag not in triage.flags for flag in FLAGS):
        return "open"
    return triage.status


def _changes(triage: Triage, act: Act, at_ms: int) -> tuple[dict[str, object], str]:
    """What changes, and what the audit log says of it."""
    settled: dict[str, object] = {"reason": "", "muted_until_ms": 0}
    match act.name:
        case "confirm" | "reopen":
            return settled | {"status": "confirmed" if act.name == "confirm" else "open"}, ""
        case "dismiss":
            _require(act.reason in REASONS, "error.reason")
            return settled | {"status": "dismissed", "reason": act.reason}, act.reason
        case "mute":
            _require(act.minutes in MUTE_MINUTES, "error.minutes")
            until_ms = at_ms + act.minutes * _MINUTE_MS
            return settled | {"status": "muted", "muted_until_ms": until_ms}, str(act.minutes)
        case "assign":
            to = act.to.strip()
            _require(len(to) <= _MAX_NAME and (to == "" or to.isprintable()), "error.name")
            return {"assignee": to}, to
        case "note":
            text = act.text.strip()
            _require(0 < len(text) <= MAX_NOTE, "error.note")
            return {"notes": triage.notes + 1}, text


def _require(is_so: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not is_so:
        raise ActError(otherwise)
