"""Asks what stands around the office whether it does its part: database, documents, mail server, disk.

Each answers within seconds or counts as silent, and none waits for another.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import ssl
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from models.errors import ProcedureError
from models.messages import Message, named_word, worded
from office.service.problems import Problem
from office.settings import Settings
from register import restores

T = TypeVar("T")

SOON = 2.5
"""Seconds within which database and mail server answer."""

ROOM = 256_000_000
"""Bytes below which a disk counts as nearly full: some days of a busy office, or one large package."""


async def in_time(work: Callable[[], T], seconds: float) -> T:
    """Does something that may hang in a thread of its own, which nobody waits for longer.

    Raises: TimeoutError, and what the work raises.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def settle(told: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # nobody listens any more
            loop.call_soon_threadsafe(lambda: None if outcome.done() else told())

    def run() -> None:
        try:
            done = work()
        except Exception as error:
            settle(lambda error=error: outcome.set_exception(error))  # type: ignore[misc]
        else:
            settle(lambda: outcome.set_result(done))

    threading.Thread(target=run, daemon=True, name="umn-outside").start()
    return await asyncio.wait_for(outcome, seconds)


async def database(settings: Settings) -> list[Problem]:
    """Whether the register takes an entry, and whether the documents here are those it knows."""
    from register.reading import knock, revision

    def ask() -> list[Problem]:
        if revision(settings.register_url) is None:
            return []  # nothing was ever written: `umn up` makes it
        knock(settings.register_url, SOON)
        return [*documents(settings), *office_key(settings), *restored(settings)]

    try:
        return await in_time(ask, SOON + 1)
    except TimeoutError:
        return [Problem("database", Message("problem.database", seconds=SOON))]
    except ProcedureError as error:
        return [Problem("database", error.said, possible=error.possible)]


def documents(settings: Settings) -> list[Problem]:
    """Whether the folder of documents is the register's own."""
    from register.documents import DocumentStore, stranger
    from register.reading import questions

    with questions(settings.register_url) as ask:
        rows = ask("SELECT id FROM document_store")
    store = DocumentStore(settings.documents)
    foreign = stranger(settings.register_url, store, rows[0][0] if rows else None)
    return [Problem("documents", foreign)] if foreign else []


def office_key(settings: Settings) -> list[Problem]:
    """Whether the key that lies here is the office's own."""
    from register import office_keys
    from register.reading import questions

    with questions(settings.register_url) as ask:
        foreign = office_keys.stranger(settings.register_url, settings.keys, office_keys.last(ask))
    return [Problem("office-key", foreign)] if foreign else []


def restored(settings: Settings) -> list[Problem]:
    """Whether a restore waits for a person to let go on what leaves the office."""
    from office.publication.schedule import there

    waits = restores.waiting(settings.register_url)
    if waits is None:
        return []
    said = Message("problem.kept-back", copied_at=there(waits.copied_at), by=waits.by)
    since = datetime.fromisoformat(waits.restored_at)
    return [Problem("kept-back", said, since=since, possible=("release",))]


def addresses(settings: Settings) -> list[Problem]:
    """Whom procedures write to without knowing where."""
    from office.letters.offices import unnamed, unreached

    try:
        lacking = [Problem("address", lack, possible=("umn up",)) for lack in unnamed(settings)]
        return lacking + [
            Problem(
                "address",
                Message("offices.no-address", procedure=code, role=named_word(role), path=settings.offices),
                possible=("umn up",),
            )
            for code, role in unreached(settings)
        ]
    except ProcedureError as error:
        return [Problem("address", error.said, possible=error.possible)]


async def mail(settings: Settings) -> list[Problem]:
    """Whether the mail server greets; nothing is sent."""
    if not settings.smtp_host:
        return []
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        said = await asyncio.wait_for(_greeting(settings), SOON)
    except TimeoutError:
        trouble = Message("problem.does-not-greet", seconds=SOON)
    except OSError as error:
        trouble = Message("problem.does-not-answer", why=error.strerror or error)
    else:
        if said.startswith("220"):
            return []
        trouble = Message("problem.greets-with", said=said[:80])
    return [Problem("mail", Message("problem.mail", server=server, trouble=trouble))]


async def _greeting(settings: Settings) -> str:
    secured = None
    if settings.smtp_tls:
        secured = ssl.create_default_context(cafile=settings.smtp_ca_file)
    reader, writer = await asyncio.open_connection(settings.smtp_host, settings.smtp_port, ssl=secured)
    try:
        said = (await reader.readline()).decode(errors="replace").strip()
        line = said
        while line[3:4] == "-":  # a greeting of several lines
            line = (await reader.readline()).decode(errors="replace").strip()
        writer.write(b"QUIT\r\n")
        await writer.drain()
        return said or "nothing"
    finally:
        writer.close()


def disk(settings: Settings, room: int = ROOM) -> list[Problem]:
    """Whether there is room where data is written."""
    told = {}
    for folder in (settings.var, settings.documents, *filter(None, [settings.publish_to])):
        while not folder.exists() and folder != folder.parent:
            folder = folder.absolute().parent
        left = shutil.disk_usage(folder).free
        if left < room:
            told[folder.stat().st_dev] = Problem(
                "disk", _full(folder, left), possible=(worded("problem.make-room"),)
            )
    return list(told.values())


def _full(folder: Path, left: int) -> Message:
    return Message("problem.disk", folder=folder.absolute(), left=left // 1000000)
