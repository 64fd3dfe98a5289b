"""What a letter was made from stays in the register, with its document or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from activities.documents import Documents
from models.entry import Letter, LetterBatch, LetterKind
from models.law.degree import Degree
from models.parties import Party
from models.subjects import Product
from procedures.be_umn.words import Role
from register.database import transaction
from register.documents import DocumentStore
from register.letters import made
from tests.letters.letter_desk import makes

NUMBER = "CUP-2026-001"
NOTED = Letter(
    kind=LetterKind.WITHDRAWAL,
    role=Role.APPLICANT,
    facts={"withdrawn_on": "2026-04-15", "fee_due": True},
    unconfirmed={"decision": Degree.ASSUMED},
)
TO_THE_DESK = NOTED.model_copy(update={"role": Role.DESK})
BATCH = LetterBatch(
    number=NUMBER,
    entry=4,
    on=date(2026, 4, 15),
    procedure="CUP",
    applicant=Party(id="lost", name="Élan Pharma"),
    subject=Product(trade_name="Novamab", active_substance="novamab", indication="A rare anaemia.").subject,
    article="art. 106",
    letters=(NOTED, TO_THE_DESK),
)


@pytest.fixture
def documents(database_url: str, tmp_path: Path) -> Documents:
    addresses = {role: f"{role.value}@agency.invalid" for role in Role.words()}
    return Documents(database_url, DocumentStore(tmp_path), "Agency", "umn@agency.invalid", addresses)


def test_each_letter_is_kept_with_what_it_was_made_from_and_without_the_others(
    database_url: str, documents: Documents
) -> None:
    names = makes(documents, database_url, BATCH)
    assert makes(documents, database_url, BATCH) == names  # and nothing is kept twice
    found = {one.role: one for one in made(database_url, NUMBER)}
    assert found.keys() == {Role.APPLICANT, Role.DESK}
    for role, letter in ((Role.APPLICANT, NOTED), (Role.DESK, TO_THE_DESK)):
        assert found[role].made_from == BATCH.model_copy(update={"letters": (letter,)})
        assert found[role].redirected is (role == Role.APPLICANT)
        assert found[role].document in names


def test_a_letter_that_cannot_be_kept_leaves_nothing_behind(database_url: str, documents: Documents) -> None:
    with transaction(database_url) as session:  # a document of that name, filed by somebody else
        session.execute(
            text(
                "INSERT INTO document (number, entry, name, sha256, size) "
                f"VALUES ('{NUMBER}', 4, '04-withdrawal-desk-nl.pdf', 'x', 1)"
            )
        )
    with pytest.raises(exc.IntegrityError):
        makes(documents, database_url, BATCH)
    with transaction(database_url) as session:
        states = session.execute(text("SELECT role, state FROM letter ORDER BY role")).all()
        assert states == [("applicant", "made"), ("desk", "to_make")]
        assert session.execute(text("SELECT count(*) FROM notice WHERE redirected <> ''")).scalar() == 1


@pytest.mark.parametrize(
    "change", ["UPDATE letter SET entry = 9", "UPDATE letter SET made_from = '{}'", "DELETE FROM letter"]
)
def test_what_a_letter_was_made_from_is_never_changed(
    database_url: str, documents: Documents, change: str
) -> None:
    makes(documents, database_url, BATCH)
    with (
        pytest.raises(exc.DBAPIError, match="is never changed"),
        transaction(database_url) as session,
    ):
        session.execute(text(change))
