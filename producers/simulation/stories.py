"""The day's stories: what a detector should find, and what it should leave alone.

Reads the grammars, gives plans and time-ordered posts. A story starts slowly, bursts, and decays:

    posts a minute   . .:||||||::::....... . .  .   .      (turn: an official word, a rescue, a change of mind)
    minutes          0    20  40    60    120    ^turn   600
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from contracts.post import Post, Quoted
from producers.simulation.grammar import shipped_grammar
from producers.simulation.scene import HOUR_MS, MINUTE_MS, Scene
from producers.simulation.themes import THEMES, Theme
from producers.simulation.writer import Writer, quote

__all__ = ["StoryPlan", "plans_of", "tell"]

# (share of the story's posts, minutes after its start); between them posts come evenly.
_GROWTH = (
    (0.0, 0.0),
    (0.01, 4.0),
    (0.03, 12.0),
    (0.08, 20.0),
    (0.30, 35.0),
    (0.50, 60.0),
    (0.70, 120.0),
    (0.85, 220.0),
    (0.95, 380.0),
    (1.0, 600.0),
)

_START_JITTER_MS = 24 * MINUTE_MS
_RECUR_DAYS = 3  # after the first day, a theme comes back every third
_FIRST_SERIAL = 900
_SERIALS = 8  # a story

_MOST_ORIGINALS = 6  # an act
_SHARE_ORIGINALS = 0.05
_SHARE_REPOSTS = 0.45
_SHARE_ARTICLES = 0.05
_SHARE_TENCENT = 0.02
_SHARE_TURNED = 0.75  # of what is said after the turn
_ARTICLES_FROM = 0.4  # of the story: articles take time to write
_VANISHES_FROM = 0.6
_TRIES = 8  # to say something that nobody has said


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPlan:
    """One story of the day, for tests and the demo's closing comparison.

    Attributes:
        name: ascii id, on later days followed by the day's number: "school-canteen", "school-canteen-4".
        categories: of docs/categories.md; empty where it is not about children.
        starts_ms: event time of its first post.
        posts: how many there are (those that come twice counted once).
        about_children: False for a story that must raise no topic.
    """

    name: str
    categories: tuple[str, ...]
    starts_ms: int
    posts: int
    about_children: bool


def plans_of(scene: Scene) -> list[tuple[Theme, StoryPlan]]:
    """The day's stories in order of start."""
    draw = scene.chance("plans").random
    planned = []
    for number, theme in enumerate(THEMES):
        shift_ms, size = int(draw() * _START_JITTER_MS), 0.9 + 0.2 * draw()
        if scene.day and (number + scene.day) % _RECUR_DAYS:
            continue
        plan = StoryPlan(
            name=f"{theme.name}-{scene.day + 1}" if scene.day else theme.name,
            categories=theme.categories,
            starts_ms=scene.start_ms + theme.hour * HOUR_MS + theme.minute * MINUTE_MS + shift_ms,
            posts=max(1, int(theme.posts * size * scene.scale)),
            about_children=bool(theme.categories),
        )
        planned.append((theme, plan))
    return sorted(planned, key=lambda pair: pair[1].starts_ms)


def tell(scene: Scene, theme: Theme, plan: StoryPlan) -> Iterator[Post]:
    """The story's posts in order of event time, `plan.posts` of them, all before midnight."""
    story = _Story(scene, theme, plan)
    for number, at_ms in enumerate(story.times_ms()):
        yield story.next_post(progress=number / plan.posts, at_ms=at_ms)


@dataclass(slots=True)
class _Act:
    """A part of a story: the rules' prefix, and the originals that may be quoted."""

    prefix: str
    originals: list[Quoted] = field(default_factory=list)


class _Story:
    """One story while it is told."""

    def __init__(self, scene: Scene, theme: Theme, plan: StoryPlan) -> None:
        self._draw = scene.chance(theme.name).random
        self._grammar = shipped_grammar("common", "stories").settle("one.", self._draw)
        first = _FIRST_SERIAL + _SERIALS * THEMES.index(theme)
        self._writer = Writer(serials=range(first, first + _SERIALS), draw=self._draw)
        self._people = scene.people
        self._room_minutes = (scene.end_ms - plan.starts_ms) / MINUTE_MS
        self._theme, self._plan = theme, plan
        self._opening = _Act(theme.rules)
        self._turned = _Act(f"{theme.rules}.turn")
        self._said: set[str] = set()

    def times_ms(self) -> list[int]:
        """Event times, the first at the plan's start."""
        slowness = self._theme.slowness * (0.85 + 0.3 * self._draw())
        most = _share_by(self._room_minutes / slowness)
        minutes = [slowness * _minute_at(most * self._draw()) for _ in range(self._plan.posts - 1)]
        return [self._plan.starts_ms + int(minute * MINUTE_MS) for minute in sorted([0.0, *minutes])]

    def next_post(self, *, progress: float, at_ms: int) -> Post:
        """One post of any kind; `progress` is the share of the story already told, [0, 1)."""
        act = self._act(progress)
        kind = self._draw()
        known = len(act.originals)
        if not known or (known < _MOST_ORIGINALS and kind < _SHARE_ORIGINALS):
            return self._original(act, at_ms)
        if kind < _SHARE_ORIGINALS + _SHARE_REPOSTS:
            return self._repost(act, at_ms, progress)
        if kind > 1.0 - _SHARE_ARTICLES and progress > _ARTICLES_FROM:
            return self._article(at_ms)
        platform = "tencent" if self._draw() < _SHARE_TENCENT else "weibo"
        author = self._people.anyone(self._draw)
        return self._writer.write(self._new(f"{act.prefix}.say"), at_ms=at_ms, author=author, platform=platform)

    def _act(self, progress: float) -> _Act:
        turns = self._theme.turns
        if turns is None or progress < turns:
            return self._opening
        return self._turned if self._draw() < _SHARE_TURNED else self._opening

    def _original(self, act: _Act, at_ms: int) -> Post:
        """The first in an act may be anybody's; those with many followers take it up."""
        person = self._people.well_known if act.originals else self._people.anyone
        post = self._writer.write(self._new(f"{act.prefix}.first"), at_ms=at_ms, author=person(self._draw))
        act.originals.append(quote(post))
        return post

    def _repost(self, act: _Act, at_ms: int, progress: float) -> Post:
        place = int(self._draw() * self._draw() * len(act.originals))  # the earlier, the more quoted
        of = act.originals[place]
        if self._theme.vanishes and place == 0 and progress > _VANISHES_FROM:
            of = Quoted(id=of.id, deleted=True)
        text = self._repost_text(act)
        author = self._people.anyone(self._draw)
        return self._writer.write(text, at_ms=at_ms, author=author, kind="repost", of=of)

    def _repost_text(self, act: _Act) -> str:
        form = self._draw()
        if form < 0.12:  # noqa: PLR2004 - said nothing
            return "转发微博"
        text = self._grammar.say(f"{act.prefix}.reply", self._draw)
        return text + self._grammar.say("chain", self._draw) if form > 0.75 else text  # noqa: PLR2004 - a quarter goes on in a chain

    def _article(self, at_ms: int) -> Post:
        rules, draw = self._theme.rules, self._draw
        para, voice, bridge = f"{rules}.para", f"{rules}.say", "article.bridge"
        body = [para, bridge, voice, "blank", bridge, voice, voice, "blank", para, bridge]
        parts = ["article.open", f"{rules}.title", "blank", *body, "article.close"]
        text = "".join(self._grammar.say(rule, draw) for rule in parts)
        author = self._people.well_known(draw)
        return self._writer.write(text, at_ms=at_ms, author=author, platform="wechat", kind="article")

    def _new(self, rule: str) -> str:
        """A text that nobody in this story has used, as far as the grammar has one."""
        text = self._grammar.say(rule, self._draw)
        for _ in range(_TRIES):
            if text not in self._said:
                break
            text = self._grammar.say(rule, self._draw)
        self._said.add(text)
        return text


def _minute_at(share: float) -> float:
    """When `share` of a story's posts are out: the growth curve, read across."""
    for (low, start), (high, end) in pairwise(_GROWTH):
        if share < high:
            return start + (end - start) * (share - low) / (high - low)
    return _GROWTH[-1][1]


def _share_by(minute: float) -> float:
    """Which share is out by then: the growth curve, read up."""
    for (low, start), (high, end) in pairwise(_GROWTH):
        if minute < end:
            return low + (high - low) * (minute - start) / (end - start)
    return 1.0
