"""Keeps documents by content: the name of a file is the hash of what is in it.

`Documents` is all that the rest of the house asks of a store; a folder fulfils it, and an object store
could. Names under which documents were filed are data of the register, and never paths here.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from models.errors import InputRefused, NotFound, NotReachable, OutsideWorldFailed

_CHUNK = 1 << 20
_FLUSHING = 8
"""Documents that are flushed to the disk at once."""

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
                flushed = []
                for pieces, expected in documents:
                    if expected is None or not (expected in drafts or self._stands(expected)):
                        expected = self._drafted(pieces, expected, drafts)
                        if expected in drafts:
                            flushed.append(threads.submit(_flush, drafts[expected]))
                    kept.append(expected)
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
                f"A document could not be kept in {self.folder}: {error.strerror or error}. "
                "Nothing was kept; make room or repair the folder, then do the same again."
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
            raise NotFound(f"No document {sha256[:12]}… is kept in {self.folder}.") from error
        except OSError as error:
            raise NotReachable(f"The document {path} cannot be read: {error.strerror}.") from error
        if hashed.hexdigest() != sha256:
            raise OutsideWorldFailed(
                f"The document {path} is not what was kept: its content was changed on the disk. "
                "Restore it from the backup; keeping the original again also repairs it."
            )

    def kept(self) -> Iterator[str]:
        """The hash of every document, in order; what else lies in the folder is left out."""
        for part in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(file.name for file in part.iterdir() if _HASH.fullmatch(file.name))

    def strange(self) -> Iterator[Path]:
        """What lies in the folder and is no document: left by a crash, or put there by someone."""
        for found in sorted(self.folder.rglob("*")):
            known = _HASH.fullmatch(found.name) and found == self.path(found.name)
            part = found.is_dir() and found.parent == self.folder and re.fullmatch("[0-9a-f]{2}", found.name)
            if not known and not part:
                yield found

    def path(self, sha256: str) -> Path:
        """Where a document of that hash lies, or would lie."""
        if not _HASH.fullmatch(sha256):
            raise InputRefused(f"{sha256[:70]!r} is not the SHA-256 of a document.")
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
                    raise InputRefused(
                        "A document changed while it was kept. Nothing was kept; file it again."
                    )
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
        raise InputRefused(f"The file {path} cannot be read: {error.strerror}.") from error
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
