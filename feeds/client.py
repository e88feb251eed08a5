"""The feed's API as a program sees it: what `tongsheng watch` asks."""

from typing import Any

import httpx

from contracts.errors import RetryableError

__all__ = ["FeedAwayError", "FeedClient"]

_SHOWN = 200


class FeedAwayError(RetryableError):
    """The feed does not answer, or not as wanted. Operator: the message says what it said."""


class FeedClient:
    """Asks one feed; every method may raise FeedAwayError."""

    def __init__(self, address: str, *, token: str = "", language: str = "zh") -> None:
        headers = {"accept": "application/json", "accept-language": language}
        if token:
            headers["authorization"] = f"Bearer {token}"
        self._client = httpx.AsyncClient(base_url=address, headers=headers, timeout=10, follow_redirects=False)

    async def topics(self, query: str) -> dict[str, Any]:
        """A page of topics whose titles hold these words, the most pressing first."""
        return await self._ask("GET", "/api/v1/topics", params={"q": query, "limit": _SHOWN})

    async def act(self, topic: str, body: dict[str, Any]) -> dict[str, Any]:
        """Do an act; the topic as it is then."""
        return await self._ask("POST", f"/api/v1/topics/{topic}/acts", json=body)

    async def close(self) -> None:
        """Let go of the connection."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, **sent: Any) -> dict[str, Any]:
        try:
            answer = await self._client.request(method, path, **sent)
            told: dict[str, Any] = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise FeedAwayError(
                f"the feed at {self._client.base_url} does not answer: {type(error).__name__}"
            ) from error
        if answer.is_error:
            raise FeedAwayError(str(told.get("message", answer.status_code)))
        return told
