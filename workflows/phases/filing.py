"""An e-submission was received: the case begins, and the applicant is told so.

Law: that of the day of receipt; the clause `admissibility`, or that of the decision where nothing is checked
before it.
Silence: does not apply; the day of receipt starts the limit to check the dossier, or to decide.
"""

from __future__ import annotations

from datetime import datetime

from models.entry import LetterKind
from workflows.case import in_facts
from workflows.under_examination import DossierUnderExamination


def acknowledge(dossier: DossierUnderExamination) -> None:
    """The e-submission was received: the first entry, and an acknowledgement to the applicant."""
    filed = dossier.filed
    limit = filed.law.first_limit
    dossier.start(limit, filed.opened_on)
    dossier.happens(
        "Received",
        filed.opened_on,
        by=filed.taken_in_by,
        cesp_number=filed.cesp_number,
        law=filed.law.digest,
        **_instant("delivered_at", filed.delivered_at),
        **_instant("taken_in_at", filed.taken_in_at),
        **in_facts("findings", filed.findings),
        **in_facts("checklist", filed.checklist),
        **in_facts("counts", filed.counts),
    )
    dossier.tell(
        LetterKind.ACKNOWLEDGEMENT,
        rests_on=(limit,),
        kind=filed.kind.value,
        cesp_number=filed.cesp_number,
        received_on=filed.opened_on,
        due_on=dossier.due(limit),
        decides=limit == filed.law.decision,
        billed=filed.law.bills,
    )


def _instant(name: str, at: datetime | None) -> dict[str, str]:
    """An instant as a fact of an entry; nothing where it is not known."""
    return {name: at.isoformat()} if at else {}
