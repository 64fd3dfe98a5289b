"""A later capture of an authority's page, compared with our register: nothing is changed by it.

A line looks stale when its last update lies further back than twice the period of the clause that shows on
that page: two in a row have left no trace. Interpretation: nothing says that one has to show on the page; it
is a hint to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import InputRefused
from models.messages import Message
from models.phases import Course
from office.settings import Settings

if TYPE_CHECKING:
    from models.authority_page import PageRow
    from procedures.registry import AuthorityPage
    from register.public import PublicProgramme


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that differs. `what`: added, missing, moved or changed; `number` is ours, if it has one."""

    what: str
    number: str
    trade_name: str
    part: str
    ours: str
    page: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a page and our register differ. `stale` are lines of the page, by name and last update."""

    page: str
    rows: int
    programmes: int
    same: int
    differences: tuple[Difference, ...]
    stale: tuple[tuple[str, date], ...]
    stale_before: date


def compare_page(
    settings: Settings, path: Path, known: Path | None, today: date, code: str = ""
) -> Comparison:
    """Compares an authority's page with the public lists of our register, by name and indication.

    A row that is in only one of the two, and whose name is alone on both sides, is taken for one whose
    indication was rewritten; one whose substance and indication are, for a product that was renamed. What
    looks stale is told as of the day that the page's foot names, or of today.

    Raises: InputRefused when the page cannot be read, or speaks another language than our lists;
    UnknownClause for a procedure without a page; NotReachable when there is no register.
    """
    from models.clock import add_months
    from office.intake.authority_page import read_text
    from office.law.agency import read
    from procedures.books import applicable_law
    from procedures.registry import page, procedure
    from register.public import public_register

    code, of_authority = page(code)
    language, rows, updated_on = of_authority.read(read_text(path), today, known)
    known_as = procedure(code)
    assert known_as.public is not None
    shown = public_register(settings.register_url, known_as.public, today, hold_back=False)
    programmes = shown.programmes
    spoken = {said.language for programme in programmes for said in programme.texts}
    if programmes and language not in spoken:
        raise InputRefused(
            "page.another-language",
            language=language,
            other=sorted(filter(None, spoken)) or [Message("page.other-language")],
        )
    found = _differences(rows, programmes, language, of_authority)
    every = applicable_law(code, None, today, read(settings.law)).months(of_authority.shows.id)
    ended = known_as.life.states[Course.ENDED].public_list
    before = add_months(updated_on or today, -2 * every)
    stale = [
        (row.trade_name, row.last_update)
        for row in rows
        if row.public_list != ended and row.last_update < before
    ]
    touched = len({d.number for d in found if d.number})
    return Comparison(
        page=path.name,
        rows=len(rows),
        programmes=len(programmes),
        same=len(programmes) - touched,
        differences=tuple(found),
        stale=tuple(sorted(stale, key=lambda line: (line[1], line[0]))),
        stale_before=before,
    )


def _differences(
    rows: list[PageRow], programmes: tuple[PublicProgramme, ...], language: str, of_authority: AuthorityPage
) -> list[Difference]:
    ours = {of_authority.key(p.title, p.said("indication", language).text): p for p in programmes}
    theirs = {row.key: row for row in rows}
    pairs = [(ours[key], theirs[key]) for key in theirs if key in ours]
    only_ours = {key: p for key, p in ours.items() if key not in theirs}
    only_theirs = {key: row for key, row in theirs.items() if key not in ours}
    said = {
        key: (_said(p.parts["active_substance"]), _said(p.said("indication", language).text))
        for key, p in ours.items()
    }
    read = {key: (_said(row.active_substance), _said(row.indication)) for key, row in theirs.items()}
    named = [{key: key.partition("/")[0] for key in side} for side in (ours, theirs)]
    for mine, yours in (named, (said, read)):
        for key, row in list(only_theirs.items()):
            alike = [k for k in only_ours if mine[k] == yours[key]]
            if len(alike) == sum(yours[k] == yours[key] for k in only_theirs) == 1:
                pairs.append((only_ours.pop(alike[0]), row))
                del only_theirs[key]
    found = [d for programme, row in pairs for d in _between(programme, row, language)]
    found += [
        Difference("added", "", r.trade_name, "public-list", "", r.public_list.value)
        for r in only_theirs.values()
    ]
    found += [
        Difference("missing", p.number, p.title, "public-list", p.public_list.value, "")
        for p in only_ours.values()
    ]
    order = ("added", "missing", "moved", "changed")
    return sorted(found, key=lambda d: (order.index(d.what), d.trade_name.casefold(), d.number))


def _said(text: str) -> str:
    return " ".join(text.casefold().split())


def _between(programme: PublicProgramme, row: PageRow, language: str) -> list[Difference]:
    parts = [
        ("moved", "public-list", programme.public_list.value, row.public_list.value),
        ("changed", "trade name", programme.title, row.trade_name),
        ("changed", "active substance", programme.parts["active_substance"], row.active_substance),
        ("changed", "indication", programme.said("indication", language).text, row.indication),
        ("changed", "last update", f"{programme.last_update_on}", f"{row.last_update}"),
    ]
    return [
        Difference(what, programme.number, programme.title, part, ours, page)
        for what, part, ours, page in parts
        if ours != page
    ]
