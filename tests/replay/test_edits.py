"""Edits of the kind that a tired person makes: each is seen when what the stories ran replays on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = (".", "build", "var", "__pycache__")


class Edit(NamedTuple):
    """One edit of the source, in which histories it must show, and how."""

    what: str
    file: str
    was: str
    becomes: str
    told: str
    """A text of the histories that walk the edited line."""
    shows: str | tuple[str, ...]
    """A text of the difference that is told."""


EDITS = [
    Edit(
        "what the UI shows is written before the entry",
        "workflows/proceeding.py",
        "            entry = entry_of(self, happened, rest, workflow.now())\n",
        "            entry = entry_of(self, happened, rest, workflow.now())\n"
        "            temporal_ui.show(self, rest, before)\n",
        "Decided",
        "recorded: local activity",
    ),
    Edit(
        "a timer lasts twice as long",
        "workflows/proceeding.py",
        "lasts = waking.at - workflow.now()",
        "lasts = 2 * (waking.at - workflow.now())",
        "Decided",
        "seconds: recorded",
    ),
    Edit(
        "a timer that still runs for its day is set anew",
        "workflows/proceeding.py",
        "if self._alarm_set and self._alarm_set[0] == waking and not self._alarm_set[1].done():",
        "if False:",
        "RuleJudged",
        "timer",
    ),
    Edit(
        "the limit to decide starts when the dossier was received",
        "workflows/phases/admissibility.py",
        "dossier.start(law.decision, admissible_on)",
        "dossier.start(law.decision, dossier.filed.opened_on)",
        "DeclaredAdmissible",
        'summary: recorded "entry',
    ),
    Edit(
        "a contribution that a person fixes is no fact of the entry",
        "workflows/invoicing.py",
        "case.note(cents=fixed.cents, source=fixed.source, **attested)",
        "case.note(cents=fixed.cents, **attested)",
        "ContributionFixed",
        'summary: recorded "entry',
    ),
    Edit(
        "a fact is renamed",
        "workflows/phases/obligation.py",
        "life.note(due_on=obligation.due_on, filed=obligation.filed)",
        "life.note(due_on=obligation.due_on, filed_when=obligation.filed)",
        "DossierFiled",
        'summary: recorded "entry',
    ),
    Edit(
        "a fact is added",
        "workflows/phases/closure.py",
        "    life.programme.closed_on = life.programme.last_update_on = on\n",
        "    life.programme.closed_on = life.programme.last_update_on = on\n"
        '    life.note(asked_by="applicant")\n',
        '"act":"Closed"',
        "facts.asked_by: recorded null",
    ),
    Edit(
        "an invoice that is handed over to collection is told to its addressee",
        "workflows/invoicing.py",
        'case.happens("HandedToCollection", invoice=invoice.invoice, cents=invoice.owed_cents)\n',
        'case.happens("HandedToCollection", invoice=invoice.invoice, cents=invoice.owed_cents)\n'
        "        case.tell(LetterKind.INVOICE_REMINDER, Role.INVOICE_ADDRESSEE)\n",
        "HandedToCollection",
        'summary: recorded "entry',
    ),
    Edit(
        "an acknowledgement does not say when the dossier was received",
        "workflows/phases/filing.py",
        "        received_on=filed.opened_on,\n",
        "",
        "entry 1: Received",
        'summary: recorded "entry 1: Received',
    ),
    Edit(
        "a case is concluded before its invoice is settled",
        "workflows/examination.py",
        "        await settle_invoice(self, phase)\n"
        "        await see_done(self, phase)\n"
        "        self.filed.stage = Stage.ENDED\n"
        "        await self.end(phase)\n",
        "        self.filed.stage = Stage.ENDED\n"
        "        await self.end(phase)\n"
        "        await settle_invoice(self, phase)\n",
        "HandedToCollection",
        "",
    ),
    Edit(
        "a programme is told of a dossier under the year after its own",
        "models/dossier.py",
        "kind=self.kind.value, year=self.year)\n",
        "kind=self.kind.value, year=self.year and self.year + 1)\n",
        "take_note",
        "arguments[0].year: recorded",
    ),
    Edit(
        "the receipts of one year are kept instead of two",
        "workflows/life.py",
        "anniversary(began_on, -2)",
        "anniversary(began_on, -1)",
        "YearTurned",
        'summary: recorded "entry',
    ),
    Edit(
        "late lists are not flagged",
        "models/obligations.py",
        "            return self.passed_after + ONE_DAY, Press.MISSED\n",
        "            return (self.passed_after + ONE_DAY, Press.MISSED) if owed.review else None\n",
        "ListOverdue",
        (": ListOverdue", 'missed", today'),  # or that it is not waited for, where that comes first
    ),
    Edit(
        "the law of a year is read by an activity of the queue",
        "workflows/effects.py",
        "        lambda policy: workflow.execute_local_activity_method(\n            LawBooks.of_year,",
        "        lambda policy: workflow.execute_activity_method(\n            LawBooks.of_year,",
        "YearTurned",
        "recorded: local activity",
    ),
    Edit(
        "the law of a year is that of the year before",
        "workflows/life.py",
        "programme.law = await law_of_year(programme.procedure, began_on)",
        "programme.law = await law_of_year(programme.procedure, programme.authorised_on)",
        "YearTurned",
        "summary: recorded",
    ),
    Edit(
        "ten movements at a time instead of five",
        "workflows/statement.py",
        "AT_A_TIME = 5",
        "AT_A_TIME = 10",
        "5 movements",
        "arguments[0].movements",
    ),
    Edit(
        "the postman carries one lane at a time instead of five",
        "workflows/postman.py",
        "HANDS = 5",
        "HANDS = 1",
        "the outbox",
        "activity",
    ),
    Edit(
        "the postman goes home while letters are to be tried again",
        "workflows/postman.py",
        "self._woken or not (next_attempt or self._in_hand)",
        "self._woken or not self._in_hand",
        "until the next attempt",
        "today:    result",
    ),
    Edit(
        "a new publication waits two minutes instead of one",
        "workflows/publication.py",
        "SOON = timedelta(minutes=1)",
        "SOON = timedelta(minutes=2)",
        "until decisions that belong together",
        "seconds: recorded 60.0, today 120.0",
    ),
    Edit(
        "the account of an ended case stays for two days",
        "workflows/account.py",
        "wake_on=self.today + timedelta(days=1)",
        "wake_on=self.today + timedelta(days=2)",
        "the account of",
        "until",
    ),
    Edit(
        "an entry is tried for a minute instead of ten seconds",
        "workflows/effects.py",
        "QUICK = timedelta(seconds=10)",
        "QUICK = timedelta(seconds=60)",
        "Decided",
        "start_to_close: recorded 10.0, today 60.0",
    ),
]


def edited(edit: Edit, folder: Path) -> Path:
    """The source with one edit; all but the package that it is in is only linked."""
    package = edit.file.partition("/")[0]
    folder.mkdir()
    for entry in ROOT.iterdir():
        if entry.name == package:
            shutil.copytree(entry, folder / package)
        elif not entry.name.startswith(NOT_COPIED):
            (folder / entry.name).symlink_to(entry)
    text = (folder / edit.file).read_text()
    assert text.count(edit.was) == 1, (
        f"{edit.file} no longer says {edit.was!r} once: give the edit its new text"
    )
    (folder / edit.file).write_text(text.replace(edit.was, edit.becomes))
    return folder


def replayed(source: Path, runs: list[Path]) -> str:
    """What replaying says, in a process of the edited source."""
    assert runs, "no story tells of it"
    strict = [sys.executable, "-m", "tests.replay.strict", "--first", *map(str, runs)]
    found = subprocess.run(strict, cwd=source, capture_output=True, text=True)
    return found.stdout or found.stderr


@pytest.fixture(scope="module")
def outcomes(runs, tmp_path_factory) -> Iterator[dict[str, Future[str]]]:
    """Every edit replays, two at a time, while the tests wait for theirs."""
    folder = tmp_path_factory.mktemp("edited")
    said = {run: run.read_bytes() for run in runs if not run.parent.name.startswith("runs-of-")}
    with ThreadPoolExecutor(os.cpu_count()) as pool:

        def begin(edit: Edit) -> Future[str]:
            walked = [run for run in said if edit.told.encode() in said[run]]
            source = folder / str(EDITS.index(edit))
            return pool.submit(lambda: replayed(edited(edit, source), walked))

        yield {edit.what: begin(edit) for edit in EDITS}


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.what.replace(" ", "-"))
def test_an_edit_is_seen(edit, outcomes):
    said = outcomes[edit.what].result()
    assert "says something else" in said, said
    shows = edit.shows if isinstance(edit.shows, tuple) else (edit.shows,)
    assert any(one in said for one in shows), said
