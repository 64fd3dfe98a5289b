"""What is owed under a programme again and again, or by a day of a decision: data of its procedure."""

from __future__ import annotations

from enum import StrEnum

from models.parties import Role
from models.travelling import Travelling


class Missed(StrEnum):
    """What follows when the day of an obligation has passed in silence, on every reading.

    `flag`: on the day after it is flagged, and told to whoever owes it and to the desk.
    `propose`: that too; once the time of the escalation has passed, it is put before a person to change or
    to end the programme.
    """

    FLAG = "flag"
    PROPOSE = "propose"


class Owed(Travelling, frozen=True):
    """One thing that is owed. Its letters, entries and flags are named after `ref` and `late`.

    `every` is the clause of its interval, counted from the day on which the programme came into force;
    without one, a decision fixes the day of each. Where `until` names a fact of the life, `meanwhile` is the
    clause of the interval for the periods that end before that fact. A period that has ended is answered
    within the time of the clause `within`; `ahead` is the clause of a time before the end of that, by which
    it is owed already. Without `within` it falls due when the period ends, or so long `ahead` of that.

    Where `renews` names a clause, its period ends with the last day of what was authorised, as soon as there
    is one, and not with an anniversary. The clause says what follows where that day was fixed when the day
    `ahead` of it had passed: it is due at once, and in time to the last day itself.

    Where `on_request` names a clause, one may also be asked for at any time, beside its interval: it is owed
    within the time of that clause, or at once where the clause says so in words.

    `reminders` is the clause of its ladder, `escalation` that of the days from its day having passed to a
    proposal. `fulfilled_by` is a kind of dossier, or the command of an act. `by_year`: people call it by the
    calendar year of its day. `review`: it is the one whose next day stands with the programme.
    """

    ref: str
    owes: Role = Role.APPLICANT
    every: str = ""
    meanwhile: str = ""
    until: str = ""
    within: str = ""
    ahead: str = ""
    renews: str = ""
    on_request: str = ""
    reminders: str
    escalation: str = ""
    fulfilled_by: str
    missed: Missed = Missed.FLAG
    late: str = "overdue"
    by_year: bool = False
    review: bool = False

    @property
    def recurring(self) -> tuple[str, ...]:
        """The clauses that its days are counted with: they follow the year of the programme."""
        return tuple(filter(None, (self.every, self.meanwhile, self.within, self.ahead)))

    @property
    def clauses(self) -> tuple[str, ...]:
        """The clauses that it rests on."""
        return tuple(
            filter(None, (*self.recurring, self.renews, self.on_request, self.reminders, self.escalation))
        )

    def behind(self, interval: str) -> tuple[str, ...]:
        """The clauses behind a day of that interval; none behind one that a decision fixes."""
        return tuple(filter(None, (interval, self.within, self.ahead))) if interval else ()

    @property
    def due_letter(self) -> str:
        """The letter that reminds of it."""
        return f"{self.ref}-due"

    @property
    def late_letter(self) -> str:
        """The letter, and the flag, that tell of its day having passed."""
        return f"{self.ref}-{self.late}"

    @property
    def reminded(self) -> str:
        """The entry of a reminder."""
        return f"{_joined(self.ref)}Reminded"

    @property
    def told_late(self) -> str:
        """The entry of its day having passed."""
        return _joined(self.late_letter)


def _joined(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("-"))
