"""The contribution: asked by invoice once the dossier is admissible, then pressed for until it is paid.

Law: Act of 20 July 2006, art. 14/14 to 14/22; invoice after validation since 15 April 2019.
Silence: an unpaid invoice is reminded of, then handed over to collection. It never holds up the
examination (domain notes F-17, our reading: flag only), and it outlives a refusal or a withdrawal.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from models.acts import ContributionFixed, InvoicePaid, Silence
from models.dossier import Invoice
from models.entry import Demand, LetterKind, OpenClock
from models.parties import Role
from models.phases import Phase

if TYPE_CHECKING:
    from workflows.dossier import DossierExamination
    from workflows.proceeding import Proceeding


async def ask_contribution(dossier: DossierExamination) -> None:
    """Invoices the contribution of the law to the addressee that the cover letter names.

    Law: Act of 20 July 2006, art. 14/14. Where the law as we hold it has no amount for the day, the
    dossier waits for a person to fix it with its source; nothing is guessed.
    """
    filed, law = dossier.filed, dossier.filed.law
    if law.contribution is None and not law.contribution_gap:
        return
    cents = law.contribution.cents if law.contribution else None
    if cents is None:
        dossier.note(contribution_gap=law.contribution_gap)
        cents = await fix_contribution(dossier)
    clock = law.clock("payment", dossier.today)
    term = clock.due_on(law.calendar)
    assert term is not None
    dossier.ask_payment(
        Demand(cents=cents, addressee=filed.invoice_addressee, issued_on=dossier.today, due_on=term)
    )
    amount = (law.contribution.clause,) if law.contribution else ()
    dossier.tell(LetterKind.INVOICE, Role.INVOICE_ADDRESSEE, ("payment", *amount), counts=clock)
    await_payment(dossier)


async def fix_contribution(dossier: DossierExamination) -> int:
    """A person fixes the contribution, with its source. Meanwhile the limit to decide runs.

    Returns: the contribution in cents. Silence: flagged when the limit to decide has passed.
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
                return act.cents
            case Silence():
                dossier.limit_passed(Phase.INVOICE, "decision", due_on)
                overdue = True


def open_clock(proceeding: Proceeding) -> list[OpenClock]:
    """The term of an invoice that is not settled; the day that the invoice names stands."""
    invoice, law = proceeding.carried.invoice or proceeding.demanded, proceeding.law
    if invoice is None or (isinstance(invoice, Invoice) and not invoice.is_open):
        return []
    return [
        OpenClock(
            ref="payment",
            desk=Role.INVOICE_ADDRESSEE,
            due_on=invoice.due_on,
            clock=law.clock_to("payment", invoice.issued_on, invoice.due_on),
            unverified=bool(law.unverified("payment")),
        )
    ]


def await_payment(proceeding: Proceeding) -> None:
    """From here on a payment may arrive at any time, whatever phase the case is in."""

    async def book(paid: InvoicePaid) -> None:
        book_payment(proceeding, paid)

    proceeding.always[InvoicePaid] = book


def book_payment(proceeding: Proceeding, paid: InvoicePaid) -> None:
    """The contribution is settled on the day the money arrived."""
    invoice = proceeding.carried.invoice
    assert invoice is not None
    invoice.paid_on = paid.on or proceeding.today
    proceeding.note(invoice=invoice.invoice, cents=paid.cents)
    proceeding.always.pop(InvoicePaid, None)


def presses_on(proceeding: Proceeding) -> date | None:
    """The next day on which an invoice is reminded of or handed over, while payment is awaited beside."""
    return pressing_day(proceeding) if InvoicePaid in proceeding.always else None


def pressing_day(proceeding: Proceeding) -> date | None:
    """The next day on which an unpaid invoice is reminded of or handed over to collection."""
    invoice, law = proceeding.carried.invoice, proceeding.carried.law
    if invoice is None or not invoice.is_open:
        return None
    ladder = law.ladder("payment-reminders")
    if invoice.reminders < len(ladder):
        return invoice.due_on + timedelta(days=ladder[invoice.reminders].amount)
    return invoice.due_on + timedelta(days=law.limit("collection").amount)


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
        proceeding.happens("HandedToCollection", invoice=invoice.invoice, cents=invoice.cents)
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
        match await proceeding.next_act(
            InvoicePaid,
            phase=phase,
            due_on=invoice.due_on,
            wake_on=pressing_day(proceeding),
            overdue=invoice.due_on < proceeding.today,
            rests_on=("payment",),
        ):
            case InvoicePaid() as paid:
                book_payment(proceeding, paid)
            case Silence():
                press_for_payment(proceeding)
