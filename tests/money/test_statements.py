"""Bank statements: both forms tell the same; what was cut, altered or does not add up is refused whole."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.invoices import communication
from models.errors import InputRefused
from models.statements import StatementFile
from office.money.reading import read, understood
from samples.statements.make import ACCOUNT, Payment, camt, coda

ON = date(2026, 11, 20)
OGM = communication(2026, 1)
PAYMENTS = (
    Payment(455_079, OGM),
    Payment(1, f"our invoice {OGM[3:-3]}, thank you", payer="EXEMPLAR FRANÇAISE & CIE"),
    Payment(-2_50, "costs", payer=""),
    Payment(-455_079, OGM, reverses="017126045" + "00001"),
    Payment(0, "nothing"),
    Payment(12_00, "a long story " * 10),
)
CODA, CAMT = coda(PAYMENTS, ON, number=45), camt(PAYMENTS, ON, number=45)
FORMS = {"coda": CODA, "camt": CAMT, "camt-08": camt(PAYMENTS, ON, number=45, version="08")}


def told(content: bytes) -> list[dict]:
    """The movements of a file."""
    return [asdict(movement) for statement in file(content).statements for movement in statement.movements]


def file(content: bytes) -> StatementFile:
    return understood(content, "statement")


@pytest.mark.parametrize("form", FORMS)
def test_a_statement_tells_its_movements(form):
    [statement] = file(FORMS[form]).statements
    assert (statement.account, statement.number, statement.closed_on) == (ACCOUNT, "2026-045", ON)
    assert [m.cents for m in statement.movements] == [p.cents for p in PAYMENTS]
    first, second, _, reversal, *_ = statement.movements
    assert (first.structured, first.communication) == (re.sub(r"\D", "", OGM), "")
    assert (second.structured, OGM[3:-3] in second.communication) == ("", True)
    assert (reversal.reversal, reversal.reverses) == (True, first.reference)


def test_both_forms_tell_a_movement_alike():
    one, other, newest = (told(content) for content in FORMS.values())
    for movement in one[-1:]:
        movement["communication"] = other[-1]["communication"]  # CODA has less room for a long story
    assert one == other == newest


def test_of_the_payer_only_a_short_name_and_the_account_are_kept():
    [movement] = told(camt([Payment(1, payer="A very long name of a company that goes on and on SA")], ON))
    assert movement["payer"] == "A very long name of a company that goes "
    assert movement["payer_account"] == "BE38999000000272"


def test_two_statements_in_one_file_are_both_read():
    both = coda([Payment(1)], ON, 1, last=False) + coda([Payment(2)], ON, 2)
    assert [s.number for s in file(both).statements] == ["2026-001", "2026-002"]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_that_was_cut_anywhere_is_refused_whole(form):
    content = FORMS[form]
    ends = len(content.rstrip())
    for length in {*range(0, ends, 97), ends - 1, *(m.start() for m in re.finditer(rb"\n", content[:ends]))}:
        with pytest.raises(InputRefused):
            file(content[:length])


@pytest.mark.parametrize("place", range(len(CODA.split(b"\r\n")) - 1))
def test_a_coda_file_without_one_of_its_records_is_refused_whole(place):
    records = CODA.split(b"\r\n")
    with pytest.raises(InputRefused):
        file(b"\r\n".join(records[:place] + records[place + 1 :]))


def amounts_of_coda() -> list[int]:
    """Where the digits of amounts, signs, balances, totals and counts stand."""
    fields = {b"1": (42, 58), b"8": (41, 57), b"21": (31, 47), b"9": (16, 52)}
    places, at = [], 0
    for record in CODA.split(b"\r\n"):
        first, last = fields.get(record[:2], fields.get(record[:1], (0, 0)))
        places += [at + n for n in range(first, last)]
        at += len(record) + 2
    return places


@settings(deadline=None, max_examples=300)
@given(place=st.sampled_from(amounts_of_coda()), more=st.integers(1, 9))
def test_an_altered_amount_balance_or_total_of_coda_is_refused(place, more):
    altered = bytearray(CODA)
    altered[place] = 48 + (altered[place] - 48 + more) % 10
    if bytes(altered) != CODA:
        with suppress(InputRefused):
            assert told(bytes(altered)) == told(CODA)  # only a sign of nothing changes nothing


AMOUNTS = [m.start(1) + n for m in re.finditer(rb"Ccy=\"EUR\">([0-9.]+)<", CAMT) for n in range(len(m[1]))]


@pytest.mark.parametrize("place", [place for place in AMOUNTS if CAMT[place : place + 1].isdigit()])
def test_an_altered_amount_or_balance_of_camt_is_refused(place):
    altered = bytearray(CAMT)
    altered[place] = 48 + (altered[place] - 48 + 1) % 10
    with pytest.raises(InputRefused, match="Nothing was taken in"):
        file(bytes(altered))


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"<CdtDbtInd>CRDT", b"<CdtDbtInd>DBIT"),
        (b"<CdtDbtInd>CRDT", b"<CdtDbtInd>BOTH"),
        (b"<NbOfNtries>6", b"<NbOfNtries>5"),
        (b"camt.053.001.02", b"camt.052.001.02"),
        (b"camt.053.001.02", b"pain.001.001.03"),
        (b"urn:iso:std:iso:20022:tech:xsd:", b"http://example.invalid/"),
        (b"<Cd>CLBD", b"<Cd>XXXX"),
        (b"<Sts>BOOK", b"<Sts>WHAT"),
        (b"<Document", b'<!DOCTYPE Document [<!ENTITY a "b">]><Document'),
        (b'<?xml version="1.0" encoding="UTF-8"?>', b'<?xml version="1.0" encoding="unknown"?>'),
        (f'Ccy="EUR">{4550}.79'.encode(), f'Ccy="USD">{4550}.79'.encode()),
        (b">4550.79<", b">NaN<"),
        (b">4550.79<", b">4550.795<"),
        (b"<BookgDt><Dt>2026-11-20", b"<BookgDt><Dt>2026-13-20"),
        (f"<IBAN>{ACCOUNT}</IBAN>".encode(), b"<IBAN></IBAN>"),
    ],
)
def test_a_camt_file_that_says_something_else_is_refused_whole(was, now):
    assert was in CAMT
    with pytest.raises(InputRefused, match="Nothing was taken in"):
        file(CAMT.replace(was, now, 1))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"0",
        b"\x00" * 500,
        b"%PDF-1.7",
        b"<html></html>",
        CODA[:127] + b"1" + CODA[128:],  # version 1
        CODA.replace(b"\r\n", b"\n", 1).replace(b"EUR", b"\x81\x8d\x8f", 1),
    ],
)
def test_what_is_no_statement_is_refused(content):
    with pytest.raises(InputRefused):
        file(content)


def test_only_the_agencys_own_account_is_taken_in(tmp_path: Path):
    path = tmp_path / "s.cod"
    path.write_bytes(CODA)
    assert read(path).statements == read(path, ["BE49 9990 0000 0171"]).statements
    with pytest.raises(InputRefused, match="UMN_OFFICES_FILE"):
        read(path, ["BE38 9990 0000 0272"])
    with pytest.raises(InputRefused, match="cannot be read"):
        read(tmp_path / "nowhere.cod")


def test_an_account_has_one_spelling(tmp_path: Path):
    number = f"{'999000000171':<12} EUR0BE"
    iban = f"{ACCOUNT:<34}EUR"
    national = CODA.replace(b"\r\n12045", b"\r\n10045").replace(iban.encode(), f"{number:<37}".encode())
    assert [s.account for s in file(national).statements] == [ACCOUNT]
    (path := tmp_path / "s.cod").write_bytes(national)
    for ours in (ACCOUNT, "BE49 9990 0000 0171", "999-0000001-71"):
        assert [s.movements for s in read(path, [ours]).statements] == [
            s.movements for s in file(CODA).statements
        ]


@pytest.mark.parametrize("none", ["NONREF", "Not provided", "NOTPROVIDED", "0000000", "xxx", "-"])
def test_what_only_fills_the_place_of_a_reference_is_none(none):
    for write in (coda, camt):
        [movement] = told(write([Payment(5_00, "x", reference=none)], ON))
        assert movement["reference"] == ""


def test_signs_that_a_terminal_would_obey_are_not_kept():
    [movement] = told(camt([Payment(1, "a\u202eb\u200b c", payer="X\u2066Y")], ON))
    assert (movement["communication"], movement["payer"]) == ("a b c", "X Y")


@settings(deadline=None)
@given(
    st.lists(st.builds(Payment, st.integers(-(10**9), 10**9), st.sampled_from(["", OGM, "x"])), max_size=9)
)
def test_both_forms_tell_the_same_of_any_payments(payments):
    payments = [replace(payment, reverses="") for payment in payments]
    assert told(coda(payments, ON)) == told(camt(payments, ON))


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400), st.sampled_from([b"", b"0", b"<", CODA[:130], CAMT[:200]]))
def test_no_content_brings_a_traceback(content, before):
    with pytest.raises(InputRefused):
        file(before + content)
