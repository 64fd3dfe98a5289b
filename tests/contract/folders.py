"""The folders that the contract is held against, and the sample of each of their procedures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from models.forms import FORM
from models.phases import Kind
from procedures import registry
from tests.toy import taken_in

with taken_in():
    FOLDERS = tuple(registry.folders())
    CODES = tuple(registry.every())
    FILEABLE = registry.fileable()


def opening(code: str) -> Kind:
    """The kind of dossier that opens a life, when it is granted."""
    examinations = registry.procedure(code).examinations
    (kind,) = (kind for kind, examination in examinations.items() if examination.opens_life)
    return kind


def packed(code: str, into: Path, received_at: datetime | None = None) -> Path:
    """The sample of an application of a procedure, as a package that was received."""
    known = registry.intake(code)
    assert known.sample
    for form in sorted(known.samples.glob(f"*/{FORM}")):
        said = json.loads(form.read_text("utf-8"))
        if (said["procedure"], said["submission_type"]) == (code, opening(code)):
            name, delivery = form.parent.parent.name, f"CONTRACT-{code}"
            return known.sample(
                name, into, cesp_number=delivery, received_at=received_at or datetime.now(UTC)
            )
    raise AssertionError(f"{code} has no sample of an application")
