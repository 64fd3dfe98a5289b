"""The account of a case that has ended: what still moves on its invoice, and nothing else.

Law: the contribution stays due after the end of the case (domain notes F-11); what was paid wrongly or
twice is refunded (F-10). Silence: an invoice that is open again is reminded of and handed over to
collection, as before the end.
"""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow

from models.account import Account
from models.acts import Act
from models.entry import Standing
from models.errors import YearTurning
from models.phases import ENDS
from models.receipts import Receipt, Rest
from workflows import effects
from workflows.invoicing import settle_invoice
from workflows.proceeding import Proceeding, refusal


@workflow.defn(name="Account")
class EndedAccount(Proceeding):
    """Opened by what is to be booked on an ended case; it ends as soon as its invoice is settled again."""

    @workflow.init
    def __init__(self, number: str) -> None:
        self.account = Account.unread(number)
        super().__init__(self.account)

    @workflow.run
    async def run(self, number: str) -> None:
        """Takes one booking, and stays until the invoice is paid, credited or handed over.

        A booking that is refused leaves it open until the day has passed.
        """
        self.account = self.carried = account = await effects.account_of(number)
        self.docket = account.docket
        phase = account.standing.phase
        if not account.open_cents:
            await self.next_act(phase=phase, wake_on=self.today + timedelta(days=1))
        await settle_invoice(self, phase)
        await self.conclude(phase)

    def _known(self, act: Act) -> Receipt | None:
        return super()._known(act) or self.account.booked.get(act.request_id)

    def _refuse_unless_possible(self, act: Act) -> None:
        if self._turning:  # the next run of the account takes it
            raise refusal(YearTurning(f"The account of {self.carried.number} is being closed; ask again."))
        super()._refuse_unless_possible(act)

    def standing(self, rest: Rest) -> Standing:
        """The row with which the case ended, and where its invoice stands now."""
        stood, invoice = self.account.standing, self.account.invoice
        return stood.model_copy(
            update={
                "phase": rest.phase,
                "awaits": rest.awaits,
                "due_on": rest.due_on,
                "overdue": rest.overdue,
                "ended": rest.phase in ENDS and not rest.awaits,
                "flags": (*stood.flags, *(invoice.flags if invoice else ())),
                "unverified": rest.unverified,
                "clocks": tuple(self.open_clocks()),
                "law": self.account.law.digest,
            }
        )
