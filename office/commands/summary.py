"""`umn summary`: what a programme says for publication, by language."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from models.errors import InputRefused
from office.commands import Form, Number, by_whom, today
from office.settings import Settings

summary = App(name="summary")


@summary.default
def summary_for_publication(
    number: Number,
    file: Path | None = None,
    /,
    *,
    lang: Literal["nl", "fr", "en", "de"] | None = None,
    indication: str = "",
    output: Form = "table",
) -> None:
    """Shows the summaries for publication of a programme, or adds one; a newer one follows the older.

    Args:
        number: number of the dossier or programme, as `umn list` shows it.
        file: the summary as text (UTF-8) or Word document; a blank line begins a paragraph.
        lang: its language; without it the summaries are shown.
        indication: the indication in that language.
        output: table for people, json for programs.
    """
    from office.publication.showing import PublishingShowing
    from register.case import case
    from register.summaries import of

    settings = Settings.read()
    if lang is None:
        if file or indication:
            raise InputRefused("summary.no-language", possible=(f"summary {number} FILE --lang nl",))
        found = case(settings.register_url, number, today()).state.number
        return PublishingShowing(output).summaries(found, of(settings.register_url, found))
    by = by_whom("summary")
    from office.publication.summaries import attach

    kept = attach(settings, number, lang, file, indication, by)
    return PublishingShowing(output).summaries(number, kept)
