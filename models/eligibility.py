"""May what is asked for be granted at all? Dated rules over what the applicant's form says, as a checklist.

The rules, and the facts that they look at, are those of a procedure (`rules.py` in its folder). What the
answers decide is passed or failed by itself; what is a matter of judgement waits for a person, who gives
the grounds. The checklist advises whoever decides and binds nobody: a rule that failed refuses nothing by
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import StrictBool

from models.law.clause import Source
from models.phases import Kind
from models.travelling import Travelling

Answer = StrictBool | None
"""Yes, no, or nothing said."""


class Verdict(StrEnum):
    """What is known of a rule: fulfilled, not fulfilled, or waiting for a person's judgement."""

    PASS = "pass"
    FAIL = "fail"
    OPEN = "open"


@dataclass(frozen=True)
class Rule:
    """One rule of eligibility, on its days.

    `test` decides it from what the form says, the facts of its folder; `judged` means that answers alone
    cannot fulfil it. Without `procedures` it is asked in every one that brings it. The sentence of the
    rule, in each language, is found by `id`.
    """

    id: str
    source: Source
    test: Callable[[Any], bool | None]
    kinds: tuple[Kind, ...]
    judged: bool = False
    procedures: tuple[str, ...] = ()
    from_on: date = date.min
    until_on: date = date.max

    def applies(self, procedure: str, kind: Kind, on: date) -> bool:
        """Whether it is asked of a dossier of that procedure and kind, received on that day."""
        asked = procedure in (self.procedures or (procedure,)) and kind in self.kinds
        return asked and self.from_on <= on <= self.until_on


class Assessed(Travelling, frozen=True):
    """A rule as it stands in one dossier: by the form, or by a person's judgement with its grounds."""

    rule: str
    verdict: Verdict
    article: str
    by: str = ""
    on: date | None = None
    grounds: str = ""


def either(*answers: bool | None) -> bool | None:
    """One of them is yes; unknown while none is yes and one is unknown."""
    return True if True in answers else None if None in answers else False


def every(*answers: bool | None) -> bool | None:
    """All of them are yes; no as soon as one is no."""
    return False if False in answers else None if None in answers else True


def no(answer: bool | None) -> bool | None:
    """The opposite; unknown stays unknown."""
    return None if answer is None else not answer


def assess(rules: Iterable[Rule], procedure: str, kind: Kind, said: Any, on: date) -> tuple[Assessed, ...]:
    """The checklist of a dossier received on that day, from what its form says.

    An answer that breaks a rule fails it, also where it is a matter of judgement: the applicant said so.
    """
    checklist = []
    for rule in rules:
        if not rule.applies(procedure, kind, on):
            continue
        answer = rule.test(said)
        verdict = Verdict.FAIL if answer is False else Verdict.OPEN
        if answer and not rule.judged:
            verdict = Verdict.PASS
        checklist.append(Assessed(rule=rule.id, verdict=verdict, article=str(rule.source)))
    return tuple(checklist)


def judged(checklist: tuple[Assessed, ...], judgement: Assessed) -> tuple[Assessed, ...]:
    """The checklist with a person's judgement in the place of what stood for that rule."""
    return tuple(judgement if line.rule == judgement.rule else line for line in checklist)
