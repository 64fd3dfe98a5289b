"""Entries and letters as a workflow hands them over, for measuring without a server."""

from __future__ import annotations

from datetime import UTC, date, datetime

from activities.documents import Documents
from benchmarks.desk import PRODUCT
from models.entry import Entry, Letter, LetterBatch, LetterKind, Standing
from models.outbox import Lane
from models.parties import Party
from models.register import NoticeRow
from procedures.be_umn.words import Phase, PublicList, Role
from procedures.books import applicable_law
from register import outbox
from register.database import transaction
from samples.letters import FACTS

DAY = date(2026, 3, 2)
LAW = applicable_law("CUP", None, DAY)


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
            subject=PRODUCT.subject,
            phase=Phase.AUTHORISED,
            possible=("meet-condition", "suspend", "close-to-new-patients", "close"),
            due_on=date(2026, 10, 30),
            public_list=PublicList.AUTHORISED,
            last_update_on=DAY,
            authorised_on=DAY,
            review_on=date(2027, 3, 2),
            law=LAW.digest,
        ),
    )


def letters(programme: str, sequence: int, applicant: Party) -> LetterBatch:
    """The one letter of an entry: a decision, as its specimen has it."""
    decision = Letter(kind=LetterKind.DECISION, role=Role.APPLICANT, facts=FACTS[LetterKind.DECISION])
    return LetterBatch(
        number=programme,
        entry=sequence,
        on=DAY,
        procedure="CUP",
        applicant=applicant,
        invoice_addressee=applicant,
        subject=PRODUCT.subject,
        article="art. 106",
        letters=(decision,),
    )


def made(documents: Documents, url: str, batch: LetterBatch) -> list[NoticeRow]:
    """The notices of a letter that is told and made at once."""
    with transaction(url) as session:
        outbox.put(session, batch)
        session.flush()
        (row,) = outbox.to_make(session, Lane(number=batch.number, role=batch.letters[0].role))
        session.expunge(row)
    return documents.make(row)
