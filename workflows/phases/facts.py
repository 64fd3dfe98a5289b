"""Facts that happen outside and that a person records: what ends a programme, or asks for a decision on it.

Law: each is a clause of the law that the programme carries, with what it does (models/law/states.py).
Silence: a proposed end stays before a person. Where what takes the place of a programme is not decided when
the programme ends by a fact, silence sets it up, on the conditions of the programme that ends: one event, an
entry in each, and no day between them.
"""

from __future__ import annotations

from datetime import date

from models.acts import FactRecorded, OpinionGiven, SuccessorDecided
from models.decision import Opinion
from models.entry import LetterKind
from models.law.states import Effect, Fact
from models.notes import FactTold
from models.programme import Programme, Succession
from workflows import effects
from workflows.in_force import ProgrammeInForce
from workflows.phases.force import fulfil_condition
from workflows.phases.publicity import list_for_publication, to_be_published

TACIT, ESTABLISHED = "tacit", "established"


def take_fact(life: ProgrammeInForce, act: FactRecorded) -> None:
    """A person records what happened; what follows is what the law of the programme says."""
    programme, on = life.programme, act.on or life.today
    fact = life.law.fact(act.fact)
    assert fact is not None
    programme.facts[fact.name] = on
    life.note(fact=fact.name, source=act.source)
    match fact.does:
        case Effect.ENDS if programme.closed_on:  # on the market: who was left in it needs it no more
            follow_in_silence(programme)
        case Effect.ENDS:
            end_by(life, fact, on)
        case Effect.PROPOSES:
            propose(programme, fact)
        case Effect.FULFILS:
            fulfil_condition(life, on)
        case Effect.SUCCEEDS:
            life.note(indications=act.indications)
            programme.succession = Succession(fact=fact.name, asked_on=on, indications=act.indications)


def happened_by_decision(life: ProgrammeInForce, name: str, on: date) -> None:
    """A decision on one of its dossiers is a fact of its life: what ends it, ends it; any other is kept."""
    life.programme.facts[name] = on
    fact = life.law.fact(name)
    if fact and fact.does is Effect.ENDS and not life.programme.closed_on:
        end_by(life, fact, on)


def propose(programme: Programme, fact: Fact) -> None:
    """The end of the programme is put before a person, once the bodies were heard that the law names."""
    programme.proposals.append(fact.name)
    programme.awaited += [body for body in fact.hears if body not in programme.awaited]


def hear_of_fact(life: ProgrammeInForce, told: FactTold) -> None:
    """Another case tells a fact: it proposes what the law of this one says, and does nothing by itself.

    One that was recorded already, that comes too late or that would do more than propose changes nothing.
    """
    programme, fact = life.programme, life.law.fact(told.fact)
    proposes = fact is not None and fact.does is Effect.PROPOSES and fact.name in programme.recordable
    life.note(fact=told.fact, source=told.dossier, **({} if proposes else {"without_object": True}))
    if fact and proposes:
        programme.facts[fact.name] = told.on
        propose(programme, fact)


def end_by(life: ProgrammeInForce, fact: Fact, on: date) -> None:
    """The programme has ended with the fact, without a decision; what may follow it follows at once."""
    programme = life.programme
    programme.closed_on = programme.last_update_on = on
    to_be_published(life, programme, on)
    life.announce(LetterKind.CLOSURE, (fact.clause,), fact=fact.name, on=on)
    follow_in_silence(programme)


def follow_in_silence(programme: Programme) -> None:
    """What takes its place is set up by silence where nobody has decided on it."""
    if programme.succession and programme.successor_awaited:
        programme.succession.outcome = TACIT


def hear_body(life: ProgrammeInForce, act: OpinionGiven) -> None:
    """A body gives its opinion on a proposed end; it need not be favourable."""
    opinion = Opinion(body=act.body, view=act.view, given_on=act.on or life.today, text=act.text)
    life.programme.opinions.append(opinion)
    life.programme.awaited.remove(act.body)
    life.note(body=act.body.value, view=act.view.value, text=act.text)


def decide_successor(life: ProgrammeInForce, act: SuccessorDecided) -> None:
    """The other programme is set up from the day of the decision, or rejected."""
    succession = life.programme.succession
    assert succession is not None
    succession.outcome = act.outcome
    life.note(outcome=act.outcome, grounds=act.grounds)
    if act.outcome != ESTABLISHED:
        tell_of_successor(life, act.on or life.today, act)


async def set_up_successor(life: ProgrammeInForce) -> None:
    """Starts the programme that takes its place, in the same step in which this one tells of it."""
    programme, happened = life.programme, life.happened
    succession = programme.succession
    if not succession or succession.number or succession.outcome not in (TACIT, ESTABLISHED):
        return
    assert happened is not None
    fact = life.law.fact(succession.fact)
    assert fact is not None
    on = happened.on
    succession.number = await effects.number_of_successor(programme.number, fact.successor, on)
    successor = Programme(
        number=succession.number,
        procedure=fact.successor,
        applicant=programme.applicant,
        subject=programme.subject_of_successor(),
        authorised_on=on,
        opened_on=on,
        last_update_on=on,
        law=await effects.law_of_year(fact.successor, on),
        succeeds=programme.number,
        tacit=succession.outcome == TACIT,
        elements=programme.elements,
        translations=programme.translations,
        protocol=programme.protocol,
    )
    successor.owes(programme.conditions)
    if programme.validity and programme.validity.until_on >= on:
        successor.valid_until(programme.validity.until_on, life.today)
    await effects.begin_programme(successor)
    life.note(successor=succession.number)
    act = happened.request
    tell_of_successor(life, on, act if isinstance(act, SuccessorDecided) else None)


def begin_in_its_place(life: ProgrammeInForce) -> None:
    """The first entry of a programme that takes the place of another one."""
    programme = life.programme
    if programme.tacit:
        life.happens("SetUpTacitly", programme.authorised_on, succeeds=programme.succeeds)
    else:
        life.happens("SetUp", programme.authorised_on, succeeds=programme.succeeds)
    list_for_publication(life, programme)


def tell_of_successor(life: ProgrammeInForce, on: date, act: SuccessorDecided | None) -> None:
    """What became of it is notified with the remedies, also where silence decided."""
    succession = life.programme.succession
    assert succession is not None
    fact = life.law.fact(succession.fact)
    assert fact is not None
    life.notify(
        LetterKind(fact.letter),
        rests_on=(fact.clause,),
        signatory=act.signatory(life.law) if act else None,
        outcome=succession.outcome,
        indications=succession.indications,
        successor=succession.number,
        grounds=act.grounds if act else "",
        on=on,
    )
