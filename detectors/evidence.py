"""The relevant posts of the last hour, found by term. Rebuilt from its posts after a restart."""

from collections import defaultdict, deque
from collections.abc import Iterable

from detectors.delta import Evidence

__all__ = ["KEPT_PER_TERM_AND_MINUTE", "EvidenceIndex"]

KEPT_PER_TERM = 150  # enough to judge what a term is about; chosen in docs/decisions/0004
# A flood says the same thing a thousand times. The folds hand on at least the first so many of their partition, so
# that the first so many of all are known here, however many partitions there are.
KEPT_PER_TERM_AND_MINUTE = 40
_MINUTE_MS = 60_000
_HOUR_MS = 3_600_000


class EvidenceIndex:
    """Posts in the order given, dropped an hour after their event time."""

    def __init__(self, posts: Iterable[Evidence] = ()) -> None:
        self.posts: deque[Evidence] = deque()
        self._by_term: defaultdict[str, deque[Evidence]] = defaultdict(lambda: deque(maxlen=KEPT_PER_TERM))
        self._by_minute: defaultdict[int, dict[str, int]] = defaultdict(dict)  # minute -> term -> posts kept
        self._begun: dict[str, Evidence] = {}  # conversation -> the post that it began with
        self._oldest = 0  # minute before which none is kept
        for post in posts:
            self.add(post)

    def add(self, post: Evidence) -> bool:
        """Index one post under each of its terms; false where each of them has enough posts of that minute."""
        kept = self._by_minute[post.at_ms // _MINUTE_MS]
        if all(kept.get(term, 0) >= KEPT_PER_TERM_AND_MINUTE for term in post.terms):
            return False
        self.posts.append(post)
        if post.is_own:
            self._begun[post.conversation] = post
        for term in post.terms:
            kept[term] = kept.get(term, 0) + 1
            self._by_term[term].append(post)
        return True

    def forget(self, now_ms: int) -> list[Evidence]:
        """Drop and return what is over an hour old."""
        gone: list[Evidence] = []
        while self.posts and self.posts[0].at_ms <= now_ms - _HOUR_MS:
            post = self.posts.popleft()
            gone.append(post)
            self._end(post)
            for term in post.terms:
                kept = self._by_term.get(term)
                if kept and kept[0] is post:
                    kept.popleft()
                if not kept:
                    self._by_term.pop(term, None)
        oldest = (now_ms - _HOUR_MS) // _MINUTE_MS
        if oldest > self._oldest:
            self._oldest = oldest
            for minute in [minute for minute in self._by_minute if minute < oldest]:
                del self._by_minute[minute]
        return gone

    def find(self, name: str) -> Evidence | None:
        """One post by its id."""
        return next((post for post in self.posts if post.post == name), None)

    def remove(self, name: str) -> Evidence | None:
        """Drop one post at once, whatever its age; None where it is not here."""
        found = self.find(name)
        if found is not None:
            self.posts.remove(found)
            self._end(found)
            for term in found.terms:
                kept = self._by_term.get(term)
                if kept is not None and found in kept:
                    kept.remove(found)
        return found

    def of_term(self, term: str) -> list[Evidence]:
        """The term's newest posts of the last hour, at most KEPT_PER_TERM, oldest first."""
        return list(self._by_term.get(term, ()))

    def begun(self, conversation: str) -> Evidence | None:
        """The post that a conversation of this mark began with, where it is known and an hour old at most."""
        return self._begun.get(conversation)

    def _end(self, post: Evidence) -> None:
        if self._begun.get(post.conversation) is post:
            del self._begun[post.conversation]
