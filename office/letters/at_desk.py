"""Letters of an act that wait for a person: said when the act is performed, before one has looked.

They go to the desk, as no address of their addressee is known; they hold signs that cannot be printed, or a
script that a person has to look at; they ask for money, and no account is known that it can be paid to; or
they name a day that has gone by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.messages import word, worded
from models.parties import Role
from office.settings import Settings

if TYPE_CHECKING:
    from models.entry import LetterBatch
    from models.receipts import Receipt


def addressed(settings: Settings, receipt: Receipt) -> list[str]:
    """The letters of an act in words, each with to whom it goes."""
    to: dict[str, list[str]] = {}
    for batch in _told(settings, receipt):
        for letter in batch.letters:
            to.setdefault(letter.kind.value, []).append(word(letter.role.value))
    return [worded("receipt.letter", letter=kind, roles=[*dict.fromkeys(to[kind])]) for kind in to]


def _told(settings: Settings, receipt: Receipt) -> list[LetterBatch]:
    from register.letters import told

    return told(settings.register_url, receipt.number, receipt.entry) if receipt.letters else []


def at_desk(settings: Settings, receipt: Receipt) -> Iterator[str]:
    """What is to be said of the letters of an act that will not reach their addressee by themselves."""
    if not receipt.letters:
        return
    from activities.invoice_pages import INVOICED
    from office.letters.offices import offices
    from office.letters.preview import letter_desk

    pages, addressing = letter_desk(settings, receipt.procedure)
    for batch in _told(settings, receipt):
        (letter,) = batch.letters
        if letter.kind in INVOICED and not offices(settings)[receipt.procedure].creditor.account:
            yield worded("letter.without-account", letter=letter.kind.value)
        due_on = str(letter.facts.get("due_on") or "")
        if due_on and due_on < str(batch.on) and letter.role != Role.DESK:
            said = {"letter": letter.kind.value, "role": word(letter.role.value), "due_on": due_on}
            yield worded("letter.names-a-day-gone-by", **said)
        if not addressing.reaches(batch, letter):
            role = letter.role.value
            yield worded(
                "notice.at-desk",
                letter=letter.kind.value,
                role=word(role),
                role_word=role.replace("_", "-"),
                number=receipt.number,
            )
        said = [addressing.head(batch, letter), batch.subject.parts, letter.facts]
        for key, signs in (
            ("letter.told-unprintable", pages.unprintable(said)),
            ("letter.told-other-scripts", pages.other_scripts(said)),
        ):
            if signs:
                yield worded(
                    key,
                    letter=letter.kind.value,
                    role=word(letter.role.value),
                    number=receipt.number,
                    signs=signs,
                )
