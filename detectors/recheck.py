"""Read a topic line that comes from elsewhere: no word of it is told that this process would not release itself.

What a detector writes is composed of what may be told (`contracts/told.py`); but a line on `topics.detected`, or in a
file, is bytes, and whoever may write there could have written anything. So whoever is about to tell a line looks at
each of its words again (docs/decisions/0047). What is not believed is left out or said in numbers, so that the topic
itself is still told. Pure.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from contracts.platforms import PLATFORMS
from contracts.told import Told, compose
from contracts.topic import Campaign, Grounds, Listed, TopicLine
from detectors.broadcast import Broadcast
from detectors.categories import LABELS
from detectors.list_grounds import KINDS
from detectors.reasons import LANGUAGES, is_reason
from detectors.regions import MIN_AUTHORS, REGIONS
from detectors.report import SAMPLES
from detectors.titles import KEYWORDS, headline

__all__ = ["Recheck"]

_MOST_TITLE_CHARS = 120
_MOST_SAMPLE_CHARS = 140
_LABEL = "|".join(map(re.escape, LABELS.values()))
_TITLE = re.compile(f"(?:(?:{_LABEL})：)?(?P<said>.+?)(?:（[0-9]{{2}}:[0-9]{{2}} 起(?:，[0-9]{{1,9}} 人)?）)?")
_APART = re.compile(r"[、\s]+")
_MANY, _PEOPLE = 10_000_000, 1_500_000_000
_NEW_TERM = "新词，见控制台"  # what `titles.headline` says where there is no word
_TOPIC = re.compile("[0-9a-f]{12}")
_LIST = re.compile("[a-z0-9_]{0,40}")

_Count = TypeVar("_Count")


class Recheck:
    """Call it with a line; gives the same line where all of it may be told, as nearly all may."""

    def __init__(self, broadcast: Broadcast, messages: Collection[str] = ()) -> None:
        """Take what may be shown, and the names of the organisation's messages as the settings have them."""
        self._broadcast = broadcast
        self._messages = frozenset(messages)

    def __call__(self, line: TopicLine) -> TopicLine:
        """The line without what is not believed.

        Raises:
            ValueError: its id or one of its moments is none, or a count more than there are people; the error does not
                repeat it.

        Cost: some 100 microseconds.
        """
        if _TOPIC.fullmatch(line.topic) is None:
            raise ValueError("topic: no id of a topic")
        if not all(map(_is_moment, _moments(line))):
            raise ValueError("moment: none, or without its zone")
        if not all(0 <= count < _MANY for count in _counts(line)) or not 0 <= (line.reach or 0) < _PEOPLE:
            raise ValueError("counts: more than there are people")
        categories = [name for name in line.categories if name in LABELS] or ["other"]
        audience, campaign, grounds = line.audience, line.campaign, line.grounds
        believed = replace(
            line,
            title=line.title if self._is_title(line.title) else _in_numbers(line, categories[0]),
            keywords=self._words(line.keywords)[:KEYWORDS],
            categories=categories,
            top_share=None if line.top_share is None else round(min(line.top_share, 1.0), 2),
            platforms=_of_platforms(line.platforms),
            usual=_of_platforms(line.usual),
            samples=[] if "exposure" in line.flags else [text[:_MOST_SAMPLE_CHARS] for text in line.samples[:SAMPLES]],
            reason=line.reason if is_reason(line.reason) else compose(""),
            reason_in={name: said for name, said in line.reason_in.items() if name in LANGUAGES and is_reason(said)},
            listed=[self._listed(found) for found in line.listed],
            regions={name: count for name, count in line.regions.items() if name in REGIONS and count >= MIN_AUTHORS},
            audience=None if audience is None else replace(audience, platforms=_of_platforms(audience.platforms)),
            campaign=None if campaign is None else self._campaign(campaign),
            vanishing=[replace(gone, words=self._words(gone.words)) for gone in line.vanishing],
            uptake=[found for found in line.uptake if self._may_name(found.message)],
            grounds=None if grounds is None else self._grounds(grounds),
            threads=[replace(thread, words=self._words(thread.words)) for thread in line.threads],
            seam=[replace(side, words=self._words(side.words)) for side in line.seam],
        )
        return line if believed == line else believed

    def _is_title(self, title: str) -> bool:
        found = _TITLE.fullmatch(title)
        if found is None or len(title) > _MOST_TITLE_CHARS:
            return False
        parts = [part for part in _APART.split(found["said"]) if part]
        return found["said"] == _NEW_TERM or (len(parts) > 0 and all(map(self._may_repeat, parts)))

    def _words(self, words: Iterable[Told]) -> list[Told]:
        return [word for word in words if self._may_repeat(word)]

    def _may_repeat(self, word: str) -> bool:
        return self._broadcast.may_repeat(word)

    def _may_name(self, message: str) -> bool:
        return message in self._messages or all(self._may_repeat(part) for part in _APART.split(message))

    def _campaign(self, campaign: Campaign) -> Campaign:
        name = campaign.name
        return campaign if not name or self._may_repeat(name.strip("#")) else replace(campaign, name=compose(""))

    def _listed(self, found: Listed) -> Listed:
        ties = [
            replace(tie, parts={kind: part for kind, part in tie.parts.items() if kind in KINDS}) for tie in found.ties
        ]
        is_told = not found.title or self._is_title(found.title)
        name = found.name if _LIST.fullmatch(found.name) else ""
        return replace(found, title=found.title if is_told else compose(""), name=name, ties=ties)

    def _grounds(self, grounds: Grounds) -> Grounds:
        terms = [
            term if not term.term or self._may_repeat(term.term.strip("#")) else replace(term, term=compose(""))
            for term in grounds.terms
        ]
        return replace(grounds, terms=terms)


def _in_numbers(line: TopicLine, category: str) -> Told:
    """The title of a topic whose words may not be told."""
    since_ms = round(datetime.fromisoformat(line.since).timestamp() * 1000)
    return headline(category, (), since_ms=since_ms, authors=line.authors)


def _of_platforms(counts: Mapping[str, _Count]) -> dict[str, _Count]:
    return {name: count for name, count in counts.items() if name in PLATFORMS}


def _counts(line: TopicLine) -> Iterator[float]:
    """What is told beside the title, in figures: a telephone number is one, too."""
    yield from (line.posts, line.authors, line.expected, line.score, line.top_share or 0.0)
    for counts in (line.platforms, line.regions, line.usual):
        yield from counts.values()


def _is_moment(told: str) -> bool:
    try:
        return datetime.fromisoformat(told).utcoffset() is not None
    except ValueError:
        return False


def _moments(line: TopicLine) -> Iterator[str]:
    """All that are told; a text that is no moment would stop whoever reads it, again after each start."""
    yield from (line.at, line.since)
    yield from (gone.since for gone in line.vanishing)
    for turn in (found.turn for found in line.uptake if found.turn is not None):
        yield from (turn.at, turn.earliest, turn.latest)
    for found in (line.exposure, line.asked, line.campaign):
        if found is not None:
            yield found.since
    if line.grounds is not None:
        yield line.grounds.at
    yield from (found.since for found in line.listed)
