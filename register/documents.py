"""Keeps documents by content: the name of a file is the hash of what is in it."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from models.errors import InputRefused, NotFound, NotReachable, OutsideWorldFailed

_CHUNK = 1 << 20


class DocumentStore:
    """A folder of documents. Each is written whole or not at all, and never changed. `folder` is where."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        """Keeps a document and gives its SHA-256, in hexadecimal digits.

        Idempotent: by content.

        Raises: NotReachable when the folder cannot be written, for instance because the disk is full.
        """
        return self._kept((content,))

    def keep_file(self, path: Path) -> str:
        """Keeps a copy of a file, of any size, and gives its SHA-256.

        Idempotent: by content.

        Raises: InputRefused when the file cannot be read; NotReachable when the folder cannot be
        written.
        """
        return self._kept(_pieces(path))

    def read(self, sha256: str) -> bytes:
        """The content of a document, compared with its hash.

        Raises: NotFound when it is not kept; OutsideWorldFailed when the file is no longer what was
        kept; InputRefused when the hash is none.
        """
        path = self.path(sha256)
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise NotFound(f"No document {sha256[:12]}… is kept in {self.folder}.") from error
        except OSError as error:
            raise NotReachable(f"The document {path} cannot be read: {error.strerror}.") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise OutsideWorldFailed(
                f"The document {path} is not what was kept: its content was changed on the disk. "
                "Restore it from the backup; keeping the original again also repairs it."
            )
        return content

    def path(self, sha256: str) -> Path:
        """Where a document of that hash lies, or would lie."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise InputRefused(f"{sha256[:70]!r} is not the SHA-256 of a document.")
        return self.folder / sha256[:2] / sha256

    def _kept(self, pieces: Iterable[bytes]) -> str:
        written: Path | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            hashed = hashlib.sha256()
            # Beside its final place, because only within one file system is a rename atomic.
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".new-", delete=False) as file:
                written = Path(file.name)
                for piece in pieces:
                    hashed.update(piece)
                    file.write(piece)
                sha256 = hashed.hexdigest()
                if self._stands(sha256):
                    return sha256
                file.flush()
                os.fsync(file.fileno())
            place = self.path(sha256)
            place.parent.mkdir(exist_ok=True)
            os.replace(written, place)
            _settle(place.parent)
            _settle(self.folder)
            return sha256
        except OSError as error:
            raise NotReachable(
                f"A document could not be kept in {self.folder}: {error.strerror or error}. "
                "Nothing was kept; make room or repair the folder, then do the same again."
            ) from error
        finally:
            if written is not None:
                written.unlink(missing_ok=True)

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


def _settle(folder: Path) -> None:
    """Makes a rename survive a power cut, where folders can be synchronised at all."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
