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
from office.showing import Output, Showing

Form = Annotated[Output, Parameter(name=["--output", "-o"], help="table for people, json for programs")]
Number = Annotated[str, Parameter(help="number of the dossier or programme, such as CUP-2026-014")]

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
def due(within: int = 30, /, *, output: Form = "table") -> None:
    """Lists what falls due within so many calendar days, overdue first."""
    from register.views import due as falling_due

    if within < 0:
        raise InputRefused(f"Days are counted from today; {within} is not possible.")
    Showing(output).cases(falling_due(Settings.read().register_url, today(), within))


@app.command(group=INTAKE)
async def submit(
    package: Path,
    /,
    *,
    by: Annotated[str, Parameter(env_var="UMN_BY")],
    output: Form = "table",
) -> None:
    """Takes an e-submission in: a folder or a zip. The same package twice is the same dossier.

    Args:
        package: the delivery, with its delivery file, cover letter and application form.
        by: who takes it in.
        output: table for people, json for programs.
    """
    from office.intake import submit as take_in

    receipt, findings = await take_in(Settings.read(), package, by, today())
    Showing(output).receipt(receipt, findings)


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


def add_acts() -> None:
    """Adds one command per act, made from the act itself, in the order of the procedure; once."""
    from models.acts import ACTS
    from office.acting import command_of

    if ACTS[0].command in app:
        return
    for order, act in enumerate(ACTS):
        app.command(command_of(act, Form), name=act.command, group=ACTING, sort_key=order)


LIGHT = ("up", "down", "status", "demo", "list", "show", "due", "submit", "import-register")


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
        return Showing(output).error(type(error).__name__, error.message, error.possible, code)
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
