"""What the desk shows, as it stands on the screen: in each language, and in terminals of several widths.

The screens are drawn again by `make screens`; what changed in them is then read before it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import starter
from models.acts import (
    ContributionFixed,
    Decided,
    DeclaredAdmissible,
    DeclaredIncomplete,
    InvoicePaid,
    OpinionGiven,
    ProvisionallyAuthorised,
    PublicationRecorded,
)
from models.decision import Condition
from models.errors import PackageRefused
from models.messages import ENGLISH, LANGUAGES, Message, read_in
from models.parties import Language
from models.people import StaffRole
from models.reasons import Reason
from models.receipts import Receipt
from models.subjects import Product
from office.desk import peopling
from office.desk.acting import answered
from office.service.problems import Problem
from office.service.showing import ServiceShowing
from office.settings import Settings
from register.keys import kept
from register.refused_packages import remember
from samples.statements.make import Payment
from tests.cli.filled import FilledRegister

ROOT = Path(__file__).resolve().parents[2]
DRAWN = Path(__file__).parent / "screens"
SPOKEN = [lang for lang in LANGUAGES if (ROOT / "templates" / f"messages.{lang}.toml").exists()]
WIDTHS = (80, 120, 200)

NOW = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
"""A Friday."""

MOST_USED = {
    "desk": "desk",
    "list": "list",
    "show": "show CUP-2026-002",
    "due": "due",
    "next": "next CUP-2026-001",
    "explain": "explain CUP-2026-001",
    "refusal": "give-opinion MNP-2026-001 --body commission --view favourable --dry-run",
    "notices": "notices",
    "payments": "payments",
    "receipt": "",
    "status": "",
}
"""The screens that are used most, by the command that shows each; two are shown without a server."""

OTHERS = {
    "list-plain": "list --plain",
    "due-wide": "due --wide",
    "timeline": "timeline CUP-2026-001",
    "find": "find exemplar",
    "report": "report",
    "rehearsal": "suspend CUP-2026-002 --requested-by agency --grounds Unsafe. "
    "--decided-by Ann --capacity minister --dry-run",
    "documents": "documents CUP-2026-001",
    "summary": "summary CUP-2026-002",
    "history": "history CUP-2026-001",
    "recipients": "recipients CUP-2026-001",
    "refused-packages": "refused-packages",
    "people": "people",
    "sign": "sign",
    "payments-report": "payments report --year 2026",
    "law": "law show decision",
    "calendar": "calendar list",
    "clock": "clock --start 2026-06-01 --clause completion",
    "wrong-number": "show CUP-2026-009",
    "wrong-option": "list --kind nothing",
    "wrong-day": "due -1",
}
"""The others, at 80 columns in English."""

CHANGES = (
    (re.compile(r"\b[0-9a-f]{12}\b"), "0123456789ab"),
    (re.compile(r"SHA256:[\w+/]{43}"), f"SHA256:{'0' * 43}"),
    (re.compile(r"holidays \d[\d.]*\d"), "holidays 0.1"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d"), "2026-06-12T09:30"),
)
"""What is another at each run, or with each release: digests, keys, and instants of this machine."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Receipt]:
    """An office in which something of each kind lies on the desk, and the receipt of its last act."""
    var = tmp_path_factory.mktemp("screens") / "var"
    var.mkdir()
    settings = Settings(var=var, key=var.with_name("key"))
    book = FilledRegister(settings)
    peopling.first(settings, "Ann", date(2026, 1, 2))
    kept(var.with_name("other"))
    roles = (StaffRole.ASSESSOR, StaffRole.FINANCE)
    since = date(2026, 1, 2)
    peopling.add(settings, "Bob", "inspector", roles, since, None, f"{var.with_name('other')}.pub", since)

    exemplar, elan = book.party("Exemplar Pharma"), book.party("Élan Santé SA", Language.NL)
    rare = Product(
        trade_name="Voorbeeldra", active_substance="voorbeeldinib", indication="A rare disease of the blood."
    )
    book.files("CUP-2026-002", date(2026, 1, 12), exemplar, rare)
    book.does("CUP-2026-002", date(2026, 1, 16), DeclaredAdmissible)
    book.does(
        "CUP-2026-002", date(2026, 1, 16), ContributionFixed, cents=19_284_61, source="the list of 2026"
    )
    book.does("CUP-2026-002", date(2026, 1, 28), InvoicePaid, cents=19_284_61)
    for body in ("ethics_committee", "commission"):
        book.does("CUP-2026-002", date(2026, 2, 10), OpinionGiven, body=body, view="favourable")
    book.does(
        "CUP-2026-002",
        date(2026, 2, 20),
        Decided,
        outcome="authorised_with_conditions",
        grounds="No other treatment is left to these patients.",
        conditions=[Condition(due_on=date(2026, 6, 5), text="A report on safety every quarter.")],
        until_on=date(2071, 2, 20),
        protocol="version 1",
        decided_by="Ann",
        capacity="minister",
    )
    book.does("CUP-2026-002", date(2026, 3, 2), ProvisionallyAuthorised, **FOR_THE_MAKER)
    book.does("CUP-2026-002", date(2026, 3, 4), PublicationRecorded)

    book.files("CUP-2026-001", date(2026, 4, 20), exemplar, rare)
    book.does("CUP-2026-001", date(2026, 4, 20), DeclaredAdmissible)
    book.does(
        "CUP-2026-001", date(2026, 4, 24), ContributionFixed, cents=19_284_61, source="the list of 2026"
    )

    often = Product(trade_name="Élanix", active_substance="elanixine", indication="A frequent disease.")
    book.files("MNP-2026-001", date(2026, 6, 1), elan, often)
    book.does("MNP-2026-001", date(2026, 6, 4), DeclaredIncomplete, missing=["the protocol, signed"])
    book.receives(
        date(2026, 6, 8),
        Payment(1_250_00, "with thanks", payer="ÉLAN SANTÉ SA"),
        Payment(19_284_61, "CUP-2026-001", payer="EXEMPLAR PHARMA"),
    )
    refused = PackageRefused(
        Reason.MACRO.value, "package.refused", told=[Message("package.can-hold-macros", name="form.docm")]
    )
    remember(settings.register_url, refused, at=NOW, by="Ann", name="package.zip", sha256=None)
    return settings, book.does(
        "CUP-2026-001", date(2026, 6, 12), OpinionGiven, body="ethics_committee", view="favourable"
    )


FOR_THE_MAKER: dict[str, Any] = {
    "requested_by": "manufacturer",
    "grounds": "The stock is there.",
    "decided_by": "Ann",
    "capacity": "minister",
}

RUNNING = {
    "data": "/srv/umn",
    "profile": "production",
    "temporal": {"kind": "embedded", "address": "127.0.0.1:7233", "answers": True},
    "worker": {"running": True, "pid": 4711, "polling": True, "task_queue": "umn"},
    "postman": {"running": False, "pid": None, "pollers": []},
    "letters": {"waiting": 2},
    "compared": {"at": "2026-06-12T02:00:00+00:00", "differences": 0},
    "database": "SQLite",
}
"""What `umn status` knows of an office whose postman has ended."""


@contextmanager
def screen(settings: Settings, language: str, width: int) -> Iterator[None]:
    """A terminal of that width, in that language, on a day that stands."""
    with pytest.MonkeyPatch.context() as stands:
        stands.setenv("UMN_VAR", str(settings.var))
        stands.setenv("UMN_KEY", str(settings.key))
        stands.setenv("UMN_LANG", language)
        stands.setenv("COLUMNS", str(width))
        stands.delenv("UMN_TABLES", raising=False)
        for module in ("office.commands", "office.commands.notices", "office.desk.acting"):
            stands.setattr(f"{module}.now", lambda: NOW)
        read_in(language)
        yield
        read_in(ENGLISH)


def shown(name: str, office: tuple[Settings, Receipt], capsys: pytest.CaptureFixture[str]) -> str:
    """What stands on the screen: the result, then what is told beside it, then the exit code if it is one."""
    settings, receipt = office
    command, code = (MOST_USED | OTHERS)[name], 0
    capsys.readouterr()
    if name == "receipt":
        answered(settings, receipt, OpinionGiven, "table")
    elif name == "status":
        said = Message("problem.no-postman-and-letters", n=2)
        problem = Problem("no-postman", said, since=NOW, possible=("up",))
        ServiceShowing("table").status({**RUNNING, "problems": [problem.told()]})
    else:
        import shlex

        code = starter.run(starter._as_told(shlex.split(command)))
    out, err = capsys.readouterr()
    text = "\n".join(filter(None, (out.rstrip("\n"), err.rstrip("\n"), f"[{code}]" if code else "")))
    text = text.replace(str(settings.var), "/srv/umn")
    for changes, stands in CHANGES:
        text = changes.sub(stands, text)
    assert not re.search(r"\d…", text), "a day, a number or an amount was cut"
    return text


def compared(file: Path, text: str, draws: bool) -> None:
    if draws:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"nobody has drawn {file.name}: make screens"
    assert file.read_text(encoding="utf-8") == text, f"{file} shows something else now: make screens"


def _ruler(widths: list[int]) -> str:
    """A line as wide as the terminal, or as the first of those that show the same."""
    return f" {', '.join(map(str, widths))} ".center(widths[0], "═")


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("name", MOST_USED)
def test_a_screen_that_is_used_most_stands_as_it_was_read(
    name: str,
    language: str,
    office: tuple[Settings, Receipt],
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    alike: dict[str, list[int]] = {}
    for width in WIDTHS:
        with screen(office[0], language, width):
            alike.setdefault(shown(name, office, capsys), []).append(width)
    parts = [f"{_ruler(widths)}\n{text}\n" for text, widths in alike.items()]
    compared(DRAWN / language / f"{name}.txt", "\n".join(parts), pytestconfig.getoption("--draw-screens"))


@pytest.mark.parametrize("name", OTHERS)
def test_another_screen_stands_as_it_was_read(
    name: str,
    office: tuple[Settings, Receipt],
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    with screen(office[0], ENGLISH, 80):
        text = f"$ umn {OTHERS[name]}\n{shown(name, office, capsys)}\n"
    compared(DRAWN / "others" / f"{name}.txt", text, pytestconfig.getoption("--draw-screens"))
