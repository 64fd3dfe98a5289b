"""What a check of a filed package found: which check, how much it weighs, and what it is about.

A finding decides nothing and has no language: `activities/wording.py` words it for whoever reads it.
The ids P-01 to P-15 are those of the intake checks, C-.. those of the matrix of completeness
(models/completeness.py), by the folder that a document belongs in; R-01 is the choice of the route, R-02
what the form tells already of the end, R-03 of a marketing application.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from models.texts import Sentence
from models.travelling import Travelling

Param = Annotated[str, Field(max_length=400)]


class Severity(StrEnum):
    """How much a finding weighs.

    `reject`: it cannot stand as it is; where no completion can mend it the whole package is refused.
    `ask`: the applicant is asked. `warn`: the desk looks at it. `info`: for information.
    """

    REJECT = "reject"
    ASK = "ask"
    WARN = "warn"
    INFO = "info"


class Finding(Travelling, frozen=True):
    """One thing that a check found.

    `what` names its sentence and `params` fill it; `part` tells findings of one check apart, such as
    the language of a summary.
    """

    check: str = Field(pattern=r"^[A-Z]-[0-9]{2}$")
    severity: Severity
    what: str = Field(max_length=60)
    part: str = Field(default="", max_length=200)
    params: dict[str, Param | tuple[Param, ...]] = Field(default_factory=dict)

    @property
    def ref(self) -> str:
        """How a person names it, such as P-07-fr."""
        return f"{self.check}-{self.part}" if self.part else self.check

    @property
    def mendable(self) -> bool:
        """Whether the applicant is asked to mend it: the letter of incompleteness lists it."""
        return self.severity in (Severity.REJECT, Severity.ASK)


class Struck(Travelling, frozen=True):
    """A finding that a person struck, with the reason: it is not asked."""

    finding: Finding
    reason: Sentence
