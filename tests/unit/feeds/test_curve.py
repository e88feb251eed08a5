"""A topic's curve as places in a drawing."""

from feeds.board import Point, absorb
from feeds.curve import HEIGHT, WIDTH, curve_of, spark
from tests.feed_lines import AT_MS, MINUTE_MS, entry, line, many


def places(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in points.split())]


def test_more_people_stand_higher_and_later_moments_to_the_right() -> None:
    """And nothing lies outside the drawing."""
    curve = curve_of(many(1)[0])

    line_places = places(curve.authors)
    assert [x for x, _ in line_places] == sorted(x for x, _ in line_places)
    assert [y for _, y in line_places] == sorted((y for _, y in line_places), reverse=True)
    every = [*line_places, *places(curve.band), *places(curve.expected)]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in every)
    assert [mark.value for mark in curve.ys] == sorted({mark.value for mark in curve.ys})


def test_the_moments_of_the_states_stand_where_they_began() -> None:
    """So that a person sees what the curve did then."""
    made = absorb(entry(authors=10), line(at_ms=AT_MS + 30 * MINUTE_MS, state="trending", authors=20))
    made = absorb(made, line(at_ms=AT_MS + 60 * MINUTE_MS, state="trending", authors=30))

    curve = curve_of(made)

    xs = [x for x, _ in places(curve.authors)]
    assert [(mark.place, mark.state) for mark in curve.moments] == [(xs[0], "emerging"), (xs[1], "trending")]


def test_one_line_is_a_curve_too() -> None:
    """A topic's first moment has a page as well; nothing is divided by zero."""
    curve = curve_of(entry(authors=0, posts=0, expected=0.0))

    assert len(places(curve.authors)) == 1
    assert places(curve.authors) == [curve.end]
    assert len(places(spark(entry().points)[0])) == 2


def test_the_small_curve_shows_three_hours() -> None:
    """Older points would press the news together."""
    points = [Point(AT_MS + minute * MINUTE_MS, 1, minute, 1.0, {}) for minute in range(0, 600, 10)]

    assert len(places(spark(points)[0])) == 19
