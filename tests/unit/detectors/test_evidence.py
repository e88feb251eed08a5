"""Evidence of the last hour: capped a term and minute, the same after a restart, however many partitions fed it."""

from detectors.delta import Evidence
from detectors.evidence import KEPT_PER_TERM_AND_MINUTE, EvidenceIndex

AT_MS = 1_772_380_800_000


def post(number: int, *terms: str, at_ms: int = AT_MS) -> Evidence:
    return Evidence(f"weibo:{number}", "a", at_ms, "weibo", None, "c", terms, ("safety",))


def test_a_flood_is_capped_a_term_and_minute() -> None:
    """One account that says the same thing a thousand times in a minute leaves forty posts."""
    index = EvidenceIndex()

    kept = [index.add(post(number, "校车")) for number in range(1000)]

    assert sum(kept) == KEPT_PER_TERM_AND_MINUTE
    assert index.add(post(1001, "校车", at_ms=AT_MS + 60_000))


def test_a_post_with_something_new_is_kept() -> None:
    """Whatever else it says."""
    index = EvidenceIndex(post(number, "校车") for number in range(100))

    assert index.add(post(200, "校车", "侧翻"))


def test_a_restart_keeps_the_cap() -> None:
    """Rebuilt from the posts kept, as a snapshot has them."""
    index = EvidenceIndex(post(number, "校车") for number in range(100))

    assert not EvidenceIndex(index.posts).add(post(200, "校车"))


def test_nothing_is_remembered_after_the_hour() -> None:
    """Neither posts nor counts."""
    index = EvidenceIndex(post(number, "校车") for number in range(100))

    assert len(index.forget(AT_MS + 3_600_000)) == KEPT_PER_TERM_AND_MINUTE
    index.forget(AT_MS + 2 * 3_600_000)
    assert index.of_term("校车") == []
    assert index.add(post(200, "校车"))
