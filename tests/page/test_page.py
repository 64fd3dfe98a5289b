"""What the reader of the agency's page takes over, and what it refuses, line by line."""

from datetime import date
from pathlib import Path

import pytest

from models.errors import InputRefused
from models.parties import Language
from office.intake.authority_page import read_text
from procedures.be_umn.agency_page.known_products import KnownProduct, read_known
from procedures.be_umn.agency_page.reading import page_language, read_page
from procedures.be_umn.words import PublicList

SAMPLES = Path(__file__).resolve().parents[2] / "procedures" / "be_umn" / "samples"
TODAY = date(2026, 1, 5)
KNOWN = (KnownProduct("Voorbeeldra", "voorbeeldinib"),)
HEADER = "Handelsnaam Werkzame stof Indicatie Laatste update"
TITLE = "Goedgekeurde programma's"
REST = "Geschorste programma's\nGoedgekeurde gesloten programma's\nLaatste update op 01/12/2025\n"
FIRST = 3  # the first line after the title and the header


def page(*lines):
    return "\n".join((TITLE, HEADER, *lines)) + "\n" + REST


def read(*lines, known=KNOWN):
    return read_page(page(*lines), TODAY, known)


def refusal(*lines, known=KNOWN):
    return refusal_of(page(*lines), known)


def refusal_of(text, known=KNOWN):
    with pytest.raises(InputRefused) as refused:
        read_page(text, TODAY, known)
    return refused.value.message


def cells(row):
    return row.trade_name, row.active_substance, row.indication, row.last_update


def test_the_sample_page_is_read_whole():
    rows = read_page(
        read_text(SAMPLES / "agency-page-nl.txt"), TODAY, read_known(SAMPLES / "known-products.csv")
    )
    assert [(r.trade_name, r.public_list.value) for r in rows] == [
        ("Voorbeeldra", "authorised"),
        ("Verzinsel for NS", "authorised"),
        ("Verzinsel for DZ", "authorised"),
        ("Nergensol®", "authorised"),
        ("Nullimab", "authorised"),
        ("Nullimab", "authorised"),
        ("Proefix (testamab)", "suspended"),
        ("Sluitium", "closed"),
    ]
    assert rows[3].active_substance == "17α,21-nergenol-3-dion"
    assert rows[3].indication.startswith(
        "behandeling van denkbeeldige koorts met een waarde ≥ 2 maar < 5 bij"
    )
    assert len({r.key for r in rows}) == 8


def test_a_row_on_one_line_is_told_apart_by_its_product():
    (row,) = read("Voorbeeldra voorbeeldinib volwassenen met koorts.\u00a0 12/03/2024")
    assert cells(row) == ("Voorbeeldra", "voorbeeldinib", "volwassenen met koorts.", date(2024, 3, 12))
    assert (row.line, row.public_list) == (FIRST, PublicList.AUTHORISED)


def test_a_date_that_touches_the_last_word_is_still_the_date():
    (row,) = read("Voorbeeldra voorbeeldinib volwassenen (NS)12/03/2024")
    assert cells(row)[2:] == ("volwassenen (NS)", date(2024, 3, 12))


def test_a_digit_that_touches_the_date_is_not_guessed_away():
    assert f"Line {FIRST}:" in refusal("Voorbeeldra voorbeeldinib volwassenen 112/03/2024")


def test_the_longest_name_and_substance_win():
    known = (
        KnownProduct("Foo", "bar"),
        KnownProduct("Foo", "bar and baz"),
        KnownProduct("Foo for DS", "bar"),
    )
    rows = read("Foo bar and baz koorts 12/03/2024", "Foo for DS bar koorts 12/03/2024", known=known)
    assert [cells(r)[:3] for r in rows] == [("Foo", "bar and baz", "koorts"), ("Foo for DS", "bar", "koorts")]


def test_case_and_the_registered_mark_do_not_hide_a_known_product():
    (row,) = read("VOORBEELDRA® Voorbeeldinib koorts 12/03/2024")
    assert cells(row)[:2] == ("VOORBEELDRA®", "Voorbeeldinib")


def test_a_name_that_only_begins_like_a_known_one_is_not_taken_for_it():
    assert "no known product begins this row" in refusal("Voorbeeldrax voorbeeldinib koorts 12/03/2024")


def test_what_the_operator_teaches_wins_over_what_is_shipped():
    line = "Alecensa alectinib hydrochloride koorts 12/03/2024"
    (shipped,) = read(line)
    (taught,) = read(line, known=(KnownProduct("Alecensa", "alectinib hydrochloride"),))
    assert shipped.active_substance == "alectinib"
    assert taught.active_substance == "alectinib hydrochloride"


def test_what_the_operator_teaches_wins_even_when_it_is_shorter():
    (row,) = read(
        "Kaftrio Elexacaftor/Tezacaftor/Ivacaftor and Ivacaftor koorts 12/03/2024",
        known=(KnownProduct("Kaftrio", "Elexacaftor/Tezacaftor/Ivacaftor"),),
    )
    assert row.indication == "and Ivacaftor koorts"


def test_every_unknown_row_is_named_at_once_with_the_way_to_teach_it():
    with pytest.raises(InputRefused) as refused:
        read("Onbekendol iets koorts 12/03/2024", "Vreemdix niets hoest 12/03/2024")
    assert f"Line {FIRST}:" in refused.value.message
    assert f"Line {FIRST + 1}:" in refused.value.message
    assert "Vreemdix niets hoest" in refused.value.message
    assert refused.value.possible == ("umn import-register PAGE --known FILE.csv",)


def test_a_file_of_known_products_teaches_an_unknown_row(tmp_path):
    taught = tmp_path / "known.csv"
    taught.write_text("trade_name,active_substance\nOnbekendol,iets\n", encoding="utf-8-sig")
    (row,) = read("Onbekendol iets koorts 12/03/2024", known=read_known(taught))
    assert cells(row)[:3] == ("Onbekendol", "iets", "koorts")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"name;substance\n", "must begin with the line trade_name,active_substance"),
        (b"trade_name,active_substance\nFoo\n", "Line 2:"),
        (b"trade_name,active_substance\nFoo,\n", "Line 2:"),
        (b"trade_name,active_substance\nF\xe9,x\n", "not UTF-8"),
        ("trade_name,active_substance\nF\u202eo,x\n".encode(), r"Line 2 holds .* U\+202E"),
    ],
)
def test_a_file_of_known_products_that_is_none_is_refused(tmp_path, content, told):
    taught = tmp_path / "known.csv"
    taught.write_bytes(content)
    with pytest.raises(InputRefused, match=told):
        read_known(taught)


def test_a_block_needs_no_known_product_and_begins_at_its_first_cell():
    (row,) = read("", "Vreemdix", "", "niets", "\u00a0", "hoest", "", "12/03/2024", "", "\u00a0 ")
    assert cells(row) == ("Vreemdix", "niets", "hoest", date(2024, 3, 12))
    assert row.line == FIRST + 1
    assert row.raw == "Vreemdix\nniets\nhoest\n12/03/2024"


def test_an_indication_in_a_block_may_itself_end_with_a_date():
    (row,) = read("Vreemdix", "niets", "wie begon vóór 01/02/2020", "12/03/2024")
    assert cells(row)[2:] == ("wie begon vóór 01/02/2020", date(2024, 3, 12))


def test_both_shapes_may_follow_each_other():
    block = ("Vreemdix", "niets", "hoest", "12/03/2024")
    line = "Voorbeeldra voorbeeldinib koorts 12/03/2024"
    assert [r.trade_name for r in read(*block, line, *block[:2], "koorts", block[3])] == [
        "Vreemdix",
        "Voorbeeldra",
        "Vreemdix",
    ]


def test_blanks_that_do_not_break_and_special_hyphens_become_plain_ones():
    (row,) = read("Vreemdix", "17\u2010dihydroxy\u20113", "hoest\u00a0\u00a0na  koorts", "12/03/2024")
    assert cells(row)[1:3] == ("17-dihydroxy-3", "hoest na koorts")


def test_long_dashes_and_other_signs_stay_as_they_are():
    (row,) = read("Vreemdix", "α", "hoest – „ernstig” ≥ 2 mg/m²", "12/03/2024")
    assert cells(row)[1:3] == ("α", "hoest – „ernstig” ≥ 2 mg/m²")


def test_line_ends_byte_order_mark_and_trailing_blanks_change_nothing():
    plain = page("Vreemdix", "niets", "hoest", "12/03/2024")
    odd = "\ufeff" + plain.replace("\n", "  \r\n")
    assert [cells(r) for r in read_page(odd, TODAY)] == [cells(r) for r in read_page(plain, TODAY)]
    assert [r.line for r in read_page(odd, TODAY)] == [FIRST]
    assert [r.line for r in read_page(plain.replace("\n", "\r"), TODAY)] == [FIRST]


def test_the_date_of_the_page_itself_is_no_row_and_dates_before_the_lists_are_not_read():
    assert read_page("Nieuwe versie 27/06/2023\n\n" + page(), TODAY) == []


@pytest.mark.parametrize(
    ("language", "titles", "header", "footer"),
    [
        (
            Language.FR,
            ("Programmes approuvés", "Programmes suspendus", "Programmes approuvés clôturés"),
            "Nom commercial Substance active Indication Dernière mise à jour",
            "Dernière mise à jour le 01/12/2025",
        ),
        (
            Language.EN,
            ("Authorised programs", "Suspended programmes", "Authorised closed programs"),
            "Commercial name Active substance Indication Last update",
            "Last updated on 01/12/2025",
        ),
        (
            Language.NL,
            ("Goedgekeurde programma’s", "Geschorste programma’s", "Goedgekeurde gesloten programma’s"),
            HEADER,
            "Laatste update op 01/12/2025",
        ),
    ],
)
def test_pages_in_three_languages_are_read_alike(language, titles, header, footer):
    row = ("Vreemdix", "niets", "{}", "12/03/2024")
    lines = [
        part.format(number)
        for number, title in enumerate(titles)
        for part in (title, header, *row, "Voorbeeldra voorbeeldinib {} 12/03/2024")
    ]
    text = "\n".join((*lines, footer))
    assert page_language(text) is language
    assert [r.public_list for r in read_page(text, TODAY, KNOWN)] == [
        lst for lst in PublicList.words() for _ in "12"
    ]


@pytest.mark.parametrize("between", ["\t", " | ", "|"])
def test_cells_between_tabs_or_bars_need_no_known_product(between):
    row = between.join(("Vreemdix", "niets", "hoest", "12/03/2024")) + between.rstrip("\t")
    assert [cells(r) for r in read(row)] == [("Vreemdix", "niets", "hoest", date(2024, 3, 12))]
    assert "the indication is empty" in refusal(row.replace("hoest", ""))


@pytest.mark.parametrize(
    "header",
    ["Commercial name | Active substance | Indication |", "Commercial name\nActive substance\nIndication"],
)
def test_an_earlier_form_of_the_page_whose_lists_tell_no_day_is_refused_by_name(header):
    """Stored copies of the English page from before its lists told a day."""
    text = f"Authorised programs\n{header}\nTranslarna® | ataluren |\nDuchenne muscular dystrophy\n"
    assert "this list has no column 'Last update'" in refusal_of(text)


def test_the_header_may_itself_stand_in_four_cells():
    text = page("Vreemdix", "niets", "hoest", "12/03/2024").replace(
        HEADER, "Handelsnaam\n\nWerkzame stof\n\nIndicatie\n\nLaatste update"
    )
    assert [r.trade_name for r in read_page(text, TODAY)] == ["Vreemdix"]


@pytest.mark.parametrize("written", ["31/02/2024", "00/03/2024", "12/13/2024", "29/02/2023"])
def test_an_impossible_day_is_refused_with_its_line(written):
    assert f"Line {FIRST}: {written} is not a day" in refusal(f"Voorbeeldra voorbeeldinib koorts {written}")
    assert f"Line {FIRST + 3}: {written} is not a day" in refusal("Vreemdix", "niets", "hoest", written)


@pytest.mark.parametrize("place", range(3))
def test_a_cell_with_a_sign_that_nobody_sees_is_refused_with_its_line(place):
    row = ["Vreemdix", "niets", "hoest", "12/03/2024"]
    row[place] = f"ho\u202e{row[place]}"
    assert f"Line {FIRST}: the " in refusal(*row)
    assert "nobody sees: U+202E" in refusal(*row)


def test_a_day_in_the_future_is_refused_and_today_is_not():
    assert f"Line {FIRST}: 06/01/2026 lies in the future" in refusal(
        "Voorbeeldra voorbeeldinib koorts 06/01/2026"
    )
    assert len(read("Voorbeeldra voorbeeldinib koorts 05/01/2026")) == 1


def test_a_page_of_the_future_is_refused():
    text = page().replace("01/12/2025", "01/12/2026")
    assert "lies in the future" in refusal_of(text)


def test_a_day_before_the_decree_is_refused():
    assert f"Line {FIRST}: 12/03/0224 lies before" in refusal("Voorbeeldra voorbeeldinib koorts 12/03/0224")


def test_all_wrong_dates_are_told_at_once():
    told = refusal("Voorbeeldra voorbeeldinib koorts 31/02/2024", "Vreemdix", "niets", "hoest", "01/01/2030")
    assert f"Line {FIRST}:" in told
    assert f"Line {FIRST + 4}:" in told


def test_a_block_that_lacks_a_cell_is_refused():
    told = refusal("Vreemdix", "niets", "12/03/2024", "Anderix", "iets", "koorts", "12/03/2024")
    assert f"Line {FIRST + 2}: " in told
    assert "the indication was expected" in told


def test_a_block_without_its_date_is_refused_where_the_date_should_be():
    told = refusal("Vreemdix", "niets", "hoest", "Anderix", "iets", "koorts", "12/03/2024")
    assert f"Line {FIRST + 3}: " in told
    assert f"begin on line {FIRST}" in told


def test_a_count_of_cells_that_is_not_divisible_by_four_is_refused():
    told = refusal("Vreemdix", "niets", "hoest", "12/03/2024", "Anderix", "iets")
    assert f"Line {FIRST + 4}: " in told
    assert "2 of its 4 cells" in told


def test_a_date_alone_is_no_row():
    assert "the trade name was expected" in refusal("12/03/2024")


def test_a_row_without_an_indication_is_refused():
    told = refusal("Voorbeeldra voorbeeldinib 12/03/2024")
    assert f"Line {FIRST}: the indication is empty" in told


def test_a_list_without_its_header_is_refused_at_its_first_row():
    line = "Voorbeeldra voorbeeldinib koorts 12/03/2024"
    assert "Line 2: a row or a date, but its list has no header" in refusal_of(
        page(line).replace(HEADER + "\n", "")
    )


def test_a_list_without_rows_needs_no_header_and_may_say_so_in_words():
    text = page().replace("Geschorste programma's\n", "Geschorste programma's\nEr zijn er geen.\n")
    assert read_page(text, TODAY) == []


def test_two_identical_rows_are_refused_with_both_lines():
    told = refusal(
        "Voorbeeldra voorbeeldinib koorts 12/03/2024",
        "VOORBEELDRA®",
        "voorbeeldinib",
        "Koorts.",
        "13/03/2024",
    )
    assert f"Line {FIRST + 1}: " in told
    assert f"on line {FIRST} already" in told


def test_the_same_product_for_another_indication_is_another_row():
    rows = read(
        "Vreemdix", "niets", "eGFR < 45", "12/03/2024", "Vreemdix", "niets", "eGFR > 45", "12/03/2024"
    )
    assert len({r.key for r in rows}) == 2


def test_brackets_and_the_registered_mark_do_not_make_another_product():
    told = refusal(
        "Vreemdix® (niets)", "niets", "hoest", "12/03/2024", "Vreemdix", "niets", "hoest", "12/03/2024"
    )
    assert f"on line {FIRST} already" in told


def test_a_text_that_was_cut_off_is_refused():
    text = page("Vreemdix", "niets", "hoest", "12/03/2024")
    assert "may have been cut off" in refusal_of(text[: text.index("Goedgekeurde gesloten")])


def test_a_list_that_comes_twice_is_refused():
    assert "began on line 1 already" in refusal_of(page().replace("Geschorste programma's", TITLE))


def test_a_row_after_the_end_of_the_page_is_refused():
    assert "after the end of the page" in refusal_of(page() + "Voorbeeldra voorbeeldinib koorts 12/03/2024")


def test_any_other_text_is_not_the_agencys_page():
    with pytest.raises(InputRefused, match="not the agency's page"):
        page_language("Dear Sir,\n\n12/03/2024")


def test_two_languages_on_one_page_are_refused():
    with pytest.raises(InputRefused, match="mixes titles in en, nl"):
        page_language(page() + "Authorised programs\n")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("Titel\nvoor patiënten".encode("latin-1"), "byte 0xEB on line 2, which is 'ë' in windows-1252"),
        ("Goedgekeurde programma's".encode("utf-16"), "is UTF-16 text"),
        ("Goedgekeurde programma's".encode("utf-16-le"), "is UTF-16 text"),
        (
            b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/related;\r\n\ttype=text/html\r\n\r\n",
            r"is a page saved as one file \(MHTML\)",
        ),
        (b"bplist00\xd1\x01\x02_\x10\x0fWebMainResource", "is a web archive of Safari"),
        (b"<?xml version='1.0'?>\n<!DOCTYPE plist PUBLIC 'x'>", "is a web archive of Safari"),
        (b"%PDF-1.7", "is a PDF"),
        (b"PK\x03\x04\x14", "is a zip archive or an Office document"),
    ],
)
def test_a_file_that_is_not_text_is_refused_by_its_name(tmp_path, content, told):
    file = tmp_path / "page.txt"
    file.write_bytes(content)
    with pytest.raises(InputRefused, match=told):
        read_text(file)


def test_a_page_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputRefused, match="cannot be read"):
        read_text(tmp_path / "absent.txt")


def test_a_cell_that_no_product_can_hold_is_refused():
    assert "301 characters; 300 are possible" in refusal("V" * 301, "niets", "hoest", "12/03/2024")
