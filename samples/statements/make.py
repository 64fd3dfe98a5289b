"""Writes bank statements in CODA and camt.053, the same every time; everything in them is invented.

`python samples/statements/make.py` writes the two files beside it; with payments, such as
`+++260/0000/01180+++=4550.79`, those of these. Tests and benchmarks ask for their own.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

ACCOUNT = "BE49999000000171"
"""The agency's account in the samples: no bank has the code 999."""

BIC = "ZZZZBEBB"


@dataclass(frozen=True)
class Payment:
    """One movement of a sample. A communication of the form +++ddd/dddd/ddddd+++ travels as structured."""

    cents: int
    communication: str = ""
    payer: str = "EXEMPLAR PHARMA SA"
    payer_account: str = "BE38999000000272"
    reference: str = ""
    free: bool = False
    reverses: str = ""

    @property
    def digits(self) -> str:
        """The digits of a structured communication; nothing when it travels as free text."""
        digits = "".join(sign for sign in self.communication if sign.isdigit())
        return digits if len(digits) == 12 and self.communication[:3] == "+++" and not self.free else ""


def coda(
    payments: Sequence[Payment],
    on: date,
    number: int = 1,
    opening: int = 1_000_000,
    account: str = ACCOUNT,
    currency: str = "EUR",
    last: bool = True,
) -> bytes:
    """A CODA file, version 2, of one statement."""
    day = f"{on:%d%m%y}"
    held = f"{account:<34}{currency:<3}"
    records = [f"00000{day}99905        SAMPLE{'':4}AGENCY{'':20}{BIC:<11}00000000000 00000{'':16}"]
    records[0] = f"{records[0]:<127}2"
    records.append(
        f"12{number:03d}{held}{_signed(opening)}{day}{'AGENCY':<26}{'SAMPLE ACCOUNT':<35}{number:03d}"
    )
    for sequence, payment in enumerate(payments, start=1):
        records += _coda_payment(payment, sequence, day, number, account)
    closing = opening + sum(payment.cents for payment in payments)
    records.append(f"{f'8{number:03d}{held}{_signed(closing)}{day}':<127}0")
    debit = -sum(payment.cents for payment in payments if payment.cents < 0)
    credit = sum(payment.cents for payment in payments if payment.cents > 0)
    trailer = f"9{'':15}{len(records) - 1:06d}{debit * 10:015d}{credit * 10:015d}"
    records.append(f"{trailer:<127}{'2' if last else '1'}")
    assert all(len(record) == 128 for record in records)
    return ("\r\n".join(records) + "\r\n").encode("windows-1252")


def camt(
    payments: Sequence[Payment],
    on: date,
    number: int = 1,
    opening: int = 1_000_000,
    account: str = ACCOUNT,
    currency: str = "EUR",
    version: str = "02",
) -> bytes:
    """A camt.053 file of one statement."""
    closing = opening + sum(payment.cents for payment in payments)
    entries = "".join(
        _camt_payment(payment, sequence, on, number, account, currency, version)
        for sequence, payment in enumerate(payments, start=1)
    )
    credit = [payment.cents for payment in payments if payment.cents > 0]
    debit = [-payment.cents for payment in payments if payment.cents < 0]
    summary = "".join(
        f"<{part}><NbOfNtries>{len(alike)}</NbOfNtries><Sum>{_euro(sum(alike))}</Sum></{part}>"
        for part, alike in (
            ("TtlNtries", [abs(payment.cents) for payment in payments]),
            ("TtlCdtNtries", credit),
            ("TtlDbtNtries", debit),
        )
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">
<BkToCstmrStmt>
<GrpHdr><MsgId>SAMPLE-{on.year}-{number:03d}</MsgId><CreDtTm>{on}T20:00:00</CreDtTm></GrpHdr>
<Stmt>
<Id>SAMPLE-{on.year}-{number:03d}</Id>
<ElctrncSeqNb>{number}</ElctrncSeqNb>
<CreDtTm>{on}T20:00:00</CreDtTm>
<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>
{_balance("OPBD", opening, on, currency)}
{_balance("CLBD", closing, on, currency)}
<TxsSummry>{summary}</TxsSummry>
{entries}</Stmt>
</BkToCstmrStmt>
</Document>
""".encode()


def reference(payment: Payment, account: str, on_year: int, number: int, sequence: int) -> str:
    """The bank's reference of a movement: the same in both forms."""
    return payment.reference or f"{account[-4:]}{on_year % 100:02d}{number:03d}{sequence:05d}"


def _coda_payment(payment: Payment, sequence: int, day: str, number: int, account: str) -> list[str]:
    year = 2000 + int(day[4:])
    told = reference(payment, account, year, number, sequence)
    code = "00199000" if payment.reverses else "00150000" if payment.cents >= 0 else "00101000"
    text = f"1101{payment.digits}" if payment.digits else f"0{payment.communication}"
    head = f"21{sequence:04d}0000{told:<21}{_signed(payment.cents)}{day}{code}"
    first = f"{head}{text[:54]:<54}{day}{number:03d}0"
    second = f"22{sequence:04d}0000{text[54:107]:<53}{payment.reverses:<35}{BIC:<11}"
    third = f"23{sequence:04d}0000{payment.payer_account:<34}EUR{payment.payer[:35]:<35}{text[107:150]:<43}"
    return [f"{first}1 1", f"{second:<125}1 0", f"{third:<125}0 0"]


def _camt_payment(
    payment: Payment, sequence: int, on: date, number: int, account: str, currency: str, version: str
) -> str:
    told = reference(payment, account, on.year, number, sequence)
    side = "Dbtr" if payment.cents >= 0 else "Cdtr"
    status = "BOOK" if int(version) < 8 else "<Cd>BOOK</Cd>"
    name = f"<Nm>{escape(payment.payer)}</Nm>"
    name = name if int(version) < 8 else f"<Pty>{name}</Pty>"
    info = f"<Ustrd>{escape(payment.communication)}</Ustrd>" if payment.communication else ""
    if payment.digits:
        info = (
            "<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry><Issr>BBA</Issr></Tp>"
            f"<Ref>{payment.digits}</Ref></CdtrRefInf></Strd>"
        )
    ends = f"<Refs><EndToEndId>{escape(payment.reverses)}</EndToEndId></Refs>" if payment.reverses else ""
    reverse = "<RvslInd>true</RvslInd>" if payment.reverses else ""
    amount = f'<Amt Ccy="{currency}">{_euro(abs(payment.cents))}</Amt>'
    sign = f"<CdtDbtInd>{'CRDT' if payment.cents >= 0 else 'DBIT'}</CdtDbtInd>"
    return (
        f"<Ntry><NtryRef>{sequence}</NtryRef>{amount}{sign}{reverse}<Sts>{status}</Sts>"
        f"<BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>{escape(told)}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls>{ends}<RltdPties><{side}>{name}</{side}><{side}Acct><Id>"
        f"<IBAN>{payment.payer_account}</IBAN></Id></{side}Acct></RltdPties>"
        f"{f'<RmtInf>{info}</RmtInf>' if info else ''}</TxDtls></NtryDtls></Ntry>\n"
    )


def _balance(code: str, cents: int, on: date, currency: str) -> str:
    sign = "CRDT" if cents >= 0 else "DBIT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{_euro(abs(cents))}</Amt>'
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _signed(cents: int) -> str:
    return f"{int(cents < 0)}{abs(cents) * 10:015d}"


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


SAMPLE = (
    Payment(455_079, "+++260/0000/01180+++"),
    Payment(10_000, "payment of our invoice, thank you", payer="VOORBEELD BIOTECH BV"),
)
"""Half of each is in the one file, and the other half in the other."""

SAMPLE_DAY = date(2026, 11, 20)


def write(
    folder: Path, payments: Sequence[Payment], on: date, number: int = 45, account: str = ACCOUNT
) -> None:
    """Writes `statement.cod` with the first half of each payment; `statement.xml` goes on with the other."""
    halves = [replace(payment, cents=payment.cents // 2) for payment in payments]
    others = [replace(payment, cents=payment.cents - payment.cents // 2) for payment in payments]
    folder.mkdir(parents=True, exist_ok=True)
    opening = 1_000_000
    closing = opening + sum(half.cents for half in halves)
    (folder / "statement.cod").write_bytes(coda(halves, on, number, opening, account))
    (folder / "statement.xml").write_bytes(camt(others, on, number + 1, closing, account))


def main() -> None:
    """Writes the samples, or those of the payments that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("payments", nargs="*", help="as +++260/0000/01180+++=4550.79; none are the samples")
    parser.add_argument("--on", type=date.fromisoformat, help="the day they moved; today when left out")
    parser.add_argument("--number", type=int, default=45, help="of the first statement, 45 when left out")
    parser.add_argument("--into", type=Path, default=Path(__file__).resolve().parent, help="the folder")
    asked = parser.parse_args()
    typed = [text.rpartition("=") for text in asked.payments]
    payments = [Payment(round(float(amount) * 100), told) for told, _, amount in typed]
    today = datetime.now(ZoneInfo("Europe/Brussels")).date()  # noqa: TID251
    write(asked.into, payments or SAMPLE, asked.on or (today if payments else SAMPLE_DAY), asked.number)


if __name__ == "__main__":
    main()
