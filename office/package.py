"""An e-submission package as the platform delivers it: read whole, or refused with every reason.

Layout (our reading of Annex IX, whose text was not found; domain notes, section 6):
`<delivery number>.xml` at the top, `00_cover-letter/cover-letter.json`,
`01_application-form/form.json` (or `form.xlsx`), and the documents in the folders 02 to 08.
Not coded: whether the day of receipt lies in the future; whoever takes the package in knows today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from models.clock import civil_day
from models.dossier import FiledDocument
from models.eligibility import Answers, Assessed, assess
from models.errors import InputRefused, PackageRefused
from models.findings import Finding, Severity
from models.law.procedures.shape import Kind
from models.parties import Contact, Product
from models.reasons import Problem, Reason, refusal
from office.completeness import document_findings, form_findings
from office.contents import Contents
from office.package_files import SHIPPED, PackageFiles, opened
from office.package_forms import (
    COVER_LETTER,
    FOR_A_DOSSIER,
    FOR_A_PROGRAMME,
    FORM,
    FORMS,
    NATIONAL_NUMBER,
    Code,
    CoverLetter,
    Delivery,
    Form,
    SubmissionType,
    holds_national_number,
    read_cover_letter,
    read_delivery,
    read_form,
)
from office.settings import Settings

FOLDERS = (
    "00_cover-letter",
    "01_application-form",
    "02_protocol",
    "03_summary-publication",
    "04_product-dossier",
    "05_informed-consent",
    "06_labelling",
    "07_physician-declaration",
    "08_other",
)
SAMPLES = Path(__file__).resolve().parent.parent / "samples"


class Package(BaseModel):
    """A package that could be read. `received_at` is in UTC; `digest` tells one content from another.

    `programme` is the number it is filed under, `dossier` the number of the dossier that it
    completes or answers. `findings` are what the checks found, `checklist` the rules of eligibility.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cesp_number: str
    submission_type: SubmissionType
    procedure: Code
    received_at: datetime
    applicant: Contact
    invoice_addressee: Contact
    product: Product
    programme: str | None = None
    dossier: str | None = None
    year: int | None = None
    period: str = ""
    files: tuple[FiledDocument, ...]
    digest: str
    findings: tuple[Finding, ...] = ()
    checklist: tuple[Assessed, ...] = ()

    @property
    def kind(self) -> Kind | None:
        """The kind of dossier that it opens; none when it belongs to one that is open."""
        return None if self.submission_type in FOR_A_DOSSIER else Kind(self.submission_type.value)


def read_package(
    path: Path,
    chosen_type: str | None = None,
    chosen_procedure: str | None = None,
    settings: Settings = SHIPPED,
) -> Package:
    """Reads a package from a folder, a zip, or a delivery file and its archive: the same in every shape.

    Where delivery, cover letter and form disagree on the type or the procedure, a person chooses one of
    the readings (check P-12).

    Raises: InputRefused when there is no package; PackageRefused with all problems of its files, or else
    of its forms, each with its file and field.
    """
    with opened(path, settings) as package:
        files, wrong_files = _read(package, settings)
        delivery_name = _laid_out(package, wrong_files)
        form_name = next(name for name in FORMS if name in package.sizes)
        delivery, wrong_delivery = read_delivery(delivery_name, package.content(delivery_name))
        cover, wrong_cover = read_cover_letter(package.content(COVER_LETTER))
        form, wrong_form = read_form(package.content(form_name), form_name)
        said = _readings((delivery_name, delivery), (COVER_LETTER, cover), (form_name, form))
        numbers = _contradiction("delivery number", said["delivery number"])
        types = _chosen("submission type", said["submission type"], "--kind", chosen_type)
        procedures = _chosen("procedure", said["procedure"], "--procedure", chosen_procedure)
        if form:
            form = form.model_copy(update=types.update("submission_type") | procedures.update("procedure"))
            wrong_form += [f"{form_name}: {wrong}" for wrong in form.problems()]
        problems = [
            *((wrong, "P-01") for wrong in (*wrong_delivery, *numbers)),
            *((wrong, "P-03") for wrong in wrong_cover),
            *((wrong, "form") for wrong in wrong_form),
            *((wrong, "P-12") for wrong in (*types.disagreement, *procedures.disagreement)),
        ]
        if problems or not (delivery and cover and form):
            national = any(NATIONAL_NUMBER in wrong for wrong, _ in problems)
            code = "national-number" if national else problems[0][1]
            lines = ["The package was refused.", *(wrong for wrong, _ in problems)]
            raise PackageRefused(
                code,
                "\n".join([*lines, *_to_the_applicant(code, form)]),
                (*types.possible(path), *procedures.possible(path)),
            )
        received_on = civil_day(delivery.received_at)
        return Package(
            cesp_number=delivery.number,
            submission_type=form.submission_type,
            procedure=form.procedure,
            received_at=delivery.received_at,
            applicant=form.applicant,
            invoice_addressee=cover.invoice_addressee,
            product=form.product,
            programme=form.programme,
            dossier=form.dossier,
            year=form.year,
            period=form.period or "",
            files=files,
            digest=_digest(files),
            findings=(
                *types.findings("type"),
                *procedures.findings("procedure"),
                *form_findings(delivery, cover, form, received_on, package.sizes),
                *document_findings(form.submission_type, form.procedure, received_on, package.sizes),
            ),
            checklist=_checklist(form, received_on),
        )


def files_of(path: Path, settings: Settings = SHIPPED) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each file of a package with its content in pieces, in the order of `Package.files`."""
    with opened(path, settings) as package:
        for name in package.sizes:
            yield name, package.chunks(name)


def content(path: Path, name: str) -> bytes:
    """The content of one file of a package. Raises: InputRefused when it is not there."""
    with opened(path) as package:
        return package.content(name)


def sample(
    name: str,
    into: Path,
    *,
    programme: str | None = None,
    dossier: str | None = None,
    cesp_number: str | None = None,
    year: int | None = None,
    received_at: datetime | None = None,
    product: Product | None = None,
) -> Path:
    """Makes a package of our own from `samples/<name>`, in the folder `into/<delivery number>`.

    What is given takes the place of what the sample says; a programme or dossier of the other
    procedure turns forms and annexes into that procedure's. Raises: InputRefused when a template
    lacks its number, or when the folder is there already.
    """
    source = SAMPLES / name
    if not (source / FORM).is_file():
        known = ", ".join(sorted(found.parent.parent.name for found in SAMPLES.glob(f"*/{FORM}")))
        raise InputRefused(f"There is no sample package {name!r}; there are: {known}.")
    delivery, _ = read_delivery(f"{name}.xml", next(source.glob("*.xml")).read_bytes())
    assert delivery is not None, f"samples/{name} has a broken delivery file"
    form = json.loads((source / FORM).read_text("utf-8"))
    cover = json.loads((source / COVER_LETTER).read_text("utf-8"))

    kind = SubmissionType(form["submission_type"])
    asked = "programme" if kind in FOR_A_PROGRAMME else "dossier" if kind in FOR_A_DOSSIER else None
    for field, given in (("programme", programme), ("dossier", dossier)):
        if (field == asked) != (given is not None):
            raise InputRefused(
                f"The sample {name} needs {field}=…, the number it is for."
                if field == asked
                else f"The sample {name} has no {field}; leave it out."
            )
        if given:
            form[field] = given
    if (year is not None) != (kind is SubmissionType.RE_EVALUATION):
        raise InputRefused(
            f"The sample {name} has no year; leave it out."
            if year is not None
            else f"The sample {name} needs year=…, the year of the anniversary it is for."
        )
    if year is not None:
        form["year"] = year
    number = (programme or dossier or "")[:3]
    procedure = number if number in ("CUP", "MNP") else form["procedure"]
    form["procedure"] = procedure
    if kind is SubmissionType.SAFETY_REPORT:
        form["period"] = "annual" if procedure == "MNP" else "semi-annual"
    if product is not None:
        form["product"] = product.model_dump()
    delivery_number = cover["cesp_number"] = cesp_number or delivery.number

    target = into / delivery_number
    if target.exists():
        raise InputRefused(f"{target} is there already; a delivery number is used once.")
    instant = received_at or delivery.received_at
    _copy_documents(source, target, procedure)
    _write(target / FORM, json.dumps(form, indent=2, ensure_ascii=False))
    _write(target / COVER_LETTER, json.dumps(cover, indent=2, ensure_ascii=False))
    _write(
        target / f"{delivery_number}.xml",
        f"<delivery>\n  <number>{delivery_number}</number>\n  <procedure>{procedure}</procedure>\n"
        f"  <submission-type>{kind.value}</submission-type>\n"
        f"  <received-at>{instant.isoformat()}</received-at>\n</delivery>",
    )
    return target


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
            problems.append(Problem(Reason(unreadable.code), unreadable.message.partition("\n")[2]))
            continue
        if wrong := look.problem():
            problems.append(wrong)
        files.append(FiledDocument(name=name, sha256=hashed.hexdigest(), size=size))
    return tuple(files), problems


def _laid_out(package: PackageFiles, wrong_files: list[Problem]) -> str:
    """The name of the delivery file. Raises: PackageRefused when the layout is another one, or for files."""
    top = [name for name in package.sizes if "/" not in name]
    deliveries = [name for name in top if name.lower().endswith(".xml")]
    strange = sorted({name.split("/")[0] for name in package.sizes if "/" in name} - set(FOLDERS))
    wrong = [f"{name!r} does not belong at the top of a package." for name in top if name not in deliveries]
    wrong += [f"There is no folder {folder!r} in the layout of a package." for folder in strange]
    if len(strange) == 1 and not top:
        wrong.append(f"If everything lies in {strange[0]!r}, zip what is in that folder, not the folder.")
    problems = [Problem(Reason.LAYOUT, says) for says in wrong]
    if len(deliveries) != 1:
        reason = Reason.SEVERAL_DELIVERY_FILES if deliveries else Reason.DELIVERY_FILE_MISSING
        says = f"One delivery file <delivery number>.xml must be at the top; there are {len(deliveries)}."
        problems.append(Problem(reason, says))
    if COVER_LETTER not in package.sizes:
        problems.append(Problem(Reason.FORM_MISSING, f"The file {COVER_LETTER} is missing."))
    forms = [name for name in FORMS if name in package.sizes]
    if not forms:
        problems.append(Problem(Reason.FORM_MISSING, f"The file {FORM} is missing (or {FORMS[1]})."))
    elif len(forms) > 1:
        problems.append(
            Problem(Reason.FORM, f"The form is there twice, as {' and '.join(forms)}; leave one out.")
        )
    for name in package.sizes:
        folder, _, last = name.rpartition("/")
        if folder and holds_national_number(last):
            says = f"The name of a file in {folder} {NATIONAL_NUMBER}; a package identifies no patient."
            problems.append(Problem(Reason.NATIONAL_NUMBER, says))
    if problems or wrong_files:
        hint = f"Its folders are: {', '.join(FOLDERS)}." if problems else ""
        raise refusal([*wrong_files, *problems], hint)
    return deliveries[0]


def _to_the_applicant(code: str, form: Form | None) -> Iterator[str]:
    """What the applicant has to do, in the applicant's language when the form tells it."""
    from activities.wording import TEMPLATES, Wording

    if form:
        language = form.applicant.language
        yield f"To the applicant ({language.value}): {Wording(TEMPLATES).refusal(code, language)}"


def _checklist(form: Form, on: date) -> tuple[Assessed, ...]:
    """The rules of eligibility, answered by the form as far as it does."""
    if form.submission_type in FOR_A_DOSSIER:
        return ()
    section = form.application or form.re_evaluation
    answers = section.answers if section else Answers()
    return assess(form.procedure, Kind(form.submission_type.value), answers, on)


Reading = tuple[str, str]
"""A file, and what it says."""


def _readings(
    delivery: tuple[str, Delivery | None],
    cover: tuple[str, CoverLetter | None],
    form: tuple[str, Form | None],
) -> dict[str, list[Reading]]:
    """What each form says of the delivery number, the procedure and the submission type."""
    name = delivery[0]
    said: dict[str, list[Reading]] = {"delivery number": [(f"the name of {name}", name[: -len(".xml")])]}
    said |= {"procedure": [], "submission type": []}
    if delivery[1]:
        said["delivery number"].append((name, delivery[1].number))
        said["procedure"].append((name, delivery[1].procedure))
        said["submission type"].append((name, delivery[1].submission_type.value))
    if cover[1]:
        if cover[1].cesp_number is not None:
            said["delivery number"].append((cover[0], cover[1].cesp_number))
        said["submission type"].append((cover[0], cover[1].submission_type.value))
    if form[1]:
        said["procedure"].append((form[0], form[1].procedure))
        said["submission type"].append((form[0], form[1].submission_type.value))
    return said


def _contradiction(what: str, readings: list[Reading]) -> list[str]:
    """One sentence with every reading when there are several."""
    if len({value for _, value in readings}) < 2:
        return []
    each = ", ".join(f"{file} says {value}" for file, value in readings)
    return [f"The package contradicts itself on the {what}: {each}."]


@dataclass(frozen=True)
class _Choice:
    """Readings that agree, or of which a person chose one; else the disagreement."""

    option: str
    readings: tuple[Reading, ...]
    disagreement: tuple[str, ...] = ()
    chosen: str | None = None

    def update(self, field: str) -> dict[str, Any]:
        """What the form says instead, when a person chose."""
        if self.chosen is None:
            return {}
        return {field: SubmissionType(self.chosen) if field == "submission_type" else self.chosen}

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
            raise InputRefused(f"{option} {chosen}: the package says {readings[0][1]} everywhere.")
        return _Choice(option, tuple(readings))
    if chosen is None:
        return _Choice(option, tuple(readings), tuple(disagreement))
    if all(value != chosen for _, value in readings):
        raise InputRefused(f"{option} {chosen} is none of the readings. {disagreement[0]}")
    return _Choice(option, tuple(readings), chosen=chosen)


def _digest(files: tuple[FiledDocument, ...]) -> str:
    lines = sorted(f"{file.name}\n{file.sha256}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _copy_documents(source: Path, target: Path, procedure: str) -> None:
    annexes = {"annex-iii-": "annex-vi-", "annex-vii-": "annex-viii-"}
    if procedure == "CUP":
        annexes = {theirs: ours for ours, theirs in annexes.items()}
    for folder in FOLDERS[2:]:
        for file in sorted((source / folder).glob("*")):
            name = file.name
            for ours, theirs in annexes.items():
                if name.startswith(ours):
                    name = theirs + name.removeprefix(ours)
                    break
            _write(target / folder / name, file.read_text("utf-8"))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
