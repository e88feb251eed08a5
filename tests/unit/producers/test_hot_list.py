"""Hot lists: an entry a post, advertisements left out, absurd entries rejected one by one."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.post import Post
from contracts.rejection import Reason, Rejected
from producers.author_key import AuthorKeys
from producers.files import FileSource

NOW_MS = 1_800_000_000_000
AT = "2026-03-02T10:00:00+08:00"
AT_MS = 1_772_416_800_000
ENTRY: dict[str, Any] = {"rank": 1, "title": "校车 新规", "hot": 360_671, "category": "社会", "desc": "接送有了新规"}


def read(folder: Path, *entries: object, **fields: object) -> tuple[list[Post], list[Rejected]]:
    snapshot = {"at": AT, "list": "weibo_hot_search", "entries": entries, **fields}
    path = folder / "lists.jsonl"
    path.write_text(json.dumps(snapshot, ensure_ascii=False) + "\n", encoding="utf-8")
    items = list(FileSource(path, AuthorKeys(b"a salt of the tests"), received_ms=NOW_MS).items())
    assert all(item.place == 1 for item in items)
    found = [item.what for item in items]
    return [i for i in found if isinstance(i, Post)], [i for i in found if isinstance(i, Rejected)]


NUMBERS: dict[str, tuple[dict[str, object], tuple[int | None, int | None]]] = {
    "text": ({"rank": "3", "hot": "48.3万"}, (3, 483_000)),
    "missing": ({}, (None, None)),
    "null": ({"rank": None, "hot": None}, (None, None)),
}


@pytest.mark.parametrize(("fields", "told"), NUMBERS.values(), ids=NUMBERS.keys())
def test_rank_and_heat_are_read_as_lists_write_them(
    tmp_path: Path, fields: dict[str, object], told: tuple[int | None, int | None]
) -> None:
    """A list need not tell them; the headline counts all the same."""
    posts, rejected = read(tmp_path, {"title": "校车 新规", **fields})

    assert rejected == []
    assert [(post.rank, post.heat) for post in posts] == [told]


def test_an_entry_becomes_a_ranking(tmp_path: Path) -> None:
    """List and title are the id, the list is the author, rank and heat are kept."""
    (post,), rejected = read(tmp_path, ENTRY)

    assert rejected == []
    assert (post.id, post.platform, post.kind, post.at_ms) == ("weibo_hot_search:校车 新规", "weibo", "ranking", AT_MS)
    assert (post.author.key, post.rank, post.heat, post.archived) == ("list:weibo_hot_search", 1, 360_671, True)
    assert post.text == "校车 新规\n接送有了新规"


@pytest.mark.parametrize("desc", [None, "", " 校车 新规 "], ids=["none", "empty", "the-title-again"])
def test_a_description_that_says_nothing_new_is_left_out(tmp_path: Path, desc: str | None) -> None:
    """The text is then the title alone: its words do not count twice."""
    (post,), _ = read(tmp_path, {**ENTRY, "desc": desc})

    assert post.text == "校车 新规"


def test_advertisements_are_left_out(tmp_path: Path) -> None:
    """They are neither posts nor rejected."""
    assert read(tmp_path, {**ENTRY, "ads": True}) == ([], [])


ABSURD = {
    "no-title": {"rank": 1},
    "blank-title": {**ENTRY, "title": " "},
    "title-is-a-number": {**ENTRY, "title": 7},
    "negative-rank": {**ENTRY, "rank": -1},
    "rank-is-text": {**ENTRY, "rank": "first"},
    "absurd-heat": {**ENTRY, "hot": 10**30},
    "long-title": {**ENTRY, "title": "长" * 201},
    "nul-in-title": {**ENTRY, "title": "校\x00车"},
    "nothing": None,
    "a-list": [1, 2],
}


@pytest.mark.parametrize("entry", ABSURD.values(), ids=ABSURD.keys())
def test_an_absurd_entry_is_rejected_alone(tmp_path: Path, entry: object) -> None:
    """Its own JSON and a reason are kept; the entries on both sides of it count."""
    posts, (piece,) = read(tmp_path, ENTRY, entry, {**ENTRY, "title": "午餐"})

    assert [post.id for post in posts] == ["weibo_hot_search:校车 新规", "weibo_hot_search:午餐"]
    assert json.loads(piece.raw) == entry
    assert piece.detail
    assert piece.offset == 1


WRONG: dict[str, dict[str, object]] = {
    "no-zone": {"at": "2026-03-02T10:00:00"},
    "no-time": {"at": "yesterday"},
    "unknown-platform": {"list": "wangxiaoming_hot"},
    "words-for-a-list": {"list": "weibo 王小明"},
}


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_snapshot_is_one_rejected_piece(tmp_path: Path, fields: dict[str, object]) -> None:
    """What holds for all entries is said once."""
    posts, (piece,) = read(tmp_path, ENTRY, ENTRY, **fields)

    assert (posts, piece.reason) == ([], Reason.WRONG_SHAPE)
    assert "王小明" not in piece.detail


def test_a_snapshot_of_the_future_does_not_multiply(tmp_path: Path) -> None:
    """Each entry is rejected with its own bytes, not with the whole line each time."""
    posts, rejected = read(tmp_path, *[ENTRY] * 50, at="2036-03-02T10:00:00+08:00")

    assert posts == []
    assert {piece.reason for piece in rejected} == {Reason.TIME_IN_FUTURE}
    assert sum(len(piece.raw) for piece in rejected) < 50 * 400


def test_one_wrong_date_rejects_its_whole_snapshot(tmp_path: Path) -> None:
    """A snapshot a week ahead of its neighbours must not carry event time away by its second entry."""
    path = tmp_path / "lists.jsonl"
    days = ["2026-03-02", "2026-03-09", "2026-03-02", "2026-03-03"]
    entries = [ENTRY, {**ENTRY, "title": "午餐"}]
    lines = [json.dumps({"at": f"{d}T10:00:00+08:00", "list": "weibo_hot_search", "entries": entries}) for d in days]
    path.write_text("\n".join(lines), encoding="utf-8")

    items = list(FileSource(path, AuthorKeys(b"a salt of the tests"), received_ms=NOW_MS).items())

    assert [item.place for item in items] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert [isinstance(item.what, Rejected) for item in items] == [False, False, True, True] + [False] * 4
