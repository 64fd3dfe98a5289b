"""Packages to try, all invented; `make.py` writes the two applications anew."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from models.errors import InputRefused
from models.forms import COVER_LETTER, FOR_A_DOSSIER, FORM
from models.subjects import Product
from procedures.be_umn.documents import FOLDERS
from procedures.be_umn.words import Kind

HERE = Path(__file__).resolve().parent


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
    """Makes a package of our own from the folder `name`, in the folder `into/<delivery number>`.

    What is given takes the place of what the sample says; a programme or dossier of the other
    procedure turns forms and annexes into that procedure's. Raises: InputRefused when a template
    lacks its number, or when the folder is there already.
    """
    from xml.etree import ElementTree

    source = HERE / name
    if not (source / FORM).is_file():
        known = sorted(found.parent.parent.name for found in HERE.glob(f"*/{FORM}"))
        raise InputRefused("sample.unknown", name=name, known=known)
    delivery = ElementTree.fromstring(next(source.glob("*.xml")).read_text("utf-8"))
    form = json.loads((source / FORM).read_text("utf-8"))
    cover = json.loads((source / COVER_LETTER).read_text("utf-8"))

    kind = form["submission_type"]
    asked = "dossier" if kind in FOR_A_DOSSIER else "programme" if kind != Kind.APPLICATION else None
    for field, given in (("programme", programme), ("dossier", dossier)):
        if (field == asked) != (given is not None):
            key = "sample.needs-number" if field == asked else "sample.has-no-number"
            raise InputRefused(key, name=name, field=field)
        if given:
            form[field] = given
    if year is not None:
        raise InputRefused("sample.has-no-year", name=name)
    number = (programme or dossier or "")[:3]
    procedure = number if number in ("CUP", "MNP") else form["procedure"]
    form["procedure"] = procedure
    if product is not None:
        form["product"] = product.model_dump()
    delivery_number = cesp_number or str(delivery.findtext("number"))
    cover["cesp_number"] = delivery_number

    target = into / delivery_number
    if target.exists():
        raise InputRefused("sample.there-already", folder=target)
    instant = received_at or datetime.fromisoformat(delivery.findtext("received-at", "")).astimezone(UTC)
    _copy_documents(source, target, procedure)
    _write(target / FORM, json.dumps(form, indent=2, ensure_ascii=False))
    _write(target / COVER_LETTER, json.dumps(cover, indent=2, ensure_ascii=False))
    _write(
        target / f"{delivery_number}.xml",
        f"<delivery>\n  <number>{delivery_number}</number>\n  <procedure>{procedure}</procedure>\n"
        f"  <submission-type>{kind}</submission-type>\n"
        f"  <received-at>{instant.isoformat()}</received-at>\n</delivery>",
    )
    return target


def _copy_documents(source: Path, target: Path, procedure: str) -> None:
    annexes = {"annex-iii-": "annex-vi-", "annex-vii-": "annex-viii-"}
    if procedure == "CUP":
        annexes = {theirs: ours for ours, theirs in annexes.items()}
    for folder in FOLDERS:
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
