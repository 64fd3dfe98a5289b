"""The words of the certificate of a treatment centre, beside those that the engine has of its own.

Law: Decree on Treatment Centres (invented), art. 1 to 12.
"""

from __future__ import annotations

from models import decision, entry, parties, phases
from models.words import spelt


class Kind(phases.Kind):
    """What is filed: the application, and each year a report."""

    APPLICATION = spelt("application")
    ACTIVITY_REPORT = spelt("activity-report")


class Role(parties.Role):
    """In which capacity a party is written to: the council is, beside those of every procedure."""

    COUNCIL = spelt("centres_council")


class Body(parties.Body):
    """Who gives an opinion."""

    COUNCIL = spelt("centres_council")


class Outcome(decision.Outcome):
    """What a decision may be: on an application, on a report."""

    CERTIFIED = spelt("certified")
    CERTIFIED_WITH_CONDITIONS = spelt("certified_with_conditions")
    DECLINED = spelt("declined")
    SEEN = spelt("seen")


class Phase(phases.Phase):
    """How an examination may end by a decision, and what a certificate is called."""

    DECLINED = spelt("declined")
    SEEN = spelt("seen")
    CERTIFIED = spelt("certified")
    INTERRUPTED = spelt("interrupted")
    WINDING_UP = spelt("winding_up")
    ENDED = spelt("ended")


class PublicList(phases.PublicList):
    """The lists of the register of centres."""

    OPEN = spelt("open")
    INTERRUPTED = spelt("interrupted")


class LetterKind(entry.LetterKind):
    """The letters that this procedure has beside the engine's."""

    ACTIVITY_REPORT_DUE = spelt("activity-report-due")
    ACTIVITY_REPORT_OVERDUE = spelt("activity-report-overdue")
