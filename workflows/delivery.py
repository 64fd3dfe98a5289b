"""Letters that come back: a limit that runs from receipt does not run until the letter has arrived.

Law: which limits run from the receipt of which letter stands with their clauses (`receipt_of`); our
reading, not verified. A letter counts as received on the day on which its limit was told to start, until it
comes back.
Silence: the desk has a task from the day on which the letter came back; it stays until somebody says that
the letter arrived. A silence that has had its effect by then keeps it: a person decides what follows.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from models.acts import NoticeBounced, PostReported
from models.entry import LetterKind, OpenClock
from models.parties import Role
from models.receipts import Undelivered
from workflows import invoicing

if TYPE_CHECKING:
    from workflows.proceeding import Proceeding

OF_INVOICE = (invoicing.TERM, invoicing.APPEAL)
"""The clauses that run from an invoice; their clocks are made from it."""


def take_report(proceeding: Proceeding, report: PostReported) -> None:
    """The post tells of a letter: it came back, or it has arrived after all."""
    on = report.on or proceeding.today
    proceeding.note(notice=report.notice, letter=report.letter.value, role=report.role.value)
    if isinstance(report, NoticeBounced):
        stand_still(proceeding, report, on)
    else:
        start(proceeding, report, on)


def stand_still(proceeding: Proceeding, report: NoticeBounced, on: date) -> None:
    """What began with the letter did not begin; the desk has a task."""
    clauses = tuple(began_with(proceeding, report))
    for clause in clauses:
        if clock := proceeding.clocks.get(clause):
            clock.await_receipt(proceeding.today)
    proceeding.docket.undelivered.append(
        Undelivered(
            notice=report.notice, letter=report.letter.value, entry=report.entry, on=on, clauses=clauses
        )
    )
    proceeding.note(stands_still=list(clauses))


def began_with(proceeding: Proceeding, report: PostReported) -> list[str]:
    """The open limits that run from the receipt of this very letter."""
    invoice = proceeding.carried.invoice
    running = [clause for clause in proceeding.clocks if proceeding.began[clause] == report.entry]
    running += OF_INVOICE if invoice and invoice.is_open else ()
    return [c for c in running if proceeding.law.starts_on_receipt(c, report.letter.value, report.role)]


def start(proceeding: Proceeding, report: PostReported, on: date) -> None:
    """What waited for the letter starts on the day of its receipt; who received it is told until when.

    What the letter asked for may have been done meanwhile: then nothing starts.
    """
    docket = proceeding.docket
    (arrived,) = (letter for letter in docket.undelivered if letter.notice == report.notice)
    docket.undelivered.remove(arrived)
    moved = {}
    for clause in arrived.clauses:
        if not docket.waits_for(clause) and (days := _started_on(proceeding, clause, on)):
            moved[clause] = days
    proceeding.note(moved=[{"clause": c, "was": was, "due_on": due_on} for c, (was, due_on) in moved.items()])
    for clause, (was, due_on) in moved.items():
        proceeding.tell(
            LetterKind.DATE_MOVED,
            report.role,
            (clause,),
            clause=clause,
            was=was,
            due_on=due_on,
            received_on=on,
        )


def _started_on(proceeding: Proceeding, clause: str, on: date) -> tuple[date, date] | None:
    """Starts a limit on a day. Returns: the last day that the letter told, and the one that counts now."""
    law, clock, invoice = proceeding.law, proceeding.clocks.get(clause), proceeding.carried.invoice
    if clock:
        clock.received(clock.started_on)  # as the letter told it
        was = clock.due_on(law.calendar)
        clock.received(on)
        due_on = clock.due_on(law.calendar)
    elif clause in OF_INVOICE and invoice and invoice.is_open:
        was = invoicing.ends(proceeding, clause, invoice.issued_on)
        due_on = invoicing.ends(proceeding, clause, on)
        invoice.received_on = on
        if clause == invoicing.TERM:
            was, invoice.payable_until, invoice.reminders = invoice.due_on, due_on, 0
            invoice.clock = invoicing.term_clock(proceeding, on)
    else:
        return None
    return (was, due_on) if was and due_on and was != due_on else None


def tasks(proceeding: Proceeding) -> list[OpenClock]:
    """A task of the desk for every letter that came back: to find the addressee and send it again."""
    number = f"{proceeding.carried.number}/"
    return [
        OpenClock(
            ref=f"undelivered-{letter.notice.removeprefix(number).replace('/', '-')}",
            desk=Role.DESK,
            due_on=letter.on,
        )
        for letter in proceeding.docket.undelivered
    ]
