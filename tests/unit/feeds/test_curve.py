"""A topic's curve as places in a drawing."""

from feeds.board import Point, absorb
from feeds.curve import HEIGHT, PANEL_HEIGHT, PANEL_WIDTH, WIDTH, curve_of, spark
from feeds.merging import together
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


def test_each_platform_has_its_own_curve_and_range() -> None:
    """All of it in its box, in one order of time; the band is closed, and none is made up where no line told it."""
    made = absorb(entry(), line(at_ms=AT_MS + 30 * MINUTE_MS, state="trending", platforms={"weibo": 90, "xhs": 2}))
    curve = curve_of(made)

    weibo, xhs = curve.panels["weibo"], curve.panels["xhs"]
    assert sorted(curve.panels) == ["wechat", "weibo", "xhs"]
    assert (len(places(weibo.band)), len(places(weibo.expected)), xhs.band) == (4, 2, "")
    assert (weibo.top, [round(end, 2) for end in (weibo.low, weibo.high)]) == (100, [0.0, 2.8])
    assert [mark.state for mark in weibo.moments] == ["emerging", "trending"]
    for panel in curve.panels.values():
        every = [*places(panel.posts), *places(panel.band), panel.end]
        assert all(0 <= x <= PANEL_WIDTH and 0 <= y <= PANEL_HEIGHT for x, y in every)
        assert places(panel.posts)[-1] == panel.end


def test_what_is_usual_adds_up_with_what_was_merged() -> None:
    """So that the band of the whole stands under its curve."""
    merged = together(entry("a"), [entry("b", at_ms=AT_MS + MINUTE_MS, usual={"weibo": 2.0, "xhs": 1.0})])

    assert merged.points[-1].usual == {"wechat": 0.3, "weibo": 2.9, "xhs": 1.0}
