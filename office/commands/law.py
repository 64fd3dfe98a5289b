"""`umn law` and `umn calendar`: the law as it is held here, and the closing days of the agency."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from models.errors import InputRefused
from models.messages import reader, word, worded
from models.people import preparing
from office.commands import Day, Form, Switch, by_whom, today
from office.settings import Settings
from office.showing import Output, say

Silences = Literal["flag", "propose", "favourable", "granted", "refused", "forfeited", "on_file", "stands"]

law = App(name="law", group_commands="Commands")


@law.command(name="list")
def law_list(*, on: Day | None = None, output: Form = "table") -> None:
    """Lists every clause: its value in force, since when, where it is written, and its degree of truth.

    Args:
        on: the day to look at; today when left out.
        output: table for people, json for programs.
    """
    from office.law.agency import read
    from office.law.showing import LawShowing

    path = Settings.read().law
    LawShowing(output).clauses(read(path), on or today(), path)


@law.command(name="show")
def law_show(
    clause: str | None = None,
    /,
    *,
    lang: Literal["en", "nl", "fr", "de"] | None = None,
    output: Form = "table",
) -> None:
    """Shows one clause, or all: what the article says, values in time, gaps, and where each is written.

    Args:
        clause: its id, as `umn law list` shows it; every clause when left out.
        lang: the language in which it is told what the article says; your own when left out.
        output: table for people, json for programs.
    """
    from models.parties import Language
    from office.law.agency import read
    from office.law.showing import LawShowing

    books = read(Settings.read().law)
    if clause is None:
        LawShowing(output).every_clause(books, today(), Language(lang or reader()))
    else:
        LawShowing(output).clause(books.clause(clause), today(), Language(lang or reader()))


@law.command(name="confirm")
def law_confirm(
    clause: str,
    /,
    *more: str,
    text: str,
    value: str | None = None,
    unit: Literal["hours", "calendar_days", "working_days", "weeks", "months", "years", "euro", "text"]
    | None = None,
    source: str | None = None,
    from_: Annotated[Day | None, Parameter(name="--from")] = None,
    until: Day | None = None,
    rules: Literal["eu-1182-71", "be-administrative", "be-whole-months", "plain"] | None = None,
    warnings: Annotated[list[str] | None, Parameter(negative=())] = None,
    silence: Silences | None = None,
    transition: Literal["filed", "running"] | None = None,
    announced: Switch = False,
    remark: str = "",
    output: Form = "table",
) -> None:
    """Writes values that a person compared with their text into the agency's own file of law.

    Args:
        clause: its id, as `umn law list` shows it.
        more: others whose values stand in the same text, all as they are held today.
        text: which text it was compared with, such as the Official Journal of a day and its page.
        value: a number; 90,60,30,0 for a ladder; 18960.32 in euro; or words. As it is held today, from its
            own first day, when value, unit, source and first day are left out.
        unit: what the value is counted or written in.
        source: the instrument and article, with its number in the official journal.
        from_: the first day of the value.
        until: its last day, when it has one.
        rules: how a period ends; as shipped when left out.
        warnings: how long before the end to warn, such as "10 working_days"; may be repeated; as shipped
            when left out.
        silence: what it means that its end passes and nobody has acted; as shipped when left out.
        transition: whom it reaches; filed is dossiers and years from that day on, running also open clocks.
        announced: known to come, and not law yet; it does not apply until it is confirmed without this.
        remark: what else a reader should know.
        output: table for people, json for programs.
    """
    from office.desk.person import takes_two
    from office.desk.preparation_showing import PreparationShowing
    from office.desk.preparing import done_in_office, prepare_in_office
    from office.law.agency import confirm, held
    from office.law.tables import typed

    settings, clauses = Settings.read(), [*dict.fromkeys((clause, *more))]
    new = {"--value": value, "--unit": unit, "--source": source, "--from": from_}
    changed = {"--until": until, "--rules": rules, "--warnings": warnings, "--silence": silence}
    changed |= {"--transition": transition, "--announced": announced or None}
    given = [option for option, said in (new | changed).items() if said is not None]
    if not given:
        values = [held(settings.law, one, today()) for one in clauses]
    elif value is None or unit is None or source is None or from_ is None or more:
        raise InputRefused("law.one-value-whole", given=given, clauses=clauses)
    else:
        entered_from = {"value": typed(value, unit), "unit": unit, "source": source, "from_on": from_}
        values = [{"clause": clause, **entered_from, "until_on": until}]
    both = {
        "text": text,
        "rules": rules,
        "warnings": warnings,
        "silence": silence,
        "transition": transition,
        "announced": announced,
        "remark": remark,
    }
    two, now = takes_two(settings, "law confirm", "", today()), datetime.now(UTC)
    by = by_whom(preparing("law confirm")) if two else by_whom("law confirm")
    for said in values:  # what cannot stand is told before any of them is kept
        confirm(settings.law, **said, **both, by=by, confirmed_on=today(), keeps=False)
    for said in values:
        on, whole = said["clause"], said | both
        if two:
            prepared = prepare_in_office(settings, "law confirm", on, by, whole, now)
            PreparationShowing(output).prepared(*prepared)
        else:
            entered(settings, done_in_office(settings, "law confirm", on, whole, now), output)


def entered(settings: Settings, signed: dict[str, Any], output: Output) -> None:
    """Keeps that somebody signed a value that was compared with its text, enters it, and tells what that did.

    Whoever reads the file never finds a value that nobody signed. What is done again stands once.
    """
    from office.law.agency import as_signed, confirm
    from office.law.revising import misjudged_if_any
    from office.law.showing import LawShowing
    from register import office_acts

    path = settings.law
    enters = partial(confirm, path, **as_signed(signed))
    enters(keeps=False)  # what cannot stand is not kept
    office_acts.keep(settings.register_url, signed)
    before, after, value = enters()
    LawShowing(output).confirmed(before, after, value, path, misjudged_if_any(settings, after, value))


@law.command(name="check")
def law_check(*, output: Form = "table") -> None:
    """Lists what a person has to look at: not confirmed, no value, overlapping, rewritten, a year old."""
    from models.errors import NotReachable
    from office.law.agency import stand_signed
    from office.law.problems import problems
    from office.law.showing import LawShowing
    from office.letters.offices import carried_on
    from register.office_acts import every_of
    from register.views import laws_carried

    settings = Settings.read()
    try:
        carried = laws_carried(settings.register_url)
        signed = stand_signed(settings.law, every_of(settings.register_url, "law confirm"))
    except NotReachable:  # no register yet: no case carries any law, and nobody signed any
        carried, signed = [], []
    here = {"", *carried_on(settings)}
    found = problems(settings.law, today(), carried, signed)
    LawShowing(output).problems([one for one in found if one.book in here])


@law.command(name="impact")
def law_impact(
    *,
    clause: str,
    from_: Annotated[Day, Parameter(name="--from")],
    value: str | None = None,
    unit: Literal["hours", "calendar_days", "working_days", "weeks", "months", "years", "euro", "text"]
    | None = None,
    rules: Literal["eu-1182-71", "be-administrative", "be-whole-months", "plain"] | None = None,
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
    from office.law.agency import read
    from office.law.revising import impact_of_clause, misjudged
    from office.law.showing import LawShowing
    from office.law.tables import tried

    settings = Settings.read()
    known = read(settings.law).clause(clause)
    new = tried(known, from_, value, unit, rules, transition, warnings)
    url = settings.register_url
    moves = list(impact_of_clause(url, known, new, today(), correction))
    said = worded(
        "law.reaches-and-corrects" if correction else "law.reaches", transition=word(new.transition.value)
    )
    LawShowing(output).moves(moves, said)
    if not correction:
        LawShowing(output).carry_another(misjudged(url, known, new), known, from_)


@law.command(name="apply")
async def law_apply(clause: str, /, *, correction: Switch = False, output: Form = "table") -> int:
    """Sends the value that is in force to the open cases, where its transition says that it reaches them.

    Args:
        clause: its id, as `umn law list` shows it.
        correction: to open cases of days on which it applies, because they carry a wrong value.
        output: table for people, json for programs.
    """
    by = by_whom("law apply")
    from office.law.agency import read
    from office.law.revising import apply_clause
    from office.law.showing import LawShowing
    from procedures.books import named

    settings = Settings.read()
    known = read(settings.law).clause(clause)
    value = known.on(today())
    showing = LawShowing(output)
    with showing.progress(worded("law.open-cases")) as tell:
        told = await apply_clause(settings, known, value, by, tell, correction)
    return showing.carried(worded("law.in-force-from", clause=named(known), since=value.from_on), told)


calendar = App(name="calendar", group_commands="Commands")


@calendar.command(name="list")
def calendar_list(*, book: str | None = None, output: Form = "table") -> None:
    """Lists the public holidays of this year and the next, and the closing days that were entered.

    Args:
        book: only those of this law book, and the holidays of its jurisdiction.
        output: table for people, json for programs.
    """
    from office.law.agency import read
    from office.law.showing import LawShowing
    from procedures.registry import book_of, jurisdiction_of, jurisdictions

    books = read(Settings.read().law)
    known = [*jurisdictions().values()] if book is None else [jurisdiction_of(book_of(book))]
    closed = books.closing_days if book is None else books.books[book_of(book)].closing_days
    years = (today().year, today().year + 1)
    holidays = [
        (of.code, day, name)
        for of in known
        for year in years
        for day, name in of.holiday_names(year, reader()).items()
    ]
    LawShowing(output).days_off(sorted(holidays), closed)


@calendar.command(name="add")
async def calendar_add(
    day: Day,
    /,
    *,
    reason: str,
    published: Day,
    book: str = "",
    preview: Switch = False,
    output: Form = "table",
) -> int:
    """Adds a closing day: where working days are counted it is none, in every open case.

    It moves nothing if it was published in the year in which it lies or later, and never a period in
    calendar days, weeks, months or years.

    Args:
        day: the day on which the agency is closed.
        reason: why, as letters will say it.
        published: the day on which it was published in the official journal.
        book: the law book of the authority that is closed, where there are several.
        preview: only lists every date that would move.
        output: table for people, json for programs.
    """
    by = by_whom("calendar add")
    from office.law.agency import add_closing_day, closing_day, read
    from office.law.revising import apply_closing_day, impact_of_closing_day
    from office.law.showing import LawShowing
    from procedures.registry import book_of

    settings = Settings.read()
    known = [c for c in read(settings.law).books[book_of(book)].closing_days if c.day == day]
    closing = (
        known[0]
        if known
        else closing_day(day=day, reason=reason, published=published, by=by, entered_on=today(), book=book)
    )
    if not closing.counts:
        say(worded("law.published-too-late", day=day, published=closing.published_on), file=sys.stderr)
    if preview:
        moves = impact_of_closing_day(settings.register_url, closing, today(), book)
        LawShowing(output).moves(list(moves), worded("law.nothing-entered"))
        return 0
    if not known:
        add_closing_day(settings.law, closing, book)
    showing = LawShowing(output)
    with showing.progress(worded("law.open-cases")) as tell:
        told = await apply_closing_day(settings, closing, tell, book)
    return showing.carried(
        worded(
            "law.closing-day-known" if known else "law.closing-day-entered",
            day=day,
            reason=closing.reason.rstrip("."),
        ),
        told,
    )
