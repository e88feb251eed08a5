"""What a topic knows of its posts."""

import pytest

from detectors.delta import Evidence
from detectors.topics import ABOUT_CHILDREN, CORE, Closed, Topic


def topic_of(*posts: tuple[int, int]) -> Topic:
    """A topic of posts of (terms, relevance)."""
    posted = [
        Evidence(
            f"weibo:{n}", f"a{n}", n, "weibo", None, f"c{n}", tuple(map(str, range(size))), (), relevance=relevance
        )
        for n, (size, relevance) in enumerate(posts)
    ]
    return Topic(id="t", born_ms=0, first_ms=0, active_ms=0, posts={post.post: post for post in posted})


@pytest.mark.parametrize(
    ("posts", "is_about_children"),
    [
        pytest.param([(8, ABOUT_CHILDREN)] * 5, True, id="each-just-so"),
        pytest.param([(8, ABOUT_CHILDREN - 1)] * 5, False, id="none-quite"),
        pytest.param([(40, 160), *[(8, 40)] * 12], True, id="the-whole-text-and-parts-of-it"),
        pytest.param([(40, 40), *[(8, 160)] * 12], False, id="lucky-parts-of-another"),
        pytest.param([(8, 160), *[(8, 40)] * 12], False, id="one-lucky-part-of-many"),
    ],
)
def test_who_says_more_of_an_event_is_judged_better(posts: list[tuple[int, int]], *, is_about_children: bool) -> None:
    """A part of a text is a worse guess than the text: a post weighs by the square of its terms."""
    assert topic_of(*posts).is_about_children() == is_about_children


def test_only_the_newest_posts_tell_what_a_topic_is_about() -> None:
    """A flood says the same thing a thousand times; what it began with does not hold it for ever."""
    assert not topic_of((40, 200), *[(8, 40)] * 60).is_about_children()


def test_a_post_is_held_against_the_core_as_it_stands() -> None:
    """What is remembered of a post that many repeat does not outlive the order of the terms."""
    topic = topic_of()
    for place in range(CORE):
        topic.burst(str(place), 10.0)
    said = frozenset({"0", "1", "new"})
    before = topic.shared_core(said)

    topic.burst("new", 20.0)
    topic.burst("9", 11.0)  # of equals the last in order leaves, which is not one of those that it says

    assert (before, topic.shared_core(said)) == (2, 3)


OLD = Closed(
    id="old",
    closed_ms=0,
    core=frozenset("abcde"),
    conversations=frozenset({"weibo:1"}),
    first_ms=0,
    words=frozenset("abcdefghijk"),
)


@pytest.mark.parametrize(
    ("terms", "conversation", "goes_on"),
    [
        pytest.param("abc", "", True, id="half-of-its-core"),
        pytest.param("aghij", "", True, id="a-core-all-of-its-words"),
        pytest.param("ghi", "", False, id="too-few-of-its-words"),
        pytest.param("ghijz", "", False, id="words-of-both-and-one-of-its-own"),
        pytest.param("z", "weibo:1", True, id="a-conversation"),
    ],
)
def test_a_topic_goes_on_from_one_that_said_the_same(terms: str, conversation: str, *, goes_on: bool) -> None:
    """Of a text that comes back on the next day other words burst most."""
    topic = Topic(id="t", born_ms=0, first_ms=0, active_ms=0, terms=dict.fromkeys(terms, 5.0))
    topic.conversations = {conversation} - {""}

    assert topic.goes_on(OLD) == goes_on


def _of_terms() -> Topic:
    return Topic(id="t", born_ms=0, first_ms=0, active_ms=0, terms={"食堂": 4.0, "#开学#": 3.0, "@mark": 2.0})


def test_core_is_in_order_after_each_burst() -> None:
    """A term that bursts higher moves up, one that bursts lower stays, and the ties know a new hashtag."""
    topic = _of_terms()
    assert topic.core() == ["食堂", "#开学#", "@mark"]
    assert topic.ties() == ["#开学#", "@mark"]

    topic.burst("@mark", 9.0)
    topic.burst("食堂", 1.0)
    topic.burst("#中毒#", 5.0)

    assert topic.core() == ["@mark", "#中毒#", "食堂", "#开学#"]
    assert topic.ties() == ["#开学#", "@mark", "#中毒#"]
    assert topic.terms["食堂"] == 4.0


def test_core_follows_terms_that_are_replaced() -> None:
    """A split leaves a topic other terms; the order kept is of those."""
    topic = _of_terms()
    topic.core()

    topic.terms = {"校车": 1.0}

    assert topic.core() == ["校车"]
    assert topic.ties() == []
