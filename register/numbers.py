"""Gives numbers to dossiers and programmes: once per submission, without gaps within a series.

The only numbers left out are those that a restore leaves out, and the register says which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.errors import InputRefused, PackageRefused
from models.reasons import Reason
from register.restores import next_serial

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_LOCK = 6_301_003
_LONGEST = {"series": 60, "claim": 200, "number": 80}


def allot(url: str, series: str, claim: str, digest: str, form: str = "{series}-{serial:03d}") -> str:
    """The number of a submission: the next of its series, or the one that it already has.

    `form` makes a number from `series` and `serial`. One without the serial, such as `{series}`, gives
    the first number as it is and later ones with `-2`, `-3` behind it.

    Idempotent: by claim; the same claim with the same content finds its number again.

    Raises: PackageRefused when the claim was used for another content; InputRefused when a part is too
    long; NotReachable when the database does not answer.
    """
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import AllottedNumber
    from register.database import one_at_a_time, transaction

    _fits("series", series)
    _fits("claim", claim)
    with transaction(url) as session:
        one_at_a_time(session, _LOCK)
        found = session.scalar(select(AllottedNumber).where(col(AllottedNumber.claim) == claim))
        if found is not None:
            if found.digest != digest:
                raise PackageRefused(
                    Reason.DELIVERY_NUMBER_USED.value,
                    "package.number-used",
                    claim=claim[:1].upper() + claim[1:],
                    number=found.number,
                )
            return found.number
        serial, number = _next(session, series, form)
        session.add(AllottedNumber(number=number, series=series, serial=serial, claim=claim, digest=digest))
        return number


def foreseen(url: str, series: str, form: str = "{series}-{serial:03d}") -> str:
    """The number that the next submission of a series is given; none is now. Raises: NotReachable."""
    from register.database import transaction

    with transaction(url) as session:
        return _next(session, series, form)[1]


def allotted(url: str, claim: str) -> str | None:
    """The number that a claim was given, or nothing.

    Raises: NotReachable when the database does not answer.
    """
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import AllottedNumber
    from register.database import transaction

    with transaction(url) as session:
        return session.scalar(select(AllottedNumber.number).where(col(AllottedNumber.claim) == claim))  # type: ignore[call-overload]


def _next(session: Session, series: str, form: str) -> tuple[int, str]:
    from sqlalchemy import func, select
    from sqlmodel import col

    from models.register import AllottedNumber

    last = session.scalar(select(func.max(AllottedNumber.serial)).where(col(AllottedNumber.series) == series))
    serial = next_serial(session, series, last)
    number = form.format(series=series, serial=serial)
    if "{serial" not in form and serial > 1:
        number += f"-{serial}"
    _fits("number", number)
    return serial, number


def _fits(part: str, text: str) -> None:
    if len(text) > _LONGEST[part]:
        raise InputRefused(
            "package.part-too-long", part=part, text=text[:40], n=len(text), most=_LONGEST[part]
        )
