"""`umn publish`: public registers as static sites, and what publishing them would change."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cyclopts import App

from office.commands import Form, Switch, by_whom
from office.settings import Settings

publish = App(name="publish")


@publish.default
def publish_register(
    folder: Path | None = None,
    /,
    *,
    register: str = "",
    diff: Switch = False,
    gaps: Switch = False,
    output: Form = "table",
) -> None:
    """Publishes registers as sites in Dutch, French, English and German; whole or not at all.

    Args:
        folder: a folder of its own; UMN_PUBLISH_TO when left out. FOLDER/REGISTER/current is served.
        register: only the one of this name.
        diff: tells what publishing would change, and writes nothing.
        gaps: names each programme that lacks a language, also those that lacked it before.
        output: table for people, json for programs.
    """
    from office.publication.schedule import published
    from office.publication.showing import PublishingShowing

    if not diff:
        by_whom("publish")
    told = published(Settings.read(), folder, datetime.now(UTC), not diff, register)
    PublishingShowing(output).published(told, gaps)
