"""Keep what a file run could not use: one JSON object a line, readable by its owner only."""

import base64
import json
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from contracts.errors import SettingsError
from contracts.rejection import Rejected

__all__ = ["RejectedFile", "earlier"]


def earlier(path: Path) -> Path:
    """Where the file of the run before goes."""
    return path.with_name(path.name + ".old")


class RejectedFile:
    """Writes rejected pieces with their reason and place; the file is made at the first one.

    One left by an earlier run is moved aside, so that it never speaks of another input: one generation is kept.
    """

    def __init__(self, path: Path) -> None:
        """Name the file and see that it can be written, before anything is read.

        Raises:
            SettingsError: it cannot, or the earlier one cannot be moved.
        """
        self._path = path
        self._file: IO[bytes] | None = None
        _move_aside(path)
        _check(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            if self._file is not None:
                self._file.close()
        except OSError as fault:
            if error is None:
                raise _unwritable(self._path, fault) from None

    def __call__(self, piece: Rejected) -> None:
        """Write one piece.

        Raises:
            SettingsError: the file can no longer be written, for instance because the disk is full.
        """
        line = {
            "source": _text(piece.source),
            "line": piece.offset,
            "reason": piece.reason.value,
            "detail": piece.detail,
            **_raw(piece.raw),
        }
        try:
            if self._file is None:
                self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
            self._file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        except OSError as error:
            raise _unwritable(self._path, error) from None


def _move_aside(path: Path) -> None:
    if not path.is_file():
        return  # none, or a device such as /dev/null
    try:
        path.replace(earlier(path))
    except OSError as error:
        raise SettingsError(
            "--rejected",
            f"{path} of an earlier run cannot be moved to {earlier(path)} ({error.strerror}); "
            "move or delete one of them, or name another file",
        ) from None


def _check(path: Path) -> None:
    """Whether it could be written, without making it: an empty file would look like a finished one."""
    if path.is_dir():
        raise SettingsError("--rejected", f"{path} is a folder; name a file")
    if path.exists():
        if not os.access(path, os.W_OK):
            raise SettingsError("--rejected", f"{path} cannot be written; name another file")
    elif not path.parent.is_dir():
        raise SettingsError("--rejected", f"{path} cannot be written: there is no folder {path.parent}; make it first")
    elif not os.access(path.parent, os.W_OK | os.X_OK):
        raise SettingsError("--rejected", f"{path} cannot be written: its folder is not yours to write; name another")


def _unwritable(path: Path, error: OSError) -> SettingsError:
    return SettingsError("--rejected", f"{path} cannot be written ({error.strerror})")


def _text(name: str) -> str:
    """The name with bytes that are no UTF-8 spelled out."""
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _raw(raw: bytes) -> dict[str, str]:
    try:
        return {"raw": raw.decode()}
    except UnicodeDecodeError:
        return {"raw_base64": base64.b64encode(raw).decode()}
