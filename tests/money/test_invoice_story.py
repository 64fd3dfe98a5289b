"""What a dossier tells its invoice and its credit note: the facts that only the procedure knows."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from models.acts import ContributionFixed, DeclaredAdmissible, InvoiceCredited
from register.documents import DocumentStore
from tests.stories.desk import Office

pytestmark = pytest.mark.server


async def text_of(office: Office, number: str, letter: str) -> str:
    await office.postman_rests()
    held = office.shows(number)
    (sha256,) = [document.sha256 for document in held.documents if f"-{letter}-" in document.name]
    pages = PdfReader(io.BytesIO(DocumentStore(Path(office.settings.documents)).read(sha256))).pages
    return re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in pages))


async def test_an_invoice_says_for_what_by_whose_word_and_how_to_object(office: Office) -> None:
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=1928461, source="the agency's list of 2026")
    (invoice,) = office.shows(number).invoices
    text = await text_of(office, number, "invoice")
    assert invoice.invoice in text
    assert "demande de programme d’usage compassionnel" in text
    assert "Montant selon : the agency's list of 2026" in text
    assert "14/20 de la loi du 20 juillet 2006) dans les 30 jours calendrier après avoir reçu" in text
    for told in ("administrateur général", "être entendu", "une copie de la présente facture", "tribunal"):
        assert told in text.replace("- ", "")  # a line may break within a word


async def test_a_credit_note_leaves_with_its_entry_and_says_what_remains(office: Office) -> None:
    number = await office.submits()
    await office.performs(number, DeclaredAdmissible)
    await office.performs(number, ContributionFixed, cents=10000, source="the accounts")
    await office.performs(number, InvoiceCredited, cents=2500, reason="Counted twice.")
    text = await text_of(office, number, "credit-note")
    assert re.search(r"Note de crédit CN-\d{4}-00001", text)
    assert "Counted twice." in text
    assert "25,00 €" in text
    assert "75,00 €" in text
