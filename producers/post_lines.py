"""Our own Post lines, as they stand in frames: what another tongsheng or a script of yours wrote."""

from collections.abc import Callable

import msgspec

from contracts.post import Author, Post, Quoted, decode_post
from producers.author_key import AuthorKeys, is_author_key
from producers.source import Context, Format

__all__ = ["POST_LINES", "post_lines_format"]

_NAME = "tongsheng Post lines"


def _knows(value: object) -> bool:
    return isinstance(value, dict) and {"id", "platform", "at_ms", "author"} <= value.keys()


POST_LINES = Format(name=_NAME, knows=_knows, read=lambda line: (decode_post(line),))


def post_lines_format(context: Context) -> Format:
    """The lines as they are; marked where they stand in an archive, with hashed authors where the sender has none.

    What does not look like a key of ours is a user id, whatever wrote the line, and ends here.
    """
    is_raw = (lambda _: True) if context.has_raw_keys else (lambda key: not is_author_key(key))

    def read(line: bytes) -> tuple[Post]:
        post = _hashed(decode_post(line), context.keys, is_raw)
        if context.is_archived and not post.archived:
            post = msgspec.structs.replace(post, archived=True)
        return (post,)

    return Format(name=_NAME, knows=_knows, read=read)


def _hashed(post: Post, keys: AuthorKeys, is_raw: Callable[[str], bool]) -> Post:
    def hashed(author: Author) -> Author:
        return msgspec.structs.replace(author, key=keys.of(post.platform, author.key))

    of: Quoted | None = post.of
    if of is not None and of.author is not None and is_raw(of.author.key):
        post = msgspec.structs.replace(post, of=msgspec.structs.replace(of, author=hashed(of.author)))
    return msgspec.structs.replace(post, author=hashed(post.author)) if is_raw(post.author.key) else post
