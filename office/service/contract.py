"""Whether every procedure has the law and the words that the engine will ask for, before any case is served.

A process that serves cases asks this when it starts; a command line does not, for it takes a while.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from activities.wording import wording_of
from models.clock import Limit
from models.errors import InputRefused, LawSilent
from models.law.clause import Clause, Value, spoken
from models.messages import ENGLISH, Message, catalogue, word_key
from models.parties import OFFICE_LANGUAGES, TO_PARTIES, Language
from office.intake.forms import asked_in, texts
from office.intake.leftovers import ORIGINS
from procedures import books, registry
from register.site import words_of


def hold_to_contract() -> None:
    """Refuses to serve procedures whose law no case can go by, or that lack a word.

    Raises: InputRefused naming every clause, or else every word.
    """
    if broken := [wrong for folder in registry.folders() for wrong in breaks(folder)]:
        raise InputRefused("setting.law-broken", broken=broken)
    if missing := [lacking for code in registry.every() for lacking in lacks(code)]:
        raise InputRefused("setting.words-missing", missing=missing)


def breaks(folder: str) -> Iterator[Message]:
    """Every clause of a folder that does not say what is asked of it, and every law that has no value.

    A contribution whose amount is not published breaks nothing: a person fixes it.
    """
    shapes, wrong = _shapes(folder), False
    for clause in books.shipped().books[folder].clauses:
        for value in clause.values:
            if not value.source.article:
                wrong = True
                yield Message("setting.clause-no-article", folder=folder, clause=clause.id)
            if not shapes.get(clause.id, Shape.ANY).fits(value.value, clause):
                wrong = True
                yield Message(
                    f"setting.clause-no-{shapes[clause.id].value}",
                    folder=folder,
                    clause=clause.id,
                    value=spoken(value.value) if value.value else str(value.value),
                )
    if wrong:  # no law is put together of these
        return
    for known in registry.folders()[folder].procedures:
        today = datetime.now(ZoneInfo(known.jurisdiction.zone)).date()
        for kind in (*known.examinations, None):
            try:
                law = books.applicable_law(known.code, kind, today)
                for held in law.clauses:
                    law.countable(held, today)
            except LawSilent as silent:
                yield Message("setting.no-law", folder=folder, procedure=known.code, why=silent.said)


class Shape(StrEnum):
    """What the engine asks a clause for."""

    LIMIT = "limit"
    LADDER = "ladder"
    AMOUNT = "amount"
    CHOICE = "choice"
    TEXT = "text"
    ANY = "value"

    def fits(self, value: Value, clause: Clause) -> bool:
        """Whether a value of the clause can be asked for that."""
        limits = (value,) if isinstance(value, Limit) else value if isinstance(value, tuple) else ()
        if any(limit.unit not in clause.units for limit in limits):
            return False
        match self:
            case Shape.LIMIT:
                return isinstance(value, Limit)
            case Shape.LADDER:
                return bool(limits)
            case Shape.AMOUNT:
                return isinstance(value, int)
            case Shape.CHOICE:
                return value in clause.choices
            case Shape.TEXT:
                return isinstance(value, str) and bool(value)
            case Shape.ANY:
                return bool(value)


def _shapes(folder: str) -> dict[str, Shape]:
    """What is asked of each clause that the engine calls by a name of its own or of the folder's data."""
    shapes: dict[str, Shape] = {}
    for known in registry.folders()[folder].procedures:
        shapes |= {clause.id: Shape.LIMIT for clause in known.jurisdiction.remedies}
        shapes[known.jurisdiction.formal_notice.id] = Shape.LIMIT
        shapes |= {competence.clause: Shape.TEXT for competence in known.every_competence}
        shapes |= {clause: _NAMED.get(clause, Shape.LIMIT) for clause in known.life.asks}
        shapes |= {fact.clause: Shape.TEXT for fact in known.life.facts}
        shapes |= {counted.clause: Shape.TEXT for counted in known.life.counts}
        if known.life.into_force:
            shapes[known.life.into_force.clause] = Shape.TEXT
        shapes |= {owed.reminders: Shape.LADDER for owed in known.life.obligations}
        shapes |= {owed.renews: Shape.TEXT for owed in known.life.obligations if owed.renews}
        shapes |= {owed.on_request: Shape.ANY for owed in known.life.obligations if owed.on_request}
        if known.public and known.public.gap:
            shapes[known.public.gap.id] = Shape.CHOICE
        for examination in known.examinations.values():
            shapes |= {clause: _NAMED.get(clause, Shape.LIMIT) for clause in examination.asks}
            shapes |= {clause.id: Shape.LIMIT for clause in examination.limits}
            shapes |= {one.again.id: Shape.ANY for one in examination.sends_back.values()}
            if examination.contribution:
                shapes[examination.contribution.id] = Shape.AMOUNT
    return shapes


_NAMED = {
    "payment-reminders": Shape.LADDER,
    "validity-warnings": Shape.LADDER,
    "services-suspension": Shape.CHOICE,
    "interest": Shape.AMOUNT,
    "interest-step": Shape.AMOUNT,
    "interest-floor": Shape.AMOUNT,
    "power-to-suspend": Shape.TEXT,
    "power-to-close": Shape.TEXT,
}
"""What the engine asks the clauses for that it finds under a name; of any other one a limit."""


def lacks(code: str) -> Iterator[Message]:
    """Every word and letter that a procedure lacks, with its language. Raises: UnknownClause."""
    wording, public = wording_of(code), registry.procedure(code).public
    yield from (
        Message("setting.no-words", procedure=code, key=key)
        for key in dict.fromkeys(_told(code))
        if key not in catalogue(ENGLISH)
    )
    asked = dict.fromkeys(_words(code))
    found = dict.fromkeys(_of_intake(code))
    clauses = [("articles", clause.id) for clause in books.shipped().of(code).clauses]
    for language in Language:
        for tables, wanted in (
            (wording.words(language), asked),
            (wording.findings(language), found),
            (wording.articles(language), clauses),
        ):
            for table, word in wanted:
                try:
                    tables[table][str(word)]
                except LookupError as none:
                    yield none.args[0]
        for letter, states in registry.letters(code).items():
            if language in (OFFICE_LANGUAGES if states.to_offices else Language):
                yield from wording.lacks(letter.value, language)
        yield from _questions(code, language)
        if public:
            try:
                words_of(public, language.value)
            except InputRefused as none:
                yield none.said


def _questions(code: str, language: Language) -> Iterator[Message]:
    """What its forms have no question for."""
    known, of = texts(language, code), registry.intake(code)
    for handed in of.handed_out:
        keys = [("names", handed.name), *(("questions", field.key) for field in asked_in(of, handed))]
        for table, key in keys:
            if key not in known[table]:
                yield Message("letter.no-question", procedure=code, language=language.value, field=key)


def _told(code: str) -> Iterator[str]:
    """The keys of what operators read of it."""
    known = registry.procedure(code)
    codes: list[str] = [
        word for state in known.life.called for word in (state.phase, state.public_list) if word
    ]
    codes += [ruling.outcome for ruling in known.life.outcomes]
    for kind, examination in known.examinations.items():
        yield f"form.a-{kind}"
        yield from (f"due.{clause.id}" for clause in examination.limits)
        codes += [kind, *examination.opinions]
        codes += [word for ruling in examination.outcomes for word in (ruling.outcome, ruling.phase)]
    yield from map(word_key, (*codes, *registry.roles(code)))
    for owed in known.life.obligations:
        yield from (f"act-name.{entry}" for entry in (owed.reminded, owed.told_late))
        yield from (f"flag.{owed.late_letter}", f"due.{owed.ref}-of", f"timetable.{owed.ref}-reminder")
        if owed.every:
            yield f"timetable.{owed.ref}"


def _words(code: str) -> Iterator[tuple[str, str]]:
    """The words that its letters and pages are made with, each with its table."""
    known = registry.procedure(code)
    yield "procedures", code
    yield from (("labels", label) for label in ("desk", "instrument"))
    if known.public:
        yield from (("labels", part) for part in known.public.columns)
    if any(examination.contribution for examination in known.examinations.values()):
        yield "labels", "contribution"
    for clause in books.shipped().of(code).clauses:
        yield "clauses", clause.id
        for value in clause.values:
            yield "instruments", getattr(value.source.instrument, "name", value.source.instrument)
    yield from (("words", state.phase) for state in known.life.called)
    yield from (("refs", f"{owed.ref}-") for owed in known.life.obligations)
    yield from (("outcomes", ruling.outcome) for ruling in known.life.outcomes)
    for kind, examination in known.examinations.items():
        yield from ((table, kind) for table in ("words", "your", "of_your"))
        yield from (("words", body) for body in examination.opinions)
        yield from (("words", condition) for condition in examination.admissible_if)
        for ruling in examination.outcomes:
            yield from (("outcomes", ruling.outcome), ("words", ruling.phase))
    yield from (("elements", element) for element in known.elements)
    yield from (("capacities", competence.capacity) for competence in known.every_competence)
    for role in registry.roles(code):
        yield "salutations", role
        if role not in TO_PARTIES:
            yield "recipients", role


def _of_intake(code: str) -> Iterator[tuple[str, str]]:
    """The words of what its intake may find, and of its rules."""
    known = registry.intake(code)
    yield from (("rules", rule.id) for rule in known.rules)
    yield from (("terms", row.document) for row in known.asked)
    yield from (("terms", language) for row in known.asked for language in row.languages)
    yield from (("findings", what) for what in _FINDINGS)
    yield from (("findings", "language-missing") for row in known.asked if row.languages)
    yield from (("findings", "other-template") for row in known.asked if row.other_numeral)
    yield from (("findings", row.what) for row in known.unasked)
    yield from (("refusals", code) for code in _REFUSALS)


_FINDINGS = (
    *("document-missing", "no-document", "empty-file", "empty-more", "several-activities", "cesp-number"),
    *("form-empty", "form-to-read", "form-unanswered", "chosen", "not-the-first"),
    *(f"left-by-{origin}" for origin in ORIGINS),
)
_REFUSALS = ("P-01", "P-03", "P-12", "form", "national-number")
"""What the intake of every procedure may find (office/intake/completeness.py, office/intake/package.py)."""
