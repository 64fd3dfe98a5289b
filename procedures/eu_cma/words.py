"""The words of the conditional marketing authorisation, beside those that the engine has of its own.

Law: Regulation (EC) No 726/2004 and Commission Regulation (EC) No 507/2006.
"""

from __future__ import annotations

from models import decision, entry, parties, phases
from models.words import spelt


class Role(parties.Role):
    """In which capacity a party is written to: whoever gives an opinion, or drafts, or observes."""

    CHMP = spelt("chmp")
    EUROPEAN_COMMISSION = spelt("european_commission")
    STANDING_COMMITTEE = spelt("standing_committee")


class Body(parties.Body):
    """Who is heard, one after another: the opinion, the draft decision on it, the Member States on that."""

    CHMP = spelt("chmp")
    EUROPEAN_COMMISSION = spelt("european_commission")
    STANDING_COMMITTEE = spelt("standing_committee")


class Kind(phases.Kind):
    """What is filed: to obtain an authorisation, and under one that there is."""

    APPLICATION = spelt("application")
    RENEWAL = spelt("renewal")
    VARIATION = spelt("variation")
    SAFETY_UPDATE = spelt("safety-update")
    CONVERSION = spelt("conversion")


class Phase(phases.Phase):
    """How an examination may end by a decision, and what an authorisation is called."""

    REFUSED = spelt("refused")
    NOTED = spelt("noted")
    CONVERTED = spelt("converted")
    CONDITIONAL = spelt("conditional")
    SUSPENDED = spelt("suspended")
    CLOSED_TO_NEW_PATIENTS = spelt("closed_to_new_patients")
    NO_LONGER_VALID = spelt("no_longer_valid")


class PublicList(phases.PublicList):
    """The list of conditional authorisations, and that of those that are no longer valid."""

    CONDITIONAL = spelt("conditional_authorisations")
    FORMER = spelt("former_conditional_authorisations")


class Capacity(decision.Capacity):
    """Who decides: the Commission; and on what is valid, the agency."""

    EUROPEAN_COMMISSION = spelt("european-commission")
    AGENCY = spelt("medicines-agency")


class Outcome(decision.Outcome):
    """What a decision may be: on what is filed, and on what goes wrong."""

    CONDITIONALLY_AUTHORISED = spelt("conditionally_authorised")
    REFUSED = spelt("refused")
    RENEWED = spelt("renewed")
    RENEWED_WITH_OBLIGATIONS = spelt("renewed_with_obligations")
    VARIED = spelt("varied")
    VARIED_WITH_OBLIGATIONS = spelt("varied_with_obligations")
    NOTED = spelt("noted")
    CONVERTED = spelt("converted")
    MAINTAINED = spelt("maintained")
    SUSPENDED = spelt("suspended")
    REVOKED = spelt("revoked")


class LetterKind(entry.LetterKind):
    """The letters that this procedure has beside the engine's."""

    RENEWAL_DUE = spelt("renewal-due")
    RENEWAL_OVERDUE = spelt("renewal-overdue")
    SAFETY_UPDATE_DUE = spelt("safety-update-due")
    SAFETY_UPDATE_OVERDUE = spelt("safety-update-overdue")
    OBLIGATIONS_REVIEW_DUE = spelt("obligations-review-due")
    OBLIGATIONS_REVIEW_MISSED = spelt("obligations-review-missed")
