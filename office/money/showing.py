"""What people and programs see of bank movements: what waits, what became of one, and a year's report."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from models.errors import ProcedureError
from models.messages import Message, amount, named_word, word, worded
from models.payments import Reason, framed, is_valid, references
from office.showing import Showing, by_name, print_json, say, tell_aside
from office.tables import show_table

if TYPE_CHECKING:
    from office.money.payments import Brought
    from register.accounts import Report, Waiting


_WAITS = {"read": Message("money.on-its-way"), "returned": Message("money.to-be-paid-back")}


def why_it_waits(one: Waiting) -> Message:
    """Why a movement waits."""
    return _WAITS.get(one.state) or named_word(one.reason)


def waits_for(one: Waiting) -> str:
    """The same in words."""
    return why_it_waits(one).in_words()


class PaymentsShowing(Showing):
    """Shows payments on standard output, in the form that was asked for."""

    def waiting(self, found: list[Waiting]) -> None:
        """What waits, and for whom."""
        if self._json:
            return print_json([by_name(one) for one in found])
        if not found:
            say(worded("money.nothing-waits"), file=sys.stderr)
            return None
        columns = ("movement", "booked", "amount", "waits", "why", "payer", "communication")
        rows = [
            (
                one.id,
                f"{one.booked_on}",
                f"{amount(one.cents)} {one.currency}",
                amount(one.rest),
                waits_for(one),
                one.payer[:24],
                _told(one)[:60],
            )
            for one in found
        ]
        show_table(columns, rows)
        for one in found:
            if one.reason == Reason.PERHAPS_KNOWN:
                self._may_be(one)
        unclear = sum(one.reason == Reason.PERHAPS_KNOWN for one in found)
        count = Counter(one.state for one in found)
        back = count["returned"] + count["overpaid"]
        told = [worded("money.wait-for-a-person", n=count["parked"] - unclear)]
        if unclear:
            told.append(worded("money.wait-to-be-told-apart", n=unclear))
        if back:
            told.append(worded("money.wait-to-be-paid-back", n=back))
        if count["read"]:
            told.append(worded("money.wait-on-their-way", n=count["read"]))
        say(" ".join(told))
        return None

    def _may_be(self, one: Waiting) -> None:
        """A movement beside those that it may be, and what a person may say of it."""
        if not one.candidates:
            said = {"cents": one.cents, "currency": one.currency}
            return say(worded("money.none-of-its-amount", movement=one.id, **said))
        say(worded("money.may-be", movement=one.id, statement=one.statement))
        columns = ("movement", "booked", "amount", "state", "statement", "payer", "communication")
        rows = [
            (
                other["id"],
                f"{other['booked_on']}",
                f"{amount(other['cents'])} {other['currency']}",
                word(other["state"]),
                f"{other['file']}, {other['statement']}",
                other["payer"][:24],
                _as_on_invoices(other["communication"])[:60],
            )
            for other in one.candidates
        ]
        show_table(columns, rows)
        say(worded("money.how-to-tell-apart", movement=one.id, candidates=[o["id"] for o in one.candidates]))
        return None

    def imported(self, brought: Brought) -> None:
        """What files of statements brought, in the order in which they were taken in."""
        if self._json:
            return print_json([_of_file(name, one) for name, one in brought])
        names = [name for name, told in brought if not isinstance(told, ProcedureError)]
        if len(names) > 1:
            say(worded("money.in-order", names=names))
        for name, told in brought:
            if isinstance(told, ProcedureError):
                tell_aside(told.said)
                continue
            if len(brought) > 1:
                say(f"{name}:")
            self._imported(told)
        return None

    def _imported(self, told: dict[str, Any]) -> None:
        counted = [Message(f"money.count-{count}", n=told[count]) for count in ("new", "known", "unclear")]
        say(
            worded(
                "money.file",
                form=told["form"],
                statements=told["statements"],
                n=told["movements"],
                counts=[one for one in counted if one.facts["n"] or one.key == "money.count-new"],
            )
        )
        say(
            worded(
                "money.of-this-file",
                matched=told["matched"],
                parked=told["parked"],
                returned=told["returned"],
            )
        )
        for remark in told["remarks"]:
            say(remark)
        if told["parked"]:
            say(worded("money.what-waits"))

    def decided(self, told: dict[str, Any]) -> int:
        """Where a movement stands after a decision. Returns: the exit code, 3 when its dossier refused it."""
        code = 3 if told["shares"] and told["shares"][-1]["state"] == "refused" else 0
        if self._json:
            print_json(told)
            return code
        shares = [
            Message(
                "money.on-invoice" if share["state"] == "booked" else "money.refused-on-invoice",
                cents=share["cents"],
                number=share["number"],
            )
            for share in told["shares"]
        ]
        shares += [Message("money.back-from", cents=back["cents"], of=back["of"]) for back in told["refunds"]]
        say(
            worded(
                "money.stands",
                movement=told["movement"],
                state=word(told["state"]),
                why=word(told["reason"]),
                shares=shares or [Message("money.no-share")],
            )
        )
        if told["note"]:
            say(told["note"])
        if told["rest"] and told["state"] == "parked":
            say(worded("money.wait", cents=told["rest"]))
        return code

    def owed(self, found: list[dict[str, Any]]) -> None:
        """What debtors owe that is late: each invoice, then the interest on all that one debtor owes."""
        if self._json:
            return print_json(found)
        if not found:
            say(worded("money.nothing-late"), file=sys.stderr)
        for one in found:
            say(
                worded(
                    "money.owes",
                    name=one["name"],
                    cents=one["owed_cents"],
                    interest=one["interest_cents"],
                )
            )
            columns = ("invoice", "number", "amount", "due", "lapses")
            rows = [
                (
                    each["invoice"],
                    each["number"],
                    amount(each["owed_cents"]),
                    f"{each['payable_until']}",
                    f"{each['lapses_on'] or ''}",
                )
                for each in one["invoices"]
            ]
            show_table(columns, rows)
        return None

    def report(self, report: Report, interest: int) -> int:
        """A year, reconciled, and its interest. Returns: the exit code, 1 when it does not add up."""
        told = {**by_name(report), "interest": interest}
        if self._json:
            print_json(
                {
                    **told,
                    "balances": [by_name(one) for one in report.balances],
                    "reconciled": report.reconciled,
                }
            )
            return 0 if report.reconciled else 1
        counts = ("year", "other_currencies", "told_again", "balances", "differences")
        say(worded("money.report-of-year", year=report.year))
        rows = [(worded(f"report.{name}"), amount(told[name])) for name in told if name not in counts]
        show_table(("", "amount"), rows)
        if report.other_currencies:
            say(worded("money.other-currencies-not-counted", n=report.other_currencies))
        if report.told_again:
            say(worded("money.told-again", n=report.told_again))
        for one in report.balances:
            say(worded("money.balance", **by_name(one)))
        for difference in report.differences:
            say(f"! {difference.in_words()}")
        say(worded("money.reconciled" if report.reconciled else "money.not-reconciled"))
        return 0 if report.reconciled else 1


def _told(one: Waiting) -> str:
    """What a movement says for what it pays; of several communications each."""
    if one.reason == Reason.SEVERAL_COMMUNICATIONS:
        several = (*filter(None, [one.structured]), *references(one.communication))
        return ", ".join(map(_as_on_invoices, dict.fromkeys(several)))
    return one.note or _as_on_invoices(one.structured) or one.communication


def _as_on_invoices(told: str) -> str:
    """A structured communication as invoices carry it; other words as they are."""
    return framed(told) if is_valid(told) else told


def _of_file(name: str, told: dict[str, Any] | ProcedureError) -> dict[str, Any]:
    if not isinstance(told, ProcedureError):
        return told
    error = {"error": type(told).__name__, "message": told.message, "possible": list(told.possible)}
    return {"name": name, **error}
