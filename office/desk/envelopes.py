"""Puts an act into its envelope: the office certifies who acts and by what power, that person signs.

What takes two people is prepared in an envelope of its own, which lies within that of whoever signs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from models.acts import Act
from models.clock import civil_day
from models.envelope import MEMO, Certificate, Envelope, OfficeAct, beginning, digest_of
from models.errors import NotFound, NotReachable
from models.people import preparing
from models.signing import Purpose
from models.signs import THE_WORKER
from office.desk.person import Power, Signer, acting_in
from office.settings import Settings
from register import keys

if TYPE_CHECKING:
    from models.entry import Entry

Sign = Callable[[str, Act | OfficeAct], Envelope]
"""Puts an act on a case into its envelope. Raises: NotEmpowered; OutsideWorldFailed."""

WORKER = "worker"
"""The file of the worker's own key."""


def by_person(settings: Settings, at: datetime | None = None, prepared: Envelope | None = None) -> Sign:
    """The envelopes of whoever's key signs here; each act is held against that person's powers before.

    `prepared` is what another person signed who prepared it.
    """

    def sign(number: str, act: Act | OfficeAct) -> Envelope:
        now = at or datetime.now(UTC)
        power = acting_in(settings, act.command, number, civil_day(now))
        return signed(settings, power, number, act, now, prepared=prepared)

    return sign


def memo_of(sign: Sign, command: str, by: str, number: str, begins: Any) -> dict[str, Any]:
    """The memo of a case that is begun with all that: the envelope in which it is."""
    act = beginning(command, by, number, begins)
    return {MEMO: sign(number, act).kept(act)}


def prepares(settings: Settings, number: str, act: Act | OfficeAct, now: datetime) -> Envelope:
    """The envelope of an act that whoever's key signs here prepares for another person.

    Raises: NotEmpowered; OutsideWorldFailed.
    """
    command = preparing(act.command)
    power = acting_in(settings, command, number, civil_day(now))
    return signed(settings, power, number, act, now, command)


def signed(
    settings: Settings,
    power: Power,
    number: str,
    act: Act | OfficeAct,
    now: datetime,
    command: str = "",
    prepared: Envelope | None = None,
) -> Envelope:
    """The envelope of an act on a case, signed now, with the office's word for it.

    `command` is that of the act, or of preparing it.
    """
    person, signer, command = power.acting.person, power.acting.signer, command or act.command
    lasts = timedelta(minutes=settings.certificate_minutes)
    said = {"person": person.name, "function": person.function, "roles": person.roles}
    said |= {"rests_on": power.rests_on, "takes": power.takes}
    if command != act.command:
        said["stands_until"] = now + timedelta(days=settings.preparation_days)
    certificate = _certified(settings, signer, number, command, now, lasts, said)
    return _signed(signer, certificate, number, command, act.request_id, digest_of(act), now, prepared)


def by_worker(
    settings: Settings, now: Callable[[], datetime], ordered: Mapping[str, Any] | None = None
) -> Sign:
    """The envelopes of what the worker does for whoever is named in the act: what a bank statement brings.

    `ordered` is the envelope in which that person ordered it, as it is kept.
    """
    order = Envelope.model_validate(ordered) if ordered else None
    return lambda number, act: _by_worker(settings, number, act, now(), order)


def of_entries(settings: Settings) -> Callable[[Entry, str], dict[str, Any]]:
    """The envelopes of entries that no person brought about, each of the digest of what it says.

    A day that came, a note, a dossier that was opened: the worker signs that it wrote it.
    """
    signer = keys.kept(settings.keys / WORKER)
    lasts = timedelta(minutes=settings.certificate_minutes)

    def sign(entry: Entry, digest: str) -> dict[str, Any]:
        said = {"person": THE_WORKER, "function": THE_WORKER}
        number, at = entry.number, entry.recorded_at
        certificate = _certified(settings, signer, number, entry.act, at, lasts, said)
        made = _signed(signer, certificate, number, entry.act, f"entry-{entry.sequence}", digest, at)
        return made.model_dump(mode="json", exclude_defaults=True)

    return sign


def of_cases(settings: Settings) -> Callable[[str, OfficeAct, datetime], Envelope]:
    """The envelopes of what cases do by themselves: what they tell each other, and set up in their place.

    What the postman and the publication tell them goes in the same ones. Each raises NotReachable where the
    office's key is not here; OutsideWorldFailed.
    """

    def sign(number: str, act: OfficeAct, at: datetime) -> Envelope:
        return _by_worker(settings, number, act, at)

    return sign


def _by_worker(
    settings: Settings, number: str, act: Act | OfficeAct, at: datetime, ordered: Envelope | None = None
) -> Envelope:
    signer, lasts = keys.kept(settings.keys / WORKER), timedelta(minutes=settings.certificate_minutes)
    said = {"person": THE_WORKER, "function": THE_WORKER}
    certificate = _certified(settings, signer, number, act.command, at, lasts, said)
    digest = digest_of(act)
    return _signed(signer, certificate, number, act.command, act.request_id, digest, at, ordered=ordered)


def _certified(
    settings: Settings,
    signer: Signer,
    number: str,
    command: str,
    now: datetime,
    lasts: timedelta,
    said: dict[str, Any],
) -> Certificate:
    """The office's word for an act. Raises: NotReachable where its key is not here."""
    try:
        office = keys.read(settings.keys / keys.OFFICE)
    except NotFound as lacking:
        raise NotReachable("key.not-of-office", file=lacking.said.facts["file"], possible=("up",)) from None
    made = Certificate(
        **said, key=signer.public, number=number, acts=(command,), since=now, until=now + lasts
    )
    return made.model_copy(update={"signature": office.sign(Purpose.CERTIFICATE, made.says)})


def _signed(
    signer: Signer,
    by: Certificate,
    number: str,
    command: str,
    request_id: str,
    digest: str,
    at: datetime,
    prepared: Envelope | None = None,
    ordered: Envelope | None = None,
) -> Envelope:
    made = Envelope(
        certificate=by,
        number=number,
        command=command,
        request_id=request_id,
        digest=digest,
        at=at,
        prepared=prepared,
        ordered=ordered,
    )
    return made.model_copy(update={"signature": signer.sign(Purpose.ACT, made.says)})
