"""The command line (contract): what a person types, and one clear line when it cannot be done."""

import difflib
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from contracts.errors import DefectError, FailStopError, PipelineError, RetryableError
from contracts.rejection import Reason
from contracts.settings import Settings
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
from tongsheng.logs import cause_of, escape, set_up_logging

if TYPE_CHECKING:
    from contracts.topic import TopicLine
    from tongsheng.display import Display
    from tongsheng.json_lines import Change
    from tongsheng.sources import LiveSources

__all__ = ["main"]

EXIT_UNUSABLE = 2  # a setting, a file or an argument is wrong
EXIT_DAMAGED = 65  # EX_DATAERR: an input could not be read to its end
EXIT_BROKEN = 70  # a defect of ours
EXIT_RESTART = 75  # the world is away, or the state must be read anew: start again

HELP = """Hear what Chinese social media says about children, within minutes.

\b
Start here (nothing else needed):
  tongsheng demo                       a simulated day, topics appear as they emerge
  tongsheng backtest posts.jsonl.gz    topics of your own archive, in event time
  tongsheng run posts.jsonl.gz         the same, live on an embedded Valkey

\b
A Kafka deployment (as many of each as wanted):
  tongsheng produce posts.jsonl.gz     posts -> Kafka, in frames; resumes where it stopped
  tongsheng worker                     Kafka -> sliding windows in Redis
  tongsheng detect                     windows -> topics.detected
  tongsheng feed                       topics.detected -> operators, in a browser
  tongsheng watch                      the same feed in a terminal
  tongsheng alert                      topics.detected -> Slack, Feishu, DingTalk, WeCom, mail ...

\b
  tongsheng source test NAME           the first posts of a live source, as they would be sent
  tongsheng forget POST_ID             take a post out of everything that is kept
  tongsheng explain TOPIC              why a topic was raised, score by score
  tongsheng alerts test ROUTE          sends a sample to the channels of a route
  tongsheng alerts explain TOPIC       which routes take a topic, and why or why not
  tongsheng classify posts.jsonl       which lines are about children, and what about
  tongsheng redact posts.jsonl         the same texts without what tells who a child is
  tongsheng doctor                     checks settings, Kafka, Redis and salt; says what to fix

Settings come from ./tongsheng.toml (see docs/settings.md) and TONGSHENG_SECTION__KEY variables.

\b
Exit codes:
  0   done; worker, detect and alert: stopped with SIGTERM or Ctrl-C
  1   doctor found a fault
  2   a setting, a file or an argument is wrong
  65  done, but a file is damaged or breaks off: all that could be read of it counts
  70  a defect of ours: please report it
  75  start it again: a server is away, or the stored state must be read anew
  130 stopped with Ctrl-C or SIGTERM (every other command)
"""


class _Suggesting(click.Group):
    """Says the nearest command for one that there is not."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            if near:
                error.message += f" Did you mean {near[0]}?"
            raise


@click.group(
    cls=_Suggesting, help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--settings", "path", type=click.Path(dir_okay=False, path_type=Path), help="Path of a tongsheng.toml.")
@click.version_option(package_name="tongsheng")
@click.pass_context
def cli(context: click.Context, path: Path | None) -> None:
    """See HELP."""
    context.obj = path


def _settings(context: click.Context) -> Settings:
    from tongsheng.wiring import load_settings, log_guard  # noqa: PLC0415 - --help must not wait for dictionaries

    settings = load_settings(context.obj)
    set_up_logging(settings.log, log_guard())
    return settings


@cli.command(
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


@cli.command(
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
    from tongsheng.alerting import local_alerts  # noqa: PLC0415 - see _settings
    from tongsheng.inputs import split  # noqa: PLC0415 - see _settings
    from tongsheng.runs import Run, run_locally  # noqa: PLC0415 - see _settings
    from tongsheng.sources import posts_of_sources  # noqa: PLC0415 - see _settings

    settings = _settings(context)
    read_once(sources)
    files, live = split(sources, settings)
    keep_inputs(files, {"--out": out, "--save-prior": save_prior}, rejected)
    wanted = partial(
        Run,
        posts=posts_of_sources(files, live, settings, follow=follow, is_sorted=is_sorted),
        files=files if not (live or follow or is_sorted) else (),
        out=out,
        rejected=rejected,
        is_embedded=is_embedded,
        save_prior=save_prior,
        has_feed=has_feed,
        title=escape("tongsheng 童声 · " + ", ".join(named.name for named in (*files, *live))),
    )
    with local_alerts(settings, context.obj) if is_embedded else nullcontext(_untold) as tell:
        display = run_locally(wanted(tell=tell), settings)
    return _ended(display)


def _untold(_: "TopicLine") -> None:
    """An archive raises no alerts."""


def _ended(display: "Display") -> int:
    """Say how a run went; the exit code."""
    display.summary()
    return EXIT_DAMAGED if display.numbers.rejected[Reason.FILE_DAMAGED.value] else 0


@cli.command()
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
    from tongsheng.demo import run_demo  # noqa: PLC0415 - see _settings

    run_demo(_settings(context), seed=seed, posts=posts, out=out, has_feed=has_feed)


@cli.command(
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
    from tongsheng.inputs import split  # noqa: PLC0415 - see _settings
    from tongsheng.sources import live_sources, simulated_source, sources_of_files  # noqa: PLC0415 - see _settings
    from tongsheng.stages import produce_sources  # noqa: PLC0415 - see _settings

    if bool(sources) == simulated_day:
        raise click.UsageError("name what to send, or give --simulated-day")
    read_once(sources)
    settings = _settings(context)
    files, live = split(sources, settings)
    growing, files = (files, []) if follow else ([], files)
    code = 0
    if simulated_day or files:
        whole = [simulated_source()] if simulated_day else sources_of_files(files, settings)
        code = _ended(produce_sources(whole, settings, restart=restart))
    if live or growing:
        _produce_live(live_sources(live, growing, settings), settings, restart=restart)
    return code


def _produce_live(live: "LiveSources", settings: Settings, *, restart: bool) -> None:
    from tongsheng.produce_live import produce_live  # noqa: PLC0415 - see _settings

    sent = produce_live(live.sources, settings, live.stopping, restart=restart)
    click.echo(", ".join(f"{count} {what}" for what, count in sorted(sent.items())) or "nothing was sent")


@cli.group()
def source() -> None:
    """Look at the live sources, the [[source]] entries of tongsheng.toml (docs/sources.md)."""


@source.command("list")
@click.pass_context
def list_sources(context: click.Context) -> None:
    """Name them."""
    from tongsheng.source_test import source_lines  # noqa: PLC0415 - see _settings

    for line in source_lines(_settings(context)):
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
    from tongsheng.source_test import try_source  # noqa: PLC0415 - see _settings

    sys.exit(0 if try_source(name, _settings(context), posts=posts, wait_s=wait_s) else 1)


@cli.command()
@click.pass_context
def worker(context: click.Context) -> None:
    """Count posts from Kafka into sliding windows; any number of workers share the partitions.

    Exits with 75 when it must start again from the stored state: run it under a supervisor that restarts it.
    """
    from tongsheng.stages import work  # noqa: PLC0415 - see _settings

    work(_settings(context))


@cli.command()
@click.pass_context
def detect(context: click.Context) -> None:
    """Judge the windows and publish topics; one detector is active, the others stand by.

    Exits with 75 when it must start again from the stored state: run it under a supervisor that restarts it.
    """
    from tongsheng.stages import detect as run_detector  # noqa: PLC0415 - see _settings

    run_detector(_settings(context))


@cli.command()
@click.pass_context
def alert(context: click.Context) -> None:
    """Send alerts on topics to the channels in the settings; one process is active, the others stand by.

    Exits with 75 when it must start again from the stored state: run it under a supervisor that restarts it.
    """
    from tongsheng.alerting import send_alerts  # noqa: PLC0415 - see _settings

    send_alerts(_settings(context), context.obj)


@cli.group(cls=_Suggesting)
def alerts() -> None:
    """Ask about alerts: test a route, explain why a topic was or was not told."""


@alerts.command("test")
@click.argument("route")
@click.pass_context
def alerts_test(context: click.Context, route: str) -> None:
    """Send a sample, which says that it is one, to each channel of ROUTE."""
    from tongsheng.alert_questions import try_route  # noqa: PLC0415 - see _settings

    sys.exit(0 if try_route(_settings(context), route) else 1)


@alerts.command("explain")
@click.argument("topic")
@click.pass_context
def alerts_explain(context: click.Context, topic: str) -> None:
    """Say which routes take TOPIC, an id of its lines, and what each channel knows of it."""
    from tongsheng.alert_questions import explain_topic  # noqa: PLC0415 - see _settings

    explain_topic(_settings(context), topic)


@cli.command()
@click.pass_context
def feed(context: click.Context) -> None:
    """Show topics to operators in a browser: the live feed, its API, Atom and JSON Feed (docs/feed.md).

    Only this machine sees it unless [feed] says who else may.
    """
    from tongsheng.feeding import serve_feed  # noqa: PLC0415 - see _settings

    serve_feed(_settings(context))


@cli.command()
@click.argument("address", required=False)
@click.option(
    "--token-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File with your access token."
)
@click.pass_context
def watch(context: click.Context, address: str | None, token_file: Path | None) -> None:
    """Show the live feed in this terminal, with the keys of its page; ? lists them.

    ADDRESS is that of the feed, http://127.0.0.1 with the [feed] port unless given.
    """
    from tongsheng.watching import watch_feed  # noqa: PLC0415 - see _settings

    watch_feed(_settings(context), address, token_file)


@cli.command()
@click.argument("post_id")
@click.pass_context
def forget(context: click.Context, post_id: str) -> None:
    """Forget a post everywhere, as its author or the platform's deletion asks: POST_ID is for instance weibo:4454.

    Its evidence and samples go from the windows, the detector and the topics' lines within seconds; what was already
    sent on Kafka goes with its retention (docs/safeguarding.md). Counts stay: they lead to nobody.
    """
    from tongsheng.stages import forget as forget_post  # noqa: PLC0415 - see _settings

    forget_post(_settings(context), post_id)
    click.echo("the request is on Kafka; workers and detector take the post out as they read it")


@cli.command(
    help=f"""Say why a topic was raised: its scores term by term, or its places on hot lists.

    TOPIC is the id in its lines. Without FILES the running detector is asked, by what it last kept in Redis (every
    15 s). With FILES they are run through as `backtest` does, up to the moment in which the topic is raised.

    {FILES_HELP}
    """
)
@click.argument("topic")
@click.argument("files", nargs=-1, type=FILES)
@click.pass_context
def explain(context: click.Context, topic: str, files: Sequence[Path]) -> None:
    """See its help."""
    from tongsheng.explain import explain_archive, explain_live, show  # noqa: PLC0415 - see _settings
    from tongsheng.inputs import expand  # noqa: PLC0415 - see _settings

    read_once(files)
    settings = _settings(context)
    found = explain_archive(topic, expand(files), settings) if files else explain_live(topic, settings)
    show(found, settings.guidance.own())


@cli.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.pass_context
def classify(context: click.Context, file: Path | None) -> None:
    """Judge JSON lines with "text": the same lines out, with "predicted" added.

    FILE is standard input when it is left out or "-". A line that cannot be used is named on standard error,
    the others go on.
    """
    from tongsheng.classify import classifier  # noqa: PLC0415 - see _settings

    _filter(file, classifier(_settings(context)), "about children")


@cli.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.pass_context
def redact(context: click.Context, file: Path | None) -> None:
    """Take identifiers out of JSON lines with "text": the same lines out, with "redacted" and "found" added.

    FILE is standard input when it is left out or "-". The text itself stays in each line: keep what comes out to
    yourself.
    """
    from tongsheng.redact import redacting  # noqa: PLC0415 - see _settings

    _filter(file, redacting(_settings(context)), "with identifiers")


def _filter(file: Path | None, change: "Change", what: str) -> None:
    from tongsheng.json_lines import filter_file  # noqa: PLC0415 - see _settings

    tally = filter_file(None if file is None or str(file) == "-" else file, change)
    click.echo(tally.summary(what), err=True)


@cli.command()
@click.option("--make-salt", type=click.Path(dir_okay=False, path_type=Path), help="Write a new salt to this file.")
@click.pass_context
def doctor(context: click.Context, make_salt: Path | None) -> None:
    """Check settings, salt, Kafka, Redis and clock; say what to fix."""
    from tongsheng.doctor import examine, write_salt  # noqa: PLC0415 - see _settings

    if make_salt is not None:
        click.echo(write_salt(make_salt))
        return
    sys.exit(0 if examine(context.obj) else 1)


def main() -> None:
    """Run the command line; no traceback ever reaches a person."""
    # As Ctrl-C, so that what is open is closed. A container's first process would not even end: the kernel gives it no
    # default for a signal. Worker and detector replace it by handlers of their own.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(_guarded(lambda: cli.main(standalone_mode=False)))


def _guarded(call: Callable[[], Any]) -> int:
    try:
        code = call()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return 130
    except (RetryableError, FailStopError) as error:
        click.echo(escape(f"tongsheng: {error}"), err=True)
        return EXIT_RESTART
    except PipelineError as error:
        click.echo(escape(f"tongsheng: {error}"), err=True)
        return EXIT_BROKEN if isinstance(error, DefectError) else EXIT_UNUSABLE
    except Exception as error:  # noqa: BLE001 - the one place: a traceback would show values that must not be seen
        click.echo(f"tongsheng: unexpected error, please report it: {cause_of(error)}", err=True)
        return EXIT_BROKEN
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    main()
