"""The accounts office: takes statements in, has them booked, and decides what waits."""

from __future__ import annotations

from activities.payments import Payments
from models.entry import ToBook
from models.statements import StatementFile
from office.money.reading import understood
from register import accounts as told
from register.movement_decisions import decide
from register.reading import questions
from register.statements import Taken, take_in
from samples.statements.make import Payment, coda
from tests.register.cases import ON, Cases

FIRST, SECOND = "CUP-2026-001", "CUP-2026-002"


class Accounts:
    """The accounts office: takes statements in, and has them booked."""

    def __init__(self, url: str, dossiers: Cases) -> None:
        self.url = url
        self.dossiers = dossiers
        self.books = Payments(url, dossiers.send)
        self._number, self._balance = 0, 1_000_000

    def reads(self, *movements: Payment, content: bytes = b"") -> StatementFile:
        self._number += 1
        file = understood(content or coda(movements, ON, self._number, self._balance), "s.cod")
        self._balance = file.statements[-1].closing
        self.takes_in(file)
        return file

    def takes_in(self, file: StatementFile) -> Taken:
        return take_in(self.url, file, "Ann", ON)

    async def carries(self, file: StatementFile) -> list[str]:
        return await self.books.book(ToBook(movements=tuple(told.to_judge(self.url, file.sha256))))

    async def imports(self, *movements: Payment, content: bytes = b"") -> list[dict]:
        file = self.reads(*movements, content=content)
        assert await self.carries(file) == []
        return [told.one(self.url, name) for name in self.of(file)]

    def of(self, file: StatementFile) -> list[str]:
        """The movements that a file told first."""
        with questions(self.url) as ask:
            return [
                row[0] for row in ask("SELECT id FROM movement WHERE file = ? ORDER BY place", [file.sha256])
            ]

    async def decides(self, movement: str, decision: str, *wanted: tuple, **said: str) -> dict:
        decide(self.url, movement, decision, "Bob", ON, wanted, **said)
        assert await self.books.book(ToBook(movements=(movement,))) == []
        return told.one(self.url, movement)

    def reconciles(self) -> told.Report:
        report = told.report(self.url, 2026)
        assert report.differences == ()
        assert report.paid == sum(invoice.paid_cents for invoice in self.dossiers.invoices.values())
        return report
