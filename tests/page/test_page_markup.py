"""What the reader of the agency's page takes over when it was saved as HTML, and what it refuses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.authority_page import PageRow
from models.errors import InputRefused
from procedures.be_umn.agency_page.reading import read_page

TODAY = date(2026, 1, 5)
HEADER = "<tr><th>Handelsnaam</th><th>Werkzame stof</th><th>Indicatie</th><th>Laatste update</th></tr>"
ROW = "<tr><td>Voorbeeldra</td><td>voorbeeldinib</td><td>koorts</td><td>12/03/2024</td></tr>"
FIRST = 4  # the line of the first row


def page(*rows: str, before: str = "<html><body>") -> str:
    """A page whose first list has these rows, one on a line."""
    return "\n".join(
        (
            before,
            "<h2>Goedgekeurde programma's</h2>",
            f"<table>{HEADER}",
            *rows,
            "</table>",
            "<h2>Geschorste programma's</h2><h2>Goedgekeurde gesloten programma's</h2>",
            "<p>Laatste update op 01/12/2025</p></body></html>",
        )
    )


def read(*rows: str, before: str = "<html><body>") -> list[PageRow]:
    return read_page(page(*rows, before=before), TODAY)


def refusal(text: str) -> str:
    with pytest.raises(InputRefused) as refused:
        read_page(text, TODAY)
    return refused.value.message


def cells(row: PageRow) -> tuple[str, str, str, date]:
    return row.trade_name, row.active_substance, row.indication, row.last_update


def test_a_row_of_a_table_is_a_programme_and_no_product_need_be_known() -> None:
    (row,) = read(ROW)
    assert cells(row) == ("Voorbeeldra", "voorbeeldinib", "koorts", date(2024, 3, 12))
    assert (row.line, row.public_list.value) == (FIRST, "authorised")


def test_entities_become_their_characters_and_are_not_markup_again() -> None:
    (row,) = read(
        "<tr><td>Nergensol&reg;</td><td>17&alpha;,21&#8209;nergenol</td>"
        "<td>eGFR&nbsp;&lt;&nbsp;45 &amp;amp; &eacute;&eacute;n&shy;malig &#x2265; 18</td>"
        "<td>12/03/2024</td></tr>"
    )
    assert cells(row)[:3] == ("Nergensol®", "17α,21-nergenol", "eGFR < 45 &amp; éénmalig ≥ 18")


def test_markup_within_a_cell_leaves_its_words_apart_where_a_reader_sees_them_apart() -> None:
    (row,) = read(
        "<tr><td><p><strong>Voor</strong>beeldra</p></td>"
        "<td>voorbeeldinib<!-- a remark --><script>alert(1)</script></td>"
        "<td><ul><li>koorts<li>pijn</ul>en<br>H<sub>2</sub>O <a href='#note'>(1)</a></td>"
        "<td><time>12/03/2024</time></td></tr>"
    )
    assert cells(row)[:3] == ("Voorbeeldra", "voorbeeldinib", "koorts pijn en H2O")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("&lt; 5 &times; 10<sup>9</sup>/L", "< 5 × 10⁹/L"),
        ("creatinine &lt; 10<sup><b>-3</b></sup> mol, m<sup>2</sup>", "creatinine < 10⁻³ mol, m²"),
        ("HbA<sub>1c</sub> &ge; 7, vitamin B<sub>12</sub>, H<sub>2</sub>O", "HbA1c ≥ 7, vitamin B12, H2O"),
        ("<sup>177</sup>Lu, Ca<sup>2+</sup>, 5<sub>2</sub>", "¹⁷⁷Lu, Ca²⁺, 5₂"),
        ("in 2<sup>e</sup> lijn, Exemplar<sup>®</sup>, 18<sup>*</sup>", "in 2e lijn, Exemplar®, 18*"),
        ("koorts<span style='display: none'> en pijn</span><b hidden> of meer</b>", "koorts"),
    ],
)
def test_raised_figures_stay_raised_and_what_nobody_sees_is_not_read(written: str, read_as: str) -> None:
    (row,) = read(ROW.replace("koorts", written))
    assert row.indication == read_as


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Adults <del>and children</del>", "are struck out"),
        ("Adults <s><b>and</b> children</s>", "are struck out"),
        ("Adults <strike>and children", "are struck out"),
        ("Adults <span style='text-decoration: line-through'>and</span>", "are struck out"),
        ("aged 18<sup>a</sup>", "are raised or lowered"),
        ("10<sup>9/L</sup>", "are raised or lowered"),
    ],
)
def test_a_row_whose_words_are_struck_out_or_raised_beyond_reading_is_refused(
    written: str, told: str
) -> None:
    said = refusal(page(ROW.replace("koorts", written), ROW.replace("koorts", "pijn")))
    assert f"Line {FIRST}: words of this row {told}" in said
    assert f"Line {FIRST + 1}" not in said


def test_all_rows_of_what_is_struck_out_are_refused() -> None:
    struck = page(ROW, ROW.replace("koorts", "pijn")).replace("<table>", "<del><table>", 1)
    said = refusal(struck.replace("</table>", "</table></del>", 1))
    assert f"Line {FIRST}:" in said
    assert f"Line {FIRST + 1}:" in said
    assert "Geschorste" not in said  # what follows is read on


@pytest.mark.parametrize("cell", ["<td>Voorbeeldra<sup>1</sup>", "<td>Voorbeeldra®<sup>2</sup>"])
def test_a_name_with_a_note_at_its_end_is_refused(cell: str) -> None:
    assert "may be a note" in refusal(page(ROW.replace("<td>Voorbeeldra", cell)))


@pytest.mark.parametrize("attribute", ["hidden", 'style="display:none"', "style='color:red; DISPLAY : NONE'"])
def test_hidden_rows_are_not_read_and_a_hidden_table_of_a_list_is_refused(attribute: str) -> None:
    hidden = ROW.replace("<tr>", f"<tr {attribute}>").replace("koorts", "pijn")
    assert [row.indication for row in read(ROW, hidden)] == ["koorts"]
    for around in (f"<table {attribute}>", f"<div {attribute}><table>"):
        text = page(ROW).replace("<table>", around, 1).replace("</table>", "</table></div>", 1)
        assert "Line 3: a table of this list is hidden" in refusal(text)
    menu = f"<html><body><div {attribute}><table><tr><td>Menu</table></div>"
    assert len(read(ROW, before=menu)) == 1


def test_an_earlier_form_of_the_page_whose_lists_tell_no_day_is_refused_by_name() -> None:
    three = page("<tr><td>Voorbeeldra<td>voorbeeldinib<td>koorts").replace("<th>Laatste update</th>", "")
    assert "Line 3: this list has no column 'Laatste update'" in refusal(three)


def test_ends_of_cells_and_rows_need_not_be_written() -> None:
    rows = read("<tr><td>A<td>a<td>koorts<td>12/03/2024", "<tr><td>B<td>b<td>pijn<td>13/03/2024")
    assert [row.trade_name for row in rows] == ["A", "B"]


def test_the_end_of_the_head_need_not_be_written() -> None:
    (row,) = read(ROW, before="<html><head><title>Programma's</title><body>")
    assert row.trade_name == "Voorbeeldra"


@pytest.mark.parametrize(
    ("sheet", "seen"),
    [
        (".gone { color: red; display: none !important }", False),
        ("/* x */ .a, tr.gone{visibility:collapse}", False),
        ("#r1{font-size:0}", False),
        ("@media print{.x{color:red}} .gone{opacity:0}", False),
        (".gone{opacity:0.5}", True),
        ("@media print{.gone{display:none}}", True),
        (".x{display:none}", True),
    ],
)
def test_a_row_that_a_style_sheet_of_the_page_hides_is_not_read(sheet: str, seen: bool) -> None:
    row = ROW.replace("<tr>", '<tr class="gone" id="r1">').replace("koorts", "pijn")
    rows = read(ROW, row, before=f"<html><head><style>{sheet}</style></head><body>")
    assert [row.indication for row in rows] == ["koorts", *(["pijn"] if seen else [])]


@pytest.mark.parametrize(
    ("sheet", "name"),
    [("", "hidden"), ("table .a{display:none}", "a"), ("@media (max-width:9em){.a{display:none}}", "a")],
)
@pytest.mark.parametrize("element", ["<tr>", "<td>"])
def test_a_row_of_which_cannot_be_told_whether_it_is_seen_stops_the_page(
    sheet: str, name: str, element: str
) -> None:
    row = ROW.replace(element, f"{element[:-1]} class={name}>", 1)
    text = page(row, before=f"<html><head><style>{sheet}</style></head><body>")
    assert "Line 4: a style sheet may hide this row" in refusal(text)


def test_a_remark_for_those_who_hear_the_page_is_not_read() -> None:
    (row,) = read(ROW.replace("koorts", "koorts<span class='visually-hidden'> (external)</span>"))
    assert row.indication == "koorts"


def test_lists_that_are_missing_are_told_as_so_many() -> None:
    text = page(ROW).partition("<h2>Geschorste")[0]
    assert (
        "the lists 'geschorste programma's' and 'goedgekeurde gesloten programma's' are missing"
        in refusal(text)
    )


def test_a_table_around_the_page_is_layout() -> None:
    start, end = "<html><body><table><tr><td>Menu</td><td>", "</td></tr></table></body></html>"
    (row,) = read_page(page(ROW, before=start).replace("</body></html>", end), TODAY)
    assert cells(row)[:3] == ("Voorbeeldra", "voorbeeldinib", "koorts")


def test_the_title_of_a_list_may_be_a_joined_row_or_the_caption_of_its_table() -> None:
    suspended = f"<tr><td colspan=4>Geschorste programma's</td></tr>{HEADER}{ROW}"
    text = page(suspended).replace("<h2>Geschorste programma's</h2>", "")
    captioned = text.replace("<h2>Goedgekeurde programma's</h2>", "").replace(
        "<table>", "<table><caption>Goedgekeurde programma's</caption>", 1
    )
    for each in (text, captioned):
        assert [row.public_list.value for row in read_page(each, TODAY)] == ["suspended"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("<tr><td>Voorbeeldra<td>voorbeeldinib<td>12/03/2024", "this one has 3 cells"),
        ("<tr><td>Voorbeeldra<td colspan=2>voorbeeldinib<td>12/03/2024", "or joined ones"),
        ("<tr><td rowspan='2'>Voorbeeldra<td>voorbeeldinib<td>koorts<td>12/03/2024", "or joined ones"),
        ("<tr><td>Voorbeeldra<td>voorbeeldinib<td>koorts<td>maart 2024", "is not a date dd/mm/yyyy"),
        ("<tr><td>Voorbeeldra<td>voorbeeldinib<td> <td>12/03/2024", "the indication is empty"),
        ("<tr><td>Voorbeeldra<td>voorbeeldinib<td>koorts<td>31/02/2024", "is not a day of the calendar"),
        ("<tr><td>A<td>a<td>koorts<table><tr><td>pijn</table><td>12/03/2024", "this one has 1 cells"),
        ("<tr><td>A<td>a<td>koorts<table></table><td>12/03/2024", "stands in no table"),
    ],
)
def test_a_row_that_cannot_be_read_for_certain_is_refused_with_its_line(row: str, told: str) -> None:
    said = refusal(page(ROW, row))
    assert f"Line {FIRST + 1}:" in said
    assert told in said


def test_a_list_without_its_header_is_refused_at_its_first_row() -> None:
    assert f"Line {FIRST}: a row, but its list has no header yet" in refusal(page(ROW).replace(HEADER, ""))


@pytest.mark.parametrize("opened", ["<a href='#top'>naar boven", "<svg>", "<script>", "<select><option>x"])
def test_rows_behind_something_that_is_never_closed_are_not_lost_in_silence(opened: str) -> None:
    closed = page(ROW).replace("gesloten programma's</h2>", f"gesloten programma's</h2>\n{opened}")
    line = closed[: closed.index(opened)].count("\n") + 1
    assert f"Line {line}: <{opened[1:].split('>')[0].split()[0]}> is never closed" in refusal(closed)


_TAGS = ("<table>", "</table>", "<tr>", "<td>", "</td>", "<td colspan=2>", "<a href=#>", "</a>", "<script>")
_ODD = ("<![x[", "]]>", "<!--", "<!", "<?", "<", ">", "&", "&#xD800;", "<head>", "</body>", "12/03/2024", ROW)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_TAGS + _ODD), max_size=12))
def test_any_damaged_page_is_read_whole_or_refused(bits: list[str]) -> None:
    last = ROW.replace("koorts", "pijn")
    try:
        rows = read("".join(bits), last)
    except InputRefused:
        return
    assert {cells(row)[2] for row in rows} <= {"koorts", "pijn"}
    assert len(rows) == len({row.key for row in rows})
