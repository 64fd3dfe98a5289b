"""The rules of eligibility on which a person's judgement is asked for.

Law: each rule names its article (models/eligibility.py).
Silence: none. A rule that nobody judged stays open; it binds nobody, and the decision may be taken.
"""

from __future__ import annotations

from models.acts import RuleJudged
from models.eligibility import Assessed, Verdict, judged
from workflows.under_examination import DossierUnderExamination


def judge(dossier: DossierUnderExamination, act: RuleJudged) -> None:
    """A person judges a rule of eligibility; it binds nobody, and the phase goes on."""
    (before,) = (line for line in dossier.filed.checklist if line.rule == act.rule)
    judgement = Assessed(
        rule=act.rule,
        verdict=Verdict(act.verdict),
        article=before.article,
        by=act.by,
        on=act.on or dossier.today,
        grounds=act.grounds,
    )
    dossier.filed.checklist = judged(dossier.filed.checklist, judgement)
    dossier.note(rule=act.rule, verdict=act.verdict.value, grounds=act.grounds)
