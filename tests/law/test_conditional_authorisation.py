"""What the regulations on conditional authorisations say in numbers, and what a year of one comes to."""

from __future__ import annotations

from datetime import date

import pytest

from models.acts import Decided, FactRecorded
from models.clock import ONE_DAY
from models.decision import Opinion, View
from models.dossier import Dossier
from models.errors import ImproperAct
from models.law.clause import spoken_of
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from models.law.states import Effect
from models.notes import DossierEnded, DossierFiled
from models.obligations import Press
from models.parties import Party
from models.phases import Course
from models.programme import Programme, Step
from models.subjects import Product
from models.validity import Validity
from procedures import registry
from procedures.books import applicable_law, shipped
from procedures.eu_cma.words import Body, Kind, Role
from tests.law.test_life import Lived
from tests.law.test_obligations import programme

TODAY = date(2026, 11, 30)
BOOK = shipped().books["eu_cma"]

SAYS = [
    ("admissibility", "16 calendar days", "32004R0726", "art. 6(3)", Degree.ASSUMED),
    ("cma-completion", "30 calendar days", "32004R0726", "art. 6(1)", Degree.ASSUMED),
    ("cma-opinion", "210 calendar days", "32004R0726", "art. 6(3)", Degree.READ),
    ("cma-answers", "180 calendar days", "32004R0726", "art. 7(c)", Degree.ASSUMED),
    ("cma-contest-notice", "15 calendar days", "32004R0726", "art. 9(2)", Degree.READ),
    ("cma-contest-grounds", "60 calendar days", "32004R0726", "art. 9(2)", Degree.READ),
    ("cma-re-examination", "60 calendar days", "32004R0726", "art. 9(2)", Degree.READ),
    (
        "cma-sent-back",
        "the procedure is suspended and the application referred back to the agency for further "
        "consideration",
        "32004R0726",
        "art. 10(4)",
        Degree.READ,
    ),
    ("cma-draft-decision", "15 calendar days", "32004R0726", "art. 10(1)", Degree.READ),
    ("cma-member-states", "22 calendar days", "32004R0726", "art. 10(3)(b)", Degree.READ),
    ("cma-decision", "15 calendar days", "32004R0726", "art. 10(2)", Degree.READ),
    ("cma-validity", "1 year", "32004R0726", "art. 14-a(7)", Degree.READ),
    ("cma-renewal", "12 months", "32006R0507", "art. 6(1)", Degree.READ),
    ("cma-renewal-ahead", "6 months", "32006R0507", "art. 6(2)", Degree.READ),
    (
        "cma-renewal-at-once",
        "the next application is due at once; filed by the last day, it keeps the authorisation valid",
        "32006R0507",
        "art. 6(2) and (4)",
        Degree.ASSUMED,
    ),
    ("cma-renewal-opinion", "90 calendar days", "32006R0507", "art. 6(3)", Degree.READ),
    ("cma-safety-update", "6 months", "32006R0507", "art. 9", Degree.READ),
    ("cma-safety-update-on-request", "immediately upon request", "32006R0507", "art. 9", Degree.READ),
    ("cma-obligations-review", "12 months", "32004R0726", "art. 14-a(4)", Degree.READ),
    ("cma-variation-opinion", "60 calendar days", "32008R1234", "article not found", Degree.ASSUMED),
    ("cma-conversion-opinion", "210 calendar days", "32004R0726", "art. 14-a(8)", Degree.ASSUMED),
]


GRANTED, FILED, REFUSED = date(2022, 8, 3), date(2023, 2, 3), date(2025, 3, 28)


@pytest.mark.parametrize(("clause", "value", "number", "article", "degree"), SAYS, ids=lambda part: str(part))
def test_every_number_stands_with_its_article_and_how_it_is_known(clause, value, number, article, degree):
    applied = BOOK.clause(clause).applied_on(TODAY)
    assert (spoken_of(applied), applied.degree) == (value, degree)
    assert f"CELEX {number}" in applied.article
    assert article in applied.article


def test_the_committee_then_the_commission_then_the_member_states():
    for kind in (Kind.APPLICATION, Kind.RENEWAL, Kind.VARIATION, Kind.CONVERSION):
        known = applicable_law("CMA", kind, TODAY)
        assert known.follows == {
            Body.EUROPEAN_COMMISSION: Body.CHMP,
            Body.STANDING_COMMITTEE: Body.EUROPEAN_COMMISSION,
        }
        assert known.awaits_opinions


def test_the_sanction_of_art_20a_is_not_told_to_be_the_article_of_a_variation_that_its_holder_asks_for():
    assert "20a" not in applicable_law("CMA", Kind.VARIATION, TODAY).article
    sanctions = {clause.id for clause in BOOK.clauses if "20a" in clause.applied_on(TODAY).article}
    assert sanctions == {"power-to-suspend", "power-to-close", "cma-obligations-failed"}


def test_the_opinion_of_the_committee_alone_can_be_contested_whatever_it_is_on():
    for kind in (Kind.APPLICATION, Kind.RENEWAL, Kind.VARIATION, Kind.CONVERSION):
        contests = applicable_law("CMA", kind, TODAY).contests
        assert {body: one.clauses for body, one in contests.items()} == {
            Body.CHMP: ("cma-contest-notice", "cma-contest-grounds", "cma-re-examination")
        }
    for clause in ("cma-contest-notice", "cma-contest-grounds"):
        assert BOOK.clause(clause).applied_on(TODAY).silence is SilencePolicy.STANDS
        assert BOOK.clause(clause).desk == Role.APPLICANT
    assert BOOK.clause("cma-re-examination").desk == Role.CHMP


def test_the_member_states_alone_send_an_opinion_back_and_no_time_is_given_for_it():
    for kind in (Kind.APPLICATION, Kind.RENEWAL, Kind.VARIATION, Kind.CONVERSION):
        known = applicable_law("CMA", kind, TODAY)
        assert {body: (one.by, one.again) for body, one in known.sends_back.items()} == {
            Body.CHMP: (Body.STANDING_COMMITTEE, "cma-sent-back")
        }
        assert not known.has_limit("cma-sent-back")


def authorisation() -> Programme:
    """One that was granted on a day whose year ends when the real one can have ended at the earliest."""
    begun = programme(applicable_law("CMA", None, GRANTED), GRANTED)
    begun.valid_until(begun.law.lasts_from(GRANTED), GRANTED)
    begun.open_year()
    return begun


def filed(begun: Programme, on: date) -> str:
    dossier = f"{begun.number}/renewal-001"
    begun.file(DossierFiled(dossier=dossier, on=on, kind="renewal"))
    return dossier


def ended(begun: Programme, dossier: str, outcome: str, on: date, **said: object) -> None:
    told = {"kind": "renewal", "outcome": outcome, "effective_on": on, **said}
    begun.settle(DossierEnded(dossier=dossier, on=on, **told))


def test_it_is_valid_for_a_year_to_the_end_of_the_same_date_and_renewed_six_months_before():
    begun = authorisation()
    assert begun.validity == Validity(until_on=date(2023, 8, 3))
    due = {owed.ref: each.due_on for owed, each in begun.owing}
    assert due["renewal"] == FILED
    assert [e.due_on for o, e in begun.owing if o.ref == "safety-update"] == [FILED, date(2023, 8, 3)]


def test_the_renewal_of_translarna_bridged_it_from_its_last_day_to_that_of_its_refusal():
    """Filed on 3 February 2023, refused on 28 March 2025: six hundred and three days beyond its year."""
    begun = authorisation()
    dossier = filed(begun, FILED)
    assert begun.term is None
    ended(begun, dossier, "refused", REFUSED)
    assert begun.validity is not None
    assert begun.validity.ends_on == REFUSED + ONE_DAY
    assert (REFUSED - date(2023, 8, 3)).days == 603


def test_a_day_later_it_would_have_bridged_nothing():
    begun = authorisation()
    filed(begun, FILED + ONE_DAY)
    assert begun.term == Validity(until_on=date(2023, 8, 3))


def test_a_renewal_counts_on_from_the_last_day_before_it():
    begun = authorisation()
    ended(begun, filed(begun, FILED), "renewed", date(2023, 9, 20), course=Course.GOES_ON)
    assert begun.validity is not None
    assert begun.validity.until_on == date(2024, 8, 3)


def test_a_renewal_that_took_longer_than_the_year_it_gives_counts_from_its_decision():
    begun = authorisation()
    ended(begun, filed(begun, FILED), "renewed", REFUSED, course=Course.GOES_ON)
    assert begun.validity is not None
    assert begun.validity.until_on == date(2026, 3, 28)


def renewed(decided_on: date) -> Programme:
    """Filed in time and renewed on a day; the years turn meanwhile."""
    begun = authorisation()
    dossier = filed(begun, FILED)
    while begun.year_ends_on <= decided_on:
        begun.year += 1
        begun.open_year()
    ended(begun, dossier, "renewed", decided_on, course=Course.GOES_ON)
    return begun


def renewal_due(begun: Programme) -> list[date]:
    return [each.due_on for owed, each in begun.owing if owed.ref == "renewal"]


def test_the_next_renewal_is_due_six_months_before_the_last_day_that_was_renewed():
    begun = renewed(REFUSED)
    assert renewal_due(begun) == [date(2025, 9, 28)]  # and by no anniversary, which is 3 February 2026
    begun.year += 1
    begun.open_year()
    assert renewal_due(begun) == [date(2025, 9, 28)]
    filed(begun, date(2025, 9, 29))
    assert begun.term is not None
    begun = renewed(REFUSED)
    filed(begun, date(2025, 9, 28))
    assert begun.term is None


def test_one_renewed_with_less_than_six_months_to_go_can_still_be_renewed_and_the_desk_is_told():
    decided_on = date(2024, 3, 1)
    begun = renewed(decided_on)
    last = date(2024, 8, 3)
    assert begun.validity is not None
    assert begun.validity.until_on == last
    assert renewal_due(begun) == [decided_on]
    assert f"renewal-at-once:{last}" in begun.flags
    life = Lived(begun)
    life.day = decided_on
    life.take(Step(on=decided_on, does=Press.REMINDED, ref=f"renewal-{decided_on}"))
    told = [(one.kind.value, one.role) for one in life.happened.letters]
    assert told == [("renewal-due", Role.APPLICANT), ("renewal-due", Role.DESK)]
    assert {one.facts["late_on"] for one in life.happened.letters} == {last}
    filed(begun, last)
    assert begun.term is None


def test_while_a_renewal_pends_no_other_one_is_asked_for():
    begun = authorisation()
    filed(begun, FILED)
    begun.year = 2
    begun.open_year()
    assert "renewal" not in {owed.ref for owed, _ in begun.owing}
    assert "safety-update" in {owed.ref for owed, _ in begun.owing}


def test_a_refused_renewal_is_told_and_a_conversion_ends_it_without_being_told():
    rulings = {
        ruling.outcome.value: ruling
        for kind in (Kind.RENEWAL, Kind.CONVERSION)
        for ruling in applicable_law("CMA", kind, TODAY).outcomes
        if ruling.fact
    }
    told = {link.after for link in registry.links() if link.of == "CMA" and not link.course}
    assert {name: ruling.fact for name, ruling in rulings.items()} == {
        "refused": "renewal-refused",
        "converted": "converted",
    }
    assert told == {"renewal-refused"}
    ends = applicable_law("CMA", None, TODAY).fact("converted")
    assert ends is not None
    assert ends.does is Effect.ENDS


def test_the_agency_takes_note_of_a_safety_update_and_the_commission_does_not():
    (one,) = applicable_law("CMA", Kind.SAFETY_UPDATE, TODAY).competent(admits=False)
    assert (one.capacity.value, one.clause) == ("medicines-agency", "cma-power-to-note")
    (other,) = applicable_law("CMA", Kind.RENEWAL, TODAY).competent(admits=False)
    assert other.capacity.value == "european-commission"


def test_the_agency_asks_for_safety_updates_and_nobody_for_anything_else():
    law = applicable_law("CMA", None, TODAY)
    assert {owed.ref for owed in law.obligations if owed.on_request} == {"safety-update"}
    (one,) = law.competent(admits=False, asks=True)
    assert (one.capacity.value, one.clause) == ("medicines-agency", "cma-power-to-request")


def test_closing_days_of_an_authority_are_entered_for_no_book_of_it():
    assert registry.jurisdiction().code == "BE"
    assert registry.jurisdiction_of("eu_cma").code == "EU"


HOLDER = Party(id="p", name="Exemplar Pharma")
HEARD = date(2026, 11, 20)
WHO = {"decided_by": "For the Commission", "grounds": "g", "by": "Ann", "request_id": "request-1"}


def decided(views: tuple[str, ...], kind: Kind = Kind.APPLICATION, **said: object) -> None:
    """Checks a decision on a dossier of which each body has said something. Raises: ImproperAct."""
    law = applicable_law("CMA", kind, TODAY)
    filed = Dossier(
        number="CMA-2026-001",
        kind=kind,
        procedure="CMA",
        opened_on=date(2026, 1, 5),
        taken_in_by="Ann",
        applicant=HOLDER,
        invoice_addressee=HOLDER,
        subject=Product(trade_name="Exemplaris", active_substance="e", indication="A disease.").subject,
        law=law,
    )
    views_of = zip(law.opinions, views, strict=True)
    filed.opinions = [Opinion(body=body, view=View(view), given_on=HEARD) for body, view in views_of]
    study = {"text": "The results of the study.", "due_on": date(2028, 1, 31)}
    obliges = "authorised" in str(said.get("outcome"))
    Decided(**{**WHO, "conditions": (study,) if obliges else (), **said}).check(filed, TODAY)


def test_nothing_is_granted_where_the_committee_does_not_find_that_the_requirements_are_met():
    with pytest.raises(ImproperAct, match="is not favourable"):
        decided(("unfavourable", "favourable", "favourable"), outcome="conditionally_authorised")
    decided(("unfavourable", "favourable", "favourable"), outcome="refused")
    decided(("favourable", "favourable", "favourable"), outcome="conditionally_authorised")


def test_who_decided_is_named_as_nobody_of_the_agency_decides_for_the_commission():
    with pytest.raises(ImproperAct, match="European Commission, which nobody of this office has"):
        decided(("favourable",) * 3, outcome="refused", decided_by=None)


def test_it_is_decided_once_all_were_heard_and_not_before():
    with pytest.raises(ImproperAct, match="2026-11-20"):
        decided(("favourable",) * 3, outcome="refused", on=HEARD - ONE_DAY)
    decided(("favourable",) * 3, outcome="refused", on=HEARD)


@pytest.mark.parametrize(
    ("kind", "outcome"), [(Kind.APPLICATION, "conditionally_authorised"), (Kind.RENEWAL, "renewed")]
)
def test_no_decision_says_another_last_day_than_the_year_of_the_law(kind: Kind, outcome: str):
    with pytest.raises(ImproperAct, match="cma-validity"):
        decided(("favourable",) * 3, kind, outcome=outcome, until_on=date(2030, 1, 1))


@pytest.mark.parametrize("fact", ["never-marketed", "left-the-market"])
def test_the_sunset_takes_three_years(fact: str):
    begun = authorisation()
    soonest = date(2025, 8, 3)
    recorded = FactRecorded(by="Ann", request_id="request-1", fact=fact, source="The holder.")
    recorded.model_copy(update={"on": soonest}).check(begun, TODAY)
    with pytest.raises(ImproperAct, match="2025-08-03"):
        recorded.model_copy(update={"on": soonest - ONE_DAY}).check(begun, TODAY)


def test_nobody_records_a_conversion_that_was_not_decided():
    recorded = FactRecorded(by="Ann", request_id="request-1", fact="converted", source="The holder.")
    with pytest.raises(ImproperAct, match="converted"):
        recorded.check(authorisation(), TODAY)
