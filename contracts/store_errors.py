"""What a Redis that does not serve us has said, as one line for the operator.

The client's errors are known by the names of their classes: contracts import no client.
"""

from contracts.errors import StoreAwayError

__all__ = ["store_errors"]

_SAID = {  # by the client's class, or by the code at the beginning of the server's answer; what is special stands first
    "AuthenticationError": "refuses the password or the user: check redis.url",
    "NoPermissionError": "does not permit its user what we need: check the server's ACL and redis.url",
    "DENIED": "refuses other machines while it has no password (protected mode): set one, and name it in redis.url",
    "OutOfMemoryError": "is full: give it more maxmemory",
    "BusyLoadingError": "is still loading its data",
    "MasterDownError": "is a replica that has lost its master",
    "ReadOnlyError": "is a replica, which takes no writes: check redis.url",
    "MISCONF": "cannot save to its disk: see the server's log",
    "TimeoutError": "does not answer in time",
    "ConnectionError": "does not answer: check redis.url and that the server runs",
}
_CODES = {"OOM": "OutOfMemoryError", "LOADING": "BusyLoadingError", "MASTERDOWN": "MasterDownError"}


class store_errors:  # noqa: N801 - reads as a statement: with store_errors(): …
    """Turns the client's "away", "full" and "may not" into StoreAwayError; what is a defect of ours passes as it is."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        said = None if error is None else _said(error)
        if said is not None:
            raise StoreAwayError(f"Redis {said}") from error


def _said(error: BaseException) -> str | None:
    kinds = {kind.__name__ for kind in type(error).__mro__ if kind.__module__.partition(".")[0] == "redis"}
    if "ResponseError" in kinds:  # a script's error has its code in the text, also where the client has a class for it
        code = str(error).partition(" ")[0]
        kinds.add(_CODES.get(code, code))
    return next((said for name, said in _SAID.items() if name in kinds), None)
