"""The postman, as worker and desk see him: how he is woken, and what a person should know of letters."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from models.errors import NotReachable
from models.messages import Message, named_word
from office.service.gathering import gathered
from office.service.problems import Problem, each
from office.settings import Settings
from register import notices, outbox
from register.notices import Notice

if TYPE_CHECKING:
    from temporalio.client import Client

    from models.envelope import Envelope, OfficeAct
    from models.notes import Note

LONG = timedelta(hours=1)
"""A letter that has waited for longer than this waits for long."""

PATIENCE = 15.0
"""Seconds in which a letter is waited for that a person lets go on; after them it goes on by itself."""

EVERY = 60.0
"""Seconds after which the outbox is looked into, whether or not anybody woke the postman."""

WAKES = 5
"""How often he is woken anew who goes to rest or is woken in the same moment: a server may refuse it then."""

log = logging.getLogger(__name__)


async def wake(client: Client, settings: Settings) -> bool:
    """Wakes the postman: wakes that come together are one. Returns: whether Temporal took it.

    Never fails: a wake that is lost loses no letter, since the next one finds it in the outbox.
    """
    from temporalio.exceptions import WorkflowAlreadyStartedError
    from temporalio.service import RPCError, RPCStatusCode

    for _ in range(WAKES):
        try:
            await client.start_workflow(
                "Postman",
                id=f"{settings.task_queue}-postman",
                task_queue=settings.letters_queue,
                start_signal="letters_wait",
                static_summary="letters that wait in the outbox",
            )
        except WorkflowAlreadyStartedError:  # somebody else woke him in this very moment
            continue
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:  # he went to rest in this very moment
                continue
            log.warning("The postman could not be woken; the letters wait: %s", error.message)
            return False
        return True
    log.warning("The postman could not be woken; the letters wait: he goes to rest each time")
    return False


async def keep_awake(client: Client, settings: Settings, every: float = EVERY) -> None:
    """Wakes the postman whenever letters can leave and nobody says so: as when he was terminated."""
    while True:
        await asyncio.sleep(every)
        try:
            letters = await asyncio.to_thread(outbox.look, settings.register_url, datetime.now(UTC))
        except NotReachable:
            continue  # the next look tells
        if letters.lanes:
            await wake(client, settings)


def waker_of(client: Client, settings: Settings) -> Callable[[], object]:
    """What wakes the postman from a thread, soon, and waits for nothing."""
    return gathered(partial(wake, client, settings))


def teller_of(
    client: Client, sign: Callable[[str, OfficeAct, datetime], Envelope]
) -> Callable[[str, Note], bool]:
    """What tells a case a note, from a thread, in the envelope that `sign` makes.

    A case that has ended takes no note; its account does, while it is open. What it returns is whether one
    of them took it: a case that somebody terminated takes none either.
    """
    loop = asyncio.get_running_loop()

    async def tell(number: str, note: Note) -> bool:
        from temporalio.service import RPCError, RPCStatusCode

        from models.envelope import telling
        from models.notes import TELLS

        said = [note, sign(number, telling(note), datetime.now(UTC))]
        for case in (number, f"{number}/account"):
            try:
                await client.get_workflow_handle(case).signal(TELLS, args=said)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise NotReachable("notice.case-not-told", number=number, why=error.message) from None
            else:
                return True
        return False

    def tells(number: str, note: Note) -> bool:
        try:
            return asyncio.run_coroutine_threadsafe(tell(number, note), loop).result(10)
        except TimeoutError:
            raise NotReachable(
                "notice.case-not-told", number=number, why=Message("register.no-reason")
            ) from None

    return tells


async def leaves(settings: Settings, key: str, by: str, client: Client | None = None) -> Notice:
    """Wakes the postman for a letter, and waits until it was tried, or for a while.

    Raises: NotReachable when Temporal does not answer; what was said of the letter stands.
    """
    from office.connection import connect

    woken = await wake(client or await connect(settings, by), settings)
    if not woken:
        raise NotReachable("notice.kept-to-go-on", notice=key, possible=("status",))
    until = time.monotonic() + PATIENCE
    while True:
        found = notices.one(settings.register_url, key)
        tried = found.state not in notices.ON_ITS_WAY or (found.state == "pending" and found.attempts)
        told = not found.tells or found.state == "not_told" or found.attempts
        if (tried and told) or time.monotonic() > until:
            return found
        await asyncio.sleep(0.05)


def problems(settings: Settings, runs: bool, now: datetime) -> list[Problem]:
    """What a person should know of letters: no postman, lanes that stand, letters that came back or wait.

    A letter that a person is to post is work of the desk and no problem: it is counted, and listed.
    """
    try:
        open_ones = notices.notices(settings.register_url)
    except NotReachable:
        return []  # there is no register yet, or others say that it does not answer
    said = []
    waits = [one for one in open_ones if one.state in notices.ON_ITS_WAY]
    if not runs:
        waiting = Message("problem.no-postman-and-letters" if waits else "problem.no-postman", n=len(waits))
        said.append(Problem("no-postman", waiting, possible=("up",)))
    stands = [one for one in open_ones if one.state in (*notices.STOPPED, "in_doubt")]
    said += each("letters-stand", stands, len(stands), _stands)
    returned = [one for one in open_ones if one.state in ("refused", "bounced")]
    said += each("letters-returned", returned, len(returned), _returned)
    oldest = min((one.since for one in waits), default="")
    if oldest and now - (since := datetime.fromisoformat(oldest).astimezone(UTC)) > LONG:
        reason = next((one.reason for one in waits if one.reason), "")
        key = "problem.letters-wait-because" if reason else "problem.letters-wait"
        said.append(Problem("letters-wait", Message(key, n=len(waits), why=reason), since=since))
    return said


def _returned(one: Notice) -> Problem:
    return Problem(
        "letters-returned",
        Message(
            "problem.letters-returned",
            notice=one.key,
            role=named_word(one.role),
            state=notices.STATES[one.state],
            why=one.reason or Message("register.no-reason"),
        ),
        one.number,
        datetime.fromisoformat(one.since).astimezone(UTC),
        ("notices",),
    )


def _stands(one: Notice) -> Problem:
    return Problem(
        "letters-stand",
        Message(
            "problem.letters-stand",
            number=one.number,
            role=named_word(one.role),
            notice=one.key,
            state=notices.STATES[one.state],
            why=one.reason,
        ),
        one.number,
        datetime.fromisoformat(one.since).astimezone(UTC),
        ("notices",),
    )


def counted(settings: Settings) -> dict[str, int]:
    """How many letters wait to leave by themselves, for a person to look, and for a person to post."""
    try:
        found = [one.state for one in notices.notices(settings.register_url)]
    except NotReachable:
        return {}
    to_post = found.count("to_post")
    waiting = sum(state in notices.ON_ITS_WAY for state in found)
    return {"waiting": waiting, "for a person": len(found) - waiting - to_post, "to post": to_post}
