"""Nothing leaves the page, whatever a person wrote; a date is never broken; every kind is accessible."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from pdfua import validate
from PIL import Image
from pypdf import PdfReader

from activities.invoice_pages import Creditor, Debtor
from activities.letter_pages import LetterPages, Recipient
from models.entry import LetterKind
from models.parties import Language, Party
from models.subjects import Product
from tests.letters.sample_letters import CREDITOR, LETTERS, batch, languages_of, letter

LONG = "W" * 164
MM = 100 / 25.4
"""Pixels of a millimetre in a picture of 100 to the inch."""


@pytest.fixture(scope="module")
def pages() -> LetterPages:
    return LetterPages(CREDITOR.name, "desk@agency.invalid", creditor=CREDITOR)


def made(
    pages: LetterPages, kind: LetterKind, language: Language = Language.EN, word: str = "", **facts: object
) -> tuple[dict, bytes]:
    asked = letter(kind, **facts)
    product = Product(trade_name=word or "Exemplaris", active_substance=word or "x", indication=word or "y")
    party = Party(id="", name=word or "Voorbeeld Pharma NV")
    told = batch(
        asked,
        applicant=party,
        subject=product.subject,
        number="CUP-2026-014/modification-2027" if word else "CUP-2026-014",
    )
    to = Recipient((party.name, word or "Voorbeeldstraat 1"), language, ())
    laid_out = pages.layout(told, asked, to, Debtor(party.name, word))
    return laid_out, pages.pdf(laid_out, told.on)


def ink_in_margins(pages: LetterPages, laid_out: dict) -> list[tuple[int, int, int, int]]:
    """Where ink stands left or right of the text, on every page."""
    found = []
    for picture in pages.pictures(laid_out, 100):
        page = Image.open(io.BytesIO(picture)).convert("L").point(lambda grey: 255 if grey < 200 else 0)
        for edge in ((0, 20 * MM), (page.width - 20 * MM, page.width)):
            box = page.crop((int(edge[0]), 0, int(edge[1]), page.height)).getbbox()
            found += [box] if box else []
    return found


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (LetterKind.DECISION, {"grounds": LONG, "conditions": [{"text": LONG, "due_on": "2026-10-30"}]}),
        (LetterKind.QUESTIONS, {"questions": [LONG, f"{LONG}@{LONG}"]}),
        (LetterKind.CLOSURE, {"continuity_plan": f"{LONG}\n\n{LONG}", "grounds": LONG}),
        (LetterKind.INCOMPLETE, {"missing": [LONG]}),
        (LetterKind.INVOICE, {"source": LONG}),
        (LetterKind.CREDIT_NOTE, {"reason": LONG}),
    ],
)
def test_a_word_that_is_wider_than_its_place_breaks_and_stays_on_the_page(
    pages: LetterPages, kind: LetterKind, facts: dict[str, object]
) -> None:
    laid_out, pdf = made(pages, kind, word=LONG, **facts)
    assert ink_in_margins(pages, laid_out) == []
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))
    assert LONG in text  # and nothing is put into it: it can be copied


def test_ink_in_a_margin_is_found(pages: LetterPages) -> None:
    laid_out, _ = made(pages, LetterKind.WITHOUT_OBJECT)
    assert ink_in_margins(pages, laid_out) == []
    laid_out["salutation"] = "\u00a0".join(["word"] * 40)
    assert ink_in_margins(pages, laid_out)


def test_a_long_name_of_the_agency_stays_on_the_page() -> None:
    creditor = Creditor(LONG, address=f"{LONG};1000 Brussels", account=CREDITOR.account)
    pages = LetterPages(LONG, f"{'w' * 60}@{'x' * 60}.invalid", creditor=creditor)
    for kind in (LetterKind.DECISION, LetterKind.INVOICE):
        laid_out, _ = (
            made(pages, kind, grounds="g\n\n" * 60) if kind == LetterKind.DECISION else made(pages, kind)
        )
        assert ink_in_margins(pages, laid_out) == []


@pytest.mark.parametrize("step", [9, pytest.param(3, marks=pytest.mark.long)])
@pytest.mark.parametrize("language", Language)
def test_neither_a_date_nor_a_number_nor_an_article_is_broken(
    pages: LetterPages, language: Language, step: int
) -> None:
    """Whatever stands before it: the line is filled up letter by letter."""
    asked = ("28 November 2026", "CUP-2026-014", "art. 106")
    for before in range(0, 90, step):
        _, pdf = made(
            pages, LetterKind.INCOMPLETE, language, missing=[f"{'x ' * before}{what}" for what in asked]
        )
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
        for what in asked:
            assert what in text.replace("\u00a0", " "), (before, what)


@pytest.mark.parametrize("kind", LETTERS)
def test_an_independent_checker_of_accessibility_finds_nothing_in_any_letter(
    pages: LetterPages, kind: LetterKind, tmp_path: Path
) -> None:
    languages = languages_of(kind)
    language = languages[list(LETTERS).index(kind) % len(languages)]  # each of them in turn
    file = tmp_path / "letter.pdf"
    file.write_bytes(made(pages, kind, language)[1])
    assert list(validate(str(file)).findings) == []
