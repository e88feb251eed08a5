"""RSS, Atom and JSON Feed: the same item in three forms, bridges of Weibo and WeChat, hostile documents."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import SourceError, UnusablePostError
from contracts.post import Post
from contracts.rejection import Reason
from producers.feeds import feed_format
from producers.source import Context
from tests.reading import KEYS, read_content

AT_MS = 1_772_416_800_000  # 2026-03-02T10:00:00+08:00
LINK = "https://weibo.com/1669879400/ImTGkcdDn"
HTML = (
    '孩子上学 <a href="https://weibo.com/n/乙">@乙</a> <a href="https://a.example/">看</a><img src="https://a/1.jpg">'
    '<img alt="[泪]" src="https://a/2.png">'
)
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>甲的微博</title>
<item><title>甲: 孩子上…</title><description><![CDATA[{html}]]></description><link>{link}</link>
<guid isPermaLink="false">{link}</guid><pubDate>{date}</pubDate><author>甲</author><category>校车</category></item>
{more}</channel></rss>"""
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>甲的微博</title><id>x</id><updated>2026-03-02T02:00:00Z</updated>
<entry><title>甲: 孩子上…</title><content type="html"><![CDATA[{html}]]></content><link href="{link}"/><id>{link}</id>
<published>2026-03-02T02:00:00.000Z</published><author><name>甲</name></author><category term="校车"/></entry></feed>"""


def rss(html: str = HTML, link: str = LINK, date: str = "Mon, 02 Mar 2026 02:00:00 GMT", more: str = "") -> str:
    return RSS.format(html=html, link=link, date=date, more=more)


def json_feed(*items: dict[str, Any]) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "甲的微博", "items": items}, indent=1)


ITEM = {"id": LINK, "url": LINK, "title": "甲: 孩子上…", "content_html": HTML, "date_published": "2026-03-02T02:00:00Z",
        "authors": [{"name": "甲"}], "tags": ["校车"], "_extra": {}}  # fmt: skip
FORMS = {"rss": rss(), "atom": ATOM.format(html=HTML, link=LINK), "json": json_feed(ITEM)}


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS.keys())
def test_an_item_about_weibo_is_the_post_itself(tmp_path: Path, content: str) -> None:
    """Its id is the mid, its author the user in the link, its text the description; mentions are no links."""
    (post,), rejected = read_content(tmp_path / "feed.xml", content)

    assert rejected == []
    assert (post.id, post.kind, post.at_ms) == ("weibo:4454572602912349", "post", AT_MS)
    assert post.author.key == KEYS.of("weibo", "1669879400")
    assert (post.text, post.pictures, post.links) == ("孩子上学 @乙 看[泪]", 1, 1)


def test_a_retweet_stands_in_a_block_quote(tmp_path: Path) -> None:
    """The words before it are the author's own; a removed original is known as removed."""
    quoted = "同意<br><blockquote> - 转发 <a href='https://weibo.com/2'>@丙</a>: 孩子丢了</blockquote>"
    gone = "唉<blockquote>[原微博不可访问]</blockquote>"

    (post,), _ = read_content(tmp_path / "a", rss(quoted))
    (other,), _ = read_content(tmp_path / "b", rss(gone))

    assert (post.kind, post.text) == ("repost", "同意")
    assert post.of is not None
    assert "孩子丢了" in post.of.text
    assert other.of is not None
    assert other.of.deleted


WECHAT = {
    "long": (
        "https://mp.weixin.qq.com/s?__biz=MzA5+A==&amp;mid=265&amp;idx=1&amp;sn=abc&amp;scene=1",
        "wechat:MzA5~A.265.1",
    ),
    "short": ("https://mp.weixin.qq.com/s/Ab-c_12345678", "wechat:Ab-c_12345678"),
}


@pytest.mark.parametrize(("link", "name"), WECHAT.values(), ids=WECHAT.keys())
def test_an_article_of_wechat_has_one_id(tmp_path: Path, link: str, name: str) -> None:
    """Account, message and place within it, else the short name; a date without a zone is Beijing's."""
    (post,), _ = read_content(tmp_path / "f", rss("<p>孩子</p>", link, "2026-03-02 10:00:00"))

    assert (post.id, post.platform, post.kind, post.at_ms) == (name, "wechat", "article", AT_MS)
    assert post.text == "甲: 孩子上…\n孩子"


def test_a_removed_article_is_a_deletion_and_a_check_of_the_reader_is_none(tmp_path: Path) -> None:
    """The one takes the article out of what is kept; the other says nothing about it and is rejected."""
    link = WECHAT["short"][0]

    (post,), _ = read_content(tmp_path / "a", rss("该内容已被发布者删除", link))
    posts, (piece,) = read_content(tmp_path / "b", rss("环境异常，完成验证后即可继续访问", link))

    assert post.deleted
    assert (posts, piece.reason) == ([], Reason.WRONG_SHAPE)


def test_the_whole_article_is_read_where_there_is_one(tmp_path: Path) -> None:
    """`content:encoded`, as we-mp-rss gives it; it also adds an element `id` that RSS does not know."""
    item = (
        "<item><id>7</id><title>标题</title><description>短</description><link>https://mp.weixin.qq.com/s/Ab-c_12345678</link>"
        "<content:encoded><![CDATA[<p>很长的全文</p>]]></content:encoded><pubDate>2026-03-02 10:00:00</pubDate></item>"
    )
    posts, _ = read_content(tmp_path / "f", rss(more=item))

    assert posts[1].text == "标题\n很长的全文"


def test_other_sites_are_known_by_their_platform(tmp_path: Path) -> None:
    """Any other is "web"; without a name the feed is the author; the same item is the same id."""
    items = [
        {**ITEM, "id": link, "url": link, "authors": []}
        for link in ("https://www.zhihu.com/q/1", "https://a.example/1")
    ]

    posts, _ = read_content(tmp_path / "f.json", json_feed(*items, *items))

    assert [post.platform for post in posts] == ["zhihu", "web", "zhihu", "web"]
    assert len({post.id for post in posts}) == 2
    assert {post.kind for post in posts} == {"article"}


def test_an_entry_of_a_hot_list_is_ranked_when_it_is_fetched() -> None:
    """It has no date: in a file nobody knows when it stood there."""
    lines = [
        json.dumps({"feed": "微博热搜", "html": "", "title": title, "link": "https://s.weibo.com/weibo?q=x"}).encode()
        for title in ("孩子上学", "校车")
    ]
    form = feed_format(Context(keys=KEYS, is_archived=False, fetched=lambda: AT_MS))

    posts = [post for line in lines for post in form.read(line) if isinstance(post, Post)]

    assert [(post.id, post.rank, post.at_ms) for post in posts] == [
        ("weibo_hot_search:孩子上学", 1, AT_MS),
        ("weibo_hot_search:校车", 2, AT_MS),
    ]
    with pytest.raises(UnusablePostError, match="hot list"):
        list(feed_format(Context(keys=KEYS)).read(lines[0]))


def test_a_feed_in_gbk_is_read(tmp_path: Path) -> None:
    """By what its head declares."""
    content = rss().replace("UTF-8", "GB2312").encode("gb18030")

    (post,), rejected = read_content(tmp_path / "f.xml", content)

    assert (post.text, rejected) == ("孩子上学 @乙 看[泪]", [])


def test_a_feed_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    """And one piece that says so."""
    content = rss(more="<item><title>x</title>")

    posts, (piece,) = read_content(tmp_path / "f.xml", content)

    assert len(posts) == 1
    assert piece.reason is Reason.FILE_DAMAGED
    assert "broken" in piece.detail


def test_entities_are_not_read(tmp_path: Path) -> None:
    """A billion laughs, or a file of this machine: neither is expanded."""
    bomb = rss().replace("<rss", '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b SYSTEM "file:///etc/hostname">]><rss', 1)

    posts, (piece,) = read_content(tmp_path / "f.xml", bomb.replace("甲: ", "&b;&a;"))

    assert (posts, "entities" in piece.detail) == ([], True)


def test_html_is_no_feed(tmp_path: Path) -> None:
    """A page of a login or an error: said before anything is read."""
    with pytest.raises(SourceError, match="no RSS or Atom"):
        read_content(tmp_path / "f.xml", "<html><body>登录</body></html>")


ODD = {
    "link-that-is-none": rss(link="http://[x"),
    "unknown-encoding": rss().replace("UTF-8", "x-unknown"),
    "encoding-the-parser-lacks": rss().replace("UTF-8", "shift_jis"),
    "no-date": rss(date=""),
    "nothing-in-it": "<rss><channel><item/></channel></rss>",
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD.keys())
def test_an_odd_feed_stops_nothing(tmp_path: Path, content: str) -> None:
    """It gives posts or rejected pieces, each with a reason."""
    posts, rejected = read_content(tmp_path / "f.xml", content)

    assert len(posts) + len(rejected) == 1
