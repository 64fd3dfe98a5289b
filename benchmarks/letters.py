"""Letters made, letters delivered and entries written per second, without any Temporal server."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from activities.documents import Documents
from activities.drafting import docx
from activities.invoice_pages import Debtor
from activities.letter_pages import LetterPages, Recipient
from activities.notifications import Notifications
from activities.register import RegisterEntries
from benchmarks import samples
from benchmarks.databases import DATABASES
from benchmarks.desk import CONTACT
from benchmarks.figures import Figure, Tell, median
from benchmarks.ground import data_folder
from models.parties import Language, Party
from models.register import NoticeRow
from procedures.be_umn.words import Role
from register.documents import DocumentStore
from register.parties import keep

SECONDS, ROUNDS = 1.0, 3
OFFICES = {role: f"{role.value.replace('_', '-')}@agency.invalid" for role in Role.words()}


def measure(tell: Tell) -> list[Figure]:
    """Rates on SQLite and PostgreSQL, one after the other and by four threads at once."""
    tell("pages alone")
    figures = _pages()
    for database, opened in DATABASES.items():
        with opened() as url:
            for threads in (1, 4):
                how = f"{database}, {threads} at once"
                tell(how)
                figures += _letters(url, how, threads)
                figures.append(_entries(url, how, threads))
    return figures


def _pages() -> list[Figure]:
    """Forms of one decision by a single core: per second of processor, so that others do not count."""
    pages = LetterPages("Agency", "desk@agency.invalid")
    party = Party(id="", name="Exemplar Pharma")
    batch = samples.letters("letters-pages", 1, party)
    letter, to = batch.letters[0], Recipient(("Exemplar Pharma",), Language.NL, "desk@exemplar.example")

    def whole() -> None:
        laid_out = pages.layout(batch, letter, to, Debtor(party.name))
        pages.pdf(laid_out, batch.on)
        pages.html(laid_out)

    laid_out = pages.layout(batch, letter, to, Debtor(party.name), draft=True)
    forms: list[tuple[str, Callable[[], object], str]] = [
        ("PDF and HTML", whole, "40"),
        ("draft (Word)", lambda: docx(laid_out), ""),
    ]
    figures = []
    for form, once, aim in forms:
        once()
        rates = []
        for _ in range(ROUNDS):
            began, times = time.process_time(), 0
            while (spent := time.process_time() - began) < SECONDS:
                once()
                times += 1
            rates.append(times / spent)
        figures.append(median("letters", f"{form}, one core", rates, "per second", aim))
    return figures


def _letters(url: str, how: str, threads: int) -> list[Figure]:
    with data_folder() as settings:
        store = DocumentStore(settings.documents)
        documents = Documents(url, store, "Agency", settings.mail_from, OFFICES)
        notifications = Notifications(url, store, settings.outbox, None, settings.mail_from)
        party, serial = keep(url, CONTACT), itertools.count(1)
        made: list[NoticeRow] = []

        def make() -> None:
            number = f"letters-{threads}-{next(serial)}"
            made.extend(samples.made(documents, url, samples.letters(number, 1, party)))

        def deliver() -> None:
            if made:
                notifications.send(made.pop(), lambda: datetime.now(UTC))

        make()  # reads the templates and fonts
        makes = [rate(make, threads) for _ in range(ROUNDS)]
        sent = []
        for _ in range(ROUNDS):
            waiting, began = len(made), time.perf_counter()
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(lambda _: deliver(), range(waiting // 4 or waiting)))
            sent.append((waiting - len(made)) / (time.perf_counter() - began))
    return [
        median("letters", f"made as PDF, {how}", makes, "per second"),
        median("letters", f"put into the outbox, {how}", sent, "per second"),
    ]


def _entries(url: str, how: str, threads: int) -> Figure:
    entries, party, serial = RegisterEntries(url), keep(url, CONTACT), itertools.count(1)

    def enter() -> None:
        entries.enter(samples.entry(f"entries-{threads}-{next(serial)}", 1, party))

    enter()
    return median("letters", f"entries, {how}", [rate(enter, threads) for _ in range(ROUNDS)], "per second")


def rate(once: Callable[[], None], threads: int) -> float:
    """How often per second, by so many threads together."""
    until = time.perf_counter() + SECONDS

    def repeat(_: int) -> int:
        times = 0
        while time.perf_counter() < until:
            once()
            times += 1
        return times

    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        times = sum(pool.map(repeat, range(threads)))
    return times / (time.perf_counter() - began)
