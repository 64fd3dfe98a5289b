"""Publishing, from the command line's and the worker's side: what, by whose clause, where and when."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from models.errors import ImproperAct, InputRefused
from models.messages import Message
from office.service.daily import Daily
from office.service.daily import schedule as every_day
from office.settings import Settings
from procedures.registry import Publicity, public_registers, published_in, zone_of
from register import restores
from register.publishing import Publication, difference, publish
from register.site import Frame

if TYPE_CHECKING:
    from temporalio.client import Client

WORKFLOW = "publication"
"""What the schedule and the workflow after a decision are called, after their task queue."""

HOUR = 3
"""Of the night, where the first register is, at which all are published whatever happened."""

REMEMBERED = "publication.json"
"""The file of the data folder that says how the last publications went, for `umn status`."""

LATE = timedelta(hours=26)
"""A night was left out when the last publication is older than this."""

log = logging.getLogger(__name__)


def published(
    settings: Settings, folder: Path | None, at: datetime, write: bool, register: str = ""
) -> list[Publication]:
    """Publishes public registers as they are, each into its own folder, or tells what that would change.

    All of them, or the one of that name. One that cannot be published does not hold up the others.

    Raises: InputRefused when no folder is named or set, it holds something else, or there is no register of
    that name; ImproperAct when a restore waits to be released; NoRuleInForce; OutsideWorldFailed;
    NotReachable.
    """
    into, held = folder or settings.publish_to, _carried_on(settings)
    if into is None:
        raise InputRefused("public.no-folder", possible=("publish FOLDER", "set UMN_PUBLISH_TO"))
    if not held:
        raise InputRefused("public.no-register")
    if register and register not in held:
        possible = tuple(f"publish --register {name}" for name in held)
        raise InputRefused("public.no-such-register", register=register, possible=possible)
    if write and (waits := restores.waiting(settings.register_url)):
        raise ImproperAct(
            "restore.publishes-nothing", copied_at=there(waits.copied_at), possible=("release",)
        )
    told: list[Publication] = []
    failed: list[Exception] = []
    for of in [held[register]] if register else held.values():
        try:
            does = publish if write else difference
            told.append(does(*_what(settings, into, of, at), hold_back=_holds_back(settings, of, at)))
        except Exception as error:
            failed.append(error)
    if write and into == settings.publish_to and (failed or not register):
        _remember(settings, at, failed[0] if failed else None)
    if failed:
        raise failed[0]
    return told


def _carried_on(settings: Settings) -> dict[str, Publicity]:
    """The registers of the procedures that this office carries on, by their name."""
    from office.letters.offices import not_carried_on

    return {
        name: of
        for name, of in public_registers().items()
        if not all(not_carried_on(settings, code) for code in published_in(of))
    }


def last_publication(settings: Settings) -> dict[str, str]:
    """How the last publications to the folder that is set went.

    `published_at` is when one went well, `failed_since` the first failure after it, with the `reason` of
    the newest; empty where there is none. Instants are UTC.
    """
    told = dict.fromkeys(("published_at", "failed_since", "reason"), "")
    with contextlib.suppress(OSError, ValueError):
        read = json.loads((settings.var / REMEMBERED).read_text())
        told |= {name: str(read[name]) for name in told if name in read}
    return told


def trouble(settings: Settings, now: datetime) -> Message | None:
    """What an operator has to know of the publications to the set folder; nothing when all is well."""
    told = last_publication(settings)
    if settings.publish_to is None:
        return None
    published_at = told["published_at"]
    last = (
        Message("public.last-published", on=there(published_at))
        if published_at
        else Message("public.never-published")
    )
    if told["failed_since"]:
        since = there(told["failed_since"])
        return Message("public.not-published-since", last=last, since=since, why=told["reason"])
    if published_at and now - datetime.fromisoformat(published_at) > LATE:
        return Message("public.published-late", last=last)
    return None


def there(instant: str) -> str:
    """An instant to the minute, as the clock shows it where the first public register is."""
    return f"{datetime.fromisoformat(instant).astimezone(zone()):%Y-%m-%d %H:%M}"


def zone() -> ZoneInfo:
    """The time zone of the first public register: at night there, all are published."""
    for of in public_registers().values():
        return zone_of(of)
    return ZoneInfo("UTC")


def _what(settings: Settings, into: Path, of: Publicity, at: datetime) -> tuple[str, Path, Frame, datetime]:
    url = settings.public_url and f"{settings.public_url.rstrip('/')}/{of.name}/"
    from office.letters.offices import offices

    agency = offices(settings)[next(iter(published_in(of)))].creditor
    return settings.register_url, into / of.name, Frame(of, agency.name, url, agency.telephone), at


def _remember(settings: Settings, at: datetime, error: Exception | None = None) -> None:
    """Writes down how a publication went, in one step. Where that fails, the publication still stands."""
    told, now = last_publication(settings), at.astimezone(UTC).isoformat(timespec="seconds")
    if error is None:
        told = {"published_at": now, "failed_since": "", "reason": ""}
    else:
        possible = getattr(error, "possible", ())
        why = f"{getattr(error, 'message', '') or f'{type(error).__name__}: {error}'}"
        told["failed_since"] = told["failed_since"] or now
        said = Message("public.why-and-possible", why=why, commands=possible)
        told["reason"] = str(said) if possible else why
    try:
        draft = settings.var / f".{REMEMBERED}.{os.getpid()}"
        draft.write_text(json.dumps(told, indent=1) + "\n")
        draft.replace(settings.var / REMEMBERED)
    except OSError as unwritten:
        log.warning("%s: %s", Message("public.not-remembered"), unwritten)


def publish_again(settings: Settings, at: datetime) -> list[Publication]:
    """What the worker publishes: every register as it is, into the folder that is set; kept back, nothing."""
    if restores.waiting(settings.register_url):
        return []
    return published(settings, None, at, write=True)


async def schedule(client: Client, settings: Settings) -> None:
    """Has the registers published every night, when a folder is set; else takes that back.

    Idempotent: by the id of the schedule. A Temporal that refuses it is warned about: cases go on.
    """
    nightly = Daily(
        "Publication",
        WORKFLOW,
        HOUR,
        zone().key,
        settings.task_queue,
        static_summary="the public registers, every night",
    )
    if refused := await every_day(client, settings, nightly, wanted=settings.publish_to is not None):
        log.warning("%s: %s", Message("public.not-every-night"), refused)


async def publish_soon(client: Client, settings: Settings) -> None:
    """Has the registers published after a change of their lists; several changes at once are one publication.

    Never fails: whoever changed a list is not held up by it, and the night makes up for it.
    """
    from temporalio.exceptions import WorkflowAlreadyStartedError
    from temporalio.service import RPCError

    try:
        await client.start_workflow(
            "Publication",
            id=f"{settings.task_queue}-{WORKFLOW}",
            task_queue=settings.task_queue,
            start_signal="lists_changed",
            static_summary="the public registers, after a change of a list",
        )
    except (RPCError, WorkflowAlreadyStartedError) as error:  # as when two start it in the same moment
        log.warning("%s: %s", Message("public.not-before-the-night"), error.message)


def _holds_back(settings: Settings, of: Publicity, at: datetime) -> bool:
    from models.law.choices import held_back
    from office.law.agency import read

    if of.gap is None:
        return False
    book = read(settings.law).of(next(iter(published_in(of))))
    return held_back(book.clause(of.gap.id), at.astimezone(zone_of(of)).date())
