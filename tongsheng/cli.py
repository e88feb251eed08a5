"""The command line (contract): what a person types, and one clear line when it cannot be done."""

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from contracts.errors import DefectError, FailStopError, PipelineError, RetryableError
from tongsheng.commands import archives, questions, report, sending, stages, texts, upkeep
from tongsheng.commands.common import EXIT_BROKEN, EXIT_RESTART, EXIT_UNUSABLE, SuggestingGroup
from tongsheng.logs import cause_of, escape

__all__ = ["main"]

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


@click.group(
    cls=SuggestingGroup, help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("--settings", "path", type=click.Path(dir_okay=False, path_type=Path), help="Path of a tongsheng.toml.")
@click.version_option(package_name="tongsheng")
@click.pass_context
def cli(context: click.Context, path: Path | None) -> None:
    """See HELP."""
    context.obj = path


for _command in (
    *(archives.backtest, archives.run, archives.demo),
    *(sending.produce, sending.source),
    *(stages.worker, stages.detect, stages.alert, stages.feed, stages.watch),
    *(questions.explain, questions.alerts, report.report),
    *(texts.classify, texts.redact),
    *(upkeep.forget, upkeep.doctor),
):
    cli.add_command(_command)


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
