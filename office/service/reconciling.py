"""`umn reconcile`: compares register, Temporal and documents both ways, every case, and mends nothing.

Of each case that runs the end of its history is read: the last entry that it tells must be the last line of
the register. Only where they differ the whole history is compared line by line; with `deep` that of every
case, and all that was kept of its earlier runs. What differs is looked at again before it is told: meanwhile
acts go on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from models.errors import NotFound, NotReachable, OutsideWorldFailed
from models.messages import ENGLISH, Message
from office import connection
from office.publication.schedule import zone
from office.service import anchoring, hearing, outside
from office.service.asking import describe, every, failure_of, ids
from office.service.case_by_case import FROM_BACKUP, Tell, cases_compared, told_otherwise
from office.service.daily import Daily, schedule
from office.service.problems import Problem, first_of_each
from office.service.seals import sealed
from office.service.status import unanswered
from office.service.written import told_by
from office.settings import Settings
from register import histories, reconciliations
from register.documents import DocumentStore
from register.reconciliations import Reconciliation

if TYPE_CHECKING:
    from temporalio.client import Client

Progress = Callable[[str], AbstractContextManager[Tell]]

WORKFLOW, HOUR = "reconciliation", 4
"""What the schedule is called after its task queue, and when: an hour after the public registers."""

LONG = timedelta(hours=1)
"""A case that is told later than this what became of a letter is told too late."""

KEPT_WITHIN = timedelta(minutes=10)
"""A run that ended earlier than this has its history kept by now."""

BESIDE_CASES = (
    "WorkflowType IN ('Statement', 'Publication', 'Links', 'Reconciliation', 'Postman', "
    "'Agenda', 'AgendaMail')"
)

log = logging.getLogger(__name__)


def in_silence(what: str) -> AbstractContextManager[Tell]:
    """Shows nobody how far it has come."""
    return nullcontext(lambda done, of: None)


async def reconcile(
    client: Client, settings: Settings, deep: bool = False, progress: Progress = in_silence
) -> tuple[Reconciliation, list[Problem]]:
    """Compares everything, and keeps what it found in the place of the last time. It only looks.

    Returns: what is kept, and every difference, with the command that mends it where there is one.

    Raises: NotReachable when register or store does not answer; RPCError when Temporal does not.
    """
    url, began = settings.register_url, datetime.now(UTC)
    looked = await asyncio.to_thread(reconciliations.counted, url)
    with progress("cases") as tell:
        problems = await cases_compared(client, settings, deep, looked, tell)
    problems += await _fails(client, settings)
    problems += await _not_kept(client, settings, began)
    problems += await asyncio.to_thread(_letters, settings, began)
    problems += await unanswered(settings)
    with progress("seals") as tell:
        found = await asyncio.to_thread(sealed, settings, tell)
    looked |= found.looked
    problems += found.problems
    with progress("documents") as tell:
        problems += await asyncio.to_thread(documents, settings, looked, tell)
    if deep:
        with progress("histories") as tell:
            problems += await asyncio.to_thread(_kept, settings, tell)
    made = Reconciliation(
        began_at=_instant(began),
        ended_at=_instant(datetime.now(UTC)),
        deep=deep,
        looked=looked,
        findings=tuple(problem.told(ENGLISH) for problem in first_of_each(problems)),
        many=len(problems),
    )
    await asyncio.to_thread(reconciliations.keep, url, made)
    return made, problems


async def reconciled(
    settings: Settings, deep: bool, progress: Progress
) -> tuple[Reconciliation, list[Problem]]:
    """The same for a person who asks. Raises: NotReachable."""
    return await _reconciled(await connection.connect(settings), settings, deep, progress)


async def by_night(client: Client, settings: Settings) -> int:
    """The same by the worker, once the head of the night is made. Returns: how many differences there are.

    Raises: NotReachable.
    """
    with suppress(OutsideWorldFailed):  # its key cannot be read: the night has no head, and that is told
        await asyncio.to_thread(anchoring.nightly, settings, datetime.now(zone()).date())
    made, _ = await _reconciled(client, settings, deep=False, progress=in_silence)
    return made.many


async def _reconciled(
    client: Client, settings: Settings, deep: bool, progress: Progress
) -> tuple[Reconciliation, list[Problem]]:
    from temporalio.service import RPCError

    try:
        return await reconcile(client, settings, deep, progress)
    except RPCError as error:
        raise NotReachable("temporal.stopped-answering", why=error.message, possible=("status",)) from error


async def every_night(client: Client, settings: Settings) -> None:
    """Has it done every night. Idempotent; a Temporal that refuses it is warned about: cases go on."""
    nightly = Daily(
        "Reconciliation",
        WORKFLOW,
        HOUR,
        zone().key,
        settings.task_queue,
        static_summary="the comparison of every night",
    )
    if refused := await schedule(client, settings, nightly):
        log.warning("%s: %s", Message("reconcile.not-every-night"), refused)


async def _fails(client: Client, settings: Settings) -> list[Problem]:
    """All that is tried again in vain: cases, and what runs beside them."""
    told = [
        hearing.stalled(one, await describe(client, one)) for one in ids(await every(client, hearing.STALLED))
    ]
    told += [
        hearing.held_up(one, await describe(client, one)) for one in ids(await every(client, hearing.HELD_UP))
    ]
    queues = f"TaskQueue IN ('{settings.task_queue}', '{settings.letters_queue}')"
    for workflow in ids(await every(client, f"{BESIDE_CASES} AND ExecutionStatus = 'Running' AND {queues}")):
        look = await describe(client, workflow)
        for pending in look.pending_activities if look else ():
            if why := failure_of(pending):
                said = Message("reconcile.activity-fails", workflow=workflow, why=why)
                told.append(Problem("activity-fails", said, workflow, pending.scheduled_time.ToDatetime(UTC)))
    return told


async def _not_kept(client: Client, settings: Settings, now: datetime) -> list[Problem]:
    """Runs that have ended whose history nobody kept, though Temporal has it or no longer."""
    from office.service.histories import not_kept

    before = now - KEPT_WITHIN
    told: dict[str, Problem] = {}
    for run in await not_kept(client, settings):
        if run.close_time and run.close_time < before:
            number = run.id.removesuffix("/account")
            said = Message("reconcile.history-waits", number=number, run=run.run_id)
            told[number] = Problem("history-missing", said, number, run.close_time, ("up",))
    for number, at in await asyncio.to_thread(histories.none_of, settings.register_url, before):
        said = Message("reconcile.history-nowhere", number=number)
        told.setdefault(number, Problem("history-missing", said, number, datetime.fromisoformat(at)))
    return list(told.values())


def _kept(settings: Settings, tell: Tell) -> list[Problem]:
    """Every history that is kept, against the lines of the register, and after that of the run before it."""
    from office.service.histories import read

    store, kept = DocumentStore(settings.documents), histories.every(settings.register_url)
    known, problems = {one.run for one in kept}, list[Problem]()
    for done, one in enumerate(kept, 1):
        tell(done, len(kept))
        try:
            told = told_by(read(store, one.sha256, one.workflow).events)
        except (NotFound, OutsideWorldFailed):
            continue  # told with the documents
        problems += told_otherwise(settings, one.number, told)
        if told.follows and told.follows not in known:
            said = Message("reconcile.history-waits", number=one.number, run=told.follows)
            problems.append(Problem("history-missing", said, one.number))
    return problems


def _letters(settings: Settings, now: datetime) -> list[Problem]:
    """Letters that were made and cannot leave, or left and nobody knows; what waits for a person, too."""
    from office.letters.postman import problems

    url = settings.register_url
    told = problems(settings, True, now)
    for key, number in reconciliations.letters_without_notice(url):
        said = Message("reconcile.letter-without-notice", letter=key)
        told.append(Problem("letter-without-notice", said, number, possible=(FROM_BACKUP,)))
    for key, number, since in reconciliations.letters_not_told(url, now - LONG):
        said = Message("reconcile.letter-not-told", letter=key, number=number)
        told.append(
            Problem("letter-not-told", said, number, datetime.fromisoformat(since), (f"show {number}",))
        )
    return told


def documents(settings: Settings, looked: dict[str, int], tell: Tell) -> list[Problem]:
    """Whether the store is the register's own, and holds whatever a row names as it was kept."""
    from office.desk.documents import verify
    from register.views import filed_names

    problems, store = outside.documents(settings), DocumentStore(settings.documents)
    verified = verify(settings, tell)
    looked |= {"documents": verified.documents}
    looked["unnamed"] = verified.documents - verified.filed
    changed, missing = set(verified.changed), set(verified.missing)
    for one in filed_names(settings.register_url):
        # of what is no digest any more, too: that is a difference, and no fault
        number, path = one.number, store.folder.absolute() / one.sha256[:2] / one.sha256
        name = one.name if one.entry else Message("reconcile.history", run=one.name)
        facts = {"number": number, "name": name, "path": path}
        copy = (f"cp BACKUP/documents/{one.sha256[:2]}/{one.sha256} {path.parent}/",)
        if one.sha256 in changed:
            said = Message("reconcile.document-changed", **facts)
            problems.append(Problem("document-changed", said, number, possible=copy))
        elif one in missing:
            said = Message("reconcile.document-missing", **facts)
            problems.append(Problem("document-missing", said, number, possible=copy))
    return problems


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
