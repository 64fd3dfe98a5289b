"""What runs beside every phase once a contribution is due: its amount, its invoice, its term, its reminders.

Law: the clauses `payment`, `payment-reminders`, `collection` and `payment-appeal`.
Silence: an amount that nobody has fixed stays a task; an unpaid invoice is reminded of, then handed over to
collection. Neither holds up anything (workflows/phases/contribution.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from models.account import Account
from models.acts import (
    Act,
    Booking,
    ClaimInterrupted,
    ContributionFixed,
    DeclaredAdmissible,
    InvoiceCredited,
    InvoicePaid,
    PaymentReceived,
    PaymentReversed,
    ServicesSuspended,
    SurplusRefunded,
)
from models.clock import ONE_DAY
from models.dossier import Invoice, Unfixed
from models.entry import Credit, Demand, LetterKind, OpenClock
from models.law.applicable import Change, cites
from models.objection import APPEAL, OBJECTING
from models.parties import Role
from workflows import objection
from workflows.case import Case
from workflows.effects import law_of_notice

TERM = "payment"


def answers(case: Case) -> dict[type[Act], Callable[[Any], None]]:
    """What may be done about its contribution, whatever the phase, and what answers it."""
    possible: dict[type[Act], Callable[[Any], None]] = {}
    if case.carried.unfixed:
        possible[ContributionFixed] = partial(fix_contribution, case)
    if case.demanded or case.carried.open_cents:
        possible[InvoicePaid] = partial(book_payment, case)
    return possible


def unlisted(case: Case) -> dict[type[Act], Callable[[Any], None]]:
    """While something is owed services may be suspended, and the claim kept from lapsing: never listed."""
    if not case.carried.owed_cents:
        return {}
    kept: dict[type[Act], Callable[[Any], None]] = {ClaimInterrupted: partial(interrupt_claim, case)}
    ended = isinstance(case.carried, Account)
    return kept if ended else {ServicesSuspended: partial(suspend_services, case), **kept}


def interrupt_claim(case: Case, act: ClaimInterrupted) -> None:
    """The claim lapses later: `umn payments owed` counts from this day on (office/money/debts.py).

    Law: Act of 20 July 2006, art. 14/24.
    """
    case.note(manner=act.manner.value, source=act.source)


def suspend_services(case: Case, act: ServicesSuspended) -> None:
    """An express act with its reasons, told to the debtor; it stops no limit.

    Law: Act of 20 July 2006, art. 14/22 § 8.
    """
    on = case.carried.services_suspended_on = act.on or case.today
    told: dict[str, Any] = {"grounds": act.grounds, "on": on, "linked": list(act.linked)}
    case.note(**told)
    told["article"] = cites(case.law.digest, "services-suspension")
    signatory = act.signatory(case.law)
    kind, role = LetterKind.SERVICES_SUSPENDED, Role.INVOICE_ADDRESSEE
    case.notify(kind, role, ("services-suspension",), signatory=signatory, **told)


def tasks(case: Case) -> list[OpenClock]:
    """A task of the desk while the amount of a contribution that is due is not fixed."""
    due = case.carried.unfixed
    return [OpenClock(ref="contribution", desk=Role.DESK, due_on=due.since)] if due else []


def fix_contribution(case: Case, fixed: ContributionFixed) -> None:
    """A person has fixed the amount: the invoice leaves, in whatever phase the case rests."""
    due = case.carried.unfixed
    assert due is not None
    case.carried.unfixed = None
    attested = {"sme_attested_on": fixed.sme_attested_on} if fixed.sme_attested_on else {}
    case.note(cents=fixed.cents, source=fixed.source, **attested)
    issue_invoice(case, due, fixed.cents, fixed.source)


async def as_of_its_notice(case: Case, heard: Any) -> None:
    """What may bring a notice of payment is answered under the law of its day, whatever that of the file."""
    if isinstance(heard, DeclaredAdmissible | ContributionFixed) and not case.carried.invoice:
        law = case.law
        later = await law_of_notice(law, case.today)
        if new := tuple(one for one in later if one.from_on > law.since(one.clause)):
            case.go_on_under(Change(of=law.digest, applied=new))


def issue_invoice(case: Case, due: Unfixed, cents: int, source: str | dict[str, str], *behind: str) -> None:
    """The invoice leaves; `source` is what it says that the amount rests on, `behind` the clause of that."""
    law = case.law
    clock = law.clock(TERM, case.today)
    term = clock.due_on(law.calendar)
    assert term is not None
    case.ask_payment(
        Demand(
            cents=cents,
            addressee=due.addressee,
            issued_on=case.today,
            due_on=term,
            late_on=clock.late_on(law.calendar) if clock.second else None,
            clock=clock.as_it_stands(),
        )
    )
    rests_on, facts = (TERM, *behind, APPEAL), dict[str, Any](kind=due.kind.value, source=source)
    facts["objection"] = {name: law.limit(of).model_dump(mode="json") for name, of in OBJECTING.items()}
    case.tell(LetterKind.INVOICE, Role.INVOICE_ADDRESSEE, rests_on, counts=clock, **facts)


def clocks(case: Case) -> list[OpenClock]:
    """Every day that counts of its contribution."""
    return [*open_clock(case), *tasks(case)]


def open_clock(case: Case) -> list[OpenClock]:
    """The term of an invoice that is not settled, and the time to object to it while that lasts.

    The day that the invoice names stands, unless it came back: then neither runs until it is received.

    Law: the clauses `payment`, and `payment-appeal` from receipt of the payment notice.
    """
    invoice, law = case.carried.invoice or case.demanded, case.law
    if invoice is None or (isinstance(invoice, Invoice) and not invoice.is_open):
        return []
    since, term_ends_on = invoice.issued_on, invoice.due_on
    if isinstance(invoice, Invoice):
        since, term_ends_on = invoice.received_on or since, invoice.term_ends_on
    clock = invoice.clock or law.clock_to(TERM, since, term_ends_on)
    term = OpenClock(
        ref=TERM,
        desk=Role.INVOICE_ADDRESSEE,
        due_on=term_ends_on,
        late_on=invoice.late_on,
        clock=clock.as_it_stands() if clock else None,
        degree=(clock.degree if clock else None) or law.degree(TERM),
    )
    if stands_still(case):
        if term.clock:
            term.clock.await_receipt()
        term = term.model_copy(update={"due_on": None, "late_on": None})
    appeal = case.carried.time_to_object or law.clock(APPEAL, since).model_copy(update={"presumed": True})
    late_on = appeal.late_on(law.calendar)
    if late_on and late_on < case.today:
        return [term]
    objection = OpenClock(
        ref=APPEAL,
        desk=law.desk(APPEAL),
        due_on=appeal.due_on(law.calendar),
        late_on=appeal.later_on(law.calendar),
        clock=appeal,
        degree=law.degree(APPEAL),
    )
    return [term, objection]


def stands_still(case: Case) -> bool:
    """Whether an invoice came back and did not reach its addressee yet: nobody is pressed to pay it."""
    return case.docket.waits_for(TERM)


def book_payment(case: Case, paid: InvoicePaid) -> None:
    """The contribution is settled on the day the money arrived."""
    invoice = case.carried.invoice
    assert invoice is not None
    invoice.receive(paid.cents, paid.on or case.today)
    case.note(invoice=invoice.invoice, cents=paid.cents)


def take_booking(case: Case, booking: Booking) -> None:
    """What the accounts tell of the invoice: a payment, one taken back, or a credit note."""
    invoice = case.carried.invoice
    assert invoice is not None
    on = booking.on or case.today
    match booking:
        case PaymentReceived():
            invoice.receive(booking.cents, on)
            case.note(movement=booking.movement, cents=booking.cents)
        case PaymentReversed() | SurplusRefunded():
            invoice.take_back(booking.cents, on)
            case.note(movement=booking.movement, cents=booking.cents)
        case InvoiceCredited():
            cents = booking.cents or case.carried.creditable_cents
            invoice.credit(cents, on)
            case.note(cents=cents, reason=booking.reason)
            case.credit(Credit(cents=cents, reason=booking.reason, issued_on=case.today))
            case.tell(LetterKind.CREDIT_NOTE, Role.INVOICE_ADDRESSEE, reason=booking.reason)
    case.note(invoice=invoice.invoice, owed_cents=invoice.owed_cents)


def pressing_day(case: Case) -> date | None:
    """The next day on which an unpaid invoice is reminded of or handed over to collection.

    Where the term has two readings it is reminded of once after the earlier day; all else follows the later.
    """
    invoice, law = case.carried.invoice, case.carried.law
    if invoice is None or not invoice.is_open or stands_still(case):
        return None
    ladder = law.ladder("payment-reminders")
    contested_until = objection.contested_until(case)
    after_it = max(invoice.pressed_from, invoice.passed_after)
    if invoice.reminders < len(ladder):
        since = after_it if invoice.reminders else invoice.pressed_from
        return since + timedelta(days=ladder[invoice.reminders].amount)
    if contested_until == date.max:  # nothing is handed over before it is final
        return None
    return max(
        after_it + timedelta(days=law.limit("collection").amount), (contested_until or after_it) + ONE_DAY
    )


def press_for_payment(case: Case) -> None:
    """Sends the next reminder; after the last one the invoice goes to collection.

    Reminders whose day passed while nothing ran are not sent one upon the other: the latest counts.
    """
    invoice, law = case.carried.invoice, case.carried.law
    assert invoice is not None
    rungs = len(law.ladder("payment-reminders"))
    if invoice.reminders >= rungs:  # a law with fewer of them may have come meanwhile
        invoice.collected_on = case.today
        case.happens("HandedToCollection", invoice=invoice.invoice, cents=invoice.owed_cents)
        return
    while invoice.reminders < rungs and (on := pressing_day(case)) and on <= case.today:
        invoice.reminders += 1
    case.happens("PaymentReminded", invoice=invoice.invoice, reminder=invoice.reminders)
    terms = law.interest.model_dump(mode="json")
    kind, role = LetterKind.INVOICE_REMINDER, Role.INVOICE_ADDRESSEE
    case.tell(kind, role, ("payment", "interest"), reminder=invoice.reminders, interest=terms)
