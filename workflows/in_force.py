"""A programme in force: what its phases ask of it, whoever runs them."""

from __future__ import annotations

from typing import Any

from models.acts import IndividualAct
from models.entry import LetterKind
from models.law.applicable import cites
from models.parties import Role
from models.phases import Phase
from models.programme import Programme
from workflows.proceeding import Proceeding


class ProgrammeInForce(Proceeding):
    """One programme, with all that it carries from one year to the next."""

    def __init__(self, programme: Programme) -> None:
        super().__init__(programme)
        self.programme = programme

    def beside_passed(self, phase: Phase, clause: str) -> None:
        """What silence means after a formal notice is flagged and told; a programme enters no refusal."""
        super().beside_passed(phase, clause)
        assert self.happened is not None
        self.happened.act = "LimitPassed"

    def announce(self, letter: LetterKind, rests_on: tuple[str, ...], **facts: Any) -> None:
        """Adds a letter to the applicant, and its copies."""
        for role in (Role.APPLICANT, *self.programme.law.copies_to):
            self.tell(letter, role, rests_on, **facts)

    def notify_all(
        self, letter: LetterKind, act: IndividualAct, rests_on: tuple[str, ...], **facts: Any
    ) -> None:
        """Notifies an act of the authority to the applicant, with its copies."""
        signatory = act.signatory(self.law)
        for role in (Role.APPLICANT, *self.programme.law.copies_to):
            self.notify(letter, role, rests_on, signatory=signatory, **facts)

    def notify_by_power(self, letter: LetterKind, act: IndividualAct, power: str, **facts: Any) -> None:
        """The same of an act that suspends, ends, or lets go on: it says by which power."""
        behind = self.law.powers(power, self.programme.proposals)
        facts["powers"] = [cites(self.law.digest, clause) for clause in behind]
        self.notify_all(letter, act, behind, **facts)
