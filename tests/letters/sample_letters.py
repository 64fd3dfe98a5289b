"""One sample of facts per kind of letter, as a workflow would hand them over: JSON values only."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.dossier import CreditNote, Invoice
from models.entry import Letter, LetterBatch, LetterKind
from models.parties import Language, Party, Product, Role

PRODUCT = Product(
    trade_name="Exemplaris",
    active_substance="exemplarinib",
    indication="Treatment of adults with refractory exemplary syndrome after two earlier lines of therapy",
)

INVOICE = Invoice(
    invoice="2026-00017",
    cents=1896032,
    communication="+++123/1234/12328+++",
    issued_on=date(2026, 3, 5),
    due_on=date(2026, 4, 6),
)

CREDIT_NOTE = CreditNote(
    credit_note="CN-2026-00003",
    invoice="2026-00017",
    cents=100050,
    reason="The same dossier was invoiced twice",
    issued_on=date(2026, 5, 21),
)

CONDITIONS = [
    {"text": "Submit the results of study EX-01", "due_on": "2026-10-30", "number": 1},
    {"text": "Update the information for patients", "due_on": "2026-12-15", "number": 2},
]

DECISION = {
    "kind": "application",
    "outcome": "authorised_with_conditions",
    "grounds": "The need is not met and the balance is favourable.",
    "continuity_plan": "",
    "conditions": CONDITIONS,
    "decided_on": "2026-05-20",
    "effective_on": "2026-06-01",
}

FACTS: dict[LetterKind, dict[str, Any]] = {
    LetterKind.ACKNOWLEDGEMENT: {
        "kind": "application",
        "cesp_number": "CESP-4711",
        "received_on": "2026-03-02",
        "due_on": "2026-03-05",
    },
    LetterKind.INCOMPLETE: {
        "missing": ["Annex IV in French", "The labelling of the outer carton"],
        "due_on": "2026-04-04",
    },
    LetterKind.INADMISSIBLE: {"grounds": "The product is authorised and marketed for this indication"},
    LetterKind.ADMISSIBLE: {
        "admissible_on": "2026-03-05",
        "due_on": "2026-05-04",
        "bodies": ["ethics_committee", "commission"],
    },
    LetterKind.INVOICE: {},
    LetterKind.INVOICE_REMINDER: {"reminder": 2},
    LetterKind.CREDIT_NOTE: {},
    LetterKind.OPINION_REQUEST: {"body": "ethics_committee", "due_on": "2026-04-02"},
    LetterKind.QUESTIONS: {
        "questions": ["How is the dose adapted in renal failure?", "Which batches are supplied?"],
        "due_on": "2026-04-20",
    },
    LetterKind.CLOCK_RESTARTED: {"answered_on": "2026-04-10", "due_on": "2026-05-28"},
    LetterKind.LIMIT_WARNING: {
        "phase": "questions",
        "clause": "answers",
        "due_on": "2026-05-28",
        "working_days_left": 3,
        "last": True,
        "silence": "decided_on_file",
    },
    LetterKind.LIMIT_PASSED: {
        "phase": "opinion",
        "due_on": "2026-04-02",
        "silence": "no_tacit_decision",
    },
    LetterKind.DATE_MOVED: {"clause": "decision", "was": "2026-05-28", "due_on": "2026-05-29"},
    LetterKind.CONFLICT: {
        "answered_on": "2026-05-08",
        "silence_on": "2026-05-11",
        "due_as_it_stands": "2026-07-09",
        "due_as_it_happened": "2026-07-07",
    },
    LetterKind.DECISION: DECISION,
    LetterKind.WITHDRAWAL: {"withdrawn_on": "2026-04-15", "fee_due": True},
    LetterKind.WITHOUT_OBJECT: {},
    LetterKind.CONDITION_DUE: {"condition": 1, "text": "Submit the results", "due_on": "2026-10-30"},
    LetterKind.CONDITION_OVERDUE: {"condition": 1, "text": "Submit the results", "due_on": "2026-10-30"},
    LetterKind.RE_EVALUATION_DUE: {"year": 2027, "due_on": "2027-05-20", "assumed": True},
    LetterKind.RE_EVALUATION_MISSED: {"year": 2027, "due_on": "2027-05-20"},
    LetterKind.SUSPENSION_PROPOSED: {"year": 2027, "due_on": "2027-05-20", "missed_on": "2027-05-21"},
    LetterKind.SUSPENSION: {
        "grounds": "A new signal of liver toxicity",
        "effective_on": "2027-07-01",
        "requested_by": "agency",
        "for_safety": True,
    },
    LetterKind.SUSPENSION_LIFTED: {"grounds": "The signal was not confirmed", "on": "2027-09-01"},
    LetterKind.CLOSED_TO_NEW_PATIENTS: {
        "grounds": "The product is reimbursed from next month",
        "continuity_plan": "Treated patients are supplied until they change over",
        "on": "2028-01-15",
    },
    LetterKind.CLOSURE: {
        "grounds": "The last patient has changed over",
        "continuity_plan": "No patient is left under treatment",
        "on": "2028-06-30",
    },
}

TO_THE_DESK = {LetterKind.LIMIT_PASSED, LetterKind.CONFLICT, LetterKind.SUSPENSION_PROPOSED}


def role_of(kind: LetterKind) -> Role:
    if kind in (LetterKind.INVOICE, LetterKind.INVOICE_REMINDER, LetterKind.CREDIT_NOTE):
        return Role.INVOICE_ADDRESSEE
    if kind is LetterKind.OPINION_REQUEST:
        return Role.ETHICS_COMMITTEE
    return Role.DESK if kind in TO_THE_DESK else Role.APPLICANT


def letter(kind: LetterKind, /, **changed: Any) -> Letter:
    return Letter(kind=kind, role=role_of(kind), facts={**FACTS[kind], **changed})


def party(language: Language = Language.NL, id: str = "not-in-the-database") -> Party:
    return Party(id=id, name="Voorbeeld Pharma NV", language=language)


def batch(*letters: Letter, applicant: Party | None, **changed: Any) -> LetterBatch:
    values: dict[str, Any] = {
        "number": "CUP-2026-014",
        "entry": 7,
        "on": date(2026, 5, 21),
        "procedure": "CUP",
        "applicant": applicant,
        "invoice_addressee": applicant,
        "product": PRODUCT,
        "article": "art. 106",
        "invoice": INVOICE,
        "credit_note": CREDIT_NOTE,
        "letters": letters,
    }
    return LetterBatch(**{**values, **changed})
