"""What people and programs see of notices: what waits, why, and what can be done."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from models.messages import Message, word, worded
from office.showing import Output, Showing, by_name, print_json, say
from office.tables import Cells, show_table
from register.notices import FOR_A_PERSON, ON_ITS_WAY, STATES

if TYPE_CHECKING:
    from models.parties import Role
    from office.letters.languages import Addressee
    from register.documents import DocumentStore
    from register.notices import Notice
    from register.recipients import KeptRecipient, Reached

POSSIBLE = {
    "not_made": Message("notice.possible-not-made"),
    "not_sent": Message("notice.possible-not-sent"),
    "not_told": Message("notice.possible-not-told"),
    "in_doubt": Message("notice.possible-in-doubt"),
    "refused": Message("notice.possible-refused"),
    "bounced": Message("notice.possible-bounced"),
    "to_post": Message("notice.possible-to-post"),
    "to_forward": Message("notice.possible-to-forward"),
    "to_make": Message("notice.possible-to-make"),
    "pending": Message("notice.possible-pending"),
    "sending": Message("notice.possible-sending"),
}
"""What a person can do, as commands under `umn notices`."""


class NoticesShowing(Showing):
    """Shows notices on standard output, in the form that was asked for."""

    def __init__(self, output: Output, documents: DocumentStore | None = None) -> None:
        super().__init__(output)
        self._documents = documents

    def notices(self, found: list[Notice], now: datetime) -> None:
        """Notices with their age, and what a person can do with each."""
        if self._json:
            return print_json([self._told(one) for one in found])
        if not found:
            say(worded("notice.all-left"), file=sys.stderr)
            return None
        columns = ("notice", "to", "state", "since", "why", "possible")
        rows = [
            (
                one.key,
                one.recipient[:40],
                f"{STATES[one.state].in_words()}{_left(one)}",
                _age(one.since, now),
                one.reason[:60] or one.proof[:60],
                POSSIBLE[one.state].in_words() if one.state in POSSIBLE else "",
            )
            for one in found
        ]
        show_table(columns, rows)
        for one in found:
            if one.state == "to_post":
                say(
                    worded(
                        "notice.to-post",
                        channel=word(one.channel),
                        notice=one.key,
                        command=_writes(one),
                    )
                )
        for_a_person = sum(one.state in FOR_A_PERSON for one in found)
        on_their_way = sum(one.state in ON_ITS_WAY for one in found)
        say(worded("notice.listed", n=len(found), for_a_person=for_a_person, on_their_way=on_their_way))
        return None

    def _told(self, one: Notice) -> dict[str, Any]:
        """A letter for a program; `file` is its PDF, where a person is to send it."""
        file = self._documents.path(one.sha256) if one.state == "to_post" and self._documents else ""
        said = by_name(one)
        days = {name: str(said[name] or "") for name in ("left_on", "presented_on", "received_on")}
        return {**said, **days, "file": str(file), "possible": POSSIBLE.get(one.state, "")}

    def recipients(
        self,
        number: str,
        named: dict[Role, KeptRecipient],
        went: list[Reached],
        addressees: list[Addressee],
    ) -> None:
        """To whom the letters of a case go, in which languages, and where the newest ones went."""
        if self._json:
            said = [asdict(one) for one in named.values()]
            return print_json(
                {
                    "number": number,
                    "named": said,
                    "newest": [by_name(one) for one in went],
                    "languages": [one.told for one in addressees],
                }
            )
        columns, rows = ("role", "letters-go-to", "said-by", "newest-letter-went-to"), list[Cells]()
        for role in sorted({*named, *(one.role for one in went)}):
            own = next((one for kept, one in named.items() if kept == role), None)
            newest = [
                worded("recipient.newest", recipient=one.recipient, letter=one.letter, state=one.state)
                for one in went
                if one.role == role
            ]
            said_by = f"{own.by}, {own.recorded_at[:10]}" if own else ""
            if own and own.number != number:
                said_by = worded("recipient.for-another", said_by=said_by, number=own.number)
            rows.append(
                (word(role), _goes_to(own), said_by, ", ".join(newest) or worded("recipient.none-yet"))
            )
        if not rows and not addressees:
            say(worded("recipient.none", number=number), file=sys.stderr)
            return None
        if rows:
            show_table(columns, rows)
        for one in addressees:
            say(one.line)
        say(worded("recipient.how-to-change", number=number), file=sys.stderr)
        return None

    def became(self, told: dict[str, Any]) -> None:
        """What became of a notice, and what its case made of it."""
        if self._json:
            return print_json(told)
        say(worded("notice.stands", notice=told["notice"], state=STATES[told["state"]]))
        case = told.get("case")
        if case:
            say(
                worded(
                    "notice.case-told-until" if case["due_on"] else "notice.case-told",
                    number=case["number"],
                    entry=case["entry"],
                    phase=word(case["phase"]),
                    until=case["due_on"],
                )
            )
            if case["letters"]:
                say(worded("notice.letters", letters=case["letters"]))
        elif "case" in told and told["said"]:
            say(worded("notice.case-does-not-wait", why=told["said"]))
        elif told.get("said"):
            say(worded("notice.why", why=told["said"]))
        if told.get("ended") is False:
            say(worded("notice.goes-on"))
        return None


def for_a_person(found: Iterable[Notice]) -> Iterator[str]:
    """What of the letters of a case waits for a person: since when, why, and what is possible."""
    for one in found:
        if one.state not in FOR_A_PERSON:
            continue
        command = _writes(one) if one.state == "to_post" else ""
        yield worded(
            f"notice.waits{'-because' if one.reason else ''}{'-with-file' if command else ''}",
            letter=one.letter,
            entry=one.entry,
            role=word(one.role),
            state=STATES[one.state],
            since=one.since[:16],
            command=command,
            why=one.reason,
            notice=one.key,
            possible_now=POSSIBLE[one.state],
        )


def _writes(one: Notice) -> str:
    """The command that writes the PDF of a letter under its name."""
    return f"umn documents {one.number} --document {one.document} --extract FOLDER"


def _left(one: Notice) -> str:
    """How and when a letter left."""
    if not one.left_on:
        return ""
    known = "".join(
        f", {worded(key)} {day}"
        for key, day in (("notice.presented", one.presented_on), ("notice.received", one.received_on))
        if day
    )
    return f" {word(one.channel)} {one.left_on}{known}"


def _goes_to(own: KeptRecipient | None) -> str:
    """Where letters go as a person said, and by which channel where that is not e-mail."""
    if own and own.channel != "email":
        return worded("recipient.posted", channel=word(own.channel))
    return ", ".join(own.addresses) if own and own.addresses else worded("recipient.as-filed")


def _age(since: str, now: datetime) -> str:
    """How long ago, as people say it: minutes, hours, days."""
    if not since:
        return ""
    began = datetime.fromisoformat(since)
    minutes = int((now - began.replace(tzinfo=began.tzinfo or UTC)).total_seconds()) // 60
    if minutes < 120:
        return worded("days.minutes", n=max(0, minutes))
    return (
        worded("days.hours", n=minutes // 60) if minutes < 48 * 60 else worded("days.days", n=minutes // 1440)
    )
