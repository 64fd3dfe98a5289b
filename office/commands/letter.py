"""`umn letter`: looks at a letter that went or would go, or writes a draft; nothing is sent or entered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from office.commands import Form, Into, Number, Whole, today
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
    role: str | None = None,
    entry: Whole | None = None,
    document: str | None = None,
    fact: Facts = None,
    out: Into | None = None,
    output: Form = "table",
) -> None:
    """Shows a letter as it was or would be written; nothing is sent and nothing entered.

    Args:
        number: number of the dossier or programme, as `umn list` shows it.
        kind: the letter, such as decision; a wrong one is answered with all of them.
        lang: the language of the letter.
        role: to whom, of several that were made, or of one that was not, such as desk.
        entry: of which entry, of several that were made.
        document: which of several, by the name of its document.
        fact: a fact of a new letter, as name=value; may be repeated, and comes before what the register says.
        out: a file to write it to: .pdf, .html, .docx or .png (its first page).
        output: table for people, json for programs.
    """
    _foreseen(number, kind, lang, fact, out, output, role=role, entry=entry, document=document)


@letter.command(name="draft")
def letter_draft(
    number: Number,
    kind: str,
    /,
    *,
    lang: Literal["nl", "fr", "en", "de"],
    out: Into,
    role: str | None = None,
    entry: Whole | None = None,
    document: str | None = None,
    fact: Facts = None,
    output: Form = "table",
) -> None:
    """Writes a letter as a document that an officer can amend; nothing is sent and nothing entered.

    Args:
        number: number of the dossier or programme, as `umn list` shows it.
        kind: the letter, such as decision; a wrong one is answered with all of them.
        lang: the language of the letter.
        out: the file to write, with the ending .docx.
        role: to whom, of several that were made, or of one that was not, such as desk.
        entry: of which entry, of several that were made.
        document: which of several, by the name of its document.
        fact: a fact of a new letter, as name=value; may be repeated, and comes before what the register says.
        output: table for people, json for programs.
    """
    from models.errors import InputRefused

    if out.suffix.lower() != ".docx":
        raise InputRefused("letter.no-docx", file=out)
    _foreseen(number, kind, lang, fact, out, output, role=role, entry=entry, document=document)


def _foreseen(
    number: str, kind: str, lang: str, fact: list[str] | None, out: Any, output: Form, **which: Any
) -> None:
    from office.letters.preview import foreseen, lines

    told = foreseen(Settings.read(), number, kind, lang, fact or [], out, today(), **which)
    Showing(output).told(told, lines(told))
