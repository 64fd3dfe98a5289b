"""A time stamp of an authority lies beside each head in the second place, and says when it stood."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from office.service import anchoring
from office.service.seals import sealed
from office.settings import Settings
from register.database import migrate
from register.heads import read
from register.office_keys import hold

CONFIGURED = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
signer_cert = {folder}/authority.pem
signer_key = {folder}/authority.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
[extended]
extendedKeyUsage = critical,timeStamping
basicConstraints = CA:FALSE
"""


def openssl(*words: str, given: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *words], input=given, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Authority:
    """An authority of time stamps of its own: `openssl ts` behind HTTP."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.roots = folder, folder / "root.pem"
        self.configured = folder / "tsa.cnf"
        self.configured.write_text(CONFIGURED.format(folder=folder))
        (folder / "serial").write_text("01\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        root = ("-keyout", f"{folder}/root.key", "-out", f"{self.roots}", "-subj", "/CN=Test root")
        openssl("req", "-x509", *key, *root, "-days", "9")
        asked = ("-keyout", f"{folder}/authority.key", "-out", f"{folder}/asked.pem", "-subj", "/CN=Test TSA")
        openssl("req", *key, *asked)
        by = ("-CA", f"{self.roots}", "-CAkey", f"{folder}/root.key", "-days", "9", "-CAcreateserial")
        extended = ("-extfile", f"{self.configured}", "-extensions", "extended")
        out = ("-out", f"{folder}/authority.pem")
        openssl("x509", "-req", "-in", f"{folder}/asked.pem", *by, *extended, *out)

    def answers(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        return openssl(
            "ts", "-reply", "-config", str(self.configured), "-queryfile", str(self.folder / "query")
        )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def office(authority: Authority, tmp_path: Path) -> Iterator[Settings]:
    """An office with a second place, whose heads the authority stamps."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = authority.answers(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "elsewhere").mkdir()
    settings = Settings(
        var=tmp_path / "var",
        anchors=tmp_path / "elsewhere",
        timestamps=f"http://127.0.0.1:{server.server_port}/",
        timestamp_roots=authority.roots,
    )
    migrate(settings.register_url)
    hold(settings.register_url, settings.keys, "Ann")
    yield settings
    server.shutdown()


def stamps(settings: Settings) -> list[Path]:
    assert settings.anchors
    return sorted(settings.anchors.glob("*.tsr"))


def wrong(settings: Settings) -> list[str]:
    return [problem.sentence for problem in sealed(settings, lambda done, of: None).problems]


def test_a_head_is_stamped_and_openssl_verifies_it_without_us(
    office: Settings, authority: Authority, tmp_path: Path
) -> None:
    anchoring.nightly(office, date(2026, 11, 30))
    anchoring.nightly(office, date(2026, 11, 30))  # the same one again asks nobody
    (stamp,) = stamps(office)
    head = read(stamp.with_suffix(".json").read_text())
    (tmp_path / "signed").write_bytes(head.signed)
    given = ("-data", str(tmp_path / "signed"), "-in", str(stamp), "-CAfile", str(authority.roots))
    untrusted = ("-untrusted", str(authority.folder / "authority.pem"))
    assert b"Verification: OK" in openssl("ts", "-verify", *given, *untrusted)
    assert wrong(office) == []


def test_a_stamp_that_is_another_one_is_named(office: Settings) -> None:
    anchoring.nightly(office, date(2026, 11, 29))
    anchoring.nightly(office, date(2026, 11, 30))
    first, second = stamps(office)
    whole = first.read_bytes()
    for other in (second.read_bytes(), b"", whole[:-9], whole[:-1] + bytes([whole[-1] ^ 1])):
        first.write_bytes(other)
        (told,) = wrong(office)
        assert first.name in told
    first.write_bytes(whole)
    assert wrong(office) == []


def test_a_stamp_of_somebody_else_than_the_authority_is_named(office: Settings, tmp_path: Path) -> None:
    anchoring.nightly(office, date(2026, 11, 30))
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other")
    (told,) = wrong(replace(office, timestamp_roots=other.roots))
    assert "does not hold" in told


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "no address"])
def test_an_authority_that_does_not_answer_holds_nothing_up(office: Settings, address: str) -> None:
    """The next head that is stamped is chained to those that are not."""
    anchoring.nightly(replace(office, timestamps=address), date(2026, 11, 29))
    assert stamps(office) == []
    anchoring.nightly(office, date(2026, 11, 30))
    assert office.anchors
    assert len(list(office.anchors.glob("*.json"))) == 2
    assert [stamp.name[:7] for stamp in stamps(office)] == ["0000002"]
    assert wrong(office) == []
