"""Run posts on this machine: an archive, the whole pipeline, the simulated day."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contracts.rejection import Reason
from tongsheng.arguments import (
    FILES,
    FILES_HELP,
    SOURCES,
    SOURCES_HELP,
    SourceName,
    follow_option,
    keep_inputs,
    read_once,
    rejected_option,
    sort_option,
)
from tongsheng.commands.common import EXIT_DAMAGED, settings_of
from tongsheng.logs import escape

if TYPE_CHECKING:
    from contracts.topic import TopicLine
    from tongsheng.display import Display

__all__ = ["backtest", "demo", "ended", "run"]


@click.command(
    help=f"""Run an archive through the detectors, in event time, as fast as it goes.

    {FILES_HELP} The same input gives the same bytes.
    """
)
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write topic lines here (JSON lines).")
@click.option(
    "--save-prior",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what was usual in these posts here, for [detect] prior.",
    metavar="FILE",
)
@sort_option
@rejected_option
@click.pass_context
def backtest(
    context: click.Context,
    *,
    files: Sequence[Path],
    out: Path | None,
    save_prior: Path | None,
    is_sorted: bool,
    rejected: Path,
) -> int:
    """See its help."""
    return _run_sources(
        context, files, out=out, rejected=rejected, is_embedded=False, save_prior=save_prior, is_sorted=is_sorted
    )


@click.command(
    help=f"""Run the whole pipeline on this machine: embedded Valkey, no Kafka, topics on the terminal and in a browser.

    Topics of the last 24 hours are told to the channels that the settings name (docs/alerts.md).

    {SOURCES_HELP}
    """
)
@click.argument("sources", nargs=-1, required=True, type=SOURCES)
@follow_option
@sort_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write topic lines here (JSON lines).")
@click.option("--feed/--no-feed", "has_feed", default=True, help="Show the live feed at [feed] port on this machine.")
@rejected_option
@click.pass_context
def run(
    context: click.Context,
    *,
    sources: Sequence[Path | SourceName],
    follow: bool,
    is_sorted: bool,
    out: Path | None,
    has_feed: bool,
    rejected: Path,
) -> int:
    """See its help."""
    return _run_sources(
        context,
        sources,
        out=out,
        rejected=rejected,
        is_embedded=True,
        follow=follow,
        is_sorted=is_sorted,
        has_feed=has_feed,
    )


def _run_sources(
    context: click.Context,
    sources: Sequence[Path | SourceName],
    *,
    out: Path | None,
    rejected: Path,
    is_embedded: bool,
    save_prior: Path | None = None,
    follow: bool = False,
    is_sorted: bool = False,
    has_feed: bool = False,
) -> int:
    from tongsheng.alerting import local_alerts
    from tongsheng.embedded import embedded_valkey
    from tongsheng.inputs import split
    from tongsheng.runs import Run, run_locally
    from tongsheng.sources import posts_of_sources, sources_of_run

    settings = settings_of(context)
    read_once(sources)
    files, live = split(sources, settings)
    keep_inputs(files, {"--out": out, "--save-prior": save_prior}, rejected)
    growing, whole = (files, []) if follow else ([], files)
    sources_on = sources_of_run(live, growing, settings)
    wanted = partial(
        Run,
        posts=posts_of_sources(whole, sources_on, is_sorted=is_sorted, has_pauses=is_embedded),
        monitors=sources_on.monitors,
        files=files if not (live or follow or is_sorted) else (),
        out=out,
        rejected=rejected,
        save_prior=save_prior,
        has_feed=has_feed,
        title=escape("tongsheng 童声 · " + ", ".join(named.name for named in (*files, *live))),
    )
    with ExitStack() as stack:
        url = stack.enter_context(embedded_valkey()) if is_embedded else None
        tell: Callable[[TopicLine], None] = _untold
        if url is not None:
            tell = stack.enter_context(local_alerts(settings, context.obj, url, sources_on.monitors))
        display = run_locally(wanted(tell=tell, redis_url=url), settings)
    return ended(display)


def _untold(_: "TopicLine") -> None:
    """An archive raises no alerts."""


def ended(display: "Display") -> int:
    """Say how a run went; the exit code."""
    display.summary()
    return EXIT_DAMAGED if display.numbers.rejected[Reason.FILE_DAMAGED.value] else 0


@click.command()
@click.option("--seed", default=1, show_default=True, help="Another seed gives another day.")
@click.option(
    "--posts",
    type=click.IntRange(1, 2_000_000),
    default=24_000,
    show_default=True,
    help="How many posts the day has, roughly.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write topic lines here (JSON lines).")
@click.option("--feed", "has_feed", is_flag=True, help="Show the live feed at [feed] port on this machine.")
@click.pass_context
def demo(
    context: click.Context,
    seed: int,
    posts: int,
    out: Path | None,
    has_feed: bool,  # noqa: FBT001 - click passes every option by its name
) -> None:
    """Replay a simulated day of posts through the pipeline; topics appear as they emerge."""
    from tongsheng.demo import run_demo

    run_demo(settings_of(context), seed=seed, posts=posts, out=out, has_feed=has_feed)
