"""What a person says of a letter: it came back, it arrived after all, it shall leave again.

What was said is in the register before anything is sent; typed again after a crash, a command goes on where
it was. Where a letter went, and what a mail server said, stays there: a case is told the notice by its key.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import ActRefused, ImproperAct, InputRefused, NotFound, NotReachable
from office.settings import Settings
from register import notices
from register.notices import Notice

if TYPE_CHECKING:
    from temporalio.client import Client

    from models.acts import PostReported
    from models.entry import TurnedAway

PATIENCE = 15.0
"""Seconds in which a letter that leaves again is waited for; after them it goes on by itself."""

MAY_BOUNCE = ("sent", "in_doubt", "refused", "bounced")


def meant(
    settings: Settings,
    number: str | None,
    key: str | None = None,
    letter: str | None = None,
    message: Path | None = None,
) -> tuple[Notice, str]:
    """The one notice that came back, and what a bounce says of it.

    Raises: NotFound; InputRefused when it is not clear which is meant.
    """
    url, reason = settings.register_url, ""
    if key:
        found = [notices.one(url, key)]
    elif message:
        from office.bounces import read_bounce

        bounce = read_bounce(message)
        known = notices.by_message_id(url, bounce.message_ids)
        if known is None:
            raise NotFound(
                f"{message} answers no letter of this register: "
                f"{', '.join(bounce.message_ids) or 'it names no message'}.",
                ("notices",),
            )
        if known.recipient.lower() not in {address.lower() for address in bounce.recipients}:
            raise InputRefused(
                f"{message} tells of {', '.join(bounce.recipients)}; {known.key} went to another address. "
                "If it was forwarded there, say so by hand.",
                (f"notices bounced {known.number} --notice {known.key} --reason REASON",),
            )
        found, reason = [known], bounce.reason
    elif number:
        found = [one for one in notices.notices(url, number) if one.state in MAY_BOUNCE]
        found = [one for one in found if letter in (None, one.letter)]
    else:
        raise InputRefused("Say which letter came back: a number, --notice KEY or --message FILE.")
    if number and any(one.number != number for one in found):
        raise InputRefused(f"{found[0].key} is a letter of {found[0].number}, not of {number}.")
    if len(found) == 1:
        return found[0], reason
    if not found:
        what = f"no {letter} letter" if letter else "no letter"
        raise NotFound(f"{number} has {what} that could have come back.", (f"notices --number {number}",))
    raise InputRefused(
        f"{number} has {len(found)} letters that could have come back; say which by --notice.",
        tuple(f"notices bounced {number} --notice {one.key}" for one in found),
    )


async def bounced(
    settings: Settings,
    notice: Notice,
    reason: str,
    by: str,
    on: date,
    today: date,
    client: Client | None = None,
) -> dict[str, Any]:
    """Keeps that a letter came back, and tells its case. Returns: what became of it.

    Idempotent: by notice, until somebody says that it arrived.
    """
    from models.acts import NoticeBounced

    _refuse_future(on, today)
    if notice.state not in MAY_BOUNCE:
        raise ImproperAct(f"{notice.key} is {notice.state}: it has not left, so it cannot have come back.")
    if notice.state != "bounced":
        notices.settle(settings.register_url, notice, "bounced", by, _line(reason))
        notice = notices.one(settings.register_url, notice.key)
    return await _tell(settings, notice, _act(NoticeBounced, notice, by, on), client)


async def delivered(
    settings: Settings, key: str, by: str, on: date, today: date, client: Client | None = None
) -> dict[str, Any]:
    """Keeps that a letter arrived, as a person knows; what waited for its receipt starts on that day.

    Idempotent: by notice, until somebody says that it came back.
    """
    from models.acts import NoticeDelivered

    _refuse_future(on, today)
    notice = notices.one(settings.register_url, key)
    if notice.state not in notices.FOR_A_PERSON and not (notice.state == "sent" and notice.settled_by):
        raise ImproperAct(f"{key} is {notice.state}: there is nothing to settle.", ("notices",))
    if notice.state != "sent":
        notices.settle(settings.register_url, notice, "sent", by)
        notice = notices.one(settings.register_url, key)
    return await _tell(settings, notice, _act(NoticeDelivered, notice, by, on), client)


async def again(
    settings: Settings, key: str, by: str, to: str | None = None, client: Client | None = None
) -> dict[str, Any]:
    """Lets a letter leave once more that came back, was refused, is in doubt, or waits for the mail server.

    Idempotent while it has not left: typed again, it goes on with the same notice.
    """
    from models.parties import is_mail_address

    url = settings.register_url
    if to and not is_mail_address(to):
        raise InputRefused(f"--to {to!r} is no address that mail can go to.")
    notice = notices.one(url, key)
    if notice.state == "replaced":
        notice = notices.successor(url, key) or notice
    if notice.key != key and notice.state in notices.FOR_A_PERSON:
        raise ImproperAct(
            f"{key} left again as {notice.key}, which is {notice.state.replace('_', ' ')}: send that one.",
            (f"notices again {notice.key}",),
        )
    if notice.state in notices.FOR_A_PERSON:
        notice = notices.one(url, notices.send_again(url, notice, by, to or notice.recipient))
    elif notice.state not in notices.ON_ITS_WAY:
        raise ImproperAct(
            f"{notice.key} is {notice.state.replace('_', ' ')}: it does not leave again. If it came back, "
            "say so first.",
            (f"notices bounced {notice.number} --notice {notice.key}",),
        )
    elif to and to != notice.recipient:
        raise ImproperAct(f"{notice.key} is on its way to {notice.recipient} already.")
    ended = await _leaves(settings, notice, by, client)
    return {"notice": notice.key, "state": notices.one(url, notice.key).state, "ended": ended}


def redelivery_id(notice: Notice) -> str:
    """The workflow that sends a notice once more; always the same one, so that two at once are one."""
    return f"{notice.number}/notice-{_short(notice.key)}"


async def _leaves(settings: Settings, notice: Notice, by: str, client: Client | None) -> bool:
    """Has a workflow deliver it. Returns: whether it has ended; else it goes on by itself."""
    from temporalio.client import WorkflowFailureError
    from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
    from temporalio.service import RPCError

    from models.entry import LetterKind, SentAgain
    from models.parties import Role
    from office.connection import connect

    client = client or await connect(settings)
    again = SentAgain(
        number=notice.number,
        entry=notice.entry,
        notice=notice.key,
        # one that was refused for good leaves in its own place: its case may have been told
        replaces=notice.replaces or notice.key,
        letter=LetterKind(notice.letter),
        role=Role(notice.role),
        by=by,
    )
    try:
        handle = await client.start_workflow(
            "Redelivery",
            again,
            id=redelivery_id(notice),
            task_queue=settings.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            static_summary=f"{notice.letter} of entry {notice.entry} once more",
        )
        await asyncio.wait_for(asyncio.shield(asyncio.ensure_future(handle.result())), PATIENCE)
    except TimeoutError:
        return False
    except WorkflowFailureError as error:
        raise NotReachable(
            f"{notice.key} has not left: its workflow was ended by hand ({error.cause}).", ("notices",)
        ) from None
    except RPCError as error:
        raise NotReachable(
            f"{notice.key} is kept to leave again, but Temporal does not answer ({error.message}). Type the "
            "same command again.",
            ("status",),
        ) from None
    return True


async def turned_away(client: Client, settings: Settings, away: TurnedAway) -> None:
    """Has the case told of a letter that a mail server will never take, until it knows.

    Idempotent: by notice and since when it is refused.
    """
    from temporalio.common import WorkflowIDConflictPolicy

    await client.start_workflow(
        "ReturnedLetter",
        away,
        id=f"{away.number}/returned-{_short(f'{away.notice} {away.since}')}",
        task_queue=settings.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"{away.letter.value} of entry {away.entry} was refused for good",
    )


async def _tell(
    settings: Settings, notice: Notice, act: PostReported, client: Client | None
) -> dict[str, Any]:
    """Tells the case, if there is one that waits for it."""
    from office.connection import connect
    from office.sending import send

    case: dict[str, Any] | None = None
    said = ""
    try:
        receipt = await send(client or await connect(settings), settings, notice.number, act)
        case = receipt.model_dump(mode="json")
    except (ActRefused, NotFound) as refused:
        said = refused.message
    state = notices.one(settings.register_url, notice.key).state
    return {"notice": notice.key, "state": state, "case": case, "said": said}


def _act(kind: type[PostReported], notice: Notice, by: str, on: date) -> PostReported:
    """What the case is told; the same one as long as nobody has said something else of the notice since."""
    from models.entry import LetterKind
    from models.parties import Role

    return kind(
        by=by,
        on=on,
        request_id=f"{kind.command.rpartition(' ')[2]}-{_short(f'{notice.key} {notice.since}')}",
        notice=notice.key,
        letter=LetterKind(notice.letter),
        role=Role(notice.role),
        entry=notice.entry,
    )


def _refuse_future(on: date, today: date) -> None:
    if on > today:
        raise InputRefused(f"The day {on} lies in the future; today is {today}.")


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def _line(said: str) -> str:
    return "".join(c if c.isprintable() else " " for c in said).strip()
