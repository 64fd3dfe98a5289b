"""What people and programs see of notices: what waits, why, and what can be done."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from office.showing import Output, aligned, print_json

if TYPE_CHECKING:
    from models.parties import Role
    from register.notices import Notice
    from register.recipients import KeptRecipient, Reached

POSSIBLE = {
    "in_doubt": "delivered or again",
    "refused": "again --to, delivered or bounced",
    "bounced": "again --to, or delivered",
    "pending": "tried again by itself",
    "sending": "tried again by itself",
}
"""What a person can do, as commands under `umn notices`."""


class NoticesShowing:
    """Shows notices on standard output, in the form that was asked for."""

    def __init__(self, output: Output) -> None:
        self._json = output == "json"

    def notices(self, found: list[Notice], now: datetime) -> None:
        """Notices with their age, and what a person can do with each."""
        if self._json:
            told = ({name: getattr(one, name) for name in one.__slots__} for one in found)
            return print_json([{**one, "possible": POSSIBLE.get(one["state"], "")} for one in told])
        if not found:
            print("Every letter has left.", file=sys.stderr)
            return None
        rows = [("notice", "to", "state", "since", "why", "possible")]
        rows += [
            (
                one.key,
                one.recipient[:40],
                one.state.replace("_", " "),
                _age(one.since, now),
                one.reason[:60],
                POSSIBLE.get(one.state, ""),
            )
            for one in found
        ]
        print("\n".join(aligned(rows)))
        for_a_person = sum(one.state in ("in_doubt", "refused", "bounced") for one in found)
        on_their_way = sum(one.state in ("pending", "sending") for one in found)
        print(f"{len(found)} listed; {for_a_person} wait for a person, {on_their_way} are on their way.")
        return None

    def recipients(self, number: str, named: dict[Role, KeptRecipient], went: list[Reached]) -> None:
        """To whom the letters of a case go where a person said so, and where the newest ones went."""
        if self._json:
            said = [{name: getattr(one, name) for name in one.__slots__} for one in named.values()]
            return print_json(
                {
                    "number": number,
                    "named": said,
                    "newest": [{name: getattr(one, name) for name in one.__slots__} for one in went],
                }
            )
        rows = [("role", "letters go to", "language", "said by", "newest letter went to")]
        for role in sorted({*named, *(one.role for one in went)}):
            own = next((one for kept, one in named.items() if kept == role), None)
            newest = [f"{one.recipient} ({one.letter}, {one.state})" for one in went if one.role == role]
            said_by = f"{own.by}, {own.recorded_at[:10]}" if own else ""
            if own and own.number != number:
                said_by += f", for {own.number}"
            rows.append(
                (
                    str(role).replace("_", " "),
                    ", ".join(own.addresses) if own else "as filed or set",
                    str(own.language) if own and own.language else "",
                    said_by,
                    ", ".join(newest) or "none yet",
                )
            )
        if len(rows) == 1:
            print(f"{number} has no letters yet, and no recipients of its own.", file=sys.stderr)
            return None
        print("\n".join(aligned(rows)))
        print(f"umn recipients set {number} ROLE --to ADDRESS changes it.", file=sys.stderr)
        return None

    def told(self, told: dict[str, Any]) -> None:
        """What became of a notice, and what its case made of it."""
        if self._json:
            return print_json(told)
        print(f"{told['notice']}: {told['state'].replace('_', ' ')}.")
        case = told.get("case")
        if case:
            until = f" until {case['due_on']}" if case["due_on"] else ""
            print(f"{case['number']} was told: entry {case['entry']}, {case['phase']}{until}.")
            if case["letters"]:
                print(f"Letters: {', '.join(case['letters'])}.")
        elif told.get("said"):
            print(f"Its case does not wait for it: {told['said']}")
        if told.get("ended") is False:
            print("It has not left yet, and goes on by itself while a worker runs: see umn notices.")
        return None


def _age(since: str, now: datetime) -> str:
    """How long ago, as people say it: minutes, hours, days."""
    if not since:
        return ""
    began = datetime.fromisoformat(since)
    minutes = int((now - began.replace(tzinfo=began.tzinfo or UTC)).total_seconds()) // 60
    if minutes < 120:
        return f"{max(0, minutes)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
