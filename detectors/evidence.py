"""The relevant posts of the last hour, found by term. Rebuilt from its posts after a restart."""

from collections import defaultdict, deque
from collections.abc import Iterable

from detectors.delta import Evidence

__all__ = ["EvidenceIndex"]

KEPT_PER_TERM = 150  # enough to judge what a term is about; chosen in docs/decisions/0004
_HOUR_MS = 3_600_000


class EvidenceIndex:
    """Posts in arrival order, dropped an hour after their event time."""

    def __init__(self, posts: Iterable[Evidence] = ()) -> None:
        self.posts: deque[Evidence] = deque()
        self._by_term: defaultdict[str, deque[Evidence]] = defaultdict(lambda: deque(maxlen=KEPT_PER_TERM))
        for post in posts:
            self.add(post)

    def add(self, post: Evidence) -> None:
        """Index one post under each of its terms."""
        self.posts.append(post)
        for term in post.terms:
            self._by_term[term].append(post)

    def forget(self, now_ms: int) -> list[Evidence]:
        """Drop and return what is over an hour old."""
        gone: list[Evidence] = []
        while self.posts and self.posts[0].at_ms <= now_ms - _HOUR_MS:
            post = self.posts.popleft()
            gone.append(post)
            for term in post.terms:
                self._drop(term, post)
        return gone

    def of_term(self, term: str) -> list[Evidence]:
        """The term's newest posts of the last hour, at most KEPT_PER_TERM, oldest first."""
        return list(self._by_term.get(term, ()))

    def _drop(self, term: str, post: Evidence) -> None:
        kept = self._by_term.get(term)
        if kept and kept[0] is post:
            kept.popleft()
        if not kept:
            self._by_term.pop(term, None)
