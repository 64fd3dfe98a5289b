"""The hospital exemption for advanced therapy medicinal products, as its decree lays it down.

Law: Medicines Act of 25 March 1964, art. 6quater § 3, first subparagraph, 6/1°; Royal Decree of 8 January
2017 on the hospital exemption. It has no end of validity and no rule on silence: what nobody decides stays
open. Interpretation: the opinion of the commission need not be favourable; nobody decides before it is
given. No text on a contribution was found: none is asked.
"""

from jurisdictions.be import BELGIUM
from models.acts import ConditionMet, Evaluated
from models.decision import Competence, Ruling
from models.law.counted import Counted
from models.law.owed import Owed
from models.law.states import Effect, Fact, IntoForce, Link, State
from models.phases import Course, Stage
from procedures.be_hospital_exemption import forms, law, samples
from procedures.be_hospital_exemption.authority import AGENCY
from procedures.be_hospital_exemption.public import REGISTER
from procedures.be_hospital_exemption.words import (
    Body,
    Capacity,
    Kind,
    LetterKind,
    Outcome,
    Phase,
    PublicList,
    Role,
)
from procedures.shape import Examination, Folder, Intake, Life, Procedure, Series

CODE = "HEX"

HEARD = (Stage.ADMISSIBILITY, Stage.OPINIONS, Stage.DECISION)
CHECKED = (Stage.ADMISSIBILITY, Stage.DECISION)
ALONE = (Stage.DECISION,)

DECIDED = (
    Ruling(outcome=Outcome.GRANTED, course=Course.GOES_ON),
    Ruling(outcome=Outcome.GRANTED_WITH_CONDITIONS, course=Course.GOES_ON, with_conditions=True),
    Ruling(outcome=Outcome.REFUSED, phase=Phase.REFUSED, refuses=True),
)
NOTED = (Ruling(outcome=Outcome.NOTED, phase=Phase.NOTED),)
ADAPTED = (
    Ruling(outcome=Outcome.ADAPTED, course=Course.GOES_ON),
    Ruling(outcome=Outcome.REFUSED, phase=Phase.REFUSED, refuses=True),
)
LOOKED_AT = (
    Ruling(outcome=Outcome.ACKNOWLEDGED, phase=Phase.ACKNOWLEDGED),
    Ruling(outcome=Outcome.NOT_FULFILLED, phase=Phase.NOT_FULFILLED),
)
EVALUATED = (
    Ruling(outcome=Outcome.CONTINUED, course=Course.GOES_ON),
    Ruling(outcome=Outcome.MODIFIED, course=Course.GOES_ON, with_conditions=True),
    Ruling(outcome=Outcome.SUSPENDED, course=Course.HALTED),
    Ruling(outcome=Outcome.REPEALED, course=Course.ENDED),
)

OF_THE_YEAR = Series("{procedure}-{year}")
OF_AN_EMERGENCY = Series("HEU-{year}")
UNDER_AN_EXEMPTION = Series("{programme}/{kind}-{year}", "{series}")

ADMISSIBLE_IF = ("file-complete", "form-completed")
"""Art. 8, second subparagraph: the file of art. 7 § 1, and the form of art. 7 § 2."""

COMPETENCES = (
    Competence(capacity=Capacity.MINISTER, clause=law.POWER_TO_DECIDE.id),
    Competence(capacity=Capacity.ADMINISTRATOR_GENERAL, clause=law.DELEGATION.id),
    Competence(capacity=Capacity.STAFF, clause=law.DELEGATION.id, designated=True),
    Competence(capacity=Capacity.AGENCY, clause=law.POWER_TO_ADMIT.id, admits=True),
    Competence(capacity=Capacity.MINISTER, clause=law.POWER_TO_REJECT.id, admits=True, rejects=True),
    Competence(capacity=Capacity.ADMINISTRATOR_GENERAL, clause=law.DELEGATION.id, admits=True, rejects=True),
    Competence(capacity=Capacity.STAFF, clause=law.DELEGATION.id, admits=True, rejects=True, designated=True),
    Competence(capacity=Capacity.AGENCY, clause=law.POWER_TO_EVALUATE.id, evaluates=True),
)
"""Art. 3, second subparagraph: the Minister may designate other members of the staff, within the limits that
are named, also to reject what was not completed."""

REPORT_COMPETENCES = (
    Competence(capacity=Capacity.AGENCY, clause=law.POWER_TO_NOTE.id),
    Competence(capacity=Capacity.AGENCY, clause=law.POWER_TO_ADMIT.id, admits=True),
)
"""Art. 21: the report goes to the agency, and to nobody else."""

APPLICATION = Examination(
    article="art. 7 to 10",
    stages=HEARD,
    outcomes=DECIDED,
    decision=law.DECISION,
    clauses=law.APPLIED_FOR,
    series=OF_THE_YEAR,
    opinions={Body.COMMISSION: law.OPINION},
    questions={Body.COMMISSION: law.ANSWERS},
    completion=law.COMPLETION,
    admissible_if=ADMISSIBLE_IF,
    opens_life=True,
    decides_after=Stage.OPINIONS,
)
MODIFICATION = Examination(
    article="art. 11",
    stages=HEARD,
    outcomes=DECIDED,
    decision=law.DECISION,
    clauses=law.APPLIED_FOR,
    series=UNDER_AN_EXEMPTION,
    opinions={Body.COMMISSION: law.OPINION},
    questions={Body.COMMISSION: law.ANSWERS},
    completion=law.COMPLETION,
    admissible_if=ADMISSIBLE_IF,
    changes_subject=True,
    decides_after=Stage.OPINIONS,
)
ACTIVITY_REPORT = Examination(
    article="art. 21",
    stages=CHECKED,
    outcomes=NOTED,
    decision=law.REPORT_NOTED,
    clauses=law.REPORTED,
    series=UNDER_AN_EXEMPTION,
    completion=law.REPORT_COMPLETION,
    competences=REPORT_COMPETENCES,
)
TRANSFER = Examination(
    article="art. 10 § 3",
    stages=ALONE,
    outcomes=ADAPTED,
    decision=law.TRANSFER,
    clauses=(law.POWER_TO_DECIDE,),
    series=UNDER_AN_EXEMPTION,
    changes_applicant=True,
)
EMERGENCY_USE = Examination(
    article="art. 4 § 2",
    stages=ALONE,
    outcomes=LOOKED_AT,
    decision=law.EMERGENCY_ANSWER,
    clauses=(law.POWER_TO_DECIDE,),
    series=OF_AN_EMERGENCY,
)
FIRST_USE = Examination(
    article="art. 4 § 2",
    stages=ALONE,
    outcomes=LOOKED_AT,
    decision=law.EMERGENCY_ANSWER,
    clauses=(law.POWER_TO_DECIDE, law.EMERGENCY_WINDOW),
    series=OF_AN_EMERGENCY,
)
"""The first notification for a medicine: the time in which there may be others runs from it."""

PROGRAMME_OPEN, AVAILABLE = "programme-open", "authorised-and-available"

FACTS = (
    Fact(name="principle-authorised", does=Effect.FULFILS, clause=law.PRINCIPLE.id),
    Fact(name="principle-refused", does=Effect.PROPOSES, clause=law.PRINCIPLE.id),
    Fact(name="trial-open", does=Effect.PROPOSES, clause=law.REPEAL_TRIAL.id),
    Fact(name=PROGRAMME_OPEN, does=Effect.PROPOSES, clause=law.REPEAL_PROGRAMME.id),
    Fact(name=AVAILABLE, does=Effect.PROPOSES, clause=law.REPEAL_AVAILABLE.id),
    Fact(
        name="conditions-lost",
        does=Effect.PROPOSES,
        clause=law.CONDITIONS_LOST.id,
        hears=(Body.COMMISSION,),
        changed_after=(Body.COMMISSION,),
    ),
    Fact(
        name="duties-broken",
        does=Effect.PROPOSES,
        clause=law.DUTIES_BROKEN.id,
        hears=(Body.COMMISSION,),
        changed_after=(Body.COMMISSION,),
    ),
)

LOST = "conditions-lost"

COUNTED = (
    Counted(name="doses", clause=law.ACTIVITY_COUNTED.id, proposes=LOST),
    Counted(name="patients", clause=law.ACTIVITY_COUNTED.id, proposes=LOST),
    Counted(name="lots", clause=law.LOTS_COUNTED.id, proposes=LOST),
)
"""Art. 21 § 1 and annex 2: with more than was foreseen it may be routine by now (art. 5 § 1, 3°).
Interpretation: a person says so, after the opinion of the commission (art. 24 § 1)."""

LIFE = Life(
    article="art. 10 and 18 to 26",
    clauses=law.LIVED,
    states={
        Course.GOES_ON: State(phase=Phase.IN_FORCE, public_list=PublicList.EXEMPTIONS),
        Course.HALTED: State(phase=Phase.SUSPENDED, public_list=PublicList.EXEMPTIONS),
        Course.ADMITS_NO_MORE: State(phase=Phase.CLOSED_TO_NEW_PATIENTS, public_list=PublicList.EXEMPTIONS),
        Course.ENDED: State(phase=Phase.REPEALED, public_list=PublicList.REPEALED),
    },
    obligations=(
        Owed(
            ref="evaluation",
            owes=Role.DESK,
            every=law.EVALUATION.id,
            within=law.EVALUATION_TERM.id,
            reminders=law.EVALUATION_REMINDERS.id,
            fulfilled_by=Evaluated.command,
            late="missed",
            review=True,
        ),
        Owed(
            ref="activity-report",
            every=law.REPORT.id,
            ahead=law.REPORT_AHEAD.id,
            reminders=law.REPORT_REMINDERS.id,
            fulfilled_by=Kind.ACTIVITY_REPORT.value,
        ),
        Owed(ref="condition", reminders=law.CONDITION_REMINDER.id, fulfilled_by=ConditionMet.command),
    ),
    into_force=IntoForce(
        clause=law.PRINCIPLE.id,
        awaits="principle-authorised",
        letter=LetterKind.IN_FORCE.value,
        state=State(phase=Phase.GRANTED_ON_CONDITION),
    ),
    outcomes=EVALUATED,
    facts=FACTS,
    counts=COUNTED,
)

EXEMPTION = Procedure(
    code=CODE,
    name="hospital exemption",
    jurisdiction=BELGIUM,
    authority=AGENCY,
    competences=COMPETENCES,
    intake=Intake(
        form=forms.Form,
        sections=forms.SECTIONS,
        handed_out=forms.HANDED_OUT,
        questions=forms.QUESTIONS,
        rules=forms.RULES,
        folders=forms.FOLDERS,
        asked=forms.ASKED,
        form_alone=(Kind.FIRST_USE, Kind.EMERGENCY_USE),
        firsts={Kind.FIRST_USE: "active_substance"},
        samples=samples.HERE,
        sample=samples.sample,
    ),
    examinations={
        Kind.APPLICATION: APPLICATION,
        Kind.MODIFICATION: MODIFICATION,
        Kind.ACTIVITY_REPORT: ACTIVITY_REPORT,
        Kind.TRANSFER: TRANSFER,
        Kind.FIRST_USE: FIRST_USE,
        Kind.EMERGENCY_USE: EMERGENCY_USE,
    },
    life=LIFE,
    public=REGISTER,
)

LINKS = (
    Link(of="CUP", course=Course.GOES_ON, tells=CODE, fact=PROGRAMME_OPEN, same="active_substance"),
    Link(of="MNP", course=Course.GOES_ON, tells=CODE, fact=AVAILABLE, same="active_substance"),
    Link(of="CMA", course=Course.GOES_ON, tells=CODE, fact=AVAILABLE, same="active_substance"),
)
"""Art. 24 § 2: what the programmes of the register tell an exemption, and a conditional authorisation:
whether the medicine is available to its patients, a person says. A trial, a person records."""

FOLDER = Folder(procedures=(EXEMPTION,), clauses=law.CLAUSES, links=LINKS)
