"""Recipients: what a person said of a case holds for its later letters, and never changes."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from models.parties import Language
from procedures.be_umn.words import Role
from register import database
from register.recipients import Said, keep, of

NUMBER = "CUP-2026-001"
ONE, TWO = ("one@hospital.example",), ("two@hospital.example", "three@hospital.example")


def test_the_newest_word_holds_and_what_it_leaves_out_stays_until_another_is_said(database_url: str) -> None:
    assert keep(database_url, NUMBER, Role.PHYSICIANS, Said(ONE, language=Language.FR), "Case officer A")
    assert keep(database_url, NUMBER, Role.PHYSICIANS, Said(TWO), "Case officer B")
    named = of(database_url, NUMBER)[Role.PHYSICIANS]
    assert (named.addresses, named.language, named.by) == (TWO, Language.FR, "Case officer B")
    assert keep(database_url, NUMBER, Role.PHYSICIANS, Said(private_undertaking=False, country="BE"), "C")
    newest = of(database_url, NUMBER)[Role.PHYSICIANS]
    assert (newest.addresses, newest.private_undertaking, newest.country) == (TWO, False, "BE")
    assert set(of(database_url, NUMBER)) == {Role.PHYSICIANS}


def test_the_same_word_again_is_not_kept_twice(database_url: str) -> None:
    said = (database_url, NUMBER, Role.APPLICANT, Said(ONE, private_undertaking=False), "Case officer A")
    assert [keep(*said), keep(*said)] == [True, False]
    assert not keep(database_url, NUMBER, Role.APPLICANT, Said(ONE), "Case officer B")


def test_a_dossier_follows_its_programme_until_it_has_a_recipient_of_its_own(database_url: str) -> None:
    dossier = f"{NUMBER}/modification-2026"
    keep(database_url, NUMBER, Role.APPLICANT, Said(ONE, language=Language.FR), "A")
    assert of(database_url, dossier)[Role.APPLICANT].addresses == ONE
    keep(database_url, dossier, Role.APPLICANT, Said(TWO), "A")
    assert of(database_url, dossier)[Role.APPLICANT].addresses == TWO
    assert of(database_url, NUMBER)[Role.APPLICANT].addresses == ONE
    assert of(database_url, "CUP-2026-0010") == {}


def test_the_database_itself_refuses_to_change_a_recipient(database_url: str) -> None:
    keep(database_url, NUMBER, Role.APPLICANT, Said(ONE), "A")
    for change in ("UPDATE recipient SET addresses = 'x@y.example'", "DELETE FROM recipient"):
        with (
            pytest.raises(DatabaseError, match="never changed"),
            database.engine(database_url).begin() as connection,
        ):
            connection.execute(text(change))
