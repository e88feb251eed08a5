"""A lease in Redis: of several processes of a stage one is active, and its fencing number proves it at each write."""

from pathlib import Path
from typing import Any

import redis

from contracts.store_errors import store_errors

__all__ = ["Lease"]


class Lease:
    """One stage's lease. Every method may raise StoreAwayError.

    | key           | type   | what                                                |
    |---------------|--------|-----------------------------------------------------|
    | {STAGE}:lease | string | the active process, expires when it falls silent    |
    | {STAGE}:fence | string | fencing number, grows with every change of owner    |
    """

    def __init__(self, client: "redis.Redis", stage: str, *, key_prefix: str = "") -> None:
        self._client: Any = client  # redis-py types every answer as "awaitable or not"
        self._keys = [f"{key_prefix}{{{stage}}}:{name}" for name in ("lease", "fence")]
        self._take = self._client.register_script((Path(__file__).parent / "lease.lua").read_text())

    def take(self, owner: str, length_ms: int) -> int:
        """Take or renew it; the fencing number, or 0 while another process holds it."""
        with store_errors():
            return int(self._take(keys=self._keys, args=[owner, length_ms]))

    def release(self, owner: str) -> None:
        """Let a standby take over at once."""
        with store_errors():
            if self._client.get(self._keys[0]) == owner.encode():
                self._client.delete(self._keys[0])
