"""The law books of all folders, and the law of one file on one day, put together from them.

It is put together once and carried in that file's input: a later edit of a folder can therefore never bend a
running dossier. A programme receives the law of the new year at each anniversary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

from jurisdictions.shape import Jurisdiction
from models.clock import Calendar, ClosingDay
from models.errors import NoRuleInForce, UnknownClause
from models.law.applicable import Law, sealed
from models.law.arrival import Arrival
from models.law.book import LawBook
from models.law.clause import Applied, Clause, InForce
from models.law.re_examination import ReExamination, SendingBack
from models.parties import Body
from models.phases import Kind, Stage
from procedures.registry import (
    book_of,
    clauses_of,
    every,
    folder_of,
    folders,
    procedure,
)
from procedures.registry import shipped as release
from procedures.shape import BILLED_BY, Contest, Returned


@dataclass(frozen=True)
class Books:
    """The law books of all folders, by the folder's name, and what the agency laid over them."""

    books: Mapping[str, LawBook]

    def of(self, code: str) -> LawBook:
        """The law book of a procedure. Raises: UnknownClause."""
        return self.books[folder_of(code)]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause of every book."""
        return tuple(clause for book in self.books.values() for clause in book.clauses)

    @property
    def closing_days(self) -> tuple[ClosingDay, ...]:
        """The closing days that were entered."""
        return tuple(dict.fromkeys(day for book in self.books.values() for day in book.closing_days))

    def clause(self, named: str) -> Clause:
        """The clause of an id; `be_umn/decision` where several books have one of that name.

        Raises: UnknownClause naming the nearest ones, or the books.
        """
        name, _, clause = named.rpartition("/")
        if name:
            if name not in self.books:
                raise UnknownClause("law.no-book", book=name, possible=tuple(self.books))
            return self.books[name].clause(clause)
        holding = [book for book in self.books.values() if any(c.id == named for c in book.clauses)]
        if len(holding) > 1:
            raise UnknownClause(
                "law.several-books",
                clause=named,
                possible=tuple(f"{book.name}/{named}" for book in holding),
            )
        if holding:
            return holding[0].clause(named)
        return LawBook("", self.clauses).clause(named)  # refused, with the nearest names

    def written(self, named: str) -> Clause:
        """The clause that a file means: an id without a book is that of this release, where one book has it.

        A file that was written before a folder came with an installation is thereby read as it was.
        Raises: UnknownClause as `clause`.
        """
        own = [f"{name}/{c.id}" for name in release() if name in self.books for c in self.books[name].clauses]
        meant = [known for known in own if known.rpartition("/")[2] == named]
        return self.clause(meant[0] if len(meant) == 1 else named)

    def confirmed(self, named: str, value: InForce) -> Books:
        """The books with one value of the agency more. Raises: UnknownClause, RulesOverlap."""
        clause = self.clause(named)
        book = self.books[clause.book].confirmed(clause.id, value)
        return replace(self, books={**self.books, book.name: book})

    def closed_on(self, closing_days: Iterable[ClosingDay], book: str = "") -> Books:
        """The books with closing days more in one: those of one authority move no limit of another's.

        Raises: UnknownClause as `book_of`.
        """
        name = book_of(book)
        return replace(self, books={**self.books, name: self.books[name].closed_on(closing_days)})


def shipped() -> Books:
    """The law as this release holds it."""
    return _shipped(tuple(folders()))


@cache
def _shipped(names: tuple[str, ...]) -> Books:
    """The books of the folders of these names."""
    return Books(
        {
            name: LawBook(name, tuple(replace(clause, book=name) for clause in clauses_of(folder)))
            for name, folder in ((name, folders()[name]) for name in names)
        }
    )


def tried_in(clause: Clause, on: date) -> tuple[date, Law]:
    """A day, and a law of the book of a clause, in which a value can be tried that no case has yet.

    The day lies as far before the end of what the calendar knows as a calendar reaches.
    """
    of_book = folders()[clause.book].procedures[0]
    known = of_book.jurisdiction
    day = on.replace(year=min(on.year, known.last_year - known.years_ahead))
    calendar = known.calendar(day.year, ())
    return day, _as_shipped(tuple(folders()), of_book.code, None, day).model_copy(
        update={"calendar": calendar}
    )


def laws_with(clause: Clause, on: date) -> Iterator[Law]:
    """The law of every kind of dossier that uses a clause, on a day. Raises: NoRuleInForce."""
    names = tuple(folders())
    for code, kind in _used(names).get((clause.book, clause.id), ()):
        yield _as_shipped(names, code, kind, on)


@cache
def _used(names: tuple[str, ...]) -> Mapping[tuple[str, str], list[tuple[str, Kind]]]:
    """By book and id of a clause, the kinds of dossier that use it, in the folders of these names."""
    found: dict[tuple[str, str], list[tuple[str, Kind]]] = defaultdict(list)
    for name in names:
        for known in folders()[name].procedures:
            for kind, examination in known.examinations.items():
                for used in dict.fromkeys(clause.id for clause in examination.uses):
                    found[name, used].append((known.code, kind))
    return found


@lru_cache(64)
def _as_shipped(names: tuple[str, ...], code: str, kind: Kind | None, on: date) -> Law:
    """The law of a file of that day as the folders of these names are shipped: values are tried in it."""
    return applicable_law(code, kind, on)


def governs(clause: str, code: str = "") -> str:
    """What a clause governs in a procedure, in words; without one, what all books that have it say of it.

    Its id where none has it, or where they say different things.
    """
    books = shipped()
    among = books.of(code).clauses if code in every() else books.clauses
    said = {known.governs for known in among if known.id == clause}
    return said.pop() if len(said) == 1 else clause


def named(clause: Clause) -> str:
    """A clause as people type it: its id, with its book where several have one of that id."""
    several = sum(known.id == clause.id for known in shipped().clauses) > 1
    return clause.qualified if several else clause.id


def applicable_law(code: str, kind: Kind | None, on: date, books: Books | None = None) -> Law:
    """The law of a file of that day: the clauses that it uses. `kind` None is a programme's year.

    Raises: UnknownClause for a procedure we do not hold, NoRuleInForce when a clause has no value.
    A contribution without a published amount is carried as a named gap: a person fixes it later.
    """
    known = procedure(code)
    if kind is not None and kind not in known.examinations:
        raise UnknownClause(
            "law.no-such-kind", procedure=code, kind=kind.value, possible=tuple(known.examinations)
        )
    book = (books or shipped()).of(code)
    examination = known.examinations[kind] if kind else None
    part = examination or known.life
    contribution, gap = None, ""
    if examination and examination.contribution:
        try:
            contribution = book.clause(examination.contribution.id).applied_on(on)
        except NoRuleInForce as silent:
            gap = silent.message
    competences = known.competent_for(examination)
    confers = (book.clause(competence.clause) for competence in competences)
    asked = known.life.into_force and not known.life.into_force.awaits  # a fact is nobody's to refuse
    may_refuse = any(one.refuses for one in examination.outcomes) if examination else asked
    fallback = (known.jurisdiction.formal_notice,) if may_refuse else ()
    # how long it is valid is told by whatever authorises or renews it
    life = known.life
    lasts = examination is None or examination.opens_life or (kind and kind.value == life.renewed_by)
    valid_for, ahead = (life.valid_for, life.renewed_ahead) if lasts else ("", "")
    told = (book.clause(clause) for clause in (valid_for, ahead) if clause)
    uses = (*part.uses, *confers, *told, *known.jurisdiction.remedies, *fallback)
    clauses = {c.id: book.clause(c.id).applied_on(on) for c in uses}
    if contribution:
        clauses[contribution.clause] = contribution
    return sealed(
        Law(
            procedure=code,
            book=book.name,
            article=part.article,
            on=on,
            clauses=clauses,
            contribution=contribution,
            contribution_gap=gap,
            admissible_if=examination.admissible_if if examination else (),
            completion=examination.completion.id if examination and examination.completion else "",
            opinions=_clauses(examination.opinions) if examination else {},
            questions=_clauses(examination.questions) if examination else {},
            contests=_contests(examination.contests) if examination else {},
            sends_back=_sent_back(examination.sends_back) if examination else {},
            decision=examination.decision.id if examination else "",
            decides_after=examination.decides_after if examination else Stage.ADMISSIBILITY,
            formal_notice="".join(clause.id for clause in fallback),
            binding=examination.binding if examination else (),
            follows=dict(examination.follows) if examination else {},
            stops_until_answered=examination.stops_until_answered if examination else False,
            hearings=dict(examination.hearings) if examination else {},
            stages=examination.stages if examination else (),
            outcomes=part.outcomes,
            opens_life=examination.opens_life if examination else False,
            changes_subject=examination.changes_subject if examination else False,
            changes_applicant=examination.changes_applicant if examination else False,
            states={} if examination else dict(known.life.states),
            into_force=known.life.into_force if not examination or examination.opens_life else None,
            publication="" if examination else known.life.publication,
            facts=() if examination else known.life.facts,
            counted=() if examination else known.life.counts,
            valid_for=valid_for,
            renewed_by="" if examination else known.life.renewed_by,
            renewed_ahead=ahead,
            copies_to=known.life.copies_to,
            stated_by=() if examination else known.stated_by,
            elements=known.elements,
            published_in=known.public.required if known.public else (),
            competences=competences,
            remedies=tuple(clause.id for clause in known.jurisdiction.remedies),
            obligations=() if examination else known.life.obligations,
            calendar=_calendar(known.jurisdiction, book, on),
            arrivals=tuple(_arrivals(known.jurisdiction, book, on)),
        )
    )


def _calendar(jurisdiction: Jurisdiction, book: LawBook, on: date) -> Calendar:
    """The working days of a file, and whether the authority can still publish closing days that count."""
    calendar = jurisdiction.calendar(on.year, book.closing_days)
    return calendar.model_copy(update={"may_close": folders()[book.name].closing_days})


def later_by_notice(book: LawBook, filed_on: date, on: date) -> list[Applied]:
    """What a notice of payment rests on and is in force on its day, since a later day than that of a file."""
    later = list[Applied]()
    for clause in book.clauses:
        with suppress(NoRuleInForce):
            if clause.id in BILLED_BY and clause.on(on).from_on > filed_on:
                later.append(clause.applied_on(on))
    return later


def _arrivals(jurisdiction: Jurisdiction, book: LawBook, on: date) -> Iterator[Arrival]:
    """The rules of arrival, each with what its clause is on a day; none whose clause says nothing yet."""
    for arrival in jurisdiction.arrivals:
        clause = book.clause(arrival.clause)
        if any(value.from_on <= on for value in clause.values):
            applied = clause.applied_on(on)
            told = {"article": applied.article, "degree": applied.degree, "reading": applied.reading}
            yield arrival.model_copy(update=told)


def _clauses(of: Mapping[Body, Clause]) -> dict[Body, str]:
    """Bodies, each with its clause by name."""
    return {body: clause.id for body, clause in of.items()}


def _contests(of: Mapping[Body, Contest]) -> dict[Body, ReExamination]:
    """Bodies whose opinion may be contested, each with its three clauses by name."""
    return {
        body: ReExamination(notice=one.notice.id, grounds=one.grounds.id, again=one.again.id)
        for body, one in of.items()
    }


def _sent_back(of: Mapping[Body, Returned]) -> dict[Body, SendingBack]:
    """Bodies whose opinion is sent back, each with who does so, and the clause by name."""
    return {body: SendingBack(by=one.by, again=one.again.id) for body, one in of.items()}
