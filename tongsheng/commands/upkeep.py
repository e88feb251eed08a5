"""Keep a deployment in order: what is wrong with it, its salt, and posts to forget."""

import sys
from pathlib import Path

import click

from tongsheng.commands.common import settings_of

__all__ = ["doctor", "forget"]


@click.command()
@click.option("--make-salt", type=click.Path(dir_okay=False, path_type=Path), help="Write a new salt to this file.")
@click.pass_context
def doctor(context: click.Context, make_salt: Path | None) -> None:
    """Check settings, salt, Kafka, Redis and clock; say what to fix."""
    from tongsheng.doctor import examine, write_salt

    if make_salt is not None:
        click.echo(write_salt(make_salt))
        return
    sys.exit(0 if examine(context.obj) else 1)


@click.command()
@click.argument("post_id")
@click.pass_context
def forget(context: click.Context, post_id: str) -> None:
    """Forget a post everywhere, as its author or the platform's deletion asks: POST_ID is for instance weibo:4454.

    Its evidence and samples go from the windows, the detector and the topics' lines, of closed topics too, as soon as
    newer posts are read; what was already sent on Kafka goes with its retention (docs/safeguarding.md). Counts stay:
    they lead to nobody.
    """
    from tongsheng.stages import forget as forget_post

    forget_post(settings_of(context), post_id)
    click.echo("the request is on Kafka; workers and detector take the post out as they read it and the next posts")
