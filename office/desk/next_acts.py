"""What can be done next in a case: each act that is possible now, as the command that does it."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Container, Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, get_args

from models.acts import (
    ACTS,
    Act,
    Decided,
    Evaluated,
    GroundsReceived,
    IndividualAct,
    OpinionContested,
    OpinionGiven,
    OpinionSentBack,
    QuestionsRaised,
    ReportRequested,
    RuleJudged,
    Stating,
)
from models.decision import DURATION, Course, Ruling
from models.eligibility import Verdict
from models.law.applicable import Law
from models.messages import worded
from models.parties import Body
from models.people import who_may
from office.commands import Form
from office.desk.acting import WRITTEN, command_of
from office.desk.examining import checklist
from office.desk.person import who_looks
from office.settings import Settings
from procedures.registry import powers
from register import people
from register.case import case
from register.views import State, laws

FEW = 4
"""Words of which one is chosen, at most, that stand in a command; of more its help tells all."""


def possible(settings: Settings, number: str, today: date) -> dict[str, Any]:
    """Where a case stands, and the commands of its possible acts, each with who may do it if not who asks.

    A decision has a command for each outcome that it may have, with what that outcome asks.

    Raises: NotFound; NotReachable.
    """
    found = case(settings.register_url, number, today)
    state = found.state
    (body,) = laws(settings.register_url, [found.entries[-1].law]).values()
    law = Law(**body)
    open_rules = [line["rule"] for line in checklist(found) if line["verdict"] == Verdict.OPEN]
    asks = who_looks(settings, today)
    known = people.known(settings.register_url)
    acts = {act.command: act for act in ACTS}
    bodies = _bodies(state, law)
    told = []
    for command in state.possible:
        act = acts[command]
        may = who_may(command, state.procedure, powers(state.procedure), known.values(), today)
        for ruling in _rulings(act, law, state.kind):
            grants = act is RuleJudged or bool(ruling and ruling.course is Course.GOES_ON)
            told.append(
                {
                    "act": command,
                    "command": usage(act, number, law, ruling, bodies.get(act, ())),
                    "says": worded(f"command.{command}"),
                    "open_rules": open_rules if grants else [],
                    "may": [*may],
                    "you": bool(asks) and asks.name in may,
                }
            )
    return {
        "number": number,
        "phase": state.phase,
        "ended": state.ended,
        "falls_due": [due.said(today) for due in state.falls_due],
        "possible": told,
    }


def lines(told: dict[str, Any]) -> Iterator[str]:
    """The same for people: each command on a line of its own, to be pasted."""
    for due in told["falls_due"]:
        yield worded("case.falls-due", due=due)
    if not told["possible"]:
        yield worded("next.nothing", number=told["number"])
    for one in told["possible"]:
        yield one["command"]
        said = [one["says"], "" if one["you"] else _others(one["may"])]
        if one["open_rules"]:
            said.append(worded("next.rules-open", rules=one["open_rules"]))
        yield "    " + " ".join(filter(None, said))


def _rulings(act: type[Act], law: Law, kind: str) -> tuple[Ruling | None, ...]:
    """The outcomes that a decision may have; of anything else one command says all."""
    of_life = act is Evaluated and kind == "programme"
    of_dossier = act is Decided and kind != "programme"
    return law.outcomes if of_life or of_dossier else (None,)


def _bodies(state: State, law: Law) -> dict[type[Act], Collection[Body]]:
    """The bodies that each act can be about; an opinion is awaited within its limit, or on a proposed end."""
    runs = {due.ref for due in state.falls_due}
    proposed = {flag.partition(":")[2] for flag in state.flags if flag.startswith("end-proposed:")}
    heard = [body for fact in law.facts if fact.name in proposed for body in fact.hears]
    awaited = dict.fromkeys([*(body for body, clause in law.opinions.items() if clause in runs), *heard])
    return {
        OpinionGiven: awaited,
        QuestionsRaised: law.questions,
        OpinionContested: law.contests,
        GroundsReceived: law.contests,
        OpinionSentBack: law.sends_back,
    }


def _said_in(law: Law, option: str, awaited: Collection[Body]) -> set[str]:
    """The words of its own that the law of a case has for an option: bodies, outcomes, capacities."""
    if option == "body":
        return {*map(_typed, awaited or law.opinions)}
    said = [ruling.outcome for ruling in law.outcomes] + [one.capacity for one in law.competences]
    return {*map(_typed, said)}


def usage(
    act: type[Act], number: str, law: Law, ruling: Ruling | None = None, awaited: Collection[Body] = ()
) -> str:
    """The command of an act with all that must be said, as far as it is known before; of an outcome its own.

    Of the words that procedures have for the same thing those stand there that the law of the case has.
    """
    parameters = inspect.signature(command_of(act, Form)).parameters.values()
    must = [one for one in parameters if one.kind is one.KEYWORD_ONLY and one.default is one.empty]
    options = [f"{_option(one.name)} {_place(one, _said_in(law, one.name, awaited))}" for one in must]
    if ruling:
        outcome = f"--outcome {_typed(ruling.outcome)}"
        options = [outcome if option.startswith("--outcome ") else option for option in options]
        options += _asked_by(act, ruling, law)
    if act is ReportRequested:
        known = "|".join(owed.ref for owed in law.obligations if owed.on_request)
        options = [f"--report {known}" if option.startswith("--report ") else option for option in options]
    if issubclass(act, IndividualAct):
        competent = law.competent(act.admits, rejects=act.rejects, asks=act.asks)
        if len(competent) > 1 or any(one.elsewhere for one in competent):
            options.append('--decided-by "…"')
        if len(competent) > 1:
            options.append(f"--capacity {'|'.join(_typed(one.capacity) for one in competent)}")
    return " ".join([f"umn {act.command} {number}", *options])


def _asked_by(act: type[Act], ruling: Ruling, law: Law) -> Iterator[str]:
    """What an outcome asks beside its grounds."""
    if ruling.with_conditions:
        yield '--condition "DAY: …"'
    if ruling.ends_inclusion:
        yield '--continuity-plan "…"'
    if issubclass(act, Stating) and law.opens_life and ruling.course is Course.GOES_ON and law.elements:
        yield from ("--until DAY",) * (DURATION in law.elements)
        yield '--protocol "…"'


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _place(option: inspect.Parameter, said: Container[str]) -> str:
    """What stands in the place of a value: the words of which one is chosen, where they are few."""
    kind = get_args(option.annotation)[0]
    if kind is date:
        return "DAY"
    words = _words(kind)
    words = [word for word in words if word in said] or words
    if 0 < len(words) <= FEW:
        return "|".join(words)
    if option.name in WRITTEN or kind == list[str]:
        return '"…"'
    return "FILE" if kind is Path else "N" if kind is int else option.name.replace("_", "-").upper()


def _words(kind: Any) -> list[str]:
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return [name.lower().replace("_", "-") for name in kind.__members__]
    choices = [choice for choice in get_args(kind) if isinstance(choice, str | Enum)]
    return [*map(_typed, choices)]


def _typed(word: Any) -> str:
    return str(getattr(word, "value", word)).replace("_", "-")


def _others(may: list[str]) -> str:
    return worded("next.others-may", may=may) if may else worded("next.nobody-may")
