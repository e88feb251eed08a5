"""Arguments that several commands take: files to read, and where unusable pieces go."""

import glob
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from contracts.errors import SettingsError
from tongsheng.rejects import earlier

__all__ = [
    "FILES",
    "FILES_HELP",
    "SOURCES",
    "SOURCES_HELP",
    "SourceName",
    "follow_option",
    "keep_inputs",
    "read_once",
    "rejected_option",
    "sort_option",
]

FILES_HELP = (
    "FILES are files, folders or patterns, plain or packed (gzip, xz, zstd): JSON lines, JSON, CSV or feeds; "
    "- is standard input. The format is recognised from the content (docs/sources.md lists them)."
)
SOURCES_HELP = f"SOURCES are names of [[source]] entries in tongsheng.toml, or files. {FILES_HELP}"
_STDIN = Path("/dev/stdin")  # as producers.unpack has it, which --help must not wait for
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class SourceName(str):
    """The name of a [[source]] entry."""

    __slots__ = ()


class _Input(click.Path):
    """A file, folder or pattern to read, or `-`; a file of that name is `./-`. Where wanted, the name of a source."""

    def __init__(self, *, takes_names: bool = False) -> None:
        super().__init__(exists=True, path_type=Path)
        self._takes_names = takes_names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click does, with standard input for `-`."""
        if value in ("-", str(_STDIN)):
            return _STDIN
        if not Path(value).exists():
            if self._takes_names and _NAME.fullmatch(str(value)):
                return SourceName(value)
            if glob.has_magic(str(value)) and any(glob.iglob(str(value), recursive=True)):  # noqa: PTH207 - may be absolute
                return Path(value)
        if self._takes_names and str(value).startswith("./"):  # a path, also where a [[source]] is called so
            value = Path(value).absolute()
        return super().convert(value, param, ctx)


FILES = _Input()
SOURCES = _Input(takes_names=True)

follow_option = click.option(
    "--follow", is_flag=True, help="Go on reading the files as they grow, as `tail -F` does, until stopped."
)

sort_option = click.option(
    "--sort", "is_sorted", is_flag=True, help="Put the posts in order of time first: crawls write the newest first."
)

rejected_option = click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("rejected.jsonl"),
    show_default=True,
    help="Where pieces that could not be used go, with their reason; an earlier one becomes FILE.old.",
    metavar="FILE",
)


def keep_inputs(files: Sequence[Path], written: Mapping[str, Path | None], rejected: Path) -> None:
    """Refuse to write over what is read.

    Raises:
        SettingsError: a written file (by its option) or --rejected (or its earlier one) is an input, or two of
            them are one file.
    """
    taken = {file.resolve() for file in files}
    for option, path in (*written.items(), ("--rejected", rejected), ("--rejected", earlier(rejected))):
        if path is not None and path.resolve() in taken:
            raise SettingsError(option, f"{path} is read or written already; name another file")
        if path is not None:
            taken.add(path.resolve())


def read_once(files: Sequence[Path | SourceName]) -> None:
    """Refuse standard input twice.

    Raises:
        click.UsageError: it is named twice.
    """
    if files.count(_STDIN) > 1:
        raise click.UsageError("- is named twice; standard input can be read only once")
