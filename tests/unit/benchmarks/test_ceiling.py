"""The most that any score could do behind the shared judge and grouping."""

from benchmarks.ceiling import ceiling
from benchmarks.marks import marks_of
from benchmarks.streams import DAY_MS, HOUR_MS, Story, Stream
from detectors.delta import Delta, Evidence

MANY_MS = DAY_MS + 2 * HOUR_MS


def post(story: str, author: str, minutes: float, *, term: str = "校车", relevance: int = 200) -> Evidence:
    at_ms = MANY_MS + round(minutes * 60_000)
    name = f"{story}-{author}-{at_ms}"
    return Evidence(name, author, at_ms, "weibo", 1, name, (term,), (), relevance=relevance)


def test_a_story_is_possible_from_its_third_author_on_one_term_whose_posts_are_about_children() -> None:
    """Two authors, three of whom one spoke an hour before, three on three terms, three not about children: none yet."""
    stories = {name: Story(DAY_MS, MANY_MS, about_children=True) for name in ("good", "two", "slow", "apart", "other")}
    posts = [
        *[post("good", author, minutes) for author, minutes in (("a", -30), ("a", -25), ("b", -20), ("c", -12))],
        *[post("two", author, minutes) for author, minutes in (("a", -30), ("b", -25), ("a", -20))],
        *[post("slow", author, minutes) for author, minutes in (("a", -70), ("b", -9), ("c", -5))],
        *[post("apart", author, -9, term=term) for author, term in (("a", "校车"), ("b", "侧翻"), ("c", "救援"))],
        *[post("other", author, -9, relevance=90) for author in ("a", "b", "c")],
    ]
    stream = Stream("", list, lambda name: name.partition("-")[0], stories)
    ticks = [(MANY_MS + HOUR_MS, [Delta(MANY_MS, {}, {}, posts)])]

    marks = marks_of([ceiling(stream, ticks, after_ms=DAY_MS, days=1)], alarm=0)

    assert (marks.heard, marks.worth, marks.false) == (1, 5, 0)
    assert marks.lead_minutes == 12
