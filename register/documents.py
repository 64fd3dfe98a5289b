"""Keeps documents by content: the name of a file is the hash of what is in it.

`Documents` is all that the rest of the house asks of a store; a folder fulfils it, and an object store
could. Names under which documents were filed are data of the register, and never paths here.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from models.errors import InputRefused, NotFound, NotReachable, OutsideWorldFailed
from models.messages import Message
from register.addresses import spoken

_CHUNK = 1 << 20
_FLUSHING = 8
"""Documents that are flushed to the disk at once."""

STORE = ".store"
"""The file that names the store: the register keeps the same name."""

_HASH = re.compile(r"[0-9a-f]{64}")


class Documents(Protocol):
    """A store of documents by content."""

    def keep(self, content: bytes) -> str:
        """Keeps a document and gives its SHA-256. Idempotent: by content."""
        ...

    def keep_all(self, documents: Iterable[tuple[Iterable[bytes], str | None]]) -> list[str]:
        """Keeps several documents that come in pieces, all or none. Idempotent: by content."""
        ...

    def read(self, sha256: str) -> bytes:
        """The content of a document, compared with its hash."""
        ...

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """The same in pieces; whether they were what was kept is known at their end."""
        ...

    def kept(self) -> Iterator[str]:
        """The hash of every document, in order."""
        ...


class DocumentStore:
    """A folder of documents. Each is written whole or not at all, and never changed. `folder` is where."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Keeps a document and gives its SHA-256, in hexadecimal digits.

        Idempotent: by content.

        Raises: NotReachable when the folder cannot be written, for instance because the disk is full.
        """
        return self.keep_stream((content,))

    def keep_file(self, path: Path) -> str:
        """Keeps a copy of a file, of any size, and gives its SHA-256.

        Idempotent: by content.

        Raises: InputRefused when the file cannot be read; NotReachable when the folder cannot be
        written.
        """
        return self.keep_stream(_pieces(path))

    def keep_stream(self, pieces: Iterable[bytes], sha256: str | None = None) -> str:
        """Keeps a document of any size that comes in pieces, and gives its SHA-256.

        `sha256`, when it is known before: another content is not kept.

        Idempotent: by content.

        Raises: InputRefused when it is another content; NotReachable when the folder cannot be written.
        """
        return self.keep_all([(pieces, sha256)])[0]

    def keep_all(self, documents: Iterable[tuple[Iterable[bytes], str | None]]) -> list[str]:
        """Keeps several documents, each as `keep_stream` does: all of them, or none if one cannot be kept.

        Idempotent: by content; what is kept already is not read again.

        Raises: as `keep_stream`, and what the reading of a document raises.
        """
        kept: list[str] = []
        drafts: dict[str, Path] = {}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # Waiting for the disk is what takes time; several waits at once share one turn of it.
            with ThreadPoolExecutor(_FLUSHING) as threads:
                flushed: list[Future[None]] = []
                last: Path | None = None
                for pieces, expected in documents:
                    if expected is None or not (expected in drafts or self._stands(expected)):
                        expected = self._drafted(pieces, expected, drafts)
                        if last:
                            flushed.append(threads.submit(_flush, last))
                        last = drafts.get(expected)
                    kept.append(expected)
                if last:
                    _flush(last)  # one document alone, such as a letter, starts no thread
                for each in flushed:
                    each.result()
            for sha256, draft in drafts.items():
                self.path(sha256).parent.mkdir(exist_ok=True)
                os.replace(draft, self.path(sha256))
            for folder in {self.path(sha256).parent for sha256 in drafts}:
                _flush(folder)
            if drafts:
                _flush(self.folder)
            return kept
        except OSError as error:
            raise NotReachable(
                "document.not-kept", folder=self.folder, why=error.strerror or error
            ) from error
        finally:
            for draft in drafts.values():
                draft.unlink(missing_ok=True)

    def read(self, sha256: str) -> bytes:
        """The content of a document, compared with its hash.

        Raises: NotFound when it is not kept; OutsideWorldFailed when the file is no longer what was
        kept; InputRefused when the hash is none.
        """
        return b"".join(self.pieces(sha256))

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """The same in pieces; that they were what was kept is known at their end.

        Raises: as `read`.
        """
        path = self.path(sha256)
        hashed = hashlib.sha256()
        try:
            with path.open("rb") as file:
                while piece := file.read(_CHUNK):
                    hashed.update(piece)
                    yield piece
        except FileNotFoundError as error:
            raise NotFound("document.unknown", sha256=sha256[:12], folder=self.folder) from error
        except OSError as error:
            raise NotReachable("document.unreadable", path=path, why=error.strerror) from error
        if hashed.hexdigest() != sha256:
            raise OutsideWorldFailed("document.changed", path=path)

    def kept(self) -> Iterator[str]:
        """The hash of every document, in order; what else lies in the folder is left out."""
        for part in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(file.name for file in part.iterdir() if _HASH.fullmatch(file.name))

    def strange(self) -> Iterator[Path]:
        """What lies in the folder and is no document: left by a crash, or put there by someone."""
        for found in sorted(self.folder.rglob("*")):
            if found == self.folder / STORE:
                continue
            known = _HASH.fullmatch(found.name) and found == self.path(found.name)
            part = found.is_dir() and found.parent == self.folder and re.fullmatch("[0-9a-f]{2}", found.name)
            if not known and not part:
                yield found

    def id(self) -> str:
        """The id of the store; empty for one that belongs to no register yet."""
        try:
            return (self.folder / STORE).read_text().strip()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise NotReachable(
                "document.folder-unreadable", folder=self.folder / STORE, why=error.strerror
            ) from error

    def path(self, sha256: str) -> Path:
        """Where a document of that hash lies, or would lie."""
        if not _HASH.fullmatch(sha256):
            raise InputRefused("document.no-hash", sha256=sha256[:70])
        return self.folder / sha256[:2] / sha256

    def _drafted(self, pieces: Iterable[bytes], expected: str | None, drafts: dict[str, Path]) -> str:
        """Writes a document beside its final place: only within one file system is a rename atomic."""
        hashed = hashlib.sha256()
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".new-", delete=False) as file:
            draft = Path(file.name)
            try:
                for piece in pieces:
                    hashed.update(piece)
                    file.write(piece)
                file.flush()
                sha256 = hashed.hexdigest()
                if expected not in (None, sha256):
                    raise InputRefused("document.changed-meanwhile")
                if sha256 in drafts or self._stands(sha256):
                    draft.unlink()
                else:
                    drafts[sha256] = draft
            except BaseException:
                draft.unlink(missing_ok=True)
                raise
        return sha256

    def _stands(self, sha256: str) -> bool:
        """Whether the document is kept and unharmed; a harmed one is written anew."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputRefused("document.file-unreadable", path=path, why=error.strerror) from error
    with file:
        while piece := file.read(_CHUNK):
            yield piece


def _flush(path: Path) -> None:
    """Makes a file, or the names in a folder, survive a power cut."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:
        return  # not every system opens a folder
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def belongs(url: str, store: DocumentStore) -> None:
    """Sees to it that a folder of documents is the one of this register; the first one becomes it.

    Without this a worker that was started for another data folder would keep half of the documents where
    nobody looks for them.

    Idempotent: by the id in the folder and in the register.

    Raises: OutsideWorldFailed when the register's documents lie in another folder, or a register that is new
    finds documents of another one; NotReachable when the database does not answer or the folder cannot be
    written.
    """
    from sqlalchemy import select
    from sqlalchemy.exc import IntegrityError

    from models.register import DocumentStoreRow
    from register.database import transaction

    known = select(DocumentStoreRow.__table__.c.id)
    with transaction(url) as session:
        expected = session.scalar(known)
    if expected is None:
        if store.id() and any(path.is_dir() for path in store.folder.iterdir()):
            told = {"folder": store.folder.absolute(), "register": spoken(url)}
            raise OutsideWorldFailed("document.register-lost", **told, possible=("restore BACKUP",))
        named = store.id() or _named(store.folder)
        try:
            with transaction(url) as session:
                session.add(DocumentStoreRow(id=named))
        except IntegrityError:
            pass  # another process was faster
        with transaction(url) as session:
            expected = session.scalar(known)
    if foreign := stranger(url, store, expected):
        raise OutsideWorldFailed(foreign.key, **foreign.facts)


def stranger(url: str, store: DocumentStore, expected: str | None) -> Message | None:
    """Why a folder of documents is not the one of this register; nothing when it is."""
    here = store.id()
    if expected is None or here == expected:
        return None
    return Message(
        "document.another-store" if here else "document.store-without-name",
        folder=store.folder.absolute(),
        here=here,
        url=spoken(url),
        expected=expected,
        file=store.folder.absolute() / STORE,
    )


def _named(folder: Path) -> str:
    """Names a folder that has no name yet."""
    named = str(uuid.uuid4())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".new-", delete=False) as file:
            file.write(f"{named}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(file.name, folder / STORE)  # of two processes at once the first one names it
        except FileExistsError:
            return (folder / STORE).read_text().strip()
        finally:
            os.unlink(file.name)
        _flush(folder)
    except OSError as error:
        raise NotReachable("document.folder-not-written", folder=folder, why=error.strerror) from error
    return named
