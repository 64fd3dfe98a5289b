"""Compassionate use and medical need programmes, as the law lays them down.

Law: Medicines Act of 25 March 1964, art. 6quater § 1, 2° and 3°; Royal Decree of 14 December 2006, art. 106,
107 and 107/1 (compassionate use: a product without marketing authorisation, for a group of patients), art.
108 and 109 (medical need: an authorised product, for an indication that is not authorised or not marketed
yet).
Interpretation: one ethics opinion and one opinion of the commission per application (open). The agency owes
the evaluations, the person responsible the lists of suspected serious adverse reactions on which they rest;
the agency itself takes note of a list, and its Annex X comes with it (practice).
"""

from jurisdictions.be import BELGIUM
from models import parties, phases
from models.acts import ConditionMet, Evaluated, MarketingApplication
from models.decision import DURATION, Competence, Ruling
from models.law.clause import Clause
from models.law.owed import Missed, Owed
from models.law.states import Effect, Fact, IntoForce, State
from models.phases import Course, Stage
from procedures.be_umn import documents, forms, rules, samples, urgent_use
from procedures.be_umn.agency_page.reading import LANGUAGES, key_of, read
from procedures.be_umn.authority import AGENCY
from procedures.be_umn.law import conditions, contributions, time_limits
from procedures.be_umn.letters import LetterKind
from procedures.be_umn.public import REGISTER
from procedures.be_umn.words import Body, Capacity, Kind, Outcome, Phase, PublicList, Role
from procedures.shape import AuthorityPage, Examination, Folder, Intake, Life, Procedure, Series

BOTH_BODIES: dict[parties.Body, Clause] = {
    Body.ETHICS_COMMITTEE: time_limits.ETHICS_OPINION,
    Body.COMMISSION: time_limits.COMMISSION_OPINION,
}
ON_A_MODIFICATION: dict[parties.Body, Clause] = {
    Body.ETHICS_COMMITTEE: time_limits.MODIFICATION_OPINION,
    Body.COMMISSION: time_limits.MODIFICATION_COMMISSION_OPINION,
}
HEARINGS: dict[str, tuple[parties.Body, ...]] = {  # art. 106 § 5 al. 6, 108 § 5 al. 6
    "not-substantial": (),
    "substantial": tuple(ON_A_MODIFICATION),
}
OR_THE_CHMP: dict[str, tuple[parties.Body, ...]] = {"substantial-with-opinion-of-chmp": ()}
COMMISSION_ASKS: dict[parties.Body, Clause] = {Body.COMMISSION: time_limits.ANSWERS}

ADMISSIBLE_IF = ("right-applicant", "form-and-annexes", "reasons")
"""Art. 106 § 8, first subparagraph, and 108 § 8: who may apply, the rules of § 6, reasons that hold."""

CHECKED = (Stage.ADMISSIBILITY, Stage.DECISION)
HEARD = (Stage.ADMISSIBILITY, Stage.OPINIONS, Stage.DECISION)

OF_PAYMENT = (
    time_limits.PAYMENT,
    time_limits.PAYMENT_REMINDERS,
    time_limits.COLLECTION,
    time_limits.PAYMENT_APPEAL,
    time_limits.OBJECTION_DECISION,
    time_limits.OBJECTION_COURT,
    time_limits.LIMITATION,
    conditions.SERVICES_SUSPENSION,
    *contributions.INTEREST,
)
EXAMINED = (
    time_limits.ADMISSIBILITY,
    time_limits.LATE_RECORDING,
    conditions.POWER_TO_DECIDE,
)
PAID = (*EXAMINED, *OF_PAYMENT)
JUDGED = (*PAID, conditions.ALTERNATIVE_TREATMENT, conditions.DECISION_ELEMENTS)
APPLIED_FOR = (*JUDGED, time_limits.ADMISSIBILITY_NOTICE, time_limits.PASSING_ON)

LIVED = (
    time_limits.EVALUATION,
    time_limits.EVALUATION_HALF_YEARLY,
    time_limits.EVALUATION_TERM,
    time_limits.EVALUATION_REMINDERS,
    time_limits.EVALUATION_ESCALATION,
    time_limits.LIST_TERM,
    time_limits.LIST_REMINDERS,
    time_limits.CONDITION_REMINDER,
    time_limits.VALIDITY_WARNINGS,
    time_limits.PUBLICATION,
    time_limits.PUBLICATION_TEXTS,
    *OF_PAYMENT,
    conditions.ALTERNATIVE_TREATMENT,
    conditions.POWER_TO_SUSPEND,
    conditions.POWER_TO_CLOSE,
)

EVALUATION = Owed(
    ref="evaluation",
    owes=Role.DESK,
    every=time_limits.EVALUATION.id,
    meanwhile=time_limits.EVALUATION_HALF_YEARLY.id,
    until=MarketingApplication.command,
    within=time_limits.EVALUATION_TERM.id,
    reminders=time_limits.EVALUATION_REMINDERS.id,
    escalation=time_limits.EVALUATION_ESCALATION.id,
    fulfilled_by=Evaluated.command,
    missed=Missed.PROPOSE,
    late="missed",
    review=True,
)
LIST = EVALUATION.model_copy(
    update={
        "ref": "list",
        "owes": Role.APPLICANT,
        "ahead": time_limits.LIST_TERM.id,
        "reminders": time_limits.LIST_REMINDERS.id,
        "escalation": "",
        "fulfilled_by": Kind.LIST.value,
        "missed": Missed.FLAG,
        "late": "overdue",
        "review": False,
    }
)
"""It follows the evaluation that it is for, period by period."""
CONDITION = Owed(
    ref="condition", reminders=time_limits.CONDITION_REMINDER.id, fulfilled_by=ConditionMet.command
)
OBLIGATIONS = (EVALUATION, LIST, CONDITION)


COMPETENCES = (
    Competence(capacity=Capacity.MINISTER, clause=conditions.POWER_TO_DECIDE.id),
    Competence(capacity=Capacity.ADMINISTRATOR_GENERAL, clause=conditions.DELEGATION.id),
    Competence(capacity=Capacity.STAFF, clause=conditions.DELEGATION.id, designated=True),
    Competence(capacity=Capacity.AGENCY, clause=conditions.POWER_TO_ADMIT.id, admits=True),
    Competence(capacity=Capacity.AGENCY, clause=conditions.POWER_TO_EVALUATE.id, evaluates=True),
)

ELEMENTS = (
    DURATION,
    "conditions-of-use",
    "distribution",
    "admission-of-patients",
    "person-responsible",
    "patient-information",
    "unused-medicine",
    "adverse-reaction-data",
)
"""What the decision on a programme states (art. 106 § 1 and 108 § 1, second paragraph)."""

DECIDED = (
    Ruling(outcome=Outcome.AUTHORISED, course=Course.GOES_ON),
    Ruling(outcome=Outcome.AUTHORISED_WITH_CONDITIONS, course=Course.GOES_ON, with_conditions=True),
    Ruling(outcome=Outcome.REFUSED, phase=Phase.REFUSED, refuses=True),
)
NOTED = (Ruling(outcome=Outcome.NOTED, phase=Phase.NOTED),)
ANSWERED = (
    Ruling(outcome=Outcome.ACKNOWLEDGED, phase=Phase.ACKNOWLEDGED, accepts=True),
    Ruling(outcome=Outcome.NOT_FULFILLED, phase=Phase.NOT_FULFILLED),
)
EVALUATED = (
    Ruling(outcome=Outcome.CONTINUED, course=Course.GOES_ON),
    Ruling(outcome=Outcome.CONTINUED_WITH_CONDITIONS, course=Course.GOES_ON, with_conditions=True),
    Ruling(outcome=Outcome.CLOSED_TO_NEW_PATIENTS, course=Course.ADMITS_NO_MORE),
    Ruling(outcome=Outcome.SUSPENDED, course=Course.HALTED),
    Ruling(outcome=Outcome.CLOSED, course=Course.ENDED),
)

STATES = {
    Course.GOES_ON: State(phase=Phase.AUTHORISED, public_list=PublicList.AUTHORISED),
    Course.HALTED: State(phase=Phase.SUSPENDED, public_list=PublicList.SUSPENDED),
    Course.ADMITS_NO_MORE: State(phase=Phase.CLOSED_TO_NEW_PATIENTS, public_list=PublicList.AUTHORISED),
    Course.ENDED: State(phase=Phase.CLOSED, public_list=PublicList.CLOSED),
}
TREATING = (Role.PHYSICIANS,)

PROVISIONAL_AUTHORISATION = IntoForce(  # art. 107 § 1: a sponsor is not named
    clause=conditions.PROVISIONAL_AUTHORISATION.id,
    asked_by=("manufacturer", "importer", "applicant-for-authorisation"),
    letter=LetterKind.PROVISIONAL_AUTHORISATION.value,
    state=State(phase=Phase.SET_UP),
)

OF_THE_YEAR = Series("{procedure}-{year}")
OF_URGENT_USE = Series("URG-{year}")
UNDER_A_PROGRAMME = Series("{programme}/{kind}-{year}", "{series}")

INTAKE = Intake(
    form=forms.Form,
    sections=forms.SECTIONS,
    handed_out=forms.HANDED_OUT,
    questions=forms.QUESTIONS,
    rules=(*rules.RULES, *urgent_use.RULES),
    folders=documents.FOLDERS,
    asked=documents.MATRIX,
    before_numeral=documents.ANNEX,
    unasked=(documents.PROOF_OF_PAYMENT,),
    summary=documents.SUMMARY,
    form_alone=(Kind.URGENT_USE,),
    samples=samples.HERE,
    sample=samples.sample,
)


REFUSED = Fact(
    name="authorisation-refused",
    does=Effect.PROPOSES,
    clause=conditions.AUTHORISATION_REFUSED.id,
    hears=tuple(BOTH_BODIES),
)
ENDED = Fact(name="authorisation-ended", does=Effect.PROPOSES, clause=conditions.SOMETHING_LEARNT.id)
CUP_FACTS = (  # art. 106 § 5 al. 7, 9 and 10; art. 107 § 1 al. 4
    Fact(
        name="on-the-market",
        does=Effect.ENDS,
        clause=conditions.END_ON_THE_MARKET.id,
        leaves_nobody=True,
    ),
    REFUSED,
    Fact(
        name="authorisation-refused-in-part",
        does=Effect.SUCCEEDS,
        clause=conditions.SUCCESSOR.id,
        successor="MNP",
        letter=LetterKind.SUCCESSOR.value,
        part="indication",
    ),
    Fact(name="authorised", does=Effect.PROPOSES, clause=conditions.SOMETHING_LEARNT.id),
    ENDED,
    Fact(name="no-patient-left", does=Effect.LAPSES, clause=conditions.PROVISIONAL_AUTHORISATION.id),
)
MNP_FACTS = (  # art. 108 § 5 al. 7 and 9
    Fact(name="indication-authorised", does=Effect.ENDS, clause=conditions.END_WHEN_AUTHORISED.id),
    Fact(name=forms.AUTHORISED_WHEN_SET_UP, does=Effect.PROPOSES, clause=conditions.END_WHEN_AUTHORISED.id),
    REFUSED,
    ENDED,
)
OF_CUP = (
    conditions.PROVISIONAL_AUTHORISATION,
    conditions.END_ON_THE_MARKET,
    conditions.AUTHORISATION_REFUSED,
    conditions.SUCCESSOR,
    conditions.SOMETHING_LEARNT,
)
OF_MNP = (
    conditions.END_WHEN_AUTHORISED,
    conditions.AUTHORISATION_REFUSED,
    conditions.SOMETHING_LEARNT,
)


def _life(
    article: str,
    also: tuple[Clause, ...] = (),
    facts: tuple[Fact, ...] = (),
    into_force: IntoForce | None = None,
) -> Life:
    return Life(
        article,
        (*LIVED, *also),
        STATES,
        TREATING,
        OBLIGATIONS,
        into_force,
        EVALUATED,
        time_limits.PUBLICATION.id,
        time_limits.PUBLICATION_TEXTS.id,
        facts,
    )


def _examinations(
    article: str,
    application: Clause,
    modification: Clause,
    reactions: Clause,
    hearings: dict[str, tuple[parties.Body, ...]],
    applied_for: tuple[Clause, ...] = APPLIED_FOR,
) -> dict[phases.Kind, Examination]:
    return {
        Kind.APPLICATION: Examination(
            article,
            HEARD,
            DECIDED,
            time_limits.DECISION,
            applied_for,
            OF_THE_YEAR,
            BOTH_BODIES,
            COMMISSION_ASKS,
            tuple(BOTH_BODIES),
            application,
            completion=time_limits.COMPLETION,
            admissible_if=ADMISSIBLE_IF,
            opens_life=True,
        ),
        Kind.MODIFICATION: Examination(
            article,
            HEARD,
            DECIDED,
            time_limits.MODIFICATION_DECISION,
            JUDGED,
            UNDER_A_PROGRAMME,
            ON_A_MODIFICATION,
            binding=tuple(ON_A_MODIFICATION),
            contribution=modification,
            completion=time_limits.COMPLETION_UNDER_A_PROGRAMME,
            changes_subject=True,
            hearings=hearings,
        ),
        Kind.LIST: Examination(
            f"{article} § 5",
            CHECKED,
            NOTED,
            time_limits.REPORT_DECISION,
            PAID,
            UNDER_A_PROGRAMME,
            contribution=reactions,
            completion=time_limits.COMPLETION_UNDER_A_PROGRAMME,
        ),
    }


URGENT_USE = Examination(
    "art. 107/1",
    (Stage.DECISION,),
    ANSWERED,
    time_limits.URGENT_USE_ANSWER,
    (time_limits.ANNOUNCED_APPLICATION, conditions.POWER_TO_DECIDE),
    OF_URGENT_USE,
)
"""Told by the applicant of a compassionate use programme, before or beside its application."""

COMPASSIONATE_USE = Procedure(
    code="CUP",
    name="compassionate use programme",
    jurisdiction=BELGIUM,
    authority=AGENCY,
    competences=COMPETENCES,
    elements=ELEMENTS,
    intake=INTAKE,
    examinations=_examinations(
        "art. 106",
        contributions.CUP_APPLICATION,
        contributions.CUP_MODIFICATION,
        contributions.CUP_LIST,
        HEARINGS | OR_THE_CHMP,
        (*APPLIED_FOR, time_limits.EUROPEAN_AGENCY),  # art. 108 § 8 does not take art. 106 § 10 over
    )
    | {Kind.URGENT_USE: URGENT_USE},
    life=_life("art. 106 and 107", OF_CUP, CUP_FACTS, PROVISIONAL_AUTHORISATION),
    public=REGISTER,
)

MEDICAL_NEED = Procedure(
    code="MNP",
    name="medical need programme",
    jurisdiction=BELGIUM,
    authority=AGENCY,
    competences=COMPETENCES,
    elements=ELEMENTS,
    intake=INTAKE,
    examinations=_examinations(
        "art. 108",
        contributions.MNP_APPLICATION,
        contributions.MNP_MODIFICATION,
        contributions.MNP_LIST,
        HEARINGS,
    ),
    life=_life("art. 108 and 109", OF_MNP, MNP_FACTS),
    public=REGISTER,
)

NOT_STATED = Procedure(
    code="UMN",
    name="programme whose procedure is not stated",
    jurisdiction=BELGIUM,
    authority=AGENCY,
    competences=COMPETENCES,
    intake=INTAKE,
    life=_life(""),
    stated_by=("CUP", "MNP"),
    public=REGISTER,
    page=AuthorityPage(LANGUAGES, read, key_of, time_limits.EVALUATION, OF_THE_YEAR),
)
"""Programmes taken over from the agency's page, which does not say whether they are CUP or MNP.

Nobody knows since when they are in force, nor whether a marketing authorisation was applied for: nothing is
asked of them until a person says.
"""

FOLDER = Folder(
    procedures=(COMPASSIONATE_USE, MEDICAL_NEED, NOT_STATED),
    clauses=(
        *time_limits.TIME_LIMITS,
        *contributions.CONTRIBUTIONS,
        *contributions.INTEREST,
        *conditions.CONDITIONS,
    ),
    closing_days=True,  # Royal Decree of 14 December 2006, art. 263/1 § 2
)
