"""Letters of an act that wait for a person: said when the act is performed, before one has looked.

They go to the desk, as no address of their addressee is known; or they hold signs that cannot be printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models.messages import word, worded
from office.settings import Settings

if TYPE_CHECKING:
    from models.receipts import Receipt


def at_desk(settings: Settings, receipt: Receipt) -> Iterator[str]:
    """What is to be said of the letters of an act that will not reach their addressee by themselves."""
    if not receipt.letters:
        return
    from office.letters.preview import letter_desk
    from register.letters import told

    pages, addressing = letter_desk(settings, receipt.procedure)
    for batch in told(settings.register_url, receipt.number, receipt.entry):
        (letter,) = batch.letters
        if not addressing.reaches(batch, letter):
            role = letter.role.value
            yield worded(
                "notice.at-desk",
                letter=letter.kind.value,
                role=word(role),
                role_word=role.replace("_", "-"),
                number=receipt.number,
            )
        if signs := pages.unprintable([batch.subject.parts, letter.facts]):
            yield worded(
                "letter.told-unprintable",
                letter=letter.kind.value,
                role=word(letter.role.value),
                number=receipt.number,
                signs=signs,
            )
