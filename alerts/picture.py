"""The size of a topic over time as a small PNG: a filled curve, its peak, and the times of its ends.

```
  38 ┌──────────────────╱▔▔╲──   digits and colons only: nothing that could be read as a name can stand in it
     │              ╱▔▔▔    ╲
     └─────────────────────────
     11:40                12:05
```

Drawn by hand: five colours and eleven signs are less than a library of images and its fonts. PNG: ISO/IEC 15948.
"""

import struct
import zlib
from collections.abc import Sequence

from alerts.calendar import local
from alerts.curve import LEAST_POINTS
from contracts.alert import Curve

__all__ = ["HEIGHT", "WIDTH", "picture"]

WIDTH, HEIGHT = 640, 220  # pixels; shown at half of it, sharp on small screens
_LEFT, _RIGHT, _TOP, _BASE = 16, 624, 44, 176  # of the curve
_SCALE = 3  # pixels a dot of a sign
_PAPER, _LINE, _INK = 0, 1, 2
_SHADES = 16  # from paper to full colour, for smooth edges
_FIRST_SHADE = 3
_WHITE, _GREY, _DARK, _BLUE = (255, 255, 255), (205, 209, 214), (70, 76, 84), (33, 113, 181)
_SIGNS = {  # five bits a row, seven rows
    "0": (14, 17, 19, 21, 25, 17, 14),
    "1": (4, 12, 4, 4, 4, 4, 14),
    "2": (14, 17, 1, 2, 4, 8, 31),
    "3": (31, 2, 4, 2, 1, 17, 14),
    "4": (2, 6, 10, 18, 31, 2, 2),
    "5": (31, 16, 30, 1, 1, 17, 14),
    "6": (6, 8, 16, 30, 17, 17, 14),
    "7": (31, 1, 2, 4, 8, 8, 8),
    "8": (14, 17, 17, 14, 17, 17, 14),
    "9": (14, 17, 17, 15, 1, 2, 12),
    ":": (0, 4, 4, 0, 4, 4, 0),
}
_ADVANCE = 6 * _SCALE  # from one sign to the next


def picture(curve: Curve, zone: str) -> bytes:
    r"""The PNG; empty below three points.

    Args:
        curve: (epoch ms, authors), oldest first; between two points it is straight.
        zone: time zone of the two times below it.

    >>> picture([(0, 1), (300_000, 4), (900_000, 8)], "UTC")[:4]
    b'\x89PNG'
    """
    if len(curve) < LEAST_POINTS:
        return b""
    rows = [bytearray(WIDTH) for _ in range(HEIGHT)]
    peak = max(*(size for _, size in curve), 1)
    for y in (_TOP, (_TOP + _BASE) // 2):
        rows[y][_LEFT:_RIGHT] = bytes([_LINE]) * (_RIGHT - _LEFT)
    for x, share in enumerate(_shares(curve, peak), _LEFT):
        _fill(rows, x, share * (_BASE - _TOP))
    for y in (_BASE, _BASE + 1):
        rows[y][_LEFT:_RIGHT] = bytes([_INK]) * (_RIGHT - _LEFT)
    start, end = (f"{local(at_ms, zone):%H:%M}" for at_ms in (curve[0][0], curve[-1][0]))
    _write(rows, str(peak), _LEFT, 12)
    _write(rows, start, _LEFT, _BASE + 14)
    _write(rows, end, _RIGHT - len(end) * _ADVANCE + _SCALE, _BASE + 14)
    return _png(rows)


def _shares(curve: Curve, peak: int) -> Sequence[float]:
    """Height of each column of pixels, 0 to 1."""
    first_ms, last_ms = curve[0][0], curve[-1][0]
    columns = _RIGHT - _LEFT
    shares: list[float] = []
    place = 0
    for column in range(columns):
        at_ms = first_ms + (last_ms - first_ms) * column / (columns - 1)
        while place < len(curve) - 2 and curve[place + 1][0] < at_ms:
            place += 1
        (before_ms, before), (after_ms, after) = curve[place], curve[place + 1]
        part = min(max((at_ms - before_ms) / max(after_ms - before_ms, 1), 0.0), 1.0)
        shares.append((before + (after - before) * part) / peak)
    return shares


def _fill(rows: list[bytearray], x: int, height: float) -> None:
    """A column from the base up; the pixel that it ends in gets a shade between."""
    whole = int(height)
    for y in range(_BASE - whole, _BASE):
        rows[y][x] = _FIRST_SHADE + _SHADES - 1
    if shade := round((height - whole) * (_SHADES - 1)):
        rows[_BASE - whole - 1][x] = _FIRST_SHADE + shade


def _write(rows: list[bytearray], text: str, x: int, y: int) -> None:
    for place, sign in enumerate(text):
        for row, bits in enumerate(_SIGNS[sign]):
            for column in range(5):
                if bits >> (4 - column) & 1:
                    left = x + place * _ADVANCE + column * _SCALE
                    for line in range(y + row * _SCALE, y + (row + 1) * _SCALE):
                        rows[line][left : left + _SCALE] = bytes([_INK]) * _SCALE


def _png(rows: Sequence[bytearray]) -> bytes:
    shades = [_mixed(step / (_SHADES - 1)) for step in range(_SHADES)]
    palette = b"".join(map(bytes, (_WHITE, _GREY, _DARK, *shades)))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)  # eight bits a pixel, a place in the palette
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*chunks, strict=True)))


def _mixed(share: float) -> tuple[int, int, int]:
    """Between paper and full colour."""
    red, green, blue = (round(white + (full - white) * share) for white, full in zip(_WHITE, _BLUE, strict=True))
    return red, green, blue


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
