"""A hospital exemption, from its application to its repeal: the life of its decree, told as one story."""

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
    Closed,
    CountRecorded,
    Decided,
    DeclaredAdmissible,
    DeclaredInadmissible,
    DeclaredIncomplete,
    Evaluated,
    FactRecorded,
    OpinionGiven,
    ProposalDeclined,
    QuestionsRaised,
    RuleJudged,
    SuspensionImposed,
    SuspensionLifted,
)
from models.clock import add_months, start_of
from models.errors import ActRefused
from models.forms import FORM
from models.subjects import Product
from office.desk.examining import checklist
from office.publication.schedule import published
from office.settings import Settings
from procedures import registry
from register.database import migrate
from tests.stories.desk import Office
from tests.stories.steps import authorised, until_act
from worker import postman_of, worker_of

pytestmark = pytest.mark.server

_deliveries = itertools.count(1)
GROUNDS = "The conditions of art. 5 are met."
JUDGED = ("H-04", "H-05", "H-07", "H-08", "H-09")
SAME = Product(trade_name="Cellarix", active_substance="Autologous  exemplary cells", indication="Cartilage.")


@pytest.fixture(scope="module")
async def desk(
    skipping: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    """An office that serves every procedure that is shipped."""
    settings = Settings(var=tmp_path_factory.mktemp("exemptions"), task_queue="umn-exemptions")
    migrate(settings.register_url)
    with ThreadPoolExecutor(10) as threads:
        async with (
            worker_of(skipping.client, settings, threads),
            postman_of(skipping.client, settings, threads),
        ):
            office = Office(skipping, settings)
            await office.looks_at_the_calendar()
            yield office


async def files(
    office: Office, kind: str, into: Path, says: dict[str, object] | None = None, **said: object
) -> str:
    """Files a sample of the procedure, whose form says more or something else. Returns: its number."""
    now = await office.environment.get_current_time()
    package = registry.intake("HEX").sample(
        f"exemption-{kind}",
        into,
        cesp_number=f"X-{next(_deliveries)}",
        received_at=now.astimezone(UTC),
        **said,
    )
    if says:
        form = json.loads((package / FORM).read_text("utf-8")) | says
        (package / FORM).write_text(json.dumps(form), encoding="utf-8")
    receipt, findings = await office.hands_in(package)
    assert findings == []
    return receipt.number


async def judged(office: Office, number: str) -> None:
    """The rules that a person judges are judged to be kept."""
    for rule in JUDGED:
        await office.performs(number, RuleJudged, rule=rule, verdict="pass", grounds="As in the file.")


async def granted(office: Office, into: Path, says: dict[str, object] | None = None) -> str:
    """An exemption that was granted under its condition."""
    number = await files(office, "application", into, says)
    await office.performs(number, DeclaredAdmissible)
    await judged(office, number)
    await office.performs(number, OpinionGiven, body="commission", view="favourable")
    await office.performs(number, Decided, outcome="granted", grounds=GROUNDS)
    return number


def due(office: Office, number: str) -> dict[str, date]:
    """What is due of a case, by what it is."""
    return {one.ref: one.due_on for one in office.shows(number).state.falls_due if one.due_on}


async def until_flagged(office: Office, number: str, flag: str) -> None:
    """Waits until a case shows a flag that another one brought about."""
    for _ in range(3000):
        if flag in office.shows(number).state.flags:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(office.shows(number).state.flags)


async def test_nobody_decides_before_the_opinion_and_the_time_to_decide_runs_from_it(desk, tmp_path):
    number = await files(desk, "application", tmp_path)
    assert number.startswith(f"HEX-{desk.today.year}-")
    opened = desk.today
    assert due(desk, number)["admissibility"] == opened + timedelta(days=20)
    receipt = await desk.performs(number, DeclaredAdmissible)
    assert (receipt.phase, receipt.due_on) == ("opinion", opened + timedelta(days=90))
    assert "decide" not in receipt.possible
    await judged(desk, number)
    with pytest.raises(ActRefused, match="decide"):
        await desk.performs(number, Decided, outcome="granted", grounds=GROUNDS)
    questions = {"body": "commission", "questions": ("How many lots?",), "days": 30}
    await desk.performs(number, QuestionsRaised, **questions)
    assert due(desk, number)["exemption-opinion"] == opened + timedelta(days=120)
    await desk.days_pass(3)
    receipt = await desk.performs(number, OpinionGiven, body="commission", view="unfavourable")
    assert (receipt.phase, receipt.due_on) == ("decision", desk.today + timedelta(days=20))
    refused = await desk.performs(number, Decided, outcome="refused", grounds="Risks outweigh benefits.")
    assert (refused.phase, refused.possible) == ("refused", ())


async def test_what_is_not_completed_is_rejected_by_a_person_and_never_by_itself(desk, tmp_path):
    number = await files(desk, "application", tmp_path)
    await desk.performs(number, DeclaredIncomplete, missing=("The draft label.",))
    completed_by = due(desk, number)["exemption-completion"]
    assert completed_by == desk.today + timedelta(days=20)
    late_on = next(
        one.late_on for one in desk.shows(number).state.falls_due if one.ref == "exemption-completion"
    )
    assert late_on is not None
    assert late_on > completed_by + timedelta(days=5)  # as many working days
    await desk.waits_until(completed_by + timedelta(days=1))
    assert "limit-passed" not in str(desk.shows(number).state.flags)  # not on every reading yet
    await desk.waits_until(late_on + timedelta(days=1))
    assert due(desk, number)["exemption-rejection"] == completed_by + timedelta(days=20)
    receipt = await desk.performs(
        number,
        DeclaredInadmissible,
        unmet="file-complete",
        grounds="No label came.",
        decided_by="Ann",
        capacity="minister",
    )
    assert receipt.phase == "inadmissible"


async def test_it_is_in_force_once_its_condition_is_met_and_owes_from_then_on(desk, tmp_path):
    number = await granted(desk, tmp_path)
    found = desk.shows(number).state
    assert (found.phase, found.in_force_on, found.public_list) == ("granted_on_condition", None, None)
    assert "authorise-provisionally" not in found.possible
    assert not any(ref.startswith(("evaluation", "activity-report")) for ref in due(desk, number))
    await desk.days_pass(9)
    met_on = desk.today
    await desk.performs(number, FactRecorded, fact="principle-authorised", source="Letter of the committee.")
    found = desk.shows(number).state
    assert (found.phase, found.in_force_on) == ("in_force", met_on)
    owed = [(one.ref, one.late_on) for one in found.falls_due if one.ref.startswith("activity-report")]
    ((ref, late_on),) = owed
    two_months_before = add_months(add_months(met_on, 12), -2)
    assert due(desk, number)[ref] <= two_months_before <= late_on
    assert {letter for _, letter, _ in await desk.letters(number)} >= {"in-force", "publication"}

    await desk.waits_until(due(desk, number)[ref] - timedelta(days=3))
    report = await files(desk, "activity-report", tmp_path, programme=number)
    await desk.performs(report, DeclaredAdmissible)
    noted = {"outcome": "noted", "grounds": "Eight patients, eight lots."}
    with pytest.raises(ActRefused, match="as minister; it is done as: agency"):
        await desk.performs(report, Decided, **noted, decided_by="Ann", capacity="minister")
    await desk.performs(report, Decided, **noted, decided_by="Ann", capacity="agency")
    await desk.waits_until(add_months(met_on, 12) + timedelta(days=1))
    assert desk.shows(number).state.flags == ()
    receipt = await desk.performs(number, Evaluated, outcome="continued", grounds="The conditions are met.")
    assert receipt.phase == "in_force"


async def test_a_programme_of_the_register_that_takes_the_patients_proposes_the_repeal(desk, tmp_path):
    number = await granted(desk, tmp_path)
    await desk.performs(number, FactRecorded, fact="principle-authorised", source="Letter of the committee.")
    programme = await desk.submits(product=SAME)
    await authorised(desk, number=programme, published=False)
    await until_flagged(desk, number, "end-proposed:programme-open")
    told = next(line for line in desk.shows(number).entries if line.act == "FactTold")
    assert (told.by, told.facts["source"]) == (programme, programme)
    receipt = await desk.performs(
        number, Closed, grounds="Its patients can enter the programme.", continuity_plan="They move to it."
    )
    assert receipt.phase == "repealed"

    at = start_of(desk.today) + timedelta(hours=12)
    published(desk.settings, tmp_path / "site", at, write=True)
    pages = {
        name: (tmp_path / "site" / name / "current" / "en" / "index.html").read_text()
        for name in registry.public_registers()
    }
    assert number in pages["hospital-exemptions"].partition('id="repealed"')[2]
    assert programme not in pages["hospital-exemptions"]
    assert programme in pages["umn"]
    assert number not in pages["umn"]


async def test_an_exemption_that_begins_later_is_told_of_the_programme_that_was_there_before(desk, tmp_path):
    number = await granted(desk, tmp_path)
    await desk.performs(number, FactRecorded, fact="principle-authorised", source="Letter of the committee.")
    await until_flagged(desk, number, "end-proposed:programme-open")
    receipt = await desk.performs(number, ProposalDeclined, grounds="It is another medicine.")
    assert receipt.phase == "in_force"
    assert desk.shows(number).state.flags == ()


async def test_what_the_commission_is_heard_on_is_proposed_after_its_opinion(desk, tmp_path):
    number = await granted(desk, tmp_path)
    await desk.performs(number, FactRecorded, fact="principle-authorised", source="Letter of the committee.")
    receipt = await desk.performs(number, FactRecorded, fact="conditions-lost", source="Evaluation.")
    assert "give-opinion" in receipt.possible
    for outcome, more in (
        ("modified", {"conditions": ({"text": "Fewer lots.", "due_on": desk.today + timedelta(days=90)},)}),
        ("suspended", {}),
        ("repealed", {"continuity_plan": "Followed up."}),
    ):
        with pytest.raises(ActRefused, match="after the opinion of: commission"):
            await desk.performs(number, Evaluated, outcome=outcome, grounds="It is routine.", **more)
    with pytest.raises(ActRefused, match="after the opinion of: commission"):
        await desk.performs(number, SuspensionImposed, grounds="It is routine.", for_safety=True)
    receipt = await desk.performs(number, Evaluated, outcome="continued", grounds="As it is, until then.")
    assert receipt.phase == "in_force"
    await desk.performs(number, OpinionGiven, body="commission", view="unfavourable")
    receipt = await desk.performs(
        number, Evaluated, outcome="repealed", grounds="It is routine by now.", continuity_plan="Followed up."
    )
    assert receipt.phase == "repealed"


async def test_broken_duties_suspend_it_after_the_commission_and_a_trial_that_takes_its_patients_repeals_it(
    desk, tmp_path
):
    """Art. 24 § 1, second and third subparagraph, and § 2, 1°; art. 25 on who may still be treated."""
    product = {"product": "Dutocel", "active_substance": "duty cells", "indication": "Cartilage."}
    number = await granted(desk, tmp_path, {"product": product})
    await desk.performs(number, FactRecorded, fact="principle-authorised", source="Letter of the committee.")
    broken = {"fact": "duties-broken", "source": "Inspection of this month."}
    receipt = await desk.performs(number, FactRecorded, **broken)
    assert (receipt.phase, "give-opinion" in receipt.possible) == ("in_force", True)
    assert "end-proposed:duties-broken" in desk.shows(number).state.flags
    halts = {"grounds": "Nobody answers for pharmacovigilance."}
    with pytest.raises(ActRefused, match="after the opinion of: commission"):
        await desk.performs(number, SuspensionImposed, **halts)
    await desk.performs(number, OpinionGiven, body="commission", view="unfavourable")
    receipt = await desk.performs(number, SuspensionImposed, **halts)
    assert receipt.phase == "suspended"
    assert desk.shows(number).state.public_list == "exemptions"  # until it is repealed
    receipt = await desk.performs(number, SuspensionLifted, grounds="Somebody is in charge again.")
    assert receipt.phase == "in_force"
    await desk.performs(number, ProposalDeclined, grounds="The duties are kept again.")
    assert desk.shows(number).state.flags == ()

    trial = {"fact": "trial-open", "source": "The trial was authorised on this day."}
    receipt = await desk.performs(number, FactRecorded, **trial)
    assert (receipt.phase, "give-opinion" in receipt.possible) == ("in_force", False)  # § 2 hears nobody
    assert "end-proposed:trial-open" in desk.shows(number).state.flags
    ends = {"grounds": "Its patients can enter the trial.", "continuity_plan": "Those treated are followed."}
    receipt = await desk.performs(number, Closed, **ends)
    assert receipt.phase == "repealed"
    found = desk.shows(number)
    signed = found.entries[-1].facts["signatory"]
    assert (signed["capacity"], signed["clause"]) == ("minister", "exemption-power-to-decide")
    assert (found.state.public_list, due(desk, number)) == ("repealed", {})
    told = [kind for _, kind, role in await desk.letters(number) if role == "applicant"]
    assert told[-3:] == ["suspension", "suspension-lifted", "closure"]


async def test_more_patients_than_were_foreseen_put_the_exemption_before_a_person_and_the_commission(
    desk, tmp_path
):
    """Art. 21 § 1, 1° and 2°, and annex 2; the patients that were foreseen are those of art. 7 § 1, 5°."""
    product = {"product": "Countocel", "active_substance": "counted cells", "indication": "Cartilage."}
    number = await granted(desk, tmp_path, {"product": product})  # of which no programme tells
    filed = next(line for line in desk.shows(number).entries if line.act == "Received")
    assert filed.facts["counts"] == [{"counted": "patients", "count": 8}]
    await desk.performs(number, FactRecorded, fact="principle-authorised", source="Letter of the committee.")
    counted = {"period_from": "2026-01-01", "period_until": "2026-06-30", "lots_released": 11}
    said = {"activity": {**counted, "doses_prepared": 11, "patients_treated": 9}}
    report = await files(desk, "activity-report", tmp_path, programme=number, says=said)
    await desk.performs(report, DeclaredAdmissible)
    assert desk.shows(number).state.flags == ()
    noted = {"outcome": "noted", "grounds": "Nine patients.", "decided_by": "Ann", "capacity": "agency"}
    await desk.performs(report, Decided, **noted)
    await until_flagged(desk, number, "count-beyond:patients:9:8:2026-06-30")
    found = desk.shows(number)
    assert "end-proposed:conditions-lost" in found.state.flags
    told = {one["counted"]: one for one in found.entries[-1].facts["counts"]}
    assert {name: one["count"] for name, one in told.items()} == {"doses": 11, "patients": 9, "lots": 11}
    assert (told["patients"]["allowed"], told["patients"]["clause"]) == (8, "activity-counted")
    with pytest.raises(ActRefused, match="after the opinion of: commission"):
        await desk.performs(number, SuspensionImposed, grounds="It is routine.")
    receipt = await desk.performs(number, ProposalDeclined, grounds="One was treated twice.")
    assert receipt.phase == "in_force"
    assert desk.shows(number).state.flags == ()
    said = {"counted": "patients", "count": 12, "source": "Decision of this day, condition 1."}
    await desk.performs(number, CountRecorded, allowed=True, **said)
    over = {"period_from": date(2026, 7, 1), "period_until": desk.today}
    await desk.performs(number, CountRecorded, **{**said, "source": "Letter.", **over})
    assert desk.shows(number).state.flags == ()


async def test_a_transfer_makes_the_other_hospital_the_holder(desk, tmp_path):
    number = await granted(desk, tmp_path)
    await desk.performs(number, FactRecorded, fact="principle-authorised", source="Letter of the committee.")
    transfer = await files(desk, "transfer", tmp_path, programme=number)
    assert due(desk, transfer)["exemption-transfer"] == desk.today + timedelta(days=15)
    await desk.performs(transfer, Decided, outcome="adapted", grounds="Both gave notice.")
    await desk.is_written(number, desk.shows(number).state.entry)
    await until_held_by(desk, number, "Other Example Hospital")
    assert desk.shows(number).state.holder == "Other Example Hospital (fictitious)"
    assert ("holder-changed", "applicant") in {(kind, role) for _, kind, role in await desk.letters(number)}
    published(desk.settings, tmp_path / "site", start_of(desk.today) + timedelta(hours=12), write=True)
    page = (tmp_path / "site" / "hospital-exemptions" / "current" / "en" / "index.html").read_text()
    (row,) = (row for row in page.split("<tr")[1:] if number in row)
    assert "Other Example Hospital (fictitious)" in row


async def until_held_by(office: Office, number: str, holder: str) -> None:
    """Waits until an exemption has passed to a holder."""
    for _ in range(1000):
        if office.shows(number).state.holder.startswith(holder):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(office.shows(number).state.holder)


async def test_a_transfer_has_its_effect_on_the_day_of_its_publication_and_not_with_the_decision(
    desk, tmp_path
):
    """Art. 10 § 3, third subparagraph: the publication makes it effective."""
    number = await granted(desk, tmp_path)
    await desk.performs(number, FactRecorded, fact="principle-authorised", source="Letter of the committee.")
    before = desk.shows(number).state.holder
    transfer = await files(desk, "transfer", tmp_path, programme=number)
    published_on = desk.today + timedelta(days=12)
    said = {"outcome": "adapted", "grounds": "Both gave notice.", "effective_on": published_on}
    await desk.performs(transfer, Decided, **said)
    await until_flagged(desk, number, f"effect-to-come:{published_on}")
    await desk.waits_until(published_on - timedelta(days=1))
    assert desk.shows(number).state.holder == before
    await desk.waits_until(published_on)
    await until_held_by(desk, number, "Other Example Hospital")
    found = desk.shows(number).state
    assert found.last_update_on == published_on
    assert not any(flag.startswith("effect-to-come") for flag in found.flags)


async def test_a_substantial_modification_goes_as_an_application_and_changes_what_is_exempted(desk, tmp_path):
    """Art. 11: articles 8, 9 and 10 § 1 apply by analogy."""
    number = await granted(desk, tmp_path)
    await desk.performs(number, FactRecorded, fact="principle-authorised", source="Letter of the committee.")
    before = desk.shows(number).state.subject["parts"]["indication"]
    modification = await files(desk, "modification", tmp_path, programme=number)
    assert modification.startswith(f"{number}/modification-")
    opened = desk.today
    assert due(desk, modification)["admissibility"] == opened + timedelta(days=20)
    receipt = await desk.performs(modification, DeclaredAdmissible)
    assert (receipt.phase, receipt.due_on) == ("opinion", opened + timedelta(days=90))
    assert "decide" not in receipt.possible
    receipt = await desk.performs(modification, OpinionGiven, body="commission", view="favourable")
    assert receipt.due_on == opened + timedelta(days=20)
    assert desk.shows(number).state.subject["parts"]["indication"] == before
    await desk.performs(modification, Decided, outcome="granted", grounds=GROUNDS)
    await until_act(desk, number, "DossierEnded")
    found = desk.shows(number).state
    assert found.phase == "in_force"
    assert found.subject["parts"]["indication"] == "Exemplary defects of cartilage in adults"
    assert found.last_update_on == opened


async def test_a_medicine_is_used_in_emergencies_for_ninety_days_from_its_first_notification(desk, tmp_path):
    first = desk.today
    product = {"product": "Exemplocel", "active_substance": "exemplary cells"}
    number, warned = await notifies(desk, tmp_path, product, first)
    assert (number[:8], warned) == (f"HEU-{first.year}", [])
    assert due(desk, number)["emergency-window"] == first + timedelta(days=90)
    await desk.performs(number, RuleJudged, rule="N-01", verdict="pass", grounds="As declared.")
    receipt = await desk.performs(number, Decided, outcome="acknowledged", grounds="As declared.")
    assert receipt.phase == "acknowledged"
    assert due(desk, number).keys() == {"emergency-window"}

    await desk.days_pass(20)
    second, warned = await notifies(desk, tmp_path, product, first)
    assert (warned, verdict_on(desk, second)) == ([], "pass")
    assert "emergency-window" not in due(desk, second)
    again = {"product": "Another name", "active_substance": "Exemplary  Cells"}
    of_another, (warning,) = await notifies(desk, tmp_path, again, desk.today)
    assert warning.startswith(f"P-15 (warn): {number} was received on")
    await desk.performs(of_another, RuleJudged, rule="N-01", verdict="pass", grounds="As declared.")
    receipt = await desk.performs(of_another, Decided, outcome="not_fulfilled", grounds="It is no first one.")
    assert receipt.phase == "not_fulfilled"

    await desk.waits_until(first + timedelta(days=91))
    assert due(desk, number)  # working days are the other reading
    late, _ = await notifies(desk, tmp_path, product, first)
    assert verdict_on(desk, late) == "open"
    (window,) = (one for one in desk.shows(number).state.falls_due if one.ref == "emergency-window")
    await desk.waits_until(window.late_on + timedelta(days=1))
    over, _ = await notifies(desk, tmp_path, product, first)
    admissible, _ = await notifies(desk, tmp_path, product, first, admissible_application=True)
    assert (verdict_on(desk, over), verdict_on(desk, admissible)) == ("fail", "pass")
    await desk.performs(over, RuleJudged, rule="N-01", verdict="pass", grounds="As declared.")
    receipt = await desk.performs(over, Decided, outcome="not_fulfilled", grounds="The time has passed.")
    assert receipt.phase == "not_fulfilled"


async def notifies(
    office: Office, into: Path, product: dict[str, str], first: date, **said: object
) -> tuple[str, list[str]]:
    """Files a notification of emergency use. Returns: its number, and what was found."""
    today, reference = office.today, f"EM-{next(_deliveries)}"
    form = {
        "procedure": "HEX",
        "submission_type": "first-emergency-use" if first == today else "emergency-use",
        "applicant": {
            "name": "Exemplary University Hospital (fictitious)",
            "language": "nl",
            "email": "atmp@hospital.example.org",
            "private_undertaking": False,
            "country": "BE",
        },
        "product": product,
        "emergency_use": {
            "reference": reference,
            "received_on": str(today),
            "first_notified_on": str(first),
            "urgency": True,
            "prescription": True,
            "declaration": True,
            "admissible_application": False,
            **said,
        },
    }
    file = into / f"{reference}.json"
    file.write_text(json.dumps(form), encoding="utf-8")
    receipt, found = await office.hands_in(file)
    return receipt.number, found


def verdict_on(office: Office, number: str) -> str:
    """Whether the time from the first notification has passed, as the checklist has it."""
    found = office.shows(number)
    return next(one["verdict"] for one in checklist(found) if one["rule"] == "N-04")
