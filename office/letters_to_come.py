"""A letter that was never made, or of which an earlier release kept nothing, put together from the register.

One that was never made takes what the case is today, and its own days are today; one that was made takes the
entry that it was made with. What neither says is asked for, and never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from activities.invoice_pages import INVOICED
from models.clock import Clock
from models.decision import Outcome
from models.dossier import CreditNote, Invoice
from models.eligibility import Verdict
from models.entry import Letter, LetterBatch, LetterKind
from models.errors import InputRefused
from models.law.applicable import Law
from models.law.procedures.shape import Kind
from models.law.time_limits import OPINION_OF
from models.letters import STATES, TO_OFFICES, Counted
from models.parties import Body, Party, Product, Role
from office.examining import checklist, standing_findings
from register import letters, parties
from register.letters import MadeLetter
from register.reading import questions
from register.views import Case, Line, laws

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
    LetterKind.QUESTIONS,
    LetterKind.CLOCK_RESTARTED,
    LetterKind.LIMIT_PASSED,
    LetterKind.CONFLICT,
    LetterKind.DECISION,
    LetterKind.PUBLICATION,
    LetterKind.WITHDRAWAL,
    LetterKind.WITHOUT_OBJECT,
)
"""Letters under the law of a dossier, also when it has become a programme since."""

RESTS_ON: Mapping[LetterKind, tuple[str, ...]] = {
    LetterKind.ACKNOWLEDGEMENT: ("admissibility",),
    LetterKind.INCOMPLETE: ("completion",),
    LetterKind.INVOICE_REMINDER: ("payment",),
    LetterKind.QUESTIONS: ("answers",),
    LetterKind.CLOCK_RESTARTED: ("decision",),
    LetterKind.CONFLICT: ("decision",),
    LetterKind.RE_EVALUATION_DUE: ("re-evaluation",),
    LetterKind.RE_EVALUATION_MISSED: ("re-evaluation",),
    LetterKind.SUSPENSION_PROPOSED: ("re-evaluation", "re-evaluation-escalation"),
    LetterKind.SUSPENSION: ("power-to-suspend",),
    LetterKind.SUSPENSION_LIFTED: ("power-to-suspend",),
    LetterKind.CLOSED_TO_NEW_PATIENTS: ("power-to-close",),
    LetterKind.CLOSURE: ("power-to-close",),
}
"""The clauses behind a letter, as the procedure names them; a story compares them with what was sent."""

REMEDY = "remedy-annulment"
"""The clause of the remedy against what burdens whoever it is told."""

NOT_COUNTED = (
    LetterKind.INVOICE_REMINDER,
    LetterKind.SAFETY_REPORT_OVERDUE,
    LetterKind.RE_EVALUATION_MISSED,
    LetterKind.SUSPENSION_PROPOSED,
)
"""Letters on a day that has passed: how it was counted was told before it did."""

_OWN_DAYS = ("on", "decided_on", "effective_on", "admissible_on", "answered_on", "withdrawn_on")
"""Days that are the entry's own, when it says no other."""

_ASSUMED = (
    LetterKind.SAFETY_REPORT_DUE,
    LetterKind.SAFETY_REPORT_OVERDUE,
    LetterKind.RE_EVALUATION_DUE,
    LetterKind.RE_EVALUATION_MISSED,
    LetterKind.SUSPENSION_PROPOSED,
)
"""Letters with days that are counted from the authorisation, which may be assumed."""


@dataclass(frozen=True)
class ToCome:
    """A letter as it was put together. `known`: whether the register knows how its party is reached."""

    batch: LetterBatch
    known: bool


def roles_of(kind: LetterKind) -> tuple[Role, ...]:
    """In which roles a letter of that kind is written to; the first one where nothing says another."""
    if kind is LetterKind.OPINION_REQUEST:
        return tuple(body.role for body in Body)
    if kind in TO_OFFICES:
        return (Role.DESK,)
    if kind in TO_THE_PAYER:
        return (Role.INVOICE_ADDRESSEE,)
    return tuple(Role) if kind in OF_ANY_CLOCK else tuple(r for r in Role if r is not Role.INVOICE_ADDRESSEE)


def put_together(
    url: str,
    found: Case,
    kind: LetterKind,
    role: Role | None,
    given: Mapping[str, Any],
    made: MadeLetter | None,
    today: date,
) -> ToCome:
    """The letter, with what is given before what the register says.

    Raises: InputRefused for a role that such a letter is not written to in, and for a letter on an invoice
    or credit note that is not there.
    """
    entry = next((line for line in found.entries if made and line.sequence == made.entry), None)
    line = entry or found.entries[-1]
    law = _law(url, found, kind, line)
    invoice, note = _invoice(found, kind), _credit_note(url, found, kind)
    role = _role(kind, made.role if made else role, given, law)
    known = _known(found, kind, role, entry, line, law, today)
    if note:
        known["reason"] = note.reason
    if kind is LetterKind.INVOICE and law and invoice:
        known |= _of_invoice(found, law, invoice)
    if kind is LetterKind.ADMISSIBLE and law:
        known |= _timetable(law, _day({**known, **given}, "admissible_on"))
    states = STATES[kind].model_fields
    known = {name: value for name, value in known.items() if name in states and value is not None}
    facts: dict[str, Any] = {**known, **given}
    clauses = _clauses(kind, role, facts, line, law) if law else ()
    if law and _contested(kind, facts, law):
        clauses = (*clauses, REMEDY)
        article, within = law.clauses[REMEDY].article, law.limit(REMEDY)
        facts.setdefault("remedy", {"within": within.model_dump(mode="json"), "article": article})
    day = "due_as_it_stands" if kind is LetterKind.CONFLICT else "due_on"
    if day in states and len(running := _running(clauses, line)) == 1:
        facts.setdefault(day, running[0]["due_on"])
    if law and kind not in NOT_COUNTED and "reckonings" not in facts:
        term = invoice if kind is LetterKind.INVOICE else None
        if counted := _counted(facts, day, term, clauses, line, law):
            facts["reckonings"] = counted
    applicant, payer, sure = _parties(url, found)
    unverified = law.unverified(*clauses) if law else ()
    return ToCome(
        LetterBatch(
            number=found.state.number,
            entry=entry.sequence if entry else found.state.entry + 1,
            on=entry.happened_on if entry else today,
            procedure=found.state.procedure,
            applicant=applicant,
            invoice_addressee=payer,
            product=Product(
                trade_name=found.state.trade_name,
                active_substance=found.state.active_substance,
                indication=found.state.indication,
            ),
            article=law.article if law else "",
            invoice=invoice,
            credit_note=note,
            letters=(Letter(kind=kind, role=role, facts=facts, unverified=unverified),),
        ),
        known=sure or role in (Role.ETHICS_COMMITTEE, Role.COMMISSION, Role.PHYSICIANS, Role.DESK),
    )


def _law(url: str, found: Case, kind: LetterKind, line: Line) -> Law | None:
    """The law of the letter: that of the entry, or of the examination before it for letters of that."""
    before = [entry.law for entry in found.entries if entry.sequence <= line.sequence and entry.law]
    for digest in dict.fromkeys(reversed(before)):
        body = laws(url, [digest]).get(digest)
        law = Law.model_validate(body) if body else None
        if law and (law.outcomes or kind not in OF_THE_EXAMINATION):
            return law
    if not before:
        return None
    return Law.model_validate(body) if (body := laws(url, before[-1:]).get(before[-1])) else None


def _role(kind: LetterKind, asked: Role | None, given: Mapping[str, Any], law: Law | None) -> Role:
    possible = roles_of(kind)
    if asked and asked not in possible:
        raise InputRefused(
            f"A letter {kind.value} is not written to the {asked.value}, but to: "
            f"{', '.join(role.value for role in possible)}.",
            tuple(role.value for role in possible),
        )
    if kind is LetterKind.OPINION_REQUEST:
        body = given.get("body")
        if asked and body not in (None, asked.value):
            raise InputRefused(f"--role {asked.value} and --fact body={body} are two bodies; give one.")
        heard = [one.role for one in law.opinions] if law else []
        told = [role for role in (heard if body is None else possible) if body in (None, role.value)]
        if asked is None and len(told) != 1:
            raise InputRefused(
                f"A request for an opinion goes to one body; say which with --role: {', '.join(possible)}.",
                tuple(role.value for role in possible),
            )
        return asked or told[0]
    if kind in OF_ANY_CLOCK and asked is None and law and "clause" in given:
        return law.desk(str(given["clause"]))
    return asked or possible[0]


def _known(
    found: Case,
    kind: LetterKind,
    role: Role,
    entry: Line | None,
    line: Line,
    law: Law | None,
    today: date,
) -> dict[str, Any]:
    """What the register knows of what letters state."""
    asks = [] if entry else [finding for finding in standing_findings(found) if finding.mendable]
    # an application goes on as its programme, under its number
    application = found.state.kind == "programme" and found.entries[0].act == "Received"
    known: dict[str, Any] = {name: entry.happened_on if entry else today for name in _OWN_DAYS}
    known |= {
        "kind": Kind.APPLICATION if application else found.state.kind,
        "body": role.value,
        "public_list": found.state.public_list,
        "bodies": [body.value for body in law.opinions] if law else None,
        "fee_due": bool(found.invoices),
        "rules": [rule for rule in checklist(found) if rule["verdict"] != Verdict.OPEN],
        "findings": [finding.model_dump(mode="json", exclude_defaults=True) for finding in asks],
    }
    if kind in _ASSUMED:
        known["assumed"] = found.state.assumed
    if kind is LetterKind.ACKNOWLEDGEMENT:
        known["received_on"] = found.state.opened_on
    if kind is LetterKind.RE_EVALUATION_DUE and (due_on := found.state.re_evaluation_on):
        known |= {"year": due_on.year, "due_on": due_on}
    if kind is LetterKind.LIMIT_WARNING:
        known["phase"] = line.phase
    return known | (entry.facts if entry else {})


def _of_invoice(found: Case, law: Law, invoice: Invoice) -> dict[str, Any]:
    """Who says that the amount is this one, and until when its addressee may object."""
    fixed = [line.facts.get("source") for line in found.entries if line.act == "ContributionFixed"]
    appeal = law.clock("payment-appeal", invoice.issued_on) if "payment-appeal" in law.clauses else None
    return {
        "source": law.contribution.article if law.contribution else next(iter(fixed), None),
        "appeal_until": appeal.due_on(law.calendar) if appeal else None,
    }


def _timetable(law: Law, since: date) -> dict[str, Any]:
    """Until when each body gives its opinion, and how long questions may be answered."""
    ends = {body: law.clock(OPINION_OF[body].id, since).due_on(law.calendar) for body in law.opinions}
    return {
        "opinions": [{"body": body.value, "due_on": due_on} for body, due_on in ends.items()],
        "answers": law.limit("answers").model_dump(mode="json"),
    }


def _day(facts: Mapping[str, Any], name: str) -> date:
    told = facts[name]
    return told if isinstance(told, date) else date.fromisoformat(str(told))


def _contested(kind: LetterKind, facts: Mapping[str, Any], law: Law) -> bool:
    """Whether the letter names the remedies, where its law has them."""
    if REMEDY not in law.clauses or "remedy" not in STATES[kind].model_fields:
        return False
    match kind:
        case LetterKind.DECISION:
            return facts.get("outcome") in [one.value for one in Outcome if one.burdens]
        case LetterKind.SUSPENSION:
            return facts.get("requested_by") == "agency"
        case _:
            return True


def _clauses(kind: LetterKind, role: Role, facts: Mapping[str, Any], line: Line, law: Law) -> tuple[str, ...]:
    """The clauses behind a letter; of a limit that passed, all whose day it was."""
    match kind:
        case LetterKind.OPINION_REQUEST:
            return (OPINION_OF[Body(role.value)].id,)
        case LetterKind.ADMISSIBLE:
            return ("decision", *(OPINION_OF[body].id for body in law.opinions), "answers")
        case LetterKind.LIMIT_WARNING | LetterKind.DATE_MOVED:
            return (str(facts["clause"]),) if "clause" in facts else ()
        case LetterKind.LIMIT_PASSED:
            due_on = str(facts.get("due_on"))
            return tuple(clock["ref"] for clock in line.clocks if clock["due_on"] == due_on)
        case LetterKind.INVOICE:
            asked = law.contribution.clause if law.contribution else ""
            return tuple(clause for clause in ("payment", asked, "payment-appeal") if clause in law.clauses)
        case LetterKind.DECISION:
            return tuple(c for c in ("power-to-decide", "alternative-treatment") if c in law.clauses)
        case LetterKind.SAFETY_REPORT_DUE | LetterKind.SAFETY_REPORT_OVERDUE:
            return (law.safety_report,) if law.safety_report else ()
        case _:
            return RESTS_ON.get(kind, ())


def _running(clauses: tuple[str, ...], line: Line) -> list[dict[str, Any]]:
    """The open clocks of these clauses that have a last day."""
    return [
        clock
        for clock in line.clocks
        if clock["due_on"]
        and (clock["ref"] in clauses or (clock.get("clock") or {}).get("clause") in clauses)
    ]


def _counted(
    facts: Mapping[str, Any],
    day: str,
    invoice: Invoice | None,
    clauses: tuple[str, ...],
    line: Line,
    law: Law,
) -> list[dict[str, Any]]:
    """How the day of a letter was counted, by the open clock that leads to it; of an invoice, its term."""
    clocks = [
        Clock.model_validate(running["clock"])
        for running in _running(clauses, line)
        if running.get("clock") and running["due_on"] == str(facts.get(day))
    ]
    if "opinions" in facts and "admissible_on" in facts:
        since = _day(facts, "admissible_on")
        clocks += [law.clock(OPINION_OF[body].id, since) for body in law.opinions]
    if invoice:
        term = law.clock_to("payment", invoice.issued_on, invoice.due_on)
        clocks = [term] if term else []
    return [
        Counted(
            clause=clock.clause,
            article=clock.article or law.clauses[clock.clause].article,
            reckoning=clock.reckon(law.calendar),
            off={closing.day: closing.reason for closing in law.calendar.closing_days},
        ).model_dump(mode="json", exclude_defaults=True)
        for clock in clocks
        if clock.clause in law.clauses
    ]


def _parties(url: str, found: Case) -> tuple[Party | None, Party | None, bool]:
    """Applicant and invoice addressee, and whether the register knows how the applicant is reached.

    The row of a case holds a name only: the party is that of its newest letter, else the one that is kept
    under that name. Where several are, nobody knows which; an imported programme has none.
    """
    name = found.state.applicant.strip()
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
            raise InputRefused(f"{found.state.number} has no invoice yet.")
        return None
    row = asdict(found.invoices[-1])
    return Invoice.model_validate({name: row[name] for name in Invoice.model_fields if name in row})


def _credit_note(url: str, found: Case, kind: LetterKind) -> CreditNote | None:
    if kind is not LetterKind.CREDIT_NOTE:
        return None
    columns = ("credit_note", "invoice", "cents", "reason", "issued_on")
    with questions(url) as ask:
        rows = ask(
            f"SELECT {', '.join(columns)} FROM credit_note WHERE number = ? ORDER BY entry DESC",
            [found.state.number],
        )
    if not rows:
        raise InputRefused(f"{found.state.number} has no credit note.")
    return CreditNote.model_validate(dict(zip(columns, rows[0], strict=True)))
