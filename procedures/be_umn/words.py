"""The words of compassionate use and medical need, beside those that the engine has of its own.

Law: Medicines Act of 25 March 1964, art. 6quater; Royal Decree of 14 December 2006, art. 106 to 109; the
three lists are those of the agency's public page.
"""

from __future__ import annotations

from models import decision, parties, phases
from models.words import spelt


class Role(parties.Role):
    """In which capacity a party is written to: bodies, physicians who treat, and who is told of a file."""

    ETHICS_COMMITTEE = spelt("ethics_committee")
    COMMISSION = spelt("commission")
    PHYSICIANS = spelt("physicians")
    EUROPEAN_AGENCY = spelt("european_agency")
    MEDICAL_DIRECTORS = spelt("medical_directors")


class Body(parties.Body):
    """Who gives an opinion."""

    ETHICS_COMMITTEE = spelt("ethics_committee")
    COMMISSION = spelt("commission")


class Kind(phases.Kind):
    """What an applicant files: to begin a programme, under one that it has, and outside any."""

    APPLICATION = spelt("application")
    MODIFICATION = spelt("modification")
    LIST = spelt("list")
    URGENT_USE = spelt("urgent-use")


class Phase(phases.Phase):
    """How an examination may end by a decision, and what a programme is called."""

    REFUSED = spelt("refused")
    NOTED = spelt("noted")
    ACKNOWLEDGED = spelt("acknowledged")
    NOT_FULFILLED = spelt("not_fulfilled")
    SET_UP = spelt("set_up")
    AUTHORISED = spelt("authorised")
    SUSPENDED = spelt("suspended")
    CLOSED_TO_NEW_PATIENTS = spelt("closed_to_new_patients")
    CLOSED = spelt("closed")


class PublicList(phases.PublicList):
    """The three lists of the agency's public page."""

    AUTHORISED = spelt("authorised")
    SUSPENDED = spelt("suspended")
    CLOSED = spelt("closed")


class Capacity(decision.Capacity):
    """Who decides on a programme, the Minister or a delegate; and who on admissibility, the agency."""

    MINISTER = spelt("minister")
    ADMINISTRATOR_GENERAL = spelt("administrator-general")
    STAFF = spelt("staff")
    AGENCY = spelt("agency")


class Outcome(decision.Outcome):
    """What a decision may be: on an application or modification, a notification, an evaluation, a list."""

    AUTHORISED = spelt("authorised")
    AUTHORISED_WITH_CONDITIONS = spelt("authorised_with_conditions")
    REFUSED = spelt("refused")
    CONTINUED = spelt("continued")
    CONTINUED_WITH_CONDITIONS = spelt("continued_with_conditions")
    SUSPENDED = spelt("suspended")
    CLOSED_TO_NEW_PATIENTS = spelt("closed_to_new_patients")
    CLOSED = spelt("closed")
    NOTED = spelt("noted")
    ACKNOWLEDGED = spelt("acknowledged")
    NOT_FULFILLED = spelt("not_fulfilled")
