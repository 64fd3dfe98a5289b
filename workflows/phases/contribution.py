"""The contribution: due once the dossier is admissible, and settled before the case ends.

Law: Act of 20 July 2006, art. 14/14 to 14/22; proof of payment is no condition of admissibility since 5 April
2018.
Silence: an unpaid invoice holds up nothing, and neither does an amount that nobody has fixed; both outlive
a refusal, a withdrawal and a closure. What runs beside every phase stands in workflows/invoicing.py.
"""

from __future__ import annotations

from datetime import date

from models.acts import Act, ContributionFixed, InvoicePaid
from models.dossier import Unfixed
from models.law.applicable import cites
from models.notes import DossierEnded, DossierFiled, FactTold
from models.phases import Phase
from workflows.invoicing import book_payment, fix_contribution, issue_invoice, pressing_day, stands_still
from workflows.proceeding import Proceeding
from workflows.under_examination import DossierUnderExamination


def ask_contribution(dossier: DossierUnderExamination, since: date) -> None:
    """The contribution is due from a day on: invoiced to the addressee that the cover letter names.

    Law: Act of 20 July 2006, art. 14/14. Where the law as we hold it does not know the amount of the day, to
    fix it with its source is a task beside every phase; nothing is guessed, and nothing waits for it. It is
    asked once, also where the dossier is found admissible anew.
    """
    filed, law = dossier.filed, dossier.filed.law
    if filed.invoice or filed.unfixed:
        return
    due = Unfixed(kind=filed.kind, addressee=filed.invoice_addressee, since=since)
    known = law.contribution
    if known and known.cents is not None:
        issue_invoice(dossier, due, known.cents, cites(law.digest, known.clause), known.clause)
    elif law.contribution_gap:
        filed.unfixed = due


async def settle_invoice(proceeding: Proceeding, phase: Phase) -> None:
    """Keeps a case that has ended open until its contribution is invoiced, and paid or in collection."""
    while unsettled(proceeding):
        await next_until_settled(proceeding, phase)


def unsettled(proceeding: Proceeding) -> bool:
    """Whether its contribution is still to be invoiced, or to be paid or handed over to collection."""
    carried = proceeding.carried
    return bool(carried.unfixed or proceeding.demanded or (carried.invoice and carried.invoice.is_open))


async def next_until_settled(proceeding: Proceeding, phase: Phase, *also: type[Act]) -> Act | None:
    """Waits for the next act on the contribution of a case that has ended, or one that is possible also.

    Returns: one of these, for whoever asked for it to answer; money holds up none of them.
    """
    carried = proceeding.carried
    settles = (ContributionFixed if carried.unfixed else InvoicePaid,) if unsettled(proceeding) else ()
    issued, asked = carried.invoice if settles else None, proceeding.demanded
    due_on = asked.due_on if asked else None
    if issued and not stands_still(proceeding):
        due_on = issued.term_ends_on
    heard = await proceeding.next_act(
        *settles,
        *also,
        phase=phase,
        due_on=due_on,
        wake_on=pressing_day(proceeding),
        only_tells=True,
        overdue=bool(issued and due_on and issued.passed_after < proceeding.today),
        rests_on=("payment",) if settles else (),
    )
    match heard:
        case ContributionFixed():
            fix_contribution(proceeding, heard)
        case InvoicePaid():
            book_payment(proceeding, heard)
        case DossierFiled() | DossierEnded() | FactTold():  # the programme has closed
            proceeding.note(without_object=True)
        case Act() if isinstance(heard, also):
            return heard
    return None
