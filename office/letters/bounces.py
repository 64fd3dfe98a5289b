"""Reads a message by which a mail server says that a letter could not be delivered (RFC 3464, RFC 6533).

It is somebody else's text, often inside a message that forwards it: only a few things are taken from it, and
each is held against what we know.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32
from pathlib import Path

from models import messages
from models.errors import InputRefused, Malformed

SAYS_NOTHING = messages.Message("bounce.says-nothing")

LARGEST = 20_000_000
"""Bytes; a bounce carries our own letter at most."""

_MOST_WITHIN = 12
"""Parts within each other: a report that is forwarded a few times has fewer."""

_OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a message begins that Outlook saved in a form of its own (.msg)."""

_STATUS = ("message/delivery-status", "message/global-delivery-status")
_COPIES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers", "text/rfc822")
_ORIGINAL = ("X-Original-Message-ID", "Original-Message-ID")
_ACTIONS = {"5": "failed", "4": "delayed", "2": "delivered"}
"""What a status begins with, where a server says no action beside it."""

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_EMPTY_LINE = re.compile(rb"\r?\n(?:[ \t]*\r?\n)+")


@dataclass(frozen=True)
class Bounce:
    """What a bounce says: of which of our messages (the nearest first), for whom, and why.

    `failed` has the reason for each address that got nothing; `behind` are the addresses that were written
    to and stand for one of these, such as that of a group.
    """

    message_ids: tuple[str, ...]
    failed: dict[str, str]
    behind: tuple[str, ...]

    def reason(self, address: str) -> str | None:
        """Why nothing reached an address; nothing where the bounce does not tell of it."""
        found = (reason for failed, reason in self.failed.items() if _plainly(failed) == _plainly(address))
        return next(found, None)

    def stands_for_others(self, address: str) -> bool:
        """Whether it was written to that address, and tells of another one that it stands for."""
        return _plainly(address) in map(_plainly, self.behind)


def read_bounces(path: Path) -> tuple[Bounce, ...]:
    """The bounces that a message holds, the outermost first, as a mail programme saves it.

    Raises: InputRefused when it holds no report on a delivery, or all say that the letter may still arrive.
    """
    if not path.is_file():
        raise InputRefused("bounce.no-file", path=path)
    if path.stat().st_size > LARGEST:
        raise InputRefused("bounce.too-large", path=path, bytes=path.stat().st_size)
    content = path.read_bytes()
    if content.startswith(_OUTLOOK):
        raise InputRefused("bounce.of-outlook", path=path)
    whole = message_from_bytes(content.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=compat32)
    found: list[Bounce] = []
    said: set[str] = set()
    reports = list(_reports(whole, whole, 0))
    for holder, report in reports:
        blocks = [block for part in _parts(report, _STATUS) for block in _blocks(_raw(part))]
        failed = [block for block in blocks if _action(block) == "failed"]
        said |= set(map(_action, blocks)) - {""}
        if failed:
            found.append(_bounce(holder, report, blocks, failed))
    if not reports:
        raise InputRefused(
            "bounce.no-report",
            path=path,
            possible=("notices bounced NUMBER --letter LETTER --reason REASON",),
        )
    if not found and said == {"delayed"}:
        raise InputRefused("bounce.delayed", path=path)
    if not found:
        raise InputRefused("bounce.not-failed", path=path, told=sorted(said) or SAYS_NOTHING)
    return tuple(found)


def _reports(part: Message, holder: Message, within: int) -> Iterator[tuple[Message, Message]]:
    """The parts that hold a report on a delivery, each with the message that it is the content of."""
    inner = part.get_payload()
    if within > _MOST_WITHIN or not isinstance(inner, list):
        return
    if any(one.get_content_type() in _STATUS for one in inner if isinstance(one, Message)):
        yield holder, part
    for one in inner:
        if isinstance(one, Message) and one.get_content_type() not in _STATUS:
            decoded = _decoded(one) if part.get_content_maintype() == "multipart" else one
            holds = part.get_content_maintype() == "message"
            yield from _reports(decoded, one if holds else holder, within + 1)


def _bounce(holder: Message, report: Message, blocks: list[Message], failed: list[Message]) -> Bounce:
    ids: list[str] = []
    for copy in _parts(report, _COPIES):
        written = message_from_bytes(_raw(copy), policy=compat32)
        ids += [_said(one, "Message-ID") for one in written.walk()]
    ids += [_said(one, name) for one in (*blocks, report, holder) for name in _ORIGINAL]
    ids += [_said(one, name) for one in (report, holder) for name in ("In-Reply-To", "References")]
    originals = (_address(_said(block, "Original-Recipient")) for block in failed)
    return Bounce(
        message_ids=tuple(dict.fromkeys(_MESSAGE_ID.findall(" ".join(ids)))),
        failed={
            _address(_said(block, "Final-Recipient") or _said(block, "Original-Recipient")): " ".join(
                filter(None, (_said(block, "Status"), _said(block, "Diagnostic-Code")))
            )[:400]
            for block in failed
        },
        behind=tuple(filter(None, originals)),
    )


def _parts(report: Message, kinds: tuple[str, ...]) -> Iterator[Message]:
    """The parts of a report of these kinds, not those of what it returns."""
    inner = report.get_payload()
    for part in inner if isinstance(inner, list) else ():
        if isinstance(part, Message) and part.get_content_type() in kinds:
            yield part
        elif isinstance(part, Message) and part.is_multipart() and part.get_content_maintype() == "multipart":
            yield from _parts(part, kinds)


def _raw(part: Message) -> bytes:
    """What a part says, decoded: the library takes messages apart before it looks at how they are coded."""
    inner = part.get_payload()
    if isinstance(inner, list):
        raw = b"\n".join(one.as_bytes() for one in inner if isinstance(one, Message))
    else:
        raw = str(inner).encode("utf-8", "surrogateescape")
    match _said(part, "Content-Transfer-Encoding").lower():
        case "base64":
            return base64.b64decode(re.sub(rb"[^A-Za-z0-9+/]", b"", raw) + b"==")
        case "quoted-printable":
            return quopri.decodestring(raw)
    return raw


def _decoded(part: Message) -> Message:
    """A message within a message, which some servers send coded, and some programmes as a file."""
    coded = _said(part, "Content-Transfer-Encoding").lower() in ("base64", "quoted-printable")
    as_file = not part.is_multipart() and (part.get_filename() or "").lower().endswith(".eml")
    if not as_file and (part.get_content_maintype() != "message" or not coded):
        return part
    inner = message_from_bytes(_raw(part), policy=compat32)
    held = Message(policy=compat32)
    held.set_type("message/rfc822")
    held.set_payload([inner])
    return held


def _blocks(raw: bytes) -> list[Message]:
    """The blocks of a status: one on the message, and one for each recipient."""
    return [
        message_from_bytes(block.strip(b"\r\n") + b"\n\n", policy=compat32)
        for block in _EMPTY_LINE.split(raw)
        if block.strip()
    ]


def _action(block: Message) -> str:
    said = re.match(r"[a-z]+", _said(block, "Action").lower())
    if said or not (_said(block, "Final-Recipient") or _said(block, "Original-Recipient")):
        return said[0] if said else ""
    return _ACTIONS.get(_said(block, "Status")[:1], "")


def _said(block: Message, name: str) -> str:
    """A header as one plain line."""
    return "".join(c if c.isprintable() else " " for c in str(block.get(name, ""))).strip()


def _address(written: str) -> str:
    """An address without the kind before it, a remark behind it, and signs that are spelt as numbers."""
    kind, _, address = written.rpartition(";")
    address = re.sub(r"\([^()]*\)", "", address).strip().strip("<>").strip()
    if kind.strip().lower() == "utf-8":
        return re.sub(
            r"\\x\{([0-9A-Fa-f]{2,6})\}", lambda spelt: chr(min(int(spelt[1], 16), 0x10FFFF)), address
        )
    return address


def _plainly(address: str) -> str:
    """An address by which two that are one are known: as mail is sent to it, in small letters."""
    from models.parties import mail_address

    spelt = re.sub(r"\+([0-9A-F]{2})", lambda spelt: chr(int(spelt[1], 16)), address)
    with suppress(Malformed):
        spelt = mail_address(spelt)
    return spelt.casefold()
