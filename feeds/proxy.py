"""Who an OIDC proxy in front of the feed says is asking: believed of the proxy's own addresses, and of nobody else.

browser ──▶ oauth2-proxy, Authelia, … ──X-Forwarded-Email: lin@example.org──▶ feed
                                        X-Forwarded-Groups: duty
"""

import hmac
import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request

from feeds.access import ROLES, Role, Visitor

__all__ = ["NobodyError", "Proxies"]

_NAME = re.compile(r"[\w.@+-]{1,80}")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NobodyError(LookupError):
    """The proxy has signed somebody in who is in none of the groups that may come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxies:
    """What the settings say of the proxies in front.

    Attributes:
        networks: their addresses; none = there is no proxy, and no header is looked at.
        user_header, groups_header: in which they say who it is, and in which groups, a comma between them.
        roles: group -> role; of several the highest counts, and whoever is in none may not come in.
        key: makes the forms' tokens; the same on each server of a deployment.
    """

    networks: Sequence[Network] = ()
    user_header: str = ""
    groups_header: str = ""
    roles: Mapping[str, Role] = field(default_factory=dict)
    key: bytes = b""

    def visitor(self, request: Request) -> Visitor | None:
        """Who the proxy says it is; None where no proxy says so.

        Raises:
            NobodyError: somebody without a group that may come in, or whose name is said twice or is none.
        """
        said = request.headers.getlist(self.user_header) if self._is_proxy(_peer(request)) else []
        if not said:
            return None
        names, groups = said, request.headers.getlist(self.groups_header)
        if len(names) != 1 or len(groups) > 1 or not _NAME.fullmatch(names[0]):
            raise NobodyError
        mine = {group.strip() for group in groups[0].split(",")} if groups else set()
        held = [role for group, role in self.roles.items() if group in mine]
        if not held:
            raise NobodyError
        csrf = hmac.new(self.key, f"proxied:{names[0]}".encode(), "sha256").hexdigest()
        return Visitor(name=names[0], role=max(held, key=ROLES.index), csrf=csrf, is_proxied=True)

    def address(self, request: Request) -> str:
        """Whose request it is, for limits: behind a proxy the last address that it did not add itself."""
        peer = _peer(request)
        if not self._is_proxy(peer):
            return peer
        through = [part.strip() for value in request.headers.getlist("x-forwarded-for") for part in value.split(",")]
        return next((address for address in reversed(through) if not self._is_proxy(address)), peer)[:64]

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None)
        return any((mapped or found) in network for network in self.networks)


def _peer(request: Request) -> str:
    """The other end of the connection; what a header says of it is not asked."""
    return request.client.host if request.client else "-"
