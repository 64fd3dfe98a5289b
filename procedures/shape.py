"""What a procedure is made of: its law, the kinds of dossier it knows, and the life of what it authorises.

Values only. What a case needs of them while it runs is carried in its law, put together when it begins
(`procedures/books.py`): a running case looks nothing up. Long because all that a folder can say stands here,
each part with what it asks of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from jurisdictions.shape import Jurisdiction
from models.authority_page import Captured
from models.completeness import Asked, Unasked
from models.decision import Competence, Ruling
from models.eligibility import Rule
from models.errors import UnknownClause
from models.forms import Form, Section
from models.law.clause import Clause
from models.law.counted import Counted
from models.law.owed import Owed
from models.law.states import Effect, Fact, IntoForce, Link, State
from models.parties import Body, Language, Role
from models.people import ByTwo, Roles
from models.phases import Course, Kind, Stage
from procedures.roles import BY_TWO, ROLES

ASKS: Mapping[Stage, tuple[str, ...]] = {
    Stage.ADMISSIBILITY: ("admissibility", "late-recording"),
    Stage.OPINIONS: (),
    Stage.DECISION: (),
}
"""The stages that an examination may have, each with the clauses that it finds under these names."""

BILLED_BY = (
    *("payment", "payment-reminders", "collection", "payment-appeal"),
    *("objection-decision", "objection-court", "limitation", "services-suspension"),
    *("interest", "interest-step", "interest-floor"),
)
"""The clauses that a contribution finds under these names, beside every stage."""

LIVES_BY = ("validity-warnings", "power-to-suspend", "power-to-close")
"""The clauses that every life finds under these names: any may have a last day, be suspended and closed."""


@dataclass(frozen=True)
class Series:
    """How cases are numbered: once each, without gaps within a series.

    `named` names the series by {procedure}, {programme}, {kind} and {year}; `numbers` makes a number of
    {series} and {serial}, and without the serial the first one is called as its series is. With
    `by_year_owed` the year is that for which a programme owes the dossier, else that of its receipt.
    """

    named: str
    numbers: str = "{series}-{serial:03d}"
    by_year_owed: bool = False

    @property
    def under_a_programme(self) -> bool:
        """Whether what it numbers is filed under a programme."""
        return "{programme}" in self.named


@dataclass(frozen=True)
class HandedOut:
    """A form that applicants are handed, by its name: the section that it asks, and what it fills in itself.

    `left_out` are the fields of the form that it does not ask.
    """

    name: str
    section: Section
    filled_in: Mapping[str, str]
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Intake:
    """How dossiers come in: what a package holds, what its form asks, and what is looked at in both.

    `form` is the application form, with `sections` for some kinds and questions in words in the folder
    `questions`; `handed_out` are the forms that applicants get. `rules` look at the answers of the form.
    `folders` are those of the documents, all sorts in the last one; `asked` are the documents that a package
    brings, `before_numeral` the words before their numeral, `unasked` what need not be there, `summary` the
    document that is published. Of the kinds `form_alone` nothing but the form is taken, with or without a
    package.
    Of a kind of `firsts` there is one for what says the same in that part of the subject: a later one is
    taken in, and marked for a person to compare.
    `samples` holds packages to try; `sample` makes one anew, for a number that is given.
    """

    form: type[Form]
    sections: tuple[Section, ...]
    handed_out: tuple[HandedOut, ...]
    questions: Path
    rules: tuple[Rule, ...]
    folders: tuple[str, ...]
    asked: tuple[Asked, ...]
    samples: Path
    before_numeral: tuple[str, ...] = ()
    unasked: tuple[Unasked, ...] = ()
    summary: Asked | None = None
    form_alone: tuple[Kind, ...] = ()
    firsts: Mapping[Kind, str] = field(default_factory=dict)
    sample: Callable[..., Path] | None = None


@dataclass(frozen=True)
class AuthorityPage:
    """An authority's own public page, from which programmes are taken over, and with which ours are compared.

    `read` reads a text of it, as of today, with a file of products that are not known yet; it raises
    InputRefused naming every line that is wrong. `key` makes what a row is known by, of trade name and
    indication. A row that `shows` no trace of two periods of that clause looks stale.
    """

    languages: tuple[Language, ...]
    read: Callable[[str, date, Path | None], Captured]
    key: Callable[[str, str], str]
    shows: Clause
    series: Series


@dataclass(frozen=True)
class Contest:
    """How the applicant contests the opinion of a body, so that it is looked at again.

    `notice` is the clause of the time to give notice and `grounds` that of the time to say why, both from the
    receipt of the opinion; `again` is that of the time of the body, from the receipt of the grounds. Only an
    opinion that was given is contested, and only once; the silence of a body is none.
    """

    notice: Clause
    grounds: Clause
    again: Clause

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The three clauses, in their order."""
        return self.notice, self.grounds, self.again


@dataclass(frozen=True)
class Returned:
    """By whom the opinion of a body is sent back to be looked at again, and by which clause.

    Once the turn of `by` has come, and until it is decided, as often as there is reason. `again` is the
    clause of the time to look at it; where no text gives one it says in words what is done.
    """

    by: Body
    again: Clause


@dataclass(frozen=True)
class Examination:
    """What the examination of one kind of dossier holds.

    `stages` follow each other in that order, each once; a stage finds its clause under its own name, such as
    `admissibility`. Where the decision is the only one, its limit runs from receipt. `completion` is the
    clause of the limit to complete and `decision` that of the limit to decide, which runs from the decision
    that it is admissible, or after the stage of the opinions from the last of them; `admissible_if` are the
    words of the conditions of admissibility: one that is not met is named. `opinions` are the bodies that are
    heard, each with the clause of its limit, and `questions` those that may put questions to the applicant,
    each with the clause of the longest time to answer; nothing is granted without a favourable opinion of
    those that are `binding`. `clauses` are all that it uses beside these and the contribution. `series`
    numbers its dossiers. A dossier that `opens_life` becomes a programme when it is granted; one that
    `changes_subject` then changes that of its programme, and one that `changes_applicant` hands the programme
    over to whoever filed it. `hearings` name the ways in which bodies are
    heard, where a person says which one applies. Questions stop the limit of a body for the days that it
    sets, or, with `stops_until_answered`, until the answers come. A body of `follows` is heard once the other
    one has spoken: its limit runs from the day of that. The opinion of a body of `contests` may be contested:
    while it is looked at again nothing is decided, and whoever follows that body is heard anew after it. So
    it is with that of a body of `sends_back`, which another body sends back. `competences` say who decides
    on it, where that is not whoever decides on the others.

    Raises: UnknownClause where a stage or the contribution would not find what it asks for, a body would have
        no stage, or a body would ask, be contested, send back or be sent back that is not heard.
    """

    article: str
    stages: tuple[Stage, ...]
    outcomes: tuple[Ruling, ...]
    decision: Clause
    clauses: tuple[Clause, ...]
    series: Series
    opinions: Mapping[Body, Clause] = field(default_factory=dict)
    questions: Mapping[Body, Clause] = field(default_factory=dict)
    binding: tuple[Body, ...] = ()
    contribution: Clause | None = None
    completion: Clause | None = None
    admissible_if: tuple[str, ...] = ()
    opens_life: bool = False
    changes_subject: bool = False
    changes_applicant: bool = False
    hearings: Mapping[str, tuple[Body, ...]] = field(default_factory=dict)
    follows: Mapping[Body, Body] = field(default_factory=dict)
    stops_until_answered: bool = False
    contests: Mapping[Body, Contest] = field(default_factory=dict)
    sends_back: Mapping[Body, Returned] = field(default_factory=dict)
    competences: tuple[Competence, ...] = ()
    decides_after: Stage = Stage.ADMISSIBILITY

    def __post_init__(self) -> None:
        """Holds the stages against what they need, before any dossier is filed."""
        stages = {*self.stages}
        checked = (*self.stages[:1], *self.stages[-1:]) == (Stage.ADMISSIBILITY, Stage.DECISION)
        alone = self.stages == (Stage.DECISION,)
        if not (checked or alone) or len(stages & ASKS.keys()) < len(self.stages):
            raise UnknownClause("law.no-such-order", article=self.article, stages=", ".join(self.stages))
        lacks: set[str] = {*self.asks} - {clause.id for clause in self.clauses}
        lacks |= {"completion"} if Stage.ADMISSIBILITY in stages and not self.completion else set()
        lacks |= {Stage.OPINIONS} - stages if self.opinions else set()
        lacks |= {self.decides_after} - stages if self.decides_after is Stage.OPINIONS else set()
        lacks |= {*self.binding} - {*self.opinions}
        lacks |= {body.value for body in (*self.questions, *self.contests) if body not in self.opinions}
        senders = ((body, one.by) for body, one in self.sends_back.items())
        lacks |= {b.value for pair in senders for b in pair if b not in self.opinions}
        lacks |= {b.value for pair in self.follows.items() for b in pair if b not in self.opinions}
        if lacks:
            raise UnknownClause("law.examination-lacks", article=self.article, lacks=", ".join(sorted(lacks)))

    @property
    def asks(self) -> tuple[str, ...]:
        """The clauses that its stages and its contribution find under names of their own."""
        staged = dict.fromkeys(clause for stage in self.stages for clause in ASKS[stage])
        return (*staged, *(BILLED_BY if self.contribution else ()))

    @property
    def uses(self) -> tuple[Clause, ...]:
        """Every clause of it, contribution apart."""
        in_words = (one.again for one in self.sends_back.values())
        return tuple(dict.fromkeys((*self.clauses, *self.limits, *in_words)))

    @property
    def limits(self) -> tuple[Clause, ...]:
        """The limits that it names itself: of completion, decision, each body, answers, and contesting."""
        completion = (self.completion,) if self.completion else ()
        contests = (clause for one in self.contests.values() for clause in one.clauses)
        return (*completion, self.decision, *self.opinions.values(), *self.questions.values(), *contests)


@dataclass(frozen=True)
class Life:
    """What a programme owes and may meet while it lives.

    `clauses` are all that it uses; `states` are what it is called, however it goes on; `copies_to` have a
    copy of each letter that tells that it is halted, ended or goes on again; `obligations` are what it owes,
    in the order in which that is told. Where `into_force` says nothing, it is in force once it is decided.
    `outcomes` are those that an evaluation by the authority may have.
    `publication` is the clause of the time in which what becomes of it is published, where there is one, and
    `completed` that of the time in which what was published gets the languages that it lacks;
    `facts` are what happens outside and what that does to it, and `counts` what is counted and reported of
    it; `valid_for` is the clause of how long it is valid by law, where a decision says no last day. A dossier
    of the kind `renewed_by` keeps it valid beyond its last day, until it is decided, if it was filed so long
    before as the clause `renewed_ahead` says.

    Raises: UnknownClause where what is owed, a last day or an act of the authority rests on a clause that it
        lacks, an interval does not recur, or it is not said what it is called however it goes on.
    """

    article: str
    clauses: tuple[Clause, ...]
    states: Mapping[Course, State]
    copies_to: tuple[Role, ...] = ()
    obligations: tuple[Owed, ...] = ()
    into_force: IntoForce | None = None
    outcomes: tuple[Ruling, ...] = ()
    publication: str = ""
    completed: str = ""
    facts: tuple[Fact, ...] = ()
    counts: tuple[Counted, ...] = ()
    valid_for: str = ""
    renewed_by: str = ""
    renewed_ahead: str = ""

    def __post_init__(self) -> None:
        """Holds what is owed against the clauses, before any programme lives."""
        held = {clause.id: clause for clause in self.clauses}
        lacks: set[str] = {*self.asks} - held.keys()
        recurring = {clause for owed in self.obligations for clause in owed.recurring}
        lacks |= {clause for clause in recurring if clause in held and not held[clause].recurs}
        lacks |= {course.value for course in Course if course not in self.states}
        proposes = {fact.name for fact in self.facts if fact.does is Effect.PROPOSES}
        lacks |= {owed.on_request for owed in self.obligations if owed.on_request and not owed.every}
        lacks |= {counted.proposes for counted in self.counts} - proposes
        if lacks:
            raise UnknownClause("law.life-lacks", article=self.article, lacks=", ".join(sorted(lacks)))

    @property
    def asks(self) -> tuple[str, ...]:
        """The clauses that every life finds under names of their own, and those of what is owed."""
        facts = (clause for fact in self.facts for clause in (fact.clause, fact.takes) if clause)
        named = (self.into_force.clause if self.into_force else "", self.publication, self.completed, *facts)
        named = (*named, self.valid_for, self.renewed_ahead, *(counted.clause for counted in self.counts))
        return (
            *LIVES_BY,
            *filter(None, named),
            *(clause for owed in self.obligations for clause in owed.clauses),
        )

    @property
    def called(self) -> tuple[State, ...]:
        """Every state that it may be in."""
        return (*([self.into_force.state] if self.into_force else []), *self.states.values())

    @property
    def uses(self) -> tuple[Clause, ...]:
        """Every clause of it."""
        return self.clauses


@dataclass(frozen=True)
class Publicity:
    """What the public sees of the programmes of a procedure: a register with a site of its own.

    `name` is its folder among the sites; `words` is a folder with the words of its own, `<language>.toml`.
    `columns` are the parts of the subject that it shows, the title first, and HOLDER where it shows whose it
    is; `translated` is the one of them that is told in several languages, if any. In the languages `required`
    that part, what a decision states and the summary for publication must be published; the clause `gap` says
    what becomes of a programme that lacks one. In those `available` they must be there for whoever speaks
    them: the programme does not wait. With `conditions` the public is told what is owed under its decisions,
    each with its day, until it is done.
    """

    name: str
    words: Path
    columns: tuple[str, ...]
    translated: str = ""
    required: tuple[Language, ...] = ()
    available: tuple[Language, ...] = ()
    gap: Clause | None = None
    conditions: bool = False

    @property
    def asked(self) -> tuple[Language, ...]:
        """Every language in which a text is asked for."""
        return (*self.required, *self.available)


@dataclass(frozen=True)
class Authority:
    """Who carries a procedure out, as an installation that says nothing of it writes: to try it, and no more.

    `addresses` are those of its offices, `language` that of letters to them when there is no better one and
    `languages` say otherwise for some; `telephone` is that of the desk: in production one as shipped is none,
    and nothing is sent.
    """

    name: Mapping[Language, str]
    addresses: Mapping[Role, str]
    language: Language
    telephone: str
    languages: Mapping[Role, Language] = field(default_factory=dict)


@dataclass(frozen=True)
class Procedure:
    """A procedure as laid down by law.

    `code` begins its numbers. `examinations` are the kinds of dossier that can be filed; a procedure without
    any only has programmes that were taken over. `stated_by` are the codes of procedures whose dossiers may
    be filed under its programmes, beside its own. `intake` is how they come in; `public` the register in
    which its programmes are published, which procedures may share: without one nothing of it ever is; `page`
    the authority's own page, from which its programmes were taken over. `competences` say who decides for the
    authority: where there are any, each of its acts names one. `elements` is what a decision states that
    opens a life; the one that is called `duration` is its last day. `roles` says what people of the office
    may do by their role, `by_two` what takes two of them.

    Raises: UnknownClause where a decision may carry conditions and the life owes nothing by a decision, and
        where an invoice may live on in a life that lacks its clauses.
    """

    code: str
    name: str
    jurisdiction: Jurisdiction
    authority: Authority
    life: Life
    intake: Intake
    examinations: Mapping[Kind, Examination] = field(default_factory=dict)
    stated_by: tuple[str, ...] = ()
    competences: tuple[Competence, ...] = ()
    elements: tuple[str, ...] = ()
    public: Publicity | None = None
    page: AuthorityPage | None = None
    roles: Roles = field(default_factory=lambda: ROLES)
    by_two: ByTwo = field(default_factory=lambda: BY_TWO)

    def __post_init__(self) -> None:
        """Holds what may be decided against the life in which it takes effect."""
        ends = (*self.life.outcomes, *(r for e in self.examinations.values() for r in e.outcomes))
        if any(ruling.with_conditions for ruling in ends) and all(
            owed.every for owed in self.life.obligations
        ):
            raise UnknownClause("law.life-lacks", article=self.life.article, lacks="condition")
        if lacks := sorted({*self.carries_on} - {clause.id for clause in self.life.clauses}):
            raise UnknownClause("law.life-lacks", article=self.life.article, lacks=", ".join(lacks))

    def competent_for(self, examination: Examination | None) -> tuple[Competence, ...]:
        """Who decides on a dossier of a kind, or on what was authorised."""
        return (examination.competences if examination else ()) or self.competences

    @property
    def every_competence(self) -> tuple[Competence, ...]:
        """All of them, those of its kinds of dossier too."""
        own = (one for examination in self.examinations.values() for one in examination.competences)
        return tuple(dict.fromkeys((*self.competences, *own)))

    @property
    def carries_on(self) -> tuple[str, ...]:
        """The clauses of an invoice that the life takes over from the dossier that opened it."""
        opening = (examination for examination in self.examinations.values() if examination.opens_life)
        return BILLED_BY if any(examination.contribution for examination in opening) else ()


@dataclass(frozen=True)
class Folder:
    """A folder of procedures that share one law book: each `procedure.py` holds one as `FOLDER`.

    `links` are what programmes of one procedure tell those of another, by their codes: one of a folder that
    is not there is told nothing, and tells nothing. `closing_days`: some text has closing days of the
    authority count in it, so that they can be entered.
    """

    procedures: tuple[Procedure, ...]
    clauses: tuple[Clause, ...]
    links: tuple[Link, ...] = ()
    closing_days: bool = False

    def __post_init__(self) -> None:
        """Holds what cases will carry against the clauses. Raises: UnknownClause naming those it lacks."""
        held = {clause.id for clause in self.clauses}
        uses: set[str] = set()
        for known in self.procedures:
            uses |= {clause.id for clause in known.life.uses}
            uses |= {competence.clause for competence in known.every_competence}
            for examination in known.examinations.values():
                uses |= {clause.id for clause in examination.uses}
                uses |= {examination.contribution.id} if examination.contribution else set()
        if lacks := sorted(uses - held):
            raise UnknownClause("law.folder-lacks", clauses=lacks)

    @property
    def bills(self) -> bool:
        """Some dossier of it owes a contribution, so that its authority writes invoices."""
        examinations = (known.examinations.values() for known in self.procedures)
        return any(examination.contribution for of_one in examinations for examination in of_one)
