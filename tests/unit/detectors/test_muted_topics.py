"""What operators have muted, word or topic, raises nothing while the mute lasts; all else goes on."""

from detectors.mutes import Muted
from detectors.orders import NO_ORDERS, Orders
from tests.detections import HOUR_MS, START_MS, TURN, chatter, event, raised, run, splinters


def test_what_splinters_off_a_muted_topic_is_not_raised() -> None:
    """It says some of the same; what else happens is raised, and after the mute the splinter is, too."""
    crash, told, other = splinters()
    posts = [*chatter(12), *crash, *told, *other]
    plain = run(posts)
    [first, *_] = [line.topic for line in plain]
    muted = Orders(muted=Muted.of([], [first]))

    lines = run(posts, orders=lambda at_ms: muted if at_ms - START_MS > 7 * HOUR_MS else NO_ORDERS)
    later = run(
        [*posts, *event(8.3, 20, *TURN)],
        orders=lambda at_ms: muted if 7 * HOUR_MS < at_ms - START_MS < 8 * HOUR_MS else NO_ORDERS,
    )

    assert [len(raised(found)) for found in (plain, lines, later)] == [3, 2, 3]
    assert max(line.at for line in lines if line.topic == first)[11:16] > "07:30"


def test_what_goes_on_from_a_muted_topic_goes_on_under_its_id() -> None:
    """Days after it has closed, as long as the mute lasts: so it stays put aside."""
    posts = [*chatter(80), *event(6, 12, "校车", "侧翻"), *event(70, 12, "校车", "侧翻")]
    first = run(posts, hours=8)[0].topic
    muted = Orders(muted=Muted.of([], [first]))

    assert len(raised(run(posts, hours=72))) == 2
    assert raised(run(posts, hours=72, orders=lambda _: muted)) == [first]


def test_a_muted_word_raises_nothing_until_its_time_is_up() -> None:
    """Topics that were raised before go on, and what else happens is raised."""
    crash, muted = ("校车", "侧翻"), Orders(muted=Muted.of([["校车"]]))
    before = event(6, 60, "疫苗", "发烧", spacing_ms=100_000)
    posts = [*chatter(12), *before, *event(7.5, 12, *crash), *event(9.5, 40, *crash)]

    lines = run(posts, orders=lambda at_ms: muted if 7 * HOUR_MS <= at_ms - START_MS < 9 * HOUR_MS else NO_ORDERS)

    of_crash = [line for line in lines if "校车" in line.keywords]
    assert min(line.at for line in of_crash)[11:16] > "09:30"
    assert max(line.at for line in lines if line not in of_crash)[11:16] > "07:00"
    assert len(raised(lines)) == 2
