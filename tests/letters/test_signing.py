"""A letter of an act is signed in the name of the person who took it, as another reader of PDF sees it."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from activities.documents import Documents
from activities.signing import CannotBeSigned, Signatures
from procedures.be_umn.letters import LetterKind
from tests.letters.letter_desk import ADDRESSES, MAIL_FROM, LetterDesk, text_of
from tests.letters.sample_letters import batch, letter

TODAY = datetime.now(UTC)
PERSON = "An Peeters"


@cache
def key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def certificate(of: str, ends: datetime, by: str = "A test authority") -> x509.Certificate:
    """A certificate for signing, by an authority with the same key."""
    named = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (of, by)]
    made = x509.CertificateBuilder(*reversed(named), key().public_key(), x509.random_serial_number())
    made = made.not_valid_before(ends - timedelta(days=365)).not_valid_after(ends)
    made = made.add_extension(x509.BasicConstraints(ca=of == by, path_length=None), critical=True)
    if of != by:
        use = dict.fromkeys(
            ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
        )
        use |= {"digital_signature": True, "content_commitment": True}
        use |= {"encipher_only": False, "decipher_only": False}
        made = made.add_extension(x509.KeyUsage(**use), critical=True)
    return made.sign(key(), SHA256())


def lies_there(folder: Path, of: str = PERSON, ends: datetime = TODAY + timedelta(days=90)) -> Path:
    """A key of a person in a folder, with its password beside it."""
    file = folder / f"{of.replace(' ', '-')}.p12"
    folder.mkdir(exist_ok=True)
    locked = BestAvailableEncryption(b"secret")
    file.write_bytes(serialize_key_and_certificates(None, key(), certificate(of, ends), None, locked))
    file.with_suffix(".password").write_text("secret\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def signing(desk: LetterDesk, tmp_path: Path) -> LetterDesk:
    """A desk that signs what Peeters decides."""
    lies_there(tmp_path / "keys")
    signatures = Signatures(tmp_path / "keys")
    desk.documents = Documents(
        desk.url, desk.store, "Test Agency for Medicines", MAIL_FROM, ADDRESSES, signatures=signatures
    )
    return desk


def decision(desk: LetterDesk, person: str = PERSON) -> bytes:
    told = letter(LetterKind.DECISION)
    signatory = {**told.facts["signatory"], "person": person}
    told = told.model_copy(update={"facts": {**told.facts, "signatory": signatory}})
    (name,) = desk.makes(batch(told, applicant=desk.applicant()))
    return desk.pdf(name)


def as_openssl_sees_it(pdf: bytes, folder: Path) -> str:
    """Who signed a document with all its bytes; or what OpenSSL has against it."""
    start, first, second, last = map(int, re.findall(rb"/ByteRange ?\[(.*?)\]", pdf)[0].split())
    assert (start, second + last) == (0, len(pdf))
    (folder / "all.bin").write_bytes(pdf[:first] + pdf[second:])
    (folder / "sig.der").write_bytes(bytes.fromhex(pdf[first + 1 : second - 1].decode()))
    authority = certificate("A test authority", TODAY + timedelta(days=200))
    (folder / "ca.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    asked = "openssl cms -verify -cades -binary -inform DER -in sig.der -content all.bin -CAfile ca.pem"
    asked += " -purpose any -out /dev/null -signer who.pem"
    seen = subprocess.run(asked.split(), cwd=folder, capture_output=True, text=True, check=False)
    if seen.returncode:
        return seen.stderr
    who = x509.load_pem_x509_certificate((folder / "who.pem").read_bytes())
    return str(who.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def test_a_decision_is_signed_by_the_person_who_took_it_and_says_so(signing: LetterDesk, tmp_path: Path):
    pdf = decision(signing)
    assert as_openssl_sees_it(pdf, tmp_path) == PERSON
    assert "/ETSI.CAdES.detached" in pdf.decode("latin-1")
    assert "Elektronisch ondertekend: de handtekening staat in de PDF" in text_of(pdf)
    assert "Elektronisch ondertekend" in signing.notices()[0].body
    changed = pdf.replace(b"/Title", b"/Titel", 1)
    assert "verification failure" in as_openssl_sees_it(changed, tmp_path)


def test_what_another_person_decides_is_signed_in_nobodys_name(signing: LetterDesk, tmp_path: Path):
    pdf = decision(signing, "Bert Claes")
    assert b"/ByteRange" not in pdf
    assert "Elektronisch ondertekend" not in text_of(pdf)


def test_a_letter_that_nobody_signs_is_not_signed(signing: LetterDesk):
    (name,) = signing.makes(batch(letter(LetterKind.WITHDRAWAL), applicant=signing.applicant()))
    assert b"/ByteRange" not in signing.pdf(name)


def test_a_key_that_cannot_be_used_holds_the_letter_until_a_person_has_looked(
    signing: LetterDesk, tmp_path: Path
):
    file = lies_there(tmp_path / "keys", ends=TODAY - timedelta(days=1))
    with pytest.raises(CannotBeSigned, match=f"An Peeters.*{TODAY - timedelta(days=1):%Y-%m-%d}"):
        decision(signing)
    file.chmod(0o604)
    with pytest.raises(CannotBeSigned, match="Every user"):
        decision(signing)
    file.chmod(0o600)
    file.with_suffix(".password").write_text("another")
    with pytest.raises(CannotBeSigned, match="PKCS#12"):
        decision(signing)
    lies_there(tmp_path / "keys")
    assert as_openssl_sees_it(decision(signing), tmp_path) == PERSON
