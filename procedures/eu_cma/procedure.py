"""The conditional marketing authorisation, as two regulations of the Union lay it down.

Law: Regulation (EC) No 726/2004, with what Regulation (EU) 2019/5 put in the place of it; Commission
Regulation (EC) No 507/2006. The agency validates and its committee gives an opinion, which the applicant may
have re-examined; the Commission drafts, the Member States observe, the Commission decides. What it grants is
valid for a year and ends by itself, unless its renewal was filed in time. Fees are payable, and no amount was
read: none is asked.
"""

from jurisdictions.eu import UNION
from models import parties
from models.acts import ConditionMet, Evaluated
from models.decision import Competence, Ruling
from models.law.clause import Clause
from models.law.owed import Owed
from models.law.states import Effect, Fact, Link, State
from models.phases import Course, Stage
from procedures.eu_cma import forms, law, samples
from procedures.eu_cma.authority import AGENCY
from procedures.eu_cma.public import REGISTER
from procedures.eu_cma.words import Body, Capacity, Kind, Outcome, Phase, PublicList, Role
from procedures.shape import Contest, Examination, Folder, Intake, Life, Procedure, Returned, Series

CODE = "CMA"
RENEWAL_REFUSED = "renewal-refused"

HEARD = (Stage.ADMISSIBILITY, Stage.OPINIONS, Stage.DECISION)
ALONE = (Stage.DECISION,)

REFUSED = Ruling(outcome=Outcome.REFUSED, phase=Phase.REFUSED, refuses=True)
GRANTED = (
    Ruling(outcome=Outcome.CONDITIONALLY_AUTHORISED, course=Course.GOES_ON, with_conditions=True),
    REFUSED,
)
RENEWED = (
    Ruling(outcome=Outcome.RENEWED, course=Course.GOES_ON),
    Ruling(outcome=Outcome.RENEWED_WITH_OBLIGATIONS, course=Course.GOES_ON, with_conditions=True),
    Ruling(outcome=Outcome.REFUSED, phase=Phase.REFUSED, refuses=True, fact=RENEWAL_REFUSED),
)
VARIED = (
    Ruling(outcome=Outcome.VARIED, course=Course.GOES_ON),
    Ruling(outcome=Outcome.VARIED_WITH_OBLIGATIONS, course=Course.GOES_ON, with_conditions=True),
    REFUSED,
)
CONVERTED = (
    Ruling(outcome=Outcome.CONVERTED, phase=Phase.CONVERTED, accepts=True, fact="converted"),
    REFUSED,
)
NOTED = (Ruling(outcome=Outcome.NOTED, phase=Phase.NOTED, contestable=False),)
"""Interpretation: that the agency takes note of a report changes the position of nobody."""
REVIEWED = (
    Ruling(outcome=Outcome.MAINTAINED, course=Course.GOES_ON),
    Ruling(outcome=Outcome.VARIED_WITH_OBLIGATIONS, course=Course.GOES_ON, with_conditions=True),
    Ruling(outcome=Outcome.SUSPENDED, course=Course.HALTED),
    Ruling(outcome=Outcome.REVOKED, course=Course.ENDED),
)

OF_THE_YEAR = Series("{procedure}-{year}")
UNDER_AN_AUTHORISATION = Series("{programme}/{kind}-{year}", "{series}")

ONE_AFTER_ANOTHER: dict[parties.Body, parties.Body] = {
    Body.EUROPEAN_COMMISSION: Body.CHMP,
    Body.STANDING_COMMITTEE: Body.EUROPEAN_COMMISSION,
}
"""Art. 10(1) and (3): the draft follows the opinion, and the Member States observe on the draft."""

ASKS: dict[parties.Body, Clause] = {Body.CHMP: law.ANSWERS}

CONTESTS: dict[parties.Body, Contest] = {
    Body.CHMP: Contest(law.CONTEST_NOTICE, law.CONTEST_GROUNDS, law.RE_EXAMINATION)
}
"""Art. 9(2): the applicant may have the committee re-examine its opinion. Interpretation: that article speaks
of applications; it is applied to all that the committee gives an opinion on, since no text that was read has
rules of its own for the others, and by Regulation 507/2006 the normal procedure applies (recital 8)."""


SENDS_BACK: dict[parties.Body, Returned] = {
    Body.CHMP: Returned(by=Body.STANDING_COMMITTEE, again=law.SENT_BACK)
}
"""Art. 10(4): the chairman of the standing committee refers the application back to the agency."""


def _heard(opinion: Clause) -> dict[parties.Body, Clause]:
    """Who is heard, each with its limit; the committee within that of what was filed."""
    return {
        Body.CHMP: opinion,
        Body.EUROPEAN_COMMISSION: law.DRAFT,
        Body.STANDING_COMMITTEE: law.MEMBER_STATES,
    }


APPLICATION = Examination(
    article="art. 6 to 10 and 14-a",
    stages=HEARD,
    outcomes=GRANTED,
    decision=law.DECISION,
    clauses=law.EXAMINED,
    series=OF_THE_YEAR,
    opinions=_heard(law.OPINION),
    questions=ASKS,
    contests=CONTESTS,
    sends_back=SENDS_BACK,
    binding=(Body.CHMP,),
    completion=law.COMPLETION,
    opens_life=True,
    follows=ONE_AFTER_ANOTHER,
    stops_until_answered=True,
    decides_after=Stage.OPINIONS,
)
"""Granted where the committee finds that the requirements are met (art. 4(1) of Regulation 507/2006). What an
unfavourable draft or an unfavourable opinion of the standing committee means for the decision stands in the
regulation on examination procedures, whose text was not read: a person decides, and nothing is refused."""

RENEWAL = Examination(
    article="art. 14-a(7)",
    stages=HEARD,
    outcomes=RENEWED,
    decision=law.DECISION,
    clauses=law.EXAMINED,
    series=UNDER_AN_AUTHORISATION,
    opinions=_heard(law.RENEWAL_OPINION),
    questions=ASKS,
    contests=CONTESTS,
    sends_back=SENDS_BACK,
    completion=law.COMPLETION,
    follows=ONE_AFTER_ANOTHER,
    stops_until_answered=True,
    decides_after=Stage.OPINIONS,
)
VARIATION = Examination(
    article="art. 9 and 10",
    stages=HEARD,
    outcomes=VARIED,
    decision=law.DECISION,
    clauses=law.EXAMINED,
    series=UNDER_AN_AUTHORISATION,
    opinions=_heard(law.VARIATION_OPINION),
    questions=ASKS,
    contests=CONTESTS,
    sends_back=SENDS_BACK,
    completion=law.COMPLETION,
    changes_subject=True,
    follows=ONE_AFTER_ANOTHER,
    stops_until_answered=True,
    decides_after=Stage.OPINIONS,
)
"""Assumed: the text of the regulation on variations was not found, neither who is heard nor by when. The
course of an application is taken. Art. 20a is none of it: that varies as a sanction, and no holder asks."""
CONVERSION = Examination(
    article="art. 14-a(8)",
    stages=HEARD,
    outcomes=CONVERTED,
    decision=law.DECISION,
    clauses=law.EXAMINED,
    series=UNDER_AN_AUTHORISATION,
    opinions=_heard(law.CONVERSION_OPINION),
    questions=ASKS,
    contests=CONTESTS,
    sends_back=SENDS_BACK,
    binding=(Body.CHMP,),
    completion=law.COMPLETION,
    follows=ONE_AFTER_ANOTHER,
    stops_until_answered=True,
    decides_after=Stage.OPINIONS,
)
"""Only after a favourable opinion of the agency (art. 14-a(8))."""

SAFETY_UPDATE = Examination(
    article="art. 9 of Commission Regulation (EC) No 507/2006",
    stages=ALONE,
    outcomes=NOTED,
    decision=law.SAFETY_UPDATE_NOTED,
    clauses=(law.POWER_TO_NOTE,),
    series=UNDER_AN_AUTHORISATION,
    competences=(Competence(capacity=Capacity.AGENCY, clause=law.POWER_TO_NOTE.id),),
)

COMPETENCES = (
    Competence(capacity=Capacity.EUROPEAN_COMMISSION, clause=law.POWER_TO_GRANT.id, elsewhere=True),
    Competence(capacity=Capacity.AGENCY, clause=law.POWER_TO_VALIDATE.id, admits=True),
    Competence(capacity=Capacity.AGENCY, clause=law.POWER_TO_REVIEW.id, evaluates=True),
    Competence(capacity=Capacity.AGENCY, clause=law.POWER_TO_REQUEST.id, asks=True),
)

FACTS = (
    Fact(name="converted", does=Effect.ENDS, clause=law.CONVERTED.id, a_decision=True),
    Fact(name="never-marketed", does=Effect.ENDS, clause=law.SUNSET_NEVER.id, takes=law.SUNSET.id),
    Fact(name="left-the-market", does=Effect.ENDS, clause=law.SUNSET_LEFT.id, takes=law.SUNSET.id),
    Fact(name="withdrawn-by-holder", does=Effect.ENDS, clause=law.WITHDRAWN.id),
    Fact(
        name="obligations-failed",
        does=Effect.PROPOSES,
        empowers=True,
        clause=law.OBLIGATIONS_FAILED.id,
        hears=(Body.EUROPEAN_COMMISSION, Body.STANDING_COMMITTEE),
        changed_after=(Body.EUROPEAN_COMMISSION, Body.STANDING_COMMITTEE),
    ),
    Fact(
        name="benefit-risk-doubted",
        does=Effect.PROPOSES,
        empowers=True,
        clause=law.RISK.id,
        hears=(Body.CHMP, Body.STANDING_COMMITTEE),
        changed_after=(Body.CHMP,),
    ),
)
"""Art. 20a: the agency has concluded, and the procedure of art. 10 follows: the draft, and the Member States.
Art. 20(2) and (3): the agency gives its opinion. Temporary measures, such as a suspension, may be taken once
it was consulted; the final decision hears the standing committee, too."""

LIFE = Life(
    article="art. 14, 14-a, 20 and 20a",
    clauses=law.LIVED,
    states={
        Course.GOES_ON: State(phase=Phase.CONDITIONAL, public_list=PublicList.CONDITIONAL),
        Course.HALTED: State(phase=Phase.SUSPENDED, public_list=PublicList.CONDITIONAL),
        Course.ADMITS_NO_MORE: State(phase=Phase.CLOSED_TO_NEW_PATIENTS, public_list=PublicList.CONDITIONAL),
        Course.ENDED: State(phase=Phase.NO_LONGER_VALID, public_list=PublicList.FORMER),
    },
    obligations=(
        Owed(
            ref="renewal",
            every=law.RENEWAL.id,
            ahead=law.RENEWAL_AHEAD.id,
            renews=law.RENEWAL_AT_ONCE.id,
            reminders=law.RENEWAL_REMINDERS.id,
            fulfilled_by=Kind.RENEWAL.value,
            review=True,
        ),
        Owed(
            ref="safety-update",
            every=law.SAFETY_UPDATE.id,
            on_request=law.ON_REQUEST.id,
            reminders=law.SAFETY_UPDATE_REMINDERS.id,
            fulfilled_by=Kind.SAFETY_UPDATE.value,
        ),
        Owed(
            ref="obligations-review",
            owes=Role.DESK,
            every=law.REVIEW.id,
            reminders=law.REVIEW_REMINDERS.id,
            fulfilled_by=Evaluated.command,
            late="missed",
        ),
        Owed(
            ref="condition",
            reminders=law.OBLIGATION_REMINDER.id,
            fulfilled_by=ConditionMet.command,
        ),
    ),
    outcomes=REVIEWED,
    facts=FACTS,
    valid_for=law.VALIDITY.id,
    renewed_by=Kind.RENEWAL.value,
    renewed_ahead=law.RENEWAL_AHEAD.id,
)

AUTHORISATION = Procedure(
    code=CODE,
    name="conditional marketing authorisation",
    jurisdiction=UNION,
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
        samples=samples.HERE,
        sample=samples.sample,
    ),
    examinations={
        Kind.APPLICATION: APPLICATION,
        Kind.RENEWAL: RENEWAL,
        Kind.VARIATION: VARIATION,
        Kind.SAFETY_UPDATE: SAFETY_UPDATE,
        Kind.CONVERSION: CONVERSION,
    },
    life=LIFE,
    public=REGISTER,
)

PROGRAMMES = ("CUP", "MNP")
SAME = "active_substance"

LINKS = (
    *(
        Link(of=CODE, after=RENEWAL_REFUSED, tells=programme, fact="authorisation-refused", same=SAME)
        for programme in PROGRAMMES
    ),
    *(
        Link(
            of=CODE,
            course=Course.ENDED,
            unless=(RENEWAL_REFUSED, "converted"),
            tells=programme,
            fact="authorisation-ended",
            same=SAME,
        )
        for programme in PROGRAMMES
    ),
    Link(of=CODE, course=Course.GOES_ON, tells="CUP", fact="authorised", same=SAME),
)
"""What is told to the programmes of the same substance: whether it means something for them, whoever decides
there says. That a renewal is refused is told as a refusal. That it was revoked, withdrawn, not renewed or not
marketed is none: it is told as something to evaluate them for. One that was converted is authorised still.

That it is granted is told where the medicine was not authorised before. A medical need programme is for one
that is authorised for something else: whether its indication is, no substance tells."""

FOLDER = Folder(procedures=(AUTHORISATION,), clauses=law.CLAUSES, links=LINKS)
