"""The verbs towards the outside world, with their time-outs and retries. Nothing else waits on it.

An entry is written by a local activity, in the task that hears what it enters: what stands in the register is
what a case goes on from, should that task be lost. Only an act that ends a run is entered by an ordinary one.
Letters are written with their entry, and the postman carries them; no case waits for one. Long because each
verb stands here, with how long it is tried.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import (
    ActivityError,
    FailureError,
    WorkflowAlreadyStartedError,
    is_cancelled_exception,
)

from activities.accounts import EndedCases
from activities.agendas import Agendas
from activities.law import LawBooks, NoticeAsked, YearAsked
from activities.letters import Letters
from activities.linking import Linking
from activities.numbers import Numbers, SuccessorAsked
from activities.payments import Payments
from activities.publishing import Publishing
from activities.reconciling import Reconciling
from activities.register import RegisterEntries
from activities.sealing import SignedByWorker
from models.account import Account
from models.agenda import Agenda, Sent
from models.correction import Correctable
from models.entry import Answered, Declined, Entered, Entry, Linked, Publications, TakenUp, ToBook
from models.envelope import MEMO, Envelope, ToBegin, ToTell
from models.errors import Overtaken
from models.law.applicable import Law
from models.law.clause import Applied
from models.notes import TELLS, AnyNote
from models.outbox import Lane, Outbox
from models.programme import Programme
from models.receipts import Receipt
from workflows import search

QUICK = timedelta(seconds=10)
"""The register and the law: one short transaction."""

A_FEW_ANSWERS = timedelta(seconds=15)
"""A few movements: one dossier at most is waited for, the others answer in a moment."""

ONE_SHIFT = timedelta(seconds=45)
"""Letters of one lane: none is begun after ten seconds, and a mail server has thirty for one."""

PATIENT = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=10))
"""What is tried again for days, until a person has mended what is broken."""

RARELY = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(hours=1))
"""The law: what it lacks a person must enter, and each attempt after a minute is an event."""

SOON = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30))

A_FEW = 4
"""Attempts after which a case counts as held up: some seconds, or a minute where nothing answers."""

AN_HOUR = 120
"""Attempts between two looks at why it is still held up: the events of a history are few."""

A_WHILE = timedelta(minutes=1)
"""Before what was refused for good is tried again: only a person can have changed that."""

AT_FIRST, AT_LAST = timedelta(seconds=5), timedelta(hours=1)
"""Before a case that Temporal has lost is told again; each time twice as long."""

T = TypeVar("T")


async def persist(attempts: Callable[[RetryPolicy], Awaitable[T]], policy: RetryPolicy) -> T:
    """Tries for as long as it takes, and tells of a case that is held up meanwhile.

    After a few attempts Temporal's list of cases says since when, so that `umn status` need not look at
    every case; what fails, and why, stands with its attempts.
    """
    since, details, told = workflow.now(), workflow.get_current_details(), False
    while True:
        try:
            done = await attempts(replace(policy, maximum_attempts=AN_HOUR if told else A_FEW))
        except FailureError as failed:
            if is_cancelled_exception(failed):
                raise
            cause = failed.cause if isinstance(failed, ActivityError) else failed
            if getattr(cause, "type", "") in (policy.non_retryable_error_types or ()):
                raise
            held_up(since, failed, details)
            told = True
            if getattr(cause, "non_retryable", False):
                await workflow.sleep(A_WHILE, summary="until it is tried again")
        else:
            if told:
                goes_on(details)
            return done


def held_up(since: datetime, failed: FailureError, details: str = "") -> None:
    """Temporal's list says since when something outside fails, and the current details end with what."""
    if held_up_since() is None:
        workflow.upsert_search_attributes([search.HINDERED_SINCE.value_set(since)])
    cause = failed.cause if isinstance(failed, ActivityError) else failed
    workflow.set_current_details(f"{details}\n\nHeld up, nothing lost: {cause}".lstrip())


def held_up_since() -> datetime | None:
    """Since when this run, or the one before it, is held up."""
    return workflow.info().typed_search_attributes.get(search.HINDERED_SINCE)


def goes_on(details: str = "") -> None:
    """Nothing outside fails any more."""
    workflow.upsert_search_attributes([search.HINDERED_SINCE.value_unset()])
    workflow.set_current_details(details)


async def enter(entry: Entry, ends_run: bool = False) -> Entered | None:
    """Writes one entry in the register and waits for it; retried until the database answers.

    It is tried at once, within the task that hears what it enters. Of an act that `ends_run` it is not: the
    server refuses the end of a run, and with it all of its task, where a signal came meanwhile, and the act
    would be heard after what that says. Returns: nothing where another entry stands in its place, which no
    attempt will change.
    """
    if not (ends_run and entry.request_id):
        try:
            return await workflow.execute_local_activity_method(
                RegisterEntries.enter,
                entry,
                start_to_close_timeout=QUICK,
                retry_policy=RetryPolicy(maximum_attempts=1),
                # the history keeps no argument of it: a replay sees by the digest what says something else
                summary=f"entry {entry.sequence}: {entry.act}, {entry.digest}",
            )
        except FailureError as failed:  # of a local activity the failure itself is raised
            if is_cancelled_exception(failed):
                raise
            if _overtaken(failed):
                return None
    try:
        return await persist(
            lambda policy: workflow.execute_activity_method(
                RegisterEntries.enter,
                entry,
                start_to_close_timeout=QUICK,
                retry_policy=policy,
                summary=f"entry {entry.sequence}: {entry.act}",
            ),
            replace(SOON, non_retryable_error_types=[Overtaken.__name__]),
        )
    except FailureError as failed:
        if _overtaken(failed):
            return None
        raise


def _overtaken(failed: FailureError) -> bool:
    cause = failed.cause if isinstance(failed, ActivityError) else failed
    return getattr(cause, "type", "") == Overtaken.__name__


async def taken_up(number: str, entry: int) -> TakenUp:
    """What the register holds of a case of which another entry stands in the place of its next one."""
    return await persist(
        lambda policy: workflow.execute_activity_method(
            RegisterEntries.taken_up,
            Answered(number=number, entry=entry),
            start_to_close_timeout=QUICK,
            retry_policy=policy,
            summary=f"{number} as the register holds it",
        ),
        SOON,
    )


async def receipt_of(number: str, entry: int) -> Receipt:
    """The receipt of an act that an earlier run answered, as the register keeps it."""
    return await workflow.execute_local_activity_method(
        RegisterEntries.receipt,
        Answered(number=number, entry=entry),
        start_to_close_timeout=QUICK,
        retry_policy=SOON,
    )


async def look_into_outbox() -> Outbox:
    """The lanes in which a letter can go on now, and when the next one can."""
    return await persist(
        lambda policy: workflow.execute_activity_method(
            Letters.look, start_to_close_timeout=QUICK, retry_policy=policy, summary="the outbox"
        ),
        SOON,
    )


async def carry(lanes: list[Lane]) -> bool:
    """Makes and sends the letters of lanes. Returns: whether to look at them again.

    Raises: ActivityError after a few attempts, as other lanes wait for the hand.
    """
    first, *others = lanes
    return await workflow.execute_activity_method(
        Letters.carry,
        lanes,
        start_to_close_timeout=ONE_SHIFT,
        retry_policy=replace(SOON, maximum_attempts=A_FEW),
        summary=f"{first.number}, {first.role.value}" + (f" and {len(others)} more" if others else ""),
    )


async def book(booking: ToBook) -> list[str]:
    """Books movements on their dossiers. Returns: those whose dossier did not answer."""
    return await persist(
        lambda policy: workflow.execute_activity_method(
            Payments.book,
            booking,
            start_to_close_timeout=A_FEW_ANSWERS,
            retry_policy=policy,
            summary=f"{len(booking.movements)} movements",
        ),
        SOON,
    )


async def account_of(number: str) -> Account:
    """What an ended case leaves to its account, as the register holds it."""
    return await persist(
        lambda policy: workflow.execute_activity_method(
            EndedCases.account_of,
            number,
            start_to_close_timeout=QUICK,
            retry_policy=policy,
            summary=f"the account of {number}",
        ),
        SOON,
    )


async def correctable(number: str, entry: int, known: int) -> Correctable | None:
    """What of an entry can be put right, as the register holds it; nothing where there is no such entry.

    `known` is the last entry of the case: one that its task entered before it was lost is done again.
    """
    return await persist(
        lambda policy: workflow.execute_local_activity_method(
            RegisterEntries.correctable,
            Answered(number=number, entry=entry, known=known),
            start_to_close_timeout=QUICK,
            retry_policy=policy,
            summary=f"whether entry {entry} can be corrected",
        ),
        SOON,
    )


async def declined(request_id: str) -> Declined | None:
    """Who declined what was prepared under a request id, as the register holds it."""
    return await persist(
        lambda policy: workflow.execute_local_activity_method(
            RegisterEntries.declined,
            request_id,
            start_to_close_timeout=QUICK,
            retry_policy=policy,
            summary=f"whether {request_id} was declined",
        ),
        SOON,
    )


async def publish() -> Publications:
    """Publishes the register. Returns: the versions that stand, and the cases that had to be published."""
    return await workflow.execute_activity_method(
        Publishing.publish_register,
        start_to_close_timeout=timedelta(minutes=10),
        retry_policy=PATIENT,
        summary="the public register",
    )


async def links() -> Linked:
    """What cases are to be told of others, as the register knows them."""
    return await workflow.execute_activity_method(
        Linking.links,
        start_to_close_timeout=ONE_SHIFT,
        retry_policy=PATIENT,
        summary="the links between cases",
    )


async def reconcile() -> int:
    """Compares register, Temporal and documents. Returns: how many differences there are."""
    return await workflow.execute_activity_method(
        Reconciling.reconcile,
        start_to_close_timeout=timedelta(hours=1),
        retry_policy=PATIENT,
        summary="register, Temporal and documents",
    )


async def agendas_of_morning() -> list[Agenda]:
    """The agendas that are due this morning; tried again while file of offices or register do not answer."""
    return await workflow.execute_activity_method(
        Agendas.of_morning,
        workflow.now(),
        start_to_close_timeout=QUICK,
        retry_policy=PATIENT,
        summary="whose agendas are due",
    )


async def begin_agenda(agenda: Agenda) -> None:
    """Has an agenda sent beside the workflow that asks for it. Idempotent: by its day and reader."""
    queue = workflow.info().task_queue
    with suppress(WorkflowAlreadyStartedError):
        await workflow.start_child_workflow(
            "AgendaMail",
            agenda,
            id=f"{queue}-agenda-{agenda.day}{'-week' if agenda.weekly else ''}-{agenda.reader}",
            parent_close_policy=workflow.ParentClosePolicy.ABANDON,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=f"the agenda of {agenda.day}",
        )


async def send_agenda(agenda: Agenda) -> Sent:
    """Sends an agenda, once: what became of an attempt that did not end nobody knows."""
    try:
        return await workflow.execute_activity_method(
            Agendas.send,
            agenda,
            start_to_close_timeout=ONE_SHIFT,
            retry_policy=RetryPolicy(maximum_attempts=1),
            summary=f"the agenda of {agenda.day}",
        )
    except ActivityError as failed:
        if is_cancelled_exception(failed):
            raise
        return Sent.IN_DOUBT


async def tell_case(number: str, note: AnyNote) -> bool:
    """Tells another case what it takes note of. Returns: False when it does not run."""
    return await _tell(number, note, await _signed(number, note))


async def _signed(number: str, note: AnyNote) -> Envelope:
    """The envelope without which nobody hears a note (workflows/envelopes.py)."""
    return await persist(
        lambda policy: workflow.execute_local_activity_method(
            SignedByWorker.sign_note,
            ToTell(number=number, note=note, at=workflow.now()),
            start_to_close_timeout=QUICK,
            retry_policy=policy,
            summary=f"signed: {note.note} to {number}",
        ),
        SOON,
    )


async def _tell(number: str, note: AnyNote, envelope: Envelope) -> bool:
    try:
        await workflow.get_external_workflow_handle(number).signal(TELLS, args=[note, envelope])
    except FailureError:
        return False
    return True


async def tell_end(number: str, note: AnyNote) -> bool:
    """Tells a programme of an end that it must hear. Returns: False when it has ended, by the register.

    One that Temporal has lost is waited for, visibly, until somebody has reopened it.
    """
    since, details, again = workflow.now(), workflow.get_current_details(), AT_FIRST
    envelope = await _signed(number, note)
    while not (heard := await _tell(number, note, envelope)):
        try:
            await _has_ended(number)
            break
        except FailureError as failed:
            held_up(since, failed, details)
        await workflow.sleep(again, summary=f"until {number} is reopened")
        again = min(again + again, AT_LAST)
    if held_up_since() is not None:
        goes_on(details)
    return heard


async def _has_ended(number: str) -> None:
    """Passes when a case has ended by the register, and fails while that holds it open."""
    await workflow.execute_local_activity_method(
        EndedCases.has_ended,
        number,
        start_to_close_timeout=QUICK,
        retry_policy=RetryPolicy(maximum_attempts=1),
        summary=f"whether {number} has ended",
    )


async def number_of_successor(number: str, procedure: str, on: date) -> str:
    """The number of the programme of another procedure that takes the place of one."""
    return await persist(
        lambda policy: workflow.execute_activity_method(
            Numbers.of_successor,
            SuccessorAsked(number=number, procedure=procedure, on=on),
            start_to_close_timeout=QUICK,
            retry_policy=policy,
            summary=f"a number of {procedure} after {number}",
        ),
        SOON,
    )


async def begin_programme(programme: Programme) -> None:
    """Begins the life of a programme beside the case that brought it about, which it outlives."""
    number, written = programme.number, programme.written()
    envelope = await persist(
        lambda policy: workflow.execute_local_activity_method(
            SignedByWorker.sign_beginning,
            ToBegin(number=number, begins=written, at=workflow.now()),
            start_to_close_timeout=QUICK,
            retry_policy=policy,
            summary=f"signed: {number} begins",
        ),
        SOON,
    )
    await workflow.start_child_workflow(
        "Programme",
        written,
        memo={MEMO: envelope},
        id=programme.number,
        parent_close_policy=workflow.ParentClosePolicy.ABANDON,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        search_attributes=search.of_case(programme),
        static_summary=f"programme: {programme.number}",
    )


async def law_of_year(procedure: str, on: date) -> Law:
    """The law of a programme's new year, as it stands on its first day."""
    return await persist(
        lambda policy: workflow.execute_local_activity_method(
            LawBooks.of_year,
            YearAsked(procedure=procedure, on=on),
            start_to_close_timeout=QUICK,
            retry_policy=policy,
            summary=f"the law of {procedure} on {on}",
        ),
        RARELY,
    )


async def law_of_notice(law: Law, on: date) -> list[Applied]:
    """What a notice of payment of a day rests on and is in force since a later day than a law."""
    return await persist(
        lambda policy: workflow.execute_local_activity_method(
            LawBooks.of_notice,
            NoticeAsked(procedure=law.procedure, filed_on=law.on, on=on),
            start_to_close_timeout=QUICK,
            retry_policy=policy,
            summary=f"the law of a notice of payment on {on}",
        ),
        RARELY,
    )
