"""Keep what a file run could not use: one JSON object a line, readable by its owner only."""

import base64
import json
import os
from collections import Counter
from pathlib import Path
from typing import IO

from contracts.errors import SettingsError
from contracts.rejection import Rejected

__all__ = ["RejectedFile"]


class RejectedFile:
    """Writes rejected pieces with their reason and place; the file is made at the first one."""

    def __init__(self, path: Path) -> None:
        """Name the file; one left by an earlier run goes, so that it never speaks of another input."""
        self.path = path
        self.reasons: Counter[str] = Counter()
        self._file: IO[bytes] | None = None
        path.unlink(missing_ok=True)

    def __call__(self, piece: Rejected) -> None:
        """Write one piece."""
        self.reasons[piece.reason.value] += 1
        if self._file is None:
            self._file = self._create()
        line = {
            "source": piece.source,
            "line": piece.offset,
            "reason": piece.reason.value,
            "detail": piece.detail,
            **_raw(piece.raw),
        }
        self._file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()

    def _create(self) -> IO[bytes]:
        try:
            return os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        except OSError as error:
            raise SettingsError("--rejected", f"{self.path} cannot be written ({error.strerror})") from None


def _raw(raw: bytes) -> dict[str, str]:
    try:
        return {"raw": raw.decode()}
    except UnicodeDecodeError:
        return {"raw_base64": base64.b64encode(raw).decode()}
