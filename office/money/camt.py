"""Reads ISO 20022 camt.053: XML, in the namespace that its version says.

Not coded: camt.052 and camt.054 (movements of the day are not yet a statement).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from models.payments import is_valid
from office.money.statements import Statement, Told, Wrong, add_up, compact, plain, whole_cents

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CAMT = re.compile(r"\{(urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(?:0[2-9]|1[0-9]))\}Document")


def read_camt(content: bytes) -> Iterator[Statement]:
    """The statements of a file. Raises: Wrong."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Wrong("statement.document-type") from None
    except (ParseError, ValueError, LookupError) as error:
        raise Wrong("statement.no-whole-xml", why=str(error)) from None
    known = CAMT.fullmatch(root.tag)
    if known is None:
        raise Wrong("statement.no-camt")
    reader = _Camt(known[1])
    try:
        told = root.findall("c:BkToCstmrStmt/c:Stmt", reader.names)
        if not told:
            raise Wrong("statement.empty")
        for statement in told:
            yield reader.statement(statement)
    except (AttributeError, ValueError, ArithmeticError, RecursionError):
        raise Wrong("statement.part-missing") from None


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
        add_up(opening[0], sum(amounts), closing[0], number)
        self._check_totals(told, amounts)
        movements: list[Told] = []
        for place, (entry, cents) in enumerate(zip(entries, amounts, strict=True), start=1):
            movements += self._movements(entry, cents, place, currency)
        account = self._one(told, "Acct/Id/IBAN") or self._one(told, "Acct/Id/Othr/Id")
        if not account or not number:
            raise Wrong("statement.no-account")
        serial = f"{int(number):03d}" if number.isdecimal() else number[:50]
        return Statement(
            account=compact(account)[:34],
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
        raise Wrong("statement.no-such-balance", codes=codes)

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
                total and whole_cents(Decimal(total)) != sum(map(abs, alike))
            ):
                raise Wrong("statement.not-its-summary", part=part)

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
                share = whole_cents(Decimal((amount.text or "").strip()))
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
            communication="" if structured else plain(" ".join(free)),
            reversal=reversal,
            reverses=self._one(detail, "Refs/EndToEndId")[:60] if reversal else "",
            payer=plain(
                self._one(detail, f"RltdPties/{other}/Nm") or self._one(detail, f"RltdPties/{other}/Pty/Nm"),
                40,
            ),
            payer_account=compact(self._one(detail, f"RltdPties/{other}Acct/Id/IBAN"))[:34],
        )

    def _signed(self, element: Element, path: str, currency: str) -> int:
        amount = element.find(f"c:{path}", self.names)
        assert amount is not None
        if amount.get("Ccy") != currency:
            raise Wrong("statement.two-currencies")
        cents = whole_cents(Decimal((amount.text or "").strip()))
        sign = self._one(element, "CdtDbtInd")
        if sign not in ("CRDT", "DBIT") or cents < 0:
            raise Wrong("statement.no-sign")
        return cents if sign == "CRDT" else -cents

    def _status(self, entry: Element) -> str:
        status = self._one(entry, "Sts/Cd") or self._one(entry, "Sts")
        if status not in ("BOOK", "PDNG", "INFO"):
            raise Wrong("statement.no-such-status", status=status)
        return status

    def _day(self, element: Element, path: str) -> date:
        return date.fromisoformat(
            (self._one(element, f"{path}/Dt") or self._one(element, f"{path}/DtTm"))[:10]
        )

    def _one(self, element: Element, path: str) -> str:
        return (element.findtext("c:" + path.replace("/", "/c:"), "", self.names) or "").strip()

    def _all(self, element: Element, path: str) -> list[Element]:
        return element.findall(f"c:{path}", self.names)
