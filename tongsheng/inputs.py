"""What a person names on the command line as SOURCE or FILE -> files, and live sources of tongsheng.toml."""

import difflib
import glob
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from contracts.errors import SettingsError, SourceError
from contracts.settings import Settings
from contracts.source_settings import SourceSettings
from producers.author_key import ARCHIVE_SALT, AuthorKeys
from producers.files import FileSource
from tongsheng.arguments import SourceName
from tongsheng.logs import escape

__all__ = ["expand", "split"]


def split(named: Sequence[Path | SourceName], settings: Settings) -> tuple[list[Path], list[SourceSettings]]:
    """Files, and the [[source]] entries that are named; a name goes before a path of that name, and says so.

    Raises:
        SettingsError: there is no entry of a name.
        SourceError: see `expand`.
    """
    known = {source.name: source for source in settings.source}
    live, paths = [], []
    for name in named:
        if str(name) in known and isinstance(name, Path):
            click.echo(f"tongsheng: {name} is the [[source]] of that name; write ./{name} for the path", err=True)
        elif isinstance(name, Path):
            paths.append(name)
            continue
        elif name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "name a file, or add a [[source]] to tongsheng.toml"
            raise SettingsError("SOURCE", f"there is neither a file nor a [[source]] called {name}; {hint}")
        live.append(known[str(name)])
    return expand(paths), live


def expand(named: Iterable[Path]) -> list[Path]:
    """The files; a folder stands for all files in and below it, a pattern for what it matches, each in order of name.

    What is found so and is in no known format is said and left out; what is named itself is not.

    Raises:
        SourceError: nothing is found.
    """
    files: list[Path] = []
    for path in named:
        if path.is_dir():
            files += _known(sorted(found for found in path.rglob("*") if _is_wanted(found, path)), path)
        elif not path.exists() and glob.has_magic(str(path)):
            files += _known(sorted(Path(found) for found in glob.iglob(str(path), recursive=True)), path)  # noqa: PTH207 - may be absolute
        else:
            files.append(path)
    return files


def _is_wanted(found: Path, folder: Path) -> bool:
    """Files but hidden ones, also within hidden folders."""
    return found.is_file() and not any(part.startswith(".") for part in found.relative_to(folder).parts)


def _known(found: Iterable[Path], named: Path) -> list[Path]:
    files = []
    for path in found:
        if path.is_dir():
            continue
        try:
            shape = FileSource(path, AuthorKeys(ARCHIVE_SALT), received_ms=0).recognise()
        except SourceError as error:
            click.echo(escape(f"tongsheng: left out: {error}"), err=True)
            continue
        if shape.form.holds:
            click.echo(escape(f"tongsheng: left out: {path} holds {shape.form.holds}, no posts"), err=True)
            continue
        files.append(path)
    if not files:
        raise SourceError(f"{named}: no file in it is in a known format")
    return files
