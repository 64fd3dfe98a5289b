"""What a programme is called, what brings it into force, and what facts do to it: data of its procedure."""

from __future__ import annotations

from enum import StrEnum

from models.parties import Body
from models.phases import Course, Phase, PublicList
from models.travelling import Travelling


class State(Travelling, frozen=True):
    """A state in the life of what was authorised: what it is called, and its public list, if any."""

    phase: Phase
    public_list: PublicList | None = None


class IntoForce(Travelling, frozen=True):
    """What was authorised enters into force by a provisional authorisation, given on a simple request.

    `clause` is the power to give it, `asked_by` who may ask for it, `letter` the one that tells of it. Where
    it `awaits` a fact instead, it was authorised under a suspensive condition, and is in force from the day
    of that fact. Until then the programme is in `state`: nothing is published, and nothing recurs. No period
    runs and silence does nothing.
    """

    clause: str
    asked_by: tuple[str, ...] = ()
    awaits: str = ""
    letter: str
    state: State


class Effect(StrEnum):
    """What a fact that happens outside does to a programme, once a person has recorded it.

    `ends`: the programme has ended with that day, without a decision. `proposes`: its end is put before a
    person, who closes it or lets it go on; where bodies are heard, after their opinion. `succeeds`: a
    programme of another procedure may be set up in its place; a person decides that at once, and what ends
    the programme before sets the other one up by itself. `lapses`: nobody is left in a programme that has
    ended, and its provisional authorisation with it. `fulfils`: the suspensive condition is met under which
    it was authorised.
    """

    ENDS = "ends"
    PROPOSES = "proposes"
    SUCCEEDS = "succeeds"
    LAPSES = "lapses"
    FULFILS = "fulfils"


class Fact(Travelling, frozen=True):
    """Something that happens outside the case, and that a person records with its day.

    One that the form told already, in a finding of its name, needs no recording: what was authorised begins
    with the proposal of its end.
    `clause` is where its effect is laid down; `hears` are the bodies whose opinion is asked before a person
    decides, and `changed_after` those of them before whose opinion it is not suspended or changed, either.
    One that `a_decision` on a dossier brings about is recorded by nobody.
    `takes` is the clause of a time that has passed since the programme was set up before it can happen.
    One that `empowers` is proposed by a clause that is itself the power to suspend or to end.
    `leaves_nobody`: nobody who was in the programme needs it any more. `successor` is the procedure
    of the programme that may follow, `letter` the one that tells of it, and
    `part` that of the subject which says what it is for.
    """

    name: str
    does: Effect
    clause: str
    hears: tuple[Body, ...] = ()
    changed_after: tuple[Body, ...] = ()
    takes: str = ""
    a_decision: bool = False
    empowers: bool = False
    leaves_nobody: bool = False
    successor: str = ""
    letter: str = ""
    part: str = ""


class Link(Travelling, frozen=True):
    """What the course of one programme tells another one, about the same thing.

    A programme of the procedure `of` whose life goes on by `course`, or to which the fact `after` came, tells
    those of the procedure `tells` whose subject says the `same` in a part that both have: each hears the
    `fact` of its own law, which proposes. One to which a fact of `unless` came tells nothing by it.
    """

    of: str
    course: Course | None = None
    after: str = ""
    unless: tuple[str, ...] = ()
    tells: str
    fact: str
    same: str
