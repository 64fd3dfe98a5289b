"""The law of one file on one day, put together once and carried in that file's input.

The register keeps the law whole, by its hash. A case carries it in brief: what counts and decides, with the
hash of the words that were left out, so that the law in brief and the whole one have the same hash. Long
because it is the one model of all that applies to a file, and each question to it is one short property.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from pydantic import Field

from models.clock import Calendar, Clock, ClosingDay, Limit, SecondReading, Unit, add_months, anniversary
from models.decision import WITHOUT_MERITS, Competence, Outcome, Ruling
from models.errors import BeyondHorizon, NoRuleInForce, UnknownClause
from models.interest import Terms
from models.law.arrival import Arrival, Start
from models.law.beside import LINKED
from models.law.clause import Applied
from models.law.counted import Counted
from models.law.degree import Degree, least
from models.law.owed import Owed
from models.law.re_examination import ReExamination, SendingBack
from models.law.silence import AFTER_NOTICE, TO_ANSWER, TO_CONTEST, SilencePolicy, possible_in
from models.law.states import Effect, Fact, IntoForce, State
from models.parties import Body, Channel, Language, Role
from models.phases import Course, Phase, Stage
from models.travelling import Travelling

WAITING = {
    "admissibility": Phase.ADMISSIBILITY,
    "late-recording": Phase.COMPLETION,
}
"""The phase that waits for the limit of each of these clauses, beside those that the law itself names."""

DAYS = (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)
"""What a body sets for answers."""

LONGEST = 5
"""Years that a limit may last at most; a calendar reaches further, so that stops find room in it."""


class Change(Travelling, frozen=True):
    """A change of law or calendar that reached a case: the hash of the law before it, and what it changes."""

    of: str
    applied: tuple[Applied, ...] = ()
    closing: ClosingDay | None = None


class Law(Travelling, frozen=True):
    """What applies to one file: its clauses, who gives an opinion, how it may end, what is owed, its days.

    `book` is the name of the law book that its clauses stand in; `admissible_if` are the conditions of
    admissibility, where it knows some, and `completion` is the clause of the limit to complete; `opinions`
    are the bodies that are heard, each with the clause of its limit, and `questions` those of them that may
    put questions to the applicant, each with the clause of the longest time to answer; nothing is granted
    without a favourable opinion of those in `binding`. `decision` is the clause of the limit to decide,
    which runs from the stage `decides_after`, and `formal_notice` that of the fallback where no rule says
    what silence means.
    `obligations` are what a programme owes; `competences` say who decides.
    `outcomes` are those that a decision may have; `elements` what one that opens a life states, and
    `published_in` the languages in which that must be published. A dossier
    that `opens_life` and is granted becomes a programme; one that `changes_subject` and is granted gives its
    programme the subject that it names, and one that `changes_applicant` hands it over to whoever filed it.
    `states` are what a programme is called, however its life goes on, and `into_force` what brings it into
    force, where that takes more than the decision; `publication` is the clause of the time to publish, and
    `facts` are what a person may record, and `counted` the numbers that are measured. `hearings` say which
    bodies are heard, where that depends on what the desk says of the dossier. `copies_to` have a copy of
    each letter that tells that it is halted, ended or goes on again. `remedies` are the clauses of the remedy
    against an individual act.
    `valid_for` is the clause of how long a programme is valid by law, where its decision says no last day. A
    dossier of the kind `renewed_by`, filed so long before the last day as the clause `renewed_ahead` says,
    keeps a programme valid until it is decided. A body of `follows` is heard once the other one has spoken.
    Questions stop the limit of a body for the days that it sets, or until answers come. The opinion of a body
    of `contests` may be contested, within the times of three clauses; that of a body of `sends_back` is sent
    back by another body.
    `stated_by` are the procedures one of which a person says a programme follows that was taken over.
    `words` is the hash of all that it says in words and that a case does not carry.
    """

    procedure: str
    book: str
    article: str
    on: date
    clauses: dict[str, Applied]
    contribution: Applied | None = None
    contribution_gap: str = ""
    admissible_if: tuple[str, ...] = ()
    completion: str = ""
    opinions: dict[Body, str] = Field(default_factory=dict)
    binding: tuple[Body, ...] = ()
    follows: dict[Body, Body] = Field(default_factory=dict)
    stops_until_answered: bool = False
    questions: dict[Body, str] = Field(default_factory=dict)
    contests: dict[Body, ReExamination] = Field(default_factory=dict)
    sends_back: dict[Body, SendingBack] = Field(default_factory=dict)
    decision: str = ""
    decides_after: Stage = Stage.ADMISSIBILITY
    formal_notice: str = ""
    hearings: dict[str, tuple[Body, ...]] = Field(default_factory=dict)
    outcomes: tuple[Ruling, ...] = ()
    elements: tuple[str, ...] = ()
    valid_for: str = ""
    renewed_by: str = ""
    renewed_ahead: str = ""
    published_in: tuple[Language, ...] = ()
    opens_life: bool = False
    changes_subject: bool = False
    changes_applicant: bool = False
    states: dict[Course, State] = Field(default_factory=dict)
    into_force: IntoForce | None = None
    publication: str = ""
    facts: tuple[Fact, ...] = ()
    counted: tuple[Counted, ...] = ()
    copies_to: tuple[Role, ...] = ()
    stated_by: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    obligations: tuple[Owed, ...] = ()
    competences: tuple[Competence, ...] = ()
    remedies: tuple[str, ...]
    calendar: Calendar
    arrivals: tuple[Arrival, ...] = ()
    words: str = ""
    digest: str = ""

    def brief(self) -> Law:
        """The law as a case carries it; of the same hash."""
        return self.model_copy(
            update={
                "clauses": {clause: applied.brief() for clause, applied in self.clauses.items()},
                "contribution": self.contribution.brief() if self.contribution else None,
                "calendar": self.calendar.brief(),
                "arrivals": tuple(arrival.brief() for arrival in self.arrivals),
            }
        )

    def _applied(self, clause: str) -> Applied:
        if clause not in self.clauses:
            raise UnknownClause("law.not-in-the-file", clause=clause)
        return self.clauses[clause]

    def ruling(self, outcome: Outcome) -> Ruling:
        """What an outcome means. Raises: UnknownClause."""
        for ruling in (*self.outcomes, *WITHOUT_MERITS):
            if ruling.outcome == outcome:
                return ruling
        raise UnknownClause("law.no-such-outcome", outcome=outcome.value)

    def competent(
        self, admits: bool, evaluates: bool = False, rejects: bool = False, asks: bool = False
    ) -> tuple[Competence, ...]:
        """Who may decide on admissibility, or on everything else; nobody where the law names none.

        `evaluates`: an evaluation that changes nothing, which those may make, too, who do no more. `rejects`:
        that a dossier is not admissible, which only those decide who do no more, where there are any; `asks`
        in the same way: for what is owed on request.
        """
        rejects = rejects and any(one.rejects for one in self.competences)
        asks = asks and any(one.asks for one in self.competences)
        asked = (admits, rejects, asks)
        able = (one for one in self.competences if (one.admits, one.rejects, one.asks) == asked)
        return tuple(one for one in able if evaluates or not one.evaluates)

    def not_in_force(self, outcome: str) -> bool:
        """Whether what an outcome sets up enters into force only by an act of its own."""
        sets_up = any(one.outcome == outcome and one.course for one in self.outcomes)
        return self.opens_life and self.into_force is not None and sets_up

    def limit(self, clause: str) -> Limit:
        """The one limit of a clause. Raises: UnknownClause."""
        return self._applied(clause).limits[0]

    def months(self, clause: str) -> int:
        """The interval of a clause that recurs, in months. Raises: NoRuleInForce when it is none."""
        limit = self.limit(clause)
        months = limit.amount * {Unit.MONTHS: 1, Unit.YEARS: 12}.get(limit.unit, 0)
        if months < 1:
            raise NoRuleInForce("law.too-often", governs=self.governs(clause), clause=clause, limit=limit)
        return months

    @property
    def owed_by_decision(self) -> Owed | None:
        """What is owed by the days that decisions fix."""
        return next((owed for owed in self.obligations if not owed.every), None)

    def fact(self, name: str) -> Fact | None:
        """A fact by its name; nothing where the procedure knows none of that name."""
        return next((fact for fact in self.facts if fact.name == name), None)

    def powers(self, power: str, proposed: Collection[str]) -> tuple[str, ...]:
        """The clauses by which it is suspended or ended: of what was proposed and empowers, else a power."""
        empowers = (fact.clause for fact in self.facts if fact.empowers and fact.name in proposed)
        return tuple(dict.fromkeys(empowers)) or (power,)

    def counts_by(self, name: str) -> Counted | None:
        """What is counted under a name; nothing where the procedure counts nothing of that name."""
        return next((one for one in self.counted if one.name == name), None)

    @property
    def lapses_by(self) -> Fact | None:
        """What a provisional authorisation lapses by, once its programme has ended."""
        return next((fact for fact in self.facts if fact.does is Effect.LAPSES), None)

    def lasts_from(self, day: date) -> date | None:
        """The last day that it gives what is valid by law, counted from a day to the same date."""
        return add_months(day, self.months(self.valid_for)) if self.valid_for else None

    def renewed_before(self, until_on: date) -> date | None:
        """The last day to apply for a renewal in time, counted back from the last day of validity."""
        ahead = self.renewed_ahead and self.months(self.renewed_ahead)
        return add_months(until_on, -ahead) if ahead else None

    def has_limit(self, clause: str) -> bool:
        """Whether a clause gives a time, and not words that say there is none. Raises: UnknownClause."""
        return bool(self._applied(clause).limits)

    def ladder(self, clause: str) -> tuple[Limit, ...]:
        """The steps of a clause that has several. Raises: UnknownClause."""
        return self._applied(clause).limits

    def clock(self, clause: str, started_on: date) -> Clock:
        """A clock of that clause, started. Raises: UnknownClause."""
        return self._applied(clause).clock(started_on, self.digest)

    def clock_to(self, clause: str, started_on: date, due_on: date) -> Clock | None:
        """The clock of a clause when it leads to a day that was told; nothing when it does not."""
        if clause not in self.clauses:
            return None
        clock = self.clock(clause, started_on)
        try:
            return clock if clock.due_on(self.calendar) == due_on else None
        except BeyondHorizon:  # told under a law of years ago
            return None

    def desk(self, clause: str) -> Role:
        """Whose turn it is while the limit runs. Raises: UnknownClause."""
        return self._applied(clause).desk

    def warnings(self, clause: str) -> tuple[Limit, ...]:
        """How long before its end somebody is warned: the longest first. Raises: UnknownClause."""
        return self._applied(clause).warnings

    def silence(self, clause: str) -> SilencePolicy:
        """What it means that the limit passes and nobody has acted. Raises: UnknownClause."""
        return self._applied(clause).silence

    def waiting(self, clause: str) -> Phase | None:
        """The phase that waits for the end of the limit of a clause, where one does."""
        named = dict.fromkeys(self.opinions.values(), Phase.OPINION) | {
            self.completion: Phase.COMPLETION,
            self.decision: Phase.DECISION,
        }
        return (WAITING | named).get(clause)

    def notice_means_something(self, examined: bool) -> bool:
        """Whether no rule says what silence means: of the check of a dossier, or of its decision."""
        return bool(self.formal_notice) and not (examined and self.silence(self.decision).decides)

    @property
    def bills(self) -> bool:
        """Whether a contribution is asked for its dossiers, also where nobody published the amount."""
        return self.contribution is not None or bool(self.contribution_gap)

    @property
    def awaits_opinions(self) -> bool:
        """Whether the limit to decide runs from the last opinion, before which nobody decides."""
        return self.decides_after is Stage.OPINIONS

    def timetable(self, heard: Mapping[Body, str], since: date) -> dict[str, Any]:
        """What is told of the opinions on a dossier of that day, of questions, and of the decision.

        A body that follows another one has no day, but a time after that one has spoken.
        """
        told: dict[str, Any] = {"silence": self.silence(self.decision).value, "billed": self.bills}
        if self.awaits_opinions:
            told["within"] = self._within(self.decision)
        if any(self.follows.get(body) in self.contests for body in heard):
            told["once_final"] = True
        answered = {"until_answered": True} if self.stops_until_answered else {}
        told["answers"] = [
            {"body": body.value, "within": self._within(clause), **answered}
            for body, clause in self.questions.items()
        ]
        told["opinions"] = [
            {
                "body": body.value,
                "silence": self.silence(clause).value,
                **(
                    {"after": self.follows[body].value, "within": self._within(clause)}
                    if self.follows.get(body) in heard
                    else {"due_on": self.clock(clause, since).due_on(self.calendar)}
                ),
            }
            for body, clause in heard.items()
        ]
        return told

    def _within(self, clause: str) -> dict[str, Any]:
        return self.limit(clause).model_dump(mode="json")

    @property
    def contested_within(self) -> tuple[str, ...]:
        """The clauses of the times in which an opinion may be contested, and in which it is said why."""
        return tuple(clause for one in self.contests.values() for clause in (one.notice, one.grounds))

    @property
    def first_limit(self) -> str:
        """The clause of the limit that runs from receipt: of the check, or of a decision without one."""
        return "admissibility" if Stage.ADMISSIBILITY in self.stages else self.decision

    @property
    def announced(self) -> str:
        """The clause of the day by which an announced application is filed; empty where none is awaited."""
        return next(iter(self.ended_by(LINKED)), "")

    def begun_by(self, act: str) -> tuple[str, ...]:
        """The clauses of the limits that no phase waits for and that an act begins, as entries name it."""
        return tuple(c for c, one in self.clauses.items() if one.beside and act in one.beside.since)

    def ended_by(self, act: str) -> tuple[str, ...]:
        """The clauses of the limits that no phase waits for and that an act ends, as entries name it."""
        return tuple(c for c, one in self.clauses.items() if one.beside and act in one.beside.until)

    def tacit_outcome(self, clause: str) -> Outcome | None:
        """How the examination ends when silence decides; nothing where it cannot end so."""
        granted = [end for end in self.outcomes if end.course is Course.GOES_ON]
        refused = [end for end in self.outcomes if end.refuses]
        ends = {SilencePolicy.GRANTED: granted, SilencePolicy.REFUSED: refused}.get(self.silence(clause), [])
        return next((end.outcome for end in ends if not end.with_conditions), None)

    def can_be_silent(self, clause: str) -> None:
        """Refuses a silence that means what the stage which waits cannot do. Raises: NoRuleInForce."""
        to_answer = clause in self.questions.values()
        silence, able = self.silence(clause), TO_ANSWER if to_answer else possible_in(self.waiting(clause))
        able = TO_CONTEST if clause in self.contested_within else able
        able = AFTER_NOTICE if clause == self.formal_notice else able
        said: dict[str, Any] = {"governs": self.governs(clause), "clause": clause, "silence": silence.value}
        if silence not in able:
            raise NoRuleInForce("law.silence-not-possible", able=[one.value for one in able], **said)
        refused = clause == self.formal_notice and self.into_force  # not an outcome: what it enters into
        if silence.decides and not refused and self.tacit_outcome(clause) is None:
            outcomes = [end.outcome.value for end in self.outcomes]
            raise NoRuleInForce("law.cannot-end-tacitly", outcomes=outcomes, **said)

    def starts_on_receipt(self, clause: str, letter: str, role: Role) -> bool:
        """Whether the limit starts when that letter is received. Raises: UnknownClause."""
        applied = self._applied(clause)
        return (applied.receipt_of, applied.desk) == (letter, role)

    def awaits(self, letter: str, role: Role) -> bool:
        """Whether a limit starts when that letter is sent or received, or ends when it has left."""
        asked = (sent for one in self.clauses.values() if one.beside for sent in one.beside.sent)
        starts = (self.starts_on_receipt, self.starts_on_sending)
        return any(begins(clause, letter, role) for clause in self.clauses for begins in starts) or any(
            letter in sent.letters and sent.role == role for sent in asked
        )

    def starts_on_sending(self, clause: str, letter: str, role: Role) -> bool:
        """Whether the limit starts when that letter is sent. Raises: UnknownClause."""
        applied = self._applied(clause)
        return (applied.sending_of, applied.desk) == (letter, role)

    def start(
        self, channel: Channel, left_on: date, presented_on: date | None, received_on: date | None
    ) -> Start:
        """From which day a limit runs whose letter went by a channel; a day that was proven always counts."""
        if received_on:
            return Start(received_on)
        for arrival in self.arrivals:
            if arrival.channel == channel:
                return arrival.start(left_on, presented_on, self.calendar)
        return Start(presented_on or left_on, proven=False)

    def runs_from_sending(self, clause: str) -> bool:
        """Whether the limit runs from the sending of a letter. Raises: UnknownClause."""
        return bool(self._applied(clause).sending_of)

    def sent(self, channel: Channel, left_on: date) -> Start:
        """From which day a limit runs from the sending of a letter that left on a day by a channel."""
        rule = next((arrival for arrival in self.arrivals if arrival.channel == channel), None)
        return Start(rule.sent(left_on, self.calendar) if rule else left_on)

    def second_reading(self, clause: str, channel: Channel | None) -> SecondReading | None:
        """The other reading that the clause has of its start by a channel, and of its end.

        Without a channel the day of the start is proven. Raises: UnknownClause.
        """
        second = self._applied(clause).second
        return second and second.by(channel.value if channel else None)

    def has_two_readings(self, clause: str) -> bool:
        """Whether the clause itself says when it starts, in two readings. Raises: UnknownClause."""
        second = self._applied(clause).second
        return second is not None and second.after is not None

    def since(self, clause: str) -> date:
        """From which day on the value of a clause applies; no day to come where it does not know it."""
        return self.clauses[clause].from_on if clause in self.clauses else date.max

    def article_of(self, clause: str) -> str:
        """The article of a clause, in words; none in the law in brief. Raises: UnknownClause."""
        return self._applied(clause).article

    def governs(self, clause: str) -> str:
        """What a clause governs, in words; its id in the law in brief. Raises: UnknownClause."""
        return self._applied(clause).governs or clause

    def text(self, clause: str) -> str:
        """The words of a clause; none where the law of this file has no such clause."""
        return self.clauses[clause].text if clause in self.clauses else ""

    @property
    def conditions(self) -> tuple[str, ...]:
        """The clauses that say in words by which conditions is decided.

        What confers a capacity is apart, and so is what a fact does without a decision, what is counted, or
        how an opinion is sent back.
        """
        apart = {one.clause for one in self.competences} | {fact.clause for fact in self.facts}
        apart |= {one.again for one in self.sends_back.values()} | {one.clause for one in self.counted}
        return tuple(
            clause
            for clause, applied in self.clauses.items()
            if not applied.limits and applied.cents is None and not applied.chosen and clause not in apart
        )

    def degree(self, *clauses: str) -> Degree | None:
        """The degree of truth of what rests on these clauses: the least of theirs. Raises: UnknownClause."""
        return least(self._applied(clause).degree for clause in clauses)

    def unconfirmed(self, *clauses: str) -> dict[str, Degree]:
        """Which of these clauses no person has confirmed, each with its degree. Raises: UnknownClause."""
        degrees = {clause: self._applied(clause).degree for clause in clauses}
        return {c: degree for c, degree in degrees.items() if degree is not Degree.CONFIRMED}

    @property
    def every_unconfirmed(self) -> dict[str, Degree]:
        """What no person has confirmed of all that it carries, the rules of arrival included."""
        arrivals = {arrival.clause: arrival.degree for arrival in self.arrivals}
        arrivals = {c: degree for c, degree in arrivals.items() if degree is not Degree.CONFIRMED}
        return {**self.unconfirmed(*self.clauses), **arrivals}

    @property
    def interest(self) -> Terms:
        """What a month of a debt costs. Raises: UnknownClause."""
        cents = [
            self._applied(clause).cents or 0 for clause in ("interest", "interest-step", "interest-floor")
        ]
        return Terms(a_step=cents[0], step=cents[1], floor=cents[2])

    def countable(self, clause: str, on: date) -> None:
        """Refuses a value that no case could count from a day. Raises: NoRuleInForce, BeyondHorizon."""
        applied = self._applied(clause)
        self.set_in_days(clause)
        if applied.recurs:
            self.months(clause)
        elif len(applied.limits) == 1:
            ends = applied.clock(on).due_on(self.calendar)
            if ends is None or ends > anniversary(on, LONGEST):
                raise BeyondHorizon(
                    "law.beyond-all-years",
                    governs=self.governs(clause),
                    clause=clause,
                    limit=applied.limits[0],
                    years=LONGEST,
                )

    def set_in_days(self, clause: str) -> None:
        """Refuses another unit than days where a body sets how many it gives. Raises: NoRuleInForce."""
        if clause in self.questions.values() and self.limit(clause).unit not in DAYS:
            raise NoRuleInForce(
                "law.answers-in-days", governs=self.governs(clause), clause=clause, limit=self.limit(clause)
            )

    def after(self, stage: Stage) -> Stage:
        """The stage that this law has follow; the first one once a dossier was received."""
        order = (Stage.RECEIVED, *self.stages)
        return order[order.index(stage) + 1]

    def trying(self, applied: Applied) -> Law:
        """The law with one clause as it is tried: no case is told of it, so it has no hash of its own."""
        return self.model_copy(update={"clauses": {**self.clauses, applied.clause: applied}})

    def revised(self, *applied: Applied, closing: ClosingDay | None = None) -> Law:
        """The law after an explicit change of clauses, or of the calendar; with a hash of its own."""
        said = [part.model_dump(mode="json") for part in (*applied, closing) if part]
        return _sealed(
            self.model_copy(
                update={
                    "clauses": {**self.clauses, **{one.clause: one for one in applied}},
                    "calendar": self.calendar.closed_also((closing,)) if closing else self.calendar,
                    "words": _hash([self.words, said]),
                }
            )
        )

    def changed(self, change: Change) -> Law:
        """The law after a change; the same one from the law in brief and from the whole one."""
        return self.revised(*change.applied, closing=change.closing)


def cites(law: str, clause: str = "") -> dict[str, str]:
    """How a fact names an article: by the hash of the law and the clause; the register keeps the words.

    Without a clause it names the closing days of that law, with their reasons.
    """
    return {"law": law, "clause": clause}


def sealed(law: Law) -> Law:
    """A law just put together, under the hash of what it says.

    Raises: NoRuleInForce where what recurs does not come round in months, or silence means what the stage
    that waits cannot do.
    """
    for clause, applied in law.clauses.items():  # refused here, not in the middle of a case
        law.can_be_silent(clause)
        if applied.recurs:
            law.months(clause)
    said = {
        clause: [
            applied.article,
            applied.reading,
            applied.text,
            applied.says,
            applied.second.says if applied.second else "",
        ]
        for clause, applied in law.clauses.items()
    }
    closed = [closing.model_dump(mode="json") for closing in law.calendar.closing_days]
    arrivals = [[arrival.article, arrival.reading] for arrival in law.arrivals]
    return _sealed(law.model_copy(update={"words": _hash([said, closed, arrivals])}))


def _sealed(law: Law) -> Law:
    """The law under the hash of what it says in brief, which holds the hash of its words."""
    return law.model_copy(update={"digest": _hash(law.brief().model_dump(mode="json", exclude={"digest"}))})


def _hash(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
