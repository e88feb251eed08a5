"""The Weibo API's statuses: an original is read once however often it is quoted, and refused as if read each time."""

import json
from typing import Any

import pytest

from contracts.errors import UnusablePostError
from contracts.post import UNDECODABLE, Post, unusable
from contracts.rejection import Reason
from producers.author_key import AuthorKeys
from producers.source import Context, Format
from producers.weibo_api import weibo_api_format

ORIGINAL: dict[str, Any] = {"id": 7, "text": "幼儿园明天体检", "user": {"id": 8}}


def status(text: str, original: object) -> bytes:
    outer = {"created_at": "Mon Mar 02 00:00:18 +0800 2026", "id": 1, "text": text, "user": {"id": 2}}
    return json.dumps({**outer, "retweeted_status": original}, ensure_ascii=False).encode()


def read(form: Format, line: bytes) -> Post | tuple[Reason, str]:
    """The post, or why there is none."""
    try:
        (found,) = form.read(line)
    except UnusablePostError as error:
        return error.reason, error.detail
    except UNDECODABLE as error:
        refused = unusable(error, line)
        return refused.reason, refused.detail
    assert isinstance(found, Post)
    return found


@pytest.fixture
def form() -> Format:
    return weibo_api_format(Context(keys=AuthorKeys(b"a salt of the tests")))


def test_reposts_of_one_original_share_it(form: Format) -> None:
    """The same bytes give the same object, which is vetted and judged once; own words stay each repost's own."""
    first, second = (read(form, status(text, ORIGINAL)) for text in ("转发微博", "转给家长"))

    assert isinstance(first, Post)
    assert isinstance(second, Post)
    assert (first.text, second.text) == ("转发微博", "转给家长")
    assert first.of is not None
    assert first.of is second.of
    assert (first.of.id, first.of.text) == ("weibo:7", "幼儿园明天体检")


def test_an_original_that_has_changed_is_read_anew(form: Format) -> None:
    """Deleted meanwhile: what was remembered of it says nothing about now."""
    before, after = (
        read(form, status("转", original)) for original in (ORIGINAL, {"id": 7, "text": "", "deleted": "1"})
    )

    assert isinstance(before, Post)
    assert isinstance(after, Post)
    assert before.of is not None
    assert after.of is not None
    assert (before.of.deleted, after.of.deleted) == (False, True)


@pytest.mark.parametrize("original", [None, "absent"])
def test_a_post_quotes_nobody(form: Format, original: object) -> None:
    """Whether the API says null or leaves the field out."""
    line = status("孩子", original)
    found = read(form, line if original is None else line.replace(b', "retweeted_status": "absent"', b""))

    assert isinstance(found, Post)
    assert (found.kind, found.of) == ("post", None)


WRONG: dict[str, tuple[bytes, tuple[Reason, str]]] = {
    "of-another-type": (
        status("孩子", {**ORIGINAL, "text": 5}),
        (Reason.WRONG_SHAPE, "Expected `str`, got `int` - at `$.retweeted_status.text`"),
    ),
    "no-object": (
        status("孩子", []),
        (Reason.WRONG_SHAPE, "Expected `object | null`, got `array` - at `$.retweeted_status`"),
    ),
    "without-id": (status("孩子", {"text": "体检"}), (Reason.WRONG_SHAPE, "no id")),
    "no-utf-8": (
        status("孩子", ORIGINAL).replace("幼".encode(), b"\xff\xfe\xfd"),
        (Reason.NOT_UTF8, ""),
    ),
    "cut-off": (status("孩子", ORIGINAL)[:-10], (Reason.NOT_JSON, "Input data was truncated")),
}


@pytest.mark.parametrize(("line", "refusal"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_with_an_original_is_told_by_its_place_in_the_line(
    form: Format, line: bytes, refusal: tuple[Reason, str]
) -> None:
    """Whoever mends the source finds it; a good original read before does not hide it."""
    read(form, status("先", ORIGINAL))
    found = read(form, line)

    assert isinstance(found, tuple)
    assert refusal[0] == found[0]
    assert found[1].startswith(refusal[1])


def test_a_very_long_original_is_read_each_time(form: Format) -> None:
    """So that what is remembered stays bounded; the post is the same."""
    long = {**ORIGINAL, "text": "孩" * 20_000}
    first, second = (read(form, status("转", long)) for _ in range(2))

    assert isinstance(first, Post)
    assert first == second
    assert first.of is not None
    assert first.of.text == long["text"]
