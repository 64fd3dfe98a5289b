from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlmodel import Session

from activities.documents import TEMPLATES, CannotBeNamed, Documents, DocumentsByProcedure
from activities.invoice_pages import Creditor
from activities.wording import wording_of
from models.entry import Letter
from models.errors import UnknownClause
from models.law.degree import Degree
from models.messages import Message
from models.parties import Language
from models.subjects import Product
from models.texts import LONGEST_GROUNDS
from procedures.be_umn.letters import LetterKind
from procedures.be_umn.words import Role
from register import notices, outbox
from register.database import engine
from tests.letters.letter_desk import ADDRESSES, LetterDesk, makes, reader, text_of
from tests.letters.sample_letters import FACTS, LETTERS, batch, letter, party, role_of

NASTY = 'one\n# two\n- three\n= four $x$ *bold* #read("/etc/passwd") {{ facts }} \\ @ref <label> "q" 1. five'
NASTY_ON_ONE_LINE = NASTY.replace("\n", " ")
WORDING = wording_of("CUP")


def without_spaces(text: str) -> str:
    return re.sub(r"[\s\u00ad‐-]+", "", text)


@pytest.mark.parametrize(
    "language",
    [
        Language.NL,
        *(pytest.param(other, marks=pytest.mark.long) for other in Language if other != Language.NL),
    ],
)
def test_every_kind_of_letter_becomes_a_pdf_with_its_title(desk: LetterDesk, language: Language) -> None:
    applicant = desk.applicant(language)
    names = desk.makes(batch(*map(letter, LETTERS), applicant=applicant))
    assert len(names) == len(LETTERS)
    assert {notice.subject.count("CUP-2026-014") for notice in desk.notices()} == {1}
    for name in names:
        found = reader(desk.pdf(name))
        title = found.metadata.title
        assert without_spaces(title) in without_spaces(text_of(desk.pdf(name)))
        assert found.trailer["/Root"]["/Lang"] == ("en-GB" if "-en.pdf" in name else f"{name[-6:-4]}-BE")
        invoiced = name.startswith(("07-invoice-invoice-addressee", "07-credit-note"))
        assert_archivable_and_accessible(found, "3" if invoiced else "2")


def assert_archivable_and_accessible(found: PdfReader, part: str) -> None:
    """Both at once: PDF/A with level A, and PDF/UA-1; tagged, and with fonts of its own."""
    metadata = found.trailer["/Root"]["/Metadata"].get_data().decode()
    assert f"<pdfaid:part>{part}</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert found.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in found.trailer["/Root"]


def test_a_letter_is_named_and_written_down_for_the_case(desk: LetterDesk) -> None:
    applicant = desk.applicant(Language.NL)
    names = desk.makes(batch(letter(LetterKind.DECISION), letter(LetterKind.INVOICE), applicant=applicant))
    assert names == ["07-decision-applicant-nl.pdf", "07-invoice-invoice-addressee-nl.pdf"]
    assert {(row.number, row.entry, row.name) for row in desk.kept()} == {
        ("CUP-2026-014", 7, name) for name in names
    }
    assert {row.key: row.state for row in desk.notices()} == {
        "CUP-2026-014/7/decision/applicant": "pending",
        "CUP-2026-014/7/invoice/invoice_addressee": "pending",
    }
    assert {row.recipient for row in desk.notices()} == {"pharma@example.org"}
    assert all(re.fullmatch(r"<[0-9a-f]{40}@agency\.invalid>", row.message_id) for row in desk.notices())
    assert len({row.message_id for row in desk.notices()}) == 2


def test_a_letter_says_to_whom_about_what_when_and_on_which_page(desk: LetterDesk) -> None:
    (name,) = desk.makes(batch(letter(LetterKind.DECISION), applicant=desk.applicant(Language.FR)))
    text = text_of(desk.pdf(name))
    for words in (
        "Voorbeeld Pharma NV",
        "Voorbeeldstraat 1",
        "1000 Brussel",
        "CUP-2026-014",
        "21 mai 2026",
        "Exemplaris",
        "exemplarinib",
        "programme d’usage compassionnel",
        "art. 106 de l’arrêté royal du 14 décembre 2006",
        "Test Agency for Medicines",
        "Page 1 sur",
    ):
        assert words in text


def test_the_same_facts_give_the_same_bytes_also_in_another_process(desk: LetterDesk) -> None:
    asked = batch(letter(LetterKind.DECISION), applicant=party())
    first = desk.documents.pages.pdf(desk.documents.layout(asked, asked.letters[0])[0], asked.on)
    again = desk.documents.pages.pdf(desk.documents.layout(asked, asked.letters[0])[0], asked.on)
    assert first == again
    program = """
import sys
from activities.documents import Documents
from models.entry import LetterBatch
from procedures.be_umn.words import Role
from register.documents import DocumentStore
from pathlib import Path
from tests.letters.letter_desk import makes
url, store, asked, desk, ethics, commission = sys.argv[1:]
addresses = {Role.DESK: desk, Role.ETHICS_COMMITTEE: ethics, Role.COMMISSION: commission}
store = DocumentStore(Path(store))
made = Documents(url, store, "Test Agency for Medicines", "umn@agency.invalid", addresses)
(name,) = makes(made, url, LetterBatch.model_validate_json(asked))
print(name)
"""
    arguments = [desk.url, str(desk.folder), asked.model_dump_json(), *ADDRESSES.values()]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=TEMPLATES.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert desk.pdf(done.stdout.strip()) == first


def test_a_letter_is_dated_on_its_own_day_and_not_when_it_was_made(desk: LetterDesk) -> None:
    (name,) = desk.makes(batch(letter(LetterKind.WITHOUT_OBJECT), applicant=party()))
    made = reader(desk.pdf(name)).metadata.creation_date
    assert made.date() == date(2026, 5, 21)


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        (LetterKind.DECISION, {"grounds": NASTY}),
        (LetterKind.QUESTIONS, {"questions": [NASTY]}),
        (LetterKind.INCOMPLETE, {"missing": [NASTY]}),
        (LetterKind.CONDITION_DUE, {"text": NASTY}),
        (LetterKind.CLOSURE, {"continuity_plan": NASTY}),
    ],
)
def test_what_a_person_wrote_is_printed_and_never_obeyed(
    desk: LetterDesk, kind: LetterKind, fact: dict[str, object]
) -> None:
    (name,) = desk.makes(batch(letter(kind, **fact), applicant=desk.applicant(Language.EN)))
    assert without_spaces(NASTY_ON_ONE_LINE) in without_spaces(text_of(desk.pdf(name)))


def test_a_nasty_product_stays_a_product(desk: LetterDesk) -> None:
    nasty = Product(trade_name=NASTY_ON_ONE_LINE, active_substance=NASTY_ON_ONE_LINE, indication=NASTY)
    (name,) = desk.makes(
        batch(letter(LetterKind.WITHOUT_OBJECT), applicant=desk.applicant(), subject=nasty.subject)
    )
    assert without_spaces(text_of(desk.pdf(name))).count(without_spaces(NASTY_ON_ONE_LINE)) == 4


def test_a_letter_with_signs_that_cannot_be_printed_waits_until_a_person_has_looked(desk: LetterDesk) -> None:
    """What would leave unseen is named with its place; looked at, it leaves with their numbers instead."""
    grounds = "Name 中 with é, œ, ≥ and 🙂."
    asked = batch(letter(LetterKind.DECISION, grounds=grounds), applicant=desk.applicant(Language.EN))
    with Session(engine(desk.url)) as session, session.begin():
        outbox.put(session, asked)
    assert desk.delivers() == []
    (waits,) = notices.notices(desk.url)
    assert waits.state == "not_made"
    assert "中 (U+4E2D) in “Name 中 with é, œ, ≥" in waits.reason
    assert "🙂 (U+1F642) in" in waits.reason
    notices.try_again(desk.url)  # as the postman does when he starts: nobody has looked
    desk.delivers()
    assert [one.state for one in notices.notices(desk.url)] == ["not_made"]
    notices.try_again(desk.url, waits.key, "Ann")
    desk.delivers()
    assert desk.states() == ["sent"]
    (notice,) = desk.notices()
    text = text_of(desk.pdf(notice.document))
    assert "Name [U+4E2D] with é, œ, ≥ and [U+1F642]." in text
    assert "Tekens vervangen" in text


@pytest.mark.parametrize(
    ("language", "title", "clause"),
    [
        (Language.NL, "Nog niet bevestigd", "termijn om te beslissen"),
        (Language.FR, "Pas encore confirmé", "délai de décision"),
        (Language.EN, "Not yet confirmed", "time to decide"),
    ],
)
def test_a_letter_that_rests_on_an_unconfirmed_value_says_which(
    desk: LetterDesk, language: Language, title: str, clause: str
) -> None:
    applicant = desk.applicant(language)
    (marked,) = desk.makes(
        batch(
            letter(LetterKind.ADMISSIBLE).model_copy(update={"unconfirmed": {"decision": Degree.ASSUMED}}),
            applicant=applicant,
        )
    )
    assert title in text_of(desk.pdf(marked))
    assert clause in text_of(desk.pdf(marked))
    (clean,) = desk.makes(batch(letter(LetterKind.ADMISSIBLE), applicant=applicant, entry=8))
    assert title not in text_of(desk.pdf(clean))


def test_made_twice_is_made_once(desk: LetterDesk) -> None:
    asked = batch(letter(LetterKind.DECISION), letter(LetterKind.INVOICE), applicant=desk.applicant())
    assert desk.makes(asked) == desk.makes(asked)
    assert len(desk.kept()) == len(desk.notices()) == 2


def test_attempts_that_overlap_make_each_letter_once(desk: LetterDesk) -> None:
    asked = batch(letter(LetterKind.DECISION), letter(LetterKind.INVOICE), applicant=desk.applicant())
    with ThreadPoolExecutor(4) as attempts:
        made = list(attempts.map(desk.makes, [asked] * 8))
    assert all(names == made[0] for names in made)
    assert len(desk.kept()) == len(desk.notices()) == 2


def test_a_letter_that_was_made_stands_whatever_is_asked_later(desk: LetterDesk) -> None:
    applicant = desk.applicant()
    (name,) = desk.makes(batch(letter(LetterKind.DECISION), applicant=applicant))
    first = desk.pdf(name)
    changed = letter(LetterKind.DECISION, grounds="Something else altogether")
    assert desk.makes(batch(changed, applicant=applicant)) == [name]
    assert desk.pdf(name) == first


def test_two_letters_of_one_kind_to_one_reader_are_both_made(desk: LetterDesk) -> None:
    asked = batch(
        letter(LetterKind.CONDITION_DUE, condition=1),
        letter(LetterKind.CONDITION_DUE, condition=2),
        applicant=desk.applicant(),
    )
    assert desk.makes(asked) == [
        "07-condition-due-applicant-nl.pdf",
        "07-condition-due-applicant-2-nl.pdf",
    ]
    assert len(desk.notices()) == 2


def test_a_letter_of_a_procedure_that_this_process_does_not_hold_says_where_it_is_looked_for(
    desk: LetterDesk,
) -> None:
    of_others = batch(letter(LetterKind.LIST_DUE), applicant=desk.applicant())
    of_others = of_others.model_copy(update={"procedure": "CTR"})
    by_procedure = DocumentsByProcedure({"CUP": desk.documents})
    with pytest.raises(UnknownClause, match=r"No procedure is called 'CTR', .*UMN_PROCEDURES"):
        makes(by_procedure, desk.url, of_others)
    assert desk.notices() == []


@pytest.mark.parametrize("known_to_workflow", [True, False])
def test_a_letter_to_an_applicant_nobody_knows_goes_to_the_desk_and_says_so(
    desk: LetterDesk, known_to_workflow: bool
) -> None:
    unknown = party() if known_to_workflow else None
    (name,) = desk.makes(batch(letter(LetterKind.LIST_DUE), applicant=unknown))
    (notice,) = desk.notices()
    assert (notice.role, notice.recipient) == ("applicant", ADDRESSES[Role.DESK])
    assert "Aan het loket gericht" in text_of(desk.pdf(name))
    assert desk.delivers() == []
    (mail,) = desk.mails_in_outbox()
    assert mail["subject"] == f"Aan het loket gericht: {notice.subject}"
    assert desk.states() == ["to_forward"]
    assert desk.told == []  # nothing runs from its receipt


@pytest.mark.parametrize("role", [Role.ETHICS_COMMITTEE, Role.COMMISSION, Role.DESK])
def test_committees_and_desk_are_reached_through_the_settings(desk: LetterDesk, role: Role) -> None:
    kind = LetterKind.LIMIT_PASSED if role == Role.DESK else LetterKind.OPINION_REQUEST
    facts = FACTS[kind] if role == Role.DESK else {**FACTS[kind], "body": role.value}
    asked = Letter(kind=kind, role=role, facts=facts)
    desk.makes(batch(asked, applicant=desk.applicant()))
    (notice,) = desk.notices()
    assert (notice.role, notice.recipient) == (role.value, ADDRESSES[role])


@pytest.mark.parametrize(
    ("applicant", "office_language", "written"),
    [(Language.DE, Language.NL, "nl"), (Language.DE, Language.FR, "fr"), (Language.FR, Language.NL, "fr")],
)
def test_committees_and_desk_are_not_written_to_in_german(
    desk: LetterDesk, applicant: Language, office_language: Language, written: str
) -> None:
    documents = Documents(
        desk.url, desk.store, "Agency", "umn@agency.invalid", ADDRESSES, office_language=office_language
    )
    asked = letter(LetterKind.DECISION)
    copies = [Letter(kind=asked.kind, role=role, facts=asked.facts) for role in (Role.COMMISSION, Role.DESK)]
    passed = letter(LetterKind.LIMIT_PASSED)
    assert makes(documents, desk.url, batch(asked, *copies, passed, applicant=desk.applicant(applicant))) == [
        f"07-decision-applicant-{applicant.value}.pdf",
        f"07-decision-commission-{written}.pdf",
        f"07-decision-desk-{written}.pdf",
        f"07-limit-passed-desk-{written}.pdf",
    ]


def test_each_paragraph_of_the_grounds_is_a_ground_with_its_number(desk: LetterDesk) -> None:
    grounds = "The need is met.\r\n\r\nThe risks\noutweigh the benefits.\n \n\n"
    asked = letter(LetterKind.DECISION, outcome="refused", conditions=[], grounds=grounds)
    laid_out, _ = desk.documents.layout(batch(asked, applicant=desk.applicant()), asked)
    (numbered,) = [part["items"] for part in laid_out["parts"] if part["kind"] == "numbers"]
    assert numbered == ["The need is met.", "The risks outweigh the benefits."]


def test_grounds_may_be_as_long_as_an_act_takes_them(desk: LetterDesk) -> None:
    paragraph = "This ground rests on the file as it was filed and completed, and on both opinions. "
    long = "\n\n".join([paragraph * 12] * 20)[: LONGEST_GROUNDS - 8] + "THE END."
    made = letter(LetterKind.DECISION, outcome="closed", grounds=long, continuity_plan=long)
    (name,) = desk.makes(batch(made, applicant=desk.applicant(Language.DE)))
    assert text_of(desk.pdf(name)).count("THE END.") == 2
    assert desk.delivers() == []
    assert desk.states() == ["sent"]


def test_the_letterhead_names_address_and_telephone_of_the_agency_in_mail_too(desk: LetterDesk) -> None:
    creditor = Creditor("Agency", address="Sample Street 1; 1000 Brussels", telephone="+32 2 000 00 00")
    told = Documents(desk.url, desk.store, "Agency", "umn@agency.invalid", ADDRESSES, creditor=creditor)
    (name,) = makes(told, desk.url, batch(letter(LetterKind.WITHOUT_OBJECT), applicant=desk.applicant()))
    text = text_of(desk.pdf(name))
    assert "Sample Street 1 1000 Brussels" in text
    assert "Agency · Sample Street 1 · 1000 Brussels" in text
    assert "tel. +32 2 000 00 00" in text
    (notice,) = desk.notices()
    for mail in (notice.body, notice.html):
        assert "tel. +32 2 000 00 00" in mail
        assert "Sample Street 1 · 1000 Brussels" in mail


def test_no_letter_is_made_that_cannot_name_its_service_by_law(desk: LetterDesk) -> None:
    said = {"procedure": "CUP", "part": "telephone", "article": "art. 2", "path": "offices.toml"}
    lacks = (Message("offices.letterhead", **said),)
    told = Documents(desk.url, desk.store, "Agency", "umn@agency.invalid", ADDRESSES, lacks=lacks)
    with pytest.raises(CannotBeNamed, match="name no telephone of the service"):
        makes(told, desk.url, batch(letter(LetterKind.WITHOUT_OBJECT), applicant=desk.applicant()))


@pytest.mark.parametrize("role", [Role.ETHICS_COMMITTEE, Role.COMMISSION, Role.DESK])
def test_a_copy_of_the_applicants_letter_says_that_it_is_one(desk: LetterDesk, role: Role) -> None:
    asked = letter(LetterKind.DECISION)
    copy = Letter(kind=asked.kind, role=role, facts=asked.facts)
    original, copied = desk.makes(batch(asked, copy, applicant=desk.applicant()))
    assert "Kopie ter informatie" in text_of(desk.pdf(copied))
    assert "Kopie ter informatie" not in text_of(desk.pdf(original))


def test_the_invoice_speaks_the_language_of_who_pays(desk: LetterDesk) -> None:
    applicant, payer = desk.applicant(Language.NL), desk.applicant(Language.FR, "accounts@example.org")
    names = desk.makes(
        batch(
            letter(LetterKind.ADMISSIBLE),
            letter(LetterKind.INVOICE),
            applicant=applicant,
            invoice_addressee=payer,
        )
    )
    assert names == ["07-admissible-applicant-nl.pdf", "07-invoice-invoice-addressee-fr.pdf"]
    assert {n.letter: n.recipient for n in desk.notices()}["invoice"] == "accounts@example.org"


def test_the_longest_names_fit_where_they_are_kept(desk: LetterDesk) -> None:
    long = Product(trade_name="T" * 300, active_substance="S " * 150, indication="I " * 1999)
    number = "CUP-2026-014/list-2027" + "9" * 49
    (name,) = desk.makes(
        batch(
            letter(LetterKind.DECISION, grounds="g " * 1999),
            applicant=desk.applicant(),
            subject=long.subject,
            number=number,
        )
    )
    (notice,) = desk.notices()
    assert len(notice.subject) <= 300
    assert max(len(notice.key), len(notice.message_id), len(name)) <= 200
    assert len(reader(desk.pdf(name)).pages) > 1


def test_samples_write_to_those_whom_the_letter_is_for() -> None:
    assert {role_of(kind) for kind in LETTERS} == set(Role.words()) - {
        Role.COMMISSION,
        Role.MEDICAL_DIRECTORS,
        Role.PHYSICIANS,
    }


def test_a_letter_can_be_looked_at_as_a_picture(desk: LetterDesk) -> None:
    asked = batch(letter(LetterKind.DECISION), applicant=desk.applicant())
    pages = desk.documents.pages.pictures(desk.documents.layout(asked, asked.letters[0])[0])
    assert all(page.startswith(b"\x89PNG") for page in pages)
    assert Path(TEMPLATES / "letter.typ").exists()


@pytest.mark.parametrize("kind", [LetterKind.INVOICE, LetterKind.INVOICE_REMINDER])
@pytest.mark.parametrize("language", Language)
def test_an_invoice_names_the_account_to_pay_to_when_the_agency_has_set_it(
    desk: LetterDesk, kind: LetterKind, language: Language
) -> None:
    asked = batch(
        letter(kind), applicant=desk.applicant(language), invoice_addressee=desk.applicant(language)
    )
    silent, _ = desk.documents.layout(asked, asked.letters[0])
    account = "BE71 0961 2345 6769"
    creditor = Creditor("Agency", account=account)
    paid_to = Documents(desk.url, desk.store, "Agency", "umn@agency.invalid", ADDRESSES, creditor=creditor)
    told, _ = paid_to.layout(asked, asked.letters[0])
    assert account in str(told)
    assert account not in str(silent)


def test_what_the_desk_has_to_act_on_is_no_copy_and_what_it_only_has_to_know_is(desk: LetterDesk) -> None:
    def is_a_copy(kind: LetterKind) -> bool:
        made = letter(kind).model_copy(update={"role": Role.DESK})
        laid_out, _ = desk.documents.layout(batch(made, applicant=party()), made)
        return "Kopie ter informatie" in {note["title"] for note in laid_out["notes"]}

    to_act_on = (LetterKind.LIMIT_WARNING, LetterKind.LIMIT_PASSED, LetterKind.CONFLICT)
    assert [kind for kind in (*to_act_on, LetterKind.DECISION) if is_a_copy(kind)] == [LetterKind.DECISION]


def test_a_letter_in_latin_greek_and_cyrillic_leaves_with_every_sign_in_its_place(desk: LetterDesk) -> None:
    grounds = "Łódź, Ľubomír, ș: ὀξύς, Ελληνικά; Кириллица, Ђорђе. ≥ 2 µg/ml, ℕ, Ω."
    asked = batch(letter(LetterKind.DECISION, grounds=grounds), applicant=desk.applicant(Language.EN))
    (name,) = desk.makes(asked)
    assert without_spaces(grounds) in without_spaces(text_of(desk.pdf(name)))


@pytest.mark.parametrize("words", ["עברית", "العربية", "ქართული", "Հայերեն", "हिन्दी"])
def test_a_letter_in_another_script_waits_until_a_person_has_looked_and_then_leaves_as_it_is(
    desk: LetterDesk, words: str
) -> None:
    asked = batch(
        letter(LetterKind.DECISION, grounds=f"As filed: {words}."), applicant=desk.applicant(Language.EN)
    )
    with Session(engine(desk.url)) as session, session.begin():
        outbox.put(session, asked)
    assert desk.delivers() == []
    (waits,) = notices.notices(desk.url)
    assert waits.state == "not_made"
    assert f"{words[0]} (U+{ord(words[0]):04X}) in “" in waits.reason
    assert waits.reason.count("(U+") == 1  # of each script its first sign
    notices.try_again(desk.url, waits.key, "Ann")
    desk.delivers()
    (notice,) = desk.notices()
    assert "U+" not in text_of(desk.pdf(notice.document))
