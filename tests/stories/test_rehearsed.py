"""An act is rehearsed before it is sent: what is shown is what is entered, and nothing is done."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import starter
from activities.register import digest
from models.acts import (
    Act,
    Closed,
    ContributionFixed,
    DeclaredAdmissible,
    DeclaredIncomplete,
    QuestionsRaised,
    SuspensionImposed,
    Withdrawn,
)
from models.errors import ActRefused, InputRefused, UntimelyAct
from models.receipts import Receipt
from office.desk.foreseen import foreseen, lines
from office.desk.peopling import first
from office.desk.rehearsing import Stage
from office.desk.sending import made_of
from procedures.be_umn.words import Kind
from register.reading import questions
from tests.stories.desk import Office
from tests.stories.steps import END, WIDER, authorised, modified, until_act

pytestmark = pytest.mark.server


class Rehearsing(Office):
    """An operator who rehearses each act before he performs it, and compares."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.environment, office.settings, first=500)
        self.compared: list[str] = []
        self.told: dict[tuple[str, str], str] = {}

    async def foresees(
        self, number: str, act: type[Act], request_id: str = "", **said: Any
    ) -> dict[str, Any]:
        """What `--dry-run` shows."""
        made = self.made(number, act, request_id or "rehearsed", said)
        return await foreseen(self.settings, number, made, await self.environment.get_current_time())

    def made(self, number: str, act: type[Act], request_id: str, said: dict[str, Any]) -> Act:
        return made_of(act, {"by": "Ann", **self.signed(number, act, said)}, request_id)

    async def performs(self, number: str, act: type[Act], request_id: str = "", **said: Any) -> Receipt:
        request_id = request_id or f"compared-{len(self.compared)}"
        stage = Stage(self.settings, await self.environment.get_current_time())
        rehearsed = await stage.rehearse(number, self.made(number, act, request_id, said))
        for one in await stage.follows(rehearsed):
            self.told[one.entry.number, one.entry.act] = digest(one.entry)
        receipt = await super().performs(number, act, request_id, **said)
        assert digest(rehearsed.entry) == self.digest(number, receipt.entry), act.command
        assert rehearsed.entry.receipt is not None
        assert rehearsed.entry.receipt.model_copy(update={"invoice": receipt.invoice}) == receipt
        self.compared.append(act.command)
        return receipt

    def digest(self, number: str, entry: int) -> str:
        with questions(self.settings.register_url) as ask:
            asked = "SELECT digest FROM entry WHERE number = ? AND sequence = ?"
            return str(ask(asked, [number, entry])[0][0])


@pytest.fixture(scope="module")
def rehearsing(office: Office) -> Rehearsing:
    return Rehearsing(office)


def written(folder: Path) -> dict[str, str]:
    """Every file of an office, by its content."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and not file.name.endswith("-shm"))
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def of_ann(office: Office) -> Path:
    """The key of Ann, who is the one person of the office."""
    own = replace(office.settings, key=office.settings.var.with_name("ann"))
    first(own, "Ann", office.today)
    return own.own_key


def umn(office: Office, patch: pytest.MonkeyPatch, *words: str, typed: str | None = None) -> int:
    """A command, as typed in the office; at a terminal where something is typed there."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return typed is not None

    patch.setenv("UMN_VAR", str(office.settings.var))
    patch.setenv("UMN_KEY", str(of_ann(office)))
    patch.setenv("TEMPORAL_ADDRESS", office.client.service_client.config.target_host)
    patch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)
    patch.setattr("sys.stdin", Terminal(typed or ""))
    return starter.run([*words])


async def test_what_is_typed_at_a_terminal_is_asked_and_elsewhere_is_not(office, monkeypatch, capsys):
    number = await office.submits()
    refuses = ("declare-inadmissible", number, "--unmet", "reasons", "--grounds", "g")
    await office.letters(number)
    of_ann(office)
    before, events = written(office.settings.var), office.shows(number).entries

    shown = await asyncio.to_thread(umn, office, monkeypatch, *refuses, "--dry-run", "-o", "json")
    told = json.loads(capsys.readouterr().out)
    assert (shown, told["was"], told["phase"], told["entry"]) == (0, "admissibility", "inadmissible", 2)
    assert [letter["letter"] for letter in told["letters"]] == ["inadmissible"]
    assert await asyncio.to_thread(umn, office, monkeypatch, *refuses, typed="no\n") == 2
    asked = capsys.readouterr().err
    assert "admissibility → inadmissible" in asked
    assert "letter: inadmissible to the applicant, in fr: Exemplar Pharma <regulatory@exemplar" in asked
    assert asked.rstrip().endswith(f"declare-inadmissible of {number} was not sent; nothing was changed.")
    assert written(office.settings.var) == before
    assert office.shows(number).entries == events
    assert await asyncio.to_thread(umn, office, monkeypatch, *refuses, typed="") == 2  # nobody answered

    assert await asyncio.to_thread(umn, office, monkeypatch, *refuses, typed="Yes\n") == 0
    assert office.acts(number)[-1] == "DeclaredInadmissible"
    capsys.readouterr()
    for typed, yes in ((None, ()), ("", ("--yes",))):  # a script, and a person who knows
        number = await office.submits()
        words = ("withdraw", number, *yes)
        assert await asyncio.to_thread(umn, office, monkeypatch, *words, typed=typed) == 0
        assert "yes or no" not in capsys.readouterr().err


async def test_documents_of_a_rehearsal_are_not_kept(office, monkeypatch, tmp_path, capsys, caplog):
    number = await office.submits()
    await office.performs(number, DeclaredIncomplete, missing=("Annex II",))
    await office.letters(number)
    of_ann(office)
    before, file = written(office.settings.var), tmp_path / "annex.txt"
    file.write_text("Annex II")
    words = ("receive-completion", number, "--documents", str(file), "--dry-run")
    assert await asyncio.to_thread(umn, office, monkeypatch, *words) == 0
    assert capsys.readouterr().out.rstrip().endswith("Nothing was sent, entered or kept.")
    assert written(office.settings.var) == before
    assert "rehearsal" not in caplog.text  # which people would read beside it


async def test_what_was_rehearsed_is_what_is_entered_here_and_in_the_programme_that_is_told(rehearsing):
    office = rehearsing
    due_on = (await office.looks_at_the_calendar()) + timedelta(days=90)
    number = await authorised(office, {"text": "a report", "due_on": due_on}, procedure="MNP")
    await modified(office, number, "authorised", WIDER)
    await until_act(office, number, "DossierEnded")
    (ended,) = (line for line in office.shows(number).entries if line.act == "DossierEnded")
    assert office.told[number, "DossierEnded"] == office.digest(number, ended.sequence)
    await office.performs(number, SuspensionImposed, grounds="g", for_safety=True)

    other = await office.submits(Kind.MODIFICATION, number[:3], number, product=WIDER)
    await office.performs(other, DeclaredAdmissible, heard_as="substantial")

    told = await office.foresees(number, Closed, **END)
    assert told["open"]["dossiers"] == [{"number": other, "phase": "opinion"}]
    assert [condition["text"] for condition in told["open"]["conditions"]] == ["a report"]
    said = "\n".join(lines(told))
    assert f"open under it now: dossier {other} (opinion); condition 1, due {due_on}: a report" in said
    assert f"ends: condition 1, which was due {due_on}\n" in said
    assert "letter: closure to the physicians, in fr: Médecins du programme <physicians@hospital" in said
    await office.performs(number, Closed, **END)
    assert {"decide", "suspend", "close"} <= {*office.compared}


async def test_a_rehearsal_refuses_as_the_case_does(rehearsing):
    office = rehearsing
    number = await office.submits()
    for act, said in (
        (Closed, END),
        (DeclaredAdmissible, {"on": office.today + timedelta(days=1)}),
        (DeclaredAdmissible, {"heard_as": "substantial"}),
    ):
        with pytest.raises(ActRefused) as foreseen_:
            await office.foresees(number, act, **said)
        with pytest.raises(type(foreseen_.value)) as entered:
            await Office.performs(office, number, act, **said)
        assert (str(foreseen_.value), foreseen_.value.possible) == (
            str(entered.value),
            entered.value.possible,
        )
    await office.performs(number, Withdrawn)
    for act, said in ((Withdrawn, {}), (DeclaredAdmissible, {})):
        with pytest.raises(UntimelyAct, match="nothing"):
            await office.foresees(number, act, **said)
    with pytest.raises(InputRefused, match="stands already, as entry 2"):
        await office.foresees(number, Withdrawn, request_id=office.shows(number).entries[-1].request_id or "")


async def test_days_that_nobody_has_heard_yet_come_first(rehearsing):
    """As when the server stood still over the turn of a year: the case hears them before the act."""
    office = rehearsing
    number = await office.imports((await office.looks_at_the_calendar()) - timedelta(days=300))
    now = await office.environment.get_current_time()
    entries = office.shows(number).state.entry
    stage = Stage(office.settings, now + timedelta(days=400))
    rehearsed = await stage.rehearse(number, office.made(number, Closed, "a-year-later", END))
    first = [entry.act for entry in rehearsed.before]
    assert first.count("YearTurned") == 1
    assert rehearsed.entry.sequence == entries + len(first) + 1


async def test_a_rehearsal_knows_what_its_case_heard_of_its_letters_and_tells_days_and_amounts(rehearsing):
    """That letters left ended a limit, and nothing was entered of that."""
    office = rehearsing
    number = await office.submits()
    await office.letters(number)
    await office.days_pass(2)
    await office.performs(number, DeclaredAdmissible)
    await office.days_pass(8)
    assert "LimitPassed" not in office.acts(number)
    asks = {"body": "commission", "questions": ("How is it destroyed?",), "days": 10}
    asked = await office.foresees(number, QuestionsRaised, **asks)
    assert asked["first"] == []
    days = {day["ref"]: (day["change"], day["was"] is None, day["due_on"] is None) for day in asked["days"]}
    assert days == {"commission-opinion": ("moves", False, False), "answers": ("begins", True, False)}
    assert all("art. 10" in day["article"] for day in asked["days"])
    fixed = await office.foresees(number, ContributionFixed, cents=7, source="the accounts")
    assert (fixed["invoice"]["cents"], fixed["invoice"]["to"]) == (7, "Exemplar Pharma")
    for act, said in ((QuestionsRaised, asks), (ContributionFixed, {"cents": 7, "source": "the accounts"})):
        await office.performs(number, act, **said)
    still = (await office.foresees(number, Withdrawn))["open"]
    assert [one["cents"] for one in still["invoices"]] == [7]
    assert [one["ref"] for one in still["questions"]] == ["answers"]
    await office.performs(number, Withdrawn)
