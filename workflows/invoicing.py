"""The contribution: asked by invoice once the dossier is admissible, then pressed for until it is paid.

Law: Act of 20 July 2006, art. 14/14 to 14/22; invoice after validation since 15 April 2019.
Silence: an unpaid invoice is reminded of, then handed over to collection. It holds up the decision
only where the clause `unpaid-blocks` says so (as shipped: flag only), and it outlives a refusal or a
withdrawal.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from models.acts import (
    Booking,
    ContributionFixed,
    InvoiceCredited,
    InvoicePaid,
    PaymentReceived,
    PaymentReversed,
    Silence,
    SurplusRefunded,
)
from models.clock import Clock
from models.dossier import Invoice
from models.entry import Credit, Demand, LetterKind, OpenClock
from models.errors import BeyondHorizon
from models.law.conditions import BLOCK
from models.parties import Role
from models.phases import Phase

if TYPE_CHECKING:
    from workflows.dossier import DossierExamination
    from workflows.proceeding import Proceeding


TERM = "payment"
APPEAL = "payment-appeal"


async def ask_contribution(dossier: DossierExamination) -> None:
    """Invoices the contribution of the law to the addressee that the cover letter names.

    Law: Act of 20 July 2006, art. 14/14. Where the law as we hold it has no amount for the day, the
    dossier waits for a person to fix it with its source; nothing is guessed.
    """
    filed, law = dossier.filed, dossier.filed.law
    if law.contribution is None and not law.contribution_gap:
        return
    cents = law.contribution.cents if law.contribution else None
    source = law.contribution.article if law.contribution else ""
    if cents is None:
        dossier.note(contribution_gap=law.contribution_gap)
        fixed = await fix_contribution(dossier)
        cents, source = fixed.cents, fixed.source
    clock = law.clock("payment", dossier.today)
    term = clock.due_on(law.calendar)
    assert term is not None
    dossier.ask_payment(
        Demand(cents=cents, addressee=filed.invoice_addressee, issued_on=dossier.today, due_on=term)
    )
    behind = ["payment", *((law.contribution.clause,) if law.contribution else ())]
    facts: dict[str, date | str] = {"kind": filed.kind.value, "source": source}
    if appeal := appeal_clock(dossier, dossier.today):
        behind.append(appeal.clause)
        facts["appeal_until"] = appeal.due_on(law.calendar) or term
    dossier.tell(LetterKind.INVOICE, Role.INVOICE_ADDRESSEE, tuple(behind), counts=clock, **facts)
    await_payment(dossier)


async def fix_contribution(dossier: DossierExamination) -> ContributionFixed:
    """A person fixes the contribution, with its source. Meanwhile the limit to decide runs.

    Silence: flagged when the limit to decide has passed.
    """
    overdue = False
    while True:
        due_on = dossier.due("decision")
        overdue = overdue and due_on < dossier.today
        match await dossier.next_act(
            ContributionFixed, phase=Phase.INVOICE, due_on=due_on, overdue=overdue, rests_on=("decision",)
        ):
            case ContributionFixed() as act:
                dossier.note(cents=act.cents, source=act.source)
                return act
            case Silence():
                dossier.limit_passed(Phase.INVOICE, "decision", due_on)
                overdue = True


def open_clock(proceeding: Proceeding) -> list[OpenClock]:
    """The term of an invoice that is not settled, and the time to object to it while that lasts.

    The day that the invoice names stands, unless it came back: then neither runs until it is received.
    """
    invoice, law = proceeding.carried.invoice or proceeding.demanded, proceeding.law
    if invoice is None or (isinstance(invoice, Invoice) and not invoice.is_open):
        return []
    since, term_ends_on, clock = invoice.issued_on, invoice.due_on, None
    if isinstance(invoice, Invoice):
        since, term_ends_on, clock = invoice.received_on or since, invoice.term_ends_on, invoice.clock
    clock = clock or law.clock_to(TERM, since, term_ends_on)
    term = OpenClock(
        ref=TERM,
        desk=Role.INVOICE_ADDRESSEE,
        due_on=term_ends_on,
        clock=clock.model_copy(deep=True) if clock else None,
        unverified=not clock.verified if clock and clock.verified is not None else bool(law.unverified(TERM)),
    )
    appeal = appeal_clock(proceeding, since)
    if appeal is None:
        return [_awaiting_receipt(proceeding, term)]
    objection = OpenClock(
        ref=APPEAL,
        desk=law.desk(APPEAL),
        due_on=appeal.due_on(law.calendar),
        clock=appeal,
        unverified=bool(law.unverified(APPEAL)),
    )
    return [_awaiting_receipt(proceeding, term), _awaiting_receipt(proceeding, objection)]


def term_clock(proceeding: Proceeding, since: date) -> Clock | None:
    """The clock behind the day that an invoice names: it keeps the value that the day was counted with."""
    law = proceeding.law
    return law.clock(TERM, since) if TERM in law.clauses else None


def _awaiting_receipt(proceeding: Proceeding, open_clock: OpenClock) -> OpenClock:
    """A clock of an invoice that came back has no last day until the invoice is received."""
    if not proceeding.docket.waits_for(open_clock.ref):
        return open_clock
    if open_clock.clock:
        open_clock.clock.await_receipt()
    return open_clock.model_copy(update={"due_on": None})


def appeal_clock(proceeding: Proceeding, since: date) -> Clock | None:
    """The time in which the addressee may object to an invoice, until it has passed.

    Law: Act of 20 July 2006, art. 14/20: from receipt of the payment notice.
    Interpretation: an invoice counts as received on its day, unless it comes back (workflows/delivery.py).
    """
    last = ends(proceeding, APPEAL, since)
    running = last is not None and last >= proceeding.today
    return proceeding.law.clock(APPEAL, since) if running or proceeding.docket.waits_for(APPEAL) else None


def ends(proceeding: Proceeding, clause: str, since: date) -> date | None:
    """The last day of a clause that runs from an invoice; nothing where this law does not count it."""
    if clause not in proceeding.law.clauses:  # a law of an earlier release
        return None
    try:
        return proceeding.law.clock(clause, since).due_on(proceeding.law.calendar)
    except BeyondHorizon:  # an invoice of years ago
        return None


def stands_still(proceeding: Proceeding) -> bool:
    """Whether an invoice came back and did not reach its addressee yet: nobody is pressed to pay it."""
    return proceeding.docket.waits_for(TERM)


def await_payment(proceeding: Proceeding) -> None:
    """From here on a payment may arrive at any time, whatever phase the case is in."""

    async def book(paid: InvoicePaid) -> None:
        book_payment(proceeding, paid)

    proceeding.always[InvoicePaid] = book


def book_payment(proceeding: Proceeding, paid: InvoicePaid) -> None:
    """The contribution is settled on the day the money arrived."""
    invoice = proceeding.carried.invoice
    assert invoice is not None
    invoice.receive(paid.cents, paid.on or proceeding.today)
    proceeding.note(invoice=invoice.invoice, cents=paid.cents)
    proceeding.always.pop(InvoicePaid, None)


def take_booking(proceeding: Proceeding, booking: Booking) -> None:
    """What the accounts tell of the invoice: a payment, one taken back, or a credit note."""
    invoice = proceeding.carried.invoice
    assert invoice is not None
    on = booking.on or proceeding.today
    was_open = invoice.is_open
    match booking:
        case PaymentReceived():
            invoice.receive(booking.cents, on)
            proceeding.note(movement=booking.movement, cents=booking.cents)
        case PaymentReversed() | SurplusRefunded():
            invoice.take_back(booking.cents, on)
            proceeding.note(movement=booking.movement, cents=booking.cents)
        case InvoiceCredited():
            cents = booking.cents or proceeding.carried.creditable_cents
            invoice.credit(cents, on)
            proceeding.note(cents=cents, reason=booking.reason)
            proceeding.credit(Credit(cents=cents, reason=booking.reason, issued_on=proceeding.today))
            proceeding.tell(LetterKind.CREDIT_NOTE, Role.INVOICE_ADDRESSEE, reason=booking.reason)
    proceeding.note(invoice=invoice.invoice, owed_cents=invoice.owed_cents)
    if was_open and not invoice.is_open:
        proceeding.always.pop(InvoicePaid, None)
    elif invoice.is_open and not was_open:
        await_payment(proceeding)


async def hold_until_paid(dossier: DossierExamination) -> None:
    """Where the law of the dossier says so, an open invoice holds up the decision.

    Law: Act of 20 July 2006, art. 14/15; the clause `unpaid-blocks`. The limit to decide runs meanwhile.
    Silence: reminders go on; once the invoice is in collection the examination goes on.
    """
    overdue = False
    while dossier.law.text("unpaid-blocks") == BLOCK and _is_open(dossier):
        dossier.always.pop(InvoicePaid, None)  # awaited here: when it has come, this wait is over
        due_on = dossier.due("decision")
        overdue = overdue and due_on < dossier.today
        limit_passes = None if overdue else due_on + timedelta(days=1)
        match await dossier.next_act(
            InvoicePaid,
            phase=Phase.INVOICE,
            due_on=due_on,
            wake_on=min(filter(None, (pressing_day(dossier), limit_passes)), default=None),
            overdue=overdue,
            rests_on=("decision", "unpaid-blocks"),
        ):
            case InvoicePaid() as paid:
                book_payment(dossier, paid)
            case Silence() if (pressing := pressing_day(dossier)) and pressing <= dossier.today:
                press_for_payment(dossier)
            case Silence():
                dossier.limit_passed(Phase.INVOICE, "decision", due_on)
                overdue = True
    if _is_open(dossier):
        await_payment(dossier)


def _is_open(proceeding: Proceeding) -> bool:
    invoice = proceeding.carried.invoice
    return invoice is not None and invoice.is_open


def presses_on(proceeding: Proceeding) -> date | None:
    """The next day on which an invoice is reminded of or handed over, while payment is awaited beside."""
    return pressing_day(proceeding) if InvoicePaid in proceeding.always else None


def pressing_day(proceeding: Proceeding) -> date | None:
    """The next day on which an unpaid invoice is reminded of or handed over to collection."""
    invoice, law = proceeding.carried.invoice, proceeding.carried.law
    if invoice is None or not invoice.is_open or stands_still(proceeding):
        return None
    ladder = law.ladder("payment-reminders")
    if invoice.reminders < len(ladder):
        return invoice.pressed_from + timedelta(days=ladder[invoice.reminders].amount)
    return invoice.pressed_from + timedelta(days=law.limit("collection").amount)


def press_for_payment(proceeding: Proceeding) -> None:
    """Sends the next reminder; after the last one the invoice goes to collection.

    Reminders whose day passed while nothing ran are not sent one upon the other: the latest counts.
    """
    invoice, law = proceeding.carried.invoice, proceeding.carried.law
    assert invoice is not None
    rungs = len(law.ladder("payment-reminders"))
    if invoice.reminders >= rungs:  # a law with fewer of them may have come meanwhile
        invoice.collected_on = proceeding.today
        proceeding.always.pop(InvoicePaid, None)
        proceeding.happens("HandedToCollection", invoice=invoice.invoice, cents=invoice.owed_cents)
        return
    while invoice.reminders < rungs and (on := pressing_day(proceeding)) and on <= proceeding.today:
        invoice.reminders += 1
    proceeding.happens("PaymentReminded", invoice=invoice.invoice, reminder=invoice.reminders)
    proceeding.tell(
        LetterKind.INVOICE_REMINDER, Role.INVOICE_ADDRESSEE, ("payment",), reminder=invoice.reminders
    )


async def settle_invoice(proceeding: Proceeding, phase: Phase) -> None:
    """Keeps a case that has ended open until its invoice is paid or handed over to collection."""
    proceeding.always.pop(InvoicePaid, None)
    while (invoice := proceeding.carried.invoice) and invoice.is_open:
        due_on = None if stands_still(proceeding) else invoice.term_ends_on
        match await proceeding.next_act(
            InvoicePaid,
            phase=phase,
            due_on=due_on,
            wake_on=pressing_day(proceeding),
            overdue=due_on is not None and due_on < proceeding.today,
            rests_on=("payment",),
        ):
            case InvoicePaid() as paid:
                book_payment(proceeding, paid)
            case Silence():
                press_for_payment(proceeding)
