"""Letters made, delivered and around the typesetter, entries per second, and a thousand that leave at once.

All but the thousand without any Temporal server: those leave as they do in an office, by the postman.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from activities.documents import Documents
from activities.drafting import docx
from activities.invoice_pages import Debtor
from activities.letter_pages import LetterPages, Recipient
from activities.letters import Letters
from activities.notifications import Notifications
from activities.register import RegisterEntries
from benchmarks import samples
from benchmarks.databases import DATABASES
from benchmarks.desk import CONTACT
from benchmarks.figures import Figure, Tell, median
from benchmarks.ground import THREADS, client_of, data_folder, real_server
from benchmarks.mail_sink import mail_server
from models.outbox import Lane
from models.parties import Language, Party
from models.register import NoticeRow
from office.letters.postman import wake
from office.settings import Settings
from procedures.be_umn.words import Role
from register import outbox
from register.database import transaction
from register.documents import DocumentStore
from register.parties import keep
from register.reading import questions
from worker import postman_of

SECONDS, ROUNDS = 1.0, 3
ALONE, AT_ONCE = 100, 1_000
"""Letters that one hand carries in a row, and that leave at once."""

PATIENCE = 300.0
"""Seconds; of letters that have not all left by then the figure says how many."""
OFFICES = {role: f"{role.value.replace('_', '-')}@agency.invalid" for role in Role.words()}


def measure(tell: Tell) -> list[Figure]:
    """Rates on SQLite and PostgreSQL, one after the other and by four threads at once."""
    tell("pages alone")
    figures = _pages()
    tell(f"{ALONE} letters, one by one")
    figures += _around()
    tell(f"{AT_ONCE:,} letters at once")
    figures.append(_leave_at_once())
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


def _tell_letters(url: str, numbers: Iterator[str], letters: int) -> list[Lane]:
    """So many cases tell their applicant a letter. Returns: their lanes."""
    party = keep(url, CONTACT)
    lanes = [Lane(number=next(numbers), role=Role.APPLICANT) for _ in range(letters)]
    for lane in lanes:
        with transaction(url) as session:
            outbox.put(session, samples.letters(lane.number, 1, party))
    return lanes


def _around() -> list[Figure]:
    """What one hand takes for a letter from outbox to mail server: all of it, and without the typesetter."""
    with data_folder() as settings, mail_server() as server:
        url, store = settings.register_url, DocumentStore(settings.documents)
        documents = Documents(url, store, "Agency", settings.mail_from, OFFICES)
        sent_by = Notifications(url, store, settings.outbox, server, settings.mail_from)
        letters = Letters(url, documents, sent_by, lambda _number, _note: True)
        numbers, typeset, set_by = (
            (f"around-{n}" for n in itertools.count(1)),
            [0.0, 0.0],
            documents.pages.pdf,
        )

        def timed(*arguments: Any, **named: Any) -> bytes:
            began, spent = time.perf_counter(), time.thread_time()
            try:
                return set_by(*arguments, **named)
            finally:
                typeset[0] += time.perf_counter() - began
                typeset[1] += time.thread_time() - spent

        documents.pages.pdf = timed  # type: ignore[method-assign]
        for lane in _tell_letters(url, numbers, 3):  # reads the templates and fonts
            letters.carry([lane])
        whole, ours, processor = [], [], []
        for _ in range(ROUNDS):
            lanes, typeset[:] = _tell_letters(url, numbers, ALONE), [0.0, 0.0]
            began, spent = time.perf_counter(), time.thread_time()
            for lane in lanes:
                letters.carry([lane])
            took, spent = time.perf_counter() - began, time.thread_time() - spent
            whole.append(took / ALONE * 1000)
            ours.append((took - typeset[0]) / ALONE * 1000)
            processor.append((spent - typeset[1]) / ALONE * 1000)
        assert _left(settings) == 3 + ROUNDS * ALONE
    return [
        median("letters", "one letter, from outbox to mail server, SQLite", whole, "ms"),
        median("letters", "of that ours around the typesetter", ours, "ms"),
        median("letters", "of that ours around the typesetter, of the processor", processor, "ms", "5"),
    ]


def _leave_at_once() -> Figure:
    """Letters of as many cases, from the wake of the postman until the last one has left."""
    with data_folder() as settings, mail_server() as server, real_server(settings) as address:
        posted = Settings(var=settings.var, smtp_host=server.host, smtp_port=server.port)
        _tell_letters(settings.register_url, (f"at-once-{n}" for n in itertools.count(1)), AT_ONCE)
        left, seconds = asyncio.run(_carried(address, posted))
    what = f"{left:,} letters leave, by the postman, SQLite"
    return Figure("letters", what, seconds, "s", "30")


async def _carried(address: str, settings: Settings) -> tuple[int, float]:
    """Has the postman carry. Returns: how many letters left, and in how many seconds."""
    client = await client_of(address)
    with ThreadPoolExecutor(THREADS) as threads:
        async with postman_of(client, settings, threads):
            began = time.perf_counter()
            await wake(client, settings)
            while (left := _left(settings)) < AT_ONCE and time.perf_counter() - began < PATIENCE:
                await asyncio.sleep(0.25)
            return left, time.perf_counter() - began


def _left(settings: Settings) -> int:
    with questions(settings.register_url) as ask:
        return int(ask("SELECT count(*) FROM notice WHERE state = 'sent'")[0][0])


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
