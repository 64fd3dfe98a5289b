"""What the letters of a conditional authorisation say where its renewal was refused, or decided late."""

from __future__ import annotations

from typing import Any

import pytest

from activities.letter_pages import stated
from activities.wording import wording_of
from models.entry import LetterKind
from models.parties import Language
from tests.letters.sample_letters import PRODUCT

WORDING = wording_of("CMA")
BY_ITSELF = {
    Language.EN: "by itself, without a decision",
    Language.NL: "vanzelf geëindigd, zonder dat een besluit",
    Language.FR: "d’elle-même, sans qu’une décision",
    Language.DE: "von selbst beendet, ohne dass eine Entscheidung",
}
REFUSED = {
    Language.EN: "renewal was refused on 28 March 2025",
    Language.NL: "verlenging is geweigerd op 28 maart 2025",
    Language.FR: "renouvellement a été refusé le 28 mars 2025",
    Language.DE: "Verlängerung wurde am 28. März 2025 abgelehnt",
}
SIX_MONTHS = {
    Language.EN: "six months before its validity ends",
    Language.NL: "zes maanden vóór het einde van de geldigheid, met",
    Language.FR: "six mois avant la fin de sa validité, avec",
    Language.DE: "sechs Monate vor dem Ende der Gültigkeit, mit",
}


def said(kind: str, language: Language, **facts: Any) -> str:
    values = {
        "number": "CMA-2022-001",
        "procedure": "CMA",
        "subject": PRODUCT.subject,
        "applicant": "Exemplar Pharma",
        "on": "2025-03-29",
        "by_article": "",
        "account": "",
        "role": "applicant",
        "facts": stated("CMA", LetterKind(kind), facts),
    }
    return "\n".join(part["text"] for part in WORDING.write(kind, language, values).parts)


@pytest.mark.parametrize("language", BY_ITSELF)
def test_an_end_after_a_refused_renewal_is_not_told_to_be_without_a_decision(language: Language) -> None:
    ended = {"valid_until": "2025-03-28", "on": "2025-03-29"}
    assert BY_ITSELF[language] in said("closure", language, **ended)
    refused = said("closure", language, **ended, renewal_refused_on="2025-03-28")
    assert BY_ITSELF[language] not in refused
    assert REFUSED[language] in refused


@pytest.mark.parametrize("language", SIX_MONTHS)
def test_only_a_day_that_lies_six_months_before_the_end_is_told_to_do_so(language: Language) -> None:
    period = {"from_on": "2023-08-03", "until_on": "2024-08-02"}
    assert SIX_MONTHS[language] in said("renewal-due", language, **period, due_on="2024-02-03")
    at_once = said("renewal-due", language, **period, due_on="2024-03-01", late_on="2024-08-03")
    assert SIX_MONTHS[language] not in at_once
    assert WORDING.long_date("2024-08-03", language) in at_once
