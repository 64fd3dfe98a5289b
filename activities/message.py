"""A notice as an e-mail message: whatever ends up in a header is checked before it is written.

The library's own checks differ between versions of Python, and it lets through what a reader's programme
decodes later. So every value is held against a shape of ours, and refused when it does not fit. What fits is
written as it stands; only the subject holds words, and the library encodes them.
"""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_qp
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING

from models.errors import ProcedureError
from models.parties import is_mail_address

if TYPE_CHECKING:
    from models.register import NoticeRow

# 7bit: any relay takes it as it is, and a signature on the way stays whole
_POLICY = SMTP.clone(cte_type="7bit")
_MESSAGE_ID = re.compile(r"<[0-9a-f]{40}@[A-Za-z0-9.-]{1,190}>")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,190}\.pdf")
_LONGEST_SUBJECT = 300

_PLACES = ("body-of-mail", "page-of-mail", "letter-of-mail")
"""What stands in a message before it is filled."""

_NAME = "name.pdf"
_LINE = 76
"""Signs of base64 in a line."""


class Forged(ProcedureError):
    """A value that no header may have; it does not get better by trying again."""


def message_of(notice: NoticeRow, sender: str, pdf: bytes, at: datetime) -> bytes:
    """The notice as a message with its letter attached, as it is sent. Raises: Forged."""
    check(notice, sender)
    plain = {
        "From": sender,
        "To": notice.recipient,
        "Date": format_datetime(at),
        "Message-ID": notice.message_id,
        "Auto-Submitted": "auto-generated",
    }
    subject = _POLICY.header_factory("Subject", _subject(notice)).fold(policy=_POLICY)
    head = "".join((*(f"{name}: {value}\r\n" for name, value in plain.items()), subject))
    parts = [*map(_quoted, filter(None, (notice.body, notice.html))), _in_base64(pdf)]
    first, *others = _frame(bool(notice.html), notice.document)
    return b"".join(
        (head.encode("ascii"), first, *(part + after for part, after in zip(parts, others, strict=True)))
    )


def words_alone(sender: str, recipient: str, subject: str, body: str, message_id: str, at: datetime) -> bytes:
    """A message that carries no letter, as it is sent. Raises: Forged."""
    _hold(
        ("sender", sender, is_mail_address(sender)),
        ("recipient", recipient, is_mail_address(recipient)),
        ("subject", subject, _is_one_plain_line(subject)),
        ("message-id", message_id, bool(_MESSAGE_ID.fullmatch(message_id))),
    )
    message = EmailMessage(policy=_POLICY)
    for name, value in (
        ("From", sender),
        ("To", recipient),
        ("Date", format_datetime(at)),
        ("Message-ID", message_id),
        ("Auto-Submitted", "auto-generated"),
        ("Subject", subject),
    ):
        message[name] = value
    message.set_content(body, cte="quoted-printable")
    return message.as_bytes()


def _frame(html: bool, document: str) -> list[bytes]:
    """What stands around body, page and letter; it is the same in every message, but for the name."""
    *before, last, end = _empty(html)
    return [*before, last.replace(_NAME.encode(), document.encode()), end]


@cache
def _empty(html: bool) -> list[bytes]:
    """A message in pieces, as the library writes it. No part, as it is written, can hold the line between."""
    body, page, letter = _PLACES
    message = EmailMessage(policy=_POLICY)
    message.set_content(f"{body}\n", cte="quoted-printable")
    if html:
        message.add_alternative(f"{page}\n", subtype="html", cte="quoted-printable")
    message.add_attachment(letter.encode(), maintype="application", subtype="pdf", filename=_NAME)
    places = [
        *map(_quoted, (f"{body}\n", f"{page}\n") if html else (f"{body}\n",)),
        _in_base64(letter.encode()),
    ]
    left, frame = message.as_bytes(), []
    for place in places:
        before, left = left.split(place, 1)
        frame.append(before)
    return [*frame, left]


def _quoted(text: str) -> bytes:
    return b2a_qp(text.replace("\n", "\r\n").encode(), istext=True)


def _in_base64(content: bytes) -> bytes:
    encoded = b64encode(content)
    return b"".join(encoded[n : n + _LINE] + b"\r\n" for n in range(0, len(encoded), _LINE))


def check(notice: NoticeRow, sender: str) -> None:
    """Refuses what could make a header say more than it should. Raises: Forged."""
    _hold(
        ("sender", sender, is_mail_address(sender)),
        ("recipient", notice.recipient, is_mail_address(notice.recipient)),
        ("subject", _subject(notice), _is_one_plain_line(notice.subject) and len(notice.redirected) <= 60),
        ("message-id", notice.message_id, bool(_MESSAGE_ID.fullmatch(notice.message_id))),
        ("document", notice.document, bool(_FILE_NAME.fullmatch(notice.document))),
    )


def _hold(*values: tuple[str, str, bool]) -> None:
    for name, value, fits in values:
        if not fits:
            raise Forged("letter.no-header", part=name, value=value[:80])


def _subject(notice: NoticeRow) -> str:
    """The subject, which says first where a letter goes to the desk instead of its addressee."""
    return f"{notice.redirected}: {notice.subject}" if notice.redirected else notice.subject


def _is_one_plain_line(subject: str) -> bool:
    """Printable, and nothing that a reader's programme would decode into something else."""
    return subject.isprintable() and "=?" not in subject and 0 < len(subject) <= _LONGEST_SUBJECT
