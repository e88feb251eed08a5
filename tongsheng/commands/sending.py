"""Send posts to Kafka, and look at the live sources that they come from."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contracts.settings import Settings
from tongsheng.arguments import SOURCES, SOURCES_HELP, SourceName, follow_option, read_once
from tongsheng.commands.archives import ended
from tongsheng.commands.common import settings_of

if TYPE_CHECKING:
    from tongsheng.sources import LiveSources

__all__ = ["produce", "source"]


@click.command(
    help=f"""Send posts to Kafka, in frames; resumes where it stopped.

    {SOURCES_HELP} What cannot be used goes to the topic posts.rejected.

    The place of each file, by its full path, is kept in produce.cursor_folder (.state/cursors unless set otherwise);
    a stream has none. Those of live sources, which are sent until this is stopped, are in Redis (produce.live_cursors).
    """
)
@click.argument("sources", nargs=-1, type=SOURCES)
@follow_option
@click.option("--simulated-day", is_flag=True, help="Send the simulated day of `tongsheng demo` instead of files.")
@click.option("--restart", is_flag=True, help="Forget the place and send from the start; what was sent counts once.")
@click.pass_context
def produce(
    context: click.Context,
    *,
    sources: Sequence[Path | SourceName],
    follow: bool,
    simulated_day: bool,
    restart: bool,
) -> int:
    """See its help."""
    from tongsheng.inputs import split
    from tongsheng.sources import live_sources, simulated_source, sources_of_files
    from tongsheng.stages import produce_sources

    if bool(sources) == simulated_day:
        raise click.UsageError("name what to send, or give --simulated-day")
    read_once(sources)
    settings = settings_of(context)
    files, live = split(sources, settings)
    growing, files = (files, []) if follow else ([], files)
    code = 0
    if simulated_day or files:
        whole = [simulated_source()] if simulated_day else sources_of_files(files, settings)
        code = ended(produce_sources(whole, settings, restart=restart))
    if live or growing:
        _produce_live(live_sources(live, growing, settings), settings, restart=restart)
    return code


def _produce_live(live: "LiveSources", settings: Settings, *, restart: bool) -> None:
    from tongsheng.produce_live import produce_live

    sent = produce_live(live, settings, restart=restart)
    click.echo(", ".join(f"{count} {what}" for what, count in sorted(sent.items())) or "nothing was sent")


@click.group()
def source() -> None:
    """Look at the live sources, the [[source]] entries of tongsheng.toml (docs/sources.md)."""


@source.command("list")
@click.pass_context
def list_sources(context: click.Context) -> None:
    """Name them."""
    from tongsheng.source_test import source_lines

    for line in source_lines(settings_of(context)):
        click.echo(line)


@source.command("test")
@click.argument("name")
@click.option("--posts", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many to show.")
@click.option(
    "--wait", "wait_s", type=click.FloatRange(1, 3600), default=60, show_default=True, help="Seconds to wait."
)
@click.pass_context
def test_source(context: click.Context, name: str, posts: int, wait_s: float) -> None:
    """Show the first posts of the source NAME as they would be sent; nothing is sent, and no place moves."""
    from tongsheng.source_test import try_source

    sys.exit(0 if try_source(name, settings_of(context), posts=posts, wait_s=wait_s) else 1)
