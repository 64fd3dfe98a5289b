"""A letter that was never made, put together from the register.

It takes what the case is today, and its own days are today. What the register does not say is asked for,
and never guessed. Long because what the register knows for each kind of letter stands in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from activities.invoice_pages import INVOICED
from models.clock import Clock
from models.dossier import CreditNote, Invoice
from models.eligibility import Verdict
from models.entry import Letter, LetterBatch, LetterKind
from models.errors import InputRefused
from models.law.applicable import Law
from models.law.owed import Missed, Owed
from models.law.silence import SilencePolicy
from models.letters import Counted
from models.objection import OBJECTING
from models.parties import TO_PARTIES, Body, Party, Role
from models.phases import Course
from office.desk.examining import checklist, standing_findings
from office.letters.notified import remedy, signatory
from procedures.registry import bodies, procedure, roles, told
from procedures.registry import letters as letters_of
from register import letters, parties
from register.case import Case, Line
from register.reading import questions
from register.views import laws

TO_THE_PAYER = (*INVOICED, LetterKind.INVOICE_REMINDER)

OF_ANY_CLOCK = (LetterKind.LIMIT_WARNING, LetterKind.DATE_MOVED)
"""Letters on a limit, to whoever has to act while it runs."""

OF_THE_EXAMINATION = (
    LetterKind.ACKNOWLEDGEMENT,
    LetterKind.INCOMPLETE,
    LetterKind.INADMISSIBLE,
    LetterKind.ADMISSIBLE,
    LetterKind.INVOICE,
    LetterKind.OPINION_REQUEST,
    LetterKind.OPINION_TOLD,
    LetterKind.OPINION_SENT_BACK,
    LetterKind.COMPLETED_IN_TIME,
    LetterKind.QUESTIONS,
    LetterKind.LIMIT_PASSED,
    LetterKind.CONFLICT,
    LetterKind.LATE_OPINION,
    LetterKind.DECISION,
    LetterKind.PUBLICATION,
    LetterKind.WITHDRAWAL,
    LetterKind.WITHOUT_OBJECT,
)
"""Letters under the law of a dossier, also when it has become a programme since."""

TO_A_BODY = (LetterKind.OPINION_REQUEST, LetterKind.OPINION_SENT_BACK)
"""Letters to the body that they name."""

RESTS_ON: Mapping[LetterKind, tuple[str, ...]] = {
    LetterKind.ACKNOWLEDGEMENT: ("admissibility",),
    LetterKind.INVOICE_REMINDER: ("payment", "interest"),
    LetterKind.COMPLETED_IN_TIME: ("admissibility",),
    LetterKind.QUESTIONS: ("answers",),
    LetterKind.SUSPENSION: ("power-to-suspend",),
    LetterKind.SUSPENSION_LIFTED: ("power-to-suspend",),
    LetterKind.CLOSED_TO_NEW_PATIENTS: ("power-to-close",),
    LetterKind.CLOSURE: ("power-to-close",),
    LetterKind.VALIDITY_ENDS: ("validity-warnings",),
}
"""The clauses behind a letter, as the procedure names them; a story compares them with what was sent."""

ON_ADMISSIBILITY = (LetterKind.ADMISSIBLE, LetterKind.INADMISSIBLE)
"""Letters of acts that whoever admits dossiers takes."""

NOT_COUNTED = (
    LetterKind.INVOICE_REMINDER,
    LetterKind.CHANGE_PROPOSED,
    LetterKind.REQUESTED_REPORT_OVERDUE,
)
"""Letters on a day that has passed: how it was counted was told before it did."""

_OWN_DAYS = ("on", "decided_on", "effective_on", "admissible_on", "answered_on", "withdrawn_on")
"""Days that are the entry's own, when it says no other."""


@dataclass(frozen=True)
class ToCome:
    """A letter as it was put together. `known`: whether the register knows how its party is reached."""

    batch: LetterBatch
    known: bool


def roles_of(code: str, kind: LetterKind) -> tuple[Role, ...]:
    """In which roles a letter of a procedure is written to; the first one where nothing says another."""
    if kind in TO_A_BODY:
        return tuple(body.role for body in bodies(code))
    if letters_of(code)[kind].to_offices:
        return told(code, kind.value) or (Role.DESK,)
    if kind in TO_THE_PAYER:
        return (Role.INVOICE_ADDRESSEE,)
    payer = () if kind in OF_ANY_CLOCK else (Role.INVOICE_ADDRESSEE,)
    return tuple(role for role in roles(code) if role not in payer)


def put_together(
    url: str,
    found: Case,
    kind: LetterKind,
    role: Role | None,
    given: Mapping[str, Any],
    today: date,
) -> ToCome:
    """The letter, with what is given before what the register says.

    Raises: InputRefused for a role that such a letter is not written to in, and for a letter on an invoice
    or credit note that is not there.
    """
    line, law = found.entries[-1], _law(url, found, kind)
    invoice, note = _invoice(found, kind), _credit_note(url, found, kind)
    role = _role(kind, role, given, law)
    known, owed = _known(found, kind, role, today), _owed(kind, law)
    if owed and owed.every and kind == owed.due_letter:
        known |= _next_of(owed, line)
    if note:
        known["reason"] = note.reason
    if kind == LetterKind.INVOICE and invoice:
        known |= _of_invoice(found, law, invoice)
    if kind == LetterKind.ACKNOWLEDGEMENT:
        known["billed"] = law.bills
    if kind == LetterKind.QUESTIONS:
        known["until_answered"] = law.stops_until_answered
    if kind == LetterKind.INCOMPLETE:
        known["forfeits"] = law.silence(law.completion) is SilencePolicy.FORFEITED
    if kind == LetterKind.DECISION:
        known["not_in_force"] = law.not_in_force(str(given.get("outcome")))
        known["valid_for"] = _valid_by_law(law, given)
    if kind == LetterKind.ADMISSIBLE:
        known |= law.timetable(law.opinions, _day({**known, **given}, "admissible_on"))
    states, confers = letters_of(found.state.procedure)[kind].model_fields, ""
    if "signatory" in states and law.competences and not {"silent_until", "valid_until"} & given.keys():
        may = law.competent(kind in ON_ADMISSIBILITY, rejects=kind == LetterKind.INADMISSIBLE)
        signed, given = signatory(may, law, given)
        confers = next((one.clause for one in may if one.capacity.value == signed["capacity"]), "")
        known["signatory"] = signed
    known = {name: value for name, value in known.items() if name in states and value is not None}
    facts: dict[str, Any] = {**known, **given}
    clauses = _clauses(kind, role, facts, found, law)
    of_holder = facts.get("requested_by") == "applicant"
    if "powers" in states and not {"valid_until", "fact"} & facts.keys() and not of_holder:
        proposed = {name.partition(":")[2] for name in found.state.flags if name.startswith("end-proposed:")}
        clauses = tuple(c for power in clauses for c in law.powers(power, proposed))
        facts.setdefault("powers", [law.article_of(clause) for clause in clauses])
    if "remedies" in states and "valid_until" not in facts:
        clauses = tuple(dict.fromkeys(filter(None, (*clauses, confers, *law.remedies))))
        remedies = {clause: remedy(law, clause) for clause in law.remedies}
        decides = kind != LetterKind.DECISION or _contestable(law, facts)
        facts.setdefault("remedies", remedies if decides else {})
    day = "due_as_it_stands" if kind == LetterKind.CONFLICT else "due_on"
    if day in states and len(running := _running(clauses, line)) == 1:
        facts.setdefault(day, running[0]["due_on"])
    late = owed is not None and kind == owed.late_letter
    if not late and kind not in NOT_COUNTED and "reckonings" not in facts:
        term = invoice if kind == LetterKind.INVOICE else None
        if counted := _counted(url, facts, day, term, clauses, line, law, today):
            facts["reckonings"] = counted
    applicant, payer, sure = parties_of(url, found)
    return ToCome(
        LetterBatch(
            number=found.state.number,
            entry=found.state.entry + 1,
            on=today,
            procedure=found.state.procedure,
            applicant=applicant,
            invoice_addressee=payer,
            subject=found.state.about,
            yours=str(found.entries[0].facts.get("cesp_number", "")),
            article=law.article,
            invoice=invoice,
            credit_note=note,
            letters=(Letter(kind=kind, role=role, facts=facts, unconfirmed=law.unconfirmed(*clauses)),),
        ),
        known=sure or role not in TO_PARTIES,
    )


def _law(url: str, found: Case, kind: LetterKind) -> Law:
    """The law of the letter: that of the case, or of the examination before it for letters of that."""
    newest_first = dict.fromkeys(line.law for line in reversed(found.entries))
    held = laws(url, newest_first)
    carried = [Law.model_validate(held[digest]) for digest in newest_first]
    passed = found.entries[-1].facts.get("clause") if kind == LetterKind.LIMIT_PASSED else None
    published = kind == LetterKind.PUBLICATION and carried[0].into_force  # once in force, under its own law
    of_examination = kind in OF_THE_EXAMINATION or told(found.state.procedure, kind.value)
    if of_examination and not published:
        return next((law for law in carried if passed in law.clauses or law.stages), carried[0])
    return carried[0]


def _role(kind: LetterKind, asked: Role | None, given: Mapping[str, Any], law: Law) -> Role:
    possible = roles_of(law.procedure, kind)
    if asked and asked not in possible:
        raise InputRefused(
            "letter.not-to-that-role",
            letter=kind.value,
            asked=asked.value,
            roles=[role.value for role in possible],
            possible=tuple(role.value for role in possible),
        )
    if kind in TO_A_BODY:
        body = given.get("body")
        if asked and body not in (None, asked.value):
            raise InputRefused("letter.two-bodies", role=asked.value, body=body)
        heard = [one.role for one in law.opinions]
        told = [role for role in (heard if body is None else possible) if body in (None, role.value)]
        if asked is None and len(told) != 1:
            raise InputRefused(
                "letter.which-body",
                roles=possible,
                possible=tuple(role.value for role in possible),
            )
        return asked or told[0]
    if kind in OF_ANY_CLOCK and asked is None and "clause" in given:
        return law.desk(str(given["clause"]))
    return asked or possible[0]


def _known(found: Case, kind: LetterKind, role: Role, today: date) -> dict[str, Any]:
    """What the register knows of what letters state."""
    asks = [finding for finding in standing_findings(found) if finding.mendable]
    kind_filed: str = found.state.kind
    if kind_filed == "programme" and found.entries[0].act == "Received":  # it goes on under its number
        examinations = procedure(found.state.procedure).examinations
        kind_filed = next(opens for opens, examined in examinations.items() if examined.opens_life)
    known: dict[str, Any] = dict.fromkeys(_OWN_DAYS, today)
    known |= {
        "kind": kind_filed,
        "body": role.value,
        "public_list": found.state.public_list,
        "fee_due": bool(found.invoices),
        "rules": [rule for rule in checklist(found) if rule["verdict"] != Verdict.OPEN],
        "findings": [finding.model_dump(mode="json", exclude_defaults=True) for finding in asks],
    }
    if kind == LetterKind.ACKNOWLEDGEMENT:
        known["received_on"] = found.state.opened_on
    if kind == LetterKind.LIMIT_WARNING:
        known["phase"] = found.state.phase
    return known


def _of_invoice(found: Case, law: Law, invoice: Invoice) -> dict[str, Any]:
    """Who says that the amount is this one, and until when its addressee may object."""
    fixed = [line.facts.get("source") for line in found.entries if line.act == "ContributionFixed"]
    return {
        "source": law.contribution.article if law.contribution else next(iter(fixed), None),
        "objection": {name: law.limit(clause).model_dump(mode="json") for name, clause in OBJECTING.items()},
    }


def _contestable(law: Law, facts: Mapping[str, Any]) -> bool:
    """Whether there is a remedy against what was decided."""
    return all(one.contestable for one in law.outcomes if one.outcome == facts.get("outcome"))


def _valid_by_law(law: Law, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """For how long it is valid by law what is authorised or renewed."""
    goes_on = (one.outcome for one in law.outcomes if one.course is Course.GOES_ON)
    if not law.valid_for or given.get("outcome") not in goes_on or given.get("until_on"):
        return None
    return {
        "within": law.limit(law.valid_for).model_dump(mode="json"),
        "article": law.article_of(law.valid_for),
    }


def _day(facts: Mapping[str, Any], name: str) -> date:
    told = facts[name]
    return told if isinstance(told, date) else date.fromisoformat(str(told))


def _clauses(
    kind: LetterKind, role: Role, facts: Mapping[str, Any], found: Case, law: Law
) -> tuple[str, ...]:
    """The clauses behind a letter; of a limit that passed, all whose day it was."""
    match kind:
        case LetterKind.INCOMPLETE:
            return (law.completion,)
        case LetterKind.OPINION_REQUEST:
            return (law.opinions[Body(role.value)],)
        case LetterKind.OPINION_TOLD:
            return law.contested_within if facts.get("contest_by") else ()
        case LetterKind.OPINION_SENT_BACK:
            returned = law.sends_back.get(Body(role.value))
            return (returned.again,) if returned else ()
        case LetterKind.ADMISSIBLE:
            return (law.decision, *law.opinions.values(), *law.questions.values())
        case LetterKind.LIMIT_WARNING | LetterKind.DATE_MOVED:
            return (str(facts["clause"]),) if "clause" in facts else ()
        case LetterKind.LIMIT_PASSED:
            due_on = str(facts.get("due_on"))
            return tuple(clock["ref"] for clock in found.entries[-1].clocks if clock["due_on"] == due_on)
        case LetterKind.INVOICE:
            asked = law.contribution.clause if law.contribution else ""
            return tuple(filter(None, ("payment", asked, "payment-appeal")))
        case LetterKind.DECISION:
            return (law.decision,) if facts.get("silent_until") else law.conditions
        case LetterKind.REPORT_REQUESTED | LetterKind.REQUESTED_REPORT_OVERDUE:
            return tuple(owed.on_request for owed in law.obligations if owed.on_request)
        case LetterKind.CHANGE_PROPOSED:
            return next(
                ((*_behind(o, found), o.escalation) for o in law.obligations if o.missed is Missed.PROPOSE),
                (),
            )
        case _ if told(law.procedure, kind.value):
            asks = ((c, sent) for c, one in law.clauses.items() if one.beside for sent in one.beside.sent)
            return tuple(c for c, sent in asks if (kind.value in sent.letters) and sent.role == role)
        case _ if law.into_force and kind == law.into_force.letter:
            return (law.into_force.clause,)
        case _:
            owed = _owed(kind, law)
            return _behind(owed, found) if owed else RESTS_ON.get(kind, ())


def _behind(owed: Owed, found: Case) -> tuple[str, ...]:
    """The clauses behind the next day of what is owed: by the interval that counts since what is known."""
    meanwhile = owed.meanwhile if owed.until not in found.state.facts else ""
    return owed.behind(meanwhile or owed.every)


def _next_of(owed: Owed, line: Line) -> dict[str, Any]:
    """The year and the days of the next one of its kind."""
    clocks = (clock for clock in line.clocks if clock["ref"].startswith(f"{owed.ref}-"))
    first = min(clocks, key=lambda clock: clock["due_on"], default=None)
    if first is None:
        return {}
    due_on, late_on = first["due_on"], first.get("late_on")
    later = {"late_on": late_on} if late_on != due_on else {}
    return {"year": date.fromisoformat(due_on).year, "due_on": due_on, **later}


def _owed(kind: LetterKind, law: Law) -> Owed | None:
    """What a letter reminds of, or tells to be late."""
    return next((owed for owed in law.obligations if kind in (owed.due_letter, owed.late_letter)), None)


def _running(clauses: tuple[str, ...], line: Line) -> list[dict[str, Any]]:
    """The open clocks of these clauses that have a last day."""
    return [
        clock
        for clock in line.clocks
        if clock["due_on"]
        and (clock["ref"] in clauses or (clock.get("clock") or {}).get("clause") in clauses)
    ]


def _counted(
    url: str,
    facts: Mapping[str, Any],
    day: str,
    invoice: Invoice | None,
    clauses: tuple[str, ...],
    line: Line,
    law: Law,
    today: date,
) -> list[dict[str, Any]]:
    """How the day of a letter was counted, by the open clock that leads to it; of an invoice, its term."""
    clocks = [
        Clock.model_validate(running["clock"])
        for running in _running(clauses, line)
        if running.get("clock") and running["due_on"] == str(facts.get(day))
    ]
    if "opinions" in facts and "admissible_on" in facts:
        since = _day(facts, "admissible_on")
        first = {body: clause for body, clause in law.opinions.items() if body not in law.follows}
        clocks += [law.clock(clause, since) for clause in first.values()]
    if invoice:
        term = law.clock_to("payment", invoice.issued_on, invoice.due_on)
        clocks = [term] if term else []
    return [
        Counted(
            clause=clock.clause,
            article=_counted_with(url, clock, law).article_of(clock.clause),
            reckoning=clock.reckon(law.calendar, today),
            off={closing.day: closing.reason for closing in law.calendar.closing_days},
        ).model_dump(mode="json", exclude_defaults=True)
        for clock in clocks
        if clock.clause in law.clauses
    ]


def _counted_with(url: str, clock: Clock, law: Law) -> Law:
    """The law that a clock was counted with; the law of the entry may have changed since."""
    body = laws(url, [clock.law]).get(clock.law) if clock.law not in ("", law.digest) else None
    return Law(**body) if body else law


def parties_of(url: str, found: Case) -> tuple[Party | None, Party | None, bool]:
    """Applicant and invoice addressee, and whether the register knows how the applicant is reached.

    The row of a case holds a name only: the party is that of its newest letter, else the one that is kept
    under that name. Where several are, nobody knows which; an imported programme has none.
    """
    name = found.state.holder.strip()
    kept = [one.made_from for one in letters.made(url, found.state.number) if one.made_from]
    for batch in reversed(kept):
        if batch.applicant and batch.applicant.name == name:
            return batch.applicant, batch.invoice_addressee or batch.applicant, True
    if not name:
        return None, None, True
    same = [] if found.entries[0].act == "Imported" else parties.named(url, name)
    applicant = same[0] if len(same) == 1 else Party(id="", name=name)
    return applicant, applicant, len(same) < 2


def _invoice(found: Case, kind: LetterKind) -> Invoice | None:
    """The newest invoice of the case. Raises: InputRefused for a letter on one, when there is none."""
    if not found.invoices:
        if kind in TO_THE_PAYER:
            raise InputRefused("letter.no-invoice-yet", number=found.state.number)
        return None
    row = asdict(found.invoices[-1])
    return Invoice.model_validate({name: row[name] for name in Invoice.model_fields if name in row})


def _credit_note(url: str, found: Case, kind: LetterKind) -> CreditNote | None:
    if kind != LetterKind.CREDIT_NOTE:
        return None
    columns = ("credit_note", "invoice", "cents", "reason", "issued_on")
    with questions(url) as ask:
        rows = ask(
            f"SELECT {', '.join(columns)} FROM credit_note WHERE number = ? ORDER BY entry DESC",
            [found.state.number],
        )
    if not rows:
        raise InputRefused("letter.no-credit-note-yet", number=found.state.number)
    return CreditNote.model_validate(dict(zip(columns, rows[0], strict=True)))
