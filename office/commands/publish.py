"""`umn publish`: the register as a static site, and what publishing it would change."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cyclopts import App

from office.commands import Form, Switch
from office.settings import Settings

publish = App(name="publish")


@publish.default
def publish_register(
    folder: Path | None = None,
    /,
    *,
    diff: Switch = False,
    output: Form = "table",
) -> None:
    """Publishes the register as a static site in Dutch, French, English and German; whole or not at all.

    Args:
        folder: a folder of its own; UMN_PUBLISH_TO when left out. A web server serves FOLDER/current.
        diff: tells what publishing would change, and writes nothing.
        output: table for people, json for programs.
    """
    from office.publishing import published
    from office.publishing_showing import PublishingShowing

    PublishingShowing(output).published(published(Settings.read(), folder, datetime.now(UTC), not diff))
