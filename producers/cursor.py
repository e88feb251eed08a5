"""Where a source goes on after a stop: in Redis, or in a small file per source, replaced whole."""

import json
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

import redis

from contracts.errors import SourceError, StoreAwayError
from producers.source import Place

__all__ = ["Cursor", "Cursors", "NoCursor", "RedisCursor"]


class Cursors(Protocol):
    """A source's place, written only behind what Kafka has acknowledged."""

    def read(self) -> Place:
        """The place to go on behind; 0 for a new source."""
        ...

    def write(self, place: Place) -> None:
        """Replace the place, whole or not at all."""
        ...

    def forget(self) -> None:
        """Send the source from its start next time."""
        ...


class Cursor:
    """A file.

    Attributes:
        is_of_another: once it is read, whether the place kept was one in another content of the source, and is gone.
    """

    def __init__(
        self,
        folder: Path,
        source: str,
        *,
        topic: str,
        version: str = "",
        continues: Callable[[str], bool] | None = None,
    ) -> None:
        """Name the source and where it is sent; the file lies in `folder`, which is made when needed.

        Args:
            folder: of all cursors.
            source: its name.
            topic: where it is sent.
            version: of the source's content, kept beside the place.
            continues: whether a place of that version is one in the content of now; None = of the same version alone.
        """
        self.is_of_another = False
        self._continues = continues or version.__eq__
        self.path = folder / f"{_name(source, topic)}.json"
        self._told = {"source": source, "topic": topic, "version": version}

    def read(self) -> Place:
        """See Cursors.

        Raises:
            SourceError: the file is damaged or cannot be read; it says what to do.
        """
        try:
            place, version = _place(self.path.read_bytes())
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise self._unusable(error) from error
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{self.path}: damaged cursor; delete it to send the source from its start") from error
        self.is_of_another = not self._continues(version)
        return 0 if self.is_of_another else place

    def write(self, place: Place) -> None:
        """Replace the place, whole or not at all.

        Raises:
            SourceError: the folder cannot be written; it says what to do.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = self.path.with_suffix(".new")
            new.write_text(json.dumps(self._told | {"place": place}), encoding="utf-8")
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


class RedisCursor:
    """A key; so that a live source goes on from another machine."""

    def __init__(self, client: Any, source: str, *, topic: str, key_prefix: str = "") -> None:
        """Name the source and where it is sent; `client` is redis-py's."""
        self._client = client
        self._key = f"{key_prefix}source:{_name(source, topic)}"
        self._told = {"source": source, "topic": topic}

    def read(self) -> Place:
        """See Cursors.

        Raises:
            StoreAwayError: Redis does not answer.
            SourceError: the value is none of ours.
        """
        found = self._asked("get", self._key)
        try:
            return 0 if found is None else _place(found)[0]
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(f"{self._key}: damaged cursor in Redis; delete it to start anew") from error

    def write(self, place: Place) -> None:
        """See Cursors."""
        self._asked("set", self._key, json.dumps(self._told | {"place": place}))

    def forget(self) -> None:
        """See Cursors."""
        self._asked("delete", self._key)

    def _asked(self, command: str, *arguments: str) -> Any:
        try:
            return getattr(self._client, command)(*arguments)
        except redis.RedisError as error:
            raise StoreAwayError(
                f"Redis keeps no cursor ({type(error).__name__}); where there is none, set produce.live_cursors to file"
            ) from error


class NoCursor:
    """Of a stream, which has no place to go on from."""

    def read(self) -> Place:
        """Always what comes next."""
        return 0

    def write(self, place: Place) -> None:
        """There is nothing to keep."""

    def forget(self) -> None:
        """There is nothing to forget."""


def _name(source: str, topic: str) -> str:
    return blake2b(f"{topic}\n{source}".encode(errors="surrogateescape"), digest_size=8).hexdigest()


def _place(kept: bytes) -> tuple[Place, str]:
    """The place, and the version of the source in which it is one."""
    found = json.loads(kept)
    place, version = found["place"], found.get("version", "")
    if not isinstance(place, int | str) or not isinstance(version, str):
        raise TypeError("no place")
    return place, version
