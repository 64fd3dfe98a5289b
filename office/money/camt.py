"""Reads ISO 20022 camt.053: XML, in the namespace that its version says.

Not coded: camt.052 and camt.054 (movements of the day are not yet a statement).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from models.clock import civil_day
from models.statements import Statement, Told
from office.money.statements import (
    Read,
    Wrong,
    add_up,
    compact,
    gathered,
    plain,
    reference_of,
    whole_cents,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

STANDARD = re.compile(r"\{(?:urn:iso:std:iso:20022:tech:xsd:)?([a-z]{4}\.[0-9]{3})(\.[0-9]{3}\.[0-9]{2})\}.*")
READ = re.compile(r"\{(urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(?:0[2-9]|1[0-9]))\}Document")

TAKEN_BACK = frozenset(["ARET", "AREV", "PRDD", "RCDD", "RPCR", "RRTN", "UPCQ", "UPCT", "UPDD", "XPCQ"])
"""Sub-families of the standard's bank transaction codes that return, reverse or leave unpaid."""

_OTHERS = {
    "camt.052": "statement.is-camt-052",
    "camt.054": "statement.is-camt-054",
    "pain.001": "statement.is-pain",
    "pain.002": "statement.is-pain",
    "pain.008": "statement.is-pain",
}


def read_camt(content: bytes, ours: Collection[str] = ()) -> Read:
    """The statements of a file, of `ours` where these are given. Raises: Wrong."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise Wrong("statement.document-type") from None
    except (ParseError, ValueError, LookupError) as error:
        raise Wrong("statement.no-whole-xml", why=plain(str(error))) from None
    known = READ.fullmatch(root.tag)
    if known is None:
        standard = STANDARD.fullmatch(root.tag)
        raise Wrong(_OTHERS.get(standard[1], "statement.no-camt") if standard else "statement.no-camt")
    reader = _Camt(known[1])
    try:
        told = root.findall("c:BkToCstmrStmt/c:Stmt", reader.names)
        if not told:
            raise Wrong("statement.empty")
        accounts = [reader.account(statement) for statement in told]
        found = [
            reader.statement(statement, account)
            for statement, account in zip(told, accounts, strict=True)
            if not ours or account in ours
        ]
    except (ValueError, ArithmeticError, RecursionError):
        raise Wrong("statement.part-unreadable") from None
    left_out = dict.fromkeys(account for account in accounts if ours and account not in ours)
    return Read(tuple(found), tuple(left_out))


class _Camt:
    def __init__(self, namespace: str) -> None:
        self.names = {"c": namespace}

    def account(self, told: Element) -> str:
        account = compact(self._one(told, "Acct/Id/IBAN") or self._one(told, "Acct/Id/Othr/Id"))[:34]
        if not account:
            raise Wrong("statement.no-account")
        return account

    def statement(self, told: Element, account: str) -> Statement:
        opening = self._balance(told, "OPBD", "PRCD")
        closing = self._balance(told, "CLBD")
        currency = opening[1]
        told_of = self._all(told, "Ntry")
        entries = [entry for entry in told_of if self._status(entry) == "BOOK"]
        amounts = [self._signed(entry, currency, "Ntry") for entry in entries]
        number = self._one(told, "ElctrncSeqNb") or self._one(told, "LglSeqNb") or self._one(told, "Id")
        if not number:
            raise Wrong("statement.no-account")
        add_up(opening[0], sum(amounts), closing[0], plain(number, 50))
        if closing[1] != currency:
            raise Wrong("statement.two-currencies")
        if len(entries) == len(told_of):  # some banks count in what is not booked yet
            self._check_totals(told, amounts)
        movements: list[Told] = []
        for place, (entry, cents) in enumerate(zip(entries, amounts, strict=True), start=1):
            movements += self._movements(entry, cents, place, currency)
        serial = f"{int(number):03d}" if re.fullmatch("[0-9]{1,18}", number) else plain(number, 50)
        return Statement(
            account=account,
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
                currency = "" if amount is None else amount.get("Ccy", "")
                if not re.fullmatch("[A-Z]{3}", currency):
                    raise Wrong("statement.part-missing", part="Bal/Amt Ccy")
                return self._signed(balance, currency, "Bal"), currency, self._day(balance, "Dt")
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
        """The transactions of an entry, where they add up to it; else the entry, which is what moved.

        One transaction is the entry, whatever it was before charges or in another currency.
        """
        sequence = self._one(entry, "NtryRef") or str(place)
        sequence = str(int(sequence)) if re.fullmatch("[0-9]{1,18}", sequence) else plain(sequence, 30)
        reference = reference_of(self._one(entry, "AcctSvcrRef"))
        details = self._all(entry, "NtryDtls/c:TxDtls")
        if len(details) == 1:
            own = reference or reference_of(self._one(details[0], "Refs/AcctSvcrRef"))
            yield self._told(entry, details[0], place, sequence, own, cents, self._entry_text(entry))
            return
        shares = self._shares(details, cents, currency)
        if not shares:
            yield self._told(entry, entry, place, sequence, reference, cents, self._entry_text(entry))
            return
        for part, (detail, share) in enumerate(zip(details, shares, strict=True), start=1):
            own = reference or reference_of(self._one(detail, "Refs/AcctSvcrRef"))
            yield self._told(entry, detail, place, f"{sequence}/{part:04d}", own, share, [])

    def _shares(self, details: list[Element], cents: int, currency: str) -> list[int]:
        """What each transaction is of an entry, told before or after charges; nothing when nobody can say."""
        for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
            for charged in (False, True):
                shares = [self._share(detail, path, cents, currency, charged) for detail in details]
                sure = [share for share in shares if share is not None]
                if sure and len(sure) == len(details) and sum(sure) == cents:
                    return sure
        return []

    def _share(self, detail: Element, path: str, cents: int, currency: str, charged: bool) -> int | None:
        amount = self._amount(detail, path, currency)
        if amount is None:
            return None
        if charged:
            found = [self._amount(one, "Amt", currency) for one in self._all(detail, "Chrgs/c:Rcrd")]
            amount -= (
                sum(one or 0 for one in found)
                or self._amount(detail, "Chrgs/TtlChrgsAndTaxAmt", currency)
                or 0
            )
        sign = self._one(detail, "CdtDbtInd")
        return -amount if (sign == "DBIT" if sign else cents < 0) else amount

    def _amount(self, element: Element, path: str, currency: str) -> int | None:
        amount = element.find("c:" + path.replace("/", "/c:"), self.names)
        if amount is None or amount.get("Ccy") != currency:
            return None
        return whole_cents(Decimal((amount.text or "").strip()))

    def _told(
        self,
        entry: Element,
        detail: Element,
        place: int,
        sequence: str,
        reference: str,
        cents: int,
        texts: list[str],
    ) -> Told:
        side = "Dbtr" if cents >= 0 else "Cdtr"
        structured, communication = gathered(
            self._texts(detail, "RmtInf/c:Strd/c:CdtrRefInf/c:Ref"),
            (
                " ".join(self._texts(detail, "RmtInf/c:Ustrd")),
                *self._texts(detail, "RmtInf/c:Strd/c:AddtlRmtInf"),
                *self._texts(detail, "RmtInf/c:Strd/c:RfrdDocInf/c:Nb"),
                *self._texts(detail, "AddtlTxInf"),
                *texts,
            ),
        )
        reversal = self._is_taken_back(entry, detail)
        names = (f"{side}/Nm", f"{side}/Pty/Nm", f"Ultmt{side}/Nm", f"Ultmt{side}/Pty/Nm")
        accounts = (f"{side}Acct/Id/IBAN", f"{side}Acct/Id/Othr/Id")
        return Told(
            entry=place,
            sequence=sequence,
            reference=reference,
            booked_on=self._booked_on(entry),
            cents=cents,
            structured=structured,
            communication=communication,
            reversal=reversal,
            reverses=reference_of(self._one(detail, "Refs/EndToEndId")) if reversal else "",
            payer=plain(next(filter(None, (self._one(detail, f"RltdPties/{one}") for one in names)), ""), 40),
            payer_account=compact(
                next(filter(None, (self._one(detail, f"RltdPties/{one}") for one in accounts)), "")
            )[:34],
        )

    def _is_taken_back(self, entry: Element, detail: Element) -> bool:
        if self._one(entry, "RvslInd") in ("true", "1") or detail.find("c:RtrInf", self.names) is not None:
            return True
        codes = {self._one(one, "BkTxCd/Domn/Fmly/SubFmlyCd") for one in (entry, detail)}
        return bool(codes & TAKEN_BACK)

    def _booked_on(self, entry: Element) -> date:
        """The day in the books of the bank; the schema lets it be left out, and then the value date tells."""
        for path in ("BookgDt", "ValDt"):
            if entry.find(f"c:{path}", self.names) is not None:
                return self._day(entry, path)
        raise Wrong("statement.part-missing", part="Ntry/BookgDt")

    def _signed(self, element: Element, currency: str, part: str) -> int:
        amount = element.find("c:Amt", self.names)
        if amount is None:
            raise Wrong("statement.part-missing", part=f"{part}/Amt")
        if amount.get("Ccy") != currency:
            raise Wrong("statement.two-currencies")
        cents = whole_cents(Decimal((amount.text or "").strip()))
        sign = self._one(element, "CdtDbtInd")
        if not sign:
            raise Wrong("statement.part-missing", part=f"{part}/CdtDbtInd")
        if sign not in ("CRDT", "DBIT") or cents < 0:
            raise Wrong("statement.no-sign")
        return cents if sign == "CRDT" else -cents

    def _status(self, entry: Element) -> str:
        """Whether an entry is booked. One that does not say must add up with the others."""
        status = self._one(entry, "Sts/Cd") or self._one(entry, "Sts") or "BOOK"
        if status not in ("BOOK", "PDNG", "INFO", "FUTR"):
            raise Wrong("statement.no-such-status", status=plain(status, 40))
        return status

    def _day(self, element: Element, path: str) -> date:
        """A civil day, also of an instant that is told in another zone."""
        day, instant = self._one(element, f"{path}/Dt"), self._one(element, f"{path}/DtTm")
        try:
            if day:
                return date.fromisoformat(day[:10])
            told = datetime.fromisoformat(instant)
            return civil_day(told) if told.tzinfo else told.date()
        except (ValueError, OverflowError):
            raise Wrong("statement.no-day", part=path, told=plain(day or instant, 40)) from None

    def _entry_text(self, entry: Element) -> list[str]:
        return self._texts(entry, "AddtlNtryInf")

    def _texts(self, element: Element, path: str) -> list[str]:
        return [one.text or "" for one in self._all(element, path)]

    def _one(self, element: Element, path: str) -> str:
        return (element.findtext("c:" + path.replace("/", "/c:"), "", self.names) or "").strip()

    def _all(self, element: Element, path: str) -> list[Element]:
        return element.findall(f"c:{path}", self.names)
