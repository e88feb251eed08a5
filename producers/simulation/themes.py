"""What the stories are about: a table; their words stand in producers/data/simulated_stories.txt."""

from dataclasses import dataclass

__all__ = ["THEMES", "Theme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One kind of story.

    Attributes:
        name: ascii id.
        rules: prefix of its grammar rules.
        hour, minute: earliest start in Beijing; up to 24 minutes are added by chance.
        posts: on a day of 24 000, give or take a tenth.
        categories: empty = not about children.
        slowness: 2.0 = takes twice as long to grow and to fade.
        turns: share of its posts after which the talk changes; None = never.
        vanishes: its first original is deleted on the way.
    """

    name: str
    rules: str
    hour: int
    minute: int
    posts: int
    categories: tuple[str, ...] = ()
    slowness: float = 1.0
    turns: float | None = None
    vanishes: bool = False


THEMES = (
    Theme(
        name="flood-school",
        rules="flood",
        hour=3,
        minute=35,
        posts=210,
        categories=("safety", "education"),
        slowness=1.3,
        turns=0.6,
    ),
    Theme(name="winter-coats", rules="coats", hour=7, minute=45, posts=180, categories=("poverty",), slowness=1.3),
    Theme(name="rainstorm", rules="rain", hour=8, minute=0, posts=300),
    Theme(
        name="street-children",
        rules="street",
        hour=9,
        minute=5,
        posts=480,
        categories=("abduction", "poverty"),
        slowness=1.2,
        turns=0.45,
    ),
    Theme(name="phone-launch", rules="phone", hour=10, minute=0, posts=340),
    Theme(
        name="school-canteen",
        rules="canteen",
        hour=11,
        minute=35,
        posts=360,
        categories=("nutrition", "education"),
        turns=0.6,
    ),
    Theme(name="vaccine-batch", rules="vaccine", hour=14, minute=0, posts=300, categories=("health",)),
    Theme(
        name="bullying-video",
        rules="bully",
        hour=16,
        minute=10,
        posts=420,
        categories=("bullying", "education"),
        turns=0.6,
        vanishes=True,
    ),
    Theme(name="game-time", rules="game", hour=17, minute=0, posts=240, categories=("online", "family")),
    Theme(
        name="missing-child",
        rules="missing",
        hour=19,
        minute=35,
        posts=380,
        categories=("abduction",),
        slowness=0.8,
        turns=0.65,
    ),
    Theme(name="idol-concert", rules="concert", hour=20, minute=15, posts=460),
    Theme(name="football", rules="football", hour=20, minute=55, posts=520),
)
