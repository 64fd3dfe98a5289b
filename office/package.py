"""An e-submission package as the platform delivers it: read whole, or refused with every reason.

Layout (our reading of Annex IX, whose text was not found; domain notes, section 6):
`<delivery number>.xml` at the top, `00_cover-letter/cover-letter.json`,
`01_application-form/form.json`, and the documents in the folders 02 to 08.
Not coded: whether the day of receipt lies in the future; whoever takes the package in knows today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from models.dossier import FiledDocument
from models.errors import InputRefused
from models.law.procedures.shape import Kind
from models.parties import Contact, Product
from office.completeness import findings
from office.package_files import PackageFiles, opened
from office.package_forms import (
    COVER_LETTER,
    FOR_A_DOSSIER,
    FOR_A_PROGRAMME,
    FORM,
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
    completes or answers. `findings` are English sentences on what is missing.
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
    findings: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind | None:
        """The kind of dossier that it opens; none when it belongs to one that is open."""
        return None if self.submission_type in FOR_A_DOSSIER else Kind(self.submission_type.value)


def read_package(path: Path) -> Package:
    """Reads a package from a folder or a zip; both give the same package and digest.

    Raises: InputRefused with all problems of names and forms, each with its file and field.
    """
    with opened(path) as package:
        delivery_name = _laid_out(package)
        delivery, problems = read_delivery(delivery_name, package.content(delivery_name))
        cover, wrong_cover = read_cover_letter(package.content(COVER_LETTER))
        form, wrong_form = read_form(package.content(FORM))
        problems += wrong_cover + wrong_form
        problems += _disagreements(delivery_name, delivery, cover, form)
        if problems or not (delivery and cover and form):
            raise InputRefused("The package was refused.\n" + "\n".join(problems))
        files = tuple(
            FiledDocument(name=name, sha256=_sha256(package, name), size=size)
            for name, size in package.sizes.items()
        )
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
            findings=findings(form.submission_type, form.procedure, package.sizes),
        )


def files_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of a package with its content, one at a time, in the order of `Package.files`."""
    with opened(path) as package:
        for name in package.sizes:
            yield name, package.content(name)


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


def _laid_out(package: PackageFiles) -> str:
    """The name of the delivery file. Raises: InputRefused when the layout is another one."""
    top = [name for name in package.sizes if "/" not in name]
    deliveries = [name for name in top if name.lower().endswith(".xml")]
    problems = [
        f"{name!r} does not belong at the top of a package." for name in top if name not in deliveries
    ]
    strange = sorted({name.split("/")[0] for name in package.sizes if "/" in name} - set(FOLDERS))
    problems += [f"There is no folder {folder!r} in the layout of a package." for folder in strange]
    if len(strange) == 1 and not top:
        problems.append(f"If everything lies in {strange[0]!r}, zip what is in that folder, not the folder.")
    if len(deliveries) != 1:
        problems.append(
            f"One delivery file <delivery number>.xml must be at the top; there are {len(deliveries)}."
        )
    problems += [f"The file {name} is missing." for name in (COVER_LETTER, FORM) if name not in package.sizes]
    problems += [
        f"The name of a file in {name.rsplit('/', 1)[0]} holds a Belgian national number; "
        "a package identifies no patient."
        for name in package.sizes
        if "/" in name and holds_national_number(name.rsplit("/", 1)[1])
    ]
    if problems:
        raise InputRefused(
            "The package was refused.\n" + "\n".join(problems) + f"\nIts folders are: {', '.join(FOLDERS)}."
        )
    return deliveries[0]


def _disagreements(
    delivery_name: str, delivery: Delivery | None, cover: CoverLetter | None, form: Form | None
) -> Iterator[str]:
    """Where the forms contradict each other; each with what it says."""
    number = delivery_name[: -len(".xml")]
    said: dict[str, list[tuple[str, str]]] = {"delivery number": [(f"the name of {delivery_name}", number)]}
    said |= {"procedure": [], "submission type": []}
    if delivery:
        said["delivery number"].append((delivery_name, delivery.number))
        said["procedure"].append((delivery_name, delivery.procedure))
        said["submission type"].append((delivery_name, delivery.submission_type))
    if cover:
        said["delivery number"].append((COVER_LETTER, cover.cesp_number))
        said["submission type"].append((COVER_LETTER, cover.submission_type))
    if form:
        said["procedure"].append((FORM, form.procedure))
        said["submission type"].append((FORM, form.submission_type))
    for what, statements in said.items():
        if len({value for _, value in statements}) > 1:
            each = ", ".join(f"{file} says {value}" for file, value in statements)
            yield f"The package contradicts itself on the {what}: {each}."


def _sha256(package: PackageFiles, name: str) -> str:
    hashed = hashlib.sha256()
    for chunk in package.chunks(name):
        hashed.update(chunk)
    return hashed.hexdigest()


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
