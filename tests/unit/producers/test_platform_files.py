"""What platforms themselves answer: Weibo's interfaces, its hot search, archives of Tencent Weibo."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.rejection import Reason
from producers.envelopes import enveloped
from producers.source import Context
from producers.weibo_api import weibo_cards_format
from tests.reading import KEYS, as_json, read_content

AT_MS = 1_772_416_800_000  # 2026-03-02T10:00:00+08:00
AT = "Mon Mar 02 10:00:00 +0800 2026"
STATUS: dict[str, Any] = {
    "created_at": AT, "id": 3358166570964930, "idstr": "3358166570964930", "mid": "5270000924125150",
    "text": "孩子上学",
    "source": '<a href="http://weibo.com" rel="nofollow">新浪微博</a>', "geo": None, "reposts_count": 3,
    "user": {"id": 1786319274, "idstr": "1786319274", "screen_name": "甲", "location": "浙江 宁波",
    "followers_count": 445,
             "friends_count": -3},
}  # fmt: skip

# ---- Sina API v2

WRAPPED: dict[str, Any] = {
    "a-line-each": as_json(STATUS),
    "bare-array": json.dumps([STATUS], indent=1),
    "envelope": json.dumps({"statuses": [STATUS], "ad": [], "hasvisible": False, "next_cursor": 0, "total_number": 1}),
    "envelope-pretty": json.dumps({"total_number": 1, "statuses": [STATUS]}, indent=2),
    "envelope-a-line": as_json({"statuses": [STATUS]}),
    "user-with-status": as_json({
        **STATUS["user"], "status": {k: v for k, v in STATUS.items() if k != "user"}
    }),
    "ajax-mymblog": json.dumps({"data": {"list": [STATUS]}, "ok": 1}),
}  # fmt: skip


@pytest.mark.parametrize("content", WRAPPED.values(), ids=WRAPPED.keys())
def test_a_status_is_the_same_post_however_it_is_wrapped(tmp_path: Path, content: str) -> None:
    """Array, envelope or a user with the last status; the mid is the id, not the older `id`."""
    (post,), rejected = read_content(tmp_path / "answer.json", content)

    assert rejected == []
    assert (post.id, post.at_ms, post.text, post.reposts) == ("weibo:5270000924125150", AT_MS, "孩子上学", 3)
    assert (post.author.key, post.author.region, post.author.followers) == (
        KEYS.of("weibo", "1786319274"),
        "浙江宁波",
        445,
    )


def test_a_refusal_of_the_platform_is_rejected_with_its_number(tmp_path: Path) -> None:
    """Among answers that hold posts; an answer that holds none is no fault."""
    refusal = {"request": "/2/statuses/x.json", "error_code": "21335", "error": "request uid's value must be ..."}
    empty = {"statuses": [], "total_number": 0}

    posts, (piece,) = read_content(tmp_path / "answers.jsonl", as_json({"statuses": [STATUS]}, refusal, empty))

    assert len(posts) == 1
    assert (piece.offset, piece.detail) == (2, "the platform refused, error 21335")


def test_one_bad_status_of_an_answer_is_rejected_alone(tmp_path: Path) -> None:
    """With its own bytes; its neighbours count."""
    bad = {**STATUS, "user": None}
    for content in (as_json({"statuses": [STATUS, bad, STATUS]}), json.dumps([STATUS, bad, STATUS])):
        posts, (piece,) = read_content(tmp_path / "x", content)

        assert len(posts) == 2
        assert json.loads(piece.raw) == bad


def test_the_newer_interface_says_more(tmp_path: Path) -> None:
    """Plain text beside HTML, region of the network address, a video on its page."""
    newer = {
        "created_at": AT, "mblogid": "ImTGkcdDn", "text": "<a>x</a>", "text_raw": "孩子 http://t.cn/x", "pic_num": 2,
        "region_name": "发布于 北京", "user": STATUS["user"], "page_info": {"object_type": "video"},
    }  # fmt: skip

    (post,), _ = read_content(tmp_path / "x", as_json(newer))

    assert (post.id, post.text, post.author.region) == ("weibo:4454572602912349", "孩子 http://t.cn/x", "北京")
    assert (post.pictures, post.videos, post.links) == (2, 1, 1)


CARD = {
    "card_type": 9,
    "mblog": {"created_at": AT, "id": "4454572602912349", "bid": "ImTGkcdDn", "user": {"id": 1},
              "text": '孩子<br/><span class="url-icon"><img alt="[泪]" src="x"></span><a href="/status/1">全文</a>'},
}  # fmt: skip


def test_cards_of_m_weibo_cn_are_posts_and_other_cards_are_not(tmp_path: Path) -> None:
    """Cards may stand in groups; their text is HTML."""
    heading = {"card_type": 11, "card_group": [{"card_type": 42, "desc": "热门"}, CARD]}
    (first, second), rejected = read_content(
        tmp_path / "x.json", json.dumps({"ok": 1, "data": {"cards": [{"card_type": 4}, CARD, heading]}})
    )

    assert rejected == []
    assert first == second
    assert (first.id, first.text) == ("weibo:4454572602912349", "孩子\n[泪]全文")


def test_a_time_that_hangs_on_the_fetch_is_read_by_live_sources_alone() -> None:
    """ "3分钟前" in a file says nothing; fetched now it does."""
    mblog = {**CARD["mblog"], "created_at": "3分钟前"}  # type: ignore[dict-item]  # a mapping it is
    line = json.dumps({"cards": [{"mblog": mblog}]}).encode()

    def read(context: Context) -> list[object]:
        return list(enveloped(weibo_cards_format(context)).read(line))

    (live,) = read(Context(keys=KEYS, is_archived=False, fetched=lambda: AT_MS))
    (archived,) = read(Context(keys=KEYS))

    assert getattr(live, "at_ms", None) == AT_MS - 180_000
    assert isinstance(archived, Exception)


# ---- hot search

HOT = {"word": "鸟鸟上学", "word_scheme": "#鸟鸟上学#", "note": "鸟鸟上学", "num": 360671, "realpos": 1, "rank": 0,
       "onboard_time": 1_772_416_000, "label_name": "新"}  # fmt: skip


@pytest.mark.parametrize("array", ["realtime", "band_list"])
def test_weibos_hot_search_is_a_ranking(tmp_path: Path, array: str) -> None:
    """The word is the key, `realpos` the rank; what was paid for is left out; the newest boarding is its time."""
    later = {**HOT, "word": "校车", "num": None, "raw_hot": 7, "realpos": 2, "onboard_time": AT_MS // 1000}
    answer = {"ok": 1, "data": {array: [HOT, {**HOT, "word": "广告", "is_ad": 1}, later]}}

    posts, rejected = read_content(tmp_path / "hot.json", json.dumps(answer, indent=1))

    assert rejected == []
    assert [(post.id, post.kind, post.rank, post.heat, post.at_ms) for post in posts] == [
        ("weibo_hot_search:鸟鸟上学", "ranking", 1, 360_671, AT_MS),
        ("weibo_hot_search:校车", "ranking", 2, 7, AT_MS),
    ]
    assert len(read_content(tmp_path / "hot.jsonl", as_json(answer, answer))[0]) == 4


# ---- Tencent Weibo

TENCENT: dict[str, Any] = {
    "id": "114923039618687", "text": '孩子 <a href="http://url.cn/x">http://url.cn/x</a>',
    "origtext": "孩子 http://url.cn/x",
    "count": 3, "mcount": "4", "from": "QQ空间分享", "fromurl": "http://user.qzone.qq.com\n", "image": ["http://t2/1"],
    "name": "wujun", "nick": "军", "openid": "A0", "type": 1, "timestamp": 1351584289, "location": "中国 毕节",
    "isvip": 0,
    "status": 0, "source": None,
}  # fmt: skip


def test_a_post_of_tencent_weibo_is_read(tmp_path: Path) -> None:
    """`origtext` is the plain text, `from` the client, the country no region."""
    (post,), _ = read_content(tmp_path / "t.json", json.dumps({"data": {"hasnext": 0, "info": [TENCENT]}, "ret": 0}))

    assert (post.id, post.platform, post.kind) == ("tencent:114923039618687", "tencent", "post")
    assert (post.text, post.at_ms) == ("孩子 http://url.cn/x", 1_351_584_289_000)
    assert (post.reposts, post.comments, post.pictures, post.author.region) == (3, 4, 1, "贵州毕节")
    assert post.author.key == KEYS.of("tencent", "wujun")


def test_quotes_private_messages_and_deletions_of_tencent_weibo(tmp_path: Path) -> None:
    """`source` is the quoted post of the same shape; type 3 is nobody's business; states 1, 3 and 4 are deletions."""
    original = {**TENCENT, "id": "1", "origtext": "原来", "name": "li", "status": "3"}
    retweet = {**TENCENT, "id": "2", "type": 2, "source": original}
    private = {**TENCENT, "id": "3", "type": "3"}
    variant = {"tweetid": "4", "time": "1351584289", "text": "<b>回</b>", "mcount": 0, "nick": "", "name": "b",
    "type": 7,
               "image": {"info": [{"url": ["http://a"]}]}}  # fmt: skip
    gone = {**TENCENT, "id": "5", "status": 4}

    posts, rejected = read_content(tmp_path / "t.jsonl", as_json(retweet, private, variant, gone))

    assert rejected == []
    assert [(post.id, post.kind, post.deleted) for post in posts] == [
        ("tencent:2", "repost", False),
        ("tencent:4", "comment", False),
        ("tencent:5", "post", True),
    ]
    assert posts[0].of is not None
    assert (posts[0].of.id, posts[0].of.text, posts[0].of.deleted) == ("tencent:1", "原来", True)
    assert (posts[1].text, posts[1].pictures) == ("回", 1)


def test_answers_of_tencent_weibo_with_their_quirks(tmp_path: Path) -> None:
    """A post alone in `data`, words behind the JSON, an empty answer, a whole document with words behind it."""
    lines = [
        json.dumps({"data": {"info": [TENCENT]}, "ret": 0}) + "out of memery",
        json.dumps({"data": TENCENT, "ret": 0}),
        json.dumps({"data": None, "msg": "result is empty", "ret": 0, "errcode": 0}),
    ]

    posts, rejected = read_content(tmp_path / "t.jsonl", "\n".join([lines[1], lines[0], lines[2]]))
    document, damaged = read_content(
        tmp_path / "t.json", json.dumps({"data": {"info": [TENCENT]}}, indent=1) + " out of memery"
    )

    assert (len(posts), rejected) == (2, [])
    assert (len(document), damaged) == (1, [])


def test_a_count_of_no_digits_and_a_wrong_time_do_not_pass(tmp_path: Path) -> None:
    """Whatever the platform's type of a number."""
    posts, (piece,) = read_content(tmp_path / "t", as_json(TENCENT, {**TENCENT, "timestamp": "gestern"}))

    assert len(posts) == 1
    assert piece.reason is Reason.WRONG_SHAPE
