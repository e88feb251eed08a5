"""Items of RSS, Atom and JSON Feed: RSSHub, wewe-rss, we-mp-rss, and any other.

What an item is, its link says: a post of Weibo (joined by its bid with all other sources of Weibo), an article of
WeChat, anything else a text of its platform or of "web". Titles are cut by the bridges, so the description is read. A
date without a zone is Beijing's; an entry of a hot list has none at all, and counts as listed when it was fetched.
"""

import re
from hashlib import blake2b
from itertools import count
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import msgspec

from contracts.errors import UnusablePostError
from contracts.post import Author, Post, Quoted
from contracts.rejection import Reason
from producers.hot_list import Entry, ranking
from producers.markup import Markup, read_markup
from producers.source import Context, Format
from producers.times import time_ms
from producers.weibo_hot_search import HOT_SEARCH
from producers.weibo_ids import mid_of

__all__ = ["feed_format"]

_HOSTS = {
    "weibo.com": "weibo",
    "weibo.cn": "weibo",
    "mp.weixin.qq.com": "wechat",
    "xiaohongshu.com": "xhs",
    "douyin.com": "douyin",
    "kuaishou.com": "kuaishou",
    "bilibili.com": "bilibili",
    "zhihu.com": "zhihu",
    "tieba.baidu.com": "tieba",
    "toutiao.com": "toutiao",
    "baidu.com": "baidu",
    "douban.com": "douban",
}
_WEIBO_POST = re.compile(r"/(?:(\d{4,15})|status|detail)/([0-9A-Za-z]{8,20})/?$")
_WEIBO_LIST = re.compile(r"//(?:s\.weibo\.com/weibo|m\.weibo\.cn/search)\?")
_WECHAT_SHORT = re.compile(r"/s/([0-9A-Za-z_-]{10,60})")
_REPOST_MARK = re.compile(r"\s*-?\s*转发\s*(?:@[^:：\s]{1,40}[:：])?\s*")
_GONE = (
    "已被发布者删除",
    "此内容发送失败无法查看",
    "原微博不可访问",
    "因违规无法查看",
    "已停止访问该网页",
    "账号已迁移",
)
_CHECKED = ("环境异常", "访问过于频繁")  # the platform doubts the reader: it says nothing about the article
_NOTICE_CHARS = 120  # a page that says such a thing says little else


class _Named(msgspec.Struct):
    name: str | None = None


class _Item(msgspec.Struct, kw_only=True):
    """Of JSON Feed, or as `feed_xml` gives it."""

    id: str | int | None = None
    url: str | None = None
    link: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    html: str | None = None
    date: str | int | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: _Named | str | None = None
    authors: list[_Named] | None = None
    feed: str | None = None
    attachments: list[dict[str, Any]] | None = None
    enclosures: list[str] | None = None


_decode = msgspec.json.Decoder(_Item).decode


def feed_format(context: Context) -> Format:
    """Items; those of a hot list are ranked in their order."""
    ranks = count(1)

    def read(line: bytes) -> tuple[Post, ...]:
        item = _decode(line)
        link = item.url or item.link or ""
        if _WEIBO_LIST.search(link):
            return (_listed(item, next(ranks), context),)
        return (_post(item, link, context),)

    return Format(name="RSS, Atom and JSON feeds", knows=_knows, read=read)


def _knows(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    if {"feed", "html"} <= value.keys():
        return True
    has_text = {"content_html", "content_text"} & value.keys() or {"title", "date_published"} <= value.keys()
    return bool(has_text) and bool({"id", "url"} & value.keys())


def _listed(item: _Item, rank: int, context: Context) -> Post:
    if context.fetched is None:
        raise UnusablePostError(Reason.WRONG_SHAPE, "an entry of a hot list without the time at which it was read")
    return ranking(HOT_SEARCH, context.fetched(), Entry(rank=rank, title=item.title or ""), context)


def _post(item: _Item, link: str, context: Context) -> Post:
    said = _said(item)
    text, quoted = said.text, said.quoted
    if len(text) < _NOTICE_CHARS and any(words in text for words in _CHECKED):
        raise UnusablePostError(Reason.WRONG_SHAPE, "the platform asked whether a person reads; there is no text")
    platform = _platform(link)
    name, user = _name(item, link, platform)
    is_repost = platform == "weibo" and bool(quoted)
    author = user or _author(item)
    return Post(
        id=f"{platform}:{name}",
        platform=platform,
        kind="repost" if is_repost else "post" if platform == "weibo" else "article",
        at_ms=_at_ms(item),
        text=_REPOST_MARK.sub(" ", text).strip() if is_repost else _titled(item, text, platform),
        author=Author(key=context.keys.of(platform, author)),
        of=_quoted(quoted) if is_repost else None,
        pictures=said.pictures,
        videos=said.videos,
        links=said.links,
        deleted=len(text) < _NOTICE_CHARS and any(words in text for words in _GONE),
        archived=context.is_archived,
    )


def _said(item: _Item) -> Markup:
    """The whole text; the description where there is no article; the title where there is neither."""
    html = item.content_html or item.html or item.content_text or item.summary or ""
    said = read_markup(html)
    kinds = [str(part.get("mime_type") or "") for part in item.attachments or ()] + (item.enclosures or [])
    pictures = max(said.pictures, sum(kind.startswith("image") for kind in kinds))
    videos = max(said.videos, sum(kind.startswith("video") for kind in kinds))
    return Markup(said.text or (item.title or ""), said.quoted, pictures, videos, said.links)


def _titled(item: _Item, text: str, platform: str) -> str:
    """An article with its title before it; a post's title is only the beginning of its text."""
    title = " ".join((item.title or "").split())
    return text if platform == "weibo" or not title or text.startswith(title) else f"{title}\n{text}"


def _platform(link: str) -> str:
    host = (_parts(link).hostname or "").lower()
    return next((name for known, name in _HOSTS.items() if host == known or host.endswith(f".{known}")), "web")


def _parts(link: str) -> SplitResult:
    """The parts of an address; none where it is no address."""
    try:
        return urlsplit(link)
    except ValueError:
        return urlsplit("")


def _name(item: _Item, link: str, platform: str) -> tuple[str, str]:
    """The part of the id behind the platform, and the author's id where the link holds it."""
    parts = _parts(link)
    if platform == "weibo" and (found := _WEIBO_POST.search(parts.path)):
        return mid_of(found[2]), found[1] or ""
    if platform == "wechat":
        query = parse_qs(parts.query)
        if {"__biz", "mid", "idx"} <= query.keys():
            biz = query["__biz"][0]
            article = f"{biz.rstrip('=')}.{query['mid'][0]}.{query['idx'][0]}"
            return re.sub(r"[^0-9A-Za-z._~=-]", "~", article), biz
        if found := _WECHAT_SHORT.search(parts.path):
            return found[1], ""
    known = str(item.id or "") or unquote(link)
    if not known:
        raise UnusablePostError(Reason.WRONG_SHAPE, "neither link nor id")
    return blake2b(known.encode(errors="replace"), digest_size=12).hexdigest(), ""


def _author(item: _Item) -> str:
    named = item.author.name if isinstance(item.author, _Named) else item.author
    named = named or next((author.name for author in item.authors or () if author.name), None)
    known = named or item.feed or _parts(item.url or item.link or "").hostname
    return f"name:{known or 'unknown'}"


def _quoted(text: str) -> Quoted:
    """What a repost quotes; its id is not in the feed, so the same text is the same original."""
    name = blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()
    return Quoted(id=f"weibo:text-{name}", text=text, deleted=any(words in text for words in _GONE))


def _at_ms(item: _Item) -> int:
    try:
        return time_ms(item.date_published or item.date or item.date_modified or "")
    except ValueError as error:
        raise UnusablePostError(Reason.WRONG_SHAPE, f"its date: {error}") from error
