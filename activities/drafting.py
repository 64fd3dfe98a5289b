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
_FONT = "Georgia"
_INSTEAD = (
    f'<w:font w:name="{_FONT}"><w:altName w:val="Libertinus Serif;Cambria;Times New Roman"/>'
    '<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
)
"""What a word processor takes where the font is not installed: another serif."""

INK, ACCENT, QUIET, WARN, HAIR, MARK = "1B2A41", "1F6F78", "4A5568", "9B2C2C", "CFD9DF", "FBF4E2"
"""The colours of templates/letter.typ."""


def docx(letter: dict[str, Any]) -> bytes:
    """The letter, as it is laid out by activities/documents.py, as a Word document."""
    from docx import Document
    from docx.shared import Mm, Pt

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
    section.top_margin, section.bottom_margin = Mm(21), Mm(23)
    _dress(document, f"{letter['language']}-{letter['region']}")

    def paragraph(text: str, style: str | None = None, after: float | None = None, **look: Any) -> Any:
        made = document.add_paragraph(style=style)
        _run(made, text, **look)
        if after is not None:
            made.paragraph_format.space_after = Pt(after)
        return made

    def pairs(rows: list[Any], label_mm: int = 38, ruled: bool = False) -> None:
        table = document.add_table(rows=0, cols=2)
        table.autofit = False
        for column, width in zip(table.columns, (label_mm, 159 - label_mm), strict=True):
            column.width = Mm(width)
        for label, value in rows:
            cells = table.add_row().cells
            cells[0].width, cells[1].width = Mm(label_mm), Mm(159 - label_mm)
            for cell, text, look in (
                (cells[0], label, {"size": 8.6, "colour": QUIET}),
                (cells[1], value, {}),
            ):
                shape = cell.paragraphs[0].paragraph_format
                shape.space_before, shape.space_after = Pt(2), Pt(2)
                _run(cell.paragraphs[0], text, **{"size": 9.8, **look})
        if ruled:
            _table_rules(table, top=ACCENT, bottom=HAIR)
        document.add_paragraph().paragraph_format.space_after = Pt(2)

    colon = letter["labels"]["colon"]
    head = paragraph(letter["agency"], after=0, size=14, bold=True, colour=INK)
    _rule(head, "left", ACCENT, 24, 8)
    desk = paragraph(
        " · ".join(
            filter(
                None, (letter["labels"]["desk"], letter["telephone"], letter["contact"], *letter["address"])
            )
        ),
        after=26,
        size=8.6,
        colour=QUIET,
    )
    _rule(desk, "left", ACCENT, 24, 8)
    for line in letter["recipient"]:
        paragraph(line, after=0).paragraph_format.left_indent = Mm(83)
    paragraph("", after=2)
    pairs(letter["references"], 28)
    if letter["draft"]:
        paragraph(letter["draft"].upper(), after=4, bold=True, colour=WARN)
    if letter["lead"]:
        _marked(paragraph(f"{letter['lead']['title']}{colon} {letter['lead']['text']}", size=8.9))
    document.add_heading(_text(letter["title"]), level=1)
    pairs(letter["about"], 35, ruled=True)
    paragraph(letter["salutation"])
    if letter.get("layout") == "invoice":
        pairs([*letter["figures"], (letter["line"], letter["amount"])], 62)
        if paid := letter["pay"]:
            pairs([*paid["rows"], (letter["invoice"]["communication"], paid["communication"])], 62)
    for part in letter["parts"]:
        if part["kind"] == "heading":
            document.add_heading(_text(part["text"]), level=2)
        elif part["kind"] == "quote":
            for item in part["items"]:
                quoted = paragraph(item)
                quoted.paragraph_format.left_indent = Mm(4)
                _rule(quoted, "left", HAIR, 12, 8)
        elif style := _STYLES.get(part["kind"]):
            for item in part["items"]:
                paragraph(item, style, after=4)
        else:
            paragraph(part["text"])
    closing = paragraph(letter["closing"], after=34)
    closing.paragraph_format.space_before, closing.paragraph_format.keep_with_next = Pt(18), True
    for line in letter["signature"]:
        paragraph(line, after=0).paragraph_format.keep_with_next = line != letter["signature"][-1]
    for note in letter["notes"]:
        paragraph("", after=0)
        lines = [(note["title"], True), (note["text"], False)]
        lines += [(f"{clause}{colon} {said}", False) for clause, said in note.get("parts", ())]
        for line, bold in lines:
            if line:
                _marked(paragraph(line, after=2, size=8.9, bold=bold))
        for item in note["items"]:
            _marked(paragraph(item, "List Bullet", after=1, size=8.9))
    foot = section.footer.paragraphs[0]
    _run(foot, f"{letter['agency']} · {letter['number']}", size=8.6, colour=QUIET)
    _rule(foot, "top", HAIR, 4, 6)
    made = BytesIO()
    document.save(made)
    return _without_times(made.getvalue())


def _dress(document: Any, language: str) -> None:
    """The styles of the letter: one serif, ink for titles, a quiet accent."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for kept in document.part.rels.values():
        if kept.reltype.endswith("/fontTable"):
            table = kept.target_part
            table._blob = table.blob.replace(b"</w:fonts>", _INSTEAD.encode() + b"</w:fonts>")
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(10.6)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(7), 1.12
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), language)
    normal.element.get_or_add_rPr().append(spoken)
    for name, size, colour, before, after in (
        ("Heading 1", 15.5, INK, 4, 10),
        ("Heading 2", 11.2, ACCENT, 14, 4),
    ):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), True
        style.font.color.rgb = RGBColor.from_string(colour)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # else the theme's font wins
            fonts.attrib.pop(qn(f"w:{theme}"), None)


def _run(
    paragraph: Any, text: str, size: float | None = None, bold: bool = False, colour: str | None = None
) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(_text(text))
    run.bold = bold or None
    if size:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _rule(paragraph: Any, side: str, colour: str, eighths: int, space: int) -> None:
    """A line beside, above or below a paragraph."""
    _child(_child(paragraph._p.get_or_add_pPr(), "w:pBdr"), f"w:{side}", **_line(colour, eighths, space))


def _table_rules(table: Any, **sides: str) -> None:
    """Lines above and below a table, and none in it."""
    borders = _child(table._tbl.tblPr, "w:tblBorders")
    for side, colour in sides.items():
        _child(borders, f"w:{side}", **_line(colour, 8 if side == "top" else 4, 0))


def _marked(paragraph: Any) -> None:
    """What a reader has to know about the letter itself: on a ground of its own."""
    _rule(paragraph, "left", "B7791F", 14, 8)
    _child(paragraph._p.get_or_add_pPr(), "w:shd", val="clear", color="auto", fill=MARK)


def _line(colour: str, eighths: int, space: int) -> dict[str, str]:
    return {"val": "single", "sz": str(eighths), "space": str(space), "color": colour}


_IN_ORDER = ("w:pStyle", "w:keepNext", "w:pBdr", "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")
"""The order in which a paragraph's properties stand, as the schema demands it."""


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    found = parent.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        later = _IN_ORDER[_IN_ORDER.index(tag) + 1 :] if tag in _IN_ORDER else ()
        after = next((parent.find(qn(name)) for name in later if parent.find(qn(name)) is not None), None)
        parent.append(found) if after is None else after.addprevious(found)
    for name, value in attributes.items():
        found.set(qn(f"w:{name}"), value)
    return found


def _text(value: str) -> str:
    return _NOT_XML.sub("\ufffd", value)


def _without_times(archive: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in given.namelist():  # the first entry names the kinds of the others: it stays the first
            kept.writestr(zipfile.ZipInfo(name, _EPOCH), given.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
