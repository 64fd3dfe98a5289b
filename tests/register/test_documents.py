"""The document store: whole or not at all, and never other than what was kept."""

from __future__ import annotations

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.errors import InputRefused, NotFound, NotReachable, OutsideWorldFailed
from register.documents import DocumentStore

CONTENT = b"%PDF-1.7 a protocol"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "documents"


@pytest.fixture
def store(folder: Path) -> DocumentStore:
    return DocumentStore(folder)


def test_a_document_is_found_by_its_hash(store: DocumentStore, folder: Path) -> None:
    assert store.keep(CONTENT) == SHA256
    assert store.read(SHA256) == CONTENT
    assert _files(folder) == [folder / SHA256[:2] / SHA256]


def test_a_document_kept_by_eight_threads_is_one_file(store: DocumentStore, folder: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: store.keep(CONTENT), range(32))) == {SHA256}
    assert _files(folder) == [folder / SHA256[:2] / SHA256]


def test_a_file_of_several_megabytes_is_kept_as_it_is(store: DocumentStore, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    large.write_bytes(bytes(range(256)) * 13_000)
    assert store.read(store.keep_file(large)) == large.read_bytes()


def test_a_file_that_cannot_be_read_leaves_nothing_behind(store: DocumentStore, folder: Path) -> None:
    with pytest.raises(InputRefused, match=r"missing\.pdf"):
        store.keep_file(folder / "missing.pdf")
    assert _files(folder) == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_no_half_document(
    store: DocumentStore, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, step, full)
        with pytest.raises(NotReachable, match="No space left"):
            store.keep(CONTENT)
    assert _files(folder) == []
    with pytest.raises(NotFound):
        store.read(SHA256)
    assert store.keep(CONTENT) == SHA256


def test_a_file_changed_on_the_disk_is_detected_and_repaired_by_the_original(
    store: DocumentStore, folder: Path
) -> None:
    store.keep(CONTENT)
    (folder / SHA256[:2] / SHA256).write_bytes(CONTENT + b"!")
    with pytest.raises(OutsideWorldFailed, match="not what was kept"):
        store.read(SHA256)
    store.keep(CONTENT)
    assert store.read(SHA256) == CONTENT


@pytest.mark.parametrize("name", ["../../etc/passwd", "", SHA256.upper(), SHA256 + "\n"])
def test_what_is_no_hash_leads_to_no_file(store: DocumentStore, name: str) -> None:
    with pytest.raises(InputRefused):
        store.read(name)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
