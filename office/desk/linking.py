"""What may be linked to a dossier that rests on an application: one for the same subject, in the register."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from models import parts
from models.acts import ApplicationLinked
from models.errors import InputRefused
from models.messages import word
from procedures.registry import procedure
from register.case import case

if TYPE_CHECKING:
    from office.settings import Settings
    from register.views import State


def linked(settings: Settings, number: str, said: dict[str, Any]) -> dict[str, Any]:
    """What links a dossier to an application, once both were compared. `said` is what was typed.

    Raises: NotFound for a number that there is none of; InputRefused naming both where the other one is no
    application, or, unless that was confirmed, where neither name of what it is about is the same.
    """
    here = case(settings.register_url, number, date.max).state
    there = case(settings.register_url, said["application"], date.max).state
    said = said | {"application": there.number}
    if ApplicationLinked.command not in here.possible:
        return said  # the procedure itself says why not
    both = {"number": here.number, "application": there.number}
    if not _applied_for(there):
        raise InputRefused(
            "case.links-no-application", **both, kind=word(there.kind), possible=("list --kind application",)
        )
    if not (said.get("confirmed") or _names(here) & _names(there)):
        raise InputRefused(
            "case.links-another-subject",
            **both,
            subject=parts.name(here.subject["parts"]),
            other=parts.name(there.subject["parts"]),
            possible=(
                f"show {there.number}",
                f"link-application {number} --application {there.number} --confirmed",
            ),
        )
    return said


def _applied_for(there: State) -> bool:
    """Whether it is an application, or what became of one that was authorised."""
    if there.kind == "programme":
        return True
    return any(
        kind.value == there.kind and examination.opens_life
        for kind, examination in procedure(there.procedure).examinations.items()
    )


def _names(state: State) -> set[str]:
    """What its subject is called, and what tells that apart from others of the name."""
    return {" ".join(part.casefold().split()) for part in list(state.subject["parts"].values())[:2]}
