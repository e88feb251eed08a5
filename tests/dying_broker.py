"""A broker that keeps what it takes and goes away at a number of records: what a cursor must survive."""

import json
from typing import Any

__all__ = ["Broker"]


class _Acknowledged:
    """A future that is done."""

    is_done = True

    def get(self, timeout: float) -> None:  # noqa: ARG002 - as the client's
        return None


class Broker:
    """Takes records; goes away at a number of them."""

    def __init__(self, dies_at: int = 10**9) -> None:
        self.ids: list[str] = []
        self._dies_at = dies_at

    def send(self, _topic: str, value: bytes, **_: Any) -> _Acknowledged:
        self._dies_at -= 1
        if self._dies_at == 0:
            raise ConnectionResetError
        self.ids += [json.loads(line)["id"] for line in value.splitlines()]
        return _Acknowledged()
