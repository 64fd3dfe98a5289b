"""A register with programmes of every sort, and the site that is published from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.register import RegisterEntries
from models.entry import Entry, Standing
from models.subjects import Product
from procedures.be_umn.public import REGISTER
from procedures.be_umn.words import Phase, PublicList
from procedures.books import applicable_law
from register import database, laws, summaries
from register.numbers import allot
from register.publications import keep
from register.publishing import publish
from register.site import Frame
from register.summaries import Summary

TODAY = date(2026, 11, 22)
LAW = applicable_law("CUP", None, date(2026, 4, 1))
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
AGENCY = Frame(REGISTER, "The agency", telephone="+32 2 000 00 09")
HOSTILE = '<script>alert(1)</script> & "quoted" {{ 7*7 }} \' \u202e'

PROGRAMMES = (
    ("CUP-2026-001", "Voorbeeldra", "voorbeeldinib", "volwassenen met een zeldzame ziekte", Phase.AUTHORISED),
    ("CUP-2026-002", "Zomaar", "zomarab", "kinderen met een andere ziekte", Phase.AUTHORISED),
    (
        "CUP-2026-010",
        "ábelixa",
        "abelimab",
        "een derde ziekte, met een waarde ≥ 2 maar < 5",
        Phase.AUTHORISED,
    ),
    ("MNP-2026-001", "Proefix", "testamab", "huiduitslag die niet bestaat", Phase.SUSPENDED),
    ("MNP-2026-002", "Sluitium", "closurestat", "een voltooide ziekte", Phase.CLOSED),
    ("CUP-2026-003", HOSTILE, f"=1+1 {HOSTILE}", f"@SUM(A1) {HOSTILE}", Phase.AUTHORISED),
)
FIRST = (PROGRAMMES[1], PROGRAMMES[4])
"""The programmes of the first publication; the second closes the latter and adds the others."""

LISTS = {
    Phase.AUTHORISED: PublicList.AUTHORISED,
    Phase.SUSPENDED: PublicList.SUSPENDED,
    Phase.CLOSED: PublicList.CLOSED,
}


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A register of six programmes, one with everything in three languages, and its first publication."""
    url = f"sqlite:///{tmp_path_factory.mktemp('register') / 'register.db'}"
    database.migrate(url)
    for number, *product, _ in FIRST:
        enters(url, number, 1, Phase.AUTHORISED, *product, day=1)
    keep(url, REGISTER, TODAY, datetime(2026, 11, 20, 2, 0, tzinfo=UTC), hold_back=False)
    for day, (number, *product, phase) in enumerate(PROGRAMMES, start=1):
        if (number, *product, phase) not in FIRST:
            enters(url, number, 1, Phase.AUTHORISED, *product, day=day)
        if phase != Phase.AUTHORISED:
            enters(url, number, 2, phase, *product, day=day + 10)
    allot(url, "page", "UMN page in nl", "nl", "page-{serial}")
    indications = {"nl": PROGRAMMES[0][3], "fr": "adultes atteints d’une maladie rare", "en": "adults"}
    texts = [
        Summary(language, f"Eerste alinea ({language}).\n\nTweede.", indication)
        for language, indication in indications.items()
    ]
    at = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    summaries.keep(url, "CUP-2026-001", texts, translates=PROGRAMMES[0][3], by="Ann", at=at)
    for number, *product, _ in PROGRAMMES[1:]:
        summary = Summary("nl", f"Samenvatting. {HOSTILE}", product[2])
        summaries.keep(url, number, [summary], translates=product[2], by="Ann", at=at)
    yield url
    database.engine(url).dispose()


@pytest.fixture(scope="session")
def site(register: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published site, of the second publication."""
    into = tmp_path_factory.mktemp("published")
    publish(copy_of(register, into), into / "site", AGENCY, NOW, hold_back=False)
    return into / "site" / "current"


@pytest.fixture
def copied(register: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A register of one's own, with what the shared one holds."""
    url = copy_of(register, tmp_path_factory.mktemp("own"))
    yield url
    database.engine(url).dispose()


def copy_of(url: str, into: Path) -> str:
    """The address of a copy."""
    own = into / "own.db"
    with sqlite3.connect(url.removeprefix("sqlite:///")) as old, sqlite3.connect(own) as new:
        old.backup(new)
    return f"sqlite:///{own}"


def enters(
    url: str,
    number: str,
    sequence: int,
    phase: Phase,
    name: str,
    substance: str,
    indication: str,
    day: int,
    **told: Any,
) -> None:
    """Writes one entry of a programme."""
    on = date(2026, 4, day)
    standing = Standing(
        kind="programme",
        procedure=number[:3],
        applicant=None,
        subject=Product.model_construct(
            trade_name=name, active_substance=substance, indication=indication
        ).subject,
        phase=phase,
        possible=(),
        public_list=LISTS[phase],
        last_update_on=on,
        authorised_on=date(2026, 4, 1),
        in_force_on=date(2026, 4, 1),
        law=LAW.digest,
        **told,
    )
    laws.keep(url, LAW)
    RegisterEntries(url).enter(
        Entry(
            number=number,
            sequence=sequence,
            recorded_at=datetime(2026, 4, day, 9, 0, tzinfo=UTC),
            happened_on=on,
            act="Decided",
            by="Ann",
            standing=standing,
        )
    )
