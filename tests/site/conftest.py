"""A register with programmes of every sort, and the site that is published from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from activities.register import RegisterEntries
from models.entry import Entry, Standing
from models.parties import Product
from models.phases import Phase, PublicList
from register import database, summaries
from register.numbers import allot
from register.publishing import publish
from register.summaries import Summary

TODAY = date(2026, 11, 22)
AGENCY = "The agency"
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
LISTS = {
    Phase.AUTHORISED: PublicList.AUTHORISED,
    Phase.SUSPENDED: PublicList.SUSPENDED,
    Phase.CLOSED: PublicList.CLOSED,
}


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a register of six programmes, one of them with everything in three languages."""
    url = f"sqlite:///{tmp_path_factory.mktemp('register') / 'register.db'}"
    database.migrate(url)
    for day, (number, *product, phase) in enumerate(PROGRAMMES, start=1):
        enters(url, number, 1, Phase.AUTHORISED, *product, day=day)
        if phase is not Phase.AUTHORISED:
            enters(url, number, 2, phase, *product, day=day + 10)
    allot(url, "page", "page in nl", "nl", "page-{serial}")
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
    """The published site."""
    folder = tmp_path_factory.mktemp("published") / "site"
    publish(register, folder, AGENCY, TODAY, hold_back=False)
    return folder / "current"


def enters(
    url: str, number: str, sequence: int, phase: Phase, name: str, substance: str, indication: str, day: int
) -> None:
    """Writes one entry of a programme."""
    on = date(2026, 4, day)
    standing = Standing(
        kind="programme",
        procedure=number[:3],
        applicant=None,
        product=Product(trade_name=name, active_substance=substance, indication=indication),
        phase=phase,
        awaits=(),
        public_list=LISTS[phase],
        last_update_on=on,
        authorised_on=date(2026, 4, 1),
    )
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
