"""A bundled, seeded day of invented posts, for the demo, the benchmarks and the tests.

Reads the sentence grammars producers/data/simulated_*.txt; writes nothing; owns no state.
Promises the same posts for the same arguments on every machine and Python version, and that every name,
place, school and number in them is invented.
"""

from producers.simulation.day import DAY_START_MS, POSTS_PER_DAY, simulate_day, story_of_posts, story_plans
from producers.simulation.stories import StoryPlan

__all__ = ["DAY_START_MS", "POSTS_PER_DAY", "StoryPlan", "simulate_day", "story_of_posts", "story_plans"]
