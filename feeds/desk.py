"""What operators do, done: decide, write, and have it in the audit log."""

import logging
from collections.abc import Callable

from feeds.board import Entry
from feeds.feed_store import FeedStore
from feeds.triage import Act, AuditEvent, StaleActError, Triage, decide

__all__ = ["Desk", "NoTopicError"]

log = logging.getLogger(__name__)

_TRIES = 5


class NoTopicError(LookupError):
    """There is no such topic, or it has left the feed."""


class Desk:
    """Owns no state; every method may raise StoreAwayError."""

    def __init__(self, store: FeedStore, clock: Callable[[], int]) -> None:
        self._store = store
        self._clock = clock

    def act(self, topic: str, act: Act, who: str) -> Triage:
        """Do an act on the topic as it is now; what it is then.

        Raises:
            NoTopicError: there is none.
            ActError: it cannot be done; a StaleActError where somebody else has acted meanwhile.
        """
        for _ in range(_TRIES):
            entry, before = self._found(topic)
            after, event = decide(before, act, topic=topic, flags=entry.line.flags, who=who, at_ms=self._clock())
            if self._store.act(topic, before, after, event):
                log.info("%s", act.name, extra={"event": f"feed.{act.name}", "own_id": topic})
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

    def note(self, who: str, act: str, detail: str = "") -> None:
        """Log what belongs to no topic: signed-in, exported."""
        self._store.note(AuditEvent(at_ms=self._clock(), who=who, act=act, detail=detail))

    def trail(self, topic: str | None, limit: int = 200) -> list[AuditEvent]:
        """The newest events of a topic, or of all, newest first."""
        return self._store.audit(topic, limit)

    def _found(self, topic: str) -> tuple[Entry, Triage]:
        found = self._store.some([topic]).get(topic)
        if found is None:
            raise NoTopicError(topic)
        return found
