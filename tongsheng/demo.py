"""`tongsheng demo`: a simulated day through the very pipeline that `run` uses, and what it found of what was in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from contracts.post import Post
from contracts.rejection import Rejected
from contracts.settings import Settings
from detectors.categories import LABELS
from detectors.report import iso
from producers.simulation import simulate_day, story_plans
from tongsheng.display import Numbers
from tongsheng.runs import Run, run_locally

__all__ = ["run_demo"]


def run_demo(settings: Settings, *, seed: int, posts: int, out: Path | None) -> None:
    """Replay the day and compare what was raised with the stories that were put in."""

    def day(_: Numbers, __: Callable[[Rejected], None]) -> Iterator[Post]:
        return simulate_day(seed=seed, posts_per_day=posts)

    run = Run(posts=day, out=out, rejected=None, is_embedded=True, title="tongsheng 童声 · a simulated day")
    display = run_locally(run, settings)
    display.summary()
    _show_plans(seed=seed, posts=posts)


def _show_plans(*, seed: int, posts: int) -> None:
    """The stories that were put in, to hold the topics above against."""
    table = Table(title="What the day held · 这一天里有什么", title_justify="left")
    for heading in ("story", "about children", "began", "posts", "categories · 类别"):
        table.add_column(heading)
    for plan in story_plans(seed=seed, posts_per_day=posts):
        labels = "、".join(LABELS[category] for category in plan.categories)
        table.add_row(
            plan.name, "yes" if plan.about_children else "no", iso(plan.starts_ms)[11:16], str(plan.posts), labels
        )
    Console(stderr=True).print(table)
