"""Put a topic that stands on hot lists into words and numbers: its line."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec

from contracts.told import Told, joined, release
from contracts.topic import Listed, TopicLine, Vanished
from detectors.broadcast import JOINING, MIN_AUTHORS, POINTING, Broadcast
from detectors.exposure import AT_RISK
from detectors.flags import with_flags
from detectors.list_topics import Entry, ListTopic
from detectors.methods import is_method, is_of_suicide
from detectors.reasons import Language, in_other_languages, reason_of_list, reason_of_vanished
from detectors.report import CATEGORIES, EVIDENCE, iso
from detectors.terms import alone, denied_in, is_place, runs_of
from detectors.titles import KEYWORDS, TITLE_CHARS, headline
from detectors.vanishing import Gone

__all__ = ["describe_listed", "ended_line", "vanished_of"]

MIN_TITLE_CHARS = 6
_LISTED = 12  # entries of a topic that are told one by one
LONGEST_RUN = 16  # characters of a headline's words told side by side: a category stands before them


@dataclass(frozen=True, slots=True)
class _Allowed:
    """Which words of a topic's headlines may be told.

    Attributes:
        broadcast: what may be shown.
        withheld: words that are somebody's name, or part of one, whatever the list shows.
        hides_methods: whether it is about suicide or a child in danger: no method is told (`detectors.methods`).
    """

    broadcast: Broadcast
    withheld: frozenset[str]
    hides_methods: bool

    def covers(self, word: str) -> bool:
        is_name = any(name in word for name in self.withheld)  # also of 童话培训班
        return not is_name and self.broadcast.may_show(word, MIN_AUTHORS) and self.covers_text(word)

    def covers_whole(self, words: Sequence[str]) -> bool:
        """Whether a headline may stand as it is."""
        return (
            self.broadcast.may_show_headline(words)
            and self.withheld.isdisjoint(words)
            and self.covers_text("".join(words))
        )

    def covers_text(self, text: str) -> bool:
        return not (self.hides_methods and is_method(text))


def describe_listed(
    topic: ListTopic,
    standing: Sequence[Entry],
    news: Collection[str],
    *,
    at_ms: int,
    broadcast: Broadcast,
    language: Language = "zh",
    names: Collection[str] = (),
) -> TopicLine:
    """The topic's line at this moment.

    Args:
        topic: to describe.
        standing: its entries that stand on a list now.
        news: ids of the entries for which the line is written: they come first in its evidence.
        at_ms: event time.
        broadcast: what may be shown.
        language: of the reason.
        names: as in `titles.word`.
    """
    stands = {entry.ranking.id for entry in standing}
    ranked = sorted(topic.entries.values(), key=lambda entry: _order(entry, stands, news))
    categories = _categories(ranked)
    terms = dict.fromkeys(term for entry in ranked for term in entry.ranking.head)
    is_at_risk = any(AT_RISK in entry.ranking.signs for entry in standing)
    allowed = _allowed_of(ranked, terms, broadcast, names, is_at_risk=is_at_risk)
    vocabulary = {term for term in terms if allowed.covers(term)}
    denied = frozenset[str]().union(*(denied_in(entry.ranking.title) for entry in ranked))
    shown = [release(term, vocabulary) for term in terms if term in vocabulary - denied and "#" not in term]
    said = [told for entry in ranked for told in _said(entry, vocabulary, allowed)]
    whole = _title(ranked, allowed)
    title = headline(categories[0], said, since_ms=topic.first_ms) if whole is None else joined("", whole)
    parts = [part for part in (said if whole is None else whole) if len(part) > 1 and part in title]
    gone = topic.gone if topic.gone is not None and topic.gone.vanished_ms else None

    def say(of: Language) -> Told:
        return _reason(ranked, standing, of) if gone is None else _left(gone, ranked, of)

    vanished = [] if gone is None else [vanished_of(gone, len(topic.entries))]
    return TopicLine(
        at=iso(at_ms),
        topic=topic.id,
        state=topic.state,
        title=title,
        keywords=list(dict.fromkeys([*parts, *shown]))[:KEYWORDS],  # the last guard knows a title's words by them
        categories=categories,
        posts=0,
        authors=0,
        expected=0.0,
        score=0.0,
        reach=None,
        platforms={},
        since=iso(topic.first_ms),
        flags=with_flags([AT_RISK] if is_at_risk else (), ["vanishing"] if vanished else ()),
        evidence=[entry.ranking.id for entry in ranked[:EVIDENCE]],
        samples=[],
        reason=say(language),
        reason_in=in_other_languages(say, language),
        vanishing=vanished,
        archived=all(entry.ranking.archived for entry in topic.entries.values()),
        listed=[_listed(entry, vocabulary, allowed) for entry in [*topic.entries.values()][:_LISTED]],
    )


def vanished_of(gone: Gone, entries: int) -> Vanished:
    """What a line tells of it; `entries` are all that the topic ever had."""
    return Vanished(cause="off-list", count=gone.entries, of=max(entries, gone.entries), since=iso(gone.gone_ms))


def ended_line(line: TopicLine, at_ms: int) -> TopicLine:
    """The last line of a topic that turned out to be another one's event: as told last, and closed."""
    return msgspec.structs.replace(line, at=iso(at_ms), state="closed")


def _order(entry: Entry, stands: Collection[str], news: Collection[str]) -> tuple[bool, bool, int, int, str]:
    """The news first, then what stands, then what was hottest."""
    ranking = entry.ranking
    return ranking.id not in news, ranking.id not in stands, -(ranking.heat or 0), -ranking.at_ms, ranking.id


def _allowed_of(
    entries: Sequence[Entry], terms: Collection[str], broadcast: Broadcast, names: Collection[str], *, is_at_risk: bool
) -> _Allowed:
    """What may be told of these entries: one of them may show what a word of another is, and so may the posts."""
    titles = [entry.ranking.title for entry in entries]
    named = frozenset[str]().union(*map(broadcast.named_in_headline, titles))
    words = {*terms, *(word for title in titles for word in title if len(word) > 1)} if names else ()
    shown_by_posts = {word for word in words if broadcast.mark(word) in names and not broadcast.is_past_doubt(word)}
    hides_methods = is_at_risk or is_of_suicide("".join(title) for title in titles)
    return _Allowed(broadcast, named | shown_by_posts, hides_methods)


def _listed(entry: Entry, vocabulary: Collection[str], allowed: _Allowed) -> Listed:
    """The entry by itself: its title, or what of it may be told."""
    ranking = entry.ranking
    whole = _whole(entry, allowed)
    title = joined("、", dict.fromkeys(_said(entry, vocabulary, allowed))) if whole is None else joined("", whole)
    since, heat = iso(entry.first_ms), entry.top_heat
    return Listed(title, ranking.list, since, entry.top_rank, heat, ranking.relevance, entry.ties)


def _title(ranked: Sequence[Entry], allowed: _Allowed) -> list[Told] | None:
    """The words of the first of the entries' titles that may be shown as it is."""
    for entry in ranked:
        size = sum(map(len, entry.ranking.title))
        if MIN_TITLE_CHARS <= size <= TITLE_CHARS and (whole := _whole(entry, allowed)) is not None:
            return whole
    return None


def _whole(entry: Entry, allowed: _Allowed) -> list[Told] | None:
    """The words of an entry's title; None where it may not be told as it is."""
    if not allowed.covers_whole(entry.ranking.title):
        return None
    words = set(entry.ranking.title)  # each of them has just been released
    return [release(word, words) for word in entry.ranking.title]


def _said(entry: Entry, vocabulary: Collection[str], allowed: _Allowed) -> list[Told]:
    """What of an entry's title may be told, in its order, side by side where it stands so there."""
    words = {word for word in vocabulary if "#" not in word}
    runs = runs_of(entry.ranking.title, words, JOINING)
    return [
        joined("", [release(word, {*words, *JOINING}) for word in part])
        for run in runs
        for part in ([run] if _may_stand(run, allowed) else alone(run, words))
    ]


def _may_stand(run: Sequence[str], allowed: _Allowed) -> bool:
    """Whether the words may be told side by side: they name no place together, and there is room for them."""
    text = "".join(run)
    is_short = len(text) <= LONGEST_RUN and allowed.covers_text(text)
    return is_short and not is_place(text) and POINTING.search(text) is None


def _categories(entries: Sequence[Entry]) -> list[str]:
    votes: Counter[str] = Counter()
    for entry in entries:
        for place, category in enumerate(entry.ranking.categories):
            votes[category] += CATEGORIES - place
    return sorted(votes, key=lambda category: (-votes[category], category))[:CATEGORIES] or ["other"]


def _reason(ranked: Sequence[Entry], standing: Sequence[Entry], language: Language) -> Told:
    """Where it stands now, or stood at best; the best place of all its entries."""
    best = min(standing, key=_place) if standing else min(ranked, key=_best_place)
    rank, heat = (best.ranking.rank, best.ranking.heat) if standing else (best.top_rank, best.top_heat)
    return reason_of_list(best.ranking.list, rank, heat, stands=bool(standing), entries=len(ranked), language=language)


def _left(gone: Gone, ranked: Sequence[Entry], language: Language) -> Told:
    """Where it stood when it was taken off."""
    name = next((entry.ranking.list for entry in ranked if entry.ranking.at_ms == gone.last_ms), "")
    return reason_of_vanished(name, gone.rank, gone.heat, was_rising=gone.was_rising, language=language)


def _place(entry: Entry) -> tuple[bool, int, int, str]:
    rank = entry.ranking.rank
    return rank is None, rank or 0, -(entry.ranking.heat or 0), entry.ranking.id


def _best_place(entry: Entry) -> tuple[bool, int, int, str]:
    rank = entry.top_rank
    return rank is None, rank or 0, -(entry.top_heat or 0), entry.ranking.id
