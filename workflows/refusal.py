"""How an act is refused: what was asked, why not, and what is possible now and until when."""

from __future__ import annotations

from typing import Any

from temporalio.exceptions import ApplicationError

from models.acts import Act
from models.due import on_its_day
from models.errors import ActRefused, UntimelyAct
from models.messages import Message, named_word
from workflows.case import Case


def untimely(case: Case, command: str, acts: tuple[type[Act], ...]) -> UntimelyAct:
    """An act that is not possible where the case rests; `acts` are those that are."""
    rest, possible = case.docket.rest, tuple(act.command for act in acts)
    phase = named_word(rest.phase.value) if rest else Message("act.being-opened")
    told: dict[str, Any] = {"command": command, "number": case.carried.number, "phase": phase}
    if rest and not possible:
        return UntimelyAct("act.nothing-possible", **told)
    if due := on_its_day(case.standing(rest).falls_due, rest.due_on) if rest else ():
        falls_due = [each.message(case.today) for each in due]
        return UntimelyAct("act.not-possible-and-due", **told, falls_due=falls_due, possible=possible)
    return UntimelyAct("act.not-possible", **told, possible=possible)


def refusal(refused: ActRefused) -> ApplicationError:
    """A refusal as Temporal carries it: its kind in the type; key, facts and what is possible in the details.

    Its text is English, for whoever looks at it in the Temporal UI.
    """
    told = {**refused.said.sent(), "possible": list(refused.possible)}
    return ApplicationError(refused.message, told, type=type(refused).__name__, non_retryable=True)
