"""Who may see what: tokens, signed cookies, roles.

    viewer     topics and their numbers
    operator   redacted samples, each look logged; triage
    admin      the audit log

A feed that only this machine can reach needs no sign-in: whoever sits at it is "local", an admin. People whom a proxy
has signed in come through `feeds.proxy`.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from itsdangerous import BadData, URLSafeTimedSerializer

from contracts.errors import SettingsError

__all__ = ["ROLES", "Gate", "LocalGate", "Operator", "Role", "TokenGate", "Visitor", "read_tokens"]

Role = Literal["viewer", "operator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may
_NAME = re.compile(r"[\w.@-]{1,40}")
MIN_TOKEN_CHARS = 20


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody with a token; its digest only is kept."""

    name: str
    role: Role
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who is asking.

    Attributes:
        csrf: must come back with what changes something; "" for a token in a header, which no other site can send.
        is_proxied: whether a proxy signed them in (`feeds.proxy`), and so must sign them out.
    """

    name: str
    role: Role
    csrf: str
    is_proxied: bool = False

    def may(self, role: Role) -> bool:
        """Whether the visitor has this role or one above it."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Gate(Protocol):
    """Tells who is asking."""

    @property
    def is_open(self) -> bool:
        """Whether nobody needs to sign in."""
        ...

    def visitor(self, *, cookie: str, token: str) -> Visitor | None:
        """By session cookie, or by a token from the Authorization header; None = a stranger."""
        ...

    def sign_in(self, token: str) -> tuple[str, str] | None:
        """(operator's name, session cookie) for a token; None where nobody has it."""
        ...


class LocalGate:
    """Lets everybody on this machine in; other sites in their browser have no csrf token."""

    is_open = True

    def __init__(self) -> None:
        self._visitor = Visitor(name="local", role="admin", csrf=secrets.token_urlsafe(24))

    def visitor(self, *, cookie: str, token: str) -> Visitor | None:
        """See Gate.visitor."""
        del cookie, token
        return self._visitor

    def sign_in(self, token: str) -> tuple[str, str] | None:
        """See Gate.sign_in: nobody needs to."""
        del token
        return None


class TokenGate:
    """Tokens and cookies; a cookie outlives a restart, but not a change of the tokens."""

    is_open = False

    def __init__(self, operators: Iterable[Operator], *, session_s: int) -> None:
        self._operators = list(operators)
        self._by_name = {operator.name: operator for operator in self._operators}
        self._session_s = session_s
        key = hashlib.sha256(b"session" + b"".join(operator.digest for operator in self._operators)).digest()
        self._signer = URLSafeTimedSerializer(key, salt="feed-session")
        self._key = key

    def visitor(self, *, cookie: str, token: str) -> Visitor | None:
        """See Gate.visitor."""
        if token:
            operator = self._owner(token)
            return None if operator is None else Visitor(name=operator.name, role=operator.role, csrf="")
        try:
            name, session = self._signer.loads(cookie, max_age=self._session_s)
        except (BadData, ValueError, TypeError):
            return None
        known = self._by_name.get(name)
        if known is None:
            return None
        csrf = hmac.new(self._key, f"csrf:{session}".encode(), hashlib.sha256).hexdigest()
        return Visitor(name=known.name, role=known.role, csrf=csrf)

    def sign_in(self, token: str) -> tuple[str, str] | None:
        """See Gate.sign_in."""
        operator = self._owner(token)
        if operator is None:
            return None
        return operator.name, str(self._signer.dumps([operator.name, secrets.token_urlsafe(16)]))

    def _owner(self, token: str) -> Operator | None:
        """Compares with every one, so that the time taken tells nothing."""
        digest = hashlib.sha256(token.encode()).digest()
        found = [operator for operator in self._operators if hmac.compare_digest(operator.digest, digest)]
        return found[0] if found else None


def read_tokens(text: str, field: str) -> list[Operator]:
    """Operators from lines of "name role token"; empty lines and comments are passed over.

    Raises:
        SettingsError: a line is none, a name stands twice, a token is short, or there is no operator; no token is
            repeated in the message.
    """
    found: dict[str, Operator] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split("#", 1)[0].split()
        if not parts:
            continue
        name, role, token = (*parts, "", "", "")[:3]
        if len(parts) != len(("name", "role", "token")) or role not in ROLES or not _NAME.fullmatch(name):
            raise SettingsError(field, f'line {number} is not "name role token", with a role of {", ".join(ROLES)}')
        if len(token) < MIN_TOKEN_CHARS:
            raise SettingsError(field, f"line {number}: the token is shorter than {MIN_TOKEN_CHARS} characters")
        if name in found:
            raise SettingsError(field, f"line {number}: {name} has a token already")
        found[name] = Operator(name, role, hashlib.sha256(token.encode()).digest())
    if not found:
        raise SettingsError(field, 'nobody could sign in; write a line of "name role token"')
    return list(found.values())
