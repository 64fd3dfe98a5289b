"""A letter as a Word document that an officer can amend: the same words as the PDF, as values only.

The same letter gives the same bytes: the archive carries the day of the letter and no other time.
"""

from __future__ import annotations

import re
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document can hold."""

_STYLES = {"list": "List Bullet", "numbers": "List Number"}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def docx(letter: dict[str, Any]) -> bytes:
    """The letter, as it is laid out by activities/documents.py, as a Word document."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    document = Document()
    on = datetime(letter["year"], letter["month"], letter["day"])  # noqa: DTZ001 - a civil day
    about = document.core_properties
    about.title, about.author = _text(letter["title"])[:250], _text(letter["agency"])[:250]
    about.language = f"{letter['language']}-{letter['region']}"
    about.created = about.modified = on
    about.comments, about.last_modified_by, about.revision = "", "", 1
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(27), Mm(24)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Georgia", Pt(10.5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), f"{letter['language']}-{letter['region']}")
    normal.element.get_or_add_rPr().append(language)

    def paragraph(text: str, style: str | None = None) -> Any:
        return document.add_paragraph(_text(text), style=style)

    def pairs(rows: list[Any]) -> None:
        table = document.add_table(rows=0, cols=2)
        for label, value in rows:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = _text(label), _text(value)
            cells[0].width, cells[1].width = Mm(38), Mm(121)
        paragraph("")

    head = paragraph("")
    head.add_run(_text(letter["agency"])).bold = True
    paragraph(" · ".join([*letter["address"], letter["labels"]["desk"], letter["contact"]]))
    if letter["draft"]:
        run = paragraph("").add_run(_text(letter["draft"]).upper())
        run.bold, run.font.color.rgb = True, RGBColor(0x9B, 0x2C, 0x2C)
    for line in letter["recipient"]:
        paragraph(line).paragraph_format.space_after = Pt(0)
    paragraph("")
    pairs(letter["references"])
    document.add_heading(_text(letter["title"]), level=1)
    pairs(letter["about"])
    paragraph(letter["salutation"])
    if letter.get("layout") == "invoice":
        pairs([*letter["figures"], (letter["line"], letter["amount"])])
        if paid := letter["pay"]:
            pairs([*paid["rows"], (letter["invoice"]["communication"], paid["communication"])])
    for part in letter["parts"]:
        if part["kind"] == "heading":
            document.add_heading(_text(part["text"]), level=2)
        elif style := _STYLES.get(part["kind"]):
            for item in part["items"]:
                paragraph(item, style)
        else:
            paragraph(part["text"])
    paragraph(letter["closing"]).paragraph_format.space_after = Pt(36)
    for line in letter["signature"]:
        paragraph(line).paragraph_format.space_after = Pt(0)
    for note in letter["notes"]:
        paragraph("")
        paragraph("").add_run(_text(note["title"])).bold = True
        for line in filter(None, [note["text"], *(f"{c}: {s}" for c, s in note.get("parts", ()))]):
            paragraph(line)
        for item in note["items"]:
            paragraph(item, "List Bullet")
    foot = section.footer.paragraphs[0]
    foot.text, foot.alignment = _text(f"{letter['agency']} · {letter['number']}"), WD_ALIGN_PARAGRAPH.LEFT
    made = BytesIO()
    document.save(made)
    return _without_times(made.getvalue())


def _text(value: str) -> str:
    return _NOT_XML.sub("\ufffd", value)


def _without_times(archive: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in given.namelist():  # the first entry names the kinds of the others: it stays the first
            kept.writestr(zipfile.ZipInfo(name, _EPOCH), given.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
