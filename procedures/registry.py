"""Finds the folders of procedures: what each hands to the engine, which asks here and nowhere behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import procedures
from jurisdictions.shape import Jurisdiction
from models import messages
from models.decision import Capacity, Outcome
from models.errors import InputRefused, UnknownClause
from models.law.clause import Clause
from models.law.states import Link, State
from models.parties import Body, Role
from models.people import Roles, StaffRole, preparing
from models.phases import Kind, Phase, PublicList
from procedures.shape import AuthorityPage, Examination, Folder, HandedOut, Intake, Life, Procedure, Publicity

if TYPE_CHECKING:
    from models.entry import LetterKind
    from models.letters import Stated


def look_also_in(place: Path) -> None:
    """Takes the folders of one more place in, such as an authority's own. Idempotent.

    Raises: InputRefused for a place without any, and for words that cannot be read or say otherwise what
    is said already.
    """
    if not any(place.glob("*/procedure.py")):
        raise InputRefused("setting.no-procedures", place=place)
    if str(place) not in procedures.__path__:
        _hold_words(place)
        messages.look_also_in(place)
        procedures.__path__.append(str(place))
        folders.cache_clear()
        every.cache_clear()


def _hold_words(place: Path) -> None:
    """Holds the words of a place against those that are known: one key says one thing, whoever says it."""
    known = messages.catalogue(messages.ENGLISH)
    for file in sorted(place.glob(f"*/messages.{messages.ENGLISH}.toml")):
        try:
            said = messages.words_in(file)
        except ValueError as wrong:
            raise InputRefused("setting.folder-unreadable", folder=file.parent.name, why=wrong) from wrong
        if otherwise := [key for key, words in said.items() if known.get(key, words) != words]:
            raise InputRefused("setting.folder-contradicts", folder=file.parent.name, keys=otherwise)
        known = known | said


@cache
def folders() -> Mapping[str, Folder]:
    """Every folder by its name, in the order of the alphabet."""
    found = {
        path.parent.name: None for place in procedures.__path__ for path in Path(place).glob("*/procedure.py")
    }
    return {name: import_module(f"procedures.{name}.procedure").FOLDER for name in sorted(found)}


@cache
def shipped() -> tuple[str, ...]:
    """The names of the folders of this release; those of other places come with an installation."""
    return tuple(sorted(path.parent.name for path in Path(__file__).parent.glob("*/procedure.py")))


def check() -> None:
    """Reads every folder, which holds itself to its contract, before any case asks for it.

    Raises: InputRefused naming the folder and what is wrong with it.
    """
    codes: dict[str, str] = {}
    for place in procedures.__path__:
        for name in sorted(path.parent.name for path in Path(place).glob("*/procedure.py")):
            try:
                folder: Folder = import_module(f"procedures.{name}.procedure").FOLDER
            except Exception as wrong:  # whatever a folder of others does when it is read
                raise InputRefused("setting.folder-unreadable", folder=name, why=str(wrong)) from wrong
            for known in folder.procedures:
                if codes.setdefault(known.code, name) != name:
                    raise InputRefused("setting.folder-taken", folder=name, code=known.code)


def clauses_of(folder: Folder) -> tuple[Clause, ...]:
    """The clauses of a folder, and those of its jurisdictions."""
    shared = (clause for known in folder.procedures for clause in known.jurisdiction.clauses)
    return tuple(dict.fromkeys((*folder.clauses, *shared)))


@cache
def every() -> Mapping[str, Procedure]:
    """Every procedure by its code, in the order of the folders."""
    return {known.code: known for folder in folders().values() for known in folder.procedures}


def fileable() -> tuple[str, ...]:
    """The codes of the procedures that a dossier can be filed for."""
    return tuple(code for code, known in every().items() if known.examinations)


def taken_over() -> tuple[str, ...]:
    """The codes under which programmes are taken over from an authority's own page."""
    return tuple(code for code, known in every().items() if known.page)


def page(code: str = "") -> tuple[str, AuthorityPage]:
    """The page of a procedure, with its code; without one, the only page that there is.

    Raises: UnknownClause naming the procedures that have one.
    """
    if code not in taken_over() and (code or len(taken_over()) != 1):
        raise UnknownClause("law.no-page", procedure=code, possible=taken_over())
    named = code or taken_over()[0]
    known = every()[named].page
    assert known is not None
    return named, known


def kinds(code: str = "") -> tuple[Kind, ...]:
    """The kinds of dossier that can be filed for a procedure; of every one where none has that code."""
    known = [every()[code]] if code in fileable() else every().values()
    return tuple(dict.fromkeys(kind for each in known for kind in each.examinations))


def contribution_of(code: str, kind: Kind) -> str:
    """The clause of the contribution to a kind of dossier; empty where none is due. Raises: UnknownClause."""
    examined = procedure(code).examinations.get(kind)
    return examined.contribution.id if examined and examined.contribution else ""


def intake(code: str) -> Intake:
    """How dossiers of a procedure come in. Raises: UnknownClause."""
    return procedure(code).intake


def intakes() -> tuple[Intake, ...]:
    """How dossiers come in, over all procedures; those that share one have it once."""
    found: list[Intake] = []
    for known in every().values():
        if known.intake not in found:
            found.append(known.intake)
    return tuple(found)


def procedure(code: str) -> Procedure:
    """The procedure of a code. Raises: UnknownClause naming those that are held."""
    if code not in every():
        raise UnknownClause("law.no-procedure", procedure=code, possible=fileable())
    return every()[code]


def folder_of(code: str) -> str:
    """The name of the folder, and of the law book, of a procedure. Raises: UnknownClause."""
    known = procedure(code)
    return next(name for name, folder in folders().items() if known in folder.procedures)


def _procedures(code: str) -> Iterable[Procedure]:
    return [procedure(code)] if code else every().values()


def _examinations(code: str = "") -> Iterator[Examination]:
    return (examination for known in _procedures(code) for examination in known.examinations.values())


def outcomes() -> tuple[Outcome, ...]:
    """Every outcome that a decision may have, or an evaluation."""
    parts: list[Examination | Life] = [*_examinations(), *(known.life for known in every().values())]
    return tuple(dict.fromkeys(ruling.outcome for one in parts for ruling in one.outcomes))


def capacities() -> tuple[Capacity, ...]:
    """Every capacity in which somebody decides for an authority."""
    return tuple(dict.fromkeys(one.capacity for known in every().values() for one in known.every_competence))


def bodies(code: str = "") -> tuple[Body, ...]:
    """Every body that is heard, by a procedure or by any. Raises: UnknownClause."""
    return tuple(dict.fromkeys(body for one in _examinations(code) for body in one.opinions))


def told(code: str = "", letter: str = "") -> tuple[Role, ...]:
    """Who is told of a file and gives no opinion on it, by any letter or by one. Raises: UnknownClause."""
    clauses = (clause for one in _examinations(code) for clause in one.clauses)
    limits = (value.beside for clause in clauses for value in clause.values if value.beside)
    written = (sent for limit in limits for sent in limit.sent if sent.written)
    return tuple(dict.fromkeys(sent.role for sent in written if letter in ("", *sent.letters)))


def roles(code: str = "") -> tuple[Role, ...]:
    """Every role in which somebody is written to, by a procedure or by any. Raises: UnknownClause."""
    copied = (role for known in _procedures(code) for role in known.life.copies_to)
    of_bodies = (body.role for body in bodies(code))
    return tuple(dict.fromkeys((*Role.words(), *of_bodies, *told(code), *copied)))


def offices(code: str) -> tuple[Role, ...]:
    """The offices that are written to, and no party: desk, bodies, whoever is told. Raises: UnknownClause."""
    return (Role.DESK, *(body.role for body in bodies(code)), *told(code))


def links() -> tuple[Link, ...]:
    """What programmes of a procedure tell those of another one, where both are there."""
    declared = (link for folder in folders().values() for link in folder.links)
    return tuple(link for link in dict.fromkeys(declared) if {link.of, link.tells} <= every().keys())


def states() -> tuple[State, ...]:
    """Every state in the life of what is authorised."""
    return tuple(dict.fromkeys(state for known in every().values() for state in known.life.called))


def phases() -> tuple[Phase, ...]:
    """Every phase in which a case may stand."""
    ends = (ruling.phase for one in _examinations() for ruling in one.outcomes)
    return tuple(dict.fromkeys((*Phase.words(), *ends, *(state.phase for state in states()))))


def opening(code: str) -> Examination:
    """The examination that opens the life of a procedure. Raises: UnknownClause."""
    return next(one for one in procedure(code).examinations.values() if one.opens_life)


def handed_out() -> Mapping[str, tuple[Intake, HandedOut]]:
    """The forms that applicants are handed, by their name, each with the intake that it belongs to."""
    return {each.name: (of, each) for of in intakes() for each in of.handed_out}


def letters(code: str) -> Mapping[LetterKind, type[Stated]]:
    """The letters of a procedure, each with what it states: the engine's, and its own in `LETTERS`.

    Raises: UnknownClause.
    """
    from models.letters import STATES  # no list needs them

    return {**STATES, **import_module(f"procedures.{folder_of(code)}.letters").LETTERS}


def places_of_letters(code: str) -> tuple[Path, ...]:
    """Where letters and words of a procedure stand beside the engine's: each lies over the one before.

    Those of its jurisdiction, then those of its folder. Raises: UnknownClause.
    """
    (place,) = import_module(f"procedures.{folder_of(code)}").__path__
    return procedure(code).jurisdiction.letters, Path(place) / "letters"


def public_registers() -> Mapping[str, Publicity]:
    """Every public register by its name."""
    return {known.public.name: known.public for known in every().values() if known.public}


def published_in(register: Publicity) -> Mapping[str, Procedure]:
    """The procedures whose programmes a public register shows, by their code."""
    return {code: known for code, known in every().items() if known.public == register}


def lists_of(register: Publicity) -> tuple[PublicList, ...]:
    """The lists of a public register, in their order."""
    states = (state for known in published_in(register).values() for state in known.life.states.values())
    return tuple(dict.fromkeys(state.public_list for state in states if state.public_list))


def translated(code: str, subject: Mapping[str, str]) -> str:
    """The part of a subject that its public register tells in several languages; empty where none is."""
    public = procedure(code).public
    return subject.get(public.translated, "") if public else ""


def zone_of(register: Publicity) -> ZoneInfo:
    """The time zone in which a public register tells days and hours: that of its procedures."""
    return ZoneInfo(next(iter(published_in(register).values())).jurisdiction.zone)


def jurisdictions() -> Mapping[str, Jurisdiction]:
    """The jurisdictions of all procedures, by their code."""
    return {known.jurisdiction.code: known.jurisdiction for known in every().values()}


def powers(code: str = "") -> Roles:
    """What each role of the office may do, by a procedure or by any. Raises: UnknownClause.

    Whoever may do what takes two people may prepare it as well.
    """
    found: dict[StaffRole, tuple[str, ...]] = {}
    for known in _procedures(code):
        for role, commands in known.roles.items():
            prepares = (
                preparing(command)
                for command, roles in known.by_two.items()
                if command in commands or role in roles
            )
            found[role] = tuple(dict.fromkeys((*found.get(role, ()), *commands, *prepares)))
    return found


def by_two(code: str = "") -> tuple[str, ...]:
    """The commands that take two people, by a procedure or by any. Raises: UnknownClause."""
    return tuple(dict.fromkeys(command for known in _procedures(code) for command in known.by_two))


def names_a_person(text: str) -> bool:
    """Whether a text names a person by a number, as any of the jurisdictions gives one."""
    return any(known.names_a_person(text) for known in jurisdictions().values())


def jurisdiction(code: str = "") -> Jurisdiction:
    """The jurisdiction of a code; without one, the one under which closing days are entered.

    Raises: UnknownClause naming all.
    """
    held = jurisdictions()
    counting = (jurisdiction_of(name) for name, folder in folders().items() if folder.closing_days)
    meant = {code} if code else {known.code for known in counting}
    if len(meant) != 1 or not meant <= held.keys():
        raise UnknownClause("law.no-jurisdiction", jurisdiction=code, possible=tuple(held))
    return held[meant.pop()]


def book_of(name: str = "") -> str:
    """The name of a law book in which closing days count; without one, of the only one.

    Raises: UnknownClause naming all of them.
    """
    counting = tuple(known for known, folder in folders().items() if folder.closing_days)
    if name not in counting and (name or len(counting) != 1):
        raise UnknownClause("law.no-book", book=name, possible=counting)
    return name or counting[0]


def jurisdiction_of(book: str) -> Jurisdiction:
    """The jurisdiction under which the procedures of a law book are."""
    return folders()[book].procedures[0].jurisdiction
