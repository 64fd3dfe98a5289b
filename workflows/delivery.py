"""How letters reach people: a limit that runs from receipt does not run before the letter has left.

Law: which limits run from the receipt of which letter stands with their clauses (`receipt_of`); our
reading. A letter counts as received on the day on which its limit was told to start. Where it
leaves later, or is known to be presented or received later, that day counts, and never an earlier one. Where
it comes back, or nobody will receive it, nothing runs until it has left again.
Silence: the desk has a task from the day on which the letter came back; it stays until the letter has left
again or somebody says that it arrived. A silence that has had its effect by then keeps it: a person decides
what follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.acts import NoticeBounced, PostReported
from models.clock import SecondReading
from models.dossier import Invoice
from models.entry import LetterKind, OpenClock
from models.errors import BeyondHorizon
from models.law.arrival import Start
from models.notes import LetterLeft, LetterNote, LetterRefused, RegisterAhead
from models.objection import APPEAL, COURT
from models.parties import Channel, Role
from models.receipts import Undelivered
from workflows import beside, invoicing
from workflows.case import Case

OF_INVOICE = (invoicing.TERM, APPEAL)
"""The clauses that run from an invoice; their clocks are made from it."""

UNTOLD = (APPEAL, COURT)
"""The clauses of which a letter names the length, from its receipt, and no day: nothing told moves."""


Moved = tuple[date, date, date]
"""The last day that a letter told, the one that counts now, and the day on which the letter was received."""


class Left(NamedTuple):
    """From which day the receipt of a letter counts, on which it left, and by which channel.

    No channel where the day of its receipt is proven.
    """

    received: Start
    on: date
    channel: Channel | None
    sent: Start


def take_report(case: Case, report: PostReported) -> None:
    """The post tells of a letter: it came back, or it has arrived after all."""
    on = report.on or case.today
    case.note(notice=report.notice, letter=str(report.letter), role=report.role.value)
    if isinstance(report, NoticeBounced):
        stand_still(case, report, on)
    else:
        (arrived,) = (one for one in case.docket.undelivered if one.notice == report.notice)
        start(case, arrived, report.role, Left(Start(on), on, None, Start(on)))


def take_note(case: Case, note: LetterNote | RegisterAhead) -> bool:
    """The postman tells of a letter. Returns: whether that is entered, because a day that counts moves by it.

    When and how the letter left is kept by the case in any event. That the register holds an entry which the
    case knows by now changes nothing.
    """
    entered = isinstance(note, LetterNote) and _hear(case, note)
    if not entered:
        case.happened = None
    return entered


def _hear(case: Case, note: LetterNote) -> bool:
    docket = case.docket
    case.note(notice=note.notice, letter=note.letter, role=note.role.value)
    came_back = [one for one in docket.undelivered if _letter(one.notice) == _letter(note.notice)]
    if isinstance(note, LetterRefused):
        if came_back:
            return False
        stand_still(case, note, note.on)
        return True
    assert isinstance(note, LetterLeft)
    docket.letter_left(note.notice, note.letter, note.entry, note.on, note.channel.value, note.proof)
    case.note(channel=note.channel.value)
    assert case.happened is not None
    case.happened.on = max(filter(None, (note.on, note.presented_on, note.received_on)))
    received = case.law.start(note.channel, note.on, note.presented_on, note.received_on)
    sent = case.law.sent(note.channel, note.on)
    left = Left(received, note.on, None if note.received_on else note.channel, sent)
    ends = beside.take_letter(case)
    if came_back:
        start(case, came_back[0], note.role, left)
        return True
    clauses = [*began_with(case, note), *sent_with(case, note)]
    return _start_all(case, clauses, note.role, left) or ends


def _letter(notice: str) -> str:
    """The letter of a notice, whichever address it went to and how often it left."""
    return notice.partition("/to-")[0].partition("/again-")[0]


def stand_still(case: Case, report: NoticeBounced | LetterRefused, on: date) -> None:
    """What began with the letter did not begin; the desk has a task."""
    clauses = tuple(began_with(case, report))
    for clause in clauses:
        if clock := case.clocks.get(clause):
            clock.await_receipt(case.today)
    case.docket.undelivered.append(
        Undelivered(
            notice=report.notice, letter=str(report.letter), entry=report.entry, on=on, clauses=clauses
        )
    )
    case.note(stands_still=list(clauses))


def began_with(case: Case, report: PostReported | LetterNote) -> list[str]:
    """The open limits that run from the receipt of this very letter."""
    invoice = case.carried.invoice
    running = [clause for clause in case.clocks if case.carried.began[clause] == report.entry]
    running += OF_INVOICE if invoice and invoice.is_open else ()
    return [c for c in running if case.law.starts_on_receipt(c, str(report.letter), report.role)]


def sent_with(case: Case, note: LetterLeft) -> list[str]:
    """The limits that run from the sending of this very letter; whoever receives it, and when, moves none."""
    running = [clause for clause in case.clocks if case.carried.began[clause] == note.entry]
    return [c for c in running if case.law.starts_on_sending(c, str(note.letter), note.role)]


def start(case: Case, arrived: Undelivered, role: Role, left: Left) -> None:
    """What waited for the letter starts on the day of its receipt; who received it is told until when.

    What the letter asked for may have been done meanwhile: then nothing starts.
    """
    case.docket.undelivered.remove(arrived)
    _start_all(case, arrived.clauses, role, left)


def _start_all(case: Case, clauses: Iterable[str], role: Role, left: Left) -> bool:
    """Starts limits by a letter, and tells those that end on another day. Returns: whether one changes."""
    moved, changed = {}, False
    runs = [c for c in clauses if (c in OF_INVOICE or c in case.clocks) and not case.docket.waits_for(c)]
    for clause in runs:
        if clause in OF_INVOICE:
            days, changes = _invoice_starts(case, clause, left)
        else:
            days, changes = _clock_starts(case, clause, left)
        changed = changed or changes
        if days and clause not in UNTOLD:
            moved[clause] = days
    case.note(moved=[{"clause": c, "was": was, "due_on": due_on} for c, (was, due_on, _) in moved.items()])
    for clause, (was, due_on, on) in moved.items():
        case.tell(
            LetterKind.DATE_MOVED, role, (clause,), clause=clause, was=was, due_on=due_on, received_on=on
        )
    return changed


def _clock_starts(case: Case, clause: str, left: Left) -> tuple[Moved | None, bool]:
    """Starts a limit by a letter, never before the day that was told. Returns: how it moves, and changes."""
    clock, calendar = case.clocks[clause], case.law.calendar
    told_from, start = clock.started_on, left.sent if case.law.runs_from_sending(clause) else left.received
    before = clock.as_it_stands()
    clock.received(told_from, clock.second, clock.presumed)
    was = clock.due_on(calendar)
    later_on = start.later_on if start.later_on and start.later_on > told_from else None
    read = (
        case.law.second_reading(clause, None) or SecondReading()
    )  # how the clause ends on its other reading
    read = read.model_copy(update={"started_on": later_on})
    second = read if read != SecondReading() else None
    clock.received(max(start.on, told_from), second, presumed=not start.proven)
    if clock != before:
        case.started_anew(clause)
    return _moved(was, clock.due_on(calendar), start.later_on or start.on), clock != before


def _invoice_starts(case: Case, clause: str, left: Left) -> tuple[Moved | None, bool]:
    """The same of an invoice: the term has two starts of its own, which a proven day or PEPPOL makes one."""
    law, invoice = case.law, case.carried.invoice
    if invoice is None or not invoice.is_open:
        return None, False
    if clause == APPEAL:
        return None, _objectable(case, invoice, left.received)
    its_own = law.has_two_readings(clause) and left.channel is not None
    on = max(left.on if its_own else left.received.on, invoice.received_on or invoice.issued_on)
    clock = law.clock(clause, on)
    clock.second = law.second_reading(clause, left.channel)
    try:
        due_on = clock.due_on(law.calendar)
    except BeyondHorizon:  # an invoice of years ago
        return None, False
    known = invoice.clock.second if invoice.clock else None
    if on <= (invoice.received_on or invoice.issued_on) and clock.second == known:
        return None, False
    if on > invoice.issued_on:
        invoice.payable_until, invoice.reminders = due_on, 0
    invoice.clock, invoice.late_on = clock, clock.late_on(law.calendar) if clock.second else None
    return _moved(invoice.due_on, due_on, on), True


def _objectable(case: Case, invoice: Invoice, start: Start) -> bool:
    """The time to object starts with the receipt of the invoice. Returns: whether anything changes by it."""
    known = case.carried.time_to_object
    on = max(start.on, invoice.received_on or invoice.issued_on)
    clock = case.law.clock(APPEAL, on)
    later_on = start.later_on if start.later_on and start.later_on > on else None
    clock.received(on, SecondReading(started_on=later_on) if later_on else None, not start.proven)
    if clock == known:
        return False
    invoice.objectable = clock
    invoice.received_on = on if on > invoice.issued_on else invoice.received_on
    return True


def _moved(was: date | None, due_on: date | None, on: date) -> Moved | None:
    """The last day that a letter told, the one that counts now, and since when; nothing where they agree."""
    return (was, due_on, on) if was and due_on and was != due_on else None


def tasks(case: Case) -> list[OpenClock]:
    """A task of the desk for every letter that came back: to find the addressee and send it again."""
    number = f"{case.carried.number}/"
    return [
        OpenClock(
            ref=f"undelivered-{letter.notice.removeprefix(number).replace('/', '-')}",
            desk=Role.DESK,
            due_on=letter.on,
        )
        for letter in case.docket.undelivered
    ]
