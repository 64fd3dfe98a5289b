"""What runs for a data folder, since when, in which versions, and whether it answers."""

from __future__ import annotations

import asyncio
import platform
import subprocess
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from models.errors import ProcedureError
from models.messages import Message, worded
from office import connection
from office.service import outside
from office.service.build import build_id, version
from office.service.hearing import Heard, hear
from office.service.launching import wait_for
from office.service.problems import Problem, each
from office.service.reconciled import last_comparison
from office.service.running import Process, recall
from office.service.server import is_ready
from office.settings import Settings

FIRST_ASKING = 4.0
"""Seconds within which a worker that says it is ready has asked the server for work once."""


def status(settings: Settings) -> dict[str, Any]:
    """Everything that `umn status` shows, as JSON can hold it. Never raises over what does not run."""
    from office.publication.schedule import last_publication

    problems: list[Problem] = []
    external = False
    running = None
    try:
        external = connection.is_external()
        running = recall(settings.var)
    except ProcedureError as error:
        problems.append(Problem("temporal", error.said, possible=error.possible))
    worker = running.worker if running else None
    server = running.server if running and not external else None
    postman = running.postman if running else None
    works = worker is not None and worker.alive
    carries = postman is not None and postman.alive
    heard, around, (compared, differed), counted = wait_for(
        _look(settings, FIRST_ASKING if works else 0.0, carries)
    )
    known = {str(problem.said) for problem in problems}
    problems += [problem for problem in heard.problems if str(problem.said) not in known]
    problems += _unmanned(settings, works, external, heard)
    problems += around
    told = {(problem.kind, problem.number) for problem in problems}
    problems += [problem for problem in differed if (problem.kind, problem.number) not in told]
    return {
        "data": str(settings.var.absolute()),
        "profile": settings.profile,
        "temporal": {
            "kind": "external" if external else "embedded",
            "address": heard.address,
            "ui": running.ui if running and not external else "",
            "namespace": heard.namespace,
            **_process(server),
            "answers": heard.answers,
        },
        "worker": {
            **_process(worker),
            "ready": bool(worker and worker.alive and is_ready(settings, worker)),
            "task_queue": settings.task_queue,
            "polling": bool(heard.listeners),
            "pollers": [listener.identity for listener in heard.listeners],
            "builds": sorted({listener.build for listener in heard.listeners}),
        },
        "postman": {
            **_process(postman),
            "ready": bool(postman and postman.alive and is_ready(settings, postman, "postman")),
            "task_queue": settings.letters_queue,
            "pollers": [listener.identity for listener in heard.postmen],
            "builds": sorted({listener.build for listener in heard.postmen}),
        },
        "letters": counted,
        "compared": compared,
        "database": "PostgreSQL" if settings.database_url.startswith("postgres") else "SQLite",
        **({"publication": last_publication(settings)} if settings.publish_to else {}),
        "versions": {
            "build": build_id(),
            **_versions(settings),
            **({"temporal server": heard.version} if heard.version else {}),
        },
        "problems": [problem.told() for problem in problems],
    }


async def _look(
    settings: Settings, patience: float, carries: bool
) -> tuple[Heard, list[Problem], tuple[dict[str, Any], list[Problem]], dict[str, int]]:
    """Looks everywhere at once: what does not answer keeps nothing else from being told."""
    from office.publication.schedule import trouble

    now = datetime.now(UTC)
    compared = asyncio.create_task(_compared(settings, now))
    heard, database, mail, requests, without_answer, (letters, counted) = await asyncio.gather(
        hear(settings, patience),
        outside.database(settings),
        outside.mail(settings),
        _requests_to_cancel(settings),
        unanswered(settings),
        _letters(settings, carries, now),
    )
    unpublished = trouble(settings, now)
    publication = [Problem("publication", unpublished)] if unpublished else []
    carried = carries or bool(heard.postmen)  # here, or on another machine
    letters = [problem for problem in letters if problem.kind != "no-postman" or not carried]
    around = [
        *database,
        *mail,
        *requests,
        *letters,
        *outside.disk(settings),
        *without_answer,
        *outside.addresses(settings),
        *publication,
    ]
    return heard, around, await compared, counted


async def _requests_to_cancel(settings: Settings) -> list[Problem]:
    """Requests to cancel that wait for a person: how each case can be ended, or goes on."""
    from register.views import Request, requests_to_cancel

    def told(asked: Request) -> Problem:
        acts = [act for act in ("dismiss-cancellation", "withdraw", "close") if act in asked.possible]
        return Problem(
            "cancellation-requested",
            Message("problem.cancellation-requested", number=asked.number),
            asked.number,
            datetime.fromisoformat(asked.recorded_at).astimezone(UTC),
            tuple(f"{act} {asked.number}" for act in acts),
        )

    try:
        found = await outside.in_time(lambda: requests_to_cancel(settings.register_url), connection.PATIENCE)
    except (ProcedureError, TimeoutError):
        return []  # that the register does not answer is told elsewhere
    return each("cancellation-requested", found, len(found), told)


async def unanswered(settings: Settings) -> list[Problem]:
    """Acts that were sent from here and got no answer: whether they stand, and what to do."""
    from office.desk.requests import Requests, Unanswered, sentence

    def told(one: Unanswered) -> Problem:
        possible = f"show {one.number}" if one.stands else f"{one.command} {one.number}"
        return Problem("unanswered-act", sentence(one), one.number, one.since, (possible,))

    requests = Requests(settings.var / "requests", settings.register_url)
    try:
        found = await outside.in_time(requests.unanswered, connection.PATIENCE)
    except (ProcedureError, TimeoutError):
        return []  # that the register does not answer is told elsewhere
    return each("unanswered-act", found, len(found), told)


async def _compared(settings: Settings, now: datetime) -> tuple[dict[str, Any], list[Problem]]:
    """When everything was compared last, and what was found then."""
    try:
        return await outside.in_time(lambda: last_comparison(settings, now), connection.PATIENCE)
    except (ProcedureError, TimeoutError):
        return {}, []  # that the register does not answer is told elsewhere


async def _letters(settings: Settings, carries: bool, now: datetime) -> tuple[list[Problem], dict[str, int]]:
    from office.letters import postman

    def ask() -> tuple[list[Problem], dict[str, int]]:
        return postman.problems(settings, carries, now), postman.counted(settings)

    try:
        return await outside.in_time(ask, connection.PATIENCE)
    except TimeoutError:
        return [], {}  # that the register does not answer is told elsewhere


def _unmanned(settings: Settings, works: bool, external: bool, heard: Heard) -> list[Problem]:
    """Nobody takes work: here, or anywhere."""
    queue = settings.task_queue
    if not works and not (external and heard.listeners):
        return [Problem("no-worker", Message("problem.no-worker"), possible=("up",))]
    if heard.answers and not heard.listeners:
        return [Problem("no-worker", Message("problem.no-worker-asks", queue=queue))]
    return []


def _process(process: Process | None) -> dict[str, Any]:
    alive = process is not None and process.alive
    return {
        "running": alive,
        "pid": process.pid if process is not None and alive else None,
        "since": process.since.isoformat() if process is not None and alive else None,
    }


def _versions(settings: Settings) -> dict[str, str]:
    name, number = version()
    versions = {name: number, "python": platform.python_version()}
    for package in ("temporalio", "pydantic", "sqlmodel", "typst"):
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = worded("office.not-installed-here")
    return {**versions, **_binary_versions(settings)}


def _binary_versions(settings: Settings) -> dict[str, str]:
    """Versions that the embedded server's command says of itself."""
    import re

    from office.service.embedded import find_binary

    try:
        said = subprocess.run(
            [find_binary(settings), "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except (ProcedureError, OSError, subprocess.TimeoutExpired):
        return {"temporal command": worded("office.not-installed-here")}
    # "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"
    parts = {"temporal command": r"version ([\w.+-]+)", "temporal server": r"Server ([\w.+-]+)"}
    parts["temporal UI"] = r"UI ([\w.+-]+)"
    found = {name: re.search(pattern, said) for name, pattern in parts.items()}
    return {name: match[1] for name, match in found.items() if match}
