"""Read a file that a setting names, however large it turns out to be: a device such as /dev/zero never ends."""

import errno
from pathlib import Path

__all__ = ["MAX_SECRET_BYTES", "read_bounded"]

MAX_SECRET_BYTES = 64 << 10  # a browser's cookies are the longest


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """The whole content.

    Raises:
        OSError: it cannot be read, or there are more than `most_bytes`; its strerror says which.
    """
    with path.open("rb") as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(errno.EFBIG, f"it is larger than {most_bytes:,} bytes", str(path))
    return content
