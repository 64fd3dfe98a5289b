"""The decision with its grounds and dates, its notification, and how an examination ends without one.

Law: the clause of the limit to decide of the law that the dossier carries, and its outcomes.
Silence: as that clause says: the decision stays awaited, or silence is the decision.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models.acts import (
    Decided,
    Established,
    FormalNoticeReceived,
    Reading,
    ReadingChosen,
)
from models.clock import ONE_DAY
from models.decision import DURATION, Decision, Outcome, Words
from models.dossier import Dossier
from models.eligibility import Verdict
from models.entry import LetterKind
from models.law.applicable import Law, cites
from models.law.beside import RECORDED
from models.parties import Role
from models.phases import Course, Kind, Phase, Stage
from workflows.case import Case, in_facts
from workflows.in_force import ProgrammeInForce
from workflows.phases.publicity import to_be_published
from workflows.under_examination import DossierUnderExamination, Ended


def decide(dossier: DossierUnderExamination, act: Decided) -> None:
    """The decision is taken: it counts on the day on which that was done, whenever it is notified."""
    dossier.filed.stage, dossier.filed.decision = Stage.DECIDED, taken(act, dossier)


def taken(act: Decided, case: Case) -> Decision:
    """The decision as the act says it; a programme numbers the conditions of what is filed under it."""
    decided_on = act.on or case.today
    under_another = isinstance(case.carries, Dossier) and case.carries.programme
    return Decision(
        outcome=act.outcome,
        signatory=act.signatory(case.law),
        grounds=act.grounds,
        continuity_plan=act.continuity_plan,
        conditions=[
            condition if under_another else condition.model_copy(update={"number": number})
            for number, condition in enumerate(act.conditions, start=1)
        ],
        decided_on=decided_on,
        effective_on=act.effective_on or decided_on,
        until_on=act.until_on,
        elements=act.elements,
        protocol=act.protocol,
    )


def take_after_silence(life: ProgrammeInForce, act: Decided) -> bool:
    """A decision that was taken in time is entered after silence has set up the programme.

    Law: it counts on the day on which it was taken. From now on two readings lie before a person.

    Returns: True, as that person may choose now.
    """
    silence = life.programme.silence
    assert silence is not None
    silence.decision = taken(act, life)
    life.note(**told_of(silence.decision, silence.kind), silent_until=silence.until)
    return True


def choose_decision(life: ProgrammeInForce, act: ReadingChosen) -> None:
    """A person chose: what silence set up stands, or the decision counts that was taken in time.

    By a refusal the programme never was; otherwise it goes on as the decision says.
    """
    programme, silence = life.programme, life.programme.silence
    assert silence is not None
    decision, programme.silence = silence.decision, None
    assert decision is not None
    life.note(reading=act.reading.value, grounds=act.grounds, decided_on=decision.decided_on)
    if act.reading is Reading.AS_IT_STANDS:
        return
    programme.last_update_on = life.today
    (ruling,) = (ruling for ruling in silence.rulings if ruling.outcome == decision.outcome)
    if ruling.refuses:
        programme.refused, programme.closed_on = ruling.phase, life.today
        for clause in (c for c in life.law.ended_by(RECORDED) if c in life.clocks):  # nothing is published
            programme.waiting.pop(clause, None)
            programme.end(clause)
    else:
        programme.owes(decision.conditions)
        programme.determine(decision.until_on, decision.elements, decision.protocol, life.today)
        to_be_published(life, programme, life.today)
    facts = told_of(decision, silence.kind) | {"elements": in_order(life.law, decision.elements)}
    for role in (Role.APPLICANT, *(life.law.copies_to if ruling.refuses else ())):
        life.notify(LetterKind.DECISION, role, life.law.conditions, signatory=decision.signatory, **facts)


def decision_passed(dossier: DossierUnderExamination, phase: Phase) -> None:
    """The limit to decide has passed: by its clause the silence is flagged, or is the decision itself.

    It does so in whatever phase the case rests: no missing opinion stops the limit.
    """
    clause = dossier.law.decision
    passes_on = dossier.passes_on(clause)
    if dossier.limit_passed(phase, clause).decides:
        end_by_silence(dossier, clause, passes_on)


def establish_decision(dossier: DossierUnderExamination, act: Established) -> None:
    """A person establishes that silence has decided since its day."""
    end_by_silence(dossier, act.limit, dossier.established(act.limit))


def take_formal_notice(case: Case, act: FormalNoticeReceived) -> None:
    """An interested party gave formal notice to decide: from its day a limit runs beside the phases."""
    case.note(text=act.text)


def end_by_silence(dossier: DossierUnderExamination, clause: str, exists_from: date) -> None:
    """The examination ends by the decision that silence is by a clause, from a day on."""
    outcome = dossier.law.tacit_outcome(clause)
    assert outcome is not None
    raise Ended(outcome, exists_from, silent_until=exists_from - ONE_DAY, silence_of=clause)


def decide_without_merits(dossier: DossierUnderExamination, end: Ended) -> None:
    """A dossier that is inadmissible or withdrawn, or that silence ends, has no decision on the merits."""
    decision = Decision(
        outcome=end.outcome,
        signatory=end.signatory,
        grounds=end.grounds,
        decided_on=end.on,
        effective_on=end.on,
        silent_until=end.silent_until,
        silence_of=end.silence_of,
        notified_on=end.told_on,
        unmet=end.unmet,
    )
    dossier.filed.stage, dossier.filed.decision = Stage.DECIDED, decision


def notify_decision(dossier: DossierUnderExamination, decision: Decision) -> None:
    """The outcome is sent to the applicant; a decision on the merits also to the bodies that were heard.

    One that halts a programme is also sent to whoever has copies.
    """
    told = decision.notified_on is not None
    decision.notified_on = decision.notified_on or dossier.today
    facts = told_of(decision, dossier.filed.kind)
    dossier.note(**facts, notified_on=decision.notified_on)
    signatory = decision.signatory
    if signatory:
        dossier.note(signatory=signatory.model_dump(mode="json", exclude_defaults=True))
    match decision.outcome:
        case Outcome.INADMISSIBLE:
            if not told:  # of a right that was forfeited the applicant was told when it was
                dossier.note(unmet=decision.unmet)
                dossier.notify(
                    LetterKind.INADMISSIBLE,
                    signatory=signatory,
                    grounds=decision.grounds,
                    unmet=decision.unmet,
                )
        case Outcome.WITHDRAWN:
            owed = bool(dossier.filed.invoice or dossier.filed.unfixed)  # after validation it stays due
            dossier.tell(LetterKind.WITHDRAWAL, withdrawn_on=decision.decided_on, fee_due=owed)
        case Outcome.WITHOUT_OBJECT:
            dossier.notify(LetterKind.WITHOUT_OBJECT)
        case _:
            behind = (decision.silence_of,) if decision.silent_until else dossier.law.conditions
            facts = {**facts, "elements": []} | _stated(dossier, decision)
            by_law = _valid_by_law(dossier, decision)
            behind = (*behind, *([dossier.law.valid_for] if by_law else ()))
            facts |= by_law
            heard = (opinion.body.role for opinion in dossier.filed.opinions)
            copied = dossier.law.copies_to if dossier.ruling.halts else ()
            for role in dict.fromkeys((Role.APPLICANT, *heard, *copied)):
                dossier.notify(
                    LetterKind.DECISION, role, behind, None, signatory, dossier.ruling.contestable, **facts
                )


def told_of(decision: Decision, kind: Kind) -> dict[str, Any]:
    """What entries and letters tell of a decision."""
    facts = decision.model_dump(mode="json", include=_FACTS, exclude_none=True) | {"kind": kind.value}
    owed = (c.model_dump(mode="json", include=_OWED, exclude_defaults=True) for c in decision.conditions)
    return facts | {"conditions": [*owed]}


def _stated(dossier: DossierUnderExamination, decision: Decision) -> dict[str, Any]:
    """What the letter of a decision quotes: its elements and the opinions; of a silent one, what it lacks.

    Interpretation: the opinions are quoted, so that the reasons stand in the act itself.
    """
    filed, law = dossier.filed, dossier.law
    said: dict[str, Any] = in_facts("opinions", (one for one in filed.opinions if one.view is not None))
    if law.not_in_force(decision.outcome):
        said["not_in_force"] = True
    if decision.silent_until:  # silence has examined nothing, whatever the form answers
        said |= {"source": cites(law.digest, decision.silence_of), "filed_on": filed.opened_on}
        said |= {"undetermined": list(law.elements) if law.opens_life and dossier.ruling.course else []}
    else:
        said |= in_facts("rules", (rule for rule in filed.checklist if rule.verdict is not Verdict.OPEN))
    if decision.elements or decision.protocol:
        said["elements"] = in_order(law, decision.elements)
    return said


def _valid_by_law(dossier: DossierUnderExamination, decision: Decision) -> dict[str, Any]:
    """How long it is valid by law, where the decision says no last day.

    That of a renewal only its programme knows, and tells (workflows/phases/validity.py).
    """
    law = dossier.law
    if decision.until_on or not law.valid_for or dossier.ruling.course is not Course.GOES_ON:
        return {}
    told: dict[str, Any] = {"within": law.limit(law.valid_for), "article": cites(law.digest, law.valid_for)}
    until_on = law.lasts_from(decision.effective_on) if law.opens_life else None
    if until_on and (renew_by := law.renewed_before(until_on)):
        told["renew_by"] = renew_by
    return {"valid_for": told} | ({"until_on": until_on} if until_on else {})


def in_order(law: Law, elements: Words) -> list[dict[str, Any]]:
    """The elements, in the order of the law, each with its words; without any the protocol tells it."""
    return [
        {"element": e, "words": {t.value: words[e] for t, words in elements.items() if e in words}}
        for e in law.elements
        if e != DURATION
    ]


_FACTS = {
    "outcome",
    "grounds",
    "continuity_plan",
    "decided_on",
    "effective_on",
    "until_on",
    "elements",
    "protocol",
    "silent_until",
}
_OWED = {"number", "text", "due_on"}
