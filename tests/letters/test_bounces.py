"""Bounces in the shapes in which mail servers send them and mail programmes pass them on."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from models.errors import InputRefused
from office.letters.bounces import Bounce, read_bounces

OURS = "<letter-7@agency.invalid>"
TO = "reg@exemplar.test"
PER_MESSAGE = "Reporting-MTA: dns; mail.exemplar.test\nArrival-Date: Mon, 16 Nov 2026 10:30:00 +0100\n"
FAILED = f"""Final-Recipient: rfc822; {TO}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user
"""
COPY = f"Content-Type: message/rfc822\n\nMessage-ID: {OURS}\nSubject: Your dossier\n\n…\n"
HEADERS = f"Content-Type: text/rfc822-headers\n\nSubject: Your dossier\nMessage-ID: {OURS}\n"


def report(*blocks: str, copy: str = COPY, head: str = "", kind: str = "message/delivery-status") -> str:
    """What a mail server sends: words, a status and what it returns."""
    status = "\n".join((PER_MESSAGE, *blocks))
    return (
        f"From: MAILER-DAEMON@exemplar.test\n{head}MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt could not be delivered.\n\n"
        f"--b\nContent-Type: {kind}\n\n{status}\n" + (f"--b\n{copy}\n" if copy else "") + "--b--\n"
    )


def passed_on(inner: str, boundary: str, coding: str = "") -> str:
    """The message of a person who attaches another one."""
    held = base64.encodebytes(inner.encode()).decode() if coding == "base64" else inner
    coded = f"Content-Transfer-Encoding: {coding}\n" if coding else ""
    return (
        f"From: a@agency.invalid\nMessage-ID: <passed-on-{boundary}@agency.invalid>\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n'
        f"--{boundary}\nContent-Type: text/plain\n\nSee below.\n\n"
        f"--{boundary}\nContent-Type: message/rfc822\n{coded}\n{held}\n--{boundary}--\n"
    )


def read(into: Path, written: str) -> Bounce:
    (bounce,) = all_of(into, written)
    return bounce


def all_of(into: Path, written: str) -> tuple[Bounce, ...]:
    path = into / "message.eml"
    path.write_bytes(written.encode())
    return read_bounces(path)


CODED = base64.encodebytes(f"{PER_MESSAGE}\n{FAILED}".encode()).decode()
SHAPES = {
    "as a server sends it": report(FAILED),
    "with the headers only": report(FAILED, copy=HEADERS),
    "passed on": passed_on(report(FAILED), "x"),
    "passed on twice": passed_on(passed_on(report(FAILED), "x"), "y"),
    "passed on coded": passed_on(report(FAILED), "x", "base64"),
    "attached as a file": passed_on(report(FAILED), "x", "base64").replace(
        "Content-Type: message/rfc822", 'Content-Type: application/octet-stream; name="NDR.eml"'
    ),
    "saved with a mark before it": "\ufeff\n" + report(FAILED),
    "in another container": (
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="o"\n\n'
        "--o\nContent-Type: text/plain\n\nScanned by a gateway.\n\n"
        f"--o\n{report(FAILED).split('MIME-Version: 1.0', 1)[1].lstrip()}\n--o--\n"
    ),
    "called mixed": report(FAILED).replace(
        "multipart/report; report-type=delivery-status", "multipart/mixed"
    ),
    "without a copy": report(FAILED, copy="", head=f"In-Reply-To: {OURS}\n"),
    "with the id in its status": report(f"X-Original-Message-ID: {OURS}\n", FAILED, copy=""),
    "with the id in its head": report(FAILED, copy="", head=f"X-Original-Message-ID: {OURS}\n"),
    "in the form for all signs": report(FAILED, kind="message/global-delivery-status").replace(
        "Content-Type: message/rfc822", "Content-Type: message/global"
    ),
    "with its status coded": report(FAILED).replace(
        f"delivery-status\n\n{PER_MESSAGE}\n{FAILED}",
        f"delivery-status\nContent-Transfer-Encoding: base64\n\n{CODED}",
    ),
    "with its copy coded": report(
        FAILED,
        copy="Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(COPY.partition("\n\n")[2].encode()).decode(),
    ),
    "without an action": report(FAILED.replace("Action: failed\n", "")),
    "with remarks": report(
        FAILED.replace("failed", "Failed (after 5 days)").replace(TO, f"<{TO}> (unknown)")
    ),
    "with line ends of Windows": report(FAILED).replace("\n", "\r\n"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_bounce_is_read_in_whatever_shape_it_comes(shape: str, tmp_path: Path) -> None:
    bounce = read(tmp_path, SHAPES[shape])
    assert bounce.message_ids[0] == OURS
    assert bounce.reason(TO.upper()) == "5.1.1 smtp; 550 no such user"
    assert bounce.reason("other@exemplar.test") is None


def test_of_several_recipients_each_has_its_own_reason(tmp_path: Path) -> None:
    full = (
        FAILED.replace(TO, "b@exemplar.test")
        .replace("5.1.1", "5.2.2")
        .replace("no such user", "mailbox full")
    )
    arrived = FAILED.replace(TO, "c@exemplar.test").replace("failed", "delivered")
    bounce = read(tmp_path, report(FAILED, full, arrived))
    assert bounce.reason("b@exemplar.test") == "5.2.2 smtp; 550 mailbox full"
    assert bounce.reason("c@exemplar.test") is None


def test_one_address_behind_a_group_is_told_apart_from_the_group(tmp_path: Path) -> None:
    member = f"Original-Recipient: rfc822; {TO}\n" + FAILED.replace(
        f"rfc822; {TO}", "rfc822; member@exemplar.test"
    )
    bounce = read(tmp_path, report(member))
    assert bounce.reason(TO) is None
    assert bounce.stands_for_others(TO)
    assert not bounce.stands_for_others("other@exemplar.test")


def test_an_address_is_known_in_each_of_its_spellings(tmp_path: Path) -> None:
    coded = report(FAILED.replace(TO, "reg@xn--socit-exemple-deb.test"))
    assert read(tmp_path, coded).reason("reg@xn--socit-exemple-deb.test")
    spelt = report(FAILED.replace(f"rfc822; {TO}", r"utf-8; r\x{E9}g@exemplar.test"))
    assert read(tmp_path, spelt).reason("rég@exemplar.test")
    plus = report(FAILED.replace(TO, "reg+2Bumn@exemplar.test"))
    assert read(tmp_path, plus).reason("reg+umn@exemplar.test")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (report(FAILED.replace("failed", "delayed")), "is delayed and is tried again"),
        (passed_on(report(FAILED.replace("failed", "delayed")), "x"), "is delayed and is tried again"),
        (report(FAILED.replace("Action: failed\n", "").replace("5.1.1", "4.4.7")), "is delayed"),
        (report(FAILED.replace("failed", "expanded")), "it says: expanded"),
        (report(FAILED.replace("failed", "relayed")), "it says: relayed"),
        (passed_on("Subject: I am on holiday\n\nUntil Monday.\n", "x"), "is no report on a delivery"),
    ],
)
def test_what_says_no_failure_is_no_bounce(written: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=told):
        all_of(tmp_path, written)


def test_a_message_in_a_form_of_outlook_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "NDR.msg"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    with pytest.raises(InputRefused, match=r"save it as \.eml"):
        read_bounces(path)


def test_a_failure_among_delays_counts_for_its_own_address(tmp_path: Path) -> None:
    late = FAILED.replace(TO, "b@exemplar.test").replace("failed", "delayed").replace("5.1.1", "4.2.2")
    bounce = read(tmp_path, report(late, FAILED))
    assert (bounce.reason("b@exemplar.test"), bool(bounce.reason(TO))) == (None, True)


def test_two_bounces_in_one_message_stay_two(tmp_path: Path) -> None:
    other = report(FAILED).replace(OURS, "<letter-8@agency.invalid>")
    other = other.replace('boundary="b"', 'boundary="c"').replace("--b", "--c")
    second = f"--x\nContent-Type: message/rfc822\n\n{other}\n--x--"
    both = passed_on(report(FAILED), "x").replace("--x--", second)
    assert [bounce.message_ids[0] for bounce in all_of(tmp_path, both)] == [OURS, "<letter-8@agency.invalid>"]
