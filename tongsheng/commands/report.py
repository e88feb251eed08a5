"""Write a situation report."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from tongsheng.commands.common import settings_of

__all__ = ["report"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--day", "period", flag_value="day", default="day", help="Of one day (the default).")
@click.option("--week", "period", flag_value="week", help="Of seven days.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Its last day (Beijing); else the newest.",
)
@click.option("--language", type=click.Choice(["zh", "en", "both"]), default="both", show_default=True)
@click.option("--pdf", is_flag=True, help="Print the page to PDF, too, with this machine's Chromium or Chrome.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="Where the files go; here if not given.",
)
@click.pass_context
def report(
    context: click.Context,
    *,
    files: Sequence[Path],
    period: str,
    until: datetime | None,
    language: str,
    pdf: bool,
    out: Path,
) -> None:
    """Write what happened in a day or a week: topics, curves, reach, questions, messages, what vanished, alerts.

    One page of HTML (laid out for A4) and of Markdown in each language, of words that may be told to everyone. FILES
    are topic lines, as `backtest --out` and `run --out` write them; without FILES, what the running feed keeps is told.
    """
    from detectors.moments import BEIJING
    from detectors.reasons import LANGUAGES
    from tongsheng.report import gathered, write
    from tongsheng.report_writer import guard_of, render

    settings = settings_of(context)
    days = 7 if period == "week" else 1
    situation = gathered(files, settings, days=days, last=until.date() if until else None)
    guard = guard_of(settings)
    last = datetime.fromtimestamp((situation.end_ms - 1) / 1000, tz=BEIJING)
    for chosen in LANGUAGES if language == "both" else [found for found in LANGUAGES if found == language]:
        made = render(situation, chosen, guard, settings.guidance.own())
        for path in write(made, out, f"report-{last:%Y-%m-%d}-{period}-{chosen}", pdf=pdf):
            click.echo(path)
        if made.blocked:
            click.echo(f"{made.blocked} topics did not pass the last guard: please report it", err=True)
