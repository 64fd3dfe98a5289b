"""A conditional marketing authorisation of the Union: granted, renewed or not, and told of elsewhere.

Long because the course of one product is told by its own days, and every other story begins with the same
steps.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from models.acts import (
    AnswersReceived,
    Closed,
    Decided,
    DeclaredAdmissible,
    Evaluated,
    FactRecorded,
    GroundsReceived,
    OpinionContested,
    OpinionGiven,
    OpinionSentBack,
    ProgrammeConfirmed,
    ProposalDeclined,
    QuestionsRaised,
    ReportRequested,
    RuleJudged,
    SuspensionImposed,
    SuspensionLifted,
)
from models.clock import ONE_DAY, add_months, start_of
from models.errors import ActRefused
from models.forms import FORM
from models.subjects import Product
from office.desk.explaining import explained, lines
from office.desk.next_acts import possible
from office.desk.timeline import picture_of
from office.publication.schedule import published
from office.settings import Settings
from procedures import registry
from register.database import migrate
from register.views import laws
from tests.stories.desk import Office
from tests.stories.steps import authorised as belgian_authorised
from tests.stories.steps import until_act
from worker import postman_of, worker_of

pytestmark = pytest.mark.server

_deliveries = itertools.count(1)

GRANTED = date(2050, 8, 3)
FILED = date(2051, 2, 3)
FIRST_OPINION, RETURNED = date(2052, 1, 25), date(2052, 5, 16)
SECOND_OPINION, NOTICE, GROUNDS = date(2052, 6, 27), date(2052, 7, 4), date(2052, 8, 26)
OPINION = date(2052, 10, 17)
REFUSED = date(2053, 3, 28)
LISTED = date(2045, 9, 15)
"""The days of Translarna, twenty-eight years later, so that each is the same day of the week: no server goes
back. Renewal filed on 3 February 2023, opinions of 27 June and 17 October 2024, refused on 28 March 2025; an
opinion was sent back under art. 10(4); its row of the Belgian page is of 15 September 2017. Not found were:
when the year before began, as late as it can have; the opinion that was sent back and the day of that, any
before; notice and grounds against the opinion of June, within their times."""

TRANSLARNA = {
    "product": "Translarna",
    "active_substance": "ataluren",
    "indication": "Duchenne muscular dystrophy by a nonsense mutation, in ambulatory patients.",
}
IN_BELGIUM = Product(trade_name="Translarna", active_substance="Ataluren", indication="Patients of studies.")


@pytest.fixture(scope="module")
async def desk(
    skipping: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    """An office that serves every procedure that is shipped."""
    settings = Settings(var=tmp_path_factory.mktemp("authorisations"), task_queue="umn-authorisations")
    migrate(settings.register_url)
    with ThreadPoolExecutor(10) as threads:
        async with (
            worker_of(skipping.client, settings, threads),
            postman_of(skipping.client, settings, threads),
        ):
            office = Office(skipping, settings)
            await office.looks_at_the_calendar()
            yield office


async def files(office: Office, kind: str, into: Path, product: dict[str, str], **said: object) -> str:
    """Files a sample of the procedure, for a product. Returns: its number."""
    now = await office.environment.get_current_time()
    delivery = f"E-{next(_deliveries)}"
    package = registry.intake("CMA").sample(
        f"cma-{kind}", into, cesp_number=delivery, received_at=now.astimezone(UTC), **said
    )
    form = json.loads((package / FORM).read_text("utf-8")) | {"product": product}
    (package / FORM).write_text(json.dumps(form), encoding="utf-8")
    receipt, findings = await office.hands_in(package)
    assert findings == []
    return receipt.number


def due(office: Office, number: str) -> dict[str, date]:
    """What is due of a case, by what it is."""
    return {one.ref: one.due_on for one in office.shows(number).state.falls_due if one.due_on}


async def found_valid(office: Office, number: str) -> None:
    await office.performs(number, DeclaredAdmissible)
    for rule in ("C-02", "C-03", "C-04", "C-05") if "/" not in number else ():
        await office.performs(number, RuleJudged, rule=rule, verdict="pass", grounds="As in the file.")


async def is_final(office: Office, number: str) -> None:
    """Waits until the opinion of the committee can be contested no more."""
    if last := due(office, number).get("cma-contest-notice"):
        await office.waits_until(last + ONE_DAY)


async def drafted(office: Office, number: str, view: str) -> None:
    """What follows the opinion of the committee: the draft, and what the Member States say of it."""
    await is_final(office, number)
    for body in ("european_commission", "standing_committee"):
        await office.performs(number, OpinionGiven, body=body, view=view)


async def authorised(office: Office, into: Path, product: dict[str, str], on: date | None = None) -> str:
    """An authorisation, the short way, with one specific obligation; granted on a day that is said."""
    number = await files(office, "application", into, product)
    await found_valid(office, number)
    await office.performs(number, OpinionGiven, body="chmp", view="favourable")
    await drafted(office, number, "favourable")
    if on:
        await office.waits_until(on)
    study = {"text": "Submit the results of the study.", "due_on": office.today + timedelta(days=1500)}
    said = {"outcome": "conditionally_authorised", "grounds": "An unmet need.", "conditions": (study,)}
    await office.performs(number, Decided, **said)
    return number


def obliged(site: Path) -> list[str]:
    """The public pages, by name, that tell the specific obligation of these stories."""
    pages = (site / "conditional-authorisations" / "current" / "en").rglob("*.html")
    return [page.name for page in pages if "Submit the results of the study." in page.read_text()]


async def until_flagged(office: Office, number: str, flag: str) -> None:
    """Waits until a case shows a flag that another one brought about."""
    for _ in range(6000):
        if any(one.startswith(flag) for one in office.shows(number).state.flags):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(office.shows(number).state.flags)


async def test_what_is_not_marketed_for_three_years_or_not_renewed_is_valid_no_more_and_is_told_of(
    desk, tmp_path
):
    """Art. 14(4) and (5), whose facts a person records, and art. 14-a(7), by which it ends by itself."""
    granted = {}
    for fact in ("never-marketed", "left-the-market"):
        product = {**TRANSLARNA, "product": fact.title(), "active_substance": f"{fact}inib"}
        number = granted[fact] = await authorised(desk, tmp_path, product)
        with pytest.raises(ActRefused, match=r"record-fact of .* is possible from"):
            await desk.performs(number, FactRecorded, fact=fact, source="Its holder.")
        await files(desk, "renewal", tmp_path, product, programme=number)
        await until_flagged(desk, number, "kept-valid:")
    await desk.waits_until(add_months(desk.today, 36))
    for fact, number in granted.items():
        receipt = await desk.performs(number, FactRecorded, fact=fact, source="Its holder.")
        assert (receipt.phase, receipt.due_on) == ("no_longer_valid", None)
        found = desk.shows(number)
        assert found.state.public_list == "former_conditional_authorisations"
        assert due(desk, number) == {}
    product = {**TRANSLARNA, "product": "Lapsinib", "active_substance": "lapsinib"}
    number = await authorised(desk, tmp_path, product)
    listed = desk.today
    belgian = await desk.imports(listed, belgian_product(product))
    said = {"holder": "Exemplar Pharma", "in_force_on": listed, "marketing_application": "none"}
    await desk.performs(belgian, ProgrammeConfirmed, procedure="MNP", **said)
    await desk.waits_until(due(desk, number)["validity"] + ONE_DAY)
    await until_act(desk, number, "Lapsed")
    assert desk.shows(number).state.phase == "no_longer_valid"
    await until_flagged(desk, belgian, "end-proposed:authorisation-ended")
    flags = desk.shows(belgian).state.flags
    assert not any("authorisation-refused" in flag or flag == "end-proposed:authorised" for flag in flags)
    await desk.performs(belgian, Closed, grounds="It was given up.", continuity_plan="Another product.")


async def test_one_is_heard_after_another_and_questions_stop_the_committee_until_they_are_answered(
    desk, tmp_path
):
    product = {**TRANSLARNA, "product": "Other", "active_substance": "another"}
    number = await files(desk, "application", tmp_path, product)
    assert number == f"CMA-{desk.today.year}-001"
    await found_valid(desk, number)
    began, first = desk.today, due(desk, number)["cma-opinion"]
    assert first >= began + timedelta(days=210)
    assert "cma-draft-decision" not in due(desk, number)
    with pytest.raises(ActRefused, match="CHMP"):
        await desk.performs(number, OpinionGiven, body="european_commission", view="favourable")
    asked = {"body": "chmp", "questions": ("Which endpoint?",), "days": 30}
    await desk.performs(number, QuestionsRaised, **asked)
    assert "cma-opinion" not in due(desk, number)  # it has no last day
    await desk.days_pass(60)
    await desk.performs(number, AnswersReceived)
    later = due(desk, number)["cma-opinion"]
    assert 60 <= (later - first).days <= 70
    receipt = await desk.performs(number, OpinionGiven, body="chmp", view="unfavourable")
    assert (receipt.phase, "decide" in receipt.possible) == ("opinion", False)
    await is_final(desk, number)
    assert due(desk, number)["cma-draft-decision"] >= desk.today + timedelta(days=15)
    await drafted(desk, number, "unfavourable")
    receipt = await desk.performs(number, Decided, outcome="refused", grounds="The balance is negative.")
    assert receipt.phase == "refused"


async def test_translarna_is_bridged_for_two_years_refused_and_told_of_in_belgium(desk, tmp_path):
    await desk.waits_until(GRANTED - timedelta(days=60))
    number = await authorised(desk, tmp_path, TRANSLARNA, GRANTED)
    found = desk.shows(number).state
    assert (found.phase, found.in_force_on) == ("conditional", GRANTED)
    assert due(desk, number)["validity"] == date(2051, 8, 3)
    assert due(desk, number)["renewal-2051-02-03"] == FILED

    await desk.waits_until(FILED)
    renewal = await files(desk, "renewal", tmp_path, TRANSLARNA, programme=number)
    await found_valid(desk, renewal)
    assert due(desk, renewal)["cma-renewal-opinion"] >= FILED + timedelta(days=90)
    await until_flagged(desk, number, "kept-valid:")
    await desk.waits_until(date(2051, 8, 4))
    found = desk.shows(number).state
    assert (found.phase, "validity" in due(desk, number)) == ("conditional", False)

    await desk.waits_until(FIRST_OPINION)
    await desk.performs(renewal, OpinionGiven, body="chmp", view="unfavourable")
    await is_final(desk, renewal)
    await desk.performs(renewal, OpinionGiven, body="european_commission", view="unfavourable")
    await desk.waits_until(RETURNED)
    await desk.performs(renewal, OpinionSentBack, body="chmp", grounds="The data of the registry.")
    assert due(desk, renewal) == {}
    await desk.waits_until(SECOND_OPINION)
    await desk.performs(renewal, OpinionGiven, body="chmp", view="unfavourable")
    await desk.waits_until(NOTICE)
    await desk.performs(renewal, OpinionContested, body="chmp")
    assert due(desk, renewal)["cma-contest-grounds"] >= GROUNDS
    await desk.waits_until(GROUNDS)
    await desk.performs(renewal, GroundsReceived, body="chmp")
    assert due(desk, renewal)["cma-re-examination"] >= OPINION

    await desk.waits_until(OPINION)
    assert desk.shows(number).state.phase == "conditional"
    assert not any(flag.startswith("renewal-overdue") for flag in desk.shows(number).state.flags)
    await desk.performs(renewal, OpinionGiven, body="chmp", view="unfavourable")
    assert due(desk, renewal).keys() == {"cma-draft-decision"}  # it is final
    belgian = await desk.imports(LISTED, IN_BELGIUM)
    said = {"holder": "Exemplar Pharma", "in_force_on": LISTED, "marketing_application": "none"}
    await desk.performs(belgian, ProgrammeConfirmed, procedure="MNP", **said)

    published(desk.settings, tmp_path / "before", start_of(desk.today) + timedelta(hours=12), write=True)
    (page,) = obliged(tmp_path / "before")
    assert number in page
    await desk.waits_until(REFUSED)
    await drafted(desk, renewal, "unfavourable")
    assert due(desk, renewal)["cma-decision"] == date(2053, 4, 14)  # the day of twelve and two is a Saturday
    await desk.performs(renewal, Decided, outcome="refused", grounds="The effect is not confirmed.")
    await until_act(desk, number, "DossierEnded")
    assert desk.shows(number).state.phase == "conditional"  # to the end of that day
    await desk.waits_until(REFUSED + ONE_DAY)
    await until_act(desk, number, "Lapsed")
    assert desk.shows(number).state.phase == "no_longer_valid"
    lapsed = desk.shows(number).entries[-1]
    assert (lapsed.act, lapsed.facts["renewal_refused_on"]) == ("Lapsed", str(REFUSED))

    await until_flagged(desk, belgian, "end-proposed:authorisation-refused")
    told = next(line for line in desk.shows(belgian).entries if line.act == "FactTold")
    assert (told.by, told.happened_on) == (number, REFUSED)
    assert (
        "give-opinion" in desk.shows(belgian).state.possible
    )  # both bodies are heard before anybody decides

    at = start_of(desk.today) + timedelta(hours=12)
    published(desk.settings, tmp_path / "site", at, write=True)
    pages = {
        name: (tmp_path / "site" / name / "current" / "en" / "index.html").read_text()
        for name in registry.public_registers()
    }
    assert {name for name, page in pages.items() if number in page} == {"conditional-authorisations"}
    assert {name for name, page in pages.items() if belgian in page} == {"umn"}
    assert obliged(tmp_path / "site") == []  # what has ended owes nothing
    assert pages.keys() == {"conditional-authorisations", "hospital-exemptions", "umn"}


async def test_one_that_is_renewed_late_can_be_renewed_again(desk, tmp_path):
    product = {**TRANSLARNA, "product": "Renewinib", "active_substance": "renewinib"}
    number = await authorised(desk, tmp_path, product)
    last = due(desk, number)["validity"]
    await desk.waits_until(add_months(last, -6))
    renewal = await files(desk, "renewal", tmp_path, product, programme=number)
    await found_valid(desk, renewal)
    await desk.performs(renewal, OpinionGiven, body="chmp", view="favourable")
    await drafted(desk, renewal, "favourable")
    decided_on, next_last = add_months(last, 7), add_months(last, 12)
    await desk.waits_until(decided_on)
    assert desk.shows(number).state.phase == "conditional"
    await desk.performs(renewal, Decided, outcome="renewed", grounds="The balance is confirmed.")
    await until_flagged(desk, number, f"renewal-at-once:{next_last}")
    told = due(desk, number)
    assert (told["validity"], told[f"renewal-{decided_on}"]) == (next_last, decided_on)
    await until_act(desk, number, "RenewalReminded")
    reminded = {(kind, role) for _, kind, role in await desk.letters(number) if kind == "renewal-due"}
    assert reminded == {("renewal-due", "applicant"), ("renewal-due", "desk")}

    await desk.days_pass(30)
    again = await files(desk, "renewal", tmp_path, product, programme=number)
    await until_flagged(desk, number, "kept-valid:")
    await desk.waits_until(next_last + ONE_DAY)
    found = desk.shows(number).state
    assert (found.phase, "validity" in due(desk, number)) == ("conditional", False)
    assert again in next(flag for flag in found.flags if flag.startswith("kept-valid:"))


async def test_obligations_that_were_not_kept_suspend_it_and_revoke_it_only_where_the_commission_decides(
    desk, tmp_path
):
    product = {**TRANSLARNA, "product": "Neglectinib", "active_substance": "neglectinib"}
    number = await authorised(desk, tmp_path, product)
    concluded = {"fact": "obligations-failed", "source": "The conclusion of the agency."}
    await desk.performs(number, FactRecorded, **concluded)
    found = desk.shows(number).state
    assert (found.phase, "end-proposed:obligations-failed" in found.flags) == ("conditional", True)
    told = possible(desk.settings, number, desk.today)["possible"]
    (opinion,) = (one["command"] for one in told if one["act"] == "give-opinion")
    assert "--body european-commission|standing-committee " in opinion
    for body in ("european_commission", "standing_committee"):
        await desk.performs(number, OpinionGiven, body=body, view="unfavourable")
    receipt = await desk.performs(number, SuspensionImposed, grounds="The study was not begun.")
    assert receipt.phase == "suspended"
    assert any(ref.startswith("renewal-") for ref in due(desk, number))  # it goes on to be owed
    receipt = await desk.performs(number, SuspensionLifted, grounds="It has begun.")
    assert receipt.phase == "conditional"
    ended = {"grounds": "It was given up.", "continuity_plan": "Another product is on the market."}
    receipt = await desk.performs(number, Closed, **ended)
    assert receipt.phase == "no_longer_valid"
    signed = desk.shows(number).entries[-1].facts["signatory"]
    assert (signed["capacity"], signed["clause"]) == ("european-commission", "cma-power-to-grant")
    told = [kind for _, kind, role in await desk.letters(number) if role == "applicant"]
    assert told[-3:] == ["suspension", "suspension-lifted", "closure"]
    assert "validity" not in due(desk, number)


async def test_a_safety_update_is_owed_at_once_when_the_agency_asks_for_it_and_every_six_months_besides(
    desk, tmp_path
):
    """Art. 9 of Regulation (EC) No 507/2006: immediately upon request, or at least every six months."""
    product = {**TRANSLARNA, "product": "Reportinib", "active_substance": "reportinib"}
    number = await authorised(desk, tmp_path, product)
    periodic = {ref: day for ref, day in due(desk, number).items() if ref.startswith("safety-update")}
    assert len(periodic) == 2  # of its year
    asks = {"report": "safety-update", "grounds": "Two deaths in another country."}
    with pytest.raises(ActRefused, match="medicines-agency"):
        await desk.performs(number, ReportRequested, **asks)  # as the Commission
    asks |= {"capacity": "medicines-agency"}
    asked_on, ref = desk.today, f"safety-update-{desk.today}"
    receipt = await desk.performs(number, ReportRequested, **asks)
    assert receipt.due_on == asked_on
    assert due(desk, number).items() >= {ref: asked_on, **periodic}.items()
    with pytest.raises(ActRefused, match="is owed under"):
        await desk.performs(number, ReportRequested, **asks)
    assert ("report-requested", "applicant") in {(kind, to) for _, kind, to in await desk.letters(number)}

    found, url = desk.shows(number), desk.settings.register_url
    signed = found.entries[-1].facts["signatory"]
    assert (signed["capacity"], signed["clause"]) == ("medicines-agency", "cma-power-to-request")
    held = laws(url, {line.law for line in found.entries})
    told = "\n".join(lines(explained(found, held, "en", desk.today)))
    assert f"safety update by {asked_on:%-d %B %Y}" in told
    assert "art. 9" in told
    assert ref in {row.ref for row in picture_of(found, held, desk.today).rows}
    commands = {one["act"]: one["command"] for one in possible(desk.settings, number, desk.today)["possible"]}
    assert commands["request-report"] == f'umn request-report {number} --report safety-update --grounds "…"'

    await desk.waits_until(asked_on + ONE_DAY)
    await until_flagged(desk, number, f"safety-update-overdue:{asked_on}")
    overdue = {to for _, kind, to in await desk.letters(number) if kind == "requested-report-overdue"}
    assert overdue == {"applicant", "desk"}
    report = await files(desk, "safety-update", tmp_path, product, programme=number)
    await until_act(desk, number, "DossierFiled")
    assert desk.shows(number).entries[-1].facts["filed"] == "late"
    found = desk.shows(number).state
    assert not any(flag.startswith("safety-update-overdue") for flag in found.flags)
    told = due(desk, number)
    assert {ref: day for ref, day in told.items() if ref.startswith("safety-update")} == periodic
    noted = {"outcome": "noted", "grounds": "No new signal.", "capacity": "medicines-agency"}
    await desk.performs(report, Decided, **noted)
    by = desk.today + timedelta(days=20)
    receipt = await desk.performs(number, ReportRequested, **asks, due_on=by)
    assert receipt.due_on == by


def belgian_product(product: dict[str, str]) -> Product:
    """The same medicine, as a programme of compassionate use or medical need names it."""
    parts = {"trade_name": product["product"], "active_substance": product["active_substance"].upper()}
    return Product(**parts, indication="Patients without another treatment.")


async def test_a_variation_changes_it_its_holder_withdraws_it_and_a_belgian_programme_is_told_of_both_ends(
    desk, tmp_path
):
    product = {**TRANSLARNA, "product": "Varinib", "active_substance": "varinib"}
    belgian = await desk.submits(product=belgian_product(product))
    await belgian_authorised(desk, number=belgian, published=False)
    number = await authorised(desk, tmp_path, product)
    await until_flagged(desk, belgian, "end-proposed:authorised")
    assert "record-fact" in desk.shows(belgian).state.possible  # that it is on the market ends it
    await desk.performs(belgian, ProposalDeclined, grounds="It is not on the market.")

    wider = {**product, "indication": "Duchenne muscular dystrophy, also in patients who cannot walk."}
    variation = await files(desk, "variation", tmp_path, wider, programme=number)
    await found_valid(desk, variation)
    assert due(desk, variation)["cma-variation-opinion"] >= desk.today + timedelta(days=60)
    await desk.performs(variation, OpinionGiven, body="chmp", view="favourable")
    await drafted(desk, variation, "favourable")
    assert desk.shows(number).state.subject["parts"]["indication"] == product["indication"]
    await desk.performs(variation, Decided, outcome="varied", grounds="The balance is positive there, too.")
    await until_act(desk, number, "DossierEnded")
    found = desk.shows(number).state
    assert (found.phase, found.subject["parts"]["indication"]) == ("conditional", wider["indication"])

    said = {"fact": "withdrawn-by-holder", "source": "Letter of its holder."}
    receipt = await desk.performs(number, FactRecorded, **said)
    assert (receipt.phase, receipt.possible) == ("no_longer_valid", ())
    assert "closure" in {kind for _, kind, role in await desk.letters(number) if role == "applicant"}
    await until_flagged(desk, belgian, "end-proposed:authorisation-ended")
    told = [line for line in desk.shows(belgian).entries if line.act == "FactTold"]
    assert [(one.by, one.facts["fact"]) for one in told] == [
        (number, "authorised"),
        (number, "authorisation-ended"),
    ]
    assert desk.shows(belgian).state.phase == "authorised"  # a person says what follows


async def test_what_is_converted_is_no_conditional_authorisation_any_more(desk, tmp_path):
    product = {**TRANSLARNA, "product": "Third", "active_substance": "a third one"}
    number = await authorised(desk, tmp_path, product)
    conversion = await files(desk, "conversion", tmp_path, product, programme=number)
    await found_valid(desk, conversion)
    await desk.performs(conversion, RuleJudged, rule="C-06", verdict="pass", grounds="As in the file.")
    await desk.performs(conversion, OpinionGiven, body="chmp", view="favourable")
    await drafted(desk, conversion, "favourable")
    await desk.performs(conversion, Decided, outcome="converted", grounds="The study is complete.")
    await until_act(desk, number, "DossierEnded")
    found = desk.shows(number)
    assert (found.state.phase, found.state.possible) == ("no_longer_valid", ())


async def test_what_failed_its_obligations_is_suspended_or_revoked_only_by_the_procedure_of_article_ten(
    desk, tmp_path
):
    """Art. 20a of Regulation (EC) No 726/2004: the draft, and the Member States."""
    product = {**TRANSLARNA, "product": "Fourth", "active_substance": "a fourth one"}
    number = await authorised(desk, tmp_path, product)
    failed = {"fact": "obligations-failed", "source": "Conclusion of the agency."}
    await desk.performs(number, FactRecorded, **failed)
    revokes = {"outcome": "revoked", "grounds": "No study began.", "continuity_plan": "Treated elsewhere."}
    with pytest.raises(ActRefused, match=r"after the opinion of: .*Commission, .*Committee"):
        await desk.performs(number, SuspensionImposed, grounds="No study began.")
    await desk.performs(number, OpinionGiven, body="european_commission", view="unfavourable")
    with pytest.raises(ActRefused, match=r"after the opinion of: .*Committee"):
        await desk.performs(number, Evaluated, **revokes)
    await desk.performs(number, OpinionGiven, body="standing_committee", view="unfavourable")
    receipt = await desk.performs(number, Evaluated, **revokes)
    assert receipt.phase == "no_longer_valid"


async def test_a_doubted_balance_is_suspended_once_the_agency_was_consulted_and_ended_after_the_member_states(
    desk, tmp_path
):
    """Art. 20(2) and (3) of Regulation (EC) No 726/2004: temporary measures, and the final decision."""
    product = {**TRANSLARNA, "product": "Fifth", "active_substance": "a fifth one"}
    number = await authorised(desk, tmp_path, product)
    await desk.performs(number, FactRecorded, fact="benefit-risk-doubted", source="A signal.")
    with pytest.raises(ActRefused, match="after the opinion of: CHMP"):
        await desk.performs(number, SuspensionImposed, grounds="A signal.", for_safety=True)
    await desk.performs(number, OpinionGiven, body="chmp", view="unfavourable")
    receipt = await desk.performs(number, SuspensionImposed, grounds="A signal.", for_safety=True)
    assert receipt.phase == "suspended"
    ends = {"grounds": "It harms.", "continuity_plan": "Treated elsewhere."}
    with pytest.raises(ActRefused, match=r"after the opinion of: .*Committee"):
        await desk.performs(number, Closed, **ends)
    await desk.performs(number, OpinionGiven, body="standing_committee", view="unfavourable")
    receipt = await desk.performs(number, Closed, **ends)
    assert receipt.phase == "no_longer_valid"


async def opposed(office: Office, into: Path, substance: str) -> str:
    """An application of which the committee thinks that it should be refused. Returns: its number."""
    product = {**TRANSLARNA, "product": substance.title(), "active_substance": substance}
    number = await files(office, "application", into, product)
    await found_valid(office, number)
    receipt = await office.performs(number, OpinionGiven, body="chmp", view="unfavourable")
    assert "contest-opinion" in receipt.possible
    return number


def acts(office: Office, number: str) -> list[str]:
    return [line.act for line in office.shows(number).entries]


async def test_what_the_committee_opposed_is_granted_after_it_has_looked_again(desk, tmp_path):
    number = await opposed(desk, tmp_path, "contestinib")
    opinion, told = desk.today, due(desk, number)
    assert told["cma-contest-notice"] >= opinion + timedelta(days=15)
    letters = {(kind, role) for _, kind, role in await desk.letters(number)}
    assert ("opinion-told", "applicant") in letters
    assert ("opinion-request", "european_commission") not in letters  # who is sent the final one
    until = f"notice to contest .* until {told['cma-contest-notice']}"
    for act, said in (
        (Decided, {"outcome": "refused", "grounds": "The balance is negative."}),
        (OpinionGiven, {"body": "european_commission", "view": "unfavourable"}),
    ):
        with pytest.raises(ActRefused, match=until) as refused:
            await desk.performs(number, act, **said)
        assert "contest-opinion" in refused.value.possible
    await desk.days_pass(10)
    receipt = await desk.performs(number, OpinionContested, body="chmp")
    assert "receive-grounds" in receipt.possible
    told = due(desk, number)
    assert told.keys() & {"cma-contest-notice", "cma-member-states", "cma-draft-decision"} == set()
    assert told["cma-contest-grounds"] >= opinion + timedelta(days=60)
    until = f"grounds against the opinion .* until {told['cma-contest-grounds']}"
    with pytest.raises(ActRefused, match=until) as refused:
        await desk.performs(number, Decided, outcome="refused", grounds="The balance is negative.")
    assert "receive-grounds" in refused.value.possible

    await desk.days_pass(40)
    grounds = desk.today
    await desk.performs(number, GroundsReceived, body="chmp")
    assert ("opinion-request", "chmp") in {(kind, role) for _, kind, role in await desk.letters(number)}
    assert due(desk, number)["cma-re-examination"] >= grounds + timedelta(days=60)
    with pytest.raises(ActRefused, match="CHMP"):
        await desk.performs(number, OpinionGiven, body="european_commission", view="favourable")
    await desk.days_pass(50)
    await desk.performs(number, OpinionGiven, body="chmp", view="favourable")
    told = due(desk, number)
    assert told["cma-draft-decision"] >= desk.today + timedelta(days=15)
    assert "cma-contest-notice" not in told  # it is final
    with pytest.raises(ActRefused, match="once"):
        await desk.performs(number, OpinionContested, body="chmp")
    await drafted(desk, number, "favourable")
    study = {"text": "Submit the results.", "due_on": desk.today + timedelta(days=1500)}
    said = {"outcome": "conditionally_authorised", "grounds": "The need is unmet.", "conditions": (study,)}
    await desk.performs(number, Decided, **said)
    assert desk.shows(number).state.phase == "conditional"
    given = [line.facts for line in desk.shows(number).entries if line.act == "OpinionGiven"]
    assert [one["view"] for one in given if one["body"] == "chmp"] == ["unfavourable", "favourable"]


async def test_a_notice_without_grounds_leaves_the_opinion_as_it_was(desk, tmp_path):
    number = await opposed(desk, tmp_path, "groundlessinib")
    await desk.days_pass(5)
    told = {one["act"]: one["command"] for one in possible(desk.settings, number, desk.today)["possible"]}
    assert told["contest-opinion"] == f"umn contest-opinion {number} --body chmp"
    await desk.performs(number, OpinionContested, body="chmp")
    last = due(desk, number)["cma-contest-grounds"]
    await desk.waits_until(last + ONE_DAY)
    told = due(desk, number)
    assert (acts(desk, number)[-1], "cma-contest-grounds" in told) == ("LimitPassed", False)
    assert ("limit-passed", "desk") in {(kind, role) for _, kind, role in await desk.letters(number)}
    assert last + timedelta(days=15) <= told["cma-draft-decision"] <= last + timedelta(days=30)
    (draft,) = (one for one in desk.shows(number).entries[-1].clocks if one["ref"] == "cma-draft-decision")
    assert draft["clock"]["started_on"] == str(last + ONE_DAY)  # the letter left on the day after it
    with pytest.raises(ActRefused, match="stands as it was given"):
        await desk.performs(number, GroundsReceived, body="chmp")
    await drafted(desk, number, "unfavourable")
    receipt = await desk.performs(number, Decided, outcome="refused", grounds="The balance is negative.")
    assert receipt.phase == "refused"


async def test_without_a_notice_the_opinion_is_final_and_a_late_one_is_refused(desk, tmp_path):
    number = await opposed(desk, tmp_path, "silentinib")
    told, given_on = due(desk, number), desk.today
    last = told["cma-contest-notice"]
    assert "cma-draft-decision" not in told
    await desk.waits_until(last + ONE_DAY)
    assert acts(desk, number).count("LimitPassed") >= 1
    assert ("limit-warning", "applicant") in {(kind, role) for _, kind, role in await desk.letters(number)}
    assert due(desk, number)["cma-draft-decision"] >= last + timedelta(days=15)
    assert "contest-opinion" not in desk.shows(number).state.possible
    with pytest.raises(ActRefused, match=f"until {last}"):  # where its receipt on that day is proven
        await desk.performs(number, OpinionContested, body="chmp", received_on=given_on)
    await drafted(desk, number, "unfavourable")
    assert "cma-decision" in due(desk, number)

    await desk.performs(number, OpinionContested, body="chmp")  # on a day that is presumed no right is lost
    told = due(desk, number)
    assert "cma-decision" not in told
    assert desk.shows(number).entries[-1].facts["fallen"] == ["european_commission", "standing_committee"]
    assert told["cma-contest-grounds"] >= desk.today + timedelta(days=60)
    await desk.performs(number, GroundsReceived, body="chmp")
    await desk.performs(number, OpinionGiven, body="chmp", view="unfavourable")
    await drafted(desk, number, "unfavourable")
    receipt = await desk.performs(number, Decided, outcome="refused", grounds="The balance is negative.")
    assert receipt.phase == "refused"
    with pytest.raises(ActRefused, match="contest-opinion"):
        await desk.performs(number, OpinionContested, body="chmp")


async def test_new_questions_of_a_member_state_send_the_opinion_back_and_no_time_is_counted(desk, tmp_path):
    product = {**TRANSLARNA, "product": "Returninib", "active_substance": "returninib"}
    number = await files(desk, "application", tmp_path, product)
    await found_valid(desk, number)
    receipt = await desk.performs(number, OpinionGiven, body="chmp", view="favourable")
    assert "send-back-opinion" not in receipt.possible  # nobody has a draft to observe on
    back = {"body": "chmp", "grounds": "The data on children are not addressed."}
    with pytest.raises(ActRefused, match="send-back-opinion is not possible"):
        await desk.performs(number, OpinionSentBack, **back)
    await is_final(desk, number)
    receipt = await desk.performs(number, OpinionGiven, body="european_commission", view="favourable")
    assert "send-back-opinion" in receipt.possible
    await desk.days_pass(8)
    receipt = await desk.performs(number, OpinionSentBack, **back)
    assert receipt.phase == "opinion"
    assert due(desk, number) == {}
    assert desk.shows(number).state.flags[0] == f"opinion-sent-back:chmp:{desk.today}"
    assert desk.shows(number).entries[-1].facts["fallen"] == ["european_commission"]
    assert ("opinion-sent-back", "chmp") in {(kind, role) for _, kind, role in await desk.letters(number)}
    with pytest.raises(ActRefused):
        await desk.performs(number, Decided, outcome="refused", grounds="The balance is negative.")

    await desk.days_pass(700)  # and nothing is late
    found = desk.shows(number).state
    assert (found.overdue, due(desk, number)) == (False, {})
    receipt = await desk.performs(number, OpinionGiven, body="chmp", view="unfavourable")
    assert not desk.shows(number).state.flags
    told = due(desk, number)
    assert "cma-draft-decision" not in told
    assert "cma-contest-notice" in told  # nobody had contested the first one
    await drafted(desk, number, "unfavourable")
    receipt = await desk.performs(number, Decided, outcome="refused", grounds="The balance is negative.")
    assert receipt.phase == "refused"


async def test_the_times_that_run_from_an_opinion_run_from_the_letters_that_tell_it(desk, tmp_path):
    product = {**TRANSLARNA, "product": "Lettrinib", "active_substance": "lettrinib"}
    number = await files(desk, "application", tmp_path, product)
    await found_valid(desk, number)
    given = desk.today
    await desk.days_pass(4)  # and only then it is entered, and leaves
    await desk.performs(number, OpinionGiven, body="chmp", view="unfavourable", on=given)
    (notice,) = (one for one in desk.shows(number).entries[-1].clocks if one["ref"] == "cma-contest-notice")
    assert notice["clock"]["started_on"] == str(desk.today)
    assert notice["clock"]["presumed"]  # nobody has proven that day
    last = due(desk, number)["cma-contest-notice"]
    assert last >= desk.today + timedelta(days=15)
    await desk.waits_until(last + ONE_DAY)
    (draft,) = (one for one in desk.shows(number).entries[-1].clocks if one["ref"] == "cma-draft-decision")
    assert draft["clock"]["started_on"] == str(desk.today)
    assert draft["clock"]["presumed"]
    with pytest.raises(ActRefused, match="comes too late, and the opinion is final"):
        await desk.performs(number, OpinionContested, body="chmp", received_on=given)
    await desk.performs(number, OpinionContested, body="chmp", on=last)
    grounds = due(desk, number)["cma-contest-grounds"]
    assert grounds >= given + timedelta(days=64)  # from the same day as the notice
