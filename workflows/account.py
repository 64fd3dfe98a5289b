"""The account of a case that has ended: what still moves on its invoice, and nothing else.

Law: the contribution stays due after the end of the case; what was paid wrongly or twice is refunded; an
objection may come as long as its time runs (workflows/objection.py). Silence: an invoice that is open again
is reminded of and handed over to collection, as before the end.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NoReturn

from temporalio import workflow

from models.account import Account
from models.acts import Act
from models.dossier import Dossier
from models.entry import Standing
from models.envelope import Envelope
from models.errors import YearTurning
from models.notes import AnyNote, Told
from models.programme import Programme
from models.receipts import Rest
from workflows import conflict, effects
from workflows.phases.contribution import settle_invoice
from workflows.phases.remaining import see_done
from workflows.proceeding import Proceeding
from workflows.refusal import refusal


@workflow.defn(name="Account")
class EndedAccount(Proceeding):
    """Opened by what is to be booked on an ended case; it ends as soon as its invoice is settled again."""

    @workflow.init
    def __init__(self, number: str, told: list[Told] | None = None) -> None:
        self.account = Account.unread(number)
        super().__init__(self.account)
        self.told = told or []

    @workflow.run
    async def run(self, number: str, told: list[Told] | None = None) -> None:
        """Takes one booking, and stays until the invoice is paid, credited or handed over, and is final.

        A booking that is refused leaves it open until the day has passed.
        """
        await self.uncancelled(self.settle(number))

    @workflow.signal(description="What the postman tells the account of an ended case.")
    async def take_note(self, note: AnyNote, envelope: Envelope | None = None) -> None:  # type: ignore[override]
        """What became of a letter is heard once it is known which letters the case has told."""
        await workflow.wait_condition(lambda: self.docket.entries > 0)
        super().take_note(note)

    async def settle(self, number: str) -> None:
        """From what the register holds of the case to the day on which nothing is owed any more."""
        self.account = self.carried = account = await effects.account_of(number)
        account.docket.told, self.docket = self.docket.told, account.docket
        conflict.tell_again(self.docket, number, self.told, self.today)
        phase = account.standing.phase
        if not account.open_cents:
            await self.next_act(phase=phase, wake_on=self.today + timedelta(days=1))
        await settle_invoice(self, phase)
        await see_done(self, phase)
        await self.end(phase)

    def carry_over(self, run: Any = None) -> NoReturn:
        """The next run reads the account from the register, as this one did."""
        workflow.continue_as_new(self.account.number)

    def carry_on(self, kept: Dossier | Programme | None, told: list[Told]) -> NoReturn:
        """The same, and hears what this one was told, and that it went on."""
        workflow.continue_as_new(args=[self.account.number, told])

    def _known(self, act: Act) -> int | None:
        return super()._known(act) or self.account.booked.get(act.request_id)

    def _refuse_unless_possible(self, act: Act) -> None:
        if self._turning:  # the next run of the account takes it
            raise refusal(YearTurning("act.account-closing", number=self.carried.number))
        super()._refuse_unless_possible(act)

    def standing(self, rest: Rest) -> Standing:
        """The row with which the case ended, and where its invoice stands now."""
        stood, invoice = self.account.standing, self.account.invoice
        return stood.model_copy(
            update={
                "phase": rest.phase,
                "possible": rest.possible,
                "due_on": rest.due_on,
                "overdue": rest.overdue,
                "ended": not rest.possible,
                "flags": (*stood.flags, *(invoice.flags if invoice else ()), *self.docket.flags),
                "unconfirmed": rest.unconfirmed,
                "clocks": tuple(self.open_clocks()),
                "law": self.account.law.digest,
            }
        )
