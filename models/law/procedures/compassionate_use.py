"""Compassionate use: a product without marketing authorisation, for a group of patients.

Law: Medicines Act of 25 March 1964, art. 6quater § 1, 2°; Royal Decree of 14 December 2006,
art. 106 and 107.
Interpretation: one ethics opinion and one opinion of the commission per application (domain notes
12, Q1 and Q3, open); a safety report and a re-evaluation are judged by the agency itself; no
contribution is listed for a re-evaluation.
"""

from models.decision import Outcome
from models.law import contributions, time_limits
from models.law.procedures.shape import (
    APPLICATION_OUTCOMES,
    RE_EVALUATION_OUTCOMES,
    Examination,
    Kind,
    Procedure,
)
from models.parties import Body

COMPASSIONATE_USE = Procedure(
    code="CUP",
    name="compassionate use programme",
    article="art. 106 and 107",
    safety_report=time_limits.CUP_SAFETY_REPORT,
    examinations={
        Kind.APPLICATION: Examination(
            article="art. 106",
            contribution=contributions.CUP_APPLICATION,
            opinions=(Body.ETHICS_COMMITTEE, Body.COMMISSION),
            outcomes=APPLICATION_OUTCOMES,
        ),
        Kind.MODIFICATION: Examination(
            article="art. 106",
            contribution=contributions.CUP_MODIFICATION,
            opinions=(Body.ETHICS_COMMITTEE,),
            outcomes=APPLICATION_OUTCOMES,
        ),
        Kind.SAFETY_REPORT: Examination(
            article="art. 106 § 5",
            contribution=contributions.CUP_SAFETY_REPORT,
            opinions=(),
            outcomes=(Outcome.NOTED,),
        ),
        Kind.RE_EVALUATION: Examination(
            article="art. 106",
            contribution=None,
            opinions=(),
            outcomes=RE_EVALUATION_OUTCOMES,
        ),
    },
)
