"""What of an entry can be put right that somebody wrote down wrongly, and what else is to be done instead.

The entry stays as it was written; another one says what was wrong, what is right, and why. What is booked,
what a day brought about and what an act decided is no slip of the pen.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from models.acts import (
    EVERY_ACT,
    AdmissibilityCorrected,
    AnswersReceived,
    Booking,
    CompletionReceived,
    Corrected,
    DeclaredAdmissible,
    InvoiceCredited,
    InvoicePaid,
)
from models.decision import Competence
from models.entry import Letter
from models.errors import ActRefused, ImproperAct
from models.messages import named_act
from models.travelling import Travelling

DAY = "on"
"""The fact that is the day on which it happened."""

DAYS = (CompletionReceived.__name__, AnswersReceived.__name__)
"""Acts of which the case counts from the day again once it was another one."""

WORDS = ("grounds", "text", "source", "continuity_plan")
"""Facts in words, which the case repeats and does not count with."""

AMOUNTS = ("cents", "amount")
"""Facts that are money: what was asked or booked stands, and something else sets it right."""

SIGNATORY = {"decided_by": "person", "capacity": "capacity"}
"""Facts of who took an act, as the act and as its entry names them."""


class Correctable(Travelling, frozen=True):
    """What stands of an entry: its act, the day of it, what can be put right, and the letters that it told.

    `facts` have what stands now, as the last correction of each left it; `signatory` is who took the act, as
    its entry tells that. `law` is the hash of the law that it rests on, and `competent` are those who may
    take such an act by that law. `until` is the last day of the limit that ended with it, on every reading.
    """

    entry: int
    act: str
    on: date
    facts: dict[str, str] = Field(default_factory=dict)
    signatory: dict[str, Any] = Field(default_factory=dict)
    letters: tuple[Letter, ...] = ()
    law: str = ""
    competent: tuple[Competence, ...] = ()
    until: date | None = None


def refused(act: Corrected, stands: Correctable | None, number: str) -> ActRefused | None:
    """Why a correction cannot stand, and what to do instead; nothing where it can."""
    told: dict[str, Any] = {"entry": act.entry, "number": number}
    if stands is None:
        return ImproperAct("correction.no-entry", **told, possible=(f"show {number}",))
    said: dict[str, Any] = {**told, "act": named_act(stands.act)}
    kind = next((one for one in EVERY_ACT if one.__name__ == stands.act), None)
    if kind is None or kind is Corrected:
        return ImproperAct("correction.nobody-wrote", **said, possible=(f"show {number}",))
    if issubclass(kind, Booking | InvoicePaid) or act.fact in AMOUNTS:
        credit = f"{InvoiceCredited.command} {number}"
        return ImproperAct("correction.money", **said, possible=(credit, "payments"))
    if kind is DeclaredAdmissible and act.fact == DAY:
        instead = f"{AdmissibilityCorrected.command} {number}"
        return ImproperAct("correction.own-act", **said, possible=(instead,))
    if not stands.facts:
        return ImproperAct("correction.nothing", **said)
    if act.fact not in stands.facts:
        return ImproperAct("correction.not-this", **said, fact=act.fact, known=[*stands.facts])
    if (act.corrects, act.was) != (stands.act, stands.facts[act.fact]):
        return ImproperAct("correction.stands-otherwise", **said, fact=act.fact, was=act.was)
    if act.right == act.was:
        return ImproperAct("correction.the-same", **said, fact=act.fact)
    return None
