"""What banks really send: read wherever it is sure, told where it is not, named where it is no statement."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from activities.invoices import communication
from models.errors import InputRefused
from models.payments import Movement, Reason, digits_of, framed, match, references
from models.statements import Told
from office.money.reading import read, understood
from office.money.showing import PaymentsShowing
from register.accounts import Waiting
from samples.statements.make import ACCOUNT, Payment, camt, coda

ON = date(2026, 11, 27)
OGM, ANOTHER = communication(2026, 118), communication(2026, 119)
DIGITS, SECOND = digits_of(OGM), digits_of(ANOTHER)
PAYER = "BE38999000000272"
ELSEWHERE = "BE75999000001450"
PAID = Payment(100_000, OGM)
CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases"


def one(content: bytes) -> Told:
    """The one movement of a file."""
    [statement] = understood(content, "statement").statements
    [movement] = statement.movements
    return movement


def altered(content: bytes, record: str, at: int, told: str) -> bytes:
    """A CODA file in which the first record of a kind says something else."""
    records = content.decode("windows-1252").split("\r\n")
    place = next(n for n, line in enumerate(records) if line.startswith(record))
    line = records[place]
    records[place] = line[:at] + told + line[at + len(told) :]
    return "\r\n".join(records).encode("windows-1252")


def coda_of(*moves: str, cents: int) -> bytes:
    """A CODA file of these records of movements, of which those without detail make so many cents."""
    day = f"{ON:%d%m%y}"
    records = [f"{f'00000{day}99905':<127}2"]
    records.append(f"{f'12001{ACCOUNT:<34}EUR{0:016d}{day}':<125}001")
    records += [f"{move:<128}" for move in moves]
    records.append(f"{f'8001{ACCOUNT:<34}EUR{cents * 10:016d}{day}':<127}0")
    trailer = f"9{'':15}{len(records) - 1:06d}{0:015d}{cents * 10:015d}"
    records.append(f"{trailer:<127}2")
    return "\r\n".join(records).encode()


def move(number: int, detail: int, cents: int, code: str, text: str = "0") -> str:
    """The first record of a movement or detail; `code` begins with its type."""
    day = f"{ON:%d%m%y}"
    sign = int(cents < 0)
    return f"21{number:04d}{detail:04d}{'REF':<21}{sign}{abs(cents) * 10:015d}{day}{code}{text:<54}{day}001"


def payer(number: int, detail: int = 0) -> str:
    """The third record: who paid."""
    return f"23{number:04d}{detail:04d}{PAYER:<34}EUR{'EXEMPLAR PHARMA SA':<35}"


FIELDS = {
    "the old balance has no day": ("1", 58, "000000"),
    "the old balance has a day that is none": ("1", 58, "310226"),
    "the value date is not known": ("21", 47, "000000"),
    "the entry date is blank": ("21", 115, "      "),
    "the file was made on no day": ("0", 5, "000000"),
    "the bank has letters": ("0", 11, "XYZ"),
    "the structure is blank": ("1", 1, " "),
    "the structure is that of a foreign IBAN": ("1", 1, "3"),
    "the structure is that of a foreign number": ("1", 1, "1"),
    "the structure is unheard of": ("1", 1, "7"),
    "the name of the holder has nothing": ("1", 64, " " * 26),
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_decides_nothing_about_money_refuses_nothing(field):
    content = coda([PAID], ON, 1)
    [right], [read_] = (
        understood(told, "s").statements for told in (content, altered(content, *FIELDS[field]))
    )
    assert read_ == right


def test_the_day_of_the_closing_balance_is_the_last_one_told_when_it_is_zeros():
    [statement] = understood(altered(coda([PAID], ON, 1), "8", 57, "000000"), "s").statements
    assert (statement.closed_on, statement.number) == (ON, "2026-001")


def test_a_last_trailer_that_announces_more_is_told_and_refuses_nothing():
    file = understood(coda([PAID], ON, last=False), "s")
    assert [str(remark) for remark in file.remarks] == [
        "The bank says that another file follows; ask for it, if you do not have it. "
        "Each statement of this one adds up by itself."
    ]
    assert understood(coda([PAID], ON, last=True), "s").remarks == ()
    both = coda([PAID], ON, 1, last=True) + coda([Payment(2)], ON, 2, last=False)
    assert [one.number for one in understood(both, "s").statements] == ["2026-001", "2026-002"]


@pytest.mark.parametrize("form", [coda, camt])
def test_other_accounts_of_a_file_are_left_out_by_name(form, tmp_path: Path):
    if form is coda:
        both = coda([PAID], ON, 1, last=False) + coda([Payment(7)], ON, 2, account=ELSEWHERE)
        both += altered(coda([Payment(9)], ON, 3, account=ELSEWHERE), "8", 41, "0" * 16)  # not ours to check
    else:
        ours, other = camt([PAID], ON, 1), camt([Payment(7)], ON, 2, account=ELSEWHERE)
        both = ours.replace(b"</Stmt>", b"</Stmt>" + other[other.index(b"<Stmt>") : other.index(b"</Bk")])
    path = tmp_path / "both"
    path.write_bytes(both)
    file = read(path, [ACCOUNT])
    assert [(s.account, [m.cents for m in s.movements]) for s in file.statements] == [(ACCOUNT, [100_000])]
    assert file.left_out == (ELSEWHERE,)
    assert str(file.remarks[0]) == f"Left out, as no account of our offices: {ELSEWHERE}."
    with pytest.raises(InputRefused, match=f"{ACCOUNT} and {ELSEWHERE}"):
        read(path, ["BE05999000000575"])


def packed(files: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return into.getvalue()


ACCENTS = Payment(100_000, OGM, payer="SOCIÉTÉ EXEMPLE")
WRITTEN = coda([ACCENTS], ON, 1)
TEXT = WRITTEN.decode("windows-1252")
SPELT = {
    "UTF-8": TEXT.encode(),
    "UTF-8 with a mark": TEXT.encode("utf-8-sig"),
    "UTF-16": TEXT.encode("utf-16"),
    "cp850": TEXT.encode("cp850"),
    "one file in a zip": packed({"statement.cod": WRITTEN, ".DS_Store": b"x"}),
    "an end of file before the line end": WRITTEN + b"\x1a\r\n",
    "an end of file": WRITTEN + b"\x1a",
    "a blank first line": b"\r\n" + WRITTEN,
    "blank lines between": WRITTEN.replace(b"\r\n", b"\r\n\r\n"),
    "line feeds": WRITTEN.replace(b"\r\n", b"\n"),
    "carriage returns": WRITTEN.replace(b"\r\n", b"\r"),
    "no line ends": WRITTEN.replace(b"\r\n", b""),
    "blanks behind": WRITTEN.replace(b"\r\n", b"  \r\n"),
}


@pytest.mark.parametrize("spelt", SPELT)
def test_signs_and_line_ends_that_are_sure_are_read(spelt):
    assert understood(SPELT[spelt], "s").statements == understood(WRITTEN, "s").statements
    assert one(SPELT[spelt]).payer == "SOCIÉTÉ EXEMPLE"


def test_a_statement_in_a_zip_is_the_same_file_as_by_itself():
    assert understood(packed({"a.cod": WRITTEN}), "s").sha256 == understood(WRITTEN, "s").sha256


def test_xml_in_utf_16_is_read():
    content = camt([PAID], ON).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert one(content).cents == 100_000


CAMT = camt([PAID], ON)
MISTAKEN = {
    "camt.052, movements of the day": CAMT.replace(b"camt.053", b"camt.052"),
    "camt.054, notices": CAMT.replace(b"camt.053", b"camt.054"),
    "order to a bank": CAMT.replace(b"camt.053.001.02", b"pain.001.001.03"),
    "XML, and no camt.053": b"<?xml version='1.0'?><invoice/>",
    "MT940": b":20:STMT1\r\n:25:BE49999000000171\r\n",
    "MT940,": b"{1:F01ZZZZBEBBAXXX0000000000}{2:I940",
    "OFX": b"OFXHEADER:100\r\nDATA:OFXSGML\r\n",
    "PDF": b"%PDF-1.7\n",
    "an office programme": packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}),
    "of an office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "table": b"Date;Amount;Name\r\n2026-11-27;1000,00;EXEMPLAR\r\n",
    "web page": b"<!DOCTYPE html><html></html>",
    "EBCDIC": coda([PAID], ON).decode("windows-1252").encode("cp500"),
    "zip with 2 files": packed({"a.cod": WRITTEN, "b.cod": WRITTEN}),
    "zip that cannot be read": packed({"a.cod": WRITTEN})[:200],
    "zip within a zip": packed({"a.zip": packed({"a.cod": WRITTEN})}),
    "zip with 0 files": packed({".DS_Store": b"x"}),
    "without files": packed({}),
    "another form than zip": b"\x1f\x8b\x08\x00",
    "neither CODA nor camt.053": b"Dear bank,",
}


@pytest.mark.parametrize("called", MISTAKEN)
def test_what_is_no_statement_is_named_with_what_to_ask_for(called):
    with pytest.raises(InputRefused, match="Nothing was taken in") as refused:
        understood(MISTAKEN[called], "s")
    assert called in refused.value.message
    assert any(
        word in refused.value.message for word in ("Ask the bank", "Unpack", "Fetch", "without", "0 f")
    )


def test_details_that_explain_a_payment_are_no_payments():
    told = one(
        coda_of(
            move(1, 0, 990_00, "34150000", f"1101{DIGITS}"),
            payer(1),
            move(1, 1, 1000_00, "84150100"),
            move(1, 2, -10_00, "84150006"),
            cents=990_00,
        )
    )
    assert (told.cents, told.structured, told.payer, told.payer_account) == (
        990_00,
        DIGITS,
        "EXEMPLAR PHARMA SA",
        PAYER,
    )


def test_a_detail_brings_what_its_movement_does_not_say():
    told = one(
        coda_of(
            move(1, 0, 990_00, "34150000"),
            move(1, 1, 1000_00, "84150100", f"1101{DIGITS}"),
            payer(1, 1),
            cents=990_00,
        )
    )
    assert (told.cents, told.structured, told.payer) == (990_00, DIGITS, "EXEMPLAR PHARMA SA")


@pytest.mark.parametrize(("whole", "parts"), [("1", "5"), ("2", "6"), ("2", "7")])
def test_details_that_divide_a_movement_inherit_payer_and_communication(whole, parts):
    [statement] = understood(
        coda_of(
            move(1, 0, 800_00, f"{whole}0150000", f"1101{DIGITS}"),
            payer(1),
            move(1, 1, 300_00, f"{parts}0150000"),
            move(1, 2, 500_00, f"{parts}0150000", f"1101{SECOND}"),
            move(1, 3, 510_00, "90150100", "0told by the bank"),
            move(1, 4, -10_00, "90150006"),
            cents=800_00,
        ),
        "s",
    ).statements
    assert [(m.sequence, m.cents, m.structured, m.payer) for m in statement.movements] == [
        ("1/0001", 300_00, DIGITS, "EXEMPLAR PHARMA SA"),
        ("1/0002", 500_00, SECOND, "EXEMPLAR PHARMA SA"),
    ]
    assert statement.movements[1].communication == "told by the bank"


def test_a_detail_with_the_type_of_a_movement_is_one_where_only_so_all_adds_up():
    details = [move(1, n, 400_00, "00150000", f"1101{digits}") for n, digits in ((1, DIGITS), (2, SECOND))]
    [statement] = understood(coda_of(move(1, 0, 800_00, "10150000"), *details, cents=800_00), "s").statements
    assert [(m.cents, m.structured) for m in statement.movements] == [(400_00, DIGITS), (400_00, SECOND)]


def test_one_detail_of_a_movement_is_the_movement():
    told = one(
        coda_of(
            move(1, 0, 100_00, "00150000", f"1101{DIGITS}"),
            payer(1),
            move(1, 1, 100_00, "50150000"),
            cents=100_00,
        )
    )
    assert (told.sequence, told.structured, told.payer) == ("1", DIGITS, "EXEMPLAR PHARMA SA")


def test_details_that_do_not_add_up_divide_nothing():
    told = one(
        coda_of(
            move(1, 0, 800_00, "10150000", "0a batch"),
            move(1, 1, 300_00, "50150000", f"1101{DIGITS}"),
            move(1, 2, 400_00, "50150000", f"1101{SECOND}"),
            cents=800_00,
        )
    )
    assert (told.cents, told.structured, told.communication) == (800_00, "", "a batch")


def test_an_information_record_speaks_where_the_movement_says_nothing():
    free = f"3100010001{'REF':<21}001500000{OGM}"
    assert one(coda_of(move(1, 0, 5_00, "00150000"), free, cents=5_00)).communication == OGM
    assert one(coda_of(move(1, 0, 5_00, "00150000", "0rent"), free, cents=5_00)).communication == "rent"


@pytest.mark.parametrize(
    ("code", "reversal"),
    [
        *[("00150000", False), ("00101000", False), ("04101000", False)],
        *[("00149000", True), ("00199000", True), ("00249000", True), ("04199000", True), ("00154000", True)],
        *[("00089000", True), ("00505000", True), ("00558000", True), ("00552000", False)],
    ],
)
def test_every_code_of_the_standard_that_takes_something_back_is_known(code, reversal):
    for payment in (Payment(-5_00, OGM), Payment(5_00, OGM)):
        told = one(altered(coda([payment], ON), "21", 53, code))
        assert (told.reversal, told.structured) == (reversal, DIGITS)


def test_a_transfer_that_came_back_says_so_in_its_second_record():
    assert one(altered(coda([Payment(-5_00)], ON), "22", 112, "2")).reversal
    assert not one(altered(coda([Payment(5_00)], ON), "22", 112, "0")).reversal


def entry(inside: str, cents: int = 974_00, more: str = "") -> bytes:
    """A camt.053 file of one entry that came in, with these transactions."""
    content = camt([Payment(cents)], ON).decode()
    first, last = content.index("<NtryDtls>"), content.index("</Ntry>")
    return f"{content[:first]}<NtryDtls>{inside}</NtryDtls>{more}{content[last:]}".encode()


def strd(*references: str) -> str:
    return "".join(f"<Strd><CdtrRefInf><Ref>{one}</Ref></CdtrRefInf></Strd>" for one in references)


CHARGED = '<Amt Ccy="EUR">1000.00</Amt><Chrgs><Rcrd><Amt Ccy="EUR">26.00</Amt></Rcrd></Chrgs>'
WITH_PAYER = "<RltdPties><Dbtr><Nm>EXEMPLAR PHARMA SA</Nm></Dbtr></RltdPties>"


def test_the_amount_of_an_entry_is_what_arrived():
    told = one(entry(f"<TxDtls>{CHARGED}{WITH_PAYER}<RmtInf>{strd(DIGITS)}</RmtInf></TxDtls>"))
    assert (told.cents, told.structured, told.payer) == (974_00, DIGITS, "EXEMPLAR PHARMA SA")
    both = entry(
        f"<TxDtls>{CHARGED}<RmtInf>{strd(DIGITS)}</RmtInf></TxDtls>"
        f"<TxDtls>{CHARGED}<RmtInf>{strd(SECOND)}</RmtInf></TxDtls>",
        cents=1948_00,
    )
    [statement] = understood(both, "s").statements
    assert [(m.cents, m.structured) for m in statement.movements] == [(974_00, DIGITS), (974_00, SECOND)]


PLACES = {
    "Ustrd": f"<TxDtls><RmtInf><Ustrd>{OGM}</Ustrd></RmtInf></TxDtls>",
    "two Ustrd": f"<TxDtls><RmtInf><Ustrd>{OGM[:9]}</Ustrd><Ustrd>{OGM[9:]}</Ustrd></RmtInf></TxDtls>",
    "Ref, bare": f"<TxDtls><RmtInf>{strd(DIGITS)}</RmtInf></TxDtls>",
    "Ref, framed": f"<TxDtls><RmtInf>{strd(OGM)}</RmtInf></TxDtls>",
    "AddtlRmtInf": f"<TxDtls><RmtInf><Strd><AddtlRmtInf>{OGM}</AddtlRmtInf></Strd></RmtInf></TxDtls>",
    "RfrdDocInf": f"<TxDtls><RmtInf><Strd><RfrdDocInf><Nb>{OGM}</Nb></RfrdDocInf></Strd></RmtInf></TxDtls>",
    "AddtlTxInf": f"<TxDtls><AddtlTxInf>paid: {DIGITS}</AddtlTxInf></TxDtls>",
    "AddtlNtryInf beside a transaction": "<TxDtls/>",
    "AddtlNtryInf": "",
    "twice": f"<TxDtls><RmtInf><Ustrd>{OGM}</Ustrd>{strd(DIGITS)}</RmtInf></TxDtls>",
}


def meant(told: Told) -> set[str]:
    return {told.structured} if told.structured else set(references(told.communication))


@pytest.mark.parametrize("place", PLACES)
def test_a_communication_is_found_wherever_a_bank_puts_it(place):
    more = f"<AddtlNtryInf>from {PAYER[:4]} 9990 0000 0272, {OGM}</AddtlNtryInf>"
    assert meant(one(entry(PLACES[place], more=more if place.startswith("AddtlN") else ""))) == {DIGITS}


SEVERAL = {
    "two Strd": f"<TxDtls><RmtInf>{strd(DIGITS, SECOND)}</RmtInf></TxDtls>",
    "Strd and Ustrd": f"<TxDtls><RmtInf><Ustrd>{ANOTHER}</Ustrd>{strd(DIGITS)}</RmtInf></TxDtls>",
    "Ref and AddtlTxInf": f"<TxDtls><RmtInf>{strd(OGM)}</RmtInf><AddtlTxInf>{ANOTHER}</AddtlTxInf></TxDtls>",
    "behind a long text": f"<TxDtls><RmtInf>{strd('x ' * 160)}{strd(DIGITS, SECOND)}</RmtInf></TxDtls>",
}


@pytest.mark.parametrize("told", SEVERAL)
def test_of_several_communications_all_are_shown_and_a_person_decides(told):
    movement = one(entry(SEVERAL[told]))
    known = {DIGITS, SECOND}
    assert {movement.structured, *references(movement.communication)} - {""} == known
    told_ = Movement("M", ON, movement.cents, "EUR", movement.structured, movement.communication)
    assert match(told_, {}).reason is Reason.SEVERAL_COMMUNICATIONS


def test_whoever_decides_sees_each_of_several_communications(capsys):
    told = one(entry(SEVERAL["Ref and AddtlTxInf"]))
    waits = {"id": "M-1", "statement": "2026-001", "rest": told.cents, "currency": "EUR", "note": ""}
    of_it = {name: getattr(told, name) for name in ("sequence", "booked_on", "cents", "structured")}
    of_payer = {"communication": told.communication, "payer": told.payer, "payer_account": ""}
    row = Waiting(**waits, **of_it, **of_payer, state="parked", reason=Reason.SEVERAL_COMMUNICATIONS.value)
    PaymentsShowing("table").waiting([row])
    assert f"{OGM}, {framed(SECOND)}" in capsys.readouterr().out


def test_an_account_in_a_text_is_no_communication():
    """The digits of a Belgian account have the check digits of a communication."""
    for written in (PAYER, "BE38 9990 0000 0272", "BE38-9990-0000-0272"):
        assert [*references(f"from {written} for {OGM}")] == [DIGITS]
    assert [*references("BE99 9990 0000 0272")] == ["999000000272"]  # no account: only like one


@pytest.mark.parametrize(
    "told", ["<RvslInd>true</RvslInd>", "<RvslInd>1</RvslInd>", "RRTN", "RPCR", "UPDD", "Rtr"]
)
def test_every_way_to_tell_a_return_is_known(told):
    code = (
        f"<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>{told}</SubFmlyCd></Fmly></Domn></BkTxCd>"
    )
    content = entry("<TxDtls><RtrInf/></TxDtls>" if told == "Rtr" else "<TxDtls/>").decode()
    place = told if "<" in told else "" if told == "Rtr" else code
    assert one(content.replace("<NtryDtls>", f"{place}<NtryDtls>").encode()).reversal
    assert not one(entry("<TxDtls/>")).reversal


@pytest.mark.parametrize(
    ("booked", "day"),
    [
        ("", "2026-11-27"),
        ("<BookgDt><DtTm>2026-11-27T22:30:00Z</DtTm></BookgDt>", "2026-11-27"),
        ("<BookgDt><DtTm>2026-11-27T23:30:00Z</DtTm></BookgDt>", "2026-11-28"),
        ("<BookgDt><DtTm>2026-11-27T23:30:00</DtTm></BookgDt>", "2026-11-27"),
        ("<BookgDt><DtTm>2026-11-27T23:30:00.123+01:00</DtTm></BookgDt>", "2026-11-27"),
        ("<BookgDt><Dt>2026-11-27+01:00</Dt></BookgDt>", "2026-11-27"),
    ],
)
def test_the_day_of_an_entry_is_a_day_in_brussels_or_its_value_date(booked, day):
    content = CAMT.replace(f"<BookgDt><Dt>{ON}</Dt></BookgDt>".encode(), booked.encode())
    assert one(content).booked_on == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("part", "named"),
    [
        (f"<BookgDt><Dt>{ON}</Dt></BookgDt><ValDt><Dt>{ON}</Dt></ValDt>", "Ntry/BookgDt is missing"),
        ("</AcctSvcrRef>", "no whole XML"),
        ("<CdtDbtInd>CRDT</CdtDbtInd>", "CdtDbtInd is missing"),
        (f"<Dt><Dt>{ON}</Dt></Dt>", "Dt tells the day ''"),
        (' Ccy="EUR"', "Bal/Amt Ccy is missing"),
    ],
)
def test_a_part_that_is_missing_is_named(part, named):
    with pytest.raises(InputRefused, match=named):
        understood(CAMT.replace(part.encode(), b"", 1), "s")


def test_an_entry_without_status_is_booked_where_the_balances_say_so():
    assert one(CAMT.replace(b"<Sts>BOOK</Sts>", b"")).cents == 100_000
    with pytest.raises(InputRefused, match="does not add up"):
        understood(CAMT.replace(b"<Sts>BOOK</Sts>", b"<Sts>PDNG</Sts>"), "s")


RIGHT = {
    "camt-charges/52-charges.xml": [(974_00, "260000005123", "EXEMPLAR PHARMA SA")],
    "camt-only-value-date/55-only-valdt.xml": [(1000_00, "260000008153", "EXEMPLAR PHARMA SA")],
    "coda-blank-account-structure/30-bpost-blank-structure.cod": [
        (1000_00, "260000001180", "EXEMPLAR PHARMA SA")
    ],
    "coda-dates-zero/14-old-date-zero.cod": [(1000_00, "260000001180", "EXEMPLAR PHARMA SA")],
    "coda-dates-zero/16-value-date-zero.cod": [(1000_00, "260000001180", "EXEMPLAR PHARMA SA")],
    "coda-last-file-says-1/02-last-is-1.cod": [(1000_00, "260000001180", "EXEMPLAR PHARMA SA")],
    "coda-national-account/03-national-number.cod": [(1000_00, "260000001180", "EXEMPLAR PHARMA SA")],
    "coda-two-accounts/13-two-accounts.cod": [(300_00, "260000001180", "EXEMPLAR PHARMA SA")],
    "coda-type3-charges/04-type3-charges.cod": [(990_00, "260000001180", "EXEMPLAR PHARMA SA")],
    "coda-type3-charges/05-type3-one-detail.cod": [(1000_00, "260000001180", "EXEMPLAR PHARMA SA")],
    "coda-type3-charges/38-parent-struct.cod": [(1000_00, "260000001180", "EXEMPLAR PHARMA SA")],
    **{
        f"statement-not-a-statement/08-{name}.cod": [(1000_00, "260000001180", "SOCIÉTÉ EXEMPLE")]
        for name in ("bom", "cp850", "eof-crlf", "leading-blank", "utf8")
    },
    "statement-not-a-statement/61-utf16.xml": [(1_00, "", "")],
    "statement-not-a-statement/64-zip.zip": [(1_00, "", "")],
}


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases lie beside the project")
@pytest.mark.parametrize("case", RIGHT)
def test_a_case_from_the_field_has_its_right_value(case):
    file = read(CASES / case, [ACCOUNT])
    movements = [movement for statement in file.statements for movement in statement.movements]
    assert [(m.cents, m.structured, m.payer) for m in movements] == RIGHT[case]
    assert {movement.booked_on.year for movement in movements} == {2026}


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases lie beside the project")
def test_two_references_of_a_case_from_the_field_are_both_shown():
    told = one((CASES / "camt-two-references" / "51-two-strd.xml").read_bytes())
    assert (told.structured, told.communication) == ("", "260000003103; 260000004113")


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases lie beside the project")
@pytest.mark.parametrize(("case", "called"), [("65-camt052.xml", "camt.052"), ("66-mt940.sta", "MT940")])
def test_a_case_from_the_field_that_is_no_statement_is_named(case, called):
    with pytest.raises(InputRefused, match=f"it is {called}.*Ask the bank for camt.053 or CODA"):
        read(CASES / "statement-not-a-statement" / case)
