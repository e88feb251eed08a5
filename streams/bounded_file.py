"""Read a file that a setting names, however large it turns out to be: a device such as /dev/zero never ends."""

import errno
from pathlib import Path

__all__ = ["MAX_SECRET_BYTES", "read_bounded", "why_unread"]

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


def why_unread(error: OSError | UnicodeDecodeError) -> str:
    """Why a file of text could not be read, in words for whoever named it; nothing of its content.

    >>> why_unread(FileNotFoundError(2, "No such file or directory"))
    'No such file or directory'
    """
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else "it is no UTF-8"
