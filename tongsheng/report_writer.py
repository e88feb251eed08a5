"""The situation report in words: a page of HTML and one of Markdown, each past the last guard.

What is written is broadcast: composed of closed vocabularies, numbers and words that may be told. No sample, no post
id, no link. The guard reads it topic by topic, and whole.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from alerts.curve import sparkline
from alerts.texts import TEXTS as ALERT_TEXTS
from contracts.settings import Settings
from contracts.told import Told, compose, joined, release
from contracts.topic import FLAGS, Flag
from detectors.categories import ENGLISH_LABELS
from detectors.guard import Guard
from detectors.guidance import guidance
from detectors.moments import BEIJING
from detectors.reasons import Language
from feeds.board import moment_ms
from tongsheng import wiring
from tongsheng.report_texts import MONTHS, TEXTS
from tongsheng.situation import Situation, Subject

__all__ = ["Report", "guard_of", "render"]

_ROWS = 10
_ITEMS = 4  # of a section
_ALERTS = 5
_PROTECTED: tuple[Flag, ...] = ("minor-at-risk", "exposure")
_LEAST_SIDES = 5  # people who take one on a message in an hour: below it there is nothing to tell
_TITLES = 3  # of an alert that is about several
_CURVE_POINTS = 16
_DAY_MS = 86_400_000
_HAN = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Report:
    """One report in one language; `blocked` says how many topics the guard left out."""

    html: str
    markdown: str
    blocked: int


def render(
    situation: Situation, language: Language, guard: Guard, own: Mapping[tuple[str, str], str] = MappingProxyType({})
) -> Report:
    """The report, past the guard: a topic that does not pass is left out, and where the whole does not, everything.

    Args:
        situation: of a period.
        language: of the report.
        guard: of `guard_of`.
        own: the organisation's wording of guidance (`GuidanceSettings.own`).
    """
    writer = _Writer(situation, language, guard, own)
    return writer.report()


def guard_of(settings: Settings) -> Guard:
    """The last guard of reports: their texts, the organisation's own, and the names that it gave its messages."""
    told = [
        *TEXTS["zh"].values(),
        *ALERT_TEXTS["zh"].actions.values(),
        *settings.guidance.own().values(),
        *(message.name for message in settings.organisation.message),
    ]
    return wiring.broadcast_guard(console="", words=[run for text in told for run in _HAN.findall(text)])


class _Writer:
    """Puts a situation into the words of one language."""

    def __init__(
        self, situation: Situation, language: Language, guard: Guard, own: Mapping[tuple[str, str], str]
    ) -> None:
        self._situation = situation
        self._language: Language = language
        self._t = TEXTS[language]
        self._guard = guard
        self._own = own
        self._is_day = situation.end_ms - situation.start_ms <= _DAY_MS

    def report(self) -> Report:
        passed = [subject for subject in self._situation.subjects if self._passes(subject)]
        blocked = len(self._situation.subjects) - len(passed)
        html, markdown = self._whole(passed)
        faults = (
            *self._guard.passed(html, "", form="html", place="report.html").faults,
            *self._guard.passed(markdown, "", place="report.md").faults,
        )
        if faults:
            html, markdown = self._whole([])
            blocked = len(self._situation.subjects)
        return Report(_styled(html), markdown, blocked)

    def _passes(self, subject: Subject) -> bool:
        """Whether all that would be said of it may be said."""
        said = "\n".join(
            [
                *map(str, self._row(subject).values()),
                *(item for _, items in self._sections([subject]) for item in items),
            ]
        )
        return not self._guard.passed(said, "", place="report.topic").faults

    def _whole(self, subjects: Sequence[Subject]) -> tuple[str, str]:
        shown = self._shown(subjects)
        html, markdown = (_templates().get_template(f"report.{kind}").render(shown) for kind in ("html", "md"))
        return html, markdown

    def _shown(self, subjects: Sequence[Subject]) -> dict[str, Any]:
        situation, t = self._situation, self._t
        left_out = len(situation.subjects) - len(subjects)
        return {
            "language": "zh-Hans" if self._language == "zh" else "en",
            "title": t["title.day"] if self._is_day else t["title.week"],
            "period": self._period(),
            "sums": self._sums(subjects),
            "headings": [t[key] for key in ("topic", "found", "peak", "people", "reach", "curve", "flags")],
            "topics": t["topics"],
            "nothing": t["none"],
            "rows": [self._row(subject) for subject in subjects[:_ROWS]],
            "more": compose(t["more"], len(subjects) - _ROWS) if len(subjects) > _ROWS else "",
            "sections": [(heading, self._first(items, _ITEMS)) for heading, items in self._sections(subjects)]
            + [self._alerted(subjects)],
            "note": t["note"],
            "blocked": t["blocked"] if left_out else "",
        }

    def _first(self, items: list[Told], most: int) -> list[Told]:
        """As many as there is room for, and how many more there are."""
        t, left_out = self._t, len(items) - most
        return items if left_out <= 0 else [*items[:most], compose(t["more.items"], left_out)]

    def _period(self) -> Told:
        first, last = (_date(at_ms) for at_ms in (self._situation.start_ms, self._situation.end_ms - 1))
        t = self._t
        return compose(t["date"], first) if self._is_day else compose(t["period"], first, last)

    def _sums(self, subjects: Sequence[Subject]) -> list[Told]:
        t = self._t
        audiences = [subject.audience for subject in subjects if subject.audience is not None]
        people = max((audience.authors for audience in audiences), default=0)
        reach = max((audience.people or 0 for audience in audiences), default=0)
        sums = [compose(t["sum"], len(subjects))]
        sums += [compose(t["sum.people"], _amount(people))] if people else []
        sums += [compose(t["sum.reach"], _amount(reach))] if reach else []
        flags = [(flag, sum(flag in subject.flags for subject in subjects)) for flag in FLAGS]
        return sums + [
            joined(" ", (compose(t[f"flag.{flag}"]), compose("{}", count))) for flag, count in flags if count
        ]

    def _row(self, subject: Subject) -> dict[str, Told]:
        t, audience, nothing = self._t, subject.audience, compose("–")
        authors, at_ms = subject.peak
        category = subject.line.categories[0] if subject.line.categories[0] in ENGLISH_LABELS else "other"
        english = release(ENGLISH_LABELS[category], ENGLISH_LABELS.values())
        people = None if audience is None else audience.people
        reach = compose(t["unknown"]) if people is None else _amount(people)
        return {
            "title": subject.line.title,
            "category": english if self._language == "en" else compose(""),  # a Chinese title begins with it
            "found": self._clock(subject.first_ms),
            "peak": compose("{} ({})", _amount(authors), self._clock(at_ms)) if authors else nothing,
            "people": nothing if audience is None else _amount(audience.authors),
            "reach": nothing if audience is None else reach,
            "curve": _drawn(subject.curve),
            "flags": joined(t["comma"], [compose(t[f"flag.{flag}"]) for flag in subject.flags]),
        }

    def _sections(self, subjects: Sequence[Subject]) -> list[tuple[Told, list[Told]]]:
        """(heading, items) of what came after the alerts; an empty one is left out."""
        parts: tuple[tuple[str, Callable[[Subject], list[Told]]], ...] = (
            ("asked", self._asked),
            ("uptake", self._uptake),
            ("vanished", self._vanished),
            ("campaign", self._campaign),
        )
        t = self._t
        made = [(compose(t[key]), [item for subject in subjects for item in say(subject)]) for key, say in parts]
        made.insert(0, (compose(t["protection"]), self._protection(subjects)))
        return [(heading, items) for heading, items in made if items]

    def _protection(self, subjects: Sequence[Subject]) -> list[Told]:
        """What to bear in mind where a child may be in danger or is exposed, and how far each topic exposes one."""
        flags = {flag for subject in subjects for flag in subject.flags}
        said = [guidance(flag, self._language, self._own) for flag in _PROTECTED if flag in flags]
        for line in (subject.line for subject in subjects):
            if line.exposure is not None:
                spread = line.exposure
                template = self._t["protection.exposed"]
                said.append(compose(template, line.title, spread.posts, spread.authors))
        return said

    def _asked(self, subject: Subject) -> list[Told]:
        t, title = self._t, subject.line.title
        found: list[Told] = []
        if (asked := subject.asked) is not None:
            found.append(compose(t["asked.told"], title, asked.authors, asked.expected))
        if (audience := subject.audience) is not None and (audience.own or audience.echoes):
            found.append(compose(t["own"], title, audience.own, _amount(audience.echoes)))
        return found

    def _uptake(self, subject: Subject) -> list[Told]:
        t = self._t
        found: list[Told] = []
        for name, uptake in subject.uptake.items():
            voices, reposts = uptake.voices, uptake.reposts
            sides = (voices.agree, voices.oppose, voices.neither, reposts.agree, reposts.oppose)
            if sum(sides) - voices.neither < _LEAST_SIDES:
                continue
            said = [compose(t["uptake.told"], name, subject.line.title, *sides)]
            if (turn := uptake.turn) is not None:
                at, earliest, latest = (self._clock(moment_ms(at)) for at in (turn.at, turn.earliest, turn.latest))
                said.append(compose(t[f"turn.{turn.to}"], at))
                said += [compose(t["turn.band"], earliest, latest)] if earliest != latest else []
            found.append(joined(t["semicolon"], said))
        return found

    def _vanished(self, subject: Subject) -> list[Told]:
        t = self._t
        found: list[Told] = []
        for gone in subject.vanishing.values():
            since = self._clock(moment_ms(gone.since))
            said = [compose(t["vanished.told"], subject.line.title, since, _amount(gone.of), _amount(gone.count))]
            if gone.words:
                said.append(compose(t["vanished.words"], joined(t["comma"], gone.words)))
            found.append(joined(t["semicolon"], said))
        return found

    def _campaign(self, subject: Subject) -> list[Told]:
        campaign = subject.campaign
        if campaign is None:
            return []
        t, texts = self._t, ALERT_TEXTS[self._language]
        action = compose(texts.actions[campaign.action])
        return [compose(t["campaign.told"], subject.line.title, campaign.callers, action, campaign.exposed)]

    def _alerted(self, subjects: Sequence[Subject]) -> tuple[Told, list[Told]]:
        t, alerts = self._t, self._situation.alerts
        heading = compose(t["alerts"])
        if alerts is None:
            return heading, [compose(t["alerts.unknown"])]
        titles = {subject.line.topic: subject.line.title for subject in subjects}
        told = [(alert, [titles[name] for name in alert.topics if name in titles]) for alert in alerts]
        shown = [(alert, names) for alert, names in told if names]
        items = [
            compose(t["alerts.told"], self._clock(alert.at_ms), joined(t["comma"], names[:_TITLES]), alert.channels)
            for alert, names in shown
        ]
        return heading, self._first(items, _ALERTS) or [compose(t["none"])]

    def _clock(self, at_ms: int) -> Told:
        """Beijing time, with the date where the report is of several days, or it was before its day."""
        at = datetime.fromtimestamp(at_ms / 1000, tz=BEIJING)
        t, clock = self._t, compose("{:02}:{:02}", at.hour, at.minute)
        is_today = self._is_day and at_ms >= self._situation.start_ms
        return clock if is_today else compose(t["moment"], at.day, at.month, compose(MONTHS[at.month - 1]), clock)


def _amount(number: int) -> Told:
    return compose("{:,}", number)


def _date(at_ms: int) -> Told:
    at = datetime.fromtimestamp(at_ms / 1000, tz=BEIJING)
    return compose("{}-{:02}-{:02}", at.year, at.month, at.day)


def _drawn(curve: Sequence[tuple[int, int]]) -> Told:
    """The whole curve in a few blocks: the highest of each part of the time."""
    start_ms, end_ms = curve[0][0], curve[-1][0] + 1
    parts = min(_CURVE_POINTS, max(len(curve), 1))
    width = max((end_ms - start_ms) / parts, 1.0)
    tops = [0] * parts
    for at_ms, authors in curve:
        place = min(int((at_ms - start_ms) / width), parts - 1)
        tops[place] = max(tops[place], authors)
    for place in range(1, parts):  # no line came: the size had not moved
        tops[place] = tops[place] or tops[place - 1]
    return sparkline([(place * 300_000, top) for place, top in enumerate(tops)])


def _styled(html: str) -> str:
    """With its stylesheet, which the guard would take for numbers and accounts."""
    style = (Path(__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
    return html.replace("</head>", f"<style>\n{style}</style>\n</head>", 1)


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("tongsheng", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
