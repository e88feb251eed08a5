"""What operators do, done: decide, write, and have it in the audit log."""

import logging
from collections.abc import Callable, Collection, Sequence

from contracts.mute import Mute, in_force
from contracts.topic import FLAGS
from contracts.triage import Triage
from feeds.board import Entry
from feeds.feed_store import FeedStore, MergeError, mute_of_topic
from feeds.triage import MUTE_MINUTES, MUTING_MINUTES, MUTING_REASONS, Act, ActError, AuditEvent, StaleActError, decide

__all__ = ["Desk", "NoTopicError"]

log = logging.getLogger(__name__)

_TRIES = 5
_MINUTE_MS = 60_000
_MOST_WORDS = 8
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
            mute = _of_dismissal(entry, after) if act.name == "dismiss" else None
            events = [event] if mute is None else [event, _told(mute, MUTING_MINUTES)]
            try:
                is_done = self._store.act(topic, before, after, *events, mute=mute)
            except MergeError:
                raise ActError("error.merge") from None
            if is_done:
                log.info("%s %s", act.name, topic, extra={"event": f"feed.{act.name}", "own_id": topic})
                return after
        raise StaleActError("error.stale")

    def look(self, topic: str, who: str) -> Entry:
        """The topic with its samples; the look is in the audit log before they are seen.

        Raises:
            NoTopicError: there is none.
        """
        entry, _ = self._found(topic)
        self._store.note(AuditEvent(at_ms=self._clock(), who=who, act="looked", topic=topic))
        return entry

    def mute_words(self, topic: str, words: Sequence[str], minutes: int, who: str) -> Mute:
        """Mute words that the topic's lines have shown, together, so that no topic about them is raised for a while.

        Only such words: a name that somebody types in would be kept and shown.

        Raises:
            NoTopicError: there is no such topic.
            ActError: a word is none of the topic's, there are none or too many, or the time is none of MUTE_MINUTES.
        """
        entry, _ = self._found(topic)
        chosen = tuple(dict.fromkeys(words))
        known = {word for said in entry.wordings for word in said.keywords} | {*entry.line.keywords}
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


def _of_dismissal(entry: Entry, after: Triage) -> Mute | None:
    """What a dismissal mutes: the words of a topic that was none, together; those of a flagged one never."""
    line = entry.line
    if after.reason not in MUTING_REASONS or after.flags or len(line.keywords) < _FEW:
        return None
    return Mute(
        id=mute_of_topic(line.topic),
        words=tuple(line.keywords),
        until_ms=after.at_ms + MUTING_MINUTES * _MINUTE_MS,
        by=after.by,
        at_ms=after.at_ms,
        topic=line.topic,
        reason=after.reason,
    )


def _told(mute: Mute, minutes: int) -> AuditEvent:
    detail = " ".join((str(minutes), *mute.words))
    return AuditEvent(at_ms=mute.at_ms, who=mute.by, act="mute-words", topic=mute.topic, detail=detail)
