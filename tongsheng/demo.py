"""`tongsheng demo`: a simulated day through the very pipeline that `run` uses, and what it found of what was in it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from contracts.post import Post
from contracts.rejection import Rejected
from contracts.settings import Settings
from contracts.topic import TopicLine
from detectors.report import iso
from producers.simulation import StoryPlan, simulate_day, story_of_posts, story_plans
from tongsheng.display import Numbers
from tongsheng.embedded import embedded_valkey
from tongsheng.runs import Run, run_locally

__all__ = ["run_demo"]


def run_demo(settings: Settings, *, seed: int, posts: int, out: Path | None, has_feed: bool = False) -> None:
    """Replay the day and hold what was raised against the stories that were put in."""

    def day(_: Numbers, __: Callable[[Rejected], None]) -> Iterator[Post]:
        return simulate_day(seed=seed, posts_per_day=posts)

    title = "tongsheng 童声 · a simulated day"
    with embedded_valkey() as url:
        run = Run(posts=day, out=out, rejected=None, redis_url=url, title=title, has_feed=has_feed)
        display = run_locally(run, settings)
    display.summary()
    stories = story_of_posts(seed=seed, posts_per_day=posts)
    raised = _by_story(display.alerts(), stories)
    _show_stories(story_plans(seed=seed, posts_per_day=posts), raised)


def _by_story(alerts: Iterable[TopicLine], stories: Mapping[str, str]) -> dict[str, list[TopicLine]]:
    """Story -> first lines of the topics that most of its evidence belongs to; "" for everyday chatter."""
    found: dict[str, list[TopicLine]] = {}
    for line in alerts:
        name, _ = Counter(stories.get(post, "") for post in line.evidence).most_common(1)[0]
        found.setdefault(name, []).append(line)
    return found


def _show_stories(plans: Iterable[StoryPlan], raised: Mapping[str, list[TopicLine]]) -> None:
    table = Table(title="What was put into the day, and when it was noticed · 放进去的与听到的", title_justify="left")
    table.add_column("story")
    table.add_column("began")
    table.add_column("posts", justify="right")
    table.add_column("noticed", justify="right")
    table.add_column("topics", justify="right")
    for plan in plans:
        lines = raised.get(plan.name, [])
        name = plan.name if plan.about_children else f"({plan.name})"
        table.add_row(name, iso(plan.starts_ms)[11:16], str(plan.posts), _noticed(plan, lines), str(len(lines) or ""))
    console = Console(stderr=True)
    console.print(table)
    chatter = len(raised.get("", []))
    console.print(
        f"(in brackets): not about children, so it should raise nothing. From everyday chatter: {chatter} topics"
    )


def _noticed(plan: StoryPlan, lines: list[TopicLine]) -> str:
    if not lines:
        return "missed" if plan.about_children else "-"
    first_ms = min(datetime.fromisoformat(line.at).timestamp() for line in lines) * 1000
    return f"after {(first_ms - plan.starts_ms) / 60_000:.0f} min"
