"""What an administrator says of the people of the office, and who is there first."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from models.errors import InputRefused, Malformed, NotFound
from models.people import (
    Added,
    AnyHappening,
    Delegated,
    DelegationRevoked,
    Departed,
    KeyGiven,
    KeyRevoked,
    Person,
    StaffRole,
    after,
)
from models.signing import fingerprint, public_of, raw_of
from models.signs import name
from office.desk.person import acting, hold, login, present, signer_in
from office.desk.preparing import done_in_office
from office.settings import Settings
from procedures.registry import every, powers
from register import keys, people
from register.office_keys import last
from register.reading import questions

People = dict[str, Person]


def first(settings: Settings, called: str, on: date) -> Person | None:
    """Makes whoever starts an office its one person, with every role; nobody where somebody is known.

    Returns: that person, where it is new. The key is that of the settings, which is made where there is none.
    """
    if people.known(settings.register_url):
        return None
    try:
        public = signer_in(settings).public
    except NotFound:
        public = keys.kept(settings.own_key).public
    called = name(called or login())

    def added(known: People, number: int) -> Added | None:
        roles = StaffRole.words()
        return None if known else Added(person=called, function=called, roles=roles, since=on)

    told = datetime.now(UTC)
    if called not in people.tell(settings.register_url, called, added, told):
        return None  # somebody else was faster
    return people.tell(settings.register_url, called, _with_key(called, public), told)[called]


def add(
    settings: Settings,
    called: str,
    function: str,
    roles: tuple[StaffRole, ...],
    since: date,
    until: date | None,
    key: str,
    on: date,
) -> People:
    """A person is in the office, or has another function or other roles than before.

    The first one of an office is added by whoever holds its data folder, as an administrator.

    Raises: NotEmpowered; InputRefused for a person who would begin after the end, for a key that is none or
    another person's, and for what would leave the office without an administrator.
    """
    if until and until < since:
        raise InputRefused("people.ends-before", person=called, since=since, until=until)
    public = _public(key) if key else ""
    said = Added(person=called, function=function, roles=roles, since=since, until=until)
    begins = not people.known(settings.register_url)
    known = _tell(settings, "people add", lambda known, number: said, on)
    if public and begins:
        return people.tell(settings.register_url, called, _with_key(called, public), datetime.now(UTC))
    return give_key(settings, called, key, on) if public else known


def end(settings: Settings, called: str, until: date, on: date) -> People:
    """A person is in the office until a day. Raises: NotEmpowered; NotFound; InputRefused."""

    def says(known: People, number: int) -> Departed:
        _person(known, called)
        return Departed(person=called, until=until)

    return _tell(settings, "people end", says, on)


def give_key(settings: Settings, called: str, key: str, on: date) -> People:
    """A person signs with a key from now on, beside those that were given before.

    Raises: NotEmpowered; NotFound; InputRefused for a key that is none, or another person's.
    """
    return _tell(settings, "people key", _with_key(called, _public(key)), on)


def _with_key(called: str, public: str) -> people.Says:
    def says(known: People, number: int) -> KeyGiven | None:
        person = _person(known, called)
        for other in known.values():
            if public in other.keys and other.name != called:
                raise InputRefused("people.key-of-another", person=other.name)
        return None if public in person.keys else KeyGiven(person=called, public=public)

    return says


def delegate(
    settings: Settings,
    called: str,
    acts: tuple[str, ...],
    procedures: tuple[str, ...],
    rests_on: str,
    since: date,
    until: date | None,
    on: date,
) -> People:
    """By an act of the Minister a person may do acts beside those of its roles.

    Raises: NotEmpowered; NotFound; InputRefused for an act or a procedure that is none.
    """
    can_be = sorted({command for commands in powers().values() for command in commands})
    for told, of in ((acts, can_be), (procedures, sorted(every()))):
        if unknown := sorted(set(told) - set(of)):
            raise InputRefused("people.no-such", said=unknown, known=of)

    def says(known: People, number: int) -> Delegated:
        _person(known, called)
        told = {"acts": acts, "procedures": procedures, "rests_on": rests_on, "since": since, "until": until}
        return Delegated.model_validate({"person": called, "delegation": number, **told})

    return _tell(settings, "people delegate", says, on)


def revoke_key(settings: Settings, called: str, shown: str, why: str, on: date) -> People:
    """A key, by its fingerprint, signs for nobody any more. Raises: NotEmpowered; NotFound; InputRefused."""

    def says(known: People, number: int) -> KeyRevoked:
        person = _person(known, called)
        of = {fingerprint(key): key for key in person.keys}
        if shown not in of:
            raise InputRefused("people.no-such", said=[shown], known=[*of])
        return KeyRevoked(person=called, public=of[shown], why=why)

    return _tell(settings, "people revoke", says, on)


def revoke_delegation(settings: Settings, called: str, delegation: int, why: str, on: date) -> People:
    """A delegation, by its number, has ended. Raises: NotEmpowered; NotFound; InputRefused."""

    def says(known: People, number: int) -> DelegationRevoked:
        held = [one.delegation for one in _person(known, called).delegations]
        if delegation not in held:
            raise InputRefused("people.no-such", said=[delegation], known=held)
        return DelegationRevoked(person=called, delegation=delegation, why=why)

    return _tell(settings, "people revoke", says, on)


def _tell(settings: Settings, command: str, says: people.Says, on: date) -> People:
    """Keeps what is said, by whoever may say it, and as long as somebody is left who may.

    It is signed by whoever says it, but for what is said before the office has a key, as of the first one.
    """
    url, now = settings.register_url, datetime.now(UTC)
    by = present(acting(settings, on)).person.name if people.known(url) else ""

    def checked(known: People, number: int) -> AnyHappening | None:
        if known:
            hold(known[by], command, "", known, on)
        said = says(known, number)
        if said is not None:
            who = after(known, said).values()
            if not any(one.until is None and one.may("people add", "", powers(), on) for one in who):
                raise InputRefused("people.no-administrator", possible=("people add",))
        return said

    def signs(said: AnyHappening, number: int) -> dict[str, Any]:
        return done_in_office(settings, command, f"people-{number}", said.model_dump(mode="json"), now)

    with questions(url) as ask:
        has_a_key = last(ask) is not None
    return people.tell(url, by, checked, now, signs if by and has_a_key else None)


def _person(known: People, called: str) -> Person:
    if called not in known:
        raise NotFound("people.no-person", person=called, known=sorted(known), possible=("people list",))
    return known[called]


def _public(key: str) -> str:
    """A public key as it was typed, or as it stands in a file. Raises: InputRefused."""
    path = Path(key)
    try:
        said = key if key.startswith("ssh-") else path.read_text()
        return public_of(raw_of(said))
    except OSError as error:
        raise InputRefused("typed.unreadable", option="--key", file=key, why=error.strerror) from None
    except (UnicodeDecodeError, Malformed):
        raise InputRefused("people.no-public-key", said=key) from None
