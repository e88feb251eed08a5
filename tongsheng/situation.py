"""What happened in a day or a week, of topic lines: the subject of the situation report. Pure.

lines, or what the feed keeps ──▶ Subject: title, curve, peak, and the greatest of what came after the alert
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from contracts.told import Told
from contracts.topic import FLAGS, Asked, Audience, Campaign, Flag, TopicLine, Uptake, Vanished
from feeds.board import Entry, at_ms_of

__all__ = ["Alerted", "Situation", "Subject", "of_entries", "of_lines", "situation_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One topic in the period.

    Attributes:
        line: its newest in the period.
        first_ms: of its first line, which may be before the period.
        curve: (epoch ms, authors of the hour before).
        flags: all that it had.
        audience, asked, campaign: the greatest told.
        vanishing: cause -> the greatest told.
        uptake: message -> the hour in which most took a side.
    """

    line: TopicLine
    first_ms: int
    curve: tuple[tuple[int, int], ...]
    flags: tuple[Flag, ...] = ()
    audience: Audience | None = None
    asked: Asked | None = None
    campaign: Campaign | None = None
    vanishing: Mapping[str, Vanished] = field(default_factory=dict)
    uptake: Mapping[Told, Uptake] = field(default_factory=dict)

    @property
    def peak(self) -> tuple[int, int]:
        """(most authors of an hour, when)."""
        at_ms, authors = max(self.curve, key=lambda point: (point[1], -point[0]))
        return authors, at_ms


@dataclass(frozen=True, slots=True)
class Alerted:
    """One alert: when it was delivered (epoch ms), about which topics, to how many channels."""

    at_ms: int
    topics: tuple[str, ...]
    channels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A period, [start_ms, end_ms); the most pressing subjects first; `alerts` None where nobody knows."""

    start_ms: int
    end_ms: int
    subjects: Sequence[Subject]
    alerts: Sequence[Alerted] | None


def situation_of(
    subjects: Iterable[Subject], alerts: Iterable[Alerted] | None, start_ms: int, end_ms: int
) -> Situation:
    """In order: children in danger, then those with flags, as FLAGS has them, then by size."""
    ranked = sorted(subjects, key=_pressing)
    told = None if alerts is None else sorted((a for a in alerts if start_ms <= a.at_ms < end_ms), key=_moment)
    return Situation(start_ms=start_ms, end_ms=end_ms, subjects=ranked, alerts=told)


def of_lines(lines: Iterable[TopicLine], start_ms: int, end_ms: int) -> list[Subject]:
    """The topics of lines that stand in the period, in any order of topics, each topic's in order of time."""
    found: dict[str, Subject] = {}
    first_ms: dict[str, int] = {}
    for line in lines:
        at_ms = at_ms_of(line)
        first_ms.setdefault(line.topic, at_ms)
        if start_ms <= at_ms < end_ms:
            found[line.topic] = _with(found.get(line.topic), line, at_ms)
    return [replace(subject, first_ms=first_ms[name]) for name, subject in found.items()]


def of_entries(entries: Iterable[Entry], start_ms: int, end_ms: int) -> list[Subject]:
    """The topics that the feed keeps and that have a point in the period; of what came after, the newest is known."""
    subjects = []
    for entry in entries:
        curve = tuple((point.at_ms, point.authors) for point in entry.points if start_ms <= point.at_ms < end_ms)
        if curve:
            subject = _with(None, entry.line, curve[-1][0])
            subjects.append(replace(subject, curve=curve, first_ms=entry.raised_ms))
    return subjects


def _with(subject: Subject | None, line: TopicLine, at_ms: int) -> Subject:
    """The subject with one more line."""
    before = subject or Subject(line=line, first_ms=at_ms, curve=())
    flags = {*before.flags, *line.flags}
    vanishing: dict[str, Vanished] = {found.cause: found for found in line.vanishing}
    return replace(
        before,
        line=line,
        curve=(*before.curve, (at_ms, line.authors)),
        flags=tuple(flag for flag in FLAGS if flag in flags),
        audience=max((before.audience, line.audience), key=_people),
        asked=max((before.asked, line.asked), key=_askers),
        campaign=max((before.campaign, line.campaign), key=_callers),
        vanishing={**before.vanishing, **vanishing},
        uptake={**before.uptake, **{found.message: _fuller(before.uptake, found) for found in line.uptake}},
    )


def _fuller(before: Mapping[Told, Uptake], found: Uptake) -> Uptake:
    """The hour in which most took a side, with the newest turn that was told."""
    known = before.get(found.message)
    if known is None:
        return found
    best = known if _sides(known) > _sides(found) else found
    return structs.replace(best, turn=found.turn or known.turn)


def _sides(uptake: Uptake) -> int:
    return sum(balance.agree + balance.oppose for balance in (uptake.voices, uptake.reposts))


def _people(audience: Audience | None) -> int:
    return -1 if audience is None else audience.authors


def _askers(asked: Asked | None) -> int:
    return -1 if asked is None else asked.authors


def _callers(campaign: Campaign | None) -> int:
    return -1 if campaign is None else campaign.callers


def _pressing(subject: Subject) -> tuple[bool, int, int, str]:
    first = FLAGS.index(subject.flags[0]) if subject.flags else len(FLAGS)
    return "minor-at-risk" not in subject.flags, first, -subject.peak[0], subject.line.topic


def _moment(alerted: Alerted) -> int:
    return alerted.at_ms
