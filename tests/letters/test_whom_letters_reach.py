"""To whom a letter goes: as a person named for the case, as it was filed, as it is set, or to the desk."""

from __future__ import annotations

import pytest

from activities.addressing import LanguageOpen
from activities.documents import Documents
from activities.invoice_pages import Creditor
from activities.letter_text import words_of
from models.entry import LetterKind
from models.errors import NotFound
from models.parties import Language, Party, said_in
from procedures.be_umn.authority import AGENCY
from procedures.be_umn.words import Role
from procedures.registry import letters
from register.letters import replace
from register.recipients import Said, keep
from tests.letters.letter_desk import ADDRESSES, MAIL_FROM, LetterDesk, text_of, told
from tests.letters.sample_letters import batch, letter

NUMBER = "CUP-2026-014"


def to(desk: LetterDesk, role: Role, kind: LetterKind = LetterKind.CLOSURE, **said: Party | None) -> tuple:
    one = letter(kind).model_copy(update={"role": role})
    _, recipient = desk.documents.layout(batch(one, **{"applicant": desk.applicant(), **said}), one)
    return recipient.addresses, recipient.language, recipient.redirected


def test_a_programme_has_physicians_of_its_own(desk: LetterDesk) -> None:
    """A copy for physicians is a letter to physicians, in the language that they use: nobody guesses it."""
    desk.writes_to(Role.PHYSICIANS, "all@hospital.example")
    with pytest.raises(LanguageOpen, match="it used none of nl, fr, de"):
        to(desk, Role.PHYSICIANS)
    keep(desk.url, NUMBER, Role.PHYSICIANS, Said(language=Language.NL), "A")
    assert to(desk, Role.PHYSICIANS) == (("all@hospital.example",), Language.NL, False)
    keep(desk.url, NUMBER, Role.PHYSICIANS, Said(("own@hospital.example",), language=Language.FR), "A")
    assert to(desk, Role.PHYSICIANS) == (("own@hospital.example",), Language.FR, False)


def test_an_applicant_who_moved_is_written_to_at_the_new_address_and_in_the_language_it_uses(
    desk: LetterDesk,
) -> None:
    assert to(desk, Role.APPLICANT) == (("pharma@example.org",), Language.NL, False)
    keep(desk.url, NUMBER, Role.APPLICANT, Said(("new@example.org",), language=Language.DE), "A")
    assert to(desk, Role.APPLICANT) == (("new@example.org",), Language.DE, False)
    # committees are not written to in German, so they keep the language of the office
    assert to(desk, Role.ETHICS_COMMITTEE)[1] is Language.NL


def test_the_language_of_a_party_is_the_one_kept_with_its_contact(desk: LetterDesk) -> None:
    party = desk.applicant(Language.FR)
    assert to(desk, Role.APPLICANT, applicant=party)[1] is Language.FR
    assert to(desk, Role.DESK, applicant=party)[1] is Language.FR


def test_whose_contact_is_lost_is_written_to_by_way_of_the_desk_in_its_language(desk: LetterDesk) -> None:
    lost = Party(id="lost", name="Voorbeeld Pharma NV")
    assert to(desk, Role.APPLICANT, applicant=lost) == (("desk@agency.invalid",), Language.NL, True)


def test_what_the_desk_forwards_is_in_the_language_of_its_addressee(desk: LetterDesk) -> None:
    """Nobody knows its address, and the desk looks for it: what it forwards is the letter itself."""
    lost = Party(id="lost", name="Voorbeeld Pharma NV")
    in_english = Documents(desk.url, desk.store, "Agency", MAIL_FROM, ADDRESSES, office_language=Language.EN)
    one = letter(LetterKind.CLOSURE)
    with pytest.raises(LanguageOpen):
        in_english.layout(batch(one, applicant=Party(id="lost", name="Voorbeeld Pharma NV")), one)
    keep(desk.url, NUMBER, Role.APPLICANT, Said(letters_in=Language.DE, why="asked"), "A")
    assert to(desk, Role.APPLICANT, applicant=lost) == (("desk@agency.invalid",), Language.DE, True)


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.ETHICS_COMMITTEE])
def test_whose_contact_is_lost_is_reached_where_a_person_says(desk: LetterDesk, role: Role) -> None:
    """Of who was lost nothing is known: a person says that too, or chooses."""
    keep(desk.url, NUMBER, role, Said(("found@example.org",)), "A")
    lost = Party(id="lost", name="Voorbeeld Pharma NV")
    if role == Role.APPLICANT:
        with pytest.raises(LanguageOpen, match="its seat is not known"):
            to(desk, role, applicant=lost)
        keep(desk.url, NUMBER, role, Said(("found@example.org",), letters_in=Language.NL, why="asked"), "A")
    assert to(desk, role, applicant=lost) == (("found@example.org",), Language.NL, False)


def test_a_company_of_antwerp_is_answered_in_dutch_and_its_acts_wait_for_a_person_when_it_asks_for_french(
    desk: LetterDesk,
) -> None:
    said = Said(postal_code="2000", language=Language.FR, acts_language=Language.FR)
    keep(desk.url, NUMBER, Role.APPLICANT, said, "A")
    assert to(desk, Role.APPLICANT, LetterKind.QUESTIONS)[1] is Language.NL
    with pytest.raises(LanguageOpen, match="it asks for fr, and the region of its seat for nl"):
        to(desk, Role.APPLICANT, LetterKind.DECISION)
    keep(desk.url, NUMBER, Role.APPLICANT, Said(acts_in=Language.FR, why="it asked in writing"), "A")
    assert to(desk, Role.APPLICANT, LetterKind.DECISION)[1] is Language.FR
    assert to(desk, Role.APPLICANT, LetterKind.QUESTIONS)[1] is Language.NL


def test_an_act_is_in_the_language_that_is_asked_for_and_a_letter_in_the_one_that_was_used(
    desk: LetterDesk,
) -> None:
    keep(desk.url, NUMBER, Role.APPLICANT, Said(acts_language=Language.DE), "A")
    assert to(desk, Role.APPLICANT, LetterKind.QUESTIONS)[1] is Language.NL
    for kind in (LetterKind.DECISION, LetterKind.INADMISSIBLE, LetterKind.SUSPENSION, LetterKind.CLOSURE):
        assert to(desk, Role.APPLICANT, kind)[1] is Language.DE


def test_whatever_has_a_remedy_is_an_act() -> None:
    assert all(states.act for states in letters("CUP").values() if "remedies" in states.model_fields)
    assert not any(letters("CUP")[kind].act for kind in (LetterKind.QUESTIONS, LetterKind.INCOMPLETE))


@pytest.mark.parametrize("kind", [LetterKind.DECISION, LetterKind.QUESTIONS, LetterKind.INVOICE])
def test_who_used_english_has_a_letter_in_dutch_and_a_translation_that_says_that_it_is_one(
    desk: LetterDesk, kind: LetterKind
) -> None:
    party = desk.applicant(Language.EN)
    (name,) = desk.makes(batch(letter(kind), applicant=party, invoice_addressee=party))
    assert name.endswith("-nl.pdf")
    text = text_of(desk.pdf(name))
    assert "Vertaling bijgevoegd" in text
    assert (
        text.index("Vertaling bijgevoegd") < text.index("This text is a translation") < text.index("Dear Sir")
    )
    (notice,) = desk.notices()
    for body in (notice.body, notice.html):
        assert body.index("Geachte") < body.index("This text is a translation") < body.index("Dear Sir")


def test_an_act_in_a_wrong_language_is_replaced_with_its_day(desk: LetterDesk) -> None:
    """Its replacement has effect from the day of the act that it replaces."""
    (old,) = desk.makes(batch(letter(LetterKind.DECISION), applicant=desk.applicant()))
    keep(desk.url, NUMBER, Role.APPLICANT, Said(acts_language=Language.FR), "A")
    key = f"{NUMBER}/7/decision/applicant"
    new = replace(desk.url, key, "Ann", "it asked for French")
    assert new == replace(desk.url, key, "Ann", "it asked for French")
    assert new == f"{key}/2"
    desk.documents.make(told(desk.url, new))
    assert old == "07-decision-applicant-nl.pdf"
    text = text_of(desk.pdf("07-decision-applicant-2-fr.pdf"))
    assert "Remplace une autre lettre" in text
    assert "lois coordonnées du 18 juillet 1966" in text
    assert "21 mai 2026" in text  # the day of the letter whose place it takes
    assert {notice.key: notice.state for notice in desk.notices()} == {key: "replaced", new: "pending"}
    with pytest.raises(NotFound, match="is no letter that was made"):
        replace(desk.url, f"{NUMBER}/7/questions/applicant", "Ann", "wrong")


@pytest.mark.parametrize(
    ("language", "to_them", "to_the_applicant"),
    [
        (Language.NL, "die u in het programma behandelt", "Uw verplichtingen"),
        (Language.FR, "que vous y traitez", "Vos obligations"),
        (Language.DE, "die Sie darin behandeln", "Ihre Pflichten"),
    ],
)
def test_the_letter_to_physicians_speaks_to_physicians(
    desk: LetterDesk, language: Language, to_them: str, to_the_applicant: str
) -> None:
    desk.writes_to(Role.PHYSICIANS, "all@hospital.example")
    keep(desk.url, NUMBER, Role.PHYSICIANS, Said(language=language), "A")
    said = letter(LetterKind.SUSPENSION, requested_by="agency", for_safety=True)
    copy = said.model_copy(update={"role": Role.PHYSICIANS})
    words = [
        " ".join(words_of(desk.documents.layout(batch(one, applicant=desk.applicant(language)), one)[0]))
        for one in (said, copy)
    ]
    assert [(to_them in one, to_the_applicant in one) for one in words] == [(False, True), (True, False)]


def test_the_agency_is_named_in_the_language_of_the_reader() -> None:
    """One name for all, or one for each language."""
    several = {
        Language.NL: "Agentschap",
        Language.FR: "Agence",
        Language.EN: "Agency",
        Language.DE: "Agentur",
    }
    assert [said_in(several, language) for language in Language] == [*several.values()]
    assert {said_in("Agency", language) for language in Language} == {"Agency"}


def test_letterhead_and_signature_are_in_the_language_of_the_letter(desk: LetterDesk) -> None:
    address = {Language.FR: "Rue 1; 1000 Bruxelles", Language.DE: "Strasse 1"}
    creditor = Creditor(AGENCY.name, address)
    desk.documents = Documents(desk.url, desk.store, AGENCY.name, MAIL_FROM, ADDRESSES, creditor=creditor)
    for kind, language, name in (
        (LetterKind.CLOSURE, Language.FR, "Agence fédérale"),
        (LetterKind.INVOICE, Language.DE, "Föderalagentur"),
    ):
        one = letter(kind)
        laid_out, _ = desk.documents.layout(batch(one, applicant=desk.applicant(language)), one)
        assert laid_out["agency"].startswith(name)
        signed = one.facts.get("signatory")  # an act is signed by a person
        assert laid_out["signature"][0] == (signed["person"] if signed else laid_out["agency"])
        assert laid_out["address"] == (
            ["Rue 1", "1000 Bruxelles"] if language is Language.FR else ["Strasse 1"]
        )


def test_whoever_had_it_is_written_to_at_its_own_address_and_not_where_its_successor_is(
    desk: LetterDesk,
) -> None:
    keep(desk.url, NUMBER, Role.APPLICANT, Said(("new@example.org",), language=Language.DE), "A")
    one = letter(LetterKind.HOLDER_CHANGED).model_copy(update={"party": desk.applicant(Language.FR)})
    after = Party(id="", name="Second Hospital")
    _, recipient = desk.documents.layout(batch(one, applicant=after), one)
    assert (recipient.addresses, recipient.language) == (("pharma@example.org",), Language.FR)
