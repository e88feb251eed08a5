"""Write docs/settings.md from contracts/settings.py: `python tools/settings_page.py > docs/settings.md`."""

import typing
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from contracts.settings import Settings
from contracts.source_settings import SOURCE_KINDS

BOUNDS = {"ge": "at least {}", "gt": "over {}", "le": "at most {}", "lt": "under {}"}

HEAD = """# Settings

One file, `tongsheng.toml`, in the folder where the command runs (or `--settings PATH`). Every key has a default;
a variable `TONGSHENG_SECTION__KEY` overrides it (`TONGSHENG_KAFKA__BROKERS=kafka:9092`). An unknown key is refused
with the nearest right name. Units end the names. `tongsheng doctor` checks what the settings point to.

```toml
[kafka]
brokers = "kafka-1:9092,kafka-2:9092"
partitions = 8

[privacy]
salt_file = "/run/secrets/tongsheng-salt"
```
"""

SOURCES = """## [[source]]

The live sources, as many tables as wanted; `kind` says which keys one has. docs/sources.md shows how to connect each.
Secrets are given as they are or, better, by the file that holds them (`token_file` for `token`); they show nowhere.
"""


def main() -> None:
    """Print the page."""
    print(HEAD)
    for section, field in Settings.model_fields.items():
        if section == "source":
            continue
        kind = type(field.default)
        print_table(f"[{section}]", section, kind)
        for key, setting in kind.model_fields.items():
            for inner in typing.get_args(setting.annotation):
                if isinstance(inner, type) and issubclass(inner, BaseModel):
                    print_table(f"[[{section}.{key}]]", f"{section}.{key}", inner)
    print(SOURCES)
    for kind in SOURCE_KINDS:
        print(f'### kind = "{get_args(kind.model_fields["kind"].annotation)[0]}"\n\n{kind.__doc__}\n')
        table(kind, "")


def table(kind: type[BaseModel], prefix: str) -> None:
    print("| key | default | what and why |\n|---|---|---|")
    for key, setting in kind.model_fields.items():
        if key == "kind":
            continue
        default = setting.default
        shown = str(getattr(default, "get_secret_value", lambda d=default: d)())
        if default is None:
            shown = "–"
        elif isinstance(default, tuple):
            shown = "three addresses of Weibo"
        elif setting.is_required():
            shown = "(yours)"
        print(f"| `{prefix}{key}` | `{shown}` | {setting.description}{bounds_of(setting.metadata)} |")
    print()


def print_table(heading: str, path: str, kind: type[BaseModel]) -> None:
    """A section, or a table that may stand several times."""
    print(f"## {heading}\n\n{(kind.__doc__ or '').split(': ', 1)[-1].capitalize()}\n")
    print("| key | default | what and why |\n|---|---|---|")
    for key, setting in kind.model_fields.items():
        print(f"| `{path}.{key}` | `{shown(setting)}` | {setting.description}{bounds_of(setting.metadata)} |")
    print()


def shown(setting: FieldInfo) -> str:
    """The default as a person writes it."""
    if setting.is_required():
        return "must be given"
    default = setting.default
    return "–" if default is None else str(getattr(default, "get_secret_value", lambda: default)())


def bounds_of(limits: list[object]) -> str:
    """ " (at least 1, at most 60)", empty where there are none."""
    said = [
        words.format(f"{value:g}" if value < 1e6 else value)
        for name, words in BOUNDS.items()
        for limit in limits
        if isinstance(value := getattr(limit, name, None), int | float)
    ]
    return f" ({', '.join(said)})" if said else ""


if __name__ == "__main__":
    main()
