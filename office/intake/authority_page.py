"""Takes programmes over from an authority's own public page, once."""

from __future__ import annotations

import asyncio
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import InputRefused
from models.messages import Message
from models.phases import Course
from office.intake.taking_in import first_entry, start
from office.settings import Settings
from procedures.books import applicable_law
from procedures.registry import page, procedure

if TYPE_CHECKING:
    from models.authority_page import PageRow
    from procedures.books import Books


_SAVED_AS = (
    (re.compile(rb"%PDF-"), Message("page.pdf")),
    (re.compile(rb"PK\x03\x04"), Message("page.zip")),
    (re.compile(rb"bplist00|<\?xml[^>]*>\s*<!DOCTYPE plist|<plist"), Message("page.webarchive")),
    (
        re.compile(rb"(?is)(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*multipart/"),
        Message("page.mhtml"),
    ),
)
"""How the beginning of a page looks that was saved in another form than as text, and what that form is."""


def read_text(path: Path) -> str:
    """The text of a page that was saved as a UTF-8 file. Raises: InputRefused naming what it is instead."""
    try:
        content = path.read_bytes()
    except OSError as unreadable:
        raise InputRefused("page.unreadable", path=path, why=unreadable.strerror) from unreadable
    begins = content[:4000].removeprefix(BOM_UTF8).lstrip().replace(b"\r\n", b"\n")
    for form, what in _SAVED_AS:
        if form.match(begins):
            raise InputRefused("page.saved-as", path=path, what=what)
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in content[:200]:
        raise InputRefused("page.utf16", path=path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        byte = content[wrong.start : wrong.start + 1]
        raise InputRefused(
            "page.not-utf8",
            path=path,
            byte=byte[0],
            line=content[: wrong.start].count(b"\n") + 1,
            sign=byte.decode("windows-1252", "replace"),
        ) from wrong


async def import_page(
    settings: Settings,
    path: Path,
    known: Path | None,
    today: date,
    tell: Callable[[int, int], None],
    code: str = "",
) -> list[tuple[str, bool]]:
    """Starts one programme per row of an authority's public page, each under a number of its own.

    `code` is the procedure whose page it is; it may be left out where only one has a page.

    Idempotent: by row (name and indication); run again it changes nothing. All rows are read before
    the first programme is started.

    Returns: number and whether it is new, in the order of the page.
    Raises: InputRefused naming every wrong line; UnknownClause for a procedure without a page; NotEmpowered;
    NotReachable.
    """
    from office.connection import connect
    from office.desk.person import empowered
    from office.law.agency import read
    from register.database import migrate
    from register.numbers import allot, allotted

    code, of_authority = page(code)
    captured = of_authority.read(read_text(path), today, known)
    rows, language = captured.rows, captured.language.value
    by = empowered(settings, "import-register", today, code).person.name
    book = read(settings.law)
    url = settings.register_url
    migrate(url)
    for other in of_authority.languages:
        if other != language and allotted(url, f"{code} page in {other}"):
            raise InputRefused("page.taken-from-another", other=other.value, language=language)
    client = await connect(settings)
    allot(url, f"{code} page", f"{code} page in {language}", language, "{series}-{serial}")
    numbers: list[tuple[str, bool]] = []
    started: list[str] = []
    series = of_authority.series
    named = series.named.format(procedure=code, year=today.year)
    for done, row in enumerate(rows, start=1):
        number = allot(url, named, f"{code} page {row.key}", row.key[-40:], series.numbers)
        new = await start(
            client,
            settings,
            "Programme",
            _programme(number, code, row, today, path, book, by),
            summary=f"programme: {row.trade_name}",
            begun=("import-register", by, None),
        )
        numbers.append((number, new))
        if new:
            started.append(number)
        tell(done, len(rows))
    await asyncio.gather(*(first_entry(settings, number) for number in started))
    return numbers


def _programme(number: str, code: str, row: PageRow, today: date, path: Path, book: Books, by: str) -> Any:
    """A programme as the page tells it; the day of authorisation is assumed, and marked so."""
    from models.programme import Programme, Suspension, authorisation_year
    from models.subjects import Product

    listed = {course: state.public_list for course, state in procedure(code).life.states.items()}
    suspended = row.public_list == listed[Course.HALTED]
    return Programme(
        number=number,
        procedure=code,
        applicant=None,
        subject=Product(
            trade_name=row.trade_name, active_substance=row.active_substance, indication=row.indication
        ).subject,
        authorised_on=row.last_update,
        assumed=True,
        opened_on=today,
        last_update_on=row.last_update,
        year=authorisation_year(row.last_update, today),
        law=applicable_law(code, None, today, book),
        suspensions=[
            Suspension(
                imposed_on=row.last_update,
                effective_on=row.last_update,
                requested_by="agency",
                grounds=str(Message("page.as-listed", page=path.name)),
                in_effect=True,
            )
        ]
        if suspended
        else [],
        closed_on=row.last_update if row.public_list == listed[Course.ENDED] else None,
        imported_from=f"{path.name}, line {row.line}",
        imported_by=by,
    )
