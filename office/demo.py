"""The main job from end to end on a real Temporal server, as an operator would type it.

Each step prints its command and its answer. It uses the installation's own data folder, so that the
programmes and dossiers are there to look at afterwards; run again, it files new dossiers.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import starter
from models.clock import civil_day
from models.errors import OutsideWorldFailed
from office.package import SAMPLES, sample
from office.settings import Settings
from register.reading import questions
from samples.statements.make import ACCOUNT, Payment, camt, coda

ROOT = Path(__file__).resolve().parent.parent
REAL_PAGE = ROOT.parent / "shared" / "data" / "famhp_page_nl_2024-07-19.txt"

ONE, ANOTHER = "Case officer A", "Case officer B"


class Desk:
    """Types commands and prints them, with what they answer."""

    def __init__(self) -> None:
        self._first = time.monotonic()

    def says(self, text: str) -> None:
        """Tells what comes next."""
        print(f"\n{text}", flush=True)

    def types(self, *words: str, answers: int = 0) -> None:
        """Runs a command, which must end with the given exit code."""
        print(f"$ umn {shlex.join(words)}", flush=True)
        code = starter.run(list(words))
        sys.stdout.flush()
        if code != answers:
            raise OutsideWorldFailed(f"umn {words[0]} ended with {code} instead of {answers}.")

    def asks(self, *words: str) -> Any:
        """Runs a command for its JSON, without showing it."""
        with redirect_stdout(StringIO()) as out:
            starter.run([*words, "-o", "json"])
        return json.loads(out.getvalue())

    def pays(self, form: Callable[..., bytes], number: str, cents: int, statement: Path) -> None:
        """Writes a statement with a payment of the open invoice of a dossier, and imports it."""
        (invoice,) = self.asks("show", number)["invoices"]
        settings = Settings.read()
        account = settings.agency_account or ACCOUNT
        with questions(settings.register_url) as ask:
            ((known,),) = ask("SELECT count(*) FROM statement")
        payment = Payment(cents, f"+++{invoice['communication']}+++", reference=statement.parent.name)
        statement.write_bytes(form([payment], civil_day(datetime.now(UTC)), known + 1, account=account))
        self.types("payments", "import", os.path.relpath(statement), "--by", ANOTHER)

    def submits(self, package: Path) -> str:
        """Submits a package and returns the number of its dossier."""
        self.types("submit", os.path.relpath(package))
        return str(
            self.asks("submit", os.path.relpath(package))["number"]
        )  # the same package is the same dossier


def play(settings: Settings) -> None:
    """Plays the demo. Raises: OutsideWorldFailed when a step does not end as it should."""
    os.environ.setdefault("UMN_BY", ONE)
    began = time.monotonic()
    desk = Desk()
    today = civil_day(datetime.now(UTC))
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")

    desk.says("The Temporal server and a worker.")
    desk.types("up")

    desk.says("The agency's public list of programmes is taken over.")
    if REAL_PAGE.exists():
        desk.types("import-register", os.path.relpath(REAL_PAGE))
    else:
        known = os.path.relpath(SAMPLES / "known-products.csv")
        desk.types("import-register", os.path.relpath(SAMPLES / "agency-page-nl.txt"), "--known", known)

    into = settings.var / "demo" / stamp
    now = datetime.now(UTC)

    desk.says("A compassionate use application arrives. Its summary in French is missing.")
    package = sample("cup-application", into, cesp_number=f"DEMO-{stamp}-1", received_at=now)
    cup = desk.submits(package)
    desk.types("declare-incomplete", cup)
    desk.says("What the procedure does not await is refused, and changes nothing.")
    desk.types("decide", cup, "--outcome", "authorised", "--grounds", "too early", answers=3)
    desk.says("The applicant completes the dossier.")
    desk.types(
        "submit",
        str(sample("cup-completion", into, dossier=cup, cesp_number=f"DEMO-{stamp}-2", received_at=now)),
    )
    desk.types("declare-admissible", cup)
    desk.says("A person judges a rule of eligibility that answers alone cannot decide.")
    desk.types("judge", cup, "--rule", "E-01", "--verdict", "pass", "--grounds", "It is life-threatening.")
    desk.says("No published contribution is known for today: a person fixes it, with its source.")
    desk.types(
        "fix-contribution", cup, "--amount", "19284.61", "--source", "demonstration; no published amount"
    )
    desk.says("The bank's statement arrives; the payment finds its invoice by the communication.")
    desk.pays(coda, cup, 1928461, into / "statement.cod")
    desk.says("Questions stop the clock; the answers start it again.")
    desk.types("raise-questions", cup, "--question", "How is unused product destroyed?")
    desk.types("receive-answers", cup)
    desk.types("give-opinion", cup, "--body", "ethics_committee", "--view", "favourable")
    desk.types("give-opinion", cup, "--body", "commission", "--view", "favourable_with_remarks")
    desk.types(
        "decide",
        cup,
        "--outcome",
        "authorised_with_conditions",
        "--grounds",
        "No satisfactory treatment is authorised, marketed and reimbursed.",
        "--condition",
        f"{today + timedelta(days=180)}: Report on the first twenty patients.",
    )

    desk.says("A medical need application is examined and refused.")
    mnp = desk.submits(sample("mnp-application", into, cesp_number=f"DEMO-{stamp}-3", received_at=now))
    desk.types("declare-admissible", mnp)
    desk.types("fix-contribution", mnp, "--amount", "11759.19", "--source", "demonstration")
    desk.says("Its payment comes in the other form of statement, and in two parts.")
    desk.pays(camt, mnp, 1000000, into / "part.xml")
    desk.pays(camt, mnp, 175919, into / "rest.xml")
    desk.types("give-opinion", mnp, "--body", "ethics_committee", "--view", "unfavourable")
    desk.types("give-opinion", mnp, "--body", "commission", "--view", "unfavourable")
    desk.types(
        "decide",
        mnp,
        "--outcome",
        "refused",
        "--grounds",
        "A reimbursed treatment exists for this condition.",
    )

    desk.says("The programme is suspended for safety, and lifted again.")
    desk.types("suspend", cup, "--grounds", "A safety signal is being examined.", "--for-safety")
    desk.types("lift-suspension", cup, "--grounds", "The signal was not confirmed.")

    desk.says("What the register now says.")
    desk.types("list")
    desk.types("show", cup)

    letters = [d for n in (cup, mnp) for d in desk.asks("show", n)["documents"] if d["letter"]]
    status = desk.asks("status")
    desk.says(f"{len(letters)} letters were written; they lie in {settings.outbox}, as they were sent.")
    ui = status["temporal"]["ui"]
    if ui:
        print(f"The Temporal UI: {ui} (look for {cup}). It goes on running: `./umn down` stops it.")
    print(f"The demo took {time.monotonic() - began:.0f} s.")
