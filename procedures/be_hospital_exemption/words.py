"""The words of the hospital exemption, beside those that the engine has of its own.

Law: Royal Decree of 8 January 2017 on the hospital exemption, art. 4 to 26.
"""

from __future__ import annotations

from models import decision, entry, parties, phases
from models.words import spelt


class Role(parties.Role):
    """In which capacity a party is written to: the commission is, beside those of every procedure."""

    COMMISSION = spelt("commission")


class Body(parties.Body):
    """Who gives an opinion."""

    COMMISSION = spelt("commission")


class Kind(phases.Kind):
    """What is filed: to obtain an exemption, under one that there is, and in an emergency without one."""

    APPLICATION = spelt("application")
    MODIFICATION = spelt("modification")
    ACTIVITY_REPORT = spelt("activity-report")
    TRANSFER = spelt("transfer")
    FIRST_USE = spelt("first-emergency-use")
    EMERGENCY_USE = spelt("emergency-use")


class Phase(phases.Phase):
    """How an examination may end by a decision, and what an exemption is called."""

    REFUSED = spelt("refused")
    NOTED = spelt("noted")
    ACKNOWLEDGED = spelt("acknowledged")
    NOT_FULFILLED = spelt("not_fulfilled")
    GRANTED_ON_CONDITION = spelt("granted_on_condition")
    IN_FORCE = spelt("in_force")
    SUSPENDED = spelt("suspended")
    CLOSED_TO_NEW_PATIENTS = spelt("closed_to_new_patients")
    REPEALED = spelt("repealed")


class PublicList(phases.PublicList):
    """The list of exemptions, and that of those that were repealed (art. 26)."""

    EXEMPTIONS = spelt("exemptions")
    REPEALED = spelt("repealed")


class Capacity(decision.Capacity):
    """Who decides: the Minister or a delegate; and on what is complete, the agency."""

    MINISTER = spelt("minister")
    ADMINISTRATOR_GENERAL = spelt("administrator-general")
    STAFF = spelt("staff")
    AGENCY = spelt("agency")


class Outcome(decision.Outcome):
    """What a decision may be: on an application or modification, a report, a transfer, an evaluation."""

    GRANTED = spelt("granted")
    GRANTED_WITH_CONDITIONS = spelt("granted_with_conditions")
    REFUSED = spelt("refused")
    NOTED = spelt("noted")
    ADAPTED = spelt("adapted")
    ACKNOWLEDGED = spelt("acknowledged")
    NOT_FULFILLED = spelt("not_fulfilled")
    CONTINUED = spelt("continued")
    MODIFIED = spelt("modified")
    SUSPENDED = spelt("suspended")
    REPEALED = spelt("repealed")


class LetterKind(entry.LetterKind):
    """The letters that this procedure has beside the engine's."""

    IN_FORCE = spelt("in-force")
    ACTIVITY_REPORT_DUE = spelt("activity-report-due")
    ACTIVITY_REPORT_OVERDUE = spelt("activity-report-overdue")
    EVALUATION_DUE = spelt("evaluation-due")
    EVALUATION_MISSED = spelt("evaluation-missed")
