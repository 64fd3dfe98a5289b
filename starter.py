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
from office.commands import By, Form, Into, Number, Switch, today
from office.settings import Settings
from office.showing import Showing, written


class Desk(StrEnum):
    """Whose turn it is. As models/parties.py has it, without what that costs a list."""

    DESK = "desk"
    APPLICANT = "applicant"
    INVOICE_ADDRESSEE = "invoice_addressee"
    ETHICS_COMMITTEE = "ethics_committee"
    COMMISSION = "commission"
    PHYSICIANS = "physicians"


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


@app.command(group=OFFICE)
def up(*, output: Form = "table") -> None:
    """Starts the Temporal server and a worker, or goes on where they were; harmless when they run."""
    from office import server
    from register.database import migrate

    settings = Settings.read()
    settings.var.mkdir(parents=True, exist_ok=True)
    if settings.profile == "production":
        settings.production_mark.touch()
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


SUBJECTS = {
    "law:law": (OFFICE, "Shows the law as it is held here, and lets the agency complete it."),
    "law:calendar": (OFFICE, "Shows and adds the closing days of the agency."),
    "payments:payments": (
        OFFICE,
        "Takes bank statements in and matches them; alone it lists the movements that wait for a person.",
    ),
    "notices:notices": (
        OFFICE,
        "Lists letters that have not arrived; takes what a person says of one: bounced, delivered, again.",
    ),
    "recipients:recipients": (OFFICE, "Shows to whom the letters of a case go, and has them go elsewhere."),
    "letter:letter": (LOOKING, "Shows a letter before it leaves, or writes a draft of it to amend."),
    "publish:publish": (
        OFFICE,
        "Publishes the register as a static site, or tells with --diff what that would change.",
    ),
    "summary:summary": (INTAKE, "Shows what a programme says for publication, or adds a language of it."),
    "form:form": (INTAKE, "Hands out the forms of applicants, and checks filled ones."),
}
"""Commands with commands of their own, in office/commands: loaded when they are asked for."""

for subject, (group, says) in SUBJECTS.items():
    app.command(f"office.commands.{subject}", group=group, help=says)


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
    from register.clocks import due as falling_due

    if within < 0:
        raise InputRefused(f"Days are counted from today; {within} is not possible.")
    found = falling_due(Settings.read().register_url, today(), within, desk.value if desk else None)
    if ical is None:
        from register.notices import waiting

        return Showing(output).due(found, waiting(Settings.read().register_url), within)
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
def explain(
    number: Number, /, *, lang: Literal["en", "nl", "fr", "de"] = "en", output: Form = "table"
) -> None:
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
    lang: Literal["en", "nl", "fr", "de"] = "en",
    output: Form = "table",
) -> None:
    """Counts any period, without server or register, and says how.

    Args:
        start: the day of the event; it is not counted itself.
        limit: an amount with its unit, such as "14 calendar_days"; also working_days, months, years.
        stop: days that do not run, both included, as 2026-05-03..2026-05-10; open without the second day.
            With @2026-05-02 behind it, the day on which the questions went out.
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
    verify: Switch = False,
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
    by: By,
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
async def import_register(
    page: Path, /, *, compare: Switch = False, known: Path | None = None, output: Form = "table"
) -> None:
    """Takes the programmes over from the agency's public page, saved as text or HTML; once.

    Args:
        page: the page as text or HTML.
        compare: takes nothing over, and tells how the page differs from our register.
        known: a CSV with trade names and active substances that are not known yet.
        output: table for people, json for programs.
    """
    if compare:
        from office.page_comparison import compare_page
        from office.publishing_showing import PublishingShowing

        return PublishingShowing(output).compared(compare_page(Settings.read(), page, known, today()))
    from office.intake import import_page

    showing = Showing(output)
    with showing.progress("programmes") as tell:
        numbers = await import_page(Settings.read(), page, known, today(), tell)
    showing.imported(numbers)


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
    "letter",
    "payments",
    "notices",
    "recipients",
    "publish",
    "summary",
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
