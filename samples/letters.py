"""A specimen of every letter in every language that it is written in, from one set of invented facts.

`python -m samples.letters INTO` writes each as PDF, HTML and picture into a folder, with an index page
to look at them. Products, firms, diseases and addresses do not exist. The facts are JSON values only, as a
workflow hands them over.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from activities.invoice_pages import Creditor, Debtor
from activities.letter_pages import LetterPages, Recipient
from models.clock import Clock, Limit, Rules, Stop, Unit
from models.dossier import CreditNote, Invoice
from models.entry import Letter, LetterBatch, LetterKind
from models.law.calendars import belgium
from models.letters import TO_OFFICES
from models.parties import TO_PARTIES, Language, Party, Product, Role

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

REMEDY = {
    "within": {"amount": 60, "unit": "calendar_days"},
    "article": "Coordinated Acts on the Council of State of 12 January 1973 (numac 1973011250), "
    "art. 14 and 19",
}

SAFETY_REPORT = {"from_on": "2026-06-01", "until_on": "2026-11-30", "due_on": "2026-12-01"}

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
    "remedy": REMEDY,
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
        "due_on": "2026-04-07",
    },
    LetterKind.INADMISSIBLE: {
        "grounds": "The medicine is authorised and marketed for this indication.",
        "remedy": REMEDY,
    },
    LetterKind.ADMISSIBLE: {
        "admissible_on": "2026-03-05",
        "due_on": "2026-05-04",
        "bodies": ["ethics_committee", "commission"],
        "opinions": [
            {"body": "ethics_committee", "due_on": "2026-04-02"},
            {"body": "commission", "due_on": "2026-04-07"},
        ],
        "answers": {"amount": 30, "unit": "calendar_days"},
    },
    LetterKind.INVOICE: {
        "kind": "application",
        "source": "Act of 20 July 2006 on the FAMHP, Annex VII",
        "appeal_until": "2026-04-04",
    },
    LetterKind.INVOICE_REMINDER: {"reminder": 2},
    LetterKind.CREDIT_NOTE: {"reason": "The same dossier was invoiced twice"},
    LetterKind.OPINION_REQUEST: {"body": "ethics_committee", "due_on": "2026-04-02"},
    LetterKind.QUESTIONS: {
        "questions": ["How is the dose adapted in renal failure?", "Which batches are supplied?"],
        "due_on": "2026-04-20",
    },
    LetterKind.CLOCK_RESTARTED: {"answered_on": "2026-04-10", "due_on": "2026-05-27"},
    LetterKind.LIMIT_WARNING: {
        "phase": "questions",
        "clause": "answers",
        "due_on": "2026-04-20",
        "working_days_left": 1,
        "last": True,
        "silence": "decided_on_file",
    },
    LetterKind.LIMIT_PASSED: {
        "phase": "opinion",
        "due_on": "2026-04-02",
        "silence": "no_tacit_decision",
    },
    LetterKind.DATE_MOVED: {"clause": "decision", "was": "2026-05-27", "due_on": "2026-05-28"},
    LetterKind.CONFLICT: {
        "answered_on": "2026-05-08",
        "silence_on": "2026-05-11",
        "due_as_it_stands": "2026-07-09",
        "due_as_it_happened": "2026-07-07",
    },
    LetterKind.DECISION: DECISION,
    LetterKind.PUBLICATION: {"public_list": "authorised", "on": "2026-06-01"},
    LetterKind.WITHDRAWAL: {"withdrawn_on": "2026-04-15", "fee_due": True},
    LetterKind.WITHOUT_OBJECT: {},
    LetterKind.CONDITION_DUE: {"condition": 1, "text": "Submit the results", "due_on": "2026-10-30"},
    LetterKind.CONDITION_OVERDUE: {"condition": 1, "text": "Submit the results", "due_on": "2026-10-30"},
    LetterKind.SAFETY_REPORT_DUE: SAFETY_REPORT,
    LetterKind.SAFETY_REPORT_OVERDUE: SAFETY_REPORT,
    LetterKind.RE_EVALUATION_DUE: {"year": 2027, "due_on": "2027-06-01"},
    LetterKind.RE_EVALUATION_MISSED: {"year": 2027, "due_on": "2027-06-01"},
    LetterKind.SUSPENSION_PROPOSED: {"year": 2027, "due_on": "2027-06-01", "missed_on": "2027-06-02"},
    LetterKind.SUSPENSION: {
        "grounds": "A new signal of liver toxicity.",
        "effective_on": "2027-07-01",
        "requested_by": "agency",
        "for_safety": True,
        "remedy": REMEDY,
    },
    LetterKind.SUSPENSION_LIFTED: {"grounds": "The signal was not confirmed.", "on": "2027-09-01"},
    LetterKind.CLOSED_TO_NEW_PATIENTS: {
        "grounds": "The medicine is reimbursed from next month.",
        "continuity_plan": "Treated patients are supplied until they change over.",
        "on": "2028-01-15",
        "remedy": REMEDY,
    },
    LetterKind.CLOSURE: {
        "grounds": "The last patient has changed over.",
        "continuity_plan": "No patient is left under treatment.",
        "on": "2028-06-30",
        "remedy": REMEDY,
    },
}

VARIANTS: dict[str, tuple[LetterKind, dict[str, Any]]] = {
    "date-moved-received": (
        LetterKind.DATE_MOVED,
        {"clause": "answers", "was": "2026-04-20", "due_on": "2026-05-26", "received_on": "2026-04-24"},
    ),
    "opinion-request-commission": (
        LetterKind.OPINION_REQUEST,
        {"body": "commission", "due_on": "2026-04-07"},
    ),
    "re-evaluation-due-assumed": (LetterKind.RE_EVALUATION_DUE, {"assumed": True}),
    "decision-authorised": (LetterKind.DECISION, {"outcome": "authorised", "conditions": [], "remedy": None}),
    "decision-refused": (
        LetterKind.DECISION,
        {
            "outcome": "refused",
            "conditions": [],
            "grounds": "A satisfactory treatment is authorised, marketed and reimbursed.\n\n"
            "The benefits do not outweigh the risks in the group of patients that is described.",
        },
    ),
    "decision-re-evaluation": (
        LetterKind.DECISION,
        {
            "kind": "re-evaluation",
            "outcome": "continued",
            "conditions": [],
            "rules": [],
            "remedy": None,
            "decided_on": "2027-08-20",
            "effective_on": "2027-08-20",
        },
    ),
    "decision-closed": (
        LetterKind.DECISION,
        {
            "kind": "re-evaluation",
            "outcome": "closed",
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
            "remedy": None,
            "grounds": "The production of the medicine is interrupted.",
            "effective_on": "2027-07-15",
        },
    ),
    "suspension-lifted-again": (LetterKind.SUSPENSION_LIFTED, {"again_on": "2027-10-01"}),
}
"""Letters of a kind that read differently, by the name of their specimen."""

ON: dict[LetterKind, date] = {
    LetterKind.ACKNOWLEDGEMENT: date(2026, 3, 2),
    LetterKind.INCOMPLETE: date(2026, 3, 5),
    LetterKind.INADMISSIBLE: date(2026, 3, 5),
    LetterKind.ADMISSIBLE: date(2026, 3, 5),
    LetterKind.INVOICE: date(2026, 3, 5),
    LetterKind.OPINION_REQUEST: date(2026, 3, 5),
    LetterKind.QUESTIONS: date(2026, 3, 20),
    LetterKind.LIMIT_PASSED: date(2026, 4, 3),
    LetterKind.CLOCK_RESTARTED: date(2026, 4, 10),
    LetterKind.WITHDRAWAL: date(2026, 4, 16),
    LetterKind.LIMIT_WARNING: date(2026, 4, 17),
    LetterKind.DATE_MOVED: date(2026, 4, 24),
    LetterKind.INVOICE_REMINDER: date(2026, 5, 7),
    LetterKind.CONFLICT: date(2026, 5, 18),
    LetterKind.DECISION: date(2026, 5, 21),
    LetterKind.CREDIT_NOTE: date(2026, 5, 21),
    LetterKind.PUBLICATION: date(2026, 6, 1),
    LetterKind.CONDITION_DUE: date(2026, 9, 30),
    LetterKind.SAFETY_REPORT_DUE: date(2026, 10, 2),
    LetterKind.CONDITION_OVERDUE: date(2026, 10, 31),
    LetterKind.SAFETY_REPORT_OVERDUE: date(2026, 12, 16),
    LetterKind.RE_EVALUATION_DUE: date(2027, 3, 3),
    LetterKind.RE_EVALUATION_MISSED: date(2027, 6, 2),
    LetterKind.SUSPENSION: date(2027, 7, 1),
    LetterKind.SUSPENSION_PROPOSED: date(2027, 7, 2),
    LetterKind.SUSPENSION_LIFTED: date(2027, 9, 1),
    LetterKind.CLOSED_TO_NEW_PATIENTS: date(2028, 1, 15),
    LetterKind.CLOSURE: date(2028, 6, 30),
    LetterKind.WITHOUT_OBJECT: date(2028, 7, 3),
}
"""The day of each specimen, in the order of one life cycle; its place in it is the entry."""

OF_ITS_OWN: dict[str, dict[str, Any]] = {
    "without-object": {"number": "CUP-2026-014/modification-2"},
    "re-evaluation-due-assumed": {"number": "UMN-2026-003", "procedure": "UMN", "article": ""},
    "decision-re-evaluation": {"number": "CUP-2026-014/re-evaluation-2027", "on": date(2027, 8, 20)},
    "decision-closed": {"number": "CUP-2026-014/re-evaluation-2027", "on": date(2027, 8, 20)},
}
"""What is not the application's own, by the name of the specimen."""

RESTS_ON: dict[LetterKind, tuple[str, ...]] = {
    LetterKind.ACKNOWLEDGEMENT: ("admissibility",),
    LetterKind.INCOMPLETE: ("completion",),
    LetterKind.INADMISSIBLE: ("remedy-annulment",),
    LetterKind.ADMISSIBLE: ("decision", "ethics-opinion", "commission-opinion", "answers"),
    LetterKind.INVOICE: ("payment", "contribution-cup-application", "payment-appeal"),
    LetterKind.QUESTIONS: ("answers",),
    LetterKind.DECISION: ("power-to-decide", "alternative-treatment", "remedy-annulment"),
    LetterKind.RE_EVALUATION_DUE: ("re-evaluation",),
    LetterKind.SUSPENSION: ("power-to-suspend", "remedy-annulment"),
    LetterKind.CLOSED_TO_NEW_PATIENTS: ("power-to-close", "remedy-annulment"),
    LetterKind.CLOSURE: ("power-to-close", "remedy-annulment"),
}
"""The clauses that a specimen rests on, none of them verified."""

PROGRAMME_BEGINS = ON[LetterKind.PUBLICATION]

TO_THE_DESK = (LetterKind.LIMIT_PASSED, LetterKind.CONFLICT, LetterKind.SUSPENSION_PROPOSED)
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
)


def role_of(kind: LetterKind) -> Role:
    """Whom a letter of that kind is mostly for."""
    if kind in TO_THE_PAYER:
        return Role.INVOICE_ADDRESSEE
    if kind is LetterKind.OPINION_REQUEST:
        return Role.ETHICS_COMMITTEE
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
        "product": PRODUCT,
        "article": "art. 106",
        "invoice": INVOICE,
        "credit_note": CREDIT_NOTE,
        "letters": letters,
    }
    return LetterBatch(**{**values, **changed})


def languages_of(kind: LetterKind) -> list[Language]:
    """The languages that a kind of letter is written in."""
    return [language for language in Language if language is not Language.DE or kind not in TO_OFFICES]


def specimens() -> Iterator[tuple[str, Letter]]:
    """Every kind of letter and its variants, each with the name of its specimen."""
    for kind in LetterKind:
        variants = {name: changed for name, (of, changed) in VARIANTS.items() if of is kind}
        for name, changed in {kind.value: dict[str, Any](), **variants}.items():
            made = letter(kind, **changed)
            role = Role(changed["body"]) if "body" in changed else made.role
            unnamed = () if made.facts.get("remedy", REMEDY) else ("remedy-annulment",)
            rests_on = tuple(clause for clause in RESTS_ON.get(kind, ()) if clause not in unnamed)
            yield name, made.model_copy(update={"role": role, "unverified": rests_on})
    warned = letter(LetterKind.ADMISSIBLE, reckonings=[counted()], due_on="2026-05-27")
    yield "admissible-counted", warned.model_copy(update={"unverified": ("decision", "ethics-opinion")})


def specimen_batch(name: str, specimen: Letter, language: Language) -> LetterBatch:
    """The case of a specimen, on the day on which it leaves."""
    on = ON[specimen.kind]
    facts: dict[str, Any] = {"on": on, "entry": sorted(ON.values()).index(on) + 1}
    if on >= PROGRAMME_BEGINS:
        facts["article"] = "art. 106 and 107"
    party = Party(id="", name=ADDRESSEE[0], language=language)
    return batch(specimen, applicant=party, **{**facts, **OF_ITS_OWN.get(name, {})})


def counted() -> dict[str, Any]:
    """How the last day of a limit with a stop was counted, as a letter tells it."""
    clock = Clock(
        limit=Limit(amount=40, unit=Unit.WORKING_DAYS),
        rules=Rules.BELGIAN,
        started_on=date(2026, 3, 5),
        stops=[Stop(first=date(2026, 3, 20), last=date(2026, 4, 10), reason="questions")],
    )
    return {
        "clause": "decision",
        "article": "Royal Decree of 14 December 2006 (numac 2006023298), art. 106 and 108",
        "reckoning": clock.reckon(belgium(2026)).model_dump(mode="json", exclude_defaults=True),
        "off": {},
    }


def write(into: Path) -> int:
    """Writes every specimen and the index page. Returns: how many letters."""
    into.mkdir(parents=True, exist_ok=True)
    pages, shown = LetterPages(CREDITOR.name, ADDRESSES[Role.DESK], creditor=CREDITOR), []
    for name, specimen in specimens():
        for language in languages_of(specimen.kind):
            asked = specimen_batch(name, specimen, language)
            lines = ADDRESSEE
            if specimen.role not in TO_PARTIES:
                lines = (pages.wording.words(language)["recipients"][specimen.role.value],)
            to = Recipient(lines, language, ("pharma@example.org",))
            laid_out = pages.layout(asked, specimen, to, Debtor(ADDRESSEE[0], "\n".join(ADDRESSEE[1:])))
            file, pictures = f"{name}.{language.value}", pages.pictures(laid_out, 60)
            (into / f"{file}.pdf").write_bytes(pages.pdf(laid_out, asked.on))
            (into / f"{file}.html").write_text(pages.html(laid_out), encoding="utf-8")
            (into / f"{file}.png").write_bytes(pictures[0])
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
