"""The agency's real page, when it lies beside the project, against its rows as read by hand."""

import csv
from datetime import date
from pathlib import Path

import pytest

from models.parties import Language
from office.intake.authority_page import read_text
from procedures.be_umn.agency_page.reading import page_language, read_page
from procedures.be_umn.words import PublicList

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
PAGE = BESIDE / "famhp_page_nl_2024-07-19.txt"
CAPTURES = BESIDE / "pages"
CASES = BESIDE.parent / "cases" / "page-superscript"
BY_HAND = BESIDE / "register_2024-07-19.csv"
TODAY = date(2024, 7, 19)

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason=f"{PAGE.name} is not in ../shared/data")


@pytest.fixture(scope="module")
def rows():
    return read_page(read_text(PAGE), TODAY)


def test_every_cell_equals_what_was_read_by_hand(rows):
    with BY_HAND.open(newline="", encoding="utf-8") as file:
        by_hand = [tuple(row.values()) for row in csv.DictReader(file)]
    read = [
        (r.trade_name, r.active_substance, r.indication, r.last_update.isoformat(), r.public_list.value)
        for r in rows
    ]
    assert read == by_hand


def test_there_are_forty_two_rows_and_all_are_authorised(rows):
    assert len(rows) == len({r.key for r in rows}) == 42
    assert {r.public_list for r in rows} == {PublicList.AUTHORISED}


def test_jakavi_and_fintepla_are_two_programmes_each(rows):
    assert len({r.key for r in rows if r.trade_name == "Jakavi"}) == 2
    assert len({r.key for r in rows if r.trade_name.startswith("Fintepla")}) == 2


def test_oldest_and_newest_are_the_ones_on_the_page(rows):
    oldest, newest = min(rows, key=lambda r: r.last_update), max(rows, key=lambda r: r.last_update)
    assert (oldest.trade_name, oldest.last_update) == ("Translarna®", date(2017, 9, 15))
    assert (newest.trade_name, newest.last_update) == ("Alecensa", date(2024, 7, 19))


def test_each_row_says_on_which_line_it_stands(rows):
    lines = read_text(PAGE).split("\n")
    assert all(row.trade_name in lines[row.line - 1] for row in rows)
    assert all(row.raw.startswith(lines[row.line - 1]) for row in rows)


def test_its_language_is_dutch():
    assert page_language(read_text(PAGE)) is Language.NL


def test_the_day_before_its_newest_row_it_is_refused(rows):
    from models.errors import InputRefused

    with pytest.raises(InputRefused, match=r"Line 34: 19/07/2024 lies in the future"):
        read_page(read_text(PAGE), date(2024, 7, 18))


@pytest.mark.parametrize(
    ("capture", "told"),
    [
        ("famhp_en_invoice_3col", "this list has no column 'Last update'"),
        ("famhp_en_2024plus", "has 1 of its 4 cells when the page ends"),
        ("famhp_en_invoice_flat", "may have been cut off"),
        ("famhp_en_2019", "has no title of a list"),
        ("afmps_fr_2018", "has no title of a list"),
        ("fagg_nl_2018", "has no title of a list"),
        ("fagg_nl_2023plus", "has no title of a list"),
    ],
)
def test_earlier_captures_are_refused_by_what_they_lack(capture, told):
    """All of them are cut off; one is of the years when the lists told no day."""
    from models.errors import InputRefused

    with pytest.raises(InputRefused, match=told):
        read_page(read_text(CAPTURES / f"{capture}.txt"), TODAY)


@pytest.mark.parametrize(
    ("case", "substance", "indication"),
    [
        ("04-sup", "exemplarine", "Adults with a count < 5 × 10⁹/L"),
        ("34-sub", "exemplarine (vitamin B12)", "HbA1c ≥ 7 and creatinine < 10⁻³ mol, m²"),
    ],
)
def test_raised_figures_of_a_saved_page_keep_their_meaning(case, substance, indication):
    first, *others = read_page(read_text(CASES / f"{case}.html"), TODAY)
    assert (first.active_substance, first.indication) == (substance, indication)
    assert [row.trade_name for row in others] == ["Halted", "Oldie"]


@pytest.mark.parametrize(("case", "told"), [("29-del", "are struck out"), ("35-footnote", "may be a note")])
def test_struck_words_and_notes_of_a_saved_page_stop_their_row(case, told):
    from models.errors import InputRefused

    with pytest.raises(InputRefused, match=told):
        read_page(read_text(CASES / f"{case}.html"), TODAY)
