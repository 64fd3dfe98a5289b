"""Reads a message by which a mail server says that a letter could not be delivered (RFC 3464).

It is somebody else's text: only three things are taken from it, and each is held against what we know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.policy import compat32
from pathlib import Path

from models import messages
from models.errors import InputRefused

SAYS_NOTHING = messages.Message("bounce.says-nothing")

LARGEST = 20_000_000
"""Bytes; a bounce carries our own letter at most."""

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")


@dataclass(frozen=True)
class Bounce:
    """What a bounce says: of which of our messages (the nearest first), for whom, and why."""

    message_ids: tuple[str, ...]
    recipients: tuple[str, ...]
    reason: str


def read_bounce(path: Path) -> Bounce:
    """A bounce, as a mail programme saves it.

    Raises: InputRefused when it is no report on a delivery, or reports that the message may still arrive.
    """
    if not path.is_file():
        raise InputRefused("bounce.no-file", path=path)
    if path.stat().st_size > LARGEST:
        raise InputRefused("bounce.too-large", path=path, bytes=path.stat().st_size)
    report = message_from_bytes(path.read_bytes(), policy=compat32)
    parts = list(report.walk())
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if report.get_content_type() != "multipart/report" or status is None:
        raise InputRefused(
            "bounce.no-report",
            path=path,
            possible=("notices bounced NUMBER --letter LETTER --reason REASON",),
        )
    blocks = [block for block in status.get_payload() if isinstance(block, Message)]
    failed = [block for block in blocks if _said(block, "Action").lower() == "failed"]
    if not failed:
        actions = {_said(block, "Action").lower() for block in blocks} - {""}
        raise InputRefused("bounce.not-failed", path=path, told=sorted(actions) or SAYS_NOTHING)
    why = (_said(failed[0], name) for name in ("Status", "Diagnostic-Code"))
    return Bounce(
        message_ids=_message_ids(report, parts),
        recipients=tuple(_address(_said(block, "Final-Recipient")) for block in failed),
        reason=" ".join(filter(None, why))[:400],
    )


def _message_ids(report: Message, parts: list[Message]) -> tuple[str, ...]:
    """The original message's id, from the copy that the bounce carries; else from what it answers."""
    found: list[str] = []
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            found += [_said(one, "Message-ID") for one in inner] if isinstance(inner, list) else []
        elif part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True) or b""
            headers = message_from_string(bytes(text).decode("ascii", "replace"), policy=compat32)
            found.append(_said(headers, "Message-ID"))
    found += [_said(report, "In-Reply-To"), _said(report, "References")]
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(" ".join(found))))


def _said(block: Message, name: str) -> str:
    """A header as one plain line."""
    return "".join(c if c.isprintable() else " " for c in str(block.get(name, ""))).strip()


def _address(written: str) -> str:
    return written.rpartition(";")[2].strip()
