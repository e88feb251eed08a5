"""What operators decide."""

import pytest

from contracts.triage import Triage, status_of
from feeds.triage import MAX_NOTE, Act, ActError, AuditEvent, StaleActError, decide

NOW_MS = 1_772_380_800_000


def done(triage: Triage, act: Act, *, who: str = "lin", flags: tuple[str, ...] = ()) -> tuple[Triage, AuditEvent]:
    return decide(triage, act, topic="t", flags=flags, who=who, at_ms=NOW_MS)


def test_an_act_changes_the_topic_and_says_so_in_the_audit_log() -> None:
    """Who, what, when and why are kept with each decision."""
    triage, event = done(Triage(), Act(name="dismiss", reason="duplicate"))

    assert triage == Triage(status="dismissed", reason="duplicate", by="lin", at_ms=NOW_MS, revision=1)
    assert event == AuditEvent(at_ms=NOW_MS, who="lin", act="dismiss", topic="t", detail="duplicate")


def test_muting_ends_by_itself() -> None:
    """A muted topic is open again when its time is over."""
    triage, _ = done(Triage(), Act(name="mute", minutes=60))

    assert status_of(triage, [], NOW_MS + 3_599_999) == "muted"
    assert status_of(triage, [], NOW_MS + 3_600_000) == "open"


@pytest.mark.parametrize("act", [Act(name="dismiss", reason="no-news"), Act(name="mute", minutes=480)], ids=str)
def test_what_was_put_aside_comes_back_when_it_gets_graver(act: Act) -> None:
    """Nobody who dismissed gossip has dismissed a child in danger."""
    triage, _ = done(Triage(), act, flags=("exposure",))

    assert status_of(triage, ["exposure"], NOW_MS) == triage.status
    assert status_of(triage, ["minor-at-risk", "exposure"], NOW_MS) == "open"


def test_two_operators_at_once_do_not_overwrite_each_other_unseen() -> None:
    """The second is told to look again; a note is added all the same."""
    seen = Triage()
    confirmed, _ = done(seen, Act(name="confirm", revision=0))

    with pytest.raises(StaleActError, match=r"error\.stale"):
        done(confirmed, Act(name="dismiss", reason="no-news", revision=0), who="wu")
    noted, _ = done(confirmed, Act(name="note", text="asked the school board", revision=0), who="wu")

    assert (noted.status, noted.by, noted.notes, noted.revision) == ("confirmed", "lin", 1, 2)


def test_assigning_and_noting_leave_the_decision_as_it_is() -> None:
    """They say who works on it, not what it is."""
    triage, _ = done(Triage(status="confirmed", by="lin", at_ms=1, revision=1), Act(name="assign", to=" wu "), who="wu")

    assert (triage.status, triage.by, triage.at_ms, triage.assignee) == ("confirmed", "lin", 1, "wu")


UNUSABLE = {
    "no-reason": Act(name="dismiss"),
    "free-reason": Act(name="dismiss", reason="because"),
    "any-time": Act(name="mute", minutes=61),
    "merged-into-nothing": Act(name="merge"),
    "merged-into-itself": Act(name="merge", into="t"),
    "split-from-nothing": Act(name="split"),
    "empty-note": Act(name="note", text="  "),
    "long-note": Act(name="note", text="x" * (MAX_NOTE + 1)),
    "long-name": Act(name="assign", to="x" * 81),
    "control-in-name": Act(name="assign", to="a\x1bb"),
}


@pytest.mark.parametrize("act", UNUSABLE.values(), ids=UNUSABLE)
def test_an_act_without_what_it_needs_is_refused(act: Act) -> None:
    """The text to show says what is missing."""
    with pytest.raises(ActError, match=r"^error\."):
        done(Triage(), act)
