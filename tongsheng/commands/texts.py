"""Texts one by one, without the pipeline: what is about children, and what tells who somebody is."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tongsheng.commands.common import EXIT_DAMAGED, settings_of

if TYPE_CHECKING:
    from tongsheng.json_lines import Change

__all__ = ["classify", "redact"]


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option(
    "--no-scan", is_flag=True, help="Judge texts without a cue, too: slower, and apt to take remarks of a word or two."
)
@click.pass_context
def classify(context: click.Context, file: Path | None, no_scan: bool) -> None:  # noqa: FBT001 - click's way
    """Judge JSON lines with "text": the same lines out, with "predicted" added.

    FILE, plain or packed (gzip, xz, zstd), is standard input when it is left out or "-". A line that cannot be used is
    named on standard error, the others go on. A text without a word that hints at children has score 0, as in the
    stream.
    """
    from tongsheng.classify import classifier

    _filter(context, file, classifier(settings_of(context), is_scanned=not no_scan), "about children")


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.pass_context
def redact(context: click.Context, file: Path | None) -> None:
    """Take identifiers out of JSON lines with "text": the same lines out, with "redacted" and "found" added.

    FILE, plain or packed (gzip, xz, zstd), is standard input when it is left out or "-". The text itself stays in each
    line: keep what comes out to yourself.
    """
    from tongsheng.redact import redacting

    _filter(context, file, redacting(settings_of(context)), "with identifiers")


def _filter(context: click.Context, file: Path | None, change: "Change", what: str) -> None:
    from tongsheng.json_lines import filter_file

    tally = filter_file(None if file is None or str(file) == "-" else file, change)
    click.echo(tally.summary(what), err=True)
    if tally.damage:
        name = "standard input" if file is None else file
        rest = "all that could be read was, fetch it again for the rest"
        click.echo(f"tongsheng: {name}: {tally.damage}; {rest}", err=True)
        context.exit(EXIT_DAMAGED)
