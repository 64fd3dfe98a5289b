"""`umn`, the operators' command line: one command per act, and what looks things up.

Results go to standard output, as a table or sentence, or as one JSON document with `-o json`; messages
to people go to standard error. Exit codes: 0 done, 1 a fault of ours, 2 wrong usage or input, 3 refused
by the procedure, 4 not found, 5 the outside world does not answer, 128 and its number for a signal.

The commands are in office/commands, and import what they need when they are asked: a list must answer at once
from a cold start.
"""

from __future__ import annotations

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before all is imported ends us without a traceback

import gc
import os
import sys
from contextlib import AbstractContextManager, nullcontext, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from cyclopts import App, CycloptsError, Group

from models.errors import (
    InputRefused,
    ProcedureError,
)
from models.messages import ENGLISH, Message, catalogue, read_in
from models.reasons import masked
from models.signs import flaw, visible
from office.commands import EXIT, intake, looking, recovery, service
from office.modes import keep_private
from office.service.ending import Stopped, end, end_when_told, last_sentence, leave
from office.settings import PREFIX, Settings
from office.showing import Showing, say, speak_as_the_terminal, tell_aside

OFFICE = Group("The office", sort_key=1)
LOOKING = Group("Looking things up", sort_key=2)
INTAKE = Group("Taking in", sort_key=3)
ACTING = Group("Acts, in the order of the procedure", sort_key=4)


def _version() -> str:
    from office.service.build import build_id, version

    return f"{version()[0]} {build_id()}"


app = App(
    name="umn",
    help="Carries regulatory procedures as the law lays them down, from e-submission to closure.",
    version=_version,
    group_commands=OFFICE,
    suppress_keyboard_interrupt=False,  # it would answer Ctrl-C itself, and not say what became of an act
)

ALONE = {
    "up": (OFFICE, service.up),
    "down": (OFFICE, service.down),
    "status": (OFFICE, service.status),
    "metrics": (OFFICE, service.metrics),
    "demo": (OFFICE, service.demo),
    "backup": (OFFICE, recovery.backup),
    "restore": (OFFICE, recovery.restore),
    "release": (OFFICE, recovery.release),
    "reopen": (OFFICE, recovery.reopen),
    "reconcile": (OFFICE, recovery.reconcile),
    "verify": (OFFICE, recovery.verify),
    "list": (LOOKING, looking.list_),
    "show": (LOOKING, looking.show),
    "desk": (LOOKING, looking.desk),
    "find": (LOOKING, looking.find),
    "completion": (OFFICE, looking.completion),
    "report": (LOOKING, looking.report),
    "next": (LOOKING, looking.next_),
    "due": (LOOKING, looking.due),
    "timeline": (LOOKING, looking.timeline),
    "explain": (LOOKING, looking.explain),
    "clock": (LOOKING, looking.clock),
    "documents": (LOOKING, looking.documents),
    "history": (LOOKING, looking.history),
    "refused-packages": (LOOKING, looking.refused_packages),
    "submit": (INTAKE, intake.submit),
    "import-register": (INTAKE, intake.import_register),
}
"""Commands that stand alone."""

SUBJECTS = {
    "people:people": (
        OFFICE,
        "Lists the people of the office, and takes what an administrator says of them.",
    ),
    "preparing:prepare": (ACTING, "Prepares an act that takes two people, for another one to sign."),
    "preparing:sign": (ACTING, "Lists what waits for a second person; signs one of it, or declines it."),
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
    "dossier:dossier": (LOOKING, "Writes the file of a case as one archive that proves itself to others."),
    "letter:letter": (LOOKING, "Shows a letter before it leaves, or writes a draft of it to amend."),
    "publish:publish": (
        OFFICE,
        "Publishes the register as a static site, or tells with --diff what that would change.",
    ),
    "summary:summary": (INTAKE, "Shows what a programme says for publication, or adds a language of it."),
    "form:form": (INTAKE, "Hands out the forms of applicants, and checks filled ones."),
}
"""Commands with commands of their own, in office/commands: loaded when they are asked for."""

for alone, (group, command) in ALONE.items():
    app.command(command, name=alone, group=group)
for subject, (group, says) in SUBJECTS.items():
    app.command(f"office.commands.{subject}", group=group, help=says)


def add_acts(asked: str = "") -> None:
    """Adds one command per act, in the order of the procedure; the one that is asked is made from its act.

    Help lists the others by what the catalogue says of each: acts are dear to load.
    """
    told = [key.partition(".")[2] for key in catalogue(ENGLISH) if key.startswith("command.")]
    for order, command in enumerate(told):
        if command in app:  # of another command that this process ran
            del app[command]
        app.command(
            f"office.desk.acting:{command}",
            name=command,
            group=ACTING,
            sort_key=order,
            help=None if command == asked else str(Message(f"command.{command}")),
        )


_FEW_SWEEPS = 500_000
"""Objects after which Python looks for what nobody holds: a list of ten thousand ends before that."""

LIGHT = (*ALONE, *(subject.partition(":")[2] for subject in SUBJECTS))
"""Commands that are no acts."""


def run(arguments: list[str]) -> int:
    """Runs one command. Returns: the exit code; a traceback reaches nobody but our own log."""
    code = _run(arguments)
    if _output(arguments) == "table" and arguments[:1] not in (["status"], ["down"]):
        with suppress(ProcedureError, OSError):
            _tell_of_unanswered(Settings.read())
    return code


def _tell_of_unanswered(settings: Settings) -> None:
    """Tells people, once, of acts that stand although the command that sent them got no answer."""
    folder = settings.var / "requests"
    if any(folder.glob("*.json")):
        from office.desk.requests import Requests

        for message in Requests(folder, settings.register_url).tell():
            tell_aside(message)


def _run(arguments: list[str]) -> int:
    output = _output(arguments)
    read_in(ENGLISH)  # what programs read is English, and so is that the settings cannot be read
    try:
        settings = Settings.read()
        if output == "table":
            read_in(settings.language)
        settings.take_procedures_in()
        if not arguments and (settings.database_url or (settings.var / "register.db").exists()):
            arguments = ["desk"]
        if arguments[:2] == ["complete", "--"]:
            return _complete(arguments[2:])
        if arguments[:1] == ["help"]:
            arguments = [*arguments[1:], "--help"]
        if not arguments or arguments[0] not in LIGHT:
            add_acts(*arguments[:1])
        _readable(arguments)
        with _paged(arguments, output):
            result: Any = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        if "--help" in arguments or "-h" in arguments:
            _tell_examples(arguments)
        return int(result) if isinstance(result, int) else 0
    except CycloptsError as error:
        return Showing(output).error("WrongUsage", str(error), (_help(arguments),), 2)
    except ProcedureError as error:
        code = next((code for kind, code in EXIT.items() if isinstance(error, kind)), 1)
        reason = getattr(error, "code", None)
        possible = error.possible if output == "json" else _to_paste(error)
        message = error.said.in_words()
        return Showing(output).error(type(error).__name__, message, possible, code, reason)
    except (BrokenPipeError, SystemExit):
        return 0  # whoever reads us has read enough; rich says so by SystemExit
    except Exception as error:
        from office.service.lacking import lack_of

        if lack := lack_of(error, _log().parent.parent):
            return Showing(output).error("NotReachable", lack.said.in_words(), lack.possible, 5)
        if not isinstance(error, OSError):
            return Showing(output).fault(error, _log())
        where = f": {error.filename}" if error.filename else ""
        return Showing(output).error("NotReachable", f"{error.strerror or error}{where}.", (), 5)


def _tell_examples(arguments: list[str]) -> None:
    from office.commands.examples import of_help

    if told := of_help(arguments):
        say(told)


def _paged(arguments: list[str], output: str) -> AbstractContextManager[None]:
    """Has a long list paged, where somebody sits at a terminal."""
    if output == "json" or not sys.stdout.isatty():
        return nullcontext()
    from office.desk.paging import paged

    return paged(arguments)


def _complete(typed: list[str]) -> int:
    """Offers a shell what can follow; it asks while somebody types, so that nothing but that is said."""
    from office.desk.completing import offered

    add_acts(*typed[:1])
    for one in offered(app, typed):
        print(one)
    return 0


def _to_paste(error: ProcedureError) -> tuple[str, ...]:
    """What is possible now, as commands that can be pasted: an act with the number of its case."""
    number = error.said.facts.get("number")
    acts = {key.partition(".")[2] for key in catalogue(ENGLISH) if key.startswith("command.")}
    told = []
    for command in error.possible:
        first, _, more = command.partition(" ")
        of = f" {number}" if first in acts and number and not more else ""
        told.append(f"umn {command}{of}" if first in acts or first in LIGHT else command)
    return tuple(told)


def _readable(arguments: list[str]) -> None:
    """Raises: InputRefused for an argument that is no text; whether it may be empty, its option knows."""
    for before, argument in pairwise(("", *arguments)):
        if any("\udc80" <= sign <= "\udcff" for sign in argument):
            raise InputRefused("typed.argument-not-utf8", argument=visible(argument))
        option, _, written = argument.partition("=") if argument.startswith("--") else (before, "", argument)
        if written and (wrong := flaw(written, lines=True)):
            where = option if option.startswith("-") else visible(written)
            raise InputRefused("typed.wrong-sign", where=where, wrong=wrong)
        if masked(written) != written and _names_a_person(written):
            where = option if option.startswith("-") else masked(visible(written))
            raise InputRefused("typed.national-number", where=where)


def _names_a_person(written: str) -> bool:
    from procedures.registry import names_a_person

    return names_a_person(written)


def _log() -> Path:
    """Where a fault of ours is written down, also when the settings themselves are at fault."""
    try:
        return Settings.read().var / "log" / "umn.log"
    except ProcedureError:
        return Settings().var / "log" / "umn.log"


def _output(arguments: list[str]) -> Literal["table", "json"]:
    """The form that was asked for, also when nothing else of the command can be understood."""
    after = [b for a, b in pairwise(arguments) if a in ("-o", "--output")]
    after += [a.partition("=")[2] for a in arguments if a.startswith(("-o=", "--output="))]
    return "json" if "json" in after else "table"


def _as_told(arguments: list[str]) -> list[str]:
    """The arguments without `--wide`, `--plain` and `--no-pager`, by which any command shows otherwise."""
    for way in ("wide", "plain"):
        if f"--{way}" in arguments:
            os.environ[f"{PREFIX}TABLES"] = way
    if "--no-pager" in arguments:
        os.environ[f"{PREFIX}PAGER"] = "cat"
    return [argument for argument in arguments if argument not in ("--wide", "--plain", "--no-pager")]


def _help(arguments: list[str]) -> str:
    known = arguments[:1] if arguments and arguments[0] in app else []
    return " ".join(["umn", *known, "--help"])


def main() -> None:
    """Runs one command, keeps what it writes private, and leaves when it is done or told to end."""
    arguments = sys.argv[1:]

    def tell(code: int) -> int:
        return Showing(_output(arguments)).error("Interrupted", last_sentence(code), (), code)

    arguments = _as_told(arguments)
    gc.set_threshold(_FEW_SWEEPS)
    keep_private()
    if sys.stdout is None or sys.stderr is None:  # closed by whoever started us
        nowhere = open(os.devnull, "w")  # noqa: SIM115
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    speak_as_the_terminal()
    end_when_told(tell)
    try:
        leave(run(arguments))
    except Stopped as stopped:
        end(tell, stopped.code)


if __name__ == "__main__":
    main()
