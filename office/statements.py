"""Reads bank statements: CODA (version 2) and ISO 20022 camt.053, told apart by their content.

A file is read whole or not at all: what was cut short, altered or does not add up is refused with the
reason, and nothing of it is taken in. Of the payer only a short name and the account are kept.

Not coded: CODA version 1, camt.052 and camt.054 (movements of the day are not yet a statement).
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import InputRefused
from models.payments import is_valid, movement_id

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST = 32 * 1024 * 1024
"""Bytes; a year of a busy account is less."""

LENGTH = 128
"""Characters of a CODA record."""

CAMT = re.compile(r"\{(urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(?:0[2-9]|1[0-9]))\}Document")


@dataclass(frozen=True, slots=True)
class Told:
    """A movement as a statement tells it."""

    sequence: str
    reference: str
    booked_on: date
    cents: int
    structured: str = ""
    communication: str = ""
    reversal: bool = False
    reverses: str = ""
    payer: str = ""
    payer_account: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account: what it began and ended with, and what moved between."""

    account: str
    currency: str
    number: str
    opening: int
    closing: int
    closed_on: date
    movements: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A file of statements that adds up."""

    sha256: str
    name: str
    form: str
    statements: tuple[Statement, ...] = field(default=())

    def rows(self) -> Iterator[dict[str, Any]]:
        """Its movements as the register keeps them."""
        place = 0
        for statement in self.statements:
            for told in statement.movements:
                place += 1
                yield {
                    "id": movement_id(statement.account, statement.number, told.sequence, told.reference),
                    "file": self.sha256,
                    "place": place,
                    "account": statement.account,
                    "statement": statement.number,
                    "currency": statement.currency,
                    **{name: getattr(told, name) for name in Told.__slots__},
                }


def read(path: Path, account: str = "") -> StatementFile:
    """Reads a file of bank statements; `account` is the only one that may be in it, when it is given.

    Raises: InputRefused when it is no such file, was cut short or altered, does not add up, or is of
    another account.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise InputRefused(f"{path.name} is larger than {LARGEST // 1024 // 1024} MiB; nothing was read.")
        content = path.read_bytes()
    except OSError as error:
        raise InputRefused(f"{path} cannot be read: {error.strerror}.") from None
    file = understood(content, path.name)
    ours = _compact(account)
    for statement in file.statements:
        if ours and statement.account != ours:
            raise InputRefused(
                f"{path.name} tells of the account {statement.account}; the agency's is {ours} "
                "(UMN_AGENCY_ACCOUNT). Nothing was taken in."
            )
    ids = [row["id"] for row in file.rows()]
    if len(set(ids)) < len(ids):
        raise InputRefused(f"{path.name} tells one movement twice; nothing was taken in.")
    return file


def understood(content: bytes, name: str) -> StatementFile:
    """A file by its content. Raises: InputRefused."""
    sha256 = hashlib.sha256(content).hexdigest()
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    try:
        if start == b"<":
            return StatementFile(sha256, _shown(name), "camt.053", tuple(_camt(content)))
        if start == b"0":
            return StatementFile(sha256, _shown(name), "coda", tuple(_coda(content)))
    except _Wrong as wrong:
        raise InputRefused(f"{_shown(name)}: {wrong} Nothing was taken in.") from None
    raise InputRefused(f"{_shown(name)} is neither CODA nor camt.053. Nothing was taken in.")


class _Wrong(Exception):
    """What is wrong with a file, as a sentence."""


# CODA: records of 128 characters, one to a line.


def _coda(content: bytes) -> Iterator[Statement]:
    from coda import CODA

    try:
        text = content.decode("windows-1252")
    except UnicodeDecodeError as error:
        raise _Wrong(f"byte {error.start} is no character of windows-1252.") from None
    lines = text.replace("\r\n", "\n").removesuffix("\x1a").rstrip("\n").split("\n")
    _check_records(lines)
    try:
        found = CODA(io.StringIO("\n".join(lines) + "\n")).statements
    except (AssertionError, ArithmeticError, ValueError, LookupError, AttributeError, TypeError):
        raise _Wrong("its records contradict each other, or its totals do not add up.") from None
    for told, records in zip(found, _split(lines), strict=True):
        yield _coda_statement(told, records)


def _check_records(lines: list[str]) -> None:
    for place, line in enumerate(lines, start=1):
        if len(line) != LENGTH:
            raise _Wrong(f"record {place} has {len(line)} characters, not {LENGTH}: it was cut or altered.")
        if line[0] not in "0123489":
            raise _Wrong(f"record {place} begins with {line[0]!r}, which CODA does not know.")
        if line[0] == "0" and line[127] != "2":
            raise _Wrong(f"record {place} is of CODA version {line[127]}; only version 2 is read.")
        ends = line[0] == "9"
        if ends and (line[127] == "2") != (place == len(lines)):
            raise _Wrong(
                f"record {place} says {'that nothing' if line[127] == '2' else 'more'} follows: "
                "the file was cut or put together."
            )
        follows = lines[place][:1] if place < len(lines) else ""
        if (ends and follows not in ("", "0")) or (not ends and follows in ("", "0")):
            raise _Wrong(f"after record {place} the statement breaks off: the file was cut or put together.")
    for records in _split(lines):
        kinds = [record[0] for record in records]
        if kinds.count("1") != 1 or kinds.count("8") != 1:
            raise _Wrong("a statement lacks its opening or its closing balance.")


def _split(lines: list[str]) -> Iterator[list[str]]:
    records: list[str] = []
    for line in lines:
        records.append(line)
        if line[0] == "9":
            yield records
            records = []


def _coda_statement(told: Any, records: list[str]) -> Statement:
    movements, credit, debit = [], 0, 0
    for move in told.moves:
        cents = _cents(move.amount)
        credit, debit = credit + max(cents, 0), debit - min(cents, 0)
        movements += _coda_movements(move)
    opening, closing = _cents(told.old_balance), _cents(told.new_balance)
    counted = sum(record[0] in "1238" for record in records)
    # the library says the same by assertions, which an optimised Python leaves out
    if (credit, debit) != (_cents(told.total_credit), _cents(told.total_debit)):
        raise _Wrong("the movements of a statement are not the totals of its trailer.")
    if counted != told.number_records:
        raise _Wrong(f"a statement has {counted} records; its trailer says {told.number_records}.")
    _add_up(opening, credit - debit, closing, str(told))
    sequences = [int(move.sequence) for move in told.moves]
    if sequences != sorted(set(sequences)):
        raise _Wrong("the movements of a statement are not in the order of their numbers.")
    return Statement(
        account=_compact(told.account),
        currency=told.account_currency,
        number=f"{told.new_balance_date.year}-{told.new_sequence}",
        opening=opening,
        closing=closing,
        closed_on=told.new_balance_date,
        movements=tuple(movements),
    )


def _coda_movements(move: Any) -> Iterator[Told]:
    """A movement, or its details where they add up to it; else nobody could say which is meant."""
    if move.moves and sum(detail.amount for detail in move.moves) == move.amount:
        for detail in move.moves:
            yield from _coda_movements(detail)
        return
    structured = (move.communication or "").strip() if move.communication_type in ("101", "102") else ""
    detail = "" if move.detail_sequence == "0000" else f"/{move.detail_sequence}"
    cents = _cents(move.amount)
    # Interpretation: 99 is "cancellation or correction", and the R-transaction field tells a returned
    # direct debit or transfer; the customer reference then names the movement that is taken back.
    reversal = bool(move.r_transaction) or (cents < 0 and move.transaction_transaction == "99")
    yield Told(
        sequence=f"{int(move.sequence)}{detail}",
        reference=f"{move.bank_reference.strip()}{detail}",
        booked_on=move.entry_date,
        cents=cents,
        structured=structured,
        communication="" if structured else _text(move.communication or ""),
        reversal=reversal,
        reverses=_text(move.customer_reference or "", 60) if reversal else "",
        payer=_text(move.counterparty_name or "", 40),
        payer_account=_compact((move.counterparty_account or "")[:34]),
    )


# camt.053: XML, in the namespace that its version says.


def _camt(content: bytes) -> Iterator[Statement]:
    from xml.etree.ElementTree import ParseError

    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise _Wrong("it has a document type or entities, which no statement needs.") from None
    except (ParseError, ValueError, LookupError) as error:
        raise _Wrong(f"it is no whole XML ({error}): it was cut or altered.") from None
    known = CAMT.fullmatch(root.tag)
    if known is None:
        raise _Wrong("it is XML, and no camt.053.001.02 to .19 statement.")
    reader = _Camt(known[1])
    try:
        told = root.findall("c:BkToCstmrStmt/c:Stmt", reader.names)
        if not told:
            raise _Wrong("it has no statement.")
        for statement in told:
            yield reader.statement(statement)
    except (AttributeError, ValueError, ArithmeticError, RecursionError):
        raise _Wrong("a part that every statement has is missing or cannot be read.") from None


class _Camt:
    def __init__(self, namespace: str) -> None:
        self.names = {"c": namespace}

    def statement(self, told: Element) -> Statement:
        opening = self._balance(told, "OPBD", "PRCD")
        closing = self._balance(told, "CLBD")
        currency = opening[1]
        entries = [entry for entry in self._all(told, "Ntry") if self._status(entry) == "BOOK"]
        amounts = [self._signed(entry, "Amt", currency) for entry in entries]
        number = self._one(told, "ElctrncSeqNb") or self._one(told, "LglSeqNb") or self._one(told, "Id")
        _add_up(opening[0], sum(amounts), closing[0], number)
        self._check_totals(told, amounts)
        movements: list[Told] = []
        for place, (entry, cents) in enumerate(zip(entries, amounts, strict=True), start=1):
            movements += self._movements(entry, cents, place, currency)
        account = self._one(told, "Acct/Id/IBAN") or self._one(told, "Acct/Id/Othr/Id")
        if not account or not number:
            raise _Wrong("a statement names no account, or has no number.")
        serial = f"{int(number):03d}" if number.isdecimal() else number[:50]
        return Statement(
            account=_compact(account)[:34],
            currency=currency,
            number=f"{closing[2].year}-{serial}",
            opening=opening[0],
            closing=closing[0],
            closed_on=closing[2],
            movements=tuple(movements),
        )

    def _balance(self, told: Element, *codes: str) -> tuple[int, str, date]:
        for balance in self._all(told, "Bal"):
            if self._one(balance, "Tp/CdOrPrtry/Cd") in codes:
                amount = balance.find("c:Amt", self.names)
                assert amount is not None
                currency = amount.get("Ccy", "")
                return self._signed(balance, "Amt", currency), currency, self._day(balance, "Dt")
        raise _Wrong(f"a statement has no {' or '.join(codes)} balance.")

    def _check_totals(self, told: Element, amounts: list[int]) -> None:
        """What the summary says, where there is one."""
        summary = told.find("c:TxsSummry", self.names)
        if summary is None:
            return
        for part, alike in (
            ("TtlNtries", amounts),
            ("TtlCdtNtries", [cents for cents in amounts if cents > 0]),
            ("TtlDbtNtries", [cents for cents in amounts if cents < 0]),
        ):
            count, total = self._one(summary, f"{part}/NbOfNtries"), self._one(summary, f"{part}/Sum")
            if (count and int(count) != len(alike)) or (
                total and _cents(Decimal(total)) != sum(map(abs, alike))
            ):
                raise _Wrong(f"the entries of a statement are not what its summary ({part}) says.")

    def _movements(self, entry: Element, cents: int, place: int, currency: str) -> Iterator[Told]:
        sequence = self._one(entry, "NtryRef") or str(place)
        sequence = str(int(sequence)) if sequence.isdecimal() else sequence[:30]
        reference = self._one(entry, "AcctSvcrRef")
        details = self._all(entry, "NtryDtls/c:TxDtls")
        shares = [self._detail_cents(detail, cents, currency, len(details)) for detail in details]
        if not details or None in shares or sum(filter(None, shares)) != cents:
            yield self._told(entry, entry, sequence, reference, cents)
            return
        for part, (detail, share) in enumerate(zip(details, shares, strict=True), start=1):
            own = f"/{part:04d}" if len(details) > 1 else ""
            own_reference = reference or self._one(detail, "Refs/AcctSvcrRef")
            yield self._told(entry, detail, f"{sequence}{own}", f"{own_reference}{own}", share or 0)

    def _detail_cents(self, detail: Element, cents: int, currency: str, count: int) -> int | None:
        for path in ("Amt", "AmtDtls/TxAmt/Amt"):
            amount = detail.find("c:" + path.replace("/", "/c:"), self.names)
            if amount is not None and amount.get("Ccy") == currency:
                share = _cents(Decimal((amount.text or "").strip()))
                sign = self._one(detail, "CdtDbtInd")
                return -share if (sign == "DBIT" if sign else cents < 0) else share
        return cents if count == 1 else None

    def _told(self, entry: Element, detail: Element, sequence: str, reference: str, cents: int) -> Told:
        other = "Dbtr" if cents >= 0 else "Cdtr"
        structured = ""
        for told in self._all(detail, "RmtInf/c:Strd/c:CdtrRefInf/c:Ref"):
            digits = "".join(re.findall(r"[0-9]", told.text or ""))
            structured = digits if is_valid(digits) else structured
        free = [part.text or "" for part in self._all(detail, "RmtInf/c:Ustrd")]
        free += [part.text or "" for part in self._all(detail, "RmtInf/c:Strd/c:CdtrRefInf/c:Ref")]
        free += [self._one(entry, "AddtlNtryInf")] if detail is entry else []
        returned = detail.find("c:RtrInf", self.names) is not None
        reversal = self._one(entry, "RvslInd") in ("true", "1") or (returned and cents < 0)
        return Told(
            sequence=sequence,
            reference=reference[:60],
            booked_on=self._day(entry, "BookgDt"),
            cents=cents,
            structured=structured,
            communication="" if structured else _text(" ".join(free)),
            reversal=reversal,
            reverses=self._one(detail, "Refs/EndToEndId")[:60] if reversal else "",
            payer=_text(
                self._one(detail, f"RltdPties/{other}/Nm") or self._one(detail, f"RltdPties/{other}/Pty/Nm"),
                40,
            ),
            payer_account=_compact(self._one(detail, f"RltdPties/{other}Acct/Id/IBAN"))[:34],
        )

    def _signed(self, element: Element, path: str, currency: str) -> int:
        amount = element.find(f"c:{path}", self.names)
        assert amount is not None
        if amount.get("Ccy") != currency:
            raise _Wrong("a statement tells amounts in two currencies.")
        cents = _cents(Decimal((amount.text or "").strip()))
        sign = self._one(element, "CdtDbtInd")
        if sign not in ("CRDT", "DBIT") or cents < 0:
            raise _Wrong("an amount says neither CRDT nor DBIT, or has a sign of its own.")
        return cents if sign == "CRDT" else -cents

    def _status(self, entry: Element) -> str:
        status = self._one(entry, "Sts/Cd") or self._one(entry, "Sts")
        if status not in ("BOOK", "PDNG", "INFO"):
            raise _Wrong(f"an entry has the status {status!r}, which a statement does not know.")
        return status

    def _day(self, element: Element, path: str) -> date:
        return date.fromisoformat(
            (self._one(element, f"{path}/Dt") or self._one(element, f"{path}/DtTm"))[:10]
        )

    def _one(self, element: Element, path: str) -> str:
        return (element.findtext("c:" + path.replace("/", "/c:"), "", self.names) or "").strip()

    def _all(self, element: Element, path: str) -> list[Element]:
        return element.findall(f"c:{path}", self.names)


# What both have in common.


def _add_up(opening: int, moved: int, closing: int, number: str) -> None:
    if opening + moved != closing:
        raise _Wrong(
            f"statement {number} begins with {opening / 100:.2f}, moves {moved / 100:.2f} and ends with "
            f"{closing / 100:.2f}: it does not add up."
        )


def _cents(amount: Decimal) -> int:
    cents = amount * 100
    try:
        whole = cents == cents.to_integral_value()
    except InvalidOperation:
        whole = False
    if not whole or abs(cents) >= 10**15:
        raise _Wrong(f"the amount {amount} is not of whole cents.")
    return int(cents)


def _compact(account: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", account).upper()


def _text(told: str, longest: int = 300) -> str:
    """One line without signs that a terminal or a letter could not show."""
    plain = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in told)
    return " ".join(plain.split())[:longest]


def _shown(name: str) -> str:
    return _text(name, 200) or "the file"
