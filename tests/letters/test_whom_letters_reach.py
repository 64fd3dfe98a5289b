"""To whom a letter goes: as a person named for the case, as it was filed, as it is set, or to the desk."""

from __future__ import annotations

import pytest
from letter_desk import ADDRESSES, MAIL_FROM, LetterDesk
from sample_letters import batch, letter

from activities.documents import Documents
from activities.invoice_pages import Creditor
from models.entry import LetterKind
from models.errors import InputRefused
from models.parties import Language, Party, Role, said_in
from office.settings import Settings
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


def test_the_agency_is_named_in_the_language_of_the_reader() -> None:
    """One name for all, or one for each language; half of them is refused."""
    several = "nl: Agentschap ;; fr: Agence ;; en: Agency: the one ;; de: Agentur"
    assert [said_in(several, language) for language in Language] == [
        "Agentschap",
        "Agence",
        "Agency: the one",
        "Agentur",
    ]
    assert {said_in("Agency: one ; Street 1", language) for language in Language} == {
        "Agency: one ; Street 1"
    }
    with pytest.raises(ValueError, match="nothing in en, de"):
        said_in("nl: Agentschap ;; fr: Agence", Language.NL)
    with pytest.raises(InputRefused, match="UMN_AGENCY_ADDRESS says nothing in en, de"):
        Settings.read({"UMN_AGENCY_ADDRESS": "nl: Straat 1; 1000 Brussel ;; fr: Rue 1; 1000 Bruxelles"})


def test_letterhead_and_signature_are_in_the_language_of_the_letter(desk: LetterDesk) -> None:
    address = "nl: Straat 1; 1000 Brussel ;; fr: Rue 1; 1000 Bruxelles ;; en: Street 1 ;; de: Strasse 1"
    creditor = Creditor(Settings.agency_name, address)
    desk.documents = Documents(
        desk.url, desk.store, Settings.agency_name, MAIL_FROM, ADDRESSES, creditor=creditor
    )
    for kind, language, name in (
        (LetterKind.CLOSURE, Language.FR, "Agence fédérale"),
        (LetterKind.INVOICE, Language.DE, "Föderalagentur"),
    ):
        one = letter(kind)
        laid_out, _ = desk.documents.layout(batch(one, applicant=desk.applicant(language)), one)
        assert laid_out["agency"].startswith(name)
        assert laid_out["signature"][0] == laid_out["agency"]
        assert laid_out["address"] == (
            ["Rue 1", "1000 Bruxelles"] if language is Language.FR else ["Strasse 1"]
        )
