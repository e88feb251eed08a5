"""Questions to the pipeline: why a topic was raised, and who is told of it."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from tongsheng.arguments import FILES, FILES_HELP, read_once
from tongsheng.commands.common import SuggestingGroup, settings_of

__all__ = ["alerts", "explain"]


@click.command(
    help=f"""Say why a topic was raised: its scores term by term, or its places on hot lists.

    TOPIC is the id in its lines. Without FILES the running detector is asked, by what it last kept in Redis (every
    15 s). With FILES they are run through as `backtest` does, up to the moment in which the topic is raised, or, of
    one from hot lists, to its last entry.

    {FILES_HELP}
    """
)
@click.argument("topic")
@click.argument("files", nargs=-1, type=FILES)
@click.pass_context
def explain(context: click.Context, topic: str, files: Sequence[Path]) -> None:
    """See its help."""
    from tongsheng.explain import explain_archive, explain_live, show
    from tongsheng.inputs import expand

    read_once(files)
    settings = settings_of(context)
    found = explain_archive(topic, expand(files), settings) if files else explain_live(topic, settings)
    show(found, settings.guidance.own())


@click.group(cls=SuggestingGroup)
def alerts() -> None:
    """Ask about alerts: test a route, explain why a topic was or was not told."""


@alerts.command("test")
@click.argument("route")
@click.pass_context
def alerts_test(context: click.Context, route: str) -> None:
    """Send a sample, which says that it is one, to each channel of ROUTE."""
    from tongsheng.alert_questions import try_route

    sys.exit(0 if try_route(settings_of(context), route) else 1)


@alerts.command("explain")
@click.argument("topic")
@click.pass_context
def alerts_explain(context: click.Context, topic: str) -> None:
    """Say which routes take TOPIC, an id of its lines, and what each channel knows of it."""
    from tongsheng.alert_questions import explain_topic

    explain_topic(settings_of(context), topic)
