"""Has an authority of time stamps say when a head of the register stood (RFC 3161).

Our own clock proves no day to others. A stamp is given for the very bytes that the office signs of a head,
and lies beside it in the second place; `openssl ts -verify` reads it without us.
"""

from __future__ import annotations

from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from models.errors import OutsideWorldFailed
from models.messages import Message
from register.heads import Head

ENDING = ".tsr"
_PATIENCE = 20.0
_LONGEST = 1 << 20


def stamped(url: str, head: Head, roots: Path | None) -> bytes:
    """The answer of the authority for a head, which was looked at.

    Raises: OutsideWorldFailed when it does not answer, refuses, or stamps something else.
    """
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    asked = TimestampRequestBuilder().data(head.signed).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        request = Request(url, asked.as_bytes(), {"Content-Type": "application/timestamp-query"})
        with urlopen(request, timeout=_PATIENCE) as answer:
            token: bytes = answer.read(_LONGEST)
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise OutsideWorldFailed("verify.no-stamp", url=url, head=head.head, why=error) from error
    if why := flaw(token, head, roots):
        raise OutsideWorldFailed("verify.no-stamp", url=url, head=head.head, why=why)
    return token


def flaw(token: bytes, head: Head, roots: Path | None) -> Message | None:
    """What is wrong with the stamp of a head; nothing where it holds. Without `roots` it may be anybody's."""
    from cryptography.x509 import load_pem_x509_certificates
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        answer = decode_timestamp_response(token)
        if answer.tst_info.message_imprint.message != sha256(head.signed).digest():
            return Message("verify.stamp-of-something-else")
        if roots is None:
            return None
        verifier = VerifierBuilder()
        for certificate in load_pem_x509_certificates(roots.read_bytes()):
            verifier = verifier.add_root_certificate(certificate)
        verifier.build().verify_message(answer, head.signed)
    except OSError as error:
        return Message("verify.no-roots", file=roots, why=error.strerror or error)
    except (ValueError, VerificationError) as error:
        return Message("verify.stamp-unreadable", why=error)
    return None
