"""Elements of a JSON document: the same wherever the document is cut into pieces, a bad one alone."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.post import MAX_LINE_BYTES
from contracts.rejection import Reason
from producers.json_elements import BrokenJsonError, elements
from tests.reading import read_content

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(
    values=st.lists(VALUES, max_size=5),
    before=st.dictionaries(st.sampled_from(["x", "y"]), VALUES),
    size=st.integers(1, 30),
    indent=st.sampled_from([None, 1]),
    is_ascii=st.booleans(),
)
def test_the_elements_are_those_of_the_document(
    values: list[object], before: dict[str, object], size: int, indent: int | None, is_ascii: bool
) -> None:
    """Behind any other keys, in pieces of any size, pretty or not."""
    text = json.dumps(
        {**before, "data": {**before, "info": values}, "z": 1}, indent=indent, ensure_ascii=is_ascii
    ).encode()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]

    found = [json.loads(element) for element in elements(pieces, ("data", "info"))]

    assert json.dumps(found) == json.dumps(values)


@given(text=st.binary(max_size=60), size=st.integers(1, 9))
def test_rubbish_ends(text: bytes, size: int) -> None:
    """With elements or the one error, never another."""
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    for path in ((), ("a",)):
        try:
            assert all(isinstance(element, bytes) for element in elements(pieces, path))
        except BrokenJsonError as error:
            assert isinstance(error.rest, bytes)  # noqa: PT017 - either way is right


@pytest.mark.parametrize("document", ['{"a": 1}', "{}", '{"b": []}', "[1", "[1 2]", '{"a": [1], "b"', "nonsense", ""])
def test_a_document_without_the_array_is_refused(document: str) -> None:
    """Or one that breaks off."""
    with pytest.raises(BrokenJsonError):
        list(elements([document.encode()], ("c",) if document.startswith("{") else ()))


def test_a_long_element_is_cut_and_the_next_is_whole() -> None:
    """It comes longer than the limit by a byte, so that it is known to be too long."""
    long, short = elements([b'["' + b"x" * (3 * MAX_LINE_BYTES) + b'", 2]'], ())

    assert (len(long), short) == (MAX_LINE_BYTES + 1, b"2")


STATUS = {"created_at": "Mon Mar 02 10:00:00 +0800 2026", "text": "孩子", "user": {"id": 4}}


def status(number: int, more: str = "") -> str:
    return json.dumps({**STATUS, "mid": str(number)})[:-1] + more + "}"


BAD: dict[str, tuple[bytes, Reason]] = {
    "too-deep": (status(2, ',"x":' + "[" * 9000 + "]" * 9000).encode(), Reason.TOO_DEEP),
    "no-utf8": (b'{"mid": "\xff\xfe", "text": "x"}', Reason.NOT_UTF8),
    "number-without-end": (status(2, ',"pic_num":1e999').encode(), Reason.WRONG_SHAPE),
    "long": (status(2, ',"x":"' + "x" * MAX_LINE_BYTES + '"').encode(), Reason.LINE_TOO_LONG),
    "of-another-kind": (b"7", Reason.WRONG_SHAPE),
}


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_element_costs_itself_alone(tmp_path: Path, bad: bytes, reason: Reason) -> None:
    """Its own bytes are kept; the posts on both sides of it count."""
    posts, (piece,) = read_content(
        tmp_path / "x", b"[" + status(1).encode() + b"," + bad + b"," + status(3).encode() + b"]"
    )

    assert [post.id for post in posts] == ["weibo:1", "weibo:3"]
    assert (piece.reason, piece.offset) == (reason, 2)
    assert piece.raw == bad[:MAX_LINE_BYTES]
