"""The envelope in which an act travels: who signs it, by what power, and what exactly was signed.

The office certifies, for minutes, that a person may do an act in a case; the person signs the act. Where it
takes two people, the envelope of the one who prepared it lies within. Whoever receives them checks all of it
purely, with the office's public key and nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from models.acts import EVERY_ACT, Act
from models.messages import Message
from models.notes import TELLS, AnyNote, Note
from models.people import StaffRole, Takes, preparing
from models.signing import Purpose, canonical, is_signed
from models.signs import THE_WORKER
from models.texts import Name, RequestId
from models.travelling import Travelling

KINDS = {kind.__name__: kind for kind in EVERY_ACT}

SKEW = timedelta(minutes=2)
"""By how much the clocks of two machines may differ."""


class OfficeAct(Travelling, frozen=True):
    """What a person does in the office and in no case: its command, and all that it says."""

    command: str
    by: Name
    request_id: RequestId
    said: dict[str, Any]


MEMO = "envelope"
"""The place in the memo of a run where the envelope lies in which it was begun."""

SETS_UP = "set-up"
"""What the office certifies for a programme that another one sets up in its place."""

BEGINNINGS = {
    "Received": "submit",
    "Imported": "import-register",
    "Reopened": "reopen",
    "SetUp": SETS_UP,
    "SetUpTacitly": SETS_UP,
}
"""Entries that tell how a case was begun, or begun anew, each with the command that does it."""


class Certificate(Travelling, frozen=True):
    """The office's word that a person signs with a key and may do acts in a case, between two instants (UTC).

    `roles` are those of the person; `rests_on` is the act of the Minister where the power is a delegated one.
    `takes` says how many people do it, where the procedure asks for two; nothing where it asks for one.
    `stands_until` says how long what is prepared by it can be signed by another person.
    The worker has one too, for what it does for whoever is named in the act.
    """

    person: str
    function: str
    key: str
    roles: tuple[StaffRole, ...] = ()
    rests_on: str = ""
    takes: Takes | None = None
    stands_until: datetime | None = None
    number: str
    acts: tuple[str, ...]
    since: datetime
    until: datetime
    signature: str = ""

    @property
    def says(self) -> bytes:
        """What the office signs."""
        return canonical(self.model_dump(mode="json", exclude={"signature"}, exclude_defaults=True))


class Envelope(Travelling, frozen=True):
    """What a person signs of an act: in which case, under which request id, and its digest, at an instant.

    `prepared` is what another person signed who prepared it: the same act, of that person. `ordered` is that
    of what a person did in the office, as it is kept, where the worker does the act by that. `act` is beside
    it once it is kept, so that anybody can reckon the digest again.
    """

    certificate: Certificate
    number: str
    command: str
    request_id: str
    digest: str
    at: datetime
    prepared: Envelope | None = None
    ordered: Envelope | None = None
    signature: str = ""
    act: list[Any] | None = None

    @property
    def says(self) -> bytes:
        """What the person signs; the certificate has the office's own signature."""
        beside = {"certificate", "signature", "act"}
        return canonical(self.model_dump(mode="json", exclude=beside, exclude_defaults=True))

    def kept(self, act: Act | OfficeAct) -> dict[str, Any]:
        """As the register keeps it with an entry: with all that the act says."""
        return self.model_copy(update={"act": said(act)}).model_dump(mode="json", exclude_defaults=True)


class ToTell(Travelling, frozen=True):
    """A note to be signed at an instant, and the number of the case that is to hear it."""

    number: str
    note: AnyNote
    at: datetime


class ToBegin(Travelling, frozen=True):
    """A case that another one begins in its place at an instant, with all that it is begun with."""

    number: str
    begins: dict[str, Any]
    at: datetime


def signers(kept: Any) -> Iterator[dict[str, Any]]:
    """The certificates of whoever signed, of an envelope as the register keeps it and of those within it."""
    if isinstance(kept, dict):
        if "certificate" in kept:
            yield kept["certificate"]
        for within in kept.values():
            yield from signers(within)


def digest_of(act: Act | OfficeAct) -> str:
    """All that an act says, whatever build says it: SHA-256, in hexadecimal digits."""
    return hashlib.sha256(canonical(said(act))).hexdigest()


def said(act: Act | OfficeAct) -> list[Any]:
    """What kind of act it is, and all that it says."""
    return [type(act).__name__, act.model_dump(mode="json", exclude_defaults=True)]


def beginning(command: str, by: str, number: str, begins: Any) -> OfficeAct:
    """That a case is begun, or begun anew, with all that it is begun with. Nothing is checked."""
    digest = hashlib.sha256(canonical(begins)).hexdigest()
    said, request_id = {"number": number, "begins": digest}, f"begins-{digest[:32]}"
    return OfficeAct.model_construct(command=command, by=by, request_id=request_id, said=said)


def telling(note: Note) -> OfficeAct:
    """That a case is told something by whoever is no person, with all that it is told. Nothing is checked."""
    said = note.model_dump(mode="json")
    digest = hashlib.sha256(canonical(said)).hexdigest()
    return OfficeAct.model_construct(
        command=TELLS, by=note.dossier, request_id=f"note-{digest[:32]}", said=said
    )


def flaw_of_note(
    envelope: Envelope | None, note: Note, number: str, offices: Iterable[str]
) -> Message | None:
    """What keeps a note from being heard in a case; nothing where its envelope holds. Pure.

    `offices` are all public keys that the office ever had. A note waits for a worker for as long as it takes,
    and is read again whenever its history is: so it counts when it was signed, and not when it is heard.
    """
    if envelope is None:
        return Message("envelope.none")
    why = None
    for office in offices:
        if (wrong := flaw(envelope, telling(note), number, office, envelope.at)) is None:
            return None
        why = why or wrong
    return why or Message("envelope.not-certified")


def note_of(said: Sequence[Any], number: str, offices: Iterable[str]) -> AnyNote | None:
    """What a signal told a case, read off a history; nothing where the case did not hear it."""
    if len(said) != 2:
        return None
    try:
        note = TypeAdapter[AnyNote](AnyNote).validate_python(said[0])
        envelope = Envelope.model_validate(said[1])
    except ValidationError:
        return None
    return None if flaw_of_note(envelope, note, number, offices) else note


def flaw_of_beginning(
    envelope: Envelope | None, number: str, begins: Any, office: str, now: datetime
) -> Message | None:
    """What keeps a case from being begun; nothing where the envelope that it is begun in holds. Pure."""
    if envelope is None or envelope.command not in BEGINNINGS.values():
        return Message("envelope.none")
    act = beginning(envelope.command, envelope.certificate.person, number, begins)
    return flaw(envelope, act, number, office, now)


def flaw_of_opening(envelope: Envelope | None, number: str, office: str, now: datetime) -> Message | None:
    """What keeps the account of an ended case from being opened; nothing where an act on that case does it.

    Its envelope is that of the act, as it is kept. Pure.
    """
    kind, says = _kept(envelope)
    try:
        act = KINDS[kind].model_validate(says)
    except (KeyError, ValidationError):
        return Message("envelope.none")
    return flaw(envelope, act, number, office, now)


def _kept(envelope: Envelope | None) -> tuple[str, Any]:
    """The kind of the act that is kept with an envelope, and what it says; nothing where none is."""
    match envelope.act if envelope else None:
        case [str(kind), says, *_]:
            return kind, says
    return "", None


def flaw(
    envelope: Envelope | None, act: Act | OfficeAct, number: str, office: str, now: datetime
) -> Message | None:
    """What keeps an act from being heard in a case; nothing where its envelope holds.

    `office` is the public key of the office. Pure: the same at every replay.
    """
    if envelope is None:
        return Message("envelope.none")
    return (
        _flaw(envelope, act, act.command, number, office, now)
        or _of_another(envelope, act, number, office, now)
        or _of_order(envelope, act, number, office)
    )


def _of_another(
    envelope: Envelope, act: Act | OfficeAct, number: str, office: str, now: datetime
) -> Message | None:
    """What is wrong with its preparation: whoever prepared it did so in time, and is somebody else.

    It stands for as long as the office said when it was prepared.
    """
    by, prepared = envelope.certificate, envelope.prepared
    if prepared is None:
        return Message("envelope.takes-two", person=by.person) if by.takes == Takes.TWO else None
    other = prepared.certificate
    if other.person == by.person or other.key == by.key:
        return Message("envelope.same-person", person=by.person)
    meant = act.model_copy(update={"by": other.person})
    if why := _flaw(prepared, meant, preparing(act.command), number, office, prepared.at):
        return why
    if other.stands_until is None or now > other.stands_until:
        until = other.stands_until or other.until
        return Message("envelope.prepared-long-ago", person=other.person, at=prepared.at, until=until)
    return None


def _of_order(envelope: Envelope, act: Act | OfficeAct, number: str, office: str) -> Message | None:
    """What is wrong with the order that it rests on: the person whom it names gave it, for just this."""
    if not isinstance(act, Act) or not act.ordered_by:
        return None
    ordered, wrong = envelope.ordered, Message("envelope.not-ordered", command=act.ordered_by, by=act.by)
    kind, says = _kept(ordered)
    try:
        order = OfficeAct.model_validate(says)
    except ValidationError:
        return wrong
    told = "OfficeAct", act.ordered_by, act.by, act.as_ordered(number)
    if ordered is None or (kind, order.command, order.by, order.said) != told:
        return wrong
    return flaw(ordered, order, ordered.number, office, ordered.at)


def _flaw(
    envelope: Envelope, act: Act | OfficeAct, command: str, number: str, office: str, now: datetime
) -> Message | None:
    by = envelope.certificate
    if not is_signed(Purpose.CERTIFICATE, by.says, by.signature, office):
        return Message("envelope.not-certified")
    if not is_signed(Purpose.ACT, envelope.says, envelope.signature, by.key):
        return Message("envelope.not-signed", person=by.person)
    if {envelope.number, by.number} != {number}:
        return Message("envelope.of-another-case", number=envelope.number)
    if (envelope.command, envelope.digest) != (command, digest_of(act)):
        return Message("envelope.altered", person=by.person)
    if envelope.request_id != act.request_id:
        return Message("envelope.of-another-request", request_id=envelope.request_id)
    for instant in (now, envelope.at):
        if not by.since - SKEW <= instant <= by.until:
            return Message("envelope.expired", person=by.person, since=by.since, until=by.until, at=instant)
    if command not in by.acts:
        return Message("envelope.no-power", person=by.person, acts=by.acts)
    if by.person not in (act.by, THE_WORKER):
        return Message("envelope.of-another-person", person=by.person, by=act.by)
    return None
