"""What people's crawlers write: every generation of columns, every trap of their formats."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.rejection import Reason
from tests.reading import KEYS, as_csv, as_json, read_content

AT_MS = 1_772_416_800_000  # 2026-03-02T10:00:00+08:00
MID, BID = "4454572602912349", "ImTGkcdDn"

# ---- dataabc/weibo-crawler

OLD = "id,bid,正文,头条文章url,原始图片url,视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户"
NOW = (
    "id,bid,正文,头条文章url,原始图片url,视频url,Live Photo视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户,"
    "完整日期,是否编辑过,编辑次数"
)
WITHOUT_LIVE = NOW.replace("Live Photo视频url,", "").replace(",是否编辑过,编辑次数", "")
WITH_ORIGINALS = f"{NOW},是否原创,源用户id,源用户昵称," + ",".join(f"源微博{column}" for column in NOW.split(","))
TEXT = '第一行,"孩子"\n第二行 #校车#'
PICTURES = "https://a.example/1.jpg,https://a.example/2.jpg"

FIRST = [f"{MID}\t", BID, TEXT, "", PICTURES, "https://v.example/1"]
REST = ["北京", "2026-03-02T10:00:00", "微博 weibo.com", 7, 12, 1_000_000, "校车", ""]
FULL = ["2026-03-02 10:00:00"]
EDITED = ["False", 0]
GENERATIONS: dict[str, tuple[str, list[object]]] = {
    "14-columns": (OLD, [*FIRST, *REST]),
    "18-columns": (NOW, [*FIRST, "", *REST, *FULL, *EDITED]),
    "full-date": (WITHOUT_LIVE, [*FIRST, *REST, *FULL]),
    "shifted-of-2025": (WITHOUT_LIVE, [*FIRST, "https://live.example/1", *REST, *FULL]),
    "shifted-old": (OLD, [*FIRST, "", *REST]),
    "llm-cell": (NOW, [*FIRST, "", *REST, "一句话的分析", *FULL, *EDITED]),
    "ragged-original": (WITH_ORIGINALS, [*FIRST, "", *REST, *FULL, *EDITED, "True"]),
    "original-with-llm-cell": (WITH_ORIGINALS, [*FIRST, "", *REST, *FULL, *EDITED, "分析", "True"]),
}


@pytest.mark.parametrize(("header", "row"), GENERATIONS.values(), ids=GENERATIONS.keys())
def test_a_row_of_weibo_crawler_is_read_by_column_names(tmp_path: Path, header: str, row: list[object]) -> None:
    """Whatever the version that wrote it: the same post, with the line ends of its text."""
    (post,), rejected = read_content(tmp_path / "1669879400.csv", as_csv(header, row))

    assert rejected == []
    assert (post.id, post.at_ms, post.text, post.kind) == (f"weibo:{MID}", AT_MS, TEXT, "post")
    assert (post.likes, post.comments, post.reposts) == (7, 12, 1_000_000)
    assert (post.pictures, post.videos) == (2, 1)
    assert post.author.key == KEYS.of("weibo", "1669879400")


def test_a_retweet_of_weibo_crawler_quotes_its_original(tmp_path: Path) -> None:
    """37 of 39 cells: the last two of the original are missing."""
    original = ["3501756485200075\t", "z0JH2lOMb", "原来的话", "", "", "", "", "", "2026-03-01T09:00:00"]
    row = [*FIRST, "", *REST, *FULL, *EDITED, "False", "42", "somebody", *original, "", 1, 2, 3, "", "", "2026-03-01"]
    assert len(row) == 37

    (post,), _ = read_content(tmp_path / "7.csv", as_csv(WITH_ORIGINALS, row))

    assert post.kind == "repost"
    assert post.of is not None
    assert (post.of.id, post.of.text) == ("weibo:3501756485200075", "原来的话")
    assert post.of.author is not None
    assert post.of.author.key == KEYS.of("weibo", "42")


def test_a_row_without_a_date_is_rejected_with_its_line_and_the_next_counts(tmp_path: Path) -> None:
    """A cell that is cut, and a header that stands again in the middle of the file."""
    bad = [*FIRST, "", "北京", "昨天"]
    content = as_csv(NOW, [*FIRST, "", *REST, *FULL, *EDITED], bad)
    content += as_csv(NOW, ["99", *FIRST[1:], "", *REST, *FULL, *EDITED]).removeprefix("\ufeff")

    posts, (piece,) = read_content(tmp_path / "7.csv", content)

    assert [post.id for post in posts] == [f"weibo:{MID}", "weibo:99"]
    assert (piece.reason, piece.offset) == (Reason.WRONG_SHAPE, 5)
    assert "昨天" in piece.raw.decode()


CRAWLED = {
    "user_id": 1669879400, "screen_name": "甲", "id": int(MID), "bid": BID, "text": "今天的校车", "article_url": "",
    "pics": PICTURES, "video_url": "", "location": "", "created_at": "2026-03-02", "source": "",
    "attitudes_count": 551894, "comments_count": 7, "reposts_count": 1_000_000, "topics": "", "at_users": "",
    "full_created_at": "2026-03-02 10:00:00",
}  # fmt: skip


@pytest.mark.parametrize("indent", [None, 2], ids=["one-line", "pretty"])
def test_the_json_of_weibo_crawler_is_read_post_by_post(tmp_path: Path, indent: int | None) -> None:
    """One document with the user before the posts; a retweet inside its post."""
    retweet = {**CRAWLED, "id": 3501756485200075, "bid": "z0JH2lOMb", "text": "原来的话", "user_id": 42}
    document = {"user": {"id": "1669879400", "followers_count": 9}, "weibo": [CRAWLED, {**CRAWLED, "retweet": retweet}]}

    (first, second), rejected = read_content(tmp_path / "a.json", json.dumps(document, indent=indent))

    assert rejected == []
    assert (first.id, first.at_ms, first.pictures, first.likes) == (f"weibo:{MID}", AT_MS, 2, 551_894)
    assert first.author.key == KEYS.of("weibo", "1669879400")
    assert second.of is not None
    assert second.of.id == "weibo:3501756485200075"


def test_comments_of_weibo_crawler_quote_their_post(tmp_path: Path) -> None:
    """Their authors are known by name only."""
    header = "id,weibo_id,created_at,user_screen_name,text,pic_url,like_count"
    (post,), _ = read_content(
        tmp_path / "comments.csv", as_csv(header, [5, MID, "2026-03-02 10:00:00", "甲", "好孩子", "", 3])
    )

    assert (post.kind, post.likes, post.at_ms) == ("comment", 3, AT_MS)
    assert post.of is not None
    assert post.of.id == f"weibo:{MID}"


# ---- dataabc/weibo-search

SEARCH_17 = (
    "id,bid,user_id,用户昵称,微博正文,头条文章url,发布位置,艾特用户,话题,转发数,评论数,点赞数,发布时间,发布工具,"
    "微博图片url,微博视频url,retweet_id"
)
SEARCH_19 = f"{SEARCH_17},ip,user_authentication"
SEARCH_21 = f"{SEARCH_19},会员类型,会员等级"
SEARCHED = [
    MID,
    BID,
    "42",
    "乙",
    "孩子的校车",
    "",
    "",
    "",
    "",
    "1.2万",
    "0",
    "100万+",
    "2026-03-02 10:00",
    "",
    PICTURES,
    "",
]


@pytest.mark.parametrize(
    ("header", "more"),
    [(SEARCH_17, [""]), (SEARCH_19, ["", "广东", "蓝V"]), (SEARCH_21, ["", "广东", "蓝V", "SVIP", "5"])],
    ids=["17", "19", "21"],
)
def test_a_row_of_weibo_search_is_read(tmp_path: Path, header: str, more: list[object]) -> None:
    """Counts in 万, Beijing's time without seconds, verified by the kind of V."""
    (post,), rejected = read_content(tmp_path / "%23疫情%23.csv", as_csv(header, [*SEARCHED, *more]))

    assert rejected == []
    assert (post.id, post.at_ms, post.reposts, post.likes) == (f"weibo:{MID}", AT_MS, 12_000, 1_000_000)
    assert (post.pictures, post.author.key) == (2, KEYS.of("weibo", "42"))
    assert (post.author.verified, post.author.region) == ((True, "广东") if len(more) > 1 else (None, None))


def test_a_retweet_of_weibo_search_quotes_the_row_before_it(tmp_path: Path) -> None:
    """The original is a row of its own; pictures of older files are a Python list; a repeat of a run is let through."""
    retweet = ["77", "", "43", "丙", "转发微博", *SEARCHED[5:14], "['https://a.example/1.jpg']", "", MID]
    content = as_csv(SEARCH_17, [*SEARCHED, ""], retweet, [*SEARCHED, ""])

    posts, rejected = read_content(tmp_path / "k.csv", content)

    assert rejected == []
    assert [post.kind for post in posts] == ["post", "repost", "post"]
    assert posts[1].of is not None
    assert (posts[1].of.id, posts[1].of.text, posts[1].pictures) == (f"weibo:{MID}", "孩子的校车", 1)


# ---- nghuyong/WeiboSpider

TWEET: dict[str, Any] = {
    "_id": "4826312651310475", "mblogid": "Mb2vL5uUH", "created_at": "2026-03-02 10:00:00", "geo": None,
    "ip_location": "发布于 广东", "reposts_count": 1, "comments_count": 2, "attitudes_count": 3,
    "content": "孩子 //@甲:好",
    "pic_urls": ["https://a.example/1.jpg"], "pic_num": 1, "is_retweet": False,
    "user": {"_id": "2717869081", "nick_name": "乙", "verified": False},
    "url": "https://weibo.com/2717869081/Mb2vL5uUH", "crawl_time": 1666866139,
}  # fmt: skip


def test_a_tweet_of_weibo_spider_is_read(tmp_path: Path) -> None:
    """Region from the place of its network address."""
    (post,), _ = read_content(tmp_path / "tweet.jsonl", as_json(TWEET))

    assert (post.id, post.at_ms, post.pictures) == ("weibo:4826312651310475", AT_MS, 1)
    assert (post.author.key, post.author.region, post.author.verified) == (
        KEYS.of("weibo", "2717869081"),
        "广东",
        False,
    )


def test_a_tweet_without_its_user_takes_the_id_from_its_address(tmp_path: Path) -> None:
    """As `tweet_by_user_id` writes them; a retweet names what it quotes by id alone."""
    without = {key: value for key, value in TWEET.items() if key != "user"}
    (post, repost), _ = read_content(
        tmp_path / "t.jsonl", as_json(without, {**TWEET, "_id": "9", "is_retweet": True, "retweet_id": MID})
    )

    assert post.author.key == repost.author.key
    assert repost.kind == "repost"
    assert repost.of is not None
    assert repost.of.id == f"weibo:{MID}"


def test_comments_and_users_of_weibo_spider_are_told_apart(tmp_path: Path) -> None:
    """Comments count as comments; a file of users is noted and gives nothing."""
    comment = {
        "_id": "5", "created_at": "2026-03-02 10:00:00", "like_counts": 4, "ip_location": "来自河南",
        "content": "孩子", "comment_user": {"_id": "6"},
    }  # fmt: skip
    user = {"_id": "6", "nick_name": "丙", "followers_count": 3, "created_at": "2010-05-31 23:07:59"}

    (post,), _ = read_content(tmp_path / "comment.jsonl", as_json(comment))

    assert (post.kind, post.likes, post.author.region) == ("comment", 4, "河南")
    assert read_content(tmp_path / "user.jsonl", as_json(user)) == ([], [])


# ---- NanmiCoder/MediaCrawler

NOTE: dict[str, Any] = {
    "note_id": MID, "content": "开屏广告让孩子看到了", "create_time": 1_772_445_600,
    "create_date_time": "2026-03-02 10:00:00+08:00",
    "liked_count": "999", "comments_count": "120", "shared_count": "1.2万", "last_modify_ts": 1_772_500_000_000,
    "note_url": f"https://m.weibo.cn/detail/{MID}", "creator_hash": "0123456789abcdef", "nickname": "微***人",
    "source_keyword": "孩子", "fans_count": None,
}  # fmt: skip
XHS = {
    "note_id": "66aa", "type": "video", "title": "校车", "desc": "孩子上学", "time": AT_MS, "liked_count": "1万",
    "comment_count": "3", "share_count": "", "image_list": "https://a/1,https://a/2", "tag_list": "上学,接送",
    "creator_hash": "0123456789abcdef", "note_url": "https://www.xiaohongshu.com/explore/66aa?xsec_token=secret",
    "xsec_token": "secret",
}  # fmt: skip
SHAPES = ("jsonl", "json", "csv")


def in_shape(shape: str, record: dict[str, Any]) -> str:
    if shape == "csv":
        return as_csv(",".join(record), ["" if value is None else value for value in record.values()])
    return as_json(record) if shape == "jsonl" else json.dumps([record], ensure_ascii=False, indent=4)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_note_of_weibo_is_read_in_all_shapes(tmp_path: Path, shape: str) -> None:
    """`create_time` was eight hours late: the written date is believed."""
    (post,), rejected = read_content(tmp_path / f"search_contents_2026-03-02.{shape}", in_shape(shape, NOTE))

    assert rejected == []
    assert (post.id, post.platform, post.at_ms) == (f"weibo:{MID}", "weibo", AT_MS)
    assert (post.likes, post.comments, post.reposts) == (999, 120, 12_000)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_note_of_xiaohongshu_is_read_in_all_shapes(tmp_path: Path, shape: str) -> None:
    """Milliseconds; its tags join its words; no token of its address goes on."""
    (post,), rejected = read_content(tmp_path / f"x.{shape}", in_shape(shape, XHS))

    assert rejected == []
    assert (post.id, post.platform, post.at_ms) == ("xhs:66aa", "xhs", AT_MS)
    assert (post.text, post.likes, post.pictures, post.videos) == ("校车\n孩子上学 #上学# #接送#", 10_000, 2, 1)


def test_a_date_without_a_zone_is_beijings_and_older_files_know_the_user(tmp_path: Path) -> None:
    """Before July 2026 the user's id stands there, and joins with other sources of Weibo."""
    older = {**NOTE, "create_date_time": "2026-03-02 10:00:00", "user_id": "42", "ip_location": "浙江"}
    without = {**NOTE, "create_date_time": None}

    (post, second), _ = read_content(tmp_path / "n.jsonl", as_json(older, without))

    assert (post.at_ms, post.author.key, post.author.region) == (AT_MS, KEYS.of("weibo", "42"), "浙江")
    assert second.at_ms == NOTE["create_time"] * 1000


def test_comments_of_both_platforms_quote_their_note(tmp_path: Path) -> None:
    """Weibo's have the written date, Xiaohongshu's milliseconds."""
    weibo = {
        "comment_id": "8", "note_id": MID, "content": "好", "create_time": 1, "create_date_time": "2026-03-02 10:00:00",
        "comment_like_count": "2", "creator_hash": "a",
    }  # fmt: skip
    xhs = {
        "comment_id": "9",
        "note_id": "66aa",
        "content": "好",
        "create_time": AT_MS,
        "like_count": "5",
        "creator_hash": "a",
    }

    (first,), _ = read_content(tmp_path / "w.jsonl", as_json(weibo))
    (second,), _ = read_content(tmp_path / "x.jsonl", as_json(xhs))

    assert [(post.id, post.kind, post.at_ms, post.likes) for post in (first, second)] == [
        ("weibo:8", "comment", AT_MS, 2),
        ("xhs:9", "comment", AT_MS, 5),
    ]
    assert [post.of and post.of.id for post in (first, second)] == [f"weibo:{MID}", "xhs:66aa"]


def test_one_post_has_one_id_in_every_format(tmp_path: Path) -> None:
    """A mid of one crawler and a bid of another are the same post."""
    by_bid = {**TWEET, "_id": None, "mblogid": BID}
    contents = {
        "a.csv": as_csv(OLD, [*FIRST, *REST]),
        "b.csv": as_csv(SEARCH_17, ["", *SEARCHED[1:], ""]),
        "c.jsonl": as_json(by_bid),
        "d.jsonl": as_json(NOTE),
        "e.json": json.dumps(
            {"statuses": [{"created_at": "2026-03-02 10:00", "bid": BID, "text": "", "user": {"id": 1}}]}
        ),
    }

    assert {read_content(tmp_path / name, content)[0][0].id for name, content in contents.items()} == {f"weibo:{MID}"}
