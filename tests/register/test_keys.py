"""The office signs with a key of its own, in a form that others can check without us."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64decode, b64encode
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.errors import Malformed, NotFound, OutsideWorldFailed
from models.signing import Purpose, blob_of, canonical, fingerprint, is_signed, public_of, raw_of
from register.keys import Key, kept, read

openssh = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="needs OpenSSH")

MESSAGE = canonical({"number": "CUP-2026-001", "head": "été"})


def an_other() -> Key:
    return Key(Ed25519PrivateKey.generate())


def test_the_key_of_an_office_is_made_once_and_its_owner_s_only(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        made = {key.public for key in threads.map(kept, [tmp_path / "keys" / "office"] * 8)}
    assert made == {read(tmp_path / "keys" / "office").public}
    modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "keys").iterdir()}
    assert modes["office"] == 0o600
    assert set(modes) == {"office", "office.pub"}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_what_it_signed_is_true_for_that_message_that_purpose_and_that_key_only():
    office, other = an_other(), an_other()
    signature = office.sign(Purpose.HEAD, MESSAGE)
    assert is_signed(Purpose.HEAD, MESSAGE, signature, office.public)
    assert is_signed(Purpose.HEAD, MESSAGE, signature, f"{office.public} the office")
    assert not is_signed(Purpose.ACT, MESSAGE, signature, office.public)
    assert not is_signed(Purpose.HEAD, MESSAGE + b" ", signature, office.public)
    assert not is_signed(Purpose.HEAD, MESSAGE, signature, other.public)


@pytest.mark.parametrize(
    "signature",
    ["", "é", "AAAA", b64encode(bytes(64)).decode(), b64encode(bytes(65)).decode(), "=" * 88],
)
def test_what_is_no_signature_is_none_and_breaks_nothing(signature):
    assert not is_signed(Purpose.HEAD, MESSAGE, signature, an_other().public)


def test_one_signature_has_one_spelling():
    """The last sign of Base64 before the padding has bits to spare: another spelling is another signature."""
    key = an_other()
    signature = key.sign(Purpose.HEAD, MESSAGE)
    signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spelt = signature[:-3] + signs[signs.index(signature[-3]) + 1] + "=="
    assert b64decode(spelt, validate=True) == b64decode(signature)
    assert not is_signed(Purpose.HEAD, MESSAGE, spelt, key.public)


@pytest.mark.parametrize(
    "public",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB",
        "ssh-ed25519 ü",
        "-----BEGIN",
    ],
)
def test_what_is_no_public_key_is_refused_in_words(public):
    with pytest.raises(Malformed, match="no public key"):
        raw_of(public)
    assert not is_signed(Purpose.HEAD, MESSAGE, an_other().sign(Purpose.HEAD, MESSAGE), public)


def test_a_public_key_has_one_form():
    key = an_other()
    assert public_of(raw_of(key.public)) == key.public
    longer = b64encode(blob_of(raw_of(key.public)) + b"\0").decode()
    with pytest.raises(Malformed):
        raw_of(f"ssh-ed25519 {longer}")


@openssh
def test_openssh_reads_the_key_and_checks_what_it_signed(tmp_path):
    office = kept(tmp_path / "office")
    told = subprocess.run(["ssh-keygen", "-lf", tmp_path / "office.pub"], capture_output=True, text=True)
    assert fingerprint(office.public) in told.stdout
    raw = b64decode(office.sign(Purpose.HEAD, MESSAGE))
    parts = (Purpose.HEAD.encode(), b"", b"sha512", blob_of(b"")[:15] + len(raw).to_bytes(4, "big") + raw)
    blob = b"SSHSIG" + (1).to_bytes(4, "big")
    for part in (blob_of(raw_of(office.public)), *parts):
        blob += len(part).to_bytes(4, "big") + part
    armour = "-----BEGIN SSH SIGNATURE-----\n%s\n-----END SSH SIGNATURE-----\n"
    (tmp_path / "signature").write_text(armour % b64encode(blob).decode())
    (tmp_path / "known").write_text(f"office {office.public}\n")
    asked = ["ssh-keygen", "-Y", "verify", "-f", tmp_path / "known", "-I", "office", "-n", Purpose.HEAD]
    for message, code in ((MESSAGE, 0), (MESSAGE + b".", 255)):
        told = subprocess.run([*asked, "-s", tmp_path / "signature"], input=message, capture_output=True)
        assert told.returncode == code, told.stderr


def test_a_key_that_others_may_read_signs_nothing(tmp_path):
    kept(tmp_path / "office")
    (tmp_path / "office").chmod(0o640)
    with pytest.raises(OutsideWorldFailed, match="may be read by others") as refused:
        kept(tmp_path / "office")
    assert refused.value.possible == (f"chmod 600 {tmp_path / 'office'}",)


def test_what_is_no_key_is_never_replaced_by_a_new_one(tmp_path):
    key = tmp_path / "office"
    with pytest.raises(NotFound):
        read(key)
    key.touch(0o600)
    for content in (b"", b"no key", b"\xff"):
        key.write_bytes(content)
        with pytest.raises(OutsideWorldFailed, match="no private key"):
            kept(key)
        assert key.read_bytes() == content


@openssh
@pytest.mark.parametrize("more", [["-t", "ed25519", "-N", "a passphrase"], ["-t", "ecdsa", "-N", ""]])
def test_a_key_of_another_kind_or_behind_a_passphrase_is_named(tmp_path, more):
    subprocess.run(["ssh-keygen", "-q", *more, "-f", tmp_path / "key"], check=True)
    with pytest.raises(OutsideWorldFailed, match="passphrase"):
        read(tmp_path / "key")
