"""What the detector's loop does while its world is away."""

from typing import Any

import pytest

from contracts.errors import StoreAwayError
from streams.detect import DetectLoop, DetectTiming


class AwayStore:
    """A store that does not answer."""

    def lease(self, owner: str, lease_ms: int) -> int:
        raise StoreAwayError(f"Redis is away or full: {owner} {lease_ms}")


def test_a_wait_for_the_store_is_told_once_in_ten_seconds(caplog: pytest.LogCaptureFixture) -> None:
    """It is tried five times a second; nobody wants to read that."""
    unused: Any = None
    looks = iter([False, False, False, False, True])
    loop = DetectLoop(
        owner="a",
        windows=unused,
        store=AwayStore(),  # type: ignore[arg-type]  # all of it that a standby asks
        saved=unused,
        save_due=unused,
        publish=unused,
        make_detector=unused,
        ends=unused,
        orders=unused,
        partitions=1,
        timing=DetectTiming(tick_ms=5000, lease_s=10.0, idle_s=30.0),
    )

    loop.run(lambda: next(looks))

    assert [getattr(record, "event", "") for record in caplog.records] == ["detector.waiting"]
