"""Settings: one file, environment on top, every mistake answered with the fix; documented whole."""

import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from contracts.errors import SettingsError
from contracts.settings import Settings, read_settings
from contracts.source_settings import SOURCE_KINDS

DOCS = Path(__file__).parents[3] / "docs" / "settings.md"


def test_without_anything_the_defaults_hold() -> None:
    """No file and no environment make a working configuration."""
    assert Settings() == read_settings({}, {})


def test_the_environment_wins_over_the_file() -> None:
    """TONGSHENG_SECTION__KEY overrides tongsheng.toml."""
    settings = read_settings({"kafka": {"partitions": 8}}, {"TONGSHENG_KAFKA__PARTITIONS": "16", "HOME": "/"})

    assert settings.kafka.partitions == 16


SLACK = {"name": "duty", "kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/s3cret"}
MESSAGE = {"name": "不拍街头儿童", "phrases_for": ["打码"]}
NAME = "organisation.message 1.name"
MISTAKES = {
    "misspelt-key": ({"kafka": {"broker": "x"}}, "kafka.broker", "kafka.brokers"),
    "misspelt-section": ({"kafak": {}}, "kafak", "kafka"),
    "key-of-another-section": ({"detect": {"partitions": 4}}, "detect.partitions", "kafka.partitions"),
    "impossible-pair": ({"windows": {"keep_minutes": 30}}, "windows", "70"),
    "message-like-an-account": ({"organisation": {"message": [MESSAGE | {"name": "Photos2026"}]}}, NAME, "space"),
    "message-like-a-number": ({"organisation": {"message": [MESSAGE | {"name": "1234 5678"}]}}, NAME, "space"),
    "message-in-markup": ({"organisation": {"message": [MESSAGE | {"name": "<b>**x**"}]}}, NAME, "nothing else"),
    "message-of-dots": (
        {"organisation": {"message": [MESSAGE | {"phrases_for": ["..."]}]}},
        "organisation.message 1.phrases_for",
        "2 to 40",
    ),
    "message-on-both-sides": (
        {"organisation": {"message": [MESSAGE | {"phrases_against": ["打码"]}]}},
        "organisation.message 1",
        "打码 is both",
    ),
    "wrong-type": ({"detect": {"tick_s": "often"}}, "detect.tick_s", "integer"),
    "short-salt": ({"privacy": {"salt": "abc"}}, "privacy", "16"),
    "section-is-no-table": ({"kafka": 3}, "kafka", "write [kafka] on a line of its own"),
    "no-broker": ({"kafka": {"brokers": ""}}, "kafka.brokers", "kafka-1:9092"),
    "broker-without-port": ({"kafka": {"brokers": "foo"}}, "kafka.brokers", "broker 1 is not host:port"),
    "broker-with-a-word-for-a-port": ({"kafka": {"brokers": "a:1,host:abc"}}, "kafka.brokers", "broker 2"),
    "broker-without-host": ({"kafka": {"brokers": ":9092"}}, "kafka.brokers", "broker 1"),
    "broker-with-a-high-port": ({"kafka": {"brokers": "a:70000"}}, "kafka.brokers", "broker 1"),
    "comma-behind-the-brokers": ({"kafka": {"brokers": "a:9092,"}}, "kafka.brokers", "broker 2"),
    "redis-without-scheme": ({"redis": {"url": "localhost:6379"}}, "redis.url", "does not begin with redis://"),
    "redis-by-http": ({"redis": {"url": "http://x"}}, "redis.url", "does not begin with redis://"),
    "redis-without-host": ({"redis": {"url": "redis://"}}, "redis.url", "names no host"),
    "redis-with-a-word-for-a-port": ({"redis": {"url": "redis://x:abc"}}, "redis.url", "host or port"),
    "redis-database-by-name": ({"redis": {"url": "redis://x:6379/main"}}, "redis.url", "number of a database"),
    "redis-with-tls-options-alone": ({"redis": {"url": "redis://x/0?ssl_cert_reqs=none"}}, "redis.url", "rediss://"),
    "misspelt-key-of-a-route": (
        {"alerts": {"route": [{"name": "a", "channels": ["b"], "languge": "zh"}]}},
        "alerts.route 1.languge",
        "alerts.route 1.language",
    ),
    "unknown-category-of-a-route": (
        {"alerts": {"route": [{"name": "a", "channels": ["b"], "categories": ["abuze"]}]}},
        "alerts.route 1.categories 1",
        "'abuse'",
    ),
    "unknown-channel-of-a-route": (
        {"alerts": {"channel": [SLACK], "route": [{"name": "a", "channels": ["duti"]}]}},
        "alerts",
        "route a: there is no channel duti; did you mean duty?",
    ),
    "two-channels-of-one-name": ({"alerts": {"channel": [SLACK, SLACK]}}, "alerts", "two channels are called duty"),
    "channel-without-address": (
        {"alerts": {"channel": [{"name": "duty", "kind": "slack"}]}},
        "alerts.channel 1",
        "give url or url_file",
    ),
    "bot-without-a-room": (
        {"alerts": {"channel": [{"name": "duty", "kind": "slack-bot", "secret": "xoxb-s3cret"}]}},
        "alerts.channel 1",
        "a bot needs room",
    ),
    "quiet-hours-in-words": (
        {"alerts": {"channel": [SLACK | {"quiet_hours": "at night"}]}},
        "alerts.channel 1.quiet_hours",
        "22:00-07:00",
    ),
    "unknown-time-zone": ({"alerts": {"timezone": "Beijing"}}, "alerts.timezone", "Asia/Shanghai"),
    "console-of-old": ({"alerts": {"console": "https://console.example.org"}}, "alerts", "feed.public_url"),
    "redis-with-an-unknown-option": ({"redis": {"url": "redis://x/0?retries=3"}}, "redis.url", "option"),
}

BOUNDS = {
    "produce": {"mark_s": 3600, "frame_ms": 10_000, "in_flight_frames": 10_000},
    "windows": {"lateness_minutes": 60, "keep_minutes": 1440, "save_minutes": 1440},
    "kafka": {"retention_hours": 8760},
    "detect": {"idle_s": 3600},
}


@pytest.mark.parametrize(
    ("section", "key", "most"), [(section, key, most) for section, keys in BOUNDS.items() for key, most in keys.items()]
)
def test_a_setting_has_an_upper_bound_that_is_documented(section: str, key: str, most: int) -> None:
    """The bound itself is taken, one more is refused by name, and docs/settings.md says it."""
    read_settings({"windows": {"keep_minutes": 1440} | ({key: most} if section == "windows" else {})}, {})
    if section != "windows":
        read_settings({section: {key: most}}, {})

    with pytest.raises(SettingsError, match=f"{section}.{key}: .*less than or equal to {most}"):
        read_settings({section: {key: most + 1}}, {})
    (row,) = (line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{section}.{key}`"))
    assert f"at most {most})" in row


@pytest.mark.parametrize(
    "url",
    ["redis://localhost:6379/0", "rediss://u:p%23w@r.example:6380/3?ssl_cert_reqs=none", "unix:///run/r.sock?db=1"],
)
def test_a_good_redis_url_is_taken(url: str) -> None:
    """With TLS, a password, a socket."""
    assert read_settings({"redis": {"url": url}}, {}).redis.url.get_secret_value() == url


@pytest.mark.parametrize("url", ["hunter2", "redis://:hunter2#@x:1/0", "redis://:hunter2@x:y", "redis://:hunter2/@x/0"])
def test_a_wrong_redis_url_shows_no_password(url: str) -> None:
    """The message says what is wrong without a word of it."""
    with pytest.raises(SettingsError) as refused:
        read_settings({"redis": {"url": url}}, {})

    assert "hunter2" not in str(refused.value)
    assert "redis.url" in str(refused.value)


def test_white_space_between_brokers_is_dropped() -> None:
    """The client would take it for a part of the host's name."""
    settings = read_settings({"kafka": {"brokers": "a:9092, [::1]:9093 "}}, {})

    assert settings.kafka.brokers == "a:9092,[::1]:9093"


VARIABLES = {
    "one-underscore": ("TONGSHENG_KAFKA_BROKERS", "did you mean TONGSHENG_KAFKA__BROKERS"),
    "one-underscore-misspelt": ("TONGSHENG_KAFKA_BROKER", "did you mean TONGSHENG_KAFKA__BROKERS"),
    "one-underscore-salt": ("TONGSHENG_PRIVACY_SALT_FILE", "did you mean TONGSHENG_PRIVACY__SALT_FILE"),
    "no-section": ("TONGSHENG___X", "write TONGSHENG_SECTION__KEY"),
    "no-key": ("TONGSHENG_KAFKA__", "write TONGSHENG_SECTION__KEY"),
}


@pytest.mark.parametrize(("variable", "hint"), VARIABLES.values(), ids=VARIABLES.keys())
def test_a_variable_that_would_be_passed_over_is_refused(variable: str, hint: str) -> None:
    """Named as it was written, with what would be right, and without its value."""
    with pytest.raises(SettingsError, match=hint) as refused:
        read_settings({}, {variable: "hunter2"})

    assert refused.value.field == variable
    assert "hunter2" not in str(refused.value)


def test_variables_of_the_compose_file_are_no_settings() -> None:
    """docker-compose.yml has its own, and whoever exports them may still run the program."""
    names = re.findall(r"\$\{(TONGSHENG_[A-Z_]+)", (DOCS.parents[1] / "docker-compose.yml").read_text(encoding="utf-8"))

    assert "TONGSHENG_SALT" in names
    assert read_settings({}, dict.fromkeys(names, "1gb")) == Settings()


@pytest.mark.parametrize(("table", "field", "hint"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_fix(table: dict[str, object], field: str, hint: str) -> None:
    """The message names the field and what would be right."""
    with pytest.raises(SettingsError) as refused:
        read_settings(table, {})

    assert field == refused.value.field
    assert hint in str(refused.value)


def test_an_unknown_variable_is_refused_too() -> None:
    """A misspelt environment variable does not pass unseen."""
    with pytest.raises(SettingsError, match=r"did you mean kafka\.brokers"):
        read_settings({}, {"TONGSHENG_KAFKA__BROKER": "x"})


def test_secrets_are_masked() -> None:
    """Neither the salt nor the Redis address shows when settings are printed."""
    table = {"privacy": {"salt": "s3cret-s3cret-s3cret"}, "redis": {"url": "redis://:hunter2@localhost/0"}}

    shown = repr(read_settings(table, {}))

    assert "s3cret" not in shown
    assert "hunter2" not in shown


def shown(setting: FieldInfo) -> str:
    if setting.is_required():
        return "must be given"
    default = setting.default
    if default is None:
        return "–"
    return default.get_secret_value() if isinstance(default, SecretStr) else str(default)


def tables() -> Iterator[tuple[str, type[BaseModel]]]:
    """Every section, and every table in one."""
    for section, field in Settings.model_fields.items():
        if section == "source":  # each kind of source has a table of its own
            continue
        yield section, type(field.default)
        for key, setting in type(field.default).model_fields.items():
            for inner in typing.get_args(setting.annotation):
                if isinstance(inner, type) and issubclass(inner, BaseModel):
                    yield f"{section}.{key}", inner


def test_every_setting_is_documented_with_its_default() -> None:
    """docs/settings.md has a row for each key, with the default that the code has."""
    text = DOCS.read_text(encoding="utf-8")

    missing = [
        f"{path}.{key}"
        for path, table in tables()
        for key, setting in table.model_fields.items()
        if f"| `{path}.{key}` | `{shown(setting)}` |" not in text
    ]

    assert "alerts.route" in dict(tables())
    assert missing == []


def test_the_address_of_a_channel_is_masked() -> None:
    """It is a secret, whether settings are printed or refused."""
    table = {"alerts": {"channel": [SLACK], "route": [{"name": "all", "channels": ["duty"]}]}}

    with pytest.raises(SettingsError) as refused:
        read_settings({"alerts": {"channel": [SLACK | {"kind": "slak"}]}}, {})

    assert "s3cret" not in repr(read_settings(table, {}))
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("kind", SOURCE_KINDS, ids=lambda kind: kind.__name__)
def test_every_key_of_a_source_is_documented(kind: type[BaseModel]) -> None:
    """Under its kind, with what it is for; docs/sources.md shows the kind in use."""
    (name,) = get_args(kind.model_fields["kind"].annotation)
    _, part = DOCS.read_text(encoding="utf-8").split(f'### kind = "{name}"')
    rows = part.split("###")[0]

    assert [key for key in kind.model_fields if key != "kind" and f"| `{key}` |" not in rows] == []
    assert f'kind = "{name}"' in (DOCS.parent / "sources.md").read_text(encoding="utf-8")


SOURCE_MISTAKES: dict[str, tuple[object, str, str]] = {
    "no-kind": ([{"name": "x"}], "source 1.kind", "weibo-hot-list, feed"),
    "unknown-kind": ([{"name": "x", "kind": "rss"}], "source 1.kind", "weibo-hot-list, feed"),
    "one-bracket": ({"name": "x"}, "source", "write [[source]]"),
    "misspelt-key": ([{"name": "x", "kind": "feed", "adresses": ["http://a"]}], "source 1", ""),
    "no-secret": ([{"name": "x", "kind": "webhook"}], "source 1", "secret or secret_file"),
    "two-secrets": ([{"name": "x", "kind": "webhook", "secret": "x" * 16, "secret_file": "y"}], "source 1", "not both"),
    "short-secret": ([{"name": "x", "kind": "webhook", "secret": "hunter2"}], "source 1.secret", "16"),
    "short-aes-key": (
        [{"name": "x", "kind": "wechat-callback", "app_id": "wx12", "token": "t", "aes_key": "hunter2"}],
        "source 1.aes_key",
        "43",
    ),
    "same-name": ([{"name": "x", "kind": "weibo-hot-list"}] * 2, "source", "two sources are called x"),
    "second": ([{"name": "x", "kind": "weibo-hot-list"}, {"name": "X", "kind": "weibo-hot-list"}], "source 2.name", ""),
}


@pytest.mark.parametrize(("table", "field", "hint"), SOURCE_MISTAKES.values(), ids=SOURCE_MISTAKES.keys())
def test_a_mistake_in_a_source_is_named(table: object, field: str, hint: str) -> None:
    """By the place of its table in the file and its key, without a word of a secret."""
    with pytest.raises(SettingsError) as refused:
        read_settings({"source": table}, {})

    assert refused.value.field.startswith(field)
    assert hint in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_secrets_of_sources_are_masked() -> None:
    """Tokens, cookies, keys: none shows when settings are printed."""
    table = [
        {"name": "a", "kind": "weibo-api", "token": "hunter2", "cookie": "hunter2"},
        {"name": "b", "kind": "webhook", "secret": "hunter2-hunter2-hunter2"},
        {"name": "c", "kind": "wechat-callback", "app_id": "wx12", "token": "hunter2", "aes_key": "hunter2" + "x" * 36},
    ]

    assert "hunter2" not in repr(read_settings({"source": table}, {}))
