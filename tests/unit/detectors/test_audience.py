"""How many people a topic reaches: a day's posts, each author once, floods included."""

from detectors.audience import audience_of
from detectors.delta import CONVERSATION, Evidence, Voice
from detectors.evidence import EvidenceIndex
from detectors.grouping import Grouping
from detectors.own import ECHO, OWN
from detectors.tally import DAY_MS, Tally
from detectors.topics import Topic

AT_MS = 1_772_380_800_000
HOUR_MS = 3_600_000


def voice(author: str, *, at_ms: int = AT_MS, followers: int | None = 100, **changes: object) -> Voice:
    fields = {"conversation": "c", "author": author, "at_ms": at_ms, "platform": "weibo", "followers": followers}
    return Voice(**{**fields, **changes})  # type: ignore[arg-type]  # fields of many types


def tally_of(*voices: Voice) -> Tally:
    tally = Tally()
    for one in voices:
        tally.add(one)
    return tally


def test_an_author_counts_once_a_day_and_posts_count_each() -> None:
    """Hours apart, too; what a post does not tell is known from another one."""
    told = audience_of(
        tally_of(voice("a"), voice("a", at_ms=AT_MS + 5 * HOUR_MS, followers=None), voice("b", followers=900))
    )

    assert (told.authors, told.posts, told.followers, told.people) == (2, 3, 1000, 1000)
    assert told.told == round(2 / 3, 3)


def test_platforms_are_told_apart_and_the_unknown_is_not_made_up() -> None:
    """Nobody on WeChat tells followers: people there are unknown, not zero."""
    told = audience_of(tally_of(voice("a"), voice("w", platform="wechat", followers=None)))

    assert told.platforms["weibo"].people == 100
    assert told.platforms["wechat"].people is None
    assert audience_of(tally_of(voice("w", followers=None))).people is None


def test_who_follows_several_is_discounted() -> None:
    """Two accounts that each reach half of Weibo reach three quarters of it, not all."""
    half = 257_000_000 // 2
    told = audience_of(tally_of(voice("a", followers=half), voice("b", followers=half)))

    assert told.followers == 2 * half
    assert told.people is not None
    assert abs(told.people / 257_000_000 - 0.75) < 0.001


def test_what_the_organisation_says_and_who_hands_it_on_is_counted_apart() -> None:
    """Each once an hour."""
    told = audience_of(
        tally_of(voice("us", marks=(OWN,)), voice("a", marks=(ECHO,)), voice("a", marks=(ECHO,)), voice("b"))
    )

    assert (told.own, told.echoes) == (1, 1)


def test_a_day_later_it_is_forgotten() -> None:
    """All of it, so that memory stays bounded."""
    tally = tally_of(voice("a"))

    tally.roll(AT_MS + DAY_MS + HOUR_MS)

    assert tally == Tally()


def test_two_topics_that_become_one_keep_their_numbers() -> None:
    """Posts add up; an author of both is one."""
    tally = tally_of(voice("a", marks=(ECHO,)), voice("b"))
    tally.absorb(tally_of(voice("a", marks=(ECHO,)), voice("c", platform="wechat")))
    told = audience_of(tally)

    assert (told.authors, told.posts) == (3, 4)


def test_a_flood_is_counted_though_it_is_no_evidence() -> None:
    """By its conversation, or by its hashtag where it quotes nothing; what belongs nowhere counts nowhere."""
    topic = Topic(id="t", born_ms=0, first_ms=AT_MS, active_ms=AT_MS, terms={"#校车#": 9.0}, conversations={"c"})
    grouping = Grouping({"t": topic}, EvidenceIndex(), lambda _: 1.0)
    own = Evidence("weibo:1", "x", AT_MS, "weibo", 5, "d", ("#校车#", "学生"), ("safety",))
    repost = Evidence("weibo:2", "y", AT_MS, "weibo", 5, "c", ("学生", CONVERSATION + "c"), ("safety",))
    stranger = Evidence("weibo:3", "z", AT_MS, "weibo", 5, "e", ("学生",), ("safety",))

    for post in (own, repost):
        heard = Voice.of(post)
        assert heard is not None
        grouping.hear(heard)

    assert Voice.of(stranger) is None
    assert topic.tally.posts() == 2
    assert topic.posts == {}
