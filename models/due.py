"""What falls due in a case: what, by whom and until when, in the words that people read.

It is read off the clocks that run, and kept nowhere else. Every clause that runs and every other day that
counts has its words under [due] of the catalogue. Light: a list of ten thousand cases uses it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.messages import ENGLISH, Message, catalogue, named_word, word, worded

LAPSES = frozenset({"payment-appeal"})
"""A right and not a duty: when its day has passed nobody is late."""

BY_ITSELF = ("effect", "suspension-", "validity")
"""What comes on its day without anybody's act."""

TASKS = ("contribution", "cancellation-")
"""What lies with the desk since the day that is told: no text gives a time for it."""


@dataclass(frozen=True)
class Due:
    """One thing that falls due: a clause or another day by its ref, whose turn it is, and the last day.

    `due_on` is a civil date in Brussels, and None while the limit stands still. `silence` is what it means by
    law that the day passes, from the day `effect_on`; nothing where it only is flagged. `late_on` is the last
    day on the later of two readings. `degree` is that of the clause behind it (models/law/degree.py).
    `presumed`: it counts from the receipt of a letter on a day that no rule gives and nobody has proven.

    It travels in receipts like models/travelling.py, and is none of those only to be light.
    """

    __pydantic_config__ = {"extra": "allow"}

    ref: str
    desk: str
    due_on: date | None
    degree: str = ""
    silence: str = ""
    effect_on: date | None = None
    late_on: date | None = None
    presumed: bool = False

    @property
    def passed_after(self) -> date | None:
        """The last day on every reading: only after it anybody is late."""
        return self.late_on or self.due_on

    def is_late(self, today: date) -> bool:
        """Whether somebody is late with it on a day."""
        return bool(self.passed_after and self.passed_after < today and self.ref not in LAPSES)

    @property
    def what(self) -> str:
        """What falls due, in words."""
        return what(self.ref)

    @property
    def by(self) -> str:
        """Whose turn it is, in words; nobody's for what comes by itself."""
        return "" if self.by_itself else word(self.desk)

    @property
    def by_itself(self) -> bool:
        """Whether it comes without anybody's act."""
        return self.ref.startswith(BY_ITSELF)

    def message(self, today: date | None = None) -> Message:
        """The whole of it; `today` tells whether it is late."""
        late = bool(today and self.is_late(today))
        who = "of-nobody" if self.by_itself else "by"
        when = "until" if self.due_on else "standing-still"
        facts = {"what": named(self.ref), "by": named_word(self.desk), "on": self.due_on}
        said = Message(f"due.{who}-{when}", **facts)
        marks = [Message("due.overdue")] if late else []
        if self.degree in ("assumed", "read"):
            marks.append(Message(f"due.{self.degree}"))
        if self.presumed and self.due_on:
            marks.append(Message("due.presumed"))
        if self.late_on and self.late_on != self.due_on:
            marks.append(Message("due.later-reading", on=self.late_on))
        if self.silence and self.effect_on:
            marks.append(Message(f"due.silence-{self.silence.replace('_', '-')}", on=self.effect_on))
        return Message("due.marked", due=said, marks=marks) if marks else said

    def said(self, today: date | None = None) -> str:
        """The whole of it, in words."""
        return self.message(today).in_words()


def named(ref: str) -> Message:
    """What falls due under a ref; the ref itself where it has no words.

    What tells it apart from others of its kind stands behind the word of the kind: `condition-2`.
    """
    words = catalogue(ENGLISH)
    if (key := f"due.{ref}") in words:
        return Message(key)
    parts = ref.split("-")
    for n in range(len(parts) - 1, 0, -1):
        if (key := f"due.{'-'.join(parts[:n])}-of") in words:
            return Message(key, n="-".join(parts[n:]))
    return Message("language.as-it-is", words=ref.replace("-", " "))


def what(ref: str) -> str:
    """What falls due under a ref, in words."""
    return named(ref).in_words()


def in_order(falls_due: Iterable[Due], day: date | None = None) -> tuple[Due, ...]:
    """What falls due: first what falls on the day that counts, then by day, at last what stands still."""
    return tuple(
        sorted(
            falls_due,
            key=lambda due: (due.ref in LAPSES, due.due_on != day, due.due_on or date.max, due.ref),
        )
    )


def on_its_day(falls_due: Iterable[Due], day: date | None) -> tuple[Due, ...]:
    """Of what is in order, what falls due on the day that counts, and no right that merely lapses on it."""
    return tuple(due for due in falls_due if day and due.due_on == day and due.ref not in LAPSES)


def sentence(falls_due: Iterable[Due], today: date | None = None) -> str:
    """What falls due, as a sentence; nothing when nothing does."""
    said = [due.message(today) for due in falls_due]
    return worded("due.sentence", due=said) if said else ""
