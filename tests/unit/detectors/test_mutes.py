"""What operators mute raises nothing, and nothing else is held back by it."""

import pytest

from detectors.delta import Evidence
from detectors.exposure import AT_RISK
from detectors.mutes import NOTHING, Muted
from detectors.topics import Topic

ALARM = 6.0


def topic(*posts: tuple[str, ...], scores: dict[str, float], at_risk: int = 0) -> Topic:
    made = [
        Evidence(
            f"weibo:{n}",
            f"a{n}",
            n,
            "weibo",
            None,
            f"c{n}",
            terms,
            ("safety",),
            signs=(AT_RISK,) if n < at_risk else (),
        )
        for n, terms in enumerate(posts)
    ]
    return Topic(id="t", born_ms=0, first_ms=0, active_ms=0, terms=scores, posts={post.post: post for post in made})


SCHOOL = ("开学", "报到", "学生")
CASES = {
    "its word": ([["开学"]], True),
    "its word as a hashtag": ([["#开学#"]], True),
    "another word": ([["校车"]], False),
    "half of several words": ([["开学", "报到", "军训", "操场"]], True),
    "one of several words": ([["学生", "校车", "侧翻"]], False),
    "one of two words": ([["学生", "校车"]], False),
    "a phrase of its words": ([["开学报到"]], True),
    "a phrase of which it says a part": ([["开学典礼"]], False),
    "nothing": ([], False),
}


@pytest.mark.parametrize(("mutes", "is_covered"), CASES.values(), ids=CASES)
def test_a_topic_is_muted_by_what_most_of_its_posts_say(mutes: list[list[str]], *, is_covered: bool) -> None:
    """Ten posts about the first day of school."""
    found = topic(*[SCHOOL] * 10, scores={"开学": 9.0, "报到": 8.0})

    assert Muted.of(mutes).covers(found, ALARM) is is_covered


def test_a_topic_in_which_few_say_the_word_is_raised_by_its_other_words() -> None:
    """By the muted word alone it is not."""
    posts = [*[("校车", "侧翻")] * 7, *[SCHOOL] * 3]

    assert not Muted.of([["开学"]]).covers(topic(*posts, scores={"开学": 9.0, "侧翻": 8.0}), ALARM)
    assert Muted.of([["开学"]]).covers(topic(*posts, scores={"#开学#": 9.0, "侧翻": 5.0}), ALARM)


def test_nobody_can_mute_a_child_in_danger() -> None:
    """A flagged topic is raised whatever is muted."""
    flagged = topic(*[SCHOOL] * 10, scores={"开学": 9.0}, at_risk=4)

    assert not Muted.of([["开学"]]).covers(flagged, ALARM)


def test_the_same_mutes_in_another_order_are_the_same() -> None:
    """So that a change is known as one, and a note of them reads back."""
    one = Muted.of([["开学", "报到"], ["校车"]])

    assert one == Muted.of([["#校车#"], ["报到", "开学"], []])
    assert one == Muted.of([sorted(words) for words in one.words])
    assert (Muted.of([]), one != NOTHING) == (NOTHING, True)
