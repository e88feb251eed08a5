"""What the commands share: the settings they run with, exit codes, and a group that suggests the nearest name."""

import difflib

import click

from contracts.settings import Settings
from tongsheng.logs import set_up_logging

__all__ = ["EXIT_BROKEN", "EXIT_DAMAGED", "EXIT_RESTART", "EXIT_UNUSABLE", "SuggestingGroup", "settings_of"]

EXIT_UNUSABLE = 2  # a setting, a file or an argument is wrong
EXIT_DAMAGED = 65  # EX_DATAERR: an input could not be read to its end
EXIT_BROKEN = 70  # a defect of ours
EXIT_RESTART = 75  # the world is away, or the state must be read anew: start again


class SuggestingGroup(click.Group):
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


def settings_of(context: click.Context) -> Settings:
    """The settings that `--settings` names, with logging set up as they say.

    Raises:
        SettingsError: a setting that cannot be used.
    """
    from tongsheng.wiring import load_settings, log_guard

    settings = load_settings(context.obj)
    set_up_logging(settings.log, log_guard())
    return settings
