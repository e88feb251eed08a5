"""When a topic is flagged, and how far the exposure is said to reach."""

from detectors.delta import Evidence
from detectors.exposure import Sign
from detectors.flags import exposure_of, flags_of
from detectors.topics import Topic


def topic_of(*signs: tuple[Sign, ...]) -> Topic:
    """A topic of one post an author; author 0 writes twice."""
    topic = Topic(id="t", born_ms=0, first_ms=0, active_ms=0)
    for number, own in enumerate((signs[0], *signs)):
        author = f"a{max(number - 1, 0)}"
        post = Evidence(f"weibo:{number}", author, 0, "weibo", 100, "weibo:0", ("校车",), ("safety",), signs=own)
        topic.posts[post.post] = post
    return topic


EXPOSING: tuple[Sign, ...] = ("exposure",)
BOTH: tuple[Sign, ...] = ("exposure", "minor-at-risk")


def test_three_people_who_spread_a_child_make_a_flag_and_one_does_not() -> None:
    """However often that one posts."""
    assert flags_of(topic_of(("exposure",), (), (), ())) == []
    assert flags_of(topic_of(("exposure",), ("exposure",), ("exposure",), ())) == ["exposure"]


def test_a_few_among_many_make_none() -> None:
    """A word in passing is not what the topic does."""
    assert flags_of(topic_of(*[EXPOSING] * 3, *[()] * 60)) == []


def test_danger_comes_first() -> None:
    """It is what cannot wait."""
    assert flags_of(topic_of(*[BOTH] * 4)) == ["minor-at-risk", "exposure"]


def test_the_level_counts_people_once() -> None:
    """Posts, distinct authors, and the followers of each once."""
    level = exposure_of(topic_of(("exposure",), ("exposure",), ()), "2026-03-02T00:00:00+08:00")

    assert (level.posts, level.authors, level.reach) == (3, 2, 200)
