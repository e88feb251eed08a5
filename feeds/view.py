"""Topics as pages, events and API show them: words and numbers ready to stand there, samples left out.

Whatever comes from a line passes `plain`; templates and scripts then only place text.
"""

from datetime import datetime

import msgspec

from contracts.topic import TopicLine
from contracts.triage import Triage, status_of
from detectors.moments import BEIJING
from detectors.reasons import LANGUAGES, reason_of_line
from feeds.board import Entry
from feeds.curve import spark
from feeds.plain import plain
from feeds.texts import Catalogue, category_name, platform_name

__all__ = ["Row", "age", "clock_time", "keywords_in_common", "public_topic", "row_of"]

_MINUTE_MS = 60_000


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One topic of the list, in one language; the live events carry it as JSON."""

    id: str
    title: str
    state: str
    state_name: str
    since: str
    age: str
    about: str
    flags: list[tuple[str, str]]
    people: str
    usual: str
    spark: str
    usual_y: float
    status: str
    status_name: str
    assignee: str
    merged: int
    revision: int


def row_of(entry: Entry, triage: Triage, *, t: Catalogue, newest_ms: int, now_ms: int) -> Row:
    """The topic's line in the list. Cost: some 60 microseconds.

    Args:
        entry: to show.
        triage: what was decided about it.
        t: the language's texts.
        newest_ms: event time that ages count from.
        now_ms: wall clock, for what is muted.
    """
    line = entry.line
    since_ms = round(datetime.fromisoformat(line.since).timestamp() * 1000)
    status = status_of(triage, line.flags, now_ms)
    points, usual_y = spark(entry.points)
    return Row(
        id=line.topic,
        title=plain(line.title, 60),
        state=line.state,
        state_name=_state_of(line, t),
        since=clock_time(since_ms, newest_ms),
        age=age(newest_ms - since_ms, t),
        about=_about(entry, t),
        flags=[(flag, t(f"flag.{flag}")) for flag in line.flags],
        people=f"{line.authors:,}",
        usual=t("row.usual", _number(line.expected)),
        spark=points,
        usual_y=usual_y,
        status=status,
        status_name="" if status == "open" else t(f"triage.{status}"),
        assignee=plain(triage.assignee, 40),
        merged=len(entry.merged),
        revision=triage.revision,
    )


def _state_of(line: TopicLine, t: Catalogue) -> str:
    """In a word, and whether it is of an archive: nobody should take that for now."""
    state = t(f"state.{line.state}")
    return t("row.archived", state) if line.archived else state


def public_topic(entry: Entry, triage: Triage, *, now_ms: int) -> dict[str, object]:
    """The topic as the API gives it: all but samples and evidence, which are a look of their own."""
    line = entry.line
    told: dict[str, object] = {
        name: getattr(line, name)
        for name in ("at", "topic", "state", "categories", "posts", "authors", "expected", "score", "reach", "since")
    }
    return told | {
        "title": plain(line.title, 60),
        "keywords": [plain(word, 40) for word in line.keywords],
        "reason": plain(line.reason or reason_of_line(line, "zh") or ""),
        "reasons": {language: plain(reason_of_line(line, language) or line.reason) for language in LANGUAGES},
        "platforms": line.platforms,
        "regions": dict(line.regions),
        "flags": line.flags,
        "campaign": None if line.campaign is None else msgspec.to_builtins(line.campaign),
        "vanishing": msgspec.to_builtins(line.vanishing),
        "uptake": msgspec.to_builtins(line.uptake),
        "asked": None if line.asked is None else msgspec.to_builtins(line.asked),
        "audience": None if line.audience is None else msgspec.to_builtins(line.audience),
        "exposure": None if line.exposure is None else msgspec.to_builtins(line.exposure),
        "archived": line.archived,
        "grounds": None if line.grounds is None else msgspec.to_builtins(line.grounds),
        "listed": msgspec.to_builtins(line.listed),
        "usual": line.usual,
        "top_share": line.top_share,
        "threads": msgspec.to_builtins(line.threads),
        "seam": msgspec.to_builtins(line.seam),
        "samples": len(line.samples),
        "merged": list(entry.merged),
        "triage": {
            "status": status_of(triage, line.flags, now_ms),
            "reason": triage.reason,
            "assignee": triage.assignee,
            "by": triage.by,
            "into": triage.into,
            "muted_until_ms": triage.muted_until_ms,
            "notes": triage.notes,
            "revision": triage.revision,
        },
    }


def clock_time(at_ms: int, newest_ms: int) -> str:
    """Beijing time: the hour, and the date where it is another day.

    >>> clock_time(1_772_380_800_000, 1_772_380_800_000), clock_time(1_772_380_740_000, 1_772_380_800_000)
    ('00:00', '03-01 23:59')
    """
    at, newest = (datetime.fromtimestamp(ms / 1000, tz=BEIJING) for ms in (at_ms, newest_ms))
    return f"{at:%H:%M}" if at.date() == newest.date() else f"{at:%m-%d %H:%M}"


def age(length_ms: int, t: Catalogue) -> str:
    """How long something has gone on, roughly.

    >>> age(5_400_000, Catalogue("en")), age(400_000, Catalogue("zh"))
    ('1 h', '6 分钟')
    """
    minutes = max(length_ms, 0) // _MINUTE_MS
    if minutes < 1:
        return t("age.now")
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return t("age.minutes", minutes)
    hours = minutes // 60
    return t("age.hours", hours) if hours < 48 else t("age.days", hours // 24)  # noqa: PLR2004 - two days


def keywords_in_common(one: Entry, other: Entry) -> int:
    """How many keywords two topics share."""
    return len(set(one.line.keywords) & set(other.line.keywords))


def _about(entry: Entry, t: Catalogue) -> str:
    """Who is asked first, then what about, where and how far."""
    line, language = entry.line, t.language
    platforms = sorted(line.platforms.items(), key=lambda pair: (-pair[1], pair[0]))
    parts = [] if line.asked is None else [t("row.asked", line.asked.authors)]
    parts += [category_name(category, language) for category in line.categories]
    parts += [f"{platform_name(name, language)} {count}" for name, count in platforms]
    parts += [t("row.merged", len(entry.merged))] if entry.merged else []
    if line.audience is not None and line.audience.people:
        parts.append(t("row.reach", f"{line.audience.authors:,}", f"{line.audience.people:,}"))
    return " · ".join(parts)


def _number(count: float) -> str:
    return f"{count:.1f}" if count < 10 else f"{count:,.0f}"  # noqa: PLR2004 - a decimal matters below ten
