"""What people and programs see of bank movements: what waits, what became of one, and a year's report."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from office.showing import Output, aligned, print_json

if TYPE_CHECKING:
    from register.accounts import Report, Waiting


_WAITS = {"read": "on its way", "returned": "to be paid back"}


class PaymentsShowing:
    """Shows payments on standard output, in the form that was asked for."""

    def __init__(self, output: Output) -> None:
        self._json = output == "json"

    def waiting(self, found: list[Waiting]) -> None:
        """What waits, and for whom."""
        if self._json:
            return print_json([{name: getattr(one, name) for name in one.__slots__} for one in found])
        if not found:
            print("Nothing waits.", file=sys.stderr)
            return None
        rows = [("movement", "booked", "amount", "waits", "why", "payer", "communication")]
        rows += [
            (
                one.id,
                f"{one.booked_on}",
                f"{_euro(one.cents)} {one.currency}",
                _euro(one.rest),
                _WAITS.get(one.state) or one.reason.replace("_", " "),
                one.payer[:24],
                (one.note or one.structured or one.communication)[:60],
            )
            for one in found
        ]
        print("\n".join(aligned(rows)))
        count = Counter(one.state for one in found)
        back = count["returned"] + count["overpaid"]
        print(
            f"{count['parked']} wait for a person: umn payments assign, split, return or refund."
            + (f" {back} to be paid back: umn payments refund, once the money has left." if back else "")
            + (f" {count['read']} on their way: import their file again." if count["read"] else "")
        )
        return None

    def imported(self, told: dict[str, Any]) -> None:
        """What a file of statements brought."""
        if self._json:
            return print_json(told)
        known = told["movements"] - told["new"]
        print(
            f"{told['form']}, statement {', '.join(told['statements'])}: {told['movements']} movements, "
            f"{told['new']} new" + (f", {known} known already" if known else "") + "."
        )
        print(
            f"Of this file: {told['matched']} matched, {told['parked']} parked, {told['returned']} returned."
        )
        if told["parked"]:
            print("What waits for a person: umn payments.")
        return None

    def decided(self, told: dict[str, Any]) -> int:
        """Where a movement stands after a decision. Returns: the exit code, 3 when its dossier refused it."""
        code = 3 if told["shares"] and told["shares"][-1]["state"] == "refused" else 0
        if self._json:
            print_json(told)
            return code
        shares = [
            f"{_euro(share['cents'])} euro on {share['number']}"
            + ("" if share["state"] == "booked" else " (refused)")
            for share in told["shares"]
        ]
        shares += [f"{_euro(refund['cents'])} back from {refund['of']}" for refund in told["refunds"]]
        why = told["reason"].replace("_", " ")
        print(f"{told['movement']}: {told['state']}, {why}; {', '.join(shares) or 'no share'}.")
        if told["note"]:
            print(told["note"])
        if told["rest"] and told["state"] == "parked":
            print(f"{_euro(told['rest'])} euro wait.")
        return code

    def report(self, report: Report) -> int:
        """A year, reconciled. Returns: the exit code, 1 when it does not add up."""
        told = {name: getattr(report, name) for name in report.__slots__}
        if self._json:
            print_json({**told, "reconciled": report.reconciled})
            return 0 if report.reconciled else 1
        counts = ("year", "other_currencies", "differences")
        print(f"Contributions invoiced in {report.year}, and the account in {report.year} (euro):")
        rows = [(name.replace("_", " "), _euro(told[name]).rjust(14)) for name in told if name not in counts]
        print("\n".join(aligned(rows)))
        if report.other_currencies:
            print(f"{report.other_currencies} movements in other currencies are not counted.")
        for difference in report.differences:
            print(f"! {difference}")
        print(
            "Reconciled to the cent." if report.reconciled else "It does not reconcile: see the lines above."
        )
        return 0 if report.reconciled else 1


def _euro(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
