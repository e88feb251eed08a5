"""The curve as a PNG that readers open, in which nothing but digits can be written."""

import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st

from alerts.picture import HEIGHT, WIDTH, picture
from contracts.alert import Curve
from tests.alert_lines import CURVE, NOON_MS

BLUE = 18  # place in the palette


def pixels(png: bytes) -> list[bytes]:
    """Its rows, taken apart as the standard has it: every length and checksum holds."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(kind + content),)
        chunks[kind], at = content, at + 12 + length
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    raw = zlib.decompress(chunks[b"IDAT"])
    return [raw[y * (WIDTH + 1) + 1 : (y + 1) * (WIDTH + 1)] for y in range(HEIGHT)]


def test_it_rises_where_the_topic_grows() -> None:
    """From 2 to 38 people: the last column is full, the first nearly empty."""
    rows = pixels(picture(CURVE, "Asia/Shanghai"))

    heights = [sum(row[x] == BLUE for row in rows) for x in (16, 320, 623)]

    assert heights == sorted(heights)
    assert heights[0] < 10
    assert heights[2] > 120


def test_two_points_are_no_curve() -> None:
    """As for the blocks."""
    assert picture(CURVE[:2], "UTC") == b""


@given(sizes=st.lists(st.integers(0, 10**9), min_size=3, max_size=24), step_ms=st.integers(0, 10**8))
def test_any_curve_can_be_drawn(sizes: list[int], step_ms: int) -> None:
    """Nobody speaks, a billion do, or all of it in one moment."""
    curve: Curve = [(NOON_MS + number * step_ms, size) for number, size in enumerate(sizes)]

    assert len(pixels(picture(curve, "Asia/Shanghai"))) == HEIGHT
