"""What every folder of procedures has to hold, so that no case of it fails in silence.

One sentence for all folders: those that are shipped, and the one that stands in tests/toy.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from activities.invoice_pages import Debtor
from activities.letter_pages import LetterPages, Recipient, stated
from activities.wording import TEMPLATES, wording_of
from models.clock import Limit
from models.decision import WITHOUT_MERITS, Capacity, Outcome
from models.entry import Letter, LetterBatch, LetterKind
from models.law.applicable import WAITING, Law
from models.law.clause import Instrument
from models.letters import Remedy, Signed, Stated
from models.messages import catalogue
from models.objection import DECISION
from models.obligations import Obligation, of_period
from models.parties import OFFICE_LANGUAGES, Body, Language, Party, Role, mail_addresses
from models.phases import Kind, Phase
from models.subjects import HOLDER
from office.intake.forms import new
from office.intake.package import Package, read_package
from office.service.contract import lacks
from procedures import books, registry
from procedures.shape import ASKS, Folder
from register.site import words_of
from samples.letters import CREDIT_NOTE, INVOICE
from tests.contract.folders import CODES, FILEABLE, FOLDERS, packed

TODAY = date(2026, 11, 30)
OF_PAYMENT = (
    *(LetterKind.INVOICE, LetterKind.INVOICE_REMINDER, LetterKind.CREDIT_NOTE),
    *(LetterKind.OBJECTION, LetterKind.SERVICES_SUSPENDED),
)

NUMBERS = re.compile(r".+ \((?:numac [0-9]{10}|CELEX [0-9]{5}[A-Z][0-9]{4}|CELEX [0-9]{5}[A-Z]/TXT)\)")
"""How the number of an instrument is written: of the Belgian official journal, or of Union law."""

OF_EVERY_FOLDER = pytest.mark.parametrize("folder", FOLDERS)
OF_EVERY = pytest.mark.parametrize("code", CODES)
OF_EVERY_FILEABLE = pytest.mark.parametrize("code", FILEABLE)


# Its words.


@OF_EVERY
def test_every_word_of_a_procedure_stands_in_every_language(code: str) -> None:
    assert [str(missing) for missing in lacks(code)] == []


@OF_EVERY
def test_what_a_letter_includes_is_there_in_every_language_or_in_none(code: str) -> None:
    places = (TEMPLATES, *registry.places_of_letters(code))
    for part in {path.parent.name for place in places for path in place.glob("*/*.txt.j2")}:
        there = {path.name[:2] for place in places for path in place.glob(f"{part}/*.txt.j2")}
        assert there in ({*Language}, {*OFFICE_LANGUAGES}), part


@OF_EVERY
def test_what_english_says_every_language_says(code: str) -> None:
    """A table in which a language lacks a word would be told in English, or not at all."""
    wording = wording_of(code)
    for read in (wording.words, wording.findings, wording.articles):
        said = {(table, word) for table, words in read(Language.EN).items() for word in words}
        for language in Language:
            assert {(t, word) for t, words in read(language).items() for word in words} == said


@OF_EVERY
def test_what_an_article_says_is_told_of_every_clause_and_of_nothing_else(code: str) -> None:
    clauses = {clause.id for clause in books.shipped().of(code).clauses}
    for language in Language:
        assert wording_of(code).articles(language)["articles"].keys() == clauses


@OF_EVERY_FILEABLE
def test_every_form_that_is_handed_out_asks_in_every_language(code: str) -> None:
    for handed, language in itertools.product(registry.intake(code).handed_out, Language):
        assert new(handed.name, language)


# Its law.


@OF_EVERY_FOLDER
def test_every_clause_names_instrument_and_article_and_stands_in_its_own_book(folder: str) -> None:
    book = books.shipped().books[folder]
    for clause in book.clauses:
        assert clause.book == folder
        for value in clause.values:
            assert value.source.article, clause.id
            assert isinstance(value.source.instrument, Instrument), clause.id
            assert NUMBERS.fullmatch(str(value.source.instrument)), clause.id
            assert all(limit.unit in clause.units for limit in value.limits), clause.id


def named(law: Law) -> set[str]:
    """The clauses that the law of a dossier names itself: of bodies, answers, contests, and the decision."""
    again = {clause for one in law.contests.values() for clause in one.clauses}
    again |= {one.again for one in law.sends_back.values() if law.has_limit(one.again)}
    return {*law.opinions.values(), *law.questions.values(), *again, law.decision, law.formal_notice} - {""}


@OF_EVERY_FOLDER
def test_every_clause_has_a_caller_and_every_caller_finds_its_clause(folder: str) -> None:
    called: set[str] = set()
    for known in registry.folders()[folder].procedures:
        called |= {arrival.clause for arrival in known.jurisdiction.arrivals}
        called |= {known.public.gap.id} if known.public and known.public.gap else set()
        for kind in (*known.examinations, None):
            law = books.applicable_law(known.code, kind, TODAY)
            calls = {
                *law.remedies,
                *(one.clause for one in law.competences),
                *law.conditions,
                *(one.again for one in law.sends_back.values()),
                *named(law),
            }
            calls |= {*known.examinations[kind].asks} if kind else {*known.life.asks, *known.carries_on}
            calls |= {law.completion, law.valid_for, law.renewed_ahead} - {""} if kind else set()
            calls |= {clause for clause, applied in law.clauses.items() if applied.beside}
            due = known.examinations[kind].contribution if kind else None
            calls |= {due.id} if due else set()
            assert kind is None or law.clauses.keys() <= calls, (known.code, kind)  # procedures share a life
            called |= calls
    assert called == {clause.id for clause in books.shipped().books[folder].clauses}


@OF_EVERY_FOLDER
def test_what_begins_and_ends_a_limit_beside_the_phases_can_happen(folder: str) -> None:
    started = {DECISION, *(known.life.publication for known in registry.folders()[folder].procedures)}
    letters = {
        kind for known in registry.folders()[folder].procedures for kind in registry.letters(known.code)
    }
    values = [(c.id, value) for c in books.shipped().books[folder].clauses for value in c.values]
    for clause, beside in ((clause, value.beside) for clause, value in values if value.beside):
        assert {f"act-name.{act}" for act in (*beside.since, *beside.until)} <= catalogue("en").keys()
        assert {letter for sent in beside.sent for letter in sent.letters} <= letters
        assert beside.since or beside.after or clause in started
        assert beside.sent or beside.until


@OF_EVERY
def test_every_wait_has_a_limit_and_somebody_whose_turn_it_is(code: str) -> None:
    for kind in registry.procedure(code).examinations:
        law = books.applicable_law(code, kind, TODAY)
        asked = {clause for stage in law.stages for clause in ASKS[stage]}
        for clause in asked & WAITING.keys() | named(law):
            assert law.limit(clause).amount > 0
            assert law.clock(clause, TODAY).due_on(law.calendar)
            assert law.desk(clause) in registry.roles(code)
    assert books.applicable_law(code, None, TODAY).states


@OF_EVERY
def test_what_is_owed_recurs_in_months_or_by_a_decision_and_its_letters_are_there(code: str) -> None:
    law, letters = books.applicable_law(code, None, TODAY), registry.letters(code)
    for owed in law.obligations:
        assert owed.due_letter in letters
        assert owed.late_letter in letters
        each = Obligation(owed=owed.ref, of="1", text="Something.", due_on=TODAY)
        if owed.every:
            each = of_period(owed, TODAY, date(2027, 11, 30), owed.every, TODAY, law)
        for letter in (owed.due_letter, owed.late_letter):
            facts = json.loads(json.dumps(each.facts(owed), default=str))
            assert stated(code, letter, facts)
        kinds = {kind.value for kind in registry.procedure(code).examinations} or {owed.fulfilled_by}
        assert owed.fulfilled_by in kinds | {"meet-condition", "evaluate"}


# What is decided, who is heard, what is seen.


@OF_EVERY
def test_every_outcome_says_what_it_does(code: str) -> None:
    for kind, examination in registry.procedure(code).examinations.items():
        ends = [ruling.outcome for ruling in examination.outcomes]
        assert len(ends) == len({*ends}), kind
        assert not {*ends} & {ruling.outcome for ruling in WITHOUT_MERITS}, kind
        for ruling in examination.outcomes:
            assert ruling.course or ruling.phase != Phase.GRANTED, (kind, ruling.outcome)
            assert ruling.course is None or ruling.phase == Phase.GRANTED, (kind, ruling.outcome)


@OF_EVERY
def test_every_body_has_a_limit_of_its_own_a_role_and_an_address(code: str) -> None:
    authority = registry.procedure(code).authority
    assert authority.name.keys() == {*Language}
    assert mail_addresses(authority.addresses[Role.DESK])
    for kind, examination in registry.procedure(code).examinations.items():
        clauses = [clause.id for clause in examination.opinions.values()]
        assert len(clauses) == len({*clauses}), kind
        for body, clause in examination.opinions.items():
            assert clause.desk == body.role
            assert body.role in registry.roles(code)
            assert mail_addresses(authority.addresses[body.role])


@OF_EVERY
def test_every_public_list_is_the_procedures_own_and_has_words(code: str) -> None:
    known = registry.procedure(code)
    if known.public is None:
        assert not any(state.public_list for state in known.life.states.values())
        return
    lists = [state.public_list for state in known.life.states.values() if state.public_list]
    assert lists
    for language in Language:
        assert {*lists} <= words_of(known.public, language.value)["lists"].keys()


@OF_EVERY_FILEABLE
def test_every_public_column_is_a_part_of_the_subject_or_whose_it_is(code: str, tmp_path: Path) -> None:
    parts, public = application(code, tmp_path).subject.parts, registry.procedure(code).public
    assert {*registry.intake(code).firsts.values()} <= {*parts}
    if public:
        assert public.columns[0] == next(iter(parts))
        assert {*public.columns} <= {*parts, HOLDER}
        assert public.translated in ("", *public.columns)
    for language in Language:
        assert {*parts} <= wording_of(code).words(language)["labels"].keys()


# Its letters.


def choices(annotation: Any, code: str, name: str = "") -> tuple[Any, ...]:
    """Values that a fact of a letter may have, as JSON: each of a choice, one of what is free."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return choices(inner[0], code, name)
    if annotation == Signed | None:  # where the law knows capacities, every act has one
        return choices(Signed, code) or (None,)
    if origin in (Union, UnionType):
        return tuple(v for part in inner for v in ((None,) if part is type(None) else choices(part, code)))
    if origin is Literal:
        return tuple(one.value if isinstance(one, Enum) else one for one in inner)
    if origin is tuple:
        return ([one for one in choices(inner[0], code, name)[:2]],)
    if origin is dict and inner[1] is Remedy:
        (period,) = choices(Remedy, code)
        return ({clause.id: period for clause in registry.procedure(code).jurisdiction.remedies},)
    if origin is dict:
        return ({},)
    if name == "not_in_force":  # only what enters into force by an act of its own
        return (False, True) if registry.procedure(code).life.into_force else (False,)
    if annotation is bool:
        return (False, True)
    if annotation is Limit:
        return ({"amount": 15, "unit": "calendar_days"},)
    if annotation is Remedy:
        return ({"within": {"amount": 60, "unit": "calendar_days"}, "article": "art. 1"},)
    words = {
        Kind: lambda: tuple(registry.procedure(code).examinations),
        Outcome: lambda: tuple(r.outcome for r in WITHOUT_MERITS),
        Body: lambda: registry.bodies(code),
        Capacity: lambda: tuple(one.capacity for one in registry.procedure(code).competences),
        Phase: lambda: (*WAITING.values(), Phase.COMPLETION, Phase.OPINION, Phase.DECISION),
    }
    if annotation in words:
        return tuple(word.value for word in words[annotation]())
    if issubclass(annotation, Enum):
        return tuple(one.value for one in annotation)
    if issubclass(annotation, BaseModel):
        return tuple(facts_of(annotation, code))[:1]
    if annotation is str and name == "unmet":
        of_all = (examined.admissible_if for examined in registry.procedure(code).examinations.values())
        return tuple(dict.fromkeys(itertools.chain(*of_all))) or ("",)
    if annotation is str and name in ("element", "undetermined"):
        return registry.procedure(code).elements
    if annotation is str and name == "clause":
        return tuple(c.id for c in books.shipped().of(code).clauses if c.values[0].limits)
    free = {date: "2026-11-30", int: 1, str: "art. 1" if name in ("article", "source") else "One thing."}
    return (free[annotation],)


def facts_of(states: type[BaseModel], code: str) -> Iterator[dict[str, Any]]:
    """The facts of a letter: once with all that it may say, once with as little, and each choice once."""
    fields = {
        name: choices(field.annotation, code, name)
        for name, field in states.model_fields.items()
        if name not in ("reckonings", "rules", "findings")
    }
    if not all(fields.values()):  # such as an opinion of a body, where none is heard
        return
    full = {name: next((v for v in values if v is not None), None) for name, values in fields.items()}
    for name, values in fields.items():
        for value in values:
            yield {**full, name: value}
    least = {name for name, field in states.model_fields.items() if field.is_required()} | {
        "remedies",
        "signatory",
    }
    yield {name: value for name, value in full.items() if name in least}


def specimens(code: str) -> Iterator[Letter]:
    """Every letter of a procedure, in every way in which its facts choose words."""
    known = registry.procedure(code)
    charged = any(e.contribution for of in folder(code).procedures for e in of.examinations.values())
    for kind, states in registry.letters(code).items():
        if kind in OF_PAYMENT and not charged:
            continue
        told = registry.told(code, kind.value) if registry.told(letter=kind.value) else (Role.DESK,)
        for role, facts in itertools.product(
            told if states.to_offices else (Role.APPLICANT,), facts_of(states, code)
        ):
            if {"kind", "outcome"} <= facts.keys():
                yield from (
                    Letter(kind=kind, role=role, facts={**facts, **said})
                    for of, examination in known.examinations.items()
                    for said in decisions(code, of, [r.outcome for r in examination.outcomes])
                )
                of_life = [ruling.outcome.value for ruling in known.life.outcomes]
                said = {"kind": "evaluation", "silent_until": None, "grounds": "One."}
                yield from (
                    Letter(kind=kind, role=role, facts={**facts, **said, "outcome": outcome})
                    for outcome in of_life
                )
            else:
                yield Letter(kind=kind, role=role, facts=facts)


def decisions(code: str, kind: Kind, outcomes: list[Outcome]) -> Iterator[dict[str, Any]]:
    """What a decision of a kind may say: each outcome with its grounds, and those that silence may have."""
    law = books.applicable_law(code, kind, TODAY)
    for outcome in outcomes:
        yield {"kind": kind.value, "outcome": outcome.value, "silent_until": None, "grounds": "One.\n\nTwo."}
    for policy in ("granted", "refused"):
        clause = law.clauses[law.decision].model_copy(update={"silence": policy})
        tacit = law.model_copy(update={"clauses": {**law.clauses, law.decision: clause}})
        if outcome := tacit.tacit_outcome(law.decision):
            yield {"kind": kind.value, "outcome": outcome.value, "silent_until": "2026-11-30", "grounds": ""}


@pytest.mark.parametrize("language", Language)
@OF_EVERY
def test_every_letter_that_can_leave_is_written_in_every_language_that_is_read(
    code: str, language: Language, tmp_path: Path
) -> None:
    pages = LetterPages("The office", "desk@office.invalid")
    of_form = code if code in FILEABLE else registry.procedure(code).stated_by[0]
    subject = application(of_form, tmp_path).subject
    written = set()
    for letter in specimens(code):
        if language not in (OFFICE_LANGUAGES if states_of(code, letter).to_offices else Language):
            continue
        batch = LetterBatch(
            number=f"{code}-2026-001",
            entry=1,
            on=TODAY,
            procedure=code,
            applicant=Party(id="1", name="Exemplar"),
            subject=subject,
            article="art. 1",
            invoice=INVOICE,
            credit_note=CREDIT_NOTE,
            letters=(letter,),
        )
        to = Recipient(("Exemplar",), language, ("exemplar@exemplar.example",))
        laid_out = pages.layout(batch, letter, to, Debtor("Exemplar"))
        assert laid_out["title"], letter
        assert laid_out["parts"], letter
        written.add(letter.kind)
    offices = {kind for kind, states in registry.letters(code).items() if states.to_offices}
    of_bodies = {
        "opinion-request",
        "opinion-told",
        "opinion-sent-back",
        "questions",
        "conflict",
        "late-opinion",
    }
    of_a_dossier = of_bodies | {"admissible", "acknowledgement", "invoice", "decision"}
    unwritten = {*OF_PAYMENT} | (set() if code in FILEABLE else of_a_dossier)
    unwritten |= {kind for kind in offices if registry.told(letter=kind.value)} - written
    unwritten |= offices if language not in OFFICE_LANGUAGES else set()
    assert registry.letters(code).keys() - written <= unwritten


def folder(code: str) -> Folder:
    return registry.folders()[registry.folder_of(code)]


def states_of(code: str, letter: Letter) -> type[Stated]:
    return registry.letters(code)[letter.kind]


# Its sample.


def application(code: str, into: Path) -> Package:
    return read_package(packed(code, into))


@OF_EVERY_FILEABLE
def test_what_is_found_in_the_sample_is_told_in_every_language(code: str, tmp_path: Path) -> None:
    package = application(code, tmp_path)
    assert package.checklist
    for language in Language:
        wording = wording_of(code)
        assert all(wording.finding(found.model_dump(mode="json"), language) for found in package.findings)
        assert all(wording.rule(line.rule, language) for line in package.checklist)
