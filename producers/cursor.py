"""Where a source goes on after a stop: a small file per source, replaced whole."""

import json
from hashlib import blake2b
from pathlib import Path

from contracts.errors import SourceError

__all__ = ["Cursor", "NoCursor"]


class Cursor:
    """A source's place, written only behind what Kafka has acknowledged."""

    def __init__(self, folder: Path, source: str, *, topic: str) -> None:
        """Name the source and where it is sent; the file lies in `folder`, which is made when needed."""
        name = blake2b(f"{topic}\n{source}".encode(errors="surrogateescape"), digest_size=8).hexdigest()
        self.path = folder / f"{name}.json"
        self._source = source
        self._topic = topic

    def read(self) -> int:
        """The place to go on behind; 0 for a new source.

        Raises:
            SourceError: the file is damaged or cannot be read; it says what to do.
        """
        try:
            return int(json.loads(self.path.read_text(encoding="utf-8"))["place"])
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise self._unusable(error) from error
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{self.path}: damaged cursor; delete it to send the source from its start") from error

    def write(self, place: int) -> None:
        """Replace the place, whole or not at all.

        Raises:
            SourceError: the folder cannot be written; it says what to do.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = self.path.with_suffix(".new")
            new.write_text(json.dumps({"source": self._source, "topic": self._topic, "place": place}), encoding="utf-8")
            new.replace(self.path)
        except OSError as error:
            raise self._unusable(error) from error

    def forget(self) -> None:
        """Send the source from its start next time.

        Raises:
            SourceError: the folder cannot be written; it says what to do.
        """
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: OSError) -> SourceError:
        return SourceError(
            f"{self.path.parent}: no place can be kept there ({error.strerror});"
            " set produce.cursor_folder to a folder that can be written"
        )


class NoCursor:
    """Of a stream, which has no place to go on from."""

    def read(self) -> int:
        """Always what comes next."""
        return 0

    def write(self, place: int) -> None:
        """There is nothing to keep."""

    def forget(self) -> None:
        """There is nothing to forget."""
