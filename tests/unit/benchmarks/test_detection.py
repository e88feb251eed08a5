"""How the comparison of scores seeks alarms, and what it says of them."""

import pytest

from benchmarks import detection
from benchmarks.marks import Marks


def marks(alarm: float, *, heard: int = 90, lead: float = 5.0, false: float = 1.0) -> Marks:
    return Marks(
        alarm=alarm, recall=heard / 100, precision=1, fragments=1, lead_minutes=lead, worst_lead=0, false_per_day=false,
        heard=heard, worth=100, false=1, worded=1,
    )  # fmt: skip


@pytest.mark.parametrize("most", [7.0, 40.0], ids=["lowest-alarm-keeps-the-target", "lowest-alarm-breaks-it"])
def test_as_many_alarms_are_tried_at_the_loose_end_as_elsewhere(monkeypatch: pytest.MonkeyPatch, most: float) -> None:
    """A score that never raises ten false topics a day was tried at its lowest alarm only, and no other."""
    tried: list[float] = []

    def run(_: str, alarm: float) -> Marks:
        tried.append(alarm)
        return marks(alarm, heard=95 if 2.4 < alarm < 4 else 90, false=most * 0.3 ** (alarm - 2.31))

    monkeypatch.setattr(detection, "_run", run)
    monkeypatch.setattr(detection, "TARGETS", (10.0,))
    found = detection._sought("tongsheng")

    assert len(tried) > 2
    assert (found[0].heard, found[0].false_per_day <= 10) == (95, True)


def test_it_says_where_ours_leads_ties_and_is_behind() -> None:
    """One story and half a minute are chance; the peer that is best at each is named."""
    ours = [marks(3, heard=96, lead=7.9), marks(3, heard=96, lead=7.9), marks(4, heard=95, lead=1.0)]
    others = {
        "Poisson": [
            marks(2, heard=97, lead=8.2, false=8.0),
            marks(2, heard=94, lead=5.3),
            marks(3, heard=98, lead=2.0),
        ],
        "naive": [marks(2, heard=80, lead=3.0), marks(2, heard=95, lead=1.0), marks(3, heard=60, lead=0.0)],
    }

    ten, five, two = detection._compared({"tongsheng": ours, **others})

    assert "ties on recall (96 stories; Poisson 97, of 100) and ties on lead (7.9 min; Poisson 8.2)" in ten
    assert ten.endswith("with 1.0 false topics a day (8.0)")
    assert "ties on recall (96 stories; naive 95, of 100) and leads on lead (7.9 min; Poisson 5.3)" in five
    assert "is behind on recall (95 stories; Poisson 98, of 100) and is behind on lead" in two
    (short,) = detection._in_short({"tongsheng": ours, **others}, "a week")
    assert short.startswith("a week: tongsheng at 10 a day ties on recall and ties on lead; at 5 a day ties on recall")
    assert short.endswith("and leads on lead; at 2 a day is behind on recall and is behind on lead")
    assert detection._compared(others) == detection._in_short(others, "a week") == []
    assert detection._compared({"tongsheng": ours}) == []
