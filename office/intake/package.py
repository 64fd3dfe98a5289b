"""An e-submission package as the platform delivers it: read whole, or refused with every reason.

Layout (our reading of the platform's guidance, whose text was not found):
`<delivery number>.xml` at the top, `00_cover-letter/cover-letter.json`,
`01_application-form/form.json` (or `form.xlsx`), and the documents in the folders of the procedure.
Not coded: whether the day of receipt lies in the future; whoever takes the package in knows today.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.clock import civil_day, start_of
from models.counts import Count
from models.dossier import FiledDocument
from models.eligibility import Assessed, assess
from models.errors import InputRefused, PackageRefused
from models.findings import Finding, Severity
from models.forms import COVER_LETTER, FOR_A_DOSSIER, FORM, FORMS, Form
from models.messages import Message
from models.parties import Contact
from models.phases import Kind
from models.reasons import Problem, Reason, refusal
from models.subjects import Subject
from office.intake.completeness import document_findings, form_findings, left_out_findings
from office.intake.contents import Contents
from office.intake.filled_forms import read_form
from office.intake.package_files import SHIPPED, PackageFiles, opened
from office.intake.package_forms import (
    LARGEST_FORM,
    NATIONAL_NUMBER,
    CoverLetter,
    Delivery,
    form_missing,
    in_file,
    problems_of,
    read_cover_letter,
    read_delivery,
    sentences,
)
from office.settings import Settings
from procedures.registry import fileable, intake, intakes, names_a_person


class Package(BaseModel):
    """A package that could be read. `received_at` is in UTC; `digest` tells one content from another.

    `programme` is the number it is filed under, `dossier` the number of the dossier that it
    completes or answers. `findings` are what the checks found, `checklist` the rules of eligibility, and
    `counts` the numbers that its form says.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cesp_number: str
    submission_type: str
    procedure: str
    received_at: datetime
    applicant: Contact
    invoice_addressee: Contact
    subject: Subject
    programme: str | None = None
    dossier: str | None = None
    year: int | None = None
    period: str = ""
    files: tuple[FiledDocument, ...]
    digest: str
    findings: tuple[Finding, ...] = ()
    checklist: tuple[Assessed, ...] = ()
    counts: tuple[Count, ...] = ()

    @property
    def kind(self) -> Kind | None:
        """The kind of dossier that it opens; none when it belongs to one that is open."""
        return None if self.submission_type in FOR_A_DOSSIER else Kind(self.submission_type)


def read_package(
    path: Path,
    chosen_type: str | None = None,
    chosen_procedure: str | None = None,
    settings: Settings = SHIPPED,
) -> Package:
    """Reads a package from a folder, a zip, or a delivery file and its archive: the same in every shape.

    A form of a kind that takes nothing else may come alone: it says its reference and day of receipt itself.

    Where delivery, cover letter and form disagree on the type or the procedure, a person chooses one of
    the readings (check P-12).

    Raises: InputRefused when there is no package; PackageRefused with all problems of its files, or else
    of its forms, each with its file and field.
    """
    with opened(path, settings) as package:
        files, wrong_files = _read(package, settings)
        if len(package.sizes) == 1 and {*package.sizes} < {*FORMS}:
            return _read_alone(package, files, wrong_files, chosen_procedure)
        delivery_name = _laid_out(package, wrong_files, chosen_procedure)
        form_name = next(name for name in FORMS if name in package.sizes)
        delivery, wrong_delivery = read_delivery(delivery_name, package.content(delivery_name))
        cover, wrong_cover = read_cover_letter(package.content(COVER_LETTER))
        form, wrong_form = read_form(package.content(form_name), form_name, chosen_procedure)
        said = _readings((delivery_name, delivery), (COVER_LETTER, cover), (form_name, form))
        numbers = _contradiction("delivery-number", said["delivery-number"])
        types = _chosen("submission-type", said["submission-type"], "--kind", chosen_type)
        procedures = _chosen("procedure", said["procedure"], "--procedure", chosen_procedure)
        if form:
            form = form.model_copy(update=types.update("submission_type") | procedures.update("procedure"))
            wrong_form += in_file(form_name, sentences(problems_of(form)))
            wrong_form += _unwanted(form, package)
        problems = [
            *((wrong, "P-01") for wrong in (*wrong_delivery, *numbers)),
            *((wrong, "P-03") for wrong in wrong_cover),
            *((wrong, "form") for wrong in wrong_form),
            *((wrong, "P-12") for wrong in (*types.disagreement, *procedures.disagreement)),
        ]
        if problems or not (delivery and cover and form):
            national = any(_identifies(wrong) for wrong, _ in problems)
            code = "national-number" if national else problems[0][1]
            raise PackageRefused(
                code,
                "package.refused",
                told=[*(wrong for wrong, _ in problems), *_to_the_applicant(code, form)],
                possible=(*types.possible(path), *procedures.possible(path)),
            )
        received_on = civil_day(delivery.received_at)
        return Package(
            cesp_number=delivery.number,
            submission_type=form.submission_type,
            procedure=form.procedure,
            received_at=delivery.received_at,
            applicant=form.applicant,
            invoice_addressee=cover.invoice_addressee,
            subject=form.subject,
            programme=form.programme,
            dossier=form.dossier,
            year=form.year,
            period=form.period or "",
            files=files,
            digest=_digest(files),
            findings=(
                *left_out_findings(package.left_out),
                *types.findings("type"),
                *procedures.findings("procedure"),
                *form_findings(delivery, cover, form, received_on, package.sizes),
                *document_findings(
                    form.submission_type, form.procedure, received_on, package.sizes, dict(form.answers or ())
                ),
            ),
            checklist=_checklist(form, received_on),
            counts=form.counts,
        )


def _read_alone(
    package: PackageFiles, files: tuple[FiledDocument, ...], wrong_files: list[Problem], chosen: str | None
) -> Package:
    """Reads a form that came without a package, to whose sender letters and acts go."""
    (name,) = package.sizes
    form, wrong = (None, []) if wrong_files else read_form(package.content(name), name, chosen)
    if form:
        wrong += in_file(name, sentences(problems_of(form)))
        if form.submission_type not in intake(form.procedure).form_alone:
            wrong.append(Message("package.form-alone", kind=form.submission_type))
    if wrong_files or wrong or not (form and form.delivered):
        raise refusal([*wrong_files, *(Problem(_reason(each), each) for each in wrong)])
    reference, received_on = form.delivered
    return Package(
        cesp_number=reference,
        submission_type=form.submission_type,
        procedure=form.procedure,
        received_at=start_of(received_on).astimezone(UTC),
        applicant=form.applicant,
        invoice_addressee=form.applicant,
        subject=form.subject,
        files=files,
        digest=_digest(files),
        findings=(*form_findings(None, None, form, received_on, package.sizes),),
        checklist=_checklist(form, received_on),
        counts=form.counts,
    )


def _reason(said: Message) -> Reason:
    return Reason.NATIONAL_NUMBER if _identifies(said) else Reason.FORM


def _unwanted(form: Form, package: PackageFiles) -> list[Message]:
    """Documents of a kind of which nothing but the form is taken."""
    known = intake(form.procedure)
    folders = tuple(f"{folder}/" for folder in known.folders)
    documents = sorted(name for name in package.sizes if name.startswith(folders))
    if form.submission_type not in known.form_alone or not documents:
        return []
    return [Message("package.takes-no-documents", kind=form.submission_type, files=documents)]


def files_of(path: Path, settings: Settings = SHIPPED) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each file of a package with its content in pieces, in the order of `Package.files`."""
    with opened(path, settings) as package:
        for name in package.sizes:
            yield name, package.chunks(name)


def content(path: Path, name: str) -> bytes:
    """The content of one file of a package. Raises: InputRefused when it is not there."""
    with opened(path) as package:
        return package.content(name)


def _read(package: PackageFiles, settings: Settings) -> tuple[tuple[FiledDocument, ...], list[Problem]]:
    """Every file by its hash, looked at while it is read, and what is wrong with any of them."""
    contents = Contents(settings)
    files: list[FiledDocument] = []
    problems: list[Problem] = []
    for name, size in package.sizes.items():
        hashed, look = hashlib.sha256(), contents.look(name)
        try:
            for piece in package.chunks(name):
                hashed.update(piece)
                look.feed(piece)
        except PackageRefused as unreadable:
            problems += [Problem(Reason(unreadable.code), told) for told in unreadable.said.facts["told"]]
            continue
        if wrong := look.problem():
            problems.append(wrong)
        files.append(FiledDocument(name=name, sha256=hashed.hexdigest(), size=size))
    return tuple(files), problems


def _laid_out(package: PackageFiles, wrong_files: list[Problem], chosen: str | None) -> str:
    """The name of the delivery file. Raises: PackageRefused when the layout is another one, or for files."""
    folders = _folders(package, chosen)
    top = [name for name in package.sizes if "/" not in name]
    deliveries = [name for name in top if name.lower().endswith(".xml")]
    strange = sorted({name.split("/")[0] for name in package.sizes if "/" in name} - set(folders))
    wrong = [Message("package.not-at-the-top", name=name) for name in top if name not in deliveries]
    wrong += [Message("package.no-such-folder", folder=folder) for folder in strange]
    if len(strange) == 1 and not top:
        wrong.append(Message("package.zip-the-inside", folder=strange[0]))
    problems = [Problem(Reason.LAYOUT, says) for says in wrong]
    if len(deliveries) != 1:
        reason = Reason.SEVERAL_DELIVERY_FILES if deliveries else Reason.DELIVERY_FILE_MISSING
        says = Message("package.one-delivery-at-the-top", n=len(deliveries))
        problems.append(Problem(reason, says))
    if COVER_LETTER not in package.sizes:
        problems.append(Problem(Reason.FORM_MISSING, Message("package.file-missing", file=COVER_LETTER)))
    forms = [name for name in FORMS if name in package.sizes]
    if not forms:
        says = form_missing(package.sizes, lambda name: next(package.chunks(name), b""))
        problems.append(Problem(Reason.FORM_MISSING, says))
    elif len(forms) > 1:
        problems.append(Problem(Reason.FORM, Message("package.form-twice", forms=forms)))
    for name in package.sizes:
        folder, _, last = name.rpartition("/")
        if folder and names_a_person(last):
            says = Message("package.name-of-a-person", folder=folder)
            problems.append(Problem(Reason.NATIONAL_NUMBER, says))
    if problems or wrong_files:
        hint = Message("package.its-folders", folders=folders) if problems else None
        raise refusal([*wrong_files, *problems], hint)
    return deliveries[0]


def _folders(package: PackageFiles, chosen: str | None) -> tuple[str, ...]:
    """The folders of a package of the procedure chosen, or named by its delivery file; else of all."""
    code = chosen or ""
    for name, size in package.sizes.items():
        if not code and "/" not in name and name.lower().endswith(".xml") and size <= LARGEST_FORM:
            with suppress(PackageRefused):  # it is told elsewhere that it cannot be read
                delivery, _ = read_delivery(name, package.content(name))
                code = delivery.procedure if delivery else ""
    known = (intake(code),) if code in fileable() else intakes()
    first = (COVER_LETTER.partition("/")[0], FORM.partition("/")[0])
    return tuple(dict.fromkeys((*first, *(folder for each in known for folder in each.folders))))


def _identifies(said: Message) -> bool:
    """Whether what is wrong is that a person is named by number."""
    within = [fact for fact in said.facts.values() if isinstance(fact, Message)]
    return said.key == NATIONAL_NUMBER or any(map(_identifies, within))


def _to_the_applicant(code: str, form: Form | None) -> Iterator[Message]:
    """What the applicant has to do, in the applicant's language when the form tells it."""
    from activities.wording import wording_of

    if form:
        language = form.applicant.language
        yield Message(
            "package.to-the-applicant",
            language=language.value,
            told=wording_of(form.procedure).refusal(code, language),
        )


def _checklist(form: Form, on: date) -> tuple[Assessed, ...]:
    """The rules of eligibility, answered by the form as far as it does."""
    if form.submission_type in FOR_A_DOSSIER:
        return ()
    rules = intake(form.procedure).rules
    return assess(rules, form.procedure, Kind(form.submission_type), form.answers, on)


Reading = tuple[str | Message, str]
"""A file, and what it says."""


def _readings(
    delivery: tuple[str, Delivery | None],
    cover: tuple[str, CoverLetter | None],
    form: tuple[str, Form | None],
) -> dict[str, list[Reading]]:
    """What each form says of the delivery number, the procedure and the submission type."""
    name = delivery[0]
    said: dict[str, list[Reading]] = {
        "delivery-number": [(Message("package.name-of-file", name=name), name[: -len(".xml")])]
    }
    said |= {"procedure": [], "submission-type": []}
    if delivery[1]:
        said["delivery-number"].append((name, delivery[1].number))
        said["procedure"].append((name, delivery[1].procedure))
        said["submission-type"].append((name, delivery[1].submission_type))
    if cover[1]:
        if cover[1].cesp_number is not None:
            said["delivery-number"].append((cover[0], cover[1].cesp_number))
        said["submission-type"].append((cover[0], cover[1].submission_type))
    if form[1]:
        said["procedure"].append((form[0], form[1].procedure))
        said["submission-type"].append((form[0], form[1].submission_type))
    return said


def _contradiction(what: str, readings: list[Reading]) -> list[Message]:
    """One sentence with every reading when there are several."""
    if len({value for _, value in readings}) < 2:
        return []
    each = [Message("package.file-says", file=file, value=value) for file, value in readings]
    return [Message(f"package.contradicts-itself-on-{what}", each=each)]


@dataclass(frozen=True)
class _Choice:
    """Readings that agree, or of which a person chose one; else the disagreement."""

    option: str
    readings: tuple[Reading, ...]
    disagreement: tuple[Message, ...] = ()
    chosen: str | None = None

    def update(self, field: str) -> dict[str, Any]:
        """What the form says instead, when a person chose."""
        if self.chosen is None:
            return {}
        return {field: self.chosen}

    def possible(self, path: Path) -> tuple[str, ...]:
        """The commands that choose one reading."""
        values = dict.fromkeys(value for _, value in self.readings) if self.disagreement else ()
        return tuple(f"submit {path} {self.option} {value}" for value in values)

    def findings(self, part: str) -> tuple[Finding, ...]:
        """That a person chose, and what the readings were."""
        if self.chosen is None:
            return ()
        readings = tuple(f"{file}: {value}" for file, value in self.readings)
        params = {"readings": readings, "chosen": self.chosen}
        return (Finding(check="P-12", severity=Severity.WARN, what="chosen", part=part, params=params),)


def _chosen(what: str, readings: list[Reading], option: str, chosen: str | None) -> _Choice:
    """Raises: InputRefused when what was chosen is said by none of the forms."""
    disagreement = _contradiction(what, readings)
    if not disagreement:
        if chosen is not None and readings and chosen != readings[0][1]:
            raise InputRefused("package.says-everywhere", option=option, chosen=chosen, value=readings[0][1])
        return _Choice(option, tuple(readings))
    if chosen is None:
        return _Choice(option, tuple(readings), tuple(disagreement))
    if all(value != chosen for _, value in readings):
        raise InputRefused(
            "package.none-of-the-readings", option=option, chosen=chosen, readings=disagreement[0]
        )
    return _Choice(option, tuple(readings), chosen=chosen)


def _digest(files: tuple[FiledDocument, ...]) -> str:
    lines = sorted(f"{file.name}\n{file.sha256}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
