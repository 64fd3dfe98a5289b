"""A backup as one set in a folder: what is in it, said in its manifest, and whether it is all there.

Documents are named by their content and need no line of their own; everything else has one. A folder
without a manifest is no backup: the manifest comes last.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import InputRefused, NotFound, OutsideWorldFailed
from models.messages import Message
from register import copying
from register.documents import STORE, DocumentStore

MANIFEST = "manifest.json"
TEMPORAL = "temporal.db"
HISTORIES = "histories"
DOCUMENTS = "documents"

BESIDE = ("outbox", "requests")
"""Folders of the data folder that belong to the register and are copied as they are."""

LAW, OFFICES, PRODUCTION = "law.toml", "offices.toml", "production"
"""The agency's own law, whom its procedures write to, and that the folder is one of production."""

_FLUSHING = 8
"""Files that are flushed to the disk at once: waiting for it is what takes time."""


class Part(BaseModel):
    """One file of the set, by its place in it."""

    model_config = ConfigDict(frozen=True)

    path: str
    bytes: int
    sha256: str


class Entered(BaseModel):
    """An entry that came while the set was made."""

    model_config = ConfigDict(frozen=True)

    number: str
    entry: int


class Manifest(BaseModel):
    """What a set holds, and the moment of the register that it holds.

    `last` is the last entry of each case. Of `between` the copy of Temporal may know nothing: these entries
    came after it was begun. `lacking` are documents that the register names and that were missing or changed
    in the store when it was copied. `settings` are those that were made, without secrets.
    """

    model_config = ConfigDict(frozen=True)

    form: Literal[1] = 1
    made_at: datetime
    temporal: Literal["embedded", "external"]
    database: Literal["SQLite", "PostgreSQL"]
    revision: str
    entries: int
    last: dict[str, int]
    between: tuple[Entered, ...]
    documents: int
    document_bytes: int
    lacking: tuple[str, ...]
    versions: dict[str, str]
    settings: dict[str, str]
    parts: tuple[Part, ...]

    @property
    def register_file(self) -> str:
        """What the copy of the register is called."""
        return "register.db" if self.database == "SQLite" else "register.dump"


def part_of(folder: Path, path: Path) -> Part:
    """A file of the set, as it lies on the disk."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Part(path=path.relative_to(folder).as_posix(), bytes=path.stat().st_size, sha256=sha256)


def verified(folder: Path, tell: Callable[[int, int], None] = lambda done, of: None) -> Manifest:
    """Reads a set to its last byte and compares it with its manifest, its documents and databases too.

    Raises: InputRefused when it is none, was never finished, or is no longer what was written.
    """
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise InputRefused("backup.no-set", folder=folder) from error
    if faults := list(_faults(folder, manifest, tell)):
        raise InputRefused("backup.does-not-verify", folder=folder, faults=faults)
    return manifest


def _faults(folder: Path, manifest: Manifest, tell: Callable[[int, int], None]) -> Iterator[Message]:
    for part in manifest.parts:
        path = folder / part.path
        if not path.is_file():
            yield Message("backup.part-missing", part=part.path)
        elif part_of(folder, path) != part:
            yield Message("backup.part-changed", part=part.path)
        elif path.suffix in (".db", ".dump") and (fault := copying.fault(path)):
            yield Message("backup.database-broken", part=part.path, why=fault)
    named = {part.path for part in manifest.parts}
    wanted = {manifest.register_file} | ({TEMPORAL} if manifest.temporal == "embedded" else set())
    yield from (Message("backup.part-missing", part=part) for part in sorted(wanted - named))
    store = DocumentStore(folder / DOCUMENTS)
    kept = list(store.kept())
    for done, sha256 in enumerate(kept, start=1):
        try:
            for _ in store.pieces(sha256):
                pass
        except (NotFound, OutsideWorldFailed) as error:
            yield error.said
        tell(done, len(kept))
    if len(kept) != manifest.documents:
        yield Message("backup.documents-missing", n=manifest.documents - len(kept), of=manifest.documents)


def files_of(folder: Path) -> Iterator[Path]:
    """The files of a set that have a line of their own in its manifest."""
    documents = folder / DOCUMENTS
    yield from (path for path in below(folder) if documents not in path.parents)
    if (named := documents / STORE).is_file():
        yield named


def below(folder: Path) -> Iterator[Path]:
    """The files below a folder, in order, without what a crash left half written."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield path


def flush(folder: Path) -> None:
    """Makes all that lies in a folder survive a power cut."""
    with ThreadPoolExecutor(_FLUSHING) as threads:
        list(threads.map(_flush, [folder, *folder.rglob("*")]))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
