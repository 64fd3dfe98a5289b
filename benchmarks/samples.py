"""Entries and letters as a workflow hands them over, for measuring without a server."""

from __future__ import annotations

from datetime import UTC, date, datetime

from benchmarks.desk import PRODUCT
from models.entry import Entry, Letter, LetterBatch, LetterKind, Standing
from models.parties import Party, Role
from models.phases import Phase, PublicList

DAY = date(2026, 3, 2)


def number(serial: int) -> str:
    """The number of a programme."""
    return f"CUP-2026-{serial:05d}"


def entry(programme: str, sequence: int, applicant: Party | None) -> Entry:
    """One entry of a programme."""
    return Entry(
        number=programme,
        sequence=sequence,
        recorded_at=datetime(2026, 3, 2, 9, sequence % 60, tzinfo=UTC),
        happened_on=DAY,
        act="ConditionReminded",
        by="the procedure",
        facts={"condition": 1, "text": "Submit the results of the study.", "due_on": "2026-10-30"},
        standing=Standing(
            kind="programme",
            procedure="CUP",
            applicant=applicant,
            product=PRODUCT,
            phase=Phase.AUTHORISED,
            awaits=("meet-condition", "suspend", "close-to-new-patients", "close"),
            due_on=date(2026, 10, 30),
            public_list=PublicList.AUTHORISED,
            last_update_on=DAY,
            authorised_on=DAY,
            re_evaluation_on=date(2027, 3, 2),
        ),
    )


def letters(programme: str, sequence: int, applicant: Party) -> LetterBatch:
    """The one letter of an entry: a decision."""
    facts = {
        "kind": "application",
        "outcome": "authorised",
        "grounds": "The need is not met and the balance is favourable.",
        "conditions": [],
        "decided_on": "2026-03-02",
        "effective_on": "2026-03-02",
    }
    return LetterBatch(
        number=programme,
        entry=sequence,
        on=DAY,
        procedure="CUP",
        applicant=applicant,
        invoice_addressee=applicant,
        product=PRODUCT,
        article="art. 106",
        letters=(Letter(kind=LetterKind.DECISION, role=Role.APPLICANT, facts=facts),),
    )
