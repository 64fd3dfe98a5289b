"""The private keys that this office and its people sign with, each in a file of its owner's only.

In the form of OpenSSH, so that `ssh-keygen` reads them and an agent takes them. They are no part of a
backup: whoever holds a backup can read what was signed, and sign nothing.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)

from models.errors import NotFound, OutsideWorldFailed
from models.signing import Purpose, public_of, to_sign, written

OFFICE = "office"
"""The file of the office's own key: what people's certificates and the heads of the register rest on."""


class Key:
    """A private key. `public` is its other half, as OpenSSH writes it."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = public_of(private.public_key().public_bytes_raw())

    def sign(self, purpose: Purpose, message: bytes) -> str:
        """Signs a message for a purpose: 64 bytes in Base64. The same message, the same signature."""
        return written(self._private.sign(to_sign(purpose, message)))


def read(path: Path) -> Key:
    """The key in a file.

    Raises: NotFound when there is none; OutsideWorldFailed when others may read it, or it is no Ed25519 key
    in OpenSSH's form that stands there without a passphrase.
    """
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise OutsideWorldFailed("key.open-to-others", file=path, possible=(f"chmod 600 {path}",))
        private = load_ssh_private_key(path.read_bytes(), password=None)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("key.not-there", file=path) from None
    except OSError as error:
        raise OutsideWorldFailed("key.unreadable", file=path, why=error.strerror) from error
    except (TypeError, ValueError, UnsupportedAlgorithm):  # as it says of a passphrase, and of what it is not
        raise OutsideWorldFailed("key.no-private-key", file=path) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise OutsideWorldFailed("key.no-private-key", file=path)
    return Key(private)


def kept(path: Path) -> Key:
    """The key in a file, which is made when there is none, with its public half beside it.

    Idempotent: of two that make it at once, both get the one that stands.

    Raises: OutsideWorldFailed as `read` does, or when the folder cannot be written.
    """
    with contextlib.suppress(NotFound):
        return read(path)
    made = Ed25519PrivateKey.generate()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_first(path, made.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
        stands = read(path)
        path.with_suffix(".pub").write_text(f"{stands.public}\n")
    except OSError as error:
        raise OutsideWorldFailed("key.not-written", file=path, why=error.strerror) from error
    return stands


def _write_first(path: Path, content: bytes) -> None:
    """Writes a file whole, for its owner only, unless there is one: then that one stays."""
    opened, draft = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # 0600
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
