"""`umn form`: hands out the forms of applicants, and checks filled ones."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from office.commands import Form, Into
from office.intake.showing import IntakeShowing

form = App(name="form", group_commands="Commands")


@form.command(name="new")
def form_new(
    handed: str,
    /,
    *,
    lang: Literal["en", "nl", "fr", "de"] = "en",
    out: Into | None = None,
    output: Form = "table",
) -> None:
    """Writes an empty form as a spreadsheet, with questions, help and lists of choices.

    Args:
        handed: the form; one that is not known names those that are.
        lang: the language of its questions.
        out: the file to write; in this folder, called after the form, when left out.
        output: table for people, json for programs.
    """
    from models.parties import Language
    from office.intake.forms import hand_out

    IntakeShowing(output).form(hand_out(handed, Language(lang), out))


@form.command(name="check")
def form_check(
    file: Path, /, *, lang: Literal["en", "nl", "fr", "de"] | None = None, output: Form = "table"
) -> int:
    """Checks a filled form, JSON or spreadsheet, and tells everything that is wrong with it at once.

    Args:
        file: the filled form.
        lang: the language in which fields are named; the applicant's when left out.
        output: table for people, json for programs.
    """
    from models.parties import Language
    from office.intake.filled_forms import check

    return IntakeShowing(output).form_checked(file, *check(file, Language(lang) if lang else None))


@form.command(name="elements")
def form_elements(
    procedure: str,
    /,
    *,
    out: Into | None = None,
    output: Form = "table",
) -> None:
    """Writes an empty file of the elements that a decision states, to fill in and give to `decide`.

    It asks for each in every language in which the decision must be published; `umn translate` takes the same
    file where one is filled in later.

    Args:
        procedure: the code of the procedure.
        out: the file to write; elements.toml in this folder when left out.
        output: table for people, json for programs.
    """
    from office.desk.elements import hand_out

    IntakeShowing(output).form(hand_out(procedure, out or Path("elements.toml")), "form.elements-written")
