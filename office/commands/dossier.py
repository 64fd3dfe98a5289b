"""`umn dossier`: writes the file of a case out, as others get it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from office.commands import Form, Into, Number
from office.settings import Settings
from office.showing import Showing

dossier = App(name="dossier", group_commands="Commands")


@dossier.command(name="export")
def dossier_export(
    number: Number,
    /,
    *,
    into: Into | None = None,
    lang: Literal["en", "nl", "fr", "de"] = "en",
    output: Form = "table",
) -> int:
    """Writes one archive of all that the register holds of a case, with an index and its own verifier.

    Args:
        number: number of the dossier or programme, as `umn list` shows it; a programme comes with what was
            filed under it.
        into: the archive to write, which must not be there yet; otherwise NUMBER.zip.
        lang: the language of the index.
        output: table for people, json for programs.
    """
    from models.parties import Language
    from office.desk.exporting import export, lines, told

    file = into or Path(f"{number.replace('/', '_')}.zip")
    exported = export(Settings.read(), number, file, Language(lang))
    Showing(output).told(told(exported), lines(exported))
    return 5 if exported.wrong else 0
