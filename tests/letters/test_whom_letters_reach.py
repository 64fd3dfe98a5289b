"""To whom a letter goes: as a person named for the case, as it was filed, as it is set, or to the desk."""

from __future__ import annotations

import pytest
from letter_desk import LetterDesk
from sample_letters import batch, letter

from models.entry import LetterKind
from models.parties import Language, Party, Role
from register.recipients import keep

NUMBER = "CUP-2026-014"


def to(desk: LetterDesk, role: Role, kind: LetterKind = LetterKind.CLOSURE, **said: Party | None) -> tuple:
    one = letter(kind).model_copy(update={"role": role})
    _, recipient = desk.documents.layout(batch(one, **{"applicant": desk.applicant(), **said}), one)
    return recipient.addresses, recipient.language, recipient.redirected


def test_a_programme_has_physicians_of_its_own(desk: LetterDesk) -> None:
    desk.writes_to(Role.PHYSICIANS, "all@hospital.example")
    assert to(desk, Role.PHYSICIANS) == (("all@hospital.example",), Language.NL, False)
    keep(desk.url, NUMBER, Role.PHYSICIANS, ("own@hospital.example",), Language.FR, "A")
    assert to(desk, Role.PHYSICIANS) == (("own@hospital.example",), Language.FR, False)


def test_an_applicant_who_moved_is_written_to_at_the_new_address_and_in_the_language_it_chose(
    desk: LetterDesk,
) -> None:
    assert to(desk, Role.APPLICANT) == (("pharma@example.org",), Language.NL, False)
    keep(desk.url, NUMBER, Role.APPLICANT, ("new@example.org",), Language.DE, "A")
    assert to(desk, Role.APPLICANT) == (("new@example.org",), Language.DE, False)
    # committees are not written to in German, so they keep the language of the office
    assert to(desk, Role.ETHICS_COMMITTEE)[1] is Language.NL


def test_the_language_of_a_party_is_the_one_kept_with_its_contact(desk: LetterDesk) -> None:
    party = desk.applicant(Language.FR)
    assert "language" not in party.model_dump(exclude_defaults=True)
    assert to(desk, Role.APPLICANT, applicant=party)[1] is Language.FR
    assert to(desk, Role.DESK, applicant=party)[1] is Language.FR


def test_a_case_of_an_earlier_release_is_written_to_in_the_language_that_it_carries(desk: LetterDesk) -> None:
    lost = Party(id="lost", name="Voorbeeld Pharma NV", language=Language.EN)
    assert to(desk, Role.APPLICANT, applicant=lost) == (("desk@agency.invalid",), Language.EN, True)


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.ETHICS_COMMITTEE])
def test_whose_contact_is_lost_is_reached_where_a_person_says(desk: LetterDesk, role: Role) -> None:
    keep(desk.url, NUMBER, role, ("found@example.org",), None, "A")
    lost = Party(id="lost", name="Voorbeeld Pharma NV")
    assert to(desk, role, applicant=lost) == (("found@example.org",), Language.NL, False)
