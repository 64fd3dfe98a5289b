"""Names under which documents were filed, written to a disk: inside the folder, none over another."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import InputRefused
from office.desk.documents import extract
from office.settings import Settings
from register.case import KeptDocument
from register.documents import DocumentStore

HARMFUL = (
    "../../evil.txt",
    "/etc/evil.txt",
    "C:\\evil.txt",
    "..\\..\\evil.txt",
    "a/../../evil.txt",
    "...",
    "",
    "nul.txt",
    "con/aux.txt",
    "a\0b.txt",
    "a\x1b[2J.txt",
    "a\u202etxt.exe",
    "x" * 400 + ".pdf",
    "a.txt",
    "A.TXT",
    "a.txt.",
    "a:stream.txt",
)


def test_no_name_leads_out_of_the_folder_and_none_is_lost(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    store = DocumentStore(settings.documents)
    filed = [
        KeptDocument(1, name, store.keep(str(at).encode()), 1, None, None) for at, name in enumerate(HARMFUL)
    ]
    before = {path for path in tmp_path.rglob("*")}
    places = extract(settings, filed, tmp_path / "out")
    written = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert {path.relative_to(tmp_path / "out").as_posix() for path in written} == places.keys()
    assert sorted(places.values()) == sorted(HARMFUL)
    assert sorted(path.read_text() for path in written) == sorted(str(at) for at in range(len(HARMFUL)))
    assert all(place.startswith("entry-1/") and place.isprintable() for place in places)


def test_only_a_new_or_empty_folder_is_written_into(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var")
    filed = [KeptDocument(1, "a.txt", DocumentStore(settings.documents).keep(b"a"), 1, None, None)]
    (tmp_path / "empty").mkdir()
    assert extract(settings, filed, tmp_path / "empty") == {"entry-1/a.txt": "a.txt"}
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for taken in ("empty", "file", "link", "no/folder"):
        with pytest.raises(InputRefused):
            extract(settings, filed, tmp_path / taken)
    assert not (tmp_path / "elsewhere").exists()
    assert not list(tmp_path.glob(".umn-extract-*"))
