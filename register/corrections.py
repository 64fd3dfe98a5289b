"""Tells what of an entry can be put right, with the letters that it told, as corrections of it left them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.acts import Corrected
from models.correction import DAY, DAYS, SIGNATORY, WORDS, Correctable
from models.entry import Letter
from register.case import case
from register.letters import told


def stands(url: str, number: str, entry: int) -> Correctable | None:
    """What stands of an entry; nothing where there is none. Raises: NotFound; NotReachable."""
    entries = case(url, number, date.max).entries
    line = next((one for one in entries if one.sequence == entry), None)
    if line is None:
        return None
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
    )


def _letters(url: str, number: str, entry: int) -> Iterator[Letter]:
    """The letters that an entry told, each with its day; not those in another language or form."""
    for batch in told(url, number, entry):
        if not batch.replaces:
            for letter in batch.letters:
                yield letter.model_copy(update={"corrects": letter.corrects or batch.on, "awaited": False})
