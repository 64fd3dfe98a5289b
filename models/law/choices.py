"""Clauses in words that are a choice: what the engine understands by each.

`services-suspension`: to whom services may be suspended while a debt is unpaid.
`publication-gap`: what becomes of a public text that lacks a language.
"""

from __future__ import annotations

from datetime import date

from models.errors import NoRuleInForce
from models.law.clause import Clause

DEBTOR_ALONE = "the debtor"
ALSO_LINKED = "the debtor and whoever is linked with it"

MARK_THE_GAP = "mark the gap"
HOLD_BACK = "hold back"


def held_back(clause: Clause, on: date) -> bool:
    """Whether a programme that lacks a public text is held back on a day.

    Raises: NoRuleInForce when the clause says neither.
    """
    value = clause.on(on).value
    if value not in (MARK_THE_GAP, HOLD_BACK):
        raise NoRuleInForce(
            "law.neither-of-two",
            clause=clause.id,
            value=value,
            one=MARK_THE_GAP,
            other=HOLD_BACK,
            possible=(
                f'law confirm {clause.id} --value "{HOLD_BACK}"',
                f'law confirm {clause.id} --value "{MARK_THE_GAP}"',
            ),
        )
    return value == HOLD_BACK
