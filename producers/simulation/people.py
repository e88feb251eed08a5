"""Who posts: a population of invented authors, a few of them heard by many."""

from random import Random

from contracts.post import Author
from producers.simulation.grammar import Draw, shipped_grammar

__all__ = ["People"]

MOST_PEOPLE = 200_000  # about 30 MB; beyond it, more posts a day means more posts a person
_WELL_KNOWN = 10_000  # followers from which a post is likely to be quoted
_MOST_FOLLOWERS = 30_000_000
_MEDIAN_FOLLOWERS = 180
_SHARE_VERIFIED = 0.02
_SHARE_WITHOUT_REGION = 0.1


class People:
    """The same population for the same seed and size; drawing from it is the caller's chance."""

    def __init__(self, *, seed: int, posts_per_day: int) -> None:
        draw = Random(f"{seed}/people").random
        size = min(MOST_PEOPLE, max(200, posts_per_day * 6 // 10))
        self._everyone = [_author(draw) for _ in range(size)]
        known = [person for person in self._everyone if (person.followers or 0) >= _WELL_KNOWN]
        self._known = known or self._everyone

    def anyone(self, draw: Draw) -> Author:
        """Everybody equally likely: who joins a story."""
        return self._everyone[int(draw() * len(self._everyone))]

    def regular(self, draw: Draw) -> Author:
        """Some far likelier than others: who chats every day."""
        return self._everyone[int(draw() * draw() * len(self._everyone))]

    def well_known(self, draw: Draw) -> Author:
        """Somebody whom many follow."""
        return self._known[int(draw() * len(self._known))]


def _author(draw: Draw) -> Author:
    """Followers are Pareto with exponent 1 (by division, exact on every machine)."""
    followers = int(_MEDIAN_FOLLOWERS / 2 / (draw() + _MEDIAN_FOLLOWERS / 2 / _MOST_FOLLOWERS))
    key = f"{int(draw() * (1 << 32)):08x}{int(draw() * (1 << 32)):08x}"
    verified = draw() < (_SHARE_VERIFIED if followers < _WELL_KNOWN else 0.5)
    region = None if draw() < _SHARE_WITHOUT_REGION else shipped_grammar("common").say("region", draw)
    return Author(key=key, followers=followers, verified=verified, region=region)
