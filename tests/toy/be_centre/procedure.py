"""The certificate of a treatment centre, as its decree lays it down.

Law: Decree on Treatment Centres (invented), art. 1 to 12. An office certifies a centre after it has heard the
council; nothing is paid for it. A certified centre reports on each year.
"""

from jurisdictions.be import BELGIUM
from models.decision import Ruling
from models.law.owed import Owed
from models.law.states import State
from models.phases import Course, Stage
from procedures.be_centre import forms, law, samples
from procedures.be_centre.authority import OFFICE
from procedures.be_centre.public import REGISTER
from procedures.be_centre.words import Body, Kind, Outcome, Phase, PublicList
from procedures.shape import Examination, Folder, Intake, Life, Procedure, Series

CERTIFIED = (
    Ruling(outcome=Outcome.CERTIFIED, course=Course.GOES_ON),
    Ruling(outcome=Outcome.CERTIFIED_WITH_CONDITIONS, course=Course.GOES_ON, with_conditions=True),
    Ruling(outcome=Outcome.DECLINED, phase=Phase.DECLINED, refuses=True),
)
SEEN = (Ruling(outcome=Outcome.SEEN, phase=Phase.SEEN),)

APPLICATION = Examination(
    article="art. 2 to 6",
    stages=(Stage.ADMISSIBILITY, Stage.OPINIONS, Stage.DECISION),
    outcomes=CERTIFIED,
    decision=law.DECISION,
    clauses=law.EXAMINED,
    completion=law.COMPLETION,
    series=Series("{procedure}-{year}"),
    opinions={Body.COUNCIL: law.COUNCIL_OPINION},
    questions={Body.COUNCIL: law.ANSWERS},
    opens_life=True,
)
ACTIVITY_REPORT = Examination(
    article="art. 8",
    stages=(Stage.ADMISSIBILITY, Stage.DECISION),
    outcomes=SEEN,
    decision=law.DECISION,
    clauses=law.EXAMINED,
    completion=law.COMPLETION,
    series=Series("{programme}/{kind}-{year}", "{series}", by_year_owed=True),
)

LIFE = Life(
    article="art. 7 to 11",
    clauses=law.LIVED,
    states={
        Course.GOES_ON: State(phase=Phase.CERTIFIED, public_list=PublicList.OPEN),
        Course.HALTED: State(phase=Phase.INTERRUPTED, public_list=PublicList.INTERRUPTED),
        Course.ADMITS_NO_MORE: State(phase=Phase.WINDING_UP, public_list=PublicList.OPEN),
        Course.ENDED: State(phase=Phase.ENDED),
    },
    obligations=(
        Owed(
            ref="activity-report",
            every=law.ACTIVITY_REPORT.id,
            reminders=law.ACTIVITY_REPORT_REMINDERS.id,
            fulfilled_by=Kind.ACTIVITY_REPORT.value,
            by_year=True,
            review=True,
        ),
        Owed(ref="condition", reminders=law.CONDITION_REMINDER.id, fulfilled_by="meet-condition"),
    ),
)

CENTRE = Procedure(
    code="CTR",
    name="certificate of a treatment centre",
    jurisdiction=BELGIUM,
    authority=OFFICE,
    intake=Intake(
        form=forms.Form,
        sections=(forms.EQUIPMENT,),
        handed_out=forms.HANDED_OUT,
        questions=forms.QUESTIONS,
        rules=forms.RULES,
        folders=forms.FOLDERS,
        asked=forms.ASKED,
        samples=samples.HERE,
        sample=samples.sample,
    ),
    examinations={Kind.APPLICATION: APPLICATION, Kind.ACTIVITY_REPORT: ACTIVITY_REPORT},
    life=LIFE,
    public=REGISTER,
)

FOLDER = Folder(procedures=(CENTRE,), clauses=law.CLAUSES, closing_days=True)
