"""Fold one partition's posts into minute counts of distinct authors. Pure: the store does the writing.

        closed            open (lateness)        progress      future tolerance
  ──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──┬──▶|
    m  counts are final    counts may change       newest event time seen

State = fold of the records [0, next). What the fold gives depends on the records alone: never on how they
were batched, when they were read or how often a worker was restarted. A post counts

* not at all in a minute that closed `lateness` before progress (tallied as late),
* once: its id is remembered while its minute is open; a repeat after that is late anyway (unless its
  source changed its time),
* once a term, author and clock hour, in the earliest minute of that use: so within lateness the order of
  arrival changes no count. (An author's posts share a partition; over partitions counts add up.)

An entry of a hot list counts for nobody and is no exposure; it only travels on to the detector. So does a deletion: it
lowers no count, and moves no clock.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import msgspec

from detectors.delta import Delta, Evidence, Ranking, Voice, quantum_of
from detectors.evidence import KEPT_PER_TERM_AND_MINUTE
from detectors.remembered import Remembered

__all__ = ["EXPOSURE", "Heard", "PartitionState", "PartitionWindows", "WindowRules", "Writes"]

EXPOSURE = "*"  # the bucket field that counts all posts seen, relevant or not; no term is written like it

_MINUTE_MS = 60_000
_MINUTES_PER_HOUR = 60
_TERM_BYTES = 6  # 48 bits: two of one author's terms of an hour collide once in 10^12
_USE_BYTES = _TERM_BYTES + 1  # term hash, minute of the hour of its first use
_MINUTE_BYTES = [bytes((minute,)) for minute in range(_MINUTES_PER_HOUR)]
_REMEMBERED_HASHES = 1 << 17
_MANY = KEPT_PER_TERM_AND_MINUTE + 1


class Heard(msgspec.Struct, frozen=True, gc=False):
    """One post as the fold needs it.

    Attributes:
        key: 8 bytes that stand for the post id.
        at_ms: event time.
        evidence: None where the post is not about children: then only exposure counts.
        list: name of the hot list whose entry it is, "" for a post; `rank` its place, 0 where the list does not tell.
        ranking: None where the entry is not about children: then only the list's snapshot counts.
        forgets: id of the post where it has been deleted: nothing counts then, and what was kept of it goes.
        gone: id of a post that its platform no longer shows: itself, or what it quotes.
    """

    key: bytes
    at_ms: int
    evidence: Evidence | None = None
    list: str = ""
    rank: int = 0
    ranking: Ranking | None = None
    forgets: str = ""
    gone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRules:
    """How late a post may be, and how long minutes are kept (both in minutes of event time)."""

    lateness_minutes: int = 10
    keep_minutes: int = 75


@dataclass(slots=True, kw_only=True)
class PartitionState:
    """What a worker must know of a partition to go on folding.

    Attributes:
        next: Kafka offset of the first record not yet folded.
        progress_ms: newest event time (post or mark), 0 before the first.
        minutes: minutes whose counts are kept, ascending.
        keys: open minute -> keys of its posts.
        authors: open minute -> term -> distinct authors (EXPOSURE -> posts).
        uses: open hour -> author -> packed (term hash, minute of the hour), see `_pack`.
        tallies: posts, late, repeats since the beginning of the log.
    """

    next: int
    progress_ms: int = 0
    minutes: list[int] = field(default_factory=list)
    keys: dict[int, set[bytes]] = field(default_factory=dict)
    authors: dict[int, dict[str, int]] = field(default_factory=dict)
    uses: dict[int, dict[str, bytes]] = field(default_factory=dict)
    tallies: dict[str, int] = field(default_factory=lambda: {"posts": 0, "late": 0, "repeats": 0})


@dataclass(slots=True, kw_only=True)
class Writes:
    """What one batch changes, as absolute values: to write it twice changes nothing.

    Attributes:
        next, progress_ms, minutes, tallies: the new head of the partition.
        keys: open minute -> keys to add.
        authors: minute -> term -> new count.
        uses: hour -> author -> new packed uses.
        deltas: for the detector, ascending quanta.
        closed_minutes, closed_hours, dropped_minutes: whose keys, uses, counts go.
    """

    next: int
    progress_ms: int
    minutes: list[int]
    tallies: dict[str, int]
    keys: dict[int, list[bytes]]
    authors: dict[int, dict[str, int]]
    uses: dict[int, dict[str, bytes]]
    deltas: list[Delta]
    closed_minutes: list[int]
    closed_hours: list[int]
    dropped_minutes: list[int]

    def for_detector(self) -> "Writes":
        """Without what only a worker reads again: the keys, counts and uses."""
        return replace(self, keys={}, authors={}, uses={})


class PartitionWindows:
    """The fold of one partition: `hear` and `mark` in record order, then `take` what is to be written."""

    def __init__(self, state: PartitionState, rules: WindowRules) -> None:
        self.state = state
        self._rules = rules
        self._first_open = self._first_open_at(state.progress_ms)  # minutes before it are late
        self._known = set[bytes]().union(*state.keys.values())  # the open minutes' keys in one set
        self._clear()

    def hear(self, heard: Heard) -> None:
        """Fold one post. Cost: 2 microseconds, and half of one a term where it is relevant."""
        state, key = self.state, heard.key
        if heard.forgets:
            if state.progress_ms:  # however late it comes; before the first post there is nothing to forget
                delta = self._delta()
                delta.forgotten.append(heard.forgets)
                _lose(heard.gone, delta)
            return
        minute = heard.at_ms // _MINUTE_MS
        if minute < self._first_open:
            state.tallies["late"] += 1
            return
        if key in self._known:
            state.tallies["repeats"] += 1
            return
        if minute not in state.keys:
            self._open(minute)
        state.keys[minute].add(key)
        self._known.add(key)
        self._keys[minute].append(key)
        state.tallies["posts"] += 1
        if heard.at_ms > state.progress_ms:
            self._advance(heard.at_ms)
        delta = self._delta()
        if heard.gone:
            _lose(heard.gone, delta)
        if heard.list:
            _hear_entry(heard, delta)
            return
        delta.posts[minute] = delta.posts.get(minute, 0) + 1
        counts = state.authors[minute]
        counts[EXPOSURE] = self._changed[minute][EXPOSURE] = counts.get(EXPOSURE, 0) + 1
        if heard.evidence is not None:
            self._hear_relevant(minute, heard.evidence, delta)

    def mark(self, at_ms: int) -> None:
        """Fold a progress mark: the sender has reached this event time."""
        if at_ms > self.state.progress_ms:
            self._advance(at_ms)

    def take(self, next_offset: int) -> Writes:
        """What has changed since the last take; `next_offset` is behind the last record folded."""
        state = self.state
        state.next = next_offset
        writes = Writes(
            next=next_offset,
            progress_ms=state.progress_ms,
            minutes=list(state.minutes),
            tallies=dict(state.tallies),
            keys=dict(self._keys),
            authors={minute: dict(terms) for minute, terms in self._changed.items()},
            uses={hour: dict(authors) for hour, authors in self._uses.items()},
            deltas=[self._deltas[quantum] for quantum in sorted(self._deltas)],
            closed_minutes=self._closed_minutes,
            closed_hours=self._closed_hours,
            dropped_minutes=self._dropped_minutes,
        )
        self._clear()
        return writes

    def _clear(self) -> None:
        self._keys: defaultdict[int, list[bytes]] = defaultdict(list)
        self._changed: defaultdict[int, dict[str, int]] = defaultdict(dict)
        self._uses: defaultdict[int, dict[str, bytes]] = defaultdict(dict)
        self._deltas: dict[int, Delta] = {}
        self._closed_minutes: list[int] = []
        self._closed_hours: list[int] = []
        self._dropped_minutes: list[int] = []

    def _first_open_at(self, progress_ms: int) -> int:
        """The first minute that ended no longer than the lateness before."""
        return progress_ms // _MINUTE_MS - self._rules.lateness_minutes

    def _open(self, minute: int) -> None:
        state = self.state
        state.keys[minute] = set()
        state.authors[minute] = {}
        state.uses.setdefault(minute // _MINUTES_PER_HOUR, {})
        state.minutes = sorted({*state.minutes, minute})

    def _delta(self) -> Delta:
        quantum = quantum_of(self.state.progress_ms)
        delta = self._deltas.get(quantum)
        if delta is None:
            delta = self._deltas[quantum] = Delta(quantum, {}, {}, [])
        return delta

    def _hear_relevant(self, minute: int, evidence: Evidence, delta: Delta) -> None:
        hour, of_hour = divmod(minute, _MINUTES_PER_HOUR)
        authors = self.state.uses[hour]
        uses = _unpack(authors.get(evidence.author, b""))
        counts, used = self.state.authors[minute], []
        for term in evidence.terms:
            hashed = _HASHES[term]
            first = uses.get(hashed)
            if first is None or of_hour < first:
                if first is not None:
                    self._use(hour * _MINUTES_PER_HOUR + first, (term,), -1, delta)
                uses[hashed] = of_hour
                used.append(term)
        if used:
            self._use(minute, used, 1, delta)
            authors[evidence.author] = self._uses[hour][evidence.author] = _pack(uses)
        if min([counts.get(term, 0) for term in evidence.terms], default=_MANY) <= KEPT_PER_TERM_AND_MINUTE:
            delta.evidence.append(evidence)
        elif (voice := Voice.of(evidence)) is not None:
            delta.voices.append(voice)
        marks = delta.marks.setdefault(hour, {})
        for mark in ("", *evidence.marks):
            marks[mark] = marks.get(mark, 0) + 1

    def _use(self, minute: int, terms: Iterable[str], change: int, delta: Delta) -> None:
        counts, changed = self.state.authors[minute], self._changed[minute]
        changes = delta.authors.setdefault(minute, {})
        for term in terms:
            counts[term] = changed[term] = counts.get(term, 0) + change
            changes[term] = changes.get(term, 0) + change

    def _advance(self, progress_ms: int) -> None:
        """Move progress; close what has become late and drop what is no longer kept."""
        state = self.state
        crossed = progress_ms // _MINUTE_MS > state.progress_ms // _MINUTE_MS
        state.progress_ms = progress_ms
        if not crossed:
            return
        first_open = self._first_open = self._first_open_at(progress_ms)
        for minute in [minute for minute in state.keys if minute < first_open]:
            self._known -= state.keys.pop(minute)
            del state.authors[minute]
            self._keys.pop(minute, None)
            self._closed_minutes.append(minute)
        for hour in [hour for hour in state.uses if (hour + 1) * _MINUTES_PER_HOUR <= first_open]:
            del state.uses[hour]
            self._uses.pop(hour, None)
            self._closed_hours.append(hour)
        oldest = progress_ms // _MINUTE_MS - self._rules.keep_minutes
        gone = [minute for minute in state.minutes if minute < oldest]
        if gone:
            state.minutes = [minute for minute in state.minutes if minute >= oldest]
            self._dropped_minutes += gone
            for minute in gone:
                self._changed.pop(minute, None)


def _lose(name: str, delta: Delta) -> None:
    """Hand on that a post is gone, once a second of progress."""
    if name and name not in delta.gone:
        delta.gone.append(name)


def _hear_entry(heard: Heard, delta: Delta) -> None:
    delta.lists[heard.list] = max(heard.at_ms, delta.lists.get(heard.list, 0))
    delta.places[heard.list] = max(heard.rank, delta.places.get(heard.list, 0))
    if heard.ranking is not None:
        delta.rankings.append(heard.ranking)


def _hash(term: str) -> bytes:
    return blake2b(term.encode(), digest_size=_TERM_BYTES).digest()


_HASHES = Remembered(_hash, most=_REMEMBERED_HASHES)  # asked for each term of each post


def _pack(uses: dict[bytes, int]) -> bytes:
    """Term hashes with the minute of the hour: 7 bytes a use, where a set member would take 40."""
    return b"".join([hashed + _MINUTE_BYTES[minute] for hashed, minute in uses.items()])


def _unpack(packed: bytes) -> dict[bytes, int]:
    starts: Iterable[int] = range(0, len(packed), _USE_BYTES)
    return {packed[at : at + _TERM_BYTES]: packed[at + _TERM_BYTES] for at in starts}
