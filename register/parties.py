"""Keeps how parties are reached. Addresses stay in this table and never travel with a case."""

from __future__ import annotations

import hashlib

from models.errors import NotFound
from models.parties import Contact, Party
from register.reading import Questions, questions


def keep(url: str, contact: Contact) -> Party:
    """Keeps a contact and gives the party that cases carry. A changed address is a new party.

    Idempotent: by all that the contact says.

    Raises: NotReachable when the database does not answer.
    """
    from sqlalchemy.exc import IntegrityError

    from models.register import PartyRow
    from register.database import transaction

    party = Party(id=_id(contact), name=contact.name)
    try:
        with transaction(url) as session:
            if session.get(PartyRow, party.id) is None:
                session.add(PartyRow(id=party.id, **contact.model_dump(mode="json")))
    except IntegrityError:
        # kept at the same moment by another, and therefore the same
        pass
    return party


def contact_of(url: str, party_id: str) -> Contact:
    """As `contact_in`, of a register. Raises: NotReachable when the database does not answer."""
    with questions(url) as ask:
        return contact_in(ask, party_id)


def contact_in(ask: Questions, party_id: str) -> Contact:
    """How a party is reached. Raises: NotFound when it was never kept."""
    columns = tuple(Contact.model_fields)
    rows = ask(f"SELECT {', '.join(columns)} FROM party WHERE id = ?", [party_id])
    if not rows:
        raise NotFound("register.no-party", party=party_id)
    known = dict(zip(columns, rows[0], strict=True))
    if known["private_undertaking"] is not None:  # SQLite has no truth values of its own
        known["private_undertaking"] = bool(known["private_undertaking"])
    return Contact.model_validate(known)


def named(url: str, name: str) -> list[Party]:
    """Every party that is kept under a name; a changed address made another one. Raises: NotReachable."""
    with questions(url) as ask:
        rows = ask("SELECT id, name FROM party WHERE name = ? ORDER BY id", [name])
    return [Party(id=row[0], name=row[1]) for row in rows]


def _id(contact: Contact) -> str:
    return hashlib.sha256(contact.model_dump_json().encode()).hexdigest()[:20]
