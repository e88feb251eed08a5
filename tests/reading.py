"""Read invented content as a file, the way every command does."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contracts.post import Post
from contracts.rejection import Rejected
from producers.author_key import AuthorKeys
from producers.files import FileSource

__all__ = ["KEYS", "NOW_MS", "as_csv", "as_json", "read_content", "read_file"]

NOW_MS = 1_800_000_000_000
KEYS = AuthorKeys(b"a salt of the tests")


def read_file(path: Path, start: int = 0) -> tuple[list[Post], list[Rejected]]:
    """Posts and rejected pieces, in order."""
    items = [item.what for item in FileSource(path, KEYS, received_ms=NOW_MS).items(start)]
    return [i for i in items if isinstance(i, Post)], [i for i in items if isinstance(i, Rejected)]


def read_content(path: Path, content: bytes | str) -> tuple[list[Post], list[Rejected]]:
    """The same of content that is first written to the path, whose folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_file(path)


def as_csv(header: str, *rows: Sequence[object]) -> str:
    """A table as crawlers write it: byte-order mark, header, cells quoted where they must be."""

    def cell(value: object) -> str:
        text = str(value)
        return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n') else text

    return "\ufeff" + "".join(line + "\n" for line in (header, *(",".join(map(cell, row)) for row in rows)))


def as_json(*records: Any) -> str:
    """An object a line."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
