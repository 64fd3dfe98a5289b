"""Takes e-submissions in, and programmes over from the agency's public page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.clock import civil_day
from models.dossier import Dossier
from models.errors import InputRefused, NotFound, NotReachable, NotVerified, PackageRefused
from models.law.applicable import NOT_STATED, applicable_law
from models.law.procedures.shape import Kind
from models.phases import Phase, PublicList
from models.reasons import Problem, Reason, refusal
from models.receipts import Receipt
from office.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

    from models.findings import Finding
    from models.law.applicable import Law
    from models.law.book import LawBook
    from office.package import Package
    from office.page import PageRow
    from register.views import Case, State

PATIENCE = 30.0
"""Seconds to wait for the first entry of what was started."""


async def submit(
    settings: Settings,
    path: Path,
    by: str,
    today: date,
    kind: str | None = None,
    procedure: str | None = None,
) -> tuple[Receipt, tuple[Finding, ...]]:
    """Takes a package in: opens its dossier, or hands it to the dossier that it completes or answers.

    `kind` and `procedure` choose a reading where the forms of the package disagree.

    Idempotent: by delivery number; the same package finds its dossier again.

    Returns: the receipt, and what the checks found (for a person to judge).
    Raises: InputRefused when there is no package; PackageRefused, after the fact was remembered, for one
    that cannot stand, or a delivery number used for another one;
    NotFound when the programme or dossier it names does not exist; NotVerified in production when the
    law of a new dossier has a value that nobody verified; NotReachable.
    """
    from office.package import read_package
    from register.database import migrate

    now = datetime.now(UTC)
    try:
        package = read_package(path, kind, procedure, settings)
        received_on = civil_day(package.received_at)
        if received_on > today:
            says = f"The delivery says it was received on {received_on}; today is {today}."
            raise refusal([Problem(Reason.RECEIVED_LATER, says)])
        migrate(settings.register_url)
        if package.kind is None:
            return await _hand_in(settings, package, path, by, received_on), package.findings
        return await _open(settings, package, package.kind, path, by, now), package.findings
    except PackageRefused as refused:
        _remember(settings, path, by, now, refused)
        raise


def _remember(settings: Settings, path: Path, by: str, now: datetime, refused: PackageRefused) -> None:
    """Writes down that a package was refused; a register that does not answer changes nothing about that."""
    from office.package_files import archive_of, hash_of
    from register.database import migrate
    from register.refused_packages import remember

    archive = archive_of(path)
    sha256 = hash_of(archive, settings) if archive else None
    name = (archive or path).resolve().name
    try:
        migrate(settings.register_url)
        remember(settings.register_url, refused, at=now, by=by, name=name, sha256=sha256)
    except NotReachable as silent:
        refused.message += f"\nThat it was refused could not be written down: {silent.message}"


async def _hand_in(settings: Settings, package: Package, path: Path, by: str, on: date) -> Receipt:
    """A completion or answers: an act of the applicant, in the dossier that waits for it."""
    from models.acts import Act, AnswersReceived, CompletionReceived
    from office.package_forms import SubmissionType
    from office.sending import perform
    from office.summaries import keep_filed
    from register.views import case

    assert package.dossier is not None
    found = case(settings.register_url, package.dossier, on)
    _same_procedure(package, found.state)
    act: type[Act] = (
        CompletionReceived if package.submission_type is SubmissionType.COMPLETION else AnswersReceived
    )
    request_id = f"delivery-{package.cesp_number}"
    known = any(line.request_id == request_id for line in found.entries)
    if known or act.command in found.state.awaits:  # of what the dossier will refuse, no file is kept
        keep_files(settings, package, path)
    said: dict[str, Any] = {"by": by, "on": on, "documents": package.files}
    receipt = await perform(settings, package.dossier, act, said, request_id=request_id)
    keep_filed(settings, package, path, package.dossier, by)
    return receipt


async def _open(
    settings: Settings, package: Package, kind: Kind, path: Path, by: str, now: datetime
) -> Receipt:
    from office.agency_law import read
    from office.connection import connect
    from office.summaries import keep_filed
    from register.numbers import allot, allotted
    from register.parties import keep
    from register.views import receipt_of

    url = settings.register_url
    received_on = civil_day(package.received_at)
    book = read(settings.law)
    law = applicable_law(package.procedure, kind, received_on, book)
    if settings.profile == "production" and not allotted(url, f"delivery {package.cesp_number}"):
        _all_verified(law, book)
    series, form = f"{package.procedure}-{received_on.year}", "{series}-{serial:03d}"
    if kind is not Kind.APPLICATION:
        series = _series_under_programme(settings, package, kind, received_on)
        form = "{series}"
    client = await connect(settings)
    number = allot(url, series, f"delivery {package.cesp_number}", package.digest, form)
    if not number.startswith(series):  # known by its number, and read differently now
        raise InputRefused(
            f"This package was taken in as {number}; it is not taken in again as {kind.value} of "
            f"{package.procedure}. Nothing was changed.",
            (f"show {number}", f"submit {path}"),
        )
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
        product=package.product,
        documents=package.files,
        year=package.year,
        period=package.period,
        findings=package.findings,
        checklist=package.checklist,
        law=law,
    )
    said = f"{kind.value} of {package.applicant.name}: {package.product.trade_name}"
    await _start(client, settings, "Dossier", dossier, said)
    found = await _first_entry(settings, number, letters=2.0)
    return receipt_of(found, found.entries[-1])


def _all_verified(law: Law, book: LawBook) -> None:
    """Raises: NotVerified naming every clause of the law that no person has compared with the text."""
    from office.law_tables import confirming

    unverified = [book.clause(clause) for clause in law.unverified(*law.clauses)]
    if unverified:
        named = "; ".join(f"{c.governs} ({c.id}): {law.clauses[c.id].article}" for c in unverified)
        raise NotVerified(
            "In production no dossier is opened on a value that no person has compared with the text. "
            f"Nothing was filed. Not verified on {law.on}: {named}.",
            tuple(confirming(c, c.on(law.on)) for c in unverified),
        )


def _series_under_programme(settings: Settings, package: Package, kind: Kind, received_on: date) -> str:
    """The series of numbers of a dossier filed under a programme; the programme must be alive."""
    from register.numbers import allotted
    from register.views import case

    assert package.programme is not None
    known = case(settings.register_url, package.programme, received_on)
    programme = known.state
    again = allotted(settings.register_url, f"delivery {package.cesp_number}")
    if programme.kind != "programme":
        raise InputRefused(f"{programme.number} is a dossier in phase {programme.phase}, not a programme.")
    _same_procedure(package, programme)
    if programme.phase == Phase.CLOSED and not again:
        raise InputRefused(f"The programme {programme.number} is {programme.phase}: nothing can be filed.")
    if kind is not Kind.RE_EVALUATION:
        return f"{programme.number}/{kind.value}-{received_on.year}"
    awaited = programme.re_evaluation_on
    series = f"{programme.number}/{kind.value}-{package.year}"
    under_way = [d.number for d in known.dossiers if d.number.startswith(series) and not d.ended]
    if again is None and under_way:
        raise InputRefused(f"The re-evaluation {package.year} is already examined as {under_way[0]}.")
    if again is None and (awaited is None or package.year != awaited.year):
        awaits = f"that of {awaited.year}" if awaited else "none before its next authorisation year"
        raise InputRefused(
            f"The package is for the re-evaluation of {package.year}; {programme.number} awaits {awaits}."
        )
    return series


def _same_procedure(package: Package, state: State) -> None:
    if state.procedure not in (package.procedure, NOT_STATED):
        raise InputRefused(f"The package is a {package.procedure}; {state.number} is a {state.procedure}.")


def keep_files(settings: Settings, package: Package, path: Path) -> None:
    """Keeps every file of a package, as it was when its hash was taken."""
    from office.package import files_of
    from register.documents import DocumentStore

    read = zip(package.files, files_of(path, settings), strict=True)
    DocumentStore(settings.documents).keep_all((pieces, file.sha256) for file, (_, pieces) in read)


async def import_page(
    settings: Settings, path: Path, known: Path | None, today: date, tell: Callable[[int, int], None]
) -> list[tuple[str, bool]]:
    """Starts one programme per row of the agency's public page, each under a number of its own.

    Idempotent: by row (name and indication); run again it changes nothing. All rows are read before
    the first programme is started.

    Returns: number and whether it is new, in the order of the page.
    Raises: InputRefused naming every wrong line; NotReachable.
    """
    from office.agency_law import read
    from office.connection import connect
    from office.known_products import read_known
    from office.page import page_language, read_page, read_text
    from register.database import migrate
    from register.numbers import allot, allotted

    text = read_text(path)
    rows = read_page(text, today, read_known(known) if known else ())
    language = page_language(text).value
    book = read(settings.law)
    url = settings.register_url
    migrate(url)
    for other in {"nl", "fr", "en"} - {language}:
        if allotted(url, f"page in {other}"):
            raise InputRefused(
                f"The programmes were taken over from the page in {other}; its keys are its own indications. "
                f"The page in {language} would start them all a second time. Nothing was taken over."
            )
    client = await connect(settings)
    allot(url, "page", f"page in {language}", language, "page-{serial}")
    numbers: list[tuple[str, bool]] = []
    started: list[str] = []
    for done, row in enumerate(rows, start=1):
        claim = f"page {row.key}"
        number = allot(url, f"{NOT_STATED}-{today.year}", claim, row.key[-40:])
        new = await _start(
            client, settings, "Programme", _programme(number, row, today, path, book), row.trade_name
        )
        numbers.append((number, new))
        if new:
            started.append(number)
        tell(done, len(rows))
    await asyncio.gather(*(_first_entry(settings, number) for number in started))
    return numbers


def _programme(number: str, row: PageRow, today: date, path: Path, book: LawBook) -> Any:
    """A programme as the page tells it; the day of authorisation is assumed, and marked so."""
    from models.parties import Product
    from models.programme import Programme, Suspension, authorisation_year

    suspended = row.public_list is PublicList.SUSPENDED
    return Programme(
        number=number,
        procedure=NOT_STATED,
        applicant=None,
        product=Product(
            trade_name=row.trade_name, active_substance=row.active_substance, indication=row.indication
        ),
        authorised_on=row.last_update,
        assumed=True,
        opened_on=today,
        last_update_on=row.last_update,
        year=authorisation_year(row.last_update, today),
        law=applicable_law(NOT_STATED, None, today, book),
        suspensions=[
            Suspension(
                imposed_on=row.last_update,
                effective_on=row.last_update,
                requested_by="agency",
                grounds=f"as listed on {path.name}",
                in_effect=True,
            )
        ]
        if suspended
        else [],
        closed_on=row.last_update if row.public_list is PublicList.CLOSED else None,
        imported_from=f"{path.name}, line {row.line}",
    )


async def _start(client: Client, settings: Settings, workflow: str, case: Any, said: str) -> bool:
    """Starts a workflow under the number of its case. Returns: False when it was started before."""
    from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
    from temporalio.exceptions import WorkflowAlreadyStartedError
    from temporalio.service import RPCError

    from register.views import case as registered
    from workflows import search

    try:
        registered(settings.register_url, case.number, case.opened_on)
        return False  # also when Temporal has long forgotten it
    except (NotFound, NotReachable):
        pass
    applicant = case.applicant.name if case.applicant else ""
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(search.PROCEDURE, case.procedure),
        SearchAttributePair(search.KIND, getattr(case, "kind", "programme")),
        SearchAttributePair(search.APPLICANT, applicant),
        SearchAttributePair(search.PROGRAMME, getattr(case, "programme", None) or case.number),
    ]
    try:
        await client.start_workflow(
            workflow,
            case,
            id=case.number,
            task_queue=settings.task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            search_attributes=TypedSearchAttributes(pairs),
            static_summary=said[:200],
        )
    except WorkflowAlreadyStartedError:
        return False
    except RPCError as error:
        raise NotReachable(f"Temporal did not take {case.number} over: {error.message}") from error
    return True


async def _first_entry(settings: Settings, number: str, letters: float = 0) -> Case:
    """Waits until the register holds what was started, and a moment longer for its letters."""
    from register.views import case

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
                    f"{number} is safe with Temporal, but no worker has written its first entry yet.",
                    (f"show {number}", "status"),
                ) from None
        await asyncio.sleep(0.05)
