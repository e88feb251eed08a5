"""Which topics are one event: by what their posts say, not by words that everybody uses."""

from collections.abc import Sequence

from detectors.delta import CONVERSATION, Evidence
from detectors.evidence import EvidenceIndex
from detectors.grouping import Grouping
from detectors.topics import Topic

AT_MS = 1_772_380_800_000
COMMON = ("孩子", "学校")


def weigh(term: str) -> float:
    return 0.0 if term.startswith(CONVERSATION) else 0.5 if term in COMMON else 6.0


def topic(name: str, posts: Sequence[Sequence[str]], *, raised_ms: int = AT_MS) -> Topic:
    made = Topic(id=name, born_ms=AT_MS, first_ms=AT_MS, active_ms=AT_MS, raised_ms=raised_ms)
    for number, terms in enumerate(posts):
        post = f"weibo:{name}{number}"
        made.posts[post] = Evidence(post, f"a{name}{number}", AT_MS, "weibo", None, post, tuple(terms), ("safety",))
    return made


def twin(candidate: Topic, *others: Topic) -> str | None:
    grouping = Grouping({made.id: made for made in (candidate, *others)}, EvidenceIndex(), weigh)
    found = grouping.twin_of(candidate)
    return None if found is None else found.id


BUS = topic("bus", [["孩子", "校车", "侧翻", "救援"]] * 5)
VACCINE = topic("vaccine", [["孩子", "疫苗", "过期", "接种"]] * 5)


def test_a_candidate_whose_posts_say_the_same_is_the_same_event() -> None:
    """Half of the telling words in common, one of them new."""
    assert twin(topic("new", [["孩子", "校车", "侧翻", "山路"]] * 5, raised_ms=0), BUS, VACCINE) == "bus"


def test_common_words_make_no_event() -> None:
    """Nor does one telling word of four."""
    assert twin(topic("new", [["孩子", "学校", "食堂", "午饭"]] * 5, raised_ms=0), BUS, VACCINE) is None
    assert twin(topic("new", [["孩子", "校车", "收费", "家长", "投诉"]] * 5, raised_ms=0), BUS, VACCINE) is None


def test_a_word_of_a_single_post_says_nothing_of_a_topic() -> None:
    """Five posts, each about something else."""
    words = ["校车", "侧翻", "救援", "山路", "司机"]

    assert twin(topic("new", [[word, "食堂"] for word in words], raised_ms=0), BUS) is None


def test_only_raised_topics_are_twins() -> None:
    """Two candidates of one event: the first to be raised takes the other in."""
    other = topic("other", [["校车", "侧翻"]] * 5, raised_ms=0)

    assert twin(topic("new", [["校车", "侧翻"]] * 5, raised_ms=0), other) is None


def placed(home: Topic, post: Evidence, *more: Evidence) -> list[str]:
    """Which of the posts the topic has in the end."""
    grouping = Grouping({home.id: home}, EvidenceIndex(), weigh)
    for newcomer in (post, *more):
        grouping.place(newcomer)
    return [name for name in home.posts if name in {newcomer.post for newcomer in (post, *more)}]


def bus_topic() -> Topic:
    home = topic("bus", [["孩子", "校车", "侧翻", "救援"]] * 5)
    home.terms = dict.fromkeys(("校车", "侧翻", "救援"), 9.0)
    return home


def repost(name: str, conversation: str, *terms: str) -> Evidence:
    terms = terms if conversation == f"weibo:{name}" else (*terms, CONVERSATION + conversation)
    return Evidence(f"weibo:{name}", f"a{name}", AT_MS, "weibo", None, conversation, terms, ("safety",))


def test_one_repost_does_not_bring_its_conversation_with_it() -> None:
    """Found on real posts: who mentioned the exam under the post of a suicide made both one topic."""
    like, unlike = repost("1", "weibo:0", "校车", "侧翻", "疫苗"), repost("2", "weibo:0", "疫苗", "过期", "接种")

    assert placed(bus_topic(), like, unlike) == ["weibo:1"]


def test_an_original_that_is_alike_brings_what_quotes_it() -> None:
    """It is itself about the event."""
    original = repost("1", "weibo:1", "校车", "侧翻", "司机")

    assert placed(bus_topic(), original, repost("2", "weibo:1", "司机")) == ["weibo:1", "weibo:2"]


def test_a_topic_that_has_faded_takes_in_nothing_that_merely_sounds_like_it() -> None:
    """Found on the simulated day: the morning's flood ended as the evening's homework."""
    home, like = bus_topic(), repost("1", "weibo:1", "校车", "侧翻", "司机")
    home.state = "fading"
    assert placed(home, like) == ["weibo:1"]

    home = bus_topic()
    home.state = "fading"
    home.posts = dict(list(home.posts.items())[:4])
    assert placed(home, like) == []


def test_a_post_that_is_forgotten_leaves_its_topic() -> None:
    """Whether it came with its conversation or alone."""
    home, like = bus_topic(), repost("1", "weibo:0", "校车", "侧翻", "疫苗")
    grouping = Grouping({home.id: home}, EvidenceIndex(), weigh)
    grouping.place(like)

    grouping.forget([like])

    assert "weibo:1" not in home.posts


def test_a_post_that_came_alone_is_forgotten_though_its_conversation_found_another_topic() -> None:
    """Else it would stay in its topic for good; also after that topic was merged into the other."""
    for is_merged in (False, True):
        home, other, alone = bus_topic(), topic("other", [["疫苗"]]), repost("1", "weibo:0", "校车", "侧翻", "疫苗")
        grouping = Grouping({home.id: home, other.id: other}, EvidenceIndex(), weigh)
        grouping.place(alone)
        other.conversations.add("weibo:0")
        grouping = Grouping(grouping.topics, EvidenceIndex(), weigh)
        if is_merged:
            grouping.merge(home, other)

        grouping.forget([alone])

        assert "weibo:1" not in (other if is_merged else home).posts
