"""A case that Temporal had lost, or that was set back, goes on from the last entry that the register holds.

Law: none. The register is what people were told: whatever Temporal remembers otherwise, it stands.
"""

from __future__ import annotations

from models.entry import LetterKind
from models.notes import Reopened
from models.parties import Role
from workflows.case import Case


def take_note(case: Case, reopened: Reopened) -> None:
    """From which entry the case went on, entered and told to the desk."""
    told = reopened.model_dump(mode="json", include={"entries", "grounds", "refused"}, exclude_defaults=True)
    case.note(**told)
    case.tell(LetterKind.REOPENED, Role.DESK, **told)
