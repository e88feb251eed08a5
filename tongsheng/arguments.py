"""Arguments that several commands take: files to read, and where unusable pieces go."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from contracts.errors import SettingsError
from tongsheng.rejects import earlier

__all__ = ["FILES", "FILES_HELP", "keep_inputs", "read_once", "rejected_option"]

FILES_HELP = "FILES are JSON lines, plain or gzip, and - is standard input; the format is recognised from the content."
_STDIN = Path("/dev/stdin")  # as producers.unpack has it, which --help must not wait for


class _Input(click.Path):
    """A file to read, or `-`; a file of that name is `./-`."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """As click does, with standard input for `-`."""
        return _STDIN if value in ("-", str(_STDIN)) else super().convert(value, param, ctx)


FILES = _Input()

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


def read_once(files: Sequence[Path]) -> None:
    """Refuse standard input twice.

    Raises:
        click.UsageError: it is named twice.
    """
    if files.count(_STDIN) > 1:
        raise click.UsageError("- is named twice; standard input can be read only once")
