"""Who acts: the person of the register whose key signs, and what that person may do."""

from __future__ import annotations

import getpass
import secrets
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from models.errors import InputRefused, NotEmpowered, NotFound, NotReachable, OutsideWorldFailed
from models.people import Person, Takes, who_may
from models.signing import KIND, Purpose, fingerprint, is_signed
from office.desk.agent import AgentKey, held
from office.settings import Settings
from procedures.registry import by_two, powers
from register import keys, people
from register.reading import questions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Signer(Protocol):
    """A key that signs, in a file or behind an agent. `public` is its other half."""

    public: str

    def sign(self, purpose: Purpose, message: bytes) -> str:
        """Signs a message for a purpose."""
        ...


@dataclass(frozen=True)
class Acting:
    """A person of the office, with the key that signs for it."""

    person: Person
    signer: Signer


@dataclass(frozen=True)
class Power:
    """Who may do an act in a case, what a delegated power rests on, and how many people the act takes."""

    acting: Acting
    rests_on: str = ""
    takes: Takes | None = None


def acting(settings: Settings, on: date) -> Acting:
    """The person whose key signs here.

    Raises: NotEmpowered when no key is a person's of this office, or that person is in the office no more;
    OutsideWorldFailed for a key that cannot be used; NotReachable.
    """
    return whose(settings, people.known(settings.register_url), on)


def who_looks(settings: Settings, on: date) -> Person | None:
    """The person whose key signs here; nobody where none does: whoever only looks needs no key.

    Raises: NotReachable.
    """
    try:
        return acting(settings, on).person
    except (NotEmpowered, InputRefused, OutsideWorldFailed) as error:
        if isinstance(error, NotReachable):
            raise
        return None


def empowered(settings: Settings, command: str, on: date, procedure: str = "") -> Acting:
    """The person whose key signs here, who may do that: an act of a procedure, or of the office.

    Raises: NotEmpowered naming who may; and as `acting` does.
    """
    known = people.known(settings.register_url)
    found = present(whose(settings, known, on))
    hold(found.person, command, procedure, known, on)
    return found


def present(found: Acting) -> Acting:
    """The same person, once the key has signed something that nobody could know: its public half is no key.

    Raises: NotReachable where whoever holds the other half does not sign.
    """
    something = secrets.token_bytes(32)
    signature = found.signer.sign(Purpose.PRESENCE, something)
    if not is_signed(Purpose.PRESENCE, something, signature, found.signer.public):
        raise NotReachable("key.agent-refuses")
    return found


def acting_in(settings: Settings, command: str, number: str, on: date) -> Power:
    """The person whose key signs here, who may do that act in a case.

    Raises: NotEmpowered naming who may; and as `acting` does. A number that is none is whoever sends it to
    find out.
    """
    known, procedure = _of_case(settings, number)
    found = whose(settings, known, on)
    hold(found.person, command, procedure, known, on)
    by_role = any(command in powers(procedure).get(role, ()) for role in found.person.roles)
    delegated = None if by_role else found.person.delegated(command, procedure, on)
    takes = _takes(settings, command, procedure, known, on)
    return Power(found, delegated.rests_on if delegated else "", takes)


def takes_two(settings: Settings, command: str, number: str, on: date) -> bool:
    """Whether an act on a case is prepared by one person and signed by another one. Raises: NotReachable."""
    known, procedure = _of_case(settings, number)
    return _takes(settings, command, procedure, known, on) == Takes.TWO


def others_who_may(settings: Settings, command: str, number: str, but: str, on: date) -> list[str]:
    """Whoever may sign what somebody prepared, by name. Raises: NotReachable."""
    known, procedure = _of_case(settings, number)
    may = who_may(command, procedure, powers(procedure), known.values(), on)
    return [name for name in may if name != but]


def _of_case(settings: Settings, number: str) -> tuple[dict[str, Person], str]:
    """The people of the office, and the procedure of a case; none of what is no case."""
    with questions(settings.register_url) as ask:
        rows = ask("SELECT procedure FROM current_state WHERE number = ?", [number])
        return people.told_by(ask), str(rows[0][0]) if rows else ""


def _takes(
    settings: Settings, command: str, procedure: str, known: Mapping[str, Person], on: date
) -> Takes | None:
    """How many people do it: in production two, whoever is there; elsewhere one, where there is no other."""
    if command not in by_two(procedure):
        return None
    alone = settings.profile != "production" and sum(one.is_here(on) for one in known.values()) == 1
    return Takes.ONE if alone else Takes.TWO


def hold(person: Person, command: str, procedure: str, known: Mapping[str, Person], on: date) -> None:
    """Raises: NotEmpowered naming who may, where a person may not do that."""
    roles = powers(procedure)
    if person.may(command, procedure, roles, on):
        return
    may = who_may(command, procedure, roles, known.values(), on)
    of = sorted(role for role, commands in roles.items() if command in commands)
    told = {"command": command, "person": person.name, "roles": [*person.roles], "of": of}
    if may:
        raise NotEmpowered("people.no-power", **told, may=may)
    raise NotEmpowered("people.nobody-has-power", **told, possible=("people add", "people delegate"))


def whose(settings: Settings, known: Mapping[str, Person], on: date) -> Acting:
    """Whose key signs here, among people. Raises: as `acting` does."""
    if not known:
        raise NotEmpowered("people.nobody", possible=("up", "people add"))
    signers = _signers(settings)
    found = [Acting(one, signer) for signer in signers for one in known.values() if signer.public in one.keys]
    if not found:
        shown = [fingerprint(signer.public) for signer in signers]
        raise NotEmpowered("people.unknown-key", keys=shown, possible=("people list",))
    names = sorted({one.person.name for one in found})
    if len(names) > 1:
        raise NotEmpowered("people.several-keys", names=names)
    if not found[0].person.is_here(on):
        raise NotEmpowered("people.not-here", person=names[0], on=on, possible=("people list",))
    return found[0]


def _signers(settings: Settings) -> Sequence[Signer]:
    """The key that is set; else the one in the person's own folder; else those of the agent."""
    try:
        return [signer_in(settings)]
    except NotFound:
        if settings.key is None and (of_agent := held()):
            return of_agent
        raise NotEmpowered("people.no-key", file=settings.own_key, possible=("people list",)) from None


def signer_in(settings: Settings) -> Signer:
    """The key in its file; of one that holds a public key only, the agent has the other half.

    Raises: NotFound when there is no file; OutsideWorldFailed.
    """
    path = settings.own_key
    if path.is_file() and (written := path.read_bytes()).startswith(f"{KIND} ".encode()):
        return AgentKey(" ".join(written.decode(errors="replace").split()[:2]))
    return keys.read(path)


def login() -> str:
    """What the system calls whoever is logged in."""
    try:
        import pwd

        user = pwd.getpwnam(getpass.getuser())
        return user.pw_gecos.split(",")[0].strip() or user.pw_name
    except (ImportError, KeyError, OSError):
        return getpass.getuser()
