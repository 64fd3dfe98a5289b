"""What a dossier tells its invoice and its credit note: the facts that only the procedure knows."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from activities.wording import TEMPLATES, Wording
from models.acts import ContributionFixed, DeclaredAdmissible, InvoiceCredited
from models.parties import Language
from register.documents import DocumentStore
from tests.stories.desk import Office

pytestmark = pytest.mark.server


def text_of(office: Office, number: str, letter: str) -> str:
    held = office.shows(number)
    (sha256,) = [document.sha256 for document in held.documents if f"-{letter}-" in document.name]
    pages = PdfReader(io.BytesIO(DocumentStore(Path(office.settings.documents)).read(sha256))).pages
    return re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in pages))


async def test_an_invoice_says_for_what_by_whose_word_and_until_when_to_object(office: Office) -> None:
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=1928461, source="the agency's list of 2026")
    (invoice,) = office.shows(number).invoices
    text = text_of(office, number, "invoice")
    assert invoice.invoice in text
    assert "demande de programme d’usage compassionnel" in text
    assert "Montant selon : the agency's list of 2026" in text
    (appeal,) = [
        clock for clock in office.shows(number).entries[-1].clocks if clock["ref"] == "payment-appeal"
    ]
    last = Wording(TEMPLATES).long_date(appeal["due_on"], Language.FR)
    assert f"14/20 de la loi du 20 juillet 2006, au plus tard le {last}." in text


async def test_a_credit_note_leaves_with_its_entry_and_says_what_remains(office: Office) -> None:
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=10000, source="the accounts")
    await office.performs(number, InvoiceCredited, cents=2500, reason="Counted twice.")
    text = text_of(office, number, "credit-note")
    assert re.search(r"Note de crédit CN-\d{4}-00001", text)
    assert "Counted twice." in text
    assert "25,00 €" in text
    assert "75,00 €" in text
