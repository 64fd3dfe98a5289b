"""`umn form`: hands out the forms of applicants, and checks filled ones."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from office.commands import Form, Into
from office.showing import Showing

form = App(name="form", group_commands="Commands")


@form.command(name="new")
def form_new(
    handed: Literal["cup", "mnp", "annex-x"],
    /,
    *,
    lang: Literal["en", "nl", "fr", "de"] = "en",
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
    file: Path, /, *, lang: Literal["en", "nl", "fr", "de"] | None = None, output: Form = "table"
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
