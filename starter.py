"""`umn`, the operators' command line: one command per act, and what looks things up.

Results go to standard output, as a table or sentence, or as one JSON document with `-o json`; messages
to people go to standard error. Exit codes: 0 done, 1 a fault of ours, 2 wrong usage or input, 3 refused
by the procedure, 4 not found, 5 the outside world does not answer.

Imports are inside the commands: a list must answer at once from a cold start.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, CycloptsError, Group, Parameter

from models.errors import (
    ActRefused,
    InputRefused,
    LawSilent,
    NotFound,
    OutsideWorldFailed,
    ProcedureError,
)
from models.phases import Phase
from office.settings import Settings
from office.showing import Output, Showing, written

Form = Annotated[Output, Parameter(name=["--output", "-o"], help="table for people, json for programs")]
Number = Annotated[str, Parameter(help="number of the dossier or programme, such as CUP-2026-014")]
Into = Annotated[Path, Parameter(allow_leading_hyphen=True)]


class Desk(StrEnum):
    """Whose turn it is. As models/parties.py has it, without what that costs a list."""

    DESK = "desk"
    APPLICANT = "applicant"
    INVOICE_ADDRESSEE = "invoice_addressee"
    ETHICS_COMMITTEE = "ethics_committee"
    COMMISSION = "commission"


EXIT = {ActRefused: 3, LawSilent: 3, NotFound: 4, OutsideWorldFailed: 5, InputRefused: 2}

OFFICE = Group("The office", sort_key=1)
LOOKING = Group("Looking things up", sort_key=2)
INTAKE = Group("Taking in", sort_key=3)
ACTING = Group("Acts, in the order of the procedure", sort_key=4)

app = App(
    name="umn",
    help="Carries compassionate use and medical need programmes, from e-submission to closure.",
    version_flags=[],
    group_commands=OFFICE,
)


def today() -> date:
    """The civil date in Brussels; not by models/clock.py, which would cost a list half its time."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Europe/Brussels")).date()


@app.command(group=OFFICE)
def up(*, output: Form = "table") -> None:
    """Starts the Temporal server and a worker, or goes on where they were; harmless when they run."""
    from office import server
    from register.database import migrate

    settings = Settings.read()
    settings.var.mkdir(parents=True, exist_ok=True)
    migrate(settings.register_url)
    Showing(output).running(server.up(settings))


@app.command(group=OFFICE)
def down(*, output: Form = "table") -> None:
    """Stops what `up` started; the data stays."""
    from office import server

    Showing(output).stopped(server.down(Settings.read()))


@app.command(group=OFFICE)
def status(*, output: Form = "table") -> None:
    """Says what runs, the versions of everything, and the address of the Temporal UI."""
    from office import server

    Showing(output).status(server.status(Settings.read()))


@app.command(group=OFFICE)
def demo() -> None:
    """Runs the main job from end to end, and prints each command that an operator would have typed."""
    from office.demo import play

    play(Settings.read())


law = App(
    name="law",
    help="Shows the law as it is held here, and lets the agency complete it.",
    group=OFFICE,
    group_commands="Commands",
)
app.command(law)


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
    by: Annotated[str, Parameter(env_var="UMN_BY")],
    until: date | None = None,
    rules: Literal["eu-1182-71", "be-administrative", "plain"] | None = None,
    warnings: Annotated[list[str] | None, Parameter(negative=())] = None,
    transition: Literal["filed", "running"] | None = None,
    announced: Annotated[bool, Parameter(negative=())] = False,
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
    LawShowing(output).confirmed(before, after, entered, path)


@law.command(name="check")
def law_check(*, output: Form = "table") -> None:
    """Lists what a person has to look at: not verified, without a value, overlapping, a year old."""
    from office.agency_law import problems
    from office.law_showing import LawShowing

    LawShowing(output).problems(problems(Settings.read().law, today()))


@law.command(name="impact")
def law_impact(
    *,
    clause: str,
    from_: Annotated[date, Parameter(name="--from")],
    value: str | None = None,
    unit: Literal["calendar_days", "working_days", "months", "years", "euro", "text"] | None = None,
    rules: Literal["eu-1182-71", "be-administrative", "plain"] | None = None,
    transition: Literal["filed", "running"] | None = None,
    output: Form = "table",
) -> None:
    """Lists what a value of a clause would move in open dossiers and programmes; nothing is changed.

    Args:
        clause: its id, as `umn law list` shows it.
        from_: the first day of the value.
        value: the value to try, written as for `law confirm`; the one held for that day when left out.
        unit: what the value is counted or written in.
        rules: how a period ends; as shipped when left out.
        transition: whom it reaches; filed is dossiers and years from that day on, running also open clocks.
        output: table for people, json for programs.
    """
    from office.agency_law import read
    from office.law_showing import LawShowing
    from office.law_tables import tried
    from office.revising import impact_of_clause, not_looked_at

    settings = Settings.read()
    known = read(settings.law).clause(clause)
    new = tried(known, from_, value, unit, rules, transition)
    moves = impact_of_clause(settings.register_url, known, new, today())
    said = f"Whom it reaches: {new.transition.value}."
    LawShowing(output).moves(list(moves), said, not_looked_at(settings.register_url))


@law.command(name="apply")
async def law_apply(
    clause: str, /, *, by: Annotated[str, Parameter(env_var="UMN_BY")], output: Form = "table"
) -> int:
    """Sends the value that is in force to the open cases, where its transition says that it reaches them.

    Args:
        clause: its id, as `umn law list` shows it.
        by: who signs for it.
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
        told = await apply_clause(settings, known, value, by, tell)
    return LawShowing(output).told(f"{known.id}, in force from {value.from_on}.", told)


calendar = App(name="calendar", help="Shows and adds the closing days of the agency.", group=OFFICE)
app.command(calendar)

form = App(name="form", help="Hands out the forms of applicants, and checks filled ones.", group=INTAKE)
app.command(form)


@form.command(name="new")
def form_new(
    handed: Literal["cup", "mnp", "annex-x"],
    /,
    *,
    lang: Literal["en", "nl", "fr"] = "en",
    out: Into | None = None,
    output: Form = "table",
) -> None:
    """Writes an empty form as a spreadsheet, with questions, help and lists of choices.

    Args:
        handed: the application of one of the two procedures, or the re-evaluation (Annex X).
        lang: the language of its questions.
        out: the file to write; in this folder, called after the form, when left out.
        output: table for people, json for programs.
    """
    from models.parties import Language
    from office.forms import hand_out

    Showing(output).form(hand_out(handed, Language(lang), out))


@form.command(name="check")
def form_check(
    file: Path, /, *, lang: Literal["en", "nl", "fr"] | None = None, output: Form = "table"
) -> int:
    """Checks a filled form, JSON or spreadsheet, and tells everything that is wrong with it at once.

    Args:
        file: the filled form.
        lang: the language in which fields are named; the applicant's when left out.
        output: table for people, json for programs.
    """
    from models.parties import Language
    from office.forms import check

    return Showing(output).form_checked(file, *check(file, Language(lang) if lang else None))


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
    by: Annotated[str, Parameter(env_var="UMN_BY")],
    preview: Annotated[bool, Parameter(negative=())] = False,
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
    from office.revising import apply_closing_day, impact_of_closing_day, not_looked_at

    settings = Settings.read()
    known = [c for c in read(settings.law).closing_days if c.day == day]
    closing = known[0] if known else closing_day(day=day, reason=reason, by=by, entered_on=today())
    if preview:
        moves = impact_of_closing_day(settings.register_url, closing, today())
        unknown = not_looked_at(settings.register_url)
        LawShowing(output).moves(list(moves), "Nothing was entered.", unknown)
        return 0
    if not known:
        add_closing_day(settings.law, closing)
    with Showing(output).progress("open dossiers") as tell:
        told = await apply_closing_day(settings, closing, tell)
    said = "was entered already" if known else "is entered"
    return LawShowing(output).told(f"{day} {said} as a closing day: {closing.reason}.", told)


@app.command(name="list", group=LOOKING)
def list_(
    *,
    kind: Literal["application", "modification", "safety-report", "re-evaluation", "programme"] | None = None,
    phase: Phase | None = None,
    applicant: str | None = None,
    procedure: str | None = None,
    due_within: int | None = None,
    overdue: bool = False,
    open: bool = False,
    output: Form = "table",
) -> None:
    """Lists dossiers and programmes from the register.

    Args:
        kind: what was filed, or programme.
        phase: where it stands, such as opinion or authorised.
        applicant: a part of the applicant's name.
        procedure: CUP, MNP, or UMN for programmes of which the page does not tell.
        due_within: due within so many calendar days, overdue included.
        overdue: only what is overdue.
        open: only what has not ended.
        output: table for people, json for programs.
    """
    from register.views import cases

    if due_within is not None and due_within < 0:
        raise InputRefused(f"--due-within counts calendar days from today; {due_within} is not possible.")
    found = cases(
        Settings.read().register_url,
        today=today(),
        kind=kind,
        phase=phase.value if phase else None,
        applicant=applicant,
        procedure=procedure,
        due_within=due_within,
        overdue=overdue,
        open_only=open,
    )
    Showing(output).cases(found)


@app.command(group=LOOKING)
def show(number: Number, /, *, output: Form = "table") -> None:
    """Shows one dossier or programme: state, what is awaited, entries, documents, invoices."""
    from register.views import case

    Showing(output).case(case(Settings.read().register_url, number, today()))


@app.command(group=LOOKING)
def due(
    within: int = 30,
    /,
    *,
    desk: Desk | None = None,
    ical: Into | None = None,
    output: Form = "table",
) -> None:
    """Lists what falls due within so many calendar days, desk by desk, overdue first, and what stands still.

    Args:
        within: calendar days from today.
        desk: only what is this desk's turn.
        ical: writes the same as a calendar feed into this file; - is standard output.
        output: table for people, json for programs.
    """
    from register.views import due as falling_due

    if within < 0:
        raise InputRefused(f"Days are counted from today; {within} is not possible.")
    found = falling_due(Settings.read().register_url, today(), within, desk.value if desk else None)
    if ical is None:
        return Showing(output).due(found)
    from office.calendar_feed import feed

    if written(ical, feed(told.clock for told in found)):
        Showing(output).due_written(found, ical)


@app.command(group=LOOKING)
def timeline(number: Number, /, *, svg: Into | None = None, output: Form = "table") -> None:
    """Draws the clocks of a dossier or programme: what ran, stood still, was extended, and falls due.

    Args:
        number: number of the dossier or programme, such as CUP-2026-014.
        svg: writes the drawing as a picture into this file; - is standard output.
        output: table for people, json for programs.
    """
    from office.timeline import picture_of
    from register.views import case, laws

    url = Settings.read().register_url
    found = case(url, number, today())
    picture = picture_of(found, laws(url, [found.entries[-1].law]), today())
    if svg is None:
        return Showing(output).timeline(picture)
    from office.timeline_drawing import as_svg

    if written(svg, as_svg(picture)):
        Showing(output).timeline_written(picture, svg)


@app.command(group=LOOKING)
def explain(number: Number, /, *, lang: Literal["en", "nl", "fr"] = "en", output: Form = "table") -> None:
    """Explains how each due date came about: start, article, stops, holidays, and the rule that moved it.

    Args:
        number: number of the dossier or programme, such as CUP-2026-014.
        lang: the language of the sentences.
        output: table for people, json for programs.
    """
    from office.explaining import explained, lines
    from register.views import case, laws

    url = Settings.read().register_url
    found = case(url, number, today())
    document = explained(found, laws(url, (line.law for line in found.entries)), lang)
    Showing(output).told(document, lines(document))


@app.command(group=LOOKING)
def clock(
    *,
    start: date,
    limit: str,
    stop: Annotated[list[str] | None, Parameter(negative=())] = None,
    extension: Annotated[list[str] | None, Parameter(negative=())] = None,
    cap: int | None = None,
    closed: Annotated[list[date] | None, Parameter(negative=())] = None,
    rules: Literal["eu-1182-71", "be-administrative", "plain"] = "be-administrative",
    calendar: str = "BE",
    lang: Literal["en", "nl", "fr"] = "en",
    output: Form = "table",
) -> None:
    """Counts any period, without server or register, and says how.

    Args:
        start: the day of the event; it is not counted itself.
        limit: an amount with its unit, such as "14 calendar_days"; also working_days, months, years.
        stop: days that do not run, both included, as 2026-05-03..2026-05-10; open without the second day.
            May be repeated.
        extension: how much is added in the unit of the limit, such as 5, or 5@2026-05-20 with the day on
            which it takes effect. May be repeated.
        cap: the most that extensions add together.
        closed: one more closing day; may be repeated.
        rules: how the end is found.
        calendar: BE for the public holidays of Belgium, agency for those and the agency's closing days.
        lang: the language of the sentences.
        output: table for people, json for programs.
    """
    from office.counting import calendar_of, lines, period, reckoned, told

    typed = period(limit, start, stop or (), extension or (), cap, rules)
    days = calendar_of(calendar, start, closed or (), Settings.read().law)
    answer = told(reckoned(typed, days), typed, days, lang)
    Showing(output).told(answer, lines(answer))


@app.command(group=LOOKING)
def documents(
    number: str | None = None,
    /,
    *,
    extract: Into | None = None,
    verify: Annotated[bool, Parameter(negative=())] = False,
    output: Form = "table",
) -> int:
    """Lists the documents of a dossier or programme, writes them out, or verifies that all are whole.

    Args:
        number: number of the dossier or programme, such as CUP-2026-014.
        extract: writes the documents into this folder, which must be new or empty.
        verify: compares every document of every case with its hash; without a number.
        output: table for people, json for programs.
    """
    from office.documents import extract as write_out
    from office.documents import verify as compare
    from register.views import case

    settings, showing = Settings.read(), Showing(output)
    if verify == (number is not None) or (verify and extract):
        raise InputRefused(
            "`umn documents` takes a number, with --extract FOLDER when they are to be written out, "
            "or --verify alone.",
            ("documents NUMBER", "documents NUMBER --extract FOLDER", "documents --verify"),
        )
    if number is None:
        with showing.progress("documents") as tell:
            verified = compare(settings, tell)
        return showing.verified(verified)
    found = case(settings.register_url, number, today()).documents
    if extract is None:
        showing.documents(found)
    else:
        showing.extracted(extract, write_out(settings, found, extract))
    return 0


@app.command(name="refused-packages", group=LOOKING)
def refused_packages_(*, output: Form = "table") -> None:
    """Lists the e-submissions that were refused: when, by whom, and why. Nothing else of them is kept."""
    from register.refused_packages import refused_packages

    Showing(output).refused_packages(refused_packages(Settings.read().register_url))


@app.command(group=INTAKE)
async def submit(
    package: Path,
    /,
    *,
    by: Annotated[str, Parameter(env_var="UMN_BY")],
    kind: Literal["application", "modification", "safety-report", "re-evaluation", "completion", "answers"]
    | None = None,
    procedure: Literal["CUP", "MNP"] | None = None,
    output: Form = "table",
) -> None:
    """Takes an e-submission in. The same package twice is the same dossier.

    Args:
        package: a folder, a zip, or the delivery file (XML) with its archive beside it.
        by: who takes it in.
        kind: chooses what is filed, where the forms of the package disagree.
        procedure: chooses the procedure, where the forms of the package disagree.
        output: table for people, json for programs.
    """
    from office.examining import told
    from office.intake import submit as take_in

    receipt, findings = await take_in(Settings.read(), package, by, today(), kind, procedure)
    Showing(output).receipt(receipt, [told(finding) for finding in findings])


@app.command(name="import-register", group=INTAKE)
async def import_register(page: Path, /, *, known: Path | None = None, output: Form = "table") -> None:
    """Takes the programmes over from the agency's public page, saved as text; once.

    Args:
        page: the page as text.
        known: a CSV with trade names and active substances that are not known yet.
        output: table for people, json for programs.
    """
    from office.intake import import_page

    showing = Showing(output)
    with showing.progress("programmes") as tell:
        numbers = await import_page(Settings.read(), page, known, today(), tell)
    showing.imported(numbers)


payments = App(
    name="payments",
    help="Takes bank statements in and matches them; alone it lists the movements that wait for a person.",
    group=OFFICE,
    group_commands="Commands",
)
app.command(payments)


@payments.default
def payments_waiting(*, output: Form = "table") -> None:
    """Lists the movements that wait for a person, the oldest first."""
    from office.payments_showing import PaymentsShowing
    from register.accounts import waiting

    PaymentsShowing(output).waiting(waiting(Settings.read().register_url))


@payments.command(name="import")
async def payments_import(
    file: Path, /, *, by: Annotated[str, Parameter(env_var="UMN_BY")], output: Form = "table"
) -> None:
    """Takes a bank statement in, CODA or camt.053, and books it; the same movement twice counts once.

    Args:
        file: the file as the bank delivered it.
        by: who takes it in.
        output: table for people, json for programs.
    """
    from office.payments import import_statement
    from office.payments_showing import PaymentsShowing

    with Showing(output).progress("movements") as tell:
        told = await import_statement(Settings.read(), file, by, today(), tell)
    PaymentsShowing(output).imported(told)


@payments.command(name="assign")
async def payments_assign(
    movement: str,
    number: Number,
    /,
    *,
    by: Annotated[str, Parameter(env_var="UMN_BY")],
    output: Form = "table",
) -> int:
    """Books a movement that waits on the invoice of a dossier; what the invoice cannot take waits on.

    Args:
        movement: its name, as `umn payments` lists it.
        number: number of the dossier or programme, such as CUP-2026-014.
        by: who decides it.
        output: table for people, json for programs.
    """
    from office.payments import decide
    from office.payments_showing import PaymentsShowing

    wanted = [(number, None)]
    return PaymentsShowing(output).decided(
        await decide(Settings.read(), movement, "assign", by, today(), wanted)
    )


@payments.command(name="split")
async def payments_split(
    movement: str,
    /,
    *,
    to: Annotated[list[str], Parameter(negative=())],
    by: Annotated[str, Parameter(env_var="UMN_BY")],
    output: Form = "table",
) -> int:
    """Books a movement that waits on several invoices; what is not given out waits on.

    Args:
        movement: its name, as `umn payments` lists it.
        to: a number and what its invoice gets, such as CUP-2026-014=1234.56; may be repeated.
        by: who decides it.
        output: table for people, json for programs.
    """
    from office.payments import decide, shares_of
    from office.payments_showing import PaymentsShowing

    return PaymentsShowing(output).decided(
        await decide(Settings.read(), movement, "split", by, today(), shares_of(to))
    )


@payments.command(name="return")
async def payments_return(
    movement: str,
    /,
    *,
    reason: str,
    by: Annotated[str, Parameter(env_var="UMN_BY")],
    output: Form = "table",
) -> None:
    """Notes that what waits of a movement goes back to the payer; the accounts make the transfer.

    Args:
        movement: its name, as `umn payments` lists it.
        reason: why.
        by: who decides it.
        output: table for people, json for programs.
    """
    from office.payments import decide
    from office.payments_showing import PaymentsShowing

    PaymentsShowing(output).decided(
        await decide(Settings.read(), movement, "return", by, today(), reason=reason)
    )


@payments.command(name="report")
def payments_report(*, year: int, output: Form = "table") -> int:
    """Reconciles what was invoiced in a year with what moved on the account, to the cent.

    Args:
        year: the year of the invoices, and of the movements.
        output: table for people, json for programs.
    """
    from office.payments_showing import PaymentsShowing
    from register.accounts import report

    if not 2000 <= year <= 9999:
        raise InputRefused(f"--year is {year}; it must be a year with four digits.")
    return PaymentsShowing(output).report(report(Settings.read().register_url, year))


def add_acts() -> None:
    """Adds one command per act, made from the act itself, in the order of the procedure; once."""
    from models.acts import ACTS
    from office.acting import command_of

    if ACTS[0].command in app:
        return
    for order, act in enumerate(ACTS):
        app.command(command_of(act, Form), name=act.command, group=ACTING, sort_key=order)


LIGHT = (
    "up",
    "down",
    "status",
    "demo",
    "list",
    "show",
    "due",
    "timeline",
    "explain",
    "clock",
    "submit",
    "import-register",
    "documents",
    "refused-packages",
    "law",
    "calendar",
    "form",
    "payments",
)


def run(arguments: list[str]) -> int:
    """Runs one command. Returns: the exit code; a traceback reaches nobody but our own log."""
    output: Literal["table", "json"] = "json" if "json" in _after_output(arguments) else "table"
    if not arguments or arguments[0] not in LIGHT:
        add_acts()
    try:
        _readable(arguments)
        result: Any = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        return int(result) if isinstance(result, int) else 0
    except CycloptsError as error:
        return Showing(output).error("WrongUsage", str(error), (_help(arguments),), 2)
    except ProcedureError as error:
        code = next((code for kind, code in EXIT.items() if isinstance(error, kind)), 1)
        reason = getattr(error, "code", None)
        return Showing(output).error(type(error).__name__, error.message, error.possible, code, reason)
    except KeyboardInterrupt:
        return Showing(output).error("Interrupted", "Stopped; an act already sent stays sent.", (), 1)
    except (BrokenPipeError, SystemExit):
        return 0  # whoever reads us has read enough; rich says so by SystemExit
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return Showing(output).error("NotReachable", f"{error.strerror or error}{where}.", (), 5)
    except Exception as error:
        return Showing(output).fault(error, _log())


def _readable(arguments: list[str]) -> None:
    for argument in arguments:
        if not argument.isprintable() and any("\udc80" <= sign <= "\udcff" for sign in argument):
            raise InputRefused(f"{argument!a} is not written in UTF-8, as everything here is.")


def _log() -> Path:
    """Where a fault of ours is written down, also when the settings themselves are at fault."""
    try:
        return Settings.read().var / "log" / "umn.log"
    except ProcedureError:
        return Settings().var / "log" / "umn.log"


def _after_output(arguments: list[str]) -> list[str]:
    from itertools import pairwise

    after = [b for a, b in pairwise(arguments) if a in ("-o", "--output")]
    return after + [a.partition("=")[2] for a in arguments if a.startswith(("-o=", "--output="))]


def _help(arguments: list[str]) -> str:
    known = arguments[:1] if arguments and arguments[0] in app else []
    return " ".join(["umn", *known, "--help"])


def main() -> None:
    """Runs, flushes, and leaves at once: ending the interpreter itself can abort inside the SDK."""
    if sys.stdout is None or sys.stderr is None:  # closed by whoever started us
        nowhere = open(os.devnull, "w")  # noqa: SIM115
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            pass  # whoever reads us has read enough
        except OSError:
            code = code or 5  # a result that could not be written down was not given
    os._exit(code)


if __name__ == "__main__":
    main()
