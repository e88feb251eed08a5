"""`tongsheng doctor`: check what a deployment stands on, one line a check, each failure with its fix."""

import os
import secrets
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import redis
from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from rich.console import Console

from contracts.errors import PipelineError, SettingsError, StoreAwayError
from contracts.settings import Settings
from contracts.source_settings import FolderSource
from contracts.store_errors import store_errors
from contracts.topics import POSTS_COLLECTED
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from producers.kafka import retention_of
from streams.window_store import connect
from tongsheng import wiring
from tongsheng.live_alerts import setup_of
from tongsheng.logs import escape
from tongsheng.source_health import health_said, stored_health

__all__ = ["examine", "write_salt"]

_SALT_BYTES = 32
_CLOCK_TOLERANCE_MS = 5000
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}

# a check's verdict: whether it is well (None: it could not be looked at), and what was seen or what to do
Verdict = tuple[bool | None, str]
_SIGNS = {True: "✓", False: "✗", None: "–"}


def examine(path: Path | None) -> bool:
    """Print every check; true when all are well."""
    console = Console(highlight=False)
    try:
        settings = wiring.load_settings(path)
    except SettingsError as error:
        console.print(f"✗ settings  {error}", style="red", markup=False)
        return False
    checks: tuple[tuple[str, Callable[[Settings], Verdict]], ...] = (
        (
            "settings",
            lambda _: (
                True,
                str(path or wiring.SETTINGS_FILE)
                if (path or wiring.SETTINGS_FILE).exists()
                else "defaults and environment",
            ),
        ),
        ("salt", _salt),
        ("files", _files),
        ("kafka", _kafka),
        ("redis", _redis),
        ("memory", _memory),
        ("clock", _clock),
        ("cursors", _cursors),
        ("alerts", _alerts),
        ("sources", _sources),
        ("feed", _feed),
    )
    is_well = True

    def show(name: str, verdict: Verdict) -> None:
        nonlocal is_well
        ok, words = verdict
        is_well &= ok is not False
        style = "red" if ok is False else ""
        console.print(f"{_SIGNS[ok]} {name:<9} {escape(words)}", style=style, markup=False, soft_wrap=True)

    for name, check in checks:
        show(name, check(settings))
    for verdict in _health(settings):
        show("source", verdict)
    return is_well


def write_salt(path: Path) -> str:
    """Write a new random salt, readable by its owner only; never over an existing file.

    Raises:
        SettingsError: the file exists or cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SettingsError("--make-salt", f"{path} exists; a new salt would part authors from their past") from None
    except OSError as error:
        raise SettingsError("--make-salt", f"{path} cannot be written ({error.strerror})") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(_SALT_BYTES) + "\n")
    return f'salt written to {path}; now set [privacy] salt_file = "{path}" for every stage'


def _salt(settings: Settings) -> Verdict:
    try:
        wiring.author_keys(settings)
    except SettingsError as error:
        return False, str(error)
    file = settings.privacy.salt_file
    if file is not None and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return None, f"present, but others on this machine may read {file}: chmod 600 {file}"
    return True, "present"


def _files(settings: Settings) -> Verdict:
    """What the settings point to, loaded as the stages load it: a file that is none would stop them."""
    try:
        found = wiring.check_files(settings)
    except SettingsError as error:
        return False, str(error)
    return True, f"{', '.join(found)}: read" if found else "no dictionary, lexicon or prior of your own is set"


def _kafka(settings: Settings) -> Verdict:
    brokers = settings.kafka.brokers
    try:
        admin = KafkaAdminClient(bootstrap_servers=brokers.split(","), bootstrap_timeout_ms=5000)
    except (KafkaError, ValueError) as error:
        return False, f"no broker answers at {brokers} ({type(error).__name__}); {_kafka_fix(brokers)}"
    try:
        name = wiring.specs(settings)[POSTS_COLLECTED].name
        if name not in admin.list_topics():
            return True, f"{brokers} answers; topics will be created by the first stage that starts"
        found = len(admin.describe_topics([name])[0]["partitions"])
        existing = set(admin.list_topics())
        kept = retention_of(admin, [spec for spec in wiring.specs(settings).values() if spec.name in existing])
    finally:
        admin.close()
    if found != settings.kafka.partitions:
        return False, f"{name} has {found} partitions, the settings say otherwise; set kafka.partitions = {found}"
    wrong = [f"{topic} {setting}={value}" for topic, others in kept.items() for setting, value in others.items()]
    if wrong:
        return False, f"kept otherwise than stated: {', '.join(wrong)}; start any stage, or alter them, to mend it"
    return True, f"{brokers} answers; {name} has {found} partitions, and all topics their stated retention"


def _kafka_fix(brokers: str) -> str:
    """What to do: only a broker of this machine can be started from here."""
    hosts = {broker.strip().rpartition(":")[0].strip("[]") for broker in brokers.split(",")}
    if hosts <= _LOOPBACK:
        return "start one with `make kafka`"
    return "check that it runs, that its port is open from here, and kafka.brokers"


def _redis(settings: Settings) -> Verdict:
    try:
        with store_errors():
            info = connect(settings.redis.url.get_secret_value()).info()
    except StoreAwayError as error:
        return False, str(error)
    except (redis.RedisError, PipelineError, ValueError) as error:
        return False, f"no answer ({type(error).__name__}); check redis.url and that the server runs"
    name = "Valkey" if "valkey_version" in info else "Redis"
    version = str(info.get("valkey_version") or info["redis_version"])
    if int(version.split(".", maxsplit=1)[0]) < 7:  # noqa: PLR2004 - #!lua scripts
        return False, f"{name} {version} is too old; 7 or newer is needed"
    return True, f"{name} {version} answers"


def _memory(settings: Settings) -> Verdict:
    try:
        policy = connect(settings.redis.url.get_secret_value()).config_get("maxmemory-policy").get("maxmemory-policy")
    except (redis.RedisError, ValueError):
        return None, "not checked (no answer, or CONFIG is not allowed)"
    if policy != "noeviction":
        return False, f"maxmemory-policy is {policy}: counts would vanish silently; set it to noeviction"
    return True, "noeviction"


def _clock(settings: Settings) -> Verdict:
    try:
        seconds, micros = connect(settings.redis.url.get_secret_value()).time()
    except (redis.RedisError, ValueError):
        return None, "not compared (Redis does not answer)"
    apart_ms = abs(wiring.now_ms() - (int(seconds) * 1000 + int(micros) // 1000))
    if apart_ms > _CLOCK_TOLERANCE_MS:
        return False, f"this machine and Redis are {apart_ms / 1000:.0f} s apart; set both by NTP"
    return True, f"within {_CLOCK_TOLERANCE_MS / 1000:.0f} s of Redis"


def _cursors(settings: Settings) -> Verdict:
    folder = settings.produce.cursor_folder
    parent = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not os.access(parent, os.W_OK):
        return False, f"{folder} cannot be written; set produce.cursor_folder to a folder that can"
    return True, str(folder)


def _alerts(settings: Settings) -> Verdict:
    """Whether the channels can be made; nothing is sent."""
    alerts = settings.alerts
    try:
        made = setup_of(settings)
    except SettingsError as error:
        return False, str(error)
    if not made.channels or not alerts.route:
        return True, "nobody is told of topics: no [[alerts.channel]] or no [[alerts.route]] (docs/alerts.md)"
    return (
        True,
        f"{len(made.channels)} channels, {len(alerts.route)} routes; `tongsheng alerts test ROUTE` sends a sample",
    )


def _sources(settings: Settings) -> Verdict:
    """Whether each can be built: its secrets are there, its folder is; whether it answers, `source test` says."""
    from tongsheng.live import live_source  # noqa: PLC0415 - a web server and client, which few commands need

    for entry in settings.source:
        try:
            live_source(entry, AuthorKeys(ARCHIVE_SALT), threading.Event())
        except SettingsError as error:
            return False, str(error)
        if isinstance(entry, FolderSource) and not entry.folder.is_dir():
            return False, f"{entry.name}: there is no folder {entry.folder}; make it, or change its [[source]]"
    names = ", ".join(entry.name for entry in settings.source)
    return True, f"{names}; try each by `tongsheng source test NAME`" if names else "files only; no [[source]] is set"


def _health(settings: Settings) -> Iterator[Verdict]:
    """How each source is, as the processes that read them say; a stopped one may be meant."""
    now_ms = wiring.now_ms()
    try:
        sources = stored_health(settings)()
    except (redis.RedisError, PipelineError, ValueError):
        if settings.source:
            yield None, "how they are is not known (Redis does not answer)"
        return
    for source in sources:
        state = source.verdict(now_ms).state
        ok = None if state == "stopped" else state in ("well", "learning")
        yield ok, f"{source.name}: {health_said(source, now_ms)}"


def _feed(settings: Settings) -> Verdict:
    """Whether the feed would start, and who may see it."""
    from tongsheng.feeding import operators_of  # noqa: PLC0415 - a web server, which few commands need

    feed = settings.feed
    try:
        operators = operators_of(settings)
    except SettingsError as error:
        return False, str(error)
    where = feed.public_url or f"http://{feed.host}:{feed.port}"
    if operators is None:
        return True, f"{where}, for whoever sits at this machine"
    ways = [f"{len(operators)} with a token"] if operators else []
    if feed.proxy_addresses:
        ways.append(f"the groups {', '.join(feed.proxy_roles)} by the proxy at {', '.join(feed.proxy_addresses)}")
    roles = {*(operator.role for operator in operators), *feed.proxy_roles.values()}
    if not roles & {"operator", "admin"}:
        return False, f"{where}: all who may sign in are viewers, so nobody can decide; give somebody the role operator"
    return True, f"{where}, for {' and '.join(ways)}"
