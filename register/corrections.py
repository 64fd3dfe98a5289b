"""Tells what of an entry can be put right, with the letters that it told, as corrections of it left them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.acts import EVERY_ACT, Act, Corrected, IndividualAct
from models.correction import DAY, DAYS, SIGNATORY, WORDS, Correctable
from models.decision import Competence
from models.entry import Letter
from models.law.applicable import Law
from register.case import Line, case
from register.letters import told
from register.views import laws


def stands(url: str, number: str, entry: int, known: int | None = None) -> Correctable | None:
    """What stands of an entry, up to the last one that is `known`; nothing where there is none.

    Raises: NotFound; NotReachable.
    """
    entries = [one for one in case(url, number, date.max).entries if known is None or one.sequence <= known]
    line = next((one for one in entries if one.sequence == entry), None)
    if line is None:
        return None
    kind = next((one for one in EVERY_ACT if one.__name__ == line.act), None)
    law = Law.model_validate(laws(url, [line.law])[line.law])
    before = next((one for one in entries if one.sequence == entry - 1), None)
    later = [one for one in entries if one.act == Corrected.__name__ and one.facts["entry"] == entry]
    letters = {
        (letter.kind, letter.role): letter
        for one in (line, *later)
        for letter in _letters(url, number, one.sequence)
    }
    took = [one.facts["signatory"] for one in (line, *later) if one.facts.get("signatory")]
    facts = {name: line.facts[name] for name in WORDS if isinstance(line.facts.get(name), str)}
    if took:
        facts |= {name: took[-1][part] for name, part in SIGNATORY.items()}
    if line.act in DAYS and not letters:
        facts[DAY] = line.happened_on.isoformat()
    facts |= {one.facts["fact"]: one.facts["right"] for one in later}
    return Correctable(
        entry=entry,
        act=line.act,
        on=line.happened_on,
        facts={name: said for name, said in facts.items() if said},
        signatory=took[-1] if took else {},
        letters=tuple(letters.values()),
        law=line.law,
        competent=_competent(law, kind),
        until=max(_ended(before, line), default=None) if before else None,
    )


def _competent(law: Law, kind: type[Act] | None) -> tuple[Competence, ...]:
    """Who may take an act of a kind; nobody where it is no act of the authority."""
    individual = kind if kind and issubclass(kind, IndividualAct) else None
    if individual is None:
        return ()
    return law.competent(individual.admits, rejects=individual.rejects, asks=individual.asks)


def _ended(before: Line, line: Line) -> Iterator[date]:
    """The last days of the limits that ran before an entry and no longer after it."""
    run_on = {clock["ref"] for clock in line.clocks}
    for clock in before.clocks:
        day = clock.get("late_on") or clock.get("due_on")
        if day and clock["ref"] not in run_on:
            yield date.fromisoformat(day)


def _letters(url: str, number: str, entry: int) -> Iterator[Letter]:
    """The letters that an entry told, each with its day; not those in another language or form."""
    for batch in told(url, number, entry):
        if not batch.replaces:
            for letter in batch.letters:
                yield letter.model_copy(update={"corrects": letter.corrects or batch.on, "awaited": False})
