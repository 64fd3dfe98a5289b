"""What a complete package holds: one row per document, by procedure, kind, language and date.

The rows are those of a procedure (`documents.py` in its folder).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.findings import Severity
from models.phases import Kind


@dataclass(frozen=True)
class Asked:
    """A document that a package of some kinds has to bring.

    It is recognised by its `numeral` in the name of a file, or, without one, by its `folder` or by
    `words` in the name. `check` is the finding when it is not there, `languages` those in which each has
    to be there, `other_numeral` that of the other procedure, which does not count and is `wrong_check`.
    Without `procedures` it is asked in every one that brings it. Where it has an `answer`, it is asked if the
    form answers that question with `says`; `severity` is how much it weighs that it is not there.
    """

    check: str
    document: str
    folder: str
    kinds: tuple[Kind, ...]
    source: str
    procedures: tuple[str, ...] = ()
    numeral: str = ""
    other_numeral: str = ""
    wrong_check: str = ""
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    answer: str = ""
    says: bool = True
    severity: Severity = Severity.ASK
    from_on: date = date.min
    until_on: date = date.max

    @property
    def part(self) -> str:
        """What tells its finding from others of its check: where an answer decides, which document."""
        return self.document if self.answer else ""

    def applies(self, procedure: str, kind: Kind, on: date) -> bool:
        """Whether a package of that procedure and kind, received on a day, has to bring it by its answers."""
        asked = procedure in (self.procedures or (procedure,)) and kind in self.kinds
        return asked and self.from_on <= on <= self.until_on


@dataclass(frozen=True)
class Unasked:
    """A document that nobody has to bring: it is said, and not held against anybody.

    `words` are those in the name of a file, letters only, by which it is recognised.
    """

    check: str
    what: str
    words: tuple[str, ...]


def asked(rows: Iterable[Asked], procedure: str, kind: Kind, on: date) -> tuple[Asked, ...]:
    """The documents that a package of that procedure and kind, received on a day, has to bring."""
    return tuple(row for row in rows if row.applies(procedure, kind, on))
