"""What operators do, done: decide, write, and have it in the audit log."""

import logging
import re
import secrets
from collections.abc import Callable, Collection, Sequence

import msgspec

from contracts.mute import Mute, in_force, mute_of_topic
from contracts.split import Split
from contracts.topic import FLAGS
from contracts.triage import Triage
from feeds.board import Entry
from feeds.feed_store import FeedStore, MergeError
from feeds.triage import MUTE_MINUTES, MUTING_MINUTES, MUTING_REASONS, Act, ActError, AuditEvent, StaleActError, decide

__all__ = ["Desk", "NoTopicError"]

log = logging.getLogger(__name__)

_TRIES = 5
_MINUTE_MS = 60_000
_GRAVE = frozenset(("minor-at-risk", "exposure"))
_MOST_WORDS = 8
_MOST_SPLITS = 500  # known at once
_ID_BYTES = 6  # of a topic
_MARK = re.compile("[A-Za-z0-9:~_-]{1,60}")  # of a conversation
_PLACE = re.compile("[1-9][0-9]{0,14}-[0-9]{1,15}")  # in the audit log
_MOST_MUTES = 500  # in force at once; each is weighed against whatever is about to be raised
_FEW = 2  # words; one alone would mute far more than the topic that was dismissed


class NoTopicError(LookupError):
    """There is no such topic, or it has left the feed."""


class Desk:
    """Owns no state; every method may raise StoreAwayError."""

    def __init__(self, store: FeedStore, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock

    def act(self, topic: str, act: Act, who: str, *, seen: Collection[str] = ()) -> Triage:
        """Do an act on the topic as it is now; what it is then.

        Args:
            topic: its id.
            act: what to do.
            who: operator's name.
            seen: flags that the operator saw on it, those of what was merged into it among them.

        Raises:
            NoTopicError: there is none.
            ActError: it cannot be done; a StaleActError where somebody else has acted meanwhile.
        """
        for _ in range(_TRIES):
            entry, before = self._found(topic)
            flags = [flag for flag in FLAGS if flag in entry.line.flags or flag in seen]
            after, event = decide(before, act, topic=topic, flags=flags, who=who, at_ms=self._clock())
            mute = _muted_with(act, entry, after)
            split = self._split(act, entry, who)
            if split is not None:
                event = _named(event, split)
            events = [event, _told(mute, MUTING_MINUTES)] if mute is not None and act.name == "dismiss" else [event]
            try:
                is_done = self._store.act(topic, before, after, *events, mute=mute, split=split)
            except MergeError:
                raise ActError("error.merge") from None
            if is_done:
                log.info("%s %s", act.name, topic, extra={"event": f"feed.{act.name}", "own_id": topic})
                return after
        raise StaleActError("error.stale")

    def splits(self, topic: str) -> list[Split]:
        """What was split off a topic, or it from another, and not undone, in order of time."""
        return [split for split in self._store.splits() if topic in (split.id, split.topic) and not split.is_undone]

    def _split(self, act: Act, entry: Entry, who: str) -> Split | None:
        """What an act has split, or undone.

        Raises:
            ActError: there is nothing to split, or no such split.
        """
        topic = entry.line.topic
        if act.name == "rejoin":
            found = next((split for split in self.splits(topic) if split.id == act.into != topic), None)
            if found is None:
                raise ActError("error.rejoin")
            return msgspec.structs.replace(found, is_undone=True)
        if act.name != "divide":
            return None
        if entry.line.state == "closed":
            raise ActError("error.closed")
        words = tuple(dict.fromkeys(act.words))
        are_marks = all(_MARK.fullmatch(mark) for mark in act.conversations)
        if not (words or act.conversations) or not _words_of(entry).issuperset(words) or not are_marks:
            raise ActError("error.divide")
        if len(self._store.splits()) >= _MOST_SPLITS:
            raise ActError("error.splits")
        return Split(
            id=secrets.token_hex(_ID_BYTES),
            topic=topic,
            words=words,
            conversations=act.conversations,
            by=who,
            at_ms=self._clock(),
        )

    def look(self, topic: str, who: str) -> Entry:
        """The topic with its samples; the look is in the audit log before they are seen.

        Raises:
            NoTopicError: there is none.
        """
        entry, _ = self._found(topic)
        self._store.note(AuditEvent(at_ms=self._clock(), who=who, act="looked", topic=topic))
        return entry

    def mute_words(
        self, topic: str, words: Sequence[str], minutes: int, who: str, *, merged: Collection[str] = ()
    ) -> Mute:
        """Mute words that the topic's lines have shown, together, so that no topic about them is raised for a while.

        Only such words: a name that somebody types in would be kept and shown.

        Args:
            topic: its id.
            words: to mute.
            minutes: of MUTE_MINUTES.
            who: operator's name.
            merged: ids of the topics that its page shows with it; their words are among its own.

        Raises:
            NoTopicError: there is no such topic.
            ActError: a word is none of the topic's, there are none or too many, or the time is none of MUTE_MINUTES.
        """
        entry, _ = self._found(topic)
        others = [other for other, _ in self._store.some(list(merged)).values()] if merged else []
        known = set().union(*map(_words_of, (entry, *others)))
        chosen = tuple(dict.fromkeys(words))
        if not 0 < len(chosen) <= _MOST_WORDS or not known.issuperset(chosen):
            raise ActError("error.words")
        if minutes not in MUTE_MINUTES:
            raise ActError("error.minutes")
        ended, standing = self._mutes()
        if len(standing) >= _MOST_MUTES:
            raise ActError("error.mutes")
        now_ms = self._clock()
        name = "word:" + " ".join(sorted(chosen))
        until_ms = now_ms + minutes * _MINUTE_MS
        mute = Mute(id=name, words=chosen, until_ms=until_ms, by=who, at_ms=now_ms, topic=topic)
        self._store.change_mutes(_told(mute, minutes), add=[mute], end=ended)
        log.info("mute-words %s", topic, extra={"event": "feed.mute-words", "own_id": topic})
        return mute

    def end_mute(self, name: str, who: str) -> None:
        """End a mute before its time.

        Raises:
            ActError: there is none of that id.
        """
        mute = next((mute for mute in self.mutes() if mute.id == name), None)
        if mute is None:
            raise ActError("error.mute")
        detail = " ".join(mute.words)
        event = AuditEvent(at_ms=self._clock(), who=who, act="unmute-words", topic=mute.topic, detail=detail)
        self._store.change_mutes(event, end=[name])

    def mutes(self) -> list[Mute]:
        """Those in force, what ends first first."""
        return sorted(self._mutes()[1], key=lambda mute: (mute.until_ms, mute.id))

    def note(self, who: str, act: str, detail: str = "") -> None:
        """Log what belongs to no topic: signed-in, exported."""
        self._store.note(AuditEvent(at_ms=self._clock(), who=who, act=act, detail=detail))

    def trail(self, topic: str | None, limit: int = 200) -> list[AuditEvent]:
        """The newest events of a topic, or of all, newest first."""
        return self._store.audit(topic, limit)

    def log(self, before: str, limit: int) -> list[tuple[str, AuditEvent]]:
        """(place, event) of the whole audit log behind a place, "" = from the newest on; newest first.

        Raises:
            ValueError: `before` is no place.
        """
        if before and not _PLACE.fullmatch(before):
            raise ValueError("before: it is no place in the audit log")
        return self._store.log(before, limit)

    def _mutes(self) -> tuple[list[str], list[Mute]]:
        """(ids of those that have ended, those in force)."""
        found = self._store.mutes()
        standing = in_force(found, self._clock())
        return [mute.id for mute in found if mute not in standing], standing

    def _found(self, topic: str) -> tuple[Entry, Triage]:
        found = self._store.some([topic]).get(topic)
        if found is None:
            raise NoTopicError(topic)
        return found


def _named(event: AuditEvent, split: Split) -> AuditEvent:
    """The event with the topic that is split off, and by which words."""
    return msgspec.structs.replace(event, detail=" ".join((split.id, *split.words)))


def _words_of(entry: Entry) -> set[str]:
    """All words that the topic's lines have shown."""
    line = entry.line
    said = {word for said in entry.wordings for word in said.keywords}
    of_threads = {word for thread in line.threads for word in thread.words}
    of_sides = {word for side in line.seam for word in side.words}
    return {*line.keywords} | said | of_threads | of_sides


def _muted_with(act: Act, entry: Entry, after: Triage) -> Mute | None:
    """What is muted with a topic: what splinters off it, and its words together.

    With one that is muted, and for a week with one that was dismissed as none. With a flagged one nothing is, nor where
    a child in danger is muted: what comes next of it may be worse.
    """
    line = entry.line
    is_dismissed = act.name == "dismiss" and after.reason in MUTING_REASONS
    is_pressing = bool(after.flags if is_dismissed else _GRAVE.intersection(after.flags))
    if is_pressing or not (act.name == "mute" or is_dismissed):
        return None
    return Mute(
        id=mute_of_topic(line.topic),
        words=tuple(line.keywords) if len(line.keywords) >= _FEW else (),
        until_ms=after.muted_until_ms or after.at_ms + MUTING_MINUTES * _MINUTE_MS,
        by=after.by,
        at_ms=after.at_ms,
        topic=line.topic,
        reason=after.reason,
    )


def _told(mute: Mute, minutes: int) -> AuditEvent:
    detail = " ".join((str(minutes), *mute.words))
    return AuditEvent(at_ms=mute.at_ms, who=mute.by, act="mute-words", topic=mute.topic, detail=detail)
