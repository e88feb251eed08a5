"""Settings: one file, environment on top, every mistake answered with the fix; documented whole."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from contracts.errors import SettingsError
from contracts.settings import Settings, read_settings

DOCS = Path(__file__).parents[3] / "docs" / "settings.md"


def test_without_anything_the_defaults_hold() -> None:
    """No file and no environment make a working configuration."""
    assert Settings() == read_settings({}, {})


def test_the_environment_wins_over_the_file() -> None:
    """TONGSHENG_SECTION__KEY overrides tongsheng.toml."""
    settings = read_settings({"kafka": {"partitions": 8}}, {"TONGSHENG_KAFKA__PARTITIONS": "16", "HOME": "/"})

    assert settings.kafka.partitions == 16


MISTAKES = {
    "misspelt-key": ({"kafka": {"broker": "x"}}, "kafka.broker", "kafka.brokers"),
    "misspelt-section": ({"kafak": {}}, "kafak", "kafka"),
    "key-of-another-section": ({"detect": {"partitions": 4}}, "detect.partitions", "kafka.partitions"),
    "impossible-pair": ({"windows": {"keep_minutes": 30}}, "windows", "70"),
    "wrong-type": ({"detect": {"tick_s": "often"}}, "detect.tick_s", "integer"),
    "short-salt": ({"privacy": {"salt": "abc"}}, "privacy", "16"),
    "section-is-no-table": ({"kafka": 3}, "kafka", ""),
}


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


def shown(default: object) -> str:
    if default is None:
        return "–"
    return default.get_secret_value() if isinstance(default, SecretStr) else str(default)


def test_every_setting_is_documented_with_its_default() -> None:
    """docs/settings.md has a row for each key, with the default that the code has."""
    text = DOCS.read_text(encoding="utf-8")

    for section, field in Settings.model_fields.items():
        for key, setting in type(field.default).model_fields.items():
            default = shown(setting.default)
            assert f"| `{section}.{key}` | `{default}` |" in text, f"{section}.{key} with default {default}"
