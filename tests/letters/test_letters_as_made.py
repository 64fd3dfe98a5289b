"""A letter that was made is shown as it went: the same words, for the same recipient, in any language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import text

import starter
from activities.documents import Documents
from activities.register import RegisterEntries
from models.entry import Entry, Letter, LetterKind, Standing
from models.law.degree import Degree
from models.parties import Contact, Language, Party
from office.letters.offices import offices
from office.settings import Settings
from procedures.be_umn.words import Kind, Phase, Role
from procedures.books import applicable_law
from register import laws
from register.database import migrate, transaction
from register.documents import DocumentStore
from register.parties import keep
from register.recipients import Said
from register.recipients import keep as keep_recipient
from tests.letters.letter_desk import makes
from tests.letters.sample_letters import batch, counted, languages_of, letter, specimens

NUMBER = "CUP-2026-014"
LAW = applicable_law("CUP", Kind.APPLICATION, date(2026, 3, 2))
SPECIMENS = dict(specimens())
COPIES = [
    letter(LetterKind.DECISION).model_copy(update={"role": Role.COMMISSION}),
    letter(LetterKind.SUSPENSION).model_copy(update={"role": Role.PHYSICIANS}),
    letter(LetterKind.CONDITION_OVERDUE).model_copy(update={"role": Role.DESK}),
    letter(LetterKind.LIMIT_WARNING).model_copy(update={"role": Role.ETHICS_COMMITTEE}),
]


@dataclass
class Office:
    """An officer at the command line, and the letter desk of the worker over the same register."""

    settings: Settings
    documents: Documents
    applicant: Party
    payer: Party
    capsys: pytest.CaptureFixture[str]

    def asks(self, *words: str) -> tuple[int, str]:
        code = starter.run(["letter", *words])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def told(self, *words: str) -> dict[str, Any]:
        code, said = self.asks("preview", NUMBER, *words, "-o", "json")
        assert code == 0, said
        return json.loads(said)

    def makes(self, *letters: Letter, **changed: Any) -> list[str]:
        values = {"applicant": self.applicant, "invoice_addressee": self.payer, **changed}
        return makes(self.documents, self.settings.register_url, batch(*letters, **values))

    def sent(self, document: str) -> list[str]:
        """The words of a letter as its mail says them, without the cover."""
        with transaction(self.settings.register_url) as session:
            asked = text("SELECT body FROM notice WHERE document = :name")
            body = session.execute(asked, {"name": document}).scalar()
        assert body
        return body.removesuffix("\n").split("\n\n* * *\n\n", 1)[1].split("\n\n")


OFFICES = """
[be_umn]
account = "BE71096123456769"
language = "fr"
addresses.physicians = "physicians@hospital.example"
"""


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("UMN_VAR", str(tmp_path))
    settings = Settings.read()
    settings.offices.write_text(OFFICES)
    url = settings.register_url
    migrate(url)
    contact = Contact(
        name="Voorbeeld Pharma NV",
        language=Language.NL,
        email="pharma@example.org",
        address="Voorbeeldstraat 1\n1000 Brussel",
        private_undertaking=True,
        country="BE",
        postal_code="1000",
    )
    payer = contact.model_copy(
        update={"name": "Voorbeeld Boekhouding BV", "address": "Rekenlaan 2\n9000 Gent"}
    )
    ours = offices(settings)["CUP"]
    desk = Documents(
        url,
        DocumentStore(settings.documents),
        ours.creditor.name,
        settings.mail_from,
        ours.addresses,
        creditor=ours.creditor,
        office_language=ours.language,
    )
    made = Office(settings, desk, keep(url, contact), keep(url, payer), capsys)
    standing = Standing(
        kind="application",
        procedure="CUP",
        applicant=made.applicant,
        subject=batch(applicant=None).subject,
        phase=Phase.DECISION,
        possible=(),
        law=LAW.digest,
    )
    entry = Entry(
        number=NUMBER,
        sequence=1,
        recorded_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        happened_on=date(2026, 3, 2),
        act="Received",
        by="A",
        standing=standing,
    )
    laws.keep(url, LAW)
    RegisterEntries(url).enter(entry)
    said = Said(language=Language.NL)
    keep_recipient(settings.register_url, NUMBER, Role.PHYSICIANS, said, "A")
    return made


@pytest.mark.parametrize("name", SPECIMENS)
def test_every_letter_is_shown_in_the_words_in_which_it_went(office: Office, name: str) -> None:
    one = SPECIMENS[name]
    told_more = {**one.facts, "reckonings": [counted(), {**counted(), "clause": "answers"}]}
    unconfirmed = {"decision": Degree.ASSUMED, "power-to-decide": Degree.READ}
    one = one.model_copy(update={"facts": told_more, "unconfirmed": unconfirmed})
    (document,) = office.makes(one)
    for language in languages_of(one.kind):
        told = office.told(one.kind.value, "--lang", language.value)
        assert (told["document"], told["as_it_was_made"]) == (document, True)
        if f"-{language.value}.pdf" in document:
            assert told["words"] == office.sent(document)
    _, recipient = office.documents.layout(
        batch(one, applicant=office.applicant, invoice_addressee=office.payer), one
    )
    assert office.told(one.kind.value, "--lang", recipient.language.value)["recipient"] == [*recipient.lines]


@pytest.mark.parametrize("one", COPIES, ids=lambda one: f"{one.kind.value}-{one.role.value}")
def test_a_copy_is_shown_as_its_reader_has_it(office: Office, one: Letter) -> None:
    (document,) = office.makes(one)
    told = office.told(one.kind.value, "--lang", "nl", "--role", one.role.value)
    assert told["words"] == office.sent(document)
    assert told["recipient"] != ["Voorbeeld Pharma NV", "Voorbeeldstraat 1", "1000 Brussel"]


def test_what_changed_since_does_not_change_a_letter_that_was_made(office: Office) -> None:
    (document,) = office.makes(letter(LetterKind.PUBLICATION))
    with transaction(office.settings.register_url) as session:
        session.execute(text("UPDATE current_state SET public_list = 'closed', title = 'Anders'"))
    keep_recipient(
        office.settings.register_url,
        NUMBER,
        Role.APPLICANT,
        Said(("new@example.org",), language=Language.FR),
        "A",
    )
    told = office.told("publication", "--lang", "nl")
    assert told["words"] == office.sent(document)
    assert told["recipient"] == ["Voorbeeld Pharma NV", "Voorbeeldstraat 1", "1000 Brussel"]
    assert "@" not in " ".join(told["recipient"])


def test_one_that_went_to_the_desk_stays_addressed_to_the_desk(office: Office) -> None:
    lost = Party(id="lost", name="Voorbeeld Pharma NV")
    (document,) = office.makes(letter(LetterKind.CLOSURE), applicant=lost)
    told = office.told("closure", "--lang", "fr")
    assert told["words"] == office.sent(document)
    assert told["recipient"] == ["Voorbeeld Pharma NV", "Guichet Unmet Medical Need"]


def test_an_invoice_is_shown_to_whom_it_was_issued_with_the_day_to_object(office: Office) -> None:
    office.makes(letter(LetterKind.INVOICE))
    told = office.told("invoice", "--lang", "en")
    out = office.settings.var / "invoice.pdf"
    office.told("invoice", "--lang", "fr", "--out", str(out))
    pages = [page.extract_text() for page in PdfReader(out).pages]
    assert "COPIE" in pages[0].replace(" ", "")  # nobody pays a copy once more
    assert all("Copie" in page for page in pages[1:])
    assert told["recipient"] == ["Voorbeeld Boekhouding BV", "Rekenlaan 2", "9000 Gent"]
    assert "7\u00a0April\u00a02026" in " ".join(told["words"])
    assert any("BE71 0961 2345 6769" in words for words in told["words"])


def test_of_several_letters_the_newest_to_a_party_is_shown_and_the_others_can_be_chosen(
    office: Office,
) -> None:
    asks = letter(LetterKind.OPINION_REQUEST)
    other = Letter(
        kind=asks.kind,
        role=Role.COMMISSION,
        facts={**asks.facts, "body": "commission", "due_on": "2026-04-03"},
    )
    office.makes(asks, other)
    office.makes(letter(LetterKind.DECISION), COPIES[0])
    office.makes(letter(LetterKind.DECISION, outcome="refused", conditions=[]), entry=9)
    assert office.told("opinion-request", "--lang", "nl", "--role", "commission")["recipient"] == [
        "Commissie voor geneesmiddelen voor menselijk gebruik"
    ]
    asked = office.told("opinion-request", "--lang", "nl", "--role", "ethics-committee")
    assert asked["recipient"] == ["Ethisch comité"]
    assert office.told("decision", "--lang", "nl")["from_entry"] == 9
    assert office.told("decision", "--lang", "nl", "--role", "commission")["from_entry"] == 7
    chosen = office.told("decision", "--lang", "nl", "--document", "07-decision-applicant-nl.pdf")
    assert (chosen["role"], chosen["facts"]["outcome"]) == ("applicant", "authorised_with_conditions")
    _, said = office.asks("preview", NUMBER, "decision", "--lang", "nl")
    assert "Also made: 07-decision-applicant-nl.pdf (entry 7, applicant)" in said
    code, said = office.asks("preview", NUMBER, "decision", "--lang", "nl", "--entry", "8")
    assert code != 0
    assert "07-decision-commission-nl.pdf (entry 7, commission)" in said.replace("\n", " ")


def test_a_letter_that_was_made_takes_no_facts_but_a_new_one_of_its_kind_does(office: Office) -> None:
    office.makes(letter(LetterKind.QUESTIONS))
    facts = ("--fact", "questions=Which batches?", "--fact", "days=10", "--fact", "due_on=2026-09-01")
    code, said = office.asks("preview", NUMBER, "questions", "--lang", "en", "--entry", "7", *facts)
    assert (code, "is shown as it was made" in said.replace("\n", " ")) == (2, True)
    told = office.told("questions", "--lang", "en", *facts)
    assert (told["from_entry"], told["as_it_was_made"]) == (None, False)
    assert "1. Which batches?" in told["words"]
    assert not any("renal" in words for words in told["words"])


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("opinion-request",), "--role: ethics_committee, commission"),
        (("opinion-request", "--role", "minister"), "There is no role 'minister'"),
        (("change-proposed", "--role", "applicant"), "but to: desk"),
        (("opinion-request", "--role", "commission", "--fact", "body=ethics_committee"), "two bodies"),
        (("opinion-request", "--role", "commission"), "due_on is missing"),
        (("closure", "--document", "no.pdf"), "made were: none"),
    ],
)
def test_whom_a_letter_to_come_cannot_be_for_is_refused(
    office: Office, words: tuple[str, ...], answer: str
) -> None:
    code, said = office.asks("preview", NUMBER, *words, "--lang", "nl")
    assert (code, answer in said.replace("\n", " ")) == (2, True), said


def test_a_letter_that_went_does_not_say_that_it_was_not_sent(office: Office) -> None:
    office.makes(letter(LetterKind.CLOSURE))
    _, said = office.asks("preview", NUMBER, "closure", "--lang", "en")
    assert "This letter is a draft" not in said
    assert "Draft" not in said
