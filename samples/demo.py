"""The main job from end to end on a real Temporal server, as an operator would type it.

Each step prints its command and its answer; each command is a process of the command line, at which nobody
types. It uses the installation's own data folder, so that the programmes and dossiers are there to look at
afterwards; run again, it files new dossiers.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from models.clock import civil_day
from models.errors import OutsideWorldFailed
from models.messages import worded
from office.letters.offices import offices
from office.money.reading import understood
from office.money.statements import compact
from office.settings import Settings
from procedures.be_umn.samples import HERE, sample
from register.keys import kept
from samples.statements.make import ACCOUNT, Payment, camt, coda

PROJECT = Path(__file__).resolve().parents[1]
REAL_PAGE = PROJECT.parent / "shared" / "data" / "famhp_page_nl_2024-07-19.txt"

ONE, ANOTHER = "Case officer A", "Case officer B"

WHO = ("--decided-by", ANOTHER, "--capacity", "administrator-general")
"""Who takes the acts of the authority."""

JUDGED = {
    "E-01": "It is life-threatening.",
    "E-02": "The only alternative is not reimbursed.",
    "E-08": "No trial would take these patients.",
}
"""Rules of eligibility that the answers of the form leave to a person."""

FIRST_STATEMENT = 101
"""Numbers of the demo's bank statements begin here: the one of samples/statements is number 1."""

FIRST_BALANCE = 5_000_000
"""Cents: not those of the other samples, which would otherwise be taken for the same part of the account."""

POSTMAN_PATIENCE = 60.0
"""Seconds."""

LOADED = ("models.acts", "models.register", "temporalio.client", "office.desk.acting", "office.desk.sending")
"""What most commands load is loaded once, and each command begins with it."""


class Desk:
    """Types commands and prints them, with what they answer."""

    def __init__(self, settings: Settings, into: Path) -> None:
        self._settings = settings
        self._bank = into / "bank"
        self._key = settings.own_key.with_name("colleague")
        self._as_colleague = False

    def says(self, text: str) -> None:
        """Tells what comes next."""
        print(f"\n{text}", flush=True)

    def has_a_colleague(self) -> None:
        """Adds somebody who decides, with a key of one's own."""
        kept(self._key)
        words = ("--function", "inspector", "--role", "decider", "--key", f"{self._key}.pub")
        self.types("people", "add", ANOTHER, *words)

    def decides(self, *words: str) -> None:
        """Prepares an act that takes two people; a colleague looks at what waits and signs it."""
        self.types("prepare", *words)
        self._as_colleague = True
        print(worded("demo.colleague", person=ANOTHER), flush=True)
        self.types("sign")
        self.types("sign", str(self.asks("sign")[-1]["preparation"]))
        self._as_colleague = False

    def types(self, *words: str, answers: int = 0) -> None:
        """Runs a command, which must end with the given exit code."""
        print(f"$ umn {shlex.join(words)}", flush=True)
        self._runs(words, answers)

    def asks(self, *words: str) -> Any:
        """Runs a command for its JSON, without showing it."""
        return json.loads(self._runs((*words, "-o", "json"), 0, shown=False))

    def _runs(self, words: tuple[str, ...], answers: int, shown: bool = True) -> str:
        answer, into = os.pipe()
        key = str(self._key) if self._as_colleague else ""
        command = get_context("fork").Process(target=_typed, args=(words, key, None if shown else into))
        command.start()
        os.close(into)
        with open(answer) as told:
            said = told.read()
        command.join()
        if command.exitcode != answers:
            raise OutsideWorldFailed("demo.ended", command=words[0], code=command.exitcode, expected=answers)
        return said

    def pays(self, form: Callable[..., bytes], number: str, cents: int, name: str) -> None:
        """Writes a statement with a payment of the open invoice of a dossier, and imports it."""
        (invoice,) = self.asks("show", number)["invoices"]
        payment = Payment(cents, f"+++{invoice['communication']}+++", reference=self._bank.parent.name)
        account = offices(self._settings)[number.partition("-")[0]].creditor.account or ACCOUNT
        earlier = [
            told
            for file in self._bank.parent.parent.glob("*/bank/*")
            for told in understood(file.read_bytes(), file.name, [compact(account)]).statements
        ]
        opening = FIRST_BALANCE + sum(told.closing - told.opening for told in earlier)
        self._bank.mkdir(parents=True, exist_ok=True)
        statement = self._bank / name
        statement.write_bytes(
            form([payment], civil_day(datetime.now(UTC)), FIRST_STATEMENT + len(earlier), opening, account)
        )
        self.types("payments", "import", os.path.relpath(statement))

    def submits(self, package: Path) -> str:
        """Submits a package and returns the number of its dossier."""
        self.types("submit", os.path.relpath(package))
        return str(
            self.asks("submit", os.path.relpath(package))["number"]
        )  # the same package is the same dossier

    def waits_for_the_postman(self) -> None:
        """Waits until every letter was made and tried, for a minute at most: an operator would not wait."""
        until = time.monotonic() + POSTMAN_PATIENCE
        while time.monotonic() < until and any(
            one["state"] in ("to_make", "pending", "sending") and not one["attempts"]
            for one in self.asks("notices")
        ):
            time.sleep(0.1)


def _typed(words: tuple[str, ...], key: str, into: int | None) -> None:
    """Is the process of one command, with a key of its own; its answer goes to the screen, or into a pipe."""
    from starter import run

    if into is not None:
        os.dup2(into, sys.stdout.fileno())
    if key:
        os.environ["UMN_KEY"] = key
    sys.exit(run([*words]))


def play(settings: Settings) -> None:
    """Plays the demo. Raises: OutsideWorldFailed when a step does not end as it should."""
    for module in LOADED:
        import_module(module)
    began, now = time.monotonic(), datetime.now(UTC)
    stamp = now.strftime("%Y%m%d-%H%M%S")
    into = settings.var / "demo" / stamp
    desk = Desk(settings, into)

    desk.says(worded("demo.server"))
    desk.types("up", "--person", ONE)
    desk.says(worded("demo.two"))
    desk.has_a_colleague()

    desk.says(worded("demo.list"))
    if REAL_PAGE.exists():
        desk.types("import-register", os.path.relpath(REAL_PAGE))
    else:
        known = os.path.relpath(HERE / "known-products.csv")
        desk.types("import-register", os.path.relpath(HERE / "agency-page-nl.txt"), "--known", known)

    desk.says(worded("demo.application"))
    package = sample("cup-application", into, cesp_number=f"DEMO-{stamp}-1", received_at=now)
    cup = desk.submits(package)
    desk.types("declare-incomplete", cup)
    desk.says(worded("demo.refused"))
    desk.types("prepare", "decide", cup, "--outcome", "authorised", "--grounds", "too early", *WHO, answers=3)
    desk.says(worded("demo.completed"))
    desk.types(
        "submit",
        str(sample("cup-completion", into, dossier=cup, cesp_number=f"DEMO-{stamp}-2", received_at=now)),
    )
    desk.types("declare-admissible", cup)
    desk.says(worded("demo.judged"))
    for rule, grounds in JUDGED.items():
        desk.types("judge", cup, "--rule", rule, "--verdict", "pass", "--grounds", grounds)
    desk.says(worded("demo.contribution"))
    desk.types(
        "fix-contribution", cup, "--amount", "19284.61", "--source", "demonstration; no published amount"
    )
    desk.says(worded("demo.statement"))
    desk.pays(coda, cup, 1928461, "statement.cod")
    desk.says(worded("demo.questions"))
    desk.types(
        "raise-questions",
        cup,
        "--body",
        "commission",
        "--days",
        "10",
        "--question",
        "How is unused product destroyed?",
    )
    desk.types("receive-answers", cup)
    desk.types("give-opinion", cup, "--body", "ethics_committee", "--view", "favourable")
    desk.types("give-opinion", cup, "--body", "commission", "--view", "favourable_with_remarks")
    desk.says(worded("demo.decided"))
    desk.decides(
        "decide",
        cup,
        *WHO,
        "--outcome",
        "authorised_with_conditions",
        "--grounds",
        "No satisfactory treatment is authorised, marketed and reimbursed.",
        "--condition",
        f"{civil_day(now) + timedelta(days=180)}: Report on the first twenty patients.",
        "--until",
        f"{civil_day(now) + timedelta(days=3 * 365)}",
        "--protocol",
        "1.0",
    )
    desk.says(worded("demo.in-force"))
    desk.decides(
        *("authorise-provisionally", cup, *WHO, "--requested-by", "manufacturer"),
        *("--grounds", "Supply is assured."),
    )

    desk.says(worded("demo.another"))
    mnp = desk.submits(sample("mnp-application", into, cesp_number=f"DEMO-{stamp}-3", received_at=now))
    desk.types("declare-admissible", mnp)
    desk.types("fix-contribution", mnp, "--amount", "11759.19", "--source", "demonstration")
    desk.says(worded("demo.two-parts"))
    desk.pays(camt, mnp, 1000000, "part.xml")
    desk.pays(camt, mnp, 175919, "rest.xml")
    desk.types("give-opinion", mnp, "--body", "ethics_committee", "--view", "unfavourable")
    desk.types("give-opinion", mnp, "--body", "commission", "--view", "unfavourable")
    desk.decides(
        "decide",
        mnp,
        *WHO,
        "--outcome",
        "refused",
        "--grounds",
        "A reimbursed treatment exists for this condition.",
    )

    desk.says(worded("demo.suspended"))
    desk.decides("suspend", cup, "--grounds", "A safety signal is being examined.", "--for-safety", *WHO)
    desk.decides("lift-suspension", cup, "--grounds", "The signal was not confirmed.", *WHO)

    desk.says(worded("demo.postman"))
    desk.waits_for_the_postman()
    desk.says(worded("demo.register"))
    desk.types("list")
    desk.types("show", cup)

    letters = [d for n in (cup, mnp) for d in desk.asks("show", n)["documents"] if d["letter"]]
    desk.says(worded("demo.letters", n=len(letters), outbox=settings.outbox))
    if ui := desk.asks("status")["temporal"]["ui"]:
        print(worded("demo.ui", ui=ui, number=cup))
    print(worded("demo.took", seconds=time.monotonic() - began))
