"""`umn summary`: what a programme says for publication, by language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from models.errors import InputRefused
from office.commands import Form, Number, today
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
    by: Annotated[str, Parameter(env_var="UMN_BY")] = "",
    output: Form = "table",
) -> None:
    """Shows the summaries for publication of a programme, or adds one; a newer one follows the older.

    Args:
        number: number of the dossier or programme, such as CUP-2026-014.
        file: the summary as text (UTF-8) or Word document; a blank line begins a paragraph.
        lang: its language; without it the summaries are shown.
        indication: the indication in that language.
        by: who adds it.
        output: table for people, json for programs.
    """
    from office.publishing_showing import PublishingShowing
    from register.summaries import of
    from register.views import case

    settings = Settings.read()
    if lang is None:
        if file or indication:
            raise InputRefused(
                "The language of a summary must be said.", (f"summary {number} FILE --lang nl",)
            )
        found = case(settings.register_url, number, today()).state.number
        return PublishingShowing(output).summaries(found, of(settings.register_url, found))
    if not by:
        raise InputRefused("Who adds a summary must be said.", ("--by NAME", "export UMN_BY=NAME"))
    from office.summaries import attach

    kept = attach(settings, number, lang, file, indication, by)
    return PublishingShowing(output).summaries(number, kept)
