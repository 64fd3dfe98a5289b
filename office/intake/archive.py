"""Reads a zip so strictly that no other program can read another one in the same bytes.

The index at the end and the header before each entry must say the same; entries lie one after the
other from the first byte to the index, without gap, overlap or anything before and behind. What a zip
may also do (several disks, more than 4 GB, a comment, odd compressions) no package needs: it is refused.

What programs write in more than one way is read where every reading of it agrees, and refused elsewhere: the
form for more than 4 GB around a small archive, as services write it, and names beyond ASCII.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from models.messages import Message
from models.reasons import Problem, Reason, refusal
from office.intake.archive_dialects import FULL, FULL_SHORT, LOCATOR, end_of_large, large, named

CHUNK = 1 << 18
_END = struct.Struct("<4s4H2LH")
_INDEX = struct.Struct("<4s6H3L5H2L")
_HEADER = struct.Struct("<4s5H3L2H")
_LONGEST_LINE = 4096
"""Bytes of one entry in the index: more than any name that is possible needs."""

SMALL = 1 << 20
"""Bytes below which an entry may be packed as tightly as it will: blank forms are."""

_ENCRYPTED, _STREAMED, _STRONG, _UTF8, _MASKED = 0x1, 0x8, 0x40, 0x800, 0x2000
_STORED, _DEFLATED, _AES = 0, 8, 99
_ZIP64_FIELD, _PKWARE_UNIX, _STRONG_FIELD, _UNIX, _NAME_FIELD, _AES_FIELD = (
    1,
    0xD,
    0x17,
    0x756E,
    0x7075,
    0x9901,
)


@dataclass(frozen=True)
class ArchiveEntry:
    """A file or folder (its name ends with /) of an archive: sizes in bytes, and where its data begins."""

    name: str
    size: int
    packed: int
    crc: int
    method: int
    at: int


@dataclass(frozen=True)
class _Line:
    """An entry as the index tells it."""

    raw: bytes
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def told(self) -> tuple[int, int, int]:
        return self.crc, self.packed, self.size


def entries_of(
    file: IO[bytes], title: str | Message, most_files: int, most_bytes: int, ratio: int
) -> tuple[list[ArchiveEntry], list[Problem]]:
    """The entries in the order of the index, and what is wrong with any of them.

    Raises: PackageRefused when there is no index that could be trusted, or it names too much.
    """
    index_at, index, count = _index(file, title, most_files)
    lines: list[_Line] = []
    problems: list[Problem] = []
    place = 0
    for _ in range(count):
        try:
            line, place, wrong = _line(index, place)
        except (struct.error, UnicodeDecodeError, IndexError) as broken:
            raise refusal(
                [Problem(Reason.BROKEN_ARCHIVE, Message("package.index-damaged", archive=title))]
            ) from broken
        lines.append(line)
        problems += wrong
    if place != len(index):
        problems.append(
            Problem(Reason.JUNK_INSIDE, Message("package.index-too-long-for-entries", archive=title))
        )
    problems += _too_much(lines, title, most_bytes, ratio)
    entries: list[ArchiveEntry | None] = [None] * count
    free = 0
    for at, line in sorted(enumerate(lines), key=lambda known: known[1].offset):
        if line.offset < free:
            problems.append(Problem(Reason.OVERLAP, Message("package.inside-another-entry", name=line.name)))
        elif line.offset > free:
            reason = Reason.JUNK_INSIDE if free else Reason.JUNK_BEFORE
            problems.append(Problem(reason, Message("package.before-an-entry", name=line.name)))
        begins, ends, wrong = _header(file, line, index_at)
        free = max(free, ends)
        problems += wrong
        entries[at] = ArchiveEntry(line.name, line.size, line.packed, line.crc, line.method, begins)
    if free > index_at:
        problems.append(Problem(Reason.OVERLAP, Message("package.entries-reach-index", archive=title)))
    elif free < index_at:
        reason = Reason.JUNK_INSIDE if free else Reason.JUNK_BEFORE
        problems.append(Problem(reason, Message("package.before-the-index", archive=title)))
    return [entry for entry in entries if entry], problems


def pieces_of(file: IO[bytes], entry: ArchiveEntry) -> Iterator[bytes]:
    """The content of an entry in pieces, unpacked. Raises: PackageRefused when it is not as announced."""
    crc = size = 0
    for piece in _unpacked(file, entry) if entry.method == _DEFLATED else _packed(file, entry):
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        if size > entry.size:
            break
        yield piece
    if size != entry.size:
        says = Message("package.not-as-long", name=entry.name)
        raise refusal([Problem(Reason.LYING_SIZE, says)])
    if crc != entry.crc:
        says = Message("package.damaged-on-its-way", name=entry.name)
        raise refusal([Problem(Reason.WRONG_CRC, says)])


def is_end_of_archive(tail: bytes) -> bool:
    """Whether the last bytes of a file are the end of a zip, whatever stands before it."""
    at = tail.rfind(b"PK\5\6")
    return at >= 0 and len(tail) - at >= _END.size and _END.unpack_from(tail, at)[7] == len(tail) - at - 22


def _index(file: IO[bytes], title: str | Message, most_files: int) -> tuple[int, bytes, int]:
    """Where the index begins, the index, and how many entries it has."""
    size = file.seek(0, 2)
    tail = _read(file, max(0, size - _END.size - 0xFFFF), size)
    where = tail.rfind(b"PK\5\6")
    if where < 0 or len(tail) - where < _END.size:
        says = Message("package.not-an-archive", archive=title)
        raise refusal([Problem(Reason.NOT_AN_ARCHIVE, says)])
    if where != len(tail) - _END.size:
        remark = is_end_of_archive(tail)
        says = Message("package.has-a-comment" if remark else "package.more-follows", archive=title)
        raise refusal([Problem(Reason.JUNK_AFTER, says)])
    end = size - _END.size
    told = _END.unpack_from(tail, where)[1:7]
    if tail[:where][-20:-16] == b"PK\6\7":
        told, end = end_of_large(file, tail[where - LOCATOR.size : where], end, told, title)
    _, _, here, count, length, begins = told
    if FULL in (length, begins) or count == FULL_SHORT:
        raise refusal([Problem(Reason.ZIP64, Message("package.zip64", archive=title))])
    disk, index_disk = told[:2]
    if disk or index_disk or here != count:
        says = Message("package.one-part-of-several", archive=title)
        raise refusal([Problem(Reason.SEVERAL_PARTS, says)])
    if count > most_files:
        says = Message("package.too-many-files", archive=title, most=most_files)
        raise refusal([Problem(Reason.FILE_COUNT, says)])
    if begins + length != end:
        moved = begins + length < end and _read(file, end - length, end - length + 4) == b"PK\1\2"
        reason = Reason.JUNK_BEFORE if moved else Reason.BROKEN_ARCHIVE
        says = Message("package.something-before") if moved else Message("package.index-elsewhere")
        raise refusal([Problem(reason, Message("package.archive-damaged", archive=title, why=says))])
    if length > count * _LONGEST_LINE:
        raise refusal([Problem(Reason.BROKEN_ARCHIVE, Message("package.index-too-long", archive=title))])
    return begins, _read(file, begins, end), count


def _line(index: bytes, place: int) -> tuple[_Line, int, list[Problem]]:
    """One entry of the index, where the next begins, and what is wrong with this one."""
    (
        sign,
        maker,
        _,
        flags,
        method,
        _,
        _,
        crc,
        packed,
        size,
        names,
        extras,
        remarks,
        disk,
        _,
        mode,
        offset,
    ) = _INDEX.unpack_from(index, place)
    place += _INDEX.size
    ends = place + names + extras + remarks
    if sign != b"PK\1\2" or ends > len(index):
        raise IndexError
    raw, extra = index[place : place + names], index[place + names : place + names + extras]
    fields = _fields(extra)
    if fields is None:
        raise IndexError
    name, problems = named(raw, bool(flags & _UTF8), fields.get(_NAME_FIELD))
    numbers = large(fields.get(_ZIP64_FIELD), (size, packed, offset), disk)
    if numbers is None:
        problems.append(Problem(Reason.ZIP64, Message("package.entry-zip64", name=name)))
    else:
        size, packed, offset, disk = numbers
    line = _Line(raw, name, flags, method, crc, packed, size, offset)
    secret = flags & (_ENCRYPTED | _STRONG | _MASKED) or method == _AES
    if secret or fields.keys() & {_AES_FIELD, _STRONG_FIELD}:
        problems.append(Problem(Reason.ENCRYPTED, Message("package.encrypted", name=name)))
    elif method not in (_STORED, _DEFLATED):
        says = Message("package.odd-compression", name=name)
        problems.append(Problem(Reason.COMPRESSION, says))
    if disk:
        problems.append(Problem(Reason.SEVERAL_PARTS, Message("package.in-another-part", name=name)))
    return line, ends, problems + _kind(line, maker >> 8, mode, fields)


def _kind(line: _Line, maker: int, mode: int, fields: dict[int, bytes]) -> list[Problem]:
    """What kind of thing an entry is, if it is no plain file or folder."""
    problems = []
    kind = stat.S_IFMT(mode >> 16)
    folder = line.name.endswith("/")
    if kind == stat.S_IFLNK or (maker in (0, 10, 11) and mode & 0x400) or fields.get(_UNIX, b"")[14:]:
        says = Message("package.symbolic-link", name=line.name)
        problems.append(Problem(Reason.SYMBOLIC_LINK, says))
    elif fields.get(_PKWARE_UNIX, b"")[12:]:
        says = Message("package.link-or-device", name=line.name)
        problems.append(Problem(Reason.HARD_LINK, says))
    elif kind not in (0, stat.S_IFREG, stat.S_IFDIR) or mode & 0x8 or (kind == stat.S_IFDIR) > folder:
        problems.append(Problem(Reason.DEVICE, Message("package.not-plain", name=line.name)))
    if folder and (line.size or line.packed > 2):  # two bytes are nothing, deflated
        problems.append(Problem(Reason.LYING_SIZE, Message("package.folder-with-content", name=line.name)))
    if line.method == _STORED and line.packed != line.size:
        problems.append(Problem(Reason.LYING_SIZE, Message("package.two-sizes", name=line.name)))
    return problems


def _second_name(line: _Line, fields: dict[int, bytes]) -> list[Problem]:
    """A field may carry the name once more; some programs read that one and others do not."""
    field = struct.pack("<BL", 1, zlib.crc32(line.raw)) + line.name.encode(errors="replace")
    if fields.get(_NAME_FIELD, field) == field:
        return []
    return [Problem(Reason.TWO_NAMES, Message("package.second-name", name=line.name))]


def _too_much(lines: list[_Line], title: str | Message, most_bytes: int, ratio: int) -> Iterator[Problem]:
    total = sum(line.size for line in lines)
    if total > most_bytes:
        says = Message("package.too-large-in-all", archive=title, most=most_bytes // 1000000)
        yield Problem(Reason.TOTAL_SIZE, says)
    for line in lines:
        if line.size > SMALL and line.size > ratio * line.packed:
            says = Message("package.grows", name=line.name, ratio=ratio)
            yield Problem(Reason.RATIO, says)
    if total > 10 * SMALL and total > ratio * sum(line.packed for line in lines):
        yield Problem(Reason.RATIO, Message("package.archive-grows", archive=title, ratio=ratio))


def _header(file: IO[bytes], line: _Line, index_at: int) -> tuple[int, int, list[Problem]]:
    """Where the data of an entry begins and its last byte is followed; what its header says otherwise."""
    head = _read(file, line.offset, line.offset + _HEADER.size)
    if len(head) < _HEADER.size or head[:4] != b"PK\3\4":
        says = Message("package.not-where-said", name=line.name)
        return line.offset, line.offset, [Problem(Reason.BROKEN_ARCHIVE, says)]
    _, _, flags, method, _, _, crc, packed, size, names, extras = _HEADER.unpack(head)
    named = line.offset + _HEADER.size
    begins = named + names + extras
    ends = begins + line.packed
    rest = _read(file, named, begins)
    problems = []
    if rest[:names] != line.raw:
        problems.append(Problem(Reason.TWO_NAMES, Message("package.second-name", name=line.name)))
    if (flags, method) != (line.flags, line.method):
        says = Message("package.described-twice", name=line.name)
        problems.append(Problem(Reason.LYING_HEADER, says))
    fields = _fields(rest[names:])
    if ends > index_at:
        problems.append(Problem(Reason.OVERLAP, Message("package.reaches-index", name=line.name)))
        return begins, ends, problems
    if fields is None:
        problems.append(Problem(Reason.BROKEN_ARCHIVE, Message("package.header-damaged", name=line.name)))
        return begins, ends, problems
    problems += _second_name(line, fields)
    wide = fields.get(_ZIP64_FIELD, b"")
    if FULL in (packed, size) and len(wide) == 16:
        size, packed = struct.unpack("<2Q", wide)
    # A header written before the data was known says nothing, and a note behind the data says it all.
    told = [(crc, packed, size)] if not flags & _STREAMED or (crc, packed, size) != (0, 0, 0) else []
    if flags & _STREAMED:
        after, length = _after(_read(file, ends, ends + 24), line)
        told.append(after)
        ends += length
    for said in told:
        if said[1:] != line.told[1:]:
            problems.append(Problem(Reason.LYING_SIZE, Message("package.two-sizes", name=line.name)))
        elif said != line.told:
            problems.append(Problem(Reason.LYING_HEADER, Message("package.two-checksums", name=line.name)))
    return begins, ends, problems


def _after(note: bytes, line: _Line) -> tuple[tuple[int, int, int], int]:
    """What the note behind streamed data says, and its length: it is written in four ways."""
    found = (0, -1, -1), 16
    for form, signed in (("<3L", True), ("<3L", False), ("<L2Q", True), ("<L2Q", False)):
        begins = 4 if signed else 0
        length = begins + struct.calcsize(form)
        if len(note) < length or (signed and note[:4] != b"PK\7\x08"):
            continue
        said = struct.unpack_from(form, note, begins)
        if said == line.told:
            return (said[0], said[1], said[2]), length
        if signed and form == "<3L":
            found = (said[0], said[1], said[2]), length
    return found


def _fields(extra: bytes) -> dict[int, bytes] | None:
    """The further fields of an entry, or nothing when they cannot be told apart."""
    fields: dict[int, bytes] = {}
    place = 0
    while place < len(extra):
        if len(extra) - place < 4:
            return None
        kind, length = struct.unpack_from("<2H", extra, place)
        place += 4 + length
        if place > len(extra) or kind in fields:
            return None
        fields[kind] = extra[place - length : place]
    return fields


def _packed(file: IO[bytes], entry: ArchiveEntry) -> Iterator[bytes]:
    place, ends = entry.at, entry.at + entry.packed
    while place < ends:
        piece = _read(file, place, min(place + CHUNK, ends))
        if not piece:
            return
        place += len(piece)
        yield piece


def _unpacked(file: IO[bytes], entry: ArchiveEntry) -> Iterator[bytes]:
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    source = _packed(file, entry)
    try:
        while not unpack.eof:
            packed = unpack.unconsumed_tail or next(source, b"")
            piece = unpack.decompress(packed, CHUNK)
            if piece:
                yield piece
            elif not packed:
                raise zlib.error("truncated")
    except zlib.error as broken:
        says = Message("package.data-damaged", name=entry.name)
        raise refusal([Problem(Reason.WRONG_CRC, says)]) from broken
    if unpack.unused_data or unpack.unconsumed_tail or next(source, b""):
        says = Message("package.behind-its-data", name=entry.name)
        raise refusal([Problem(Reason.JUNK_INSIDE, says)])


def _read(file: IO[bytes], begins: int, ends: int) -> bytes:
    file.seek(begins)
    return file.read(ends - begins)
