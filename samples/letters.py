"""A specimen of every letter in every language that it is written in, from one set of invented facts.

`python -m samples.letters INTO` writes each as PDF, HTML and picture into a folder, with an index page to
look at them. English to a person is a translation behind the Dutch letter, and pictured so. Products,
firms, diseases and addresses do not exist. The facts are JSON values only, as a workflow hands them over.
Long because it is mostly these facts, letter after letter.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from activities.invoice_pages import Creditor, Debtor
from activities.letter_pages import LetterPages, Recipient
from jurisdictions.be import BELGIUM
from jurisdictions.be.calendars import belgium
from models.clock import Clock, Limit, Rules, Stop, Unit
from models.dossier import CreditNote, Invoice
from models.entry import Letter, LetterBatch
from models.law.degree import Degree
from models.parties import TO_PARTIES, Language, Party
from models.subjects import Product
from procedures.be_umn.letters import LetterKind
from procedures.be_umn.procedure import ELEMENTS
from procedures.be_umn.words import Role
from procedures.registry import letters, offices

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
    due_on=date(2026, 4, 7),
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

REMEDIES = {
    clause.id: {
        "within": clause.values[0].value.model_dump(mode="json"),
        "article": str(clause.values[0].source),
    }
    for clause in BELGIUM.remedies
}

SIGNATORY = {
    "person": "Ann Example",
    "capacity": "administrator-general",
    "article": "Royal Decree of 14 December 2006 (numac 2006023298), art. 3",
}

ADMITTED = {
    "person": "Ann Example",
    "capacity": "agency",
    "article": "Royal Decree of 14 December 2006 (numac 2006023298), art. 106 § 8 and 108 § 8",
}

ACT = {"remedies": REMEDIES, "signatory": SIGNATORY}

LIST = {"from_on": "2026-06-01", "until_on": "2026-11-30", "due_on": "2026-12-31", "late_on": "2027-01-04"}
EVALUATION = {**LIST, "due_on": "2027-03-01", "late_on": "2027-03-31"}

DECISION = {
    "kind": "application",
    "outcome": "authorised_with_conditions",
    "grounds": "The need is not met and the balance is favourable.\n\n"
    "The ethics committee and the Commission gave a favourable opinion.",
    "continuity_plan": "",
    "conditions": CONDITIONS,
    "rules": [
        {
            "rule": "E-04",
            "verdict": "pass",
            "article": "Medicines Act of 25 March 1964, art. 6quater § 1, 2°",
        },
        {"rule": "E-05", "verdict": "pass", "article": "protocol template of the agency"},
    ],
    "decided_on": "2026-05-20",
    "effective_on": "2026-06-01",
    "until_on": "2029-05-31",
    "elements": [
        {
            "element": "conditions-of-use",
            "words": {"en": "Adults, after two earlier lines of therapy."},
        },
        *({"element": element} for element in ELEMENTS[2:]),
    ],
    "protocol": "version 2.1",
    "opinions": [
        {
            "body": "ethics_committee",
            "view": "favourable",
            "given_on": "2026-04-01",
            "text": "The information for patients is clear.",
        },
        {"body": "commission", "view": "favourable_with_remarks", "given_on": "2026-04-07"},
    ],
    **ACT,
}

STATES_NOTHING: dict[str, Any] = {"until_on": None, "elements": [], "protocol": ""}

STATES = letters("CUP")

FACTS: dict[LetterKind, dict[str, Any]] = {
    LetterKind.ACKNOWLEDGEMENT: {
        "kind": "application",
        "cesp_number": "CESP-4711",
        "received_on": "2026-03-02",
        "due_on": "2026-03-05",
    },
    LetterKind.FOR_INFORMATION: {"on": "2026-03-02"},
    LetterKind.INCOMPLETE: {
        "missing": ["Annex IV in French", "The labelling of the outer carton"],
        "due_on": "2026-04-07",
        "forfeits": True,
    },
    LetterKind.INADMISSIBLE: {
        "unmet": "reasons",
        "grounds": "The medicine is authorised and marketed for this indication.",
        "remedies": REMEDIES,
        "signatory": ADMITTED,
    },
    LetterKind.ADMISSIBLE: {
        "admissible_on": "2026-03-05",
        "due_on": "2026-05-27",
        "silence": "granted",
        "opinions": [
            {"body": "ethics_committee", "due_on": "2026-05-04", "silence": "favourable"},
            {"body": "commission", "due_on": "2026-05-04", "silence": "flag"},
        ],
        "answers": [{"body": "commission", "within": {"amount": 10, "unit": "calendar_days"}}],
        "remedies": REMEDIES,
        "signatory": ADMITTED,
    },
    LetterKind.INVOICE: {
        "kind": "application",
        "source": "Act of 20 July 2006 on the FAMHP, Annex VII",
        "objection": {
            "within": {"amount": 30, "unit": "calendar_days"},
            "decided": {"amount": 3, "unit": "months"},
            "court": {"amount": 3, "unit": "months"},
        },
    },
    LetterKind.INVOICE_REMINDER: {
        "reminder": 2,
        "interest": {"a_step": 8, "step": 1000, "floor": 250},
        "owed": {"cents": 1896032, "interest": 15168},
    },
    LetterKind.CREDIT_NOTE: {"reason": "The same dossier was invoiced twice"},
    LetterKind.OBJECTION: {
        "article": "Act of 20 July 2006 on the FAMHP (numac 2006022888), art. 14/20",
        "received_on": "2026-04-01",
        "hearing": "wanted",
        "decide_by": "2026-07-01",
    },
    LetterKind.SERVICES_SUSPENDED: {
        "grounds": "Two reminders brought no payment.",
        "on": "2026-05-11",
        "article": "Act of 20 July 2006 on the FAMHP (numac 2006022888), art. 14/22 § 8",
        "linked": ["Exemplar Holding NV"],
        **ACT,
    },
    LetterKind.OPINION_REQUEST: {"body": "ethics_committee", "due_on": "2026-05-04"},
    LetterKind.OPINION_TOLD: {
        "body": "commission",
        "view": "unfavourable",
        "given_on": "2026-05-08",
        "text": "The interaction with anticoagulants is not controlled.",
        "contest_by": "2026-05-26",
        "grounds_by": "2026-07-07",
    },
    LetterKind.OPINION_SENT_BACK: {
        "body": "ethics_committee",
        "grounds": "The interaction with anticoagulants was not looked at.",
        "due_on": "2026-06-15",
    },
    LetterKind.COMPLETED_IN_TIME: {
        "received_on": "2026-04-10",
        "not_lost": "2026-04-08",
        "due_on": "2026-04-20",
    },
    LetterKind.QUESTIONS: {
        "body": "commission",
        "questions": ["How is the dose adapted in renal failure?", "Which batches are supplied?"],
        "days": 10,
        "due_on": "2026-03-30",
    },
    LetterKind.LIMIT_WARNING: {
        "phase": "opinion",
        "clause": "answers",
        "due_on": "2026-03-30",
        "working_days_left": 1,
        "last": True,
        "silence": "on_file",
        "effect_on": "2026-03-31",
    },
    LetterKind.LIMIT_PASSED: {
        "phase": "opinion",
        "due_on": "2026-05-04",
        "silence": "flag",
        "effect_on": "2026-05-05",
    },
    LetterKind.DATE_MOVED: {"clause": "decision", "was": "2026-05-27", "due_on": "2026-05-28"},
    LetterKind.CONFLICT: {
        "body": "ethics_committee",
        "given_on": "2026-05-04",
        "arrived_on": "2026-05-06",
        "silent_until": "2026-05-04",
    },
    LetterKind.LATE_OPINION: {
        "body": "ethics_committee",
        "given_on": "2026-05-06",
        "silent_until": "2026-05-04",
    },
    LetterKind.DECISION: DECISION,
    LetterKind.PUBLICATION: {"on": "2026-06-01"},
    LetterKind.DETERMINATION: {
        "grounds": "The protocol was filed with the application, and its conditions are met.",
        "until_on": "2029-05-31",
        "elements": [
            {
                "element": "distribution",
                "words": {"en": "By the hospital pharmacy, for each patient."},
            },
            {"element": "unused-medicine"},
        ],
        "protocol": "version 2.1",
        "on": "2026-07-01",
        **ACT,
    },
    LetterKind.WITHDRAWAL: {"withdrawn_on": "2026-04-15", "fee_due": True},
    LetterKind.WITHOUT_OBJECT: {"remedies": REMEDIES},
    LetterKind.CONDITION_DUE: {"condition": 1, "text": "Submit the results", "due_on": "2026-10-30"},
    LetterKind.CONDITION_OVERDUE: {"condition": 1, "text": "Submit the results", "due_on": "2026-10-30"},
    LetterKind.LIST_DUE: LIST,
    LetterKind.LIST_OVERDUE: LIST,
    LetterKind.EVALUATION_DUE: EVALUATION,
    LetterKind.EVALUATION_MISSED: EVALUATION,
    LetterKind.PROVISIONAL_AUTHORISATION: {
        "requested_by": "applicant-for-authorisation",
        "grounds": "The product dossier shows that supply is assured and the quality is the one examined.",
        "on": "2026-06-08",
        **ACT,
    },
    LetterKind.CHANGE_PROPOSED: {**EVALUATION, "missed_on": "2027-04-01"},
    LetterKind.REPORT_REQUESTED: {
        "clause": "list-2027-10-01",
        "at_once": True,
        "due_on": "2027-10-01",
        "grounds": "Two deaths were reported in another country.",
    },
    LetterKind.REQUESTED_REPORT_OVERDUE: {
        "clause": "list-2027-10-01",
        "requested_on": "2027-10-01",
        "due_on": "2027-10-01",
    },
    LetterKind.DAY_DROPPED: {
        "clause": "list-2027-10-01",
        "due_on": "2027-10-01",
        "grounds": "The marketing authorisation was applied for within the half-year.",
    },
    LetterKind.SUSPENSION: {
        "grounds": "A new signal of liver toxicity.",
        "effective_on": "2027-07-01",
        "requested_by": "agency",
        "for_safety": True,
        **ACT,
    },
    LetterKind.SUSPENSION_LIFTED: {"grounds": "The signal was not confirmed.", "on": "2027-09-01", **ACT},
    LetterKind.CLOSED_TO_NEW_PATIENTS: {
        "grounds": "The medicine is reimbursed from next month.",
        "continuity_plan": "Treated patients are supplied until they change over.",
        "on": "2028-01-15",
        **ACT,
    },
    LetterKind.CLOSURE: {
        "grounds": "The last patient has changed over.",
        "continuity_plan": "No patient is left under treatment.",
        "on": "2028-06-30",
        **ACT,
    },
    LetterKind.SUCCESSOR: {
        "outcome": "tacit",
        "indications": "Treatment of children with refractory exemplary syndrome",
        "successor": "MNP-2028-004",
        "on": "2028-06-30",
        "remedies": REMEDIES,
    },
    LetterKind.VALIDITY_ENDS: {"until_on": "2028-05-31"},
    LetterKind.VALIDITY_RENEWED: {"until_on": "2029-05-31", "renew_by": "2028-11-30"},
    LetterKind.HOLDER_CHANGED: {
        "holder": "Exemplar Holding NV",
        "dossier": "CUP-2026-014/modification-3",
        "decided_on": "2028-03-20",
        "on": "2028-04-01",
        "remedies": REMEDIES,
    },
    LetterKind.REOPENED: {"entries": 24, "refused": "ConditionMet"},
}

VARIANTS: dict[str, tuple[LetterKind, dict[str, Any]]] = {
    "date-moved-received": (
        LetterKind.DATE_MOVED,
        {"clause": "completion", "was": "2026-04-20", "due_on": "2026-05-26", "received_on": "2026-04-24"},
    ),
    "for-information-copy": (LetterKind.FOR_INFORMATION, {}),
    "opinion-told-final": (
        LetterKind.OPINION_TOLD,
        {"view": "favourable", "text": "", "contest_by": None, "grounds_by": None},
    ),
    "opinion-sent-back-without-a-day": (
        LetterKind.OPINION_SENT_BACK,
        {"body": "commission", "due_on": None},
    ),
    "opinion-request-commission": (
        LetterKind.OPINION_REQUEST,
        {"body": "commission", "due_on": "2026-05-04"},
    ),
    "limit-warning-refuse": (
        LetterKind.LIMIT_WARNING,
        {
            "phase": "decision",
            "clause": "decision",
            "due_on": "2026-05-27",
            "working_days_left": 3,
            "last": False,
            "silence": "granted",
            "effect_on": "2026-05-28",
            "unfavourable": ["commission"],
            "missing": ["ethics_committee"],
            "unpaid": True,
        },
    ),
    "late-opinion-decided": (
        LetterKind.LATE_OPINION,
        {"body": "commission", "given_on": "2026-06-02", "arrived_on": "2026-06-03", "decided": True},
    ),
    "reopened-by-a-person": (
        LetterKind.REOPENED,
        {"grounds": "It was ended by mistake while the server was looked after.", "refused": ""},
    ),
    "list-due-one-reading": (LetterKind.LIST_DUE, {"late_on": None}),
    "decision-authorised": (
        LetterKind.DECISION,
        {
            "outcome": "authorised",
            "conditions": [],
            "decided_on": "2026-05-21",
            "effective_on": "2026-05-21",
            "not_in_force": True,
        },
    ),
    "decision-refused": (
        LetterKind.DECISION,
        {
            "outcome": "refused",
            **STATES_NOTHING,
            "conditions": [],
            "grounds": "A satisfactory treatment is authorised, marketed and reimbursed.\n\n"
            "The benefits do not outweigh the risks in the group of patients that is described.",
        },
    ),
    "decision-tacit": (
        LetterKind.DECISION,
        {
            "outcome": "authorised",
            "not_in_force": True,
            "conditions": [],
            "rules": [],
            "grounds": "",
            "signatory": None,
            "decided_on": "2026-05-28",
            "effective_on": "2026-05-28",
            "silent_until": "2026-05-27",
            "filed_on": "2026-03-02",
            "undetermined": list(ELEMENTS),
            "until_on": None,
            "elements": [],
            "protocol": "",
            "source": "Royal Decree of 14 December 2006 (numac 2006023298), art. 106",
        },
    ),
    "inadmissible-forfeited": (
        LetterKind.INADMISSIBLE,
        {"grounds": "", "signatory": None, "silent_until": "2026-04-07", "open_until": "2026-04-21"},
    ),
    "limit-passed-tacit": (
        LetterKind.LIMIT_PASSED,
        {"silence": "favourable"},
    ),
    "limit-passed-to-establish": (
        LetterKind.LIMIT_PASSED,
        {"silence": "favourable", "to_establish": True},
    ),
    "decision-evaluation": (
        LetterKind.DECISION,
        {
            "kind": "evaluation",
            "outcome": "continued",
            **STATES_NOTHING,
            "conditions": [],
            "rules": [],
            "decided_on": "2027-08-20",
            "effective_on": "2027-08-20",
        },
    ),
    "decision-closed": (
        LetterKind.DECISION,
        {
            "kind": "evaluation",
            "outcome": "closed",
            **STATES_NOTHING,
            "conditions": [],
            "rules": [],
            "grounds": "The medicine is marketed and reimbursed for this indication.",
            "continuity_plan": "Patients under treatment change over to the marketed medicine.\n\n"
            "Until each of them has changed over, the programme supplies the medicine free of charge.",
            "decided_on": "2027-08-20",
            "effective_on": "2027-09-01",
        },
    ),
    "suspension-requested": (
        LetterKind.SUSPENSION,
        {
            "requested_by": "applicant",
            "for_safety": False,
            "grounds": "The production of the medicine is interrupted.",
            "effective_on": "2027-07-15",
        },
    ),
    "objection-answered-null": (
        LetterKind.OBJECTION,
        {"hearing": "not_said", "lacks": ["addressee", "signature", "hearing", "notice"], "decide_by": None},
    ),
    "objection-answered-late": (
        LetterKind.OBJECTION,
        {"too_late_since": "2026-03-28", "decide_by": None},
    ),
    "objection-answered-decided": (
        LetterKind.OBJECTION,
        {
            "decide_by": None,
            "decision": {
                "on": "2026-06-15",
                "by": "A. Peeters",
                "cents": 100000,
                "grounds": "The lower amount applies.",
                "court": {"amount": 3, "unit": "months"},
            },
        },
    ),
    "decision-until": (LetterKind.DECISION, {"until_on": "2028-05-31"}),
    "closure-on-the-market": (
        LetterKind.CLOSURE,
        {"fact": "on-the-market", "remedies": {}, "signatory": None, "grounds": "", "continuity_plan": ""},
    ),
    "closure-lapsed": (
        LetterKind.CLOSURE,
        {
            "valid_until": "2028-05-31",
            "remedies": {},
            "signatory": None,
            "grounds": "",
            "continuity_plan": "",
            "on": "2028-06-01",
        },
    ),
    "suspension-lifted-again": (LetterKind.SUSPENSION_LIFTED, {"again_on": "2027-10-01"}),
}
"""Letters of a kind that read differently, by the name of their specimen."""

ALSO_TO = {"for-information-copy": Role.MEDICAL_DIRECTORS}
"""Whom a letter of a kind is for beside the one that it is mostly for, by the name of its specimen."""

ON: dict[LetterKind, date] = {
    LetterKind.ACKNOWLEDGEMENT: date(2026, 3, 2),
    LetterKind.FOR_INFORMATION: date(2026, 3, 2),
    LetterKind.INCOMPLETE: date(2026, 3, 5),
    LetterKind.INADMISSIBLE: date(2026, 3, 5),
    LetterKind.ADMISSIBLE: date(2026, 3, 5),
    LetterKind.INVOICE: date(2026, 3, 5),
    LetterKind.OPINION_REQUEST: date(2026, 3, 5),
    LetterKind.COMPLETED_IN_TIME: date(2026, 4, 10),
    LetterKind.QUESTIONS: date(2026, 3, 20),
    LetterKind.LIMIT_WARNING: date(2026, 3, 27),
    LetterKind.OBJECTION: date(2026, 4, 8),
    LetterKind.WITHDRAWAL: date(2026, 4, 16),
    LetterKind.DATE_MOVED: date(2026, 4, 24),
    LetterKind.LIMIT_PASSED: date(2026, 5, 5),
    LetterKind.CONFLICT: date(2026, 5, 6),
    LetterKind.LATE_OPINION: date(2026, 5, 6),
    LetterKind.INVOICE_REMINDER: date(2026, 5, 7),
    LetterKind.OPINION_TOLD: date(2026, 5, 8),
    LetterKind.OPINION_SENT_BACK: date(2026, 5, 9),
    LetterKind.SERVICES_SUSPENDED: date(2026, 5, 11),
    LetterKind.DECISION: date(2026, 5, 21),
    LetterKind.CREDIT_NOTE: date(2026, 5, 21),
    LetterKind.PUBLICATION: date(2026, 6, 1),
    LetterKind.DETERMINATION: date(2026, 7, 1),
    LetterKind.PROVISIONAL_AUTHORISATION: date(2026, 6, 8),
    LetterKind.CONDITION_DUE: date(2026, 9, 30),
    LetterKind.LIST_DUE: date(2026, 10, 2),
    LetterKind.CONDITION_OVERDUE: date(2026, 10, 31),
    LetterKind.EVALUATION_DUE: date(2026, 12, 31),
    LetterKind.LIST_OVERDUE: date(2027, 1, 5),
    LetterKind.EVALUATION_MISSED: date(2027, 4, 1),
    LetterKind.CHANGE_PROPOSED: date(2027, 5, 1),
    LetterKind.SUSPENSION: date(2027, 7, 1),
    LetterKind.DAY_DROPPED: date(2027, 7, 2),
    LetterKind.SUSPENSION_LIFTED: date(2027, 9, 1),
    LetterKind.REPORT_REQUESTED: date(2027, 10, 1),
    LetterKind.REQUESTED_REPORT_OVERDUE: date(2027, 10, 2),
    LetterKind.CLOSED_TO_NEW_PATIENTS: date(2028, 1, 15),
    LetterKind.VALIDITY_ENDS: date(2028, 3, 2),
    LetterKind.VALIDITY_RENEWED: date(2028, 3, 3),
    LetterKind.HOLDER_CHANGED: date(2028, 4, 1),
    LetterKind.REOPENED: date(2028, 4, 3),
    LetterKind.CLOSURE: date(2028, 6, 30),
    LetterKind.SUCCESSOR: date(2028, 6, 30),
    LetterKind.WITHOUT_OBJECT: date(2028, 7, 3),
}
"""The day of each specimen, in the order of one life cycle; its place in it is the entry."""

OF_ITS_OWN: dict[str, dict[str, Any]] = {
    "without-object": {"number": "CUP-2026-014/modification-2"},
    "decision-tacit": {"on": date(2026, 5, 28)},
    "limit-warning-refuse": {"on": date(2026, 5, 21)},
    "late-opinion-decided": {"on": date(2026, 6, 3)},
    "decision-evaluation": {"on": date(2027, 8, 20)},
    "closure-lapsed": {"on": date(2028, 6, 1)},
    "decision-closed": {"on": date(2027, 8, 20)},
}
"""What is not the application's own, by the name of the specimen."""

RESTS_ON: dict[LetterKind, tuple[str, ...]] = {
    LetterKind.ACKNOWLEDGEMENT: ("admissibility",),
    LetterKind.INCOMPLETE: ("completion",),
    LetterKind.INADMISSIBLE: ("remedy-annulment",),
    LetterKind.ADMISSIBLE: ("decision", "ethics-opinion", "commission-opinion", "answers"),
    LetterKind.INVOICE: ("payment", "contribution-cup-application", "payment-appeal"),
    LetterKind.COMPLETED_IN_TIME: ("admissibility",),
    LetterKind.QUESTIONS: ("answers",),
    LetterKind.DECISION: ("power-to-decide", "alternative-treatment", "remedy-annulment"),
    LetterKind.LIST_DUE: ("evaluation-half-yearly", "evaluation-term", "list-term"),
    LetterKind.EVALUATION_DUE: ("evaluation-half-yearly", "evaluation-term"),
    LetterKind.VALIDITY_ENDS: ("validity-warnings",),
    LetterKind.SUSPENSION: ("power-to-suspend", "remedy-annulment"),
    LetterKind.CLOSED_TO_NEW_PATIENTS: ("power-to-close", "remedy-annulment"),
    LetterKind.CLOSURE: ("power-to-close", "remedy-annulment"),
}
"""The clauses that a specimen rests on, none of them confirmed."""


def _assumed(*clauses: str) -> dict[str, Degree]:
    return dict.fromkeys(clauses, Degree.ASSUMED)


PROGRAMME_BEGINS = ON[LetterKind.PUBLICATION]

TO_THE_DESK = (
    LetterKind.LIMIT_PASSED,
    LetterKind.CONFLICT,
    LetterKind.LATE_OPINION,
    LetterKind.EVALUATION_DUE,
    LetterKind.EVALUATION_MISSED,
    LetterKind.CHANGE_PROPOSED,
    LetterKind.REOPENED,
)
TO_A_BODY = (LetterKind.OPINION_REQUEST, LetterKind.OPINION_SENT_BACK)
TO_THE_PAYER = (LetterKind.INVOICE, LetterKind.INVOICE_REMINDER, LetterKind.CREDIT_NOTE)

ADDRESSES = {
    Role.DESK: "desk@agency.invalid",
    Role.ETHICS_COMMITTEE: "ethics@agency.invalid",
    Role.COMMISSION: "commission@agency.invalid",
}
ADDRESSEE = ("Voorbeeld Pharma NV", "Voorbeeldstraat 1", "1000 Brussel")
CREDITOR = Creditor(
    "Specimen Agency for Medicines",
    address="Specimen Street 1; 1000 Brussels",
    enterprise_number="0123.456.749",
    account="BE71 0961 2345 6769",
    telephone="+32 2 000 00 00",
)


def role_of(kind: LetterKind) -> Role:
    """Whom a letter of that kind is mostly for."""
    if kind in TO_THE_PAYER:
        return Role.INVOICE_ADDRESSEE
    if kind in TO_A_BODY:
        return Role.ETHICS_COMMITTEE
    if kind == LetterKind.FOR_INFORMATION:
        return Role.EUROPEAN_AGENCY
    return Role.DESK if kind in TO_THE_DESK else Role.APPLICANT


def letter(kind: LetterKind, /, **changed: Any) -> Letter:
    """A letter of that kind with its facts, some of them changed."""
    return Letter(kind=kind, role=role_of(kind), facts={**FACTS[kind], **changed})


def batch(*letters: Letter, applicant: Party | None, **changed: Any) -> LetterBatch:
    """The letters of one entry, as a workflow hands them over."""
    values: dict[str, Any] = {
        "number": "CUP-2026-014",
        "entry": 7,
        "on": date(2026, 5, 21),
        "procedure": "CUP",
        "applicant": applicant,
        "invoice_addressee": applicant,
        "subject": PRODUCT.subject,
        "article": "art. 106",
        "invoice": INVOICE,
        "credit_note": CREDIT_NOTE,
        "letters": letters,
    }
    return LetterBatch(**{**values, **changed})


def languages_of(kind: LetterKind) -> list[Language]:
    """The languages that a kind of letter is written in."""
    return [
        language
        for language in Language
        if language is not Language.DE or not letters("CUP")[kind].to_offices
    ]


def specimens() -> Iterator[tuple[str, Letter]]:
    """Every kind of letter and its variants, each with the name of its specimen."""
    for kind in STATES:
        variants = {name: changed for name, (of, changed) in VARIANTS.items() if of == kind}
        for name, changed in {kind.value: dict[str, Any](), **variants}.items():
            made = letter(kind, **changed)
            asked = kind in TO_A_BODY and "body" in changed
            role = Role(changed["body"]) if asked else ALSO_TO.get(name, made.role)
            rests_on = () if made.facts.get("valid_until") else RESTS_ON.get(kind, ())
            yield name, made.model_copy(update={"role": role, "unconfirmed": _assumed(*rests_on)})
    warned = letter(LetterKind.ADMISSIBLE, reckonings=[counted()], due_on="2026-05-27")
    yield (
        "admissible-counted",
        warned.model_copy(update={"unconfirmed": _assumed("decision", "ethics-opinion")}),
    )


def specimen_batch(name: str, specimen: Letter) -> LetterBatch:
    """The case of a specimen, on the day on which it leaves."""
    on = ON[specimen.kind]
    facts: dict[str, Any] = {"on": on, "entry": sorted(ON.values()).index(on) + 1}
    if on >= PROGRAMME_BEGINS:
        facts["article"] = "art. 106 and 107"
    party = Party(id="", name=ADDRESSEE[0])
    return batch(specimen, applicant=party, **{**facts, **OF_ITS_OWN.get(name, {})})


def counted() -> dict[str, Any]:
    """How the last day of a limit with a stop was counted, as a letter tells it."""
    clock = Clock(
        limit=Limit(amount=40, unit=Unit.WORKING_DAYS),
        rules=Rules.BELGIAN,
        started_on=date(2026, 3, 5),
        stops=[Stop(first=date(2026, 3, 21), last=date(2026, 3, 30), reason="questions")],
    )
    return {
        "clause": "commission-opinion",
        "article": "Royal Decree of 14 December 2006 (numac 2006023298), art. 106 § 12",
        "reckoning": clock.reckon(belgium(2026), date(2026, 4, 10)).model_dump(
            mode="json", exclude_defaults=True
        ),
        "off": {},
    }


def write(into: Path) -> int:
    """Writes every specimen and the index page. Returns: how many letters."""
    into.mkdir(parents=True, exist_ok=True)
    pages, shown = LetterPages(CREDITOR.name, ADDRESSES[Role.DESK], creditor=CREDITOR), []
    for name, specimen in specimens():
        for language in languages_of(specimen.kind):
            asked = specimen_batch(name, specimen)
            lines = ADDRESSEE
            if specimen.role not in TO_PARTIES:
                lines = (
                    pages.wording_of(asked.procedure).words(language)["recipients"][specimen.role.value],
                )
            to = Recipient(lines, language, ("pharma@example.org",))
            if language is Language.EN and specimen.role not in offices(asked.procedure):
                to = replace(to, language=Language.NL, translation=language)
            laid_out = pages.layout(asked, specimen, to, Debtor(ADDRESSEE[0], "\n".join(ADDRESSEE[1:])))
            file, pictures = f"{name}.{language.value}", pages.pictures(laid_out, 60)
            (into / f"{file}.pdf").write_bytes(pages.pdf(laid_out, asked.on))
            (into / f"{file}.html").write_text(pages.html(laid_out), encoding="utf-8")
            (into / f"{file}.png").write_bytes(pictures[-1 if to.translation else 0])
            shown.append((name, file, language, laid_out["title"], len(pictures)))
    (into / "index.html").write_text(_index(shown), encoding="utf-8")
    return len(shown)


def _index(shown: list[tuple[str, str, Language, str, int]]) -> str:
    rows: dict[str, list[str]] = {}
    for name, file, language, title, pages in shown:
        rows.setdefault(name, []).append(
            f'<figure lang="{language.value}"><a href="{file}.pdf"><img src="{file}.png" loading="lazy" '
            f'alt="{escape(title)}"></a><figcaption>{language.value.upper()} · {escape(title)} '
            f'({pages} p.) · <a href="{file}.html">HTML</a></figcaption></figure>'
        )
    body = "".join(f"<h2>{name}</h2><div>{''.join(figures)}</div>" for name, figures in rows.items())
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Specimens of every letter</title><style>
body {{ font-family: Georgia, serif; margin: 2rem; color: #1b2a41; background: #f3f7f8 }}
div {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1.2rem }}
figure {{ margin: 0 }} img {{ width: 100%; border: 1px solid #cfd9df; background: #fff }}
figcaption {{ font-size: .85rem; color: #4a5568 }} h2 {{ color: #1f6f78; margin: 2rem 0 .6rem }}
</style></head><body><h1>Specimens of every letter</h1>{body}</body></html>
"""


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/letters")
    print(f"{write(folder)} letters in {folder}; open {folder / 'index.html'}")
