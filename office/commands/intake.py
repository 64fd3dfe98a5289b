"""`umn submit` and `umn import-register`: what comes in."""

from __future__ import annotations

from pathlib import Path

from office.commands import Form, Switch, by_whom, today
from office.settings import Settings


async def submit(
    package: Path,
    /,
    *,
    kind: str | None = None,
    procedure: str | None = None,
    output: Form = "table",
) -> None:
    """Takes an e-submission in. The same package twice is the same dossier.

    Args:
        package: a folder, a zip, or the delivery file (XML) with its archive beside it.
        kind: chooses what is filed, where the forms of the package disagree.
        procedure: chooses the procedure, where the forms of the package disagree.
        output: table for people, json for programs.
    """
    by = by_whom("submit")
    from office.desk.showing import DeskShowing
    from office.intake.taking_in import submit as take_in
    from office.letters.at_desk import addressed, at_desk

    settings = Settings.read()
    receipt, findings = await take_in(settings, package, by, today(), kind, procedure)
    letters = addressed(settings, receipt)
    DeskShowing(output).receipt(receipt, findings, [*at_desk(settings, receipt)], letters, today())


async def import_register(
    page: Path,
    /,
    *,
    procedure: str = "",
    compare: Switch = False,
    known: Path | None = None,
    output: Form = "table",
) -> None:
    """Takes the programmes over from an authority's public page, saved as text or HTML; once.

    Args:
        page: the page as text or HTML.
        procedure: whose page it is; may be left out where only one procedure has a page.
        compare: takes nothing over, and tells how the page differs from our register.
        known: a CSV with trade names and active substances that are not known yet.
        output: table for people, json for programs.
    """
    if compare:
        from office.intake.page_comparison import compare_page
        from office.publication.showing import PublishingShowing

        comparison = compare_page(Settings.read(), page, known, today(), procedure)
        return PublishingShowing(output).compared(comparison)
    from office.intake.authority_page import import_page
    from office.intake.showing import IntakeShowing

    showing = IntakeShowing(output)
    with showing.progress("programmes") as tell:
        numbers = await import_page(Settings.read(), page, known, today(), tell, procedure)
    showing.imported(numbers)
