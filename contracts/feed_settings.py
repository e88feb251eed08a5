"""[feed] of the settings: where the operators' feed listens and who may see it."""

import ipaddress
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

__all__ = ["FeedSettings", "is_loopback"]


_HEADER = r"^[0-9A-Za-z-]{1,64}$"


class FeedSettings(BaseModel):
    """[feed]: where the operators' feed listens, and who may see it (docs/feed.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(
        "127.0.0.1", pattern=r"^[0-9A-Za-z.:-]{1,255}$", description="address to listen on; 0.0.0.0 = all of them"
    )
    port: int = Field(8017, ge=0, le=65_535, description="port to listen on; 0 = any that is free")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[0-9A-Za-z.\[\]:-]{1,255})?/?$",
        description="https address at which operators reach the feed: alerts link to it (empty = no link), "
        "and the feed refuses every other host",
    )
    tokens: SecretStr | None = Field(
        None, description='who may sign in: "name role token" a line; roles are viewer, operator and admin'
    )
    tokens_file: Path | None = Field(
        None, description="file with the same lines, instead of `tokens`; # begins a comment"
    )
    proxy_addresses: tuple[str, ...] = Field(
        (),
        description="addresses or networks of an OIDC proxy in front; headers are believed of these only",
    )
    proxy_user_header: str = Field(
        "X-Forwarded-Email", pattern=_HEADER, description="in which the proxy says who it has signed in"
    )
    proxy_groups_header: str = Field(
        "X-Forwarded-Groups", pattern=_HEADER, description="in which it says their groups, a comma between them"
    )
    proxy_roles: dict[str, Literal["viewer", "operator", "admin"]] = Field(
        {}, description="group = role: whoever is in none of the groups may not come in"
    )
    session_hours: int = Field(12, ge=1, le=168, description="how long a sign-in lasts")
    requests_per_minute: int = Field(
        600, ge=30, le=100_000, description="of one operator, or of one address before sign-in"
    )
    keep_days: int = Field(
        7, ge=1, le=14, description="event time after which a topic without news leaves the feed, with its samples"
    )

    @property
    def has_access_control(self) -> bool:
        """Whether a person must sign in."""
        return self.tokens is not None or self.tokens_file is not None or bool(self.proxy_addresses)

    @model_validator(mode="after")
    def _open_to_this_machine_only(self) -> Self:
        if self.tokens is not None and self.tokens_file is not None:
            raise ValueError("give tokens or tokens_file, not both")
        if bool(self.proxy_addresses) != bool(self.proxy_roles):
            raise ValueError("proxy_addresses and proxy_roles go together: who is the proxy, and which groups may what")
        for address in self.proxy_addresses:
            if ipaddress.ip_network(address, strict=False).prefixlen == 0:
                raise ValueError(f"proxy_addresses: {address} is everybody; name the proxy's own addresses")
        if not is_loopback(self.host) and not self.has_access_control:
            raise ValueError(
                f"host = {self.host} is open to others, and nobody has to sign in; set tokens_file or proxy_addresses"
            )
        if not is_loopback(self.host) and not self.public_url:
            raise ValueError(f"host = {self.host} is open to others; set public_url to the https address they use")
        place = urlsplit(self.public_url)
        if place.scheme == "http" and not is_loopback(place.hostname or ""):
            raise ValueError("public_url is not https; tokens and cookies would travel in the clear")
        return self


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
