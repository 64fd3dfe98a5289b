"""Invoices per second: numbered in the register, and made as PDF with payment QR code and UBL."""

from __future__ import annotations

import itertools
from dataclasses import replace

from activities.documents import Documents
from activities.invoice_pages import Creditor
from activities.register import RegisterEntries
from benchmarks import samples
from benchmarks.databases import DATABASES
from benchmarks.desk import CONTACT
from benchmarks.figures import Figure, Tell, median
from benchmarks.ground import data_folder
from benchmarks.letters import OFFICES, ROUNDS, rate
from models.dossier import Invoice
from models.entry import Demand, Letter, LetterBatch, LetterKind
from models.parties import Party
from procedures.be_umn.words import Role
from register.documents import DocumentStore
from register.parties import keep

CREDITOR = Creditor(
    "Agency", "Voorbeeldlaan 40; 1060 Brussel", "0999.999.922", "BE71 0961 2345 6769", ubl=True
)
PAYER = CONTACT.model_copy(update={"enterprise_number": "0999.999.823"})
FACTS = {"kind": "application", "source": "a list of the agency"}


def measure(tell: Tell) -> list[Figure]:
    """Rates on SQLite and PostgreSQL, one after the other and by four threads at once."""
    figures = []
    for database, opened in DATABASES.items():
        with opened() as url:
            for threads in (1, 4):
                how = f"{database}, {threads} at once"
                tell(how)
                figures.append(_issued(url, how, threads))
                figures += [_made(url, how, threads, replace(CREDITOR, ubl=asked)) for asked in (False, True)]
    return figures


def _issued(url: str, how: str, threads: int) -> Figure:
    register, party, serial = RegisterEntries(url), keep(url, PAYER), itertools.count(1)
    demand = Demand(cents=1_928_461, addressee=party, issued_on=samples.DAY, due_on=samples.DAY)

    def issue() -> None:
        number = f"issued-{threads}-{next(serial)}"
        register.enter(samples.entry(number, 1, party).model_copy(update={"demand": demand}))

    issue()
    return median("invoices", f"numbered, {how}", [rate(issue, threads) for _ in range(ROUNDS)], "per second")


def _made(url: str, how: str, threads: int, creditor: Creditor) -> Figure:
    with data_folder() as settings:
        store = DocumentStore(settings.documents)
        documents = Documents(url, store, creditor.name, settings.mail_from, OFFICES, creditor=creditor)
        party, serial, ubl = keep(url, PAYER), itertools.count(1), "and UBL" if creditor.ubl else "no UBL"

        def make() -> None:
            samples.made(documents, url, _letter(f"invoices-{threads}-{creditor.ubl}", next(serial), party))

        make()  # reads the templates and fonts
        rates = [rate(make, threads) for _ in range(ROUNDS)]
    return median("invoices", f"made as PDF with QR code, {ubl}, {how}", rates, "per second")


def _letter(series: str, serial: int, payer: Party) -> LetterBatch:
    invoice = Invoice(
        invoice=f"2026-{serial:05d}",
        cents=1_928_461,
        communication="+++123/1234/12328+++",
        issued_on=samples.DAY,
        due_on=samples.DAY,
    )
    letter = Letter(kind=LetterKind.INVOICE, role=Role.INVOICE_ADDRESSEE, facts=FACTS)
    changed = {"invoice": invoice, "letters": (letter,)}
    return samples.letters(f"{series}-{serial}", 1, payer).model_copy(update=changed)
