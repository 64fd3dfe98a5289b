"""Packages made to harm: each is refused with its code, and nothing of it is kept but the fact."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import PackageRefused
from models.reasons import Reason
from office.intake.package import read_package
from office.intake.package_files import SHIPPED, opened
from office.intake.taking_in import submit
from office.settings import Settings
from register.refused_packages import refused_packages
from tests.intake.hostile import (
    Hostile,
    Piece,
    archive,
    corpus,
    good,
    harmless_pdf,
    office_document,
    with_one,
)

CORPUS = corpus()
ELSEWHERE = {Reason.FORM, Reason.RECEIVED_LATER, Reason.DELIVERY_NUMBER_USED, Reason.UNREADABLE}
"""Codes that forms, the day, the register or a failing disk give; tested below and in test_package.py."""

TODAY = date(2026, 11, 20)


def refused(package: Path, settings: Settings = SHIPPED) -> PackageRefused:
    with pytest.raises(PackageRefused) as told:
        read_package(package, settings=settings)
    return told.value


def archived(content: bytes, into: Path) -> Path:
    path = into / "package.zip"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda hostile: hostile.id)
def test_a_hostile_package_is_refused_with_its_code(hostile: Hostile, tmp_path: Path) -> None:
    told = refused(hostile.make(tmp_path))
    assert told.code == hostile.code, told.message
    assert told.message.startswith("The package was refused.\n")
    assert told.message.replace("\n", "").isprintable()


def test_there_are_two_hundred_of_them_and_every_code_has_one() -> None:
    assert len(CORPUS) >= 200
    assert [id for id, count in Counter(hostile.id for hostile in CORPUS).items() if count > 1] == []
    assert {hostile.code for hostile in CORPUS} == set(Reason) - ELSEWHERE


def test_of_several_problems_the_first_gives_the_code_and_all_are_told(tmp_path: Path) -> None:
    pieces = [Piece("08_other/a.exe", b"a"), Piece("08_other/nul.txt", b"a"), Piece("../evil.txt", b"a")]
    told = refused(archived(archive([*good(), *pieces]), tmp_path))
    assert told.code == Reason.PATH_TRAVERSAL
    assert all(part in told.message for part in ("evil.txt", "nul.txt", "a.exe"))


def test_a_hundred_problems_are_counted_and_not_all_told(tmp_path: Path) -> None:
    pieces = [Piece(f"08_other/{n}.exe", b"a") for n in range(100)]
    told = refused(archived(archive([*good(), *pieces]), tmp_path))
    assert told.message.endswith("and 80 more.")


def test_a_number_of_a_person_in_a_name_is_not_repeated(tmp_path: Path) -> None:
    for name in ("08_other/85.07.30-033.28.exe", "08_other/85\u00a007\u00a030\u00a0033\u00a028.pdf"):
        told = refused(archived(with_one(Piece(name, b"a")), tmp_path))
        assert "033" not in told.message
        assert "[number]" in told.message


def test_a_file_that_grows_or_goes_while_it_is_read_refuses_the_package(tmp_path: Path) -> None:
    for piece in good():
        file = tmp_path / piece.raw.decode()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(piece.content)
    name = "02_protocol/annex-vi-protocol.txt"
    with opened(tmp_path) as package:
        for change in (lambda file: file.write_bytes(b"x" * 99_999), lambda file: file.unlink()):
            change(tmp_path / name)
            with pytest.raises(PackageRefused) as told:
                package.content(name)
            assert told.value.code == Reason.UNREADABLE


# --- nothing is kept of it


def test_of_a_hostile_package_nothing_is_kept_but_the_fact(tmp_path: Path) -> None:
    office = Settings(var=tmp_path / "var")
    for place, hostile in enumerate(CORPUS):
        folder = tmp_path / str(place)
        folder.mkdir()
        with pytest.raises(PackageRefused):
            asyncio.run(submit(office, hostile.make(folder), "Case officer A", TODAY))
    facts = refused_packages(office.register_url)
    assert [fact.code for fact in reversed(facts)] == [hostile.code for hostile in CORPUS]
    assert {fact.by for fact in facts} == {"Case officer A"}
    assert all(fact.message.replace("\n", "").isprintable() and len(fact.name) <= 120 for fact in facts)
    assert all((fact.sha256 is not None) == fact.name.endswith(".zip") for fact in facts if fact.name != "0")
    assert not (office.var / "documents").exists()
    assert rows(office, "allotted_number") == rows(office, "document") == rows(office, "entry") == 0


def rows(office: Settings, table: str) -> int:
    with sqlite3.connect(office.var / "register.db") as register:
        return int(register.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_refusal_stands_when_the_register_does_not_answer(tmp_path: Path) -> None:
    office = Settings(var=tmp_path / "var")
    office.var.write_text("a file where a folder should be")
    with pytest.raises(PackageRefused) as told:
        asyncio.run(submit(office, archived(b"", tmp_path), "Case officer A", TODAY))
    assert told.value.code == Reason.NOT_AN_ARCHIVE
    assert "could not be written down" in told.value.message


# --- what is harmless goes through


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", harmless_pdf()),
        ("a.docx", office_document("docx")),
        ("a.xlsx", office_document("xlsx")),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(60)),
        ("a.JPEG", b"\xff\xd8\xff\xe0" + bytes(60)),
        ("a.tif", b"MM\0*" + bytes(60)),
        ("a.txt", "d\u00e9j\u00e0 vu".encode("latin-1")),
        ("a.txt", "\u65e5\u672c".encode("utf-16")),
        ("a.txt", b"MZ is also the code of a country\n"),
        ("a.csv", b"\xef\xbb\xbfa;b\r\n1;2\r\n"),
        ("a.json", b"{}"),
        ("a.xml", b"<?xml version='1.0'?><a><!-- remark --><b c='d'>e</b></a>"),
        ("a.xml", "<a>\u00e9</a>".encode("utf-16")),
        ("empty.pdf", b""),
        ("protocole \u00e0 jour, version 2 (final).txt", b"a"),
        ("cafe\u0301.txt", b"a"),
        ("\u65e5\u672c.txt", b"a"),
    ],
)
def test_what_is_harmless_is_taken_in(name: str, content: bytes, tmp_path: Path) -> None:
    package = read_package(archived(with_one(Piece(f"08_other/{name}", content)), tmp_path))
    assert f"08_other/{name}" in {file.name for file in package.files}


class Pipe(io.RawIOBase):
    """A place that can only be written to, as when an archive is made while it is sent."""

    def __init__(self) -> None:
        self.held = b""

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        self.held += bytes(piece)  # type: ignore[call-overload]
        return len(bytes(piece))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "way", ["stored", "deflated", "sent while it is made", "for large files", "with folders"]
)
def test_an_archive_may_be_made_in_any_ordinary_way(way: str, tmp_path: Path) -> None:
    into: Pipe | io.BytesIO = Pipe() if way == "sent while it is made" else io.BytesIO()
    method = zipfile.ZIP_STORED if way == "stored" else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(into, "w", method) as made:  # type: ignore[arg-type]
        if way == "with folders":
            made.mkdir("08_other")
        for piece in good():
            if way == "for large files":
                with made.open(piece.raw.decode(), "w", force_zip64=True) as entry:
                    entry.write(piece.content)
            else:
                made.writestr(piece.raw.decode(), piece.content)
    content = into.held if isinstance(into, Pipe) else into.getvalue()
    assert read_package(archived(content, tmp_path)) == read_package(archived(archive(good()), tmp_path))


def test_a_delivery_file_and_its_archive_are_the_same_package_as_one_zip(tmp_path: Path) -> None:
    whole = read_package(archived(archive(good()), tmp_path))
    (tmp_path / "package.zip").unlink()
    delivery = next(piece for piece in good() if piece.raw.endswith(b".xml"))
    beside = tmp_path / "delivery"
    beside.mkdir()
    (beside / delivery.raw.decode()).write_bytes(delivery.content)
    (beside / "documents.zip").write_bytes(archive([p for p in good() if not p.raw.endswith(b".xml")]))
    assert read_package(beside / delivery.raw.decode()) == read_package(beside) == whole
    # in a folder with other deliveries, the archive of the same name is meant
    (beside / "documents.zip").rename((beside / delivery.raw.decode()).with_suffix(".zip"))
    (beside / "another.zip").write_bytes(b"")
    assert read_package(beside / delivery.raw.decode()) == whole


def test_the_limits_of_a_package_are_settings(tmp_path: Path) -> None:
    package = archived(archive(good()), tmp_path)
    count, size = len(good()), sum(len(piece.content) for piece in good())
    assert read_package(package, settings=Settings(package_most_files=count, package_most_bytes=size))
    assert refused(package, Settings(package_most_files=count - 1)).code == Reason.FILE_COUNT
    assert refused(package, Settings(package_most_bytes=size - 1)).code == Reason.TOTAL_SIZE
    assert refused(package, Settings(package_depth=1)).code == Reason.DEPTH
    large = archived(with_one(Piece("08_other/a.txt", b"blank " * 300_000)), tmp_path)
    assert refused(large, Settings(package_ratio=10)).code == Reason.RATIO
    assert read_package(large, settings=Settings(package_ratio=2000))


# --- whatever is done to a good package, it is taken in or refused with a code

WHOLE = archive(good())
LIVELY = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def taken_in_or_refused(content: bytes, folder: Path) -> None:
    """Neither a fault nor anything written: a package, or a code."""
    package = archived(content, folder)
    before = sorted(folder.iterdir())
    message = ""
    try:
        read_package(package)
    except PackageRefused as told:
        message = f"{told.code}: {told.message}"
    assert message.replace("\n", "").isprintable()
    assert sorted(folder.iterdir()) == before


@LIVELY
@given(st.data())
def test_a_package_damaged_anywhere_is_taken_in_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["change", "cut", "insert", "repeat"])):
            case "change":
                content[at] = data.draw(st.integers(0, 255))
            case "cut":
                del content[at : at + data.draw(st.integers(1, 60))]
            case "insert":
                content[at:at] = data.draw(st.binary(min_size=1, max_size=20))
            case "repeat":
                content[at:at] = content[at : at + data.draw(st.integers(1, 200))]
        if not content:
            break
    taken_in_or_refused(bytes(content), tmp_path)


@LIVELY
@given(name=st.text(max_size=40), content=st.binary(max_size=200), flags=st.sampled_from([0, 0x800]))
def test_any_name_and_content_is_taken_in_or_refused(
    tmp_path: Path, name: str, content: bytes, flags: int
) -> None:
    folder = "08_other/" if len(name) % 2 else ""
    raw = (folder + name).encode("utf-8", "surrogatepass")
    taken_in_or_refused(with_one(Piece(raw, content, flags=flags)), tmp_path)


@LIVELY
@given(st.sampled_from(["pdf", "docx", "xml", "txt", "png"]), st.data())
def test_a_document_damaged_anywhere_is_taken_in_or_refused(
    tmp_path: Path, kind: str, data: st.DataObject
) -> None:
    sound = {"pdf": harmless_pdf(), "docx": office_document("docx"), "xml": b"<a><b/></a>"}.get(kind, b"text")
    content = bytearray(sound)
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=8))
    taken_in_or_refused(with_one(Piece(f"08_other/a.{kind}", bytes(content))), tmp_path)
