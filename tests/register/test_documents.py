"""The document store: whole or not at all, and never other than what was kept."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.errors import InputRefused, NotFound, NotReachable, OutsideWorldFailed
from register.documents import DocumentStore, belongs

CONTENT = b"%PDF-1.7 a protocol"
PROJECT = Path(__file__).resolve().parents[2]
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


def test_several_documents_are_kept_all_or_none(store: DocumentStore, folder: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"a beginning"
        raise InputRefused("document.changed-meanwhile")

    with pytest.raises(InputRefused, match="changed while it was kept"):
        store.keep_all([((CONTENT,), None), ((b"another",), None), (breaks(), None)])
    assert _files(folder) == []
    assert store.keep_all([((CONTENT,), SHA256), ((b"an", b"other"), None), ((CONTENT,), None)])[::2] == [
        SHA256,
        SHA256,
    ]
    assert len(_files(folder)) == 2


def test_what_is_not_what_was_announced_is_not_kept(store: DocumentStore, folder: Path) -> None:
    with pytest.raises(InputRefused, match="changed while"):
        store.keep_stream([b"other"], SHA256)
    assert _files(folder) == []


def test_what_is_kept_already_is_not_read_again(store: DocumentStore) -> None:
    def never() -> Iterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    store.keep(CONTENT)
    assert store.keep_stream(never(), SHA256) == SHA256


def test_a_disk_that_is_really_full_leaves_no_half_document(folder: Path) -> None:
    """In a process that may write a hundred kilobytes into a file, as on a disk with no more room."""
    words = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from models.errors import NotReachable; from register.documents import DocumentStore\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "store = DocumentStore(Path(sys.argv[1]))\n"
        "small = store.keep(b'x' * 99_999)\n"
        "try:\n"
        "    store.keep_all([((b'y' * 50_000,), None), ((b'z' * 50_000,) * 3, None)])\n"
        "except NotReachable as full:\n"
        "    print(small, 'Nothing was kept' in full.message)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", words, str(folder)], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert told[1:] == ["True"]
    assert _files(folder) == [folder / told[0][:2] / told[0]]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", SHA256.upper(), SHA256 + "\n"])
def test_what_is_no_hash_leads_to_no_file(store: DocumentStore, name: str) -> None:
    with pytest.raises(InputRefused):
        store.read(name)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_first_folder_becomes_the_registers_own_and_another_one_is_refused(
    database_url: str, tmp_path: Path
) -> None:
    own, other = DocumentStore(tmp_path / "own"), DocumentStore(tmp_path / "other")
    belongs(database_url, own)
    belongs(database_url, own)
    with pytest.raises(OutsideWorldFailed, match=f"lie in the store {own.id()}"):
        belongs(database_url, other)
    assert not other.folder.exists()
    (other.folder).mkdir()
    (other.folder / ".store").write_text(own.id())  # a restored copy, named by a person
    belongs(database_url, other)
    assert list(own.strange()) == []


def test_of_two_workers_that_start_at_once_with_different_folders_one_is_refused(
    database_url: str, tmp_path: Path
) -> None:
    stores = [DocumentStore(tmp_path / name) for name in ("one", "two")]

    def starts(store: DocumentStore) -> str:
        try:
            belongs(database_url, store)
        except OutsideWorldFailed:
            return "refused"
        return "works"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(starts, stores)) == ["refused", "works"]


def test_a_register_that_is_restored_anew_takes_the_name_of_its_folder(
    database_url: str, folder: Path
) -> None:
    folder.mkdir(parents=True)
    (folder / ".store").write_text("known-before\n")
    belongs(database_url, DocumentStore(folder))
    with pytest.raises(OutsideWorldFailed, match="known-before"):
        belongs(database_url, DocumentStore(folder.parent / "other"))


def test_a_register_that_is_empty_beside_documents_of_another_one_is_told_as_lost(
    database_url: str, folder: Path
) -> None:
    folder.mkdir(parents=True)
    (folder / ".store").write_text("known-before\n")
    DocumentStore(folder).keep(b"a letter")
    with pytest.raises(OutsideWorldFailed, match="was lost or emptied") as told:
        belongs(database_url, DocumentStore(folder))
    assert told.value.possible == ("restore BACKUP",)
