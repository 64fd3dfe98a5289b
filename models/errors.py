"""What can go wrong, named as the field would say it.

    ProcedureError
    ├── ActRefused            a person asked for what the procedure does not allow now
    │   ├── UntimelyAct       not possible now: says what falls due until when, and what is possible
    │   ├── ImproperAct       possible, but what it says cannot stand: says which part and why
    │   ├── NotEmpowered      whoever acts is not known here, or has no power for it: says who may
    │   └── YearTurning       asked in the instant when one run becomes the next: ask again
    ├── LawSilent             our data has no answer; the case waits, we complete the data
    │   ├── NoRuleInForce     no value on that day
    │   ├── RulesOverlap      two values on that day
    │   ├── NotConfirmed      a value that no person has confirmed, where that is needed
    │   ├── UnknownClause     no clause of that name
    │   └── BeyondHorizon     a day that the calendar does not cover
    ├── InputRefused          a file or an option that cannot be read as what it says it is
    │   └── PackageRefused    an e-submission that cannot stand; carries a code (models/reasons.py)
    ├── NotFound              no dossier or programme of that number
    └── OutsideWorldFailed    raised in activities and at the command line
        ├── RegisterConflict  two different entries under one number: never overwritten
        │   └── Overtaken     the register went on without the case, which goes on from there
        ├── NotDelivered      mail was refused or the server was not reachable
        └── NotReachable      server or database does not answer
            └── NoOpenCase    Temporal runs no case of a number that the register holds open

Refusal, lapse, withdrawal and "without object" are outcomes, not errors: see models/decision.py.
"""

from __future__ import annotations

from typing import Any

from models.messages import Message


class ProcedureError(Exception):
    """Root of everything that this project raises on purpose: a message as key and facts.

    `possible` says what can be done now: commands, or nothing.
    """

    def __init__(self, key: str, /, *, possible: tuple[str, ...] = (), **facts: Any) -> None:
        self.said = Message(key, **facts)
        self.possible = possible
        super().__init__(self.said)

    @property
    def message(self) -> str:
        """What was asked, why not, and until when, in English: people read `said` in their language."""
        return str(self.said)


class Malformed(ValueError):
    """A part of what was typed or filed is not what it must be; whoever reads it says which part.

    Libraries that read what was typed expect words in a ValueError, and find them there.
    """

    def __init__(self, key: str, /, **facts: Any) -> None:
        self.said = Message(key, **facts)
        super().__init__(str(self.said))


class ActRefused(ProcedureError):
    """The procedure does not allow this act now. Nothing has changed."""


class UntimelyAct(ActRefused):
    """The act is not possible in this phase."""


class ImproperAct(ActRefused):
    """The act is possible, but a part of it cannot stand."""


class YearTurning(ActRefused):
    """One run is becoming the next; the same act may be sent again at once."""


class NotEmpowered(ActRefused):
    """Whoever acts is not a person of this office, or the act is not within that person's powers."""


class LawSilent(ProcedureError):
    """The law as we hold it has no answer; nothing is guessed."""


class NoRuleInForce(LawSilent):
    """No value of the clause is in force on the day asked."""


class RulesOverlap(LawSilent):
    """Two values of one clause on the same day; nobody can say which applies."""


class NotConfirmed(LawSilent):
    """A value that no person has compared with the text; in production no dossier rests on it."""


class UnknownClause(LawSilent):
    """No clause of that name."""


class BeyondHorizon(LawSilent):
    """The calendar does not cover the day asked."""


class InputRefused(ProcedureError):
    """A file or an option that cannot be accepted; nothing has changed."""


class PackageRefused(InputRefused):
    """An e-submission that is not taken in; nothing of it is kept but the fact. `code` is for programs."""

    def __init__(self, code: str, key: str, /, *, possible: tuple[str, ...] = (), **facts: Any) -> None:
        super().__init__(key, possible=possible, **facts)
        self.code = code


class NotFound(ProcedureError):
    """No dossier or programme of that number."""


class OutsideWorldFailed(ProcedureError):
    """Something outside the procedure did not do its part."""


class RegisterConflict(OutsideWorldFailed):
    """A second, different entry under a sequence number that is taken. The first one stays."""


class Overtaken(RegisterConflict):
    """Another entry stands in the place of the next one of a case, as Temporal was set back."""


class NotDelivered(OutsideWorldFailed):
    """A notice was not taken over by the mail server; it will be tried again."""


class NotReachable(OutsideWorldFailed):
    """The Temporal server, the database or another service does not answer."""


class NoOpenCase(NotReachable):
    """Temporal runs no case of a number that the register holds open: an act on it reached nobody."""
