"""Packages as programs make them: what they leave in them, how they spell names, and how they end."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import PackageRefused
from models.findings import Finding, Severity
from models.reasons import Reason
from office.desk.examining import told
from office.intake.leftovers import left_by
from office.intake.package import Package, files_of, read_package
from tests.intake.hostile import Piece, archive, good, harmless_pdf

APPLE = b"\0\5\x16\7\0\2\0\0Mac OS X" + bytes(60)
RESUME = "08_other/Résumé.txt"


def taken(into: Path, *pieces: Piece, instead: bytes | None = None) -> Package:
    path = into / "package.zip"
    path.write_bytes(instead or archive([*good(), *pieces]))
    return read_package(path)


def refused(into: Path, *pieces: Piece, instead: bytes | None = None) -> tuple[str, str]:
    with pytest.raises(PackageRefused) as why:
        taken(into, *pieces, instead=instead)
    return why.value.code, why.value.message


# --- what systems leave


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        (".DS_Store", "macos"),
        ("02_protocol/.DS_Store", "macos"),
        ("__MACOSX/02_protocol/._annex-vi-protocol.txt", "macos"),
        ("08_other/._a.pdf", "macos"),
        ("06_labelling/Thumbs.db", "windows"),
        ("desktop.ini", "windows"),
        ("08_other/Desktop.INI", "windows"),
        ("02_protocol/~$annex-vi-protocol.docx", "office"),
        ("02_protocol/.~lock.annex-vi-protocol.odt#", "office"),
        ("02_protocol/~WRL0001.tmp", "office"),
        ("06_labelling/Thumbs.db:encryptable", "windows"),
        ("02_protocol/annex-vi-protocol.txt:Zone.Identifier", "windows"),
        ("06_labelling/Icon\r", "macos"),
        ("08_other/~WRL0001.pdf", None),
        ("08_other/a.tmp", None),
        ("08_other/Icon", None),
        ("08_other/a.pdf:b.exe", None),
        ("08_other/thumbs.pdf", None),
        ("08_other/~a.docx", None),
        ("08_other/DS_Store", None),
        ("macosx/a.txt", None),
    ],
)
def test_what_systems_leave_is_known_by_its_name(name: str, origin: str | None) -> None:
    assert left_by(name) == origin


def test_what_systems_leave_is_left_out_and_told_in_one_sentence_for_each(tmp_path: Path) -> None:
    mac = [
        Piece(f"__MACOSX/{p.raw.decode().rpartition('/')[0]}/._x".replace("//", "/"), APPLE) for p in good()
    ]
    left = [
        *{piece.raw: piece for piece in mac}.values(),
        Piece(".DS_Store", bytes(40)),
        Piece("06_labelling/Thumbs.db", b"\xd0\xcf\x11\xe0" + bytes(40)),
        Piece("desktop.ini", b"[x]"),
        Piece("02_protocol/~$annex-vi-protocol.docx", bytes(162)),
    ]
    package = taken(tmp_path, *left)
    plain = taken(tmp_path)
    assert (package.files, package.digest) == (plain.files, plain.digest)
    assert [(f.ref, f.severity) for f in added(package, plain)] == [
        ("P-14-macos", Severity.INFO),
        ("P-14-windows", Severity.INFO),
        ("P-14-office", Severity.INFO),
    ]
    assert told(added(package, plain)[1], "MNP") == (
        "P-14-windows (info): Files that Windows leaves in folders were left out, 2 in all "
        "(06_labelling/Thumbs.db, desktop.ini). They are no part of what was filed."
    )
    assert {name for name, _ in files_of(tmp_path / "package.zip")} == {file.name for file in plain.files}


def test_signs_that_only_their_system_may_write_in_a_name_are_left_out_with_it(tmp_path: Path) -> None:
    names = ("~WRL0001.tmp", "06_labelling/Thumbs.db:encryptable", "06_labelling/Icon\r")
    package = taken(tmp_path, *(Piece(name, b"x") for name in names))
    plain = taken(tmp_path)
    assert package.digest == plain.digest
    said = [told(finding, "MNP") for finding in added(package, plain)]
    assert [sentence.partition(" ")[0] for sentence in said] == ["P-14-macos", "P-14-windows", "P-14-office"]
    assert all(sentence.isprintable() for sentence in said)


def added(package: Package, plain: Package) -> list[Finding]:
    return [finding for finding in package.findings if finding not in plain.findings]


def test_it_is_left_out_of_folders_and_beside_an_archive_too(tmp_path: Path) -> None:
    plain = taken(tmp_path)
    folder = tmp_path / "package"
    for piece in [*good(), Piece("08_other/.DS_Store", b"x"), Piece("._a", APPLE)]:
        file = folder / piece.raw.decode()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(piece.content)
    package = read_package(folder)
    assert package.digest == plain.digest
    assert [finding.ref for finding in added(package, plain)] == ["P-14-macos"]
    beside = tmp_path / "beside"
    beside.mkdir()
    delivery = next(piece for piece in good() if piece.raw.endswith(b".xml"))
    (beside / delivery.raw.decode()).write_bytes(delivery.content)
    (beside / "documents.zip").write_bytes(archive([p for p in good() if not p.raw.endswith(b".xml")]))
    for name in (".DS_Store", "._documents.zip", "Thumbs.db"):
        (beside / name).write_bytes(b"x")
    assert read_package(beside) == read_package(beside / delivery.raw.decode()) == plain


def test_a_number_of_a_person_in_such_a_name_is_not_repeated(tmp_path: Path) -> None:
    package = taken(tmp_path, Piece("08_other/._85.07.30-033.28.txt", APPLE))
    assert "033" not in package.model_dump_json()


@pytest.mark.parametrize(
    "name", ["__MACOSX/../../evil.txt", "../.DS_Store", "08_other/._a\u202etxt.exe", "../Icon\r"]
)
def test_a_hostile_name_is_refused_among_them_too(name: str, tmp_path: Path) -> None:
    assert refused(tmp_path, Piece(name, b"x"))[0] in (Reason.PATH_TRAVERSAL, Reason.DIRECTION_OVERRIDE)


# --- names beyond ASCII


def second(raw: bytes, name: str) -> bytes:
    """The field for a second name in Unicode."""
    said = name.encode()
    return struct.pack("<2HBL", 0x7075, 5 + len(said), 1, zlib.crc32(raw)) + said


def test_a_name_in_utf8_that_is_not_marked_is_read(tmp_path: Path) -> None:
    package = taken(tmp_path, Piece(RESUME.encode(), b"a", flags=0))
    assert RESUME in {file.name for file in package.files}


@pytest.mark.parametrize("page", ["cp437", "cp850", "cp1252", "utf-8"])
def test_a_second_name_in_unicode_that_says_the_same_is_read(page: str, tmp_path: Path) -> None:
    raw = RESUME.encode(page)
    both = second(raw, RESUME)
    for fields in ({"extra": both, "header_extra": both}, {"extra": both}):
        package = taken(tmp_path, Piece(raw, b"a", flags=0, **fields))
        assert RESUME in {file.name for file in package.files}


def test_a_second_name_that_says_something_else_refuses_with_advice_that_helps(tmp_path: Path) -> None:
    raw = "08_other/R_sum_.txt".encode("cp437")
    code, message = refused(tmp_path, Piece(raw, b"a", flags=0, extra=second(raw, RESUME)))
    assert code == Reason.TWO_NAMES
    assert "zipping it anew gives the same: use plain letters" in message
    stale = second(b"08_other/other.txt", RESUME)
    assert refused(tmp_path, Piece(RESUME.encode("cp850"), b"a", flags=0, extra=stale))[0] == Reason.TWO_NAMES
    misread = second(RESUME.encode(), RESUME.encode().decode("cp437"))
    assert refused(tmp_path, Piece(RESUME.encode(), b"a", flags=0, extra=misread))[0] == Reason.TWO_NAMES


def test_a_name_in_an_old_code_page_is_shown_as_it_was_meant_and_refused_with_advice(tmp_path: Path) -> None:
    code, message = refused(tmp_path, Piece(RESUME.encode("cp850"), b"a", flags=0))
    assert code == Reason.NAME_NOT_UTF8
    assert "'08_other/Résumé.txt' has a name in an old code page" in message
    assert "cannot be seen" not in message


# --- the form for more than 4 GB around a small archive


def large(told: dict[str, int] | None = None, end: dict[str, int] | None = None, disks: int = 1) -> bytes:
    """A small archive whose end is written in the form for more than 4 GB; `told` there, `end` in the old."""
    full = 0xFFFFFFFF
    plain = archive(good())
    at = plain.rfind(b"PK\5\6")
    _, _, _, _, count, length, begins, _ = struct.unpack("<4s4H2LH", plain[at:])
    said = {"here": count, "count": count, "length": length, "begins": begins} | (told or {})
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, *said.values())
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, at, disks)
    old = {"here": 0xFFFF, "count": 0xFFFF, "length": full, "begins": full} | (end or {})
    return plain[:at] + record + locator + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, *old.values(), 0)


def test_a_small_archive_in_the_form_for_more_is_read(tmp_path: Path) -> None:
    plain = taken(tmp_path)
    count = len(good())
    for content in (large(), large(disks=0), large(end={"here": count, "count": count})):
        assert taken(tmp_path, instead=content) == plain


@pytest.mark.parametrize(
    "content",
    [
        large(told={"count": 3}),
        large(told={"begins": 5}),
        large(end={"here": 3, "count": 3}),
        large(disks=2),
        large(told={"length": 1 << 62, "begins": 1 << 62}),
    ],
)
def test_an_archive_whose_two_ends_differ_is_refused(content: bytes, tmp_path: Path) -> None:
    code, message = refused(tmp_path, instead=content)
    assert code in (Reason.ZIP64, Reason.BROKEN_ARCHIVE, Reason.SEVERAL_PARTS, Reason.JUNK_BEFORE)
    assert "zip" in message


def test_an_entry_in_the_form_for_more_is_read_where_every_reading_agrees(tmp_path: Path) -> None:
    full, text = 0xFFFFFFFF, b"some text"
    a = Piece("08_other/a.txt", text, method=0)
    wide = struct.pack("<2H2Q", 1, 16, len(text), len(text))
    left = {"size": full, "packed": full}
    for piece in (
        replace(a, index=left, extra=wide, header=left, header_extra=wide),
        replace(a, index=left, extra=wide),
        replace(a, extra=wide),
    ):
        assert "08_other/a.txt" in {file.name for file in taken(tmp_path, piece).files}
    for piece in (
        replace(a, index=left, extra=struct.pack("<2HQ", 1, 8, len(text))),
        replace(a, index={"size": full}, extra=wide),
        replace(a, extra=struct.pack("<2H2Q", 1, 16, 5, 5)),
        replace(a, index={"offset": full}, extra=struct.pack("<2HQ", 1, 8, 1 << 63)),
    ):
        assert refused(tmp_path, piece)[0] == Reason.ZIP64


# --- words that help


def test_backslashes_are_told_once_for_all_names(tmp_path: Path) -> None:
    turned = [replace(piece, name=piece.raw.decode().replace("/", "\\")) for piece in good()]
    code, message = refused(tmp_path, instead=archive(turned))
    assert code == Reason.BACKSLASH
    assert message.count("backslash") == 1
    assert f"{len(good()) - 1} names, such as" in message


def test_one_folder_around_everything_is_told_also_when_macos_made_it(tmp_path: Path) -> None:
    moved = [replace(piece, name=f"delivery/{piece.raw.decode()}") for piece in good()]
    extra = [Piece("__MACOSX/delivery/._a.txt", APPLE), Piece("delivery/.DS_Store", b"x")]
    _, message = refused(tmp_path, instead=archive([*moved, *extra]))
    assert "zip what is in that folder" in message
    assert "__MACOSX" not in message


def test_a_comment_is_called_a_comment(tmp_path: Path) -> None:
    said = b"zipped by a tool"
    _, message = refused(tmp_path, instead=archive(good(), end={"comment": len(said)}, after=said))
    assert "ends in a comment" in message


@pytest.mark.parametrize(
    ("name", "helps"),
    [
        ("letter.msg", "is an e-mail; print it to PDF"),
        ("letter.doc", "save it as docx or PDF"),
        ("table.xls", "save it as xlsx, csv or PDF"),
        ("slides.ppt", "save it as pptx or PDF"),
        ("photo.heic", "save it as png, jpg or PDF"),
        ("page.html", "print it to PDF"),
        ("a.unheard", "save it as one of: csv, docx"),
    ],
)
def test_a_kind_that_is_not_accepted_is_told_with_what_to_save_it_as(
    name: str, helps: str, tmp_path: Path
) -> None:
    code, message = refused(tmp_path, Piece(f"08_other/{name}", b"a"))
    assert code == Reason.EXTENSION
    assert helps in message


@pytest.mark.parametrize("before", [b"\r\n\r\n", b"\xef\xbb\xbf", b"\0" * 500, b" " * 1019])
def test_a_pdf_may_begin_within_its_first_1024_bytes(before: bytes, tmp_path: Path) -> None:
    package = taken(tmp_path, Piece("08_other/a.pdf", before + harmless_pdf()))
    assert "08_other/a.pdf" in {file.name for file in package.files}
