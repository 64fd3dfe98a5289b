"""The last day of what was authorised: the duration that the decision states.

Law: the article of the clause `validity-warnings`: the decision states how long, and what it set up ends when
that is over; or the clause of how long it is valid by law. A term and no period of time: it moves for no
weekend and no closing day. A later decision on the programme that fixes another last day takes its place.

Silence: the programme lapses at the beginning of the day after its last one, also while it is suspended.
A dossier that is still examined under it ends without object.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models.entry import LetterKind
from models.law.applicable import cites
from models.parties import Role
from models.programme import Step
from workflows.in_force import ProgrammeInForce
from workflows.phases.publicity import to_be_published

WARNINGS = ("validity-warnings",)


def warn(life: ProgrammeInForce) -> None:
    """Warns that the last day comes near; warnings missed while nothing ran are sent as one."""
    validity = life.programme.validity
    assert validity is not None
    validity.pass_warnings(life.law.ladder(*WARNINGS), life.today)
    life.happens("ValidityWarned", until_on=validity.until_on)
    life.tell(LetterKind.VALIDITY_ENDS, rests_on=WARNINGS, until_on=validity.until_on, **_by_law(life))


def tell_renewed(life: ProgrammeInForce, was: date) -> None:
    """Tells the last day of what was renewed, which only the programme knows, and by when that is next."""
    programme, validity = life.programme, life.programme.validity
    if validity is None or validity.until_on == was:
        return
    facts, renewal = _by_law(life), programme.renewal
    if renewal:
        facts |= {"renew_by": renewal.due_on, "at_once": validity.renewable_until is not None}
    counts = programme.clock_of_validity
    behind = (life.law.valid_for,) if counts else ()
    facts["until_on"] = validity.until_on
    life.tell(LetterKind.VALIDITY_RENEWED, Role.APPLICANT, behind, counts, **facts)


def _by_law(life: ProgrammeInForce) -> dict[str, Any]:
    """The article of its last day, where the law gives that."""
    by_law = life.programme.clock_of_validity
    return {"article": cites(life.law.digest, life.law.valid_for)} if by_law else {}


def lapse(life: ProgrammeInForce, step: Step) -> None:
    """The last day has passed: the programme has ended, by itself, or since its renewal was refused."""
    programme = life.programme
    assert programme.validity is not None
    programme.closed_on = programme.last_update_on = step.on
    valid_until, refused_on = programme.validity.until_on, programme.validity.refused_on
    facts: dict[str, Any] = {"renewal_refused_on": refused_on} if refused_on else {}
    facts["valid_until"] = valid_until
    life.happens("Lapsed", step.on, **facts)
    to_be_published(life, programme, valid_until)  # the end is that of its last day
    life.announce(LetterKind.CLOSURE, (), **facts, on=step.on)
