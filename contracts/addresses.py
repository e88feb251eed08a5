"""The form of the addresses that settings name; what is wrong with one is said without a word of it.

An address may hold a password, also in the wrong place.
"""

import re
from urllib.parse import parse_qsl, urlsplit

__all__ = ["check_redis_url", "checked_brokers"]

_BROKER = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})")
_MAX_PORT = 65_535
_REDIS_OPTIONS = re.compile(r"client_name|ssl_(ca_certs|ca_path|certfile|cert_reqs|check_hostname|keyfile)")


def checked_brokers(brokers: str) -> str:
    """Kafka's host:port list, without the white space that the client would take for a part of a name.

    Raises:
        ValueError: one of them is not host:port.

    >>> checked_brokers("kafka-1:9092, kafka-2:9092")
    'kafka-1:9092,kafka-2:9092'
    """
    given = [broker.strip() for broker in brokers.split(",")]
    for number, broker in enumerate(given, start=1):
        found = _BROKER.fullmatch(broker)
        if found is None or not 0 < int(found[1]) <= _MAX_PORT:
            raise ValueError(f"broker {number} is not host:port; write for example kafka-1:9092,kafka-2:9092")
    return ",".join(given)


def check_redis_url(url: str) -> None:
    """Refuse what the Redis client could not use.

    Raises:
        ValueError: it says what is wrong and how an address looks.
    """
    fault = _fault_of_redis_url(url)
    if fault:
        raise ValueError(f"{fault}; write for example redis://:password@localhost:6379/0")


def _fault_of_redis_url(url: str) -> str:
    """What is wrong with its form, without a word of it: it may hold a password."""
    try:
        parts = urlsplit(url)
        has_place = bool(parts.path) if parts.scheme == "unix" else bool(parts.hostname) and parts.port != 0
    except ValueError:
        return "its host or port is wrong, or signs such as / # @ in the password are not percent-encoded"
    if parts.scheme not in ("redis", "rediss", "unix"):
        return "it does not begin with redis://, rediss:// or unix://"
    if not has_place:
        return "it names no host and port, or no socket"
    if parts.fragment or (parts.scheme != "unix" and not re.fullmatch(r"/?|/[0-9]{1,5}", parts.path)):
        return "behind the host stands no number of a database, or signs such as / # in the password are not encoded"
    for option, value in parse_qsl(parts.query, keep_blank_values=True):
        is_known = value.isdecimal() if option == "db" else _REDIS_OPTIONS.fullmatch(option) is not None
        if not is_known or (option.startswith("ssl_") and parts.scheme != "rediss"):
            return "an option (behind ?) is none of db, client_name and, for rediss:// only, ssl_..."
    return ""
