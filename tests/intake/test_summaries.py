"""What is read of a summary for publication (Annex IV) that was filed as a Word document."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from models.errors import InputRefused, PackageRefused
from office.intake.package import read_package
from office.publication.summaries import attach, keep_documents, keep_filed
from office.settings import Settings
from procedures.be_umn.samples import sample
from register.case import case
from register.database import migrate
from register.summaries import Summary, keep, of
from tests.register.cases import STANDING, Cases

CASE = "CUP-2026-001"
OTHER, THIRD = "CUP-2026-002", "CUP-2026-003"
FILED = "CUP-2026-100"
BODY = "word/document.xml"
NOW = datetime(2026, 4, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings(var=tmp_path_factory.mktemp("summaries"))
    migrate(made.register_url)
    Cases(made.register_url, 5, 5, 5)
    return made


def word(document: Any) -> bytes:
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def paragraphs(*texts: str) -> Any:
    document = Document()
    for text in texts:
        document.add_paragraph(text)
    return document


def filed(settings: Settings, into: Path, number: str, content: bytes) -> dict[str, tuple[str, str]]:
    """Files a package whose English Annex IV is this file. Returns: text and document, by language."""
    package = sample("cup-application", into)
    annex = next((package / "03_summary-publication").glob("*en*"))
    annex.with_suffix(".docx").write_bytes(content)
    annex.unlink()
    keep_filed(settings, read_package(package), package, number, "Ann")
    return {kept.language: (kept.text, kept.document) for kept in of(settings.register_url, number)}


def read(settings: Settings, into: Path, content: bytes) -> str:
    """What is kept of a Word document; every one is filed under a number of its own."""
    number = f"{FILED}-{into.name}"
    return filed(settings, into, number, content).get("en", ("", ""))[0]


def test_a_filed_word_document_is_kept_with_its_paragraphs_in_order(settings, tmp_path):
    document = paragraphs("Who can take part?")
    document.add_heading("Adults", level=2)
    document.add_paragraph("with a fever that is ≥ 38 °C & lasts <3 days", style="List Bullet")
    kept = filed(settings, tmp_path, FILED, word(document))
    text, name = kept["en"]
    fever = "with a fever that is ≥ 38 °C & lasts <3 days"
    assert text.split("\n\n") == ["Who can take part?", "Adults", fever]
    assert name.endswith(".docx")


def test_the_indication_in_its_own_language_is_changed_by_a_modification_only(settings, tmp_path):
    package = sample("cup-application", tmp_path)
    form = read_package(package)
    own, other = form.applicant.language.value, "de"
    keep_filed(settings, form, package, OTHER, "Ann")
    decided = STANDING.subject.parts["indication"]  # as the cases of these tests are entered
    keep(
        settings.register_url, OTHER, [Summary(own, indication=decided)], translates=decided, by="Ann", at=NOW
    )
    with pytest.raises(InputRefused, match=f"in {own.upper()} is what was decided"):
        attach(settings, OTHER, own, None, "Something else.", "Ann")
    attach(settings, OTHER, own, None, f"  {decided} ", "Ann")
    kept = attach(settings, OTHER, other, None, "Etwas anderes.", "Ann")
    assert {one.language: one.indication for one in kept}[own] == decided
    assert {one.language: one.indication for one in kept}[other] == "Etwas anderes."


def test_a_summary_among_documents_of_the_desk_is_read_as_that_of_a_package(settings, tmp_path):
    folder = tmp_path / "03_summary-publication"
    folder.mkdir()
    (folder / "annex-iv-summary-fr.txt").write_text("Résumé.")
    (folder / "annex-iv-summary-nl.pdf").write_bytes(b"%PDF")
    (tmp_path / "annex-iv-summary-de.txt").write_text("Not one of the languages of Annex IV.")
    keep_documents(settings, THIRD, [folder, tmp_path / "annex-iv-summary-de.txt"], "Ann")
    keep_documents(settings, THIRD, [folder], "Ann")
    kept = of(settings.register_url, THIRD)
    assert [(one.language, one.version, one.text, one.indication) for one in kept] == [
        ("fr", 1, "Résumé.", "")
    ]


def test_a_modification_that_repeats_the_indication_says_nothing_of_its_language(settings, tmp_path):
    package = sample("cup-application", tmp_path)
    form = read_package(package)
    now = case(settings.register_url, THIRD, date(2026, 4, 1)).state
    repeats = form.model_copy(update={"programme": THIRD, "subject": now.about})
    keep_filed(settings, repeats, package, f"{THIRD}/modification-2026", "Ann")
    assert {one.indication for one in of(settings.register_url, f"{THIRD}/modification-2026")} == {""}


def test_cells_of_a_table_are_paragraphs_where_the_table_stands(settings, tmp_path):
    document = paragraphs("Before.")
    table = document.add_table(rows=2, cols=2)
    for cell, said in zip(table._cells, ("Dose", "Weight", "1 mg", "10 kg"), strict=True):
        cell.text = said
    document.add_paragraph("After.")
    assert read(settings, tmp_path, word(document)).split("\n\n") == [
        "Before.",
        "Dose",
        "Weight",
        "1 mg",
        "10 kg",
        "After.",
    ]


def test_breaks_tabs_and_hyphens_that_do_not_break_keep_words_as_they_are_seen(settings, tmp_path):
    document = Document()
    run = document.add_paragraph().add_run("COVID")
    run._r.append(parse_xml(f"<w:noBreakHyphen {nsdecls('w')}/>"))
    run.add_text("19")
    run.add_break(WD_BREAK.LINE)
    run.add_text("dose")
    run.add_tab()
    run.add_text("1 mg")
    assert read(settings, tmp_path, word(document)).split() == ["COVID\u201119", "dose", "1", "mg"]


def test_what_was_taken_out_moved_or_hidden_is_not_published(settings, tmp_path):
    document = paragraphs("What stays.")
    ns = nsdecls("w")
    for gone in (
        f"<w:del {ns}><w:r><w:delText>taken out</w:delText></w:r></w:del>",
        f"<w:moveFrom {ns}><w:r><w:t>moved</w:t></w:r></w:moveFrom>",
        f"<w:r {ns}><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>",
        f"<w:ins {ns}><w:r><w:t> And more.</w:t></w:r></w:ins>",
    ):
        document.paragraphs[0]._p.append(parse_xml(gone))
    assert read(settings, tmp_path, word(document)) == "What stays. And more."


@pytest.mark.parametrize(
    "sign",
    [
        f'<w:r {nsdecls("w")}><w:sym w:font="Symbol" w:char="F0B3"/></w:r>',
        f"<m:oMath {nsdecls('m')}><m:r><m:t>x²</m:t></m:r></m:oMath>",
    ],
)
def test_a_sign_that_cannot_be_read_leaves_a_gap_and_never_another_meaning(settings, tmp_path, sign):
    document = paragraphs("Adults of an age of ")
    document.paragraphs[0]._p.append(parse_xml(sign))
    assert read(settings, tmp_path, word(document)) == ""


def changed(content: bytes, body: bytes) -> bytes:
    """The same document with another body."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, body if part == BODY else old.read(part))
    return made.getvalue()


WHOLE = word(paragraphs("A summary."))
BROKEN = {
    "empty": b"",
    "no zip": b"%PDF-1.7",
    "cut off": WHOLE[: len(WHOLE) // 2],
    "no XML": changed(WHOLE, b"<w:document"),
    "of an encoding that nobody knows": changed(WHOLE, b'<?xml version="1.0" encoding="x-nobody"?><a/>'),
    "of an encoding that is not read": changed(WHOLE, b'<?xml version="1.0" encoding="shift_jis"?><a/>'),
    "an entity": changed(WHOLE, b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    "too large": changed(WHOLE, b"<a>" + b" " * 5_000_000 + b"</a>"),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_word_document_that_cannot_be_read_is_refused_to_the_desk(settings, tmp_path, content):
    file = tmp_path / "annex.docx"
    file.write_bytes(content)
    with pytest.raises(InputRefused, match=r"annex\.docx (is no Word document that|grows too large)"):
        attach(settings, CASE, "en", file, "", "Ann")


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_in_a_package_it_leaves_a_gap_unless_the_package_is_refused_for_it(settings, tmp_path, content):
    try:
        outcome = read(settings, tmp_path, content)
    except PackageRefused as refused:
        outcome = refused.message
    assert outcome == "" or "annex-iv-summary-en.docx' " in outcome


def test_a_word_document_with_damaged_bytes_is_read_or_refused_by_its_name(settings, tmp_path):
    chance, told = random.Random(4), []
    file = tmp_path / "annex.docx"
    starts = WHOLE.index(BODY.encode())  # the text itself, not the picture beside it
    for _ in range(60):
        damaged = bytearray(WHOLE)
        for _ in range(chance.randint(1, 4)):
            damaged[starts + chance.randrange(600)] = chance.randrange(256)
        file.write_bytes(damaged)
        try:
            attach(settings, CASE, "en", file, "An indication.", "Ann")
        except InputRefused as refused:
            told.append(refused.message)
    assert told
    assert all(message.startswith("annex.docx ") for message in told)
