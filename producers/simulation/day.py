"""A day of posts, all parts together."""

import heapq
from collections.abc import Iterator
from operator import attrgetter
from random import Random

from contracts.post import Post
from producers.simulation.chatter import chatter, school_run, school_run_posts
from producers.simulation.delivery import deliver
from producers.simulation.people import People
from producers.simulation.scene import DAY_MS, Scene
from producers.simulation.spam import spam, spam_posts
from producers.simulation.stories import StoryPlan, plans_of, tell

__all__ = ["DAY_START_MS", "POSTS_PER_DAY", "simulate_day", "story_of_posts", "story_plans"]

DAY_START_MS = 1_772_380_800_000  # Monday 2026-03-02 00:00 +08:00
POSTS_PER_DAY = 24_000
MOST_POSTS_PER_DAY = 2_000_000  # ids stay unique and stories recognisable up to here


def simulate_day(
    *,
    seed: int = 1,
    day_start_ms: int = DAY_START_MS,
    days: int = 1,
    posts_per_day: int = POSTS_PER_DAY,
) -> Iterator[Post]:
    """The posts of one or more days, as a crawler would hand them over.

    Ordered by event time but for 0.3 % up to 8 minutes and 0.05 % 15-45 minutes late; 0.2 % come twice with
    the same id. The first day holds every story, each later day every third one, at another place.

    Args:
        seed: another seed, another day.
        day_start_ms: event time of a midnight in Beijing.
        days: how many, >= 1.
        posts_per_day: about, 1 to 2 000 000. Chatter grows with it, stories at most threefold.

    Raises:
        ValueError: days or posts_per_day out of range.

    Cost: about 8 microseconds a post; memory for 0.6 authors a post, at most 200 000 (30 MB).

    >>> next(simulate_day(seed=1)).id == next(simulate_day(seed=1)).id
    True
    """
    scenes = _scenes(seed=seed, day_start_ms=day_start_ms, days=days, posts_per_day=posts_per_day)
    ordered = (post for scene in scenes for post in _posts_of(scene))
    return deliver(ordered, draw=Random(f"{seed}/delivery").random)


def story_plans(
    *,
    seed: int = 1,
    day_start_ms: int = DAY_START_MS,
    days: int = 1,
    posts_per_day: int = POSTS_PER_DAY,
) -> tuple[StoryPlan, ...]:
    """What `simulate_day` tells with the same arguments, in order of start; errors likewise."""
    scenes = _scenes(seed=seed, day_start_ms=day_start_ms, days=days, posts_per_day=posts_per_day)
    return tuple(plan for scene in scenes for _, plan in plans_of(scene))


def story_of_posts(
    *,
    seed: int = 1,
    day_start_ms: int = DAY_START_MS,
    days: int = 1,
    posts_per_day: int = POSTS_PER_DAY,
) -> dict[str, str]:
    """Post id -> name of the story it tells, for the posts that `simulate_day` gives with the same arguments."""
    scenes = _scenes(seed=seed, day_start_ms=day_start_ms, days=days, posts_per_day=posts_per_day)
    return {
        post.id: plan.name for scene in scenes for theme, plan in plans_of(scene) for post in tell(scene, theme, plan)
    }


def _scenes(*, seed: int, day_start_ms: int, days: int, posts_per_day: int) -> list[Scene]:
    if days < 1:
        raise ValueError(f"days = {days}; at least 1 is needed")
    if not 1 <= posts_per_day <= MOST_POSTS_PER_DAY:
        raise ValueError(f"posts_per_day = {posts_per_day}; it can be 1 to {MOST_POSTS_PER_DAY}")
    people = People(seed=seed, posts_per_day=posts_per_day)
    return [
        Scene(seed=seed, day=day, start_ms=day_start_ms + day * DAY_MS, posts=posts_per_day, people=people)
        for day in range(days)
    ]


def _posts_of(scene: Scene) -> Iterator[Post]:
    """One day in order of event time; all of it happens before its midnight."""
    plans = plans_of(scene)
    told = sum(plan.posts for _, plan in plans)
    left = max(0, scene.posts - told - spam_posts(scene) - school_run_posts(scene))
    parts = [chatter(scene, posts=left), school_run(scene), spam(scene)]
    parts += [tell(scene, theme, plan) for theme, plan in plans]
    return heapq.merge(*parts, key=attrgetter("at_ms"))
