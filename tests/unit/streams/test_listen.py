"""One post in, what is counted out: who is heard, what becomes a term, and where redaction stands."""

import pytest

from contracts.post import Author, Post, Quoted
from contracts.settings import Settings
from detectors.relevance import Relevance
from streams.listen import Listener
from streams.segment import load_segmenter
from tongsheng import wiring

STORY = "幼儿园老师用针扎孩子，多名幼儿身上有伤，家长报警称遭到虐童"


@pytest.fixture(scope="module")
def listener() -> Listener:
    return wiring.listener(Settings())


def post(text: str, *, of: Quoted | None = None, number: int = 1) -> Post:
    return Post(
        id=f"weibo:{number}",
        platform="weibo",
        kind="repost" if of else "post",
        at_ms=1_772_380_800_000,
        author=Author(key="a1", followers=5),
        text=text,
        of=of,
    )


def test_a_post_about_children_becomes_evidence_with_its_terms(listener: Listener) -> None:
    """Terms are words; evidence holds no text."""
    heard = listener.hear(post(STORY))

    assert heard.evidence is not None
    assert {"幼儿园", "老师", "家长"} <= set(heard.evidence.terms)
    assert (heard.evidence.author, heard.evidence.followers, heard.evidence.conversation) == ("a1", 5, "weibo:1")
    assert all(len(term) < 10 for term in heard.evidence.terms)


def test_a_post_about_something_else_only_counts_as_seen(listener: Listener) -> None:
    """Exposure counts every post."""
    assert listener.hear(post("今天北京大风降温，出门记得多穿点")).evidence is None


def test_a_repost_is_about_what_it_quotes(listener: Listener) -> None:
    """Its own words say little; the original's terms and the conversation count for it."""
    heard = listener.hear(post("转发微博", of=Quoted(id="weibo:9", text=STORY), number=2))
    other = listener.hear(post("孩子真可爱，我家宝宝也是", of=Quoted(id="weibo:8", text="明天油价上调"), number=3))

    assert heard.evidence is not None
    assert {"幼儿园", "@weibo:9"} <= set(heard.evidence.terms)
    assert heard.evidence.conversation == "weibo:9"
    assert other.evidence is None


def test_updates_of_a_post_have_its_key(listener: Listener) -> None:
    """The same id is the same post, whatever else changed."""
    assert listener.hear(post("早")).key == listener.hear(post("早安")).key


def test_numbers_and_handles_never_become_terms(listener: Listener) -> None:
    """Phone numbers, ids, links and @names of a post about a child are not counted."""
    text = f"{STORY} 联系电话13812345678 身份证110101201001011234 @王小明的妈妈 http://t.cn/A6rDuVxA 微信abc123456"
    heard = listener.hear(post(text))

    assert heard.evidence is not None
    assert not [term for term in heard.evidence.terms if any(c.isdigit() for c in term) or "王小明" in term]


def test_redaction_stands_before_segmentation() -> None:
    """What a redactor takes out can become no term: the hook's place in the flow."""
    redacting = Listener(
        load_segmenter("rjieba"), Relevance.load(), redact=lambda text: text.replace("苗禾禾", "［姓名］")
    )
    heard = redacting.hear(post("#寻找苗禾禾# 人贩子拐走一名男童苗禾禾，警方发布寻人启事", number=4))

    assert heard.evidence is not None
    assert not [term for term in heard.evidence.terms if "禾" in term]
