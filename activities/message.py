"""A notice as an e-mail message: whatever ends up in a header is checked before the library sees it.

The library's own checks differ between versions of Python, and it lets through what a reader's programme
decodes later. So every value is held against a shape of ours, and refused when it does not fit.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
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


class Forged(ProcedureError):
    """A value that no header may have; it does not get better by trying again."""


def message_of(notice: NoticeRow, sender: str, pdf: bytes, at: datetime) -> EmailMessage:
    """The notice as a message with its letter attached. Raises: Forged."""
    check(notice, sender)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(addr_spec=sender)
    message["To"] = Address(addr_spec=notice.recipient)
    message["Subject"] = notice.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = notice.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.body)
    if notice.html:
        message.add_alternative(notice.html, subtype="html")
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=notice.document)
    return message


def check(notice: NoticeRow, sender: str) -> None:
    """Refuses what could make a header say more than it should. Raises: Forged."""
    for name, value, fits in (
        ("sender", sender, is_mail_address(sender)),
        ("recipient", notice.recipient, is_mail_address(notice.recipient)),
        ("subject", notice.subject, _is_one_plain_line(notice.subject)),
        ("message-id", notice.message_id, _MESSAGE_ID.fullmatch(notice.message_id)),
        ("document", notice.document, _FILE_NAME.fullmatch(notice.document)),
    ):
        if not fits:
            raise Forged("letter.no-header", part=name, value=value[:80])


def _is_one_plain_line(subject: str) -> bool:
    """Printable, and nothing that a reader's programme would decode into something else."""
    return subject.isprintable() and "=?" not in subject and 0 < len(subject) <= _LONGEST_SUBJECT
