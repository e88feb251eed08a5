"""Files of invented statuses, and what comes out of them."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from contracts.post import Post
from contracts.rejection import Rejected
from producers.author_key import AuthorKeys
from producers.files import FileSource

__all__ = ["NOW_MS", "PACKED", "STATUS", "WHOLE", "names", "read_bytes", "source", "split", "status"]

NOW_MS = 1_800_000_000_000
STATUS: dict[str, Any] = {
    "created_at": "Mon Mar 02 00:00:18 +0800 2026",
    "id": 123,
    "mid": "5270000924125150",
    "text": "孩子今天打疫苗 http://t.cn/x",
    "user": {"id": 42, "screen_name": "somebody", "followers_count": "107", "location": "广东 深圳"},
}


def source(path: Path, *lines: bytes | dict[str, Any]) -> FileSource:
    encoded = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(encoded) + b"\n")
    return FileSource(path, AuthorKeys(b"a salt of the tests"), received_ms=NOW_MS)


def split(read: FileSource, start: int = 0) -> tuple[list[Post], list[Rejected]]:
    items = [item.what for item in read.items(start)]
    return [i for i in items if isinstance(i, Post)], [i for i in items if isinstance(i, Rejected)]


def status(number: int) -> bytes:
    return json.dumps({**STATUS, "mid": str(number), "text": f"孩子{number * 7919}"}).encode()


def read_bytes(path: Path, content: bytes) -> tuple[list[str], list[Rejected], FileSource]:
    path.write_bytes(content)
    read = FileSource(path, AuthorKeys(b"a salt of the tests"), received_ms=NOW_MS)
    posts, rejected = split(read)
    return [post.id for post in posts], rejected, read


def names(numbers: Iterable[int]) -> list[str]:
    return [f"weibo:{number}" for number in numbers]


WHOLE = b"\n".join(status(number) for number in range(1, 3001)) + b"\n"
PACKED = gzip.compress(WHOLE)
