"""What is signed, and whether a signature is true: pure, so that a case can ask.

What is signed has the form of OpenSSH (PROTOCOL.sshsig): a key in an agent signs it, what is signed here
opens no door elsewhere, and `ssh-keygen -Y verify` reads it without us. Only Ed25519 is known.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models.errors import Malformed

KIND = "ssh-ed25519"
"""How OpenSSH calls the only kind of key that is known."""

_MAGIC = b"SSHSIG"
_BYTES_OF_A_KEY = 32
_BYTES_OF_A_SIGNATURE = 64


class Purpose(StrEnum):
    """What a signature is for: one that was made for another purpose is none."""

    ACT = "act@umn"
    CERTIFICATE = "certificate@umn"
    HEAD = "head@umn"
    ARCHIVE = "archive@umn"
    PRESENCE = "presence@umn"


def canonical(said: Any) -> bytes:
    """The one form in which a record of JSON is signed: keys in order, no blank, UTF-8."""
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def to_sign(purpose: Purpose, message: bytes) -> bytes:
    """The very bytes that a key signs for a message."""
    return _MAGIC + b"".join(map(_string, (purpose.encode(), b"", b"sha512", _digest(message))))


def is_signed(purpose: Purpose, message: bytes, signature: str, public: str) -> bool:
    """Whether a signature of a message is by the key of that public half, for that purpose.

    The signature is of 64 bytes in Base64, as `written` writes it; the public key as `public_of` does.
    Whatever is neither is no signature: nothing is raised.
    """
    try:
        raw = b64decode(signature, validate=True)
        if len(raw) != _BYTES_OF_A_SIGNATURE or written(raw) != signature:
            return False
        Ed25519PublicKey.from_public_bytes(raw_of(public)).verify(raw, to_sign(purpose, message))
    except (InvalidSignature, ValueError):
        return False
    return True


def written(signature: bytes) -> str:
    """A signature as it is kept and travels."""
    return b64encode(signature).decode()


def public_of(raw: bytes) -> str:
    """A public key of 32 bytes as OpenSSH writes it, without a remark."""
    return f"{KIND} {b64encode(blob_of(raw)).decode()}"


def blob_of(raw: bytes) -> bytes:
    """A public key of 32 bytes as an agent names it."""
    return _string(KIND.encode()) + _string(raw)


def raw_of(public: str) -> bytes:
    """The 32 bytes of a public key as OpenSSH writes it, whatever remark follows.

    Raises: Malformed for what is no such key, or one of another kind.
    """
    kind, _, rest = public.strip().partition(" ")
    try:
        blob = b64decode(rest.split(" ")[0], validate=True)
    except ValueError:
        blob = b""
    raw = blob[-_BYTES_OF_A_KEY:]
    if kind != KIND or blob != blob_of(raw):
        raise Malformed("key.no-public-key")
    return raw


def fingerprint(public: str) -> str:
    """What people compare: the fingerprint of a public key, as `ssh-keygen -l` tells it.

    Raises: Malformed.
    """
    digest = hashlib.sha256(blob_of(raw_of(public))).digest()
    return f"SHA256:{b64encode(digest).decode().rstrip('=')}"


def _digest(message: bytes) -> bytes:
    return hashlib.sha512(message).digest()


def _string(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value
