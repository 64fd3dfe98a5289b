"""Signs the letter of an act in the name of the person who took it: PAdES, baseline B-B (EN 319 142-1).

The keys lie in one folder, as PKCS#12 files with their certificates; the password of `NAME.p12` in
`NAME.password` beside it. Whose a key is, its certificate says: nobody's letter is signed with another one's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import ProcedureError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

FIELD = "Signature"
"""The name of the field of a PDF that holds the signature."""


class CannotBeSigned(ProcedureError):
    """The key of whoever took an act cannot be used: its letter waits until a person has looked."""


@dataclass(frozen=True)
class _Key:
    file: Path
    certificate: Certificate

    @property
    def of(self) -> str:
        """The person whose key it is, as its certificate names him."""
        from cryptography.x509.oid import NameOID

        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return _alike(str(names[0].value)) if names else ""


class Signatures:
    """The keys of a folder, as they lie there now; none without a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def has(self, person: str) -> bool:
        """Whether a key of this person lies there. Raises: CannotBeSigned when a file cannot be read."""
        return any(key.of == _alike(person) for key in self._keys())

    def signed(self, pdf: bytes, person: str) -> bytes:
        """The document with the signature of a person, as a revision of its own; what stood stays as it was.

        Raises: CannotBeSigned when there is no key of his, or its certificate is not valid now.
        """
        now = datetime.now(UTC)
        his = [key for key in self._keys() if key.of == _alike(person)]
        for key in his:
            if key.certificate.not_valid_before_utc <= now <= key.certificate.not_valid_after_utc:
                return _sign(pdf, key.file, person)
        if not his:
            raise CannotBeSigned("signature.no-key", person=person, folder=self._folder)
        last = max(his, key=lambda key: key.certificate.not_valid_after_utc)
        ends = last.certificate.not_valid_after_utc.date()
        raise CannotBeSigned("signature.not-valid", person=person, file=last.file, until=ends)

    def _keys(self) -> list[_Key]:
        from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

        found = []
        for file in sorted(self._folder.glob("*.p12")) if self._folder else []:
            try:
                if file.stat().st_mode & 0o007:
                    raise CannotBeSigned("signature.open-to-all", file=file)
                certificate = load_pkcs12(file.read_bytes(), _password(file)).cert
            except (OSError, ValueError) as wrong:
                raise CannotBeSigned("signature.unreadable", file=file, why=str(wrong)) from wrong
            if certificate:
                found.append(_Key(file, certificate.certificate))
        return found


def _sign(pdf: bytes, file: Path, person: str) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
    from pyhanko.sign.fields import SigSeedSubFilter

    signer = SimpleSigner.load_pkcs12(file, passphrase=_password(file))  # type: ignore[no-untyped-call]
    if signer is None:
        raise CannotBeSigned("signature.unreadable", file=file, why="")
    says = PdfSignatureMetadata(
        field_name=FIELD, name=person, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
    )
    signed = BytesIO()
    PdfSigner(says, signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=signed)
    return signed.getvalue()


def _password(file: Path) -> bytes | None:
    beside = file.with_suffix(".password")
    return beside.read_text(encoding="utf-8").strip().encode() if beside.exists() else None


def _alike(name: str) -> str:
    return " ".join(name.casefold().split())
