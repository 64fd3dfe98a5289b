"""Remembers that a package was refused, when, by whom and why; of the package itself nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.errors import PackageRefused
from register.reading import questions

_LONGEST_NAME = 120
_LONGEST_MESSAGE = 4000


@dataclass(frozen=True, slots=True)
class RefusedPackage:
    """A package that was refused. `sha256` is that of its archive, when it came as one file."""

    refused_at: str
    by: str
    name: str
    sha256: str | None
    code: str
    message: str


def remember(
    url: str, refused: PackageRefused, *, at: datetime, by: str, name: str, sha256: str | None
) -> None:
    """Writes the fact of a refusal; each refusal is a fact of its own.

    Raises: NotReachable when the database does not answer.
    """
    from models.reasons import masked
    from models.register import RefusedPackageRow
    from register.database import transaction

    with transaction(url) as session:
        session.add(
            RefusedPackageRow(
                refused_at=at.isoformat(timespec="seconds"),
                by=by[:120],
                name=masked(_printable(name))[:_LONGEST_NAME],
                sha256=sha256,
                code=refused.code,
                message=_printable(refused.message)[:_LONGEST_MESSAGE],
            )
        )


def refused_packages(url: str) -> list[RefusedPackage]:
    """Every refusal, the last one first. Raises: NotReachable when the database does not answer."""
    with questions(url) as ask:
        rows = ask(
            'SELECT refused_at, "by", name, sha256, code, message FROM refused_package ORDER BY id DESC'
        )
    return [RefusedPackage(*row) for row in rows]


def _printable(text: str) -> str:
    return "".join(
        sign if sign.isprintable() or sign == "\n" else "\N{REPLACEMENT CHARACTER}" for sign in text
    )
