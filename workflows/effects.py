"""The verbs towards the outside world, with their time-outs and retries. Nothing else waits on it.

An entry is written by an ordinary activity: the act it tells of is then already in Temporal's
history, so that nothing can stand in the register that the procedure does not remember. The law of
a year and the letters of an entry come after that moment; they are local activities, which cost one
event. Letters that cannot be made or delivered at once get a small workflow of their own, which
keeps trying for as long as it takes, while the procedure goes on.
"""

from __future__ import annotations

from datetime import date, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from activities.accounts import EndedCases
from activities.arrivals import Arrivals
from activities.law import LawBooks, YearAsked
from activities.letters import Letters
from activities.notifications import Notifications
from activities.payments import Payments
from activities.publishing import Publishing
from activities.register import RegisterEntries
from models.account import Account
from models.clock import civil_day
from models.entry import Entered, Entry, LetterBatch, Occasion, SentAgain, ToBook, TurnedAway
from models.law.applicable import Law

QUICK = timedelta(seconds=10)
"""The register and the law: one short transaction."""

A_FEW_ANSWERS = timedelta(seconds=15)
"""A few movements: one dossier at most is waited for, the others answer in a moment."""

AT_ONCE = RetryPolicy(maximum_attempts=1)
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=10))
"""Mail and letters: tried again for days, until a person has mended what is broken."""

RARELY = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(hours=1))
"""The law: what it lacks a person must enter, and each attempt after a minute is an event."""

SOON = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30))


async def enter(entry: Entry) -> Entered:
    """Writes one entry in the register and waits for it; retried until the database answers."""
    return await workflow.execute_activity_method(
        RegisterEntries.enter,
        entry,
        start_to_close_timeout=QUICK,
        retry_policy=SOON,
        summary=f"entry {entry.sequence}: {entry.act}",
    )


async def send(batch: LetterBatch) -> None:
    """Makes and delivers the letters of an entry; what cannot leave is left to a `Post` workflow."""
    try:
        await workflow.execute_local_activity_method(
            Letters.send, batch, start_to_close_timeout=QUICK, retry_policy=AT_ONCE
        )
    except FailureError:  # the failure of a local activity comes as it is, not within an ActivityError
        await workflow.start_child_workflow(
            "Post",
            batch,
            id=f"{batch.number}/letters-{batch.entry}",
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            static_summary=f"letters of entry {batch.entry} that could not leave at once",
        )


@workflow.defn
class Post:
    """Letters that could not be made or delivered at once, tried again until they are."""

    @workflow.run
    async def run(self, batch: LetterBatch) -> None:
        """Makes and delivers them; both are safe to repeat."""
        await workflow.execute_activity_method(
            Letters.send,
            batch,
            start_to_close_timeout=timedelta(seconds=60),
            retry_policy=PATIENT,
            summary=f"letters of entry {batch.entry}",
        )


@workflow.defn
class Redelivery:
    """A letter that leaves once more because a person said so, until it has left."""

    @workflow.run
    async def run(self, again: SentAgain) -> str:
        """Delivers it; where it had come back, what runs from its receipt then starts.

        Returns: sent, or waits when a person has to look at it again.
        """
        left = await workflow.execute_activity_method(
            Notifications.deliver,
            Occasion(number=again.number, entry=again.entry),
            start_to_close_timeout=timedelta(seconds=60),
            retry_policy=PATIENT,
            summary=f"{again.letter.value} once more",
        )
        if again.notice in left:
            return "waits"
        if again.replaces:
            await workflow.execute_activity_method(
                Arrivals.report,
                again.model_copy(update={"on": civil_day(workflow.now())}),
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=SOON,
                summary="received",
            )
        return "sent"


@workflow.defn
class ReturnedLetter:
    """A letter that a mail server will never take: its case is told, so that nothing runs from it."""

    @workflow.run
    async def run(self, away: TurnedAway) -> str:
        """Tells the case. Returns: told, or known when the case has ended or knew it."""
        told = await workflow.execute_activity_method(
            Arrivals.turned_away,
            away,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=SOON,
            summary=f"{away.letter.value} was refused for good",
        )
        return "told" if told else "known"


async def book(booking: ToBook) -> list[str]:
    """Books movements on their dossiers. Returns: those whose dossier did not answer."""
    return await workflow.execute_activity_method(
        Payments.book,
        booking,
        start_to_close_timeout=A_FEW_ANSWERS,
        retry_policy=SOON,
        summary=f"{len(booking.movements)} movements",
    )


async def account_of(number: str) -> Account:
    """What an ended case leaves to its account, as the register holds it."""
    return await workflow.execute_activity_method(
        EndedCases.account_of,
        number,
        start_to_close_timeout=QUICK,
        retry_policy=SOON,
        summary=f"the account of {number}",
    )


async def publish() -> str:
    """Publishes the register. Returns: the version that stands."""
    return await workflow.execute_activity_method(
        Publishing.publish_register,
        start_to_close_timeout=timedelta(minutes=10),
        retry_policy=PATIENT,
        summary="the public register",
    )


async def law_of_year(procedure: str, on: date) -> Law:
    """The law of a programme's new year, as it stands on its first day."""
    return await workflow.execute_local_activity_method(
        LawBooks.of_year,
        YearAsked(procedure=procedure, on=on),
        start_to_close_timeout=QUICK,
        retry_policy=RARELY,
    )
