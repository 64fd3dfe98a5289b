"""Finds the words of the law that a letter names: a case carries its law in brief, the register whole.

A fact of a letter that rests on the law names it by hash and clause (`models.law.applicable.cites`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.entry import LetterBatch
from models.errors import RegisterConflict
from models.law.applicable import Law


def with_words(batch: LetterBatch, find: Callable[[str], Law | None]) -> LetterBatch:
    """The letters with the articles and closing days that they name in words; `find` knows the laws kept.

    Raises: RegisterConflict when the register does not keep a law that they name: tried again, and seen.
    """
    held: dict[str, Law] = {}
    for digest in sorted({digest for letter in batch.letters for digest in _named(letter.facts)}):
        law = find(digest)
        if law is None:
            raise RegisterConflict("register.names-unknown-law", number=batch.number, law=digest[:12])
        held[digest] = law
    spoken = (letter.model_copy(update={"facts": _spoken(letter.facts, held)}) for letter in batch.letters)
    return batch.model_copy(update={"letters": tuple(spoken)})


def _is_cited(fact: Any) -> bool:
    return isinstance(fact, dict) and fact.keys() == {"law", "clause"}


def _named(fact: Any) -> set[str]:
    if _is_cited(fact):
        return {fact["law"]}
    within = fact.values() if isinstance(fact, dict) else fact if isinstance(fact, list | tuple) else ()
    return {digest for part in within for digest in _named(part)}


def _spoken(fact: Any, held: dict[str, Law]) -> Any:
    if _is_cited(fact):
        law = held[fact["law"]]
        if fact["clause"]:
            return law.article_of(fact["clause"])
        return {closing.day.isoformat(): closing.reason for closing in law.calendar.closing_days}
    if isinstance(fact, dict):
        return {name: _spoken(part, held) for name, part in fact.items()}
    return [_spoken(part, held) for part in fact] if isinstance(fact, list | tuple) else fact
