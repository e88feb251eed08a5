"""The ordinary day: what people say when nothing happens, children included.

Reads the grammars, gives time-ordered posts. The volume follows the day:

    posts an hour   :......:::::|:::::::|||:
    hour            0     6     12    18   23
"""

from collections.abc import Iterator

from contracts.post import Post, Quoted
from producers.simulation.grammar import Draw, shipped_grammar
from producers.simulation.scene import DAY_MS, HOUR_MS, MINUTE_MS, Scene
from producers.simulation.writer import Writer, quote

__all__ = ["chatter", "school_run", "school_run_posts"]

# Relative volume at each full hour; between them it changes linearly.
_HOURS = (
    *(3.2, 1.6, 0.8, 0.5, 0.4, 0.5, 1.2, 3.0, 4.2, 4.4, 4.6, 5.2),
    *(6.4, 5.4, 4.4, 4.3, 4.5, 5.0, 5.6, 6.4, 7.6, 8.0, 7.4, 5.2),
)

# What is talked about from each full hour on.
_SUBJECTS = (
    *("chatter.night",) * 6,
    *("chatter.morning",) * 4,
    *("chatter.day",) * 5,
    *("chatter.afternoon",) * 3,
    *("chatter.evening",) * 5,
    "chatter.night",
)

_RECENT = 256  # originals that may be quoted
_SHARE_ARTICLES = 0.025
_SHARE_QUOTING = 0.2
_SHARE_COMMENTS = 0.25  # of what quotes
_SHARE_TENCENT = 0.015

_SCHOOL_RUN_MS = 6 * HOUR_MS + 50 * MINUTE_MS
_SCHOOL_RUN_LASTS_MS = 45 * MINUTE_MS
_SCHOOL_RUN_SHARE = 0.004

_CHATTER_SERIALS = range(800)
_SCHOOL_RUN_SERIALS = range(800, 850)


def chatter(scene: Scene, *, posts: int) -> Iterator[Post]:
    """About `posts` posts over the day, in order of event time.

    Cost: about 8 microseconds a post.
    """
    voices = _Voices(scene)
    for start_ms, count in _minutes(scene, posts=posts, draw=scene.chance("rhythm").random):
        subject = _SUBJECTS[(start_ms - scene.start_ms) // HOUR_MS]
        for at_ms in sorted(start_ms + int(voices.draw() * MINUTE_MS) for _ in range(count)):
            yield voices.speak(subject, at_ms=at_ms)


def school_run_posts(scene: Scene) -> int:
    """How many parents greet on this day's school run."""
    return int(scene.posts * _SCHOOL_RUN_SHARE) if scene.is_school_day else 0


def school_run(scene: Scene) -> Iterator[Post]:
    """Parents who say good morning on the way to school, most of them just after seven."""
    draw = scene.chance("school-run").random
    grammar = shipped_grammar("common", "chatter")
    writer = Writer(serials=_SCHOOL_RUN_SERIALS, draw=draw)
    after_ms = [int(draw() * draw() * _SCHOOL_RUN_LASTS_MS) for _ in range(school_run_posts(scene))]
    for at_ms in sorted(scene.start_ms + _SCHOOL_RUN_MS + late_ms for late_ms in after_ms):
        yield writer.write(grammar.say("schoolrun", draw), at_ms=at_ms, author=scene.people.anyone(draw))


def _minutes(scene: Scene, *, posts: int, draw: Draw) -> Iterator[tuple[int, int]]:
    """(start, posts) of each minute; fractions are rounded by chance, so that the sum is right on average."""
    volumes = [_volume(minute) for minute in range(DAY_MS // MINUTE_MS)]
    each = posts / sum(volumes)
    for minute, volume in enumerate(volumes):
        yield scene.start_ms + minute * MINUTE_MS, int(volume * each + draw())


def _volume(minute: int) -> float:
    hour, past = divmod(minute, 60)
    return (_HOURS[hour] * (60 - past) + _HOURS[(hour + 1) % 24] * past) / 60


class _Voices:
    """The chatting public, with the recent posts that it may quote."""

    def __init__(self, scene: Scene) -> None:
        self.draw = scene.chance("chatter").random
        self._people = scene.people
        self._grammar = shipped_grammar("common", "chatter")
        self._writer = Writer(serials=_CHATTER_SERIALS, draw=self.draw)
        self._recent: list[Quoted] = []

    def speak(self, subject: str, *, at_ms: int) -> Post:
        """One post of any kind."""
        kind = self.draw()
        if kind < _SHARE_ARTICLES:
            return self._article(at_ms)
        if kind < _SHARE_ARTICLES + _SHARE_QUOTING and self._recent:
            return self._answer(at_ms)
        return self._original(subject, at_ms)

    def _article(self, at_ms: int) -> Post:
        say, draw = self._grammar.say, self.draw
        text = say("article.open", draw) + say("article", draw) + say("article.close", draw)
        author = self._people.well_known(draw)
        return self._writer.write(text, at_ms=at_ms, author=author, platform="wechat", kind="article")

    def _answer(self, at_ms: int) -> Post:
        draw = self.draw
        of = self._recent[int(draw() * len(self._recent))]
        author = self._people.regular(draw)
        if draw() < _SHARE_COMMENTS:
            text = self._grammar.say("react", draw)
            return self._writer.write(text, at_ms=at_ms, author=author, kind="comment", of=of)
        text = self._grammar.say("repost", draw)
        return self._writer.write(text, at_ms=at_ms, author=author, kind="repost", of=of)

    def _original(self, subject: str, at_ms: int) -> Post:
        draw = self.draw
        text = self._grammar.say(subject, draw)
        author = self._people.regular(draw)
        if draw() < _SHARE_TENCENT:
            return self._writer.write(text, at_ms=at_ms, author=author, platform="tencent")
        post = self._writer.write(text, at_ms=at_ms, author=author)
        self._remember(post)
        return post

    def _remember(self, post: Post) -> None:
        if len(self._recent) < _RECENT:
            self._recent.append(quote(post))
        else:
            self._recent[int(self.draw() * _RECENT)] = quote(post)
