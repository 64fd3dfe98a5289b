"""What a case carries through its runs is small, and comes back as it was."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from pydantic import ValidationError

from models.clock import ClosingDay
from models.decision import Condition, Opinion, View
from models.dossier import Dossier, FiledDocument, Inquiry, Invoice, Readings, Warned
from models.eligibility import Assessed, Verdict
from models.findings import Finding, Severity
from models.law.applicable import Change, Law
from models.notes import DossierEnded, DossierFiled, LetterLeft, Published, RegisterAhead
from models.parties import Party
from models.phases import Stage
from models.programme import Programme, Suspension
from models.receipts import Docket, Given, Rest, Undelivered
from models.signs import THE_MAIL_SERVER
from models.subjects import Product
from procedures.be_umn.law.conditions import PUBLICATION_GAP
from procedures.be_umn.rules import RULES
from procedures.be_umn.words import Body, Kind, Phase, Role
from procedures.books import applicable_law, shipped

LARGEST = 17_500
"""Bytes of the input of a run."""

GROUNDS = "The safety signal of the last quarterly report is not yet explained by the applicant. " * 2
PRODUCT = Product(
    trade_name="Voorbeeldra 40 mg/ml concentrate for solution for infusion",
    active_substance="voorbeeldinib besilate",
    indication="Treatment of adult patients with a rare disease that no authorised medicine relieves. " * 3,
)
PARTY = Party(id="3f2504e0-4f89-11d3-9a0c", name="Exemplar Pharma Europe")
CLOSED = tuple(
    ClosingDay(
        day=date(year, month, 27), reason="Bridging day.", by="A. Peeters", entered_on=date(2026, 1, 5)
    )
    for year in range(2026, 2030)
    for month in (5, 12)
)
BOOK = shipped().closed_on(CLOSED)


def receipts(count: int, since: date) -> dict[str, Given]:
    """Acts of two years, each remembered."""
    every = timedelta(days=700 // count)
    return {
        f"close-to-new-patients-3f2504e0-4f89-11d3-9a0c-0305e82c{nth:04d}": Given(
            digest="0123456789abcdef", entry=200 + nth, on=since + every * nth
        )
        for nth in range(count)
    }


def programme_of_twenty_years() -> Programme:
    """Twenty years, with a dossier or two in each; two years of receipts; several of everything."""
    authorised_on, today = date(2026, 3, 2), date(2046, 2, 1)
    programme = Programme(
        number="CUP-2026-014",
        procedure="CUP",
        applicant=PARTY,
        subject=PRODUCT.subject,
        authorised_on=authorised_on,
        opened_on=date(2026, 1, 5),
        last_update_on=today,
        year=20,
        law=applicable_law("CUP", None, date(2045, 3, 2), BOOK).brief(),
        invoice=Invoice(
            invoice="2026-00014",
            cents=1_896_032,
            communication="+++260/0001/40176+++",
            issued_on=authorised_on,
            due_on=authorised_on,
            paid_on=authorised_on,
            paid_cents=1_896_032,
        ),
    )
    programme.open_year()
    programme.suspensions = [
        Suspension(
            imposed_on=today,
            effective_on=today + timedelta(days=nth),
            requested_by="agency",
            grounds=GROUNDS,
            in_effect=not nth,
        )
        for nth in range(3)
    ]
    programme.owes([Condition(text="A yearly report on every treated patient. " * 2, due_on=today)] * 5)
    programme.valid_until(date(2047, 1, 31), today)
    dossiers = [f"list-{year}{half}" for year in range(2026, 2046) for half in ("", "-2")]
    dossiers += [f"modification-{year}" for year in range(2028, 2046, 3)]
    programme.docket = Docket(
        entries=224,
        since=today,
        rest=Rest(phase=Phase.SUSPENDED, possible=("lift-suspension", "close"), due_on=today),
        given=receipts(30, date(2044, 3, 2)),
        under_way=["list-2046"],
        ended=dossiers,
        undelivered=[
            Undelivered(
                notice="CUP-2026-014/223/suspension/applicant", letter="suspension", entry=223, on=today
            )
        ],
    )
    return programme


def dossier_with_everything() -> Dossier:
    """A full checklist, findings, documents, questions that were raised, two readings left open."""
    filed_on = date(2026, 3, 2)
    law = applicable_law("CUP", Kind.APPLICATION, filed_on, BOOK)
    applied = [rule for rule in RULES if rule.applies("CUP", Kind.APPLICATION, filed_on)]
    clocks = {clause: law.clock(clause, filed_on) for clause in ("decision", "ethics-opinion", "answers")}
    for clock in clocks.values():
        clock.stop(filed_on, Phase.OPINION.value, filed_on)
    return Dossier(
        number="CUP-2026-014",
        kind=Kind.APPLICATION,
        procedure="CUP",
        opened_on=filed_on,
        taken_in_by="A. Peeters",
        cesp_number="CESP-2026-0302-0014",
        applicant=PARTY,
        invoice_addressee=PARTY,
        subject=PRODUCT.subject,
        documents=tuple(
            FiledDocument(
                name=f"{nth:02d}-annex/annex-{nth:02d}-of-the-application.pdf", sha256="a" * 64, size=1
            )
            for nth in range(1, 13)
        ),
        findings=tuple(
            Finding(
                check=f"C-{nth:02d}",
                severity=Severity.ASK,
                what="missing_document",
                part="fr",
                params={"folder": "02-annex", "document": "Summary for publication in French"},
            )
            for nth in range(1, 5)
        ),
        checklist=tuple(
            Assessed(rule=rule.id, verdict=Verdict.OPEN, article=str(rule.source)) for rule in applied
        ),
        law=law.brief(),
        stage=Stage.OPINIONS,
        admissible_on=filed_on,
        clocks=clocks,
        began=dict.fromkeys(clocks, 7),
        warned={clause: Warned(due_on=filed_on, rungs=2) for clause in clocks},
        passed={"decision": filed_on},
        two_readings=Readings(
            opinion=Opinion(body=Body.COMMISSION, view=View.UNFAVOURABLE, given_on=filed_on, text=GROUNDS),
            silent_until=filed_on,
        ),
        inquiries=[Inquiry(body=Body.COMMISSION, asked_on=filed_on, days=10)] * 2,
        docket=Docket(entries=12, since=filed_on, given=receipts(10, filed_on)),
    )


@pytest.mark.parametrize("largest", [programme_of_twenty_years, dossier_with_everything])
def test_the_input_of_a_run_is_small_also_of_the_largest_case(largest):
    carried = largest()
    written = json.dumps(carried.written(), separators=(",", ":")).encode()
    assert len(written) <= LARGEST
    assert type(carried).model_validate_json(written) == carried  # nothing is lost by leaving defaults out


def test_cases_that_carry_the_same_law_hold_one_and_write_it_as_it_came():
    written = programme_of_twenty_years().written()
    later = {**written["law"], "of_a_later_build": 1}  # of the same hash
    one, other, differs = (
        Programme.model_validate_json(json.dumps({**written, "law": law}))
        for law in (written["law"], written["law"], later)
    )
    assert one.law is other.law
    assert one.written() == other.written() == written
    assert differs.written()["law"] == later


def test_the_law_in_brief_counts_and_decides_as_the_whole_one_and_says_no_word_more():
    whole = applicable_law("CUP", Kind.APPLICATION, date(2026, 3, 2), BOOK)
    brief = whole.brief()
    assert brief.digest == whole.digest
    assert Law.model_validate_json(whole.model_dump_json()) == whole
    assert not any(applied.article for applied in brief.clauses.values())
    assert "numac" not in brief.model_dump_json()
    for clause, applied in whole.clauses.items():
        if len(applied.limits) == 1:
            due_on = whole.clock(clause, whole.on).due_on(whole.calendar)
            assert brief.clock(clause, whole.on).due_on(brief.calendar) == due_on
    decides = PUBLICATION_GAP.applied_on(whole.on)
    assert decides.brief().text == decides.text != ""  # words that decide


@pytest.mark.parametrize("part", ["applied", "closing"])
def test_a_change_makes_the_same_law_of_the_brief_one_and_of_the_whole_one(part):
    whole = applicable_law("CUP", Kind.APPLICATION, date(2026, 3, 2))
    applied = whole.clauses["decision"].model_copy(update={"article": "A decree to come, art. 1"})
    closing = ClosingDay(day=date(2026, 4, 7), reason="Strike.", by="Ann", entered_on=date(2026, 3, 3))
    change = Change(of=whole.digest, **{part: {"applied": (applied,), "closing": closing}[part]})
    changed = whole.changed(change)
    assert whole.brief().changed(change).brief() == changed.brief()
    assert changed.digest != whole.digest


def test_a_law_that_differs_in_its_words_alone_has_another_hash():
    """Else a letter would name the article of another law."""
    law = applicable_law("CUP", Kind.APPLICATION, date(2026, 3, 2))
    other = law.clauses["decision"].model_copy(update={"article": "art. 999"})
    assert law.revised(other).digest != law.revised(law.clauses["decision"]).digest


NUMBER, TODAY = "CUP-2026-014", date(2027, 2, 1)
FILED = DossierFiled(dossier=f"{NUMBER}/modification-2027", on=date(2027, 1, 1), kind="modification")
ENDED = DossierEnded(
    dossier=FILED.dossier,
    on=date(2027, 2, 1),
    kind="modification",
    outcome="refused",
    effective_on=date(2027, 2, 1),
)


def test_a_dossier_is_heard_once_when_it_was_filed_and_once_when_it_ended():
    docket = Docket()
    heard = [docket.hear(NUMBER, note, TODAY) for note in (FILED, FILED, ENDED, ENDED, FILED)]
    assert heard == [True, False, True, False, False]
    again = Docket.model_validate_json(docket.model_dump_json(exclude_defaults=True))
    assert again.told == [FILED, ENDED]
    assert not again.hear(NUMBER, ENDED, TODAY)


@pytest.mark.parametrize(
    "dossier", ["q", NUMBER, f"{NUMBER}/", "MNP-2026-001/modification-2027", f"X{NUMBER}/m"]
)
def test_a_note_of_another_series_is_not_heard(dossier):
    docket = Docket()
    assert not docket.hear(NUMBER, FILED.model_copy(update={"dossier": dossier}), TODAY)
    assert docket == Docket()


def test_the_end_of_a_dossier_that_was_never_filed_is_not_heard():
    assert not Docket().hear(NUMBER, ENDED, TODAY)


LEFT = LetterLeft(
    request_id="letter-1",
    dossier=NUMBER,
    on=TODAY,
    notice=f"{NUMBER}/2/questions/applicant",
    letter="questions",
    role="applicant",
    entry=2,
    by="Ann",
    channel="registered",
)


@pytest.mark.parametrize("notice", ["", "/2", "/to-2", "/2/to-3/again-1"])
def test_a_letter_is_heard_once_of_each_of_its_notices(notice):
    docket, note = Docket(entries=2), LEFT.model_copy(update={"notice": LEFT.notice + notice})
    assert [docket.hear(NUMBER, note, TODAY), docket.hear(NUMBER, note, TODAY)] == [True, False]
    assert docket.told == [note]


@pytest.mark.parametrize(
    "untrue",
    [
        {"on": TODAY + timedelta(days=1)},
        {"entry": 1},
        {"letter": "decision"},
        {"role": Role.DESK},
        {"notice": f"{LEFT.notice}s"},
        {"notice": "CUP-2026-015/2/questions/applicant"},
    ],
    ids=lambda untrue: " and ".join(untrue),
)
def test_a_letter_that_no_entry_told_or_of_a_day_to_come_is_not_heard(untrue):
    docket = Docket(entries=2)
    assert not docket.hear(NUMBER, LEFT.model_copy(update=untrue), TODAY)
    assert docket == Docket(entries=2)


def test_what_tells_of_an_entry_that_a_case_does_not_know_yet_is_heard_and_what_it_knows_is_not():
    """It may have lost the task that entered it."""
    left = LEFT.model_copy(update={"entry": 3, "notice": f"{NUMBER}/3/questions/applicant"})
    ahead = RegisterAhead(dossier=NUMBER, on=TODAY, entry=3)
    docket = Docket(entries=2)
    assert docket.hear(NUMBER, left, TODAY)
    assert docket.hear(NUMBER, ahead, TODAY)
    assert docket.told == [left, ahead]
    assert not docket.hear(NUMBER, ahead, TODAY)
    assert not docket.hear(NUMBER, ahead.model_copy(update={"dossier": "CUP-2026-015"}), TODAY)
    assert not docket.hear(NUMBER, ahead.model_copy(update={"entry": 2}), TODAY)


def test_a_publication_is_heard_in_its_order_and_of_no_day_to_come():
    docket, days = Docket(), (TODAY - timedelta(days=9), TODAY, TODAY - timedelta(days=9))
    heard = []
    for on in (*days, TODAY + timedelta(days=1)):
        heard.append(docket.hear(NUMBER, Published(dossier=NUMBER, on=on), TODAY))
        docket.told.clear()  # it was entered
    assert heard == [True, True, False, False]


@pytest.mark.parametrize("by", ["", "  ", "7", "the procedure", "Ann\u202e"])
def test_of_a_letter_nobody_tells_who_has_no_name(by):
    with pytest.raises(ValidationError):
        LetterLeft.model_validate(LEFT.model_dump() | {"by": by})
    assert LetterLeft.model_validate(LEFT.model_dump() | {"by": THE_MAIL_SERVER}).said_by == THE_MAIL_SERVER
