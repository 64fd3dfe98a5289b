"""What a head of unit asks of the register: who has how much to do, how long decisions take, what comes.

All of it is reckoned from entries, clocks and invoices; nothing is kept for it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import quantiles
from typing import Any

from models.due import LAPSES
from register.clocks import RunningClock, counts_to, open_clocks
from register.reading import Questions, as_day, questions, texts

DECIDED = ("Decided", "TacitDecision", "Established", "DeclaredInadmissible", "Withdrawn", "Concluded")
"""Acts by which the examination of a dossier ends; what is established may also be an opinion."""

SUFFERED = ("TacitDecision", "TacitOpinion", "Established", "Forfeited", "LimitPassed")
"""Entries of what silence brought about."""

COMES = {"PaymentReceived": 1, "InvoicePaid": 1, "PaymentReversed": -1, "SurplusRefunded": -1}
"""Entries of money, and which way it went."""

AGES = (30, 90, 180, 365)
"""Calendar days that divide open dossiers by their age."""

MONTHS = 12
"""Months that the forecast looks ahead."""


@dataclass(frozen=True, slots=True)
class Load:
    """What lies with a desk: how much falls due within thirty days, is overdue, or stands still."""

    desk: str
    soon: int
    overdue: int
    stands_still: int


@dataclass(frozen=True, slots=True)
class Work:
    """What a person entered: how many acts, in how many cases."""

    person: str
    acts: int
    cases: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How many calendar days it took: half no more than `median`, and half between `lower` and `upper`."""

    procedure: str
    kind: str
    ended: str
    decisions: int
    shortest: int
    lower: int
    median: int
    upper: int
    longest: int


@dataclass(frozen=True, slots=True)
class Age:
    """How many open dossiers are how old: `counts` go up to each of AGES, the last one beyond."""

    procedure: str
    kind: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month: what was invoiced, less credit notes, and came, in cents; or what falls due, by whom."""

    month: str
    invoiced: int = 0
    received: int = 0
    ours: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole. `avoided` counts what silence would have brought about, had nobody acted before its day."""

    since: date
    until: date
    today: date
    desks: tuple[Load, ...]
    people: tuple[Work, ...]
    pace: tuple[Pace, ...]
    ages: tuple[Age, ...]
    suffered: dict[str, int]
    avoided: int
    money: tuple[Month, ...]
    forecast: tuple[Month, ...]


def overview(url: str, since: date, until: date, today: date, ours: str) -> Overview:
    """What was done from a day to a day, and what is open today; `ours` is the office's own desk.

    Raises: NotReachable.
    """
    clocks = [clock for clock in open_clocks(url) if clock.ref not in LAPSES]
    with questions(url) as ask:
        suffered, avoided = _silence(ask, since, until)
        return Overview(
            since=since,
            until=until,
            today=today,
            desks=tuple(_loads(clocks, today)),
            people=tuple(_work(ask, since, until)),
            pace=tuple(_pace(ask, since, until)),
            ages=tuple(_ages(ask, today)),
            suffered=suffered,
            avoided=avoided,
            money=tuple(_money(ask, since, until)),
            forecast=tuple(_forecast(clocks, today, ours)),
        )


def _loads(clocks: list[RunningClock], today: date) -> Iterator[Load]:
    loads: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for clock in clocks:
        if clock.due_on is None:
            loads[clock.desk]["stands_still"] += 1
        elif (days := (counts_to(clock.due_on, clock.late_on, today) - today).days) < 0:
            loads[clock.desk]["overdue"] += 1
        elif days <= AGES[0]:
            loads[clock.desk]["soon"] += 1
    for desk in sorted(loads, key=lambda one: (-loads[one]["overdue"], -loads[one]["soon"], one)):
        yield Load(desk, *(loads[desk][name] for name in ("soon", "overdue", "stands_still")))


def _work(ask: Questions, since: date, until: date) -> Iterator[Work]:
    for person, acts, cases in ask(
        'SELECT "by", COUNT(*), COUNT(DISTINCT number) FROM entry WHERE request_id IS NOT NULL '
        'AND happened_on BETWEEN ? AND ? GROUP BY "by" ORDER BY 2 DESC, 1',
        [since.isoformat(), until.isoformat()],
    ):
        yield Work(person, int(acts), int(cases))


def _pace(ask: Questions, since: date, until: date) -> Iterator[Pace]:
    """By what ended each examination first: what follows a tacit decision ends none.

    What a person establishes ended it on the day from which it exists.
    """
    marks = ", ".join("?" * len(DECIDED))
    first: dict[str, tuple[str, str, str, date | None, date | None]] = {}
    for number, procedure, kind, act, opened_on, ended_on, facts in ask(
        "SELECT e.number, s.procedure, s.kind, e.act, s.opened_on, e.happened_on, e.facts FROM entry e "
        f"JOIN current_state s ON s.number = e.number WHERE e.act IN ({marks}) "
        "AND s.opened_on <= e.happened_on ORDER BY e.number, e.sequence",
        DECIDED,
    ):
        if act == "Established":
            if not (since_on := as_day(_told(facts).get("effective_on"))):
                continue
            ended_on = since_on
        first.setdefault(number, (procedure, kind, act, as_day(opened_on), as_day(ended_on)))
    took: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for procedure, kind, act, opened, ended in first.values():
        if opened and ended and since <= ended <= until:
            took[procedure, kind, act].append((ended - opened).days)
    for which in sorted(took):
        days = sorted(took[which])
        lower, median, upper = quantiles(days, n=4, method="inclusive") if len(days) > 1 else days * 3
        yield Pace(*which, len(days), days[0], round(lower), round(median), round(upper), days[-1])


def _ages(ask: Questions, today: date) -> Iterator[Age]:
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (len(AGES) + 1))
    for procedure, kind, opened_on in ask(
        "SELECT procedure, kind, opened_on FROM current_state WHERE NOT ended AND kind <> 'programme'"
    ):
        if opened := as_day(opened_on):
            found[procedure, kind][sum((today - opened).days > age for age in AGES)] += 1
    for which in sorted(found):
        yield Age(*which, tuple(found[which]))


def _silence(ask: Questions, since: date, until: date) -> tuple[dict[str, int], int]:
    """What silence brought about, by act; and how often an act came before its day."""
    days = [since.isoformat(), until.isoformat()]
    rows = ask(
        "SELECT number, act, request_id, happened_on, clocks FROM entry WHERE number IN "
        "(SELECT number FROM entry WHERE happened_on BETWEEN ? AND ?) ORDER BY number, sequence",
        days,
    )
    suffered: Counter[str] = Counter()
    avoided = 0
    for before, after in pairwise([("", "", None, since, "[]"), *rows]):
        number, act, request_id, happened_on, clocks = after
        if not since <= (on := as_day(happened_on) or since) <= until:
            continue
        suffered[act] += act in SUFFERED
        if before[0] == number and request_id:
            left = {clock["ref"] for clock in texts(clocks)}
            avoided += sum(
                clock["ref"] not in left and bool(effect := as_day(clock.get("effect_on"))) and on < effect
                for clock in texts(before[4])
                if clock.get("silence")
            )
    return {act: n for act, n in suffered.items() if n}, avoided


def _money(ask: Questions, since: date, until: date) -> Iterator[Month]:
    days = [since.isoformat(), until.isoformat()]
    invoiced: Counter[str] = Counter()
    received: Counter[str] = Counter()
    for issued_on, cents in ask(
        "SELECT issued_on, cents FROM invoice WHERE issued_on BETWEEN ? AND ? "
        "UNION ALL SELECT issued_on, -cents FROM credit_note WHERE issued_on BETWEEN ? AND ?",
        days * 2,
    ):
        invoiced[f"{issued_on}"[:7]] += int(cents)
    marks = ", ".join("?" * len(COMES))
    for act, happened_on, facts in ask(
        f"SELECT act, happened_on, facts FROM entry WHERE act IN ({marks}) AND happened_on BETWEEN ? AND ?",
        [*COMES, *days],
    ):
        received[f"{happened_on}"[:7]] += COMES[act] * int(_told(facts)["cents"])
    for month in sorted({*invoiced, *received}):
        yield Month(month, invoiced=invoiced[month], received=received[month])


def _told(facts: Any) -> dict[str, Any]:
    """The facts of an entry, as either database gives them."""
    told: dict[str, Any] = json.loads(facts) if isinstance(facts, str) else facts
    return told


def _forecast(clocks: list[RunningClock], today: date, ours: str) -> Iterator[Month]:
    """What falls due in this month and the next ones, as things stand; what is overdue is no forecast."""
    counts: Counter[tuple[str, bool]] = Counter(
        (f"{clock.due_on}"[:7], clock.desk == ours)
        for clock in clocks
        if clock.due_on and clock.due_on >= today
    )
    for ahead in range(MONTHS):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        name = f"{year}-{month + 1:02d}"
        yield Month(name, ours=counts[name, True], others=counts[name, False])
