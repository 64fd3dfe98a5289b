"""Conditions that the law sets, and the powers that it gives, as clauses in words.

The condition on alternative treatments changed on 13 December 2020 (Act of 22 November 2020): from
then on the alternative must also be reimbursed (domain notes, E-02 and E-03). The wording was seen in
the consolidated text; how it reaches dossiers and programmes that were open on that day was not seen.
Interpretation: a dossier is judged by the condition of the day it was received; a programme from its
next authorisation year on, when it is re-evaluated. None of this was verified by a person.
"""

from __future__ import annotations

from datetime import date

from models.errors import NoRuleInForce
from models.law.clause import (
    FAMHP_ACT_2006,
    MEDICINES_ACT_1964,
    ROYAL_DECREE_2006,
    Clause,
    InForce,
    Source,
    Transition,
)

_SINCE = date(2014, 7, 1)
REIMBURSED_SINCE = date(2020, 12, 13)
_DECIDER = "the Minister responsible for Public Health, or the delegate"

ALTERNATIVE_TREATMENT = Clause(
    "alternative-treatment",
    "condition that no satisfactory alternative treatment exists",
    (
        InForce(
            "no satisfactory treatment with a medicine that is authorised and marketed",
            _SINCE,
            Source(MEDICINES_ACT_1964, "art. 6quater § 1, 2° and 3°", "version before 13 December 2020"),
            until_on=date(2020, 12, 12),
        ),
        InForce(
            "no satisfactory treatment with a medicine that is authorised, marketed and reimbursed",
            REIMBURSED_SINCE,
            Source(
                MEDICINES_ACT_1964,
                "art. 6quater § 1, 2° and 3°",
                "as amended by the Act of 22 November 2020; transition assumed: by the day of receipt",
            ),
            transition=Transition.FILED,
        ),
    ),
)


def _power(clause: str, governs: str, source: Source) -> Clause:
    return Clause(clause, governs, (InForce(_DECIDER, _SINCE, source),))


POWER_TO_DECIDE = _power(
    "power-to-decide",
    "power to decide on a dossier",
    Source(MEDICINES_ACT_1964, "art. 6quater § 1", "the decider was seen in an older text"),
)
POWER_TO_SUSPEND = _power(
    "power-to-suspend",
    "power to suspend a programme",
    Source(ROYAL_DECREE_2006, "art. 106 and 108", "grounds and form not obtained"),
)
POWER_TO_CLOSE = _power(
    "power-to-close",
    "power to close a programme",
    Source(ROYAL_DECREE_2006, "art. 106 and 108", "form not obtained"),
)

FLAG_ONLY = "flag only"
BLOCK = "block"

UNPAID_BLOCKS = Clause(
    "unpaid-blocks",
    f"whether an unpaid invoice holds up the decision ({FLAG_ONLY}, or {BLOCK})",
    (
        InForce(
            FLAG_ONLY,
            _SINCE,
            Source(FAMHP_ACT_2006, "art. 14/15", "whether payment is a condition was not found; assumed not"),
        ),
    ),
    choices=(FLAG_ONLY, BLOCK),
)

MARK_THE_GAP = "mark the gap"
HOLD_BACK = "hold back"

PUBLICATION_GAP = Clause(
    "publication-gap",
    f"what becomes of a programme whose public text lacks a language ({MARK_THE_GAP}, or {HOLD_BACK})",
    (
        InForce(
            MARK_THE_GAP,
            _SINCE,
            Source(
                ROYAL_DECREE_2006,
                "art. 106 and 108",
                "Annex IV is filed in English, French and Dutch; what a missing one means was not found; "
                "assumed that a doctor who reads another language is better served than one who reads "
                "nothing",
            ),
        ),
    ),
    choices=(MARK_THE_GAP, HOLD_BACK),
)

CONDITIONS: tuple[Clause, ...] = (
    ALTERNATIVE_TREATMENT,
    POWER_TO_DECIDE,
    POWER_TO_SUSPEND,
    POWER_TO_CLOSE,
    UNPAID_BLOCKS,
    PUBLICATION_GAP,
)


def held_back(clause: Clause, on: date) -> bool:
    """Whether a programme that lacks a public text is held back on a day.

    Raises: NoRuleInForce when the clause says neither.
    """
    value = clause.on(on).value
    if value not in (MARK_THE_GAP, HOLD_BACK):
        raise NoRuleInForce(
            f"The clause {clause.id} says {value!r}, which is neither {MARK_THE_GAP!r} nor {HOLD_BACK!r}.",
            (
                f'law confirm {clause.id} --value "{HOLD_BACK}"',
                f'law confirm {clause.id} --value "{MARK_THE_GAP}"',
            ),
        )
    return value == HOLD_BACK
