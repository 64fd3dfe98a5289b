"""Hostile packages, made byte by byte, each with the code that refuses it.

The archive is written here by hand, because no library writes what these hold.
"""

from __future__ import annotations

import io
import os
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from models.reasons import Reason
from procedures.be_umn.samples import HERE as SAMPLES

SAMPLE = SAMPLES / "mnp-application"
UNIX, DOS = 3, 0


@dataclass(frozen=True)
class Piece:
    """One entry of an archive, and how its index and its header lie about it."""

    name: str | bytes
    content: bytes = b""
    method: int = 8
    flags: int | None = None
    mode: int = 0o100644 << 16
    maker: int = UNIX
    extra: bytes = b""
    header_extra: bytes = b""
    disk: int = 0
    index: dict[str, int] = field(default_factory=dict)
    header: dict[str, int] = field(default_factory=dict)
    header_name: bytes | None = None
    packed: bytes | None = None
    note: bytes | None = None
    before: bytes = b""

    @property
    def raw(self) -> bytes:
        return self.name if isinstance(self.name, bytes) else self.name.encode("utf-8", "surrogatepass")


def archive(
    pieces: list[Piece],
    *,
    before: bytes = b"",
    between: bytes = b"",
    after: bytes = b"",
    in_index: bytes = b"",
    end: dict[str, int] | None = None,
    locator: bytes = b"",
    shifted: bool = False,
) -> bytes:
    """The bytes of a zip. `shifted`: its offsets do not count what stands before."""
    out = bytearray(before)
    base = len(before) if shifted else 0
    index = b""
    for piece in pieces:
        out += piece.before
        flags = piece.flags if piece.flags is not None else (0 if piece.raw.isascii() else 0x800)
        packed = piece.packed
        if packed is None:
            packed = _deflated(piece.content) if piece.method == 8 else piece.content
        told = {
            "flags": flags,
            "method": piece.method,
            "crc": zlib.crc32(piece.content),
            "packed": len(packed),
            "size": len(piece.content),
            "offset": len(out) - base,
        }
        there, here = told | piece.index, told | piece.header
        name = piece.raw if piece.header_name is None else piece.header_name
        out += struct.pack(
            "<4s5H3L2H",
            b"PK\3\4",
            20,
            here["flags"],
            here["method"],
            0,
            33,
            here["crc"],
            here["packed"],
            here["size"],
            len(name),
            len(piece.header_extra),
        )
        out += name + piece.header_extra + packed + (piece.note or b"")
        index += struct.pack(
            "<4s6H3L5H2L",
            b"PK\1\2",
            piece.maker << 8 | 20,
            20,
            there["flags"],
            there["method"],
            0,
            33,
            there["crc"],
            there["packed"],
            there["size"],
            len(piece.raw),
            len(piece.extra),
            0,
            piece.disk,
            0,
            piece.mode,
            there["offset"],
        )
        index += piece.raw + piece.extra
    out += between
    index += in_index
    told = {
        "disk": 0,
        "index_disk": 0,
        "here": len(pieces),
        "count": len(pieces),
        "length": len(index),
        "begins": len(out) - base,
        "comment": 0,
    } | (end or {})
    return bytes(out) + index + locator + struct.pack("<4s4H2LH", b"PK\5\6", *told.values()) + after


def good() -> list[Piece]:
    """A package that is taken in: ours of the samples."""
    files = sorted(file for file in SAMPLE.rglob("*") if file.is_file())
    return [Piece(file.relative_to(SAMPLE).as_posix(), file.read_bytes()) for file in files]


def with_one(piece: Piece) -> bytes:
    """The good package with one more entry."""
    return archive([*good(), piece])


@dataclass(frozen=True)
class Hostile:
    """A hostile package. `make` writes it below a folder and gives what is submitted."""

    id: str
    code: Reason
    make: Callable[[Path], Path]


def zipped(id: str, code: Reason, content: Callable[[], bytes]) -> Hostile:
    """A hostile package that is one file."""

    def make(into: Path) -> Path:
        path = into / "package.zip"
        path.write_bytes(content())
        return path

    return Hostile(id, code, make)


def corpus() -> list[Hostile]:
    """Every hostile package; ids are unique."""
    return [
        *_containers(),
        *_entries(),
        *_names(),
        *_pairs(),
        *_extensions(),
        *_contents(),
        *_xml(),
        *_shapes(),
    ]


def _deflated(content: bytes, level: int = 6) -> bytes:
    pack = zlib.compressobj(level, zlib.DEFLATED, -15)
    return pack.compress(content) + pack.flush()


def _office(extension: str = "docx", **parts: bytes) -> bytes:
    main = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}[extension]
    held = {"[Content_Types].xml": b"<Types/>", main: b"<w/>"} | {
        name.replace("__", "/"): content for name, content in parts.items()
    }
    return archive([Piece(name, content) for name, content in held.items()])


def _pdf(inside: bytes = b"", end: bytes = b"%%EOF\n") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n" + inside + b"\ntrailer << /Root 1 0 R >>\n" + end
    )


def _objects(inside: bytes, filters: bytes = b"/FlateDecode", packed: bytes | None = None) -> bytes:
    held = zlib.compress(inside) if packed is None else packed
    told = b"<< /Type /ObjStm /N 1 /First 4 /Filter " + filters + b" /Length %d >>" % len(held)
    return _pdf(b"7 0 obj " + told + b"\nstream\n" + held + b"\nendstream endobj\n")


def _containers() -> Iterator[Hostile]:
    r = Reason
    whole = archive(good())
    yield zipped("empty-file", r.NOT_AN_ARCHIVE, lambda: b"")
    yield zipped("text", r.NOT_AN_ARCHIVE, lambda: b"no zip at all")
    yield zipped("cut-in-the-middle", r.NOT_AN_ARCHIVE, lambda: whole[: len(whole) // 2])
    yield zipped("cut-by-one-byte", r.NOT_AN_ARCHIVE, lambda: whole[:-1])
    yield zipped("rar", r.NOT_AN_ARCHIVE, lambda: b"Rar!\x1a\x07\x01\x00" + bytes(200))
    yield zipped("seven-zip", r.NOT_AN_ARCHIVE, lambda: b"7z\xbc\xaf\x27\x1c" + bytes(200))
    yield zipped("gzip", r.NOT_AN_ARCHIVE, lambda: b"\x1f\x8b\x08" + bytes(200))
    yield zipped("pdf-as-package", r.NOT_AN_ARCHIVE, lambda: _pdf())
    for n, junk in (
        ("byte", b"\0"),
        ("newline", b"\n"),
        ("program", b"MZ\x90\0" * 50),
        ("line", b"x" * 60_000),
    ):
        yield zipped(f"junk-after-{n}", r.JUNK_AFTER, lambda junk=junk: whole + junk)
        yield zipped(f"junk-before-{n}", r.JUNK_BEFORE, lambda junk=junk: archive(good(), before=junk))
        yield zipped(
            f"self-extracting-{n}",
            r.JUNK_BEFORE,
            lambda junk=junk: archive(good(), before=junk, shifted=True),
        )
        yield zipped(f"junk-before-index-{n}", r.JUNK_INSIDE, lambda junk=junk: archive(good(), between=junk))
        yield zipped(
            f"junk-between-{n}",
            r.JUNK_INSIDE,
            lambda junk=junk: with_one(Piece("08_other/a.txt", b"a", before=junk)),
        )
        yield zipped(
            f"comment-{n}",
            r.JUNK_AFTER,
            lambda junk=junk: archive(good(), end={"comment": len(junk)}, after=junk),
        )
    yield zipped("two-archives", r.JUNK_BEFORE, lambda: whole + archive(good()))
    yield zipped(
        "comment-hides-archive",
        r.JUNK_BEFORE,
        lambda: archive(good(), end={"comment": len(whole)}, after=whole),
    )
    yield zipped("index-too-long", r.JUNK_INSIDE, lambda: archive(good(), in_index=b"more"))
    yield zipped("index-elsewhere", r.BROKEN_ARCHIVE, lambda: archive(good(), end={"begins": len(whole) * 2}))
    yield zipped("index-huge", r.BROKEN_ARCHIVE, lambda: archive(good(), in_index=bytes(200_000)))
    yield zipped("fewer-than-listed", r.JUNK_INSIDE, lambda: archive(good(), end={"here": 3, "count": 3}))
    yield zipped("more-than-listed", r.BROKEN_ARCHIVE, lambda: archive(good(), end={"here": 99, "count": 99}))
    yield zipped("second-disk", r.SEVERAL_PARTS, lambda: archive(good(), end={"disk": 1}))
    yield zipped("index-on-second-disk", r.SEVERAL_PARTS, lambda: archive(good(), end={"index_disk": 1}))
    yield zipped("two-counts", r.SEVERAL_PARTS, lambda: archive(good(), end={"here": 2}))
    yield zipped(
        "entry-on-second-disk", r.SEVERAL_PARTS, lambda: with_one(Piece("08_other/a.txt", b"a", disk=1))
    )
    for what, value in (("count", 0xFFFF), ("length", 0xFFFFFFFF), ("begins", 0xFFFFFFFF)):
        yield zipped(
            f"zip64-{what}", r.ZIP64, lambda what=what, value=value: archive(good(), end={what: value})
        )
    yield zipped("zip64-locator", r.ZIP64, lambda: archive(good(), locator=b"PK\6\7" + bytes(16)))
    for what in ("packed", "size", "offset"):
        yield zipped(
            f"zip64-entry-{what}",
            r.ZIP64,
            lambda what=what: with_one(Piece("08_other/a.txt", b"a", index={what: 0xFFFFFFFF})),
        )
    field = struct.pack("<2H2Q", 1, 16, 1, 1)
    yield zipped("zip64-field", r.ZIP64, lambda: with_one(Piece("08_other/a.txt", b"a", extra=field)))
    many = [Piece(f"08_other/{n}.txt", b"", method=0) for n in range(1001)]
    yield zipped("many-files", r.FILE_COUNT, lambda: archive(many))
    folders = [Piece(f"08_other/{n}/", b"", method=0) for n in range(1001)]
    yield zipped("many-folders", r.FILE_COUNT, lambda: archive(folders))
    yield zipped("index-broken", r.BROKEN_ARCHIVE, lambda: whole.replace(b"PK\1\2", b"PK\1\3", 1))
    yield zipped("all-zeros", r.NOT_AN_ARCHIVE, lambda: bytes(10_000))


def _entries() -> Iterator[Hostile]:
    r = Reason
    a = Piece("08_other/a.txt", b"some text\n" * 20)

    def one(id: str, code: Reason, **changed: object) -> Hostile:
        return zipped(id, code, lambda: with_one(replace(a, **changed)))  # type: ignore[arg-type]

    yield one("encrypted", r.ENCRYPTED, flags=1)
    yield one("encrypted-strong", r.ENCRYPTED, flags=0x41)
    yield one("encrypted-index", r.ENCRYPTED, flags=0x2000)
    yield one("encrypted-aes", r.ENCRYPTED, method=99, packed=b"x" * 30)
    yield one("encrypted-aes-field", r.ENCRYPTED, extra=struct.pack("<2H7s", 0x9901, 7, b"\2\0AE\3\x08\0"))
    yield one("encrypted-field", r.ENCRYPTED, extra=struct.pack("<2H4s", 0x17, 4, b"\2\0\0\0"))
    yield one("encrypted-in-index-only", r.ENCRYPTED, index={"flags": 1})
    for method in (1, 6, 9, 12, 14, 93, 95, 97, 98):
        yield one(f"compression-{method}", r.COMPRESSION, method=method, packed=b"x" * 30)
    yield one("encrypted-in-header-only", r.LYING_HEADER, header={"flags": 1})
    yield one("method-in-header", r.LYING_HEADER, header={"method": 0})
    yield one("crc-in-header", r.LYING_HEADER, header={"crc": 1})
    yield one("size-in-header", r.LYING_SIZE, header={"size": 3})
    yield one("packed-in-header", r.LYING_SIZE, header={"packed": 3})
    yield one("size-in-both-too-small", r.LYING_SIZE, index={"size": 3}, header={"size": 3})
    yield one("size-in-both-too-large", r.LYING_SIZE, index={"size": 9999}, header={"size": 9999})
    yield one("size-in-index-only", r.LYING_SIZE, index={"size": 3})
    yield one("crc-in-both", r.WRONG_CRC, index={"crc": 1}, header={"crc": 1})
    yield one("crc-of-stored", r.WRONG_CRC, method=0, index={"crc": 1}, header={"crc": 1})
    yield one("packed-too-long", r.OVERLAP, index={"packed": 9999})
    yield one("packed-too-short", r.LYING_SIZE, index={"packed": 5})
    yield one("two-sizes-of-stored", r.LYING_SIZE, method=0, index={"size": 3}, header={"size": 3})
    cut = _deflated(a.content)[:-2]
    yield one("data-cut", r.WRONG_CRC, packed=cut)
    yield one("data-no-deflate", r.WRONG_CRC, packed=b"\xff" * 40)
    yield one("data-with-tail", r.JUNK_INSIDE, packed=_deflated(a.content) + b"hidden")
    told = (zlib.crc32(a.content), len(_deflated(a.content)), len(a.content))
    zero = {"crc": 0, "packed": 0, "size": 0}
    wrong = (("crc", (1, *told[1:])), ("packed", (told[0], 5, told[2])), ("size", (*told[:2], 5)))
    for what, said in wrong:
        code = r.LYING_HEADER if what == "crc" else r.LYING_SIZE
        note = b"PK\7\x08" + struct.pack("<3L", *said)
        yield one(f"note-behind-{what}", code, flags=8, header=zero, note=note)
    yield one("note-missing", r.OVERLAP, flags=8, header=zero)
    yield one("note-unannounced", r.JUNK_INSIDE, note=b"PK\7\x08" + struct.pack("<3L", *told))
    yield one("offset-into-nothing", r.BROKEN_ARCHIVE, index={"offset": 0x7FFFFFFF})
    yield one("offset-by-one", r.BROKEN_ARCHIVE, index={"offset": 1})
    yield zipped(
        "one-data-for-two",
        r.OVERLAP,
        lambda: archive([*good(), replace(a, name=good()[0].raw, index={"offset": 0})]),
    )
    yield zipped("overlap-of-many", r.OVERLAP, _overlapping)
    yield one("folder-with-content", r.LYING_SIZE, name="08_other/a.txt/", mode=0o40755 << 16)
    yield one("extra-broken", r.BROKEN_ARCHIVE, extra=b"\1\2\3")
    yield one("extra-too-long", r.BROKEN_ARCHIVE, extra=struct.pack("<2H", 0x5455, 400))
    yield one("extra-twice", r.BROKEN_ARCHIVE, extra=struct.pack("<2H1s", 0x5455, 1, b"x") * 2)
    yield one("extra-broken-in-header", r.BROKEN_ARCHIVE, header_extra=b"\1\2\3")
    yield one("name-in-header", r.TWO_NAMES, header_name=b"08_other/b.txt")
    yield one("name-in-header-leads-out", r.TWO_NAMES, header_name=b"../../evil.txt")
    second = b"08_other/evil.txt"
    field = struct.pack("<2HBL", 0x7075, 5 + len(second), 1, zlib.crc32(a.raw)) + second
    yield one("name-in-field", r.TWO_NAMES, extra=field)
    yield one("name-in-field-of-header", r.TWO_NAMES, header_extra=field)
    for id, blank, size in (("zeros", b"\0", 2_000_000), ("spaces", b" ", 40_000_000)):
        yield zipped(f"bomb-{id}", r.RATIO, lambda b=blank, s=size: with_one(replace(a, content=b * s)))
    yield zipped(
        "bomb-of-many",
        r.RATIO,
        lambda: archive(
            [*good(), *(replace(a, name=f"08_other/{n}.txt", content=b" " * 1_000_000) for n in range(30))]
        ),
    )
    huge = {"size": 250_000_001}
    yield one("too-large", r.TOTAL_SIZE, index=huge, header=huge)
    large = {"size": 0xFFFFFFFE}
    yield one("too-large-by-far", r.TOTAL_SIZE, index=large, header=large)
    part = {"size": 130_000_000, "packed": 130_000_000}
    yield zipped(
        "too-large-together",
        r.TOTAL_SIZE,
        lambda: archive(
            [*good(), *(replace(a, name=f"08_other/{n}.txt", index=part, header=part) for n in (1, 2))]
        ),
    )
    for id, code, mode, maker in (
        ("symbolic-link", r.SYMBOLIC_LINK, 0o120777 << 16, UNIX),
        ("symbolic-link-from-dos", r.SYMBOLIC_LINK, 0o120777 << 16, DOS),
        ("reparse-point", r.SYMBOLIC_LINK, 0x400, 10),
        ("character-device", r.DEVICE, 0o020666 << 16, UNIX),
        ("block-device", r.DEVICE, 0o060666 << 16, UNIX),
        ("pipe", r.DEVICE, 0o010666 << 16, UNIX),
        ("socket", r.DEVICE, 0o140666 << 16, UNIX),
        ("volume-label", r.DEVICE, 0x8, DOS),
        ("folder-without-slash", r.DEVICE, 0o040755 << 16, UNIX),
        ("unknown-kind", r.DEVICE, 0o170000 << 16, UNIX),
    ):
        yield one(id, code, mode=mode, maker=maker)
    link = struct.pack("<2HLHLHH", 0x756E, 14 + 11, 0, 0o120777, 11, 0, 0) + b"/etc/passwd"
    yield one("link-in-field", r.SYMBOLIC_LINK, extra=link)
    hard = struct.pack("<2H2L2H", 0xD, 12 + 11, 0, 0, 0, 0) + b"/etc/passwd"
    yield one("hard-link-in-field", r.HARD_LINK, extra=hard)


def _overlapping() -> bytes:
    """One body of data that many entries share: each header is quoted by the one before it."""
    pieces = [Piece("08_other/a.txt", b"a" * 500, method=0)]
    whole = archive([*good(), *pieces])
    begins = whole.index(b"PK\3\4", whole.index(b"08_other/a.txt") - 30)
    shared = {"offset": begins}
    return archive([*good(), *pieces, *(replace(pieces[0], index=shared) for _ in range(3))])


def _names() -> Iterator[Hostile]:
    r = Reason
    cases: list[tuple[Reason, str]] = [
        *(
            (r.PATH_TRAVERSAL, name)
            for name in (
                "../evil.txt",
                "../../etc/passwd.txt",
                "08_other/../../evil.txt",
                "08_other/../evil.txt",
                "..",
                "08_other/..",
                "..\\evil.txt",
                "08_other\\..\\..\\evil.txt",
                "08_other/..\\evil.txt",
            )
        ),
        *(
            (r.ABSOLUTE_NAME, name)
            for name in ("/etc/passwd.txt", "/evil.txt", "/08_other/a.txt", "\\evil.txt", "/../a.txt")
        ),
        *(
            (r.NETWORK_NAME, name)
            for name in (
                "//server/share/a.txt",
                "\\\\server\\share\\a.txt",
                "\\\\?\\C:\\a.txt",
                "\\\\.\\pipe\\a",
            )
        ),
        *(
            (r.DRIVE_NAME, name)
            for name in ("C:/evil.txt", "C:\\evil.txt", "c:evil.txt", "Z:/08_other/a.txt")
        ),
        *(
            (r.ODD_PATH, name)
            for name in ("./a.txt", "08_other//a.txt", "08_other/./a.txt", "", "08_other/.")
        ),
        *((r.BACKSLASH, name) for name in ("08_other\\a.txt", "08_other/b\\a.txt", "a\\")),
        *((r.NUL_IN_NAME, name) for name in ("08_other/a.txt\0.exe", "08_other/\0a.txt", "\0")),
        *((r.CONTROL_CHARACTER, f"08_other/a{sign}b.txt") for sign in "\x01\x07\x08\t\n\r\x1b\x7f\x85\x9b"),
        *(
            (r.DIRECTION_OVERRIDE, f"08_other/a{sign}txt.exe")
            for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
        ),
        *(
            (r.INVISIBLE_CHARACTER, f"08_other/a{sign}b.txt")
            for sign in "\u00ad\u200b\u200d\u2060\ufeff\u2028\u2029\ue000\U000e0041\uffff"
        ),
        *(
            (r.RESERVED_NAME, f"08_other/{name}")
            for name in (
                "con.txt",
                "CON.txt",
                "nul.txt",
                "nul",
                "aux.pdf",
                "prn.txt",
                "com1.txt",
                "COM9.pdf",
                "lpt1.txt",
                "com¹.txt",
                "con.tar.txt",
                "nul .txt",
                "CONIN$.txt",
                "con/a.txt",
                "clock$.txt",
            )
        ),
        *((r.RESERVED_CHARACTER, f"08_other/a{sign}b.txt") for sign in '<>:"|?*'),
        (r.RESERVED_CHARACTER, "08_other/a.txt:stream.txt"),
        *(
            (r.TRAILING_DOT_OR_SPACE, name)
            for name in (
                "08_other/a.txt.",
                "08_other/a.txt ",
                "08_other/a./b.txt",
                "08_other /a.txt",
                "08_other/ a.txt",
                "08_other/...",
                "08_other/a.txt\u00a0",
            )
        ),
        (r.NAME_TOO_LONG, "08_other/" + "x" * 200 + ".txt"),
        (r.NAME_TOO_LONG, "08_other/" + "\u4e00" * 100 + ".txt"),
        (r.DEPTH, "08_other/1/2/3/4/5/6/7/a.txt"),
        (r.DEPTH, "08_other/" + "x/" * 90 + "a.txt"),
    ]
    for number, (code, name) in enumerate(cases):
        yield zipped(f"name-{code}-{number}", code, lambda name=name: with_one(Piece(name, b"a")))
    for number, raw in enumerate((b"08_other/caf\xe9.txt", b"08_other/\x82t\x82t.txt", b"08_other/\xff.txt")):
        yield zipped(
            f"name-legacy-{number}", r.NAME_NOT_UTF8, lambda raw=raw: with_one(Piece(raw, b"a", flags=0))
        )
        yield zipped(
            f"name-said-utf8-{number}",
            r.NAME_NOT_UTF8,
            lambda raw=raw: with_one(Piece(raw, b"a", flags=0x800)),
        )
    raw = b"08_other/\xed\xb3\xbf.txt"
    yield zipped("name-surrogate", r.NAME_NOT_UTF8, lambda: with_one(Piece(raw, b"a", flags=0x800)))
    slash = b"08_other/..\xc0\xafa.txt"
    yield zipped("name-overlong-slash", r.NAME_NOT_UTF8, lambda: with_one(Piece(slash, b"a", flags=0x800)))


def _pairs() -> Iterator[Hostile]:
    r = Reason
    composed, apart = (unicodedata.normalize(form, "08_other/caf\u00e9.txt") for form in ("NFC", "NFD"))
    pairs = [
        (r.DUPLICATE_NAME, "08_other/a.txt", "08_other/a.txt"),
        (r.DUPLICATE_NAME, "08_other/b/", "08_other/b/"),
        (r.SAME_NAME_BY_CASE, "08_other/a.txt", "08_other/A.TXT"),
        (r.SAME_NAME_BY_CASE, "08_other/x/a.txt", "08_other/X/b.txt"),
        (r.SAME_NAME_BY_CASE, "08_other/stra\u00dfe.txt", "08_other/STRASSE.txt"),
        (r.SAME_NAME_BY_CASE, "02_protocol/ANNEX-vi-protocol.txt", "08_other/a.txt"),
        (r.SAME_NAME_BY_UNICODE, composed, apart),
        (r.SAME_NAME_BY_UNICODE, "08_other/a1.txt", "08_other/a\u2460.txt"),
        (r.SAME_NAME_BY_CASE, "08_other/fi.txt", "08_other/\ufb01.txt"),
        (r.SAME_NAME_BY_UNICODE, "08_other/a.txt", "08_other/\uff41.txt"),
        (r.SAME_NAME_BY_CASE, "08_other/k.txt", "08_other/\u212a.txt"),
        (r.FILE_AND_FOLDER, "08_other/a.txt", "08_other/a.txt/b.txt"),
        (r.FILE_AND_FOLDER, "08_other/a.txt/b.txt", "08_other/a.txt"),
        (r.FILE_AND_FOLDER, "08_other/a.txt", "08_other/a.txt/"),
    ]
    for number, (code, first, second) in enumerate(pairs):
        mode = 0o40755 << 16

        def piece(name: str, mode: int = mode) -> Piece:
            return Piece(name, method=0, mode=mode) if name.endswith("/") else Piece(name, b"a")

        yield zipped(
            f"pair-{code}-{number}", code, lambda a=first, b=second, p=piece: archive([*good(), p(a), p(b)])
        )


def _extensions() -> Iterator[Hostile]:
    r = Reason
    programs = "exe EXE dll com bat cmd ps1 vbs js jse wsf hta msi scr lnk sh py jar url reg chm".split()  # noqa: SIM905
    for extension in programs:
        yield zipped(
            f"program-{extension}", r.EXECUTABLE, lambda e=extension: with_one(Piece(f"08_other/a.{e}", b"a"))
        )
    for extension in ("docm", "xlsm", "pptm", "dotm", "xlsb", "XLSM"):
        yield zipped(
            f"macro-{extension}", r.MACRO, lambda e=extension: with_one(Piece(f"08_other/a.{e}", b"a"))
        )
    for extension in ("zip", "rar", "7z", "gz", "tar", "tgz", "bz2", "xz", "cab", "iso", "ZIP"):
        yield zipped(
            f"nested-{extension}",
            r.NESTED_ARCHIVE,
            lambda e=extension: with_one(Piece(f"08_other/a.{e}", b"a")),
        )
    for name in (
        "a",
        "a.doc",
        "a.html",
        "a.svg",
        "a.rtf",
        "a.DS_Store",
        "a.db",
        "a.xls",
        "a.msg",
        ".txt",
        "a.pdf.bak",
    ):
        yield zipped(f"extension-{name}", r.EXTENSION, lambda n=name: with_one(Piece(f"08_other/{n}", b"a")))


def _contents() -> Iterator[Hostile]:
    r = Reason
    inner = archive([Piece("a.txt", b"a")])
    bomb = archive([Piece("word/document.xml", b" " * 30_000_000), Piece("[Content_Types].xml", b"<Types/>")])
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    cases: list[tuple[str, Reason, str, bytes]] = [
        ("mz-as-pdf", r.EXECUTABLE, "a.pdf", b"MZ\x90\0\3\0\0\0" + bytes(100)),
        ("mz-as-txt", r.EXECUTABLE, "a.txt", b"MZ\x90\0\3\0\0\0" + bytes(100)),
        ("elf-as-png", r.EXECUTABLE, "a.png", b"\x7fELF\2\1\1" + bytes(100)),
        ("elf-as-docx", r.EXECUTABLE, "a.docx", b"\x7fELF\2\1\1" + bytes(100)),
        ("mach-o-as-jpg", r.EXECUTABLE, "a.jpg", b"\xcf\xfa\xed\xfe" + bytes(100)),
        ("mach-o-fat-as-tif", r.EXECUTABLE, "a.tif", b"\xca\xfe\xba\xbe" + bytes(100)),
        ("wasm-as-txt", r.EXECUTABLE, "a.txt", b"\0asm\1\0\0\0"),
        ("shell-as-txt", r.EXECUTABLE, "a.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("shell-as-csv-with-mark", r.EXECUTABLE, "a.csv", b"\xef\xbb\xbf#! /usr/bin/env python\n"),
        ("zip-as-pdf", r.NESTED_ARCHIVE, "a.pdf", inner),
        ("zip-as-txt", r.NESTED_ARCHIVE, "a.txt", inner),
        ("rar-as-jpg", r.NESTED_ARCHIVE, "a.jpg", b"Rar!\x1a\x07\x01\0" + bytes(100)),
        ("seven-zip-as-pdf", r.NESTED_ARCHIVE, "a.pdf", b"7z\xbc\xaf\x27\x1c" + bytes(100)),
        ("gzip-as-txt", r.NESTED_ARCHIVE, "a.txt", b"\x1f\x8b\x08\0" + bytes(100)),
        ("bzip2-as-csv", r.NESTED_ARCHIVE, "a.csv", b"BZh91AY&SY" + bytes(100)),
        ("xz-as-json", r.NESTED_ARCHIVE, "a.json", b"\xfd7zXZ\0" + bytes(100)),
        ("tar-as-txt", r.NESTED_ARCHIVE, "a.txt", b"a.txt".ljust(257, b"\0") + b"ustar\x0000" + bytes(300)),
        ("pdf-with-zip-behind", r.NESTED_ARCHIVE, "a.pdf", _pdf() + inner),
        ("png-with-zip-behind", r.NESTED_ARCHIVE, "a.png", b"\x89PNG\r\n\x1a\n" + bytes(50) + inner),
        ("jpg-with-zip-behind", r.NESTED_ARCHIVE, "a.jpg", b"\xff\xd8\xff\xe0" + bytes(50) + inner),
        ("text-as-pdf", r.CONTENT_AGAINST_EXTENSION, "a.pdf", b"just text"),
        ("pdf-after-a-page", r.CONTENT_AGAINST_EXTENSION, "a.pdf", b"<script>x()</script>" + _pdf()),
        ("pdf-very-late", r.CONTENT_AGAINST_EXTENSION, "a.pdf", b"\n" * 1100 + _pdf()),
        ("pdf-nothing-but-blanks", r.CONTENT_AGAINST_EXTENSION, "a.pdf", b"\n \n"),
        ("pdf-cut", r.CONTENT_AGAINST_EXTENSION, "a.pdf", _pdf(end=b"")),
        ("png-as-jpg", r.CONTENT_AGAINST_EXTENSION, "a.jpg", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("jpg-as-png", r.CONTENT_AGAINST_EXTENSION, "a.png", b"\xff\xd8\xff\xe0" + bytes(50)),
        ("gif-as-tif", r.CONTENT_AGAINST_EXTENSION, "a.tif", b"GIF89a" + bytes(50)),
        ("pdf-as-docx", r.CONTENT_AGAINST_EXTENSION, "a.docx", _pdf()),
        ("pdf-as-txt-with-zero", r.CONTENT_AGAINST_EXTENSION, "a.txt", b"%PDF-1.7\0"),
        ("binary-as-csv", r.CONTENT_AGAINST_EXTENSION, "a.csv", bytes(range(256))),
        ("escape-in-txt", r.CONTENT_AGAINST_EXTENSION, "a.txt", b"text \x1b[2J"),
        ("odd-utf16", r.CONTENT_AGAINST_EXTENSION, "a.txt", b"\xff\xfea\0b"),
        ("control-in-utf16", r.CONTENT_AGAINST_EXTENSION, "a.txt", b"\xff\xfea\0\x01\0"),
        ("binary-as-json", r.CONTENT_AGAINST_EXTENSION, "a.json", b'{"a": "\0"}'),
        ("old-word-as-docx", r.CONTENT_AGAINST_EXTENSION, "a.docx", ole),
        ("zip-as-docx", r.CONTENT_AGAINST_EXTENSION, "a.docx", inner),
        ("xlsx-as-docx", r.CONTENT_AGAINST_EXTENSION, "a.docx", _office("xlsx")),
        (
            "docx-with-password",
            r.ENCRYPTED,
            "a.docx",
            ole + "EncryptedPackage".encode("utf-16-le") + bytes(99),
        ),
        ("docx-with-macro", r.MACRO, "a.docx", _office(**{"word__vbaProject.bin": b"x"})),
        ("xlsx-with-macro", r.MACRO, "a.xlsx", _office("xlsx", **{"xl__VBAPROJECT.BIN": b"x"})),
        (
            "xlsx-with-old-macro",
            r.MACRO,
            "a.xlsx",
            _office("xlsx", **{"xl__macrosheets__sheet1.xml": b"<x/>"}),
        ),
        ("docx-with-control", r.MACRO, "a.docx", _office(**{"word__activeX__activeX1.bin": b"x"})),
        (
            "docm-renamed",
            r.MACRO,
            "a.docx",
            archive(
                [
                    Piece("[Content_Types].xml", b'<T a="macroEnabled.main+xml"/>'),
                    Piece("word/document.xml", b"<w/>"),
                ]
            ),
        ),
        (
            "docx-with-object",
            r.ACTIVE_CONTENT,
            "a.docx",
            _office(**{"word__embeddings__oleObject1.bin": b"x"}),
        ),
        ("docx-with-program", r.ACTIVE_CONTENT, "a.docx", _office(**{"word__embeddings__a.exe": b"MZ"})),
        ("docx-with-archive", r.ACTIVE_CONTENT, "a.docx", _office(**{"word__embeddings__a.zip": inner})),
        (
            "xlsx-with-links",
            r.ACTIVE_CONTENT,
            "a.xlsx",
            _office("xlsx", **{"xl__externalLinks__externalLink1.xml": b"<x/>"}),
        ),
        ("docx-with-dtd", r.XML_DTD, "a.docx", _office(**{"word__a.xml": b"<!DOCTYPE a SYSTEM 'x'><a/>"})),
        (
            "docx-with-entity-in-utf16",
            r.XML_DTD,
            "a.docx",
            _office(**{"word__a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")}),
        ),
        ("docx-bomb", r.RATIO, "a.docx", bomb),
        (
            "docx-encrypted-part",
            r.ENCRYPTED,
            "a.docx",
            archive([Piece("word/document.xml", b"<w/>", flags=1), Piece("[Content_Types].xml", b"<T/>")]),
        ),
        (
            "docx-part-twice",
            r.DUPLICATE_NAME,
            "a.docx",
            archive(
                [Piece(n, b"<w/>") for n in ("[Content_Types].xml", "word/document.xml", "word/Document.xml")]
            ),
        ),
        ("docx-with-junk-behind", r.JUNK_AFTER, "a.docx", _office() + b"more"),
        (
            "docx-damaged",
            r.WRONG_CRC,
            "a.docx",
            archive(
                [
                    Piece("[Content_Types].xml", b"<T/>"),
                    Piece("word/document.xml", b"<w/>", index={"crc": 1}, header={"crc": 1}),
                ]
            ),
        ),
        (
            "pdf-javascript",
            r.ACTIVE_CONTENT,
            "a.pdf",
            _pdf(b"2 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj"),
        ),
        ("pdf-javascript-tight", r.ACTIVE_CONTENT, "a.pdf", _pdf(b"2 0 obj<</S/JavaScript/JS(x)>>endobj")),
        (
            "pdf-javascript-escaped",
            r.ACTIVE_CONTENT,
            "a.pdf",
            _pdf(b"2 0 obj<</S/J#61vaScript/JS(x)>>endobj"),
        ),
        (
            "pdf-javascript-remark",
            r.ACTIVE_CONTENT,
            "a.pdf",
            _pdf(b"2 0 obj<</S %x\n /JavaScript/JS(x)>>endobj"),
        ),
        (
            "pdf-javascript-by-number",
            r.ACTIVE_CONTENT,
            "a.pdf",
            _pdf(b"2 0 obj<</S 3 0 R>>endobj 3 0 obj /JavaScript endobj"),
        ),
        ("pdf-launch", r.ACTIVE_CONTENT, "a.pdf", _pdf(b"2 0 obj << /S /Launch /F (cmd.exe) >> endobj")),
        ("pdf-rich-media", r.ACTIVE_CONTENT, "a.pdf", _pdf(b"2 0 obj << /Subtype /RichMedia >> endobj")),
        ("pdf-import", r.ACTIVE_CONTENT, "a.pdf", _pdf(b"2 0 obj << /S /ImportData >> endobj")),
        (
            "pdf-with-file",
            r.ACTIVE_CONTENT,
            "a.pdf",
            _pdf(b"2 0 obj << /Type /EmbeddedFile >> stream\nMZ\nendstream"),
        ),
        (
            "pdf-with-files",
            r.ACTIVE_CONTENT,
            "a.pdf",
            _pdf(b"2 0 obj << /Names << /EmbeddedFiles 3 0 R >> >> endobj"),
        ),
        ("pdf-javascript-packed", r.ACTIVE_CONTENT, "a.pdf", _objects(b"9 0 << /S /JavaScript /JS (x) >>")),
        (
            "pdf-odd-filter",
            r.ACTIVE_CONTENT,
            "a.pdf",
            _objects(b"", b"[/ASCIIHexDecode /FlateDecode]", b"789c"),
        ),
        (
            "pdf-packed-far",
            r.ACTIVE_CONTENT,
            "a.pdf",
            _objects(os.urandom(400_000).hex().encode() + b"<< /S /JavaScript >>"),
        ),
        ("pdf-bomb", r.RATIO, "a.pdf", _objects(b" " * 40_000_000)),
        ("pdf-password", r.ENCRYPTED, "a.pdf", _pdf(b"trailer << /Encrypt 5 0 R >>")),
        ("pdf-password-inline", r.ENCRYPTED, "a.pdf", _pdf(b"trailer <</Encrypt<</Filter/Standard>>>>")),
    ]
    for id, code, name, content in cases:
        yield zipped(f"content-{id}", code, lambda n=name, c=content: with_one(Piece(f"08_other/{n}", c)))


def _xml() -> Iterator[Hostile]:
    r = Reason
    laughs = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'
    include = b'<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="/etc/passwd"/></a>'
    cases = [
        ("dtd", r.XML_DTD, b"<!DOCTYPE a><a/>"),
        ("dtd-outside", r.XML_DTD, b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'),
        ("dtd-public", r.XML_DTD, b'<!DOCTYPE a PUBLIC "x" "http://example.invalid/a.dtd"><a/>'),
        ("dtd-inside", r.XML_DTD, b"<!DOCTYPE a [<!ELEMENT a ANY>]><a/>"),
        ("dtd-in-utf16", r.XML_DTD, "<!DOCTYPE a><a/>".encode("utf-16")),
        ("laughs", r.XML_ENTITY, laughs),
        ("entity-outside", r.XML_ENTITY, b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        (
            "entity-parameter",
            r.XML_ENTITY,
            b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://example.invalid">%b;]><a/>',
        ),
        ("entity-unused", r.XML_ENTITY, b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'),
        (
            "entity-blow-up",
            r.XML_ENTITY,
            b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 50_000 + b'">]><a>' + b"&b;" * 500 + b"</a>",
        ),
        ("include", r.XML_INCLUSION, include),
        (
            "style-sheet",
            r.XML_INCLUSION,
            b'<?xml-stylesheet type="text/xsl" href="http://example.invalid/a.xsl"?><a/>',
        ),
        ("deep", r.XML_DEPTH, b"<a>" * 65 + b"</a>" * 65),
        ("very-deep", r.XML_DEPTH, b"<a>" * 100_000),
        ("large", r.XML_SIZE, b"<a>" + os.urandom(1_600_000).hex().encode() * 2 + b"</a>"),
        ("nothing-declared", r.NOT_XML, b"<a>&b;</a>"),
        ("text", r.NOT_XML, b"no XML"),
        ("unfinished", r.NOT_XML, b"<a><b></a>"),
        ("unknown-encoding", r.NOT_XML, b'<?xml version="1.0" encoding="utf-7"?><a/>'),
        ("two-roots", r.NOT_XML, b"<a/><b/>"),
        ("attribute-twice", r.NOT_XML, b'<a b="1" b="2"/>'),
    ]
    for id, code, content in cases:
        yield zipped(f"xml-{id}", code, lambda c=content: with_one(Piece("08_other/a.xml", c)))
    dtd = b'<!DOCTYPE delivery [<!ENTITY a "b">]><delivery>&a;</delivery>'
    yield zipped(
        "xml-delivery-file",
        r.XML_ENTITY,
        lambda: archive(
            [replace(piece, content=dtd) if piece.raw.endswith(b".xml") else piece for piece in good()]
        ),
    )


def _shapes() -> Iterator[Hostile]:
    r = Reason

    def without(part: bytes) -> list[Piece]:
        return [piece for piece in good() if part not in piece.raw]

    yield zipped("nothing-in-it", r.DELIVERY_FILE_MISSING, lambda: archive([]))
    yield zipped("no-delivery-file", r.DELIVERY_FILE_MISSING, lambda: archive(without(b".xml")))
    yield zipped(
        "two-delivery-files", r.SEVERAL_DELIVERY_FILES, lambda: with_one(Piece("OTHER-1.xml", b"<a/>"))
    )
    yield zipped("no-cover-letter", r.FORM_MISSING, lambda: archive(without(b"cover-letter.json")))
    yield zipped("no-form", r.FORM_MISSING, lambda: archive(without(b"form.json")))
    yield zipped("strange-folder", r.LAYOUT, lambda: with_one(Piece("09_more/a.txt", b"a")))
    yield zipped("strange-file", r.LAYOUT, lambda: with_one(Piece("notes.txt", b"a")))
    yield zipped(
        "national-number-in-name",
        r.NATIONAL_NUMBER,
        lambda: with_one(Piece("08_other/85.07.30-033.28.txt", b"a")),
    )

    def folder(into: Path) -> Path:
        package = into / "package"
        for piece in good():
            file = package / piece.raw.decode()
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(piece.content)
        (package / "08_other").mkdir(exist_ok=True)
        return package

    def in_folder(id: str, code: Reason, change: Callable[[Path], object]) -> Hostile:
        def make(into: Path) -> Path:
            package = folder(into)
            change(package)
            return package

        return Hostile(f"folder-{id}", code, make)

    yield in_folder("link", r.SYMBOLIC_LINK, lambda p: (p / "08_other" / "a.txt").symlink_to("/etc/hostname"))
    yield in_folder(
        "link-to-nothing", r.SYMBOLIC_LINK, lambda p: (p / "08_other" / "a.txt").symlink_to("/nothing")
    )
    yield in_folder("linked-folder", r.SYMBOLIC_LINK, lambda p: (p / "08_other" / "a").symlink_to("/etc"))
    yield in_folder(
        "hard-link", r.HARD_LINK, lambda p: os.link(next(p.glob("*.xml")), p / "08_other" / "a.xml")
    )
    yield in_folder("pipe", r.DEVICE, lambda p: os.mkfifo(p / "08_other" / "a.txt"))
    yield in_folder("backslash", r.BACKSLASH, lambda p: (p / "08_other" / "a\\b.txt").touch())
    yield in_folder("control", r.CONTROL_CHARACTER, lambda p: (p / "08_other" / "a\x1b.txt").touch())
    yield in_folder("direction", r.DIRECTION_OVERRIDE, lambda p: (p / "08_other" / "a\u202etxt.pdf").touch())
    yield in_folder(
        "not-utf8", r.NAME_NOT_UTF8, lambda p: open(os.fsencode(p) + b"/08_other/\xe9.txt", "wb").close()
    )
    yield in_folder(
        "case", r.SAME_NAME_BY_CASE, lambda p: [(p / "08_other" / n).touch() for n in ("a.txt", "A.txt")]
    )
    yield in_folder("reserved", r.RESERVED_NAME, lambda p: (p / "08_other" / "nul.txt").touch())
    yield in_folder("deep", r.DEPTH, lambda p: (p / "08_other" / "/".join("abcdefghij")).mkdir(parents=True))
    yield in_folder("nested", r.NESTED_ARCHIVE, lambda p: (p / "08_other" / "a.zip").write_bytes(archive([])))
    yield in_folder("program", r.EXECUTABLE, lambda p: (p / "08_other" / "a.txt").write_bytes(b"#!/bin/sh\n"))
    yield in_folder(
        "sparse", r.TOTAL_SIZE, lambda p: os.truncate(_made(p / "08_other" / "a.pdf"), 300_000_000)
    )
    yield in_folder(
        "many", r.FILE_COUNT, lambda p: [(p / "08_other" / f"{n}.txt").touch() for n in range(1000)]
    )

    def beside(id: str, code: Reason, change: Callable[[Path], Path]) -> Hostile:
        def make(into: Path) -> Path:
            delivery = next(piece for piece in good() if piece.raw.endswith(b".xml"))
            (into / delivery.raw.decode()).write_bytes(delivery.content)
            (into / "documents.zip").write_bytes(archive(without(b".xml")))
            return change(into)

        return Hostile(f"delivery-{id}", code, make)

    def xml(into: Path) -> Path:
        return next(into.glob("*.xml"))

    def removed(into: Path) -> Path:
        (into / "documents.zip").unlink()
        return xml(into)

    def second(into: Path) -> Path:
        (into / "other.zip").write_bytes(archive([]))
        return xml(into)

    def inside(into: Path) -> Path:
        (into / "documents.zip").write_bytes(archive(good()))
        return xml(into)

    def two(into: Path) -> Path:
        (into / "OTHER-1.xml").write_bytes(b"<a/>")
        return into

    def more(into: Path) -> Path:
        (into / "notes.txt").write_bytes(b"a")
        return into

    def alone(into: Path) -> Path:
        xml(into).unlink()
        return into

    def linked(into: Path) -> Path:
        real = (into / "documents.zip").rename(into / "documents.bin")
        (into / "documents.zip").symlink_to(real)
        return xml(into)

    yield beside("without-archive", r.ARCHIVE_MISSING, removed)
    yield beside("with-two-archives", r.SEVERAL_ARCHIVES, second)
    yield beside("inside-and-beside", r.DUPLICATE_NAME, inside)
    yield beside("with-two-delivery-files", r.SEVERAL_DELIVERY_FILES, two)
    yield beside("with-more", r.LAYOUT, more)
    yield beside("archive-alone", r.DELIVERY_FILE_MISSING, alone)
    yield beside("archive-is-a-link", r.SYMBOLIC_LINK, linked)


def _made(path: Path) -> Path:
    path.write_bytes(b"%PDF-")
    return path


def office_document(extension: str) -> bytes:
    """A harmless document, as a library writes it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("[Content_Types].xml", "<Types/>")
        written.writestr("word/document.xml" if extension == "docx" else "xl/workbook.xml", "<w/>")
    return held.getvalue()


def harmless_pdf() -> bytes:
    """A harmless PDF, with a link that only looks as if it started something, and a packed object."""
    return _objects(b"9 0 << /Title (https://example.invalid/JavaScript) >>")
