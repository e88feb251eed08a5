"""The stages of a Kafka deployment, each a process, and the feed in a terminal."""

from pathlib import Path

import click

from tongsheng.commands.common import settings_of

__all__ = ["alert", "detect", "feed", "watch", "worker"]


@click.command()
@click.pass_context
def worker(context: click.Context) -> None:
    """Count posts from Kafka into sliding windows; any number of workers share the partitions.

    Exits with 75 when it must start again from the stored state: run it under a supervisor that restarts it.
    """
    from tongsheng.stages import work

    work(settings_of(context))


@click.command()
@click.pass_context
def detect(context: click.Context) -> None:
    """Judge the windows and publish topics; one detector is active, the others stand by.

    Exits with 75 when it must start again from the stored state: run it under a supervisor that restarts it.
    """
    from tongsheng.stages import detect as run_detector

    run_detector(settings_of(context))


@click.command()
@click.pass_context
def alert(context: click.Context) -> None:
    """Send alerts on topics to the channels in the settings; one process is active, the others stand by.

    Exits with 75 when it must start again from the stored state: run it under a supervisor that restarts it.
    """
    from tongsheng.alerting import send_alerts

    send_alerts(settings_of(context), context.obj)


@click.command()
@click.pass_context
def feed(context: click.Context) -> None:
    """Show topics to operators in a browser: the live feed, its API, Atom and JSON Feed (docs/feed.md).

    Only this machine sees it unless [feed] says who else may.
    """
    from tongsheng.feeding import serve_feed

    serve_feed(settings_of(context))


@click.command()
@click.argument("address", required=False)
@click.option(
    "--token-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with your access token."
)
@click.pass_context
def watch(context: click.Context, address: str | None, token_file: Path | None) -> None:
    """Show the live feed in this terminal, with the keys of its page; ? lists them.

    ADDRESS is that of the feed, http://127.0.0.1 with the [feed] port unless given.
    """
    from tongsheng.watching import watch_feed

    watch_feed(settings_of(context), address, token_file)
