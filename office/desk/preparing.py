"""What takes two people: one prepares it, and another one signs it or declines.

A prepared act is the act itself, signed by whoever prepared it and kept in the register; the case hears it
once another person has signed it too (models/envelope.py).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from models.acts import ACTS, Act
from models.clock import civil_day
from models.envelope import Envelope, OfficeAct, flaw
from models.errors import ImproperAct, InputRefused, NotEmpowered
from models.messages import Message
from models.people import preparing
from models.receipts import Receipt
from office.desk.envelopes import by_person, prepares, signed
from office.desk.person import Power, acting, acting_in, others_who_may
from office.desk.rehearsing import Stage
from office.desk.sending import made_of, perform
from office.settings import Settings
from register import keys, people, preparations
from register.preparations import Preparation, still_waits

ON_A_CASE = {act.command: act for act in ACTS}


async def prepare(settings: Settings, number: str, act: Act, now: datetime) -> tuple[Preparation, list[str]]:
    """Prepares an act for another person, once its case has been rehearsed with it.

    Returns: what was prepared, and who may sign it.
    Raises: NotEmpowered; ActRefused as the case itself refuses the act; NotFound; InputRefused; NotReachable.
    """
    acting_in(settings, preparing(act.command), number, civil_day(now))
    await Stage(settings, now).rehearse(number, act)
    return _kept(settings, number, act, act.model_dump(mode="json", exclude_defaults=True), now)


def prepare_in_office(
    settings: Settings, command: str, on: str, by: str, said: dict[str, Any], now: datetime
) -> tuple[Preparation, list[str]]:
    """Prepares what is done in the office and in no case, as `prepare` does."""
    act = _act_in_office(command, by, said)
    return _kept(settings, on, act, act.said, now)


def _kept(
    settings: Settings, number: str, act: Act | OfficeAct, said: dict[str, Any], now: datetime
) -> tuple[Preparation, list[str]]:
    envelope = prepares(settings, number, act, now).model_dump(mode="json", exclude_defaults=True)
    told = {name: value for name, value in said.items() if name not in ("by", "request_id")}
    url = settings.register_url
    kept = preparations.keep(url, number, act.command, told, act.request_id, act.by, envelope, now)
    return kept, may_sign(settings, kept, now)


def may_sign(settings: Settings, one: Preparation, now: datetime) -> list[str]:
    """Whoever may sign a preparation, by name. Raises: NotReachable."""
    return others_who_may(settings, one.command, one.number, one.by, civil_day(now))


def to_sign(settings: Settings, preparation: int, now: datetime) -> tuple[Preparation, Power]:
    """A preparation that waits, and the person whose key signs here, who may sign it.

    Raises: NotFound; ImproperAct for one that waits no more, or for too long; NotEmpowered for whoever
    prepared it, or may not do it, and where the key that it was prepared with was revoked; NotReachable.
    """
    found = still_waits(preparations.prepared(settings.register_url, preparation))
    power = acting_in(settings, found.command, found.number, civil_day(now))
    if power.acting.person.name == found.by:
        told = {"preparation": preparation, "person": found.by}
        if may := may_sign(settings, found, now):
            raise NotEmpowered("preparation.same-person", **told, may=may)
        raise NotEmpowered("preparation.nobody-else", **told, possible=("people add",))
    prepared = _envelope(found).certificate
    if (until := prepared.stands_until) and now > until:
        anew = f"sign {preparation} --decline --why WHY", f"prepare {found.command} {found.number}"
        raise ImproperAct("preparation.too-old", preparation=preparation, until=until, possible=anew)
    by = people.known(settings.register_url).get(prepared.person)
    if by is None or prepared.key not in by.keys:
        raise NotEmpowered("preparation.key-revoked", preparation=preparation, person=prepared.person)
    return found, power


def is_mine(settings: Settings, one: Preparation, now: datetime) -> bool:
    """Whether whoever's key signs here signed a preparation. Raises: NotEmpowered; NotReachable."""
    return acting(settings, civil_day(now)).person.name == one.answered_by


def act_of(one: Preparation, by: str) -> Act:
    """The act that was prepared, as done by a person. Raises: InputRefused."""
    return made_of(ON_A_CASE[one.command], {**one.act, "by": by}, one.request_id)


async def sign(
    settings: Settings, one: Preparation, by: str, tell: Callable[[Message], object] = lambda message: None
) -> Receipt:
    """Sends a prepared act in the envelopes of both. Raises: as `perform` does.

    Idempotent: by the request id under which it was prepared.
    """
    kind, said = ON_A_CASE[one.command], {**one.act, "by": by}
    envelopes = by_person(settings, prepared=_envelope(one))
    return await perform(settings, one.number, kind, said, one.request_id, tell, envelopes)


def sign_in_office(settings: Settings, one: Preparation, power: Power, now: datetime) -> dict[str, Any]:
    """What a person signs of something that was prepared in the office, held against what was prepared.

    Returns: its envelope, as it is kept.
    Raises: NotEmpowered where it does not hold; OutsideWorldFailed.
    """
    by = power.acting.person.name
    act = OfficeAct(command=one.command, by=by, request_id=one.request_id, said=one.act)
    envelope = signed(settings, power, one.number, act, now, prepared=_envelope(one))
    office = keys.read(settings.keys / keys.OFFICE).public
    if why := flaw(envelope, act, one.number, office, now):
        raise NotEmpowered("envelope.refused", command=one.command, number=one.number, why=why)
    return envelope.kept(act)


def done_in_office(
    settings: Settings, command: str, on: str, said: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """What a person does in the office who needs no other one. Returns: its envelope, as it is kept.

    Raises: NotEmpowered; OutsideWorldFailed; NotReachable.
    """
    power = acting_in(settings, command, on, civil_day(now))
    act = _act_in_office(command, power.acting.person.name, said)
    return signed(settings, power, on, act, now).kept(act)


def _act_in_office(command: str, by: str, said: dict[str, Any]) -> OfficeAct:
    """Nothing is said by no value."""
    told = {name: value for name, value in said.items() if value not in (None, "") and value is not False}
    request_id = f"{command.replace(' ', '-')}-{uuid.uuid4()}"
    written = json.loads(json.dumps(told, default=str))
    return OfficeAct(command=command, by=by, request_id=request_id, said=written)


def decline(settings: Settings, preparation: int, why: str, now: datetime) -> Preparation:
    """Puts a preparation back: whoever may sign it declines it, or whoever prepared it takes it back.

    Raises: NotFound; InputRefused without a reason; ImproperAct; NotEmpowered; NotReachable.
    """
    if not why:
        raise InputRefused("preparation.why", preparation=preparation)
    url, on = settings.register_url, civil_day(now)
    found = preparations.prepared(url, preparation)
    by = acting(settings, on).person.name
    if by != found.by:
        acting_in(settings, found.command, found.number, on)
    return preparations.decline(url, preparation, by, now, why)


def _envelope(one: Preparation) -> Envelope:
    return Envelope.model_validate(one.envelope)
