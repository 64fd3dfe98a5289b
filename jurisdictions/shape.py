"""The shape of a jurisdiction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from models.clock import Calendar, ClosingDay
from models.languages import Languages
from models.law.arrival import Arrival
from models.law.clause import Clause


@dataclass(frozen=True)
class Jurisdiction:
    """What the procedures of a country or union share.

    `code` is the name of its calendar. `calendar` gives the working days from a year on, with the closing
    days of an authority, as a snapshot that travels with a file (`models.clock.Calendar`); it raises
    BeyondHorizon before it knows and after `last_year`, and reaches `years_ahead`. `arrivals` say when a
    letter counts as received, by its channel; the clauses `arrival_rules` say the same in words.
    `holiday_names` gives the public holidays of a year in a language (nl, fr, en, de). `letters` holds what
    all letters under its law say, in those languages: its remedies, the names of its texts and of its rules
    of counting. `languages` say in which one a letter or an act is written, `letterhead` which article has
    each name the service that answers questions, with address and telephone; empty where none has.
    `remedies` are the periods of the remedy against an individual act, `formal_notice` what silence means
    after one, where no rule says so. `names_a_person` tells whether a number by which a person is known
    stands in a text: no file holds one.
    """

    code: str
    zone: str
    calendar: Callable[[int, tuple[ClosingDay, ...]], Calendar]
    arrivals: tuple[Arrival, ...]
    arrival_rules: tuple[Clause, ...]
    holiday_names: Callable[[int, str], dict[date, str]]
    last_year: int
    years_ahead: int
    letters: Path
    languages: Languages
    letterhead: str
    remedies: tuple[Clause, ...]
    formal_notice: Clause
    names_a_person: Callable[[str], bool]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses that stand in every law book under its law."""
        return (*self.remedies, self.formal_notice, *self.arrival_rules)
