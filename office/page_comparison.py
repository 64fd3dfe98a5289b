"""A later capture of the agency's page, compared with our register: nothing is changed by it.

A line looks stale when two re-evaluations in a row have left no trace on it: its last update lies further
back than twice the period of the clause `re-evaluation`. Interpretation: nothing says that a re-evaluation
has to show on the page; it is a hint to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import InputRefused
from models.phases import PublicList
from office.settings import Settings

if TYPE_CHECKING:
    from office.page import PageRow
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


def compare_page(settings: Settings, path: Path, known: Path | None, today: date) -> Comparison:
    """Compares the agency's page with the public lists of our register, by name and indication.

    A row that is in only one of the two, and whose name is alone on both sides, is taken for one whose
    indication was rewritten; one whose substance and indication are, for a product that was renamed. What
    looks stale is told as of the day that the page's foot names, or of today.

    Raises: InputRefused when the page cannot be read, or speaks another language than our lists;
    NotReachable when there is no register.
    """
    from models.clock import add_months
    from models.law.applicable import NOT_STATED, applicable_law
    from office.agency_law import read
    from office.known_products import read_known
    from office.page import page_day, page_language, read_page, read_text
    from register.public import public_register

    text = read_text(path)
    rows = read_page(text, today, read_known(known) if known else ())
    language = page_language(text).value
    programmes = public_register(settings.register_url, today, hold_back=False).programmes
    spoken = {said.language for programme in programmes for said in programme.indications}
    if programmes and language not in spoken:
        other = " or ".join(sorted(filter(None, spoken))) or "another language"
        raise InputRefused(
            f"The page is in {language}, and no indication of our lists is; lines are told apart by their "
            f"indications. Compare a page in {other}."
        )
    found = _differences(rows, programmes, language)
    every = applicable_law(NOT_STATED, None, today, read(settings.law)).months("re-evaluation")
    before = add_months(page_day(text) or today, -2 * every)
    stale = [(row.trade_name, row.last_update) for row in rows if _looks_stale(row, before)]
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


def _looks_stale(row: PageRow, before: date) -> bool:
    return row.public_list is not PublicList.CLOSED and row.last_update < before


def _differences(
    rows: list[PageRow], programmes: tuple[PublicProgramme, ...], language: str
) -> list[Difference]:
    from office.page import key_of

    ours = {key_of(p.trade_name, p.indication(language).text): p for p in programmes}
    theirs = {row.key: row for row in rows}
    pairs = [(ours[key], theirs[key]) for key in theirs if key in ours]
    only_ours = {key: p for key, p in ours.items() if key not in theirs}
    only_theirs = {key: row for key, row in theirs.items() if key not in ours}
    said = {key: (_said(p.active_substance), _said(p.indication(language).text)) for key, p in ours.items()}
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
        Difference("added", "", r.trade_name, "list", "", r.public_list.value) for r in only_theirs.values()
    ]
    found += [
        Difference("missing", p.number, p.trade_name, "list", p.public_list.value, "")
        for p in only_ours.values()
    ]
    order = ("added", "missing", "moved", "changed")
    return sorted(found, key=lambda d: (order.index(d.what), d.trade_name.casefold(), d.number))


def _said(text: str) -> str:
    return " ".join(text.casefold().split())


def _between(programme: PublicProgramme, row: PageRow, language: str) -> list[Difference]:
    parts = [
        ("moved", "list", programme.public_list.value, row.public_list.value),
        ("changed", "trade name", programme.trade_name, row.trade_name),
        ("changed", "active substance", programme.active_substance, row.active_substance),
        ("changed", "indication", programme.indication(language).text, row.indication),
        ("changed", "last update", f"{programme.last_update_on}", f"{row.last_update}"),
    ]
    return [
        Difference(what, programme.number, programme.trade_name, part, ours, page)
        for what, part, ours, page in parts
        if ours != page
    ]
