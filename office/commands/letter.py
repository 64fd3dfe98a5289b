"""`umn letter`: looks at a letter, or writes a draft of it, without sending or entering anything."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from office.commands import Form, Into, Number, today
from office.settings import Settings
from office.showing import Showing

letter = App(name="letter", group_commands="Commands")

Facts = Annotated[list[str] | None, Parameter(name="--fact", negative=())]


@letter.command(name="preview")
def letter_preview(
    number: Number,
    kind: str,
    /,
    *,
    lang: Literal["nl", "fr", "en", "de"],
    fact: Facts = None,
    out: Into | None = None,
    output: Form = "table",
) -> None:
    """Shows a letter as it would be written; nothing is sent and nothing entered.

    Args:
        number: number of the dossier or programme, such as CUP-2026-014.
        kind: the letter, such as decision; a wrong one is answered with all of them.
        lang: the language of the letter.
        fact: a fact of the letter, as name=value; may be repeated, and comes before what the register says.
        out: a file to write it to: .pdf, .html, .docx or .png (its first page).
        output: table for people, json for programs.
    """
    _foreseen(number, kind, lang, fact, out, output)


@letter.command(name="draft")
def letter_draft(
    number: Number,
    kind: str,
    /,
    *,
    lang: Literal["nl", "fr", "en", "de"],
    out: Into,
    fact: Facts = None,
    output: Form = "table",
) -> None:
    """Writes a letter as a document that an officer can amend; nothing is sent and nothing entered.

    Args:
        number: number of the dossier or programme, such as CUP-2026-014.
        kind: the letter, such as decision; a wrong one is answered with all of them.
        lang: the language of the letter.
        out: the file to write, with the ending .docx.
        fact: a fact of the letter, as name=value; may be repeated, and comes before what the register says.
        output: table for people, json for programs.
    """
    from models.errors import InputRefused

    if out.suffix.lower() != ".docx":
        raise InputRefused(f"{out} does not end in .docx; a draft is a Word document.")
    _foreseen(number, kind, lang, fact, out, output)


def _foreseen(number: str, kind: str, lang: str, fact: list[str] | None, out: Any, output: Form) -> None:
    from office.letters import foreseen, lines

    told = foreseen(Settings.read(), number, kind, lang, fact or [], out, today())
    Showing(output).told(told, lines(told))
