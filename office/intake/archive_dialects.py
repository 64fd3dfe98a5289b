"""What programs that make zips write in more than one way: read where every reading of it agrees.

The form for more than 4 GB, which services write around a small archive too, and names beyond ASCII.
"""

from __future__ import annotations

import struct
import zlib
from typing import IO

from models.messages import Message
from models.reasons import Problem, Reason, refusal

FULL, FULL_SHORT = 0xFFFFFFFF, 0xFFFF
"""What stands where a number is left to the form for more than 4 GB."""

LOCATOR = struct.Struct("<4sLQL")
_END = struct.Struct("<4sQ2H2L4Q")

_PAGES = ("cp437", "cp850", "cp852", "cp858", "cp1250", "cp1252", "mac_roman")
_SHOWN = "cp850"
"""Old code pages in which programs here write names; that in which a name is shown whose page is not told."""


def end_of_large(
    file: IO[bytes], locator: bytes, at: int, told: tuple[int, ...], title: str | Message
) -> tuple[tuple[int, ...], int]:
    """What the end of an archive in the form for more than 4 GB says, and where that end begins.

    Only where both ends say the same, or the old one leaves a number to the other, do all programs agree.
    """
    _, disk, begins, disks = LOCATOR.unpack(locator)
    if begins + _END.size + LOCATOR.size == at:
        file.seek(begins)
        record = file.read(_END.size)
        sign, length, _, _, *large = _END.unpack(record)
        full = (FULL_SHORT, FULL_SHORT, FULL_SHORT, FULL_SHORT, FULL, FULL)
        agree = all(old in (left, new) for old, new, left in zip(told, large, full, strict=True))
        if sign == b"PK\6\6" and length == _END.size - 12 and not disk and disks < 2 and agree:
            return tuple(large), begins
    raise refusal([Problem(Reason.ZIP64, Message("package.zip64", archive=title))])


def large(field: bytes | None, told: tuple[int, int, int], disk: int) -> tuple[int, int, int, int] | None:
    """Size, packed size, offset and disk of an entry, with what is left to the field for more than 4 GB.

    Nothing where programs could read different numbers.
    """
    left = [place for place, number in enumerate(told) if number == FULL]
    if field is None:
        return None if left else (*told, disk)
    if not left and disk != FULL_SHORT:  # it repeats what is said, or it is read by nobody
        said = struct.unpack(f"<{min(len(field) // 8, 3)}Q", field[: min(len(field) // 8, 3) * 8])
        return (*told, disk) if said == told[: len(said)] else None
    if len(field) != 8 * len(left) + 4 * (disk == FULL_SHORT):
        return None
    numbers = list(told)
    for at, place in enumerate(left):
        (numbers[place],) = struct.unpack_from("<Q", field, 8 * at)
    if disk == FULL_SHORT:
        (disk,) = struct.unpack_from("<L", field, 8 * len(left))
    return (numbers[0], numbers[1], numbers[2], disk) if max(numbers) < FULL else None


def named(raw: bytes, marked: bool, field: bytes | None) -> tuple[str, list[Problem]]:
    """The name of an entry, `marked` as UTF-8 or not, with the second one that a field may give it.

    Programs that read neither mark nor field know folder and ending all the same: those are ASCII.
    """
    name, page = _read(raw)
    if page and (marked or field is None):
        key = "package.name-wrongly-marked" if marked else "package.name-in-a-code-page"
        return name, [Problem(Reason.NAME_NOT_UTF8, Message(key, name=name))]
    if field is None:
        return name, []
    second, wrong = _read(field[5:])
    same = any(_spelt(second, old) == raw for old in _PAGES) if page else second == name
    if same and not wrong and field[:5] == struct.pack("<BL", 1, zlib.crc32(raw)):
        return second, []
    return name, [Problem(Reason.TWO_NAMES, Message("package.name-in-field", name=name, second=second))]


def _read(raw: bytes) -> tuple[str, bool]:
    """A name, and whether it is in some old code page."""
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        return raw.decode(_SHOWN), True


def _spelt(name: str, page: str) -> bytes | None:
    try:
        return name.encode(page)
    except UnicodeEncodeError:
        return None
