"""A case that Temporal had lost, or that was set back, goes on from the last entry that the register holds.

Law: none. The register is what people were told: whatever Temporal remembers otherwise, it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models.acts import Act
from models.dossier import Dossier
from models.entry import LetterKind, TakenUp
from models.errors import UntimelyAct
from models.messages import named_act
from models.notes import CancellationRequested, LetterNote, RegisterAhead, Reopened, Told
from models.parties import Role
from models.programme import Programme
from models.receipts import Docket
from workflows.case import Case, Happened


class Over(Exception):
    """The register holds the case ended, in a phase: a run that was set back ends, and changes nothing."""

    def __init__(self, phase: str) -> None:
        super().__init__(phase)
        self.phase = phase


def take_note(case: Case, reopened: Reopened) -> None:
    """From which entry the case went on, entered and told to the desk."""
    told = reopened.model_dump(mode="json", include={"entries", "grounds", "refused"}, exclude_defaults=True)
    case.note(**told)
    case.tell(LetterKind.REOPENED, Role.DESK, **told)


def refused(number: str, act: Act, found: TakenUp) -> UntimelyAct:
    """Why an act cannot be entered in the place of what stands, and what can be done."""
    told = {
        "command": act.command,
        "number": number,
        "entry": found.entry,
        "act": named_act(found.act),
        "by": found.by,
        "on": found.on,
    }
    if found.ended:
        return UntimelyAct("act.set-back-and-ended", **told, possible=(f"show {number}",))
    possible = (f"show {number}", f"{act.command} {number}")
    return UntimelyAct("act.set-back", **told, entries=found.entries, possible=possible)


def still_told(case: Case, happened: Happened, found: TakenUp) -> list[Told]:
    """What a run was told and has not entered; not what is heard with this already, or tells of nothing."""
    told = (*([happened.told] if happened.told else []), *case.docket.told)
    return [note for note in told if not _is_over(note, found)]


def _is_over(note: Told, found: TakenUp) -> bool:
    """Whether a note is heard with this, tells of an entry that is nowhere, or was entered and forgotten."""
    nowhere = isinstance(note, LetterNote) and note.entry > found.entries
    entered = isinstance(note, Reopened) and note.entries < found.entries
    return isinstance(note, RegisterAhead) or nowhere or entered


def kept(found: TakenUp) -> Dossier | Programme | None:
    """What the register keeps of a case; nothing for an account, which is read from the register itself."""
    return (Programme if found.is_programme else Dossier)(**found.carried) if found.carried else None


def tell_again(docket: Docket, number: str, told: Iterable[Told], today: date) -> None:
    """Has a case hear what an earlier run of it was told; what it knows it hears once only."""
    for note in told:
        if isinstance(note, CancellationRequested | Reopened):
            docket.told.append(note)
        else:
            docket.hear(number, note, today)
