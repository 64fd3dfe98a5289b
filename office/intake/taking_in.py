"""Takes e-submissions in: gives each a number, keeps its files, and starts its dossier."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.clock import civil_day
from models.dossier import Dossier
from models.errors import InputRefused, NotConfirmed, NotFound, NotReachable, PackageRefused
from models.findings import Finding, Severity
from models.forms import COMPLETION
from models.messages import Message, named_word
from models.phases import Course, Kind
from models.reasons import Problem, Reason, refusal
from models.receipts import Receipt
from office.service.ending import under_way
from office.settings import Settings
from procedures.books import applicable_law
from procedures.registry import intake, procedure

if TYPE_CHECKING:
    from temporalio.client import Client

    from models.law.applicable import Law
    from models.law.book import LawBook
    from office.desk.envelopes import Sign
    from office.intake.package import Package
    from register.case import Case
    from register.views import State

PATIENCE = 30.0
"""Seconds to wait for the first entry of what was started."""


async def submit(
    settings: Settings,
    path: Path,
    by: str,
    today: date,
    kind: str | None = None,
    procedure: str | None = None,
    sign: Sign | None = None,
) -> tuple[Receipt, list[str]]:
    """Takes a package in: opens its dossier, or hands it to the dossier that it completes or answers.

    `kind` and `procedure` choose a reading where the forms of the package disagree. What is opened or handed
    in comes in the envelope that `sign` makes, as a rule that of whoever's key signs here.

    Idempotent: by delivery number; the same package finds its dossier again.

    Returns: the receipt, and what the checks found (for a person to judge).
    Raises: InputRefused when there is no package; PackageRefused, after the fact was remembered, for one
    that cannot stand, or a delivery number used for another one;
    NotFound when the programme or dossier it names does not exist; NotConfirmed in production when the
    law of a new dossier has a value that nobody confirmed; NotReachable.
    """
    from office.desk.examining import open_findings, told
    from office.intake.package import read_package
    from register.case import case
    from register.database import migrate

    now = datetime.now(UTC)
    try:
        package = read_package(path, kind, procedure, settings)
        received_on = civil_day(package.received_at)
        if received_on > today:
            says = Message("package.received-later", received_on=received_on, today=today)
            raise refusal([Problem(Reason.RECEIVED_LATER, says)])
        migrate(settings.register_url)
        if package.kind is None:
            findings = [told(finding, package.procedure) for finding in package.findings]
            return await _hand_in(settings, package, path, by, received_on, sign), findings
        receipt = await _open(settings, package, package.kind, path, by, now, sign)
        found = case(settings.register_url, receipt.number, today)
        return receipt, [told(finding, package.procedure) for finding in open_findings(found)]
    except PackageRefused as refused:
        _remember(settings, path, by, now, refused)
        raise


def _remember(settings: Settings, path: Path, by: str, now: datetime, refused: PackageRefused) -> None:
    """Writes down that a package was refused; a register that does not answer changes nothing about that."""
    from office.intake.package_files import archive_of, hash_of
    from register.database import migrate
    from register.refused_packages import remember

    archive = archive_of(path)
    sha256 = hash_of(archive, settings) if archive else None
    name = (archive or path).resolve().name
    try:
        migrate(settings.register_url)
        remember(settings.register_url, refused, at=now, by=by, name=name, sha256=sha256)
    except NotReachable as silent:
        refused.said.facts["told"] = [
            *refused.said.facts["told"],
            Message("package.not-written-down", why=silent.said),
        ]


async def _hand_in(
    settings: Settings, package: Package, path: Path, by: str, on: date, sign: Sign | None
) -> Receipt:
    """A completion or answers: an act of the applicant, in the dossier that waits for it."""
    from models.acts import Act, AnswersReceived, CompletionReceived
    from office.desk.sending import perform
    from office.publication.summaries import keep_filed
    from register.case import case

    assert package.dossier is not None
    found = case(settings.register_url, package.dossier, on)
    _same_procedure(package, found.state)
    act: type[Act] = CompletionReceived if package.submission_type == COMPLETION else AnswersReceived
    request_id = f"delivery-{package.cesp_number}"
    known = any(line.request_id == request_id for line in found.entries)
    if known or act.command in found.state.possible:  # of what the dossier will refuse, no file is kept
        keep_files(settings, package, path)
    said: dict[str, Any] = {"by": by, "on": on, "documents": package.files}
    receipt = await perform(settings, package.dossier, act, said, request_id, sign=sign)
    keep_filed(settings, package, path, package.dossier, by)
    return receipt


async def _open(
    settings: Settings,
    package: Package,
    kind: Kind,
    path: Path,
    by: str,
    now: datetime,
    sign: Sign | None,
) -> Receipt:
    from office.connection import connect
    from office.law.agency import read
    from office.letters.offices import not_carried_on
    from office.publication.summaries import keep_filed
    from register.case import receipt_of
    from register.numbers import allot, allotted
    from register.parties import keep

    url = settings.register_url
    received_on = civil_day(package.received_at)
    books = read(settings.law)
    law = applicable_law(package.procedure, kind, received_on, books)
    if settings.profile == "production" and not allotted(url, f"delivery {package.cesp_number}"):
        if why := not_carried_on(settings, package.procedure):
            raise InputRefused(why.key, **why.facts)
        _all_confirmed(law, books.of(package.procedure))
    series, numbers = _series(settings, package, kind, received_on)
    client = await connect(settings, by)
    number = allot(url, series, f"delivery {package.cesp_number}", package.digest, numbers)
    if not number.startswith(series):  # known by its number, and read differently now
        raise InputRefused(
            "package.taken-in-already",
            number=number,
            kind=kind.value,
            procedure=package.procedure,
            possible=(f"show {number}", f"submit {path}"),
        )
    under_way(Message("sending.has-its-number", path=path, number=number))
    keep_files(settings, package, path)
    keep_filed(settings, package, path, number, by)
    dossier = Dossier(
        number=number,
        kind=kind,
        procedure=package.procedure,
        programme=package.programme,
        opened_on=received_on,
        taken_in_by=by,
        cesp_number=package.cesp_number,
        delivered_at=package.received_at,
        taken_in_at=now,
        applicant=keep(url, package.applicant),
        invoice_addressee=keep(url, package.invoice_addressee),
        subject=package.subject,
        documents=package.files,
        year=package.year,
        period=package.period,
        findings=(*package.findings, *_not_the_first(settings, package, kind, number)),
        checklist=package.checklist,
        counts=package.counts,
        law=law,
    )
    await start(
        client,
        settings,
        "Dossier",
        dossier,
        summary=f"{kind.value} of {package.applicant.name}: {package.subject.title}",
        begun=("submit", by, sign),
    )
    found = await first_entry(settings, number, letters=2.0)
    return receipt_of(found, found.entries[-1])


def _not_the_first(settings: Settings, package: Package, kind: Kind, number: str) -> Iterator[Finding]:
    """Of what is filed as the first for something: that there was one before. A person compares them."""
    from register.earlier import earliest

    same = intake(package.procedure).firsts.get(kind)
    if not same:
        return
    url, subject = settings.register_url, package.subject
    if before := earliest(url, package.procedure, kind, subject, same, number):
        params = {"number": before.number, "on": str(before.on), "same": str(subject.parts[same])}
        yield Finding(check="P-15", severity=Severity.WARN, what="not-the-first", params=params)


def _all_confirmed(law: Law, book: LawBook) -> None:
    """Raises: NotConfirmed naming every clause of the law that no person has confirmed."""
    from office.law.tables import confirming

    unconfirmed = law.every_unconfirmed
    clauses = [book.clause(clause) for clause in unconfirmed]
    if clauses:
        named = [
            Message(
                "law.clause-with-article",
                governs=c.governs,
                clause=c.id,
                article=c.on(law.on).source,
                degree=named_word(unconfirmed[c.id].value),
            )
            for c in clauses
        ]
        raise NotConfirmed(
            "package.not-confirmed",
            on=law.on,
            clauses=named,
            possible=tuple(confirming(c, c.on(law.on)) for c in clauses),
        )


def _series(settings: Settings, package: Package, kind: Kind, received_on: date) -> tuple[str, str]:
    """The series of numbers of a dossier, and how it makes them; a programme it is filed under must be alive.

    Raises: InputRefused when nothing can be filed there now, or for that year.
    """
    from register.case import case
    from register.numbers import allotted

    series = procedure(package.procedure).examinations[kind].series
    again = allotted(settings.register_url, f"delivery {package.cesp_number}")
    year = package.year if series.by_year_owed else received_on.year
    named = series.named.format(
        procedure=package.procedure, programme=package.programme, kind=kind.value, year=year
    )
    if not series.under_a_programme:
        return named, series.numbers
    assert package.programme is not None
    known = case(settings.register_url, package.programme, received_on)
    programme = known.state
    if programme.kind != "programme":
        raise InputRefused("package.not-a-programme", number=programme.number, phase=programme.phase)
    _same_procedure(package, programme)
    ended = procedure(programme.procedure).life.states[Course.ENDED]
    if programme.phase == ended.phase and not again:
        raise InputRefused("package.programme-closed", number=programme.number, phase=programme.phase)
    if not series.by_year_owed or again:
        return named, series.numbers
    owed = programme.review_on
    under_way = [d.number for d in known.dossiers if d.number.startswith(named) and not d.ended]
    if under_way:
        raise InputRefused(
            "package.examined-already", kind=kind.value, year=package.year, dossier=under_way[0]
        )
    if owed is None or package.year != owed.year:
        raise InputRefused(
            "package.another-year-owed" if owed else "package.no-year-owed",
            kind=kind.value,
            year=package.year,
            number=programme.number,
            owed=owed.year if owed else None,
        )
    return named, series.numbers


def _same_procedure(package: Package, state: State) -> None:
    if package.procedure not in (state.procedure, *procedure(state.procedure).stated_by):
        raise InputRefused(
            "package.another-procedure",
            procedure=package.procedure,
            number=state.number,
            other=state.procedure,
        )


def keep_files(settings: Settings, package: Package, path: Path) -> None:
    """Keeps every file of a package, as it was when its hash was taken."""
    from office.intake.package import files_of
    from register.documents import DocumentStore, belongs

    read = zip(package.files, files_of(path, settings), strict=True)
    store = DocumentStore(settings.documents)
    belongs(settings.register_url, store)
    store.keep_all((pieces, file.sha256) for file, (_, pieces) in read)


async def start(
    client: Client,
    settings: Settings,
    workflow: str,
    case: Any,
    summary: str,
    begun: tuple[str, str, Sign | None],
) -> bool:
    """Starts a workflow under the number of its case. Returns: False when it was started before.

    `begun` says by which command, by whom, and who puts that into an envelope: as a rule whoever's key signs
    here.

    The register keeps the law of the case whole before the case carries it in brief.
    """
    from temporalio.common import WorkflowIDReusePolicy
    from temporalio.exceptions import WorkflowAlreadyStartedError
    from temporalio.service import RPCError

    from office.desk.envelopes import by_person, memo_of
    from register import laws
    from register.case import case as registered
    from workflows import search

    try:
        registered(settings.register_url, case.number, case.opened_on)
        return False  # also when Temporal has long forgotten it
    except (NotFound, NotReachable):
        pass
    laws.keep(settings.register_url, case.law)
    begins = {**case.written(), "law": case.law.brief().model_dump(mode="json", exclude_defaults=True)}
    command, by, sign = begun
    try:
        await client.start_workflow(
            workflow,
            begins,
            memo=memo_of(sign or by_person(settings), command, by, case.number, begins),
            id=case.number,
            task_queue=settings.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            search_attributes=search.of_case(case),
            static_summary=summary[:200],
        )
    except WorkflowAlreadyStartedError:
        await _is_the_same(client, case)
        return False
    except RPCError as error:
        raise NotReachable("case.not-taken-over", number=case.number, why=error.message) from error
    return True


async def _is_the_same(client: Client, case: Any) -> None:
    """That what runs under a number is this case: else its number was given twice, as by a lost register.

    Raises: NotReachable for another one, or when Temporal does not answer.
    """
    from temporalio.service import RPCError

    try:
        async for event in client.get_workflow_handle(case.number).fetch_history_events():
            (began,) = event.workflow_execution_started_event_attributes.input.payloads
            break
    except RPCError as error:
        raise NotReachable("case.not-taken-over", number=case.number, why=error.message) from error
    filed, runs = case.written(), json.loads(began.data)
    if any(filed.get(part) != runs.get(part) for part in ("subject", "documents")):
        raise NotReachable("case.on-another-start", number=case.number, possible=("reconcile", "status"))


async def first_entry(settings: Settings, number: str, letters: float = 0) -> Case:
    """Waits until the register holds what was started, and a moment longer for its letters."""
    from register.case import case

    began = time.monotonic()
    while True:
        waited = time.monotonic() - began
        try:
            found = case(settings.register_url, number, date.min)
            if waited > letters or any(d.letter for d in found.documents):
                return found
        except (NotFound, NotReachable):
            if waited > PATIENCE:
                raise NotReachable(
                    "case.no-first-entry",
                    number=number,
                    possible=(f"show {number}", "status"),
                ) from None
        await asyncio.sleep(0.05)
