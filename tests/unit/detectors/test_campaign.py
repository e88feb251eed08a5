"""When a topic is a campaign, who is said to have begun it, and how fast it grows."""

import pytest
import rjieba

from detectors.broadcast import Broadcast
from detectors.calls import calls_of
from detectors.campaign import campaign_of, is_campaign
from detectors.delta import CONVERSATION, Evidence
from detectors.exposure import EXPOSURE, Sign
from detectors.text import spoken
from detectors.topics import Topic

AT_MS = 1_772_380_800_000
HOUR_MS = 3_600_000
BROADCAST = Broadcast({"随手", "拍", "解救", "儿童"}, rjieba.tag, str)


def topic_of(*posts: Evidence) -> Topic:
    topic = Topic(id="t", born_ms=0, first_ms=AT_MS, active_ms=AT_MS)
    for post in posts:
        topic.posts[post.post] = post
        topic.tally.add(post)
    return topic


def post(
    number: int,
    *marks: str,
    at_ms: int = AT_MS,
    tag: str = "",
    of: str = "",
    signs: tuple[Sign, ...] = (),
    verified: bool = False,
) -> Evidence:
    terms = ("孩子", *([tag] if tag else []), *([CONVERSATION + of] if of else []))
    return Evidence(
        f"weibo:{number}",
        f"a{number}",
        at_ms,
        "weibo",
        None,
        of or f"c{number}",
        terms,
        ("abduction",),
        signs=signs,
        marks=marks,
        verified=verified,
    )


PHOTO, SHARE = "call:photograph", "call:share"


def test_five_who_call_anew_for_the_same_act_make_a_campaign() -> None:
    """Four do not, nor five among fifty."""
    five = [post(n, PHOTO) for n in range(5)]

    assert is_campaign(topic_of(*five, post(9)))
    assert not is_campaign(topic_of(*five[:4]))
    assert not is_campaign(topic_of(*five, *[post(n) for n in range(10, 60)]))


def test_one_call_that_many_pass_on_is_none() -> None:
    """However many: it was made once."""
    assert not is_campaign(topic_of(post(0, PHOTO), *[post(n, PHOTO, of="c0") for n in range(1, 200)]))


def test_people_who_each_ask_to_pass_on_their_own_case_are_none_without_a_common_hashtag() -> None:
    """With one they are."""
    assert not is_campaign(topic_of(*[post(n, SHARE) for n in range(9)]))
    assert is_campaign(topic_of(*[post(n, SHARE, tag="#随手拍解救儿童#") for n in range(9)]))


def test_it_says_what_how_many_since_when_and_how_many_expose_children() -> None:
    """The hashtag only where all its words are reviewed."""
    early = [post(n, PHOTO, at_ms=AT_MS - HOUR_MS, tag="#随手拍解救儿童#") for n in range(3)]
    late = [post(n, PHOTO, tag="#随手拍解救儿童#", signs=(EXPOSURE,)) for n in range(10, 19)]
    told = campaign_of(topic_of(*early, *late), BROADCAST, AT_MS + 1000)

    assert told is not None
    assert (told.action, told.name, told.total) == ("photograph", "#随手拍解救儿童#", 12)
    assert (told.since, told.exposed) == ("2026-03-01T23:00:00+08:00", 0.75)
    hidden = campaign_of(topic_of(*[post(n, PHOTO, tag="#救救小明#") for n in range(6)]), BROADCAST, AT_MS + 1000)
    assert hidden is not None
    assert hidden.name == ""


@pytest.mark.parametrize(
    ("first", "starter"),
    [
        (post(0, "own", PHOTO, at_ms=AT_MS - 9), "own"),
        (post(0, PHOTO, at_ms=AT_MS - 9, verified=True), "public"),
        (post(0, PHOTO, at_ms=AT_MS - 9), None),
    ],
    ids=["ours", "verified", "anybody"],
)
def test_who_began_it_is_told_of_public_accounts_only(first: Evidence, starter: str | None) -> None:
    """A private person is nobody's business, and what is known stays known when the first post has aged out."""
    topic = topic_of(first, *[post(n, PHOTO, verified=True) for n in range(1, 9)])
    told = campaign_of(topic, BROADCAST, AT_MS + 1000)
    del topic.posts[first.post]
    again = campaign_of(topic, BROADCAST, AT_MS + HOUR_MS)

    assert told is not None
    assert again is not None
    assert told.starter == again.starter == starter


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("随手拍照片，解救乞讨儿童", ["photograph"]),
        ("大家见到请报警，一起转起来！", ["report", "share"]),
        ("请停止上传孩子的照片", ["stop"]),
        ("找到了，警方请大家删掉孩子照片", []),
        ("号召大家参与签名，还孩子一个公道", ["join"]),
        ("请大家捐一件冬衣给山里的孩子", ["give"]),
        ("请不要随手拍了，也别再求转发", []),
        ("别忘了随手拍，大家不要怕，一起转发", ["photograph", "share"]),
        ("他转发了照片", []),
        ("学校通报了食堂的情况", []),
        ("", []),
    ],
)
def test_a_call_is_told_from_a_verb(text: str, actions: list[str]) -> None:
    """Somebody is asked to do it."""
    assert calls_of(spoken(text)) == tuple(f"call:{action}" for action in actions)
