"""Put a topic that stands on hot lists into words and numbers: its line."""

from collections import Counter
from collections.abc import Collection, Sequence

import msgspec

from contracts.told import Told, joined, release
from contracts.topic import Listed, TopicLine, Vanished
from detectors.broadcast import JOINING, MIN_AUTHORS, POINTING, Broadcast
from detectors.list_topics import Entry, ListTopic
from detectors.reasons import Language, in_other_languages, reason_of_list, reason_of_vanished
from detectors.report import CATEGORIES, EVIDENCE, iso
from detectors.terms import is_place, runs_of
from detectors.titles import KEYWORDS, TITLE_CHARS, headline
from detectors.vanishing import Gone

__all__ = ["describe_listed", "ended_line", "vanished_of"]

MIN_TITLE_CHARS = 6
_LISTED = 12  # entries of a topic that are told one by one
LONGEST_RUN = 16  # characters of a headline's words told side by side: a category stands before them


def describe_listed(
    topic: ListTopic,
    standing: Sequence[Entry],
    news: Collection[str],
    *,
    at_ms: int,
    broadcast: Broadcast,
    language: Language = "zh",
) -> TopicLine:
    """The topic's line at this moment.

    Args:
        topic: to describe.
        standing: its entries that stand on a list now.
        news: ids of the entries for which the line is written: they come first in its evidence.
        at_ms: event time.
        broadcast: what may be shown.
        language: of the reason.
    """
    stands = {entry.ranking.id for entry in standing}
    ranked = sorted(topic.entries.values(), key=lambda entry: _order(entry, stands, news))
    categories = _categories(ranked)
    terms = dict.fromkeys(term for entry in ranked for term in entry.ranking.head)
    named = frozenset[str]().union(*(broadcast.named(entry.ranking.title) for entry in ranked))
    vocabulary = {term for term in terms if broadcast.may_show(term, MIN_AUTHORS) and term not in named}
    shown = [release(term, vocabulary) for term in terms if term in vocabulary and "#" not in term]
    said = [told for entry in ranked for told in _said(entry, vocabulary)]
    whole = _title(ranked, broadcast)
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
        flags=["vanishing"] if vanished else [],
        evidence=[entry.ranking.id for entry in ranked[:EVIDENCE]],
        samples=[],
        reason=say(language),
        reason_in=in_other_languages(say, language),
        vanishing=vanished,
        archived=all(entry.ranking.archived for entry in topic.entries.values()),
        listed=[_listed(entry, vocabulary, broadcast) for entry in [*topic.entries.values()][:_LISTED]],
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


def _listed(entry: Entry, vocabulary: Collection[str], broadcast: Broadcast) -> Listed:
    """The entry by itself: its title, or what of it may be told."""
    ranking = entry.ranking
    whole = _whole(entry, broadcast)
    title = joined("、", dict.fromkeys(_said(entry, vocabulary))) if whole is None else joined("", whole)
    since, heat = iso(entry.first_ms), entry.top_heat
    return Listed(title, ranking.list, since, entry.top_rank, heat, ranking.relevance, entry.ties)


def _title(ranked: Sequence[Entry], broadcast: Broadcast) -> list[Told] | None:
    """The words of the first of the entries' titles that may be shown as it is."""
    for entry in ranked:
        size = sum(map(len, entry.ranking.title))
        if MIN_TITLE_CHARS <= size <= TITLE_CHARS and (whole := _whole(entry, broadcast)) is not None:
            return whole
    return None


def _whole(entry: Entry, broadcast: Broadcast) -> list[Told] | None:
    """The words of an entry's title; None where it may not be told as it is."""
    if not broadcast.may_show_headline(entry.ranking.title):
        return None
    words = set(entry.ranking.title)  # each of them has just been released
    return [release(word, words) for word in entry.ranking.title]


def _said(entry: Entry, vocabulary: Collection[str]) -> list[Told]:
    """What of an entry's title may be told, in its order, side by side where it stands so there."""
    words = {word for word in vocabulary if "#" not in word}
    runs = runs_of(entry.ranking.title, words, JOINING)
    return [
        joined("", [release(word, {*words, *JOINING}) for word in part])
        for run in runs
        for part in ([run] if _may_stand(run) else [(word,) for word in run if word in words])
    ]


def _may_stand(run: Sequence[str]) -> bool:
    """Whether the words may be told side by side: they name no place together, and there is room for them."""
    text = "".join(run)
    return len(text) <= LONGEST_RUN and not is_place(text) and POINTING.search(text) is None


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
