"""What applicants and officers write is printed and never obeyed: in PDF, HTML, Word and mail."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from activities.drafting import docx
from activities.invoice_pages import Debtor
from activities.letter_pages import LetterPages, Recipient
from activities.letter_text import plain, words_of
from models.entry import LetterKind
from models.parties import Language
from models.signs import visible
from models.subjects import Product
from tests.letters.letter_desk import LetterDesk
from tests.letters.sample_letters import LETTERS, batch, letter

TO = Recipient(("Voorbeeld Pharma NV",), Language.EN, "pharma@example.org")
HOSTILE = [
    "{{ 7 * 7 }} {% for x in [1] %}x{% endfor %} {# gone #}",
    '#read("/etc/passwd") *bold* $x^2$ @ref <label> #import "@preview/x:1.0.0": * // gone',
    "<script>alert(1)</script><img src=x onerror=alert(1)> &amp; </p></body>",
    '=HYPERLINK("http://example.org","x") +1+1 -1 @SUM(A1) \t=cmd|\' /C calc\'!A0',
    "x\r\nBcc: everybody@example.org\r\n\r\n<html>",
    '{ HYPERLINK "http://example.org" } <w:fldSimple w:instr="DDEAUTO c:\\\\x"/> ]]>',
    "\u202eexe.fdp\u2066 \u200bzero\ufeff \x00\x07\ufffe\uffff",
    "# title\n\n## heading\n\n- item\n\n1. one",
]


class Page(HTMLParser):
    """The tags and the text of an HTML page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad‐-]+", "", text)


@pytest.fixture(scope="module")
def pages() -> LetterPages:
    return LetterPages("Agency", "desk@agency.invalid")


def written_by_a_person(pages: LetterPages, text: str) -> dict[str, Any]:
    """A decision whose every free text is this one."""
    asked = letter(
        LetterKind.DECISION,
        outcome="closed",
        grounds=text,
        continuity_plan=text,
        conditions=[{"text": f"x{visible(text)}", "due_on": "2026-10-30", "number": 1}],
    )
    product = Product.model_construct(trade_name=text[:300], active_substance=text[:300], indication=text)
    return pages.layout(batch(asked, applicant=None, subject=product.subject), asked, TO, Debtor(""))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_in_every_form_of_a_letter(pages: LetterPages, text: str) -> None:
    laid_out, innocent = written_by_a_person(pages, text), written_by_a_person(pages, "x")
    shown = [squeezed(plain(ground)) for ground in text.split("\n\n")]
    kinds = [part["kind"] for part in laid_out["parts"]]
    assert kinds == [part["kind"] for part in innocent["parts"]]

    page = Page(pages.html(laid_out))
    extra = [tag for tag in page.tags if tag not in Page(pages.html(innocent)).tags]
    assert extra == []
    assert all(ground in squeezed(page.text) for ground in shown)

    document = docx(laid_out)
    told = squeezed("\n".join(paragraph.text for paragraph in Document(io.BytesIO(document)).paragraphs))
    assert all(re.sub("[\ufffe\uffff]", "\ufffd", ground) in told for ground in shown)
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        body = archive.read("word/document.xml").decode()
    assert not re.search(r"<w:(fldChar|fldSimple|instrText|hyperlink|object)\b", body)

    pdf = PdfReader(io.BytesIO(pages.pdf(laid_out, batch(applicant=None).on)))
    printed = squeezed("".join(sheet.extract_text() for sheet in pdf.pages))
    for ground in shown:
        spelt = re.sub("[\ufffe\uffff]", lambda c: f"[U+{ord(c[0]):04X}]", ground)
        assert spelt in printed
    links = [note.get_object() for sheet in pdf.pages for note in sheet.get("/Annots", ())]
    assert {link["/A"]["/URI"] for link in links} == {"mailto:desk@agency.invalid"}  # the letterhead
    assert "root:" not in printed


@given(text=st.text(min_size=1, max_size=200).filter(lambda text: plain(text).strip() != ""))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_keeps_the_shape_of_the_letter(pages: LetterPages, text: str) -> None:
    laid_out, innocent = written_by_a_person(pages, text), written_by_a_person(pages, "x")
    assert [part["kind"] for part in laid_out["parts"]] == [part["kind"] for part in innocent["parts"]]
    assert set(Page(pages.html(laid_out)).tags) == set(Page(pages.html(innocent)).tags)
    assert all("\n" not in line and "\r" not in line for line in words_of(laid_out))
    Document(io.BytesIO(docx(laid_out)))


def test_the_mail_says_the_same_words_in_plain_text_and_in_html(desk: LetterDesk) -> None:
    asked = batch(letter(LetterKind.DECISION), applicant=desk.applicant(Language.DE))
    desk.makes(asked)
    (notice,) = desk.notices()
    laid_out, _ = desk.documents.layout(asked, asked.letters[0])
    page = squeezed(Page(desk.documents.pages.html(laid_out)).text)
    for words in words_of(laid_out):
        assert words in notice.body
        assert squeezed(re.sub(r"^(- |\d\. )", "", words)) in page


def test_a_draft_is_the_same_bytes_for_the_same_letter(pages: LetterPages) -> None:
    laid_out = written_by_a_person(pages, "A ground.")
    assert docx(laid_out) == docx(laid_out)


@pytest.mark.parametrize("kind", LETTERS)
def test_a_draft_has_the_quiet_look_of_the_letter(pages: LetterPages, kind: LetterKind) -> None:
    """One serif with others in its place, titles in ink and accent, and no border in the tables."""
    asked = letter(kind)
    laid_out = pages.layout(batch(asked, applicant=None), asked, TO, Debtor("x"), draft=True)
    made = docx(laid_out)
    document = Document(io.BytesIO(made))
    colours = {name: str(document.styles[name].font.color.rgb) for name in ("Heading 1", "Heading 2")}
    assert colours == {"Heading 1": "1B2A41", "Heading 2": "1F6F78"}
    fonts = {document.styles[name].font.name for name in ("Normal", "Heading 1", "Heading 2")}
    assert fonts == {"Georgia"}
    assert document.paragraphs[0].text == "Agency"
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        body, table_of_fonts = (
            archive.read(f"word/{part}.xml").decode() for part in ("document", "fontTable")
        )
    assert "Libertinus Serif" in table_of_fonts
    assert "w:insideH" not in body
    # the schema wants the properties of a paragraph in this order, or Word repairs the file
    for properties in re.findall(r"<w:pPr>(.*?)</w:pPr>", body):
        names = [name for name in re.findall(r"<w:(\w+)", properties) if name in ORDER]
        assert names == sorted(names, key=ORDER.index)


ORDER = ["pStyle", "keepNext", "pBdr", "shd", "spacing", "ind", "jc", "rPr"]
