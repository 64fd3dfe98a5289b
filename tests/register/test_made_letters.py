"""What a letter was made from stays in the register, with its document or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import exc, text

from activities.documents import Documents
from models.entry import Letter, LetterBatch, LetterKind
from models.parties import Party, Product, Role
from register.database import transaction
from register.documents import DocumentStore
from register.letters import made

NUMBER = "CUP-2026-001"
NOTED = Letter(
    kind=LetterKind.WITHDRAWAL,
    role=Role.APPLICANT,
    facts={"withdrawn_on": "2026-04-15", "fee_due": True},
    unverified=("decision",),
)
TO_THE_DESK = NOTED.model_copy(update={"role": Role.DESK})
BATCH = LetterBatch(
    number=NUMBER,
    entry=4,
    on=date(2026, 4, 15),
    procedure="CUP",
    applicant=Party(id="lost", name="Élan Pharma"),
    product=Product(trade_name="Novamab", active_substance="novamab", indication="A rare anaemia."),
    article="art. 106",
    letters=(NOTED, TO_THE_DESK),
)


@pytest.fixture
def documents(database_url: str, tmp_path: Path) -> Documents:
    addresses = {role: f"{role.value}@agency.invalid" for role in Role}
    return Documents(database_url, DocumentStore(tmp_path), "Agency", "umn@agency.invalid", addresses)


def test_each_letter_is_kept_with_what_it_was_made_from_and_without_the_others(
    database_url: str, documents: Documents
) -> None:
    names = documents.make(BATCH)
    assert documents.make(BATCH) == names  # and nothing is kept twice
    found = {one.role: one for one in made(database_url, NUMBER)}
    assert found.keys() == {Role.APPLICANT, Role.DESK}
    for role, letter in ((Role.APPLICANT, NOTED), (Role.DESK, TO_THE_DESK)):
        assert found[role].made_from == BATCH.model_copy(update={"letters": (letter,)})
        assert found[role].redirected is (role is Role.APPLICANT)
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
        documents.make(BATCH)
    with transaction(database_url) as session:
        assert session.execute(text("SELECT count(*) FROM made_letter")).scalar() == 0
        assert session.execute(text("SELECT count(*) FROM notice")).scalar() == 0


@pytest.mark.parametrize("change", ["UPDATE made_letter SET entry = 9", "DELETE FROM made_letter"])
def test_what_a_letter_was_made_from_is_never_changed(
    database_url: str, documents: Documents, change: str
) -> None:
    documents.make(BATCH)
    with (
        pytest.raises(exc.DBAPIError, match="is never changed"),
        transaction(database_url) as session,
    ):
        session.execute(text(change))
