"""Compares every case that runs with what the register holds of it: its last entry, or line by line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from models.envelope import note_of
from models.messages import Message
from office.service.comparing import FRESH, goes_on, not_running, run_of, running, still_running
from office.service.problems import Problem
from office.service.written import Told, Written, end_of, whole_of
from office.settings import Settings
from register import office_keys, reconciliations
from register.reading import questions
from register.reconciliations import Line

if TYPE_CHECKING:
    from temporalio.api.workflow.v1 import WorkflowExecutionInfo
    from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
    from temporalio.client import Client

    from register.views import Stand

Tell = Callable[[int, int], None]

AT_ONCE = 20
"""Histories that are asked for at the same time."""

AGAIN, SETTLING = 2, 1.0
"""How often what differs is looked at again, and after how many seconds: an act has been entered by then."""

FROM_BACKUP = "restore BACKUP"
"""What brings back what the register has lost: a person decides whether to."""

T = TypeVar("T")


async def cases_compared(
    client: Client, settings: Settings, deep: bool, looked: dict[str, int], tell: Tell
) -> list[Problem]:
    """How cases and register differ, both ways. Of each the end of its history is read; `deep`: all of it."""
    stood, digests = await _stood(settings)
    runs = await running(client, settings)
    opened = {number for number, stand in stood.items() if not stand.ended}
    looked |= {"cases": len(opened), "running": len(runs)}

    async def known(number: str) -> Problem | None:
        told = await end_of(client, *_execution(runs[number]))
        return _difference(number, told, stood.get(number), digests.get(number), runs[number])

    suspects = [number for number, unlike in (await _at_once(known, runs, tell)).items() if unlike]
    suspects += [number for number in opened if number not in runs]
    suspects += [number for number, run in runs.items() if number in stood and goes_on(stood[number], run)]
    problems = await _looked_at_again(client, settings, sorted(set(suspects)))
    unlike = [p.number for p in problems if p.kind == "entries-differ" and p.number in runs]

    async def line_by_line(number: str) -> list[Problem]:
        told = await whole_of(client, *_execution(runs[number]))
        return await asyncio.to_thread(told_otherwise, settings, number, told)

    read = await _at_once(line_by_line, runs if deep else unlike, tell)
    lines = [problem for of_case in read.values() for problem in of_case]
    more = {problem.number for problem in lines}
    problems = [p for p in problems if p.kind != "entries-differ" or p.number not in more]
    return problems + lines + await asyncio.to_thread(_missing, settings)


async def _looked_at_again(client: Client, settings: Settings, suspects: list[str]) -> list[Problem]:
    """What still differs when it is looked at again, and once more: cases go on while they are compared.

    The register is asked last: what a case knows was written there before.
    """

    async def look(number: str) -> tuple[DescribeWorkflowExecutionResponse | None, Told]:
        look = await run_of(client, number)
        return look, await end_of(client, *_execution(look.workflow_execution_info)) if look else Told()

    lost, differ = set[str](), dict[str, Problem]()
    for _ in range(AGAIN):
        if not suspects:
            break
        await asyncio.sleep(SETTLING)
        looks = await _at_once(look, suspects)
        stood, digests = await _stood(settings)
        opened = {number for number, stand in stood.items() if not stand.ended}
        lost = {number for number, (run, _) in looks.items() if run is None and number in opened}
        found = {
            number: _still_differs(number, run, told, stood.get(number), digests.get(number))
            for number, (run, told) in looks.items()
            if run
        }
        differ = {number: problem for number, problem in found.items() if problem}
        suspects = [*lost, *differ]
    not_there = await _at_once(lambda number: not_running(client, number, None, stood[number]), sorted(lost))
    return [*not_there.values(), *differ.values()]


def _still_differs(
    number: str,
    run: DescribeWorkflowExecutionResponse,
    told: Told,
    stand: Stand | None,
    digest: str | None,
) -> Problem | None:
    """How a case that runs differs from the register, the second time."""
    info = run.workflow_execution_info
    if stand and goes_on(stand, info):
        return still_running(number, stand)
    if run.HasField("pending_workflow_task"):
        return None  # it goes on in this moment; where it stalls, that is told as such
    return _difference(number, told, stand, digest, info)


async def _stood(settings: Settings) -> tuple[dict[str, Stand], dict[str, str]]:
    """How far the register has come with every case, and the digest of each last line."""
    from register.views import stands

    digests = await asyncio.to_thread(reconciliations.last_digests, settings.register_url)
    return await asyncio.to_thread(stands, settings.register_url), digests


async def _at_once(
    ask: Callable[[str], Awaitable[T]], numbers: Collection[str], tell: Tell = lambda done, of: None
) -> dict[str, T]:
    """An answer for each case, several at a time."""
    room, answers = asyncio.Semaphore(AT_ONCE), dict[str, T]()

    async def one(number: str) -> None:
        async with room:
            answers[number] = await ask(number)
            tell(len(answers), len(numbers))

    await asyncio.gather(*map(one, numbers))
    return answers


def _execution(run: WorkflowExecutionInfo) -> tuple[str, str]:
    return run.execution.workflow_id, run.execution.run_id


def _difference(
    number: str, told: Told, stand: Stand | None, digest: str | None, run: WorkflowExecutionInfo
) -> Problem | None:
    """How what a case knows differs from what the register holds of it; nothing where they agree."""
    knows, holds, began = told.knows, stand.entry if stand else 0, run.start_time.ToDatetime(UTC)
    if not knows:
        if stand or knows is None or datetime.now(UTC) - began < FRESH:
            return None
        return Problem("never-entered", Message("problem.never-entered", number=number), number, began)
    if stand is None or knows > holds:
        said = Message("reconcile.register-behind", number=number, knows=knows, entries=holds)
        return Problem("register-behind", said, number, began, (FROM_BACKUP,))
    if knows < holds:
        if told.writes:
            return None  # where that fails for long, the case is held up, and told as such
        said = Message("reconcile.behind", number=number, knows=knows, entries=holds)
        return Problem(
            "behind", said, number, datetime.fromisoformat(stand.recorded_at), (f"reopen {number}",)
        )
    stands = told.written[-1].stands if told.written else ""
    return _differs(number, knows, ["digest"]) if digest and not digest.startswith(stands) else None


def told_otherwise(settings: Settings, number: str, told: Told) -> list[Problem]:
    """What a history tells and the register does not hold, and what came to the case from nobody of us."""
    with questions(settings.register_url) as ask:
        offices = office_keys.every(ask)
    strange = sum(note_of(said, number, offices) is None for said in told.notes)
    said = Message("reconcile.note-unsigned", number=number, n=strange)
    return lines_differ(settings, number, told.written) + [Problem("note-unsigned", said, number)] * bool(
        strange
    )


def lines_differ(settings: Settings, number: str, written: Sequence[Written]) -> list[Problem]:
    """Every entry that a history tells and that the register holds otherwise."""
    lines = reconciliations.lines(settings.register_url, number)
    invoices = reconciliations.invoices(settings.register_url, number)
    told = [(one.entry, _unlike(one, lines[one.entry])) for one in written if one.entry in lines]
    told += [(o.entry, ["invoice"]) for o in written if o.invoice and o.invoice not in invoices.items()]
    return [_differs(number, entry, parts) for entry, parts in told if parts]


def _unlike(written: Written, line: Line) -> list[str]:
    """What a line says otherwise than its history."""
    if line.act != written.act:
        return ["act"]
    if line.says != written.says:
        return ["says"]
    return [] if line.digest.startswith(written.stands) else ["digest"]


def _differs(number: str, entry: int, parts: Sequence[str]) -> Problem:
    said = Message("reconcile.entries-differ", number=number, entry=entry, parts=parts)
    return Problem("entries-differ", said, number, possible=(FROM_BACKUP,))


def _missing(settings: Settings) -> list[Problem]:
    """Cases of which the register lacks lines by its own state of them, or whose state is another one."""
    unlike = reconciliations.states_unlike(settings.register_url)
    return [_differs(number, entry, ["state"]) for number, entry in unlike] + [
        Problem(
            "entries-missing",
            Message("reconcile.entries-missing", number=number, state=state, many=many, newest=newest),
            number,
            possible=(FROM_BACKUP,),
        )
        for number, (state, many, newest) in sorted(reconciliations.gaps(settings.register_url).items())
    ]
