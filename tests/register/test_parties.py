"""Parties: kept by all that is known of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from models.errors import NotFound
from models.parties import Contact, Language
from register.parties import contact_of, keep

CONTACT = Contact(
    name="Élan Pharma",
    language=Language.FR,
    email="affaires@elan.example",
    address="Rue de l’Exemple 1\n1000 Bruxelles",
    enterprise_number="0123456749",
)


def test_a_contact_is_kept_once_and_read_back_whole(database_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        parties = list(threads.map(lambda _: keep(database_url, CONTACT), range(4)))
    assert len(set(map(str, parties))) == 1
    assert contact_of(database_url, parties[0].id) == CONTACT
    assert parties[0].model_dump(exclude_defaults=True) == {"id": parties[0].id, "name": "Élan Pharma"}


def test_a_changed_address_is_a_new_party_and_the_old_one_stays(database_url: str) -> None:
    old = keep(database_url, CONTACT)
    new = keep(database_url, CONTACT.model_copy(update={"email": "umn@elan.example"}))
    assert new.id != old.id
    assert contact_of(database_url, old.id).email == "affaires@elan.example"


def test_a_party_that_was_never_kept_is_not_found(database_url: str) -> None:
    with pytest.raises(NotFound, match="nobody"):
        contact_of(database_url, "nobody")
