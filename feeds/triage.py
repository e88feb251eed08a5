"""What operators decide about a topic: pure, one act at a time.

    (triage, act, who, when) ──▶ decide ──▶ (triage, audit event)

What a decision means later on says `contracts.triage.status_of`.
"""

from collections.abc import Collection
from typing import Literal, get_args

import msgspec

from contracts.triage import Triage

__all__ = [
    "ACTS",
    "MAX_NOTE",
    "MUTE_MINUTES",
    "MUTING_MINUTES",
    "MUTING_REASONS",
    "REASONS",
    "Act",
    "ActError",
    "ActName",
    "AuditEvent",
    "StaleActError",
    "decide",
]

ActName = Literal["confirm", "dismiss", "mute", "merge", "split", "divide", "rejoin", "assign", "note", "reopen"]
ACTS: tuple[ActName, ...] = get_args(ActName)
REASONS = ("not-about-children", "no-news", "duplicate", "advertising", "false-alarm", "handled", "other")
# what was no topic at all: the like of it is not raised again for a while (docs/decisions/0024)
MUTING_REASONS = ("not-about-children", "advertising", "false-alarm")
MUTING_MINUTES = 10_080
_DECIDING = ("confirm", "dismiss", "mute", "merge", "split", "reopen")
MUTE_MINUTES = (60, 480, 1440, 10_080)
MAX_NOTE = 500
_MAX_NAME = 80
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
        into: id of another topic, to merge into; of one that was split off, to rejoin.
        words: of the topic, to divide it: what says them is another event.
        conversations: marks of some of its conversations, likewise.
        text: of a note.
        revision: of the triage that the operator saw; None = whatever it is now.
    """

    name: ActName
    reason: str = ""
    minutes: int = 0
    to: str = ""
    into: str = ""
    words: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    text: str = ""
    revision: int | None = None


class AuditEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the audit log: who did what when.

    `act` is of ACTS, or looked, mute-words, unmute-words, signed-in, signed-out, exported.
    """

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
    _require(act.name != "merge" or act.into not in ("", topic), "error.merge")
    changes, detail = _changes(triage, act, at_ms)
    if act.name in _DECIDING:
        changes |= {"by": who, "at_ms": at_ms, "flags": tuple(flags)}
    decided = msgspec.structs.replace(triage, **changes, revision=triage.revision + 1)
    return decided, AuditEvent(at_ms=at_ms, who=who, act=act.name, topic=topic, detail=detail)


def _changes(triage: Triage, act: Act, at_ms: int) -> tuple[dict[str, object], str]:  # noqa: PLR0911 - one an act
    """What changes, and what the audit log says of it."""
    settled: dict[str, object] = {"reason": "", "muted_until_ms": 0, "into": ""}
    match act.name:
        case "confirm" | "reopen" | "split":
            _require(act.name != "split" or triage.into != "", "error.split")
            status = "confirmed" if act.name == "confirm" else "open"
            return settled | {"status": status}, triage.into if act.name == "split" else ""
        case "dismiss":
            _require(act.reason in REASONS, "error.reason")
            return settled | {"status": "dismissed", "reason": act.reason}, act.reason
        case "mute":
            _require(act.minutes in MUTE_MINUTES, "error.minutes")
            until_ms = at_ms + act.minutes * _MINUTE_MS
            return settled | {"status": "muted", "muted_until_ms": until_ms}, str(act.minutes)
        case "merge":
            return settled | {"status": "merged", "into": act.into}, act.into
        case "divide" | "rejoin":
            return {}, act.into  # the topics are the detector's to part, and to make one again
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
