"""Advertisements: what must raise no topic however often it is posted."""

from collections.abc import Iterator

from contracts.post import Author, Post
from producers.simulation.grammar import Grammar, shipped_grammar
from producers.simulation.scene import HOUR_MS, Scene
from producers.simulation.writer import Writer, quote

__all__ = ["spam", "spam_posts"]

_TUTORS = 3  # accounts that repeat one advertisement for a tutoring class
_REPEATS = 45  # of it, by each of them, on the usual day
_LOTTERIES = 90
_LOTTERY_ACCOUNTS = 12
_FROM_MS = 8 * HOUR_MS
_LASTS_MS = 14 * HOUR_MS
_SERIALS = range(850, 900)


def spam_posts(scene: Scene) -> int:
    """How many advertisements the day holds."""
    return _TUTORS * _repeats(scene) + _lotteries(scene)


def spam(scene: Scene) -> Iterator[Post]:
    """Advertisements from eight to ten in the evening, in order of event time."""
    seller = _Seller(scene)
    kinds = [True] * (_TUTORS * _repeats(scene)) + [False] * _lotteries(scene)
    timed = sorted((scene.start_ms + _FROM_MS + int(seller.draw() * _LASTS_MS), kind) for kind in kinds)
    for at_ms, is_tutor in timed:
        yield seller.tutor(at_ms) if is_tutor else seller.lottery(at_ms)


def _repeats(scene: Scene) -> int:
    return int(_REPEATS * scene.scale)


def _lotteries(scene: Scene) -> int:
    return int(_LOTTERIES * scene.scale)


class _Seller:
    """The accounts behind the advertisements."""

    def __init__(self, scene: Scene) -> None:
        self.draw = scene.chance("spam").random
        grammar = shipped_grammar("common", "chatter")
        self._grammar: Grammar = grammar.settle("one.", self.draw)
        self._writer = Writer(serials=_SERIALS, draw=self.draw)
        self._people = scene.people
        self._tutors = self._accounts(_TUTORS)
        self._gamblers = self._accounts(_LOTTERY_ACCOUNTS)
        self._prize: Post | None = None

    def tutor(self, at_ms: int) -> Post:
        """The advertisement again, word for word but for its short link."""
        author = self._tutors[int(self.draw() * len(self._tutors))]
        return self._writer.write(self._grammar.say("spam.tutor", self.draw), at_ms=at_ms, author=author)

    def lottery(self, at_ms: int) -> Post:
        """A prize draw, or somebody who passes the last one on to win."""
        if self._prize is not None and self.draw() < 0.5:  # noqa: PLR2004 - even odds
            text = self._grammar.say("lottery.reply", self.draw)
            author = self._people.anyone(self.draw)
            return self._writer.write(text, at_ms=at_ms, author=author, kind="repost", of=quote(self._prize))
        text = self._grammar.say("spam.lottery", self.draw)
        author = self._gamblers[int(self.draw() * len(self._gamblers))]
        self._prize = self._writer.write(text, at_ms=at_ms, author=author)
        return self._prize

    def _accounts(self, count: int) -> list[Author]:
        return [self._people.anyone(self.draw) for _ in range(count)]
