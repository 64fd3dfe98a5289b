"""`umn law` and `umn calendar`: the law as it is held here, and the closing days of the agency."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from cyclopts import App, Parameter

from office.commands import By, Form, Switch, today
from office.settings import Settings
from office.showing import Showing

law = App(name="law", group_commands="Commands")


@law.command(name="list")
def law_list(*, on: date | None = None, output: Form = "table") -> None:
    """Lists every clause: its value in force, since when, where it is written, and who verified it.

    Args:
        on: the day to look at; today when left out.
        output: table for people, json for programs.
    """
    from office.agency_law import read
    from office.law_showing import LawShowing

    path = Settings.read().law
    LawShowing(output).clauses(read(path), on or today(), path)


@law.command(name="show")
def law_show(clause: str, /, *, output: Form = "table") -> None:
    """Shows one clause: all its values in time, gaps and announcements, with their sources.

    Args:
        clause: its id, as `umn law list` shows it.
        output: table for people, json for programs.
    """
    from office.agency_law import read
    from office.law_showing import LawShowing

    LawShowing(output).clause(read(Settings.read().law).clause(clause), today())


@law.command(name="confirm")
def law_confirm(
    clause: str,
    /,
    *,
    value: str,
    unit: Literal["calendar_days", "working_days", "months", "years", "euro", "text"],
    source: str,
    from_: Annotated[date, Parameter(name="--from")],
    by: By,
    until: date | None = None,
    rules: Literal["eu-1182-71", "be-administrative", "plain"] | None = None,
    warnings: Annotated[list[str] | None, Parameter(negative=())] = None,
    transition: Literal["filed", "running"] | None = None,
    announced: Switch = False,
    remark: str = "",
    output: Form = "table",
) -> None:
    """Writes a value that a person compared with its text into the agency's own file of law.

    Args:
        clause: its id, as `umn law list` shows it.
        value: a number; 90,60,30,0 for a ladder; 18960.32 in euro; or words.
        unit: what the value is counted or written in.
        source: the instrument and article, with its number in the official journal.
        from_: the first day of the value.
        by: who compared it with the text.
        until: its last day, when it has one.
        rules: how a period ends; as shipped when left out.
        warnings: how long before the end to warn, such as "10 working_days"; may be repeated; as shipped
            when left out.
        transition: whom it reaches; filed is dossiers and years from that day on, running also open clocks.
        announced: known to come, and not law yet; it does not apply until it is confirmed without this.
        remark: what else a reader should know.
        output: table for people, json for programs.
    """
    from office.agency_law import confirm
    from office.law_showing import LawShowing
    from office.law_tables import typed

    path = Settings.read().law
    before, after, entered = confirm(
        path,
        clause,
        value=typed(value, unit),
        unit=unit,
        source=source,
        from_on=from_,
        by=by,
        verified_on=today(),
        until_on=until,
        rules=rules,
        warnings=warnings,
        transition=transition,
        announced=announced,
        remark=remark,
    )
    from office.revising import misjudged_if_any

    LawShowing(output).confirmed(
        before, after, entered, path, misjudged_if_any(Settings.read(), after, entered)
    )


@law.command(name="check")
def law_check(*, output: Form = "table") -> None:
    """Lists what a person has to look at: not verified, no value, overlapping, rewritten, a year old."""
    from models.errors import NotReachable
    from office.agency_law import problems
    from office.law_showing import LawShowing
    from register.views import laws_carried

    settings = Settings.read()
    try:
        carried = laws_carried(settings.register_url)
    except NotReachable:  # no register yet: no case carries any law
        carried = []
    LawShowing(output).problems(problems(settings.law, today(), carried))


@law.command(name="impact")
def law_impact(
    *,
    clause: str,
    from_: Annotated[date, Parameter(name="--from")],
    value: str | None = None,
    unit: Literal["calendar_days", "working_days", "months", "years", "euro", "text"] | None = None,
    rules: Literal["eu-1182-71", "be-administrative", "plain"] | None = None,
    warnings: Annotated[list[str] | None, Parameter(negative=())] = None,
    transition: Literal["filed", "running"] | None = None,
    correction: Switch = False,
    output: Form = "table",
) -> None:
    """Lists what a value of a clause would change in open dossiers and programmes; nothing is changed.

    Args:
        clause: its id, as `umn law list` shows it.
        from_: the first day of the value.
        value: the value to try, written as for `law confirm`; the one held for that day when left out.
        unit: what the value is counted or written in.
        rules: how a period ends; as shipped when left out.
        warnings: how long before the end to warn, such as "10 working_days"; may be repeated.
        transition: whom it reaches; filed is dossiers and years from that day on, running also open clocks.
        correction: also cases of days on which the value applies, that carry another one.
        output: table for people, json for programs.
    """
    from office.agency_law import read
    from office.law_showing import LawShowing
    from office.law_tables import tried
    from office.revising import impact_of_clause, misjudged, not_looked_at

    settings = Settings.read()
    known = read(settings.law).clause(clause)
    new = tried(known, from_, value, unit, rules, transition, warnings)
    url = settings.register_url
    moves = list(impact_of_clause(url, known, new, today(), correction))
    said = f"Whom it reaches: {new.transition.value}{', and whom it corrects' if correction else ''}."
    LawShowing(output).moves(moves, said, not_looked_at(url))
    if not correction:
        LawShowing(output).carry_another(misjudged(url, known, new), clause, from_)


@law.command(name="apply")
async def law_apply(clause: str, /, *, by: By, correction: Switch = False, output: Form = "table") -> int:
    """Sends the value that is in force to the open cases, where its transition says that it reaches them.

    Args:
        clause: its id, as `umn law list` shows it.
        by: who signs for it.
        correction: to open cases of days on which it applies, because they carry a wrong value.
        output: table for people, json for programs.
    """
    from office.agency_law import read
    from office.law_showing import LawShowing
    from office.revising import apply_clause

    settings = Settings.read()
    known = read(settings.law).clause(clause)
    value = known.on(today())
    showing = Showing(output)
    with showing.progress("open cases") as tell:
        told = await apply_clause(settings, known, value, by, tell, correction)
    return LawShowing(output).told(f"{known.id}, in force from {value.from_on}.", told)


calendar = App(name="calendar", group_commands="Commands")


@calendar.command(name="list")
def calendar_list(*, output: Form = "table") -> None:
    """Lists the closing days that the agency entered beside the public holidays."""
    from office.agency_law import read
    from office.law_showing import LawShowing

    LawShowing(output).closing_days(read(Settings.read().law).closing_days)


@calendar.command(name="add")
async def calendar_add(
    day: date,
    /,
    *,
    reason: str,
    by: By,
    preview: Switch = False,
    output: Form = "table",
) -> int:
    """Adds a closing day: what would end on it ends on the next working day, in every open dossier.

    Args:
        day: the day on which the agency is closed.
        reason: why, as letters will say it.
        by: who signs for it.
        preview: only lists every date that would move.
        output: table for people, json for programs.
    """
    from office.agency_law import add_closing_day, closing_day, read
    from office.law_showing import LawShowing
    from office.revising import (
        apply_closing_day,
        impact_of_closing_day,
        not_looked_at,
        terms_that_stand,
    )

    settings = Settings.read()
    known = [c for c in read(settings.law).closing_days if c.day == day]
    closing = known[0] if known else closing_day(day=day, reason=reason, by=by, entered_on=today())
    if preview:
        moves = impact_of_closing_day(settings.register_url, closing, today())
        unknown = not_looked_at(settings.register_url)
        LawShowing(output).moves(list(moves), "Nothing was entered.", unknown)
        LawShowing(output).terms(terms_that_stand(settings.register_url, closing))
        return 0
    if not known:
        add_closing_day(settings.law, closing)
    with Showing(output).progress("open dossiers") as tell:
        told = await apply_closing_day(settings, closing, tell)
    said = "was entered already" if known else "is entered"
    return LawShowing(output).told(f"{day} {said} as a closing day: {closing.reason}.", told)
