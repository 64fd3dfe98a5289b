"""Tells what stands of bank movements, and reconciles a year: plain questions, nothing is written.

Who paid is told to the accounts office only; it never leaves the register for a workflow or a log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.errors import NotFound
from models.messages import Message
from models.payments import Reason, State
from register.balances import COUNTS, Balance, balances, candidates, told_again
from register.reading import questions
from register.telling_apart import can_be


@dataclass(frozen=True, slots=True)
class Waiting:
    """A movement that waits, or an invoice with a surplus.

    `state`: parked waits for a person; read is on its way to a dossier; returned is to be paid back, and
    so is what is overpaid since a credit note (`id` is then the number of the case). `candidates` are the
    movements that one which may have been told before can be: those of its amount.
    """

    id: str
    statement: str
    sequence: str
    booked_on: date
    cents: int
    rest: int
    currency: str
    structured: str
    communication: str
    payer: str
    payer_account: str
    state: str
    reason: str
    note: str
    candidates: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was invoiced in a year and what became of it, beside what moved on the account; in cents.

    `unclear` may have been told before: it counts nowhere until a person has said. `told_again` is how many
    entries of statements told a movement of the year that was known; each counts once.
    """

    year: int
    invoiced: int
    credited: int
    paid: int
    open: int
    in_collection: int
    overpaid: int
    received: int
    taken_back: int
    paid_out: int
    matched: int
    parked: int
    to_refund: int
    refunded: int
    refunds_paid: int
    put_aside: int
    other_currencies: int
    on_their_way: int
    unclear: int
    told_again: int
    balances: tuple[Balance, ...]
    differences: tuple[Message, ...]

    @property
    def reconciled(self) -> bool:
        """Whether every cent was found on both sides, and the balances of the account say so too."""
        return not self.differences


_REST = (
    "m.cents - (SELECT COALESCE(SUM(s.cents), 0) FROM movement_share s WHERE s.movement = m.id AND "
    "s.state <> 'refused') + (SELECT COALESCE(SUM(r.cents), 0) FROM refund r WHERE r.movement = m.id) "
    '- (SELECT COALESCE(SUM(r.cents), 0) FROM refund r WHERE r."of" = m.id)'
)
"""What neither an invoice nor a refund took of a movement."""

_SENDING = "EXISTS (SELECT 1 FROM movement_share s WHERE s.movement = m.id AND s.state = 'sending')"


def waiting(url: str) -> list[Waiting]:
    """What waits, the oldest first: movements, then invoices that received too much. Raises: NotReachable."""
    with questions(url) as ask:
        rows = ask(
            f"SELECT id, statement, sequence, booked_on, cents, {_REST} AS rest, currency, structured, "
            f"communication, payer, payer_account, CASE WHEN {_SENDING} THEN 'read' ELSE state END, reason, "
            f"note FROM movement m WHERE state IN ('parked', 'read') OR {_SENDING} "
            f"OR (state = 'returned' AND {_REST} > 0) ORDER BY booked_on, file, place"
        )
        maybe = can_be(ask)
        known = {
            one["id"]: one for one in candidates(ask, sorted({n for names in maybe.values() for n in names}))
        }
        surpluses = ask(
            "SELECT number, invoice, issued_on, paid_cents, communication, paid_cents + credited_cents "
            "- cents + (SELECT COALESCE(SUM(s.cents), 0) FROM movement_share s WHERE s.invoice = i.invoice "
            "AND s.kind = 'refund' AND s.state = 'sending') FROM invoice i "
            "WHERE paid_cents + credited_cents > cents ORDER BY year, serial"
        )
    found = []
    for row in rows:
        values = list(row)
        values[3], values[4], values[5] = _day(row[3]), int(row[4]), int(row[5])
        found.append(Waiting(*values, candidates=tuple(known[name] for name in maybe.get(row[0], ()))))
    for number, invoice, issued_on, paid, communication, surplus in surpluses:
        if surplus > 0:
            told = (number, "", "", _day(issued_on), paid, int(surplus), "EUR", "", communication, "", "")
            found.append(Waiting(*told, state="overpaid", reason="overpaid", note=f"invoice {invoice}"))
    return found


def to_judge(url: str, file: str) -> list[str]:
    """The movements of a file that have no verdict, or shares without an answer, in their order."""
    with questions(url) as ask:
        rows = ask(
            "SELECT id FROM movement WHERE file = ? AND (state = 'read' OR EXISTS (SELECT 1 FROM "
            "movement_share s WHERE s.movement = id AND s.state = 'sending')) ORDER BY place",
            [file],
        )
    return [str(row[0]) for row in rows]


def counted(url: str, file: str) -> dict[str, int]:
    """How many movements of a file stand where; `on_their_way` have no verdict or no answer yet."""
    with questions(url) as ask:
        rows = ask(
            "SELECT CASE WHEN EXISTS (SELECT 1 FROM movement_share s WHERE s.movement = id AND "
            "s.state = 'sending') THEN 'read' ELSE state END AS stands, COUNT(*) FROM movement "
            "WHERE file = ? GROUP BY stands",
            [file],
        )
    found = {str(state): int(count) for state, count in rows}
    return {
        "matched": found.get("matched", 0),
        "parked": found.get("parked", 0),
        "returned": found.get("returned", 0),
        "on_their_way": found.get("read", 0),
    }


def one(url: str, movement: str) -> dict[str, Any]:
    """Where a movement stands, with its shares and what it gives back. Raises: NotFound."""
    with questions(url) as ask:
        rows = ask(
            f"SELECT state, reason, note, cents, {_REST}, candidates FROM movement m WHERE id = ?", [movement]
        )
        if not rows:
            raise NotFound("money.no-movement", movement=movement, possible=("payments",))
        shares = ask(
            "SELECT part, number, invoice, cents, state FROM movement_share WHERE movement = ? ORDER BY part",
            [movement],
        )
        refunds = ask('SELECT "of", cents FROM refund WHERE movement = ? ORDER BY "of"', [movement])
        maybe = can_be(ask) if rows[0][1] == Reason.PERHAPS_KNOWN else {}
    names = ("part", "number", "invoice", "cents", "state")
    state, reason, note, cents, rest, known = rows[0]
    return {
        "movement": movement,
        "state": state,
        "reason": reason,
        "note": note,
        "cents": cents,
        "rest": 0 if state == State.KNOWN else int(rest),
        "candidates": maybe.get(movement, _list(known)),
        "shares": [dict(zip(names, share, strict=True)) for share in shares],
        "refunds": [{"of": of, "cents": given} for of, given in refunds],
    }


def report(url: str, year: int) -> Report:
    """Reconciles what was invoiced in a year, and what moved on the account in that year, to the cent.

    Each invoice is compared with its credit notes, with the entries of its case, and with the shares of
    movements: three sources that are written apart. What moved is compared with what the statements say of
    the account's balances, day by day. Raises: NotReachable.
    """
    days = [date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat()]
    with questions(url) as ask:
        invoices = ask(
            "SELECT invoice, number, cents, paid_cents, credited_cents, collected_on IS NOT NULL, "
            "(SELECT COALESCE(SUM(c.cents), 0) FROM credit_note c WHERE c.invoice = i.invoice), "
            "(SELECT COALESCE(SUM(s.cents), 0) FROM movement_share s WHERE s.invoice = i.invoice "
            "AND s.state = 'booked') FROM invoice i WHERE year = ? ORDER BY serial",
            [year],
        )
        entries = ask(
            "SELECT number, act, facts FROM entry WHERE act IN ('InvoicePaid', 'PaymentReceived', "
            "'PaymentReversed', 'SurplusRefunded') AND number IN (SELECT number FROM invoice WHERE year = ?)",
            [year],
        )
        movements = ask(
            "SELECT id, cents, currency, state, reversal, COALESCE((SELECT SUM(s.cents) FROM "
            "movement_share s WHERE s.movement = m.id AND s.state <> 'refused'), 0), "
            "(SELECT COUNT(*) FROM movement_share s WHERE s.movement = m.id AND s.state = 'sending'), "
            "(SELECT COALESCE(SUM(r.cents), 0) FROM refund r WHERE r.movement = m.id), "
            f'(SELECT COALESCE(SUM(r.cents), 0) FROM refund r WHERE r."of" = m.id) FROM movement m '
            f"WHERE {COUNTS} AND booked_on BETWEEN ? AND ?",
            days,
        )
        unclear = ask(
            "SELECT id, cents, currency FROM movement WHERE state = 'parked' "
            "AND reason = 'perhaps_known' AND booked_on BETWEEN ? AND ? ORDER BY booked_on, file, place",
            days,
        )
        maybe = can_be(ask)
        again = told_again(ask, *map(date.fromisoformat, days))
        told, gaps = balances(ask, year)
    sums = dict.fromkeys(_SUMS, 0)
    sums["unclear"] = sum(int(cents) for _, cents, currency in unclear if currency == "EUR")
    differences = [*_of_invoices(invoices, *_told_by_entries(entries), sums), *_of_movements(movements, sums)]
    differences += [
        Message(
            "money.unclear" if maybe[id_] else "money.unclear-alone",
            movement=id_,
            cents=int(cents),
            currency=currency,
            candidates=maybe[id_],
        )
        for id_, cents, currency in unclear
    ]
    return Report(
        year=year, **sums, told_again=again, balances=tuple(told), differences=(*differences, *gaps)
    )


_SUMS = [name for name in Report.__slots__ if name not in ("year", "told_again", "balances", "differences")]


_LEAVES = ("PaymentReversed", "SurplusRefunded")


def _told_by_entries(entries: Iterable[tuple[Any, ...]]) -> tuple[dict[str, int], dict[str, int]]:
    """What the entries of each case tell: booked by hand, and by statements."""
    by_hand: dict[str, int] = {}
    told: dict[str, int] = {}
    for number, act, facts in entries:
        cents = (json.loads(facts) if isinstance(facts, str) else facts)["cents"]
        kept = by_hand if act == "InvoicePaid" else told
        kept[number] = kept.get(number, 0) + (-cents if act in _LEAVES else cents)
    return by_hand, told


def _of_invoices(
    invoices: Iterable[tuple[Any, ...]],
    by_hand: Mapping[str, int],
    told: Mapping[str, int],
    sums: dict[str, int],
) -> Iterable[Message]:
    for invoice, number, cents, paid, credited, collected, notes, shares in invoices:
        owed = cents - credited - paid
        sums["invoiced"] += cents
        sums["credited"] += credited
        sums["paid"] += paid
        sums["overpaid"] += max(0, -owed)
        sums["in_collection" if collected else "open"] += max(0, owed)
        by_statement = told.get(number, 0)
        for what, noted, other in (
            (Message("money.credit-notes"), credited, int(notes)),
            (Message("money.entries-of-payments"), paid, by_hand.get(number, 0) + by_statement),
            (Message("money.shares-of-movements"), by_statement, int(shares)),
        ):
            if noted != other:
                yield (
                    Message(
                        "money.notes-differ",
                        invoice=invoice,
                        number=number,
                        what=what,
                        make=other,
                        noted=noted,
                    )
                )


def _of_movements(movements: Iterable[tuple[Any, ...]], sums: dict[str, int]) -> Iterable[Message]:
    for movement, told, currency, state, reversal, shares, sending, gives, given in movements:
        cents, taken = int(told), int(shares)
        rest = cents - taken + int(gives) - int(given)
        if currency != "EUR":
            sums["other_currencies"] += 1
            continue
        sums["received" if cents >= 0 else "taken_back" if reversal else "paid_out"] += cents
        sums["matched"] += taken
        sums["refunded"] += int(given)
        sums["refunds_paid"] -= int(gives)
        # money that left the account and gives nothing back: a person said why, with name and reason
        returned = "to_refund" if cents >= 0 else "put_aside"
        sums[{"parked": "parked", "returned": returned}.get(state, "on_their_way")] += rest
        if (state == "matched" and rest) or rest * cents < 0:
            yield Message("money.nowhere", movement=movement, rest=rest, cents=cents)
        if sending:
            yield Message("money.no-answer-yet", movement=movement)


def _list(value: str | list[str]) -> list[str]:
    return list(json.loads(value) if isinstance(value, str) else value)


def _day(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
