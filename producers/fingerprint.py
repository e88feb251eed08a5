"""Whether a file that only grows is still the one in which a place was kept, whatever its name says.

A fingerprint is the size and a digest of the first and the last KiB within it. A file that has grown holds the same
bytes there; another one, or one that was cut, does not.
"""

from hashlib import blake2b
from pathlib import Path

__all__ = ["fingerprint", "has_grown_from"]

_KIB = 1024


def fingerprint(path: Path) -> str:
    """Of the file as it is now: "size-digest".

    Raises:
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    return f"{size}-{_digest(path, size)}"


def has_grown_from(path: Path, before: str) -> bool:
    """Whether the file is still the one of an earlier fingerprint, or that one with more behind it.

    Raises:
        OSError: it cannot be read.
        ValueError: `before` is no fingerprint.
    """
    size, _, digest = before.partition("-")
    return path.stat().st_size >= int(size) and _digest(path, int(size)) == digest


def _digest(path: Path, size: int) -> str:
    with path.open("rb") as file:
        found = blake2b(file.read(min(_KIB, size)), digest_size=8)
        file.seek(max(size - _KIB, 0))
        found.update(file.read(min(_KIB, size)))
    return found.hexdigest()
