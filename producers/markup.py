"""What a piece of HTML says, and how many pictures, videos and links stand in it; never their addresses.

Tags are found by one pattern that never looks behind the next "<": linear time whatever the text is. (Python's own
parser takes minutes for a megabyte of comments that do not end.) What is no tag is text, as a lenient browser has it.
"""

import re
from dataclasses import dataclass
from html import unescape

__all__ = ["Markup", "read_markup"]

_TAG = re.compile(r"<(?:(/?)([A-Za-z][A-Za-z0-9:-]{0,30})([^<>]{0,8000})|[!?][^<>]{0,8000})>")
_ATTRIBUTE = re.compile(
    r"""(?:^|[\s"'/])(alt|href)\s{0,5}=\s{0,5}(?:"([^"]{0,4000})"|'([^']{0,4000})'|([^\s"'>]{1,4000}))"""
)
_BLOCKS = frozenset({"p", "br", "div", "li", "h1", "h2", "h3", "h4", "tr", "section", "blockquote", "hr"})
_SILENT = frozenset({"script", "style"})
_VIDEOS = frozenset({"video", "iframe", "mpvideosnap"})
_PICTURE_OF_TEXT = re.compile(r"\[[^\[\]]{1,12}\]")  # the alternative text of an emoticon, which is a part of the text
_SPACE = re.compile(r"[ \t\r\f\v\xa0]+")
_OWN_LINK = re.compile(r"//(?:(?:www|m|s)\.)?weibo\.c(?:om|n)/(?:n/|u/|search|weibo)|//s\.weibo\.com|/search\?")


@dataclass(frozen=True, slots=True)
class Markup:
    """Text without its marks.

    Attributes:
        text: outside block quotes.
        quoted: within block quotes.
        pictures, videos, links: how many outside and inside.
    """

    text: str
    quoted: str = ""
    pictures: int = 0
    videos: int = 0
    links: int = 0


def read_markup(html: str) -> Markup:
    """Read HTML, whole or a piece.

    >>> read_markup('<p>校车 <a href="http://t.cn/x">网页链接</a></p><img src="a.jpg"><blockquote>原文</blockquote>')
    Markup(text='校车 网页链接', quoted='原文', pictures=1, videos=0, links=1)
    """
    if "<" not in html and "&" not in html:
        return Markup(html.strip())
    reader = _Reader()
    at = 0
    for tag in _TAG.finditer(html):
        reader.say(html[at : tag.start()])
        reader.see(tag)
        at = tag.end()
    reader.say(html[at:])
    return Markup(_plain(reader.text), _plain(reader.quoted), reader.pictures, reader.videos, reader.links)


def _plain(pieces: list[str]) -> str:
    lines = (_SPACE.sub(" ", line).strip() for line in unescape("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)


class _Reader:
    def __init__(self) -> None:
        self.text: list[str] = []
        self.quoted: list[str] = []
        self.pictures = self.videos = self.links = 0
        self._depth = 0
        self._silent = ""

    def say(self, text: str) -> None:
        """What stands between two tags."""
        if text and not self._silent:
            (self.quoted if self._depth else self.text).append(text)

    def see(self, tag: re.Match[str]) -> None:
        """One tag; within a script only its end counts."""
        name, is_end = (tag[2] or "").lower(), tag[1] == "/"
        if self._silent:
            self._silent = "" if is_end and name == self._silent else self._silent
            return
        if name in _BLOCKS:
            self.say("\n")
        if is_end:
            self._depth -= name == "blockquote" and self._depth > 0
        elif name in _SILENT:
            self._silent = name
        elif name == "blockquote":
            self._depth += 1
        elif name == "img":
            self._see_picture(_attribute(tag[3], "alt"))
        elif name == "a":
            address = _attribute(tag[3], "href")
            self.links += address.startswith(("http://", "https://")) and not _OWN_LINK.search(address)
        else:
            self.videos += name in _VIDEOS

    def _see_picture(self, alternative: str) -> None:
        if _PICTURE_OF_TEXT.fullmatch(alternative):
            self.say(alternative)
        else:
            self.pictures += 1


def _attribute(written: str, name: str) -> str:
    """Its value, "" where it has none."""
    for found in _ATTRIBUTE.finditer(written):
        if found[1].lower() == name:
            return unescape(found[2] or found[3] or found[4] or "")
    return ""
