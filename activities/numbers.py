"""Gives a number to a programme that nobody filed: the one that takes the place of another."""

from __future__ import annotations

from datetime import date

from temporalio import activity

from models.travelling import Travelling
from procedures.registry import opening
from register.numbers import allot


class SuccessorAsked(Travelling, frozen=True):
    """The programme whose place is taken, the procedure of the other one, and since when."""

    number: str
    procedure: str
    on: date


class Numbers:
    """Gives numbers in the register at an address."""

    def __init__(self, url: str) -> None:
        self._url = url

    @activity.defn
    def of_successor(self, asked: SuccessorAsked) -> str:
        """The next number of the series in which the other procedure numbers its programmes.

        Idempotent: by the number of the programme whose place is taken.

        Raises: NotReachable when the database does not answer.
        """
        series = opening(asked.procedure).series
        named = series.named.format(procedure=asked.procedure, year=asked.on.year)
        return allot(self._url, named, f"successor of {asked.number}", asked.procedure, series.numbers)
