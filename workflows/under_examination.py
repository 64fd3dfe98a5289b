"""A dossier under examination: what its phases ask of it, whoever runs them.

Silence: a limit that passes is entered with what its clause says that this means, and the desk is told; what
follows is done by the stage that waited.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.clock import ONE_DAY
from models.decision import Decision, Outcome, Ruling, Signatory
from models.dossier import Dossier
from models.entry import LetterKind
from models.law.applicable import cites
from models.law.silence import SilencePolicy
from models.parties import Channel, Role
from models.phases import Phase
from workflows.proceeding import Proceeding

ASKED = "questions"
"""Why the limit of a body stands still that put questions."""


class Ended(Exception):
    """The examination ends without a decision on the merits: a legal end, caught once in `examine`.

    `silent_until` is the last day on which somebody could have acted, where silence ends it; else
    `signatory` says who ended it, where the authority did, and `unmet` which condition was not met. `told_on`
    is the day on which the applicant was told already.
    """

    def __init__(
        self,
        outcome: Outcome,
        on: date,
        grounds: str = "",
        silent_until: date | None = None,
        silence_of: str = "",
        signatory: Signatory | None = None,
        told_on: date | None = None,
        unmet: str = "",
    ) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.on = on
        self.grounds = grounds
        self.silent_until = silent_until
        self.silence_of = silence_of
        self.signatory = signatory
        self.told_on = told_on
        self.unmet = unmet


class DossierUnderExamination(Proceeding):
    """One dossier, as it was filed and as its examination has come."""

    def __init__(self, filed: Dossier) -> None:
        super().__init__(filed)
        self.filed = filed

    @property
    def decision(self) -> Decision:
        """How the examination ended."""
        assert self.filed.decision is not None
        return self.filed.decision

    @property
    def asked_late(self) -> bool:
        """Whether what is missing was asked after the limit to check: it stops and forfeits nothing."""
        return self.last_day("admissibility") is not None

    @property
    def asked_on_last_day(self) -> date | None:
        """The last day of the check, where what is missing was asked on it: none is left after it, or one."""
        clock = self.clocks.get("admissibility")
        if clock is None or not clock.stops:
            return None
        before = clock.model_copy(update={"stops": clock.stops[:-1]}).due_on(self.law.calendar)
        return before if clock.stops[-1].asked_on == before else None

    def silence(self, clause: str) -> SilencePolicy:
        """The same; a right to complete is not always lost where the clause says so."""
        silence = super().silence(clause)
        forfeited = silence is SilencePolicy.FORFEITED and clause == self.law.completion
        return SilencePolicy.PROPOSE if forfeited and not self.may_forfeit else silence

    @property
    def may_forfeit(self) -> bool:
        """Whether the right to complete may be lost: after one notice in time, to which nothing came.

        It is not where a decision exists by law already.
        """
        once = len(self.clocks["admissibility"].stops) == 1
        return once and not (self.asked_late or self.filed.partly_completed or self.filed.exists_by_law)

    @property
    def ruling(self) -> Ruling:
        """What it means that it ended so, by the dossier's own law."""
        return self.filed.law.ruling(self.decision.outcome)

    def hold_to_be_established(self, phase: Phase, clause: str) -> None:
        """A limit that had passed when its start was entered: what silence brought about exists by law.

        It is told to the desk and entered by nobody, until a person establishes it.
        """
        if not self.silence(clause).takes_effect or self.passes_on(clause) > self.today:
            return
        self.filed.to_establish.append(clause)
        self.filed.passed[clause] = self.due(clause)
        told: dict[str, Any] = {"phase": phase.value, "due_on": self.due(clause), **self.effect_of(clause)}
        self.note(to_establish=list(self.filed.to_establish))
        self.tell(LetterKind.LIMIT_PASSED, Role.DESK, (clause,), **told, to_establish=True)

    def beside_passed(self, phase: Phase, clause: str) -> None:
        """What silence after a formal notice brings about, a person establishes."""
        if not self.silence(clause).takes_effect:
            return super().beside_passed(phase, clause)
        self.happens(
            "LimitPassed", self.passes_on(clause), clause=clause, article=cites(self.law.digest, clause)
        )
        self.hold_to_be_established(phase, clause)

    def established(self, clause: str) -> date:
        """A person establishes what silence brought about. Returns: the day from which it exists."""
        exists_from = self.filed.exists_by_law[clause]
        self.filed.to_establish.remove(clause)
        self.note(
            clause=clause,
            article=cites(self.law.digest, clause),
            due_on=self.due(clause),
            **self.effect_of(clause),
        )
        return exists_from

    def alarms(self, clause: str) -> dict[str, Any]:
        """Silence grants also where an opinion is unfavourable or missing, or nothing was paid.

        While the dossier is checked, a letter by post may no longer arrive in time.
        """
        filed, law = self.filed, self.law
        if clause == "admissibility":
            arrives = law.start(Channel.REGISTERED, self.today, None, None)
            by_post_on = arrives.later_on or arrives.on
            return {"by_post_on": by_post_on} if by_post_on > self.due(clause) else {}
        if clause != law.decision or self.silence(clause) is not SilencePolicy.GRANTED:
            return {}
        against = [opinion.body.value for opinion in filed.opinions if not opinion.view.favours]
        missing = [body.value for body in filed.bodies_awaited]
        return {"unfavourable": against, "missing": missing, "unpaid": bool(filed.open_cents)}

    def started_anew(self, clause: str) -> None:
        """Questions left on another day than was told: the body stands still from that day."""
        asked = self.filed.unanswered
        if asked is None or clause != self.law.questions[asked.body]:
            return
        clock, started_on = self.clocks.get(self.law.opinions[asked.body]), self.clocks[clause].started_on
        stop = next((s for s in reversed(clock.stops) if s.reason == ASKED), None) if clock else None
        if stop:
            last = started_on + timedelta(days=asked.days)
            stop.first, stop.last = started_on + ONE_DAY, None if stop.last is None else last
