"""Decoding and vetting: each kind of bad input has its reason, and nothing else raises."""

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import UnusablePostError
from contracts.post import MAX_LINE_BYTES, MAX_TEXT_CHARS, Author, Post, Quoted, decode_post, encode_post, vet
from contracts.rejection import Reason

NOW_MS = 1_772_380_800_000
GOOD = b'{"id":"weibo:1","platform":"weibo","at_ms":1772380800000,"author":{"key":"a1"}'


def with_(fields: bytes) -> bytes:
    return GOOD + b"," + fields + b"}"


UNDECODABLE = {
    "not-json": (b"hello", Reason.NOT_JSON),
    "json-of-another-kind": (b'["a post"]', Reason.WRONG_SHAPE),
    "a-number": (b"12", Reason.WRONG_SHAPE),
    "no-id": (b'{"platform":"weibo","at_ms":1,"author":{"key":"a"}}', Reason.WRONG_SHAPE),
    "no-author": (b'{"id":"weibo:1","platform":"weibo","at_ms":1}', Reason.WRONG_SHAPE),
    "time-is-text": (b'{"id":"weibo:1","platform":"weibo","at_ms":"now","author":{"key":"a"}}', Reason.WRONG_SHAPE),
    "negative-count": (with_(b'"likes":-1'), Reason.WRONG_SHAPE),
    "unknown-kind": (with_(b'"kind":"poem"'), Reason.WRONG_SHAPE),
    "nan": (with_(b'"likes":NaN'), Reason.NOT_JSON),
    "gbk": (with_('"text":"孩子"'.encode("gbk")), Reason.NOT_UTF8),
    "utf16": ("孩子".encode("utf-16"), Reason.NOT_UTF8),
    "half-a-character-and-no-end": (with_(b'"text":"\\ud800"')[:-1], Reason.NOT_JSON),
    "raw-nul": (with_(b'"text":"a\x00b"'), Reason.NOT_JSON),
    "deep": (b"[" * 10_000, Reason.WRONG_SHAPE),
    "deep-inside": (with_(b'"extra":' + b"[" * 10_000 + b"]" * 10_000), Reason.TOO_DEEP),
    "long-line": (with_(b'"text":"' + b"a" * MAX_LINE_BYTES + b'"'), Reason.LINE_TOO_LONG),
    "cut-off": (GOOD, Reason.NOT_JSON),
}


@pytest.mark.parametrize(("line", "reason"), UNDECODABLE.values(), ids=UNDECODABLE.keys())
def test_an_unusable_line_has_its_reason(line: bytes, reason: Reason) -> None:
    """Each kind of rubbish is refused with one reason of the closed set."""
    with pytest.raises(UnusablePostError) as refused:
        decode_post(line)

    assert reason is refused.value.reason


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param(rb"\ud83d", "\ufffd", id="first-half"),
        pytest.param(rb"\uDE00", "\ufffd", id="second-half"),
        pytest.param(rb"\ud83d\ud83d\ude00", "\ufffd😀", id="half-before-a-whole-one"),
        pytest.param(rb"\\ud83d\ud83d", "\\ud83d\ufffd", id="behind-a-backslash"),
    ],
)
def test_half_a_character_costs_no_post(written: bytes, read: str) -> None:
    """Platforms cut emoji in half where they shorten a text; what else was said counts."""
    line = with_('"text":"孩子'.encode() + written + b'"')

    assert decode_post(line).text == f"孩子{read}"


@pytest.mark.parametrize("character", ["\x1b", "\x9b", "\u202e"], ids=ascii)
def test_a_region_that_steers_a_terminal_is_refused(character: str) -> None:
    """Of the post's author or of the quoted one's; no province needs such a character."""
    author = Author(key="a", region=f"广东{character}[2J")
    own = Post(id="weibo:1", platform="weibo", at_ms=NOW_MS, author=author)
    quoting = msgspec.structs.replace(own, author=Author(key="a"), of=Quoted(id="weibo:2", author=author))

    for post in (own, quoting):
        with pytest.raises(UnusablePostError) as refused:
            vet(post, received_ms=NOW_MS)
        assert refused.value.reason is Reason.CONTROL_CHARACTERS


RANKING = {"kind": "ranking", "rank": 1}
ABSURD = {
    "id-with-space": ({"id": "we ibo:1"}, Reason.WRONG_SHAPE),
    "id-with-a-name": ({"id": "weibo:王小明"}, Reason.WRONG_SHAPE),
    "id-without-platform": ({"id": "4454572602912349"}, Reason.WRONG_SHAPE),
    "empty-id": ({"id": "weibo:"}, Reason.WRONG_SHAPE),
    "long-id": ({"id": "weibo:" + "1" * 121}, Reason.WRONG_SHAPE),
    "id-with-a-line-end": ({"id": "weibo:1\n"}, Reason.WRONG_SHAPE),
    "id-with-nul": ({"id": "weibo:1\x00"}, Reason.CONTROL_CHARACTERS),
    "name-in-the-originals-id": ({"of": Quoted(id="weibo:王小明")}, Reason.WRONG_SHAPE),
    "ranking-with-white-space-behind": ({**RANKING, "id": "weibo_hot:校车 "}, Reason.WRONG_SHAPE),
    "ranking-with-a-line-end": ({**RANKING, "id": "weibo_hot:校\n车"}, Reason.WRONG_SHAPE),
    "ranking-that-turns-the-text": ({**RANKING, "id": "weibo_hot:校\u202e车"}, Reason.WRONG_SHAPE),
    "long-ranking": ({**RANKING, "id": "weibo_hot:" + "长" * 201}, Reason.WRONG_SHAPE),
    "unknown-platform": ({"platform": "wangxiaoming"}, Reason.WRONG_SHAPE),
    "empty-author-key": ({"author": Author(key="")}, Reason.WRONG_SHAPE),
    "name-for-an-author-key": ({"author": Author(key="王小明")}, Reason.WRONG_SHAPE),
    "name-for-the-originals-author": ({"of": Quoted(id="weibo:2", author=Author(key="王小明"))}, Reason.WRONG_SHAPE),
    "long-text": ({"text": "长" * (MAX_TEXT_CHARS + 1)}, Reason.TEXT_TOO_LONG),
    "long-original": ({"of": Quoted(id="weibo:2", text="长" * (MAX_TEXT_CHARS + 1))}, Reason.TEXT_TOO_LONG),
    "escaped-nul": ({"text": "孩\x00子"}, Reason.CONTROL_CHARACTERS),
    "escape-sequence": ({"text": "\x1b[2J"}, Reason.CONTROL_CHARACTERS),
    "1970": ({"at_ms": 0}, Reason.TIME_ABSURD),
    "next-year": ({"at_ms": NOW_MS + 365 * 86_400_000}, Reason.TIME_IN_FUTURE),
    "three-minutes-ahead": ({"at_ms": NOW_MS + 180_000}, Reason.TIME_IN_FUTURE),
    "beyond-64-bit": ({"at_ms": 10**30}, Reason.TIME_IN_FUTURE),
}


@pytest.mark.parametrize(("fields", "reason"), ABSURD.values(), ids=ABSURD.keys())
def test_an_absurd_post_has_its_reason(fields: dict[str, object], reason: Reason) -> None:
    """A well-typed post that cannot be true is refused with its reason."""
    plain = Post(id="weibo:1", platform="weibo", at_ms=NOW_MS, author=Author(key="a1"))
    post = msgspec.structs.replace(plain, **fields)

    with pytest.raises(UnusablePostError) as refused:
        vet(post, received_ms=NOW_MS)

    assert reason is refused.value.reason
    assert refused.value.detail, "it names the field or the limit"
    assert "王小明" not in str(refused.value)


def test_an_entry_of_a_hot_list_is_known_by_its_title() -> None:
    """A title, inner spaces included, is the id of a ranking and of nothing else."""
    title = Post(id="weibo_hot_search:校车 新规", platform="weibo", at_ms=NOW_MS, author=Author(key="a1"))

    vet(msgspec.structs.replace(title, kind="ranking"), received_ms=NOW_MS)
    with pytest.raises(UnusablePostError, match="id: not like"):
        vet(title, received_ms=NOW_MS)


def test_two_minutes_ahead_is_still_taken() -> None:
    """Clocks differ: up to two minutes in the future a post counts."""
    vet(Post(id="weibo:1", platform="weibo", at_ms=NOW_MS + 120_000, author=Author(key="a1")), received_ms=NOW_MS)


@given(st.binary(max_size=300))
def test_any_bytes_give_a_post_or_a_reason(line: bytes) -> None:
    """No bytes make the decoder raise anything but UnusablePostError."""
    with suppress(UnusablePostError):
        assert decode_post(line).id


@given(st.text(max_size=200), st.integers(0, 1 << 50), st.booleans())
def test_what_is_encoded_is_decoded(text: str, at_ms: int, deleted: bool) -> None:
    """Encoding loses nothing; a text with a lone surrogate cannot be encoded at all."""
    post = Post(id="weibo:1", platform="weibo", at_ms=at_ms, author=Author(key="a1"), text=text, deleted=deleted)

    assert post == decode_post(encode_post(post))


def test_the_detail_of_a_refusal_holds_no_content() -> None:
    """Reasons go to logs and headers: they name the field, never what stood in it."""
    with pytest.raises(UnusablePostError) as refused:
        decode_post('{"id":"weibo:1","platform":"weibo","at_ms":"王小明","author":{"key":"a"}}'.encode())

    assert "王小明" not in str(refused.value)
    assert "at_ms" in refused.value.detail
